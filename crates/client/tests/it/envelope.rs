//! Replies in one piece: every shape of envelope, and bytes.

use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use workers_ai_client::{Answer, CacheStatus, Call, Client, Error, Info, Media, Model};

use crate::support::{Chat, ChatReply, Draw, Memory, client};

async fn chat(body: &str) -> Result<ChatReply, Error> {
    Call::<Chat>::new(client(200, "application/json", body), "hello").await
}

#[tokio::test]
async fn a_reply_is_found_in_and_out_of_envelopes() {
    for body in [
        r#"{"result":{"response":"hi"},"success":true,"errors":[],"messages":[]}"#,
        r#"{"result":{"response":"hi","usage":{"neurons":1}},"success":true}"#,
        r#"{"errors":[],"result":{"response":"hi"}}"#,
        r#"{"result":{"response":"hi"}}"#,
        r#"{"state":"Completed","result":{"response":"hi"},"provider":"p","model":"m"}"#,
        r#"{"response":"hi"}"#,
        r#"{"response":"hi","error":null,"errors":[]}"#,
        " {\"result\" : {\"response\":\"hi\"} , \"success\" : true }\n",
    ] {
        assert_eq!(chat(body).await.unwrap_or_else(|error| unreachable!("{body}: {error}")).response, "hi");
    }
}

