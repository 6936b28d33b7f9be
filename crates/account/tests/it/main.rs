//! The account API against a loopback server.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod server;

use serde_json::{Value, json};
use server::{Asked, Reply, Server};
use std::sync::{Arc, Mutex};

use workers_ai_account::{Account, ConversionOptions, Document, Fetched, ModelSearch, NewFinetune, Sent, fetch_feed};

const TOKEN: &str = "cfut_secret";

fn account(server: &Server) -> Account {
    Account::with_base_url("0123", TOKEN, format!("{}/client/v4/", server.url)).unwrap()
}

fn enveloped(result: Value) -> Reply {
    Reply::json(&json!({"result": result, "success": true, "errors": [], "messages": []}))
}

fn page(asked: &Asked) -> usize {
    asked.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("page=")).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_list_ends_where_pages_repeat_run_out_or_are_counted() {
    let models = |names: std::ops::Range<usize>| -> Value {
        names.map(|name| json!({"name": format!("@cf/a/{name}")})).collect()
    };
    let repeating = Server::start(move |_| enveloped(models(0..3)));
    assert_eq!(account(&repeating).models().await.unwrap().len(), 3);
    assert_eq!(repeating.asked().len(), 2);
    let running_out = Server::start(move |asked| {
        enveloped(models(if page(asked) < 4 { page(asked) * 3..page(asked) * 3 + 3 } else { 0..0 }))
    });
    assert_eq!(account(&running_out).models().await.unwrap().len(), 9);
    let counted =
        Server::start(move |_| Reply::json(&json!({"result": models(0..3), "result_info": {"total_count": 3}})));
    assert_eq!(account(&counted).models().await.unwrap().len(), 3);
    assert_eq!(counted.asked().len(), 1);
}

#[tokio::test]
async fn what_nobody_described_is_kept() {
    let server = Server::start(|_| {
        enveloped(
            json!([{"name": "@cf/a/b", "task": {"name": "Translation", "new": 1}, "properties": [{"property_id": "p", "value": [1]}], "tags": ["x"]}]),
        )
    });
    let models = account(&server).models().await.unwrap();
    let model = models.first().unwrap();
    assert_eq!(model.task.as_ref().and_then(|task| task.name.as_deref()), Some("Translation"));
    assert_eq!(model.extra.get("tags"), Some(&json!(["x"])));
}

#[tokio::test]
async fn a_schema_is_asked_for_by_model_and_spared_by_its_tag() {
    let server = Server::start(|asked| match asked.header("if-none-match") {
        Some("\"v1\"") => Reply::status(304),
        _ => enveloped(json!({"input": {"type": "object"}, "output": {}})).header("ETag", "\"v1\""),
    });
    let account = account(&server);
    let schema = account.schema("@cf/a/b").await.unwrap();
    assert_eq!(schema.input, Some(json!({"type": "object"})));
    let again = account.schema_unless("@cf/a/b", Some("\"v1\"")).await.unwrap();
    assert!(matches!(again, Fetched::Unchanged));
    let asked = server.asked();
    let first = asked.first().unwrap();
    assert!(first.target.starts_with("/client/v4/accounts/0123/ai/models/schema?model="), "{}", first.target);
    assert_eq!(first.header("authorization"), Some("Bearer cfut_secret"));
}

#[tokio::test]
async fn a_model_without_a_schema_is_not_found() {
    for answer in [json!({"result": null, "success": true, "errors": []}), json!({"result": null}), json!({})] {
        let server = Server::start(move |_| Reply::json(&answer));
        let account = account(&server);
        for error in [
            account.schema("@cf/a/b").await.unwrap_err(),
            account.schema_unless("@cf/a/b", Some("\"v1\"")).await.unwrap_err(),
        ] {
            assert!(error.is_not_found() && !error.is_transient(), "{error}");
            assert_eq!((error.to_string().as_str(), error.status()), ("the service has no schema of @cf/a/b", None));
        }
    }
    // What the service refuses says nothing of the model.
    let errors = json!([{"code": 10000, "message": "Authentication error"}]);
    for (errors, code, said) in [(errors, Some(10000), "Authentication error"), (json!(null), None, "no reason given")]
    {
        let server = Server::start(move |_| Reply::json(&json!({"result": null, "success": false, "errors": errors})));
        let error = account(&server).schema("@cf/a/b").await.unwrap_err();
        assert!(!error.is_not_found() && error.to_string().contains(said), "{error}");
        assert_eq!((error.status(), error.code()), (Some(200), code));
    }
}

