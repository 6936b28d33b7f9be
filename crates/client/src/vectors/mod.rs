//! Vectors of numbers, as embeddings models answer them: all in one piece of memory.

mod decimal;

use std::{fmt, ops::Index};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
};

use crate::wire::VERBATIM;

/// Vectors of 32-bit numbers, one for each text that was embedded.
///
/// They lie one after the other in a single piece of memory, half as large as 64-bit numbers would make it, and can go
/// from there to an index or a matrix as a whole.
///
/// ```
/// use workers_ai_client::Vectors;
///
/// let vectors: Vectors = serde_json::from_str("[[0.6, 0.8], [1.0, 0.0]]")?;
/// let alike: f32 = vectors[0].iter().zip(&vectors[1]).map(|(left, right)| left * right).sum();
/// assert_eq!((vectors.len(), vectors.dimensions(), alike), (2, Some(2), 0.6));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Vectors {
    numbers: Vec<f32>,
    /// Where each vector ends.
    ends: Vec<usize>,
}

impl Vectors {
    /// How many vectors there are.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// assert_eq!(Vectors::from(vec![vec![0.6, 0.8], vec![1.0, 0.0]]).len(), 2);
    /// assert!(Vectors::default().is_empty());
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many numbers each vector has; `None` without vectors, or where they differ.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// assert_eq!(Vectors::from(vec![vec![0.5; 1024]; 3]).dimensions(), Some(1024));
    /// assert_eq!(Vectors::from(vec![vec![0.5], vec![]]).dimensions(), None);
    /// ```
    #[must_use]
    pub fn dimensions(&self) -> Option<usize> {
        let first = self.first()?.len();
        self.iter().all(|vector| vector.len() == first).then_some(first)
    }

    /// One vector.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// let vectors = Vectors::from(vec![vec![0.6, 0.8]]);
    /// assert_eq!(vectors.get(0), Some([0.6, 0.8].as_slice()));
    /// assert_eq!(vectors.get(1), None);
    /// ```
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.numbers.get(start..end)
    }

    /// The first vector, which is all that there is where one text was embedded.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// assert_eq!(Vectors::from(vec![vec![0.6, 0.8]]).first(), Some([0.6, 0.8].as_slice()));
    /// ```
    #[must_use]
    pub fn first(&self) -> Option<&[f32]> {
        self.get(0)
    }

    /// The vectors in their order.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// let vectors = Vectors::from(vec![vec![3.0, 4.0], vec![0.0, 1.0]]);
    /// let lengths: Vec<f32> = vectors.iter().map(|vector| vector.iter().map(|x| x * x).sum::<f32>().sqrt()).collect();
    /// assert_eq!(lengths, [5.0, 1.0]);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f32]> + DoubleEndedIterator {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }

    /// The numbers of all vectors, one vector after the other.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// assert_eq!(Vectors::from(vec![vec![0.6, 0.8], vec![1.0, 0.0]]).as_numbers(), [0.6, 0.8, 1.0, 0.0]);
    /// ```
    #[must_use]
    pub fn as_numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// The same, to keep: nothing is copied.
    ///
    /// ```
    /// use workers_ai_client::Vectors;
    ///
    /// let matrix: Vec<f32> = Vectors::from(vec![vec![0.6, 0.8], vec![1.0, 0.0]]).into_numbers();
    /// assert_eq!(matrix.len(), 4);
    /// ```
    #[must_use]
    pub fn into_numbers(self) -> Vec<f32> {
        self.numbers
    }

    /// Reads the usual form, a list of lists of numbers, where it lies; `None` when it is anything else.
    fn read(text: &[u8]) -> Option<Self> {
        // Between any two numbers there is a comma, wherever a vector ends.
        let numbers = memchr::memchr_iter(b',', text).count().checked_add(1)?;
        let mut vectors = Self { numbers: Vec::with_capacity(numbers), ends: Vec::new() };
        let mut rest = after(text, b'[')?;
        if let Some(rest) = after(rest, b']') {
            return rest.is_empty().then(Self::default);
        }
        loop {
            rest = vectors.read_one(after(rest, b'[')?)?;
            vectors.ends.push(vectors.numbers.len());
            match after(rest, b',') {
                Some(next) => rest = next,
                None => return after(rest, b']')?.is_empty().then_some(vectors),
            }
        }
    }

    /// Reads the numbers of one vector; what follows it.
    fn read_one<'a>(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        if let Some(rest) = after(rest, b']') {
            return Some(rest);
        }
        loop {
            let (number, next) = decimal::read(rest)?;
            self.numbers.push(number);
            match next.split_first()? {
                (b',', next) => rest = next.trim_ascii_start(),
                (b']', next) => return Some(next.trim_ascii_start()),
                _ => {
                    let next = next.trim_ascii_start();
                    match after(next, b',') {
                        Some(next) => rest = next,
                        None => return after(next, b']'),
                    }
                }
            }
        }
    }
}

/// What follows a mark, blanks aside.
fn after(text: &[u8], mark: u8) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    (*first == mark).then(|| rest.trim_ascii_start())
}

/// A vector that is not there is a mistake of the program, as with any list; [`get`](Vectors::get) asks.
impl Index<usize> for Vectors {
    type Output = [f32];

    #[expect(clippy::panic, reason = "as every list does")]
    fn index(&self, index: usize) -> &[f32] {
        match self.get(index) {
            Some(vector) => vector,
            None => panic!("there are {} vectors, and none at {index}", self.len()),
        }
    }
}

impl fmt::Debug for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The same vectors in the same order, whatever holds them.
impl<V: AsRef<[f32]>> PartialEq<[V]> for Vectors {
    fn eq(&self, other: &[V]) -> bool {
        self.iter().eq(other.iter().map(V::as_ref))
    }
}

