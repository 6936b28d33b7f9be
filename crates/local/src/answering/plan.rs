//! Which source answers for which model.

use super::Source;
use crate::sandbox::matches;

/// Which source answers for which model, where a request does not say so itself.
///
/// ```
/// use workers_ai_local::{Plan, Source};
///
/// let plan = Plan::all(Source::Upstream).model("@cf/baai/*", Source::Synthetic);
/// assert_eq!(plan.source("@cf/baai/bge-m3"), Some(Source::Synthetic));
/// assert_eq!(plan.source("@cf/meta/llama-3.2-1b-instruct"), Some(Source::Upstream));
/// assert_eq!(Plan::default().source("@cf/baai/bge-m3"), None);
/// ```
///
/// What the plan says nothing of is replayed on a server that has recordings, and made up on any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    default: Option<Source>,
    rules: Vec<(String, Source)>,
}

impl Plan {
    /// One source for everything.
    ///
    /// ```
    /// use workers_ai_local::{Plan, Source};
    ///
    /// assert_eq!(Plan::all(Source::Replay).source("@cf/any/model"), Some(Source::Replay));
    /// ```
    #[must_use]
    pub fn all(source: Source) -> Self {
        Self { default: Some(source), rules: Vec::new() }
    }

    /// This source for models like this one, in which `*` stands for anything. Of several rules that are about a model the
    /// last one holds.
    ///
    /// ```
    /// use workers_ai_local::{Plan, Source};
    ///
    /// let plan = Plan::default().model("*", Source::Upstream).model("*flux*", Source::Synthetic);
    /// assert_eq!(plan.source("@cf/black-forest-labs/flux-1-schnell"), Some(Source::Synthetic));
    /// ```
    #[must_use]
    pub fn model(mut self, pattern: impl Into<String>, source: Source) -> Self {
        self.rules.push((pattern.into(), source));
        self
    }

    /// The source for a model, where the plan names one. A request of no model, such as a conversion to Markdown, has the
    /// empty id.
    #[must_use]
    pub fn source(&self, model: &str) -> Option<Source> {
        let rule = self.rules.iter().rev().find(|(pattern, _)| matches(pattern, model));
        rule.map(|(_, source)| *source).or(self.default)
    }

    /// Every source that the plan names.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        self.default.into_iter().chain(self.rules.iter().map(|(_, source)| *source))
    }
}
