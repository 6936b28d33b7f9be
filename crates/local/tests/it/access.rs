//! Accounts, tokens, hosts and origins.

use reqwest::StatusCode;
use serde_json::{Value, json};
use workers_ai_local::LocalServer;

use crate::api::Api;

const MODEL: &str = "/run/@cf/baai/bge-small-en-v1.5";

#[track_caller]
fn check(api: &Api, request: reqwest::RequestBuilder, status: u16, code: u32) -> impl Future<Output = ()> {
    let _ = api;
    async move {
        let response = request.json(&json!({"text": "hello"})).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["code"], code);
        assert_eq!(body["result"], Value::Null);
    }
}

#[tokio::test]
async fn any_token_is_good_but_none_is_not() {
    let api = Api::start().await;
    api.run("@cf/baai/bge-small-en-v1.5", json!({"text": "hello"})).await;
    check(&api, api.client.post(api.url(MODEL)), 400, 9106).await;
}

#[tokio::test]
async fn a_set_token_is_the_only_one() {
    let api = Api::with(LocalServer::builder().token("secret")).await;
    check(&api, api.post(MODEL), 400, 9106).await;
    check(&api, api.client.post(api.url(MODEL)).bearer_auth("a".repeat(40)), 401, 10000).await;
    let good = api.client.post(api.url(MODEL)).bearer_auth("secret").json(&json!({"text": "hello"}));
    assert_eq!(good.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_malformed_account_is_not_routed() {
    let api = Api::start().await;
    let url = format!("{}/accounts/mine/ai{MODEL}", api.server.base_url());
    let response = api.client.post(url).bearer_auth("any").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["code"], 7003);
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Could not route to /accounts/mine/ai/run/"), "{message}");
}

#[tokio::test]
async fn an_account_by_another_name_can_be_set() {
    let api = Api::with(LocalServer::builder().account("mine")).await;
    assert_eq!(api.server.account_id(), "mine");
    api.run("@cf/baai/bge-small-en-v1.5", json!({"text": "hello"})).await;
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let api = Api::start().await;
    check(&api, api.post(MODEL).header("host", "rebound.example"), 403, 10000).await;
    check(&api, api.post(MODEL).header("origin", "https://evil.example"), 403, 10000).await;
    let feed = api.server.base_url().replace("/client/v4", "/api/models");
    check(&api, api.client.get(feed).header("origin", "null"), 403, 10000).await;
    let local = api.post(MODEL).header("origin", "http://localhost:5173").json(&json!({"text": "hello"}));
    assert_eq!(local.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_server_for_other_machines_needs_a_token() {
    let error = LocalServer::builder().address(([0, 0, 0, 0], 0).into()).start().await.unwrap_err();
    assert!(error.to_string().contains("token"), "{error}");
}

#[tokio::test]
async fn a_stopped_server_no_longer_listens() {
    let api = Api::start().await;
    let address = api.server.address();
    api.server.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_dropped_server_stops_by_itself() {
    let api = Api::start().await;
    let address = api.server.address();
    drop(api);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    unreachable!("still listening on {address}");
}
