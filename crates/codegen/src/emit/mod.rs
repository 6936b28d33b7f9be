//! Writes the Rust of a modality: types by the client's macros, models and methods through quote.

mod chat;
mod definition;
mod handle;
mod ident;
mod info;
mod layout;
mod model;
mod program;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::modality::Modality;
use crate::place::{Placement, place};
use crate::problem::{Problem, Problems};
use crate::share::{DefinitionId, share};

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
    let mut rust = String::new();
    for (index, model) in shared.models.iter().enumerate() {
        if options.only.as_ref().is_none_or(|only| model.facts.id == *only) {
            let examples = match &options.home {
                Some(home) => program::examples(modality, &shared, &placement, index, home)?,
                None => program::Examples::default(),
            };
            model::module(&shared, &placement, index, &examples, &mut rust)?;
        }
    }
    if options.only.is_none() && !options.without_handle {
        handle::handle(modality, &shared, &mut rust)?;
        chat::chat(&shared, &placement, &mut rust)?;
    }
    Ok(rust)
}

/// Items as formatted text.
fn pretty(items: TokenStream) -> Result<String, Problems> {
    let file =
        syn::parse2(items).map_err(|error| Problem::new("", format!("the generated code does not parse: {error}")))?;
    Ok(prettyplease::unparse(&file))
}

/// The names that hold in one model's module.
fn names(placement: &Placement, model: usize) -> &BTreeMap<DefinitionId, String> {
    static NONE: BTreeMap<DefinitionId, String> = BTreeMap::new();
    placement.names.get(model).unwrap_or(&NONE)
}
