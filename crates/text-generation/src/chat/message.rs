//! One message of a conversation: one type for every chat model.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::{
    attachment::Image,
    check,
    content::Content,
    invalid::InvalidMessage,
    modality::{FitsInto, Modality, SeesImages, Text, Vision},
    part::Part,
    role::Role,
    rules::{Any, Forms, Roles, RuleSet, Rules as _},
    tool_call::ToolCall,
};

/// One message of a conversation.
///
/// A `Message<Text>` holds text and nothing else, a `Message<Vision>` may hold images. Which of them a model takes is in
/// its request type, and the constructors follow it.
///
/// ```
/// use workers_ai_text_generation::{Message, Role};
///
/// let conversation: Vec<Message> = vec![
///     Message::system("You are a pilot."),
///     Message::user("What is a squawk code?"),
///     Message::assistant("Four digits."),
///     Message::user("Which ones mean trouble?").with_name("Ada"),
/// ];
/// assert_eq!(conversation[0].role(), Some(&Role::System));
/// assert_eq!(conversation[2].text(), "Four digits.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<C: Modality = Text> {
    pub(crate) role: Option<Role>,
    pub(crate) content: Option<Content<C>>,
    pub(crate) name: Option<String>,
    pub(crate) tool_call_id: Option<String>,
    pub(crate) tool_calls: Vec<ToolCall>,
    pub(crate) reasoning: Option<String>,
    /// Fields without a place of their own, and fields whose value does not fit theirs: not every model gives
    /// `tool_calls` the same meaning.
    pub(crate) fields: Map<String, Value>,
}

impl<C: Modality> Message<C> {
    /// A message of any role.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, Role};
    ///
    /// let message: Message = Message::new("narrator", "Once upon a time");
    /// assert_eq!(message.role(), Some(&Role::Custom("narrator".to_owned())));
    /// ```
    #[must_use]
    pub fn new(role: impl Into<Role>, content: impl Into<Content<C>>) -> Self {
        Self { role: Some(role.into()), content: Some(content.into()), ..Self::empty() }
    }

    /// Sets the scene.
    #[must_use]
    pub fn system(content: impl Into<Content<C>>) -> Self {
        Self::new(Role::System, content)
    }

    /// Sets the scene, in the words of the OpenAI-shaped models. The classic ones know it as a system message.
    ///
    /// ```
    /// use workers_ai_text_generation::Message;
    ///
    /// let conversation: [Message; 2] = [Message::developer("Answer in one sentence."), Message::user("Why is the sky blue?")];
    /// # let _ = conversation;
    /// ```
    #[must_use]
    pub fn developer(content: impl Into<Content<C>>) -> Self {
        Self::new(Role::Developer, content)
    }

    /// What the person says.
    #[must_use]
    pub fn user(content: impl Into<Content<C>>) -> Self {
        Self::new(Role::User, content)
    }

    /// What the model said.
    #[must_use]
    pub fn assistant(content: impl Into<Content<C>>) -> Self {
        Self::new(Role::Assistant, content)
    }

    /// The result of a tool, under the id of the call it answers.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, Role};
    ///
    /// let result: Message = Message::tool("call00001", "21 °C, clear").with_name("weather");
    /// assert_eq!((result.role(), result.tool_call_id(), result.name()), (Some(&Role::Tool), Some("call00001"), Some("weather")));
    /// ```
    #[must_use]
    pub fn tool(tool_call_id: impl Into<String>, content: impl Into<Content<C>>) -> Self {
        Self { tool_call_id: Some(tool_call_id.into()), ..Self::new(Role::Tool, content) }
    }

    /// The result of a tool, with the id and name of the call it answers.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, ToolCall};
    ///
    /// let call = ToolCall::new("call00001", "weather", serde_json::json!({"city": "Lisbon"}));
    /// let conversation: [Message; 2] = [
    ///     Message::assistant("").with_tool_calls([call.clone()]),
    ///     Message::answer(&call, "21 °C, clear"),
    /// ];
    /// assert_eq!(conversation[1].tool_call_id(), Some("call00001"));
    /// ```
    #[must_use]
    pub fn answer(call: &ToolCall, content: impl Into<Content<C>>) -> Self {
        Self::tool(call.call_id(), content).with_name(call.name())
    }

