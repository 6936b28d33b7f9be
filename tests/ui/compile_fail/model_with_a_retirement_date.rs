//! A model whose retirement is announced, where deprecations are errors.
//~ error: use of deprecated
//~ @acme/ticket-sorter-mini will be retired on 2027-03-01; use @acme/ticket-sorter
#![deny(deprecated)]

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
