//! Tools that run: together, asked about before, their failures told to the model.

#![cfg(feature = "schemars")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

mod memory;

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use memory::{Memory, wait};
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_text_generation::{
    ChatModel, ChatRequest, Message, Text, ToolCall, Toolbox, llama_3_3_70b_instruct_fp8_fast as llama,
    prelude::*,
    schemars::{self, JsonSchema},
};

macro_rules! wire {
    ($name:literal) => {
        include_str!(concat!("wire/", $name))
    };
}

/// The weather in a city, now.
#[derive(Debug, Deserialize, JsonSchema)]
struct Weather {
    /// The city's name.
    city: String,
}

fn question() -> Vec<Message<Text>> {
    vec![Message::user("Where is it warmer, in Lisbon or in Porto?")]
}

/// Runs the loop over canned replies; gives what the model was told in the last request.
fn told(tools: &Toolbox, memory: &Memory) -> Vec<Value> {
    let client = memory.client();
    let done = wait(tools.run(question(), |messages, tools| {
        let request = llama::MessagesRequest::new(messages).tools(tools);
        client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
    }))
    .unwrap();
    assert_eq!(done.reply.text(), "The sky is blue.");
    assert_eq!(done.rounds, 1);
    assert_eq!(done.messages.last().unwrap().text(), "The sky is blue.");
    let sent = memory.sent();
    let messages = sent.last().unwrap()["messages"].as_array().unwrap().clone();
    assert_eq!(messages[1]["role"], "assistant");
    messages.into_iter().filter(|message| message["role"] == "tool").collect()
}

fn two_calls() -> Memory {
    Memory::default().json(wire!("classic_tools.json")).json(wire!("classic.json"))
}

#[test]
fn calls_are_typed_and_their_answers_go_back_under_their_ids() {
    let tools = Toolbox::new()
        .with(|weather: Weather| async move { Ok::<_, String>(json!({"city": weather.city, "degrees": 21})) });
    assert_eq!(tools.tools()[0].name(), Some("weather"));
    let memory = two_calls();
    let client = memory.client();
    let done = wait(tools.run(question(), |messages, tools| {
        let request = llama::MessagesRequest::new(messages).tools(tools);
        client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
    }))
    .unwrap();
    assert_eq!(done.messages.len(), 5);
    let sent = memory.sent();
    assert_eq!(sent[0]["tools"][0]["function"]["parameters"]["properties"]["city"]["type"], "string");
    let messages = &sent[1]["messages"];
    for (index, city) in [(2, "Lisbon"), (3, "Porto")] {
        assert_eq!(messages[index]["role"], "tool");
        assert_eq!(messages[index]["content"], json!({"city": city, "degrees": 21}).to_string());
        assert_eq!(messages[index]["tool_call_id"], messages[1]["tool_calls"][index - 2]["id"]);
    }
}

#[test]
fn several_calls_run_at_the_same_time() {
    let running = Arc::new(AtomicUsize::new(0));
    let tools = Toolbox::new().with(move |_: Weather| {
        let running = Arc::clone(&running);
        let mut arrived = false;
        // Each waits until both have begun.
        poll_fn(move |_| {
            if !arrived {
                arrived = true;
                running.fetch_add(1, Ordering::SeqCst);
            }
            if running.load(Ordering::SeqCst) == 2 { Poll::Ready(Ok::<_, String>("warm")) } else { Poll::Pending }
        })
    });
    let told = told(&tools, &two_calls());
    assert!(told.iter().all(|message| message["content"] == "warm"));
}

#[test]
fn what_goes_wrong_is_told_to_the_model() {
    let tools = Toolbox::new().with(|weather: Weather| async move {
        if weather.city == "Porto" { Err("no station in Porto") } else { Ok("21 °C") }
    });
    let answers = told(&tools, &two_calls());
    assert_eq!(
        (&answers[0]["content"], &answers[1]["content"]),
        (&json!("21 °C"), &json!("Error: no station in Porto"))
    );

    let answers = told(&Toolbox::new(), &two_calls());
    assert_eq!(answers[0]["content"], "Error: there is no tool `weather`; there are: ");

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename = "weather")]
    struct Elsewhere {
        country: String,
    }
    let tools = Toolbox::new().with(|place: Elsewhere| async move { Ok::<_, String>(place.country) });
    let answers = told(&tools, &two_calls());
    assert_eq!(answers[0]["content"], "Error: the arguments are not as described: missing field `country`");
}

