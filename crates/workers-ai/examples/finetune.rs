//! A fine-tune: registered, its adapter uploaded from disk, and used by its id.
//!
//! `cargo run -p workers-ai --example finetune [FOLDER]`, where the folder has `adapter_config.json` and
//! `adapter_model.safetensors`. Without one, an empty adapter goes to a local server.

mod support;

use std::path::PathBuf;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_generation::mistral_7b_instruct_v0_2_lora as mistral;
use workers_ai_account::NewFinetune;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = match std::env::args().nth(1) {
        Some(folder) => PathBuf::from(folder),
        None => made_up_adapter()?,
    };
    let account = support::account().await?;

    let new = NewFinetune {
        model: mistral::ID.to_owned(),
        name: format!("seafaring-{}", std::process::id()),
        description: Some("Answers as a harbour master would".to_owned()),
        public: None,
    };
    let finetune = account.create_finetune(&new).await?;
    println!("registered {} as {}", finetune.name, finetune.id);

    let progress = |sent: workers_ai_account::Sent| println!("{}: {} of {} bytes", sent.file, sent.bytes, sent.total);
    account.upload_adapter(&finetune.id, folder, progress).await?;
    println!("{} of one's own, {} public", account.finetunes().await?.len(), account.public_finetunes().await?.len());

    // Only requests of models that take adapters have this setter.
    let request = mistral::Request::prompt("When is high water?").lora(finetune.id.as_str());
    let reply = account.client().text_generation().mistral_7b_instruct_v0_2_lora(request).await?;
    println!("tuned: {}", reply.text());
    Ok(())
}

fn made_up_adapter() -> std::io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("adapter-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("adapter_config.json"), r#"{"r": 8, "model_type": "mistral"}"#)?;
    std::fs::write(folder.join("adapter_model.safetensors"), vec![0; 600_000])?;
    Ok(folder)
}
