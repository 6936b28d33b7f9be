//! Every model of the catalogue takes a minimal valid request and answers as its schema says.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use workers_ai_codegen::Transport;
use workers_ai_local::{Catalog, Model, sample};

use crate::api::{Api, content_type, header};

#[test]
fn every_schema_can_be_used() {
    let catalog = Catalog::embedded().unwrap();
    assert!(catalog.models().count() >= 87, "the catalogue holds {} models", catalog.models().count());
    for model in catalog.models() {
        assert_eq!(model.problem(), None, "{}", model.id());
        assert_eq!(
            model.canonical().is_none(),
            model.facts().schema.is_none() && model.canonical().is_none(),
            "{}",
            model.id()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_every_model_is_answered() {
    let api = Api::start().await;
    for model in Catalog::embedded().unwrap().models() {
        for (name, form) in model.forms() {
            let place = format!("{} as {name}", model.id());
            let fields = sample(&form.schema, 1);
            match &form.transport {
                Transport::Json => answer_json(&api, model, &fields, &place).await,
                Transport::Raw(field) => {
                    answer_json(&api, model, &fields, &place).await;
                    answer_raw(&api, model, field, &fields, &place).await;
                }
                Transport::RawWithQuery(field) => answer_raw(&api, model, field, &fields, &place).await,
                Transport::Multipart => answer_parts(&api, model, &fields, &place).await,
            }
        }
    }
}

async fn answer_json(api: &Api, model: &Model, fields: &Value, place: &str) {
    let mut fields = fields.clone();
    if model.canonical().is_some_and(|canonical| canonical.reply.stream.is_some()) {
        fields["stream"] = json!(false);
    }
    let request = api.post(&format!("/run/{}", model.id())).json(&fields);
    check_reply(model, request.send().await.unwrap(), place).await;
}

async fn answer_raw(api: &Api, model: &Model, field: &str, fields: &Value, place: &str) {
    let others: Vec<(&String, String)> = fields
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != field)
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let request = api.post(&format!("/run/{}", model.id())).query(&others);
    let request = request.header("content-type", "application/octet-stream").body(vec![7_u8; 4000]);
    check_reply(model, request.send().await.unwrap(), place).await;
}

async fn answer_parts(api: &Api, model: &Model, fields: &Value, place: &str) {
    let mut form = Form::new();
    for (name, value) in fields.as_object().unwrap() {
        form = match value {
            Value::Array(_) => form.part(name.clone(), Part::bytes(vec![1, 2, 3]).file_name("image.png")),
            value => form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        };
    }
    let request = api.post(&format!("/run/{}", model.id())).multipart(form);
    check_reply(model, request.send().await.unwrap(), place).await;
}

async fn check_reply(model: &Model, response: reqwest::Response, place: &str) {
    let status = response.status();
    let kind = content_type(&response).to_owned();
    let neurons = header(&response, "cf-ai-neurons").map(|text| text.parse::<f64>().unwrap());
    let fidelity = header(&response, "x-workers-ai-fidelity").map(str::to_owned);
    let body = response.bytes().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{place}: {}", String::from_utf8_lossy(&body));
    assert_eq!(fidelity.as_deref(), Some("synthetic"), "{place}");
    assert!(neurons.is_none_or(|neurons| neurons >= 0.0), "{place}");
    let canonical = model.canonical().unwrap();
    if kind == "application/json" {
        let envelope: Value = serde_json::from_slice(&body).unwrap();
        let result = &envelope["result"];
        if let Some(schema) = canonical.reply_schema() {
            // Canonical schemas know no null; what is published does.
            let plain = without_nulls(result.clone());
            if plain == *result {
                satisfies(&schema, &plain, place);
            }
        }
        if let Some(published) = model.facts().schema.as_ref().map(|schema| &schema.output) {
            let arms = published["oneOf"].as_array().cloned().unwrap_or_else(|| vec![published.clone()]);
            let open = published["properties"].is_object() || arms.iter().all(|arm| arm["type"] == "string");
            if !open {
                satisfies(&json!({"anyOf": arms}), result, &format!("{place}, as published"));
            }
        }
    } else {
        let published = canonical.reply.bytes.as_ref().and_then(|bytes| bytes.content_type.as_deref());
        assert_eq!(Some(kind.as_str()), published, "{place}");
        let begins: &[u8] = match kind.as_str() {
            "image/png" => &[0x89, b'P', b'N', b'G'],
            "image/jpeg" => &[0xff, 0xd8, 0xff],
            "audio/mpeg" => &[0xff, 0xf3],
            _ => &[],
        };
        assert!(body.starts_with(begins) && !body.is_empty(), "{place}");
    }
}

#[track_caller]
fn satisfies(schema: &Value, result: &Value, place: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    if let Err(error) = validator.validate(result) {
        let shown: String = error.to_string().chars().take(3000).collect();
        unreachable!("{place}: {shown} at {} of {schema}", error.instance_path());
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
