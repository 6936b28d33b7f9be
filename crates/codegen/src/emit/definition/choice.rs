//! `choice!`: closed where it is sent, open where it arrives.

use super::{Writer, literal};
use crate::emit::ident;
use crate::share::{DefinitionId, Side};

impl Writer<'_> {
    /// An enum of words.
    pub(super) fn choice(&self, id: DefinitionId, doc: &str, values: &[String], side: Side) -> String {
        let name = self.name(id);
        let mut text = format!("    client::choice! {{\n        /// {doc}\n        pub enum {name} {{\n");
        for (ident, value) in ident::variants(values).into_iter().zip(values) {
            text.push_str(&format!("            {ident} = {},\n", literal(value)));
        }
        if side == Side::Reply {
            text.push_str("            ..\n");
        }
        text.push_str("        }\n    }\n");
        text
    }
}
