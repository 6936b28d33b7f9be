//! `request!` and `reply!`: structs, what is required before what is not.

use super::{Writer, renamed, short};
use crate::canonical::Transport;
use crate::emit::ident;
use crate::place::spell;
use crate::problem::Problems;
use crate::share::{DefinitionId, DefinitionKind, Field, Presence, Shared, Top, whole};

impl Writer<'_> {
    /// A struct that is sent.
    pub(super) fn request(
        &self,
        id: DefinitionId,
        doc: &str,
        fields: &[Field],
        closed: bool,
        top: Option<&Top>,
    ) -> Result<String, Problems> {
        let encoding = top.filter(|top| super::encode::is_plain(top)).map_or("", |_| " as json");
        let closed = if closed { ", closed" } else { "" };
        let mut text = format!("    client::request! {{\n        /// {doc}\n");
        if fields.iter().all(|field| field.presence == Presence::Optional) {
            text.push_str("        #[derive(Default)]\n");
        }
        text.push_str(&format!("        pub struct {}{encoding}{closed} {{\n", self.name(id)));
        let body = match top.map(|top| &top.transport) {
            Some(Transport::RawWithQuery(field)) => Some(field.as_str()),
            _ => None,
        };
        for (field, ident) in in_order(fields) {
            text.push_str(&format!("            /// {}\n", field.doc));
            text.push_str(&renamed(&ident, &field.wire));
            let mark = if field.presence == Presence::Optional { "?" } else { "" };
            let ty = self.ty(&field.ty);
            let line = match (&field.presence, takes(field, self.shared)) {
                (Presence::Fixed(value), _) => {
                    let variant = ident::variants(std::slice::from_ref(value));
                    let variant = variant.first().map(ToString::to_string).unwrap_or_default();
                    format!("only {ident}: {ty} = {ty}::{variant}")
                }
                _ if body == Some(field.wire.as_str()) => format!("body {ident}: {ty}"),
                (_, Takes::Exactly) => format!("pub {ident}{mark}: {ty}"),
                (_, Takes::Into) => format!("into {ident}{mark}: {ty}"),
                (_, Takes::Via { bound, method }) => {
                    format!("via {method}({}) {ident}{mark}: {ty}", self.ty(bound))
                }
            };
            text.push_str(&format!("            {line},\n"));
        }
        text.push_str("        }\n    }\n");
        if let Some(top) = top.filter(|top| !super::encode::is_plain(top)) {
            text.push_str(&super::encode::encode(self.name(id), fields, top)?);
        }
        Ok(text)
    }

    /// A struct that arrives.
    pub(super) fn reply(&self, id: DefinitionId, doc: &str, fields: &[Field]) -> String {
        let (name, role) = (self.name(id), self.role(id));
        let mut text = format!("    client::reply! {{\n        /// {doc}\n        pub struct {name}{role} {{\n");
        for (field, ident) in fields.iter().zip(ident::fields(fields)) {
            let ident = ident.to_string();
            text.push_str(&format!("            /// {}\n", field.doc));
            text.push_str(&renamed(&ident, &field.wire));
            let mark = if field.presence == Presence::Optional { "?" } else { "" };
            text.push_str(&format!("            pub {ident}{mark}: {},\n", self.ty(&field.ty)));
        }
        text.push_str("        }\n    }\n");
        text
    }
}

/// How a parameter takes its value.
enum Takes<'a> {
    /// The type itself: nothing converts into it, and a mismatch reads better against the type than against `Into`.
    Exactly,
    Into,
    /// By a trait of the hand-written type's own.
    Via {
        bound: &'a str,
        method: &'a str,
    },
}

fn takes<'a>(field: &'a Field, shared: &Shared<'_>) -> Takes<'a> {
    if let Some(conversion) = &field.conversion {
        return Takes::Via { bound: &conversion.bound, method: &conversion.method };
    }
    let exact = field.ty == "bool"
        || ["Number<", "Integer<", "Always<"]
            .iter()
            .any(|name| field.ty.strip_prefix("::workers_ai_client::").is_some_and(|ty| ty.starts_with(name)))
        || whole(&field.ty)
            .and_then(|id| shared.definitions.get(id))
            .is_some_and(|definition| matches!(definition.kind, DefinitionKind::Choice { .. }));
    if exact { Takes::Exactly } else { Takes::Into }
}

/// Fields with their identifiers: what a constructor takes, in its order, before what has a setter.
fn in_order(fields: &[Field]) -> Vec<(&Field, String)> {
    let idents = ident::fields(fields).into_iter().map(|ident| ident.to_string());
    let mut ordered: Vec<(&Field, String)> = fields.iter().zip(idents).collect();
    ordered.sort_by_key(|(field, _)| match field.presence {
        Presence::Optional | Presence::Lenient => (1, 0),
        Presence::Required | Presence::Fixed(_) => (0, crate::glossary::rank(&field.wire)),
    });
    ordered
}

/// The arguments of a struct's constructor, as a signature has them.
pub(super) fn arguments_of(
    fields: &[Field],
    shared: &Shared<'_>,
    names: &std::collections::BTreeMap<DefinitionId, String>,
) -> String {
    let required = in_order(fields).into_iter().filter(|(field, _)| field.presence == Presence::Required);
    let arguments = required.map(|(field, ident)| match takes(field, shared) {
        Takes::Exactly => format!("{ident}: {}", short(&spell(&field.ty, names))),
        Takes::Into => format!("{ident}: impl Into<{}>", short(&spell(&field.ty, names))),
        Takes::Via { bound, .. } => format!("{ident}: impl {}", short(&spell(bound, names))),
    });
    arguments.collect::<Vec<_>>().join(", ")
}
