//! The modality's handle: one method for each model, reached from a client through an extension trait.

use super::chat::has_chat;
use super::layout::doc;
use super::model::{behind, is_behind, lifecycle_attributes, marker_ident, module_ident};
use crate::glossary::code;
use crate::modality::Modality;
use crate::name::{pascal_case, snake_case};
use crate::problem::Problems;
use crate::shape::add;
use crate::share::Shared;

/// Writes handle, extension trait and list of models.
pub(super) fn handle(modality: &Modality, shared: &Shared<'_>, rust: &mut String) -> Result<(), Problems> {
    let handle = pascal_case(&modality.name);
    let extension = format!("{handle}Ext");
    let getter = snake_case(&modality.name);
    let words = modality.name.replace('-', " ");
    doc(rust, 0, &format!("Every {words} model of these bindings."));
    rust.push_str("#[allow(deprecated, reason = \"the list is complete on purpose\")]\n");
    rust.push_str("pub const MODELS: &[&::workers_ai_client::Info] = &[\n");
    for model in &shared.models {
        let module = module_ident(model.facts)?;
        add(rust, format_args!("{}    &{module}::INFO,\n", behind(model.facts, 4)));
    }
    rust.push_str("];\n");
    doc(rust, 0, &format!("Calls to {words} models, made from a client with [`{extension}::{getter}`]."));
    // Where every model is behind a feature, nothing uses the client without it.
    let all_behind = shared.models.iter().all(|model| is_behind(model.facts));
    let unused = if all_behind { UNUSED } else { "" };
    add(
        rust,
        format_args!(
            "#[derive(Clone, Debug)]\npub struct {handle} {{\n{unused}    client: ::workers_ai_client::Client,\n}}\n\
             #[allow(deprecated, reason = \"each deprecated method names its own types\")]\nimpl {handle} {{\n"
        ),
    );
    for model in &shared.models {
        let (module, marker) = (module_ident(model.facts)?, marker_ident(model.facts)?);
        let id = code(&model.facts.id);
        doc(rust, 4, &format!("Calls `{id}`; see [`{module}`] for its parameters and an example."));
        rust.push_str(&lifecycle_attributes(model.facts, 4));
        add(
            rust,
            format_args!(
                "    pub fn {module}(\n        &self,\n        request: impl ::std::convert::Into<{module}::Request>,\n    \
                 ) -> ::workers_ai_client::Call<{module}::{marker}> {{\n        \
                 ::workers_ai_client::Call::new(self.client.clone(), request)\n    }}\n"
            ),
        );
    }
    rust.push_str("}\n");
    doc(rust, 0, &format!("Gives a client its {words} models."));
    add(
        rust,
        format_args!(
            "pub trait {extension} {{\n    /// The {words} models.\n    fn {getter}(&self) -> {handle};\n}}\n\
             impl {extension} for ::workers_ai_client::Client {{\n    fn {getter}(&self) -> {handle} {{\n        \
             {handle} {{\n            client: self.clone(),\n        }}\n    }}\n}}\n"
        ),
    );
    doc(rust, 0, &format!("Brings [`{extension}`] into scope."));
    // Traits whose methods are called on what calls give.
    let chat = if has_chat(shared) { "    pub use super::{ChatStreamExt, JsonSchemaOf};\n" } else { "" };
    add(rust, format_args!("pub mod prelude {{\n    pub use super::{extension};\n{chat}}}\n"));
    Ok(())
}

/// What is said of a client that may have no caller.
const UNUSED: &str = "    #[cfg_attr(
        not(feature = \"retired\"),
        allow(dead_code, reason = \"all its models are behind the feature\")
    )]
";
