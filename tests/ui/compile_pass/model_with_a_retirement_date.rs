//! A model whose retirement is announced still works where deprecations are allowed.
#![allow(deprecated)]

use workers_ai::{Client, Error};
use workers_ai_ui_fixture::{prelude::*, ticket_sorter_mini as mini};

async fn sort(client: &Client) -> Result<(), Error> {
    let reply = client.house_models().ticket_sorter_mini(mini::Request::new("My parcel came open.")).await?;
    let _ = reply.team;
    Ok(())
}

fn main() {
    let _ = sort;
}
