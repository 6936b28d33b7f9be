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
    // syn knows no edition, and `gen` is a keyword of the latest only.
    syn::parse_str::<Ident>(name).ok().filter(|ident| ident != "gen")
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
