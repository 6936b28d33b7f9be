//! A request as a body, before it has an address.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::{AsFile, Form, Invalid, Part, Source, json, query};
use crate::{Frame, Media, transport::Body};

/// A request turned into what travels: JSON, raw bytes or a form, with query parameters where the model wants them.
///
/// ```
/// use serde_json::json;
/// use workers_ai_client::Encoded;
///
/// let text = Encoded::json(&json!({"prompt": "sea"}))?.with("seed", 7)?;
/// let sound = Encoded::raw(vec![0; 3200], Some("audio/l16")).with_query(&json!({"language": "en"}))?;
/// let nothing = Encoded::empty();
/// # let _ = (text, sound, nothing);
/// # Ok::<(), workers_ai_client::Invalid>(())
/// ```
#[derive(Clone, Debug)]
pub struct Encoded {
    payload: Payload,
    query: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
enum Payload {
    Empty,
    Json(Vec<u8>),
    Raw { bytes: Bytes, content_type: Cow<'static, str> },
    Source { source: Source, content_type: Cow<'static, str> },
    Form(Form),
}

impl Encoded {
    /// A JSON body.
    ///
    /// ```
    /// use serde::Serialize;
    /// use workers_ai_client::{Encoded, Text};
    ///
    /// #[derive(Serialize)]
    /// struct Prompt {
    ///     prompt: Text<1, 20>,
    /// }
    ///
    /// assert!(Encoded::json(&Prompt { prompt: "sea".into() }).is_ok());
    /// let refused = Encoded::json(&Prompt { prompt: "".into() }).unwrap_err();
    /// assert_eq!(refused.to_string(), "prompt: text of 0 characters is outside 1 to 20");
    /// ```
    ///
    /// # Errors
    ///
    /// When a value lies outside its range; the error names its path.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, Invalid> {
        json::write(value).map(|body| Self::from(Payload::Json(body)))
    }

    /// A JSON body of a value that is JSON already, which cannot fail.
    pub(crate) fn value(value: &Value) -> Self {
        Self::from(Payload::Json(value.to_string().into_bytes()))
    }

    /// A body of raw bytes. Without a content type, the bytes themselves tell.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_client::Encoded;
    ///
    /// let recording = Encoded::raw(std::fs::read("hello.mp3")?, None);
    /// let reply = client.untyped("@cf/openai/whisper", recording).await?;
    /// println!("{}", reply["text"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn raw(bytes: impl Into<Bytes>, content_type: Option<&str>) -> Self {
        let bytes = bytes.into();
        let content_type = match content_type {
            Some(content_type) => content_type.to_owned(),
            None => Media::from(bytes.clone()).content_type().to_owned(),
        };
        let content_type = content_type.into();
        Self::from(Payload::Raw { bytes, content_type })
    }

    /// A body that is read while it is sent. Without a content type, what the source knows of itself is taken.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_client::{Encoded, Source};
    ///
    /// let recording = Encoded::source(Source::file("meeting.mp3")?, None);
    /// let reply = client.untyped("@cf/openai/whisper", recording).await?;
    /// println!("{}", reply["text"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn source(source: Source, content_type: Option<&str>) -> Self {
        let content_type = content_type.unwrap_or_else(|| source.content_type()).to_owned().into();
        Self::from(Payload::Source { source, content_type })
    }

    /// Puts a file in the place of raw bytes. The type that the request gave is kept where it gave one.
    pub(crate) fn upload(&mut self, file: Source) -> Result<(), Invalid> {
        let Payload::Raw { bytes, content_type } = &self.payload else {
            return Err(Invalid::request(
                "a file can only be sent in the place of raw bytes, which this request has not",
            ));
        };
        let known = bytes.is_empty() && content_type != crate::media::UNKNOWN;
        let content_type = if known { content_type.clone() } else { file.content_type().into() };
        self.payload = Payload::Source { source: file, content_type };
        Ok(())
    }

