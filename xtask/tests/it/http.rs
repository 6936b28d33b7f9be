//! Fetching a feed from a URL.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::checkout::{Checkout, model};
use crate::server::{Reply, Server};

const MODEL: &str = "schemas/translation/@cf/a/one.json";

fn feed() -> Reply {
    Reply::json(&json!({"models": [model("@cf/a/one", "Translation")]}))
}

#[track_caller]
fn first_seen(checkout: &Checkout) -> String {
    checkout.json(MODEL)["lifecycle"]["first_seen"].as_str().unwrap().to_owned()
}

#[test]
fn dates_come_from_the_option_the_name_last_modified_then_date() {
    let server = Server::start(|asked| {
        let reply = feed().header("Date", "Tue, 17 Nov 2026 08:49:37 GMT");
        if asked.target.contains("modified") {
            reply.header("Last-Modified", "Mon, 02 Nov 2026 08:49:37 GMT")
        } else {
            reply
        }
    });
    for (path, option, expected) in [
        ("/modified/2026-10.json", Some("2026-09"), "2026-09"),
        ("/modified/2026-10.json", None, "2026-10"),
        ("/modified/models", None, "2026-11-02"),
        ("/api/models", None, "2026-11-17"),
    ] {
        let checkout = Checkout::new();
        let url = format!("{}{path}", server.url);
        let mut arguments = vec!["fetch", "--from", url.as_str()];
        arguments.extend(option.iter().flat_map(|date| ["--as-of", date]));
        checkout.run(&arguments).succeeded();
        assert_eq!(first_seen(&checkout), expected, "{path}");
    }
    let undated = Server::start(|_| feed());
    let checkout = Checkout::new();
    checkout.run(&["fetch", "--from", &format!("{}/api/models", undated.url)]).failed("sends no date");
}

#[test]
fn an_unchanged_feed_does_not_travel_twice() {
    let server = Server::start(|asked| match asked.header("if-none-match") {
        Some("\"v1\"") => Reply::status(304),
        _ => feed().header("ETag", "\"v1\"").header("Date", "Tue, 17 Nov 2026 08:49:37 GMT"),
    });
    let checkout = Checkout::new();
    let url = format!("{}/api/models", server.url);
    checkout.run(&["fetch", "--from", &url]).succeeded();
    let before = checkout.everything();
    checkout.run(&["fetch", "--from", &url]).succeeded();
    assert_eq!(checkout.everything(), before);
    let tags: Vec<_> = server.asked().iter().map(|asked| asked.header("if-none-match").map(str::to_owned)).collect();
    assert_eq!(tags, [None, Some("\"v1\"".to_owned())]);
    // What was kept is the whole answer: a catalogue that was emptied since comes back.
    std::fs::remove_dir_all(checkout.path("schemas")).unwrap();
    checkout.run(&["fetch", "--from", &url]).succeeded();
    assert_eq!(first_seen(&checkout), "2026-11-17");
}

#[test]
fn busy_and_failing_servers_are_asked_again() {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::status(429).header("Retry-After", "0"),
        1 => Reply::status(500),
        2 => Reply::status(503),
        _ => feed(),
    });
    let checkout = Checkout::new();
    let url = format!("{}/2026-11.json", server.url);
    checkout.run(&["fetch", "--from", &url, "--first-pause", "1"]).succeeded();
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn patience_ends_and_refusals_are_final() {
    let failing = Server::start(|_| Reply::status(500));
    let checkout = Checkout::new();
    let before = checkout.everything();
    let url = format!("{}/2026-11.json", failing.url);
    checkout.run(&["fetch", "--from", &url, "--first-pause", "1"]).failed("status 500");
    assert_eq!(failing.asked().len(), 5);
    let refusing = Server::start(|_| Reply::status(404));
    let url = format!("{}/2026-11.json", refusing.url);
    checkout.run(&["fetch", "--from", &url, "--first-pause", "1"]).failed("status 404");
    assert_eq!(refusing.asked().len(), 1);
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_query_is_not_written_into_the_catalogue() {
    let server = Server::start(|_| feed());
    let checkout = Checkout::new();
    checkout.run(&["fetch", "--from", &format!("{}/2026-11.json?key=secret", server.url)]).succeeded();
    let catalogue = checkout.read("schemas/catalog.json");
    assert!(catalogue.contains("/2026-11.json") && !catalogue.contains("secret"), "{catalogue}");
}
