//! What `serve` can be told on the command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use workers_ai_local::{Fault, Plan, Source};

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8787)]
    pub(super) port: u16,
    /// Address to listen on; one that other machines can reach needs --token
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(super) host: IpAddr,
    /// The only bearer token to accept; any that is not empty unless given
    #[arg(long, env = "WORKERS_AI_LOCAL_TOKEN", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// An AI Gateway that calls may pass through, more than once for several; every name is taken unless given
    #[arg(long, value_name = "ID")]
    pub(super) gateway: Vec<String>,
    #[command(flatten)]
    pub(super) answers: Answers,
    #[command(flatten)]
    pub(super) upstream: UpstreamServer,
    #[command(flatten)]
    pub(super) cloudflare: CloudflareAccount,
    #[command(flatten)]
    pub(super) tape: Tape,
    #[command(flatten)]
    pub(super) models: Models,
    #[cfg(feature = "inference")]
    #[command(flatten)]
    pub(super) computing: crate::weights::Computing,
    #[command(flatten)]
    pub(super) rehearsal: Rehearsal,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Answers")]
pub(super) struct Answers {
    /// Who answers: synthetic, real, upstream, cloudflare or replay; more than once for several models
    ///
    /// --answer upstream is for all models, --answer '@cf/baai/*=synthetic' for those alone: * stands for anything, and the
    /// last that is about a model holds. A request with the header x-workers-ai-answer chooses by itself.
    #[arg(long, value_name = "[MODEL=]SOURCE", value_parser = rule)]
    pub(super) answer: Vec<Rule>,
    /// Refuse answers that are synthetic or another model's, with status 501
    #[arg(long)]
    pub(super) strict: bool,
    /// Seed of the synthetic answers
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Answers of a server with OpenAI's API")]
pub(super) struct UpstreamServer {
    /// Its address, such as http://127.0.0.1:11434/v1; it answers for the models of --upstream-model, or for all
    #[arg(long, value_name = "URL")]
    pub(super) upstream: Option<String>,
    /// What a model is called there; * stands for anything in the id
    #[arg(long, value_name = "ID=NAME", value_parser = named, requires = "upstream")]
    pub(super) upstream_model: Vec<(String, String)>,
    /// The bearer token that it wants
    #[arg(long, value_name = "TOKEN", env = "WORKERS_AI_LOCAL_UPSTREAM_TOKEN", hide_env_values = true)]
    pub(super) upstream_token: Option<String>,
    /// How long it may say nothing, such as 30s or 10m
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = humantime::parse_duration)]
    pub(super) upstream_patience: Duration,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Answers of Cloudflare")]
pub(super) struct CloudflareAccount {
    /// The account to call with; the one in the caller's path unless given
    #[arg(long, value_name = "ID", env = "WORKERS_AI_LOCAL_CLOUDFLARE_ACCOUNT", hide_env_values = true)]
    pub(super) cloudflare_account: Option<String>,
    /// The token to call with; the caller's own unless given
    #[arg(long, value_name = "TOKEN", env = "WORKERS_AI_LOCAL_CLOUDFLARE_TOKEN", hide_env_values = true)]
    pub(super) cloudflare_token: Option<String>,
    /// Where the API is
    #[arg(long, value_name = "URL", default_value = "https://api.cloudflare.com/client/v4")]
    pub(super) cloudflare_url: String,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Recordings")]
pub(super) struct Tape {
    /// Write what Cloudflare and the upstream server answer to this folder, a file for each exchange
    #[arg(long, value_name = "DIR")]
    pub(super) record: Option<PathBuf>,
    /// Record every answer, the synthetic ones included
    #[arg(long, requires = "record")]
    pub(super) record_all: bool,
    /// Answer with the recordings of this folder, unless --answer says otherwise
    #[arg(long, value_name = "DIR")]
    pub(super) replay: Option<PathBuf>,
    /// Replay the recorded pauses too
    #[arg(long, requires = "replay")]
    pub(super) replay_timing: bool,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Models")]
pub(super) struct Models {
    /// Read models from this schemas folder instead of the ones built in, and again whenever it changes
    #[arg(long, value_name = "DIR")]
    pub(super) schemas: Option<PathBuf>,
    /// What to do with calls of models that have left the catalogue
    #[arg(long, value_enum, default_value_t = WhenRetired::Serve)]
    pub(super) retired: WhenRetired,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Limits and failures")]
pub(super) struct Rehearsal {
    /// Keep none of the published limits
    #[arg(long)]
    pub(super) no_limits: bool,
    /// Something that goes wrong, such as 'error=capacity; times=2; model=@cf/meta/*'; more than once for several
    #[arg(long, value_name = "FAULT")]
    pub(super) fault: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum WhenRetired {
    /// Answer them, with the date in the header x-workers-ai-retired
    Serve,
    /// Refuse them with status 410 and code 5028, as the service does
    Gone,
}

/// A source for models like one, or for all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pattern: Option<String>,
    source: Source,
}

fn rule(text: &str) -> Result<Rule, String> {
    let (pattern, source) = match text.rsplit_once('=') {
        Some((pattern, source)) => (Some(pattern.to_owned()), source),
        None => (None, text),
    };
    Ok(Rule { pattern, source: source.parse()? })
}

fn named(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, name)) if !id.is_empty() && !name.is_empty() => Ok((id.to_owned(), name.to_owned())),
        _ => Err("expected ID=NAME, such as '@cf/meta/*=llama3.2'".to_owned()),
    }
}

