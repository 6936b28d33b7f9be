//! `lit!`: literals whose range is checked while compiling.

use super::{Integer, Number, Text};

/// A literal on its way to a bounded type. [`lit!`](crate::lit) uses it; there is no other need for it.
///
/// Callers are tracked so that rustc points at the literal and shows nothing of what lies behind it.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Checked<T>(pub T);

impl Checked<f64> {
    /// The number as a bounded one; fails to compile when it is outside the range.
    #[must_use]
    #[track_caller]
    pub const fn check<const MIN: i64, const MAX: i64>(self) -> Number<MIN, MAX> {
        Number::literal(self.0)
    }
}

impl Checked<i64> {
    /// The number as a bounded one; fails to compile when it is outside the range.
    #[must_use]
    #[track_caller]
    pub const fn check<const MIN: i64, const MAX: i64>(self) -> Integer<MIN, MAX> {
        Integer::literal(self.0)
    }
}

impl Checked<&'static str> {
    /// The text as a bounded one; fails to compile when its length is outside the range.
    #[must_use]
    #[track_caller]
    pub const fn check<const MIN: usize, const MAX: usize>(self) -> Text<MIN, MAX> {
        Text::literal(self.0)
    }
}

/// A bounded value from a literal, checked while compiling.
///
/// Name the type and a literal outside its range is an error in `cargo check` already, and the error names the range:
///
/// ```
/// use workers_ai_client::{Integer, Number, Text, lit};
///
/// type Temperature = Number<0, 5000>;
///
/// let temperature = lit!(Temperature, 0.7);
/// let steps = lit!(Integer<1, 8>, 4);
/// let prompt = lit!(Text<1, 2048>, "a lighthouse in a storm");
/// # let _ = (temperature, steps, prompt);
/// ```
///
/// ```compile_fail
/// use workers_ai_client::{Number, lit};
///
/// let too_warm = lit!(Number<0, 5000>, 5.1);
/// ```
///
/// Where the type is known from its surroundings it can be left out. The check then happens in `cargo build`:
///
/// ```
/// use workers_ai_client::{Number, lit};
///
/// fn temperature(_: Number<0, 5000>) {}
///
/// temperature(lit!(0.7));
/// ```
#[macro_export]
macro_rules! lit {
    ($value:expr) => {
        const { $crate::Checked($value).check() }
    };
    ($type:ty, $value:expr) => {{
        const VALUE: $type = $crate::Checked($value).check();
        VALUE
    }};
}
