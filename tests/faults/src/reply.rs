//! What the server would have said if nothing were wrong.

use crate::Step;

/// What a reply's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON in one piece.
    Json,
    /// A stream of events.
    Events,
    /// A file.
    Binary,
    /// A WebSocket: the body is frames.
    Session,
}

/// A reply in which nothing is wrong. Faults are made of it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What the body is.
    pub kind: Kind,
    /// Headers beside its type and length.
    pub headers: Vec<(&'static str, String)>,
    /// The body in two parts: where it is cut in the middle, the first is what has arrived.
    pub body: [Vec<u8>; 2],
}

impl Reply {
    /// A reply of these two parts.
    pub fn new(kind: Kind, first: impl Into<Vec<u8>>, rest: impl Into<Vec<u8>>) -> Self {
        Self { kind, headers: Vec::new(), body: [first.into(), rest.into()] }
    }

    /// JSON, to be cut in its middle.
    pub fn json(text: &str) -> Self {
        let (first, rest) = text.as_bytes().split_at(text.len() / 2);
        Self::new(Kind::Json, first, rest)
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The type that the body has.
    pub fn content_type(&self) -> &'static str {
        match self.kind {
            Kind::Json => "application/json",
            Kind::Events => "text/event-stream",
            Kind::Binary => "audio/mpeg",
            Kind::Session => "",
        }
    }

    /// The whole body.
    pub fn whole(&self) -> Vec<u8> {
        self.body.concat()
    }

    /// The reply as it should be.
    pub fn healthy(&self) -> Vec<Step> {
        if self.kind == Kind::Session {
            return vec![Step::Send(self.head("")), Step::Send(self.whole())];
        }
        let length = format!("content-length: {}", self.whole().len());
        vec![Step::Send(self.head(&length)), Step::Send(self.whole())]
    }

    /// The head, with one line more; without it nothing but the end of the connection says where the body ends.
    pub fn head(&self, line: &str) -> Vec<u8> {
        self.head_as(self.content_type(), line)
    }

    /// The head with another type.
    pub fn head_as(&self, content_type: &str, line: &str) -> Vec<u8> {
        let mut head = match self.kind {
            Kind::Session => {
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n".to_owned()
            }
            _ => format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {content_type}\r\n"),
        };
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !line.is_empty() && self.kind != Kind::Session {
            head += &format!("{line}\r\n");
        }
        head += "\r\n";
        head.into_bytes()
    }
}

/// A failure, whatever would have been said.
pub(crate) fn failure(status: &str, content_type: &str, headers: &[&str], body: &str) -> Vec<Step> {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n",
        body.len()
    );
    for header in headers {
        head += header;
        head += "\r\n";
    }
    vec![Step::Send(format!("{head}\r\n{body}").into_bytes())]
}
