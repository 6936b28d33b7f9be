//! The small set of shapes that every published schema is reduced to.

use std::collections::{BTreeMap, BTreeSet};
#[cfg(feature = "emit")]
use std::fmt::{self, Write as _};

use serde_json::{Map, Value, json};

/// A shape with what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What values look like.
    pub kind: Kind,
    /// The published title; kept because it names an arm of a union.
    pub title: Option<String>,
    /// The published default: a fact for documentation, never payload.
    pub default: Option<Value>,
    /// Path of a hand-written Rust type that carries this shape.
    pub rust: Option<String>,
    /// Path of a trait that converts into the Rust type, in the place of `Into`.
    pub into: Option<String>,
    /// Content type of a reply, where one is published.
    pub content_type: Option<String>,
    /// The published schema also allows null, which canonical schemas do not repeat.
    pub nullable: bool,
}

/// What values of a shape look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing is known.
    Any,
    /// `true` or `false`, or only one of them.
    Boolean(Option<bool>),
    /// A whole number within bounds.
    Integer(Bounds),
    /// A number within bounds.
    Number(Bounds),
    /// Text within length bounds, perhaps with a pattern.
    Text {
        /// Fewest and most characters.
        length: Lengths,
        /// Regular expression that the text must match somewhere.
        pattern: Option<String>,
    },
    /// Raw bytes.
    Binary,
    /// One of a list of strings, in published order.
    Choice(Vec<String>),
    /// A list of one shape.
    List {
        /// Shape of every item.
        items: Box<Shape>,
        /// Fewest and most items.
        length: Lengths,
    },
    /// Named fields.
    Object(Fields),
    /// One of several shapes.
    Union(Vec<Shape>),
}

/// Inclusive numeric bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Smallest allowed value.
    pub min: Option<f64>,
    /// Largest allowed value.
    pub max: Option<f64>,
}

/// Inclusive length bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Fewest.
    pub min: Option<u64>,
    /// Most.
    pub max: Option<u64>,
}

/// The fields of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// Shape by wire name.
    pub properties: BTreeMap<String, Shape>,
    /// Wire names that must be present.
    pub required: BTreeSet<String>,
    /// What else may be there.
    pub rest: Rest,
}

/// What an object may hold beside its named fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rest {
    /// Anything; the published schema does not say.
    #[default]
    Unsaid,
    /// Nothing.
    Closed,
    /// Values of one shape.
    Of(Box<Shape>),
}

#[cfg(feature = "emit")]
/// Which way values of a definition travel; requests are closed and exact, replies open and lenient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Request,
    Reply,
}

impl Shape {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, title: None, default: None, rust: None, into: None, content_type: None, nullable: false }
    }

    /// The same shape carried by a hand-written Rust type.
    pub(crate) fn carried_by(mut self, rust: &str) -> Self {
        self.rust = Some(rust.to_owned());
        self
    }

    /// The fields, if this is an object.
    #[must_use]
    pub fn fields(&self) -> Option<&Fields> {
        match &self.kind {
            Kind::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The shape as a JSON Schema in the canonical dialect.
    #[must_use]
    pub fn to_schema(&self) -> Value {
        let mut schema = self.kind.to_schema();
        if let Some(title) = &self.title {
            schema.insert("title".into(), json!(title));
        }
        if let Some(default) = &self.default {
            schema.insert("default".into(), default.clone());
        }
        if let Some(rust) = &self.rust {
            schema.insert("x-rust".into(), json!(rust));
        }
        if let Some(into) = &self.into {
            schema.insert("x-into".into(), json!(into));
        }
        Value::Object(schema)
    }

    /// Whether two shapes make the same Rust type: titles and defaults do not matter.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.rust == other.rust && self.into == other.into && self.kind.is_like(&other.kind)
    }

    /// Text that is the same for shapes that are alike, and for no others.
    #[cfg(feature = "emit")]
    pub(crate) fn key(&self) -> String {
        let mut key = String::new();
        self.write_key(&mut key);
        key
    }

    #[cfg(feature = "emit")]
    fn write_key(&self, key: &mut String) {
        match &self.kind {
            Kind::List { items, length } => {
                add(key, format_args!("[{length:?}"));
                items.write_key(key);
                key.push(']');
            }
            Kind::Object(fields) => {
                key.push('{');
                for (name, shape) in &fields.properties {
                    add(key, format_args!("{name:?}{}", if fields.required.contains(name) { '!' } else { ':' }));
                    shape.write_key(key);
                }
                match &fields.rest {
                    Rest::Of(shape) => {
                        key.push('+');
                        shape.write_key(key);
                    }
                    rest => add(key, format_args!("{rest:?}")),
                }
                key.push('}');
            }
            Kind::Union(arms) => {
                key.push('(');
                for arm in arms {
                    arm.write_key(key);
                    key.push('|');
                }
                key.push(')');
            }
            plain => add(key, format_args!("{plain:?}")),
        }
        if let Some(rust) = &self.rust {
            add(key, format_args!("={rust:?}{:?}", self.into));
        }
    }
}

