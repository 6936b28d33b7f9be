//! How a request becomes bytes: one implementation for each request type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::ident;
use crate::canonical::Transport;
use crate::problem::Problems;
use crate::share::{Definition, DefinitionId, DefinitionKind, Field, Presence, Side, Top, placeholder};

/// `impl Request` for a request form or an enum of forms; nothing for other definitions.
pub(super) fn encode(id: DefinitionId, definition: &Definition) -> Result<TokenStream, Problems> {
    let name = format_ident!("{}", placeholder(id));
    let body = match &definition.kind {
        DefinitionKind::Struct { fields, top: Some(top), .. } => form(fields, top),
        DefinitionKind::Union { arms, top: true } if definition.side == Side::Request => {
            let variants = arms.iter().map(|arm| format_ident!("{}", arm.name));
            quote! { match self { #(Self::#variants(form) => ::workers_ai_client::Request::encode(form),)* } }
        }
        _ => return Ok(TokenStream::new()),
    };
    Ok(quote! {
        impl ::workers_ai_client::Request for #name {
            fn encode(&self) -> ::std::result::Result<::workers_ai_client::Encoded, ::workers_ai_client::Invalid> {
                #body
            }
        }
    })
}

fn form(fields: &[Field], top: &Top) -> TokenStream {
    let idents = ident::fields(fields);
    // A model that streams unless told otherwise is told so.
    let plainly = if top.streams_by_default {
        quote!(::workers_ai_client::Encoded::json(self)?.with("stream", false))
    } else {
        quote!(::workers_ai_client::Encoded::json(self))
    };
    match &top.transport {
        Transport::Json => plainly,
        Transport::Raw(raw) => {
            let Some(body) = fields.iter().zip(&idents).find(|(field, _)| field.wire == *raw).map(|(_, ident)| ident)
            else {
                return plainly;
            };
            let others: Vec<_> = fields
                .iter()
                .zip(&idents)
                .filter(|(field, _)| field.wire != *raw && field.presence == Presence::Optional)
                .map(|(_, ident)| quote!(self.#ident.is_none()))
                .collect();
            let raw = quote!(::workers_ai_client::Encoded::raw(self.#body.bytes(), ::std::option::Option::None));
            if others.is_empty() {
                quote!(::std::result::Result::Ok(#raw))
            } else {
                quote! {
                    if #(#others)&&* {
                        return ::std::result::Result::Ok(#raw);
                    }
                    #plainly
                }
            }
        }
        Transport::RawWithQuery(raw) => {
            let Some(body) = fields.iter().zip(&idents).find(|(field, _)| field.wire == *raw).map(|(_, ident)| ident)
            else {
                return plainly;
            };
            quote! {
                ::workers_ai_client::Encoded::raw(self.#body.bytes(), ::std::option::Option::Some(self.#body.content_type())).with_query(self)
            }
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
            quote!(::workers_ai_client::Encoded::multipart() #(#parts)* .finish())
        }
    }
}

/// `impl Reply`: out of the envelope and into the type.
pub(super) fn decode(id: DefinitionId) -> TokenStream {
    let name = format_ident!("{}", placeholder(id));
    quote! {
        impl ::workers_ai_client::Reply for #name {
            fn decode(answer: ::workers_ai_client::Answer) -> ::std::result::Result<Self, ::workers_ai_client::Error> {
                answer.json()
            }
        }
    }
}

/// `impl Chunk`: a piece of a stream that says nothing about the stream's end.
pub(super) fn chunk(id: DefinitionId) -> TokenStream {
    let name = format_ident!("{}", placeholder(id));
    quote! { impl ::workers_ai_client::Chunk for #name {} }
}
