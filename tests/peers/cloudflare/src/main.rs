//! One embedding by Cloudflare's client of the whole API, with rustls as ours has.

use cloudflare::endpoints::ai::execute_model::{ExecuteModel, ExecuteModelParams};
use cloudflare::framework::Environment;
use cloudflare::framework::auth::Credentials;
use cloudflare::framework::client::{ClientConfig, async_api::Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = Credentials::UserAuthToken { token: std::env::var("CLOUDFLARE_API_TOKEN")? };
    let account = std::env::var("CLOUDFLARE_ACCOUNT_ID")?;
    let client = Client::new(token, ClientConfig::default(), Environment::Production)?;
    let params = ExecuteModelParams::TextEmbeddings { text: vec!["sea".to_owned()] };
    let call = ExecuteModel { account_identifier: &account, model_name: "@cf/baai/bge-m3", params };
    let reply = client.request(&call).await?;
    println!("{reply:?}");
    Ok(())
}