/// Writes at the end of a text, which cannot fail.
#[cfg(feature = "emit")]
pub(crate) fn add(text: &mut String, more: fmt::Arguments<'_>) {
    let _ = text.write_fmt(more);
}

impl Kind {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List { items, length }, Self::List { items: others, length: other }) => {
                length == other && items.is_like(others)
            }
            (Self::Object(one), Self::Object(other)) => {
                let rest = match (&one.rest, &other.rest) {
                    (Rest::Of(one), Rest::Of(other)) => one.is_like(other),
                    (one, other) => one == other,
                };
                rest && one.required == other.required
                    && one.properties.len() == other.properties.len()
                    && one
                        .properties
                        .iter()
                        .zip(&other.properties)
                        .all(|(one, other)| one.0 == other.0 && one.1.is_like(other.1))
            }
            (Self::Union(arms), Self::Union(others)) => {
                arms.len() == others.len() && arms.iter().zip(others).all(|(arm, other)| arm.is_like(other))
            }
            (one, other) => one == other,
        }
    }

    /// Changes every shape directly inside.
    pub(crate) fn each(&mut self, change: impl Fn(&mut Shape)) {
        match self {
            Self::List { items, .. } => change(items),
            Self::Union(arms) => arms.iter_mut().for_each(change),
            Self::Object(fields) => {
                fields.properties.values_mut().for_each(&change);
                if let Rest::Of(shape) = &mut fields.rest {
                    change(shape);
                }
            }
            _ => {}
        }
    }

    fn to_schema(&self) -> Map<String, Value> {
        let mut schema = Map::new();
        let mut put = |name: &str, value: Value| {
            schema.insert(name.to_owned(), value);
        };
        match self {
            Self::Any => {}
            Self::Boolean(only) => {
                put("type", json!("boolean"));
                if let Some(only) = only {
                    put("enum", json!([only]));
                }
            }
            Self::Integer(bounds) | Self::Number(bounds) => {
                put("type", json!(if matches!(self, Self::Integer(_)) { "integer" } else { "number" }));
                for (name, bound) in [("minimum", bounds.min), ("maximum", bounds.max)] {
                    if let Some(bound) = bound {
                        put(name, number(bound));
                    }
                }
            }
            Self::Text { length, pattern } => {
                put("type", json!("string"));
                for (name, bound) in [("minLength", length.min), ("maxLength", length.max)] {
                    if let Some(bound) = bound {
                        put(name, json!(bound));
                    }
                }
                if let Some(pattern) = pattern {
                    put("pattern", json!(pattern));
                }
            }
            Self::Binary => {
                put("type", json!("string"));
                put("format", json!("binary"));
            }
            Self::Choice(values) => {
                put("type", json!("string"));
                put("enum", json!(values));
            }
            Self::List { items, length } => {
                put("type", json!("array"));
                put("items", items.to_schema());
                for (name, bound) in [("minItems", length.min), ("maxItems", length.max)] {
                    if let Some(bound) = bound {
                        put(name, json!(bound));
                    }
                }
            }
            Self::Object(fields) => {
                put("type", json!("object"));
                if !fields.properties.is_empty() {
                    let properties: Map<_, _> =
                        fields.properties.iter().map(|(name, shape)| (name.clone(), shape.to_schema())).collect();
                    put("properties", Value::Object(properties));
                }
                if !fields.required.is_empty() {
                    put("required", json!(fields.required));
                }
                match &fields.rest {
                    Rest::Unsaid => {}
                    Rest::Closed => put("additionalProperties", json!(false)),
                    Rest::Of(shape) => put("additionalProperties", shape.to_schema()),
                }
            }
            Self::Union(arms) => put("anyOf", arms.iter().map(Shape::to_schema).collect()),
        }
        schema
    }
}

/// Whole numbers are written without a fraction, as schemas write them.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and far below 2^53")]
pub(crate) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}
