//! Chat: a question, the answer, and a second question about it, with what both cost.
//!
//! `cargo run -p workers-ai --example chat`

mod support;

use support::Failure;
use workers_ai::lit;
use workers_ai::prelude::*;
use workers_ai::text_generation::{Message, glm_4_7_flash as glm};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let mut conversation =
        vec![Message::system("You are a lighthouse keeper. Be brief."), Message::user("What do you do all day?")];

    for question in [None, Some("And at night?")] {
        conversation.extend(question.map(Message::user));
        let request = glm::MessagesRequest::new(&conversation).temperature(lit!(glm::Temperature, 0.7));
        let reply = client.text_generation().glm_4_7_flash(request).await?;

        if let Some(thoughts) = reply.reasoning() {
            println!("({thoughts})");
        }
        println!("{}", reply.text());
        if let Some(usage) = reply.usage() {
            println!("[{:?} tokens, {:?} neurons]\n", usage.total_tokens, usage.neurons);
        }
        conversation.push(reply.to_message());
    }
    Ok(())
}
