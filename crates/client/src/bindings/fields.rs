//! The JSON of structs that the macros write, in as little code for each struct as will do: what serde derives is by far the
//! greater part of what the compiler has to check otherwise.

use std::{fmt, marker::PhantomData};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A struct that is made of the members of an object.
pub trait Members<'de>: Sized {
    /// What it is called.
    const NAME: &'static str;

    /// Whether an object with other members is refused.
    const CLOSED: bool;

    /// What the wire calls the members.
    const FIELDS: &'static [&'static str];

    /// Reads the members.
    ///
    /// # Errors
    ///
    /// Where one is missing or not of its type.
    fn members<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

/// Reads a struct of an object.
///
/// # Errors
///
/// Where there is none, and those of its members.
pub fn read<'de, T: Members<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Members<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "struct {}", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::members(members)
        }
    }

    deserializer.deserialize_map(Object(PhantomData))
}

/// The name of a member: the field's, unless the wire has another.
#[must_use]
pub const fn name(field: &'static str, renamed: &[&'static str]) -> &'static str {
    match renamed {
        [name, ..] => name,
        [] => field,
    }
}

/// Where a member goes that is read from `A`.
pub trait Slot<'de, A: MapAccess<'de>> {
    /// Reads the member.
    ///
    /// # Errors
    ///
    /// When it is of another type.
    fn read(&mut self, members: &mut A) -> Result<(), A::Error>;
}

/// A member that has to be there.
#[derive(Debug)]
pub struct Needed<T>(Option<T>);

impl<T> Needed<T> {
    /// Before anything was read.
    pub const NOTHING: Self = Self(None);

    /// What was read.
    ///
    /// # Errors
    ///
    /// When nothing was.
    pub fn found<E: de::Error>(self, name: &'static str) -> Result<T, E> {
        self.0.ok_or_else(|| E::missing_field(name))
    }
}

impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Slot<'de, A> for Needed<T> {
    fn read(&mut self, members: &mut A) -> Result<(), A::Error> {
        self.0 = Some(members.next_value()?);
        Ok(())
    }
}

/// A member that may be null.
impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Slot<'de, A> for Option<T> {
    fn read(&mut self, members: &mut A) -> Result<(), A::Error> {
        *self = members.next_value()?;
        Ok(())
    }
}

/// A member that is empty where it is null or absent.
#[derive(Debug, Default)]
pub struct Empty<T>(T);

impl<T> Empty<T> {
    /// What was read.
    pub fn taken(self) -> T {
        self.0
    }
}

impl<'de, A: MapAccess<'de>, T: Deserialize<'de> + Default> Slot<'de, A> for Empty<T> {
    fn read(&mut self, members: &mut A) -> Result<(), A::Error> {
        self.0 = members.next_value::<Option<T>>()?.unwrap_or_default();
        Ok(())
    }
}

/// Reads every member into its slot; they are in the order of [`Members::FIELDS`].
///
/// # Errors
///
/// When a member is of another type, or there is no field for it and there has to be one.
pub fn fill<'de, T: Members<'de>, A: MapAccess<'de>>(
    members: &mut A,
    slots: &mut [&mut dyn Slot<'de, A>],
) -> Result<(), A::Error> {
    while let Some(name) = members.next_key::<String>()? {
        let slot = T::FIELDS.iter().zip(&mut *slots).find(|(field, _)| **field == name);
        match slot {
            Some((_, slot)) => slot.read(members)?,
            None if T::CLOSED => return Err(de::Error::unknown_field(&name, T::FIELDS)),
            None => drop(members.next_value::<IgnoredAny>()?),
        }
    }
    Ok(())
}

/// A member that is written to `S`.
pub trait Sent<S: SerializeStruct> {
    /// Writes the member, if there is one.
    ///
    /// # Errors
    ///
    /// Those of the value.
    fn write(&self, members: &mut S, name: &'static str) -> Result<(), S::Error>;
}

/// A member that is always there.
#[derive(Debug)]
pub struct Always<'a, T>(pub &'a T);

impl<S: SerializeStruct, T: Serialize> Sent<S> for Always<'_, T> {
    fn write(&self, members: &mut S, name: &'static str) -> Result<(), S::Error> {
        members.serialize_field(name, self.0)
    }
}

