//! Writes the Rust of a modality: data types through typify, models and methods through quote.

mod chat;
mod choice;
mod data;
mod encode;
mod handle;
mod ident;
mod model;
mod program;
mod substitute;
mod tidy;
mod union;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::modality::Modality;
use crate::place::{Placement, place};
use crate::problem::{Problem, Problems};
use crate::share::{DefinitionId, DefinitionKind, Shared, Side, share};

pub use program::program;

/// How the bindings are written.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Write only the module of this model id, and nothing around it.
    pub only: Option<String>,
    /// Write the handle and its extension trait; without it only the models' modules are written.
    pub without_handle: bool,
    /// Path of the module that will hold the bindings, such as `my_crate::models`. With it every model's module shows a
    /// call that compiles as a doc test.
    pub home: Option<String>,
}

/// The Rust of a modality, formatted.
///
/// # Errors
///
/// Every schema that has no Rust form.
pub fn generate(modality: &Modality, options: &Options) -> Result<String, Problems> {
    let shared = share(modality)?;
    let placement = place(&shared);
    let pieces = pieces(&shared)?;
    let mut file = TokenStream::new();
    for index in 0..shared.models.len() {
        let wanted = options
            .only
            .as_ref()
            .is_none_or(|only| shared.models.get(index).is_some_and(|model| model.facts.id == *only));
        if wanted {
            let example = match &options.home {
                Some(home) => program::example(modality, &shared, &placement, index, home)?,
                None => None,
            };
            file.extend(model::module(&shared, &placement, &pieces, index, example.as_deref())?);
        }
    }
    if options.only.is_none() {
        file.extend(conversion_error(&pieces));
        if !options.without_handle {
            file.extend(handle::handle(modality, &shared)?);
            file.extend(chat::chat(&shared, &placement)?);
        }
    }
    let mut file = syn::parse2(file).map_err(|error| failed(&modality.name, &error))?;
    tidy::tidy(&mut file);
    Ok(prettyplease::unparse(&file))
}

/// The items of every definition, with placeholders for the names of others.
struct Pieces {
    items: BTreeMap<DefinitionId, TokenStream>,
    /// The error of typify's string conversions, if any type has them.
    error_module: Option<TokenStream>,
}

fn pieces(shared: &Shared<'_>) -> Result<Pieces, Problems> {
    let (mut items, error_module) = data::data(shared)?;
    for (id, definition) in shared.definitions.iter().enumerate() {
        let tokens = match (&definition.kind, definition.side) {
            (DefinitionKind::Union { arms, top }, side) => {
                union::union(id, definition, arms, side, top.then_some(shared))?
            }
            (DefinitionKind::Choice { values }, Side::Reply) => choice::open(id, definition, values),
            (DefinitionKind::Struct { fields, .. }, Side::Request) => data::constructors(id, fields, shared)?,
            _ => TokenStream::new(),
        };
        items.entry(id).or_default().extend(tokens);
        let encoding = if shared.replies.contains(&id) {
            encode::decode(id)
        } else if shared.chunks.contains(&id) {
            encode::chunk(id)
        } else {
            encode::encode(id, definition)?
        };
        items.entry(id).or_default().extend(encoding);
    }
    Ok(Pieces { items, error_module })
}

fn conversion_error(pieces: &Pieces) -> TokenStream {
    pieces.error_module.clone().unwrap_or_else(|| quote!())
}

fn failed(name: &str, error: &dyn std::fmt::Display) -> Problems {
    Problem::new("", format!("the generated code does not parse: {error}")).in_file(name).into()
}

/// A type text as tokens.
fn type_tokens(ty: &str) -> Result<syn::Type, Problems> {
    syn::parse_str(ty)
        .map_err(|error| Problem::new("", format!("`{}` is not a Rust type: {error}", ty.escape_debug())).into())
}

/// The names that hold in one model's module.
fn names(placement: &Placement, model: usize) -> BTreeMap<DefinitionId, String> {
    placement.names.get(model).cloned().unwrap_or_default()
}
