//! Published bounds as const arguments of the client's bounded types.

use super::TypeText;
use crate::shape::{Bounds, Kind, Lengths, Shape};

/// The plain type of a number or text.
pub(super) fn primitive(kind: &Kind) -> TypeText {
    match kind {
        Kind::Integer(_) => "i64".to_owned(),
        Kind::Number(_) => "f64".to_owned(),
        _ => "::std::string::String".to_owned(),
    }
}

/// The bounded type of a number or text that has published bounds.
pub(super) fn bounded(shape: &Shape) -> Option<TypeText> {
    if shape.rust.is_some() {
        return None;
    }
    match &shape.kind {
        Kind::Integer(bounds) if !is_unbounded(*bounds) => {
            Some(format!("::workers_ai_client::Integer<{}>", integers(*bounds)?))
        }
        Kind::Number(bounds) if !is_unbounded(*bounds) => {
            let bounds = Bounds { min: thousandths(bounds.min)?, max: thousandths(bounds.max)? };
            Some(format!("::workers_ai_client::Number<{}>", integers(bounds)?))
        }
        Kind::Text { length, .. } if !any_length(*length) => {
            let max = length.max.map(|max| format!(", {max}")).unwrap_or_default();
            Some(format!("::workers_ai_client::Text<{}{max}>", length.min.unwrap_or(0)))
        }
        _ => None,
    }
}

/// A bound in thousandths, where that is exact.
#[expect(clippy::option_option, reason = "no bound is one thing, a bound finer than thousandths another")]
fn thousandths(bound: Option<f64>) -> Option<Option<f64>> {
    match bound {
        None => Some(None),
        Some(bound) => {
            let milli = (bound * 1000.0).round();
            ((milli / 1000.0 - bound).abs() < 1e-9 && milli.abs() < 9e15).then_some(Some(milli))
        }
    }
}

/// Bounds as const arguments: numbers only, so nothing hostile can end up in a path.
#[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^53")]
fn integers(bounds: Bounds) -> Option<String> {
    let whole = |bound: f64| (bound.abs() < 9e15).then_some(bound as i64);
    let min = match bounds.min {
        None => "{ i64::MIN }".to_owned(),
        Some(min) => whole(min.ceil())?.to_string(),
    };
    match bounds.max {
        None => Some(min),
        Some(max) => Some(format!("{min}, {}", whole(max.floor())?)),
    }
}

fn is_unbounded(bounds: Bounds) -> bool {
    bounds.min.is_none() && bounds.max.is_none()
}

/// Whether any length will do.
pub(super) fn any_length(length: Lengths) -> bool {
    length.min.unwrap_or(0) == 0 && length.max.is_none()
}
