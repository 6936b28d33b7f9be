//! `workers-ai-local serve`: a server from its options, until it is interrupted.

mod options;
mod schemas;

use std::io::Write as _;
use std::net::SocketAddr;
use std::{error, io};

use workers_ai_local::{Builder, Catalog, Cloudflare, Limits, LocalServer, Retired, Source, Upstream};

pub(crate) use self::options::Serve;
use self::options::WhenRetired;

type Done<T> = Result<T, Box<dyn error::Error>>;

/// Serves until Ctrl-C.
pub(crate) async fn serve(options: Serve) -> Done<()> {
    if !options.host.is_loopback() && options.token.is_none() {
        return Err(format!("{} can be reached from other machines: add --token SECRET", options.host).into());
    }
    let (plan, told) = options.plan();
    let mut builder = with_sources(LocalServer::builder(), &options)?
        .answers(plan)
        .address(SocketAddr::from((options.host, options.port)))
        .retired(match options.models.retired {
            WhenRetired::Serve => Retired::Serve,
            WhenRetired::Gone => Retired::Gone,
        });
    if let Some(directory) = &options.models.schemas {
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
    if options.rehearsal.no_limits {
        builder = builder.limits(Limits::off());
    }
    for fault in &options.rehearsal.fault {
        builder = builder.fault(fault.clone());
    }
    let server = builder.start().await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {} is taken: choose another with --port, or 0 for a free one", options.port)
        }
        _ => error.to_string(),
    })?;
    print_banner(&server, &options, &told)?;
    match &options.models.schemas {
        Some(directory) => tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            () = schemas::follow(&server, directory, schemas::PAUSE) => {}
        },
        None => tokio::signal::ctrl_c().await?,
    }
    server.shutdown().await;
    Ok(())
}

/// Adds everybody who may be asked.
fn with_sources(builder: Builder, options: &Serve) -> Done<Builder> {
    let mut builder = builder.seed(options.answers.seed).strict(options.answers.strict);
    if let Some(url) = &options.upstream.upstream {
        let mut upstream = Upstream::new(url)
            .and_then(|upstream| upstream.patience(options.upstream.upstream_patience))
            .map_err(|error| format!("--upstream: {error}"))?;
        for (id, name) in &options.upstream.upstream_model {
            upstream = upstream.model(id, name);
        }
        if let Some(token) = &options.upstream.upstream_token {
            upstream = upstream.token(token);
        }
        builder = builder.source(Source::Upstream, upstream);
    }
    builder = match Cloudflare::at(&options.cloudflare.cloudflare_url) {
        Ok(mut cloudflare) => {
            if let Some(account) = &options.cloudflare.cloudflare_account {
                cloudflare = cloudflare.account(account);
            }
            if let Some(token) = &options.cloudflare.cloudflare_token {
                cloudflare = cloudflare.token(token);
            }
            builder.cloudflare(cloudflare)
        }
        Err(error) if options.needs_cloudflare() || error.kind() == io::ErrorKind::InvalidInput => {
            return Err(format!("Cloudflare cannot be asked: {error}").into());
        }
        // A machine without certificates does well without Cloudflare.
        Err(_) => builder,
    };
    #[cfg(feature = "inference")]
    {
        builder = builder.source(Source::Real, options.computing.real(options.answers.seed)?);
    }
    if let Some(directory) = &options.tape.record {
        builder = builder.record(directory).record_all(options.tape.record_all);
    }
    if let Some(directory) = &options.tape.replay {
        builder = builder.replay(directory).replay_timing(options.tape.replay_timing);
    }
    Ok(builder)
}

fn print_banner(server: &LocalServer, options: &Serve, told: &[String]) -> io::Result<()> {
    let (address, base, account) = (server.address(), server.base_url(), server.account_id());
    let has_token = options.token.is_some();
    let token = if has_token { "$CLOUDFLARE_API_TOKEN" } else { "local" };
    let mut out = io::stdout().lock();
    writeln!(out, "Local Workers AI on http://{address} (stop with Ctrl-C)")?;
    for line in told {
        writeln!(out, "  {line}")?;
    }
    if let Some(directory) = &options.tape.record {
        writeln!(out, "  recorded in {}", directory.display())?;
    }
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
