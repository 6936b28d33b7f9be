//! How a request becomes bytes, where it is not simply JSON.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::canonical::Transport;
use crate::emit::{ident, pretty};
use crate::problem::Problems;
use crate::share::{Field, Presence, Top};

/// Whether a form is simply JSON.
pub(super) fn is_plain(top: &Top) -> bool {
    top.transport == Transport::Json && !top.streams_by_default
}

/// `impl Request` for a form that is not.
pub(super) fn encode(name: &str, fields: &[Field], top: &Top) -> Result<String, Problems> {
    let name = format_ident!("{name}");
    let body = body(fields, top);
    let text = pretty(quote! {
        impl client::Request for #name {
            fn encode(&self) -> Result<client::Encoded, client::Invalid> {
                #body
            }
        }
    })?;
    Ok(text.lines().map(|line| format!("    {line}\n")).collect())
}

fn body(fields: &[Field], top: &Top) -> TokenStream {
    let idents = ident::fields(fields);
    let field = |wire: &str| fields.iter().zip(&idents).find(|(field, _)| field.wire == wire).map(|(_, ident)| ident);
    // A model that streams unless told otherwise is told so.
    let plainly = if top.streams_by_default {
        quote!(client::Encoded::json(self)?.with("stream", false))
    } else {
        quote!(client::Encoded::json(self))
    };
    match &top.transport {
        Transport::Json => plainly,
        Transport::Raw(raw) => {
            let Some(body) = field(raw) else { return plainly };
            let others = || fields.iter().zip(&idents).filter(|(field, _)| field.wire != *raw);
            // What is always there could not go with the bytes.
            if others().any(|(field, _)| field.presence != Presence::Optional) {
                return plainly;
            }
            let others: Vec<_> = others().map(|(_, ident)| quote!(self.#ident.is_none())).collect();
            let raw = quote!(client::Encoded::raw(self.#body.bytes(), None));
            if others.is_empty() {
                quote!(Ok(#raw))
            } else {
                quote! {
                    if #(#others)&&* {
                        return Ok(#raw);
                    }
                    #plainly
                }
            }
        }
        Transport::RawWithQuery(raw) => {
            let Some(body) = field(raw) else { return plainly };
            quote!(client::Encoded::raw(self.#body.bytes(), Some(self.#body.content_type())).with_query(self))
        }
        Transport::Multipart => {
            let parts = fields.iter().zip(&idents).map(|(field, ident)| {
                let wire = &field.wire;
                if field.ty.ends_with("Media") {
                    quote!(.file(#wire, &self.#ident))
                } else {
                    quote!(.field(#wire, &self.#ident))
                }
            });
            quote!(client::Encoded::multipart() #(#parts)* .finish())
        }
    }
}
