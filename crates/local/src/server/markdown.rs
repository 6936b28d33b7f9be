//! The conversion of files to Markdown. A file that cannot be converted fails by itself, as with the service.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::visit::Visit;
use super::{Shared, run};
use crate::answer::Fidelity;
use crate::documents::{Document, FORMATS};
use crate::refusal::Refusal;

/// `GET /ai/tomarkdown/supported`: what the service converts.
pub(super) async fn supported(State(_): State<Handle>) -> Response {
    let formats: Vec<Value> =
        FORMATS.iter().map(|(extension, kind)| json!({"extension": extension, "mimeType": kind})).collect();
    respond::enveloped(&formats)
}

/// `POST /ai/tomarkdown`.
pub(super) async fn convert(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let (documents, options) = from_parts(request).await?;
        answer(&shared, &visit, documents, options).await
    };
    answered.await.unwrap_or_else(|refusal| refusal.respond())
}

/// `POST /to-everything/markdown/transformer`: the same for the binding, whose files travel as base64 in JSON.
pub(super) async fn convert_encoded(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let (documents, options) = from_json(request).await?;
        answer(&shared, &visit, documents, options).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}

/// Converts one file after the other, each apart from the server's own work: some take a while, and a damaged one may
/// make its reader stumble.
async fn answer(shared: &Shared, visit: &Visit, documents: Vec<Document>, options: Value) -> Result<Response, Refusal> {
    // Readers of other makers than the service's.
    let fidelity = Fidelity::Substitute;
    shared.sources.check("a conversion to Markdown", fidelity)?;
    let mut converted = Vec::new();
    for document in documents {
        let (options, copy) = (options.clone(), document.clone());
        let outcome = tokio::task::spawn_blocking(move || copy.converted(&options)).await;
        converted.push(outcome.unwrap_or_else(|_| document.broken()));
    }
    visit.answered(fidelity);
    let mut response = respond::enveloped(&converted);
    respond::insert(response.headers_mut(), respond::FIDELITY, &fidelity.to_string());
    Ok(response)
}

async fn from_parts(request: Request) -> Result<(Vec<Document>, Value), Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::bad_input(&format!("the multipart body is broken: {error}"));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| broken(&error.body_text()))?;
    let (mut documents, mut options, mut count) = (Vec::new(), Value::Null, 0_usize);
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error.body_text()))? {
        count += 1;
        if count > run::MOST_PARTS {
            return Err(Refusal::too_large());
        }
        let (part, name) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let declared = field.content_type().map(str::to_owned);
        let content = field.bytes().await.map_err(|error| broken(&error.body_text()))?;
        match part.as_str() {
            // Cloudflare's own SDK writes the brackets.
            "files" | "files[]" => {
                documents.push(Document::new(name.unwrap_or_default(), declared.as_deref(), content));
            }
            "conversionOptions" => {
                options = serde_json::from_slice(&content)
                    .map_err(|_| Refusal::bad_input("conversionOptions is not JSON"))?;
            }
            _ => {}
        }
    }
    if documents.is_empty() { Err(Refusal::incomplete("files")) } else { Ok((documents, options)) }
}

async fn from_json(request: Request) -> Result<(Vec<Document>, Value), Refusal> {
    let body = run::whole_body(request).await?;
    let Encoded { files, options } =
        serde_json::from_slice(&body).map_err(|error| Refusal::bad_input(&format!("the body is wrong: {error}")))?;
    let documents = files.into_iter().map(EncodedFile::decode).collect::<Result<_, _>>()?;
    Ok((documents, options.unwrap_or_default().conversion_options))
}

/// What the binding posts.
#[derive(Deserialize)]
struct Encoded {
    files: Vec<EncodedFile>,
    options: Option<EncodedOptions>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EncodedOptions {
    conversion_options: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EncodedFile {
    name: String,
    #[serde(default)]
    mime_type: String,
    data: String,
}

impl EncodedFile {
    fn decode(self) -> Result<Document, Refusal> {
        let content = BASE64_STANDARD
            .decode(&self.data)
            .map_err(|error| Refusal::bad_input(&format!("the data of {} is not base64: {error}", self.name)))?;
        Ok(Document::new(self.name, Some(&self.mime_type), Bytes::from(content)))
    }
}
