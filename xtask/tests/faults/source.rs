//! The two sources of `fetch` that are behind a URL, in which nothing is wrong.

use serde_json::{Value, json};
use workers_ai_faults::{Asked, Kind, Reply};

use crate::checkout::model;

const ID: &str = "@cf/a/one";

/// Where a snapshot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The account API: a list, then a schema a model.
    Api,
    /// The public feed, in one piece.
    Feed,
}

impl Source {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Api => "fetch: API",
            Self::Feed => "fetch: feed",
        }
    }

    /// What is replied to it.
    pub(crate) fn kind(self) -> Kind {
        Kind::Json
    }

    /// What comes after the host in its URL.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Api => "/client/v4",
            Self::Feed => "/2026-11.json",
        }
    }

    /// What is replied if nothing is wrong.
    pub(crate) fn reply(self, asked: &Asked) -> Reply {
        let mut whole = model(ID, "Translation");
        match self {
            Self::Feed => reply(&json!({"models": [whole]})),
            Self::Api if asked.target.contains("/ai/models/schema") => reply(&enveloped(whole["schema"].take())),
            Self::Api => {
                whole.as_object_mut().unwrap().remove("schema");
                reply(&enveloped(json!([whole])))
            }
        }
    }
}

fn enveloped(result: Value) -> Value {
    json!({"result": result, "success": true, "errors": [], "messages": []})
}

fn reply(body: &Value) -> Reply {
    Reply::json(&body.to_string())
}