#[tokio::test]
async fn refusals_say_what_the_service_said_and_never_the_token() {
    let server = Server::start(|_| {
        Reply::json(
            &json!({"success": false, "errors": [{"code": 10000, "message": "Authentication error"}], "result": null}),
        )
        .with_status(401)
    });
    let account = account(&server);
    let error = account.tasks().await.unwrap_err();
    assert!(error.is_unauthorised() && !error.is_transient());
    assert_eq!((error.status(), error.code()), (Some(401), Some(10000)));
    assert!(error.to_string().contains("Authentication error"));
    for text in [format!("{error} {error:?}"), format!("{account:?}")] {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[tokio::test]
async fn what_is_worth_another_try_is_known() {
    for (status, is_transient) in [(429, true), (500, true), (503, true), (408, true), (400, false), (404, false)] {
        let server = Server::start(move |_| Reply::status(status).header("Retry-After", "7"));
        let error = account(&server).authors().await.unwrap_err();
        assert_eq!(error.is_transient(), is_transient, "{status}");
        assert_eq!(error.retry_after(), Some(7));
    }
    let nobody = Account::with_base_url("0123", TOKEN, "http://127.0.0.1:1").unwrap();
    assert!(nobody.authors().await.unwrap_err().is_transient());
}

#[tokio::test]
async fn the_token_follows_no_redirect() {
    let other = Server::start(|_| enveloped(json!([])));
    let target = other.url.clone();
    let server = Server::start(move |_| Reply::status(302).header("Location", target.clone()));
    assert_eq!(account(&server).tasks().await.unwrap_err().status(), Some(302));
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn finetunes_are_registered_filled_and_listed() {
    let server = Server::start(|asked| {
        let one = json!({"id": "1", "model": "@cf/a/b", "name": "mine", "public": false});
        match asked.target.as_str() {
            target if target.ends_with("/finetune-assets") => enveloped(json!({"success": true})),
            target if target.contains("/public") => enveloped(json!([[one]])),
            _ if asked.body.is_empty() => enveloped(json!([one])),
            _ => enveloped(one),
        }
    });
    let account = account(&server);
    let new = NewFinetune { model: "@cf/a/b".to_owned(), name: "mine".to_owned(), description: None, public: None };
    let made = account.create_finetune(&new).await.unwrap();
    account.upload_finetune_asset(&made.id, "adapter_config.json", "{\"r\": 8}").await.unwrap();
    assert_eq!(account.finetunes().await.unwrap().len(), 1);
    assert_eq!(account.public_finetunes().await.unwrap().len(), 1);
    let upload =
        server.asked().into_iter().find(|asked| asked.target.ends_with("/finetunes/1/finetune-assets")).unwrap();
    assert!(upload.header("content-type").unwrap().starts_with("multipart/form-data"));
    for part in ["name=\"file\"; filename=\"adapter_config.json\"", "{\"r\": 8}", "name=\"file_name\""] {
        assert!(upload.body.contains(part), "{}", upload.body);
    }
}

#[tokio::test]
async fn an_adapter_is_read_from_disk_while_it_is_sent() {
    const MODEL: usize = 1_000_003;
    let server = Server::start(|_| enveloped(json!({"success": true})));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("adapter_config.json"), "{\"r\": 8}").unwrap();
    let missing = account(&server).upload_adapter("mine", folder.path(), |_| {}).await.unwrap_err();
    assert!(missing.to_string().contains("adapter_model.safetensors"), "{missing}");
    assert!(server.asked().is_empty());

    std::fs::write(folder.path().join("adapter_model.safetensors"), vec![b'w'; MODEL]).unwrap();
    let heard = Arc::new(Mutex::new(Vec::<Sent>::new()));
    let hears = Arc::clone(&heard);
    account(&server).upload_adapter("mine", folder.path(), move |sent| hears.lock().unwrap().push(sent)).await.unwrap();
    let heard: Vec<_> = heard.lock().unwrap().iter().map(|sent| (sent.file, sent.bytes, sent.total)).collect();
    assert_eq!(heard.first(), Some(&("adapter_config.json", 8, 8)));
    assert_eq!(heard.last(), Some(&("adapter_model.safetensors", MODEL as u64, MODEL as u64)));
    assert!(heard.len() > 3, "{heard:?}");
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| asked.target.ends_with("/accounts/0123/ai/finetunes/mine/finetune-assets")));
    let model = &asked.last().unwrap().body;
    assert!(model.contains("name=\"file\"; filename=\"adapter_model.safetensors\""));
    assert!(model.contains(&"w".repeat(MODEL)));
}

#[tokio::test]
async fn a_refused_upload_says_why() {
    let refusal = json!({"success": false, "errors": [{"code": 1000, "message": "file name not allowed"}]});
    let server = Server::start(move |_| Reply::json(&refusal).with_status(400));
    let error = account(&server).upload_finetune_asset("mine", "x.bin", "x").await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), Some(1000)));
    assert!(error.to_string().contains("file name not allowed"), "{error}");
    let elsewhere = account(&server).upload_finetune_asset("../../user", "x.bin", "x").await.unwrap_err();
    assert!(elsewhere.to_string().contains("not the id"), "{elsewhere}");
}

