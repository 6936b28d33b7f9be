//! Changes a JSON document somewhere in its tree.

use mutatis::{Candidates, Context, Mutate, Result};
use serde_json::{Map, Value, json};

/// Words that have made trouble somewhere.
const WORDS: &[&str] = &[
    "",
    " ",
    "\0",
    "\n",
    "\"] pub fn injected() {} #[x = \"",
    "*/ pub fn injected() {} /*",
    "\n} pub fn injected() {} mod x {",
    "../../x",
    "type",
    "self",
    "Self",
    "crate",
    "r#type",
    "_",
    "0",
    "-",
    "$$",
    "\u{202e}x",
    "\u{feff}",
    "é",
    "語",
    "🦀",
    "a-b",
    "a_b",
    "A B",
    "{}",
    "object",
    "array",
    "string",
    "number",
    "integer",
    "boolean",
    "null",
    "binary",
    "base64",
    "text/event-stream",
    "properties",
    "required",
    "items",
    "oneOf",
    "anyOf",
    "allOf",
    "enum",
    "const",
    "minimum",
    "maximum",
    "minLength",
    "maxItems",
    "additionalProperties",
    "title",
    "default",
    "format",
    "contentType",
    "$ref",
    "nullable",
    "x-rust",
    "requests",
    "request_id",
    "stream",
    "prompt",
    "messages",
    "response",
    "choices",
    "delta",
    "tool_calls",
    "function",
    "arguments",
    "index",
    "usage",
    "error",
    "errors",
    "code",
    "result",
    "success",
    "[DONE]",
    "<think>",
    "</think>",
    "data:image/png;base64,AA==",
];

/// Takes pieces out, puts others in, and sometimes a subtree of another document.
pub(super) struct Grafts<'a> {
    pub(super) donors: &'a [Value],
}

impl Grafts<'_> {
    /// What takes the place of a value.
    fn scion(&self, context: &mut Context, stock: &Value) -> Value {
        let stock = || stock.clone();
        let several = |times: usize| Value::Array(std::iter::repeat_with(stock).take(times).collect());
        let choice = context.rng().gen_index(16).unwrap_or_default();
        match choice {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(number(context)),
            3 => json!([]),
            4 => json!({}),
            5 => json!([stock()]),
            6 => several(40),
            7 => json!({word(context): stock()}),
            8 => {
                let levels = context.rng().gen_index(100).unwrap_or_default();
                (0..levels).fold(stock(), |inner, _| json!([inner]))
            }
            9 => json!(word(context).repeat(300)),
            10..=12 => json!(word(context)),
            _ => {
                let donor = context.rng().choose(self.donors).cloned().unwrap_or_default();
                subtree(&donor, context)
            }
        }
    }
}

impl Mutate<Value> for Grafts<'_> {
    fn mutate(&mut self, candidates: &mut Candidates<'_>, value: &mut Value) -> Result<()> {
        if !candidates.shrink() {
            candidates.mutation(|context| {
                *value = self.scion(context, value);
                Ok(())
            })?;
        }
        match value {
            Value::Array(items) => {
                for index in 0..items.len() {
                    candidates.mutation(|_| {
                        items.remove(index);
                        Ok(())
                    })?;
                }
                items.iter_mut().try_for_each(|item| self.mutate(candidates, item))
            }
            Value::Object(members) => {
                let names: Vec<String> = members.keys().cloned().collect();
                for name in &names {
                    candidates.mutation(|_| {
                        members.remove(name);
                        Ok(())
                    })?;
                    if !candidates.shrink() {
                        candidates.mutation(|context| {
                            rename(members, name, word(context));
                            Ok(())
                        })?;
                    }
                }
                members.values_mut().try_for_each(|member| self.mutate(candidates, member))
            }
            Value::String(text) => candidates.mutation(|context| {
                let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(place, _)| place);
                let rest = text.split_off(middle);
                if !context.shrink() {
                    text.push_str(word(context));
                    text.push_str(&rest);
                }
                Ok(())
            }),
            Value::Number(_) if !candidates.shrink() => candidates.mutation(|context| {
                *value = json!(number(context));
                Ok(())
            }),
            _ => Ok(()),
        }
    }
}

fn rename(members: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(member) = members.remove(from) {
        members.insert(to.to_owned(), member);
    }
}

fn word(context: &mut Context) -> &'static str {
    context.rng().choose(WORDS).copied().unwrap_or_default()
}

fn number(context: &mut Context) -> Value {
    let numbers = [
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(255),
        json!(256),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(1e300),
        json!(-1e300),
        json!(1e-300),
        json!(9_007_199_254_740_993_u64),
        json!(1_000_000_000),
        json!(0.1),
    ];
    context.rng().choose(&numbers).cloned().unwrap_or_default()
}

/// A place in a document, as often near its root as deep inside.
fn subtree(document: &Value, context: &mut Context) -> Value {
    let mut place = document;
    while let Some(inner) = match place {
        Value::Array(items) => context.rng().choose(items),
        Value::Object(members) => context.rng().choose(members.values()),
        _ => None,
    } {
        place = inner;
        if context.rng().gen_index(3) == Some(0) {
            break;
        }
    }
    place.clone()
}
