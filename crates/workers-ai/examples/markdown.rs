//! Documents become Markdown, in one call; one that cannot be converted does not spoil the others.
//!
//! `cargo run -p workers-ai --example markdown [FILE…]`

mod support;

use support::Failure;
use workers_ai_account::{ConversionOptions, Document};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let account = support::account().await?;
    let mut documents = Vec::new();
    for file in std::env::args().skip(1) {
        documents.push(Document::open(file).await?);
    }
    if documents.is_empty() {
        documents = vec![
            Document::new("tides.html", "<h1>Tides</h1><p>Twice a day, because of <a href='/moon'>the moon</a>.</p>"),
            Document::new("ports.csv", "port,depth\nRotterdam,24\nGenoa,15\n"),
            Document::new("chart.xyz", vec![0_u8; 16]),
        ];
    }

    let options = ConversionOptions::new().hostname("example.com");
    for document in account.to_markdown(documents, options).await? {
        match document.text() {
            Ok(text) => println!("== {} ({} tokens)\n{text}\n", document.name, document.tokens.unwrap_or_default()),
            Err(reason) => println!("== {} failed: {reason}\n", document.name),
        }
    }
    Ok(())
}
