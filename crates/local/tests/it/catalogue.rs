//! What the catalogue can be asked, and the public feed.

use reqwest::StatusCode;
use serde_json::Value;
use workers_ai_local::{Catalog, LocalServer, feed};

use crate::api::{Api, header};

async fn list(api: &Api, path: &str) -> Vec<Value> {
    let body: Value = api.get(path).send().await.unwrap().json().await.unwrap();
    assert_eq!(body["success"], true);
    body["result"].as_array().unwrap().clone()
}

fn names(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_search_ignores_the_size_of_a_page_and_ends() {
    let api = Api::start().await;
    let all = list(&api, "/models/search?per_page=5").await;
    assert_eq!(all.len(), Catalog::embedded().unwrap().live().count());
    assert!(list(&api, "/models/search?page=2").await.is_empty());
}

#[tokio::test]
async fn the_search_filters() {
    let api = Api::start().await;
    let found = list(&api, "/models/search?author=baai&task=Text%20Embeddings&search=small").await;
    assert_eq!(names(&found), ["@cf/baai/bge-small-en-v1.5"]);
    let item = &found[0];
    assert_eq!(item["task"]["name"], "Text Embeddings");
    assert_eq!(item["source"], 1);
    let property = |name: &str| {
        item["properties"].as_array().unwrap().iter().find(|property| property["property_id"] == name).unwrap()["value"]
            .clone()
    };
    assert_eq!(property("async_queue"), "true");
    assert_eq!(property("output_dimensions"), "384");
    assert_eq!(property("price")[0]["unit"], "per M input tokens");
    assert!(item.get("schema").is_none());
}

#[tokio::test]
async fn retired_models_are_listed_only_when_asked_for() {
    let api = Api::start().await;
    let gone = "@cf/meta/llama-3.1-8b-instruct";
    assert!(!names(&list(&api, "/models/search").await).contains(&gone));
    assert!(names(&list(&api, "/models/search?include_deprecated=true").await).contains(&gone));
}

#[tokio::test]
async fn a_schema_is_given_as_published() {
    let api = Api::start().await;
    let body: Value = api.get("/models/schema?model=@cf/baai/bge-m3").send().await.unwrap().json().await.unwrap();
    let catalog = Catalog::embedded().unwrap();
    let published = catalog.get("@cf/baai/bge-m3").unwrap().facts().schema.as_ref().unwrap();
    assert_eq!(body["result"]["input"], published.input);
    assert_eq!(body["result"]["output"], published.output);
}

#[tokio::test]
async fn authors_tasks_finetunes_and_formats_are_lists() {
    let api = Api::start().await;
    assert!(list(&api, "/authors/search").await.iter().any(|author| author["name"] == "meta"));
    assert!(list(&api, "/tasks/search").await.iter().any(|task| task["name"] == "Text Generation"));
    assert!(list(&api, "/finetunes").await.is_empty());
    assert!(list(&api, "/finetunes/").await.is_empty());
    assert!(!list(&api, "/finetunes/public").await.is_empty());
    assert!(list(&api, "/tomarkdown/supported").await.iter().any(|format| format["extension"] == ".pdf"));
}

#[tokio::test]
async fn the_feed_needs_no_account_and_has_an_entity_tag() {
    let api = Api::start().await;
    let url = format!("http://{}/api/models", api.server.address());
    let response = api.client.get(&url).send().await.unwrap();
    let tag = header(&response, "etag").unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, feed(&Catalog::embedded().unwrap()));
    let again = || api.client.get(&url).header("if-none-match", &tag).send();
    assert_eq!(again().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    api.server.set_catalog(Catalog::from_files([]).unwrap());
    let other: Value = again().await.unwrap().json().await.unwrap();
    assert_eq!(other, serde_json::json!({"models": []}));
}

#[tokio::test]
async fn a_catalogue_of_ones_own_is_served() {
    let model = r#"{"id": "@cf/me/echo", "task": "Echo", "rust": {"module": "echo", "type": "Echo"},
        "lifecycle": {"first_seen": "2026-11"}, "schema": {
            "input": {"type": "object", "properties": {"say": {"type": "string"}}, "required": ["say"]},
            "output": {"type": "object", "properties": {"said": {"type": "string"}, "times": {"type": "integer", "minimum": 3}}, "required": ["said"]}}}"#;
    let catalog = Catalog::from_files([("echo/@cf/me/echo.json", model)]).unwrap();
    let api = Api::with(LocalServer::builder().catalog(catalog)).await;
    let result = api.run("@cf/me/echo", serde_json::json!({"say": "hi"})).await;
    assert!(result["said"].is_string() && result["times"].is_i64(), "{result}");
}

#[test]
fn a_file_that_is_no_model_is_named() {
    let problems = Catalog::from_files([("echo/@cf/me/echo.json", "{}")]).unwrap_err();
    assert!(problems.to_string().contains("echo/@cf/me/echo.json"), "{problems}");
}

#[tokio::test]
async fn chat_models_are_listed_for_openrouter_too() {
    let api = Api::start().await;
    let body: Value = api.get("/models/search?format=openrouter").send().await.unwrap().json().await.unwrap();
    assert!(body.get("success").is_none());
    let items = body["data"].as_array().unwrap();
    let item = items.iter().find(|item| item["id"] == "@cf/meta/llama-3.3-70b-instruct-fp8-fast").unwrap();
    assert_eq!(item["pricing"]["prompt"], "0.000000293");
    assert_eq!(item["supported_features"], serde_json::json!(["tools"]));
    assert!(item["context_length"].is_u64() && items.iter().all(|item| item["id"] != "@cf/baai/bge-m3"));
}

#[tokio::test]
async fn the_undocumented_list_has_every_live_model() {
    let api = Api::start().await;
    let items = list(&api, "/catalog/models").await;
    assert_eq!(items.len(), Catalog::embedded().unwrap().live().count());
    let item = items.iter().find(|item| item["model_id"] == "@cf/baai/bge-small-en-v1.5").unwrap();
    assert_eq!((&item["task"], &item["supports_async"]), (&"Text Embeddings".into(), &true.into()));
    assert!(item["schema"]["input"].is_object());
}

#[cfg(unix)]
#[test]
fn links_in_a_schemas_folder_lead_nowhere() {
    use std::fs;
    use std::os::unix::fs::symlink;

    let (folder, elsewhere) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/text-embeddings/@cf/baai/bge-m3.json");
    let author = folder.path().join("text-embeddings/@cf/baai");
    fs::create_dir_all(&author).unwrap();
    fs::copy(published, author.join("bge-m3.json")).unwrap();
    fs::write(elsewhere.path().join("secret.json"), "no model at all").unwrap();
    symlink(elsewhere.path().join("secret.json"), author.join("secret.json")).unwrap();
    symlink(elsewhere.path(), author.join("elsewhere")).unwrap();
    symlink(folder.path(), author.join("round")).unwrap();
    symlink("/dev/zero", author.join("endless.json")).unwrap();
    let catalog = Catalog::from_directory(folder.path()).unwrap();
    assert_eq!(catalog.models().map(|model| model.id()).collect::<Vec<_>>(), ["@cf/baai/bge-m3"]);
    // The folder itself may be one.
    let link = elsewhere.path().join("link");
    symlink(folder.path(), &link).unwrap();
    assert_eq!(Catalog::from_directory(&link).unwrap().models().count(), 1);
}
