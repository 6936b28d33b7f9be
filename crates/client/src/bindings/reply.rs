//! `reply!`: what arrives, read as leniently as the service answers.

/// A struct that arrives, as a whole answer or as part of one.
///
/// With a question mark, `pub id?: T`, a field is an `Option<T>`; without one it is read as empty where it is absent or
/// null. `as Reply` makes the struct a [`Reply`](crate::Reply), `as ReplyWithVectors` one that is read where it lies (see
/// [`Answer::json_with_vectors`](crate::Answer::json_with_vectors)), `as Chunk` a [`Chunk`](crate::Chunk).
///
/// ```
/// use workers_ai_client as client;
///
/// client::reply! {
///     /// What the model answers.
///     pub struct Scores as Reply {
///         /// What they are called.
///         pub labels: Vec<String>,
///         /// How sure the model is.
///         #[wire = "confidence"]
///         pub certainty?: f64,
///     }
/// }
///
/// let scores: Scores = serde_json::from_str(r#"{"labels": null, "unheard_of": true}"#)?;
/// assert_eq!((scores.labels.len(), scores.certainty), (0, None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! reply {
    (
        $(#[$about:meta])*
        pub struct $name:ident $(as $role:ident)? {
            $(
                #[doc = $doc:literal]
                $(#[wire = $wire:literal])?
                pub $field:ident $(: $empty:ty,)? $(?: $perhaps:ty,)?
            )*
        }
    ) => {
        #[derive(Clone, Debug)]
        $(#[$about])*
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = $doc]
                $(pub $field: $empty,)?
                $(pub $field: ::std::option::Option<$perhaps>,)?
            )*
        }

        $crate::members! {
            $name []
            $(@ [$($wire)?] $field $(empty $empty;)? $(wanted $perhaps;)?)*
        }

        $($crate::reply! { @$role $name })?
    };
    (@Reply $name:ident) => {
        impl $crate::Reply for $name {
            #[inline]
            fn decode(answer: $crate::Answer) -> ::std::result::Result<Self, $crate::Error> {
                answer.json()
            }
        }
    };
    (@ReplyWithVectors $name:ident) => {
        impl $crate::Reply for $name {
            #[inline]
            fn decode(answer: $crate::Answer) -> ::std::result::Result<Self, $crate::Error> {
                answer.json_with_vectors()
            }
        }
    };
    (@Chunk $name:ident) => {
        impl $crate::Chunk for $name {}
    };
}