impl<S: SerializeStruct, T: Serialize> Sent<S> for Option<T> {
    fn write(&self, members: &mut S, name: &'static str) -> Result<(), S::Error> {
        match self {
            Some(value) => members.serialize_field(name, value),
            None => members.skip_field(name),
        }
    }
}

/// What is no member of the JSON.
#[derive(Debug)]
pub struct Beside;

impl<S: SerializeStruct> Sent<S> for Beside {
    fn write(&self, _members: &mut S, _name: &'static str) -> Result<(), S::Error> {
        Ok(())
    }
}

/// Writes every member; they are in the order of [`Members::FIELDS`].
///
/// # Errors
///
/// Those of the values.
pub fn write<'de, T: Members<'de>, S: Serializer>(
    serializer: S,
    values: &[&dyn Sent<S::SerializeStruct>],
) -> Result<S::Ok, S::Error> {
    write_as(serializer, T::NAME, T::FIELDS, values)
}

/// Writes members under these names, in their order.
///
/// # Errors
///
/// Those of the values.
pub fn write_as<S: Serializer>(
    serializer: S,
    name: &'static str,
    fields: &[&'static str],
    values: &[&dyn Sent<S::SerializeStruct>],
) -> Result<S::Ok, S::Error> {
    let mut members = serializer.serialize_struct(name, fields.len())?;
    for (name, value) in fields.iter().zip(values) {
        value.write(&mut members, name)?;
    }
    members.end()
}

/// `Serialize` and `Deserialize` of a struct: each field with the name that the wire has for it, and how it is there.
///
/// What is written for each field is a line that borrows it. All that is done with it is in functions that are compiled
/// once for all structs, but for the field's own reading and writing.
#[doc(hidden)]
#[macro_export]
macro_rules! members {
    (
        $name:ident [$($closed:ident)?]
        $(
            @ $wire:tt
            $field:ident
            $(needed $needed:ty;)?
            $(wanted $wanted:ty;)?
            $(empty $empty:ty;)?
            $(unsent $unsent:ty;)?
        )*
    ) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::fields::write::<Self, S>(serializer, &[$(
                    $(&$crate::fields::Always::<$needed>(&self.$field),)?
                    $({
                        let wanted: &::std::option::Option<$wanted> = &self.$field;
                        wanted
                    },)?
                    $(&$crate::fields::Always::<$empty>(&self.$field),)?
                    $({
                        let _: &$unsent = &self.$field;
                        &$crate::fields::Beside
                    },)?
                )*])
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::fields::read(deserializer)
            }
        }

        impl<'de> $crate::fields::Members<'de> for $name {
            const NAME: &'static str = ::std::stringify!($name);
            const CLOSED: bool = !<[&str]>::is_empty(&[$(::std::stringify!($closed))?]);
            const FIELDS: &'static [&'static str] = &[
                $($crate::fields::name(::std::stringify!($field), &$wire)),*
            ];

            fn members<A: ::serde::de::MapAccess<'de>>(mut members: A) -> ::std::result::Result<Self, A::Error> {
                $(
                    $(let mut $field = $crate::fields::Needed::<$needed>::NOTHING;)?
                    $(let mut $field = ::std::option::Option::<$wanted>::None;)?
                    $(let mut $field = $crate::fields::Empty::<$empty>::default();)?
                    $(let mut $field = $crate::fields::Needed::<$unsent>::NOTHING;)?
                )*
                $crate::fields::fill::<Self, A>(&mut members, &mut [$(&mut $field),*])?;
                ::std::result::Result::Ok(Self {
                    $(
                        $($field: $crate::fields::Needed::<$needed>::found(
                            $field,
                            $crate::fields::name(::std::stringify!($field), &$wire),
                        )?,)?
                        $($field: ::std::convert::identity::<::std::option::Option<$wanted>>($field),)?
                        $($field: $crate::fields::Empty::<$empty>::taken($field),)?
                        $($field: $crate::fields::Needed::<$unsent>::found(
                            $field,
                            $crate::fields::name(::std::stringify!($field), &$wire),
                        )?,)?
                    )*
                })
            }
        }
    };
}
