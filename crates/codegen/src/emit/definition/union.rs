//! `union!`: enums of alternative shapes, each with what it is known by.

use std::collections::BTreeMap;

use super::record::arguments_of;
use super::{Writer, literal};
use crate::emit::ident::plain;
use crate::emit::layout;
use crate::glossary::code;
use crate::name::snake_case;
use crate::problem::Problems;
use crate::share::{Arm, DefinitionId, DefinitionKind, Side, Test, whole};

impl Writer<'_> {
    /// An enum with one variant for each arm; replies also keep what fits none.
    pub(super) fn union(
        &self,
        id: DefinitionId,
        doc: &str,
        arms: &[Arm],
        side: Side,
        top: bool,
    ) -> Result<String, Problems> {
        let name = self.name(id);
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for arm in arms {
            *count.entry(arm.ty.as_str()).or_default() += 1;
        }
        let is_unlike = |arm: &&Arm| count.get(arm.ty.as_str()) == Some(&1);
        let role = if top && side == Side::Request { " as Request" } else { self.role(id) };
        let from = if side == Side::Request && arms.iter().all(|arm| is_unlike(&arm)) { ": From" } else { "" };
        let forms = if top && side == Side::Request { self.forms(arms) } else { Vec::new() };
        let mut text = "    client::union! {\n".to_owned();
        layout::doc(&mut text, 8, &format!("{doc}\n{}", self.forms_doc(name, &forms)));
        text.push_str(&format!("        pub enum {name}{role}{from} {{\n"));
        for arm in arms {
            let (doc, ty, known_by) = (arm_doc(arm), self.ty(&arm.ty), known_by(&arm.test));
            text.push_str(&format!("            /// {doc}\n            {}({ty}) = {known_by},\n", arm.name));
        }
        if side == Side::Reply {
            text.push_str("            ..\n");
        }
        text.push_str("        }\n");
        if top && side == Side::Request {
            let constructors: String = forms.iter().map(|form| form.constructor.as_str()).collect();
            text.push_str(&format!("        impl {name} {{\n{constructors}        }}\n"));
        }
        text.push_str("    }\n");
        if side == Side::Request {
            let arms = || arms.iter().filter(is_unlike);
            for arm in arms().filter(|_| from.is_empty()) {
                text.push_str(&conversion(name, &arm.name, &self.ty(&arm.ty), "value"));
            }
            for arm in arms().filter(|arm| arm.ty == "::std::string::String") {
                text.push_str(&conversion(name, &arm.name, "&str", "value.to_owned()"));
            }
        }
        Ok(text)
    }

    /// The forms that have a constructor of their own, reached through the enum.
    fn forms<'b>(&self, arms: &'b [Arm]) -> Vec<Form<'b>> {
        let mut forms = Vec::new();
        for arm in arms {
            let form = whole(&arm.ty).and_then(|id| Some((id, self.shared.definitions.get(id)?)));
            let Some((id, form)) = form else { continue };
            let DefinitionKind::Struct { fields, .. } = &form.kind else { continue };
            let Some(method) = plain(&snake_case(&arm.name)) else { continue };
            let arguments = arguments_of(fields, self.shared, self.names);
            let constructor = format!("            fn {method}({arguments}) -> {};\n", self.name(id));
            forms.push(Form { arm, method: method.to_string(), constructor });
        }
        forms
    }

    /// Who looks for a constructor that is not there finds those that are.
    fn forms_doc(&self, name: &str, forms: &[Form<'_>]) -> String {
        if forms.is_empty() {
            return String::new();
        }
        let mut doc = "\nEach form has a constructor:\n\n".to_owned();
        for Form { arm, method, .. } in forms {
            doc.push_str(&format!("- [`{name}::{method}`], {}\n", known_to_readers(&arm.test)));
        }
        format!("{doc}\n{}", self.forms.unwrap_or_default())
    }
}

/// A form of a request.
struct Form<'a> {
    arm: &'a Arm,
    method: String,
    /// `fn prompt(…)`, a line.
    constructor: String,
}

fn conversion(name: &str, variant: &str, ty: &str, value: &str) -> String {
    format!(
        "    impl From<{ty}> for {name} {{\n        fn from(value: {ty}) -> Self {{\n            \
         Self::{variant}({value})\n        }}\n    }}\n"
    )
}

fn arm_doc(arm: &Arm) -> String {
    let text = known_to_readers(&arm.test);
    let first = text.chars().next().map(|first| first.to_ascii_uppercase());
    format!("{}{}.", first.map(String::from).unwrap_or_default(), text.chars().skip(1).collect::<String>())
}

/// What an arm is known by, in words.
fn known_to_readers(test: &Test) -> String {
    match test {
        Test::Keys(keys) | Test::AnyKey(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", code(key))).collect();
            format!("with {}", keys.join(" and "))
        }
        Test::Tag(property, value) => format!("where `{}` is `{}`", code(property), code(value)),
        Test::Json(json) => format!("JSON: {json}"),
    }
}

/// The arm as `workers_ai_client::wire::Arm` has it.
fn known_by(test: &Test) -> String {
    let list = |keys: &[String]| keys.iter().map(|key| literal(key)).collect::<Vec<_>>().join(", ");
    match test {
        Test::Keys(keys) => format!("Keys(&[{}])", list(keys)),
        Test::AnyKey(keys) => format!("AnyKey(&[{}])", list(keys)),
        Test::Tag(property, value) => format!("Tag({}, {})", literal(property), literal(value)),
        Test::Json(json) => match *json {
            "boolean" => "Boolean",
            "number" => "Number",
            "string" => "Text",
            "array" => "List",
            "object" => "Object",
            _ => "Any",
        }
        .to_owned(),
    }
}
