//! How a known difference between what is published and what the types take is made part of a schema.

use std::fs;

use serde_json::{Value, json};

use super::differences::{REPLIES, REQUESTS};
use super::schema::{Branch, branches};
use super::sources::root;

/// A known difference between what is published and what the types take.
#[derive(Debug)]
pub(crate) struct Narrowed {
    pub(crate) because: Because,
    pub(crate) models: Models,
    /// The way to the field through properties; `[]` stands for the items of a list. Empty for all of it.
    pub(crate) field: &'static [&'static str],
    pub(crate) becomes: Becomes,
}

/// Who says so.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "a rule is shown when a test fails")]
pub(crate) enum Because {
    /// An overlay, by its path below `schemas/`.
    Overlay(&'static str),
    /// A rule of the canonical dialect, which needs no overlay.
    Dialect(&'static str),
}

#[derive(Debug)]
pub(crate) enum Models {
    All,
    These(&'static [&'static str]),
    /// Those of a modality.
    In(&'static str),
    /// Those of a modality but one.
    InBut(&'static str, &'static str),
    /// Those of a modality that lack a flag, but for a few.
    Without(&'static str, &'static str, &'static [&'static str]),
}

#[derive(Debug)]
pub(crate) enum Becomes {
    /// The types do not have it.
    Absent,
    /// It must be there though the schema does not say so.
    Required,
    /// These values are not taken.
    Never(&'static [&'static str]),
    /// It is written like this instead, as JSON Schema.
    Schema(&'static str),
    /// It is read like this, and written otherwise or outside JSON.
    Unwritten(&'static str),
    /// It is read as published and written in a form of its own.
    Reshaped,
}

impl Narrowed {
    fn covers(&self, modality: &str, model: &Value) -> bool {
        let id = model["id"].as_str().unwrap_or_default();
        let flag = |name: &str| model["properties"][name] == true;
        match self.models {
            Models::All => true,
            Models::These(ids) => ids.contains(&id),
            Models::In(of) => of == modality,
            Models::InBut(of, except) => of == modality && id != except,
            Models::Without(of, name, except) => of == modality && !flag(name) && !except.contains(&id),
        }
    }

    /// Whether the schema has the field at all.
    pub(crate) fn concerns(&self, schema: &Value) -> bool {
        branches(schema).into_iter().any(|branch| {
            let (Branch::Plain(before) | Branch::Batch(before)) = branch else { return false };
            let mut changed = before.clone();
            change(&mut changed, self.field, &|place| *place = Some(json!({"const": "changed"})));
            changed != before
        })
    }
}

/// The differences that concern a model, given its modality and its file.
pub(crate) fn concerning<'a>(table: &'a [Narrowed], modality: &str, model: &Value) -> Vec<&'a Narrowed> {
    table.iter().filter(|narrowed| narrowed.covers(modality, model)).collect()
}

/// What is given to the types and what they must write, after all these differences.
pub(crate) fn edit(schema: &Value, table: &[&Narrowed]) -> (Value, Value) {
    let (mut given, mut written) = (schema.clone(), schema.clone());
    for narrowed in table {
        let as_read = |place: &mut Option<Value>| match narrowed.becomes {
            Becomes::Absent => *place = None,
            Becomes::Never(values) => {
                let Some(Value::Object(schema)) = place else { return };
                match schema.get_mut("enum").and_then(Value::as_array_mut) {
                    Some(listed) => listed.retain(|value| values.iter().all(|refused| value != refused)),
                    None => drop(schema.insert("not".to_owned(), json!({ "enum": values }))),
                }
            }
            Becomes::Schema(text) | Becomes::Unwritten(text) => *place = serde_json::from_str(text).ok(),
            Becomes::Required | Becomes::Reshaped => {}
        };
        let as_written = |place: &mut Option<Value>| match narrowed.becomes {
            Becomes::Unwritten(_) | Becomes::Reshaped => *place = Some(json!({})),
            _ => as_read(place),
        };
        change(&mut given, narrowed.field, &as_read);
        change(&mut written, narrowed.field, &as_written);
        match narrowed.becomes {
            Becomes::Required => require(&mut given, narrowed.field),
            Becomes::Unwritten(_) => unrequire(&mut written, narrowed.field),
            _ => {}
        }
    }
    (given, written)
}

/// Removes from an instance what is not written back as it was given.
pub(crate) fn comparable(mut instance: Value, table: &[&Narrowed]) -> Value {
    for narrowed in
        table.iter().filter(|narrowed| matches!(narrowed.becomes, Becomes::Unwritten(_) | Becomes::Reshaped))
    {
        forget(&mut instance, narrowed.field);
    }
    instance
}

fn forget(value: &mut Value, field: &[&str]) {
    match (field.split_first(), value) {
        (None, value) => *value = Value::Null,
        (Some((&"[]", rest)), Value::Array(items)) => items.iter_mut().for_each(|item| forget(item, rest)),
        (Some((name, rest)), Value::Object(members)) => {
            if let Some(member) = members.get_mut(*name) {
                forget(member, rest);
            }
        }
        _ => {}
    }
}

/// Changes a field wherever it stands in a schema; nothing in its place removes it.
fn change(schema: &mut Value, field: &[&str], how: &impl Fn(&mut Option<Value>)) {
    let Some((first, rest)) = field.split_first() else {
        let mut place = Some(schema.take());
        how(&mut place);
        *schema = place.unwrap_or_default();
        return;
    };
    each_arm(schema, &mut |arm| change(arm, field, how));
    if *first == "[]" {
        if let Some(items) = schema.get_mut("items") {
            change(items, rest, how);
        }
        return;
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let Some(property) = properties.get_mut(*first) else { return };
    if !rest.is_empty() {
        change(property, rest, how);
        return;
    }
    let mut place = Some(property.take());
    how(&mut place);
    match place {
        Some(changed) => *property = changed,
        None => {
            properties.remove(*first);
            unrequire(schema, field);
        }
    }
}

fn each_arm(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    for keyword in ["oneOf", "anyOf"] {
        if let Some(arms) = schema.get_mut(keyword).and_then(Value::as_array_mut) {
            arms.iter_mut().for_each(&mut *visit);
        }
    }
}

fn require(schema: &mut Value, field: &[&str]) {
    each_arm(schema, &mut |arm| require(arm, field));
    if let Some(name) = field.first()
        && schema["properties"].get(*name).is_some()
    {
        match schema.get_mut("required").and_then(Value::as_array_mut) {
            Some(required) => required.push(json!(name)),
            None => schema["required"] = json!([name]),
        }
    }
}

fn unrequire(schema: &mut Value, field: &[&str]) {
    each_arm(schema, &mut |arm| unrequire(arm, field));
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| field.first().is_none_or(|field| name != field));
    }
}

#[test]
fn overlays_that_are_named_exist() {
    for narrowed in REQUESTS.iter().chain(REPLIES) {
        if let Because::Overlay(file) = narrowed.because {
            let path = root().join("schemas").join(file);
            assert!(fs::exists(&path).unwrap_or_default(), "{}: no such overlay", path.display());
        }
    }
}
