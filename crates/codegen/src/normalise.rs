//! From what is published to one canonical dialect: forms, reply kinds, no overlaps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::canonical::{Batch, Bytes, Canonical, Form, Reply, Request, Stream, Transport};
use crate::facts::Schemas;
use crate::name::snake_case;
use crate::parse;
use crate::problem::{Problem, Problems};
use crate::shape::{Bounds, Fields, Kind, Lengths, Rest, Shape};

/// Rust type of bytes that travel as a JSON array of numbers.
const BYTE_ARRAY: &str = "::workers_ai_client::ByteArray";

/// The canonical document of a published pair of schemas.
///
/// # Errors
///
/// Every place that cannot be understood, with its JSON pointer.
pub fn normalise(published: &Schemas) -> Result<Canonical, Problems> {
    let mut problems = Problems::default();
    let mut read = |schema: &Value, name: &str| match parse::published(schema) {
        Ok(shape) => Some(shape),
        Err(found) => {
            for mut problem in found.0 {
                problem.pointer = format!("/schema/{name}{}", problem.pointer);
                problems.push(problem);
            }
            None
        }
    };
    let (input, output) = (read(&published.input, "input"), read(&published.output, "output"));
    let (Some(input), Some(output)) = (input, output) else {
        return Err(problems);
    };
    let request = request(input)?;
    let reply = reply(output, &request.1);
    Ok(Canonical { request: request.0, reply, realtime: None })
}

/// Whether and how any form asked for a stream.
#[derive(Default)]
struct AsksForStream {
    published: bool,
    by_default: bool,
}

fn request(input: Shape) -> Result<(Request, AsksForStream), Problems> {
    let mut asks = AsksForStream::default();
    let mut forms: Vec<(Option<String>, Fields)> = Vec::new();
    let mut batch = None;
    let mut raw = false;
    for arm in arms(input) {
        match arm.kind {
            Kind::Binary => raw = true,
            Kind::Object(fields) => match batch_item(&fields) {
                Some(item) => batch = Some(item),
                None => forms.push((arm.title, fields)),
            },
            _ => return Err(Problem::new("/schema/input", "a request must be an object or raw bytes").into()),
        }
    }
    if forms.is_empty() {
        return Err(Problem::new("/schema/input", "no form of request is left").into());
    }
    let mut named: BTreeMap<String, Form> = BTreeMap::new();
    for (name, mut fields) in name_forms(join_untitled(forms)) {
        if let Some(stream) = fields.properties.remove("stream") {
            asks.published = true;
            asks.by_default |= stream.default == Some(Value::Bool(true));
            fields.required.remove("stream");
        }
        let mut transport = Transport::Json;
        for (field, shape) in &mut fields.properties {
            if is_bytes(shape) || (raw && is_number_list(shape)) {
                *shape = byte_array();
                if raw {
                    transport = Transport::Raw(field.clone());
                    fields.required.insert(field.clone());
                }
            }
        }
        let mut shape = Shape::new(Kind::Object(fields));
        carry_bytes(&mut shape);
        named.insert(name, Form { transport, schema: shape.to_schema() });
    }
    let batch = batch.map(|item| {
        let mut item = without_stream(item);
        carry_bytes(&mut item);
        queued(&item, &named)
    });
    Ok((Request { forms: named, batch }, asks))
}

fn reply(output: Shape, asks: &AsksForStream) -> Reply {
    let mut reply = Reply::default();
    let mut json: Vec<Shape> = Vec::new();
    let outer = output.content_type.clone();
    for arm in arms(output) {
        let content_type = arm.content_type.clone().or_else(|| outer.clone());
        match &arm.kind {
            Kind::Binary
                if content_type.as_deref() == Some("text/event-stream")
                    || (content_type.is_none() && asks.published) =>
            {
                reply.stream = Some(Stream { chunk: Value::Object(serde_json::Map::new()), default: asks.by_default });
            }
            Kind::Binary => reply.bytes = Some(Bytes { content_type }),
            Kind::Object(fields) if is_ticket(fields) => reply.queued = true,
            _ => json.push(arm),
        }
    }
    reply.json = match json.len() {
        0 => None,
        1 => json.pop(),
        _ => Some(Shape::new(Kind::Union(json))),
    }
    .map(|mut shape| {
        be_lenient(&mut shape);
        shape.to_schema()
    });
    reply
}

fn arms(shape: Shape) -> Vec<Shape> {
    match shape.kind {
        Kind::Union(arms) => arms,
        kind => vec![Shape { kind, ..shape }],
    }
}

/// A batch is an object whose one field is a list called `requests`.
fn batch_item(fields: &Fields) -> Option<Shape> {
    let requests = fields.properties.get("requests").filter(|_| fields.properties.len() == 1)?;
    match &requests.kind {
        Kind::List { items, .. } => Some((**items).clone()),
        _ => None,
    }
}

/// The answer to a queued request holds nothing but its id.
fn is_ticket(fields: &Fields) -> bool {
    fields.properties.len() == 1 && fields.properties.contains_key("request_id")
}

