//! What travels in a session: frames, and the events that become them.

use bytes::Bytes;

use crate::{Error, Invalid};

/// One message of a session as it travels.
///
/// ```
/// use workers_ai_client::Frame;
///
/// let text = Frame::from(r#"{"type": "Flush"}"#);
/// let sound = Frame::from(vec![0_u8; 3200]); // a tenth of a second at 16 kHz
/// assert_eq!((text.as_bytes().len(), sound.as_bytes().len()), (17, 3200));
/// ```
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
///
/// ```
/// use serde::Serialize;
/// use workers_ai_client::{Frame, Invalid, Sent};
///
/// #[derive(Serialize)]
/// #[serde(tag = "type")]
/// enum Command {
///     Speak { text: String },
///     Flush,
/// }
///
/// impl Sent for Command {
///     fn encode(self) -> Result<Frame, Invalid> {
///         Frame::json(&self)
///     }
///
///     fn opening(content: Frame) -> Option<Self> {
///         match content {
///             Frame::Text(text) => Some(Self::Speak { text }),
///             Frame::Binary(_) => None,
///         }
///     }
/// }
///
/// assert_eq!(Command::Flush.encode()?, Frame::from(r#"{"type":"Flush"}"#));
/// # assert!(Command::opening("Hello.".into()).is_some());
/// # Ok::<(), Invalid>(())
/// ```
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
///
/// ```
/// use serde::Deserialize;
/// use workers_ai_client::{Bytes, Error, Frame, Received};
///
/// enum Event {
///     Sound(Bytes),
///     Note(Note),
/// }
///
/// #[derive(Deserialize)]
/// struct Note {
///     text: String,
/// }
///
/// impl Received for Event {
///     fn decode(frame: Frame) -> Result<Self, Error> {
///         match frame {
///             Frame::Binary(sound) => Ok(Self::Sound(sound)),
///             note => note.parse().map(Self::Note),
///         }
///     }
/// }
///
/// let event = Event::decode(r#"{"text": "hello"}"#.into())?;
/// assert!(matches!(event, Event::Note(note) if note.text == "hello"));
/// # assert!(matches!(Event::decode(vec![1].into())?, Event::Sound(sound) if sound.len() == 1));
/// # Ok::<(), Error>(())
/// ```
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
    /// ```
    /// use serde_json::json;
    /// use workers_ai_client::Frame;
    ///
    /// assert_eq!(Frame::json(&json!({"type": "Close"}))?, Frame::from(r#"{"type":"Close"}"#));
    /// # Ok::<(), workers_ai_client::Invalid>(())
    /// ```
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
    /// ```
    /// use serde_json::Value;
    /// use workers_ai_client::Frame;
    ///
    /// let event: Value = Frame::from(r#"{"type": "Results", "start": 0.5}"#).parse()?;
    /// assert_eq!(event["start"], 0.5);
    /// assert!(Frame::from("hello").parse::<Value>().unwrap_err().is_decode());
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
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
    ///
    /// ```
    /// use workers_ai_client::Frame;
    ///
    /// assert_eq!(Frame::from("é").as_bytes(), [0xc3, 0xa9]);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Whether there is nothing in the frame.
    ///
    /// ```
    /// use workers_ai_client::Frame;
    ///
    /// assert!(Frame::from("").is_empty() && !Frame::from(vec![0]).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}
