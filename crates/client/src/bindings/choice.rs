//! `choice!`: one of a list of words.

/// An enum whose values are words.
///
/// Ended by `..` it arrives, and keeps a word that nobody knew when the bindings were made; else it is sent, and there are
/// no other words.
///
/// ```
/// use workers_ai_client as client;
///
/// client::choice! {
///     /// How token vectors become one.
///     pub enum Pooling {
///         Mean = "mean",
///         FirstToken = "cls",
///     }
/// }
///
/// client::choice! {
///     /// Why the model stopped.
///     pub enum FinishReason {
///         Stop = "stop",
///         ..
///     }
/// }
///
/// assert_eq!("cls".parse(), Ok(Pooling::FirstToken));
/// assert_eq!("max".parse::<Pooling>().unwrap_err().to_string(), "`max` is none of `mean`, `cls`");
///
/// let reasons: Vec<FinishReason> = serde_json::from_str(r#"["stop", "boredom"]"#)?;
/// assert_eq!(reasons, [FinishReason::Stop, FinishReason::Unknown("boredom".to_owned())]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! choice {
    ($(#[$about:meta])* pub enum $name:ident { $($variant:ident = $wire:literal,)+ .. }) => {
        $crate::choice! {
            @words [Clone, Debug, Eq, PartialEq]
            $(#[$about])*
            $name { $($variant = $wire,)+ }
            [
                /// A value that was not known when these bindings were made.
                Unknown(::std::string::String),
            ]
        }

        impl $name {
            /// As it arrived.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Unknown(value) => value,
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(match value.as_str() {
                    $($wire => Self::$variant,)+
                    _ => Self::Unknown(value),
                })
            }
        }
    };
    ($(#[$about:meta])* pub enum $name:ident { $($variant:ident = $wire:literal,)+ }) => {
        $crate::choice! {
            @words [Clone, Copy, Debug, Eq, Hash, PartialEq]
            $(#[$about])*
            $name { $($variant = $wire,)+ }
            []
        }

        impl $name {
            /// As it is sent.
            #[inline]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::OutOfRange;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                match value {
                    $($wire => ::std::result::Result::Ok(Self::$variant),)+
                    _ => ::std::result::Result::Err($crate::OutOfRange::choice(value, &[$($wire),+])),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                value.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
    (
        @words [$($derive:ident),+]
        $(#[$about:meta])*
        $name:ident { $($variant:ident = $wire:literal,)+ }
        [$($unknown:tt)*]
    ) => {
        #[derive($($derive),+)]
        $(#[$about])*
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = ::std::concat!("`", $wire, "`")]
                $variant,
            )+
            $($unknown)*
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
