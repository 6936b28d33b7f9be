//! Types of the bindings: each definition as a call of one of the client's macros, laid out a field to a line.
//!
//! The macros (`request!`, `reply!`, `choice!`, `union!`) write the setters, conversions and JSON; what stands here is what
//! differs from type to type.

mod choice;
mod encode;
mod record;
mod union;

use std::collections::BTreeMap;

use super::layout::literal;
use crate::place::{mentioned, spell};
use crate::problem::Problems;
use crate::share::{DefinitionId, DefinitionKind, Shared, Side};

/// Writes definitions for the module of one model.
pub(super) struct Writer<'a> {
    pub(super) shared: &'a Shared<'a>,
    /// What definitions are called in the module.
    pub(super) names: &'a BTreeMap<DefinitionId, String>,
    /// How a request is made in each of its forms, for the documentation of one that has several.
    pub(super) forms: Option<&'a str>,
}

impl Writer<'_> {
    /// The items of a definition, each line indented as in a module.
    pub(super) fn write(&self, id: DefinitionId) -> Result<String, Problems> {
        let Some(definition) = self.shared.definitions.get(id) else { return Ok(String::new()) };
        match (&definition.kind, definition.side) {
            (DefinitionKind::Struct { fields, closed, top }, Side::Request) => {
                self.request(id, &definition.doc, fields, *closed, top.as_ref())
            }
            (DefinitionKind::Struct { fields, .. }, Side::Reply) => Ok(self.reply(id, &definition.doc, fields)),
            (DefinitionKind::Choice { values }, side) => Ok(self.choice(id, &definition.doc, values, side)),
            (DefinitionKind::Union { arms, top }, side) => self.union(id, &definition.doc, arms, side, *top),
        }
    }

    /// The definition's name in this module.
    fn name(&self, id: DefinitionId) -> &str {
        self.names.get(&id).map_or("Value", String::as_str)
    }

    /// A type as the module spells it.
    fn ty(&self, ty: &str) -> String {
        short(&spell(ty, self.names))
    }

    /// What the whole of an answer is, as the macros are told.
    fn role(&self, id: DefinitionId) -> &'static str {
        if self.shared.replies.contains(&id) {
            if self.holds_vectors(id) { " as ReplyWithVectors" } else { " as Reply" }
        } else if self.shared.chunks.contains(&id) {
            " as Chunk"
        } else {
            ""
        }
    }

    /// Whether vectors are among a reply's fields, or among those of one of its shapes.
    fn holds_vectors(&self, id: DefinitionId) -> bool {
        let Some(definition) = self.shared.definitions.get(id) else { return false };
        match &definition.kind {
            DefinitionKind::Struct { fields, .. } => fields.iter().any(|field| field.ty.ends_with("::Vectors")),
            DefinitionKind::Union { arms, .. } => {
                arms.iter().flat_map(|arm| mentioned(&arm.ty)).any(|arm| arm != id && self.holds_vectors(arm))
            }
            DefinitionKind::Choice { .. } => false,
        }
    }
}

/// A type by the names that hold in a generated module. No definition is called like an item of the prelude (see `place`),
/// so that those need no path.
pub(super) fn short(ty: &str) -> String {
    let text = ty.replace("::workers_ai_client::", "client::");
    text.replace("::std::vec::", "").replace("::std::string::", "").replace("::std::option::", "")
}

/// The line of a field whose name is not the wire's.
fn renamed(ident: &str, wire: &str) -> String {
    if ident == wire { String::new() } else { format!("            #[wire = {}]\n", literal(wire)) }
}
