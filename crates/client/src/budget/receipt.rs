//! What a reply says it used, found in passing: nothing is held back, and little is kept.

use memchr::memmem;
use serde::Deserialize;

use super::Work;
use crate::{Info, Usage};

/// Models say what they used at the end. This much of it is looked at.
const END: usize = 16 << 10;

/// A line of a stream that is longer carries a picture, not a count.
const LONGEST_LINE: usize = 256 << 10;

/// Reads along.
pub(super) struct Receipt {
    is_stream: bool,
    /// The end of the reply so far; of a stream, the line under way.
    buffer: Vec<u8>,
    /// What chunks with a piece of the answer said, taken together.
    pieces: Usage,
    /// What a chunk without any said: that is the whole.
    total: Option<Usage>,
}

impl Receipt {
    pub(super) fn of(content_type: &str) -> Self {
        let is_stream = content_type.trim_ascii_start().to_ascii_lowercase().starts_with("text/event-stream");
        Self { is_stream, buffer: Vec::new(), pieces: Usage::default(), total: None }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if !self.is_stream {
            // Room for twice the end, so that it is moved seldom.
            self.buffer.extend_from_slice(bytes.get(bytes.len().saturating_sub(END)..).unwrap_or_default());
            if self.buffer.len() > 2 * END {
                self.buffer.drain(..self.buffer.len() - END);
            }
            return;
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.buffer.len() < LONGEST_LINE {
                self.buffer.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                self.line();
            }
        }
    }

    /// What was charged: as the reply says, or by tokens and prices; `None` when the reply says nothing.
    pub(super) fn neurons(&mut self, info: Option<&Info>, work: &Work) -> Option<f64> {
        let usage = if self.is_stream {
            self.line();
            self.total.take().or_else(|| Some(std::mem::take(&mut self.pieces)).filter(says_something))
        } else {
            // A refusal in a reply of status 200 is free, like any other.
            if memmem::find(&self.buffer, b"\"success\":false").is_some() {
                return Some(0.0);
            }
            usage(&self.buffer)
        }?;
        usage.neurons.filter(|neurons| neurons.is_finite()).or_else(|| {
            let used = Work {
                input_tokens: usage.prompt_tokens.or(usage.total_tokens)?,
                cached_tokens: usage.cached_tokens.unwrap_or_default(),
                output_tokens: usage.completion_tokens.unwrap_or_default(),
                ..*work
            };
            info?.neurons(&used)
        })
    }

    fn line(&mut self) {
        let line = std::mem::take(&mut self.buffer);
        let Some(usage) = usage(&line) else { return };
        let has = |text: &str| memmem::find(&line, text.as_bytes()).is_some();
        if has("\"choices\":[{") || has("\"choices\": [{") {
            self.add(usage);
        } else {
            self.total = Some(usage);
        }
    }

    /// Chunks count what is theirs, and only the first has the prompt. Should a later one have it too, each tells the whole.
    fn add(&mut self, usage: Usage) {
        if usage.prompt_tokens.is_some_and(|tokens| tokens > 0) {
            self.pieces = usage;
            return;
        }
        if let Some(more) = usage.completion_tokens {
            self.pieces.completion_tokens =
                Some(self.pieces.completion_tokens.unwrap_or_default().saturating_add(more));
        }
        if let Some(more) = usage.neurons {
            self.pieces.neurons = Some(self.pieces.neurons.unwrap_or_default() + more);
        }
    }
}

/// The last `usage` in JSON text that may lack its beginning. In a text inside JSON the quotes would be escaped.
fn usage(json: &[u8]) -> Option<Usage> {
    let after = memmem::rfind(json, b"\"usage\"")? + b"\"usage\"".len();
    let value = json.get(after..)?.trim_ascii_start().strip_prefix(b":")?;
    let mut values = serde_json::Deserializer::from_slice(value);
    Usage::deserialize(&mut values).ok().filter(says_something)
}

