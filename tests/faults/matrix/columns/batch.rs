//! Requests for the queue: handing them in, which must not happen twice, and asking for the answers.

use workers_ai::{
    Client, Error,
    text_embeddings::bge_base_en_v1_5::{BgeBaseEnV1_5, Request},
};
use workers_ai_faults::{Asked, Kind, Reply};

use super::{Calling, Column, Replies, outcome};

const ACCEPTED: &str = r#"{"result":{"status":"queued","request_id":"768f15b7-4fd6-4498-906e-ad94ffc7f8d2","model":"@cf/baai/bge-base-en-v1.5"},"success":true,"errors":[],"messages":[]}"#;

const ANSWERED: &str = r#"{"result":{"responses":[{"id":0,"success":true,"external_reference":"","result":{"shape":[1,2],"data":[[0.5,0.25]]}}],"usage":{"prompt_tokens":2}},"success":true,"errors":[],"messages":[]}"#;

async fn through_the_queue(client: &Client) -> Result<String, Error> {
    let queued = client.enqueue::<BgeBaseEnV1_5>([Request::new("the sea")]).await?;
    let mut results = queued.wait().await?.into_results();
    let reply = results.next().unwrap()?;
    Ok(format!("{:?}", reply.data.first().unwrap()))
}

fn replies(is_target: fn(is_question: bool) -> bool) -> Replies {
    Box::new(move |asked: &Asked| {
        let is_question = asked.says("request_id");
        (Reply::json(if is_question { ANSWERED } else { ACCEPTED }), is_target(is_question))
    })
}

pub(crate) struct Enqueue;

impl Column for Enqueue {
    fn name(&self) -> &'static str {
        "batch: enqueue"
    }

    fn kind(&self) -> Kind {
        Kind::Json
    }

    fn replies(&self) -> Replies {
        replies(|is_question| !is_question)
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async { outcome(through_the_queue(client).await, |text| text) })
    }

    fn answer(&self) -> &'static str {
        "[0.5, 0.25]"
    }

    /// Counted by its estimate.
    fn price(&self) -> Option<f64> {
        None
    }
}

pub(crate) struct Poll;

impl Column for Poll {
    fn name(&self) -> &'static str {
        "batch: poll"
    }

    fn kind(&self) -> Kind {
        Kind::Json
    }

    fn replies(&self) -> Replies {
        replies(|is_question| is_question)
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            // The batch was handed in by another program: asking for it costs nothing.
            let queued = client.queued::<BgeBaseEnV1_5>("768f15b7-4fd6-4498-906e-ad94ffc7f8d2");
            let answered = async {
                let mut results = queued.wait().await?.into_results();
                let reply = results.next().unwrap()?;
                Ok(format!("{:?}", reply.data.first().unwrap()))
            };
            outcome(answered.await, |text| text)
        })
    }

    fn answer(&self) -> &'static str {
        "[0.5, 0.25]"
    }

    fn price(&self) -> Option<f64> {
        Some(0.0)
    }
}
