//! Failures on demand: what goes wrong, for which calls, and how often.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::codes;
use crate::dice::Dice;

/// Something that goes wrong with calls.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_local::Fault;
///
/// // The first two calls of any llama find it busy; every call answers after half a second.
/// let busy = Fault::error(3040).model("@cf/meta/*").times(2);
/// let slow = Fault::latency(Duration::from_millis(500)).jitter(Duration::from_millis(100));
/// assert_eq!("error=capacity; model=@cf/meta/*; times=2".parse(), Ok(busy));
///
/// // Streams that stumble, each in its own way.
/// let stumbling = [
///     Fault::first_token(Duration::from_secs(2)),
///     Fault::tokens_per_second(20.0),
///     Fault::cut_after(3),
///     Fault::malformed_at(1),
///     Fault::duplicate_done(),
///     Fault::reset(),
/// ];
/// // A tenth of the calls is told to come back later.
/// let limited = Fault::error(3021).chance(0.1).retry_after(7);
/// # let _ = (slow, stumbling, limited);
/// ```
///
/// Over HTTP the same is JSON, `{"error": 3040, "model": "@cf/meta/*", "times": 2}`, and for one call the header
/// `x-workers-ai-fault: error=3040` or `x-workers-ai-fault: latency_ms=500; cut_after=3`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// The models that it strikes, with `*` for anything; all unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many calls it strikes before it is gone; all unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The share of calls that it strikes, 0 to 1; all unless set. Which ones follows from the server's seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// The call is refused with this code of the service, given by number or by name, such as `capacity`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "code")]
    pub error: Option<u32>,
    /// Seconds in the header `retry-after` of that refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Milliseconds before anything is answered.
    #[serde(skip_serializing_if = "is_zero")]
    pub latency_ms: u64,
    /// Milliseconds between the head of a stream and its first event.
    #[serde(skip_serializing_if = "is_zero")]
    pub first_token_ms: u64,
    /// Events of a stream a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<f64>,
    /// Up to so many milliseconds more, at random, for each of the waits above.
    #[serde(skip_serializing_if = "is_zero")]
    pub jitter_ms: u64,
    /// The connection breaks after so many events of a stream, or in the middle of any other body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_after: Option<u64>,
    /// The event of this number, from 0, is broken JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub malformed_at: Option<u64>,
    /// `[DONE]` is sent twice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub duplicate_done: bool,
    /// The connection breaks before anything is answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A code by its number or by its name.
fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(u32),
        Text(String),
    }
    let Some(given) = Option::<Given>::deserialize(deserializer)? else { return Ok(None) };
    let found = match &given {
        Given::Number(number) => codes::find(*number).map(|code| code.number),
        Given::Text(text) => codes::named(text).map(|code| code.number),
    };
    let text = match given {
        Given::Number(number) => number.to_string(),
        Given::Text(text) => text,
    };
    found
        .map(Some)
        .ok_or_else(|| de::Error::custom(format!("the service has no error `{text}`; there are: {}", codes::list())))
}

impl Fault {
    /// Calls are refused with a code of the service. One that the service does not have is answered like 5001.
    #[must_use]
    pub fn error(code: u32) -> Self {
        Self { error: Some(code), ..Self::default() }
    }

    /// Calls are answered late.
    #[must_use]
    pub fn latency(duration: Duration) -> Self {
        Self { latency_ms: milliseconds(duration), ..Self::default() }
    }

    /// Streams begin late.
    #[must_use]
    pub fn first_token(duration: Duration) -> Self {
        Self { first_token_ms: milliseconds(duration), ..Self::default() }
    }

    /// Streams have so many events a second.
    #[must_use]
    pub fn tokens_per_second(rate: f64) -> Self {
        Self { tokens_per_second: Some(rate), ..Self::default() }
    }

    /// The connection breaks after so many events of a stream, or in the middle of any other body.
    #[must_use]
    pub fn cut_after(events: u64) -> Self {
        Self { cut_after: Some(events), ..Self::default() }
    }

    /// The event of this number, from 0, is broken JSON.
    #[must_use]
    pub fn malformed_at(event: u64) -> Self {
        Self { malformed_at: Some(event), ..Self::default() }
    }

