//! What a model can take in, as a type: text only, or images and other files too.

use std::fmt::Debug;

use super::attachment::{Attachment, NoAttachment};

/// What a conversation may hold: [`Text`] or [`Vision`].
///
/// Each chat model names one in its request type. The trait is sealed.
///
/// ```
/// use workers_ai_text_generation::{Message, Modality};
///
/// /// For conversations of either kind.
/// fn words<C: Modality>(conversation: &[Message<C>]) -> usize {
///     conversation.iter().map(|message| message.text().split_whitespace().count()).sum()
/// }
///
/// let texts: [Message; 2] = [Message::system("Be brief."), Message::user("Hello!")];
/// assert_eq!(words(&texts), 3);
/// ```
pub trait Modality: sealed::Sealed + Clone + Debug + PartialEq + Eq + Send + Sync + 'static {
    /// What a part may carry besides text. For text-only models there is no value of this type.
    type Attachment: AsRef<Attachment> + Into<Attachment> + Clone + Debug + PartialEq + Eq + Send + Sync + 'static;

    /// The attachment, unless a conversation of this kind has no place for one.
    #[doc(hidden)]
    fn attach(attachment: Attachment) -> Result<Self::Attachment, Attachment>;

    /// Whether a conversation of this kind may hold attachments.
    #[doc(hidden)]
    const ATTACHES: bool;
}

/// Conversations of text only.
///
/// ```
/// use workers_ai_text_generation::{Message, Text};
///
/// let question: Message<Text> = Message::user("How deep is the sea?");
/// let same: Message = question; // text only is the default
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {}

/// Conversations that may hold images (and, where a model hears or reads them, recordings, videos and files).
///
/// ```
/// use workers_ai_text_generation::{Message, Vision};
///
/// let question: Message<Vision> = Message::user_with_image("What is this?", "data:image/png;base64,iVBORw0KGgo=");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vision {}

impl Modality for Text {
    type Attachment = NoAttachment;

    fn attach(attachment: Attachment) -> Result<NoAttachment, Attachment> {
        Err(attachment)
    }

    const ATTACHES: bool = false;
}

impl Modality for Vision {
    type Attachment = Attachment;

    fn attach(attachment: Attachment) -> Result<Attachment, Attachment> {
        Ok(attachment)
    }

    const ATTACHES: bool = true;
}

/// Kinds of conversation that can hold an image.
///
/// ```
/// use workers_ai_text_generation::{Message, SeesImages, Vision};
///
/// fn ask_about<C: SeesImages>(address: &str) -> Message<C> {
///     Message::user_with_image("What is this?", address)
/// }
///
/// let question = ask_about::<Vision>("https://example.com/cat.jpg");
/// # let _ = question;
/// ```
#[diagnostic::on_unimplemented(
    message = "this model reads text only: an image has no place in a `Message<{Self}>`",
    label = "an image for a model that reads text only",
    note = "models that see images take `Message<Vision>`; their `INFO.flags.vision` is true"
)]
pub trait SeesImages: Modality<Attachment = Attachment> {}

impl SeesImages for Vision {}

/// A conversation of one kind can be handed to a model that takes another: text goes everywhere, images only to models
/// that see.
///
/// ```
/// use workers_ai_text_generation::{Any, FitsInto, Messages, Modality, Text, Vision};
///
/// fn hand_over<C: FitsInto<D>, D: Modality>(conversation: Messages<C, Any>) -> Messages<D, Any> {
///     conversation.into_kind()
/// }
///
/// let heard: Messages<Text, Any> = Messages::from("Hello!");
/// let seen: Messages<Vision, Any> = hand_over(heard);
/// assert_eq!(seen.len(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "a conversation of kind `{Self}` cannot be handed to a model that takes `{Into}`",
    label = "this conversation may hold images, and the model reads text only",
    note = "`Message::<Text>::try_from(message)` narrows a message and fails, naming the part, if it holds an image"
)]
pub trait FitsInto<Into: Modality>: Modality {
    /// Moves an attachment over.
    #[doc(hidden)]
    fn move_attachment(attachment: Self::Attachment) -> Into::Attachment;
}

impl<C: Modality> FitsInto<C> for C {
    fn move_attachment(attachment: C::Attachment) -> C::Attachment {
        attachment
    }
}

impl FitsInto<Vision> for Text {
    fn move_attachment(attachment: NoAttachment) -> Attachment {
        match attachment {}
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Text {}
    impl Sealed for super::Vision {}
}