impl Serve {
    /// The plan, and the same for people.
    pub(super) fn plan(&self) -> (Plan, Vec<String>) {
        let given = &self.answers.answer;
        // What stands alone is for all models, wherever it stands.
        let said = given.iter().rev().find(|rule| rule.pattern.is_none()).map(|rule| rule.source);
        let upstream = self.upstream.upstream.as_ref();
        let all_upstream = upstream.is_some() && self.upstream.upstream_model.is_empty();
        let by_default = if self.tape.replay.is_some() {
            Source::Replay
        } else if all_upstream && given.is_empty() {
            Source::Upstream
        } else {
            Source::Synthetic
        };
        let default = said.unwrap_or(by_default);
        let mut plan = Plan::all(default);
        let mut told = vec![format!("answers: {}", self.told(default))];
        // Naming a model to the upstream server says that it answers, unless somebody is named for all.
        let implied = self.upstream.upstream_model.iter().filter(|_| said.is_none());
        let implied = implied.map(|(pattern, _)| (pattern.clone(), Source::Upstream));
        let explicit = given.iter().filter_map(|rule| Some((rule.pattern.clone()?, rule.source)));
        for (pattern, source) in implied.chain(explicit) {
            told.push(format!("  {pattern}: {}", self.told(source)));
            plan = plan.model(pattern, source);
        }
        (plan, told)
    }

    /// Whether Cloudflare is sure to be asked.
    pub(super) fn needs_cloudflare(&self) -> bool {
        self.answers.answer.iter().any(|rule| rule.source == Source::Cloudflare)
            || self.cloudflare.cloudflare_account.is_some()
            || self.cloudflare.cloudflare_token.is_some()
    }

    fn told(&self, source: Source) -> String {
        let folder = self.tape.replay.as_ref().map(|folder| folder.display().to_string());
        match source {
            Source::Synthetic => "synthetic".to_owned(),
            Source::Upstream => format!("upstream, {}", self.upstream.upstream.as_deref().unwrap_or_default()),
            Source::Cloudflare => format!("Cloudflare, {}", self.cloudflare.cloudflare_url),
            Source::Replay => format!("replay of {}", folder.unwrap_or_default()),
            source => source.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        serve: Serve,
    }

    #[track_caller]
    fn check(arguments: &[&str], expected: &[(&str, Source)]) {
        let parsed = Arguments::try_parse_from([&["serve"], arguments].concat()).map_err(|error| error.to_string());
        let (plan, told) = parsed.unwrap_or_else(|error| unreachable!("{error}")).serve.plan();
        for (model, source) in expected {
            assert_eq!(plan.source(model), Some(*source), "{model}: {told:?}");
        }
    }

    #[test]
    fn answers_are_planned() {
        use Source::{Replay, Synthetic, Upstream};
        check(&[], &[("m", Synthetic)]);
        check(&["--upstream=http://x/v1"], &[("m", Upstream)]);
        let mapped = ["--upstream=http://x/v1", "--upstream-model=@cf/a/*=b=c"];
        check(&mapped, &[("@cf/a/m", Upstream), ("m", Synthetic)]);
        let said = [&mapped[..], &["--answer=@cf/a/n=synthetic", "--answer=*z=upstream"]].concat();
        check(&said, &[("@cf/a/m", Upstream), ("@cf/a/n", Synthetic), ("z", Upstream)]);
        check(&[&mapped[..], &["--answer=synthetic"]].concat(), &[("@cf/a/m", Synthetic)]);
        check(&["--replay=d", "--answer=a=synthetic"], &[("a", Synthetic), ("b", Replay)]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (arguments, reason) in [
            ("--answer=nobody", "there is no source `nobody`"),
            ("--upstream-model=a=b", "--upstream <URL>"),
            ("--fault=error=1", "no error `1`"),
        ] {
            let error = Arguments::try_parse_from(["serve", arguments]).err().unwrap().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
