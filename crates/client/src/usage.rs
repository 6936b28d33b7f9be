//! What a call used: tokens and neurons, in whichever shape the model reports them.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

/// The tokens and neurons a call used. Every figure may be missing, and one that cannot be understood counts as missing:
/// bookkeeping never makes an answer fail.
///
/// Models report `prompt_tokens` and `completion_tokens` or `input_tokens` and `output_tokens`; both end up here.
///
/// ```
/// use workers_ai_client::Usage;
///
/// let usage: Usage = serde_json::from_str(
///     r#"{"prompt_tokens": 20, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 16}, "neurons": 0.27}"#,
/// )?;
/// assert_eq!(usage.cached_tokens, Some(16));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<u64>,
    /// Both together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<u64>,
    /// How many of the request's tokens came from the prefix cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_tokens: Option<u64>,
    /// How many of the answer's tokens were thinking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
    /// Neurons billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neurons: Option<f64>,
}

impl<'de> Deserialize<'de> for Usage {
    /// Field by field, not by way of a whole JSON value: some models report usage with every token that they stream.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = deserializer.deserialize_any(Reading)?;
        let cached = |details: &Value| whole(details.get("cached_tokens")?);
        let reasoning = |details: &Value| whole(details.get("reasoning_tokens")?);
        Ok(Self {
            prompt_tokens: whole(&found.prompt_tokens).or_else(|| whole(&found.input_tokens)),
            completion_tokens: whole(&found.completion_tokens).or_else(|| whole(&found.output_tokens)),
            total_tokens: whole(&found.total_tokens),
            cached_tokens: cached(&found.prompt_tokens_details)
                .or_else(|| cached(&found.input_tokens_details))
                .or_else(|| whole(&found.cached_tokens)),
            reasoning_tokens: reasoning(&found.completion_tokens_details)
                .or_else(|| reasoning(&found.output_tokens_details))
                .or_else(|| whole(&found.reasoning_tokens)),
            neurons: found.neurons.as_f64(),
        })
    }
}

/// The fields that are read, whatever is in them; what is missing is null.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    prompt_tokens: Value,
    input_tokens: Value,
    completion_tokens: Value,
    output_tokens: Value,
    total_tokens: Value,
    cached_tokens: Value,
    reasoning_tokens: Value,
    prompt_tokens_details: Value,
    input_tokens_details: Value,
    completion_tokens_details: Value,
    output_tokens_details: Value,
    neurons: Value,
}

/// Anything but an object reports nothing.
struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("usage")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Found, A::Error> {
        Found::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Found::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_none<E>(self) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(Found::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Found, E> {
        Ok(Found::default())
    }
}

/// Some models count in floats: `20.0` is twenty.
fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|count| *count >= 0.0 && count.fract() == 0.0).map(|count| count as u64))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::Usage;

    #[test]
    fn figures_that_make_no_sense_are_missing_not_errors() {
        let usage: Usage =
            serde_json::from_str(r#"{"prompt_tokens":"many","completion_tokens":-1,"neurons":null}"#).unwrap();
        assert_eq!(usage, Usage::default());
        for other in ["null", "true", "7", "-7", "0.7", r#""seven""#, r#"[{"prompt_tokens":7}]"#] {
            assert_eq!(serde_json::from_str::<Usage>(other).unwrap(), Usage::default(), "{other}");
        }
    }

    #[test]
    fn both_vocabularies_are_understood() {
        let usage: Usage = serde_json::from_str(
            r#"{"input_tokens":3.0,"output_tokens":4,"output_tokens_details":{"reasoning_tokens":2}}"#,
        )
        .unwrap();
        assert_eq!((usage.prompt_tokens, usage.completion_tokens, usage.reasoning_tokens), (Some(3), Some(4), Some(2)));
    }

    #[test]
    fn what_was_written_reads_back() {
        let usage = Usage { prompt_tokens: Some(1), cached_tokens: Some(1), neurons: Some(0.5), ..Usage::default() };
        let json = serde_json::to_string(&usage).unwrap();
        assert_eq!(serde_json::from_str::<Usage>(&json).unwrap(), usage);
    }
}
