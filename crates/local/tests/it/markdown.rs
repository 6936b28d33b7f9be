//! Conversion to Markdown.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::api::Api;

async fn convert(files: &[(&str, &str)], options: Option<Value>) -> Value {
    let api = Api::start().await;
    let mut form = Form::new();
    for (name, content) in files {
        form = form.part("files", Part::bytes(content.as_bytes().to_vec()).file_name((*name).to_owned()));
    }
    if let Some(options) = options {
        form = form.text("conversionOptions", options.to_string());
    }
    let response = api.post("/tomarkdown").multipart(form).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json::<Value>().await.unwrap()["result"].clone()
}

#[tokio::test]
async fn html_and_csv_become_markdown() {
    let page = "<html><head><title>T</title><script>x()</script></head><body><h1>Tides</h1><p>See <a href=\"/moon\">the moon</a>.</p></body></html>";
    let found = convert(&[("page.html", page), ("table.csv", "port,depth\n\"A|B\",3\nC,\n")], None).await;
    assert_eq!(found[0]["data"], "# Tides\n\nSee [the moon](/moon).");
    assert_eq!(found[0]["format"], "markdown");
    assert_eq!(found[0]["mimeType"], "text/html");
    assert!(found[0]["tokens"].as_u64().unwrap() > 0);
    assert_eq!(found[1]["data"], "| port | depth |\n| --- | --- |\n| A\\|B | 3 |\n| C |  |\n");
}

#[tokio::test]
async fn what_cannot_be_converted_fails_by_itself() {
    let found = convert(&[("a.png", "PNG"), ("b.xyz", "?"), ("c.csv", "a\n1\n")], None).await;
    let formats: Vec<_> = found.as_array().unwrap().iter().map(|one| one["format"].as_str().unwrap()).collect();
    assert_eq!(formats, ["error", "error", "markdown"]);
    assert!(found[0]["error"].as_str().unwrap().contains("image/png needs a model"));
    assert!(found[0].get("data").is_none());
}

#[tokio::test]
async fn options_are_obeyed_or_refused() {
    let page = ("page.html", "<a href=\"/moon\">moon</a>");
    let found = convert(&[page], Some(json!({"html": {"hostname": "example.com"}}))).await;
    assert_eq!(found[0]["data"], "[moon](https://example.com/moon)");
    let found = convert(&[page], Some(json!({"html": {"cssSelector": "main"}}))).await;
    assert_eq!(found[0]["format"], "error");
    let found = convert(&[("a.csv", "a,b\n")], Some(json!({"output": {"format": "text"}}))).await;
    assert_eq!((&found[0]["format"], &found[0]["data"]), (&json!("text"), &json!("a,b\n")));
}

#[tokio::test]
async fn a_call_without_files_is_refused() {
    let api = Api::start().await;
    let response = api.post("/tomarkdown").multipart(Form::new().text("x", "y")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}
