//! Small damage to an instance, guided by nothing but the numbers that stand in the schema.

use serde_json::{Value, json};

use super::dice::Dice;

/// The limits that a schema mentions anywhere: the interesting values are just beyond them.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    numbers: Vec<f64>,
    lengths: Vec<usize>,
}

impl Limits {
    pub(crate) fn of(schema: &Value) -> Self {
        let mut limits = Self::default();
        limits.collect(schema);
        limits
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Object(members) => {
                for (keyword, value) in members {
                    match (keyword.as_str(), value.as_f64(), value.as_u64()) {
                        ("minimum" | "maximum", Some(limit), _) if !self.numbers.contains(&limit) => {
                            self.numbers.push(limit)
                        }
                        ("maxLength" | "maxItems", _, Some(limit)) if limit <= 5000 => {
                            let limit = usize::try_from(limit).unwrap_or_default();
                            if !self.lengths.contains(&limit) {
                                self.lengths.push(limit);
                            }
                        }
                        _ => {}
                    }
                    self.collect(value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }
}

/// Changes one place of the instance; the result may still be valid.
pub(crate) fn mutate(instance: &Value, limits: &Limits, dice: &mut Dice) -> Value {
    let mut places = Vec::new();
    pointers(instance, String::new(), &mut places);
    let mut mutant = instance.clone();
    let pointer = dice.pick(&places).cloned().unwrap_or_default();
    if let Some(place) = mutant.pointer_mut(&pointer) {
        damage(place, limits, dice);
    }
    mutant
}

fn pointers(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().take(3) {
                pointers(item, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

fn damage(place: &mut Value, limits: &Limits, dice: &mut Dice) {
    if dice.chance(25) {
        *place = wrong_type(dice);
        return;
    }
    match place {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            match dice.pick(&names) {
                Some(name) if dice.chance(75) => {
                    members.remove(name);
                }
                _ => {
                    members.insert("never_published".to_owned(), json!(1));
                }
            }
        }
        Value::Array(items) => {
            let target = dice.pick(&limits.lengths).map_or(0, |length| length + 1);
            let first = items.first().cloned().unwrap_or_else(|| json!("x"));
            if target == 0 || dice.chance(40) { items.clear() } else { items.resize(target, first) }
        }
        Value::String(text) => {
            let target = dice.pick(&limits.lengths).map_or(0, |length| length + 1);
            *text = if target == 0 || dice.chance(50) {
                dice.pick(&["", "not-a-listed-value"]).copied().unwrap_or_default().to_owned()
            } else {
                "ü".repeat(target)
            };
        }
        Value::Number(_) => {
            let limit = dice.pick(&limits.numbers).copied().unwrap_or(1e12);
            let beyond = dice.pick(&[0.001, -0.001, 1.0, -1.0, 0.5, 1e9, -1e9]).copied().unwrap_or(1.0);
            let value = limit + beyond;
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
