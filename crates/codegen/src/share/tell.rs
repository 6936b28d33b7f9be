//! What tells one arm of a union from the others.

use std::collections::BTreeSet;

use super::Test;
use crate::shape::{Fields, Kind, Shape};

/// A property that every arm requires with one value of its own.
pub(super) fn common_tag(arms: &[Shape]) -> Option<(String, Vec<String>)> {
    let first = arms.first()?.fields()?;
    first.properties.keys().find_map(|property| {
        let mut values = Vec::new();
        for arm in arms {
            let fields = arm.fields()?;
            match &fields.properties.get(property)?.kind {
                Kind::Choice(choice) if choice.len() == 1 && fields.required.contains(property) => {
                    values.push(choice.first()?.clone());
                }
                _ => return None,
            }
        }
        let distinct: BTreeSet<_> = values.iter().collect();
        (distinct.len() == values.len()).then(|| (property.clone(), values))
    })
}

/// What tells each arm from the others.
pub(super) fn tests(arms: &[Shape]) -> Vec<Test> {
    arms.iter()
        .enumerate()
        .map(|(index, arm)| {
            let Some(fields) = arm.fields() else { return Test::Json(json_type(&arm.kind)) };
            let objects: Vec<&Fields> = arms
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .filter_map(|(_, arm)| arm.fields())
                .collect();
            if objects.is_empty() {
                return Test::Json("object");
            }
            if !fields.required.is_empty() {
                return Test::Keys(fields.required.iter().cloned().collect());
            }
            let telling: Vec<String> = fields
                .properties
                .keys()
                .filter(|name| !objects.iter().any(|other| other.properties.contains_key(*name)))
                .cloned()
                .collect();
            if telling.is_empty() { Test::Json("object") } else { Test::AnyKey(telling) }
        })
        .collect()
}

fn json_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean(_) => "boolean",
        Kind::Integer(_) | Kind::Number(_) => "number",
        Kind::Text { .. } | Kind::Choice(_) | Kind::Binary => "string",
        Kind::List { .. } => "array",
        Kind::Object(_) => "object",
        Kind::Any | Kind::Union(_) => "any",
    }
}
