//! What travels in a session: frames, and the events that become them.

use bytes::Bytes;

use crate::{Error, Invalid};

/// One message of a session as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Text, which is JSON for all models so far.
    Text(String),
    /// Bytes, which are sound for all models so far.
    Binary(Bytes),
}

/// What a program sends in a session.
///
/// The bindings implement it; [`Frame`] does too, for models they do not know.
pub trait Sent: Sized + Send + 'static {
    /// The event as a frame.
    ///
    /// # Errors
    ///
    /// When the event holds something that cannot be sent.
    fn encode(self) -> Result<Frame, Invalid>;

    /// What the content of the call's request becomes, so that it is sent before anything else: a text to speak, a
    /// recording to hear. `None`, which is also for content that is empty, sends nothing.
    #[must_use]
    fn opening(content: Frame) -> Option<Self> {
        let _ = content;
        None
    }
}

/// What a program receives in a session.
pub trait Received: Sized + Send + 'static {
    /// The event in a frame.
    ///
    /// # Errors
    ///
    /// When the frame is not of this type. [`Error::body`] has the frame.
    fn decode(frame: Frame) -> Result<Self, Error>;
}

impl Sent for Frame {
    fn encode(self) -> Result<Frame, Invalid> {
        Ok(self)
    }
}

impl Received for Frame {
    fn decode(frame: Frame) -> Result<Self, Error> {
        Ok(frame)
    }
}

impl From<&str> for Frame {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Bytes> for Frame {
    fn from(bytes: Bytes) -> Self {
        Self::Binary(bytes)
    }
}

impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes.into())
    }
}

impl Frame {
    /// An event as JSON text.
    ///
    /// # Errors
    ///
    /// When a value lies outside its range; the error names its path.
    pub fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<Self, Invalid> {
        let text = crate::request::write(value)?;
        String::from_utf8(text).map(Self::Text).map_err(|_| Invalid::request("the event is not text"))
    }

    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// When the frame is no JSON of this type; the message names the place, [`Error::body`] has the frame.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        let bytes = self.as_bytes();
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let place = if path == "." { String::new() } else { format!(" at {path}") };
            Error::decode(format!("the event is not what the model's type says{place}"))
                .with_source(error.into_inner())
                .with_body(Bytes::copy_from_slice(bytes))
        })
    }

    /// What the frame holds, text as UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Whether there is nothing in the frame.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}
