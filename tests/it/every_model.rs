//! Every model's method, called over HTTP against the local server, which checks each request against the model's schema.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use workers_ai::{Client, RateLimits};
use workers_ai_codegen::{CanonicalModel, load};
use workers_ai_local::{Limits, LocalServer};

use crate::fidelity::{Dice, Manner, instance, model_files, root};
use crate::subject::{Subject, subjects};

/// A server and a client that calls it.
async fn local() -> (LocalServer, Client) {
    // Nobody is spared here.
    let server = LocalServer::builder().limits(Limits::off()).start().await.unwrap();
    let builder = Client::builder(server.account_id(), "token").base_url(server.base_url());
    let client = builder.rate_limits(RateLimits::off()).build().unwrap();
    (server, client)
}

/// The corrected document of every bound model, from all modalities.
fn canonical() -> Vec<CanonicalModel> {
    let mut modalities: Vec<String> = model_files().into_iter().map(|(modality, _)| modality).collect();
    modalities.sort();
    modalities.dedup();
    modalities.iter().flat_map(|name| load(&root().join("schemas").join(name)).unwrap().models).collect()
}

/// Requests that the model takes: the least of each form, and two with everything in them.
fn requests(model: &CanonicalModel) -> Vec<Value> {
    let forms = model.canonical.iter().flat_map(|canonical| canonical.request.forms.values());
    forms
        .flat_map(move |form| {
            let schema = telling(&form.schema, model.facts.schema.is_none());
            let least = instance(&schema, &mut Dice::replay(&[]), Manner::default());
            let full = (1..=2)
                .map(move |seed| instance(&schema, &mut Dice::new(seed), Manner { full: true, ..Manner::default() }));
            std::iter::once(least).chain(full).flatten()
        })
        .collect()
}

/// The schema with what types and server say more exactly than what is published; `alone` where nothing is.
fn telling(schema: &Value, alone: bool) -> Value {
    match schema {
        Value::Object(members) => {
            match members.get("x-rust").and_then(Value::as_str).and_then(|rust| known(rust, alone)) {
                Some(schema) => schema,
                None => members.iter().map(|(name, value)| (name.clone(), few(name, telling(value, alone)))).collect(),
            }
        }
        Value::Array(items) => items.iter().map(|item| telling(item, alone)).collect(),
        other => other.clone(),
    }
}

/// Answers must fit into the context window, which no schema knows of.
fn few(name: &str, schema: Value) -> Value {
    let integer = schema["type"] == "integer";
    if integer && ["max_tokens", "max_completion_tokens", "max_output_tokens"].contains(&name) {
        return json!({"type": "integer", "minimum": 1, "maximum": 64});
    }
    schema
}

