//! JSON handed on as it is written, to types that read theirs faster than serde could, and to those that first have to know
//! what it is meant to be.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, Visitor, value::BorrowedStrDeserializer},
};
use serde_json::{Error, Value};

use super::spans::{Field, Fields};

/// Under this name a type asks for its JSON as it is written, and is given it as borrowed bytes if this deserializer is asked.
/// Any other takes the type for a newtype around something.
pub(crate) const VERBATIM: &str = "$workers_ai_client::Verbatim";

/// A JSON text. Objects are taken apart without their values being read; everything else is serde_json's.
pub(crate) struct Verbatim<'de>(pub(crate) &'de [u8]);

impl<'de> Verbatim<'de> {
    /// Reads an object field by field, and whatever else by `other`.
    fn fields<V: Visitor<'de>>(
        self,
        visitor: V,
        other: impl FnOnce(&mut Text<'de>, V) -> Result<V::Value, Error>,
    ) -> Result<V::Value, Error> {
        match Fields::of(self.0) {
            Some(fields) => visitor.visit_map(Object { fields, value: None }),
            None => self.by_serde(|text| other(text, visitor)),
        }
    }

    fn by_serde<T>(self, read: impl FnOnce(&mut Text<'de>) -> Result<T, Error>) -> Result<T, Error> {
        let mut text = serde_json::Deserializer::from_slice(self.0);
        let value = read(&mut text)?;
        text.end().map(|()| value)
    }
}

type Text<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

macro_rules! by_serde {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.by_serde(|text| text.$method(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Verbatim<'de> {
    type Error = Error;

    by_serde! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_seq deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.fields(visitor, |text, visitor| text.deserialize_any(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.fields(visitor, |text, visitor| text.deserialize_map(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.fields(visitor, |text, visitor| text.deserialize_struct(name, fields, visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0 == b"null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == VERBATIM { visitor.visit_borrowed_bytes(self.0) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.by_serde(|text| text.deserialize_unit_struct(name, visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.by_serde(|text| text.deserialize_tuple(length, visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.by_serde(|text| text.deserialize_tuple_struct(name, length, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.by_serde(|text| text.deserialize_enum(name, variants, visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

struct Object<'de> {
    fields: Fields<'de>,
    value: Option<&'de [u8]>,
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let next = self.fields.next().map_err(|_| Error::custom("the object does not end where it should"))?;
        let Some((name, value)) = next else { return Ok(None) };
        self.value = Some(value);
        let name = std::str::from_utf8(name).map_err(Error::custom)?;
        if name.contains('\\') {
            // Nobody has been seen writing a name like that.
            return Err(Error::custom("a field's name has escapes"));
        }
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Verbatim(self.value.take().unwrap_or_default()))
    }
}

/// Reads a value with as little looking at it as its type allows. What cannot be read that way is read again by serde_json
/// alone, which has the last word, and the better ones for what is wrong.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    T::deserialize(Verbatim(json)).or_else(|_| serde_json::from_slice(json))
}

/// A JSON value before it is known what it is meant to be: as it is written where that can be had, else taken apart.
///
/// ```
/// use serde::{Deserialize, Deserializer};
/// use workers_ai_client::wire::{Arm, Held, choose};
///
/// #[derive(Debug, PartialEq)]
/// enum Answer {
///     Text(String),
///     Score(f64),
///     Unknown(serde_json::Value),
/// }
///
/// impl<'de> Deserialize<'de> for Answer {
///     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         let held = Held::deserialize(deserializer)?;
///         match choose(&held, &[Arm::Text, Arm::Number]) {
///             Some(0) => held.decode().map(Self::Text),
///             Some(1) => held.decode().map(Self::Score),
///             _ => held.decode().map(Self::Unknown),
///         }
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<Answer>("0.5")?, Answer::Score(0.5));
/// # assert_eq!(serde_json::from_str::<Answer>(r#""sea""#)?, Answer::Text("sea".to_owned()));
/// # assert_eq!(serde_json::from_str::<Answer>("null")?, Answer::Unknown(serde_json::Value::Null));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct Held<'de>(Form<'de>);

#[derive(Debug)]
pub(super) enum Form<'de> {
    /// An object as it is written, and its fields.
    Object(&'de [u8], Vec<Field<'de>>),
    /// Anything, taken apart.
    Value(Value),
}

impl<'de> Held<'de> {
    pub(super) fn form(&self) -> &Form<'de> {
        &self.0
    }

    /// Decodes the value, naming the path that does not fit.
    ///
    /// # Errors
    ///
    /// When the value is not of the type.
    pub fn decode<T: DeserializeOwned, E: serde::de::Error>(self) -> Result<T, E> {
        match self.0 {
            Form::Object(text, _) => read(text).map_err(E::custom),
            Form::Value(value) => super::decode(value),
        }
    }
}

impl<'de> Deserialize<'de> for Held<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Holding;

        impl<'de> Visitor<'de> for Holding {
            type Value = Held<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                Value::deserialize(deserializer).map(|value| Held(Form::Value(value)))
            }

            fn visit_borrowed_bytes<E: serde::de::Error>(self, text: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Held(match fields(text) {
                    Some(fields) => Form::Object(text, fields),
                    None => Form::Value(serde_json::from_slice(text).map_err(E::custom)?),
                }))
            }
        }

