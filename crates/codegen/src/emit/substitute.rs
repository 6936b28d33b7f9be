//! Replaces placeholders in token streams, token by token, so that text in literals is never touched by chance.

use std::collections::BTreeMap;

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};

/// Names for identifiers, and for string literals where these are placeholders too.
#[derive(Default)]
pub(super) struct Names {
    pub(super) idents: BTreeMap<String, String>,
    pub(super) literals: BTreeMap<String, String>,
}

/// The stream with every placeholder replaced.
pub(super) fn substitute(stream: TokenStream, names: &Names) -> TokenStream {
    stream
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), substitute(group.stream(), names));
                replaced.set_span(group.span());
                TokenTree::Group(replaced)
            }
            TokenTree::Ident(ident) => match names.idents.get(&ident.to_string()) {
                Some(name) => TokenTree::Ident(Ident::new(name, ident.span())),
                None => TokenTree::Ident(ident),
            },
            TokenTree::Literal(literal) => match names.literals.get(&literal.to_string()) {
                Some(text) => TokenTree::Literal(Literal::string(text)),
                None => TokenTree::Literal(literal),
            },
            punct @ TokenTree::Punct(_) => punct,
        })
        .collect()
}
