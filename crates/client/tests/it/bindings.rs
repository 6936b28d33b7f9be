//! What the macros of generated bindings write: JSON in both directions, and arms told apart by what arrives.

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use workers_ai_client as client;
use workers_ai_client::Answer;

client::request! {
    /// What is asked.
    pub struct Asked as json, closed {
        /// A word.
        into word: String,
        /// How often.
        #[wire = "how-often"]
        into often?: i64,
    }
}

client::reply! {
    /// What is answered.
    pub struct Answered {
        /// A word.
        pub word: String,
        /// All of them.
        pub list: Vec<i64>,
        /// Whether it is so.
        pub sure?: bool,
    }
}

client::reply! {
    /// An answer with a code.
    pub struct Coded {
        /// The code.
        pub code?: i64,
    }
}

client::reply! {
    /// An answer of a kind.
    pub struct Kinded {
        /// The kind.
        pub kind: String,
    }
}

client::union! {
    /// Any of them.
    pub enum Either {
        /// With `word`.
        Word(Answered) = Keys(&["word", "list"]),
        /// With `code` or `number`.
        Code(Coded) = AnyKey(&["code", "number"]),
        /// Where `kind` is `odd`.
        Odd(Kinded) = Tag("kind", "odd"),
        /// JSON: string.
        Text(String) = Text,
        ..
    }
}

/// Reads it as a whole reply is read, and as a value of one.
#[track_caller]
fn read<T: DeserializeOwned>(json: &Value) -> Result<T, String> {
    let answer = Answer::new(StatusCode::OK, HeaderMap::new(), json.to_string());
    let whole = answer.json::<T>().map_err(|error| error.to_string());
    let value = serde_json::from_value::<T>(json.clone()).map_err(|error| error.to_string());
    let where_it_lies = answer.json_with_vectors::<T>().map_err(|error| error.to_string());
    assert_eq!((whole.is_ok(), where_it_lies.is_ok()), (value.is_ok(), value.is_ok()), "{json}");
    where_it_lies
}

#[test]
fn requests_are_written_by_their_names_on_the_wire_and_what_is_not_set_is_not() {
    assert_eq!(serde_json::to_value(Asked::new("sea")).unwrap(), json!({"word": "sea"}));
    assert_eq!(serde_json::to_string(&Asked::new("sea").often(3)).unwrap(), r#"{"word":"sea","how-often":3}"#);
}

#[test]
fn a_closed_request_takes_its_own_fields_and_needs_the_required() {
    let asked = read::<Asked>(&json!({"word": "sea", "how-often": 3})).unwrap();
    assert_eq!(serde_json::to_value(asked).unwrap(), json!({"word": "sea", "how-often": 3}));
    let refused = |json: Value| serde_json::from_value::<Asked>(json).unwrap_err().to_string();
    assert!(refused(json!({"how-often": 3})).contains("missing field `word`"));
    assert!(refused(json!({"word": "sea", "often": 3})).contains("unknown field `often`"));
    assert!(refused(json!([1])).contains("expected struct Asked"), "{}", refused(json!([1])));
}

#[test]
fn a_reply_reads_what_is_missing_or_null_as_empty_and_passes_over_the_rest() {
    for json in [json!({}), json!({"word": null, "list": null, "sure": null}), json!({"new": {"a": [1]}})] {
        let answered = read::<Answered>(&json).unwrap();
        assert_eq!((answered.word.as_str(), answered.list.len(), answered.sure), ("", 0, None), "{json}");
    }
    let answered = read::<Answered>(&json!({"new": 1, "word": "sea", "list": [1, 2], "sure": true})).unwrap();
    assert_eq!(
        (answered.word.as_str(), answered.list.as_slice(), answered.sure),
        ("sea", [1, 2].as_slice(), Some(true))
    );
    assert!(read::<Answered>(&json!({"list": ["one"]})).is_err());
}

#[test]
fn the_arm_of_a_reply_is_told_by_what_arrives_whole_or_as_a_value() {
    let called = |either: &Either| match either {
        Either::Word(_) => "word",
        Either::Code(_) => "code",
        Either::Odd(_) => "odd",
        Either::Text(_) => "text",
        _ => "unknown",
    };
    let name = |json: Value| {
        let found = called(&read::<Either>(&json).unwrap());
        assert_eq!(found, called(&serde_json::from_value(json.clone()).unwrap()), "{json}");
        found
    };
    assert_eq!(name(json!({"word": "sea", "list": []})), "word");
    assert_eq!(name(json!({"word": "sea"})), "unknown");
    assert_eq!(name(json!({"word": "sea", "list": null})), "unknown");
    assert_eq!(name(json!({"number": 1})), "code");
    assert_eq!(name(json!({"code": 1, "other": 2})), "code");
    assert_eq!(name(json!({"code": null})), "unknown");
    assert_eq!(name(json!({"kind": "odd"})), "odd");
    assert_eq!(name(json!({"kind": "even"})), "unknown");
    assert_eq!(name(json!({"mind": "odd"})), "unknown");
    // What says by name what it is needs no more.
    assert_eq!(name(json!({"word": "odd", "list": [], "kind": "odd"})), "odd");
    assert_eq!(name(json!("sea")), "text");
    assert_eq!(name(json!(7)), "unknown");
}
