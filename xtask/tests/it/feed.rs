//! Fetching from files and folders.

use std::fs;

use serde_json::{Value, json};

use crate::checkout::{Checkout, model};

const MODEL: &str = "schemas/text-generation/@cf/a/one.json";

#[test]
fn a_model_file_holds_facts_only() {
    let checkout = Checkout::new();
    let feed = checkout.feed("2025-12.json", &[model("@cf/a/one", "Text Generation")]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let expected = r#"{
  "id": "@cf/a/one",
  "task": "Text Generation",
  "rust": {
    "module": "one",
    "type": "One"
  },
  "created_at": "2025-09-23",
  "lifecycle": {
    "first_seen": "2025-12"
  },
  "properties": {
    "beta": true
  },
  "schema": {
    "input": {
      "type": "object",
      "required": [
        "prompt"
      ],
      "properties": {
        "prompt": {
          "type": "string",
          "minLength": 1
        }
      }
    },
    "output": {
      "type": "object",
      "properties": {
        "response": {
          "type": "string"
        }
      }
    }
  }
}
"#;
    assert_eq!(checkout.read(MODEL), expected);
}

#[test]
fn the_same_feed_twice_changes_no_byte_whatever_the_date() {
    let checkout = Checkout::new();
    let models = [model("@cf/a/one", "Text Generation"), model("@cf/a/two", "Translation")];
    let feed = checkout.feed("2025-12.json", &models);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let before = checkout.everything();
    let out = checkout.run(&["fetch", "--from", &feed, "--as-of", "2026-05-01"]).succeeded();
    assert!(out.contains("0 files written"), "{out}");
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_model_that_leaves_is_kept_with_the_date_and_comes_back_under_its_name() {
    let checkout = Checkout::new();
    let both = [model("@cf/a/one", "Text Generation"), model("@cf/b/two", "Translation")];
    let [_, two] = &both;
    let one_left = std::slice::from_ref(two);
    let (first, second) = (checkout.feed("2025-12.json", &both), checkout.feed("2026-03.json", one_left));
    let third = checkout.feed("2026-04.json", &both);
    checkout.run(&["fetch", "--from", &first]).succeeded();
    checkout.run(&["fetch", "--from", &second]).succeeded();
    let lifecycle = |checkout: &Checkout| checkout.json(MODEL)["lifecycle"].clone();
    assert_eq!(lifecycle(&checkout), json!({"first_seen": "2025-12", "gone_by": "2026-03"}));
    assert_eq!(checkout.json("schemas/catalog.json")["models"]["@cf/a/one"]["gone_by"], "2026-03");
    checkout.run(&["fetch", "--from", &third]).succeeded();
    assert_eq!(lifecycle(&checkout), json!({"first_seen": "2025-12"}));
}

#[test]
fn a_file_that_is_gone_comes_back_from_a_source_that_has_its_model() {
    let checkout = Checkout::new();
    let both = [model("@cf/a/one", "Text Generation"), model("@cf/b/two", "Translation")];
    let whole = checkout.feed("2025-12.json", &both);
    let smaller = checkout.feed("2026-03.json", both.get(1..).unwrap());
    checkout.run(&["fetch", "--from", &whole]).succeeded();
    let first = checkout.everything();
    std::fs::remove_file(checkout.path(MODEL)).unwrap();
    let without = checkout.everything();
    // Before and after the catalogue knows that the model has left, nothing but git has its file.
    checkout
        .run(&["fetch", "--from", &smaller])
        .failed("the source no longer has the model: bring the file back with git");
    assert_eq!(checkout.everything(), without);
    checkout.run(&["fetch", "--from", &whole]).succeeded();
    assert_eq!(checkout.everything(), first);
    checkout.run(&["fetch", "--from", &smaller]).succeeded();
    std::fs::remove_file(checkout.path(MODEL)).unwrap();
    let error = checkout.run(&["check", "--quick"]).failed("bring it back with git");
    assert!(!error.contains("fetch again"), "{error}");
    checkout.run(&["fetch", "--from", &smaller]).failed("bring the file back with git");
    // A model that moves leaves nothing to remove.
    checkout.run(&["fetch", "--from", &checkout.feed("2026-04.json", &both)]).succeeded();
    std::fs::remove_file(checkout.path(MODEL)).unwrap();
    let moved = [model("@cf/a/one", "Translation"), model("@cf/b/two", "Translation")];
    checkout.run(&["fetch", "--from", &checkout.feed("2026-05.json", &moved)]).succeeded();
    checkout.run(&["fetch", "--from", &checkout.feed("2026-05.json", &moved)]).succeeded();
    assert!(checkout.path("schemas/translation/@cf/a/one.json").exists());
}

#[test]
fn a_date_comes_from_outside_or_not_at_all() {
    let checkout = Checkout::new();
    let feed = checkout.feed("models.json", &[model("@cf/a/one", "Text Generation")]);
    let before = checkout.everything();
    checkout.run(&["fetch", "--from", &feed]).failed("pass --as-of DATE");
    assert_eq!(checkout.everything(), before);
    checkout.run(&["fetch", "--from", &feed, "--as-of", "yesterday"]).failed("is not a date");
    checkout.run(&["fetch", "--from", &feed, "--as-of", "2026-02-03"]).succeeded();
    assert_eq!(checkout.json(MODEL)["lifecycle"]["first_seen"], "2026-02-03");
}

#[test]
fn an_older_snapshot_cannot_rewrite_history() {
    let checkout = Checkout::new();
    let new = checkout.feed("2026-11.json", &[model("@cf/a/one", "Text Generation")]);
    let old =
        checkout.feed("2025-12.json", &[model("@cf/a/one", "Text Generation"), model("@cf/a/two", "Translation")]);
    checkout.run(&["fetch", "--from", &new]).succeeded();
    checkout.run(&["fetch", "--from", &old]).failed("already at 2026-11");
}

#[test]
fn a_feed_that_drops_most_models_is_refused() {
    let checkout = Checkout::new();
    let models: Vec<Value> = (0..5).map(|number| model(&format!("@cf/a/m{number}"), "Translation")).collect();
    let whole = checkout.feed("2025-12.json", &models);
    let broken = checkout.feed("2026-01.json", models.get(..2).unwrap());
    let smaller = checkout.feed("2026-02.json", models.get(..3).unwrap());
    checkout.run(&["fetch", "--from", &whole]).succeeded();
    let before = checkout.everything();
    let error = checkout.run(&["fetch", "--from", &broken]).failed("--allow-removals");
    assert!(error.contains("3 of 5"), "{error}");
    assert_eq!(checkout.everything(), before);
    checkout.run(&["fetch", "--from", &smaller]).succeeded();
    let empty = checkout.feed("2026-03.json", &[]);
    checkout.run(&["fetch", "--from", &empty, "--allow-removals"]).succeeded();
}

#[test]
fn names_stay_when_a_collision_comes_later() {
    let checkout = Checkout::new();
    let first = checkout.feed("2025-12.json", &[model("@cf/z/x-y", "Translation")]);
    let second = checkout.feed("2026-01.json", &[model("@cf/a/x.y", "Translation"), model("@cf/z/x-y", "Translation")]);
    checkout.run(&["fetch", "--from", &first]).succeeded();
    checkout.run(&["fetch", "--from", &second]).succeeded();
    let module = |author: &str, name: &str| {
        checkout.json(&format!("schemas/translation/@cf/{author}/{name}.json"))["rust"]["module"].clone()
    };
    assert_eq!(module("z", "x-y"), "x_y");
    assert_eq!(module("a", "x.y"), "a_x_y");
}

#[test]
fn a_name_stays_locked_through_an_entry_that_is_broken_for_a_while() {
    let checkout = Checkout::new();
    let first = checkout.feed("2025-12.json", &[model("@cf/a/one", "Translation")]);
    let mut broken = model("@cf/a/one", "Translation");
    broken.as_object_mut().unwrap().remove("task");
    let second = checkout.feed("2026-01.json", &[broken]);
    let third = checkout.feed("2026-02.json", &[model("@cf/Z/one", "Translation"), model("@cf/a/one", "Translation")]);
    checkout.run(&["fetch", "--from", &first]).succeeded();
    let out = checkout.run(&["fetch", "--from", &second]).succeeded();
    assert!(out.contains("the model has no task"), "{out}");
    assert!(!checkout.path("schemas/translation/@cf/a/one.json").exists());
    checkout.run(&["fetch", "--from", &third]).succeeded();
    assert_eq!(checkout.json("schemas/translation/@cf/a/one.json")["rust"]["module"], "one");
    assert_eq!(checkout.json("schemas/translation/@cf/Z/one.json")["rust"]["module"], "z_one");
}

#[test]
fn hostile_ids_are_listed_and_never_become_files() {
    let checkout = Checkout::new();
    let ids = [
        "@cf/a/one",
        "@cf/../../evil",
        "@cf/a/\"];*/",
        "@cf/a/new\nline",
        "@cf/a/\u{202e}bidi",
        "/etc/passwd",
        "@cf/a/ONE",
        "",
        "@cf/a/nul",
    ];
    let models: Vec<Value> = ids.iter().map(|id| model(id, "Translation")).collect();
    let feed = checkout.feed("2025-12.json", &models);
    let out = checkout.run(&["fetch", "--from", &feed]).succeeded();
    let files: Vec<_> = checkout.everything().into_keys().filter(|path| path.starts_with("schemas/")).collect();
    // Of two ids that differ in case only, the first in order has the file.
    assert_eq!(
        files,
        ["schemas/catalog.json", "schemas/translation/@cf/a/ONE.json", "schemas/translation/overlays/mine.json"]
    );
    let index = checkout.json("schemas/catalog.json");
    let listed = index["models"].as_object().unwrap();
    assert_eq!(listed.len(), ids.len());
    let refused = listed.values().filter(|entry| entry["unbound"].is_string()).count();
    assert_eq!(refused, ids.len() - 1);
    assert!(out.contains("only in case"), "{out}");
    assert!(out.is_ascii() && checkout.read("schemas/catalog.json").is_ascii());
}

#[test]
fn models_without_a_usable_schema_are_reported_and_the_others_land() {
    let checkout = Checkout::new();
    let mut models =
        ["none", "empty", "null", "wrong", "fine"].map(|name| model(&format!("@cf/a/{name}"), "Translation"));
    let [none, empty, null, wrong, _] = &mut models;
    none.as_object_mut().unwrap().remove("schema");
    empty["schema"] = json!({});
    null["schema"] = Value::Null;
    wrong["schema"]["input"]["properties"] = json!({"required": ["multipart"]});
    let feed = checkout.feed("2025-12.json", &models);
    let out = checkout.run(&["fetch", "--from", &feed]).succeeded();
    assert!(out.contains("@cf/a/wrong: the published schema is not valid JSON Schema at /input/properties/required"));
    let index = checkout.json("schemas/catalog.json");
    for name in ["none", "empty", "null", "wrong"] {
        let file = checkout.json(&format!("schemas/translation/@cf/a/{name}.json"));
        assert!(file["unbound"].is_string() && file.get("schema").is_none(), "{file}");
        assert_eq!(index["models"][format!("@cf/a/{name}")]["unbound"], file["unbound"]);
    }
    assert!(checkout.json("schemas/translation/@cf/a/fine.json").get("unbound").is_none());
}

#[test]
fn a_folder_of_documents_is_a_source() {
    let checkout = Checkout::new();
    let feed =
        checkout.feed("2025-12.json", &[model("@cf/a/one", "Text Generation"), model("@cf/b/two", "Translation")]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let from_feed = checkout.everything();
    let other = Checkout::new();
    other.write("feeds/2025-12/one.json", &model("@cf/a/one", "Text Generation").to_string());
    other.write("feeds/2025-12/more/two.json", &model("@cf/b/two", "Translation").to_string());
    other.write("feeds/2025-12/readme.md", "not a document");
    let folder = other.path("feeds/2025-12");
    other.run(&["fetch", "--from", &folder.to_string_lossy()]).succeeded();
    let models = |files: std::collections::BTreeMap<String, Vec<u8>>| {
        files.into_iter().filter(|(path, _)| path.contains('@')).collect::<Vec<_>>()
    };
    assert_eq!(models(other.everything()), models(from_feed));
    other
        .run(&["fetch", "--from", &other.path("schemas/translation/overlays").to_string_lossy(), "--as-of", "2026-01"])
        .failed("mine.json");
}

#[test]
fn overlays_survive_and_a_wrong_feed_changes_nothing() {
    let checkout = Checkout::new();
    let before = checkout.everything();
    for (text, expected) in [
        ("{\"models\": [", "not JSON"),
        ("{\"models\": 7}", "no list of models"),
        ("{\"models\": [{\"task\": 1}]}", "/models/0"),
        (&"[".repeat(5000), "nested too deeply"),
    ] {
        let feed = checkout.write("feeds/2025-12.json", text);
        checkout.run(&["fetch", "--from", &feed.to_string_lossy()]).failed(expected);
        assert_eq!(checkout.everything(), before);
    }
    let twice = [model("@cf/a/one", "Translation"), {
        let mut other = model("@cf/a/one", "Translation");
        other["schema"] = json!({});
        other
    }];
    let feed = checkout.feed("2025-12.json", &twice);
    checkout.run(&["fetch", "--from", &feed]).failed("twice");
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_model_that_changes_its_task_moves() {
    let checkout = Checkout::new();
    let first = checkout.feed("2025-12.json", &[model("@cf/a/one", "Text Generation")]);
    let second = checkout.feed("2026-01.json", &[model("@cf/a/one", "Translation")]);
    checkout.run(&["fetch", "--from", &first]).succeeded();
    checkout.run(&["fetch", "--from", &second]).succeeded();
    assert!(!checkout.path(MODEL).exists());
    assert_eq!(checkout.json("schemas/translation/@cf/a/one.json")["lifecycle"], json!({"first_seen": "2025-12"}));
}

#[test]
fn people_s_facts_are_merged_in() {
    let checkout = Checkout::new();
    checkout.write(
        "schemas/facts/limits.json",
        r#"{"requests_per_minute": {"by_model": {}, "paid_models": 20, "by_task": {"Translation": 720}}}"#,
    );
    checkout.write(
        "schemas/facts/prices.json",
        r#"{"models": {"@cf/a/one": [{"unit": "per_M_input_tokens", "usd": 0.342, "neurons": 31050}]}}"#,
    );
    checkout.write("schemas/facts/headline.json", r#"{"models": {"@cf/a/one": {"requests_per_minute": 720}}}"#);
    let feed = checkout.feed("2025-12.json", &[model("@cf/a/one", "Translation")]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let file = checkout.json("schemas/translation/@cf/a/one.json");
    assert_eq!(file["limits"], json!({"requests_per_minute": 720}));
    assert_eq!(file["prices"], json!([{"unit": "per_M_input_tokens", "usd": 0.342, "neurons": 31050.0}]));
    assert_eq!(file["headline"], json!({"requests_per_minute": 720}));
    fs::write(checkout.path("schemas/facts/limits.json"), "{}").unwrap();
    checkout.run(&["fetch", "--from", &feed]).failed("limits.json");
}