/// Untitled forms with the same fields are one form whose fields have several shapes.
fn join_untitled(forms: Vec<(Option<String>, Fields)>) -> Vec<(Option<String>, Fields)> {
    let mut joined: Vec<(Option<String>, Fields)> = Vec::new();
    for (title, fields) in forms {
        let same = joined.iter_mut().find(|(known_title, known)| {
            title.is_none() && known_title.is_none() && known.properties.keys().eq(fields.properties.keys())
        });
        match same {
            Some((_, known)) => {
                for (name, shape) in fields.properties {
                    if let Some(place) = known.properties.get_mut(&name)
                        && !place.is_like(&shape)
                    {
                        *place = Shape::new(Kind::Union(vec![place.clone(), shape]));
                    }
                }
                known.required = known.required.intersection(&fields.required).cloned().collect();
            }
            None => joined.push((title, fields)),
        }
    }
    joined
}

/// Gives every form a name: its title, else a field that only it requires.
fn name_forms(forms: Vec<(Option<String>, Fields)>) -> Vec<(String, Fields)> {
    if forms.len() == 1 {
        return forms.into_iter().map(|(_, fields)| ("default".to_owned(), fields)).collect();
    }
    let required: Vec<BTreeSet<String>> = forms.iter().map(|(_, fields)| fields.required.clone()).collect();
    let mut taken = BTreeSet::new();
    let mut named = Vec::new();
    for (index, (title, fields)) in forms.into_iter().enumerate() {
        let telling = required.get(index).and_then(|own| {
            own.iter()
                .find(|name| required.iter().enumerate().all(|(other, names)| other == index || !names.contains(*name)))
        });
        let named_well = |name: &String| name.starts_with(|first: char| first.is_ascii_alphabetic());
        let mut name = title.as_deref().map(form_name).filter(named_well);
        if name.is_none() {
            name = telling.map(|name| snake_case(name)).filter(named_well);
        }
        let base = name.unwrap_or_else(|| "form".to_owned());
        let mut unique = base.clone();
        let mut letter = b'b';
        while !taken.insert(unique.clone()) {
            unique = format!("{base}_{}", char::from(letter));
            letter = letter.saturating_add(1).min(b'z');
            if letter == b'z' {
                unique = format!("{base}_{index}");
            }
        }
        named.push((unique, fields));
    }
    named
}

/// A title without what does not tell: `Ai_Cf_Meta_Llama_4_Prompt` is a prompt, `Input Embedding` an embedding.
fn form_name(title: &str) -> String {
    let name = snake_case(title);
    match ["prompt", "messages"].into_iter().find(|form| name.ends_with(&format!("_{form}"))) {
        Some(form) => form.to_owned(),
        None => name.strip_prefix("input_").map_or_else(|| name.clone(), str::to_owned),
    }
}

/// A queue usually takes some of the plain request's forms; only where it does not has it a schema of its own.
fn queued(item: &Shape, forms: &BTreeMap<String, Form>) -> Batch {
    let items = match &item.kind {
        Kind::Union(arms) => arms.as_slice(),
        _ => std::slice::from_ref(item),
    };
    let known: Vec<(&String, Shape)> =
        forms.iter().filter_map(|(name, form)| Some((name, parse::shape(&form.schema).ok()?))).collect();
    let same: Option<Vec<String>> = items
        .iter()
        .map(|item| known.iter().find(|(_, form)| form.is_like(item)).map(|(name, _)| (*name).clone()))
        .collect();
    match same {
        Some(forms) => Batch { forms, schema: None },
        None => Batch { forms: Vec::new(), schema: Some(item.to_schema()) },
    }
}

fn without_stream(mut shape: Shape) -> Shape {
    match &mut shape.kind {
        Kind::Object(fields) => {
            fields.properties.remove("stream");
            fields.properties.remove("external_reference");
        }
        Kind::Union(arms) => {
            *arms = std::mem::take(arms).into_iter().map(without_stream).collect();
        }
        _ => {}
    }
    shape
}

/// Bytes in a request are published as a list of numbers, a binary string, or either.
fn carry_bytes(shape: &mut Shape) {
    if is_bytes(shape) {
        *shape = byte_array();
    } else {
        shape.kind.each(carry_bytes);
    }
}

fn is_bytes(shape: &Shape) -> bool {
    match &shape.kind {
        Kind::Binary => true,
        Kind::Union(arms) => {
            arms.iter().any(|arm| arm.kind == Kind::Binary)
                && arms.iter().all(|arm| arm.kind == Kind::Binary || is_number_list(arm))
        }
        _ => false,
    }
}

fn is_number_list(shape: &Shape) -> bool {
    matches!(&shape.kind, Kind::List { items, .. } if matches!(items.kind, Kind::Number(_) | Kind::Integer(_)))
}

fn byte_array() -> Shape {
    let byte = Shape::new(Kind::Integer(Bounds { min: Some(0.0), max: Some(255.0) }));
    Shape::new(Kind::List { items: Box::new(byte), length: Lengths::default() }).carried_by(BYTE_ARRAY)
}

/// Replies are read leniently: bounds and closed objects would only refuse good answers.
fn be_lenient(shape: &mut Shape) {
    shape.content_type = None;
    shape.default = None;
    shape.kind.each(be_lenient);
    match &mut shape.kind {
        Kind::Integer(bounds) | Kind::Number(bounds) => *bounds = Bounds::default(),
        Kind::Text { length, pattern } => {
            *length = Lengths::default();
            *pattern = None;
        }
        Kind::List { length, .. } => *length = Lengths::default(),
        Kind::Object(Fields { properties, required, rest }) => {
            // What may be null may as well be absent.
            required.retain(|name| properties.get(name).is_some_and(|property| !property.nullable));
            if *rest == Rest::Closed {
                *rest = Rest::Unsaid;
            }
        }
        _ => {}
    }
}
