//! Small damage to an instance, just beyond the limits and among the words that stand in schemas under the same name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::dice::Dice;
use super::sources::committed;

/// What is said about the values of each property, wherever a property of that name stands.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    numbers: BTreeMap<String, Vec<f64>>,
    lengths: BTreeMap<String, BTreeSet<usize>>,
    words: BTreeMap<String, BTreeSet<String>>,
}

impl Limits {
    pub(crate) fn of(schema: &Value) -> Self {
        let mut limits = Self::default();
        limits.collect(schema, "");
        limits
    }

    fn collect(&mut self, schema: &Value, name: &str) {
        let Value::Object(members) = schema else { return };
        for (keyword, value) in members {
            match (keyword.as_str(), value) {
                ("minimum" | "maximum", Value::Number(limit)) => {
                    self.numbers.entry(name.to_owned()).or_default().extend(limit.as_f64());
                }
                ("minLength" | "maxLength" | "minItems" | "maxItems", Value::Number(limit)) => {
                    let limit =
                        limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit <= 5000);
                    self.lengths.entry(name.to_owned()).or_default().extend(limit);
                }
                ("enum", Value::Array(values)) => {
                    let words = values.iter().filter_map(Value::as_str).map(str::to_owned);
                    self.words.entry(name.to_owned()).or_default().extend(words);
                }
                ("properties", Value::Object(properties)) => {
                    properties.iter().for_each(|(name, property)| self.collect(property, name));
                }
                ("items" | "additionalProperties", inner) => self.collect(inner, name),
                ("oneOf" | "anyOf", Value::Array(arms)) => arms.iter().for_each(|arm| self.collect(arm, name)),
                _ => {}
            }
        }
    }

    /// Beyond a limit of this property, or on it.
    fn number(&self, name: &str, dice: &mut Dice) -> f64 {
        let limits = self.numbers.get(name).map(Vec::as_slice).unwrap_or_default();
        let limit = dice.pick(limits).copied().unwrap_or(1e12);
        limit + dice.pick(&[0.0, 0.001, -0.001, 1.0, -1.0, 0.5, 1e9, -1e9]).copied().unwrap_or_default()
    }

    /// A length beyond a limit of this property, or on it.
    fn length(&self, name: &str, dice: &mut Dice) -> usize {
        let limits: Vec<usize> = self.lengths.get(name).into_iter().flatten().copied().collect();
        let limit = dice.pick(&limits).copied().unwrap_or_default();
        [limit + 1, limit, limit.saturating_sub(1)].get(dice.below(3)).copied().unwrap_or_default()
    }

    /// A word that some model has in an enumeration of this name.
    fn word(&self, name: &str, dice: &mut Dice) -> String {
        let words: Vec<&String> = self.words.get(name).into_iter().flatten().collect();
        dice.pick(&words).map_or_else(|| "not-a-listed-value".to_owned(), |word| (*word).clone())
    }
}

/// The words of every committed schema: what one model takes, another may refuse.
fn vocabulary() -> &'static Limits {
    static VOCABULARY: OnceLock<Limits> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let mut limits = Limits::default();
        committed().iter().for_each(|published| limits.collect(&published.input, ""));
        limits
    })
}

/// Changes one place of the instance; the result may still be valid.
pub(crate) fn mutate(instance: &Value, limits: &Limits, dice: &mut Dice) -> Value {
    let mut places = Vec::new();
    collect_places(instance, String::new(), "", &mut places);
    let mut mutant = instance.clone();
    let (pointer, name) = dice.pick(&places).cloned().unwrap_or_default();
    if let Some(place) = mutant.pointer_mut(&pointer) {
        damage(place, &name, limits, dice);
    }
    mutant
}

/// Every pointer into a value, with the name of the property it belongs to.
fn collect_places(value: &Value, at: String, name: &str, places: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                collect_places(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), name, places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().take(3) {
                collect_places(item, format!("{at}/{index}"), name, places);
            }
        }
        _ => {}
    }
    places.push((at, name.to_owned()));
}

fn damage(place: &mut Value, name: &str, limits: &Limits, dice: &mut Dice) {
    if dice.chance(25) {
        *place = wrong_type(dice);
        return;
    }
    match place {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            match dice.pick(&names) {
                Some(name) if dice.chance(50) => {
                    members.remove(name);
                }
                _ => {
                    members.insert("never_published".to_owned(), json!(1));
                }
            }
        }
        Value::Array(items) => {
            let first = items.first().cloned().unwrap_or_else(|| json!("x"));
            items.resize(limits.length(name, dice), first);
        }
        Value::String(text) => {
            *text = match dice.below(3) {
                0 => vocabulary().word(name, dice),
                1 => String::new(),
                _ => "ü".repeat(limits.length(name, dice)),
            };
        }
        Value::Number(_) => {
            let value = limits.number(name, dice);
            *place = match format!("{value:.0}").parse::<i64>() {
                Ok(whole) if value.fract() == 0.0 => json!(whole),
                _ => json!(value),
            };
        }
        Value::Bool(flag) => *place = json!(!*flag),
        Value::Null => *place = wrong_type(dice),
    }
}

fn wrong_type(dice: &mut Dice) -> Value {
    let others = [
        json!("text"),
        json!(1),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!(["text"]),
        json!(null),
    ];
    dice.pick(&others).cloned().unwrap_or_default()
}
