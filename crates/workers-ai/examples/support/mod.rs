//! What every example starts with: a client of the account in the environment, or of a server inside this program.
#![allow(dead_code, unreachable_pub, reason = "every example takes what it needs")]

use std::error::Error;
use std::sync::OnceLock;

use workers_ai::{Client, ClientBuilder};
use workers_ai_account::Account;
use workers_ai_local::LocalServer;

/// What examples fail with.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Lives as long as the program.
static SERVER: OnceLock<LocalServer> = OnceLock::new();

/// A client: of the account in `CLOUDFLARE_ACCOUNT_ID` and `CLOUDFLARE_API_TOKEN` if they are set, else of a local server
/// that is started here and makes its answers up.
pub async fn client() -> Result<Client, Failure> {
    Ok(builder().await?.build()?)
}

/// The same before it is built, for examples that set more.
pub async fn builder() -> Result<ClientBuilder, Failure> {
    if has_credentials() {
        return Ok(ClientBuilder::from_env()?);
    }
    let server = server().await?;
    Ok(Client::builder(server.account_id(), "local").base_url(server.base_url()))
}

/// The account itself, for what is not a call of a model.
pub async fn account() -> Result<Account, Failure> {
    if has_credentials() {
        return Ok(Account::from_env()?);
    }
    let server = server().await?;
    Ok(Account::with_base_url(server.account_id(), "local", server.base_url())?)
}

/// The local server of this program.
pub async fn server() -> Result<&'static LocalServer, Failure> {
    if let Some(server) = SERVER.get() {
        return Ok(server);
    }
    let server = LocalServer::builder().start().await?;
    eprintln!("No credentials in the environment: a local server answers at {}", server.base_url());
    Ok(SERVER.get_or_init(|| server))
}

fn has_credentials() -> bool {
    is_set(&["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"]) && is_set(&["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"])
}

fn is_set(names: &[&str]) -> bool {
    names.iter().any(|name| std::env::var(name).is_ok_and(|value| !value.trim().is_empty()))
}