/// What a hand-written type takes.
fn known(rust: &str, alone: bool) -> Option<Value> {
    let name = rust.split('<').next().and_then(|path| path.rsplit("::").next())?;
    let tool = json!({"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}});
    Some(match name {
        "Messages" => {
            json!({"type": "array", "minItems": 1, "items": {"type": "object", "required": ["role", "content"],
            "properties": {"role": {"enum": ["user"]}, "content": {"type": "string", "minLength": 1}}}})
        }
        "Media" | "Base64" => json!({"type": "string", "contentEncoding": "base64"}),
        "ByteArray" => {
            json!({"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0, "maximum": 255}})
        }
        "Digits" => json!({"type": "string", "pattern": "^[0-9]+$"}),
        "Tool" if alone => json!({ "const": tool }),
        "Tools" if alone => json!({ "const": [tool] }),
        "ToolChoice" if alone => json!({"const": "auto"}),
        "ResponseFormat" if alone => json!({"const": {"type": "json_object"}}),
        _ => return None,
    })
}

/// Runs a check for every model, several at a time, and fails with everything found.
async fn check_all<F>(check: impl Fn(Client, Subject, Vec<Value>) -> F) -> usize
where
    F: Future<Output = Result<usize, String>> + Send + 'static,
{
    let (server, client) = local().await;
    let documents = canonical();
    let mut running = JoinSet::new();
    for subject in subjects() {
        let model = documents.iter().find(|model| model.facts.id == subject.info.id);
        let requests = model.map(requests).unwrap_or_default();
        assert!(!requests.is_empty(), "{}: no request could be made", subject.info.id);
        let refused = requests
            .iter()
            .find_map(|request| (subject.request)(request).err().map(|error| format!("{error}\n  {request}")));
        if let Some(error) = refused {
            running.spawn(async move { Err(format!("{}: {error}", subject.info.id)) });
            continue;
        }
        let checked = check(client.clone(), subject, requests);
        running.spawn(async move {
            match tokio::time::timeout(Duration::from_secs(60), checked).await {
                Ok(result) => result.map_err(|error| format!("{}: {error}", subject.info.id)),
                Err(_) => Err(format!("{}: no answer in a minute", subject.info.id)),
            }
        });
    }
    let (mut made, mut faults) = (0, Vec::new());
    for outcome in running.join_all().await {
        match outcome {
            Ok(calls) => made += calls,
            Err(error) => faults.push(error),
        }
    }
    server.shutdown().await;
    assert!(faults.is_empty(), "{} of {} models:\n{}", faults.len(), subjects().len(), faults.join("\n"));
    made
}

#[tokio::test]
async fn every_model_answers() {
    let made = check_all(|client, subject, requests| async move {
        for request in &requests {
            let called = (subject.call)(&client, request).await.map_err(|error| format!("{error}\n  {request}"))?;
            let served = called.headers.get("x-workers-ai-fidelity").and_then(|value| value.to_str().ok());
            if served != Some("synthetic") {
                return Err(format!("not answered by the local server: {served:?}"));
            }
            let retired = called.headers.contains_key("x-workers-ai-retired");
            if retired != subject.info.gone_by.is_some() {
                return Err(format!(
                    "the server calls it retired: {retired}, the bindings: {:?}",
                    subject.info.gone_by
                ));
            }
            if called.reply.is_null() {
                return Err("nothing was answered".to_owned());
            }
        }
        Ok(requests.len())
    })
    .await;
    println!("{made} calls");
}

#[tokio::test]
async fn every_model_that_streams_does() {
    let made = check_all(|client, subject, requests| async move {
        let Some(stream) = subject.stream else { return Ok(0) };
        for request in &requests {
            let chunks = stream(&client, request).await.map_err(|error| format!("{error}\n  {request}"))?;
            if chunks.is_empty() {
                return Err(format!("the stream was empty\n  {request}"));
            }
        }
        Ok(requests.len())
    })
    .await;
    println!("{made} streams");
}

#[tokio::test]
async fn every_model_that_queues_does() {
    let documents = canonical();
    let made = check_all(|client, subject, requests| {
        let model = documents.iter().find(|model| model.facts.id == subject.info.id);
        let queued =
            model.and_then(|model| model.canonical.as_ref()).and_then(|canonical| canonical.request.batch.clone());
        async move {
            let Some(queue) = subject.queue else { return Ok(0) };
            let mut taken = 0;
            for request in &requests {
                // A queue may take fewer forms and fields than a direct call.
                if (queue.item)(request).is_ok_and(|item| item == *request) {
                    let replies =
                        (queue.enqueue)(&client, request).await.map_err(|error| format!("{error}\n  {request}"))?;
                    if replies != 1 {
                        return Err(format!("{replies} replies to one request\n  {request}"));
                    }
                    taken += 1;
                }
            }
            if taken == 0 {
                Err(format!("the queue took none of its requests: {queued:?} {requests:?}"))
            } else {
                Ok(taken)
            }
        }
    })
    .await;
    println!("{made} queued requests");
}

/// Has the flag of a queue, but its request carries a file outside JSON, which no queue takes over HTTP.
const FILE_OUTSIDE_JSON: &str = "@cf/deepgram/nova-3";

#[test]
fn every_flag_is_a_capability() {
    let published = model_files();
    for subject in subjects() {
        let id = subject.info.id;
        let may_queue = subject.info.flags.async_queue && id != FILE_OUTSIDE_JSON;
        assert_eq!(may_queue, subject.queue.is_some(), "{id}: whether it queues");
        let file =
            published.iter().find(|(_, file)| file["id"] == id).map(|(_, file)| file["schema"]["input"].to_string());
        let asks_for_stream = file.is_some_and(|input| input.contains("\"stream\":{"));
        assert!(
            !asks_for_stream || subject.stream.is_some(),
            "{id}: its schema has `stream`, but the bindings do not stream"
        );
    }
}

#[test]
fn every_model_of_the_catalogue_is_bound_or_says_why_not() {
    let bound: Vec<&str> = subjects().iter().map(|subject| subject.info.id).collect();
    let files = model_files();
    for (modality, file) in &files {
        let id = file["id"].as_str().unwrap_or_default();
        let listed = bound.contains(&id);
        assert!(listed || file["unbound"].is_string(), "{id} of {modality} is neither bound nor said to be unbound");
    }
    assert!(bound.len() <= files.len());
    println!("{} of {} models are bound", bound.len(), files.len());
}