#[tokio::test]
async fn public_finetunes_end_where_the_offset_is_ignored() {
    let ignoring = Server::start(|_| enveloped(json!([{"id": "1", "model": "@cf/a/b", "name": "cf-public-x"}])));
    assert_eq!(account(&ignoring).public_finetunes().await.unwrap().len(), 1);
    assert_eq!(ignoring.asked().len(), 2);
    let paging = Server::start(|asked| {
        let id = asked.target.split_once("offset=").map_or("0", |(_, offset)| offset);
        enveloped(if id == "3" { json!([]) } else { json!([{"id": id, "model": "@cf/a/b", "name": "x"}]) })
    });
    assert_eq!(account(&paging).public_finetunes().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_search_says_what_it_looks_for() {
    let server = Server::start(|_| enveloped(json!([{"name": "@cf/a/b"}])));
    let search = ModelSearch::new()
        .text("llama")
        .task("Text Generation")
        .author("meta")
        .hosted_by_cloudflare()
        .hide_experimental()
        .include_deprecated();
    assert_eq!(account(&server).search_models(&search).await.unwrap().len(), 1);
    let asked = server.asked();
    for pair in
        ["search=llama", "task=Text", "author=meta", "source=1", "hide_experimental=true", "include_deprecated=true"]
    {
        assert!(asked.iter().all(|asked| asked.target.contains(pair)), "{pair}: {}", asked.first().unwrap().target);
    }
}

#[tokio::test]
async fn an_unknown_model_is_not_found_whatever_the_status() {
    let server = Server::start(|_| {
        Reply::json(&json!({"errors": [{"message": "AiError: No such model @cf/a/b or task", "code": 5007}], "success": false, "result": {}}))
            .with_status(400)
    });
    let error = account(&server).schema("@cf/a/b").await.unwrap_err();
    assert!(error.is_not_found() && !error.is_transient(), "{error}");
}

#[tokio::test]
async fn documents_come_from_disk_with_options() {
    let server = Server::start(|_| {
        enveloped(
            json!([{"name": "a.csv", "format": "markdown", "tokens": 3, "data": "|a|"}, {"name": "b", "format": "error"}]),
        )
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "a,b\n1,2\n").unwrap();
    let documents = [Document::open(folder.path().join("a.csv")).await.unwrap(), Document::new("b", "?")];
    let options = ConversionOptions::new().plain_text().css_selector("main").hostname("example.com");
    let converted = account(&server).to_markdown(documents, options).await.unwrap();
    let texts: Vec<_> = converted.iter().map(|document| document.text().is_ok()).collect();
    assert_eq!(texts, [true, false]);
    let body = server.asked().first().unwrap().body.clone();
    let options = r#"{"html":{"cssSelector":"main","hostname":"example.com"},"output":{"format":"text"}}"#;
    for part in ["filename=\"a.csv\"", "text/csv", "a,b\n1,2\n", options] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(Document::open(folder.path().join("none")).await.is_err());
}

#[tokio::test]
async fn documents_become_markdown_one_by_one() {
    let server = Server::start(|asked| match asked.target.ends_with("/supported") {
        true => enveloped(json!([{"extension": ".pdf", "mimeType": "application/pdf"}])),
        false => enveloped(json!([
            {"id": "1", "name": "a.html", "mimeType": "text/html", "format": "markdown", "tokens": "12", "data": "# A"},
            {"id": "2", "name": "b.bin", "mimeType": "x/y", "format": "error", "error": "unsupported"}
        ])),
    });
    let account = account(&server);
    let documents = [Document::new("a.html", "<h1>A</h1>").media_type("text/html"), Document::new("b.bin", vec![0_u8])];
    let converted = account.to_markdown(documents, json!({"output": {"format": "markdown"}})).await.unwrap();
    let found: Vec<_> = converted
        .iter()
        .map(|markdown| (markdown.data.as_deref(), markdown.tokens, markdown.error.as_deref()))
        .collect();
    assert_eq!(found, [(Some("# A"), Some(12), None), (None, None, Some("unsupported"))]);
    let body = server.asked().first().unwrap().body.clone();
    for part in ["name=\"files\"; filename=\"a.html\"", "<h1>A</h1>", "name=\"conversionOptions\""] {
        assert!(body.contains(part), "{body}");
    }
    assert_eq!(account.supported_conversions().await.unwrap().first().unwrap().extension, ".pdf");
}

#[tokio::test]
async fn a_feed_is_cut_off_where_it_is_too_large() {
    let server = Server::start(|asked| {
        assert_eq!(asked.header("authorization"), None);
        Reply::json(&json!({"models": "x".repeat(5000)}))
    });
    let Fetched::Changed(answer) = fetch_feed(&server.url, None, 10_000).await.unwrap() else {
        unreachable!("no tag was sent")
    };
    assert!(answer.value.len() > 5000);
    let error = fetch_feed(&server.url, None, 1000).await.unwrap_err();
    assert!(!error.is_transient());
}
