//! A chat model chosen at run time.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use workers_ai_client::Info;

use super::super::{
    messages::Messages,
    modality::Modality,
    rules::{RuleSet, Rules, Strict},
};

/// What a chat model takes, as its published schema says.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ChatFacts {
    info: &'static Info,
    rules: RuleSet,
    sees: bool,
    parameters: &'static [&'static str],
}

/// A conversation as the type of a request's field.
#[doc(hidden)]
pub trait Conversation {
    /// What is demanded of it.
    const RULES: RuleSet;
    /// Whether it may hold images.
    const SEES: bool;
}

impl<C: Modality, R: Rules> Conversation for Messages<C, R> {
    const RULES: RuleSet = R::SET;
    const SEES: bool = C::ATTACHES;
}

impl ChatFacts {
    /// A model, the type of its conversation, and the names of its parameters.
    #[must_use]
    pub const fn new<M: Conversation>(info: &'static Info, parameters: &'static [&'static str]) -> Self {
        Self { info, rules: M::RULES, sees: M::SEES, parameters }
    }
}

/// A chat model chosen at run time: by configuration, by the user, by what is free.
///
/// It is made from an id. Of the models in these bindings it knows what they take; any other id is treated like the
/// newest models, which speak OpenAI's dialect.
///
/// ```
/// use workers_ai_text_generation::ChatModel;
///
/// let model: ChatModel = "@cf/meta/llama-3.3-70b-instruct-fp8-fast".parse()?;
/// assert!(model.calls_tools() && !model.sees());
/// assert!(model.info().is_some_and(|info| info.context_window.is_some()));
///
/// let newer: ChatModel = "@cf/somebody/model-of-tomorrow".parse()?;
/// assert!(newer.info().is_none());
///
/// assert!("llama-3.3-70b-instruct-fp8-fast".parse::<ChatModel>().unwrap_err().to_string().contains("@cf/meta/llama"));
/// assert!(ChatModel::all().count() > 20);
/// # Ok::<(), workers_ai_text_generation::UnknownModel>(())
/// ```
///
/// It reads from and is written to configuration as its id.
#[derive(Clone)]
pub struct ChatModel {
    pub(super) id: Cow<'static, str>,
    facts: Option<&'static ChatFacts>,
}

impl ChatModel {
    /// All chat models of these bindings.
    ///
    /// ```
    /// use workers_ai_text_generation::ChatModel;
    ///
    /// // Everything that can look at a picture and call a tool.
    /// let able = ChatModel::all().filter(|model| model.sees() && model.calls_tools());
    /// assert!(able.count() > 0);
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        crate::CHAT_MODELS.iter().map(|facts| Self { id: Cow::Borrowed(facts.info.id), facts: Some(facts) })
    }

    /// The id used in requests.
    ///
    /// ```
    /// use workers_ai_text_generation::ChatModel;
    ///
    /// // A menu.
    /// let ids: Vec<String> = ChatModel::all().map(|model| model.id().to_owned()).collect();
    /// assert!(ids.iter().any(|id| id == "@cf/zai-org/glm-4.7-flash"));
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The published facts, of a model in these bindings.
    #[must_use]
    pub fn info(&self) -> Option<&'static Info> {
        self.facts.map(|facts| facts.info)
    }

    /// Whether the model sees images. One that is not in these bindings is taken to.
    #[must_use]
    pub fn sees(&self) -> bool {
        self.facts.is_none_or(|facts| facts.sees)
    }

    /// Whether the model calls tools. One that is not in these bindings is taken to.
    #[must_use]
    pub fn calls_tools(&self) -> bool {
        self.takes("tools")
    }

    /// Whether the model can be held to a JSON Schema. One that is not in these bindings is taken to.
    ///
    /// ```
    /// use workers_ai_text_generation::{ChatModel, ChatRequest, ResponseFormat};
    ///
    /// # fn main() -> Result<(), workers_ai_text_generation::UnknownModel> {
    /// # let schema = serde_json::json!({"type": "object"});
    /// let model: ChatModel = "@cf/meta/llama-3.3-70b-instruct-fp8-fast".parse()?;
    /// let request = ChatRequest::new("Name a city.");
    /// let request = if model.answers_in_json() {
    ///     request.response_format(ResponseFormat::json_schema(schema))
    /// } else {
    ///     request
    /// };
    /// # assert!(request.response_format.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn answers_in_json(&self) -> bool {
        self.takes("response_format")
    }

    pub(super) fn takes(&self, parameter: &str) -> bool {
        self.facts.is_none_or(|facts| facts.parameters.contains(&parameter))
    }

    pub(super) fn rules(&self) -> &RuleSet {
        self.facts.map_or(&Strict::SET, |facts| &facts.rules)
    }
}

impl FromStr for ChatModel {
    type Err = UnknownModel;

    /// Fails for what cannot be the id of a chat model: one without an author, or of another kind of model in these
    /// bindings.
    fn from_str(id: &str) -> Result<Self, UnknownModel> {
        let id = id.trim();
        if let Some(known) = Self::all().find(|model| model.id() == id) {
            return Ok(known);
        }
        let parts = id.strip_prefix('@').unwrap_or(id).split('/');
        let well_formed = parts.clone().count() >= 2 && parts.clone().all(|part| !part.is_empty());
        if !well_formed || id.contains(char::is_whitespace) || crate::MODELS.iter().any(|info| info.id == id) {
            let last = id.rsplit('/').next().unwrap_or(id);
            let nearest = crate::CHAT_MODELS.iter().map(|facts| facts.info.id).find(|known| {
                !last.is_empty() && known.rsplit('/').next().is_some_and(|name| name == last || name.contains(last))
            });
            return Err(UnknownModel { id: id.to_owned(), nearest });
        }
        Ok(Self { id: Cow::Owned(id.to_owned()), facts: None })
    }
}

impl fmt::Display for ChatModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl fmt::Debug for ChatModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChatModel").field(&self.id).finish()
    }
}

impl PartialEq for ChatModel {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ChatModel {}

impl Serialize for ChatModel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}

impl<'de> Deserialize<'de> for ChatModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// An id that is no chat model's.
///
/// ```
/// use workers_ai_text_generation::ChatModel;
///
/// let error = "llama-3.3-70b-instruct-fp8-fast".parse::<ChatModel>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`llama-3.3-70b-instruct-fp8-fast` is not the id of a chat model; \
///      did you mean `@cf/meta/llama-3.3-70b-instruct-fp8-fast`?",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownModel {
    id: String,
    nearest: Option<&'static str>,
}

impl fmt::Display for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the id of a chat model", self.id)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => f.write_str(", which looks like `@cf/author/model`"),
        }
    }
}

impl std::error::Error for UnknownModel {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic fails the test")]

    use serde_json::json;

    use super::*;

    const GPT: &str = "@cf/openai/gpt-oss-120b";

    #[test]
    fn a_model_reads_from_configuration() {
        let model: ChatModel = serde_json::from_value(json!(GPT)).unwrap();
        assert_eq!(serde_json::to_value(&model).unwrap(), GPT);
        assert!(serde_json::from_value::<ChatModel>(json!("gpt-oss-120b")).unwrap_err().to_string().contains(GPT));
        assert!("".parse::<ChatModel>().is_err());
    }
}
