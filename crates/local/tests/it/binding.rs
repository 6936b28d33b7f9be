//! The AI binding's protocol, as workerd speaks it and as Miniflare's proxy wraps it.

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use workers_ai_local::LocalServer;

use crate::api::{Api, header};

const CHAT: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
const EMBEDDING: &str = "@cf/baai/bge-small-en-v1.5";

fn root(api: &Api) -> String {
    format!("http://{}", api.server.address())
}

/// As plain workerd sends a call.
fn bare(api: &Api, path: &str, model: &str) -> RequestBuilder {
    api.client
        .post(format!("{}{path}", root(api)))
        .header("host", "workers-binding.ai")
        .header("cf-consn-sdk-version", "2.0.0")
        .header("cf-consn-model-id", model)
}

/// As Miniflare's proxy sends one.
fn wrapped(api: &Api, target: &str, model: &str) -> RequestBuilder {
    api.client
        .post(root(api))
        .header("mf-binding", "AI")
        .header("mf-url", format!("https://workers-binding.ai{target}"))
        .header("mf-header-content-type", "application/json")
        .header("mf-header-cf-consn-model-id", model)
}

fn call(inputs: Value, options: Value) -> String {
    json!({"inputs": inputs, "options": options}).to_string()
}

async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    assert_eq!(header(&response, "content-type"), Some("application/json"));
    (status, response.json().await.unwrap())
}

#[tokio::test]
async fn a_result_travels_by_itself_either_way() {
    let api = Api::start().await;
    let body = call(json!({"text": "hello"}), json!({}));
    let response = bare(&api, "/run?version=3", EMBEDDING).body(body.clone()).send().await.unwrap();
    assert!(header(&response, "cf-ai-req-id").is_some() && header(&response, "cf-ai-neurons").is_some());
    let bare: Value = response.json().await.unwrap();
    let (_, wrapped) = read(wrapped(&api, "/run?version=3", EMBEDDING).body(body)).await;
    assert_eq!(bare, wrapped);
    assert_eq!(bare, api.run(EMBEDDING, json!({"text": "hello"})).await);
}