fn says_something(usage: &Usage) -> bool {
    *usage != Usage::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Price;

    const INFO: Info = Info {
        prices: &[
            Price { unit: "per_M_input_tokens", usd: 0.0, neurons: Some(1e6) },
            Price { unit: "per_M_output_tokens", usd: 0.0, neurons: Some(2e6) },
        ],
        ..Info::new("@cf/a/b", "Text Generation", "2026-11")
    };

    /// In one piece, and byte by byte.
    #[track_caller]
    fn check(content_type: &str, body: &str, expected: Option<f64>) {
        for size in [body.len().max(1), 1] {
            let mut receipt = Receipt::of(content_type);
            body.as_bytes().chunks(size).for_each(|piece| receipt.push(piece));
            let found = receipt.neurons(Some(&INFO), &Work::default());
            let near =
                found.zip(expected).map_or(found == expected, |(found, expected)| (found - expected).abs() < 1e-9);
            assert!(near, "{found:?}, not {expected:?}, by {size}");
        }
    }

    const JSON: &str = "application/json";
    const EVENTS: &str = "text/event-stream; charset=utf-8";

    #[test]
    fn replies_in_one_piece() {
        check(
            JSON,
            r#"{"result":{"response":"a","usage":{"prompt_tokens":3,"completion_tokens":2,"neurons":0.5}},"success":true}"#,
            Some(0.5),
        );
        check(
            JSON,
            r#"{"result":{"response":"a","usage":{"prompt_tokens":3,"completion_tokens":2}},"success":true}"#,
            Some(7.0),
        );
        check(JSON, r#"{"result":{"response":"say \"usage\": {\"neurons\": 9}"},"success":true}"#, None);
        check(JSON, r#"{"result":{},"success":false,"errors":[{"code":3030}]}"#, Some(0.0));
        let long = format!(r#"{{"data":[{}0],"usage":{{"total_tokens":4}}}}"#, "0,".repeat(40_000));
        check(JSON, &long, Some(4.0));
        check("audio/mpeg", "\"usage\"", None);
    }

    #[test]
    fn cached_tokens_have_their_own_price() {
        const CACHING: Info = Info {
            prices: &[
                Price { unit: "per_M_input_tokens", usd: 0.0, neurons: Some(1e6) },
                Price { unit: "per_M_cached_input_tokens", usd: 0.0, neurons: Some(0.5e6) },
            ],
            ..INFO
        };
        let mut receipt = Receipt::of(JSON);
        receipt.push(br#"{"usage":{"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}}"#);
        assert_eq!(receipt.neurons(Some(&CACHING), &Work::default()), Some(8.0));
    }

    #[test]
    fn the_trailer_of_a_stream_tells_the_whole() {
        check(
            EVENTS,
            "data: {\"response\":\"a\",\"p\":\"x\"}\n\ndata: {\"response\":\"\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
            Some(7.0),
        );
    }

    const INCREMENTS: &str = concat!(
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":0,\"neurons\":0.1}}\n\n",
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":1,\"neurons\":0.2}}\n\n",
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":1,\"neurons\":0.2}}\n\n",
    );

    #[test]
    fn increments_are_never_added_to_the_trailer() {
        check(EVENTS, INCREMENTS, Some(0.5));
        let whole = "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"neurons\":0.6}}\n\ndata: [DONE]";
        check(EVENTS, &format!("{INCREMENTS}data: {{\"choices\":[]}}\n\n{whole}"), Some(0.6));
    }

    #[test]
    fn chunks_that_each_tell_the_whole_are_not_added() {
        let chunk = |tokens| {
            format!(
                "data: {{\"choices\":[{{\"delta\":{{}}}}],\"usage\":{{\"prompt_tokens\":5,\"completion_tokens\":{tokens}}}}}\n\n"
            )
        };
        check(EVENTS, &[chunk(1), chunk(2), chunk(3)].concat(), Some(11.0));
    }

    #[test]
    fn a_count_that_says_nothing_counts_nothing() {
        check(EVENTS, &format!("{INCREMENTS}data: {{\"choices\":[],\"usage\":{{}}}}\n\n"), Some(0.5));
        check(JSON, r#"{"result":{},"usage":{}}"#, None);
    }

    #[test]
    fn little_of_a_long_reply_is_kept() {
        let mut file = Receipt::of("audio/mpeg");
        for _ in 0..100 {
            file.push(&[0; 1000]);
            assert!(file.buffer.len() <= 2 * END);
        }
        // Room for twice the end is used, so that it is not moved with every piece.
        assert!(file.buffer.len() > END);
        let mut line = Receipt::of(EVENTS);
        for _ in 0..1000 {
            line.push(&[b'a'; 1000]);
        }
        assert!((LONGEST_LINE..LONGEST_LINE + 1000).contains(&line.buffer.len()));
    }
}
