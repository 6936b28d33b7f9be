//! Answers that make sense, the same for the same request, in pieces that make the whole.

use std::ops::ControlFlow;
use std::thread;

use workers_ai_inference::{Engine, Error, Finish, GenerateRequest, Generated, Message, Task};

use crate::weights::engine;

const MODEL: &str = "@cf/meta/llama-3.2-3b-instruct";

fn question(text: &str) -> GenerateRequest {
    let mut request = GenerateRequest::chat([Message::new("user", text)]);
    request.temperature = 0.0;
    request.max_tokens = 40;
    request
}

fn ask(engine: &Engine, request: &GenerateRequest) -> Result<Generated, Error> {
    engine.generate(MODEL, request, |_| ControlFlow::Continue(()))
}

#[test]
fn the_capital_of_france_is_paris() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let reply = ask(engine, &question("What is the capital of France?")).unwrap();
    assert!(reply.text.contains("Paris"), "{:?}", reply.text);
    assert_eq!(reply.finish, Finish::Stop);
    assert!(reply.prompt_tokens > 10 && (2..40).contains(&reply.completion_tokens), "{reply:?}");
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut greedy = question("Name three colours.");
    greedy.max_tokens = 16;
    let mut seeded = greedy.clone();
    (seeded.temperature, seeded.seed, seeded.top_p) = (0.9, Some(42), Some(0.95));
    let mut otherwise = seeded.clone();
    otherwise.seed = Some(43);
    for request in [&greedy, &seeded] {
        assert_eq!(ask(engine, request).unwrap().text, ask(engine, request).unwrap().text);
    }
    assert_ne!(ask(engine, &seeded).unwrap().text, ask(engine, &otherwise).unwrap().text);
}

#[test]
fn requests_at_the_same_time_do_not_mix() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let questions = ["What is the capital of France?", "What is two plus two?", "Name a fruit."];
    let short = |text: &str| {
        let mut request = question(text);
        request.max_tokens = 12;
        ask(engine, &request).unwrap().text
    };
    let alone: Vec<String> = questions.iter().map(|text| short(text)).collect();
    let together: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = questions.iter().map(|text| scope.spawn(|| short(text))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn pieces_make_the_whole() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut request = question("Repeat after me: Żółć 🎉 naïve");
    request.max_tokens = 24;
    let mut pieces = Vec::new();
    let reply = engine
        .generate(MODEL, &request, |piece| {
            pieces.push(piece.to_owned());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(pieces.len() > 1, "{pieces:?}");
    assert_eq!(pieces.concat(), reply.text);
}

#[test]
fn a_listener_can_break_off() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut heard = 0;
    let reply = engine
        .generate(MODEL, &question("Count to one hundred."), |_| {
            heard += 1;
            if heard == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!((heard, reply.finish), (3, Finish::Cancelled));
    assert!(reply.completion_tokens < 10);
}

#[test]
fn limits_and_stop_texts_end_an_answer() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut request = question("Count from one to one hundred.");
    request.max_tokens = 5;
    let reply = ask(engine, &request).unwrap();
    assert_eq!((reply.finish, reply.completion_tokens), (Finish::Length, 5));

    let mut request = question("What is the capital of France?");
    request.stop = vec!["Paris".to_owned()];
    let reply = ask(engine, &request).unwrap();
    assert_eq!(reply.finish, Finish::Stop);
    assert!(!reply.text.contains("Paris") && !reply.text.is_empty(), "{:?}", reply.text);
}

#[test]
fn a_raw_text_is_continued() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut request = GenerateRequest::raw("The days of the week are Monday, Tuesday, Wednesday,");
    (request.temperature, request.max_tokens) = (0.0, 4);
    let reply = ask(engine, &request).unwrap();
    assert!(reply.text.starts_with(" Thursday"), "{:?}", reply.text);
}

#[test]
fn what_does_not_fit_is_refused() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let error = ask(engine, &question(&"word ".repeat(200_000))).unwrap_err();
    assert!(error.is_too_long(), "{error}");
    let error = ask(engine, &GenerateRequest::raw("")).unwrap_err();
    assert!(error.is_bad_input(), "{error}");
}

#[test]
fn an_answer_follows_its_schema() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    let mut request =
        question("France is a country in Europe. Its capital is Paris. It has 68 million people. Describe it.");
    request.max_tokens = 120;
    request.schema = Some(serde_json::json!({
        "type": "object",
        "properties": {
            "country": { "type": "string", "maxLength": 40 },
            "capital": { "$ref": "#/$defs/city" },
            "millions": { "type": "integer", "minimum": 1, "maximum": 2000 },
            "in_europe": { "type": "boolean" },
            "size": { "enum": ["small", "large"] },
            "rivers": { "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 3 },
        },
        "required": ["country"],
        "$defs": { "city": { "type": "object", "properties": { "name": { "type": "string" } } } },
    }));
    let mut pieces = String::new();
    let reply = engine
        .generate(MODEL, &request, |piece| {
            pieces.push_str(piece);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(pieces, reply.text);
    println!("{}", reply.text);
    let document: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
    assert!(document["country"].as_str().unwrap().contains("France"), "{document}");
    assert!(document["capital"]["name"].as_str().unwrap().contains("Paris"), "{document}");
    assert!((1..=2000).contains(&document["millions"].as_i64().unwrap()), "{document}");
    assert!(document["in_europe"].is_boolean() && ["small", "large"].contains(&document["size"].as_str().unwrap()));
    assert!((2..=3).contains(&document["rivers"].as_array().unwrap().len()), "{document}");
    assert_eq!(ask(engine, &request).unwrap().text, reply.text);
}

#[test]
fn a_document_is_whole_however_few_tokens_are_left() {
    let Some(engine) = engine(MODEL, Task::Generation) else { return };
    for schema in [
        serde_json::json!({ "type": "object" }),
        serde_json::json!({ "properties": { "a": { "type": "string" }, "b": { "items": { "type": "number" }, "minItems": 1 } } }),
    ] {
        for tokens in [1, 7, 60] {
            let mut request = question("List some animals with their legs.");
            (request.max_tokens, request.schema) = (tokens, Some(schema.clone()));
            let reply = ask(engine, &request).unwrap();
            let document: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
            assert!(document.is_object(), "{}", reply.text);
        }
    }
}
