//! The modality's handle: one method for each model, reached from a client through an extension trait.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::chat::has_chat;
use super::model::{is_behind, lifecycle_attributes, marker_ident, module_ident};
use crate::glossary::code;
use crate::modality::Modality;
use crate::name::{pascal_case, snake_case};
use crate::problem::Problems;
use crate::share::Shared;

/// Handle, extension trait and list of models.
pub(super) fn handle(modality: &Modality, shared: &Shared<'_>) -> Result<TokenStream, Problems> {
    let handle = format_ident!("{}", pascal_case(&modality.name));
    let extension = format_ident!("{}Ext", pascal_case(&modality.name));
    let getter = format_ident!("{}", snake_case(&modality.name));
    let words = modality.name.replace('-', " ");
    let mut methods = Vec::new();
    let mut infos = Vec::new();
    for model in &shared.models {
        let (module, marker) = (module_ident(model.facts)?, marker_ident(model.facts)?);
        let attributes = lifecycle_attributes(model.facts);
        let doc = format!(" Calls `{}`; see [`{module}`] for its parameters and an example.", code(&model.facts.id));
        methods.push(quote! {
            #[doc = #doc]
            #attributes
            pub fn #module(&self, request: impl ::std::convert::Into<#module::Request>) -> ::workers_ai_client::Call<#module::#marker> {
                ::workers_ai_client::Call::new(self.client.clone(), request)
            }
        });
        let behind = is_behind(model.facts).then(|| quote!(#[cfg(feature = "retired")]));
        infos.push(quote!(#behind &#module::INFO));
    }
    // Where every model is behind a feature, nothing uses the client without it.
    let all_behind = shared.models.iter().all(|model| is_behind(model.facts));
    let unused = all_behind.then(|| quote!(#[cfg_attr(not(feature = "retired"), allow(dead_code, reason = "all its models are behind the feature"))]));
    let handle_doc = format!(" Calls to {words} models, made from a client with [`{extension}::{getter}`].");
    let trait_doc = format!(" Gives a client its {words} models.");
    let getter_doc = format!(" The {words} models.");
    let prelude_doc = format!(" Brings [`{extension}`] into scope.");
    // Traits whose methods are called on what calls give.
    let chat = has_chat(shared).then(|| {
        quote!(
            pub use super::{ChatStreamExt, JsonSchemaOf};
        )
    });
    let list_doc = format!(" Every {words} model of these bindings.");
    Ok(quote! {
        #[doc = #list_doc]
        #[allow(deprecated, reason = "the list is complete on purpose")]
        pub const MODELS: &[&::workers_ai_client::Info] = &[#(#infos),*];
        #[doc = #handle_doc]
        #[derive(Clone, Debug)]
        pub struct #handle {
            #unused
            client: ::workers_ai_client::Client,
        }
        #[allow(deprecated, reason = "each deprecated method names its own types")]
        impl #handle {
            #(#methods)*
        }
        #[doc = #trait_doc]
        pub trait #extension {
            #[doc = #getter_doc]
            fn #getter(&self) -> #handle;
        }
        impl #extension for ::workers_ai_client::Client {
            fn #getter(&self) -> #handle {
                #handle { client: self.clone() }
            }
        }
        #[doc = #prelude_doc]
        pub mod prelude {
            pub use super::#extension;
            #chat
        }
    })
}
