//! A conversation as a request carries it: messages and the rules of the model they go to.

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use super::{
    check::{self, Sent},
    invalid::InvalidMessage,
    message::Message,
    modality::{FitsInto, Modality, Text, Vision},
    rules::{Any, Classic, Guard, Lenient, LenientList, Plain, Rules, Strict},
};

/// A conversation, with what a model's published schema demands of it.
///
/// Lists of messages turn into it by themselves. Building one never fails; a conversation that breaks the rules is
/// refused when the request is written, before anything is sent, and the error names the message and the part.
///
/// ```
/// use workers_ai_text_generation::{Message, Messages, Strict, Text};
///
/// let conversation: Messages<Text, Strict> = Messages::from([Message::system("Be brief."), Message::user("Hello!")]);
/// assert!(conversation.check().is_ok());
///
/// let conversation: Messages<Text, Strict> = Messages::from(Message::new("narrator", "Once upon a time"));
/// assert_eq!(conversation.check().unwrap_err().to_string(), "message 0: this model knows no role `narrator`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages<C: Modality = Text, R: Rules = Classic> {
    list: Vec<Message<C>>,
    rules: PhantomData<R>,
}

impl<C: Modality, R: Rules> Messages<C, R> {
    /// An empty conversation.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, Messages, Text};
    ///
    /// let mut conversation: Messages<Text> = Messages::<Text>::new();
    /// conversation.push(Message::system("Be brief."));
    /// conversation.push(Message::user("Hello!"));
    /// assert_eq!(conversation.into_vec().len(), 2);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::from(Vec::new())
    }

    /// Adds a message at the end.
    pub fn push(&mut self, message: impl Into<Message<C>>) {
        self.list.push(message.into());
    }

    /// The messages as a plain list.
    #[must_use]
    pub fn into_vec(self) -> Vec<Message<C>> {
        self.list
    }

    /// The same conversation for a model with other rules, that takes in as much or more.
    ///
    /// ```
    /// use workers_ai_text_generation::{Classic, Message, Messages, Strict, Text, Vision};
    ///
    /// let heard: Messages<Text, Classic> = Messages::from("Describe the sea.");
    /// let mut seen: Messages<Vision, Strict> = heard.into_kind();
    /// seen.push(Message::<Vision>::user_with_image("Like this one?", "https://example.com/sea.jpg"));
    /// assert!(seen.check().is_ok());
    /// ```
    #[must_use]
    pub fn into_kind<D: Modality, S: Rules>(self) -> Messages<D, S>
    where
        C: FitsInto<D>,
    {
        self.list.into_iter().map(Message::widen).collect()
    }

    /// Whether the conversation follows the rules, as sending will check it.
    ///
    /// # Errors
    ///
    /// Names the message, the part and what is wrong.
    pub fn check(&self) -> Result<(), InvalidMessage> {
        check::conversation(&self.list, &R::SET)
    }
}

impl<C: Modality, R: Rules> Default for Messages<C, R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Modality, R: Rules> Deref for Messages<C, R> {
    type Target = [Message<C>];

    fn deref(&self) -> &[Message<C>] {
        &self.list
    }
}

impl<C: Modality, R: Rules> DerefMut for Messages<C, R> {
    fn deref_mut(&mut self) -> &mut [Message<C>] {
        &mut self.list
    }
}

impl<C: Modality, R: Rules> From<Vec<Message<C>>> for Messages<C, R> {
    fn from(list: Vec<Message<C>>) -> Self {
        Self { list, rules: PhantomData }
    }
}

impl<C: Modality, R: Rules> From<&Vec<Message<C>>> for Messages<C, R> {
    fn from(list: &Vec<Message<C>>) -> Self {
        Self::from(list.clone())
    }
}

impl<C: Modality, R: Rules> From<&[Message<C>]> for Messages<C, R> {
    fn from(list: &[Message<C>]) -> Self {
        Self::from(list.to_vec())
    }
}

impl<C: Modality, R: Rules, const N: usize> From<[Message<C>; N]> for Messages<C, R> {
    fn from(list: [Message<C>; N]) -> Self {
        Self::from(Vec::from(list))
    }
}

impl<C: Modality, R: Rules, const N: usize> From<&[Message<C>; N]> for Messages<C, R> {
    fn from(list: &[Message<C>; N]) -> Self {
        Self::from(list.to_vec())
    }
}

impl<C: Modality, R: Rules> From<Message<C>> for Messages<C, R> {
    fn from(message: Message<C>) -> Self {
        Self::from(vec![message])
    }
}

