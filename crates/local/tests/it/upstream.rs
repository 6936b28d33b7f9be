//! Answers of a server with OpenAI's API.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use workers_ai_local::{Builder, LocalServer, Plan, Source, Upstream};

use crate::api::{Api, header};

const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";
const GEMMA: &str = "@cf/google/gemma-4-26b-a4b-it";
const BGE: &str = "@cf/baai/bge-small-en-v1.5";

/// A server with these paths, below `/v1`.
async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().nest("/v1", router)).await });
    format!("http://{address}/v1")
}

fn asking(upstream: Upstream) -> Builder {
    LocalServer::builder().source(Source::Upstream, upstream).answers(Plan::all(Source::Upstream))
}

async fn before(router: Router) -> Api {
    Api::with(asking(Upstream::new(&serve(router).await).unwrap().model("*", "small"))).await
}

/// A chat server that says what it was asked.
fn mirror() -> Router {
    let mirror = |Json(body): Json<Value>| async move {
        Json(json!({
            "choices": [{"message": {"role": "assistant", "content": body.to_string()}, "finish_reason": "length"}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 3},
        }))
    };
    Router::new().route("/chat/completions", post(mirror))
}

#[tokio::test]
async fn requests_arrive_in_openais_words() {
    let api = before(mirror()).await;
    let body = json!({
        "messages": [{"role": "user", "content": "hi"}], "temperature": 0.5, "top_k": 3, "repetition_penalty": 1.1,
        "tools": [{"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}],
    });
    let result = api.run(LLAMA, body).await;
    let arrived: Value = serde_json::from_str(result["response"].as_str().unwrap()).unwrap();
    assert_eq!(arrived["model"], "small");
    assert_eq!((&arrived["top_k"], &arrived["repetition_penalty"]), (&json!(3), &json!(1.1)));
    assert_eq!(arrived["tools"][0]["function"]["name"], "f");
    assert_eq!(result["usage"]["total_tokens"], 10);
    let request = api.server.requests().pop().unwrap();
    assert_eq!((request.fidelity.as_deref(), request.neurons.is_some()), (Some("upstream"), true));
    let newer = api.run(GEMMA, json!({"messages": [{"role": "user", "content": "hi"}]})).await;
    assert_eq!(newer["choices"][0]["finish_reason"], "length");
}

#[tokio::test]
async fn json_mode_of_the_older_models_is_an_object() {
    let object = |_: Json<Value>| async { Json(json!({"choices": [{"message": {"content": "{\"a\": 1}"}}]})) };
    let api = before(Router::new().route("/chat/completions", post(object))).await;
    let format = json!({"type": "json_schema", "json_schema": {"type": "object"}});
    let result = api.run(OLDER, json!({"prompt": "hi", "response_format": format.clone()})).await;
    assert_eq!(result["response"], json!({"a": 1}));
    let prose = |_: Json<Value>| async { Json(json!({"choices": [{"message": {"content": "Well, an object."}}]})) };
    let api = before(Router::new().route("/chat/completions", post(prose))).await;
    let (_, refused) = api.ask(&format!("/run/{OLDER}"), json!({"prompt": "hi", "response_format": format})).await;
    assert_eq!(refused["errors"][0]["code"], 5024);
}

const OLDER: &str = "@cf/meta/llama-3.1-8b-instruct-fp8";

/// A chat server that streams these events, and stays open where it is told to.
fn streaming(events: &'static [&'static str], stays: Option<Arc<AtomicBool>>) -> Router {
    let answer = move |Json(body): Json<Value>| {
        let stays = stays.clone();
        async move {
            assert_eq!((&body["stream"], &body["stream_options"]["include_usage"]), (&json!(true), &json!(true)));
            let said = stream::iter(events).map(|event| Ok::<_, Infallible>(Bytes::from(format!("data: {event}\n\n"))));
            match stays {
                None => Body::from_stream(said),
                Some(is_open) => {
                    let guard = Guard(is_open);
                    let open = stream::once(async move {
                        let _guard = guard;
                        std::future::pending::<()>().await;
                        Ok(Bytes::new())
                    });
                    Body::from_stream(said.chain(open))
                }
            }
        }
    };
    Router::new().route("/chat/completions", post(answer))
}

/// Tells when the connection is gone.
struct Guard(Arc<AtomicBool>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn streams_pass_as_they_come_with_thoughts_and_calls() {
    let api = before(streaming(
        &[
            r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#,
            r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#,
            r#"{"choices":[{"delta":{"content":"sea"}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":4}}"#,
            "[DONE]",
        ],
        None,
    ))
    .await;
    let body = json!({"messages": [{"role": "user", "content": "hi"}], "stream": true});
    let events = api.events(&format!("/run/{GEMMA}"), body).await;
    let told =
        |pointer: &str| -> String { events.iter().filter_map(|event| event.pointer(pointer)?.as_str()).collect() };
    assert_eq!(told("/choices/0/delta/reasoning_content"), "hm");
    assert_eq!(told("/choices/0/delta/content"), "sea");
    assert_eq!(told("/choices/0/delta/tool_calls/0/function/arguments"), "{\"a\":1}");
    assert_eq!(told("/choices/0/finish_reason"), "tool_calls");
    let trailer = events.iter().rev().nth(1).unwrap();
    assert_eq!(trailer["usage"]["total_tokens"], 9);
    assert!(api.server.neurons_used() > 0.0);
}

#[tokio::test]
async fn the_first_word_is_there_before_the_last_and_hanging_up_is_passed_on() {
    let is_open = Arc::new(AtomicBool::new(true));
    let first = &[r#"{"choices":[{"delta":{"content":"sea"}}]}"#];
    let api = before(streaming(first, Some(Arc::clone(&is_open)))).await;
    let call = api.post(&format!("/run/{LLAMA}")).json(&json!({"prompt": "hi", "stream": true}));
    let mut response = call.send().await.unwrap();
    let piece = response.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&piece).contains("sea"));
    assert!(is_open.load(Ordering::SeqCst));
    drop(response);
    let gone = async {
        while is_open.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
}

#[tokio::test]
async fn a_stream_that_breaks_off_says_so() {
    for events in [
        &[r#"{"choices":[{"delta":{"content":"sea"}}]}"#][..],
        &[r#"{"choices":[{"delta":{"content":"sea"}}]}"#, r#"{"error":{"message":"out of memory"}}"#],
    ] {
        let api = before(streaming(events, None)).await;
        let events = api.events(&format!("/run/{LLAMA}"), json!({"prompt": "hi", "stream": true})).await;
        let last = events.last().unwrap();
        assert_eq!(last["errors"][0]["code"], 5001, "{last}");
        assert!(last["errors"][0]["message"].as_str().unwrap().contains("broke off"), "{last}");
    }
}

async fn check(status: u16, body: &'static str, expected: (u16, u32), words: &str) {
    let answer =
        move |_: Bytes| async move { (StatusCode::from_u16(status).unwrap(), body).into_response() as Response };
    let api = before(Router::new().route("/chat/completions", post(answer))).await;
    let (status, refused) = api.ask(&format!("/run/{LLAMA}"), json!({"prompt": "hi"})).await;
    let error = &refused["errors"][0];
    assert_eq!((status.as_u16(), &error["code"]), (expected.0, &json!(expected.1)), "{refused}");
    assert!(error["message"].as_str().unwrap().contains(words), "{refused}");
}

#[tokio::test]
async fn refusals_become_the_services_own() {
    check(429, r#"{"error": {"message": "Rate limit reached"}}"#, (429, 3021), "rate limiting").await;
    check(429, r#"{"error": {"message": "the queue is full"}}"#, (429, 3040), "Capacity").await;
    check(500, r#"{"error": "model runner has crashed"}"#, (500, 5001), "model runner has crashed").await;
    check(503, "loading", (500, 5001), "loading").await;
    check(504, "", (408, 3046), "timeout").await;
    check(404, r#"{"error": {"message": "model 'small' not found"}}"#, (500, 5001), "--upstream-model").await;
    check(401, "{}", (500, 5001), "--upstream-token").await;
    check(400, r#"{"object": "error", "message": "top_k must be -1"}"#, (400, 8007), "top_k must be -1").await;
    check(302, "", (500, 5001), "302").await;
    check(200, "<html>", (500, 5001), "no JSON").await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let api = Api::with(asking(Upstream::new(&url).unwrap())).await;
    let (status, refused) = api.ask(&format!("/run/{LLAMA}"), json!({"prompt": "hi"})).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (500, &json!(5001)));
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(&url) && message.contains("refused"), "{message}");
}

#[tokio::test]
async fn a_silent_server_is_a_timeout() {
    let silent = |_: Bytes| std::future::pending::<StatusCode>();
    let url = serve(Router::new().route("/chat/completions", post(silent))).await;
    let upstream = Upstream::new(&url).unwrap().patience(Duration::from_millis(100)).unwrap();
    let (status, refused) =
        Api::with(asking(upstream)).await.ask(&format!("/run/{LLAMA}"), json!({"prompt": "hi"})).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (408, &json!(3046)));
}

/// Another local server, asked by OpenAI's API.
async fn before_another() -> (Api, Api) {
    let other = Api::start().await;
    let url = format!("{}/accounts/{}/ai/v1", other.server.base_url(), other.server.account_id());
    let upstream = Upstream::new(&url).unwrap().token("the-upstream-token");
    (Api::with(asking(upstream)).await, other)
}

#[tokio::test]
async fn another_local_server_is_an_upstream_server() {
    let (api, other) = before_another().await;
    let vectors = api.run(BGE, json!({"text": ["one", "two"]})).await;
    assert_eq!(vectors["shape"], json!([2, 384]));
    assert_eq!(vectors["data"], other.run(BGE, json!({"text": ["one", "two"]})).await["data"]);
    let events =
        api.events("/v1/responses", json!({"model": "@cf/openai/gpt-oss-20b", "input": "hello", "stream": true}));
    let said: String = events
        .await
        .iter()
        .filter(|event| event["type"] == "response.output_text.delta")
        .filter_map(|event| event["delta"].as_str())
        .collect();
    assert!(said.contains("hello"), "{said}");
    let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}});
    let content = json!([{"type": "text", "text": "what is it?"}, image]);
    api.run(GEMMA, json!({"messages": [{"role": "user", "content": content}]})).await;
    let requests = other.server.requests();
    assert_eq!(requests.last().unwrap().body["messages"][0]["content"], content);
    assert!(!format!("{requests:?}{:?}", api.server.requests()).contains("the-upstream-token"));
}

#[tokio::test]
async fn recordings_are_transcribed() {
    let heard = |headers: HeaderMap, body: Bytes| async move {
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(headers["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
        assert!(text.contains("name=\"model\"\r\n\r\nsmall") && text.contains("RIFF"), "{text}");
        Json(json!({"text": " the sea ", "duration": 2.0}))
    };
    let api = before(Router::new().route("/audio/transcriptions", post(heard))).await;
    let call = api.post("/run/@cf/openai/whisper").header("content-type", "audio/wav").body("RIFF");
    let found: Value = call.send().await.unwrap().json().await.unwrap();
    assert_eq!(found["result"], json!({"text": "the sea", "word_count": 2}));
}

#[tokio::test]
async fn what_the_api_has_no_path_for_is_refused() {
    let api = before(Router::new()).await;
    let (status, refused) = api.ask("/run/@cf/black-forest-labs/flux-1-schnell", json!({"prompt": "a boat"})).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("text-to-image") && message.contains("--answer"), "{message}");
    let unnamed = Api::with(asking(Upstream::new("http://127.0.0.1:1/v1").unwrap().model("@cf/x/*", "x"))).await;
    let (_, refused) = unnamed.ask(&format!("/run/{LLAMA}"), json!({"prompt": "hi"})).await;
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("--upstream-model"), "{refused}");
}

#[tokio::test]
async fn items_of_a_batch_come_from_there_too() {
    let (api, _other) = before_another().await;
    let call = api.post(&format!("/run/{BGE}?queueRequest=true")).json(&json!({"requests": [{"text": "one"}]}));
    let response = call.send().await.unwrap();
    assert_eq!(header(&response, "x-workers-ai-fidelity"), Some("upstream"));
}

#[tokio::test]
async fn what_it_answers_is_recorded_and_what_goes_wrong_is_not() {
    let folder = tempfile::TempDir::new().unwrap();
    let recorded = || -> Vec<String> {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    };
    let recording = |url: &str| {
        let upstream = Upstream::new(url).unwrap().token("the-upstream-token");
        Api::with(asking(upstream).record(folder.path()))
    };
    let said = recording(&serve(mirror()).await).await.run(LLAMA, json!({"prompt": "hi"})).await;
    let broken = recording("http://127.0.0.1:1/v1").await;
    assert_eq!(broken.ask(&format!("/run/{LLAMA}"), json!({"prompt": "ho"})).await.0.as_u16(), 500);
    let files = recorded();
    assert_eq!(files.len(), 1);
    assert!(files[0].contains("\"source\": \"upstream\"") && !files[0].contains("the-upstream-token"));
    let replaying = Api::with(LocalServer::builder().replay(folder.path())).await;
    assert_eq!(replaying.run(LLAMA, json!({"prompt": "hi"})).await, said);
}
