//! One conversation by the AWS SDK, without the crate that finds credentials: the lighter choice.

use aws_sdk_bedrockruntime::config::{BehaviorVersion, Region};
use aws_sdk_bedrockruntime::types::{ContentBlock, ConversationRole, Message};
use aws_sdk_bedrockruntime::{Client, Config};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::new("us-east-1");
    let config = Config::builder().behavior_version(BehaviorVersion::latest()).region(region).build();
    let message =
        Message::builder().role(ConversationRole::User).content(ContentBlock::Text("sea".to_owned())).build()?;
    let reply = Client::from_conf(config).converse().model_id("amazon.nova-lite-v1:0").messages(message).send().await?;
    println!("{reply:?}");
    Ok(())
}
