//! Lines laid out as prettyplease lays them out.
//!
//! Most of a model's module is the same lines for every model. Parsing them, only to have them formatted, would be most of
//! the generator's work.

use proc_macro2::Literal;

/// The most columns of a line.
const WIDTH: usize = 89;

/// Text as a literal.
pub(super) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}

/// A number as a literal of the type that stands in its place.
pub(super) fn float(number: f64) -> String {
    Literal::f64_unsuffixed(number).to_string()
}

/// Doc comment lines.
pub(super) fn doc(rust: &mut String, indent: usize, text: &str) {
    for line in text.trim_end().lines() {
        let line = line.trim_end_matches(' ');
        rust.push_str(&" ".repeat(indent));
        rust.push_str(if line.is_empty() { "///" } else { "/// " });
        rust.push_str(line);
        rust.push('\n');
    }
}

/// `open`, items and `close`, on a line of which `used` columns are taken; where that is too long, each item on a line of its own.
pub(super) fn group(indent: usize, used: usize, open: &str, items: &[String], close: &str) -> String {
    let flat = flat(open, items, close);
    if fits(used, &flat) && !items.iter().any(|item| item.contains('\n')) {
        return flat;
    }
    let inner = " ".repeat(indent + 4);
    let lines: String = items.iter().map(|item| format!("{inner}{item},\n")).collect();
    format!("{open}\n{lines}{}{close}", " ".repeat(indent))
}

/// The same, with as many items on a line as there is room for.
pub(super) fn filled(indent: usize, used: usize, open: &str, items: &[String], close: &str) -> String {
    let flat = flat(open, items, close);
    if fits(used, &flat) {
        return flat;
    }
    let inner = " ".repeat(indent + 4);
    let mut text = format!("{open}\n{inner}");
    let mut column = inner.len();
    for (index, item) in items.iter().enumerate() {
        // The comma after the last is not counted.
        let width = item.chars().count() + usize::from(index + 1 < items.len());
        if index > 0 {
            if column + 1 + width > WIDTH {
                text.push_str(&format!("\n{inner}"));
                column = inner.len();
            } else {
                text.push(' ');
                column += 1;
            }
        }
        text.push_str(item);
        text.push(',');
        column += width;
    }
    format!("{text}\n{}{close}", " ".repeat(indent))
}

fn flat(open: &str, items: &[String], close: &str) -> String {
    format!("{open}{}{close}", items.join(", "))
}

/// Whether a line has room for a text, and for the comma or semicolon after it.
fn fits(used: usize, text: &str) -> bool {
    used + text.chars().count() < WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_goes_to_lines_of_its_own() {
        let items = ["first".repeat(5), "second".repeat(5), "third".repeat(5)];
        assert_eq!(group(4, 4, "call(", &items[..1], ")"), format!("call({})", items[0]));
        assert_eq!(
            group(4, 10, "call(", &items, ")"),
            format!("call(\n        {},\n        {},\n        {},\n    )", items[0], items[1], items[2])
        );
        assert_eq!(
            filled(4, 10, "use {", &items, "}"),
            format!("use {{\n        {}, {},\n        {},\n    }}", items[0], items[1], items[2])
        );
    }
}
