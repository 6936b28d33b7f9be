//! Reads a JSON Schema into a [`Shape`], naming every place it cannot follow.

mod beside;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use self::beside::{arms_of, distribute, merge, weight};
use crate::pointer::Pointer;
use crate::problem::{Problem, Problems};
use crate::shape::{Bounds, Fields, Kind, Lengths, Rest, Shape};

/// Deeper nesting than this is refused: no real schema comes near it, and recursion must end.
const MAX_DEPTH: usize = 64;
/// Objects with more fields than this are refused.
const MAX_PROPERTIES: usize = 2_000;
/// Enumerations with more values, and unions with more arms than these are refused. (Seen: 40 and 6.)
const MAX_VALUES: usize = 1_000;
const MAX_ARMS: usize = 200;
/// Names, titles and values are identifiers in Rust; longer ones are refused. (Seen: 31 bytes.)
const MAX_NAME: usize = 200;
/// Schemas with more parts are refused, what stands beside a union counted once for each arm. (Seen: 821.)
const MAX_PARTS: usize = 50_000;
/// More complaints than these about one schema are not collected.
const MAX_PROBLEMS: usize = 100;

/// The shape of a published schema, or every reason why there is none.
pub(crate) fn published(schema: &Value) -> Result<Shape, Problems> {
    Reader::new(false).whole(schema)
}

/// The shape of a schema of a canonical document, which may name Rust types.
pub(crate) fn shape(schema: &Value) -> Result<Shape, Problems> {
    Reader::new(true).whole(schema)
}

struct Reader {
    problems: Problems,
    /// Only this project's own documents may name Rust types: a feed is somebody else's text.
    canonical: bool,
    /// How many parts there may still be; `None` once there were too many.
    parts_left: Option<usize>,
}

impl Reader {
    fn new(canonical: bool) -> Self {
        Self { problems: Problems::default(), canonical, parts_left: Some(MAX_PARTS) }
    }

    fn whole(mut self, schema: &Value) -> Result<Shape, Problems> {
        let shape = self.read(schema, Pointer::ROOT, 0);
        self.problems.into_result(shape)
    }

