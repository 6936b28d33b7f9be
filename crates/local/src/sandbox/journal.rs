//! What was asked of the server, kept for tests to look at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

/// How many requests are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 1000;

/// The longest body that is kept as it came.
const LONGEST_BODY: usize = 256 * 1024;

/// Headers whose values are nobody's business.
const SECRET: [&str; 4] = ["authorization", "x-auth-key", "cf-aig-authorization", "cookie"];

/// One request that the server was sent, and what became of it.
///
/// ```
/// use workers_ai_local::{LocalServer, Recorded};
///
/// /// What a test asserts of a program that must not send a conversation twice.
/// fn prompts(requests: &[Recorded]) -> Vec<&str> {
///     requests.iter().filter(|request| request.status == 200).filter_map(|request| request.body["prompt"].as_str()).collect()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = LocalServer::builder().start().await?;
/// // … the program under test makes its calls …
/// assert!(prompts(&server.requests()).is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Recorded {
    /// Number of the request in its sandbox, from 1.
    pub number: u64,
    /// When it came, by the sandbox's clock: RFC 3339, UTC.
    pub at: String,
    /// HTTP method.
    pub method: String,
    /// Path, without the query.
    pub path: String,
    /// Query, without the question mark.
    pub query: String,
    /// Headers by lower-case name. Secrets are replaced by three dots.
    pub headers: std::collections::BTreeMap<String, String>,
    /// The model that was called, where one was.
    pub model: Option<String>,
    /// The body: JSON as it is, text as a string, anything else as `{"bytes": length, "content_type": type}`.
    pub body: Value,
    /// Status of the answer.
    pub status: u16,
    /// The service's code where the request was refused.
    pub code: Option<u32>,
    /// Whether the answer was a stream.
    pub stream: bool,
    /// How near the answer is to the real model's.
    pub fidelity: Option<String>,
    /// What was charged. Of a stream it is known at its end.
    pub neurons: Option<f64>,
    /// Milliseconds until the head of the answer.
    pub milliseconds: u64,
}

/// An entry of the journal, which may still change.
#[derive(Clone, Debug)]
pub(crate) struct Entry(Arc<Mutex<Recorded>>);

impl Entry {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Recorded)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn now(&self) -> Recorded {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The requests of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    count: u64,
    entries: VecDeque<Entry>,
}

impl Journal {
    fn with<T>(&self, act: impl FnOnce(&mut Book) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins an entry.
    pub(crate) fn open(
        &self,
        at: String,
        method: &str,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        body: Value,
    ) -> Entry {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                let value = if SECRET.contains(&name.as_str()) { "..." } else { value.to_str().unwrap_or("...") };
                (name.as_str().to_owned(), value.to_owned())
            })
            .collect();
        self.with(|book| {
            book.count += 1;
            let entry = Entry(Arc::new(Mutex::new(Recorded {
                number: book.count,
                at,
                method: method.to_owned(),
                path: path.to_owned(),
                query: query.to_owned(),
                headers,
                model: None,
                body,
                status: 0,
                code: None,
                stream: false,
                fidelity: None,
                neurons: None,
                milliseconds: 0,
            })));
            if book.entries.len() >= REMEMBERED {
                book.entries.pop_front();
            }
            book.entries.push_back(entry.clone());
            entry
        })
    }

    /// Everything that is remembered, the oldest first.
    pub(crate) fn read(&self) -> Vec<Recorded> {
        let entries = self.with(|book| book.entries.clone());
        entries.iter().map(Entry::now).collect()
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> u64 {
        self.with(|book| book.count)
    }
}

/// A body as the journal keeps it.
pub(crate) fn body(bytes: &Bytes, content_type: &str) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    if bytes.len() <= LONGEST_BODY {
        if let Ok(json) = serde_json::from_slice(bytes) {
            return json;
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Value::from(text);
        }
    }
    json!({"bytes": bytes.len(), "content_type": content_type})
}

/// Whether JSON holds everything that another holds, wherever in an object; lists must be equal in length.
pub(crate) fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(name, part)| whole.get(name).is_some_and(|whole| holds(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
        }
        (whole, part) => whole == part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_written_down() {
        let journal = Journal::default();
        let mut headers = HeaderMap::new();
        headers.insert("authorization", axum::http::HeaderValue::from_static("Bearer hush"));
        headers.insert("x-tag", axum::http::HeaderValue::from_static("a"));
        let entry = journal.open(String::new(), "POST", "/", "", &headers, body(&Bytes::from_static(b"{\"a\":1}"), ""));
        entry.change(|recorded| recorded.status = 200);
        let read = journal.read();
        let text = format!("{read:?} {}", serde_json::to_string(&read).unwrap_or_default());
        assert!(!text.contains("hush") && text.contains("x-tag"), "{text}");
        assert_eq!(read.first().map(|recorded| (recorded.number, recorded.status)), Some((1, 200)));
    }

    #[test]
    fn a_part_is_found_in_the_whole() {
        let whole = json!({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 5});
        assert!(holds(&whole, &json!({"messages": [{"content": "hi"}]})));
        assert!(!holds(&whole, &json!({"messages": []})));
        assert!(!holds(&whole, &json!({"max_tokens": 6})));
    }
}
