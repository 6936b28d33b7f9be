//! Answers of Cloudflare itself, for which another local server stands.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header::LOCATION};
use axum::routing::any;
use serde_json::{Value, json};
use workers_ai_local::{Cloudflare, LocalServer, Plan, Source};

use crate::api::{Api, header};

const ACCOUNT: &str = "aaaabbbbccccddddeeeeffff00001111";
const TOKEN: &str = "cfut_0123456789abcdefghijklmnop";
const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";

fn passing(cloudflare: Cloudflare) -> workers_ai_local::Builder {
    LocalServer::builder().cloudflare(cloudflare).answers(Plan::all(Source::Cloudflare))
}

/// A server before another, which takes one token alone.
async fn before_another() -> (Api, Api) {
    let other = Api::with(LocalServer::builder().token(TOKEN)).await;
    let cloudflare = Cloudflare::at(&other.server.base_url()).unwrap();
    (Api::with(passing(cloudflare)).await, other)
}

async fn call(api: &Api, path: &str, token: &str, body: Value) -> reqwest::Response {
    let url = format!("{}/accounts/{ACCOUNT}/ai{path}", api.server.base_url());
    api.client.post(url).bearer_auth(token).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn calls_are_passed_on_with_the_callers_account_and_token() {
    let (api, other) = before_another().await;
    for path in [format!("/run/{LLAMA}"), "/v1/chat/completions".to_owned()] {
        let body = json!({"model": LLAMA, "prompt": "hi", "messages": [{"role": "user", "content": "hi"}]});
        let response = call(&api, &path, TOKEN, body.clone()).await;
        assert_eq!(header(&response, "x-workers-ai-fidelity"), Some("exact"));
        let passed = response.bytes().await.unwrap();
        let direct = call(&other, &path, TOKEN, body).await.bytes().await.unwrap();
        assert_eq!(passed, direct);
    }
    let arrived = other.server.requests().remove(0);
    assert_eq!(arrived.path, format!("/client/v4/accounts/{ACCOUNT}/ai/run/{LLAMA}"));
    let known = api.server.requests().remove(0);
    assert_eq!(known.fidelity.as_deref(), Some("exact"));
    assert!(known.neurons.unwrap() > 0.0);
    assert!(!format!("{known:?}").contains(TOKEN));
}

#[tokio::test]
async fn streams_and_refusals_pass_as_they_are() {
    let (api, other) = before_another().await;
    let body = json!({"prompt": "hi", "stream": true});
    let path = format!("/run/{LLAMA}");
    let passed = call(&api, &path, TOKEN, body.clone()).await;
    assert_eq!(header(&passed, "content-type"), Some("text/event-stream"));
    assert_eq!(passed.text().await.unwrap(), call(&other, &path, TOKEN, body).await.text().await.unwrap());
    let refused = call(&api, "/run/@cf/no/such", TOKEN, json!({})).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["code"], 5007);
}

#[tokio::test]
async fn what_is_set_here_takes_the_place_of_the_callers() {
    let other = Api::with(LocalServer::builder().token(TOKEN)).await;
    let cloudflare = Cloudflare::at(&other.server.base_url()).unwrap().account(ACCOUNT).token(TOKEN);
    let api = Api::with(passing(cloudflare).token("of-this-server")).await;
    let path = format!("{}/accounts/{}/ai/run/{LLAMA}", api.server.base_url(), api.server.account_id());
    let call = api.client.post(path).bearer_auth("of-this-server").json(&json!({"prompt": "hi"}));
    assert_eq!(call.send().await.unwrap().status(), StatusCode::OK);
    assert!(other.server.requests()[0].path.contains(ACCOUNT));
}

/// What arrives at a server that answers everything alike.
async fn arriving(status: StatusCode) -> (String, tokio::sync::mpsc::UnboundedReceiver<(String, HeaderMap)>) {
    let (told, arrived) = tokio::sync::mpsc::unbounded_channel();
    let answer = move |uri: axum::http::Uri, headers: HeaderMap| {
        let told = told.clone();
        async move {
            told.send((uri.to_string(), headers)).unwrap();
            (status, [(LOCATION, "http://127.0.0.1:1/elsewhere"), (axum::http::header::SET_COOKIE, "a=b")], "{}")
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(any(answer))).await });
    (format!("http://{address}/client/v4"), arrived)
}

