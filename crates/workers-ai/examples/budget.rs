//! A budget of neurons: what calls will cost, what they did cost, and where the day ends.
//!
//! `cargo run -p workers-ai --example budget`

mod support;

use std::time::{Duration, SystemTime};

use support::Failure;
use workers_ai::text_generation::llama_3_2_1b_instruct as llama;
use workers_ai::text_to_image::flux_1_schnell as flux;
use workers_ai::{Budget, BudgetState, Work, prelude::*};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // The prices are in the types: nothing is sent to know what a picture costs.
    let picture = Work { width: 1024, height: 1024, steps: 4, ..Work::default() };
    println!("a picture of 1024 by 1024 in 4 steps is {:.2} neurons", flux::INFO.neurons(&picture).unwrap_or_default());

    // Every account has 10,000 neurons free each day (`Budget::free_daily`). This program makes do with 500.
    let budget = Budget::refuse_at(500.0);
    let client = support::builder().await?.budget(budget.clone()).build()?;

    let answer = client.text_generation().llama_3_2_1b_instruct(llama::Request::prompt("Why is the sky blue?"));
    let answer = answer.send().await?;
    println!("an answer was {} neurons; {}", answer.neurons().unwrap_or_default(), left(&budget));

    // Pictures until the day's neurons are gone. The last call is refused here, before it is sent.
    let refused = loop {
        match client.text_to_image().flux_1_schnell(flux::Request::new("a lighthouse")).send().await {
            Ok(drawn) => println!("a picture was {} neurons; {}", drawn.neurons().unwrap_or_default(), left(&budget)),
            Err(error) if error.is_budget_exhausted() => break error,
            Err(error) => return Err(error.into()),
        }
    };
    println!("refused: {refused}");

    // What was counted outlives the program.
    let kept = serde_json::to_string(&budget.state())?;
    let state: BudgetState = serde_json::from_str(&kept)?;
    println!("after a restart, from {kept}: {}", left(&Budget::refuse_at(500.0).resume(state)));

    // And is forgotten at midnight UTC.
    let tomorrow = || SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    println!("tomorrow: {}", left(&Budget::refuse_at(500.0).clock(tomorrow).resume(state)));

    // A budget can also let everything pass, and tell.
    let lenient = Budget::warn_at(100.0, |over| println!("warning for {}: {over}", over.model));
    let client = support::builder().await?.budget(lenient).build()?;
    client.text_to_image().flux_1_schnell(flux::Request::new("a harbour")).await?;
    Ok(())
}

fn left(budget: &Budget) -> String {
    format!("{:.2} spent, {:.2} left", budget.spent(), budget.remaining().unwrap_or(f64::INFINITY))
}