    fn complain(&mut self, pointer: Pointer<'_>, reason: impl Into<String>) -> Shape {
        if self.problems.0.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(&pointer.to_string(), reason));
        }
        Shape::new(Kind::Any)
    }

    /// Whether there may be so many parts more; where not, that is a problem of the whole schema, told once.
    fn afford(&mut self, parts: usize) -> bool {
        let Some(left) = self.parts_left else { return false };
        self.parts_left = left.checked_sub(parts);
        if self.parts_left.is_none() {
            self.complain(Pointer::ROOT, format!("more than {MAX_PARTS} parts"));
        }
        self.parts_left.is_some()
    }

    fn is_short(&mut self, name: &str, pointer: Pointer<'_>) -> bool {
        let short = name.len() <= MAX_NAME;
        if !short {
            self.complain(pointer, format!("a name of {} bytes, more than {MAX_NAME}", name.len()));
        }
        short
    }

    fn read(&mut self, schema: &Value, pointer: Pointer<'_>, depth: usize) -> Shape {
        if depth > MAX_DEPTH {
            return self.complain(pointer, format!("nested deeper than {MAX_DEPTH} levels"));
        }
        if !self.afford(1) {
            return Shape::new(Kind::Any);
        }
        let schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(true) => return Shape::new(Kind::Any),
            Value::Bool(false) => return self.complain(pointer, "`false` as a schema allows nothing"),
            other => return self.complain(pointer, format!("a schema must be an object, not {}", kind_of(other))),
        };
        for keyword in schema.keys() {
            let known = is_known(keyword) && (self.canonical || !keyword.starts_with("x-"));
            if !known && !is_prose(keyword) {
                self.complain(
                    pointer.child(keyword),
                    format!("keyword `{}` is not understood", keyword.escape_debug()),
                );
            }
        }
        let kind = self.kind(schema, pointer, depth);
        let title = self.text(schema, "title", pointer);
        Shape {
            kind,
            title: title.filter(|title| self.is_short(title, pointer.child("title"))),
            default: schema.get("default").filter(|default| !default.is_null()).cloned(),
            rust: self.path(schema, "x-rust", pointer).or_else(|| base64(schema)),
            into: self.path(schema, "x-into", pointer),
            content_type: self.text(schema, "contentType", pointer),
            nullable: is_nullable(schema),
        }
    }

    fn kind(&mut self, schema: &Map<String, Value>, pointer: Pointer<'_>, depth: usize) -> Kind {
        let own = self.own_kind(schema, pointer, depth);
        let mut kind = own;
        for keyword in ["oneOf", "anyOf"] {
            if let Some(arms) = schema.get(keyword) {
                let arms = self.arms(arms, pointer.child(keyword), depth);
                if self.afford(weight(&kind).saturating_mul(arms.len())) {
                    kind = distribute(kind, arms);
                }
            }
        }
        if let Some(parts) = schema.get("allOf") {
            for part in self.arms(parts, pointer.child("allOf"), depth) {
                if self.afford(weight(&kind).saturating_mul(arms_of(&part.kind))) {
                    kind = merge(kind, part.kind);
                }
            }
        }
        kind
    }

    fn arms(&mut self, arms: &Value, pointer: Pointer<'_>, depth: usize) -> Vec<Shape> {
        let Value::Array(arms) = arms else {
            self.complain(pointer, format!("must be an array of schemas, not {}", kind_of(arms)));
            return Vec::new();
        };
        if arms.is_empty() {
            self.complain(pointer, "an empty union allows nothing");
        }
        if arms.len() > MAX_ARMS {
            self.complain(pointer, format!("{} arms, more than {MAX_ARMS}", arms.len()));
            return Vec::new();
        }
        arms.iter()
            .enumerate()
            .filter(|(_, arm)| !is_null(arm))
            .map(|(index, arm)| self.read(arm, pointer.item(index), depth + 1))
            .collect()
    }

    /// The kind that the keywords beside any union describe.
    fn own_kind(&mut self, schema: &Map<String, Value>, pointer: Pointer<'_>, depth: usize) -> Kind {
        if let Some(value) = schema.get("const") {
            return self.choice(std::slice::from_ref(value), pointer.child("const"));
        }
        if let Some(values) = schema.get("enum") {
            return match values {
                Value::Array(values) => self.choice(values, pointer.child("enum")),
                other => self.complain(pointer.child("enum"), format!("must be an array, not {}", kind_of(other))).kind,
            };
        }
        let mut types = Vec::new();
        match schema.get("type") {
            None if schema.contains_key("properties")
                || schema.contains_key("additionalProperties")
                || schema.contains_key("required") =>
            {
                types.push("object");
            }
            None if schema.contains_key("items") => types.push("array"),
            None => {}
            Some(Value::String(name)) => types.push(name.as_str()),
            Some(Value::Array(names)) => {
                for name in names {
                    match name.as_str() {
                        Some("null") => {}
                        Some(name) => types.push(name),
                        None => {
                            self.complain(pointer.child("type"), "type names must be strings");
                        }
                    }
                }
            }
            Some(other) => {
                self.complain(pointer.child("type"), format!("must be a string or an array, not {}", kind_of(other)));
            }
        }
        let mut kinds: Vec<Kind> = types.iter().map(|name| self.typed(name, schema, pointer, depth)).collect();
        match kinds.len() {
            0 => Kind::Any,
            1 => kinds.swap_remove(0),
            _ => Kind::Union(kinds.into_iter().map(Shape::new).collect()),
        }
    }

    fn typed(&mut self, name: &str, schema: &Map<String, Value>, pointer: Pointer<'_>, depth: usize) -> Kind {
        match name {
            "boolean" => Kind::Boolean(None),
            "integer" => Kind::Integer(self.bounds(schema, pointer)),
            "number" => Kind::Number(self.bounds(schema, pointer)),
            "string" if schema.get("format").and_then(Value::as_str) == Some("binary") => Kind::Binary,
            "string" => Kind::Text {
                length: self.lengths(schema, ["minLength", "maxLength"], pointer),
                pattern: self.text(schema, "pattern", pointer),
            },
            "array" => Kind::List {
                items: Box::new(match schema.get("items") {
                    Some(items) => self.read(items, pointer.child("items"), depth + 1),
                    None => Shape::new(Kind::Any),
                }),
                length: self.lengths(schema, ["minItems", "maxItems"], pointer),
            },
            "object" => Kind::Object(self.fields(schema, pointer, depth)),
            "null" => Kind::Any,
            other => {
                self.complain(pointer.child("type"), format!("type `{}` is not understood", other.escape_debug())).kind
            }
        }
    }

    fn fields(&mut self, schema: &Map<String, Value>, pointer: Pointer<'_>, depth: usize) -> Fields {
        let mut properties = BTreeMap::new();
        match schema.get("properties") {
            None => {}
            Some(Value::Object(published)) if published.len() > MAX_PROPERTIES => {
                self.complain(
                    pointer.child("properties"),
                    format!("{} properties, more than {MAX_PROPERTIES}", published.len()),
                );
            }
            Some(Value::Object(published)) => {
                let within = pointer.child("properties");
                for (name, property) in published {
                    let pointer = within.child(name.get(..MAX_NAME).unwrap_or(name));
                    if self.is_short(name, within) && !is_null(property) {
                        properties.insert(name.clone(), self.read(property, pointer, depth + 1));
                    }
                }
            }
            Some(other) => {
                self.complain(pointer.child("properties"), format!("must be an object, not {}", kind_of(other)));
            }
        }
        let mut required = BTreeSet::new();
        match schema.get("required") {
            None => {}
            Some(Value::Array(names)) => {
                for name in names {
                    match name.as_str() {
                        Some(name) if self.is_short(name, pointer.child("required")) => {
                            required.insert(name.to_owned());
                            properties.entry(name.to_owned()).or_insert_with(|| Shape::new(Kind::Any));
                        }
                        Some(_) => {}
                        None => {
                            self.complain(pointer.child("required"), "names must be strings");
                        }
                    }
                }
            }
            Some(other) => {
                self.complain(pointer.child("required"), format!("must be an array, not {}", kind_of(other)));
            }
        }
        let rest = match schema.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Rest::Unsaid,
            Some(Value::Bool(false)) => Rest::Closed,
            Some(other) => Rest::Of(Box::new(self.read(other, pointer.child("additionalProperties"), depth + 1))),
        };
        Fields { properties, required, rest }
    }

    fn choice(&mut self, values: &[Value], pointer: Pointer<'_>) -> Kind {
        if values.len() > MAX_VALUES {
            return self.complain(pointer, format!("{} values, more than {MAX_VALUES}", values.len())).kind;
        }
        let mut strings = Vec::new();
        let mut booleans = BTreeSet::new();
        for value in values {
            match value {
                Value::String(value) if !self.is_short(value, pointer) => {}
                Value::String(value) if strings.contains(value) => {}
                Value::String(value) => strings.push(value.clone()),
                Value::Bool(value) => {
                    booleans.insert(*value);
                }
                Value::Null => {}
                other => {
                    self.complain(
                        pointer,
                        format!("only strings and booleans can be enumerated, not {}", kind_of(other)),
                    );
                }
            }
        }
        match (strings.is_empty(), booleans.len()) {
            (false, 0) => Kind::Choice(strings),
            (true, 1) => Kind::Boolean(booleans.first().copied()),
            (true, 2) => Kind::Boolean(None),
            (true, _) => self.complain(pointer, "an empty enumeration allows nothing").kind,
            (false, _) => self.complain(pointer, "strings and booleans are enumerated together").kind,
        }
    }

    fn bounds(&mut self, schema: &Map<String, Value>, pointer: Pointer<'_>) -> Bounds {
        let bounds =
            Bounds { min: self.float(schema, "minimum", pointer), max: self.float(schema, "maximum", pointer) };
        if let (Some(min), Some(max)) = (bounds.min, bounds.max)
            && min > max
        {
            self.complain(pointer, format!("minimum {min} is above maximum {max}"));
        }
        bounds
    }

    fn lengths(&mut self, schema: &Map<String, Value>, names: [&str; 2], pointer: Pointer<'_>) -> Lengths {
        let [min, max] = names.map(|name| match schema.get(name) {
            None => None,
            Some(value) => {
                match value.as_f64().filter(|length| length.fract() == 0.0 && (0.0..9e15).contains(length)) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "whole, not negative, below 2^53"
                    )]
                    Some(length) => Some(length as u64),
                    None => {
                        self.complain(pointer.child(name), "must be a whole number, zero or more");
                        None
                    }
                }
            }
        });
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.complain(pointer, format!("least length {min} is above greatest length {max}"));
        }
        Lengths { min, max }
    }

    fn float(&mut self, schema: &Map<String, Value>, name: &str, pointer: Pointer<'_>) -> Option<f64> {
        let value = schema.get(name)?;
        let float = value.as_f64().filter(|float| float.is_finite());
        if float.is_none() {
            self.complain(pointer.child(name), format!("must be a number, not {}", kind_of(value)));
        }
        float
    }

    /// The path of a Rust type or trait: it is written out as it stands.
    fn path(&mut self, schema: &Map<String, Value>, name: &str, pointer: Pointer<'_>) -> Option<String> {
        let path = self.text(schema, name, pointer)?;
        if !is_path(&path) {
            self.complain(pointer.child(name), format!("`{}` is no path of Rust", path.escape_debug()));
            return None;
        }
        Some(path)
    }

    fn text(&mut self, schema: &Map<String, Value>, name: &str, pointer: Pointer<'_>) -> Option<String> {
        match schema.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.complain(pointer.child(name), format!("must be a string, not {}", kind_of(other)));
                None
            }
        }
    }
}

