//! Calls through an AI Gateway, over the account's paths and over the gateway's own.

use serde_json::{Value, json};
use workers_ai_local::LocalServer;

use crate::api::{Api, header};

const MODEL: &str = "@cf/baai/bge-small-en-v1.5";

#[tokio::test]
async fn a_gateway_named_in_a_header_leaves_its_traces() {
    let api = Api::start().await;
    let call = || api.post(&format!("/run/{MODEL}")).json(&json!({"text": "hello"}));
    let response = call().header("cf-aig-gateway-id", "mine").header("cf-aig-skip-cache", "true").send().await.unwrap();
    assert_eq!(header(&response, "cf-aig-cache-status"), Some("MISS"));
    assert!(header(&response, "cf-aig-log-id").is_some());
    assert!(header(&call().send().await.unwrap(), "cf-aig-log-id").is_none());
}

#[tokio::test]
async fn a_gateway_named_in_the_body_does_too() {
    let api = Api::start().await;
    let options = json!({"gateway": {"id": "mine", "cacheTtl": 60}, "extraHeaders": {"x-a": "b"}});
    let body = json!({"model": MODEL, "input": {"text": "hello"}, "options": options});
    let response = api.post("/run").json(&body).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(header(&response, "cf-aig-cache-status"), Some("MISS"));
}

#[tokio::test]
async fn the_gateways_own_host_has_other_paths() {
    let api = Api::start().await;
    let url = format!("http://{}/v1/{}/mine/workers-ai", api.server.address(), api.server.account_id());
    let ask = |path: &str, body: Value| api.client.post(format!("{url}/{path}")).bearer_auth("any").json(&body).send();
    for path in [MODEL.to_owned(), format!("run/{MODEL}")] {
        let response = ask(&path, json!({"text": "hello"})).await.unwrap();
        assert!(header(&response, "cf-aig-log-id").is_some());
        assert_eq!(response.json::<Value>().await.unwrap()["result"]["shape"], json!([1, 384]));
    }
    let response = ask("v1/embeddings", json!({"model": MODEL, "input": "hello"})).await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap()["object"], "list");
    let nobody = api.client.post(format!("{url}/{MODEL}")).json(&json!({"text": "hello"})).send().await.unwrap();
    assert_eq!(nobody.status().as_u16(), 400);
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_refused_once_some_are() {
    let api = Api::with(LocalServer::builder().gateway("mine")).await;
    for (id, status) in [("mine", 200), ("default", 200), ("yours", 400)] {
        let call = api.post(&format!("/run/{MODEL}")).header("cf-aig-gateway-id", id).json(&json!({"text": "hello"}));
        let response = call.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{id}");
        let body: Value = response.json().await.unwrap();
        assert!(status == 200 || body["errors"][0]["code"] == 2001, "{body}");
    }
}
