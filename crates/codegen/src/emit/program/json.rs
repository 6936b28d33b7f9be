//! JSON inside a program: laid out as a person would, in the escapes of Rust.

use proc_macro2::{Ident, Literal, Span};
use serde_json::Value;

/// Longer than this, a list or an object has a line for each entry.
const LINE: usize = 60;

/// What stands for a value while the program is laid out; the layout knows no macro.
pub(super) fn stand_in(index: usize) -> Ident {
    Ident::new(&format!("__value_{index}_"), Span::call_site())
}

/// Puts the values where their stand-ins are, indented like the line that they are in.
pub(super) fn fill_in(mut text: String, values: &[Value]) -> String {
    for (index, value) in values.iter().enumerate() {
        let Some((before, after)) = text.split_once(&stand_in(index).to_string()) else { continue };
        let line = before.rsplit('\n').next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        text = format!("{before}{}{after}", written(value, indent));
    }
    text
}

fn written(value: &Value, indent: usize) -> String {
    let short = on_one_line(value);
    if short.len() <= LINE {
        return short;
    }
    let inner = " ".repeat(indent + 4);
    let (open, entries, close): (_, Vec<String>, _) = match value {
        Value::Array(items) => ('[', items.iter().map(|item| written(item, indent + 4)).collect(), ']'),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| format!("{}: {}", text(name), written(value, indent + 4));
            ('{', members.iter().map(member).collect(), '}')
        }
        _ => return short,
    };
    format!("{open}\n{inner}{}\n{}{close}", entries.join(&format!(",\n{inner}")), " ".repeat(indent))
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::String(string) => text(string),
        Value::Array(items) => format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", text(name), on_one_line(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Text as a literal of Rust, which escapes otherwise than JSON.
fn text(text: &str) -> String {
    Literal::string(text).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_where_their_stand_ins_were() {
        let values = [json!({"city": "Lisbon \u{7}"}), json!([1, -2.5, null])];
        assert_eq!(
            fill_in("    call(json!(__value_0_), json!(__value_1_))".to_owned(), &values),
            "    call(json!({\"city\": \"Lisbon \\u{7}\"}), json!([1, -2.5, null]))"
        );
    }

    #[test]
    fn long_values_have_a_line_for_each_entry() {
        let value = json!({"description": "What the weather is like in a place.", "required": ["city", "country"]});
        assert_eq!(
            fill_in("    json!(__value_0_)".to_owned(), &[value]),
            "    json!({\n        \"description\": \"What the weather is like in a place.\",\n        \"required\": [\"city\", \"country\"]\n    })"
        );
    }

    #[test]
    fn lists_in_objects_are_laid_out_one_deeper() {
        let word = "w".repeat(30);
        let value = json!({"words": [word, word, {"deeper": [word, word]}]});
        let expected = [
            "json!({".to_owned(),
            "    \"words\": [".to_owned(),
            format!("        \"{word}\","),
            format!("        \"{word}\","),
            "        {".to_owned(),
            "            \"deeper\": [".to_owned(),
            format!("                \"{word}\","),
            format!("                \"{word}\""),
            "            ]".to_owned(),
            "        }".to_owned(),
            "    ]".to_owned(),
            "})".to_owned(),
        ];
        assert_eq!(fill_in("json!(__value_0_)".to_owned(), &[value]), expected.join("\n"));
    }

    #[test]
    fn sixty_letters_fit_on_a_line() {
        let list = |length: usize| fill_in("__value_0_".to_owned(), &[json!(["x".repeat(length - 4)])]);
        assert_eq!(list(60).lines().count(), 1);
        assert_eq!(list(61).lines().count(), 3);
        // Text has nowhere to break.
        assert_eq!(fill_in("__value_0_".to_owned(), &[json!("x".repeat(100))]).lines().count(), 1);
    }

    #[test]
    fn what_does_not_stand_anywhere_is_left_out() {
        assert_eq!(fill_in("a(__value_1_)".to_owned(), &[json!(1), json!(2)]), "a(2)");
        assert_eq!(fill_in("\n        a(__value_0_)".to_owned(), &[json!({})]), "\n        a({})");
    }
}
