//! The playground: what is served to a browser, and to whom.

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use workers_ai_local::{Catalog, LocalServer};

use crate::api::{Api, content_type, header};

const PATHS: [(&str, &str); 4] = [
    ("/", "text/html; charset=utf-8"),
    ("/playground/app.js", "text/javascript; charset=utf-8"),
    ("/playground/app.css", "text/css; charset=utf-8"),
    ("/playground/models", "application/json"),
];

fn get(api: &Api, path: &str) -> RequestBuilder {
    api.client.get(format!("http://{}{path}", api.server.address()))
}

async fn fetch(api: &Api, path: &str) -> Response {
    let response = get(api, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response
}

async fn models(api: &Api) -> Value {
    fetch(api, "/playground/models").await.json().await.unwrap()
}

fn model<'a>(told: &'a Value, id: &str) -> &'a Value {
    told["models"].as_array().unwrap().iter().find(|model| model["id"] == id).unwrap()
}

fn form<'a>(model: &'a Value, name: &str) -> &'a Value {
    model["forms"].as_array().unwrap().iter().find(|form| form["name"] == name).unwrap()
}

#[tokio::test]
async fn every_file_has_its_type_and_is_not_sniffed() {
    let api = Api::start().await;
    for (path, kind) in PATHS {
        let response = fetch(&api, path).await;
        assert_eq!(content_type(&response), kind, "{path}");
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"), "{path}");
        assert!(!response.bytes().await.unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_page_may_load_and_run_only_what_is_its_own() {
    let api = Api::start().await;
    let response = fetch(&api, "/").await;
    let policy = header(&response, "content-security-policy").unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    let page = response.text().await.unwrap();
    for attribute in ["src=\"", "href=\""] {
        for address in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(address.starts_with("/playground/") || address.starts_with("data:"), "{address}");
        }
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let api = Api::start().await;
    for (path, _) in PATHS {
        let tag = header(&fetch(&api, path).await, "etag").unwrap().to_owned();
        let again = get(&api, path).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(header(&again, "etag"), Some(tag.as_str()), "{path}");
        assert!(again.bytes().await.unwrap().is_empty(), "{path}");
        let other = get(&api, path).header("if-none-match", "\"other\"").send().await.unwrap();
        assert_eq!(other.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_get_nothing() {
    let api = Api::start().await;
    for (path, _) in PATHS {
        for (name, value) in [("host", "rebound.example"), ("origin", "https://evil.example")] {
            let refused = get(&api, path).header(name, value).send().await.unwrap();
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path} with {name}");
        }
    }
}

#[tokio::test]
async fn a_server_with_a_token_shows_the_page_and_says_that_it_wants_one() {
    let api = Api::with(LocalServer::builder().token("a secret of some length").account("mine")).await;
    for (path, _) in PATHS {
        let text = fetch(&api, path).await.text().await.unwrap();
        assert!(!text.contains("a secret of some length"), "{path}");
    }
    let told = models(&api).await;
    assert_eq!((&told["wants_token"], &told["account"]), (&json!(true), &json!("mine")));
    assert_eq!(models(&Api::start().await).await["wants_token"], false);
}

#[tokio::test]
async fn every_model_is_described_with_its_forms() {
    let told = models(&Api::start().await).await;
    let catalog = Catalog::embedded().unwrap();
    assert_eq!(told["models"].as_array().unwrap().len(), catalog.models().count());
    for known in catalog.models() {
        let described = model(&told, known.id());
        assert_eq!(described["task"], known.facts().task, "{}", known.id());
        for (name, published) in known.forms() {
            let drawn = form(described, name);
            let fields = |schema: &Value| {
                schema["properties"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>())
            };
            assert_eq!(fields(&drawn["schema"]), fields(&published.schema), "{} {name}", known.id());
            assert_eq!(drawn["schema"]["required"], published.schema["required"], "{} {name}", known.id());
        }
        let text = described.to_string();
        assert!(!text.contains("x-rust") && !text.contains("x-into"), "{}", known.id());
    }
}

#[tokio::test]
async fn a_form_says_how_it_travels_and_which_fields_are_bytes() {
    let told = models(&Api::start().await).await;
    let whisper = form(model(&told, "@cf/openai/whisper"), "default");
    assert_eq!((&whisper["transport"], &whisper["body"]), (&json!("raw"), &json!("audio")));
    assert_eq!(whisper["schema"]["properties"]["audio"]["x-kind"], "bytes");
    let nova = form(model(&told, "@cf/deepgram/nova-3"), "default");
    assert_eq!(nova["transport"], "raw_with_query");
    let flux = form(model(&told, "@cf/black-forest-labs/flux-2-klein-4b"), "default");
    assert_eq!(flux["transport"], "multipart");
    assert_eq!(flux["schema"]["properties"]["input_image_0"]["x-kind"], "media");
    let turbo = form(model(&told, "@cf/openai/whisper-large-v3-turbo"), "default");
    assert_eq!(turbo["schema"]["properties"]["audio"]["x-kind"], "base64");
}

#[tokio::test]
async fn conversations_queues_streams_and_sessions_are_told() {
    let told = models(&Api::start().await).await;
    let llama = model(&told, "@cf/meta/llama-3.3-70b-instruct-fp8-fast");
    assert_eq!(form(llama, "messages")["schema"]["properties"]["messages"]["x-kind"], "messages");
    assert_eq!(llama["reply"]["stream"], true);
    let scout = form(model(&told, "@cf/meta/llama-4-scout-17b-16e-instruct"), "messages");
    assert_eq!(scout["schema"]["properties"]["messages"]["x-kind"], "messages_with_images");
    let batch = form(model(&told, "@cf/baai/bge-base-en-v1.5"), "batch");
    assert_eq!((&batch["transport"], &batch["items"]), (&json!("queue"), &json!(["default"])));
    assert_eq!(model(&told, "@cf/deepgram/aura-2-en")["realtime"]["content"], "text");
    assert_eq!(model(&told, "@cf/moondream/moondream3.1-9B-A2B")["reply"]["streams_by_default"], true);
}

#[tokio::test]
async fn parameters_are_explained_in_the_projects_own_words() {
    let told = models(&Api::start().await).await;
    assert_eq!(told["meanings"]["temperature"], workers_ai_codegen::meaning("temperature").unwrap());
    assert!(told["meanings"]["input_image_0"].is_string());
}

#[cfg(feature = "code")]
#[tokio::test]
async fn a_request_becomes_a_program_in_rust() {
    let api = Api::start().await;
    let rust = async |wanted: serde_json::Value| {
        let url = format!("http://{}/playground/rust", api.server.address());
        let response = api.client.post(url).json(&wanted).send().await.unwrap();
        (response.status().as_u16(), response.json::<serde_json::Value>().await.unwrap())
    };
    let chat = serde_json::json!({"messages": [{"role": "user", "content": "hi"}], "temperature": 0.5});
    let (status, written) =
        rust(serde_json::json!({"model": "@cf/meta/llama-3.2-1b-instruct", "input": chat, "stream": true})).await;
    let code = written["code"].as_str().unwrap();
    assert_eq!(status, 200);
    for expected in ["llama_3_2_1b_instruct::Request::messages", "Message::user(\"hi\")", "lit!(", ".stream()"] {
        assert!(code.contains(expected), "{expected} in {code}");
    }
    let file = serde_json::json!({"model": "@cf/openai/whisper", "input": {"audio": {"$file": "talk.wav"}}});
    assert!(rust(file).await.1["code"].as_str().unwrap().contains("std::fs::read(\"talk.wav\")?"));
    let (status, refused) =
        rust(serde_json::json!({"model": "@cf/baai/bge-m3", "input": {"text": "a"}, "stream": true})).await;
    assert_eq!(status, 422);
    assert!(refused["error"].as_str().unwrap().contains("does not stream"), "{refused}");
    assert_eq!(rust(serde_json::json!({"model": "@cf/no/such", "input": {}})).await.0, 422);
}
