//! The JSON of structs that the macros write, in as little code for each struct as will do: what serde derives is by far the
//! greater part of what the compiler has to check otherwise.

use std::{fmt, marker::PhantomData};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct};

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

/// The value of a member that has to be there.
///
/// # Errors
///
/// When it is of another type.
pub fn needed<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    members: &mut A,
) -> Result<(), A::Error> {
    *slot = Some(members.next_value()?);
    Ok(())
}

/// The value of a member that may be null.
///
/// # Errors
///
/// When it is of another type.
pub fn wanted<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    members: &mut A,
) -> Result<(), A::Error> {
    *slot = members.next_value()?;
    Ok(())
}

/// A member that there is no field for.
///
/// # Errors
///
/// Where there may be none.
pub fn other<'de, T: Members<'de>, A: MapAccess<'de>>(name: &str, members: &mut A) -> Result<(), A::Error> {
    if T::CLOSED {
        return Err(de::Error::unknown_field(name, T::FIELDS));
    }
    members.next_value::<IgnoredAny>().map(drop)
}

/// What was read into a slot.
///
/// # Errors
///
/// When nothing was.
pub fn found<T, E: de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// Writes a member.
///
/// # Errors
///
/// Those of the value.
pub fn write<S: SerializeStruct, T: Serialize>(members: &mut S, name: &'static str, value: &T) -> Result<(), S::Error> {
    members.serialize_field(name, value)
}

/// Writes a member if there is one.
///
/// # Errors
///
/// Those of the value.
pub fn write_some<S: SerializeStruct, T: Serialize>(
    members: &mut S,
    name: &'static str,
    value: &Option<T>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => members.serialize_field(name, value),
        None => members.skip_field(name),
    }
}

/// `Serialize` and `Deserialize` of a struct: each field with the name that the wire has for it, and how it is there.
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
                let names = <Self as $crate::fields::Members>::FIELDS;
                let mut members = serializer.serialize_struct(::std::stringify!($name), names.len())?;
                $(
                    $($crate::fields::write::<_, $needed>(
                        &mut members,
                        $crate::fields::name(::std::stringify!($field), &$wire),
                        &self.$field,
                    )?;)?
                    $($crate::fields::write_some::<_, $wanted>(
                        &mut members,
                        $crate::fields::name(::std::stringify!($field), &$wire),
                        &self.$field,
                    )?;)?
                    $($crate::fields::write::<_, $empty>(
                        &mut members,
                        $crate::fields::name(::std::stringify!($field), &$wire),
                        &self.$field,
                    )?;)?
                )*
                ::serde::ser::SerializeStruct::end(members)
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
                    $(let mut $field = ::std::option::Option::<$needed>::None;)?
                    $(let mut $field = ::std::option::Option::<$wanted>::None;)?
                    $(let mut $field = ::std::option::Option::<$empty>::None;)?
                    $(let mut $field = ::std::option::Option::<$unsent>::None;)?
                )*
                while let ::std::option::Option::Some(name) = members.next_key::<::std::string::String>()? {
                    let read = $(
                        if name == $crate::fields::name(::std::stringify!($field), &$wire) {
                            $($crate::fields::needed::<$needed, A>(&mut $field, &mut members))?
                            $($crate::fields::wanted::<$wanted, A>(&mut $field, &mut members))?
                            $($crate::fields::wanted::<$empty, A>(&mut $field, &mut members))?
                            $($crate::fields::needed::<$unsent, A>(&mut $field, &mut members))?
                        } else
                    )* {
                        $crate::fields::other::<Self, A>(&name, &mut members)
                    };
                    read?;
                }
                ::std::result::Result::Ok(Self {
                    $(
                        $($field: $crate::fields::found::<$needed, A::Error>(
                            $field,
                            $crate::fields::name(::std::stringify!($field), &$wire),
                        )?,)?
                        $($field: ::std::convert::identity::<::std::option::Option<$wanted>>($field),)?
                        $($field: ::std::option::Option::<$empty>::unwrap_or_default($field),)?
                        $($field: $crate::fields::found::<$unsent, A::Error>(
                            $field,
                            $crate::fields::name(::std::stringify!($field), &$wire),
                        )?,)?
                    )*
                })
            }
        }
    };
}
