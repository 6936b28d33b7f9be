//! What a model takes as a conversation, with compile errors that speak of models rather than of conversions.

use super::{
    message::Message,
    messages::Messages,
    modality::{FitsInto, Modality},
    rules::Rules,
};

/// Anything that a model takes as a conversation: messages one by one, as a list, or a whole [`Messages`].
///
/// ```
/// use workers_ai_text_generation::{Any, Classic, IntoMessages, Message, Messages, Strict, Text, Vision};
///
/// fn ask(messages: impl IntoMessages<Vision, Strict>) -> usize {
///     messages.into_messages().len()
/// }
///
/// assert_eq!(ask("Hello!"), 1);
/// assert_eq!(ask([Message::system("Be brief."), Message::user("Hello!")]), 2);
///
/// // A conversation begun elsewhere goes on, text widening into vision on the way.
/// let conversation: Messages<Text, Classic> = Messages::from("Hello!");
/// assert_eq!(ask(&conversation), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a conversation for this model, which takes messages of kind `{C}`",
    label = "not messages of kind `{C}`",
    note = "a model that reads text only takes `Message<Text>`; images go to models that take `Message<Vision>`",
    note = "text goes to both: `Messages::<Text>::from(list)` is a conversation for every model"
)]
pub trait IntoMessages<C: Modality, R: Rules> {
    /// The conversation under the model's rules.
    fn into_messages(self) -> Messages<C, R>;
}

/// Lists of messages of the model's own kind. (Only that kind: otherwise `[Message::user("…")]` would be ambiguous.)
macro_rules! own_kind {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<C: Modality, R: Rules, $($generics)*> IntoMessages<C, R> for $type {
            fn into_messages(self) -> Messages<C, R> {
                Messages::from(self)
            }
        }
    )*};
}

own_kind! {
    [] Message<C>;
    [] Vec<Message<C>>;
    [] &Vec<Message<C>>;
    [] &[Message<C>];
    [const N: usize] [Message<C>; N];
    [const N: usize] &[Message<C>; N];
    [] &str;
}

impl<C: Modality, D: FitsInto<C>, R: Rules, S: Rules> IntoMessages<C, R> for Messages<D, S> {
    fn into_messages(self) -> Messages<C, R> {
        self.into_kind()
    }
}

impl<C: Modality, D: FitsInto<C>, R: Rules, S: Rules> IntoMessages<C, R> for &Messages<D, S> {
    fn into_messages(self) -> Messages<C, R> {
        self.clone().into_kind()
    }
}
