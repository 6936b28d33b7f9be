//! What calls and clients ask for beside the request, as it is sent.

use std::time::Duration;

use http::Request;
use workers_ai_client::{
    Backoff, CacheStatus, Call, Gateway, Media,
    transport::{Body, Limits, Timeout},
};

use crate::support::{Chat, Draw, DrawRequest, Memory, Transcribe, TranscribeOptions, TranscribeRequest};

const FINE: &str = r#"{"result":{"response":"hi"},"success":true}"#;

fn headers(request: &Request<Body>, prefix: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| name.as_str().starts_with(prefix))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    found.sort();
    found
}

#[track_caller]
fn check(request: &Request<Body>, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, value)| (format!("cf-aig-{name}"), (*value).to_owned())).collect();
    assert_eq!(headers(request, "cf-aig-"), expected);
}

async fn sent(call: impl AsyncFnOnce(Memory)) -> Request<Body> {
    let memory = Memory::default().json(FINE).json(FINE);
    call(memory.clone()).await;
    memory.sent().remove(0)
}

#[tokio::test]
async fn a_gateway_is_a_set_of_headers() {
    let gateway = Gateway::new("production")
        .cache_ttl(Duration::from_secs(3600))
        .skip_cache()
        .cache_key("k")
        .metadata("team", "s\u{e9}\u{1f600}arch")
        .metadata("user", 7)
        .metadata("test", true)
        .collect_log(true)
        .collect_log_payload(false)
        .event_id("e")
        .request_timeout(Duration::from_millis(2500))
        .max_attempts(5)
        .retry_delay(Duration::from_secs(5))
        .backoff(Backoff::Exponential)
        .custom_cost(0.5, 0.25)
        .byok_alias("key")
        .zero_data_retention(true);
    let request = sent(async |memory| {
        Call::<Chat>::new(memory.client(), "hello").gateway(gateway).await.unwrap();
    })
    .await;
    check(
        &request,
        &[
            ("backoff", "exponential"),
            ("byok-alias", "key"),
            ("cache-key", "k"),
            ("cache-ttl", "3600"),
            ("collect-log", "true"),
            ("collect-log-payload", "false"),
            ("custom-cost", r#"{"per_token_in":0.5,"per_token_out":0.25}"#),
            ("event-id", "e"),
            ("gateway-id", "production"),
            ("max-attempts", "5"),
            ("metadata", r#"{"team":"s\u00e9\ud83d\ude00arch","test":true,"user":7}"#),
            ("request-timeout", "2500"),
            ("retry-delay", "5000"),
            ("skip-cache", "true"),
            ("zdr", "true"),
        ],
    );
}

#[tokio::test]
async fn what_a_gateway_would_refuse_is_not_sent() {
    for (gateway, reason) in [
        (Gateway::new(" "), "id"),
        (Gateway::new("a\nb"), "cf-aig-gateway-id"),
        (Gateway::new("a").max_attempts(0), "1 to 5 times, not 0"),
        (Gateway::new("a").max_attempts(6), "1 to 5 times, not 6"),
        (Gateway::new("a").retry_delay(Duration::from_millis(5001)), "0 to 5000 ms between attempts, not 5001 ms"),
        (Gateway::new("a").metadata("user", vec![1]), r#""user" must be a text"#),
        (Gateway::new("a").custom_cost(-1.0, 0.0), "less than nothing"),
    ] {
        let memory = Memory::default().json(FINE);
        let error = Call::<Chat>::new(memory.client(), "hello").gateway(gateway.clone()).await.unwrap_err();
        assert!(error.is_invalid_request() && error.to_string().contains(reason), "{error}");
        assert!(memory.sent().is_empty());
        let error = memory.builder().gateway(gateway).build().unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_call_wins_over_its_client() {
    let builder = |memory: &Memory| {
        memory
            .builder()
            .gateway(Gateway::new("default").skip_cache())
            .session_affinity("all")
            .tags(["a", "b"])
            .header("x-one", "1")
            .header("x-two", "2")
            .reject_if_busy()
            .timeout(Duration::from_secs(7))
    };
    let request = sent(async |memory| {
        Call::<Chat>::new(builder(&memory).build().unwrap(), "hello").await.unwrap();
    })
    .await;
    check(&request, &[("gateway-id", "default"), ("skip-cache", "true")]);
    assert_eq!(headers(&request, "x-"), own(&[("x-one", "1"), ("x-session-affinity", "all"), ("x-two", "2")]));
    assert_eq!(request.uri().query(), Some("tags=a%2Cb"));
    assert_eq!(request.extensions().get::<Limits>().unwrap().timeout, Some(Timeout::Whole(Duration::from_secs(7))));

    let request = sent(async |memory| {
        let call = Call::<Chat>::new(builder(&memory).build().unwrap(), "hello")
            .gateway(Gateway::new("other"))
            .header("cf-aig-event-id", "e")
            .session_affinity("mine")
            .tags(["c:d-e.f/g@h"])
            .header("x-two", "3");
        call.await.unwrap();
    })
    .await;
    check(&request, &[("event-id", "e"), ("gateway-id", "other")]);
    assert_eq!(headers(&request, "x-"), own(&[("x-one", "1"), ("x-session-affinity", "mine"), ("x-two", "3")]));
    assert_eq!(request.uri().query(), Some("tags=c%3Ad-e.f%2Fg%40h"));

    // Untyped calls have the client's options too.
    let request = sent(async |memory| {
        let call = builder(&memory).build().unwrap();
        call.run("@cf/test/chat", serde_json::json!({"prompt": "hello"})).await.unwrap();
    })
    .await;
    check(&request, &[("gateway-id", "default"), ("skip-cache", "true")]);
    // Calls of the account that are not of a model have not.
    let request = sent(async |memory| {
        builder(&memory).build().unwrap().account_call(http::Method::GET, "/ai/finetunes").send().await.unwrap();
    })
    .await;
    check(&request, &[]);
    assert_eq!(request.uri().query(), None);
}

fn own(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn refusing_while_busy_is_an_option_in_json_and_a_parameter_elsewhere() {
    for (call, expected) in [
        (None, r#"{"prompt":"hello","options":{"rejectIfBusy":true}}"#),
        (Some(serde_json::json!({"a": 1})), r#"{"prompt":"hello","options":{"a":1,"rejectIfBusy":true}}"#),
    ] {
        let memory = Memory::default().json(FINE);
        let mut chat = Call::<Chat>::new(memory.client(), "hello").reject_if_busy();
        if let Some(options) = call {
            chat = chat.set("options", options);
        }
        chat.await.unwrap();
        assert_eq!(memory.sent_text(), expected);
    }
    let memory = Memory::default().json(FINE);
    let error = Call::<Chat>::new(memory.client(), "hello").set("options", 1).reject_if_busy().await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("options: must be an object"), "{error}");

    let memory = Memory::default().json(FINE);
    let request = TranscribeRequest {
        audio: Media::from(b"ID3"),
        options: TranscribeOptions { punctuate: Some(true), ..TranscribeOptions::default() },
    };
    let _ = Call::<Transcribe>::new(memory.client(), request).reject_if_busy().await;
    assert_eq!(memory.sent().remove(0).uri().query(), Some("punctuate=true&rejectIfBusy=true"));

    let memory = Memory::default().reply(200, "image/png", "\u{89}PNG");
    let _ = Call::<Draw>::new(memory.client(), DrawRequest::from("sea")).reject_if_busy().await;
    assert_eq!(memory.sent().remove(0).uri().query(), Some("rejectIfBusy=true"));
}

#[tokio::test]
async fn tags_have_their_limits() {
    let long = "a".repeat(51);
    for tags in [vec!["a b"], vec![""], vec![long.as_str()], vec!["\u{e9}"], vec!["a"; 6]] {
        let memory = Memory::default().json(FINE);
        let error = Call::<Chat>::new(memory.client(), "hello").tags(tags.clone()).await.unwrap_err();
        assert!(error.is_invalid_request() && memory.sent().is_empty(), "{tags:?}: {error}");
    }
    let fifty = "a".repeat(50);
    Call::<Chat>::new(Memory::default().json(FINE).client(), "hello").tags(vec![fifty; 5]).await.unwrap();
}

#[tokio::test]
async fn a_response_says_what_came_around_the_reply() {
    let memory = Memory::default()
        .json(FINE)
        .with_header("cf-aig-log-id", "log-1")
        .with_header("cf-aig-cache-status", "HIT")
        .json(r#"{"result":{"response":"hi","usage":{"prompt_tokens":3,"neurons":0.5}},"success":true}"#)
        .with_header("cf-ai-neurons", "");
    let client = memory.client();
    let first = Call::<Chat>::new(client.clone(), "hello").send().await.unwrap();
    assert_eq!((first.neurons(), first.request_id(), first.attempts), (Some(1.25), Some("request-1"), 1));
    assert_eq!((first.gateway_log_id(), first.cache_status()), (Some("log-1"), Some(CacheStatus::Hit)));
    assert_eq!((first.status.as_u16(), &first.body[..], first.usage()), (200, FINE.as_bytes(), None));
    let second = Call::<Chat>::new(client, "hello").send().await.unwrap();
    assert_eq!((second.neurons(), second.gateway_log_id(), second.cache_status()), (Some(0.5), None, None));
    assert_eq!(second.usage().and_then(|usage| usage.prompt_tokens), Some(3));
}

#[tokio::test]
async fn calls_of_the_account_keep_what_is_not_about_models() {
    let request = sent(async |memory| {
        let client = memory.builder().gateway(Gateway::new("production")).tags(["a"]).timeout(Duration::from_secs(7));
        let client = client.header("x-note", "n").build().unwrap();
        client.account_call(http::Method::GET, "/ai/models/search").send().await.unwrap();
    })
    .await;
    check(&request, &[]);
    assert_eq!(headers(&request, "x-note"), [("x-note".to_owned(), "n".to_owned())]);
    assert_eq!(request.uri().query(), None);
    assert_eq!(request.extensions().get::<Limits>().unwrap().timeout, Some(Timeout::Whole(Duration::from_secs(7))));
    let request = sent(async |memory| {
        let client = memory.builder().timeout(Duration::from_secs(7)).build().unwrap();
        let call = client.account_call(http::Method::GET, "/ai/models/search").timeout(Duration::from_secs(3));
        call.send().await.unwrap();
    })
    .await;
    assert_eq!(request.extensions().get::<Limits>().unwrap().timeout, Some(Timeout::Whole(Duration::from_secs(3))));
}

#[tokio::test]
async fn streams_of_the_account_are_asked_for_and_timed_as_streams() {
    let memory = Memory::default().events("data: [DONE]\n\n");
    let client = memory.builder().timeout(Duration::from_secs(7)).build().unwrap();
    let call = client.account_call(http::Method::POST, "/ai/v1/chat/completions");
    let mut chunks = call.stream::<serde_json::Value>().await.unwrap();
    assert!(chunks.try_next().await.unwrap().is_none());
    let request = memory.sent().remove(0);
    assert_eq!(request.headers().get("accept").unwrap(), "text/event-stream, application/json");
    assert_eq!(request.extensions().get::<Limits>().unwrap().timeout, Some(Timeout::Silence(Duration::from_secs(7))));
}
