//! Holds requests against schemas and says what is wrong in the service's words.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Checker {
    schema: Value,
    validator: Validator,
}

impl Checker {
    /// Compiles a schema; the error says why it is none.
    pub(crate) fn new(schema: Value) -> Result<Self, String> {
        let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
        Ok(Self { schema, validator })
    }

    /// The schema itself.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    pub(crate) fn is_valid(&self, instance: &Value) -> bool {
        self.validator.is_valid(instance)
    }

    /// The first thing that is wrong, as the service would phrase it.
    pub(crate) fn check(&self, instance: &Value) -> Result<(), String> {
        // Most requests are right, and to know that takes less than to look for what is wrong.
        if self.is_valid(instance) {
            return Ok(());
        }
        match self.validator.iter_errors(instance).next() {
            None => Ok(()),
            Some(error) => Err(self.phrase(&error)),
        }
    }

    fn phrase(&self, error: &ValidationError<'_>) -> String {
        let pointer = error.instance_path().as_str();
        let place = if pointer.is_empty() { "/" } else { pointer };
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                // The service lists everything that is required, not only what is missing.
                let listed = self.schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
                let names = match listed {
                    Some(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
                    None => property.as_str().unwrap_or_default().to_owned(),
                };
                format!("required properties at '{place}' are '{names}'")
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(one) => one.as_str().to_owned(),
                    TypeKind::Multiple(several) => {
                        several.iter().map(|one| one.as_str().to_owned()).collect::<Vec<_>>().join(",")
                    }
                };
                format!("Type mismatch of '{place}', '{}' not in '{wanted}'", type_name(error.instance()))
            }
            ValidationErrorKind::Maximum { limit } => format!("'{place}' must be <= {limit}"),
            ValidationErrorKind::Minimum { limit } => format!("'{place}' must be >= {limit}"),
            ValidationErrorKind::ExclusiveMaximum { limit } => format!("'{place}' must be < {limit}"),
            ValidationErrorKind::ExclusiveMinimum { limit } => format!("'{place}' must be > {limit}"),
            ValidationErrorKind::MaxLength { limit } | ValidationErrorKind::MaxItems { limit } => {
                format!("Length of '{place}' must be <= {limit}")
            }
            ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MinItems { limit } => {
                format!("Length of '{place}' must be >= {limit}")
            }
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let names: Vec<String> =
                    unexpected.iter().map(|name| format!("'{}/{name}'", pointer.trim_end_matches('/'))).collect();
                format!("Additional or unevaluated properties {} at '{place}' not allowed", names.join(","))
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                let reasons: Vec<String> =
                    context.iter().filter_map(|arm| arm.first()).map(|error| self.phrase(error)).collect();
                format!("oneOf at '{place}' not met, 0 matches: {}", reasons.join(", "))
            }
            ValidationErrorKind::OneOfMultipleValid { context } => {
                let matches = context.iter().filter(|arm| arm.is_empty()).count();
                format!("oneOf at '{place}' not met, {matches} matches")
            }
            ValidationErrorKind::Enum { options } => {
                let allowed: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned))
                    .collect();
                format!("'{place}' must be one of '{}'", allowed.join(","))
            }
            ValidationErrorKind::Constant { expected_value } => format!("'{place}' must be {expected_value}"),
            ValidationErrorKind::Pattern { pattern } => format!("'{place}' does not match pattern '{pattern}'"),
            _ => format!("'{place}' is not allowed here"),
        }
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(schema: Value, instance: Value, expected: &str) {
        assert_eq!(Checker::new(schema).unwrap().check(&instance).unwrap_err(), expected);
    }

    #[test]
    fn missing_properties_are_listed_with_their_fellows() {
        check(
            json!({"type": "object", "required": ["model", "state"]}),
            json!({"model": "clef"}),
            "required properties at '/' are 'model,state'",
        );
    }

    #[test]
    fn a_wrong_type_names_both_types() {
        check(
            json!({"properties": {"p": {"type": "string"}}}),
            json!({"p": []}),
            "Type mismatch of '/p', 'array' not in 'string'",
        );
    }

    #[test]
    fn a_range_is_named() {
        check(
            json!({"properties": {"temperature": {"type": "number", "minimum": 0, "maximum": 5}}}),
            json!({"temperature": 6}),
            "'/temperature' must be <= 5",
        );
    }

    #[test]
    fn unknown_properties_are_named() {
        check(
            json!({"properties": {"prompt": {}}, "additionalProperties": false}),
            json!({"prompt": "", "seed": 1}),
            "Additional or unevaluated properties '/seed' at '/' not allowed",
        );
    }

    #[test]
    fn alternatives_each_give_their_reason() {
        check(
            json!({"anyOf": [
                {"type": "object", "required": ["prompt"]},
                {"type": "object", "properties": {"messages": {"type": "array"}}, "required": ["messages"]}]}),
            json!({"messages": "hello"}),
            "oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', Type mismatch of '/messages', 'string' not in 'array'",
        );
    }
}