#[tokio::test]
async fn a_prefix_before_the_model_is_let_pass() {
    let api = Api::start().await;
    let body = call(json!({"text": "hello"}), json!({}));
    let (status, _) = read(bare(&api, "/run?version=3", &format!("beta:{EMBEDDING}")).body(body)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn streams_and_images_are_no_json() {
    let api = Api::start().await;
    let prompt = call(json!({"prompt": "hello", "stream": true}), json!({}));
    let response = wrapped(&api, "/run?version=3", CHAT).body(prompt).send().await.unwrap();
    assert_eq!(header(&response, "content-type"), Some("text/event-stream"));
    let text = response.text().await.unwrap();
    assert!(text.starts_with("data: {\"") && text.ends_with("data: [DONE]\n\n"), "{text}");
    let drawn = call(json!({"prompt": "a cat"}), json!({}));
    let response = bare(&api, "/run?version=3", "@cf/leonardo/phoenix-1.0").body(drawn).send().await.unwrap();
    assert_eq!(header(&response, "content-type"), Some("image/jpeg"));
    assert!(response.bytes().await.unwrap().starts_with(&[0xff, 0xd8]));
}

#[tokio::test]
async fn an_error_is_what_the_binding_throws() {
    let api = Api::start().await;
    let body = call(json!({}), json!({}));
    let response = bare(&api, "/run?version=3", EMBEDDING).body(body.clone()).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 400);
    assert!(header(&response, "cf-ai-req-id").is_some());
    let error: Value = response.json().await.unwrap();
    assert_eq!(
        (&error["name"], &error["internalCode"], &error["httpCode"]),
        (&json!("AiError"), &json!(5006), &json!(400))
    );
    assert_eq!(error["description"].as_str().map(|text| text.starts_with("Error: ")), Some(true), "{error}");
    assert!(error["message"].as_str().unwrap().starts_with("AiError: Bad input: Error: "));
    let (_, error) = read(wrapped(&api, "/run?version=3", "@cf/no/model").body(body.clone())).await;
    assert_eq!(
        (&error["internalCode"], &error["description"]),
        (&json!(5007), &json!("No such model @cf/no/model or task"))
    );
    let nameless = api.client.post(format!("{}/run?version=3", root(&api))).body(body);
    assert_eq!(read(nameless).await.1["internalCode"], 3003);
}

#[tokio::test]
async fn a_stream_as_input_is_the_body() {
    let api = Api::start().await;
    let path = "/run?version=3&userInputs=%7B%22language%22%3A%22en%22%7D&tags=a%2Cb";
    let sound = || vec![1_u8; 8000];
    let request = |model| bare(&api, path, model).header("content-type", "audio/wav").body(sound());
    let (_, nova) = read(request("@cf/deepgram/nova-3")).await;
    assert!(nova["results"]["channels"][0]["alternatives"][0]["transcript"].is_string(), "{nova}");
    let (_, whisper) = read(request("@cf/openai/whisper-large-v3-turbo")).await;
    assert_eq!(whisper["transcription_info"]["duration"], 0.5);
    let wrong = "/run?version=3&userInputs=%7B%22punctuate%22%3A%22perhaps%22%7D";
    let request = bare(&api, wrong, "@cf/deepgram/nova-3").header("content-type", "audio/wav").body(sound());
    assert_eq!(read(request).await.1["internalCode"], 5006);
    // A form is told from other streams by its content type.
    let form = reqwest::multipart::Form::new().text("prompt", "a cat").text("width", "512").text("height", "512");
    let request = bare(&api, "/run?version=3&userInputs=%7B%7D", "@cf/black-forest-labs/flux-2-klein-4b");
    let (status, drawn) = read(request.multipart(form)).await;
    assert!(status == 200 && drawn["image"].is_string(), "{drawn}");
}

#[tokio::test]
async fn a_batch_passes_through_the_binding() {
    let api = Api::start().await;
    let ask = |inputs| read(bare(&api, "/run?version=3", EMBEDDING).body(call(inputs, json!({"queueRequest": true}))));
    let (_, queued) = ask(json!({"requests": [{"text": "one", "external_reference": "first"}]})).await;
    assert_eq!(queued["status"], "queued");
    let ticket = json!({"request_id": queued["request_id"]});
    assert_eq!(ask(ticket.clone()).await.1["status"], "running");
    assert_eq!(ask(ticket).await.1["responses"][0]["external_reference"], "first");
}

#[tokio::test]
async fn models_can_be_searched() {
    let api = Api::start().await;
    let target = "/ai-api/models/search?search=bge-m3&per_page=1";
    let bare = api.client.get(format!("{}{target}", root(&api))).header("host", "workers-binding.ai");
    let (_, found) = read(bare).await;
    assert_eq!(found["result"][0]["name"], "@cf/baai/bge-m3");
    let wrapped = api.client.get(root(&api)).header("mf-binding", "AI");
    let (_, again) = read(wrapped.header("mf-url", format!("https://workers-binding.ai{target}"))).await;
    assert_eq!(found, again);
}

#[tokio::test]
async fn files_become_markdown() {
    let api = Api::start().await;
    let file = json!({"name": "page.html", "mimeType": "text/html", "data": "PGEgaHJlZj0iL21vb24iPm1vb248L2E+"});
    let options = json!({"conversionOptions": {"html": {"hostname": "example.com"}}});
    let convert = |body: Value| read(bare(&api, "/to-everything/markdown/transformer", "").body(body.to_string()));
    let (_, found) = convert(json!({"files": [file], "options": options})).await;
    assert_eq!(found["result"][0]["data"], "[moon](https://example.com/moon)");
    let (status, refused) = convert(json!({"files": [{"name": "a", "data": "?"}]})).await;
    assert_eq!(status, 400);
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("not base64"));
    let supported = api.client.get(format!("{}/to-everything/markdown/supported", root(&api)));
    assert!(read(supported).await.1["result"].as_array().unwrap().iter().any(|one| one["extension"] == ".html"));
}

#[tokio::test]
async fn a_gateway_leaves_its_traces() {
    let api = Api::with(LocalServer::builder().gateway("mine")).await;
    let through = |id: &str| {
        let body = call(json!({"text": "hello"}), json!({"gateway": {"id": id, "skipCache": true}}));
        bare(&api, "/ai-gateway/run?version=3", EMBEDDING).body(body).send()
    };
    let response = through("mine").await.unwrap();
    assert_eq!(header(&response, "cf-aig-cache-status"), Some("MISS"));
    assert!(header(&response, "cf-aig-log-id").is_some());
    let refused: Value = through("yours").await.unwrap().json().await.unwrap();
    assert_eq!(refused["internalCode"], 2001);
}

#[tokio::test]
async fn what_the_binding_does_not_have_is_refused() {
    let api = Api::start().await;
    for target in ["/ai-gateway/gateways/mine/logs/1", "/ai-api/autorag/rags/x"] {
        let (status, refused) = read(wrapped(&api, target, "").body("{}")).await;
        assert!(status >= 400 && refused["errors"][0]["message"].is_string(), "{target}: {refused}");
    }
    let (_, refused) = read(wrapped(&api, "/client/v4/accounts/x/ai/finetunes", "").body("{}")).await;
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("is not of the AI binding"), "{refused}");
}

