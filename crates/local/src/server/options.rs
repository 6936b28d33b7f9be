//! What a call may ask for besides its input: a gateway, tags, a place in the queue.

use serde::Deserialize;
use serde_json::Value;

use super::{Shared, gateway};
use crate::refusal::Refusal;

const MOST_TAGS: usize = 5;
const LONGEST_TAG: usize = 50;

/// The options that a server can obey or must check. Those that concern the runtime alone (`prefix`, `returnRawResponse`,
/// `signal`, `websocket`) and those that ask how the account's traffic is handled (`rejectIfBusy`: a local server is
/// never too busy) need nothing done.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Options {
    pub(super) queue_request: bool,
    reject_if_busy: bool,
    tags: Vec<String>,
    gateway: Option<Gateway>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Gateway {
    id: Option<String>,
}

impl Options {
    /// Options as a JSON object; none where there are none.
    pub(super) fn read(options: Option<Value>) -> Result<Self, Refusal> {
        match options {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(mut options) => {
                // Null is an option that is not set.
                if let Some(members) = options.as_object_mut() {
                    members.retain(|_, value| !value.is_null());
                }
                Self::deserialize(options)
                    .map_err(|error| Refusal::bad_input(&format!("the options are wrong: {error}")))
            }
        }
    }

    /// Options that are parameters of their own, as the runtime writes them beside a body that is a stream. It cannot
    /// write objects there, and refuses a gateway itself.
    pub(super) fn from_query(query: &[(String, String)]) -> Result<Self, Refusal> {
        let get = |name: &str| query.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let tags = get("tags").filter(|tags| !tags.is_empty());
        let options = Self {
            queue_request: get("queueRequest") == Some("true"),
            reject_if_busy: get("rejectIfBusy") == Some("true"),
            tags: tags.map(|tags| tags.split(',').map(str::to_owned).collect()).unwrap_or_default(),
            gateway: None,
        };
        options.check_tags()?;
        Ok(options)
    }

    /// Refuses tags that break the service's rules, and gateways that are not there.
    pub(super) fn check(&self, shared: &Shared) -> Result<(), Refusal> {
        self.check_tags()?;
        match self.gateway_id() {
            Some(id) => gateway::check(shared, id),
            None => Ok(()),
        }
    }

    /// The gateway that the call passes through.
    pub(super) fn gateway_id(&self) -> Option<&str> {
        self.gateway.as_ref()?.id.as_deref().filter(|id| !id.is_empty())
    }

    /// Refuses tags that break the service's rules.
    pub(super) fn check_tags(&self) -> Result<(), Refusal> {
        if self.tags.len() > MOST_TAGS {
            return Err(Refusal::bad_input(&format!(
                "at most {MOST_TAGS} tags are allowed, {} were given",
                self.tags.len()
            )));
        }
        let is_right = |tag: &&String| {
            (1..=LONGEST_TAG).contains(&tag.chars().count())
                && tag.chars().all(|letter| letter.is_ascii_alphanumeric() || ":-./@".contains(letter))
        };
        match self.tags.iter().find(|tag| !is_right(tag)) {
            None => Ok(()),
            Some(tag) => Err(Refusal::bad_input(&format!(
                "the tag {tag:?} is wrong: up to {LONGEST_TAG} letters, digits and : - . / @"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(options: Value, refused_for: Option<&str>) {
        let refusal = Options::read(Some(options.clone())).and_then(|options| options.check_tags()).err();
        match (refusal, refused_for) {
            (None, None) => {}
            (Some(refusal), Some(reason)) => assert!(refusal.message().contains(reason), "{}", refusal.message()),
            (found, _) => unreachable!("{options}: {found:?}"),
        }
    }

    #[test]
    fn tags_are_held_to_the_services_rules() {
        check(json!({"tags": ["team:a", "v1.2/x-y@z"]}), None);
        check(json!({"tags": ["1", "2", "3", "4", "5", "6"]}), Some("at most 5"));
        check(json!({"tags": ["two words"]}), Some("\"two words\""));
        check(json!({"tags": ["x".repeat(51)]}), Some("up to 50"));
        check(json!({"tags": null, "gateway": null}), None);
        check(json!({"tags": "one"}), Some("the options are wrong"));
    }

    #[test]
    fn what_concerns_the_runtime_alone_is_let_pass() {
        check(json!({"returnRawResponse": true, "websocket": true, "rejectIfBusy": true, "unheardOf": 1}), None);
        check(json!({"gateway": {"id": "mine", "skipCache": true, "cacheTtl": 60, "metadata": {"a": 1}}}), None);
        assert_eq!(Options::read(None).unwrap().gateway_id(), None);
    }

    #[test]
    fn options_may_stand_in_the_query() {
        let pairs = |text: &[(&str, &str)]| -> Vec<(String, String)> {
            text.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let options = Options::from_query(&pairs(&[("queueRequest", "true"), ("tags", "a,b")])).unwrap();
        assert!(options.queue_request && options.tags == ["a", "b"]);
        assert!(Options::from_query(&pairs(&[("tags", "a b")])).is_err());
    }
}
