//! Requests on their way out: what is sent, and what is refused before.

use std::{error::Error as _, time::Duration};

use http::Method;
use serde_json::{Value, json};
use workers_ai_client::{
    Call, Encoded, Error, Invalid, Media, Multipart, Request, Text,
    transport::{Body, Limits, Timeout},
};

use crate::support::{
    Chat, Draw, DrawRequest, Memory, Message, Prompt, Transcribe, TranscribeOptions, TranscribeRequest,
};

fn answering() -> Memory {
    Memory::default().json(r#"{"response":"hi"}"#)
}

#[tokio::test]
async fn a_call_goes_to_its_models_address() {
    let memory = answering();
    Call::<Chat>::new(memory.client(), "hello").header("x-session-affinity", "abc").await.unwrap();
    let sent = memory.sent().remove(0);
    assert_eq!(sent.method(), Method::POST);
    assert_eq!(
        sent.uri().to_string(),
        "https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/run/@cf/test/chat"
    );
    assert_eq!(sent.headers().get("x-session-affinity").unwrap(), "abc");
    let Body::Bytes { bytes, content_type } = sent.body() else { unreachable!("{:?}", sent.body()) };
    assert_eq!((content_type.as_ref(), bytes.as_ref()), ("application/json", br#"{"prompt":"hello"}"#.as_slice()));
}

#[tokio::test]
async fn parameters_can_be_set_by_name() {
    let memory = answering();
    Call::<Chat>::new(memory.client(), "hello")
        .set("brand_new", json!({"a": [1]}))
        .set("prompt", "other")
        .await
        .unwrap();
    assert_eq!(memory.sent_text(), r#"{"brand_new":{"a":[1]},"prompt":"other"}"#);
}

#[tokio::test]
async fn values_outside_their_range_are_never_sent() {
    let memory = answering();
    let error = Call::<Chat>::new(memory.client(), "a prompt of more than twenty characters").await.unwrap_err();
    assert!(error.is_invalid_request() && !error.is_retryable() && error.status().is_none(), "{error:?}");
    assert_eq!(error.to_string(), "@cf/test/chat: prompt: text of 39 characters is outside 1 to 20");
    assert_eq!(error.model(), Some("@cf/test/chat"));

    let messages = vec![Message { content: "fine".into() }, Message { content: "".into() }];
    let error =
        Call::<Chat>::new(memory.client(), Prompt { messages, ..Prompt::default() }).stream().await.unwrap_err();
    assert_eq!(error.to_string(), "@cf/test/chat: messages[1].content: text of 0 characters is outside 1 to 20");

    let error = Call::<Draw>::new(memory.client(), "").await.unwrap_err();
    assert_eq!(error.to_string(), "@cf/test/draw: prompt: text of 0 characters is outside 1 to 20");
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused() {
    let memory = answering();
    let error = Call::<Chat>::new(memory.client(), "hello").header("x-note", "two\nlines").await.unwrap_err();
    assert!(error.is_invalid_request() && !error.to_string().contains("lines"), "{error}");
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn raw_bytes_have_their_options_in_the_query() {
    let memory = answering();
    let options = TranscribeOptions {
        language: Some("e n".to_owned()),
        punctuate: Some(true),
        keywords: vec!["a".to_owned(), "b&c".to_owned()],
    };
    let request = TranscribeRequest { audio: Media::from(b"RIFF\0\0\0\0WAVE"), options };
    Call::<Transcribe>::new(memory.client(), request).set("language", "fr").set("tier", 2).await.unwrap();
    let sent = memory.sent().remove(0);
    assert_eq!(sent.uri().query(), Some("keywords=a&keywords=b%26c&punctuate=true&language=fr&tier=2"));
    let Body::Bytes { bytes, content_type } = sent.body() else { unreachable!("{:?}", sent.body()) };
    assert_eq!((content_type.as_ref(), bytes.as_ref()), ("audio/x-wav", b"RIFF\0\0\0\0WAVE".as_slice()));
}

#[test]
fn raw_bytes_tell_their_type() {
    assert!(format!("{:?}", Encoded::raw(&b"\x89PNG\r\n\x1a\n"[..], None)).contains("image/png"));
    assert!(format!("{:?}", Encoded::raw(&b"??"[..], None)).contains("application/octet-stream"));
}

#[tokio::test]
async fn forms_leave_out_what_is_not_set() {
    let memory = Memory::default().reply(200, "image/png", [1; 4]).reply(200, "image/png", [1; 4]);
    let call = Call::<Draw>::new(memory.client(), "sea");
    call.clone().await.unwrap();
    let width = Some(512.try_into().unwrap());
    let picture = Some(Media::from(b"\x89PNG\r\n\x1a\n"));
    let request = DrawRequest { width, picture, ..DrawRequest::from("sea") };
    Call::<Draw>::new(memory.client(), request).set("steps", 4).set("width", Value::Null).await.unwrap();
    let names: Vec<Vec<String>> = memory
        .sent()
        .iter()
        .map(|sent| {
            let Body::Form(form) = sent.body() else { unreachable!("{:?}", sent.body()) };
            form.parts().iter().map(|part| part.name().to_owned()).collect()
        })
        .collect();
    assert_eq!(names, [vec!["prompt"], vec!["prompt", "input_image_0", "steps"]]);
}

#[tokio::test]
async fn time_limits_reach_the_transport() {
    let memory = answering().events("data: [DONE]\n\n").json("{}");
    Call::<Chat>::new(memory.client(), "hello").timeout(Duration::from_secs(5)).await.unwrap();
    let _ = Call::<Chat>::new(memory.client(), "hello").timeout(Duration::from_secs(6)).stream().await.unwrap();
    memory.client().run("@cf/a/b", json!({})).await.unwrap();
    let limits: Vec<_> = memory.sent().iter().map(|sent| sent.extensions().get::<Limits>().unwrap().timeout).collect();
    let seconds = Duration::from_secs;
    assert_eq!(
        limits,
        [Some(Timeout::Whole(seconds(5))), Some(Timeout::Silence(seconds(6))), Some(Timeout::Whole(seconds(180)))]
    );
}

#[tokio::test]
async fn any_model_can_be_called_with_json() {
    let memory = Memory::default().json(r#"{"result":{"n":1},"success":true}"#);
    let reply = memory.client().run("@cf/some/new model", json!({"a": 1})).await.unwrap();
    assert_eq!(reply, json!({"n": 1}));
    let sent = memory.sent().remove(0);
    assert!(sent.uri().path().ends_with("/ai/run/@cf/some/new%20model"), "{}", sent.uri());
    let error = memory.client().run("@cf/../../tokens", json!({})).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error:?}");
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn calls_can_be_spawned() {
    let call = Call::<Chat>::new(answering().client(), "hello");
    let reply = tokio::spawn(call.into_future()).await.unwrap().unwrap();
    assert_eq!(reply.response, "hi");
}

#[test]
fn json_values_are_requests() {
    assert!(format!("{:?}", json!({"a": 1}).encode().unwrap()).contains("Json"));
}

#[test]
fn a_form_names_the_place_of_what_it_refuses() {
    #[derive(serde::Serialize)]
    struct Scene {
        title: Text<1, 5>,
    }
    let refused =
        |value: &dyn Fn(Multipart) -> Multipart| value(Encoded::multipart()).finish().unwrap_err().to_string();
    let long = || Text::<1, 5>::from("lighthouse");
    let reason = "text of 10 characters is outside 1 to 5";
    assert_eq!(refused(&|form| form.field("a", &long())), format!("a: {reason}"));
    assert_eq!(refused(&|form| form.field("a", &[Text::from("sea"), long()])), format!("a[1]: {reason}"));
    assert_eq!(refused(&|form| form.field("a", &Scene { title: long() })), format!("a.title: {reason}"));
    // The first one is told.
    assert_eq!(
        refused(&|form| form.field("a", &long()).field("b", &long()).field("c", "fine")),
        format!("a: {reason}")
    );
}

#[test]
fn a_request_that_cannot_be_written_says_what_the_matter_was() {
    let deep = (0..200).fold(json!({}), |inner, _| json!({"a": inner}));
    let invalid = Encoded::empty().with_query(&deep).unwrap_err();
    let reason = invalid.source().unwrap().to_string();
    assert!(reason.starts_with("recursion limit exceeded"), "{reason}");
    assert_eq!(Error::from(invalid).source().unwrap().to_string(), reason);
    assert!(Invalid::request("no").source().is_none());
}
