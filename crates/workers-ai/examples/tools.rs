//! Two tools that a model may call: declared from Rust types, run for it, several at the same time.
//!
//! `cargo run -p workers-ai --example tools`

mod support;

use serde::{Deserialize, Serialize};
use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_generation::schemars::{self, JsonSchema};
use workers_ai::text_generation::{Message, Toolbox, llama_3_3_70b_instruct_fp8_fast as llama};

/// The weather in a city, now.
#[derive(Debug, Deserialize, JsonSchema)]
struct Weather {
    /// The city's name.
    city: String,
    /// In which unit to tell it.
    unit: Option<Unit>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Serialize)]
struct Report {
    city: String,
    degrees: i32,
    sky: &'static str,
}

/// When the tide is high in a harbour.
#[derive(Debug, Deserialize, JsonSchema)]
struct Tides {
    /// The harbour's name.
    harbour: String,
}

async fn weather(asked: Weather) -> Result<Report, String> {
    let celsius = 21;
    let degrees = if let Some(Unit::Fahrenheit) = asked.unit { celsius * 9 / 5 + 32 } else { celsius };
    Ok(Report { city: asked.city, degrees, sky: "clear" })
}

/// A failure is told to the model, which may try another harbour.
async fn tides(asked: Tides) -> Result<&'static str, String> {
    match asked.harbour.as_str() {
        "Lisbon" => Ok("high at 04:12 and 16:37"),
        other => Err(format!("no table for {other}")),
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let tools = Toolbox::new().with(weather).with(tides).rounds(4).before(|call| async move {
        println!("  the model calls {}({})", call.name(), call.arguments_text());
        Ok(()) // or an Err: the model is told, and nothing runs
    });

    let question = vec![Message::user("How is the weather, and how are the tides, in Lisbon?")];
    let answered = tools
        .run(question, |messages, tools| {
            let request = llama::MessagesRequest::new(messages).tools(tools);
            client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
        })
        .await?;

    for message in answered.messages.iter().filter(|message| message.tool_call_id().is_some()) {
        println!("  {} said {}", message.name().unwrap_or("a tool"), message.text());
    }
    println!("{}", answered.reply.text());
    Ok(())
}
