//! What a call used: tokens and neurons, in whichever shape the model reports them.

use serde::{Deserialize, Deserializer, Serialize};
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
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let count = |pointers: &[&str]| pointers.iter().find_map(|pointer| whole(value.pointer(pointer)?));
        Ok(Self {
            prompt_tokens: count(&["/prompt_tokens", "/input_tokens"]),
            completion_tokens: count(&["/completion_tokens", "/output_tokens"]),
            total_tokens: count(&["/total_tokens"]),
            cached_tokens: count(&[
                "/prompt_tokens_details/cached_tokens",
                "/input_tokens_details/cached_tokens",
                "/cached_tokens",
            ]),
            reasoning_tokens: count(&[
                "/completion_tokens_details/reasoning_tokens",
                "/output_tokens_details/reasoning_tokens",
                "/reasoning_tokens",
            ]),
            neurons: value.get("neurons").and_then(Value::as_f64),
        })
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
        let usage: Usage = serde_json::from_str("null").unwrap();
        assert_eq!(usage, Usage::default());
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
