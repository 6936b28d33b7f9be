//! Fetching again what has not changed: nothing is worked out then, and everything is as soon as anything has.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::checkout::{Checkout, model};
use crate::server::{Asked, Reply, Server};

const MODEL: &str = "schemas/translation/@cf/a/one.json";
const OVERLAY: &str = "schemas/translation/overlays/mine.json";
const LIMITS: &str = "schemas/facts/limits.json";

/// What a fetch says that has worked nothing out.
const SETTLED: &str = "1 live models of 1 known; nothing has changed since the last fetch";

fn tagged(asked: &Asked, tag: &str, body: &Value) -> Reply {
    if asked.header("if-none-match") == Some(tag) {
        return Reply::status(304);
    }
    dated(body).header("ETag", tag)
}

fn dated(body: &Value) -> Reply {
    Reply::json(body).header("Date", "Tue, 17 Nov 2026 08:49:37 GMT")
}

fn feed() -> Server {
    Server::start(|asked| tagged(asked, "\"1\"", &json!({"models": [model("@cf/a/one", "Translation")]})))
}

fn fetch(checkout: &Checkout, server: &Server, more: &[&str]) -> String {
    let url = format!("{}/api/models", server.url);
    checkout.run(&[&["fetch", "--from", url.as_str()], more].concat()).succeeded()
}

/// A checkout that has fetched a feed, and does not look at it again.
fn settled(server: &Server) -> Checkout {
    let checkout = Checkout::new();
    checkout.write(LIMITS, r#"{"requests_per_minute": {"by_model": {"@cf/a/one": 7}, "by_task": {}}}"#);
    assert!(fetch(&checkout, server, &[]).contains("1 new"));
    let before = checkout.everything();
    assert!(fetch(&checkout, server, &[]).contains(SETTLED));
    assert_eq!(checkout.everything(), before);
    checkout
}

/// After a change everything is looked at once more, and then no longer.
#[track_caller]
fn check(change: impl FnOnce(&Checkout), expected: &str) -> Checkout {
    let server = feed();
    let checkout = settled(&server);
    change(&checkout);
    let said = fetch(&checkout, &server, &[]);
    assert!(said.contains(expected) && !said.contains("nothing has changed"), "{said}");
    assert!(fetch(&checkout, &server, &[]).contains(SETTLED));
    checkout
}

#[test]
fn a_model_file_that_was_changed_is_put_right() {
    let checkout = check(
        |checkout| {
            checkout.write(MODEL, &checkout.read(MODEL).replace("Translation", "translation"));
        },
        "1 files written",
    );
    assert!(checkout.read(MODEL).contains("Translation"));
}

#[test]
fn a_model_file_that_is_gone_comes_back() {
    let server = feed();
    let checkout = settled(&server);
    let before = checkout.everything();
    std::fs::remove_file(checkout.path(MODEL)).unwrap();
    checkout.run(&["check", "--quick"]).failed("one.json, which is not there; bring it back with git, or fetch again");
    assert!(fetch(&checkout, &server, &[]).contains("1 files written"));
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_changed_fact_reaches_its_models() {
    let checkout = check(
        |checkout| {
            checkout.write(LIMITS, &checkout.read(LIMITS).replace('7', "8"));
        },
        "2 files written",
    );
    assert_eq!(checkout.json(MODEL)["limits"]["requests_per_minute"], 8);
}

#[test]
fn changed_new_and_removed_overlays_count() {
    check(|checkout| drop(checkout.write(OVERLAY, "{ }\n")), "0 files written");
    check(|checkout| drop(checkout.write("schemas/translation/overlays/new.json", "{}\n")), "0 files written");
    check(|checkout| std::fs::remove_file(checkout.path(OVERLAY)).unwrap(), "0 files written");
}

#[test]
fn a_changed_index_counts() {
    check(
        |checkout| {
            let index = checkout.read("schemas/catalog.json");
            checkout.write("schemas/catalog.json", &index.replace("/api/models", "/elsewhere"));
        },
        "0 files written",
    );
}

#[test]
fn schemas_that_are_gone_come_back() {
    let checkout = check(|checkout| std::fs::remove_dir_all(checkout.path("schemas")).unwrap(), "2 files written");
    assert!(checkout.path(MODEL).is_file());
}

#[test]
fn a_kept_answer_that_is_damaged_is_fetched_again() {
    check(
        |checkout| {
            for entry in std::fs::read_dir(checkout.path("target/fetch")).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "kept") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    std::fs::write(&path, text.replace("Translation", "Transmission")).unwrap();
                }
            }
        },
        "0 files written",
    );
}

#[test]
fn a_note_that_is_damaged_is_none() {
    check(|checkout| drop(checkout.write("target/fetch/settled.json", "{}")), "0 files written");
}