    /// Streams end twice.
    #[must_use]
    pub fn duplicate_done() -> Self {
        Self { duplicate_done: true, ..Self::default() }
    }

    /// The connection breaks before anything is answered.
    #[must_use]
    pub fn reset() -> Self {
        Self { reset: true, ..Self::default() }
    }

    /// Strikes only models like this one: `*` stands for anything.
    #[must_use]
    pub fn model(self, pattern: impl Into<String>) -> Self {
        Self { model: Some(pattern.into()), ..self }
    }

    /// Strikes so many calls, and is gone.
    #[must_use]
    pub fn times(self, calls: u32) -> Self {
        Self { times: Some(calls), ..self }
    }

    /// Strikes this share of the calls, 0 to 1.
    #[must_use]
    pub fn chance(self, share: f64) -> Self {
        Self { chance: Some(share), ..self }
    }

    /// Seconds in the header `retry-after` of the refusal.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Up to so much more, at random, for each wait.
    #[must_use]
    pub fn jitter(self, duration: Duration) -> Self {
        Self { jitter_ms: milliseconds(duration), ..self }
    }

    /// Whether it strikes this call; if so one of its times is over.
    pub(crate) fn strikes(&mut self, model: &str, dice: &mut Dice) -> bool {
        if self.times == Some(0) || self.model.as_ref().is_some_and(|pattern| !matches(pattern, model)) {
            return false;
        }
        if self.chance.is_some_and(|share| dice.fraction() >= share) {
            return false;
        }
        if let Some(times) = &mut self.times {
            *times = times.saturating_sub(1);
        }
        true
    }

    /// Both at once; what only one says holds.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            model: None,
            times: None,
            chance: None,
            error: self.error.or(other.error),
            retry_after: self.retry_after.or(other.retry_after),
            latency_ms: self.latency_ms.max(other.latency_ms),
            first_token_ms: self.first_token_ms.max(other.first_token_ms),
            tokens_per_second: self.tokens_per_second.or(other.tokens_per_second),
            jitter_ms: self.jitter_ms.max(other.jitter_ms),
            cut_after: self.cut_after.or(other.cut_after),
            malformed_at: self.malformed_at.or(other.malformed_at),
            duplicate_done: self.duplicate_done || other.duplicate_done,
            reset: self.reset || other.reset,
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    /// `name=value` pairs with semicolons between them, as headers and the command line have them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut members = serde_json::Map::new();
        for pair in text.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) =
                pair.split_once('=').map_or((pair, "true"), |(name, value)| (name.trim(), value.trim()));
            let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
            members.insert(name.replace('-', "_"), value);
        }
        serde_json::from_value(members.into()).map_err(|error| error.to_string())
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Whether a text is like a pattern in which `*` stands for anything.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn patterns_have_stars() {
        for (pattern, text, expected) in [
            ("*", "@cf/a/b", true),
            ("@cf/a/b", "@cf/a/b", true),
            ("@cf/a/b", "@cf/a/bc", false),
            ("@cf/a/*", "@cf/a/b", true),
            ("*/b*", "@cf/a/bc", true),
            ("*llama*8b", "@cf/meta/llama-3-8b", true),
            ("*llama*8b", "@cf/meta/llama-3-8b-awq", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_header_says_what_goes_wrong() {
        let fault = "error=capacity; retry-after=3; duplicate_done".parse::<Fault>().unwrap();
        assert_eq!(fault, Fault { duplicate_done: true, ..Fault::error(3040).retry_after(3) });
        assert!("error=1".parse::<Fault>().unwrap_err().contains("no error `1`"));
        assert!("latency=3".parse::<Fault>().unwrap_err().contains("unknown field `latency`"));
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_says() {
        let mut dice = Dice::new(1);
        let mut twice = Fault::error(3040).times(2).model("@cf/a/*");
        assert!(!twice.strikes("@cf/b/c", &mut dice));
        assert_eq!([1, 2, 3].map(|_| twice.strikes("@cf/a/c", &mut dice)), [true, true, false]);
        let mut some = Fault::error(3040).chance(0.25);
        let struck = (0..1000).filter(|_| some.strikes("@cf/a/c", &mut dice)).count();
        assert!((200..300).contains(&struck), "{struck}");
    }
}
