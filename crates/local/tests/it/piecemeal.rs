//! Answers that are told piece by piece pass through as they come, and are put together where nobody streams.

use std::pin::Pin;

use futures_util::stream;
use serde_json::{Value, json};
use workers_ai_local::{
    Answer, Answerer, Delta, Fidelity, Finish, LocalServer, Question, Refusal, Reply, Telling, Usage,
};

use crate::api::{Api, header};

/// Thinks, says two words, and fails after them where it is told to.
struct Teller;

impl Answerer for Teller {
    fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
        let fails = question.input.text("prompt") == Some("fail");
        Box::pin(async move {
            let usage = Usage { input_tokens: 7, output_tokens: 3, ..Usage::default() };
            let said =
                [Delta::Reasoning("hm".to_owned()), Delta::Text("sea".to_owned()), Delta::Text(" air".to_owned())];
            let mut deltas: Vec<Result<Delta, Refusal>> = said.into_iter().map(Ok).collect();
            deltas.push(if fails {
                Err(Refusal::new(axum_status(), 3040, "AiError: Capacity temporarily exceeded, please try again."))
            } else {
                Ok(Delta::End { finish: Finish::Length, usage })
            });
            let telling = Telling { input_tokens: 7, deltas: Box::pin(stream::iter(deltas)) };
            Ok(Reply { answer: Answer::Telling(telling), usage: Usage::default(), fidelity: Fidelity::Substitute })
        })
    }
}

fn axum_status() -> reqwest::StatusCode {
    reqwest::StatusCode::TOO_MANY_REQUESTS
}

const CLASSIC: &str = "@cf/meta/llama-3.2-1b-instruct";
const OPENAI: &str = "@cf/google/gemma-4-26b-a4b-it";

#[tokio::test]
async fn a_call_that_does_not_stream_waits_for_the_whole() {
    let api = Api::with(LocalServer::builder().answerer(Teller)).await;
    let classic = api.run(CLASSIC, json!({"prompt": "go"})).await;
    assert_eq!(classic["response"], "<think>\nhm\n</think>\n\nsea air");
    assert_eq!(classic["usage"]["total_tokens"], 10);
    let openai = api.run(OPENAI, json!({"messages": [{"role": "user", "content": "go"}]})).await;
    assert_eq!(openai["choices"][0]["message"]["content"], "sea air");
    assert_eq!(openai["choices"][0]["message"]["reasoning_content"], "hm");
    assert_eq!(openai["choices"][0]["finish_reason"], "length");
    let requests = api.server.requests();
    assert_eq!(requests[0].fidelity.as_deref(), Some("substitute"));
    assert!(requests[0].neurons.unwrap() > 0.0);
}

#[tokio::test]
async fn a_stream_has_every_piece_and_is_charged_at_its_end() {
    let api = Api::with(LocalServer::builder().answerer(Teller)).await;
    let asked = api.post(&format!("/run/{CLASSIC}")).json(&json!({"prompt": "go", "stream": true}));
    let response = asked.send().await.unwrap();
    assert_eq!(
        (header(&response, "x-workers-ai-fidelity"), header(&response, "cf-ai-neurons")),
        (Some("substitute"), None)
    );
    let events: Vec<Value> = response
        .text()
        .await
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok())
        .collect();
    let said: Vec<&str> = events.iter().filter_map(|event| event["response"].as_str()).collect();
    assert_eq!(said, ["<think>\nhm", "\n</think>\n\nsea", " air", ""]);
    let responses =
        api.events("/v1/responses", json!({"model": "@cf/openai/gpt-oss-20b", "input": "go", "stream": true})).await;
    let deltas: Vec<&str> = responses.iter().filter_map(|event| event["delta"].as_str()).collect();
    assert_eq!(deltas, ["hm", "sea", " air"]);
    assert!(api.server.requests().iter().all(|request| request.neurons.is_some_and(|neurons| neurons > 0.0)));
}

#[tokio::test]
async fn a_failure_on_the_way_is_told_inside_the_stream() {
    let api = Api::with(LocalServer::builder().answerer(Teller)).await;
    let events = api.events(&format!("/run/{CLASSIC}"), json!({"prompt": "fail", "stream": true})).await;
    let last = events.last().unwrap();
    assert_eq!((&last["errors"][0]["code"], &last["success"]), (&json!(3040), &json!(false)));
    let (status, _) = api.ask(&format!("/run/{CLASSIC}"), json!({"prompt": "fail"})).await;
    assert_eq!(status, 429);
    assert_eq!(api.server.neurons_used(), 0.0);
}
