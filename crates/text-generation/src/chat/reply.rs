//! What a chat model answers, in whichever dialect, behind one set of questions.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeOwned},
};
use serde_json::Value;
use workers_ai_client::{Answer, Error, Usage};

use super::{
    classic::{Classic, Response},
    completion::{ChatCompletion, Choice, TextCompletion},
    finish_reason::FinishReason,
    gather::unfenced,
    message::Message,
    modality::Modality,
    quick,
    responses::Responses,
    thoughts,
    tool_call::ToolCall,
};

/// What a chat model answers.
///
/// Models answer in dialects, and some in more than one; which it is shows in what arrives. The methods ask the same
/// questions of all of them, and the variants are the typed originals.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let classic: Reply = serde_json::from_str(r#"{"response": "Blue.", "usage": {"total_tokens": 12}}"#)?;
/// let shaped: Reply = serde_json::from_str(
///     r#"{"object": "chat.completion", "choices": [{"message": {"content": "Blue."}, "finish_reason": "stop"}]}"#,
/// )?;
/// assert_eq!(classic.text(), shaped.text());
/// assert_eq!(classic.usage().and_then(|usage| usage.total_tokens), Some(12));
/// assert!(classic.as_classic().is_some() && shaped.as_completion().is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Reply {
    /// `{response, tool_calls, usage}`, from the classic models.
    Classic(Classic),
    /// A chat completion, from the OpenAI-shaped models.
    Completion(ChatCompletion),
    /// A text completion: how some OpenAI-shaped models answer a bare prompt.
    TextCompletion(TextCompletion),
    /// A reply of the Responses interface.
    Responses(Responses),
    /// None of these. It has no text.
    Unknown(Value),
}

