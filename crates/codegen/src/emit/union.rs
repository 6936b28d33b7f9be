//! Enums of alternative shapes, told apart by what arrives rather than by trial.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::data::{arguments, constructor};
use super::ident::plain;
use super::type_tokens;
use crate::name::snake_case;
use crate::place::mentioned;
use crate::problem::Problems;
use crate::share::{Arm, Definition, DefinitionId, DefinitionKind, Shared, Side, Test, placeholder};

/// An enum with one variant for each arm; replies also keep what fits none.
pub(super) fn union(
    id: DefinitionId,
    definition: &Definition,
    arms: &[Arm],
    side: Side,
    forms: Option<&Shared<'_>>,
) -> Result<TokenStream, Problems> {
    let name = format_ident!("{}", placeholder(id));
    let doc = format!(" {}", definition.doc);
    let mut variants = Vec::new();
    let mut tests = Vec::new();
    let mut decodings = Vec::new();
    let mut conversions = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let variant = format_ident!("{}", arm.name);
        let ty = type_tokens(&arm.ty)?;
        let doc = format!(" {}", arm_doc(arm));
        variants.push(quote!(#[doc = #doc] #variant(#ty)));
        tests.push(test(&arm.test));
        decodings.push(
            quote!(::std::option::Option::Some(#index) => ::workers_ai_client::wire::decode(value).map(Self::#variant)),
        );
        if side == Side::Request && arms.iter().filter(|other| other.ty == arm.ty).count() == 1 {
            conversions.push(quote! {
                impl ::std::convert::From<#ty> for #name {
                    fn from(value: #ty) -> Self { Self::#variant(value) }
                }
            });
            if arm.ty == "::std::string::String" {
                conversions.push(quote! {
                    impl ::std::convert::From<&str> for #name {
                        fn from(value: &str) -> Self { Self::#variant(value.to_owned()) }
                    }
                });
            }
        }
    }
    let (unknown, otherwise) = match side {
        Side::Reply => (
            Some(quote! {
                #[doc = " A shape that was not known when these bindings were made."]
                Unknown(::serde_json::Value),
            }),
            quote!(_ => ::std::result::Result::Ok(Self::Unknown(value))),
        ),
        Side::Request => {
            let expected = arms.iter().map(|arm| arm_name(&arm.test)).collect::<Vec<_>>().join(", or ");
            (
                None,
                quote!(_ => ::std::result::Result::Err(::serde::de::Error::custom(::std::concat!("expected ", #expected)))),
            )
        }
    };
    let shortcuts = match forms {
        Some(shared) => shortcuts(&name, arms, shared)?,
        None => TokenStream::new(),
    };
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = ::serde_json::Value::deserialize(deserializer)?;
                match ::workers_ai_client::wire::choose(&value, &[#(#tests),*]) {
                    #(#decodings,)*
                    #otherwise,
                }
            }
        }
        #(#conversions)*
        #shortcuts
    })
}

/// `Request::prompt(…)`: the constructor of a form, reached through the enum.
fn shortcuts(name: &Ident, arms: &[Arm], shared: &Shared<'_>) -> Result<TokenStream, Problems> {
    let mut methods = Vec::new();
    for arm in arms {
        let form = mentioned(&arm.ty).first().and_then(|id| shared.definitions.get(*id));
        let Some(DefinitionKind::Struct { fields, .. }) = form.map(|form| &form.kind) else { continue };
        let Some(method) = plain(&snake_case(&arm.name)) else { continue };
        let form = type_tokens(&arm.ty)?;
        let (arguments, values) = arguments(fields, shared)?;
        let doc = format!(" A request in its `{method}` form.");
        let new = constructor(fields);
        methods.push(quote! {
            #[doc = #doc]
            #[must_use]
            pub fn #method(#(#arguments),*) -> #form {
                <#form>::#new(#(#values),*)
            }
        });
    }
    Ok(quote! { impl #name { #(#methods)* } })
}

fn arm_doc(arm: &Arm) -> String {
    match &arm.test {
        Test::Keys(keys) | Test::AnyKey(keys) => format!("With {}.", quoted(keys)),
        Test::Tag(property, value) => {
            format!("Where `{}` is `{}`.", crate::glossary::code(property), crate::glossary::code(value))
        }
        Test::Json(json) => format!("JSON: {json}."),
    }
}

fn arm_name(test: &Test) -> String {
    match test {
        Test::Keys(keys) | Test::AnyKey(keys) => format!("an object with {}", quoted(keys)),
        Test::Tag(property, value) => {
            format!("an object whose `{}` is `{}`", crate::glossary::code(property), crate::glossary::code(value))
        }
        Test::Json(json) => (*json).to_owned(),
    }
}

fn quoted(keys: &[String]) -> String {
    keys.iter().map(|key| format!("`{}`", crate::glossary::code(key))).collect::<Vec<_>>().join(" and ")
}

fn test(test: &Test) -> TokenStream {
    match test {
        Test::Keys(keys) => quote!(::workers_ai_client::wire::Arm::Keys(&[#(#keys),*])),
        Test::AnyKey(keys) => quote!(::workers_ai_client::wire::Arm::AnyKey(&[#(#keys),*])),
        Test::Tag(property, value) => quote!(::workers_ai_client::wire::Arm::Tag(#property, #value)),
        Test::Json(json) => {
            let variant = format_ident!(
                "{}",
                match *json {
                    "boolean" => "Boolean",
                    "number" => "Number",
                    "string" => "Text",
                    "array" => "List",
                    "object" => "Object",
                    _ => "Any",
                }
            );
            quote!(::workers_ai_client::wire::Arm::#variant)
        }
    }
}
