//! What was asked of the server, kept for tests to look at.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, Uri};
use serde::Serialize;
use serde_json::{Value, json};

/// How many requests are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 1000;

/// How many bytes of them: bodies, headers, paths.
const HEAVIEST: usize = 16 << 20;

/// The longest body that is kept as it came.
const LONGEST_BODY: usize = 256 << 10;

/// Parts of the names of headers whose values are nobody's business.
const SECRET: [&str; 7] = ["authorization", "auth-key", "api-key", "cookie", "secret", "token", "jwt"];

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
    pub headers: BTreeMap<String, String>,
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
pub(crate) struct Entry(Arc<Mutex<(Recorded, Sent)>>);

impl Entry {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Recorded)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0);
    }

    fn now(&self) -> Recorded {
        let (mut recorded, sent) = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        recorded.body = sent.told();
        recorded
    }
}

/// A body as it is kept. It is read as JSON when somebody looks at it, which is seldom.
#[derive(Clone, Debug)]
enum Sent {
    /// Apart from the buffer in which it arrived, which may be far larger.
    Whole(Box<[u8]>, String),
    Long(usize, String),
}

impl Sent {
    fn new(bytes: &[u8], content_type: &str) -> Self {
        if bytes.len() <= LONGEST_BODY {
            Self::Whole(bytes.into(), content_type.to_owned())
        } else {
            Self::Long(bytes.len(), content_type.to_owned())
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Whole(bytes, content_type) => bytes.len() + content_type.len(),
            Self::Long(_, content_type) => content_type.len(),
        }
    }

    fn told(&self) -> Value {
        let (length, content_type) = match self {
            Self::Whole(bytes, _) if bytes.is_empty() => return Value::Null,
            Self::Whole(bytes, content_type) => {
                if let Ok(json) = serde_json::from_slice(bytes) {
                    return json;
                }
                if let Ok(text) = std::str::from_utf8(bytes) {
                    return Value::from(text);
                }
                (bytes.len(), content_type)
            }
            Self::Long(length, content_type) => (*length, content_type),
        };
        json!({"bytes": length, "content_type": content_type})
    }
}

/// The requests of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    count: u64,
    weight: usize,
    /// Each with its weight in bytes.
    entries: VecDeque<(Entry, usize)>,
}

impl Book {
    fn add(&mut self, entry: Entry, weight: usize) {
        self.weight += weight;
        self.entries.push_back((entry, weight));
        while self.entries.len() > REMEMBERED || (self.weight > HEAVIEST && self.entries.len() > 1) {
            let Some((_, weight)) = self.entries.pop_front() else { return };
            self.weight -= weight;
        }
    }
}

impl Journal {
    fn with<T>(&self, act: impl FnOnce(&mut Book) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins an entry.
    pub(crate) fn open(&self, at: String, method: &str, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Entry {
        let told: BTreeMap<String, String> = headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), shown(name.as_str(), value).to_owned()))
            .collect();
        let content_type = told.get("content-type").map(String::as_str).unwrap_or_default();
        let sent = Sent::new(body, content_type);
        let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
        let in_headers: usize = told.iter().map(|(name, value)| name.len() + value.len()).sum();
        let weight = size_of::<Recorded>() + path.len() + query.len() + in_headers + sent.weight();
        self.with(|book| {
            book.count += 1;
            let recorded = Recorded {
                number: book.count,
                at,
                method: method.to_owned(),
                path,
                query,
                headers: told,
                model: None,
                body: Value::Null,
                status: 0,
                code: None,
                stream: false,
                fidelity: None,
                neurons: None,
                milliseconds: 0,
            };
            let entry = Entry(Arc::new(Mutex::new((recorded, sent))));
            book.add(entry.clone(), weight);
            entry
        })
    }

    /// Everything that is remembered, the oldest first.
    pub(crate) fn read(&self) -> Vec<Recorded> {
        let entries: Vec<Entry> = self.with(|book| book.entries.iter().map(|(entry, _)| entry.clone()).collect());
        entries.iter().map(Entry::now).collect()
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> u64 {
        self.with(|book| book.count)
    }
}

/// A header's value, as far as it may be read. The playground's token comes as a WebSocket's subprotocol.
fn shown<'a>(name: &str, value: &'a HeaderValue) -> &'a str {
    let text = value.to_str().unwrap_or("...");
    let is_secret = SECRET.iter().any(|part| name.contains(part))
        || value.is_sensitive()
        || (name == "sec-websocket-protocol" && text.contains("bearer."));
    if is_secret { "..." } else { text }
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
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn opened(journal: &Journal, headers: &[(&'static str, &'static str)], body: &[u8]) -> Entry {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        journal.open(String::new(), "POST", &Uri::from_static("/a?b=1"), &headers.collect(), body)
    }

    #[test]
    fn secrets_are_not_written_down() {
        let journal = Journal::default();
        let headers = [
            ("authorization", "Bearer hush"),
            ("mf-header-authorization", "Bearer hush"),
            ("x-auth-key", "hush"),
            ("x-api-key", "hush"),
            ("cookie", "session=hush"),
            ("sec-websocket-protocol", "workers-ai, bearer.hush"),
            ("x-tag", "a"),
        ];
        opened(&journal, &headers, b"{\"a\":1}").change(|recorded| recorded.status = 200);
        let read = journal.read();
        let text = format!("{read:?} {}", serde_json::to_string(&read).unwrap());
        assert!(!text.contains("hush") && text.contains("x-tag"), "{text}");
        let recorded = read.first().unwrap();
        assert_eq!((recorded.number, recorded.status, &recorded.body), (1, 200, &json!({"a": 1})));
        assert_eq!((&*recorded.path, &*recorded.query), ("/a", "b=1"));
    }

    #[test]
    fn bodies_are_told_as_what_they_are() {
        let journal = Journal::default();
        let long = vec![b'1'; LONGEST_BODY + 1];
        for body in [b"".as_slice(), b"[1]", b"a text", b"\xff\xd8", &long] {
            opened(&journal, &[("content-type", "image/jpeg")], body);
        }
        let told: Vec<Value> = journal.read().into_iter().map(|recorded| recorded.body).collect();
        let bytes = |length: usize| json!({"bytes": length, "content_type": "image/jpeg"});
        assert_eq!(told, [Value::Null, json!([1]), json!("a text"), bytes(2), bytes(LONGEST_BODY + 1)]);
    }

    #[test]
    fn a_journal_has_an_end() {
        let (many, heavy) = (Journal::default(), Journal::default());
        for _ in 0..REMEMBERED + 5 {
            opened(&many, &[], b"1");
        }
        assert_eq!((many.count(), many.read().len()), (1005, REMEMBERED));
        assert_eq!(many.read().first().map(|recorded| recorded.number), Some(6));
        let body = vec![b'1'; LONGEST_BODY];
        for _ in 0..100 {
            opened(&heavy, &[], &body);
        }
        let kept = heavy.read().len();
        assert!((60..64).contains(&kept), "{kept} bodies of 256 KB");
        assert!(heavy.with(|book| book.weight) <= HEAVIEST);
    }

    #[test]
    fn a_part_is_found_in_the_whole() {
        let whole = json!({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 5});
        assert!(holds(&whole, &json!({"messages": [{"content": "hi"}]})));
        assert!(!holds(&whole, &json!({"messages": []})));
        assert!(!holds(&whole, &json!({"max_tokens": 6})));
    }
}