    /// Names the speaker.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the calls that the model made. A call without an id gets one.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Message, ToolCall};
    ///
    /// let message: Message = Message::assistant("").with_tool_calls([ToolCall::new("a", "weather", json!({"city": "Lisbon"}))]);
    /// assert_eq!(message.tool_calls()[0].name(), "weather");
    /// ```
    #[must_use]
    pub fn with_tool_calls(mut self, calls: impl IntoIterator<Item = ToolCall>) -> Self {
        self.tool_calls.extend(calls);
        ToolCall::identify(&mut self.tool_calls);
        self
    }

    /// Adds the thoughts that the model had before it answered.
    ///
    /// ```
    /// use workers_ai_text_generation::Message;
    ///
    /// let said: Message = Message::assistant("391.").with_reasoning("17 × 23 = 17 × 20 + 17 × 3");
    /// assert!(said.reasoning().is_some_and(|thoughts| thoughts.contains("17 × 20")));
    /// ```
    #[must_use]
    pub fn with_reasoning(mut self, reasoning: impl Into<String>) -> Self {
        self.reasoning = Some(reasoning.into());
        self
    }

    /// Sets a field that has no method of its own.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::Message;
    ///
    /// let message: Message = Message::user("Hello!").with_field("cache_control", json!({"type": "ephemeral"}));
    /// assert_eq!(message.fields()["cache_control"]["type"], "ephemeral");
    /// ```
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Who speaks. Only a message read from JSON can lack it.
    #[must_use]
    pub fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    /// What is said.
    ///
    /// ```
    /// use workers_ai_text_generation::{Content, Message};
    ///
    /// let message: Message = Message::user("Hello!");
    /// assert!(matches!(message.content(), Some(Content::Text(text)) if text == "Hello!"));
    /// ```
    #[must_use]
    pub fn content(&self) -> Option<&Content<C>> {
        self.content.as_ref()
    }

    /// The text of what is said.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        self.content.as_ref().map(Content::text).unwrap_or_default()
    }

    /// The speaker's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Which call this is the result of.
    #[must_use]
    pub fn tool_call_id(&self) -> Option<&str> {
        self.tool_call_id.as_deref()
    }

    /// The calls that the model made.
    #[must_use]
    pub fn tool_calls(&self) -> &[ToolCall] {
        &self.tool_calls
    }

    /// The thoughts that the model had before it answered.
    #[must_use]
    pub fn reasoning(&self) -> Option<&str> {
        self.reasoning.as_deref()
    }

    /// The fields that have no method of their own.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    fn empty() -> Self {
        Self {
            role: None,
            content: None,
            name: None,
            tool_call_id: None,
            tool_calls: Vec::new(),
            reasoning: None,
            fields: Map::new(),
        }
    }

    /// The same message with other content.
    fn with_content<D: Modality>(self, content: Option<Content<D>>) -> (Message<D>, Option<Content<C>>) {
        let Self { role, content: old, name, tool_call_id, tool_calls, reasoning, fields } = self;
        (Message { role, content, name, tool_call_id, tool_calls, reasoning, fields }, old)
    }

    pub(crate) fn widen<D: Modality>(self) -> Message<D>
    where
        C: FitsInto<D>,
    {
        let (mut message, content) = self.with_content(None);
        message.content = content.map(Content::widen);
        message
    }

    /// Reads a message, refusing the forms that `rules` does not know.
    pub(crate) fn from_json(value: Value, rules: &RuleSet) -> Result<Self, InvalidMessage> {
        let Value::Object(mut map) = value else {
            return Err(InvalidMessage::new("a message must be an object"));
        };
        map.retain(|_, value| !value.is_null());
        let role = match map.remove("role") {
            None => None,
            Some(Value::String(role)) => Some(Role::from(role)),
            Some(_) => return Err(InvalidMessage::new("role must be text")),
        };
        let content = match map.remove("content") {
            None => None,
            Some(Value::Array(_)) if rules.wants_text(role.as_ref()) => {
                return Err(InvalidMessage::new("content must be one text"));
            }
            Some(Value::Object(_)) if !matches!(rules.forms, Forms::PartsOrOne) => {
                return Err(InvalidMessage::new("content must be text or a list of parts"));
            }
            Some(content) => Some(Content::from_json(content)?),
        };
        if matches!(rules.roles, Roles::Six)
            && role == Some(Role::Assistant)
            && let Some(Value::Array(calls)) = map.get("tool_calls")
            && let Some(index) = calls.iter().position(|call| !ToolCall::is_published(call))
        {
            return Err(InvalidMessage::new(format!("tool_calls[{index}] needs an id, a type, a name and arguments")));
        }
        let tool_calls = match map.get("tool_calls") {
            Some(Value::Array(calls)) => calls.iter().map(ToolCall::from_json).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        if tool_calls.is_some() {
            map.remove("tool_calls");
        }
        let mut text = |field: &str| match map.remove(field) {
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                map.insert(field.to_owned(), other);
                None
            }
            None => None,
        };
        let (name, tool_call_id, reasoning) = (text("name"), text("tool_call_id"), text("reasoning"));
        let tool_calls = tool_calls.unwrap_or_default();
        Ok(Self { role, content, name, tool_call_id, tool_calls, reasoning, fields: map })
    }
}

