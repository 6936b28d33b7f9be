//! What the published schemas of a family of models demand of a request, as a type.

use std::fmt::Debug;

use super::role::Role;

/// The demands of a family of models on conversations, tools and answer formats.
///
/// A conversation is the same for every model; what differs is what a model's published schema accepts. The rules stand
/// beside the conversation in the request's type and are applied when a request is written or read. The trait is sealed.
///
/// ```
/// use workers_ai_text_generation::{Messages, Rules, Strict, Text};
///
/// /// For models of any family.
/// fn is_fine<R: Rules>(conversation: &Messages<Text, R>) -> bool {
///     conversation.check().is_ok()
/// }
///
/// assert!(is_fine::<Strict>(&"Hello!".into()));
/// ```
pub trait Rules: sealed::Sealed + Clone + Debug + PartialEq + Eq + Send + Sync + 'static {
    /// The rules as data.
    #[doc(hidden)]
    const SET: RuleSet;
}

/// The rules as data; see [`Rules`].
#[derive(Clone, Copy, Debug)]
pub struct RuleSet {
    pub(crate) roles: Roles,
    pub(crate) forms: Forms,
    /// Whether an image must be a `data:` URL.
    pub(crate) data_urls: bool,
    /// Whether the id of a tool call must hold nine letters or digits in a row.
    pub(crate) nine_letter_ids: bool,
    pub(crate) tools: ToolForms,
    pub(crate) formats: Formats,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Roles {
    /// Any, and neither role nor content is required.
    Free,
    /// Any, and role and content are required.
    Required,
    /// User and assistant.
    TwoSpeakers,
    /// The six of the OpenAI-shaped models, each with its own demands.
    Six,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Forms {
    /// Content is one text of at most so many characters.
    Text { longest: usize },
    /// Content is a text or a list of parts.
    Parts,
    /// Content is a text, a list of parts or one part.
    PartsOrOne,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ToolForms {
    Any,
    /// Flat or nested; name, description and parameters are required, and each parameter's type and description.
    Classic,
    /// Nested or custom; only a name is required.
    OpenAi,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Formats {
    /// An object whose `type`, if there is one, is text.
    Any,
    /// `json_object` or `json_schema`, with a bare schema.
    Classic,
    /// `text`, `json_object` or `json_schema`, with a named schema.
    OpenAi,
}

impl RuleSet {
    /// Whether this speaker's content must be one text.
    pub(crate) fn wants_text(&self, role: Option<&Role>) -> bool {
        match self.roles {
            Roles::Six => role == Some(&Role::Function),
            _ => matches!(self.forms, Forms::Text { .. }),
        }
    }
}

const CLASSIC: RuleSet = RuleSet {
    roles: Roles::Required,
    forms: Forms::Parts,
    data_urls: false,
    nine_letter_ids: false,
    tools: ToolForms::Classic,
    formats: Formats::Classic,
};

/// Declares a set of rules.
macro_rules! rules {
    ($(#[$doc:meta])* $name:ident = $set:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {}

        impl Rules for $name {
            const SET: RuleSet = $set;
        }

        impl sealed::Sealed for $name {}
    };
}

rules! {
    /// No demands beyond the shape: for models chosen at run time and for conversations kept on disk.
    ///
    /// ```
    /// use workers_ai_text_generation::{Any, Message, Messages, Text};
    ///
    /// let kept: Messages<Text, Any> = Messages::from(Message::new("narrator", "Once upon a time"));
    /// assert!(kept.check().is_ok());
    /// ```
    Any = RuleSet {
        roles: Roles::Free,
        forms: Forms::PartsOrOne,
        tools: ToolForms::Any,
        formats: Formats::Any,
        ..CLASSIC
    }
}

rules! {
    /// The classic models: any role, content required, as text or as text parts.
    ///
    /// ```
    /// use workers_ai_text_generation::{Classic, Message, Messages, Text};
    ///
    /// let conversation: Messages<Text, Classic> = Messages::from(Message::new("narrator", "Once upon a time"));
    /// assert!(conversation.check().is_ok());
    /// ```
    Classic = CLASSIC
}

/// Classic models whose content is one text of at most `LONGEST` characters. Text parts are joined when sent.
///
/// ```
/// use workers_ai_text_generation::{Messages, Plain, Text};
///
/// let conversation: Messages<Text, Plain<5>> = "Hello!".into();
/// assert!(conversation.check().is_err(), "one character too many");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain<const LONGEST: usize = { usize::MAX }> {}

impl<const LONGEST: usize> Rules for Plain<LONGEST> {
    const SET: RuleSet = RuleSet { forms: Forms::Text { longest: LONGEST }, ..CLASSIC };
}

impl<const LONGEST: usize> sealed::Sealed for Plain<LONGEST> {}

rules! {
    /// The classic models that see: nothing is required, images are `data:` URLs, and the id of an answered call has nine
    /// letters or digits in a row.
    ///
    /// ```
    /// use workers_ai_text_generation::{Lenient, Message, Messages, Vision};
    ///
    /// let linked: Messages<Vision, Lenient> = Messages::from(Message::user_with_image("What is this?", "https://example.com/cat.jpg"));
    /// assert!(linked.check().is_err(), "the model fetches nothing: `Image::from_file` and `Image::from_bytes` bring the bytes");
    /// ```
    Lenient = RuleSet {
        roles: Roles::Free,
        forms: Forms::PartsOrOne,
        data_urls: true,
        nine_letter_ids: true,
        ..CLASSIC
    }
}

rules! {
    /// As [`Lenient`], for a model that takes a list of parts, but no part by itself, and any id.
    ///
    /// ```
    /// use workers_ai_text_generation::{LenientList, Message, Messages, ToolCall, Vision};
    ///
    /// let call = ToolCall::new("any id will do", "now", serde_json::json!({}));
    /// let conversation: Messages<Vision, LenientList> =
    ///     Messages::from([Message::assistant("").with_tool_calls([call.clone()]), Message::answer(&call, "noon")]);
    /// assert!(conversation.check().is_ok());
    /// ```
    LenientList = RuleSet { roles: Roles::Free, data_urls: true, ..CLASSIC }
}

rules! {
    /// The OpenAI-shaped models: six roles, each with its own demands, and at least one message.
    ///
    /// ```
    /// use workers_ai_text_generation::{Messages, Strict, Text};
    ///
    /// let conversation: Messages<Text, Strict> = Messages::from(vec![]);
    /// assert!(conversation.check().is_err(), "a conversation without a message");
    /// ```
    Strict = RuleSet { roles: Roles::Six, tools: ToolForms::OpenAi, formats: Formats::OpenAi, ..CLASSIC }
}

rules! {
    /// The moderation model: user and assistant take turns, in plain text.
    ///
    /// ```
    /// use workers_ai_text_generation::{Guard, Message, Messages, Text};
    ///
    /// let conversation: Messages<Text, Guard> = Messages::from([Message::user("How do locks work?"), Message::assistant("By pins.")]);
    /// assert!(conversation.check().is_ok());
    /// assert!(Messages::<Text, Guard>::from(Message::system("Be strict.")).check().is_err());
    /// ```
    Guard = RuleSet {
        roles: Roles::TwoSpeakers,
        forms: Forms::Text { longest: usize::MAX },
        formats: Formats::Any,
        ..CLASSIC
    }
}

mod sealed {
    pub trait Sealed {}
}
