//! What the macros of the bindings are told, read strictly: a type, its members, and nothing else.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Result};
use syn::{Attribute, Expr, Ident, Macro, Path, Signature, Token, Type, braced, parenthesized};

/// A type that a macro writes.
pub(super) struct Written {
    pub(super) name: Ident,
    /// Fields or variants.
    pub(super) members: Vec<Ident>,
}

impl Written {
    /// Reads a call of one of the macros.
    pub(super) fn read(call: &Macro) -> Result<Self> {
        let path: Vec<String> = call.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["client", "request" | "reply" | "choice" | "union"] => syn::parse2(call.tokens.clone()),
            _ => Err(syn::Error::new_spanned(&call.path, "not one of the bindings' own")),
        }
    }
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        attributes(input)?;
        input.parse::<Token![pub]>()?;
        let is_enum = input.peek(Token![enum]);
        if is_enum {
            input.parse::<Token![enum]>()?;
        } else {
            input.parse::<Token![struct]>()?;
        }
        let name: Ident = input.parse()?;
        if input.peek(Token![as]) {
            input.parse::<Token![as]>()?;
            input.parse::<Ident>()?;
        }
        if input.peek(Token![,]) || input.peek(Token![:]) {
            input.parse::<proc_macro2::Punct>()?;
            input.parse::<Ident>()?;
        }
        let body;
        braced!(body in input);
        let mut members = Vec::new();
        while !body.is_empty() && !body.peek(Token![..]) {
            attributes(&body)?;
            members.push(if is_enum { variant(&body)? } else { field(&body)? });
            body.parse::<Token![,]>()?;
        }
        if is_enum {
            body.parse::<Option<Token![..]>>()?;
            forms(input)?;
        }
        Ok(Self { name, members })
    }
}

fn attributes(input: ParseStream<'_>) -> Result<()> {
    for attribute in input.call(Attribute::parse_outer)? {
        if !["doc", "derive", "wire"].iter().any(|known| attribute.path().is_ident(known)) {
            return Err(syn::Error::new_spanned(attribute, "an unexpected attribute"));
        }
    }
    Ok(())
}

fn field(input: ParseStream<'_>) -> Result<Ident> {
    let how = input.call(Ident::parse_any)?;
    match how.to_string().as_str() {
        "pub" | "into" | "body" | "only" => {}
        "via" => {
            input.parse::<Ident>()?;
            let bound;
            parenthesized!(bound in input);
            bound.parse::<Path>()?;
        }
        _ => return Err(syn::Error::new_spanned(how, "an unexpected way to take a value")),
    }
    let name: Ident = input.parse()?;
    input.parse::<Option<Token![?]>>()?;
    input.parse::<Token![:]>()?;
    input.parse::<Type>()?;
    if input.parse::<Option<Token![=]>>()?.is_some() {
        input.parse::<Path>()?;
    }
    Ok(name)
}

fn variant(input: ParseStream<'_>) -> Result<Ident> {
    let name: Ident = input.parse()?;
    if input.peek(syn::token::Paren) {
        let ty;
        parenthesized!(ty in input);
        ty.parse::<Type>()?;
    }
    input.parse::<Token![=]>()?;
    match input.parse::<Expr>()? {
        Expr::Lit(_) | Expr::Path(_) | Expr::Call(_) => Ok(name),
        other => Err(syn::Error::new_spanned(other, "an unexpected value")),
    }
}

/// `impl Request { fn prompt(…) -> …; }`
fn forms(input: ParseStream<'_>) -> Result<()> {
    if !input.peek(Token![impl]) {
        return Ok(());
    }
    input.parse::<Token![impl]>()?;
    input.parse::<Ident>()?;
    let forms;
    braced!(forms in input);
    while !forms.is_empty() {
        forms.parse::<Signature>()?;
        forms.parse::<Token![;]>()?;
    }
    Ok(())
}

/// Every identifier, however deep.
pub(super) fn idents(tokens: TokenStream) -> Vec<Ident> {
    let inside = |tree| match tree {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => idents(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(inside).collect()
}