#[test]
fn a_hook_is_asked_before_each_call() {
    let tools = Toolbox::new().with(|weather: Weather| async move { Ok::<_, String>(weather.city) }).before(
        |call: ToolCall| async move {
            if call.arguments_text().contains("Porto") { Err("the user said no".to_owned()) } else { Ok(()) }
        },
    );
    let answers = told(&tools, &two_calls());
    assert_eq!((&answers[0]["content"], &answers[1]["content"]), (&json!("Lisbon"), &json!("Error: the user said no")));
}

#[test]
fn a_model_that_never_stops_asking_is_stopped() {
    let memory = (0..3).fold(Memory::default(), |memory, _| memory.json(wire!("classic_tools.json")));
    let tools = Toolbox::new().with(|weather: Weather| async move { Ok::<_, String>(weather.city) }).rounds(2);
    let client = memory.client();
    let broken = wait(tools.run(question(), |messages, tools| {
        let request = llama::MessagesRequest::new(messages).tools(tools);
        client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
    }))
    .unwrap_err();
    assert!(broken.has_too_many_rounds());
    assert_eq!(memory.sent().len(), 3);
    assert_eq!(broken.messages().len(), 1 + 3 + 3 + 1);
}

#[test]
fn a_failed_call_keeps_the_conversation() {
    let memory = Memory::default().json(wire!("classic_tools.json"));
    let tools = Toolbox::new().with(|weather: Weather| async move { Ok::<_, String>(weather.city) });
    let client = memory.client();
    let broken = wait(tools.run(question(), |messages, tools| {
        let request = llama::MessagesRequest::new(messages).tools(tools);
        client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
    }))
    .unwrap_err();
    assert!(broken.error().is_some());
    assert_eq!(broken.into_messages().len(), 4);
}

#[test]
fn a_conversation_moves_between_dialects_with_its_tools() {
    let memory = Memory::default()
        .json(wire!("classic_tools.json"))
        .events(wire!("classic.sse"))
        .events(wire!("completion_parallel_tools.sse"))
        .events(wire!("completion.sse"));
    let client = memory.client();
    let tools = Toolbox::new().with(|weather: Weather| async move { Ok::<_, String>(weather.city) });
    let models = ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/openai/gpt-oss-120b"];
    let mut conversation = Vec::new();
    for model in models {
        let model: ChatModel = model.parse().unwrap();
        conversation.push(Message::user("Where is it warmer?"));
        let done = wait(tools.run(conversation, |messages, tools| {
            let call = client.text_generation().chat(&model, ChatRequest::new(messages).tools(tools));
            async move { call.stream().await?.collect_reply().await.map_err(workers_ai_client::Error::from) }
        }))
        .unwrap();
        assert_eq!(done.reply.text(), "The sky is blue.");
        conversation = done.messages;
    }
    assert_eq!(conversation.len(), 10);
    let sent = memory.sent();
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(|body| body["stream"] == true && body["tools"].is_array()));
    assert_eq!(sent[3]["messages"].as_array().unwrap().len(), 9);
}

/// What a runtime with threads demands of a task.
fn spawned<T>(task: impl Future<Output = T> + Send + 'static) -> T {
    wait(task)
}

#[test]
fn a_loop_and_a_stream_can_be_spawned() {
    let memory = two_calls().events(wire!("completion.sse")).events(wire!("classic.sse"));
    let client = memory.client();
    let tools = Toolbox::new().with(|weather: Weather| async move { Ok::<_, String>(weather.city) });
    let rounds = spawned(async move {
        let done = tools.run(question(), |messages, tools| {
            let request = llama::MessagesRequest::new(messages).tools(tools);
            client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
        });
        let rounds = done.await.unwrap().rounds;
        let model: ChatModel = "@cf/openai/gpt-oss-120b".parse().unwrap();
        let call = client.text_generation().chat(&model, "Hm?");
        let mut deltas = call.stream().await.unwrap().deltas();
        while deltas.try_next().await.unwrap().is_some() {}
        client.text_generation().chat(&model, "Hm?").stream().await.unwrap().collect_reply().await.unwrap();
        rounds
    });
    assert_eq!(rounds, 1);
}
