//! Fetching from the account API.

use serde_json::{Value, json};

use crate::checkout::{Checkout, Ran, model};
use crate::server::{Asked, Reply, Server};

const DATE: &str = "Tue, 17 Nov 2026 08:49:37 GMT";

fn listed(id: &str) -> Value {
    let mut model = model(id, "Translation");
    model.as_object_mut().unwrap().remove("schema");
    model
}

fn schema(id: &str) -> Value {
    model(id, "Translation")["schema"].take()
}

/// Answers both endpoints as the service does: every page is the first one.
fn service(asked: &Asked) -> Reply {
    if asked.target.contains("/ai/models/search") {
        let models: Vec<Value> = (0..20).map(|number| listed(&format!("@cf/a/m{number}"))).collect();
        return Reply::json(&json!({"result": models, "success": true, "errors": [], "messages": []}))
            .header("Date", DATE)
            .header("ETag", "\"list\"");
    }
    match asked.query("model") {
        Some(id) if id.ends_with("m7") => Reply::status(404),
        Some(id) => Reply::json(&json!({"result": schema(&id), "success": true})).header("ETag", "\"schema\""),
        None => Reply::status(400),
    }
}

#[track_caller]
fn fetch(checkout: &Checkout, server: &Server) -> Ran {
    let base = format!("{}/client/v4", server.url);
    checkout.run_with(
        &["fetch", "--from", &base, "--first-pause", "1"],
        &[("CLOUDFLARE_ACCOUNT_ID", "0123"), ("CLOUDFLARE_API_TOKEN", "secret-token")],
    )
}

#[test]
fn models_and_their_schemas_become_a_catalogue() {
    let server = Server::start(service);
    let checkout = Checkout::new();
    let out = fetch(&checkout, &server).succeeded();
    assert!(out.contains("20 live models"), "{out}");
    assert!(out.contains("@cf/a/m7: no schema is published"), "{out}");
    let file = checkout.json("schemas/translation/@cf/a/m3.json");
    assert_eq!(file["schema"]["input"]["required"], json!(["prompt"]));
    assert_eq!(file["lifecycle"]["first_seen"], "2026-11-17");
    let searches = server.asked().iter().filter(|asked| asked.target.contains("/search")).count();
    assert_eq!(searches, 2, "a service that ignores `page` must not be asked forever");
    for asked in server.asked() {
        assert!(asked.target.starts_with("/client/v4/accounts/0123/ai/models/"), "{}", asked.target);
        assert_eq!(asked.header("authorization"), Some("Bearer secret-token"));
    }
    let everything: Vec<u8> = checkout.everything().into_values().flatten().collect();
    let everything = String::from_utf8_lossy(&everything);
    assert!(!everything.contains("secret-token") && !everything.contains("0123/"));
}

#[test]
fn the_environment_alone_is_enough() {
    let server = Server::start(service);
    let checkout = Checkout::new();
    let base = format!("{}/client/v4", server.url);
    let variables =
        [("CLOUDFLARE_ACCOUNT_ID", "0123"), ("CLOUDFLARE_API_TOKEN", "t"), ("CLOUDFLARE_API_BASE_URL", base.as_str())];
    checkout.run_with(&["fetch"], &variables).succeeded();
}

#[test]
fn tags_spare_the_way() {
    let server = Server::start(|asked| match asked.header("if-none-match") {
        Some(_) => Reply::status(304),
        None => service(asked),
    });
    let checkout = Checkout::new();
    fetch(&checkout, &server).succeeded();
    let before = checkout.everything();
    let first = server.asked().len();
    fetch(&checkout, &server).succeeded();
    assert_eq!(checkout.everything(), before);
    let again: Vec<_> = server.asked().split_off(first);
    // The list and every schema but the one that does not exist.
    assert_eq!(again.iter().filter(|asked| asked.header("if-none-match").is_some()).count(), 20);
}

#[test]
fn one_schema_that_cannot_be_had_spoils_the_run() {
    let server = Server::start(|asked| match asked.query("model") {
        Some(id) if id.ends_with("m11") => Reply::status(500),
        _ => service(asked),
    });
    let checkout = Checkout::new();
    let before = checkout.everything();
    let error = fetch(&checkout, &server).failed("@cf/a/m11");
    assert!(error.contains("status 500"), "{error}");
    assert_eq!(checkout.everything(), before);
}

#[test]
fn missing_and_wrong_credentials_say_what_to_do() {
    let server = Server::start(|_| Reply::status(403));
    let checkout = Checkout::new();
    let base = format!("{}/client/v4", server.url);
    let missing = checkout.run(&["fetch", "--from", &base]).failed("https://dash.cloudflare.com/profile/api-tokens");
    assert_eq!(server.asked().len(), 0);
    let wrong = fetch(&checkout, &server).failed("https://dash.cloudflare.com/profile/api-tokens");
    for error in [missing, wrong] {
        assert!(error.contains("Workers AI Read") && error.contains("--from FILE"), "{error}");
        assert!(!error.contains("secret-token"), "{error}");
    }
}
