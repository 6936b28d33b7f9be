//! Sandboxes over HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use workers_ai_local::LocalServer;

use crate::api::Api;

async fn control(api: &Api, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let url = format!("http://{}/sandboxes{path}", api.server.address());
    let request = api.client.request(method, url);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_sandbox_is_shown_changed_and_forgotten() {
    let api = Api::start().await;
    let (status, faults) =
        control(&api, Method::POST, "/mine/faults", Some(json!({"error": "capacity", "times": 1}))).await;
    assert_eq!((status, faults), (StatusCode::CREATED, json!([{"error": 3040, "times": 1}])));
    let call = async || {
        let call =
            api.post("/run/@cf/baai/bge-m3").header("x-workers-ai-sandbox", "mine").json(&json!({"text": "sea"}));
        call.send().await.unwrap().status().as_u16()
    };
    assert_eq!([call().await, call().await], [429, 200]);
    let shown = control(&api, Method::GET, "/mine", None).await.1;
    assert_eq!((&shown["name"], &shown["requests"], &shown["faults"]), (&json!("mine"), &json!(2), &json!([])));
    assert!(shown["neurons"].as_f64().unwrap() > 0.0);
    assert_eq!(control(&api, Method::GET, "", None).await.1, json!(["mine"]));
    let requests = control(&api, Method::GET, "/mine/requests?model=@cf/baai/*", None).await.1;
    assert_eq!(requests.as_array().unwrap().len(), 2);
    assert_eq!(requests[1]["body"], json!({"text": "sea"}));
    assert_eq!(control(&api, Method::DELETE, "/mine", None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(control(&api, Method::GET, "/mine", None).await.1["requests"], 0);
}

#[tokio::test]
async fn requests_are_verified() {
    let api = Api::start().await;
    api.run("@cf/baai/bge-m3", json!({"text": "sea", "truncate_inputs": true})).await;
    let verify = async |expected: Value| control(&api, Method::POST, "/default/verify", Some(expected)).await;
    let (status, matched) = verify(json!({"model": "*bge*", "body": {"text": "sea"}, "times": 1})).await;
    assert_eq!((status, matched), (StatusCode::OK, json!({"matched": 1})));
    let (status, refused) = verify(json!({"body": {"text": "sky"}})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refused["error"], "0 of 1 requests are like that, at least one should be");
    assert_eq!(refused["requests"][0]["body"]["text"], "sea");
    assert_eq!(verify(json!({"modle": "x"})).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn clocks_and_limits_are_set() {
    let api = Api::start().await;
    let clock = async |moved: Value| control(&api, Method::POST, "/default/clock", Some(moved)).await;
    let (_, now) = clock(json!({"set": "2026-11-25T23:59:30Z", "frozen": true})).await;
    assert_eq!(now, json!({"now": "2026-11-25T23:59:30.000Z"}));
    assert_eq!(clock(json!({"advance": 60})).await.1, json!({"now": "2026-11-26T00:00:30.000Z"}));
    assert_eq!(clock(json!({"set": "soon"})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(clock(json!({"advance": -1})).await.0, StatusCode::BAD_REQUEST);
    let limits = json!({"per_minute": true, "neurons_per_day": 0.0});
    assert_eq!(control(&api, Method::PUT, "/default/limits", Some(limits.clone())).await.0, StatusCode::NO_CONTENT);
    assert_eq!(control(&api, Method::GET, "/default/limits", None).await.1, limits);
    assert_eq!(api.ask("/run/@cf/baai/bge-m3", json!({"text": "a"})).await.1["errors"][0]["code"], 4006);
}

#[tokio::test]
async fn pages_of_other_sites_may_not() {
    let api = Api::start().await;
    let url = format!("http://{}/sandboxes", api.server.address());
    let response = api.client.get(url).header("origin", "https://example.com").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_server_with_a_token_shows_its_sandboxes_to_those_who_have_it() {
    let api = Api::with(LocalServer::builder().token("secret")).await;
    let url = format!("http://{}/sandboxes", api.server.address());
    assert_eq!(api.client.get(&url).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(api.client.get(&url).bearer_auth("secret").send().await.unwrap().status(), StatusCode::OK);
}
