//! Rust identifiers of fields and variants: valid, unique, and close to the published word.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use crate::name::{pascal_case, snake_case};
use crate::share::Field;

/// Identifiers of a struct's fields, in order.
pub(in crate::emit) fn fields(fields: &[Field]) -> Vec<Ident> {
    let mut taken = BTreeSet::new();
    fields.iter().map(|field| unique(word(&snake_case(&field.wire), "field"), "_", &mut taken)).collect()
}

/// Identifiers of an enum's variants, in order.
pub(in crate::emit) fn variants(values: &[String]) -> Vec<Ident> {
    let mut taken = BTreeSet::from(["Unknown".to_owned(), "Self".to_owned()]);
    values
        .iter()
        .map(|value| {
            let named = match value.as_str() {
                "+" => "Plus".to_owned(),
                "-" => "Minus".to_owned(),
                "" => "Empty".to_owned(),
                value => pascal_case(value),
            };
            unique(word(&named, "Value"), "", &mut taken)
        })
        .collect()
}

/// An identifier for a method or module that `fetch` has named.
pub(in crate::emit) fn plain(name: &str) -> Option<Ident> {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(letters) {
        return (!is_keyword(name)).then(|| Ident::new(name, Span::call_site()));
    }
    // Few names are anything else, and a lexer knows what may be in them.
    syn::parse_str::<Ident>(name).ok()
}

/// Keywords of the latest edition, kept ones included.
fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "Self"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    )
}

fn word(name: &str, fallback: &str) -> String {
    let name = if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("{fallback}{name}")
    };
    // `new` is the constructor's.
    if plain(&name).is_some() && name != "new" { name } else { format!("{name}_") }
}

fn unique(base: String, separator: &str, taken: &mut BTreeSet<String>) -> Ident {
    let mut name = base.clone();
    let mut count = 1;
    while !taken.insert(name.clone()) {
        count += 1;
        name = format!("{}{separator}{count}", base.trim_end_matches('_'));
    }
    Ident::new(&name, Span::call_site())
}

#[test]
fn keywords_are_no_names_and_everything_else_of_letters_is() {
    let words = include_str!("ident.rs").split(|letter: char| !letter.is_ascii_alphabetic());
    for word in words.filter(|word| !word.is_empty() && *word != "gen") {
        assert_eq!(plain(word), syn::parse_str::<Ident>(word).ok(), "{word}");
    }
    assert_eq!(plain("gen"), None);
}
