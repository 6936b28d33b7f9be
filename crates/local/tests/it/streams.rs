//! Server-sent events in the three dialects.

use serde_json::{Value, json};

use crate::api::Api;

fn text_of(events: &[Value], pointer: &str) -> String {
    events.iter().filter_map(|event| event.pointer(pointer)?.as_str()).collect()
}

#[tokio::test]
async fn a_classic_stream_is_padded_and_ends_with_its_usage() {
    let api = Api::start().await;
    let body = json!({"messages": [{"role": "user", "content": "hello"}]});
    let whole = api.run("@cf/meta/llama-3.1-8b-instruct-fp8", body.clone()).await;
    let mut streaming = body;
    streaming["stream"] = json!(true);
    let events = api.events("/run/@cf/meta/llama-3.1-8b-instruct-fp8", streaming).await;
    let [tokens @ .., calls, last, done] = events.as_slice() else { unreachable!("only {} events", events.len()) };
    assert!(tokens.len() > 5);
    assert!(tokens.iter().all(|event| event["p"].is_string() && event["response"].is_string()));
    assert_eq!(calls["tool_calls"], json!([]));
    assert_eq!(last["response"], "");
    assert_eq!(last["usage"], whole["usage"]);
    assert_eq!(done, "[DONE]");
    assert_eq!(text_of(&events, "/response"), whole["response"].as_str().unwrap());
}

#[tokio::test]
async fn an_openai_stream_counts_as_it_goes_and_ends_with_a_native_trailer() {
    let api = Api::start().await;
    let body = json!({"messages": [{"role": "user", "content": "hello"}], "stream": true});
    let events = api.events("/run/@cf/google/gemma-4-26b-a4b-it", body).await;
    let [first, tokens @ .., finish, empty, trailer, done] = events.as_slice() else {
        unreachable!("only {} events", events.len())
    };
    assert_eq!(first["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(first["usage"]["completion_tokens"], 0);
    assert!(
        tokens
            .iter()
            .all(|event| event["object"] == "chat.completion.chunk" && event["usage"]["completion_tokens"] == 1)
    );
    assert!(tokens.iter().all(|event| event["p"].is_string() && event["usage"]["neurons"].is_number()));
    assert_eq!(finish["choices"][0]["finish_reason"], "stop");
    assert_eq!(empty["choices"], json!([]));
    assert_eq!(trailer["response"], "");
    assert_eq!(trailer["usage"]["prompt_tokens"], first["usage"]["prompt_tokens"]);
    assert_eq!(done, "[DONE]");
    assert!(text_of(&events, "/choices/0/delta/content").contains("hello"));
    assert!(!text_of(&events, "/choices/0/delta/reasoning_content").is_empty());
}

#[tokio::test]
async fn tool_calls_arrive_in_fragments() {
    let api = Api::start().await;
    let tool = json!({"type": "function", "function": {"name": "weather", "description": "", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}});
    let body = json!({"messages": [{"role": "user", "content": "What is the weather in Lisbon?"}], "tools": [tool], "stream": true});
    let events = api.events("/run/@cf/zai-org/glm-4.7-flash", body).await;
    let call = "/choices/0/delta/tool_calls/0/function";
    assert_eq!(text_of(&events, &format!("{call}/name")), "weather");
    let arguments: Value = serde_json::from_str(&text_of(&events, &format!("{call}/arguments"))).unwrap();
    assert_eq!(arguments, json!({"city": "Lisbon"}));
    assert!(events.iter().any(|event| event.pointer("/choices/0/finish_reason") == Some(&json!("tool_calls"))));
}

#[tokio::test]
async fn moondream_repeats_what_it_has_said() {
    let api = Api::start().await;
    let body =
        json!({"task": "query", "image": "data:image/png;base64,AAAA", "question": "What is this?", "stream": true});
    let events = api.events("/run/@cf/moondream/moondream3.1-9B-A2B", body).await;
    assert_eq!(events[0]["status"], "processing");
    let said: Vec<&str> = events.iter().filter_map(|event| event.pointer("/chunk/answer")?.as_str()).collect();
    assert!(said.len() > 2 && said.windows(2).all(|pair| pair[1].starts_with(pair[0])));
    let succeeded = events.iter().find(|event| event["status"] == "succeeded").unwrap();
    assert_eq!(succeeded["output"][0]["answer"].as_str(), said.last().copied());
    assert_eq!(events.last().unwrap(), "[DONE]");
}

#[tokio::test]
async fn a_model_that_cannot_stream_answers_plainly() {
    let api = Api::start().await;
    let result = api.run("@cf/baai/bge-small-en-v1.5", json!({"text": "hello", "stream": true})).await;
    assert_eq!(result["shape"], json!([1, 384]));
}
