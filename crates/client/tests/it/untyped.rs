//! Calls of models that no type stands for.

use std::time::Duration;

use serde_json::{Value, json};
use workers_ai_client::{Answer, Encoded, Media, Progress, Queued, Ticket, Untyped};

use crate::support::Memory;

const MODEL: &str = "@cf/test/tomorrow";

#[tokio::test]
async fn json_goes_in_and_comes_out() {
    let memory = Memory::default().json(r#"{"result":{"x":1},"success":true}"#);
    let call = memory.client().untyped(MODEL, json!({"a": 1})).set("b", 2).header("x-session-affinity", "s");
    let response = call.timeout(Duration::from_secs(9)).send().await.unwrap();
    assert_eq!(
        (response.value.pointer("/x").and_then(Value::as_i64), response.neurons(), response.request_id()),
        (Some(1), Some(1.25), Some("request-1"))
    );
    let sent = memory.sent().remove(0);
    assert!(sent.uri().path().ends_with("/ai/run/@cf/test/tomorrow"));
    assert_eq!(sent.headers()["x-session-affinity"], "s");
}

#[tokio::test]
async fn streams_come_as_json() {
    let memory =
        Memory::default().events("data: {\"response\":\"a\"}\n\ndata: {\"response\":\"b\"}\n\ndata: [DONE]\n\n");
    let mut chunks = memory.client().untyped(MODEL, json!({"prompt": "x"})).stream().await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"prompt":"x","stream":true}"#);
    let mut text = String::new();
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        text.push_str(chunk.get("response").and_then(Value::as_str).unwrap());
    }
    assert_eq!(text, "ab");
}

#[tokio::test]
async fn replies_become_what_is_asked_for() {
    let png = b"\x89PNG\r\n\x1a\n";
    let memory = Memory::default().reply(200, "image/jpeg", png).reply(200, "text/plain", "hm");
    let drawn = memory.client().untyped_as::<Media>(MODEL, json!({})).await.unwrap();
    assert_eq!((drawn.as_bytes(), drawn.content_type()), (png.as_slice(), "image/png"));
    let raw = memory.client().untyped_as::<Answer>(MODEL, Encoded::raw(png.as_slice(), None)).await.unwrap();
    assert_eq!((raw.body().as_ref(), raw.content_type().as_deref()), (b"hm".as_slice(), Some("text/plain")));
    // Text is text, whatever it says.
    let text = r#"{"success":false}"#;
    let memory = Memory::default().reply(200, "text/plain", text);
    assert_eq!(memory.client().untyped_as::<Answer>(MODEL, json!({})).await.unwrap().body(), text);
}

#[tokio::test]
async fn failures_name_the_model() {
    let body = r#"{"errors":[{"code":5007,"message":"No such model"}],"success":false}"#;
    let error =
        Memory::default().reply(400, "application/json", body).client().untyped(MODEL, json!({})).await.unwrap_err();
    assert_eq!((error.model(), error.is_not_found()), (Some(MODEL), true));
    let error = Memory::default().client().untyped("../user/tokens", json!({})).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error:?}");
}

#[tokio::test]
async fn the_queue_takes_them_too() {
    let queued = r#"{"result":{"status":"queued","request_id":"q","model":"@cf/test/tomorrow"},"success":true}"#;
    let done = r#"{"result":{"responses":[{"id":0,"success":true,"result":{"y":2}}]},"success":true}"#;
    let memory = Memory::default().json(queued).json(done);
    let ticket = memory.client().untyped(MODEL, json!({"a": 1})).enqueue().await.unwrap().ticket().clone();
    let kept = serde_json::to_string(&ticket).unwrap();
    let ticket: Ticket<Untyped> = serde_json::from_str(&kept).unwrap();
    let Progress::Ready(batch) = Queued::resume(&memory.client(), ticket).poll().await.unwrap() else { unreachable!() };
    assert_eq!(batch.into_results().next().unwrap().unwrap(), json!({"y": 2}));
}