/// Whether a keyword is understood.
fn is_known(keyword: &str) -> bool {
    matches!(
        keyword,
        "type"
            | "properties"
            | "required"
            | "additionalProperties"
            | "items"
            | "oneOf"
            | "anyOf"
            | "allOf"
            | "enum"
            | "const"
            | "default"
            | "title"
            | "format"
            | "pattern"
            | "minLength"
            | "maxLength"
            | "minimum"
            | "maximum"
            | "minItems"
            | "maxItems"
            | "contentType"
            | "nullable"
            | "contentEncoding"
            | "x-into"
            | "x-rust"
    )
}

/// Whether a keyword says nothing about the shape.
fn is_prose(keyword: &str) -> bool {
    matches!(
        keyword,
        "description" | "$comment" | "examples" | "example" | "$schema" | "$id" | "deprecated" | "contentMediaType"
    )
}

#[cfg(feature = "emit")]
fn is_path(text: &str) -> bool {
    matches!(syn::parse_str(text), Ok(syn::Type::Path(_)))
}

/// Without the generator nothing is written out.
#[cfg(not(feature = "emit"))]
fn is_path(_: &str) -> bool {
    true
}

/// Text that carries bytes has a type of its own.
fn base64(schema: &Map<String, Value>) -> Option<String> {
    let encoding = schema.get("contentEncoding").and_then(Value::as_str)?;
    (encoding == "base64").then(|| "::workers_ai_client::Base64".to_owned())
}

fn is_nullable(schema: &Map<String, Value>) -> bool {
    let lists_null = |keyword: &str, null: &dyn Fn(&Value) -> bool| {
        schema.get(keyword).and_then(Value::as_array).is_some_and(|items| items.iter().any(null))
    };
    schema.get("nullable") == Some(&Value::Bool(true))
        || lists_null("anyOf", &is_null)
        || lists_null("oneOf", &is_null)
        || lists_null("type", &|name| name == "null")
        || lists_null("enum", &Value::is_null)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
