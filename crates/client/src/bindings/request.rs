//! `request!`: what is sent, with a constructor and a setter for each field.

/// A struct that is sent: its fields, how it is made, and its JSON.
///
/// A field is on a line of its own, below one line of documentation, and begins with how it takes its value:
///
/// | | |
/// |---|---|
/// | `pub width: T` | just that type |
/// | `into prompt: T` | whatever turns into it |
/// | `via into_messages(Trait) messages: T` | whatever the method of that trait turns into it |
/// | `only kind: T = value` | nothing: there is but one value |
/// | `body audio: T` | whatever turns into it; it is no member of the JSON, but sent beside it |
///
/// What is written so is an argument of `new`. With a question mark, `pub width?: T`, it is an `Option<T>`, which is not
/// sent unless its setter was called. `as json` makes the struct a [`Request`](crate::Request) by that function of
/// [`Encoded`](crate::Encoded); `closed` at the end of its head, that JSON with other members is refused.
///
/// ```
/// use workers_ai_client as client;
///
/// client::request! {
///     /// What the model is asked.
///     pub struct Haiku as json {
///         /// What to write about: text, not empty.
///         into about: client::Text<1>,
///         /// How wild it may get: a number from 0 to 5.
///         pub temperature?: client::Number<0, 5000>,
///         /// How many to write: a whole number.
///         #[wire = "n"]
///         into count?: i64,
///     }
/// }
///
/// let haiku = Haiku::new("the sea").count(3).temperature(client::lit!(0.5));
/// assert_eq!(haiku.count, Some(3));
/// assert_eq!(serde_json::to_string(&haiku)?, r#"{"about":"the sea","temperature":0.5,"n":3}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! request {
    (
        $(#[$about:meta])*
        pub struct $name:ident $(as $encoding:ident)? $(, $closed:ident)? {
            $(
                #[doc = $doc:literal]
                $(#[wire = $wire:literal])?
                $(pub $exact:ident $(: $exact_needed:ty,)? $(?: $exact_wanted:ty,)?)?
                $(into $into:ident $(: $into_needed:ty,)? $(?: $into_wanted:ty,)?)?
                $(via $method:ident($bound:path) $via:ident $(: $via_needed:ty,)? $(?: $via_wanted:ty,)?)?
                $(only $only:ident: $only_type:ty = $only_value:expr,)?
                $(body $body:ident: $body_type:ty,)?
            )*
        }
    ) => {
        #[derive(Clone, Debug)]
        $(#[$about])*
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = $doc]
                $($(pub $exact: $exact_needed,)? $(pub $exact: ::std::option::Option<$exact_wanted>,)?)?
                $($(pub $into: $into_needed,)? $(pub $into: ::std::option::Option<$into_wanted>,)?)?
                $($(pub $via: $via_needed,)? $(pub $via: ::std::option::Option<$via_wanted>,)?)?
                $(pub $only: $only_type,)?
                $(pub $body: $body_type,)?
            )*
        }

        impl $name {
            /// With what is required; everything else is left to the service.
            #[inline]
            #[must_use]
            pub fn new($(
                $($($exact: $exact_needed,)?)?
                $($($into: impl ::std::convert::Into<$into_needed>,)?)?
                $($($via: $crate::request!(@bound $bound, $via_needed),)?)?
                $($body: impl ::std::convert::Into<$body_type>,)?
            )*) -> Self {
                Self {
                    $(
                        $(
                            $($exact: ::std::convert::identity::<$exact_needed>($exact),)?
                            $($exact: ::std::option::Option::<$exact_wanted>::None,)?
                        )?
                        $(
                            $($into: ::std::convert::Into::<$into_needed>::into($into),)?
                            $($into: ::std::option::Option::<$into_wanted>::None,)?
                        )?
                        $(
                            $($via: ::std::convert::identity::<$via_needed>(<_ as $bound>::$method($via)),)?
                            $($via: ::std::option::Option::<$via_wanted>::None,)?
                        )?
                        $($only: $only_value,)?
                        $($body: $body.into(),)?
                    )*
                }
            }

            $(
                $($(
                    #[doc = $doc]
                    #[inline]
                    #[must_use]
                    pub fn $exact(mut self, $exact: $exact_wanted) -> Self {
                        self.$exact = ::std::option::Option::Some($exact);
                        self
                    }
                )?)?
                $($(
                    #[doc = $doc]
                    #[must_use]
                    pub fn $into(mut self, $into: impl ::std::convert::Into<$into_wanted>) -> Self {
                        self.$into = ::std::option::Option::Some($into.into());
                        self
                    }
                )?)?
                $($(
                    #[doc = $doc]
                    #[must_use]
                    pub fn $via(mut self, $via: $crate::request!(@bound $bound, $via_wanted)) -> Self {
                        self.$via = ::std::option::Option::Some(<_ as $bound>::$method($via));
                        self
                    }
                )?)?
            )*
        }

        $crate::members! {
            $name [$($closed)?]
            $(
                @ [$($wire)?]
                $($($exact needed $exact_needed;)? $($exact wanted $exact_wanted;)?)?
                $($($into needed $into_needed;)? $($into wanted $into_wanted;)?)?
                $($($via needed $via_needed;)? $($via wanted $via_wanted;)?)?
                $($only needed $only_type;)?
                $($body unsent $body_type;)?
            )*
        }

        $(
            impl $crate::Request for $name {
                #[inline]
                fn encode(&self) -> ::std::result::Result<$crate::Encoded, $crate::Invalid> {
                    $crate::Encoded::$encoding(self)
                }
            }
        )?
    };
    // A setter's argument; the field's type is there because something of the field has to be.
    (@bound $bound:path, $type:ty) => { impl $bound };
}