impl<C: SeesImages> Message<C> {
    /// What the person says about an image, given as a URL or as bytes.
    ///
    /// ```
    /// use workers_ai_text_generation::{Image, Message, Vision};
    ///
    /// let png = b"\x89PNG\r\n\x1a\n";
    /// let message: Message<Vision> = Message::user_with_image("What is this?", Image::from_bytes(png));
    /// ```
    ///
    /// For a model that reads text only it does not compile:
    ///
    /// ```compile_fail
    /// use workers_ai_text_generation::{Message, Text};
    ///
    /// let message: Message<Text> = Message::user_with_image("What is this?", "data:image/png;base64,iVBORw0KGgo=");
    /// ```
    #[must_use]
    pub fn user_with_image(text: impl Into<String>, image: impl Into<Image>) -> Self {
        Self::user([Part::text(text), Part::image(image)])
    }

    /// Adds an image after what is there.
    ///
    /// ```
    /// use workers_ai_text_generation::{Image, Message, Vision};
    ///
    /// let message: Message<Vision> = Message::user("What has changed?")
    ///     .with_image(Image::from("https://example.com/before.jpg"))
    ///     .with_image(Image::from("https://example.com/after.jpg"));
    /// assert_eq!(message.content().map(|content| content.parts().len()), Some(3));
    /// ```
    #[must_use]
    pub fn with_image(mut self, image: impl Into<Image>) -> Self {
        let image = Part::image(image);
        match &mut self.content {
            Some(content) => content.push(image),
            None => self.content = Some(Content::from(image)),
        }
        self
    }
}

impl From<Message<Text>> for Message<Vision> {
    fn from(message: Message<Text>) -> Self {
        message.widen()
    }
}

impl TryFrom<Message<Vision>> for Message<Text> {
    type Error = InvalidMessage;

    /// Fails, naming the part, when the message holds anything but text.
    fn try_from(message: Message<Vision>) -> Result<Self, InvalidMessage> {
        let (mut message, content) = message.with_content(None);
        message.content = content.map(|content| content.try_map(Part::try_from)).transpose()?;
        Ok(message)
    }
}

impl<C: Modality> Serialize for Message<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        check::Sent { message: self, rules: &Any::SET }.serialize(serializer)
    }
}

impl<'de, C: Modality> Deserialize<'de> for Message<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?, &Any::SET).map_err(de::Error::custom)
    }
}
