//! A private model, bound by the user's own build script, beside a published one: the same client calls both.
#![deny(deprecated)]

use workers_ai::{Client, Error, lit, prelude::*, text_embeddings::bge_m3};
use workers_ai_ui_fixture::{prelude::*, ticket_sorter as sorter};

async fn sort(client: &Client) -> Result<(), Error> {
    let request = sorter::Request::new("My parcel came open.").team(sorter::Team::Returns).top(lit!(sorter::Top, 2));
    let reply = client.house_models().ticket_sorter(request).await?;
    let vectors = client.text_embeddings().bge_m3(bge_m3::Request::embedding("sea")).await?;
    let _ = (reply.score, vectors);
    Ok(())
}

fn main() {
    let _ = sort;
}
