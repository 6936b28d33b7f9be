//! What holds of a value where several keywords speak of it, one beside another.

use crate::shape::{Kind, Rest, Shape};

/// A union beside other keywords: what stands beside it holds for every arm.
pub(super) fn distribute(own: Kind, arms: Vec<Shape>) -> Kind {
    let mut flat: Vec<Shape> = Vec::new();
    for mut arm in arms {
        arm.kind = merge(own.clone(), arm.kind);
        match arm.kind {
            Kind::Union(inner) => flat.extend(inner),
            _ => flat.push(arm),
        }
    }
    let mut arms: Vec<Shape> = Vec::new();
    for arm in flat {
        if !arms.iter().any(|known| known.is_like(&arm)) {
            arms.push(arm);
        }
    }
    match arms.len() {
        0 => own,
        1 => arms.swap_remove(0).kind,
        _ => Kind::Union(arms),
    }
}

/// How many parts a copy of this kind has.
pub(super) fn weight(kind: &Kind) -> usize {
    match kind {
        Kind::Object(fields) => {
            let rest = match &fields.rest {
                Rest::Of(shape) => weight(&shape.kind),
                Rest::Unsaid | Rest::Closed => 0,
            };
            1 + rest + fields.properties.values().map(|shape| weight(&shape.kind)).sum::<usize>()
        }
        Kind::Union(arms) => 1 + arms.iter().map(|shape| weight(&shape.kind)).sum::<usize>(),
        Kind::List { items, .. } => 1 + weight(&items.kind),
        Kind::Choice(values) => values.len(),
        _ => 1,
    }
}

pub(super) fn arms_of(kind: &Kind) -> usize {
    match kind {
        Kind::Union(arms) => arms.len(),
        _ => 1,
    }
}

/// Both must hold: fields are joined, and the more specific of two kinds wins.
pub(super) fn merge(left: Kind, right: Kind) -> Kind {
    match (left, right) {
        (Kind::Any, other) | (other, Kind::Any) => other,
        (Kind::Object(mut left), Kind::Object(right)) => {
            for (name, shape) in right.properties {
                let known = left.properties.get(&name).is_some_and(|known| known.kind != Kind::Any);
                if !known || shape.kind != Kind::Any {
                    left.properties.insert(name, shape);
                }
            }
            left.required.extend(right.required);
            if left.rest == Rest::Unsaid {
                left.rest = right.rest;
            }
            Kind::Object(left)
        }
        (own, Kind::Union(arms)) => distribute(own, arms),
        (_, right) => right,
    }
}
