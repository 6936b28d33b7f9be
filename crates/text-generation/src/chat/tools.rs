//! The tools of a request, with what the model demands of them.

use std::{marker::PhantomData, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use super::{
    rules::{Any, Rules},
    tool::Tool,
};

/// The tools of a request, with what a model's published schema demands of them.
///
/// The same [`Tool`] goes to every model: on the way out it takes the form the model wants, and what the schema demands
/// but a tool may leave out (a description, say) is filled in. A tool that cannot take the form is refused before anything
/// is sent.
///
/// ```
/// use serde_json::json;
/// use workers_ai_text_generation::{Classic, Strict, Tool, Tools};
///
/// let flat: Tool = serde_json::from_value(json!({"name": "now"}))?;
/// let tools: Tools<Strict> = Tools::from([flat]);
/// assert_eq!(serde_json::to_value(&tools)?, json!([{"type": "function", "function": {"name": "now"}}]));
///
/// let tools: Tools<Classic> = Tools::from(Tool::custom("draw", "Draws"));
/// assert!(serde_json::to_value(&tools).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools<R: Rules = Any> {
    list: Vec<Tool>,
    rules: PhantomData<R>,
}

impl<R: Rules> Tools<R> {
    /// No tools yet.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Any, Tool, Tools};
    ///
    /// let mut tools = Tools::<Any>::new();
    /// tools.push(Tool::function("now", "The time, in UTC", json!({"type": "object", "properties": {}})));
    /// assert_eq!(tools.into_vec().len(), 1);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::from(Vec::new())
    }

    /// Adds a tool.
    pub fn push(&mut self, tool: Tool) {
        self.list.push(tool);
    }

    /// The tools as a plain list.
    #[must_use]
    pub fn into_vec(self) -> Vec<Tool> {
        self.list
    }
}

impl<R: Rules> Default for Tools<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Rules> Deref for Tools<R> {
    type Target = [Tool];

    fn deref(&self) -> &[Tool] {
        &self.list
    }
}

impl<R: Rules> From<Vec<Tool>> for Tools<R> {
    fn from(list: Vec<Tool>) -> Self {
        Self { list, rules: PhantomData }
    }
}

impl<R: Rules> From<&Vec<Tool>> for Tools<R> {
    fn from(list: &Vec<Tool>) -> Self {
        Self::from(list.clone())
    }
}

impl<R: Rules> From<&[Tool]> for Tools<R> {
    fn from(list: &[Tool]) -> Self {
        Self::from(list.to_vec())
    }
}

impl<R: Rules, const N: usize> From<[Tool; N]> for Tools<R> {
    fn from(list: [Tool; N]) -> Self {
        Self::from(Vec::from(list))
    }
}

impl<R: Rules> From<Tool> for Tools<R> {
    fn from(tool: Tool) -> Self {
        Self::from(vec![tool])
    }
}

impl<R: Rules> FromIterator<Tool> for Tools<R> {
    fn from_iter<I: IntoIterator<Item = Tool>>(tools: I) -> Self {
        Self::from(Vec::from_iter(tools))
    }
}

impl<R: Rules> IntoIterator for Tools<R> {
    type Item = Tool;
    type IntoIter = std::vec::IntoIter<Tool>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, R: Rules> IntoIterator for &'a Tools<R> {
    type Item = &'a Tool;
    type IntoIter = std::slice::Iter<'a, Tool>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<R: Rules> Serialize for Tools<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let adapted: Vec<Tool> = self.list.iter().map(|tool| tool.adapted(R::SET.tools)).collect();
        adapted.iter().try_for_each(|tool| tool.check(R::SET.tools)).map_err(ser::Error::custom)?;
        adapted.serialize(serializer)
    }
}

impl<'de, R: Rules> Deserialize<'de> for Tools<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Value>::deserialize(deserializer)?;
        let read = |value| {
            let tool = Tool::from_json(value)?;
            tool.check(R::SET.tools)?;
            Ok(tool)
        };
        list.into_iter().map(read).collect::<Result<_, String>>().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;
    use crate::{Classic, Strict};

    #[track_caller]
    fn check<R: Rules>(tool: Tool, sent: Result<Value, &str>) {
        let tools: Tools<R> = Tools::from(tool);
        match sent {
            Ok(sent) => assert_eq!(serde_json::to_value(&tools).unwrap(), json!([sent])),
            Err(reason) => assert_eq!(serde_json::to_value(&tools).unwrap_err().to_string(), reason),
        }
    }

    #[test]
    fn what_a_classic_schema_demands_is_filled_in() {
        let parameters = json!({"properties": {"city": {"type": ["string", "null"]}}});
        check::<Classic>(
            Tool::function("weather", "The weather", parameters),
            Ok(json!({"type": "function", "function": {
                "name": "weather",
                "description": "The weather",
                "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": ""}}},
            }})),
        );
    }

    #[test]
    fn what_cannot_be_said_to_a_classic_model_is_refused() {
        let parameters = json!({"properties": {"city": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}});
        check::<Classic>(
            Tool::function("weather", "The weather", parameters),
            Err("tool `weather`: parameter `city`: type is missing (this model takes no unions or references)"),
        );
        check::<Classic>(Tool::custom("draw", "Draws"), Err("tool `draw`: this model knows functions only"));
    }

    #[test]
    fn an_openai_shaped_model_takes_any_parameters() {
        let parameters = json!({"properties": {"city": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}});
        check::<Strict>(
            Tool::function("weather", "The weather", parameters.clone()).strict(),
            Ok(json!({"type": "function", "function": {
                "name": "weather", "description": "The weather", "parameters": parameters, "strict": true,
            }})),
        );
        check::<Strict>(
            Tool::custom("draw", "Draws"),
            Ok(json!({"type": "custom", "custom": {"name": "draw", "description": "Draws"}})),
        );
    }
}
