//! Holds fields against a model's forms where bytes travel beside them, taking for granted that the bytes are right.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use workers_ai_codegen::Form;

use crate::refusal::Refusal;
use crate::validate::Checker;

/// The forms of one model by name, each compiled when a request first comes in it.
#[derive(Debug, Default)]
pub(crate) struct BesideFiles(BTreeMap<String, OnceLock<Result<Checker, String>>>);

impl BesideFiles {
    pub(crate) fn of<'a>(forms: impl IntoIterator<Item = &'a String>) -> Self {
        Self(forms.into_iter().map(|name| (name.clone(), OnceLock::new())).collect())
    }

    /// Refuses fields that none of these forms of the model takes; where there are no forms, nothing is known of them.
    pub(crate) fn check<'a, 'b>(
        &self,
        forms: impl Iterator<Item = (&'a str, &'a Form)>,
        mut fields: Map<String, Value>,
        files: impl Iterator<Item = &'b String>,
    ) -> Result<(), Refusal> {
        fields.extend(files.map(|name| (name.clone(), stand_in())));
        let instance = Value::Object(fields);
        let mut reasons = Vec::new();
        for (name, form) in forms {
            match self.checker(name, form)?.check(&instance) {
                Ok(()) => return Ok(()),
                Err(reason) => reasons.push(reason),
            }
        }
        match reasons.as_slice() {
            [] => Ok(()),
            [reason] => Err(Refusal::bad_input(reason)),
            several => Err(Refusal::bad_input(&format!("oneOf at '/' not met, 0 matches: {}", several.join(", ")))),
        }
    }

    fn checker(&self, name: &str, form: &Form) -> Result<&Checker, Refusal> {
        let compiled = self.0.get(name).ok_or_else(|| Refusal::failed(&format!("there is no form {name}")))?;
        let compiled = compiled.get_or_init(|| Checker::new(with_stand_ins(form.schema.clone())));
        compiled.as_ref().map_err(|reason| Refusal::failed(reason))
    }
}

/// What is held against the schema in the place of bytes: nothing that a field could be.
fn stand_in() -> Value {
    json!({"\u{0}": "bytes"})
}

/// A schema that takes the stand-in for any property. One compiled schema serves all requests so, whichever of their fields
/// are files; and what is wrong with another value is said as the schema itself would.
fn with_stand_ins(mut schema: Value) -> Value {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        *property = json!({"if": {"const": stand_in()}, "else": property.take()});
    }
    schema
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use workers_ai_codegen::Transport;

    use super::*;

    fn form(schema: Value) -> Form {
        Form { transport: Transport::Multipart, schema }
    }

    fn edit() -> Form {
        form(json!({
            "type": "object",
            "properties": {"prompt": {"type": "string"}, "image": {"type": "string"}, "steps": {"maximum": 8}},
            "required": ["prompt", "image"],
            "additionalProperties": false
        }))
    }

    #[track_caller]
    fn check(forms: &[(&str, Form)], fields: Value, files: &[&str], expected: Result<(), &str>) {
        let names: Vec<String> = forms.iter().map(|(name, _)| (*name).to_owned()).collect();
        let files: Vec<String> = files.iter().map(|name| (*name).to_owned()).collect();
        let fields = fields.as_object().cloned().unwrap_or_default();
        let forms = forms.iter().map(|(name, form)| (*name, form));
        let checked = BesideFiles::of(&names).check(forms, fields, files.iter());
        let said = checked.map_err(|refusal| refusal.message().to_owned());
        match expected {
            Ok(()) => assert_eq!(said, Ok(())),
            Err(reason) => assert!(said.as_ref().is_err_and(|said| said.ends_with(reason)), "{said:?}"),
        }
    }

    #[test]
    fn a_file_is_right_wherever_the_form_knows_its_name() {
        let forms = [("edit", edit())];
        check(&forms, json!({"prompt": "a sea"}), &["image"], Ok(()));
        check(&forms, json!({"prompt": "a sea", "image": "iVBO"}), &[], Ok(()));
        let unknown = "Additional or unevaluated properties '/mask' at '/' not allowed";
        check(&forms, json!({"prompt": "a sea"}), &["image", "mask"], Err(unknown));
    }

    #[test]
    fn fields_beside_it_are_held_against_the_schema_in_its_own_words() {
        let forms = [("edit", edit())];
        check(&forms, json!({"prompt": 7}), &["image"], Err("Type mismatch of '/prompt', 'integer' not in 'string'"));
        check(&forms, json!({"prompt": "", "steps": 9}), &["image"], Err("'/steps' must be <= 8"));
        check(
            &forms,
            json!({"image": 7, "prompt": ""}),
            &[],
            Err("Type mismatch of '/image', 'integer' not in 'string'"),
        );
        check(&forms, json!({}), &["image"], Err("required properties at '/' are 'prompt,image'"));
    }

    #[test]
    fn one_of_several_forms_is_enough_and_else_each_gives_its_reason() {
        let draw = form(json!({"required": ["seed"], "properties": {"seed": {"type": "integer"}}}));
        let forms = [("draw", draw), ("edit", edit())];
        check(&forms, json!({"seed": 1}), &[], Ok(()));
        check(&forms, json!({"prompt": ""}), &["image"], Ok(()));
        let reasons = "0 matches: required properties at '/' are 'seed', required properties at '/' are 'prompt,image'";
        check(&forms, json!({"prompt": ""}), &[], Err(reasons));
        check(&[], json!({"anything": 1}), &["file"], Ok(()));
    }

    #[test]
    fn a_form_is_compiled_once() {
        let beside = BesideFiles::of(&["edit".to_owned()]);
        let edit = edit();
        let first: *const Checker = beside.checker("edit", &edit).unwrap();
        beside.check([("edit", &edit)].into_iter(), Map::new(), [].into_iter()).unwrap_err();
        assert!(std::ptr::eq(first, beside.checker("edit", &edit).unwrap()));
    }

    #[test]
    fn a_form_that_is_no_schema_is_the_servers_fault() {
        let broken = form(json!({"type": "nothing"}));
        let beside = BesideFiles::of(&["edit".to_owned()]);
        let refused = beside.check([("edit", &broken)].into_iter(), Map::new(), [].into_iter()).unwrap_err();
        assert_eq!(refused.status().as_u16(), 500);
    }
}
