//! A list with a range of lengths.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{OutOfRange, length};

/// A list of `MIN` to `MAX` items, both included.
///
/// `usize::MAX` leaves the upper side open. Making one is infallible; a length outside the range is refused when the
/// request is built for sending.
///
/// ```
/// use workers_ai_client::{List, Text};
///
/// type Texts = List<Text<1, 1000>, 1, 100>;
///
/// let texts = Texts::from(["sea", "sky"]);
/// assert_eq!(texts.len(), 2);
/// assert!(Texts::from(Vec::<String>::new()).check().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct List<T, const MIN: usize = 0, const MAX: usize = { usize::MAX }>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// The least number of items accepted.
    ///
    /// ```
    /// use workers_ai_client::List;
    ///
    /// type Texts = List<String, 1, 100>;
    ///
    /// # let texts = vec!["sea"; 250];
    /// // As few calls as the range allows.
    /// let calls: Vec<Texts> = texts.chunks(Texts::MAX).map(Texts::from).collect();
    /// assert_eq!(calls.len(), 3);
    /// assert_eq!(Texts::MIN, 1);
    /// ```
    pub const MIN: usize = MIN;

    /// The greatest number of items accepted.
    pub const MAX: usize = MAX;

    /// The plain list.
    ///
    /// ```
    /// use workers_ai_client::List;
    ///
    /// let mut words: List<String, 1, 10> = ["sea"].into();
    /// words.push("sky");
    /// assert_eq!(words.into_vec(), ["sea", "sky"]);
    /// ```
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: impl Into<T>) {
        self.0.push(item.into());
    }

    /// Whether the length is inside the range, as sending will check it.
    ///
    /// ```
    /// use workers_ai_client::List;
    ///
    /// let empty = List::<String, 1, 100>::default();
    /// assert_eq!(empty.check().unwrap_err().to_string(), "list of 0 items is outside 1 to 100");
    /// ```
    ///
    /// # Errors
    ///
    /// Names the length and the range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let items = self.0.len();
        if items >= MIN && items <= MAX { Ok(()) } else { Err(length("list", "item", items, MIN, MAX)) }
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for List<T, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> Default for List<T, MIN, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, U: Into<T>, const MIN: usize, const MAX: usize> From<Vec<U>> for List<T, MIN, MAX> {
    fn from(items: Vec<U>) -> Self {
        items.into_iter().collect()
    }
}

impl<T, U: Into<T>, const N: usize, const MIN: usize, const MAX: usize> From<[U; N]> for List<T, MIN, MAX> {
    fn from(items: [U; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T, U: Clone + Into<T>, const MIN: usize, const MAX: usize> From<&[U]> for List<T, MIN, MAX> {
    fn from(items: &[U]) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T, U: Clone + Into<T>, const N: usize, const MIN: usize, const MAX: usize> From<&[U; N]> for List<T, MIN, MAX> {
    fn from(items: &[U; N]) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T, U: Clone + Into<T>, const MIN: usize, const MAX: usize> From<&Vec<U>> for List<T, MIN, MAX> {
    fn from(items: &Vec<U>) -> Self {
        items.iter().cloned().collect()
    }
}

impl<T, U: Into<T>, const MIN: usize, const MAX: usize> FromIterator<U> for List<T, MIN, MAX> {
    fn from_iter<I: IntoIterator<Item = U>>(items: I) -> Self {
        Self(items.into_iter().map(Into::into).collect())
    }
}

impl<T, U: Into<T>, const MIN: usize, const MAX: usize> Extend<U> for List<T, MIN, MAX> {
    fn extend<I: IntoIterator<Item = U>>(&mut self, items: I) {
        self.0.extend(items.into_iter().map(Into::into));
    }
}

impl<T, const MIN: usize, const MAX: usize> IntoIterator for List<T, MIN, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MIN: usize, const MAX: usize> IntoIterator for &'a List<T, MIN, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: fmt::Debug, const MIN: usize, const MAX: usize> fmt::Debug for List<T, MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Serialize, const MIN: usize, const MAX: usize> Serialize for List<T, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(ser::Error::custom)?;
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Deserialize<'de> for List<T, MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Self(Vec::deserialize(deserializer)?);
        list.check().map_err(de::Error::custom)?;
        Ok(list)
    }
}
