//! `workers-ai-local`: serves the Workers AI API on this machine.

mod paste;

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{error, io};

use clap::{Args, Parser, Subcommand, ValueEnum};
use workers_ai_local::{Catalog, LocalServer, Retired};

/// A local Workers AI: the same HTTP API on your machine, offline and free
#[derive(Debug, Parser)]
#[command(name = "workers-ai-local", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer calls of every model of the catalogue until interrupted
    Serve(Serve),
    /// Print a script that runs a Worker in Miniflare, with env.AI answered by this server
    Miniflare(Paste),
    /// Print a configuration of plain workerd, with env.AI answered by this server
    Workerd(Paste),
}

#[derive(Args, Debug)]
struct Paste {
    /// Port that the server listens on
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The token that the server was started with; it will stand in what is printed
    #[arg(long)]
    token: Option<String>,
}

#[derive(Args, Debug)]
struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address to listen on; one that other machines can reach needs --token
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The only bearer token to accept; any that is not empty unless given
    #[arg(long, env = "WORKERS_AI_LOCAL_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// An AI Gateway that calls may pass through, more than once for several; every name is taken unless given
    #[arg(long, value_name = "ID")]
    gateway: Vec<String>,
    /// Read models from this schemas folder instead of the ones built in
    #[arg(long, value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// What to do with calls of models that have left the catalogue
    #[arg(long, value_enum, default_value_t = WhenRetired::Serve)]
    retired: WhenRetired,
    /// Seed of the synthetic answers
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum WhenRetired {
    /// Answer them, with the date in the header x-workers-ai-retired
    Serve,
    /// Refuse them with status 410 and code 5028, as the service does
    Gone,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(options) => serve(options).await,
        Command::Miniflare(options) => print(&paste::miniflare(options.port, options.token.as_deref())),
        Command::Workerd(options) => print(&paste::workerd(options.port, options.token.as_deref())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), Box<dyn error::Error>> {
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

async fn serve(options: Serve) -> Result<(), Box<dyn error::Error>> {
    if !options.host.is_loopback() && options.token.is_none() {
        return Err(format!("{} can be reached from other machines: add --token SECRET", options.host).into());
    }
    let mut builder = LocalServer::builder().address(SocketAddr::from((options.host, options.port))).seed(options.seed);
    builder = builder.retired(match options.retired {
        WhenRetired::Serve => Retired::Serve,
        WhenRetired::Gone => Retired::Gone,
    });
    if let Some(directory) = &options.schemas {
        let catalog = Catalog::from_directory(directory)?;
        if catalog.models().next().is_none() {
            return Err(
                format!("{} holds no models: expected a schemas folder of the project", directory.display()).into()
            );
        }
        builder = builder.catalog(catalog);
    }
    for gateway in &options.gateway {
        builder = builder.gateway(gateway);
    }
    if let Some(token) = &options.token {
        builder = builder.token(token);
    }
    let server = builder.start().await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {} is taken: choose another with --port, or 0 for a free one", options.port)
        }
        _ => error.to_string(),
    })?;
    print_banner(&server, options.token.is_some())?;
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(())
}

fn print_banner(server: &LocalServer, has_token: bool) -> io::Result<()> {
    let (address, base, account) = (server.address(), server.base_url(), server.account_id());
    let token = if has_token { "$CLOUDFLARE_API_TOKEN" } else { "local" };
    let mut out = io::stdout().lock();
    writeln!(out, "Local Workers AI on http://{address} (answers are synthetic; stop with Ctrl-C)")?;
    writeln!(out)?;
    writeln!(out, "  curl {base}/accounts/{account}/ai/run/@cf/baai/bge-small-en-v1.5 \\")?;
    writeln!(out, "    -H \"Authorization: Bearer {token}\" -d '{{\"text\": \"hello\"}}'")?;
    writeln!(out)?;
    writeln!(out, "  export CLOUDFLARE_API_BASE_URL={base}")?;
    writeln!(out, "  export CLOUDFLARE_ACCOUNT_ID={account}")?;
    if has_token {
        writeln!(out, "  export CLOUDFLARE_API_TOKEN=...  # the one given with --token")?;
    } else {
        writeln!(out, "  export CLOUDFLARE_API_TOKEN=local")?;
    }
    writeln!(out)?;
    writeln!(out, "  the playground, for a browser: http://{address}/")?;
    writeln!(
        out,
        "  env.AI of a Worker: workers-ai-local miniflare --port {0}, or workerd --port {0}",
        address.port()
    )?;
    writeln!(out, "  the catalogue as a feed: http://{address}/api/models")?;
    out.flush()
}
