//! One chat completion by genai.

use genai::Client;
use genai::chat::{ChatMessage, ChatRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let request = ChatRequest::new(vec![ChatMessage::user("sea")]);
    let reply = Client::new()?.exec_chat("gpt-4o", request, None).await?;
    println!("{reply:?}");
    Ok(())
}