impl Reply {
    /// What the model said; empty when it said nothing. An answer in JSON mode is given as JSON text.
    ///
    /// Thoughts that a model wrote between `<think>` and `</think>` are no part of it; the typed original has them.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply = serde_json::from_str(r#"{"response": "<think>An easy one.</think>Blue."}"#)?;
    /// assert_eq!(reply.text(), "Blue.");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        thoughts::words(self.raw_text())
    }

    /// What the model said, thoughts between marks included.
    fn raw_text(&self) -> Cow<'_, str> {
        match self {
            Self::Classic(reply) => reply.response.as_ref().map(|response| response.text()).unwrap_or_default(),
            Self::Completion(reply) => {
                let content = reply.choices.first().and_then(|choice| choice.message.content.as_deref());
                Cow::Borrowed(content.unwrap_or_default())
            }
            Self::TextCompletion(reply) => {
                let text = reply.choices.first().and_then(|choice| choice.text.as_deref());
                Cow::Borrowed(text.unwrap_or_default())
            }
            Self::Responses(reply) => Cow::Owned(reply.text()),
            Self::Unknown(_) => Cow::Borrowed(""),
        }
    }

    /// What the model thought before it answered, where it tells: in a field of its own or between `<think>` and
    /// `</think>`.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let marked: Reply = serde_json::from_str(r#"{"response": "<think>An easy one.</think>Blue."}"#)?;
    /// let apart: Reply =
    ///     serde_json::from_str(r#"{"choices": [{"message": {"content": "Blue.", "reasoning_content": "An easy one."}}]}"#)?;
    /// assert_eq!(marked.reasoning().as_deref(), Some("An easy one."));
    /// assert_eq!(marked.reasoning(), apart.reasoning());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn reasoning(&self) -> Option<Cow<'_, str>> {
        self.told_reasoning().or_else(|| match self.raw_text() {
            Cow::Borrowed(text) => thoughts::split(text).0.map(Cow::Borrowed),
            Cow::Owned(text) => thoughts::split(&text).0.map(|thoughts| Cow::Owned(thoughts.to_owned())),
        })
    }

    fn told_reasoning(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Completion(reply) => {
                let message = &reply.choices.first()?.message;
                // One name or the other, and a model may change its mind between two replies.
                let mut names = [&message.reasoning, &message.reasoning_content].into_iter().flatten();
                names.find(|text| !text.is_empty()).map(|text| Cow::Borrowed(text.as_str()))
            }
            Self::Responses(reply) => reply.reasoning().map(Cow::Owned),
            Self::Classic(_) | Self::TextCompletion(_) | Self::Unknown(_) => None,
        }
    }

    /// The tools that the model wants to be run. A call without an id gets one.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply = serde_json::from_str(r#"{"tool_calls": [{"name": "weather", "arguments": {"city": "Lisbon"}}]}"#)?;
    /// for call in reply.tool_calls() {
    ///     assert_eq!((call.name(), call.arguments()?["city"].as_str()), ("weather", Some("Lisbon")));
    ///     assert!(call.id().is_some());
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn tool_calls(&self) -> Vec<ToolCall> {
        let mut calls = match self {
            Self::Classic(reply) => reply.tool_calls.clone(),
            Self::Completion(reply) => {
                reply.choices.first().map(|choice| choice.message.tool_calls.clone()).unwrap_or_default()
            }
            Self::Responses(reply) => reply.tool_calls(),
            Self::TextCompletion(_) | Self::Unknown(_) => Vec::new(),
        };
        ToolCall::identify(&mut calls);
        calls
    }

    /// What the call used.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply = serde_json::from_str(r#"{"response": "Blue.", "usage": {"prompt_tokens": 9, "completion_tokens": 3}}"#)?;
    /// let usage = reply.usage().expect("this model counts");
    /// assert_eq!((usage.prompt_tokens, usage.completion_tokens), (Some(9), Some(3)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        match self {
            Self::Classic(reply) => reply.usage.as_ref(),
            Self::Completion(reply) => reply.usage.as_ref(),
            Self::TextCompletion(reply) => reply.usage.as_ref(),
            Self::Responses(reply) => reply.usage.as_ref(),
            Self::Unknown(_) => None,
        }
    }

    /// Why the model stopped. Classic models do not tell, but calls of tools speak for themselves.
    ///
    /// ```
    /// use workers_ai_text_generation::{FinishReason, Reply};
    ///
    /// let reply: Reply = serde_json::from_str(r#"{"choices": [{"message": {"content": "It is b"}, "finish_reason": "length"}]}"#)?;
    /// let cut_off = reply.finish_reason() == Some(FinishReason::Length);
    /// assert!(cut_off, "ask again with more tokens");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn finish_reason(&self) -> Option<FinishReason> {
        match self {
            Self::Completion(reply) => reply.choices.first()?.finish_reason.clone(),
            Self::TextCompletion(reply) => reply.choices.first()?.finish_reason.clone(),
            Self::Responses(reply) => reply.finish_reason(),
            Self::Classic(reply) => (!reply.tool_calls.is_empty()).then_some(FinishReason::ToolCalls),
            Self::Unknown(_) => None,
        }
    }

    /// The answer as a type of yours, when it was asked for as JSON.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply = serde_json::from_str(r#"{"response": {"city": "Lisbon"}}"#)?;
    /// let place: std::collections::HashMap<String, String> = reply.json()?;
    /// assert_eq!(place["city"], "Lisbon");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the answer is not JSON, or not of that type: the error names the place. When the model's budget ran out in the
    /// middle of the answer, it says so.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let read = match self {
            Self::Classic(Classic { response: Some(Response::Json(value)), .. }) => {
                serde_path_to_error::deserialize(value)
            }
            _ => {
                let text = self.text();
                // Some models put a fence around their JSON.
                let text = unfenced(&text);
                serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&text))
            }
        };
        read.map_err(|error| {
            let path = error.path().to_string();
            let cut = if self.finish_reason() == Some(FinishReason::Length) { "the answer was cut off: " } else { "" };
            match path.as_str() {
                "." => de::Error::custom(format_args!("{cut}{}", error.inner())),
                path => de::Error::custom(format_args!("{cut}{path}: {}", error.inner())),
            }
        })
    }

    /// The answer as a message, to go on with the conversation.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, Reply};
    ///
    /// let mut conversation: Vec<Message> = vec![Message::user("What colour is the sky?")];
    /// let reply: Reply = serde_json::from_str(r#"{"response": "Blue."}"#)?;
    /// conversation.push(reply.to_message());
    /// assert_eq!(conversation[1].text(), "Blue.");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_message<C: Modality>(&self) -> Message<C> {
        let message = Message::assistant(self.text()).with_tool_calls(self.tool_calls());
        match self.reasoning() {
            Some(reasoning) => message.with_reasoning(reasoning),
            None => message,
        }
    }

    /// The reply of a classic model, if it is one.
    #[must_use]
    pub fn as_classic(&self) -> Option<&Classic> {
        match self {
            Self::Classic(reply) => Some(reply),
            _ => None,
        }
    }

    /// The chat completion, if it is one.
    #[must_use]
    pub fn as_completion(&self) -> Option<&ChatCompletion> {
        match self {
            Self::Completion(reply) => Some(reply),
            _ => None,
        }
    }

    /// The text completion, if it is one.
    #[must_use]
    pub fn as_text_completion(&self) -> Option<&TextCompletion> {
        match self {
            Self::TextCompletion(reply) => Some(reply),
            _ => None,
        }
    }

    /// The reply of the Responses interface, if it is one.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply = serde_json::from_str(
    ///     r#"{"object": "response", "status": "completed",
    ///         "output": [{"type": "message", "content": [{"type": "output_text", "text": "Blue."}]}]}"#,
    /// )?;
    /// assert_eq!(reply.text(), "Blue.");
    /// assert_eq!(reply.as_responses().and_then(|whole| whole.status.as_deref()), Some("completed"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn as_responses(&self) -> Option<&Responses> {
        match self {
            Self::Responses(reply) => Some(reply),
            _ => None,
        }
    }

    /// All answers of a chat completion; other replies have one, which the methods above speak of.
    ///
    /// ```
    /// use workers_ai_text_generation::Reply;
    ///
    /// let reply: Reply =
    ///     serde_json::from_str(r#"{"choices": [{"message": {"content": "Blue."}}, {"message": {"content": "Azure."}}]}"#)?;
    /// let answers: Vec<_> = reply.choices().iter().filter_map(|choice| choice.message.content.as_deref()).collect();
    /// assert_eq!(answers, ["Blue.", "Azure."]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Completion(reply) => &reply.choices,
            _ => &[],
        }
    }

    fn from_json(value: Value) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        let is = |object: &str| value.get("object").and_then(Value::as_str) == Some(object);
        let has = |field: &str| value.get(field).is_some();
        let has_text = || value.pointer("/choices/0").is_some_and(|choice| choice.get("text").is_some());
        if has("choices") {
            if is("text_completion") || (!is("chat.completion") && has_text()) {
                read(value).map(Self::TextCompletion)
            } else {
                read(value).map(Self::Completion)
            }
        } else if has("output") || is("response") {
            read(value).map(Self::Responses)
        } else if has("response") || has("tool_calls") {
            read(value).map(Self::Classic)
        } else {
            Ok(Self::Unknown(value))
        }
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(value)
}

impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl workers_ai_client::Reply for Reply {
    fn decode(answer: Answer) -> Result<Self, Error> {
        let read = || quick::reply(std::str::from_utf8(answer.result().ok()?).ok()?);
        match answer.is_json().then(read).flatten() {
            Some(reply) => Ok(reply),
            None => answer.json(),
        }
    }
}