#[tokio::test]
async fn the_result_can_be_anything() {
    for (body, expected) in [
        (r#"{"result":[{"label":"A","score":1}],"success":true}"#, json!([{"label":"A","score":1}])),
        (r#"{"result":{},"success":true}"#, json!({})),
        (r#"{"result":null,"success":true}"#, Value::Null),
        (r#"[1]"#, json!([1])),
        (r#"[1,true,[],{},"x","y"]"#, json!([1, true, [], {}, "x", "y"])),
        (r#"{"result":1,"messages":[]}"#, json!(1)),
        (r#"{"result":1,"messages":["hi"]}"#, json!({"result": 1, "messages": ["hi"]})),
        // Any other part of an envelope makes it one.
        (r#"{"result":1,"messages":["hi"],"success":true}"#, json!(1)),
        (r#"{"result":1,"messages":["hi"],"errors":[]}"#, json!(1)),
        (r#"{"result":1,"messages":["hi"],"state":"Completed"}"#, json!(1)),
    ] {
        let reply = client(200, "application/json", body).run("@cf/a/b", json!({})).await.unwrap();
        assert_eq!(reply, expected, "{body}");
    }
}

#[tokio::test]
async fn failures_in_a_200_are_failures() {
    for body in [
        r#"{"result":{},"success":false,"errors":[{"message":"AiError: no","code":5006}]}"#,
        r#"{"errors":[{"message":"no"}]}"#,
        r#"{"state":"Failed","error":"no"}"#,
        r#"{"error":{"code":"x","message":"AiError: no"}}"#,
        r#"{"error":"no"}"#,
        r#"{"success":false,"error":"no"}"#,
    ] {
        let error = chat(body).await.unwrap_err();
        assert_eq!((error.message(), error.status()), ("no", Some(200)), "{body}: {error:?}");
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
}

#[tokio::test]
async fn a_reply_of_another_shape_names_the_place() {
    let body = r#"{"result":{"response":{"deep":1}},"success":true}"#;
    let error = chat(body).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable(), "{error:?}");
    assert!(
        error.to_string().starts_with("@cf/test/chat: the reply is not as expected: response: invalid type: map"),
        "{error}"
    );
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert_eq!(error.request_id(), Some("request-1"));
    for (content_type, body) in [("image/png", "\u{89}PNG"), ("text/html", "<html>"), ("application/json", "")] {
        let error = Call::<Chat>::new(client(200, content_type, body), "hello").await.unwrap_err();
        assert!(error.is_decode(), "{error:?}");
    }
}

#[tokio::test]
async fn a_response_has_what_came_around_it() {
    let body = r#"{"result":{"response":"hi"},"success":true}"#;
    let response = Call::<Chat>::new(client(200, "application/json", body), "hello").send().await.unwrap();
    assert_eq!(response.value.response, "hi");
    assert_eq!(
        (response.status.as_u16(), response.neurons(), response.request_id()),
        (200, Some(1.25), Some("request-1"))
    );
    assert_eq!(response.body, body);
}

async fn draw(client: Client) -> Result<Media, Error> {
    Call::<Draw>::new(client, "sea").await
}

#[tokio::test]
async fn files_come_raw_or_inside_json() {
    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF";
    // The bytes know better than the header.
    let drawn = draw(client(200, "image/png", JPEG)).await.unwrap();
    assert_eq!((drawn.as_bytes(), drawn.content_type(), drawn.extension()), (JPEG, "image/jpeg", "jpg"));
    for body in [
        r#"{"result":{"image":"/9j/4AAQSkZJRg=="},"success":true}"#,
        r#"{"result":{"audio":"/9j/4AAQSkZJRg=="},"success":true}"#,
        r#"{"result":{"picture":"/9j/4AAQSkZJRg==","note":"not base64!","n":1},"success":true}"#,
        r#"{"result":{"note":"not base64!","image":"/9j/4AAQSkZJRg=="},"success":true}"#,
        r#"{"result":{"image":1,"picture":"/9j/4AAQSkZJRg=="},"success":true}"#,
        r#"{"result":"/9j/4AAQSkZJRg==","success":true}"#,
        r#"{"image":"data:image/png;base64,/9j/4AAQSkZJRg=="}"#,
    ] {
        assert_eq!(draw(client(200, "application/json", body)).await.unwrap().as_bytes(), JPEG, "{body}");
    }
    let samples = draw(client(200, "audio/l16; rate=8000", [0; 8])).await.unwrap();
    assert_eq!(samples.content_type(), "audio/l16");
}

#[tokio::test]
async fn what_is_no_file_is_said() {
    for (content_type, body) in [
        ("application/json", r#"{"result":{"text":"hello, world"},"success":true}"#),
        ("application/json", r#"{"result":{},"success":true}"#),
        ("text/html; charset=utf-8", "<html>"),
        ("image/png", ""),
    ] {
        let error = draw(client(200, content_type, body)).await.unwrap_err();
        assert!(error.is_decode() && error.to_string().contains(content_type.split(';').next().unwrap()), "{error}");
    }
    let error = draw(client(
        200,
        "application/json",
        r#"{"success":false,"errors":[{"code":3030,"message":"AiError: AiError: NSFW"}]}"#,
    ))
    .await
    .unwrap_err();
    assert_eq!((error.code(), error.message()), (Some(3030), "NSFW"));
}

#[tokio::test]
async fn what_was_damaged_on_the_way_is_not_taken_out_of_its_envelope() {
    let body = b"{\"result\":{\"response\":\"h\xffi\"},\"success\":true}";
    let error = Call::<Chat>::new(client(200, "application/json", body), "hello").await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    // Who knows what else is, if it is not in the reply.
    let body = b"{\"result\":{\"response\":\"hi\"},\"success\":true,\"messages\":[\"\xff\"]}";
    let error = Call::<Chat>::new(client(200, "application/json", body), "hello").await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    let whole = "{\"result\":{\"response\":\"h\u{e9}\"},\"success\":true}";
    assert_eq!(Call::<Chat>::new(client(200, "application/json", whole), "hello").await.unwrap().response, "h\u{e9}");
}

#[tokio::test]
async fn a_missing_content_type_is_no_obstacle() {
    let memory = Memory::default().json(r#"{"result":{"response":"hi"}}"#).with_header("content-type", "");
    assert_eq!(Call::<Chat>::new(memory.client(), "hello").await.unwrap().response, "hi");
    let memory = Memory::default().json(b"\x89PNG\r\n\x1a\n").with_header("content-type", "");
    assert_eq!(draw(memory.client()).await.unwrap().content_type(), "image/png");
}

#[test]
fn what_has_no_name_is_json_where_it_begins_and_ends_as_that() {
    let unnamed = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))]);
    for (body, is_json) in [
        ("{\"a\":1}", true),
        (" {\"a\":1}\n", true),
        ("{\"a\":1", false),
        ("sound}", false),
        ("[1]", false),
        ("", false),
    ] {
        assert_eq!(Answer::new(StatusCode::OK, unnamed.clone(), body).is_json(), is_json, "{body}");
    }
}

#[tokio::test]
async fn the_gateway_says_whether_it_remembered() {
    for (said, expected) in [("HIT", CacheStatus::Hit), ("miss", CacheStatus::Miss), ("BYPASS", CacheStatus::Other)] {
        let memory = Memory::default().json(r#"{"response":"hi"}"#).with_header("cf-aig-cache-status", said);
        let reply = Call::<Chat>::new(memory.client(), "hello").send().await.unwrap();
        assert_eq!(reply.cache_status(), Some(expected), "{said}");
    }
}

#[tokio::test]
async fn a_reply_in_an_encoding_that_nobody_asked_for_is_refused() {
    for (encoding, refused) in [("gzip", true), ("br, gzip", true), ("identity", false), (" IDENTITY ", false)] {
        let answering = |status| {
            Memory::default()
                .reply(status, "application/json", r#"{"response":"hi"}"#)
                .with_header("content-encoding", encoding)
        };
        let plain = Call::<Chat>::new(answering(200).client(), "hello").await;
        assert_eq!(plain.as_ref().is_err_and(Error::is_decode), refused, "{encoding}: {plain:?}");
        let stream = Call::<Chat>::new(answering(200).client(), "hello").stream().await;
        assert_eq!(stream.as_ref().is_err_and(Error::is_decode), refused, "{encoding}: {stream:?}");
        // A failure is that failure, in whatever it is wrapped.
        let failure = Call::<Chat>::new(answering(500).client(), "hello").await.unwrap_err();
        assert_eq!((failure.status(), failure.body().is_none_or(<[u8]>::is_empty)), (Some(500), refused), "{encoding}");
    }
}

#[tokio::test]
async fn a_reply_can_be_a_list() {
    struct Listed;
    impl Model for Listed {
        const INFO: &'static Info = &Info::new("@cf/test/listed", "Test", "2026-01");
        type Request = Value;
        type Reply = Vec<u8>;
    }
    for body in ["[1, 2]", r#"{"result": [1, 2], "success": true}"#] {
        let reply = Call::<Listed>::new(client(200, "application/json", body), json!({})).await.unwrap();
        assert_eq!(reply, [1, 2], "{body}");
    }
    let error = Call::<Listed>::new(client(200, "application/json", "[300]"), json!({})).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("[0]: invalid value"), "{error}");
}