#[tokio::test]
async fn a_token_is_asked_for_where_one_was_set() {
    let api = Api::with(LocalServer::builder().token("secret")).await;
    let body = call(json!({"text": "hello"}), json!({}));
    let run = |request: RequestBuilder| read(request.body(body.clone()));
    let (status, refused) = run(bare(&api, "/run?version=3", EMBEDDING)).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (401, &json!(10000)));
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("authorization: Bearer TOKEN"), "{refused}");
    assert_eq!(run(wrapped(&api, "/run?version=3", EMBEDDING)).await.0, 401);
    assert_eq!(run(wrapped(&api, "/run?version=3", EMBEDDING).query(&[("token", "wrong")])).await.0, 401);
    assert_eq!(run(bare(&api, "/run?version=3", EMBEDDING).bearer_auth("secret")).await.0, 200);
    assert_eq!(run(wrapped(&api, "/run?version=3", EMBEDDING).query(&[("token", "secret")])).await.0, 200);
    let given = wrapped(&api, "/run?version=3", EMBEDDING).header("mf-header-authorization", "Bearer secret");
    assert_eq!(run(given).await.0, 200);
}

#[tokio::test]
async fn the_bindings_name_opens_nothing_to_pages() {
    let api = Api::start().await;
    let body = call(json!({"text": "hello"}), json!({}));
    let from_page = |name: &str, value: &str| {
        let request = bare(&api, "/run?version=3", EMBEDDING).header(name.to_owned(), value.to_owned());
        read(request.body(body.clone()))
    };
    assert_eq!(from_page("origin", "http://workers-binding.ai").await.0, 403);
    assert_eq!(from_page("origin", "http://workers-binding.ai:8787").await.0, 403);
    assert_eq!(from_page("sec-fetch-site", "same-origin").await.0, 403);
    let with_port = api.client.post(format!("{}/run?version=3", root(&api))).header("host", "workers-binding.ai:8787");
    assert_eq!(read(with_port.body(body.clone())).await.0, 403);
    let elsewhere = api.client.get(format!("{}/api/models", root(&api))).header("host", "workers-binding.ai");
    assert_eq!(read(elsewhere).await.0, 403);
    // The proxy's headers do not speak for the connection that brings them.
    let rebound = wrapped(&api, "/run?version=3", EMBEDDING).header("host", "rebound.example");
    assert_eq!(read(rebound.body(body)).await.0, 403);
}

async fn speak(api: &Api, wrapped: bool, model: &str, called: &Value) -> Result<Vec<u8>, Error> {
    let query = format!("/run?version=3&body={}", percent_encoded(&called.to_string()));
    let address = api.server.address();
    let mut request = if wrapped {
        let mut request = format!("ws://{address}/").into_client_request()?;
        request.headers_mut().insert("mf-binding", "AI".parse().unwrap());
        request.headers_mut().insert("mf-url", format!("https://workers-binding.ai{query}").parse().unwrap());
        request
    } else {
        format!("ws://{address}{query}").into_client_request()?
    };
    let name = if wrapped { "mf-header-cf-consn-model-id" } else { "cf-consn-model-id" };
    request.headers_mut().insert(name, model.parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    for said in [json!({"type": "Speak", "text": "hello"}), json!({"type": "Flush"})] {
        socket.send(Message::text(said.to_string())).await?;
    }
    while let Some(message) = socket.next().await {
        if let Message::Binary(sound) = message? {
            return Ok(sound.to_vec());
        }
    }
    Ok(Vec::new())
}

/// Good enough for a query of JSON.
fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_session_opens_either_way() {
    let api = Api::start().await;
    let called = json!({"inputs": {"encoding": "linear16", "sample_rate": 24000}, "options": {"websocket": true}});
    let bare = speak(&api, false, "@cf/deepgram/aura-1", &called).await.unwrap();
    assert!(!bare.is_empty());
    assert_eq!(bare, speak(&api, true, "@cf/deepgram/aura-1", &called).await.unwrap());
    let Err(Error::Http(refused)) = speak(&api, true, EMBEDDING, &called).await else { unreachable!("it opened") };
    let refused: Value = serde_json::from_slice(refused.body().as_deref().unwrap()).unwrap();
    assert_eq!(refused["internalCode"], 5006);
}