        deserializer.deserialize_newtype_struct(VERBATIM, Holding)
    }
}

fn fields(text: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Fields::of(text)?;
    let mut found = Vec::new();
    while let Some(field) = fields.next().ok()? {
        found.push(field);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Thing {
        name: String,
        #[serde(default)]
        numbers: Vec<f32>,
        inner: Option<Box<Thing>>,
        kind: Kind,
        #[serde(default)]
        other: Value,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Plain,
        Fancy(u8, bool),
    }

    /// What serde_json reads from a text is read from it here, error or not.
    #[track_caller]
    fn check<T: DeserializeOwned + PartialEq + fmt::Debug>(text: &str) {
        let expected = serde_json::from_str::<T>(text);
        let found = T::deserialize(Verbatim(text.as_bytes()));
        assert_eq!(found.as_ref().ok(), expected.as_ref().ok(), "{text}");
        assert_eq!(
            read::<T>(text.as_bytes()).map_err(|error| error.to_string()),
            expected.map_err(|error| error.to_string())
        );
    }

    #[test]
    fn what_serde_json_reads_is_read_alike() {
        check::<Thing>(
            r#"{"name":"a\n","numbers":[1,-2.5e0],"inner":{"name":"b","inner":null,"kind":"plain"},"kind":{"fancy":[7,true]},"other":{"a":[]}}"#,
        );
        check::<Thing>(r#" { "kind" : "plain" , "ignored" : [ { } ] , "name" : "" } "#);
        for text in ["7", "-7", "0.5", "null", "true", r#""sea""#, "[1,[2]]", r#"{"a":{"b":[1]},"c":"\u00e9"}"#, "{}"] {
            check::<Value>(text);
            check::<Option<u8>>(text);
            check::<BTreeMap<String, Value>>(text);
            check::<(u8, Vec<u8>)>(text);
            check::<String>(text);
        }
    }

    #[test]
    fn what_serde_json_refuses_is_refused_in_its_words() {
        check::<Thing>(r#"{"name":"a","kind":"none"}"#);
        check::<Thing>(r#"{"name":"a","kind":"plain","name":"b"}"#);
        check::<Thing>(r#"{"name":"a","kind":"plain"}x"#);
        check::<Thing>(r#"{"name":"a""#);
        check::<Thing>("[]");
    }

    #[test]
    fn objects_are_held_as_they_are_written_and_all_else_taken_apart() {
        let held = |text: &'static str| Held::deserialize(Verbatim(text.as_bytes())).map(|held| held.0);
        let object = r#"{"a": [1]}"#;
        assert!(
            matches!(held(object), Ok(Form::Object(text, fields)) if text == object.as_bytes() && fields == [(b"a".as_slice(), b"[1]".as_slice())])
        );
        assert!(matches!(held("[1]"), Ok(Form::Value(value)) if value == json!([1])));
        assert!(held("{").is_err() && held("[").is_err());
    }

    #[test]
    fn what_is_not_json_is_not_held() {
        let number: serde::de::value::U8Deserializer<Error> = serde::de::IntoDeserializer::into_deserializer(7_u8);
        let error = Held::deserialize(number).map(|held| held.0).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: integer `7`, expected JSON");
    }

    #[test]
    fn a_name_with_escapes_is_read_by_serde() {
        assert_eq!(read::<Value>(br#"{"n\u0061me":1}"#).ok(), Some(json!({"name": 1})));
    }
}