impl<C: Modality, R: Rules> From<&str> for Messages<C, R> {
    /// A conversation that begins with this question.
    fn from(question: &str) -> Self {
        Self::from(Message::user(question))
    }
}

impl<C: Modality, R: Rules> From<Messages<C, R>> for Vec<Message<C>> {
    fn from(messages: Messages<C, R>) -> Self {
        messages.list
    }
}

impl<C: Modality, R: Rules> From<&Self> for Messages<C, R> {
    fn from(messages: &Self) -> Self {
        messages.clone()
    }
}

impl<R: Rules> From<Messages<Text, R>> for Messages<Vision, R> {
    fn from(messages: Messages<Text, R>) -> Self {
        messages.into_kind()
    }
}

impl<R: Rules> TryFrom<Messages<Vision, R>> for Messages<Text, R> {
    type Error = InvalidMessage;

    /// Fails, naming the message and the part, when the conversation holds anything but text.
    fn try_from(messages: Messages<Vision, R>) -> Result<Self, InvalidMessage> {
        Self::try_from(messages.list)
    }
}

impl<R: Rules> TryFrom<Vec<Message<Vision>>> for Messages<Text, R> {
    type Error = InvalidMessage;

    /// Fails, naming the message and the part, when the conversation holds anything but text.
    fn try_from(list: Vec<Message<Vision>>) -> Result<Self, InvalidMessage> {
        list.into_iter()
            .enumerate()
            .map(|(index, message)| {
                Message::try_from(message).map_err(|invalid: InvalidMessage| invalid.in_message(index))
            })
            .collect()
    }
}

/// Conversations move between the rules of different models. (One blanket implementation would overlap with the
/// standard library's `From<T> for T`.)
macro_rules! between_rules {
    ($($from:ty => $($into:ty),*;)*) => {$($(
        impl<C: Modality> From<Messages<C, $from>> for Messages<C, $into> {
            fn from(messages: Messages<C, $from>) -> Self {
                Self::from(messages.list)
            }
        }

        impl<C: Modality> From<&Messages<C, $from>> for Messages<C, $into> {
            fn from(messages: &Messages<C, $from>) -> Self {
                Self::from(messages.list.clone())
            }
        }

        impl From<Messages<Text, $from>> for Messages<Vision, $into> {
            fn from(messages: Messages<Text, $from>) -> Self {
                messages.into_kind()
            }
        }
    )*)*};
}

between_rules! {
    Any => Classic, Plain, Lenient, LenientList, Strict, Guard;
    Classic => Any, Plain, Lenient, LenientList, Strict, Guard;
    Plain => Any, Classic, Lenient, LenientList, Strict, Guard;
    Lenient => Any, Classic, Plain, LenientList, Strict, Guard;
    LenientList => Any, Classic, Plain, Lenient, Strict, Guard;
    Strict => Any, Classic, Plain, Lenient, LenientList, Guard;
    Guard => Any, Classic, Plain, Lenient, LenientList, Strict;
}

impl<C: Modality, R: Rules> FromIterator<Message<C>> for Messages<C, R> {
    fn from_iter<I: IntoIterator<Item = Message<C>>>(messages: I) -> Self {
        Self::from(Vec::from_iter(messages))
    }
}

impl<C: Modality, R: Rules> Extend<Message<C>> for Messages<C, R> {
    fn extend<I: IntoIterator<Item = Message<C>>>(&mut self, messages: I) {
        self.list.extend(messages);
    }
}

impl<C: Modality, R: Rules> IntoIterator for Messages<C, R> {
    type Item = Message<C>;
    type IntoIter = std::vec::IntoIter<Message<C>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, C: Modality, R: Rules> IntoIterator for &'a Messages<C, R> {
    type Item = &'a Message<C>;
    type IntoIter = std::slice::Iter<'a, Message<C>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<C: Modality, R: Rules> Serialize for Messages<C, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(ser::Error::custom)?;
        serializer.collect_seq(self.list.iter().map(|message| Sent { message, rules: &R::SET }))
    }
}

impl<'de, C: Modality, R: Rules> Deserialize<'de> for Messages<C, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Value>::deserialize(deserializer)?;
        let messages: Self = list
            .into_iter()
            .enumerate()
            .map(|(index, value)| Message::from_json(value, &R::SET).map_err(|invalid| invalid.in_message(index)))
            .collect::<Result<_, _>>()
            .map_err(de::Error::custom)?;
        messages.check().map_err(de::Error::custom)?;
        Ok(messages)
    }
}
