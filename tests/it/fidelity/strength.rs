//! Whether these tests would notice: each is run against a schema that is not the types' own.

use serde_json::{Value, json};

use super::differences::{REPLIES, REQUESTS};
use super::narrowed::concerning;
use super::sources::{Published, committed, model_files};
use super::{Run, replies, requests};
use crate::subject::subjects;

/// Changes the published schemas of a model at a pointer; with `Null` the place is removed. A fault must be found.
#[track_caller]
fn check(id: &str, pointer: &str, changed: Value) {
    let run = Run { seed: 7, cases: 200, shrink: false };
    let subject = subjects().into_iter().find(|subject| subject.info.id == id).unwrap();
    let (modality, file) = model_files().into_iter().find(|(_, file)| file["id"] == id).unwrap();
    let mut published: Published = committed().into_iter().find(|published| published.id == id).unwrap();
    let faults = |published: &Published| {
        let mut faults = requests::faults(&subject, published, &concerning(REQUESTS, &modality, &file), run);
        faults.extend(replies::faults(&subject, published, &concerning(REPLIES, &modality, &file), run));
        faults
    };
    assert_eq!(faults(&published), Vec::<String>::new(), "{id} is at fault already");
    let mut both = json!({"input": published.input, "output": published.output});
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = both.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if changed.is_null() {
        assert!(parent.remove(name).is_some(), "nothing at {pointer}");
    } else {
        parent.insert(name.to_owned(), changed.clone());
    }
    (published.input, published.output) = (both["input"].clone(), both["output"].clone());
    assert!(!faults(&published).is_empty(), "{id}: {pointer} became {changed}, and nobody noticed");
}

const LUCID: &str = "@cf/leonardo/lucid-origin";
const SCHNELL: &str = "@cf/black-forest-labs/flux-1-schnell";

#[test]
fn another_range_is_noticed() {
    check(LUCID, "/input/properties/guidance/maximum", json!(9));
    check(LUCID, "/input/properties/guidance/maximum", json!(11));
    check(LUCID, "/input/properties/guidance/minimum", Value::Null);
    check(LUCID, "/input/properties/seed/minimum", json!(1));
    check(LUCID, "/input/properties/steps/type", json!("number"));
}

#[test]
fn another_length_is_noticed() {
    check(SCHNELL, "/input/properties/prompt/maxLength", json!(2047));
    check(SCHNELL, "/input/properties/prompt/maxLength", json!(2049));
    check(SCHNELL, "/input/properties/prompt/minLength", json!(2));
    check("@cf/google/embeddinggemma-300m", "/input/properties/text/oneOf/1/maxItems", json!(99));
}

#[test]
fn other_fields_are_noticed() {
    check(SCHNELL, "/input/additionalProperties", Value::Null);
    check(SCHNELL, "/input/required", Value::Null);
    check(SCHNELL, "/input/required", json!(["prompt", "steps"]));
    check(LUCID, "/input/properties/sharpness", json!({"type": "number"}));
}

#[test]
fn other_values_are_noticed() {
    check("@cf/deepgram/aura-1", "/input/properties/container/enum", json!(["none", "wav"]));
    check("@cf/deepgram/aura-1", "/input/properties/container/enum", json!(["none", "wav", "ogg", "flac"]));
    check("@cf/deepgram/aura-1", "/input/properties/container", json!({"type": "string"}));
}

#[test]
fn another_reply_is_noticed() {
    check("@cf/openai/whisper", "/output/properties/word_count/type", json!("string"));
    check("@cf/openai/whisper", "/output/properties/language", json!({"type": "string"}));
    check("@cf/microsoft/resnet-50", "/output/items/properties/score/type", json!("boolean"));
}
