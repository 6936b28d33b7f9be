//! `union!`: one of several shapes, told apart by what arrives rather than by trial.

/// An enum of shapes, each with the [`Arm`](crate::wire::Arm) that it is known by.
///
/// Ended by `..` it arrives, and keeps what is of no known shape; else anything else is an error. `: From` lets each shape
/// turn into the enum. `as Request` makes it a [`Request`](crate::Request), whose shapes are its forms and have
/// constructors on the enum; `as Reply` and `as Chunk` are as for [`reply!`](crate::reply).
///
/// ```
/// use workers_ai_client as client;
///
/// client::request! {
///     /// What the model is asked, as `prompt`.
///     pub struct PromptRequest as json {
///         /// What to write about.
///         into prompt: String,
///     }
/// }
///
/// client::union! {
///     /// What the model is asked, in any of its forms.
///     pub enum Request as Request: From {
///         /// With `prompt`.
///         Prompt(PromptRequest) = Keys(&["prompt"]),
///     }
///     impl Request {
///         fn prompt(prompt: impl Into<String>) -> PromptRequest;
///     }
/// }
///
/// client::union! {
///     /// What `content` holds.
///     pub enum Content {
///         /// JSON: string.
///         Words(String) = Text,
///         ..
///     }
/// }
///
/// let request = Request::from(Request::prompt("the sea"));
/// assert_eq!(serde_json::to_string(&request)?, r#"{"prompt":"the sea"}"#);
/// let refused = serde_json::from_str::<Request>("{}").unwrap_err();
/// assert_eq!(refused.to_string(), "expected an object with `prompt`");
/// assert!(matches!(serde_json::from_str("7")?, Content::Unknown(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$about:meta])*
        pub enum $name:ident as Request $(: $from:ident)? {
            $(#[doc = $doc:literal] $variant:ident($type:ty) = $arm:expr,)+
        }
        impl $again:ident {
            $(fn $form:ident($($argument:ident: $takes:ty),* $(,)?) -> $gives:ident;)*
        }
    ) => {
        $crate::union! {
            $(#[$about])*
            pub enum $name $(: $from)? {
                $(#[doc = $doc] $variant($type) = $arm,)+
            }
        }

        impl $again {
            $(
                #[doc = ::std::concat!("A request in its `", ::std::stringify!($form), "` form.")]
                #[inline]
                #[must_use]
                pub fn $form($($argument: $takes),*) -> $gives {
                    $gives::new($($argument),*)
                }
            )*
        }

        impl $crate::Request for $name {
            #[inline]
            fn encode(&self) -> ::std::result::Result<$crate::Encoded, $crate::Invalid> {
                match self {
                    $(Self::$variant(form) => $crate::Request::encode(form),)+
                }
            }
        }
    };
    (
        $(#[$about:meta])*
        pub enum $name:ident $(as $role:ident)? {
            $(#[doc = $doc:literal] $variant:ident($type:ty) = $arm:expr,)+
            ..
        }
    ) => {
        $crate::union! {
            @shapes $(#[$about])*
            $name {
                $(#[doc = $doc] $variant($type),)+
                #[doc = "A shape that was not known when these bindings were made."]
                Unknown(::serde_json::Value),
            }
        }
        $crate::union! { @read $name { $($variant = $arm,)+ } value => value.decode().map(Self::Unknown) }
        $($crate::reply! { @$role $name })?
    };
    (
        $(#[$about:meta])*
        pub enum $name:ident: From {
            $(#[doc = $doc:literal] $variant:ident($type:ty) = $arm:expr,)+
        }
    ) => {
        $crate::union! {
            $(#[$about])*
            pub enum $name {
                $(#[doc = $doc] $variant($type) = $arm,)+
            }
        }

        $(
            impl ::std::convert::From<$type> for $name {
                #[inline]
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )+
    };
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(#[doc = $doc:literal] $variant:ident($type:ty) = $arm:expr,)+
        }
    ) => {
        $crate::union! { @shapes $(#[$about])* $name { $(#[doc = $doc] $variant($type),)+ } }
        $crate::union! {
            @read $name { $($variant = $arm,)+ }
            _value => ::std::result::Result::Err($crate::wire::expected(Self::ARMS))
        }
    };
    (@shapes $(#[$about:meta])* $name:ident { $(#[doc = $doc:literal] $variant:ident($type:ty),)+ }) => {
        #[derive(Clone, Debug)]
        $(#[$about])*
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $doc] $variant($type),)+
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => value.serialize(serializer),)+
                }
            }
        }
    };
    (@read $name:ident { $($variant:ident = $arm:expr,)+ } $value:ident => $otherwise:expr) => {
        impl $name {
            const ARMS: &[$crate::wire::Arm] = {
                #[allow(unused_imports, reason = "not every enum needs every arm")]
                use $crate::wire::Arm::{Any, AnyKey, Boolean, Keys, List, Number, Object, Tag, Text};
                &[$($arm),+]
            };
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                // A reply is looked at where it lies, for it can be megabytes of vectors.
                let $value = <$crate::wire::Held<'_> as ::serde::Deserialize>::deserialize(deserializer)?;
                let chosen = $crate::wire::choose(&$value, Self::ARMS);
                let mut arms = 0..;
                $(
                    if chosen.is_some() && chosen == arms.next() {
                        return $value.decode().map(Self::$variant);
                    }
                )+
                $otherwise
            }
        }
    };
}
