//! Conversion to Markdown, of what needs no model: HTML and CSV. Other documents fail one by one, as with the service.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run;
use crate::answer::tokens;
use crate::dice::Dice;
use crate::refusal::Refusal;

/// What the service converts: extension and media type.
const FORMATS: &[(&str, &str)] = &[
    (".pdf", "application/pdf"),
    (".jpeg", "image/jpeg"),
    (".jpg", "image/jpeg"),
    (".png", "image/png"),
    (".webp", "image/webp"),
    (".svg", "image/svg+xml"),
    (".html", "text/html"),
    (".xml", "application/xml"),
    (".csv", "text/csv"),
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".xls", "application/vnd.ms-excel"),
    (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (".odt", "application/vnd.oasis.opendocument.text"),
];

/// One file of a call.
struct Document {
    name: String,
    media_type: String,
    content: Bytes,
}

/// `GET /ai/tomarkdown/supported`: what the service converts.
pub(super) async fn supported(State(_): State<Handle>) -> Response {
    let formats: Vec<Value> =
        FORMATS.iter().map(|(extension, kind)| json!({"extension": extension, "mimeType": kind})).collect();
    respond::enveloped(&formats)
}

/// `POST /ai/tomarkdown`.
pub(super) async fn convert(State(_): State<Handle>, request: Request) -> Response {
    match read(request).await {
        Ok((documents, options)) => {
            let converted: Vec<Value> = documents.iter().map(|document| written(document, &options)).collect();
            respond::enveloped(&converted)
        }
        Err(refusal) => refusal.respond(),
    }
}

/// `POST /to-everything/markdown/transformer`: the same for the binding, whose files travel as base64 in JSON.
pub(super) async fn convert_encoded(State(_): State<Handle>, request: Request) -> Response {
    let read = async {
        let body = run::whole_body(request).await?;
        serde_json::from_slice::<Encoded>(&body)
            .map_err(|error| Refusal::bad_input(&format!("the body is wrong: {error}")))
    };
    let decoded = read.await.and_then(|Encoded { files, options }| {
        let documents: Vec<Document> = files.into_iter().map(EncodedFile::decode).collect::<Result<_, _>>()?;
        Ok((documents, options.unwrap_or_default().conversion_options))
    });
    match decoded {
        Ok((documents, options)) => {
            let converted: Vec<Value> = documents.iter().map(|document| written(document, &options)).collect();
            respond::enveloped(&converted)
        }
        Err(refusal) => refusal.respond(),
    }
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
        let media_type = media_type(&self.name, Some(&self.mime_type));
        Ok(Document { media_type, name: self.name, content: content.into() })
    }
}

async fn read(request: Request) -> Result<(Vec<Document>, Value), Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::bad_input(&format!("the multipart body is broken: {error}"));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| broken(&error.body_text()))?;
    let (mut documents, mut options) = (Vec::new(), Value::Null);
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error.body_text()))? {
        let (part, name) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let declared = field.content_type().map(str::to_owned);
        let content = field.bytes().await.map_err(|error| broken(&error.body_text()))?;
        match part.as_str() {
            // Cloudflare's own SDK writes the brackets.
            "files" | "files[]" => {
                let name = name.unwrap_or_default();
                documents.push(Document { media_type: media_type(&name, declared.as_deref()), name, content });
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

/// The declared type, unless it says nothing.
fn media_type(name: &str, declared: Option<&str>) -> String {
    let declared = declared.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    if let Some(declared) = declared.filter(|text| !text.is_empty() && text != "application/octet-stream") {
        return declared;
    }
    let name = name.to_ascii_lowercase();
    let known = FORMATS.iter().find(|(extension, _)| name.ends_with(extension));
    known.map_or("application/octet-stream", |(_, kind)| kind).to_owned()
}

fn written(document: &Document, options: &Value) -> Value {
    let mut members = Map::new();
    let dice = Dice::from_parts(0, [document.name.as_bytes(), document.content.as_ref()]);
    members.insert("id".to_owned(), json!(dice.clone().uuid()));
    members.insert("name".to_owned(), json!(document.name));
    members.insert("mimeType".to_owned(), json!(document.media_type));
    let format = if options.pointer("/output/format") == Some(&json!("text")) { "text" } else { "markdown" };
    match markdown(document, options, format) {
        Ok(data) => {
            members.insert("format".to_owned(), json!(format));
            members.insert("tokens".to_owned(), json!(tokens(&data)));
            members.insert("data".to_owned(), json!(data));
        }
        Err(reason) => {
            members.insert("format".to_owned(), json!("error"));
            members.insert("error".to_owned(), json!(reason));
        }
    }
    Value::Object(members)
}

fn markdown(document: &Document, options: &Value, format: &str) -> Result<String, String> {
    let media_type = document.media_type.as_str();
    let text = || std::str::from_utf8(&document.content).map_err(|_| format!("{} is not UTF-8", document.name));
    match media_type {
        "text/html" => html(text()?, options),
        "text/csv" if format == "text" => Ok(text()?.to_owned()),
        "text/csv" => table(&document.content),
        _ if FORMATS.iter().any(|(_, known)| *known == media_type) => {
            Err(format!("{media_type} needs the real service: this server converts HTML and CSV only"))
        }
        _ => Err(format!("Unsupported file type: {media_type}")),
    }
}

fn html(text: &str, options: &Value) -> Result<String, String> {
    if options.pointer("/html/cssSelector").is_some() {
        return Err("the option html.cssSelector needs the real service".to_owned());
    }
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(vec!["script", "style", "noscript", "head"]).build();
    let converted = converter.convert(text).map_err(|error| error.to_string())?;
    Ok(match options.pointer("/html/hostname").and_then(Value::as_str) {
        Some(host) => {
            let host = host.trim_end_matches('/');
            let host = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
            converted.replace("](/", &format!("]({host}/"))
        }
        None => converted,
    })
}

/// The first row is the head.
fn table(content: &[u8]) -> Result<String, String> {
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content);
    let mut table = String::new();
    let mut width = 0;
    for (number, row) in rows.records().enumerate() {
        let row = row.map_err(|error| error.to_string())?;
        width = width.max(row.len());
        line(&mut table, row.iter().map(cell).chain(std::iter::repeat_n(String::new(), width - row.len())));
        if number == 0 {
            line(&mut table, std::iter::repeat_n("---".to_owned(), width));
        }
    }
    if table.is_empty() { Err("the table has no rows".to_owned()) } else { Ok(table) }
}

fn line(table: &mut String, cells: impl Iterator<Item = String>) {
    table.push('|');
    for cell in cells {
        table.push(' ');
        table.push_str(&cell);
        table.push_str(" |");
    }
    table.push('\n');
}

fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|").replace(['\r', '\n'], " ")
}
