//! What typify makes of a model's schemas, builders included.

use std::panic::{self, AssertUnwindSafe};

use anyhow::{Result, anyhow};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use schemars::schema::Schema;
use serde_json::Value;
use typify::{TypeSpace, TypeSpaceSettings};

use crate::published::Published;

/// A module for each model, formatted, and how many models there are. What typify refuses is left out, and said.
///
/// # Errors
///
/// Where what it wrote does not parse.
pub fn typified(models: &[Published]) -> Result<(String, usize)> {
    let mut text = String::new();
    let mut count = 0;
    for model in models {
        match module(model) {
            Ok(tokens) => {
                let file = syn::parse2(tokens)?;
                text.push_str(&prettyplease::unparse(&file));
                count += 1;
            }
            Err(error) => eprintln!("typify refuses {}: {error:#}", model.module),
        }
    }
    Ok((text, count))
}

fn module(model: &Published) -> Result<TokenStream> {
    let mut settings = TypeSpaceSettings::default();
    settings.with_struct_builder(true);
    // It panics on what it does not expect.
    let written = panic::catch_unwind(AssertUnwindSafe(|| -> Result<TokenStream> {
        let mut types = TypeSpace::new(&settings);
        for (name, schema) in [("Request", &model.input), ("Reply", &model.output)] {
            let schema: Schema = serde_json::from_value(Value::clone(schema))?;
            types.add_type_with_name(&schema, Some(name.to_owned()))?;
        }
        Ok(types.to_stream())
    }));
    let types = written.map_err(|_| anyhow!("it panicked"))??;
    let module = format_ident!("{}", model.module);
    Ok(quote!(pub mod #module { #types }))
}
