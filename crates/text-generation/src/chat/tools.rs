//! The tools of a request, with what the model demands of them.

use std::{marker::PhantomData, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;

use super::{
    rules::{Classic, Rules},
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
pub struct Tools<R: Rules = Classic> {
    list: Vec<Tool>,
    rules: PhantomData<R>,
}

impl<R: Rules> Tools<R> {
    /// No tools yet.
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