impl<V: AsRef<[f32]>, const N: usize> PartialEq<[V; N]> for Vectors {
    fn eq(&self, other: &[V; N]) -> bool {
        *self == other[..]
    }
}

impl<V: AsRef<[f32]>> PartialEq<Vec<V>> for Vectors {
    fn eq(&self, other: &Vec<V>) -> bool {
        *self == other[..]
    }
}

impl From<Vec<Vec<f32>>> for Vectors {
    fn from(rows: Vec<Vec<f32>>) -> Self {
        let mut vectors = Self::default();
        vectors.extend(rows);
        vectors
    }
}

impl From<Vectors> for Vec<Vec<f32>> {
    fn from(vectors: Vectors) -> Self {
        vectors.iter().map(<[f32]>::to_vec).collect()
    }
}

impl<V: AsRef<[f32]>> Extend<V> for Vectors {
    fn extend<I: IntoIterator<Item = V>>(&mut self, more: I) {
        for vector in more {
            self.numbers.extend_from_slice(vector.as_ref());
            self.ends.push(self.numbers.len());
        }
    }
}

impl<V: AsRef<[f32]>> FromIterator<V> for Vectors {
    fn from_iter<I: IntoIterator<Item = V>>(vectors: I) -> Self {
        let mut all = Self::default();
        all.extend(vectors);
        all
    }
}

impl Serialize for Vectors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Vectors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(VERBATIM, Lists)
    }
}

/// Reads JSON as it is written where that can be had, and any list of lists elsewhere.
struct Lists;

impl<'de> Visitor<'de> for Lists {
    type Value = Vectors;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of vectors")
    }

    fn visit_borrowed_bytes<E: serde::de::Error>(self, text: &'de [u8]) -> Result<Vectors, E> {
        match Vectors::read(text) {
            Some(vectors) => Ok(vectors),
            None => serde_json::from_slice(text).map_err(E::custom),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vectors, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lists: A) -> Result<Vectors, A::Error> {
        let mut vectors = Vectors::default();
        while lists.next_element_seed(List(&mut vectors))?.is_some() {}
        Ok(vectors)
    }
}

/// Reads one vector to the end of the others.
struct List<'a>(&'a mut Vectors);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(number) = list.next_element()? {
            self.0.numbers.push(number);
        }
        self.0.ends.push(self.0.numbers.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use crate::wire;

    /// Both ways of reading give what lists of lists would.
    #[track_caller]
    fn check(json: &str) {
        let expected = serde_json::from_str::<Vec<Vec<f32>>>(json).ok();
        let by_serde = serde_json::from_str::<Vectors>(json).ok();
        let verbatim = wire::read::<Vectors>(json.as_bytes()).ok();
        assert_eq!(by_serde.map(Vec::from), expected, "{json}");
        assert_eq!(verbatim.map(Vec::from), expected, "{json}");
    }

    #[test]
    fn vectors_equal_any_list_of_the_same_numbers() {
        let vectors: Vectors = serde_json::from_str("[[0.25, -1], [2]]").unwrap();
        let lists = vec![vec![0.25, -1.0], vec![2.0]];
        assert_eq!(vectors, lists);
        assert_eq!(vectors, *lists.as_slice());
        assert_ne!(vectors, [[0.25, -1.0]]);
        assert_ne!(vectors, [[0.25, -1.0], [2.0, 0.0]]);
    }

    #[test]
    fn lists_of_lists_are_read_however_they_are_written() {
        for json in [
            "[]",
            "[[]]",
            "[[],[]]",
            "[[0.25]]",
            "[[0.25,-1],[2e3]]",
            " [ [ 1 , 2 ] ,\n [ 3.5\t] , [ ] ] ",
            "[[1,2],[3]]",
        ] {
            check(json);
        }
        assert!(Vectors::read(b"[[1,2],[3]]").is_some());
    }

    #[test]
    fn anything_else_is_refused_as_lists_would_refuse_it() {
        for json in [
            "",
            "7",
            "[1]",
            "[[1,]]",
            "[[1],]",
            "[[1]",
            "[[1]]]",
            "[[null]]",
            "[[\"1\"]]",
            "[[01]]",
            "[[1.]]",
            "[[1 2]]",
            "[[]1]",
        ] {
            check(json);
        }
        let error = serde_json::from_str::<Vectors>("[[1],[true]]").unwrap_err();
        assert!(error.to_string().starts_with("invalid type: boolean `true`, expected f32"), "{error}");
    }

    #[test]
    fn what_was_read_is_written_again() {
        let vectors: Vectors = serde_json::from_str("[[0.5,1.0],[],[2.0]]").unwrap();
        assert_eq!(serde_json::to_string(&vectors).unwrap(), "[[0.5,1.0],[],[2.0]]");
        assert_eq!(serde_json::from_value::<Vectors>(serde_json::to_value(&vectors).unwrap()).unwrap(), vectors);
        assert_eq!(format!("{vectors:?}"), "[[0.5, 1.0], [], [2.0]]");
        assert_eq!(vectors.iter().collect::<Vectors>(), vectors);
    }

    #[test]
    fn numbers_take_no_more_room_than_they_need() {
        let json = serde_json::to_string(&vec![vec![0.123_456_f32; 1000]; 7]).unwrap();
        let vectors = wire::read::<Vectors>(json.as_bytes()).unwrap();
        assert_eq!((vectors.len(), vectors.dimensions()), (7, Some(1000)));
        assert_eq!(vectors.numbers.capacity(), 7000);
    }
}
