//! Decides whether a published schema can be bound, and says where it cannot.

use serde_json::Value;

use super::facts;
use crate::catalogue::model::Schema;

/// The facts of a usable schema, or the reason why there is none.
pub(crate) fn usable(published: Option<Value>) -> Result<Schema, String> {
    // Some sources leave the schema out and others send an empty object: both mean that there is none.
    let published = published.filter(|schema| !schema.as_object().is_some_and(serde_json::Map::is_empty));
    let Some(mut published) = published else {
        return Err("no schema is published".to_owned());
    };
    let mut side = |name: &str| {
        let schema = published.get_mut(name).map(Value::take);
        usable_side(name, schema.filter(|schema| !schema.is_null()))
    };
    Ok(Schema { input: side("input")?, output: side("output")? })
}

fn usable_side(name: &str, schema: Option<Value>) -> Result<Value, String> {
    let Some(schema) = schema else {
        return Err(format!("no {name} schema is published"));
    };
    let schema = facts::strip(schema);
    match &schema {
        Value::Object(object) if object.is_empty() => {
            return Err(format!("the published {name} schema is empty"));
        }
        Value::Object(_) => {}
        _ => return Err(format!("the published {name} schema is not an object")),
    }
    // Draft 7 knows every keyword the service uses and is the most patient with the rest.
    match jsonschema::draft7::meta::validate(&schema) {
        Ok(()) => Ok(schema),
        Err(error) => Err(format!("the published schema is not valid JSON Schema at /{name}{}", error.instance_path())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use serde_json::json;

    #[track_caller]
    fn refused(schema: Value, reason: &str) {
        let found = usable(Some(schema)).unwrap_err();
        assert!(found.contains(reason), "{found}");
    }

    #[test]
    fn missing_and_empty_schemas_are_no_schemas() {
        assert_eq!(usable(None).unwrap_err(), "no schema is published");
        refused(json!({}), "no schema is published");
        refused(json!({"input": {"type": "object"}}), "no output schema");
        refused(json!({"input": {"description": "…"}, "output": {"type": "string"}}), "input schema is empty");
        refused(json!({"input": true, "output": {"type": "string"}}), "not an object");
        refused(json!("x"), "no input schema");
    }

    #[test]
    fn an_invalid_schema_is_pointed_at() {
        refused(
            json!({"input": {"type": "object", "properties": {"required": ["multipart"]}}, "output": {"type": "object"}}),
            "/input/properties/required",
        );
        refused(json!({"input": {"type": "object"}, "output": {"type": "strange"}}), "/output/type");
    }

    #[test]
    fn foreign_keywords_and_prose_of_the_wrong_type_do_no_harm() {
        let schema = json!({"input": {"type": "string", "contentType": "audio/mpeg", "description": 7}, "output": {"type": "string"}});
        assert_eq!(usable(Some(schema)).unwrap().input, json!({"type": "string", "contentType": "audio/mpeg"}));
    }
}
