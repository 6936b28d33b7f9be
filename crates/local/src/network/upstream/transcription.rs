//! What was said in a recording.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::Upstream;
use crate::answer::{Answer, Question, Usage};
use crate::answering::Source;
use crate::dialect::arms;
use crate::refusal::Refusal;

pub(super) async fn answer(upstream: &Upstream, name: &str, question: &Question) -> Result<(Answer, Usage), Refusal> {
    let (model, input) = (&question.model, &question.input);
    let schema = model.reply_schema();
    let transcribes =
        schema.is_some_and(|schema| arms(schema).iter().any(|arm| arm.pointer("/properties/text").is_some()));
    if !transcribes {
        return Err(Refusal::source_cannot(Source::Upstream, "transcripts of this form", model.id()));
    }
    let sound = input.bytes("audio").ok_or_else(|| Refusal::incomplete("audio"))?;
    // Servers tell formats by the file's name or by its content; no name is right for all.
    let file = Part::stream(sound).file_name("audio");
    let mut form = Form::new().part("file", file).text("model", name.to_owned()).text("response_format", "json");
    for (field, theirs) in [("language", "language"), ("initial_prompt", "prompt")] {
        if let Some(text) = input.text(field) {
            form = form.text(theirs, text.to_owned());
        }
    }
    let request = upstream.post("/audio/transcriptions").multipart(form);
    let said = upstream.send(name, request).await?.bytes().await.map_err(|error| upstream.unreachable(&error))?;
    let said: Value = serde_json::from_slice(&said).unwrap_or_default();
    let text = said
        .get("text")
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::failed(&format!("the upstream server {} answered no transcript", upstream.base)))?;
    let audio_seconds = said.get("duration").and_then(Value::as_f64).unwrap_or_default();
    let result = json!({"text": text.trim(), "word_count": text.split_whitespace().count()});
    Ok((Answer::Json(result), Usage { audio_seconds, ..Usage::default() }))
}
