//! A whole number with a range.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    OutOfRange,
    sentence::{Sentence, least, most},
};

/// A whole number from `MIN` to `MAX`, both included.
///
/// `i64::MIN` and `i64::MAX` leave that side open. A value of this type is always inside its range: every way to make
/// one checks. For literals use [`lit!`](crate::lit), which checks while compiling.
///
/// ```
/// use workers_ai_client::{Integer, lit};
///
/// type TopK = Integer<1, 50>;
///
/// assert_eq!(lit!(TopK, 40).get(), 40);
/// assert_eq!(TopK::new(51).unwrap_err().to_string(), "51 is outside 1 to 50");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integer<const MIN: i64, const MAX: i64 = { i64::MAX }>(i64);

impl<const MIN: i64, const MAX: i64> Integer<MIN, MAX> {
    /// The least value accepted.
    ///
    /// ```
    /// use workers_ai_client::Integer;
    ///
    /// type TopK = Integer<1, 50>;
    ///
    /// // For a slider, say.
    /// assert_eq!(TopK::MIN..=TopK::MAX, 1..=50);
    /// ```
    pub const MIN: i64 = MIN;

    /// The greatest value accepted.
    pub const MAX: i64 = MAX;

    /// A number known at run time.
    ///
    /// ```
    /// use workers_ai_client::Integer;
    ///
    /// type TopK = Integer<1, 50>;
    ///
    /// let asked = 400;
    /// let top_k = TopK::new(asked.clamp(TopK::MIN, TopK::MAX))?;
    /// assert_eq!(top_k.get(), 50);
    /// # Ok::<(), workers_ai_client::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Names the value and the range when it is outside.
    pub fn new(value: i64) -> Result<Self, OutOfRange> {
        Self::try_from(value)
    }

    /// The plain number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// A literal. The caller is a constant, so a failed assertion is a compile error.
    #[track_caller]
    pub(super) const fn literal(value: i64) -> Self {
        let subject = Sentence::new("").number(value as i128, 0);
        assert!(Self::accepts(value), "{}", Sentence::outside(subject, least(MIN), most(MAX), 0).as_str());
        Self(value)
    }

    const fn accepts(value: i64) -> bool {
        value >= MIN && value <= MAX
    }

    fn refuse(value: impl fmt::Display) -> OutOfRange {
        OutOfRange::new(value, (MIN != i64::MIN).then_some(MIN), (MAX != i64::MAX).then_some(MAX))
    }
}

/// All whole numbers go through `i128`, so that one too large for `i64` is named as it was given.
impl<const MIN: i64, const MAX: i64> TryFrom<i128> for Integer<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(value: i128) -> Result<Self, OutOfRange> {
        match i64::try_from(value) {
            Ok(value) if Self::accepts(value) => Ok(Self(value)),
            _ => Err(Self::refuse(value)),
        }
    }
}

macro_rules! from_whole_numbers {
    ($($number:ty)*) => {$(
        impl<const MIN: i64, const MAX: i64> TryFrom<$number> for Integer<MIN, MAX> {
            type Error = OutOfRange;

            fn try_from(value: $number) -> Result<Self, OutOfRange> {
                Self::try_from(value as i128)
            }
        }
    )*};
}

from_whole_numbers!(i32 i64 u32 u64 usize);

impl<const MIN: i64, const MAX: i64> FromStr for Integer<MIN, MAX> {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        match text.trim().parse::<i128>() {
            Ok(value) => Self::try_from(value),
            Err(_) => Err(OutOfRange::other(format!("{text:?} is not a whole number"))),
        }
    }
}

impl<const MIN: i64, const MAX: i64> From<Integer<MIN, MAX>> for i64 {
    fn from(integer: Integer<MIN, MAX>) -> Self {
        integer.0
    }
}

impl<const MIN: i64, const MAX: i64> fmt::Display for Integer<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: i64, const MAX: i64> Serialize for Integer<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Integer<MIN, MAX> {
    /// Takes `4.0` for `4`: JSON knows one kind of number, and JavaScript clients write either.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(WholeNumber).and_then(|value| Self::try_from(value).map_err(de::Error::custom))
    }
}

struct WholeNumber;

impl de::Visitor<'_> for WholeNumber {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i128, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i128, E> {
        if value.fract() == 0.0 {
            Ok(value as i128)
        } else {
            Err(E::invalid_value(de::Unexpected::Float(value), &self))
        }
    }
}
