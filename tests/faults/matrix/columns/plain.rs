//! A question, answered in one piece.

use workers_ai::{Client, prelude::*, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};
use workers_ai_faults::{Kind, Reply};

use super::{Calling, Column, Replies, always, charged, outcome};

pub(crate) struct Plain;

impl Column for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn kind(&self) -> Kind {
        Kind::Json
    }

    fn replies(&self) -> Replies {
        always(charged(Reply::json(
            r#"{"result":{"response":"the sky is blue","usage":{"prompt_tokens":9,"completion_tokens":4}},"success":true,"errors":[],"messages":[]}"#,
        )))
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            let request = llama::Request::prompt("Why is the sky blue?");
            let reply = client.text_generation().llama_3_3_70b_instruct_fp8_fast(request).await;
            outcome(reply, |reply| reply.text().to_string())
        })
    }

    fn answer(&self) -> &'static str {
        "the sky is blue"
    }
}
