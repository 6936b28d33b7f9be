//! Open enums of replies: a value that nobody has seen yet is kept, not refused.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::ident;
use crate::share::{Definition, DefinitionId, placeholder};

/// An enum that also takes unknown values.
pub(super) fn open(id: DefinitionId, definition: &Definition, values: &[String]) -> TokenStream {
    let name = format_ident!("{}", placeholder(id));
    let doc = format!(" {}", definition.doc);
    let idents = ident::variants(values);
    let variants = idents.iter().zip(values).map(|(ident, value)| {
        let doc = format!(" `{}`", crate::glossary::code(value));
        let rename = (*ident != value).then(|| quote!(#[serde(rename = #value)]));
        quote!(#[doc = #doc] #rename #ident)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #[doc = " A value that was not known when these bindings were made."]
            #[serde(untagged)]
            Unknown(::std::string::String),
        }
    }
}
