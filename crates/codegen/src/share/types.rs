//! The Rust type of each shape, and the definitions that it needs.

use std::collections::BTreeSet;

use super::bounds::{any_length, bounded, primitive};
use super::tell::{common_tag, tests};
use super::{
    Arm, Conversion, Definition, DefinitionKind, Field, Presence, Shared, Side, Test, Top, TypeText, placeholder,
};
use crate::glossary;
use crate::name::{pascal_case, singular};
use crate::shape::{Fields, Kind, Lengths, Rest, Shape};

impl Shared<'_> {
    /// The Rust type of a shape; `hints` are names for it, best first.
    pub(super) fn type_of(&mut self, shape: &Shape, side: Side, hints: &[String]) -> TypeText {
        if let Some(rust) = &shape.rust {
            return rust.clone();
        }
        match &shape.kind {
            Kind::Any => "::serde_json::Value".to_owned(),
            Kind::Boolean(None) => "bool".to_owned(),
            Kind::Boolean(Some(_)) if side == Side::Reply => "bool".to_owned(),
            Kind::Boolean(Some(only)) => format!("::workers_ai_client::Always<{only}>"),
            Kind::Integer(_) | Kind::Number(_) | Kind::Text { .. } => {
                bounded(shape).unwrap_or_else(|| primitive(&shape.kind))
            }
            Kind::Binary => "::workers_ai_client::Base64".to_owned(),
            Kind::Choice(values) => {
                let key = format!("{side:?} {}", shape.key());
                let id = self.keys.get(&key).copied().unwrap_or_else(|| {
                    let doc = glossary::type_doc(hints);
                    self.define(
                        key,
                        Definition {
                            kind: DefinitionKind::Choice { values: values.clone() },
                            side,
                            hints: hints.to_vec(),
                            doc,
                        },
                    )
                });
                placeholder(id)
            }
            Kind::List { items, length } => self.list(items, *length, side, hints),
            Kind::Object(fields) if fields.properties.is_empty() => match &fields.rest {
                Rest::Of(values) => {
                    let values = self.type_of(values, side, hints);
                    format!("::std::collections::BTreeMap<::std::string::String, {values}>")
                }
                _ => "::serde_json::Map<::std::string::String, ::serde_json::Value>".to_owned(),
            },
            Kind::Object(fields) => {
                let key = format!("{side:?} {}", shape.key());
                let id = self.keys.get(&key).copied().unwrap_or_else(|| {
                    let hint = hints.first().map_or("Value", String::as_str);
                    let kind = self.structure(fields, side, hint, None);
                    let doc = glossary::type_doc(hints);
                    self.define(key, Definition { kind, side, hints: hints.to_vec(), doc })
                });
                placeholder(id)
            }
            Kind::Union(arms) => self.union(shape, arms, side, hints),
        }
    }

    fn list(&mut self, items: &Shape, length: Lengths, side: Side, hints: &[String]) -> TypeText {
        let hints: Vec<String> = hints
            .iter()
            .map(|hint| {
                let snake = crate::name::snake_case(hint);
                let one = pascal_case(&singular(&snake));
                if one == *hint
                    && !one.ends_with("Item")
                    && ["Data", "Content", "Reply", "Chunk"].contains(&one.as_str())
                {
                    format!("{one}Item")
                } else {
                    one
                }
            })
            .collect();
        let title = items.title.as_deref().map(pascal_case).filter(|title| starts_well(title));
        let hints: Vec<String> = title.into_iter().chain(hints).collect();
        let items = self.type_of(items, side, &hints);
        if side == Side::Reply || any_length(length) {
            return format!("::std::vec::Vec<{items}>");
        }
        let max = length.max.map(|max| format!(", {max}")).unwrap_or_default();
        format!("::workers_ai_client::List<{items}, {}{max}>", length.min.unwrap_or(0))
    }

    fn union(&mut self, shape: &Shape, arms: &[Shape], side: Side, hints: &[String]) -> TypeText {
        if let [one, many] = arms
            && let Kind::List { items, .. } = &many.kind
            && items.is_like(one)
            && one.fields().is_none()
            && many.rust.is_none()
        {
            let one = self.type_of(one, side, hints);
            let many = self.type_of(many, side, hints);
            return format!("::workers_ai_client::OneOrMany<{one}, {many}>");
        }
        let key = format!("{side:?} {}", shape.key());
        if let Some(id) = self.keys.get(&key) {
            return placeholder(*id);
        }
        let hint = hints.first().cloned().unwrap_or_default();
        let tag = common_tag(arms);
        let tests = match &tag {
            Some((property, values)) => values.iter().map(|value| Test::Tag(property.clone(), value.clone())).collect(),
            None => tests(arms),
        };
        let mut taken = BTreeSet::from(["Unknown".to_owned()]);
        let mut named = Vec::new();
        for (arm, test) in arms.iter().zip(tests) {
            let candidates = [
                arm.title.as_deref().map(pascal_case),
                match &test {
                    Test::Tag(_, value) => Some(pascal_case(value)),
                    Test::Keys(keys) | Test::AnyKey(keys) => keys.first().map(|key| pascal_case(key)),
                    Test::Json(_) => None,
                },
                Some(kind_name(&arm.kind).to_owned()),
            ];
            let base =
                candidates.into_iter().flatten().find(|name| starts_well(name)).unwrap_or_else(|| "Other".to_owned());
            let mut name = base.clone();
            let mut suffix = vec!["List", "Object", "Text", "Value"].into_iter();
            while !taken.insert(name.clone()) {
                name = match suffix.next() {
                    Some(word) => format!("{base}{word}"),
                    None => format!("{name}Also"),
                };
            }
            let own = arm.title.as_deref().map(pascal_case).filter(|title| starts_well(title));
            let hints: Vec<String> =
                own.into_iter().chain([format!("{hint}{name}"), format!("{name}{hint}")]).collect();
            let ty = self.type_of(arm, side, &hints);
            named.push(Arm { name, ty, test });
        }
        let doc = glossary::type_doc(hints);
        let kind = DefinitionKind::Union { arms: named, top: false };
        placeholder(self.define(key, Definition { kind, side, hints: hints.to_vec(), doc }))
    }

    pub(super) fn structure(&mut self, fields: &Fields, side: Side, hint: &str, top: Option<Top>) -> DefinitionKind {
        let mut members = Vec::new();
        for (wire, shape) in &fields.properties {
            let own = pascal_case(wire);
            let own = if starts_well(&own) { own } else { format!("{hint}Field") };
            let hints = [own.clone(), format!("{hint}{own}")];
            let ty = self.type_of(shape, side, &hints);
            let required = fields.required.contains(wire);
            let presence = match (&shape.kind, side) {
                (Kind::Choice(values), Side::Request) if required && values.len() == 1 && shape.rust.is_none() => {
                    values.first().map_or(Presence::Required, |value| Presence::Fixed(value.clone()))
                }
                (_, Side::Request) if required => Presence::Required,
                (_, Side::Request) => Presence::Optional,
                (Kind::List { .. }, Side::Reply) => Presence::Lenient,
                (Kind::Text { .. }, Side::Reply) if required && shape.rust.is_none() => Presence::Lenient,
                (_, Side::Reply) => Presence::Optional,
            };
            members.push(Field {
                wire: wire.clone(),
                ty,
                presence,
                doc: glossary::field_doc(wire, shape, side),
                conversion: conversion(shape),
            });
        }
        DefinitionKind::Struct { fields: members, closed: fields.rest == Rest::Closed && side == Side::Request, top }
    }
}

/// `crate::IntoMessages` for `crate::Messages<A, B>` is the bound `crate::IntoMessages<A, B>`.
fn conversion(shape: &Shape) -> Option<Conversion> {
    let (rust, into) = (shape.rust.as_ref()?, shape.into.as_ref()?);
    let arguments = rust.find('<').and_then(|start| rust.get(start..)).unwrap_or_default();
    let method = crate::name::snake_case(into.rsplit("::").next().unwrap_or(into));
    Some(Conversion { bound: format!("{into}{arguments}"), method })
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean(_) => "Flag",
        Kind::Integer(_) | Kind::Number(_) => "Number",
        Kind::Text { .. } => "Text",
        Kind::Choice(_) => "Mode",
        Kind::Binary => "Bytes",
        Kind::List { .. } => "List",
        Kind::Object(_) => "Object",
        Kind::Any | Kind::Union(_) => "Other",
    }
}

fn starts_well(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
}
