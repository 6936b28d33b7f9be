//! One conversation, two models of different dialects, chosen at run time: it begins with one, tools and streaming
//! included, and goes on with the other.
//!
//! `cargo run -p workers-ai --example switch_models [FIRST_MODEL] [SECOND_MODEL]`

mod support;

use std::io::Write as _;

use serde::Deserialize;
use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_generation::schemars::{self, JsonSchema};
use workers_ai::text_generation::{AnyChat, ChatModel, ChatRequest, Message, Reply, Toolbox};
use workers_ai::{Call, Error};

/// The weather in a city, now.
#[derive(Deserialize, JsonSchema)]
struct Weather {
    /// The city's name.
    city: String,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let mut arguments = std::env::args().skip(1);
    let mut model = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned()).parse::<ChatModel>();
    let classic = model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")?;
    let shaped = model("@cf/openai/gpt-oss-120b")?;

    let tools = Toolbox::new()
        .with(|asked: Weather| async move { Ok::<_, String>(format!("21 °C and clear in {}", asked.city)) });
    let mut conversation = vec![Message::system("You plan journeys. Look before you answer.")];
    for (model, question) in
        [(&classic, "What is the weather in Lisbon?"), (&shaped, "Is the weather better in Porto?")]
    {
        println!("\n{model}: {question}");
        conversation.push(Message::user(question));
        let answered = tools
            .run(conversation, |messages, tools| {
                let request = ChatRequest::new(messages).tools(tools).max_tokens(512);
                aloud(client.text_generation().chat(model, request))
            })
            .await?;
        conversation = answered.messages;
    }
    println!("\n{} messages in all", conversation.len());
    Ok(())
}

/// Streams an answer to the terminal and gives the whole reply.
async fn aloud(call: Call<AnyChat>) -> Result<Reply, Error> {
    let mut deltas = call.stream().await?.deltas();
    while let Some(delta) = deltas.try_next().await? {
        print!("{}", delta.text);
        for call in &delta.tool_calls {
            print!("[{} {}] ", call.name(), call.arguments_text());
        }
        std::io::stdout().flush().ok();
    }
    println!();
    Ok(deltas.reply_so_far())
}
