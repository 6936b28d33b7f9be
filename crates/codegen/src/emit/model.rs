//! One module for each model: facts, marker, request, reply.

use std::collections::BTreeMap;

use super::definition::{Writer, short};
use super::info::info;
use super::layout::{doc, filled, literal};
use super::program::Examples;
use super::{ident, names};
use crate::facts::Facts;
use crate::glossary::code;
use crate::place::{Placement, spell};
use crate::problem::{Problem, Problems};
use crate::shape::add;
use crate::share::{DefinitionId, ModelPlan, Parameter, Shared, placeholder, whole};

/// Writes the module of one model, with examples in its documentation.
pub(super) fn module(
    shared: &Shared<'_>,
    placement: &Placement,
    index: usize,
    examples: &Examples,
    rust: &mut String,
) -> Result<(), Problems> {
    let Some(model) = shared.models.get(index) else { return Ok(()) };
    let names = names(placement, index);
    let (module, marker) = (module_ident(model.facts)?, marker_ident(model.facts)?);
    let id = &model.facts.id;
    doc(rust, 0, &module_doc(model, examples.call.as_deref()));
    let attributes = lifecycle_attributes(model.facts, 0);
    rust.push_str(&attributes);
    if !attributes.is_empty() {
        rust.push_str("#[allow(deprecated, reason = \"its items name each other\")]\n");
    }
    add(rust, format_args!("pub mod {module} {{\n    use ::workers_ai_client as client;\n"));
    doc(rust, 4, "Model id, as it stands in the path of a call.");
    add(rust, format_args!("    pub const ID: &str = {};\n", literal(id)));
    doc(rust, 4, "What is known about the model.");
    add(rust, format_args!("    pub const INFO: client::Info = {};\n", info(model.facts)));
    doc(rust, 4, &format!("Names `{}` where a type is wanted.", code(id)));
    add(rust, format_args!("    #[derive(Clone, Copy, Debug)]\n    pub struct {marker};\n"));
    implementations(model, &marker, names, rust);
    aliases(model, names, rust);
    elsewhere(shared, placement, index, names, rust)?;
    let writer = Writer { shared, names, forms: examples.forms.as_deref() };
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

/// `#[cfg]` of what is compiled only with the feature `retired`, a line.
pub(super) fn behind(facts: &Facts, indent: usize) -> String {
    if is_behind(facts) { format!("{}#[cfg(feature = \"retired\")]\n", " ".repeat(indent)) } else { String::new() }
}

/// Whether the model is compiled only with the feature `retired`.
pub(super) fn is_behind(facts: &Facts) -> bool {
    facts.is_retired() && !facts.lifecycle.grace
}

/// Whether the model is leaving or has left.
pub(super) fn is_leaving(facts: &Facts) -> bool {
    facts.is_retired() || facts.lifecycle.planned_deprecation.is_some()
}

/// `cfg` and `deprecated` of a model that is leaving or has left, a line each.
pub(super) fn lifecycle_attributes(facts: &Facts, indent: usize) -> String {
    let lifecycle = &facts.lifecycle;
    // Each foreign word by itself, so that a long name cannot push out what follows it.
    let word = |text: &str| code(text).replace('\u{fffd}', " ");
    let (id, replacement) = (word(&facts.id), lifecycle.replacement.as_deref().map(word));
    let instead = replacement.map(|replacement| format!("; use {replacement}")).unwrap_or_default();
    let note = match (&lifecycle.gone_by, &lifecycle.planned_deprecation) {
        (Some(gone), _) => format!("{id} left the catalogue by {}{instead}", word(gone)),
        (None, Some(planned)) => format!("{id} will be retired on {}{instead}", word(planned)),
        (None, None) => return String::new(),
    };
    let note = format!("note = {}", literal(&note));
    let space = " ".repeat(indent);
    let whole = format!("{space}#[deprecated({note})]");
    let deprecated =
        if whole.chars().count() <= 89 { whole } else { format!("{space}#[deprecated(\n{space}    {note}\n{space})]") };
    format!("{}{deprecated}\n", behind(facts, indent))
}

fn implementations(
    model: &ModelPlan<'_>,
    marker: &proc_macro2::Ident,
    names: &BTreeMap<DefinitionId, String>,
    rust: &mut String,
) {
    let types = &model.types;
    let (request, reply) = (spelt(&placeholder(types.request), names), spelt(&types.reply, names));
    add(
        rust,
        format_args!(
            "    impl client::Model for {marker} {{\n        const INFO: &'static client::Info = &INFO;\n        \
             type Request = {request};\n        type Reply = {reply};\n    }}\n"
        ),
    );
    let mut can = |what: &str, inside: String| {
        add(
            rust,
            format_args!(
                "    #[diagnostic::do_not_recommend]\n    impl client::{what} for {marker} {{\n{inside}    }}\n"
            ),
        );
    };
    if let Some(chunk) = &types.chunk {
        can("Streams", format!("        type Chunk = {};\n", spelt(chunk, names)));
    }
    if let Some(item) = &types.item {
        can("Queues", format!("        type Item = {};\n", spelt(item, names)));
    }
    if let Some(session) = &types.session {
        let (sent, received) = (short(&session.sent), short(&session.received));
        let mut inside = format!("        type Sent = {sent};\n        type Received = {received};\n");
        if let Some(field) = &session.content {
            let field = literal(field);
            add(&mut inside, format_args!("        const CONTENT: Option<&'static str> = Some({field});\n"));
        }
        can("Connects", inside);
    }
}

/// A type by its name in the module.
fn spelt(ty: &str, names: &BTreeMap<DefinitionId, String>) -> String {
    short(&spell(ty, names))
}

fn aliases(model: &ModelPlan<'_>, names: &BTreeMap<DefinitionId, String>, rust: &mut String) {
    let replies = [
        ("Reply", Some(&model.types.reply), "What the model answers."),
        ("Chunk", model.types.chunk.as_ref(), "One piece of a streamed answer."),
    ];
    let mut alias = |name: &str, ty: &str, text: &str| {
        doc(rust, 4, text);
        add(rust, format_args!("    pub type {name} = {};\n", spelt(ty, names)));
    };
    for (name, ty, text) in replies {
        if let Some(ty) = ty.filter(|ty| whole(ty).is_none()) {
            alias(name, ty, text);
        }
    }
    for (name, (ty, text)) in model.aliases.iter() {
        if ident::plain(name).is_some() {
            alias(name, ty, text);
        }
    }
}

/// Re-exports of definitions that live with another model.
fn elsewhere(
    shared: &Shared<'_>,
    placement: &Placement,
    index: usize,
    names: &BTreeMap<DefinitionId, String>,
    rust: &mut String,
) -> Result<(), Problems> {
    let mut imported: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (id, name) in names {
        let home = placement.home.get(id).copied().unwrap_or(index);
        if home != index {
            let original = placement.names.get(home).and_then(|names| names.get(id)).unwrap_or(name);
            let import = if original == name { name.clone() } else { format!("{original} as {name}") };
            imported.entry(home).or_default().push(import);
        }
    }
    for (home, imported) in imported {
        let Some(owner) = shared.models.get(home) else { continue };
        let path = format!("    pub use super::{}::", module_ident(owner.facts)?);
        let items = match imported.as_slice() {
            [only] => only.clone(),
            several => filled(4, path.len(), "{", several, "}"),
        };
        add(rust, format_args!("    #[doc(inline)]\n{path}{items};\n"));
    }
    Ok(())
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
    if !model.types.parameters.is_empty() {
        let several = model.types.forms.len() > 1;
        doc.push_str(if several {
            "\n| parameter | form | takes | default |\n|---|---|---|---|\n"
        } else {
            "\n| parameter | takes | default |\n|---|---|---|\n"
        });
        for parameter in &model.types.parameters {
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
