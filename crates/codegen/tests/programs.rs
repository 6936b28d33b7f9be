//! Requests given as JSON, written as a programmer would: which expression each value becomes, and what is left to JSON.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use workers_ai_codegen::{Modality, load, program};

/// What `everything` requires, and how it is written.
const NEW: &str = "everything::Request::new(\"p\", [\"c\"], everything::Audience::All, everything::Place::new(1, 2), \
                   lit!(everything::Zeal, 5))";

static HOUSE: LazyLock<Modality> =
    LazyLock::new(|| load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/house-models")).unwrap());

/// Without the lines and spaces that layout puts in.
fn flat(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.replace("( ", "(").replace("[ ", "[").replace(" .", ".").replace(" ?", "?");
    words.replace(", )", ")").replace(", ]", "]").replace(" )", ")").replace(" ]", "]")
}

/// The request and what is done with it.
fn body(id: &str, request: &Value, stream: bool) -> String {
    let text = program(&HOUSE, &format!("@acme/{id}"), request, stream).unwrap();
    let (_, body) = text.split_once("let request = ").unwrap();
    flat(body.split_once("\n    Ok(())").unwrap().0)
}

#[track_caller]
fn check(id: &str, request: Value, expected: &str) {
    let body = body(id, &request, false);
    let (written, call) = body.split_once("; let reply = ").unwrap();
    let (call, _) = call.split_once(".await?;").unwrap();
    let plain = format!("client.house_models().{}(request)", id.replace('-', "_"));
    let beside = call.strip_prefix(&plain).unwrap();
    assert_eq!(
        format!("{written}{}", if beside.is_empty() { String::new() } else { format!(" … {beside}") }),
        expected,
        "{request}"
    );
}

/// One field more than `everything` requires: `expected` is what follows the constructor.
#[track_caller]
fn check_field(name: &str, value: Value, expected: &str) {
    let mut request =
        json!({"prompt": "p", "contexts": ["c"], "audience": "all", "place": {"x": 1, "y": 2}, "zeal": 5});
    request[name] = value;
    check("everything", request, &format!("{NEW}{expected}"));
}

#[test]
fn numbers_are_checked_where_they_are_written() {
    check_field("whole", json!(7), ".whole(7)");
    check_field("whole", json!(-7), ".whole(-7)");
    check_field("whole", json!(3_000_000_000_i64), ".whole(3000000000i64)");
    check_field("whole", json!(1.5), " … .set(\"whole\", json!(1.5))");
    check_field("plain", json!(2), ".plain(2.0)");
    check_field("finer", json!(0.25), ".finer(0.25)");
    check_field("at_least", json!(3), ".at_least(lit!(everything::AtLeast, 3))");
    check_field("at_most", json!(-3), ".at_most(lit!(everything::AtMost, -3))");
    check_field("share", json!(1), ".share(lit!(everything::Share, 1.0))");
    check_field("below", json!(-0.25), ".below(lit!(everything::Below, -0.25))");
    check_field("below", json!(-2), ".below(lit!(everything::Below, -2.0))");
    check_field("request", json!(1), ".request(lit!(everything::RequestParameter, 1))");
    check_field("everything", json!(1), ".everything(lit!(everything::EverythingParameter, 1))");
    check_field("share", json!("much"), " … .set(\"share\", json!(\"much\"))");
}

#[test]
fn words_and_flags_are_literals() {
    check_field("name", json!("a \"b\""), r#".name("a \"b\"")"#);
    check_field("short", json!("ab"), ".short(\"ab\")");
    check_field("name", json!(1), " … .set(\"name\", json!(1))");
    check_field("switch", json!(true), ".switch(true)");
    check_field("switch", json!("true"), " … .set(\"switch\", json!(\"true\"))");
    check_field("sign", json!("+"), ".sign(everything::Sign::Plus)");
    check_field("sign", json!("3d"), ".sign(everything::Sign::Value3d)");
    check_field("sign", json!("A-B"), ".sign(everything::Sign::AB2)");
    check_field("sign", json!("*"), " … .set(\"sign\", json!(\"*\"))");
    check_field("settled", json!(true), " … .set(\"settled\", json!(true))");
}

#[test]
fn fields_are_set_by_their_names_in_rust() {
    check_field("3d", json!("x"), ".field3d(\"x\")");
    check_field("a-b", json!("x"), ".a_b(\"x\")");
    check_field("a_b", json!("x"), ".a_b_2(\"x\")");
    check_field("gen", json!(true), ".gen_(true)");
    check_field("new", json!(1), ".new_(1)");
    check_field("type", json!("x"), ".type_(\"x\")");
    check_field("sillage", json!([1, null]), " … .set(\"sillage\", json!([1, null]))");
}

#[test]
fn what_is_null_is_not_sent_and_what_is_fixed_is_not_said() {
    check_field("name", Value::Null, "");
    check_field("fixed", json!("only this"), "");
    check_field("sole", json!("x"), ".sole(everything::Sole::X)");
    // A value that the type cannot have leaves the whole request to JSON.
    let request = json!({"prompt": "p", "contexts": ["c"], "audience": "all", "place": {"x": 1, "y": 2}, "zeal": 5, "fixed": "that"});
    let body = body("everything", &request, false);
    assert!(body.starts_with("serde_json::from_value::<everything::Request>(json!({"), "{body}");
    assert!(body.contains("\"fixed\": \"that\"") && !body.contains("lit!"), "{body}");
}

#[test]
fn a_request_without_what_is_required_is_left_to_json() {
    check("embedder", json!({"left": "a"}), "serde_json::from_value::<embedder::Request>(json!({\"left\": \"a\"}))?");
    check("painter", json!({"width": 512}), "serde_json::from_value::<painter::Request>(json!({\"width\": 512}))?");
    check(
        "vectorist",
        json!({"text": "t", "agreed": true}),
        "serde_json::from_value::<vectorist::Request>(json!({\"agreed\": true, \"text\": \"t\"}))?",
    );
    // `stream` is said by the method.
    check(
        "painter",
        json!({"stream": true, "prompt": 1}),
        "serde_json::from_value::<painter::Request>(json!({\"prompt\": 1}))?",
    );
}

#[test]
fn lists_take_what_their_items_are_made_from() {
    check_field("stories", json!(["a", "b"]), ".stories([\"a\", \"b\"])");
    check_field("tags", json!(["a"]), ".tags(vec![\"a\".into()])");
    check_field("numbers", json!([1, 2]), ".numbers(vec![1, 2])");
    check_field(
        "spots",
        json!([{"x": 1.5}, {"x": 2}]),
        ".spots([everything::Spot::new(1.5), everything::Spot::new(2.0)])",
    );
    check_field("states", json!(["up"]), ".states(vec![everything::State::Up])");
    check_field("numbers", json!([1, "2"]), " … .set(\"numbers\", json!([1, \"2\"]))");
    // The compiler could not tell of what an empty list is.
    check_field("tags", json!([]), " … .set(\"tags\", json!([]))");
    check_field("text_or_texts", json!("a"), ".text_or_texts(\"a\")");
    check_field("text_or_texts", json!(["a", "b"]), ".text_or_texts([\"a\", \"b\"])");
}

#[test]
fn objects_have_constructors_and_setters_of_their_own() {
    check_field(
        "points",
        json!([{"x": 3, "y": 4, "mode": "near"}]),
        ".points(vec![everything::Place::new(3, 4).mode(everything::PlaceMode::Near)])",
    );
    check_field(
        "spots",
        json!([{"x": 1, "kind": "spot", "label": "l", "y": 0.5}]),
        ".spots([everything::Spot::new(1.0).label(\"l\").y(lit!(0.5))])",
    );
    check_field("spots", json!([{"x": 1, "label": null}]), ".spots([everything::Spot::new(1.0)])");
    for refused in [
        json!({"x": 1, "kind": "blot"}),
        json!({"x": 1, "z": 2}),
        json!({"x": 1, "y": "half"}),
        json!({"label": "l"}),
        json!("spot"),
    ] {
        check_field("spots", json!([refused]), &format!(" … .set(\"spots\", json!([{}]))", shown(&refused)));
    }
    check_field(
        "table",
        json!({"a": 1, "b": 2.5}),
        ".table(std::collections::BTreeMap::from([(\"a\".to_owned(), 1.0), (\"b\".to_owned(), 2.5)]))",
    );
    check_field("anything", json!({"a": [1]}), ".anything(json!({\"a\": [1]}))");
    check_field("options", json!({"a": 1}), " … .set(\"options\", json!({\"a\": 1}))");
}

fn shown(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[test]
fn the_arm_of_a_union_is_found_by_what_tells_it() {
    check_field("either", json!({"name": "n"}), ".either(everything::ByName::new(\"n\"))");
    check_field("either", json!({"id": 1, "at": "a"}), ".either(everything::At::new(\"a\", 1))");
    check_field("either", json!("t"), ".either(everything::Either::Text(\"t\".into()))");
    check_field("either", json!(1), ".either(everything::Either::Number(1.0))");
    check_field("either", json!(true), ".either(everything::Either::Flag(true))");
    check_field("either", json!([1]), ".either(everything::Either::List(vec![1]))");
    check_field("either", json!({"id": 1}), " … .set(\"either\", json!({\"id\": 1}))");
    check_field("tagged", json!({"type": "picture", "url": "u"}), ".tagged(everything::Picture::new(\"u\"))");
    check_field("tagged", json!({"type": "sound", "seconds": 3}), ".tagged(everything::Sound::new().seconds(3))");
    check_field("tagged", json!({"type": "smell"}), " … .set(\"tagged\", json!({\"type\": \"smell\"}))");
    check_field("loose", json!({"right": "r"}), ".loose(everything::Right::new().right(\"r\"))");
    check_field("loose", json!({"left": "l", "both": "b"}), ".loose(everything::Left::new().both(\"b\").left(\"l\"))");
    check_field("loose", json!({"both": "b"}), " … .set(\"loose\", json!({\"both\": \"b\"}))");
    check_field("free", json!("t"), ".free(everything::Free::Text(\"t\".into()))");
    check_field("free", json!(1), ".free(everything::Free::Whatever(json!(1)))");
    check_field(
        "nested",
        json!({"inner": 2}),
        ".nested(everything::NestedObject::new(everything::NestedItem::Number(2.0)))",
    );
    check_field(
        "nested",
        json!(["i"]),
        ".nested(everything::Nested::List(vec![everything::NestedItem::Text(\"i\".into())]))",
    );
    check_field(
        "eithers",
        json!(["t", {"name": "n"}]),
        ".eithers([everything::RequestEither::Text(\"t\".into()), everything::RequestEither::ByName(everything::ByName::new(\"n\"))])",
    );
    // Two arms of one type: neither converts by itself.
    check_field("patterns", json!("abc"), ".patterns(everything::Patterns::Word(\"abc\".into()))");
}

#[test]
fn bytes_are_read_from_files() {
    let long = format!("{}.png", "x".repeat(252));
    let longest = long.get(1..).unwrap();
    for (field, given, file) in [
        ("encoded", "clip.gif", "clip.gif"),
        ("encoded", "", "picture.png"),
        ("encoded", "YWJj", "picture.png"),
        ("encoded", "data:image/png;base64,YS5i", "picture.png"),
        ("encoded", "data:a.b", "picture.png"),
        ("encoded", long.as_str(), "picture.png"),
        ("encoded", longest, longest),
        ("audio", "", "speech.mp3"),
        ("mask", "", "mask.png"),
        ("bytes", "", "picture.png"),
    ] {
        check_field(field, json!(given), &format!(".{field}(std::fs::read(\"{file}\")?)"));
    }
    check_field("bytes", json!([1, 2]), ".bytes(std::fs::read(\"picture.png\")?)");
    check(
        "hearer",
        json!({"audio": "a.wav", "rate": "16000"}),
        "hearer::Request::new(std::fs::read(\"a.wav\")?, 16000u64)",
    );
    check(
        "hearer",
        json!({"audio": "a.wav", "rate": 8000}),
        "hearer::Request::new(std::fs::read(\"a.wav\")?, 8000u64)",
    );
}

#[test]
fn a_form_is_chosen_that_knows_all_fields() {
    check("chooser", json!({"left": "l"}), "chooser::Request::bit(\"l\")");
    // It is a bit, too.
    check("chooser", json!({"left": "l", "right": "r"}), "chooser::Request::both(\"l\", \"r\")");
    check("reader", json!({"url": "u"}), "reader::Request::url(\"u\")");
    check("reader", json!({"text": "t", "depth": 2}), "reader::Request::text(\"t\").depth(2)");
    check(
        "embedder",
        json!({"left": "l", "right": "r", "place": {"x": 1, "y": 2}}),
        "embedder::Request::pair(\"l\", \"r\").place(embedder::Place::new(1, 2))",
    );
    // Both pass; the first does not know `raw`.
    check(
        "talker",
        json!({"prompt": "p", "messages": [{"role": "user", "content": "u"}], "raw": true}),
        "talker::Request::messages([Message::user(\"u\")]) … .set(\"prompt\", json!(\"p\")).set(\"raw\", json!(true))",
    );
    check("talker", json!({"prompt": "p", "raw": true}), "talker::Request::prompt(\"p\").raw(true)");
    check(
        "embedder",
        json!({"text": "t", "sillage": 1}),
        "embedder::Request::texts(\"t\") … .set(\"sillage\", json!(1))",
    );
    check("quiet", json!({"kind": "spot"}), "serde_json::from_value::<quiet::Request>(json!({\"kind\": \"spot\"}))?");
}

#[test]
fn answers_are_shown_as_their_kind_asks_for() {
    let shown = |id: &str, request: Value, stream: bool| {
        let body = body(id, &request, stream);
        body.split_once("await?").unwrap().1.trim_start_matches(';').trim().to_owned()
    };
    let talk = json!({"prompt": "p"});
    assert_eq!(shown("talker", talk.clone(), false), "println!(\"{}\", reply.text());");
    assert_eq!(
        shown("painter", json!({"prompt": "p"}), false),
        "reply.save(format!(\"reply.{}\", reply.extension()))?;"
    );
    assert_eq!(shown("reader", json!({"url": "u"}), false), "println!(\"{reply:?}\");");
    assert_eq!(
        shown("talker", talk, true),
        "while let Some(chunk) = chunks.try_next().await? { print!(\"{}\", chunk.text()); }"
    );
    assert_eq!(
        shown("everything", json!({}), true),
        "while let Some(chunk) = chunks.try_next().await? { println!(\"{chunk:?}\"); }"
    );
}

#[test]
fn a_program_brings_into_scope_what_it_needs_and_nothing_else() {
    let scope = |id: &str, request: Value| {
        let text = program(&HOUSE, &format!("@acme/{id}"), &request, false).unwrap();
        flat(text.split_once("#[tokio::main]").unwrap().0)
    };
    assert_eq!(
        scope("reader", json!({"url": "u"})),
        "use workers_ai::{Client, prelude::*, house_models::{reader}};".replace("::{reader}", "::reader")
    );
    assert_eq!(
        scope("painter", json!({"prompt": "p", "width": 512, "odd": 1})),
        "use workers_ai::{Client, lit, prelude::*, house_models::painter}; use serde_json::json;"
    );
    assert_eq!(
        scope("talker", json!({"messages": [{"role": "user", "content": "u"}], "tool_choice": "auto"})),
        "use workers_ai::{Client, prelude::*, house_models::{Message, ToolChoice, talker}};"
    );
    // What was begun before the request was left to JSON is not needed.
    assert_eq!(
        scope(
            "talker",
            json!({"messages": [{"role": "user", "content": "u"}, {"role": "nobody", "content": "u"}], "temperature": 1})
        ),
        "use workers_ai::{Client, prelude::*, house_models::talker}; use serde_json::json;"
    );
    assert_eq!(
        scope("talker-0", json!({"prompt": "p"})),
        "// needs the feature `retired` of workers-ai use workers_ai::{Client, prelude::*, house_models::talker_0};"
    );
}

#[test]
fn what_cannot_be_written_says_why() {
    let refused = |id: &str, stream: bool| program(&HOUSE, id, &json!({}), stream).unwrap_err().to_string();
    assert_eq!(refused("@acme/nobody", false), "@acme/nobody: there are no types for this model");
    assert_eq!(refused("@acme/mystery", false), "@acme/mystery: there are no types for this model");
    assert_eq!(refused("@acme/painter", true), "@acme/painter: this model does not stream");
    assert!(program(&HOUSE, "@acme/painter", &json!({}), false).is_ok());
}