    /// No body at all, as in a question about the account.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// # use workers_ai_client::Encoded;
    /// let query = Encoded::empty().with("search", "llama")?;
    /// let answer = client.account_call(http::Method::GET, "/ai/models/search").body(query).send().await?;
    /// # let _ = answer;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn empty() -> Self {
        Self::from(Payload::Empty)
    }

    /// A multipart form, built field by field.
    ///
    /// ```
    /// use workers_ai_client::{Encoded, Media};
    ///
    /// let picture: Option<Media> = None;
    /// let encoded = Encoded::multipart()
    ///     .field("prompt", "a lighthouse")
    ///     .field("width", &Some(512))
    ///     .field("seed", &None::<i64>) // left out
    ///     .file("input_image_0", &picture) // left out
    ///     .finish()?;
    /// # let _ = encoded;
    /// # Ok::<(), workers_ai_client::Invalid>(())
    /// ```
    pub fn multipart() -> Multipart {
        Multipart { form: Ok(Form::default()) }
    }

    /// Adds the fields of an object as query parameters: nulls are left out, lists repeat their name.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_client::Encoded;
    ///
    /// // …?language=en&keyterm=sea&keyterm=sky
    /// let sound = Encoded::raw(vec![0; 3200], Some("audio/l16"))
    ///     .with_query(&json!({"language": "en", "keyterm": ["sea", "sky"], "model": null}))?;
    /// # let _ = sound;
    /// assert!(Encoded::empty().with_query("language=en").is_err());
    /// # Ok::<(), workers_ai_client::Invalid>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a value lies outside its range, or `fields` is not an object.
    pub fn with_query(mut self, fields: &(impl Serialize + ?Sized)) -> Result<Self, Invalid> {
        self.query.extend(query::pairs(fields)?);
        Ok(self)
    }

    /// Sets one parameter by name, as [`Call::set`](crate::Call::set) does.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_client::Encoded;
    ///
    /// let request = Encoded::json(&json!({"prompt": "sea"}))?.with("seed", 7)?;
    /// # let _ = request;
    /// assert!(Encoded::json("sea")?.with("seed", 7).is_err());
    /// # Ok::<(), workers_ai_client::Invalid>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the body is JSON but not an object.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Result<Self, Invalid> {
        self.set(&[(name.to_owned(), value.into())])?;
        Ok(self)
    }

    /// Sets parameters by name: a field of JSON, a part of a form, or for raw bytes a query parameter. What is set wins
    /// over what is there.
    pub(crate) fn set(&mut self, fields: &[(String, Value)]) -> Result<(), Invalid> {
        match &mut self.payload {
            Payload::Json(body) => json::merge(body, fields),
            Payload::Raw { .. } | Payload::Source { .. } | Payload::Empty => {
                for (name, value) in fields {
                    self.query.retain(|(present, _)| present != name);
                    query::push(&mut self.query, name, value.clone());
                }
                Ok(())
            }
            Payload::Form(form) => {
                for (name, value) in fields {
                    form.remove(name);
                    push(form, name, value.clone());
                }
                Ok(())
            }
        }
    }

    /// Sets an option of the call: in JSON a field of the object `options`, else a query parameter, which is where the
    /// service's own binding puts options when the body is a stream or a form.
    pub(crate) fn set_option(&mut self, name: &str, value: impl Into<Value>) -> Result<(), Invalid> {
        let value = value.into();
        match &mut self.payload {
            Payload::Json(body) => json::merge_into(body, "options", name, value),
            Payload::Raw { .. } | Payload::Source { .. } | Payload::Form(_) | Payload::Empty => {
                self.query.retain(|(present, _)| present != name);
                query::push(&mut self.query, name, value);
                Ok(())
            }
        }
    }

    /// The JSON body, if it is one.
    pub(crate) fn as_json(&self) -> Option<&[u8]> {
        match &self.payload {
            Payload::Json(body) => Some(body),
            Payload::Empty | Payload::Raw { .. } | Payload::Source { .. } | Payload::Form(_) => None,
        }
    }

    /// Leaves only query parameters, and takes out what is said in a session rather than asked for it: the raw body, or
    /// one field of a JSON body.
    pub(crate) fn take_content(&mut self, field: Option<&str>) -> Result<Option<Frame>, Invalid> {
        match std::mem::replace(&mut self.payload, Payload::Empty) {
            Payload::Empty => Ok(None),
            Payload::Raw { bytes, .. } => Ok(Some(Frame::Binary(bytes))),
            Payload::Json(body) => {
                let (parameters, content) = query::without(&body, field)?;
                self.query.extend(parameters);
                Ok(content.map(Frame::Text))
            }
            Payload::Form(_) => Err(Invalid::request("a form cannot open a session")),
            Payload::Source { .. } => Err(Invalid::request("a file cannot open a session")),
        }
    }

    /// The body as it will be sent; it shares its bytes, except for those of JSON.
    pub(crate) fn body(&self) -> Body {
        self.clone().into_parts().0
    }

    /// What goes into the address.
    pub(crate) fn into_query(self) -> Vec<(String, String)> {
        self.query
    }

    pub(crate) fn into_parts(self) -> (Body, Vec<(String, String)>) {
        let body = match self.payload {
            Payload::Empty => Body::Empty,
            Payload::Json(body) => Body::Bytes { bytes: body.into(), content_type: "application/json".into() },
            Payload::Raw { bytes, content_type } => Body::Bytes { bytes, content_type },
            Payload::Source { source, content_type } => Body::Source { source, content_type },
            Payload::Form(form) => Body::Form(form),
        };
        (body, self.query)
    }
}

