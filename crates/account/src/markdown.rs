//! Conversion of documents to Markdown.

use std::path::Path;

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};
use workers_ai_client::{Encoded, Media, Source};

use crate::account::Account;
use crate::error::Error;
use crate::file;

/// A document to convert.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = workers_ai_local::LocalServer::builder().start().await?;
/// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
/// use workers_ai_account::{ConversionOptions, Document};
///
/// let page = Document::new("tides.html", "<h1>Tides</h1>");
/// let nameless = Document::new("download", "port,depth\nGenoa,15\n").media_type("text/csv");
/// let converted = account.to_markdown([page, nameless], ConversionOptions::new()).await?;
/// assert_eq!(converted[0].text(), Ok("# Tides"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    media_type: Option<String>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Bytes(Bytes),
    File(Source),
}

/// How documents are converted.
///
/// ```
/// use workers_ai_account::ConversionOptions;
///
/// let options = ConversionOptions::new()
///     .hostname("example.com")
///     .css_selector("article")
///     .description_language("de")
///     .pdf_metadata(false);
/// let same = serde_json::json!({
///     "html": {"hostname": "example.com", "cssSelector": "article"},
///     "image": {"descriptionLanguage": "de"},
///     "pdf": {"metadata": false},
/// });
/// assert_eq!(options, ConversionOptions::from(same));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct ConversionOptions(Value);

/// What became of one document.
///
/// ```
/// use workers_ai_account::Markdown;
///
/// let converted: Markdown = serde_json::from_str(
///     r##"{"name": "tides.html", "mimeType": "text/html", "format": "markdown", "tokens": "3", "data": "# Tides"}"##,
/// )?;
/// assert_eq!((converted.text(), converted.tokens), (Ok("# Tides"), Some(3)));
/// # Ok::<(), serde_json::Error>(())
/// ```
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

impl Markdown {
    /// The text, or why there is none.
    ///
    /// ```
    /// use workers_ai_account::Markdown;
    ///
    /// let failed: Markdown = serde_json::from_str(r#"{"name": "chart.xyz", "format": "error", "error": "unsupported"}"#)?;
    /// assert_eq!(failed.text(), Err("unsupported"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The service's reason, where this document could not be converted.
    pub fn text(&self) -> Result<&str, &str> {
        match (&self.data, &self.error) {
            (_, Some(error)) => Err(error),
            (Some(data), None) if self.format.as_deref() != Some("error") => Ok(data),
            _ => Err("the service gave no reason"),
        }
    }
}

impl Document {
    /// A document under its file name, whose extension tells the service what it is.
    ///
    /// ```
    /// use workers_ai_account::Document;
    ///
    /// let report = Document::new("report.csv", "port,depth\nRotterdam,24\n");
    /// # let _ = report;
    /// ```
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), media_type: None, content: Content::Bytes(content.into()) }
    }

    /// A document on disk under its own file name. It is read while it is sent.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::Document;
    ///
    /// let report = Document::open("reports/2026.pdf").await?; // sent as `2026.pdf`
    /// # let _ = report;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be found.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, media_type: None, content: Content::File(file::source(path, |_, _| {}).await?) })
    }

    /// States the media type, where the name does not tell.
    ///
    /// ```
    /// use workers_ai_account::Document;
    ///
    /// let upload = Document::new("upload-17", b"%PDF-1.7".as_slice()).media_type("application/pdf");
    /// # let _ = upload;
    /// ```
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl ConversionOptions {
    /// Leaves everything to the service.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text instead of Markdown.
    ///
    /// ```
    /// use workers_ai_account::ConversionOptions;
    ///
    /// let options = ConversionOptions::new().plain_text();
    /// # assert_eq!(options, serde_json::json!({"output": {"format": "text"}}).into());
    /// ```
    pub fn plain_text(self) -> Self {
        self.with(&["output", "format"], "text")
    }

    /// The language in which images are described, as a two-letter code such as `de`.
    pub fn description_language(self, language: impl Into<String>) -> Self {
        self.with(&["image", "descriptionLanguage"], language.into())
    }

    /// The host that relative links of HTML documents lead to.
    pub fn hostname(self, hostname: impl Into<String>) -> Self {
        self.with(&["html", "hostname"], hostname.into())
    }

    /// Converts only what a CSS selector finds in HTML documents.
    pub fn css_selector(self, selector: impl Into<String>) -> Self {
        self.with(&["html", "cssSelector"], selector.into())
    }

    /// Whether the metadata of PDF documents becomes part of the text.
    pub fn pdf_metadata(self, included: bool) -> Self {
        self.with(&["pdf", "metadata"], included)
    }

    /// Sets an option by its path, for those that are newer than this crate.
    ///
    /// ```
    /// use workers_ai_account::ConversionOptions;
    ///
    /// let options = ConversionOptions::new().with(&["image", "newerOption"], true);
    /// # assert_eq!(options, serde_json::json!({"image": {"newerOption": true}}).into());
    /// ```
    pub fn with(mut self, path: &[&str], value: impl Into<Value>) -> Self {
        let mut place = &mut self.0;
        for name in path {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            let Value::Object(members) = place else { break };
            place = members.entry(*name).or_insert(Value::Null);
        }
        *place = value.into();
        self
    }
}

/// Options as the service documents them, as JSON.
impl From<Value> for ConversionOptions {
    fn from(options: Value) -> Self {
        Self(options)
    }
}

impl Account {
    /// Converts documents to Markdown, in one call and in their order.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account) -> Result<(), workers_ai_account::Error> {
    /// use workers_ai_account::{ConversionOptions, Document};
    ///
    /// let documents = [Document::open("report.pdf").await?, Document::new("page.html", "<h1>Tides</h1>")];
    /// for document in account.to_markdown(documents, ConversionOptions::new().pdf_metadata(false)).await? {
    ///     match document.text() {
    ///         Ok(text) => println!("{}: {text}", document.name),
    ///         Err(reason) => eprintln!("{}: {reason}", document.name),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The service refuses or is out of reach. A document that cannot be converted is no error; see
    /// [`Markdown::text`].
    pub async fn to_markdown(
        &self,
        documents: impl IntoIterator<Item = Document>,
        options: impl Into<ConversionOptions>,
    ) -> Result<Vec<Markdown>, Error> {
        let mut form = Encoded::multipart();
        for Document { name, media_type, content } in documents {
            let media_type = media_type.unwrap_or_else(|| media_type_of(&name).to_owned());
            form = match content {
                Content::Bytes(bytes) => form.named_file("files", &name, &Media::new(bytes, &media_type)),
                Content::File(source) => form.source("files", &name, &media_type, source),
            };
        }
        let ConversionOptions(options) = options.into();
        let options = (!options.is_null()).then(|| options.to_string());
        let form = form.field("conversionOptions", &options).finish()?;
        let call = self.caller.account_call(Method::POST, "/ai/tomarkdown").body(form);
        Ok(call.send().await?.json()?)
    }
}

/// What the service goes by where a name has no extension that it knows.
fn media_type_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "pdf" => "application/pdf",
        "jpeg" | "jpg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "html" | "htm" => "text/html",
        "xml" => "application/xml",
        "csv" => "text/csv",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsm" => "application/vnd.ms-excel.sheet.macroenabled.12",
        "xlsb" => "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "xls" => "application/vnd.ms-excel",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odt" => "application/vnd.oasis.opendocument.text",
        "numbers" => "application/vnd.apple.numbers",
        _ => "application/octet-stream",
    }
}

fn lenient_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}
