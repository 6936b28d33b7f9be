//! What goes wrong on demand.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workers_ai_local::{Fault, LocalServer};

use crate::api::{Api, header};

const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";

fn question(stream: bool) -> Value {
    json!({"prompt": "Why is the sky blue?", "stream": stream})
}

#[tokio::test]
async fn errors_come_by_code_for_some_models_and_some_times() {
    let api = Api::start().await;
    api.server.default_sandbox().fault(Fault::error(3040).times(2).model("@cf/meta/*"));
    for _ in 0..2 {
        let (status, refused) = api.ask(&format!("/run/{LLAMA}"), question(false)).await;
        assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (429, &json!(3040)));
        api.run("@cf/baai/bge-m3", json!({"text": "spared"})).await;
    }
    api.run(LLAMA, question(false)).await;
    assert_eq!(api.server.requests()[0].code, Some(3040));
}

#[tokio::test]
async fn every_known_code_can_be_asked_for() {
    let api = Api::start().await;
    let list = api.post(&format!("/run/{LLAMA}")).header("x-workers-ai-fault", "error=1").json(&question(false));
    let refused: Value = list.send().await.unwrap().json().await.unwrap();
    let message = refused["errors"][0]["message"].as_str().unwrap().to_owned();
    let listed = message.split("there are: ").nth(1).unwrap().split(" (00").next().unwrap();
    let codes = listed.split(", ").filter_map(|code| code.split(' ').next()?.parse::<u64>().ok());
    let mut count = 0;
    for code in codes {
        let asked =
            api.post(&format!("/run/{LLAMA}")).header("x-workers-ai-fault", format!("error={code}; retry_after=7"));
        let response = asked.json(&question(false)).send().await.unwrap();
        assert_eq!(header(&response, "retry-after"), Some("7"));
        assert!(response.status().is_client_error() || response.status().is_server_error(), "{code}");
        let refused: Value = response.json().await.unwrap();
        assert_eq!(refused["errors"][0]["code"], json!(code));
        assert!(!refused["errors"][0]["message"].as_str().unwrap().contains("{}"), "{refused}");
        count += 1;
    }
    assert!(count >= 36, "only {count} codes");
}

/// The text of a stream, however it ends, and whether it ended as it should.
async fn stream(api: &Api, fault: &str) -> (String, bool) {
    let asked = api.post(&format!("/run/{LLAMA}")).header("x-workers-ai-fault", fault).json(&question(true));
    let Ok(mut response) = asked.send().await else { return (String::new(), false) };
    let mut text = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => text.extend_from_slice(&chunk),
            Ok(None) => return (String::from_utf8(text).unwrap(), true),
            Err(_) => return (String::from_utf8(text).unwrap(), false),
        }
    }
}

#[tokio::test]
async fn streams_break_off_stumble_and_end_twice() {
    let api = Api::start().await;
    let (whole, complete) = stream(&api, "").await;
    assert!(complete && whole.ends_with("data: [DONE]\n\n"));
    let (cut, complete) = stream(&api, "cut_after=3").await;
    assert!(!complete && whole.starts_with(&cut) && cut.matches("data: ").count() <= 3, "{cut}");
    let (malformed, complete) = stream(&api, "malformed_at=1").await;
    let second = malformed.split("\n\n").nth(1).unwrap();
    assert!(complete && serde_json::from_str::<Value>(second.trim_start_matches("data: ")).is_err(), "{second}");
    let (twice, _) = stream(&api, "duplicate_done").await;
    assert_eq!(twice, format!("{whole}data: [DONE]\n\n"));
    assert_eq!(stream(&api, "reset").await, (String::new(), false));
}

#[tokio::test]
async fn bodies_break_off_in_the_middle() {
    let api = Api::start().await;
    let asked = api.post(&format!("/run/{LLAMA}")).header("x-workers-ai-fault", "cut_after=0").json(&question(false));
    let response = asked.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn answers_come_late_and_slowly() {
    let api = Api::start().await;
    let took = async |fault: &str| {
        let began = Instant::now();
        stream(&api, fault).await;
        began.elapsed()
    };
    assert!(took("latency_ms=120").await >= Duration::from_millis(120));
    assert!(took("first_token_ms=120; jitter_ms=10").await >= Duration::from_millis(120));
    let events = stream(&api, "").await.0.matches("data: ").count();
    let paced = took("tokens_per_second=200").await;
    assert!(paced >= Duration::from_millis(5) * u32::try_from(events - 1).unwrap(), "{paced:?} for {events} events");
}

#[tokio::test]
async fn a_share_of_calls_fails_the_same_ones_for_a_seed() {
    let struck = async |seed: u64| {
        let api = Api::with(LocalServer::builder().seed(seed).fault(Fault::error(5001).chance(0.3))).await;
        let mut failed = Vec::new();
        for call in 0..40 {
            if api.ask("/run/@cf/baai/bge-m3", json!({"text": "a"})).await.0 == 500 {
                failed.push(call);
            }
        }
        failed
    };
    let first = struck(1).await;
    assert!((4..=22).contains(&first.len()), "{first:?}");
    assert_eq!(struck(1).await, first);
    assert_ne!(struck(2).await, first);
}
