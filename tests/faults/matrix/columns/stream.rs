//! A question, answered piece by piece.

use workers_ai::{Client, prelude::*, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};
use workers_ai_faults::{Kind, Reply};

use super::{Calling, Column, Replies, always};
use crate::play::Outcome;

/// So many chunks are enough of an answer that does not end.
const ENOUGH: usize = 5_000;

pub(crate) struct Stream;

impl Column for Stream {
    fn name(&self) -> &'static str {
        "stream"
    }

    fn kind(&self) -> Kind {
        Kind::Events
    }

    fn replies(&self) -> Replies {
        always(Reply::new(
            Kind::Events,
            "data: {\"response\":\"the sky\"}\n\n",
            "data: {\"response\":\" is blue\"}\n\n\
             data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"neurons\":2.5}}\n\ndata: [DONE]\n\n",
        ))
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            let request = llama::Request::prompt("Why is the sky blue?");
            let opened = client.text_generation().llama_3_3_70b_instruct_fp8_fast(request).stream().await;
            let mut chunks = match opened {
                Ok(chunks) => chunks.deltas(),
                Err(error) => return Outcome { text: String::new(), error: Some(error) },
            };
            let mut text = String::new();
            for _ in 0..ENOUGH {
                match chunks.try_next().await {
                    Ok(Some(delta)) => text += &delta.text,
                    Ok(None) => break,
                    Err(error) => {
                        assert_eq!(chunks.reply_so_far().text(), text, "what arrived is also what is collected");
                        return Outcome { text, error: Some(error) };
                    }
                }
            }
            Outcome { text, error: None }
        })
    }

    fn answer(&self) -> &'static str {
        "the sky is blue"
    }

    fn answer_begins(&self) -> &'static str {
        "the sky"
    }

    /// A stream that breaks off has not said what it costs; then the estimate stands.
    fn price(&self) -> Option<f64> {
        None
    }
}