impl From<Payload> for Encoded {
    fn from(payload: Payload) -> Self {
        Self { payload, query: Vec::new() }
    }
}

/// A form in the making; see [`Encoded::multipart`].
///
/// ```
/// use workers_ai_client::{Encoded, Media, Multipart, Source, transport::ByteStream};
///
/// # fn read(path: &str) -> ByteStream { unreachable!("{path}") }
/// let form: Multipart = Encoded::multipart()
///     .field("prompt", "the same, at night")
///     .file("image", &Media::from(b"\x89PNG\r\n\x1a\n"))
///     .named_file("mask", "mask.png", &Media::from(b"\x89PNG\r\n\x1a\n"))
///     .source("style", "style.bin", "application/octet-stream", Source::new(5_000_000, || read("style.bin")));
/// let encoded = form.finish()?;
/// # let _ = encoded;
/// # Ok::<(), workers_ai_client::Invalid>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Multipart {
    /// The first refused value ends the building; `finish` reports it.
    form: Result<Form, Invalid>,
}

impl Multipart {
    /// Adds a field: text as it is, anything else as JSON text. A null or `None` is left out.
    pub fn field(mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        if let Ok(form) = &mut self.form {
            match field_value(value) {
                Ok(value) => push(form, name, value),
                Err(mut invalid) => {
                    invalid.parameter = Some(match invalid.parameter.take() {
                        Some(inner) if inner.starts_with('[') => format!("{name}{inner}"),
                        Some(inner) => format!("{name}.{inner}"),
                        None => name.to_owned(),
                    });
                    self.form = Err(invalid);
                }
            }
        }
        self
    }

    /// Adds a file with its content type. A `None` is left out.
    pub fn file(mut self, name: &str, file: &(impl AsFile + ?Sized)) -> Self {
        if let (Ok(form), Some(media)) = (&mut self.form, file.as_file()) {
            form.push(Part::file(name, &media));
        }
        self
    }

    /// Adds a file under a file name of its own, for where the name says what the file is.
    ///
    /// ```
    /// use workers_ai_client::{Encoded, Media};
    ///
    /// let form = Encoded::multipart()
    ///     .named_file("files", "report.pdf", &Media::from(b"%PDF-1.7"))
    ///     .finish()?;
    /// # let _ = form;
    /// # Ok::<(), workers_ai_client::Invalid>(())
    /// ```
    pub fn named_file(mut self, name: &str, file_name: &str, file: &Media) -> Self {
        if let Ok(form) = &mut self.form {
            form.push(Part::File {
                name: name.to_owned(),
                file_name: file_name.to_owned(),
                content_type: file.content_type().to_owned(),
                bytes: file.bytes(),
            });
        }
        self
    }

    /// Adds a file that is read while it is sent.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_client::{Encoded, Source};
    ///
    /// let weights = Source::file("adapter_model.safetensors")?;
    /// let form = Encoded::multipart()
    ///     .field("file_name", "adapter_model.safetensors")
    ///     .source("file", "adapter_model.safetensors", weights.content_type(), weights.clone())
    ///     .finish()?;
    /// # let _ = form;
    /// # Ok(())
    /// # }
    /// ```
    pub fn source(mut self, name: &str, file_name: &str, content_type: &str, source: Source) -> Self {
        if let Ok(form) = &mut self.form {
            form.push(Part::Source {
                name: name.to_owned(),
                file_name: file_name.to_owned(),
                content_type: content_type.to_owned(),
                source,
            });
        }
        self
    }

    /// The finished form.
    ///
    /// # Errors
    ///
    /// When a value of a field lies outside its range.
    pub fn finish(self) -> Result<Encoded, Invalid> {
        self.form.map(|form| Encoded::from(Payload::Form(form)))
    }
}

fn field_value(value: &(impl Serialize + ?Sized)) -> Result<Value, Invalid> {
    let text = json::write(value)?;
    serde_json::from_slice(&text).map_err(|error| Invalid::request("the value cannot be written").with_source(error))
}

fn push(form: &mut Form, name: &str, value: Value) {
    if !value.is_null() {
        form.push(Part::Text { name: name.to_owned(), value: query::text(value) });
    }
}
