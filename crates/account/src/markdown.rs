//! Conversion of documents to Markdown.

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::Value;

use crate::account::Account;
use crate::error::Error;

/// A document to convert.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    media_type: Option<String>,
    content: Bytes,
}

/// What became of one document.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[non_exhaustive]
pub struct Markdown {
    /// The name that the document was sent under.
    #[serde(default)]
    pub name: String,
    /// The media type that the service saw.
    #[serde(default, rename = "mimeType")]
    pub media_type: Option<String>,
    /// `markdown` or `text`, or `error` where this document could not be converted.
    #[serde(default)]
    pub format: Option<String>,
    /// The text.
    #[serde(default)]
    pub data: Option<String>,
    /// Why there is none; the other documents are not affected.
    #[serde(default)]
    pub error: Option<String>,
    /// An estimate of the number of tokens. A number or a string on the wire.
    #[serde(default, deserialize_with = "lenient_number")]
    pub tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Envelope {
    result: Vec<Markdown>,
}

impl Document {
    /// A document under its file name, whose extension tells the service what it is.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), media_type: None, content: content.into() }
    }

    /// States the media type, where the name does not tell.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl Account {
    /// Converts documents to Markdown; `options` is the service's `conversionOptions`, as JSON.
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach. A document that cannot be converted is no error; see
    /// [`Markdown::error`].
    pub async fn to_markdown(
        &self,
        documents: impl IntoIterator<Item = Document>,
        options: Option<&Value>,
    ) -> Result<Vec<Markdown>, Error> {
        let url = format!("{}/accounts/{}/ai/tomarkdown", self.base_url, progenitor_client::encode_path(&self.id));
        let mut form = Form::new();
        for document in documents {
            let mut part = Part::stream(reqwest::Body::from(document.content)).file_name(document.name);
            if let Some(media_type) = &document.media_type {
                part = part.mime_str(media_type)?;
            }
            form = form.part("files", part);
        }
        if let Some(options) = options {
            form = form.text("conversionOptions", options.to_string());
        }
        let response = self.http.post(url).multipart(form).send().await?;
        if !response.status().is_success() {
            return Err(Error::refused(response).await);
        }
        let body = response.bytes().await?;
        let envelope: Envelope = serde_json::from_slice(&body).map_err(|error| Error::undecodable(&body, error))?;
        Ok(envelope.result)
    }
}

fn lenient_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}