#[test]
fn another_program_looks_for_itself() {
    let server = feed();
    let checkout = settled(&server);
    let other = checkout.path("target/other");
    std::fs::copy(env!("CARGO_BIN_EXE_xtask"), &other).unwrap();
    let fetch_with_other = || {
        let mut command = Command::new(&other);
        command.arg("--root").arg(checkout.path("")).args(["fetch", "--from", &format!("{}/api/models", server.url)]);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(fetch_with_other().contains("0 files written"));
    assert!(fetch_with_other().contains(SETTLED));
    assert!(fetch(&checkout, &server, &[]).contains("0 files written"));
}

#[test]
fn another_question_is_another_fetch() {
    let server = feed();
    let checkout = settled(&server);
    assert!(fetch(&checkout, &server, &["--as-of", "2026-12"]).contains("0 files written"));
    assert!(fetch(&checkout, &server, &["--as-of", "2026-12"]).contains(SETTLED));
    // The same answer from somebody else.
    let other = feed();
    assert!(fetch(&checkout, &other, &["--as-of", "2026-12"]).contains("0 files written"));
}

#[test]
fn a_crate_that_is_gone_is_missed() {
    let server = feed();
    let checkout = settled(&server);
    std::fs::remove_dir_all(checkout.path("crates/translation")).unwrap();
    let url = format!("{}/api/models", server.url);
    checkout.run(&["fetch", "--from", &url]).failed("no crate carries the task of @cf/a/one");
}

#[test]
fn only_a_server_that_says_so_has_nothing_new() {
    let untagged = Server::start(|_| dated(&json!({"models": [model("@cf/a/one", "Translation")]})));
    let forgetful =
        Server::start(|_| dated(&json!({"models": [model("@cf/a/one", "Translation")]})).header("ETag", "\"1\""));
    for server in [untagged, forgetful] {
        let checkout = Checkout::new();
        for _ in 0..2 {
            assert!(fetch(&checkout, &server, &[]).contains("files written"));
        }
    }
    let checkout = Checkout::new();
    let path = checkout.feed("2026-11.json", &[model("@cf/a/one", "Translation")]);
    for _ in 0..2 {
        assert!(checkout.run(&["fetch", "--from", &path]).succeeded().contains("files written"));
    }
}

/// A tag that comes back with other contents, after a run that failed.
#[test]
fn what_was_never_made_into_files_is_not_settled() {
    let content = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&content);
    let server = Server::start(move |asked| {
        let step = told.load(Ordering::SeqCst);
        let task = if step == 0 { "Translation" } else { "Interpretation" };
        let feed = json!({"models": [model("@cf/a/one", task)]});
        if step == 1 { dated(&feed).header("ETag", "\"1\"") } else { tagged(asked, "\"1\"", &feed) }
    });
    let checkout = settled(&server);
    let url = format!("{}/api/models", server.url);
    for step in [1, 2] {
        content.store(step, Ordering::SeqCst);
        checkout.run(&["fetch", "--from", &url]).failed("no crate carries the task");
    }
}

#[test]
fn an_account_is_settled_when_its_list_and_all_schemas_are() {
    let changed = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&changed);
    let server = Server::start(move |asked| {
        if asked.target.contains("/ai/models/search") {
            let models: Vec<Value> = ["@cf/a/one", "@cf/a/two", "@cf/a/none"]
                .map(|id| {
                    let mut listed = model(id, "Translation");
                    listed.as_object_mut().unwrap().remove("schema");
                    listed
                })
                .into();
            return tagged(asked, "\"list\"", &json!({"result": models, "success": true}));
        }
        let id = asked.query("model").unwrap_or_default();
        if id.ends_with("none") {
            return Reply::status(404);
        }
        let longest = if id.ends_with("two") { 10 + counter.load(Ordering::SeqCst) } else { 10 };
        let mut schema = model(&id, "Translation")["schema"].take();
        schema["input"]["properties"]["prompt"]["maxLength"] = json!(longest);
        tagged(asked, &format!("\"{longest}\""), &json!({"result": schema, "success": true}))
    });
    let checkout = Checkout::new();
    let base = format!("{}/client/v4", server.url);
    let fetch = || {
        let credentials = [("CLOUDFLARE_ACCOUNT_ID", "0123"), ("CLOUDFLARE_API_TOKEN", "t")];
        checkout.run_with(&["fetch", "--from", &base], &credentials).succeeded()
    };
    let first = fetch();
    let missing = "  nothing to type for @cf/a/none: no schema is published";
    assert!(first.contains("3 new") && first.contains(missing), "{first}");
    let second = fetch();
    assert!(second.contains("3 live models of 3 known; nothing has changed") && second.contains(missing), "{second}");
    changed.store(1, Ordering::SeqCst);
    let third = fetch();
    assert!(third.contains("2 files written"), "{third}");
    assert_eq!(
        checkout.json("schemas/translation/@cf/a/two.json")["schema"]["input"]["properties"]["prompt"]["maxLength"],
        11
    );
    assert!(fetch().contains("nothing has changed"));
}
