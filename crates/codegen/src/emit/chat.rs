//! What holds for all chat models together, where a modality has a hand-written conversation: a table of the models that
//! take it, so that one can be chosen at run time, and which requests may ask for JSON.

use std::collections::BTreeSet;

use super::layout::{filled, literal};
use super::model::{behind, module_ident};
use super::names;
use crate::place::Placement;
use crate::problem::Problems;
use crate::shape::add;
use crate::share::{DefinitionKind, Field, ModelPlan, Shared};

/// The hand-written types that make a request one of these, as overlays name them.
const CONVERSATION: &str = "crate::Messages<";
const FORMAT: &str = "crate::ResponseFormat<";
const REPLY: &str = "crate::Reply";
const CHUNK: &str = "crate::Chunk";

/// Writes the table and the implementations; nothing where no model takes the conversation.
pub(super) fn chat(shared: &Shared<'_>, placement: &Placement, rust: &mut String) -> Result<(), Problems> {
    if !has_chat(shared) {
        return Ok(());
    }
    rust.push_str("/// What every chat model of these bindings takes, for [`ChatModel`](crate::ChatModel).\n");
    rust.push_str("#[allow(deprecated, reason = \"the list is complete on purpose\")]\n");
    rust.push_str("pub(crate) const CHAT_MODELS: &[crate::ChatFacts] = &[\n");
    for model in &shared.models {
        let module = module_ident(model.facts)?;
        let Some((conversation, fields)) = conversation(model, shared) else { continue };
        let mut parameters: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        // Published as a property of some models whose schema does not have the parameter.
        parameters.extend(model.facts.properties.contains_key("reasoning_effort").then_some("reasoning_effort"));
        let parameters: Vec<String> = parameters.into_iter().map(literal).collect();
        let parameters = filled(8, 8, "&[", &parameters, "]");
        let behind = behind(model.facts, 4);
        add(
            rust,
            format_args!(
                "{behind}    crate::ChatFacts::new::<{conversation}>(\n        &{module}::INFO,\n        {parameters},\n    ),\n"
            ),
        );
    }
    rust.push_str("];\n");
    formats(shared, placement, rust)
}

/// Whether the hand-written vocabulary of chat belongs to this modality.
pub(super) fn has_chat(shared: &Shared<'_>) -> bool {
    shared.models.iter().any(|model| conversation(model, shared).is_some())
}

/// The form with a conversation of a model that answers like the others: the conversation's type, and all fields.
fn conversation<'a>(model: &ModelPlan<'_>, shared: &'a Shared<'_>) -> Option<(&'a str, &'a [Field])> {
    if model.types.reply != REPLY || model.types.chunk.as_deref() != Some(CHUNK) {
        return None;
    }
    model.types.forms.iter().find_map(|(_, id)| {
        let DefinitionKind::Struct { fields, .. } = &shared.definitions.get(*id)?.kind else { return None };
        let field = fields.iter().find(|field| field.wire == "messages" && field.ty.starts_with(CONVERSATION))?;
        Some((field.ty.as_str(), fields.as_slice()))
    })
}

/// `AnswersInJson` for every request that has a response format.
fn formats(shared: &Shared<'_>, placement: &Placement, rust: &mut String) -> Result<(), Problems> {
    let mut done = BTreeSet::new();
    for (index, model) in shared.models.iter().enumerate() {
        let names = names(placement, index);
        for (_, id) in &model.types.forms {
            let home = placement.home.get(id) == Some(&index);
            let kind = shared.definitions.get(*id).map(|definition| &definition.kind);
            let (true, Some(DefinitionKind::Struct { fields, .. }), Some(name)) = (home, kind, names.get(id)) else {
                continue;
            };
            let rules = fields
                .iter()
                .filter(|field| field.wire == "response_format")
                .find_map(|field| field.ty.strip_prefix(FORMAT)?.strip_suffix('>'));
            let Some(rules) = rules.filter(|_| done.insert(*id)) else { continue };
            let (module, behind) = (module_ident(model.facts)?, behind(model.facts, 0));
            add(
                rust,
                format_args!(
                    "{behind}#[allow(deprecated, reason = \"requests of models that leave are requests still\")]\n\
                     impl crate::AnswersInJson for {module}::{name} {{\n    type Rules = {rules};\n    \
                     fn set_response_format(&mut self, format: crate::ResponseFormat<{rules}>) {{\n        \
                     self.response_format = Some(format);\n    }}\n}}\n"
                ),
            );
        }
    }
    Ok(())
}
