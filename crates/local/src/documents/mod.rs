//! Documents as Markdown, of the kinds that need no model.

mod html;
#[cfg(feature = "documents")]
mod open_document;
#[cfg(feature = "documents")]
mod pdf;
#[cfg(feature = "documents")]
mod sheets;
mod table;
#[cfg(feature = "documents")]
mod word;
#[cfg(feature = "documents")]
mod written;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::answer::tokens;
use crate::dice::Dice;

/// What the service converts: extension and media type.
pub(crate) const FORMATS: &[(&str, &str)] = &[
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

/// One file to convert.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) content: Bytes,
}

impl Document {
    /// A file of the declared type, unless that says nothing; then of what its name says.
    pub(crate) fn new(name: String, declared: Option<&str>, content: Bytes) -> Self {
        let declared = declared.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let declared = declared.filter(|text| !text.is_empty() && text != "application/octet-stream");
        let media_type = declared.unwrap_or_else(|| {
            let name = name.to_ascii_lowercase();
            let known = FORMATS.iter().find(|(extension, _)| name.ends_with(extension));
            known.map_or("application/octet-stream", |(_, kind)| kind).to_owned()
        });
        Self { name, media_type, content }
    }

    /// The entry of the reply: the Markdown, or why there is none.
    pub(crate) fn converted(&self, options: &Value) -> Value {
        let format = if options.pointer("/output/format") == Some(&json!("text")) { "text" } else { "markdown" };
        let outcome = self.markdown(options, format);
        self.entry(outcome.map(|data| (format, data)))
    }

    /// The entry of a file whose conversion broke off.
    pub(crate) fn broken(&self) -> Value {
        self.entry(Err(format!("{} is damaged", self.name)))
    }

    fn entry(&self, outcome: Result<(&str, String), String>) -> Value {
        let mut members = Map::new();
        let dice = Dice::from_parts(0, [self.name.as_bytes(), self.content.as_ref()]);
        members.insert("id".to_owned(), json!(dice.clone().uuid()));
        members.insert("name".to_owned(), json!(self.name));
        members.insert("mimeType".to_owned(), json!(self.media_type));
        match outcome {
            Ok((format, data)) => {
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

    fn markdown(&self, options: &Value, format: &str) -> Result<String, String> {
        let text = || std::str::from_utf8(&self.content).map_err(|_| format!("{} is not UTF-8", self.name));
        match self.media_type.as_str() {
            "text/html" => html::markdown(text()?, options),
            "text/csv" if format == "text" => Ok(text()?.to_owned()),
            "text/csv" => table::of_csv(&self.content),
            #[cfg(feature = "documents")]
            "application/pdf" => pdf::markdown(&self.name, &self.content, options),
            #[cfg(feature = "documents")]
            kind if kind.ends_with("wordprocessingml.document") => word::markdown(&self.content),
            #[cfg(feature = "documents")]
            "application/vnd.oasis.opendocument.text" => open_document::markdown(&self.content),
            #[cfg(feature = "documents")]
            kind if ["spreadsheetml.sheet", "ms-excel", "opendocument.spreadsheet"]
                .iter()
                .any(|end| kind.ends_with(end)) =>
            {
                sheets::markdown(kind, &self.content)
            }
            kind if kind.starts_with("image/") && is_known(kind) => {
                Err(format!("{kind} needs a model that describes it, and this server's answers are made up"))
            }
            kind if is_known(kind) => Err(format!("{kind} needs the real service: {}", CONVERTED)),
            kind => Err(format!("Unsupported file type: {kind}")),
        }
    }
}

#[cfg(feature = "documents")]
const CONVERTED: &str = "this server converts HTML, CSV, PDF, Word and OpenDocument texts, and spreadsheets";
#[cfg(not(feature = "documents"))]
const CONVERTED: &str =
    "this server converts HTML and CSV, and more where it is built with the feature `documents` of workers-ai-local";

fn is_known(media_type: &str) -> bool {
    FORMATS.iter().any(|(_, known)| *known == media_type)
}
