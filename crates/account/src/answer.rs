//! Answers that can be asked for again cheaply: a value with its entity tag and dates, or "unchanged".

use reqwest::header::{DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

/// What a conditional request came back with.
///
/// ```
/// use workers_ai_account::{Answer, Fetched};
///
/// /// What is known now.
/// fn current(known: Vec<String>, fetched: Fetched<Vec<String>>) -> Vec<String> {
///     match fetched {
///         Fetched::Changed(answer) => answer.value,
///         _ => known,
///     }
/// }
///
/// let known = vec!["@cf/a/old".to_owned()];
/// assert_eq!(current(known.clone(), Fetched::Unchanged), known);
/// assert_eq!(current(known, Fetched::Changed(Answer::of(vec!["@cf/a/new".to_owned()]))), ["@cf/a/new"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fetched<T> {
    /// The server has something other than what the entity tag stood for.
    Changed(Answer<T>),
    /// What the caller has is still right.
    Unchanged,
}

/// A value, with what the server's headers say about it.
///
/// ```
/// use workers_ai_account::Answer;
///
/// let answer = Answer::of(vec!["@cf/baai/bge-m3"]);
/// assert_eq!((answer.value.len(), answer.etag), (1, None));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The value itself.
    pub value: T,
    /// The entity tag, to be sent back in the next request.
    pub etag: Option<String>,
    /// The header `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
    /// The header `Date`, as it was sent.
    pub date: Option<String>,
}

impl<T> Answer<T> {
    /// A value about which no header says anything.
    ///
    /// ```
    /// use workers_ai_account::{Answer, Fetched};
    ///
    /// // In a test of one's own, in the place of the service.
    /// let fetched = Fetched::Changed(Answer::of(3));
    /// assert_ne!(fetched, Fetched::Unchanged);
    /// ```
    pub fn of(value: T) -> Self {
        Self { value, etag: None, last_modified: None, date: None }
    }

    pub(crate) fn new(value: T, headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { value, etag: text(ETAG), last_modified: text(LAST_MODIFIED), date: text(DATE) }
    }

    /// The same headers around another value.
    ///
    /// ```
    /// use workers_ai_account::Answer;
    ///
    /// let names = Answer::of(vec!["@cf/baai/bge-m3"]);
    /// assert_eq!(names.map(|names| names.len()).value, 1);
    /// ```
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), etag: self.etag, last_modified: self.last_modified, date: self.date }
    }
}