#[tokio::test]
async fn only_what_is_meant_for_cloudflare_goes_there() {
    let (url, mut arrived) = arriving(StatusCode::FOUND).await;
    let api = Api::with(passing(Cloudflare::at(&url).unwrap())).await;
    let path = format!("{}/accounts/{ACCOUNT}/ai/run/{LLAMA}?a=b", api.server.base_url());
    let sent = api.client.post(path).bearer_auth(TOKEN).json(&json!({}));
    let sent = [
        ("cookie", "c=d"),
        ("x-workers-ai-sandbox", "mine"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("cf-aig-cache-ttl", "60"),
    ]
    .into_iter()
    .fold(sent, |sent, (name, value)| sent.header(name, value));
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = client.execute(sent.build().unwrap()).await.unwrap();
    // A redirect is an answer like any other.
    assert_eq!((response.status(), header(&response, "set-cookie")), (StatusCode::FOUND, None));
    let (uri, headers) = arrived.recv().await.unwrap();
    assert_eq!(uri, format!("/client/v4/accounts/{ACCOUNT}/ai/run/{LLAMA}?a=b"));
    assert_eq!(
        (&headers["authorization"], &headers["cf-aig-cache-ttl"]),
        (&format!("Bearer {TOKEN}").parse().unwrap(), &"60".parse().unwrap())
    );
    for name in ["cookie", "x-workers-ai-sandbox", "x-hop"] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert!(arrived.try_recv().is_err());
}

#[tokio::test]
async fn nothing_goes_to_cloudflare_that_is_not_clearly_meant_to() {
    let (url, mut arrived) = arriving(StatusCode::OK).await;
    let api = Api::with(passing(Cloudflare::at(&url).unwrap())).await;
    let at = |account: &str, path: &str| format!("{}/accounts/{account}/ai/{path}", api.server.base_url());
    let run = format!("run/{LLAMA}");
    for (url, token) in [
        // An account and tokens that this server has made up, and steps that lead out of Workers AI.
        (at(api.server.account_id(), &run), TOKEN),
        (at(ACCOUNT, &run), "local"),
        (at(ACCOUNT, &run), "sandbox-one"),
        (at(ACCOUNT, "run/%2e%2e/%2e%2e/tokens"), TOKEN),
        (at(ACCOUNT, "run/..%2f..%2ftokens"), TOKEN),
    ] {
        let call = api.client.post(&url).bearer_auth(token).json(&json!({"prompt": "hi"}));
        let status = call.send().await.unwrap().status();
        assert!(status.is_client_error(), "{url} {token}: {status}");
    }
    let own = Api::with(passing(Cloudflare::at(&url).unwrap()).token("of-this-server")).await;
    let response = call(&own, &format!("/{run}"), "of-this-server", json!({"prompt": "hi"})).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(response.text().await.unwrap().contains("--cloudflare-token"));
    assert!(arrived.try_recv().is_err());
}

#[tokio::test]
async fn the_playgrounds_way_takes_the_pages_own_token() {
    let other = Api::with(LocalServer::builder().token(TOKEN)).await;
    let cloudflare = Cloudflare::at(&other.server.base_url()).unwrap().token("another");
    let api = Api::with(LocalServer::builder().cloudflare(cloudflare)).await;
    let url = format!("http://{}/playground/cloudflare/accounts/{ACCOUNT}/ai/run/{LLAMA}", api.server.address());
    let body = json!({"prompt": "hi"});
    let response = api.client.post(&url).bearer_auth(TOKEN).json(&body).send().await.unwrap();
    assert_eq!((response.status(), header(&response, "x-workers-ai-fidelity")), (StatusCode::OK, Some("exact")));
    assert_eq!(other.server.requests().len(), 1);
    let without = api.client.post(&url).json(&body).send().await.unwrap();
    assert_eq!(without.status(), StatusCode::BAD_REQUEST);
    let foreign = api.client.post(&url).header("origin", "https://example.com").bearer_auth(TOKEN).json(&body);
    assert_eq!(foreign.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(other.server.requests().len(), 1);
}

#[tokio::test]
async fn the_playgrounds_way_is_closed_to_other_machines() {
    let (url, mut arrived) = arriving(StatusCode::OK).await;
    let open = LocalServer::builder().cloudflare(Cloudflare::at(&url).unwrap());
    let api = Api::with(open.address(([0, 0, 0, 0], 0).into()).token("of-this-server")).await;
    let port = api.server.address().port();
    let url = format!("http://127.0.0.1:{port}/playground/cloudflare/accounts/{ACCOUNT}/ai/run/{LLAMA}");
    let response = api.client.post(url).bearer_auth(TOKEN).json(&json!({})).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_IMPLEMENTED);
    assert!(arrived.try_recv().is_err());
}

#[tokio::test]
async fn a_cloudflare_that_cannot_be_reached_is_named() {
    let api = Api::with(passing(Cloudflare::at("http://127.0.0.1:1/client/v4").unwrap())).await;
    let response = call(&api, &format!("/run/{LLAMA}"), TOKEN, json!({"prompt": "hi"})).await;
    assert_eq!((response.status().as_u16(), header(&response, "x-workers-ai-fidelity")), (500, None));
    let text = response.text().await.unwrap();
    assert!(text.contains("http://127.0.0.1:1/client/v4 cannot be reached") && !text.contains(TOKEN), "{text}");
}
