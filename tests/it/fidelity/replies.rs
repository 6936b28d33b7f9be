//! Replies: whatever the schema allows is read, in and out of the envelope, with more and with less in it than published.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use workers_ai::Answer;

use super::Run;
use super::dice::{Dice, shrink};
use super::instance::{Manner, instance};
use super::kept::{self, Kept};
use super::lost::lost;
use super::narrowed::{Narrowed, comparable, edit};
use super::schema::{any_of, arms, is_binary, is_ticket};
use super::sources::Published;
use crate::subject::Subject;

/// Each case is made in one of these manners.
const MANNERS: [Manner; 6] = [
    Manner { full: false, nulls: false, unknown_fields: false, unknown_values: false },
    Manner { full: true, nulls: false, unknown_fields: false, unknown_values: false },
    Manner { full: false, nulls: true, unknown_fields: false, unknown_values: false },
    Manner { full: true, nulls: false, unknown_fields: true, unknown_values: false },
    Manner { full: true, nulls: false, unknown_fields: false, unknown_values: true },
    Manner { full: true, nulls: true, unknown_fields: true, unknown_values: true },
];

const SIDE: &str = "reply";

/// Everything found wrong with how a model's replies are read.
pub(crate) fn faults(subject: &Subject, published: &Published, differences: &[&Narrowed], run: Run) -> Vec<String> {
    let json: Vec<Value> =
        arms(&published.output).into_iter().filter(|arm| !is_binary(arm) && !is_ticket(arm)).collect();
    let Some(schema) = any_of(json) else { return Vec::new() };
    let (given, _) = edit(&schema, differences);
    let Published { id, origin, .. } = published;
    for Kept { given: reply, odd, .. } in kept::of(id, SIDE) {
        for wrapped in [false, true] {
            if let Some(fault) = judge(subject, &reply, differences, odd, wrapped) {
                return vec![format!("{id} ({origin}), reply (kept): {fault}")];
            }
        }
    }
    for case in 0..run.cases {
        let Some(manner) = MANNERS.get(case % MANNERS.len()).copied() else { continue };
        let wrapped = (case / MANNERS.len()).is_multiple_of(2);
        let fault = |dice: &mut Dice| fault(subject, &given, differences, dice, manner, wrapped);
        let mut dice = Dice::new(run.seed.wrapping_mul(17).wrapping_add(u64::try_from(case).unwrap_or_default()));
        if fault(&mut dice).is_some() {
            let mut tape = dice.into_tape();
            if run.shrink {
                tape = shrink(tape, |tape| fault(&mut Dice::replay(tape)).is_some());
                if let Some(reply) = instance(&given, &mut Dice::replay(&tape), manner) {
                    let odd = manner.unknown_fields;
                    kept::keep(&Kept { id: id.clone(), side: SIDE.to_owned(), given: reply, odd });
                }
            }
            let fault = fault(&mut Dice::replay(&tape)).unwrap_or_default();
            return vec![format!("{id} ({origin}), reply (case {case}): {fault}")];
        }
    }
    Vec::new()
}

fn fault(
    subject: &Subject,
    schema: &Value,
    differences: &[&Narrowed],
    dice: &mut Dice,
    manner: Manner,
    wrapped: bool,
) -> Option<String> {
    judge(subject, &instance(schema, dice, manner)?, differences, manner.unknown_fields, wrapped)
}

/// `more`: the reply has fields that nobody published.
fn judge(subject: &Subject, reply: &Value, differences: &[&Narrowed], more: bool, wrapped: bool) -> Option<String> {
    let body =
        if wrapped { json!({"result": reply, "success": true, "errors": [], "messages": []}) } else { reply.clone() };
    let written = match (subject.reply)(answer(&body)) {
        Ok(written) => written,
        Err(error) => return Some(format!("not read: {error}\n  given   {body}")),
    };
    // A field that nobody published may be dropped; one that somebody did may not.
    if more {
        return None;
    }
    let path = lost(&comparable(reply.clone(), differences), &written)?;
    Some(format!("{path} is lost\n  given   {body}\n  written {written}"))
}

/// A successful JSON answer.
pub(crate) fn answer(body: &Value) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Answer::new(StatusCode::OK, headers, body.to_string())
}
