//! What a call used: tokens and neurons, in whichever shape the model reports them.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

use crate::fields::{self, Members, Slot};

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
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the request.
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    pub completion_tokens: Option<u64>,
    /// Both together.
    pub total_tokens: Option<u64>,
    /// How many of the request's tokens came from the prefix cache.
    pub cached_tokens: Option<u64>,
    /// How many of the answer's tokens were thinking.
    pub reasoning_tokens: Option<u64>,
    /// Neurons billed.
    pub neurons: Option<f64>,
}

impl Serialize for Usage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens, neurons } = self;
        fields::write_as(
            serializer,
            "Usage",
            &["prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens", "reasoning_tokens", "neurons"],
            &[prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens, neurons],
        )
    }
}

impl<'de> Deserialize<'de> for Usage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tolerant(found) = Tolerant::<Found>::deserialize(deserializer)?;
        let (prompt, completion) = (found.prompt_tokens_details.0, found.completion_tokens_details.0);
        let (input, output) = (found.input_tokens_details.0, found.output_tokens_details.0);
        Ok(Self {
            prompt_tokens: found.prompt_tokens.whole().or_else(|| found.input_tokens.whole()),
            completion_tokens: found.completion_tokens.whole().or_else(|| found.output_tokens.whole()),
            total_tokens: found.total_tokens.whole(),
            cached_tokens: [prompt.cached_tokens, input.cached_tokens, found.cached_tokens]
                .iter()
                .find_map(Tolerant::whole),
            reasoning_tokens: [completion.reasoning_tokens, output.reasoning_tokens, found.reasoning_tokens]
                .iter()
                .find_map(Tolerant::whole),
            neurons: found.neurons.0.float(),
        })
    }
}

/// The names of both vocabularies.
#[derive(Default)]
struct Found {
    prompt_tokens: Tolerant<Figure>,
    input_tokens: Tolerant<Figure>,
    completion_tokens: Tolerant<Figure>,
    output_tokens: Tolerant<Figure>,
    total_tokens: Tolerant<Figure>,
    cached_tokens: Tolerant<Figure>,
    reasoning_tokens: Tolerant<Figure>,
    prompt_tokens_details: Tolerant<Details>,
    input_tokens_details: Tolerant<Details>,
    completion_tokens_details: Tolerant<Details>,
    output_tokens_details: Tolerant<Details>,
    neurons: Tolerant<Figure>,
}

impl<'de> Members<'de> for Found {
    const NAME: &'static str = "usage";
    const CLOSED: bool = false;
    const FIELDS: &'static [&'static str] = &[
        "prompt_tokens",
        "input_tokens",
        "completion_tokens",
        "output_tokens",
        "total_tokens",
        "cached_tokens",
        "reasoning_tokens",
        "prompt_tokens_details",
        "input_tokens_details",
        "completion_tokens_details",
        "output_tokens_details",
        "neurons",
    ];

    fn members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut found = Self::default();
        fields::fill::<Self, A>(
            &mut members,
            &mut [
                &mut found.prompt_tokens,
                &mut found.input_tokens,
                &mut found.completion_tokens,
                &mut found.output_tokens,
                &mut found.total_tokens,
                &mut found.cached_tokens,
                &mut found.reasoning_tokens,
                &mut found.prompt_tokens_details,
                &mut found.input_tokens_details,
                &mut found.completion_tokens_details,
                &mut found.output_tokens_details,
                &mut found.neurons,
            ],
        )?;
        Ok(found)
    }
}

#[derive(Default)]
struct Details {
    cached_tokens: Tolerant<Figure>,
    reasoning_tokens: Tolerant<Figure>,
}

impl<'de> Members<'de> for Details {
    const NAME: &'static str = "usage";
    const CLOSED: bool = false;
    const FIELDS: &'static [&'static str] = &["cached_tokens", "reasoning_tokens"];

    fn members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut found = Self::default();
        fields::fill::<Self, A>(&mut members, &mut [&mut found.cached_tokens, &mut found.reasoning_tokens])?;
        Ok(found)
    }
}

#[derive(Default)]
enum Figure {
    #[default]
    Missing,
    Whole(u64),
    Float(f64),
}

impl Figure {
    fn float(&self) -> Option<f64> {
        match self {
            Self::Missing => None,
            #[expect(clippy::cast_precision_loss, reason = "nobody uses 2^53 neurons")]
            Self::Whole(figure) => Some(*figure as f64),
            Self::Float(figure) => Some(*figure),
        }
    }
}

impl Tolerant<Figure> {
    /// Some models write whole numbers as `16.0`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only what is whole and no less than 0"
    )]
    fn whole(&self) -> Option<u64> {
        match self.0 {
            Figure::Missing => None,
            Figure::Whole(count) => Some(count),
            Figure::Float(count) => (count >= 0.0 && count.fract() == 0.0).then_some(count as u64),
        }
    }
}

/// Reads something; where something else stands there is nothing, which is no error.
#[derive(Default)]
struct Tolerant<T>(T);

/// What can be read tolerantly: each kind of JSON that means something to it.
trait Read: Default {
    fn whole(_: u64) -> Self {
        Self::default()
    }

    fn float(_: f64) -> Self {
        Self::default()
    }

    fn object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

impl Read for Figure {
    fn whole(figure: u64) -> Self {
        Self::Whole(figure)
    }

    fn float(figure: f64) -> Self {
        Self::Float(figure)
    }

    /// With serde_json's `arbitrary_precision`, which any crate of a program can turn on, numbers arrive as objects.
    fn object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(match (value.as_u64(), value.as_f64()) {
            (Some(figure), _) => Self::Whole(figure),
            (None, Some(figure)) => Self::Float(figure),
            (None, None) => Self::Missing,
        })
    }
}

impl Read for Found {
    fn object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Self::members(map)
    }
}

impl Read for Details {
    fn object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Self::members(map)
    }
}

impl<'de, T: Read> Deserialize<'de> for Tolerant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading(PhantomData)).map(Self)
    }
}

impl<'de, A: MapAccess<'de>, T: Read> Slot<'de, A> for Tolerant<T> {
    fn read(&mut self, members: &mut A) -> Result<(), A::Error> {
        *self = members.next_value()?;
        Ok(())
    }
}

struct Reading<T>(PhantomData<T>);

impl<'de, T: Read> Visitor<'de> for Reading<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("usage")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::object(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    /// What is less than 0 counts nothing.
    fn visit_i64<E>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_u64<E>(self, figure: u64) -> Result<T, E> {
        Ok(T::whole(figure))
    }

    fn visit_f64<E>(self, figure: f64) -> Result<T, E> {
        Ok(T::float(figure))
    }

    fn visit_str<E>(self, _: &str) -> Result<T, E> {
        Ok(T::default())
    }
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
        let usage: Usage =
            serde_json::from_str(r#"{"prompt_tokens":1.5,"completion_tokens":-1.0,"total_tokens":-1.5}"#).unwrap();
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
