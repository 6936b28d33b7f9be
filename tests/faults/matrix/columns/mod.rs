//! The ways of calling: what a good answer to each is, and what its caller has in the end.

mod batch;
mod binary;
mod multipart;
mod plain;
mod session;
mod stream;

use std::{future::Future, pin::Pin};

use workers_ai::Client;
use workers_ai_faults::{Asked, Kind, Reply};

use crate::play::Outcome;

/// What the server says to a request if nothing is wrong, and whether the fault is meant for this one.
pub(crate) type Replies = Box<dyn Fn(&Asked) -> (Reply, bool) + Send + Sync>;

pub(crate) type Calling<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// What a success costs, where the service says so in a header.
pub(crate) const PRICE: f64 = 2.5;

/// A way of calling.
pub(crate) trait Column: Sync {
    /// Its name in the table.
    fn name(&self) -> &'static str;

    /// What it is answered with.
    fn kind(&self) -> Kind;

    fn replies(&self) -> Replies;

    /// Makes the call.
    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a>;

    /// What the caller has in the end if nothing is wrong.
    fn answer(&self) -> &'static str;

    /// What the first part of a reply brings, of those that arrive in parts.
    fn answer_begins(&self) -> &'static str {
        ""
    }

    /// What each reply is charged with, where a header says so.
    fn price(&self) -> Option<f64> {
        Some(PRICE)
    }
}

pub(crate) fn all() -> Vec<Box<dyn Column>> {
    vec![
        Box::new(plain::Plain),
        Box::new(stream::Stream),
        Box::new(binary::Binary),
        Box::new(multipart::Multipart),
        Box::new(batch::Enqueue),
        Box::new(batch::Poll),
        Box::new(session::Session),
    ]
}

/// The same reply to every request, which is the faulty one.
fn always(reply: Reply) -> Replies {
    Box::new(move |_| (reply.clone(), true))
}

/// With what the service charges.
fn charged(reply: Reply) -> Reply {
    reply.header("cf-ai-neurons", PRICE.to_string())
}

fn outcome<T>(result: Result<T, workers_ai::Error>, text: impl FnOnce(T) -> String) -> Outcome {
    match result {
        Ok(value) => Outcome { text: text(value), error: None },
        Err(error) => Outcome { text: String::new(), error: Some(error) },
    }
}
