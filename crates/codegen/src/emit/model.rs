//! One module for each model: facts, marker, request, reply.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::definition::{Writer, short};
use super::{ident, names, pretty, type_tokens};
use crate::facts::Facts;
use crate::glossary::code;
use crate::place::{Placement, spell};
use crate::problem::{Problem, Problems};
use crate::share::{DefinitionId, ModelPlan, Parameter, Shared, placeholder, whole};

/// Writes the module of one model, with an example of a call in its documentation.
pub(super) fn module(
    shared: &Shared<'_>,
    placement: &Placement,
    index: usize,
    example: Option<&str>,
    rust: &mut String,
) -> Result<(), Problems> {
    let Some(model) = shared.models.get(index) else { return Ok(()) };
    let names = names(placement, index);
    let module = module_ident(model.facts)?;
    let marker = marker_ident(model.facts)?;
    let attributes = lifecycle_attributes(model.facts);
    let doc = lines(&module_doc(model, example));
    let id = &model.facts.id;
    let info = info(model.facts);
    let implementations = implementations(model, &names)?;
    let aliases = aliases(model, &names)?;
    let elsewhere = elsewhere(shared, placement, index, &names)?;
    let marker_doc = format!(" Names `{}` where a type is wanted.", code(id));
    let inside = (!attributes.is_empty()).then(|| quote!(#[allow(deprecated, reason = "its items name each other")]));
    let text = pretty(quote! {
        #(#[doc = #doc])*
        #attributes
        #inside
        pub mod #module {
            use ::workers_ai_client as client;
            #[doc = " Model id, as it stands in the path of a call."]
            pub const ID: &str = #id;
            #[doc = " What is known about the model."]
            pub const INFO: client::Info = #info;
            #[doc = #marker_doc]
            #[derive(Clone, Copy, Debug)]
            pub struct #marker;
            #implementations
            #aliases
            #elsewhere
        }
    })?;
    // What the module defines itself is laid out already, and goes before its closing brace.
    rust.push_str(text.strip_suffix("}\n").unwrap_or(&text));
    let writer = Writer { shared, names: &names };
    for id in names.keys().filter(|id| placement.home.get(id) == Some(&index)) {
        rust.push_str(&writer.write(*id)?);
    }
    rust.push_str("}\n");
    Ok(())
}

/// The module's name, which is the method's too.
pub(super) fn module_ident(facts: &Facts) -> Result<proc_macro2::Ident, Problems> {
    ident::plain(&facts.rust.module).ok_or_else(|| bad_name(facts, &facts.rust.module))
}

/// The marker type's name.
pub(super) fn marker_ident(facts: &Facts) -> Result<proc_macro2::Ident, Problems> {
    ident::plain(&facts.rust.marker).ok_or_else(|| bad_name(facts, &facts.rust.marker))
}

fn bad_name(facts: &Facts, name: &str) -> Problems {
    Problem::new("/rust", format!("`{}` is not a Rust identifier", name.escape_debug())).in_file(&facts.id).into()
}

/// Whether the model is compiled only with the feature `retired`.
pub(super) fn is_behind(facts: &Facts) -> bool {
    facts.is_retired() && !facts.lifecycle.grace
}

/// `cfg` and `deprecated` of a model that is leaving or has left.
pub(super) fn lifecycle_attributes(facts: &Facts) -> TokenStream {
    let lifecycle = &facts.lifecycle;
    let instead = lifecycle.replacement.as_ref().map(|replacement| format!("; use {replacement}")).unwrap_or_default();
    let note = match (&lifecycle.gone_by, &lifecycle.planned_deprecation) {
        (Some(gone), _) => format!("{} left the catalogue by {gone}{instead}", facts.id),
        (None, Some(planned)) => format!("{} will be retired on {planned}{instead}", facts.id),
        (None, None) => return TokenStream::new(),
    };
    let note = code(&note).replace('\u{fffd}', " ");
    let behind = is_behind(facts).then(|| quote!(#[cfg(feature = "retired")]));
    quote!(#behind #[deprecated(note = #note)])
}

/// Only what is published is written; the rest of `Info::new` is `None`, empty or false.
fn info(facts: &Facts) -> TokenStream {
    let mut known = TokenStream::new();
    let mut put = |name: &str, value: TokenStream| {
        let name = format_ident!("{name}");
        known.extend(quote!(#name: #value,));
    };
    for name in ["context_window", "max_input_tokens", "output_dimensions"] {
        if let Some(number) = facts.number(name).map(Literal::u64_unsuffixed) {
            put(name, some(number));
        }
    }
    if !facts.prices.is_empty() {
        let prices = facts.prices.iter().map(|price| {
            let (unit, usd) = (&price.unit, Literal::f64_unsuffixed(price.usd));
            let neurons = price.neurons.map(Literal::f64_unsuffixed).map_or(quote!(None), some);
            quote!(client::Price::new(#unit, #usd, #neurons))
        });
        put("prices", quote!(&[#(#prices),*]));
    }
    if let Some(limits) = &facts.limits {
        put("requests_per_minute", some(Literal::u32_unsuffixed(limits.requests_per_minute)));
    }
    let flags: Vec<_> = FLAGS.iter().filter(|flag| facts.flag(flag)).map(|flag| format_ident!("{flag}")).collect();
    if !flags.is_empty() {
        put("flags", quote!(client::Flags { #(#flags: true,)* ..client::Flags::NONE }));
    }
    let texts = [
        ("created_at", facts.created_at.as_deref()),
        ("gone_by", facts.lifecycle.gone_by.as_deref()),
        ("planned_deprecation", facts.lifecycle.planned_deprecation.as_deref()),
        ("terms", facts.text("terms")),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            put(name, some(text));
        }
    }
    if let Some(headline) = &facts.headline {
        let context = headline.context_window.map(Literal::u64_unsuffixed).map_or(quote!(None), some);
        let per_minute = Literal::u32_unsuffixed(headline.requests_per_minute);
        put("headline", some(quote!(client::Headline { context_window: #context, requests_per_minute: #per_minute })));
    }
    let (task, first_seen) = (&facts.task, &facts.lifecycle.first_seen);
    let new = quote!(client::Info::new(ID, #task, #first_seen));
    if known.is_empty() { new } else { quote!(client::Info { #known ..#new }) }
}

fn some(value: impl quote::ToTokens) -> TokenStream {
    quote!(Some(#value))
}

const FLAGS: [&str; 9] = [
    "async_queue",
    "beta",
    "function_calling",
    "lora",
    "partner",
    "realtime",
    "reasoning",
    "require_workers_paid",
    "vision",
];

fn implementations(model: &ModelPlan<'_>, names: &BTreeMap<DefinitionId, String>) -> Result<TokenStream, Problems> {
    let marker = marker_ident(model.facts)?;
    let request = type_tokens(&spelt(&placeholder(model.request), names))?;
    let reply = type_tokens(&spelt(&model.reply, names))?;
    let streams = match &model.chunk {
        Some(chunk) => {
            let chunk = type_tokens(&spelt(chunk, names))?;
            quote!(#[diagnostic::do_not_recommend] impl client::Streams for #marker { type Chunk = #chunk; })
        }
        None => quote!(),
    };
    let queues = match &model.item {
        Some(item) => {
            let item = type_tokens(&spelt(item, names))?;
            quote!(#[diagnostic::do_not_recommend] impl client::Queues for #marker { type Item = #item; })
        }
        None => quote!(),
    };
    let connects = match &model.session {
        Some(session) => {
            let (sent, received) = (type_tokens(&short(&session.sent))?, type_tokens(&short(&session.received))?);
            let content =
                session.content.as_ref().map(|field| quote!(const CONTENT: Option<&'static str> = Some(#field);));
            quote! {
                #[diagnostic::do_not_recommend]
                impl client::Connects for #marker {
                    type Sent = #sent;
                    type Received = #received;
                    #content
                }
            }
        }
        None => quote!(),
    };
    Ok(quote! {
        impl client::Model for #marker {
            const INFO: &'static client::Info = &INFO;
            type Request = #request;
            type Reply = #reply;
        }
        #streams
        #queues
        #connects
    })
}

/// A type by its name in the module.
fn spelt(ty: &str, names: &BTreeMap<DefinitionId, String>) -> String {
    short(&spell(ty, names))
}

fn aliases(model: &ModelPlan<'_>, names: &BTreeMap<DefinitionId, String>) -> Result<TokenStream, Problems> {
    let mut tokens = TokenStream::new();
    let replies = [
        ("Reply", Some(&model.reply), " What the model answers."),
        ("Chunk", model.chunk.as_ref(), " One piece of a streamed answer."),
    ];
    for (name, ty, doc) in replies {
        let Some(ty) = ty.filter(|ty| whole(ty).is_none()) else { continue };
        let (name, ty) = (format_ident!("{name}"), type_tokens(&spelt(ty, names))?);
        tokens.extend(quote!(#[doc = #doc] pub type #name = #ty;));
    }
    for (name, (ty, doc)) in &model.aliases {
        let Some(ident) = ident::plain(name) else { continue };
        let ty = type_tokens(&spelt(ty, names))?;
        let doc = format!(" {doc}");
        tokens.extend(quote!(#[doc = #doc] pub type #ident = #ty;));
    }
    Ok(tokens)
}

/// Re-exports of definitions that live with another model.
fn elsewhere(
    shared: &Shared<'_>,
    placement: &Placement,
    index: usize,
    names: &BTreeMap<DefinitionId, String>,
) -> Result<TokenStream, Problems> {
    let mut imported: BTreeMap<usize, Vec<TokenStream>> = BTreeMap::new();
    for (id, name) in names {
        let home = placement.home.get(id).copied().unwrap_or(index);
        if home != index {
            let original = placement.names.get(home).and_then(|names| names.get(id)).unwrap_or(name);
            let (original, local) = (format_ident!("{original}"), format_ident!("{name}"));
            let renamed = (original != local).then(|| quote!(as #local));
            imported.entry(home).or_default().push(quote!(#original #renamed));
        }
    }
    let mut reexports = TokenStream::new();
    for (home, imported) in imported {
        let Some(owner) = shared.models.get(home) else { continue };
        let module = module_ident(owner.facts)?;
        reexports.extend(quote!(#[doc(inline)] pub use super::#module::{#(#imported),*};));
    }
    Ok(reexports)
}

fn module_doc(model: &ModelPlan<'_>, example: Option<&str>) -> String {
    let facts = model.facts;
    let mut doc = format!("`{}`: {}.\n", code(&facts.id), code(&facts.task).to_lowercase());
    let mut notes = Vec::new();
    if let Some(tokens) = facts.number("context_window") {
        notes.push(format!("context window {tokens} tokens"));
    }
    if let Some(limits) = &facts.limits {
        notes.push(format!("{} requests a minute", limits.requests_per_minute));
    }
    for price in facts.prices.iter().take(4) {
        notes.push(format!("${} {}", price.usd, code(&price.unit).replace('_', " ")));
    }
    if !notes.is_empty() {
        doc.push_str(&format!("\n{}.\n", notes.join("; ")));
    }
    if let Some(example) = example {
        doc.push('\n');
        doc.push_str(example);
    }
    if !model.parameters.is_empty() {
        let several = model.forms.len() > 1;
        doc.push_str(if several {
            "\n| parameter | form | takes | default |\n|---|---|---|---|\n"
        } else {
            "\n| parameter | takes | default |\n|---|---|---|\n"
        });
        for parameter in &model.parameters {
            doc.push_str(&row(parameter, several));
        }
    }
    doc
}

fn row(parameter: &Parameter, several: bool) -> String {
    let cell = |text: &str| code(text).replace('|', "\\|").replace('\'', "`");
    let required = if parameter.required { " (required)" } else { "" };
    let default = parameter
        .default
        .as_ref()
        .map(|default| format!("`{}`", code(default).replace('|', "\\|")))
        .unwrap_or_default();
    let form = if several { format!(" {} |", cell(&parameter.form)) } else { String::new() };
    format!(
        "| `{}`{required} |{form} {} | {default} |\n",
        code(&parameter.name).replace('|', "\\|"),
        parameter.takes.replace('|', "\\|")
    )
}

/// Doc comment lines, each with the leading space that formatted comments have.
pub(super) fn lines(doc: &str) -> Vec<String> {
    doc.trim_end().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }).collect()
}
