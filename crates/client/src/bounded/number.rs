//! A floating-point number with a range, written in thousandths.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    OutOfRange,
    sentence::{Sentence, least, most},
};

/// A finite number from `MIN_MILLI` to `MAX_MILLI` thousandths, both included.
///
/// `i64::MIN` and `i64::MAX` leave that side open. A value of this type is always inside its range: every way to make
/// one checks. For literals use [`lit!`](crate::lit), which checks while compiling.
///
/// ```
/// use workers_ai_client::{Number, lit};
///
/// type Temperature = Number<0, 5000>;
///
/// const WARM: Temperature = lit!(Temperature, 0.7);
/// assert_eq!(WARM.get(), 0.7);
/// assert_eq!("0.7".parse::<Temperature>()?, WARM);
/// assert!(Temperature::new(5.001).is_err());
/// # Ok::<(), workers_ai_client::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number<const MIN_MILLI: i64, const MAX_MILLI: i64 = { i64::MAX }>(f64);

impl<const MIN_MILLI: i64, const MAX_MILLI: i64> Number<MIN_MILLI, MAX_MILLI> {
    /// The least value accepted, or negative infinity.
    ///
    /// ```
    /// use workers_ai_client::Number;
    ///
    /// type Temperature = Number<0, 5000>;
    ///
    /// assert_eq!((Temperature::MIN, Temperature::MAX), (0.0, 5.0));
    /// assert_eq!(Number::<0>::MAX, f64::INFINITY);
    /// ```
    pub const MIN: f64 = if MIN_MILLI == i64::MIN { f64::NEG_INFINITY } else { from_milli(MIN_MILLI) };

    /// The greatest value accepted, or infinity.
    pub const MAX: f64 = if MAX_MILLI == i64::MAX { f64::INFINITY } else { from_milli(MAX_MILLI) };

    /// A number known at run time.
    ///
    /// ```
    /// use workers_ai_client::Number;
    ///
    /// type Temperature = Number<0, 5000>;
    ///
    /// assert_eq!(Temperature::new(0.7)?.get(), 0.7);
    /// assert!(Temperature::new(f64::NAN).is_err());
    /// # Ok::<(), workers_ai_client::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Names the value and the range when it is outside.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        Self::try_from(value)
    }

    /// The plain number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// A literal. The caller is a constant, so a failed assertion is a compile error.
    #[track_caller]
    pub(super) const fn literal(value: f64) -> Self {
        assert!(Self::accepts(value), "{}", Self::OUTSIDE.as_str());
        Self(value)
    }

    /// What a literal is told. (Its digits cannot be written while compiling; rustc points at them.)
    const OUTSIDE: Sentence = Sentence::outside(Sentence::new("this literal"), least(MIN_MILLI), most(MAX_MILLI), 3);

    const fn accepts(value: f64) -> bool {
        value.is_finite() && value >= Self::MIN && value <= Self::MAX
    }

    fn refuse(value: f64) -> OutOfRange {
        if value.is_finite() {
            OutOfRange::new(
                value,
                Self::MIN.is_finite().then_some(Self::MIN),
                Self::MAX.is_finite().then_some(Self::MAX),
            )
        } else {
            OutOfRange::other(format!("{value} is not a finite number"))
        }
    }
}

/// Division rounds to the float nearest the true quotient, which is the very float that the literal `0.001` denotes. So
/// comparing with it is exact for every value somebody can write, where multiplying the value by 1000 would not be.
const fn from_milli(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

impl<const MIN: i64, const MAX: i64> TryFrom<f64> for Number<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        if Self::accepts(value) { Ok(Self(value)) } else { Err(Self::refuse(value)) }
    }
}

impl<const MIN: i64, const MAX: i64> TryFrom<f32> for Number<MIN, MAX> {
    type Error = OutOfRange;

    /// Keeps the decimal meaning: `0.1_f32` becomes `0.1`, not `0.10000000149011612`.
    fn try_from(value: f32) -> Result<Self, OutOfRange> {
        match value.to_string().parse::<f64>() {
            Ok(exact) => Self::try_from(exact),
            Err(_) => Self::try_from(f64::from(value)),
        }
    }
}

impl<const MIN: i64, const MAX: i64> TryFrom<i32> for Number<MIN, MAX> {
    type Error = OutOfRange;

    fn try_from(value: i32) -> Result<Self, OutOfRange> {
        Self::try_from(f64::from(value))
    }
}

impl<const MIN: i64, const MAX: i64> FromStr for Number<MIN, MAX> {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        match text.trim().parse::<f64>() {
            Ok(value) => Self::try_from(value),
            Err(_) => Err(OutOfRange::other(format!("{text:?} is not a number"))),
        }
    }
}

impl<const MIN: i64, const MAX: i64> From<Number<MIN, MAX>> for f64 {
    fn from(number: Number<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> fmt::Display for Number<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: i64, const MAX: i64> Serialize for Number<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Number<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(f64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
