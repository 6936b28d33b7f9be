//! Words that have made trouble somewhere, and any JSON made of them.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Names with quotes, comment ends, control and bidirectional characters, keywords, and names the generator uses itself.
pub(crate) const NAMES: &[&str] = &[
    "\"] pub fn injected() {} #[doc = \"",
    "*/ pub fn injected() {} /*",
    "\n} pub fn injected() {} mod x {\n",
    "\r\npub fn injected() {}",
    "../../../elsewhere",
    "r#injected",
    "r#type",
    "type",
    "self",
    "Self",
    "crate",
    "super",
    "_",
    "async",
    "gen",
    "try",
    "yield",
    "dyn",
    "union",
    "",
    " ",
    "-",
    "$$",
    "@@",
    "0",
    "0x0",
    "9lives",
    "\u{202e}desrever\u{202c}",
    "\u{2066}if isolated\u{2069}",
    "\u{200b}",
    "\0",
    "\u{7}",
    "\u{feff}",
    "naïve",
    "\u{1d4b6}",
    "語",
    "🦀",
    "a'b",
    "a`b",
    "a|b",
    "{}",
    "{placed}",
    "#{placed}",
    "\\",
    "\\\"",
    "\"#ended",
    "//! remark",
    "/// remark",
    "#![attribute]",
    "include!(\"injected\")",
    "Def00000",
    "f0000",
    "V0000",
    "Ext00000",
    "Request",
    "Reply",
    "Chunk",
    "error",
    "prelude",
    "Vec",
    "Option",
    "Result",
    "String",
    "ID",
    "INFO",
    "AModel",
    "a_model",
    "ATask",
    "new",
    "client",
    "serde",
    "Unknown",
    "None",
    "Some",
    "Default",
    "Serialize",
    "extra",
    "stream",
    "requests",
    "requests[0]",
    "::std::process::exit(1)",
    "crate::injected",
];

/// Any JSON at all.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(NAMES).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(NAMES), inner), 0..4)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// JSON that looks like a schema, with anything where a value belongs.
pub(super) fn any_schema() -> impl Strategy<Value = Value> {
    let types = proptest::sample::select(&["object", "array", "string", "number", "integer", "boolean", "null"][..]);
    let leaf = prop_oneof![
        4 => types.prop_map(|name| json!({ "type": name })),
        2 => proptest::collection::vec(proptest::sample::select(NAMES), 1..4).prop_map(|values| json!({ "enum": values })),
        2 => (any::<i32>(), any::<u16>()).prop_map(|(low, more)| json!({"type": "integer", "minimum": low, "maximum": i64::from(low) + i64::from(more)})),
        1 => (0.0..1.0).prop_map(|low: f64| json!({"type": "number", "minimum": low})),
        1 => (0_u32..9, 0_u32..99).prop_map(|(least, more)| json!({"type": "string", "minLength": least, "maxLength": least + more})),
        1 => Just(json!({"type": "string", "format": "binary"})),
        1 => any_json(),
    ];
    leaf.prop_recursive(5, 48, 5, |inner| {
        let members = proptest::collection::vec((proptest::sample::select(NAMES), inner.clone()), 0..5)
            .prop_map(|members| members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect::<Value>());
        let titled = (proptest::sample::select(NAMES), inner.clone()).prop_map(|(title, mut schema)| {
            if let Value::Object(members) = &mut schema {
                members.insert("title".to_owned(), json!(title));
            }
            schema
        });
        prop_oneof![
            4 => (members, proptest::collection::vec(proptest::sample::select(NAMES), 0..3))
                .prop_map(|(properties, required)| json!({"type": "object", "properties": properties, "required": required})),
            2 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            2 => proptest::collection::vec(titled.clone(), 1..4).prop_map(|arms| json!({ "oneOf": arms })),
            1 => proptest::collection::vec(titled, 1..3).prop_map(|arms| json!({"type": "object", "anyOf": arms})),
            1 => inner.prop_map(|rest| json!({"type": "object", "additionalProperties": rest})),
        ]
    })
}
