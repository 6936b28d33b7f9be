//! A feed as an attacker would write it: whatever is in it, fetching ends as a reason, or as tame files that the build can read.

use std::collections::BTreeMap;
use std::path::{Component, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use workers_ai_codegen::{Facts, load};

use crate::checkout::model;

/// Far longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(600);

/// Words with path separators, quotes, ends of comments and lines, control and bidirectional characters, keywords.
const WORDS: &[&str] = &[
    "",
    " ",
    ".",
    "..",
    "../x",
    "/etc/passwd",
    "a/../../x",
    "a\\b",
    "C:x",
    "\0",
    "\n",
    "\r\nx: y",
    "\u{1b}[2J",
    "\u{202e}x",
    "\u{feff}",
    "\"];",
    "*/",
    "`",
    "${x}",
    "{}",
    "#!",
    "self",
    "crate",
    "fn",
    "r#type",
    "é",
    "語",
    "🦀",
    "con",
    "nul.json",
    "overlays",
    "facts",
    "catalog.json",
    "default",
    "-",
    "_",
    "7",
    "true",
    "null",
];

/// What a fetch would write, each file looked at; or the reason why nothing is written.
#[track_caller]
fn check(feed: &Value) -> Result<BTreeMap<PathBuf, String>, String> {
    let began = Instant::now();
    let outcome = xtask::rehearse(feed.to_string().as_bytes());
    assert!(began.elapsed() < LONG, "it took {:?}", began.elapsed());
    let files = match outcome {
        Ok(files) => files,
        Err(error) => {
            let reason = format!("{error:#}");
            assert!(!reason.is_empty() && !reason.contains(char::is_control), "{reason:?}");
            return Err(reason);
        }
    };
    let plain = |part: Component<'_>| match part {
        Component::Normal(part) => part
            .to_str()
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@._-".contains(&byte))),
        _ => false,
    };
    for (path, text) in &files {
        assert!(path.components().all(plain), "{} is no tame path", path.display());
        if path.components().count() == 1 {
            assert_eq!(path.as_os_str(), "catalog.json");
            continue;
        }
        let facts = Facts::parse(text).unwrap_or_else(|problem| panic!("{}: {problem}\n{text}", path.display()));
        assert!(path.ends_with(format!("{}.json", facts.id)), "{} is of {}", path.display(), facts.id);
        assert!(is_identifier(&facts.rust.module) && is_identifier(&facts.rust.marker), "{:?}", facts.rust);
    }
    Ok(files)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A feed of one model, which is right.
fn one() -> Value {
    let mut one = model("@cf/a/one", "Text Generation");
    one["properties"] = json!([
        {"property_id": "price", "value": [{"unit": "per M input tokens", "price": 0.3, "currency": "USD"}]},
        {"property_id": "context_window", "value": "4096"},
        {"property_id": "terms", "value": "https://example.com/terms"},
        {"property_id": "planned_deprecation_date", "value": "2027-01-01"},
    ]);
    json!({ "models": [one] })
}

/// Every pointer into a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, &format!("{at}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn any_type_can_stand_anywhere() {
    let feed = one();
    let mut pointers = Vec::new();
    places(&feed, "", &mut pointers);
    assert!(pointers.len() > 40);
    let deep = (0..60).fold(json!({}), |inner, _| json!({"properties": {"p": inner}}));
    for pointer in &pointers {
        for wrong in [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e300),
            json!("x"),
            json!([]),
            json!({}),
            json!([[null]]),
            deep.clone(),
        ] {
            let mut feed = feed.clone();
            *feed.pointer_mut(pointer).unwrap() = wrong;
            // Either outcome; `check` holds what must be so of both.
            let _ = check(&feed);
        }
    }
}

#[test]
fn any_word_can_stand_anywhere() {
    let feed = one();
    let mut pointers = Vec::new();
    places(&feed, "", &mut pointers);
    for pointer in pointers.iter().filter(|pointer| feed.pointer(pointer).is_some_and(Value::is_string)) {
        for word in WORDS {
            let mut feed = feed.clone();
            *feed.pointer_mut(pointer).unwrap() = json!(word);
            let _ = check(&feed);
        }
    }
    for word in WORDS {
        let mut named = one();
        named["models"][0][*word] = json!(word);
        named["models"][0]["schema"]["input"]["properties"][*word] =
            json!({"type": "string", "enum": [word], "title": word});
        let _ = check(&named);
        for id in [format!("@cf/{word}/x"), format!("@cf/x/{word}"), format!("@{word}/a/b"), format!("{word}@cf/a/b")] {
            let _ = check(&json!({"models": [model(&id, "Translation")]}));
        }
    }
}

#[test]
fn an_author_called_overlays_spoils_nothing() {
    let files =
        check(&json!({"models": [model("@cf/overlays/x", "Translation"), model("@cf/a/y", "Translation")]})).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let modality = load(&folder.path().join("translation")).unwrap();
    assert_eq!((modality.models.len(), modality.overlays.len()), (2, 0));
}

#[test]
fn ten_thousand_models_of_one_name_are_told_apart() {
    // Nine words can be joined by three signs in 19,683 ways.
    let joined = |mut number: usize| {
        let mut id = "@cf/a/m".to_owned();
        for word in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
            id.push_str(["-", "_", "."][number % 3]);
            id.push_str(word);
            number /= 3;
        }
        id
    };
    let models: Vec<Value> = (0..10_000).map(|number| model(&joined(number), "Translation")).collect();
    let files = check(&json!({ "models": models })).unwrap();
    let modules: std::collections::BTreeSet<String> = files
        .iter()
        .filter(|(path, _)| path.starts_with("translation"))
        .map(|(_, text)| Facts::parse(text).unwrap().rust.module)
        .collect();
    assert_eq!(modules.len(), 10_000);
}

#[test]
fn sizes_that_nobody_publishes_are_refused_or_left_out() {
    let tiny = |index: usize| json!({"name": format!("@cf/a/m{index}")});
    let many: Vec<Value> = (0..100_001).map(tiny).collect();
    assert!(check(&json!({ "models": many })).unwrap_err().contains("100001 models, more than 100000"));

    let mut wide = one();
    wide["models"][0]["properties"] =
        (0..100_000).map(|index| json!({"property_id": format!("p{index}"), "value": "x"})).collect();
    let _ = check(&wide);

    let properties: Map<String, Value> = (0..100_000).map(|index| (format!("p{index}"), json!({}))).collect();
    let mut wide = one();
    wide["models"][0]["schema"]["input"]["properties"] = Value::Object(properties);
    let _ = check(&wide);

    let mut long = one();
    long["models"][0]["name"] = json!("@cf/a/".to_owned() + &"x".repeat(1 << 20));
    long["models"][0]["task"]["name"] = json!("x ".repeat(1 << 20));
    let _ = check(&long);

    let reason = format!("{:#}", xtask::rehearse(&vec![b' '; (64 << 20) + 1]).unwrap_err());
    assert!(reason.contains("larger than 64 MB"), "{reason}");
    let reason = format!("{:#}", xtask::rehearse("[".repeat(1 << 20).as_bytes()).unwrap_err());
    assert!(reason.contains("nested too deeply"), "{reason}");
}
