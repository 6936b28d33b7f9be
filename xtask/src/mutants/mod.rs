//! `cargo xtask mutants`: breaks the client and the generator in every way cargo-mutants knows, and says what no test notices.
//!
//! A build for each mutant would take half a day. So all are written into one build, each behind a switch that the environment
//! turns on ([`switch`]), and only tests that come by are asked ([`trial`]). What cannot be switched is left to cargo-mutants.

mod ledger;
mod mutant;
mod package;
mod survivors;
mod table;

mod copy;
mod switch;
mod tool;
mod trial;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use self::copy::Copy;
use self::ledger::{Entry, Ledger, Record, Verdict};
use self::mutant::Mutant;
use self::package::{PACKAGES, Package};
use self::survivors::Survivors;
use self::tool::Tool;
use self::trial::Tests;
use crate::bench::machine::Measured;
use crate::workspace::Workspace;

/// Breaks the code on purpose and counts what the tests notice; needs cargo-mutants.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only these crates: client, codegen.
    #[arg(long, short, value_name = "CRATE")]
    package: Vec<String>,
    /// Build and try, one by one, also what cannot be switched: constants and constant functions.
    #[arg(long)]
    alone: bool,
    /// Stop trying after so long. What survived before comes first, since tests get better; then what is new, in an order
    /// of chance, so that what was tried is a fair sample. What was caught before in the same functions comes last, and is
    /// kept where time does not suffice; the table says how much that is.
    #[arg(long, value_name = "MINUTES")]
    minutes: Option<u64>,
    /// Only write the table anew, from the outcomes and reasons there are.
    #[arg(long)]
    table: bool,
}

/// Where results and reasons are kept.
struct Files {
    outcomes: PathBuf,
    survivors: PathBuf,
    table: PathBuf,
}

/// Runs the verb; a survivor without a reason is a failure.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let folder = workspace.root().join("tests/mutants");
    let files = Files {
        outcomes: folder.join("outcomes.json"),
        survivors: folder.join("survivors.toml"),
        table: folder.join("RESULTS.md"),
    };
    let mut ledger = Ledger::read(&files.outcomes)?;
    let known = |name: &String| PACKAGES.iter().any(|package| package.folder == *name);
    if let Some(unknown) = arguments.package.iter().find(|name| !known(name)) {
        anyhow::bail!("no mutants are tried of {unknown}, only of client and codegen");
    }
    if !arguments.table {
        let tool = Tool::find()?;
        for package in PACKAGES {
            if arguments.package.is_empty() || arguments.package.iter().any(|name| name == package.folder) {
                let record = record(workspace, &tool, package, &ledger, arguments)?;
                println!("{}", table::summary(package.name, &record));
                ledger.packages.insert(package.name.to_owned(), record);
                ledger.write(&files.outcomes)?;
            }
        }
    }
    let survivors = Survivors::read(&files.survivors)?;
    fs::write(&files.table, table::text(&ledger, &survivors))
        .with_context(|| format!("cannot write {}", files.table.display()))?;
    let complaints = survivors.complaints(&ledger);
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: {} complaints; reasons belong into {}", complaints.len(), files.survivors.display());
    Ok(ExitCode::FAILURE)
}

/// Tries every mutant of a package.
fn record(
    workspace: &Workspace,
    tool: &Tool,
    package: &Package,
    ledger: &Ledger,
    arguments: &Arguments,
) -> Result<Record> {
    let start = Instant::now();
    let commit = commit(workspace)?;
    let place = workspace.target().join("mutants");
    let mut copy = Copy::make(workspace.root(), &place)?;
    let mutants = tool.list(&copy.root, package)?;
    let switches = copy.switch(package, &mutants)?;
    let folder = copy.root.join("crates").join(package.folder);
    let tests = Tests::observe(&copy.tests(package)?, &folder, &place.join("seen"))?;
    println!("{}: {} mutants behind switches, {} tests", package.name, switches.switched.len(), tests.count());
    let switched = switches.switched;
    let mut order: Vec<usize> = switched.iter().copied().collect();
    order.sort_by_cached_key(|number| {
        let mutant = mutants.get(*number);
        let rank = match mutant.and_then(|mutant| ledger.known(package.name, mutant)) {
            Some(verdict) if verdict.survived() => 0,
            None => 1,
            Some(_) => 2,
        };
        (rank, mutant.map(Mutant::lot))
    });
    let until = arguments.minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let mut verdicts = tests.judge(&order, until)?;
    verdicts.extend(switches.unviable.iter().map(|number| (*number, Verdict::Unviable)));

    if arguments.alone {
        copy.restore()?;
        let unswitched = mutants
            .iter()
            .enumerate()
            .filter(|(number, _)| !switched.contains(number) && !verdicts.contains_key(number));
        let left: Vec<_> = unswitched.map(|(_, mutant)| mutant).collect();
        let found = tool.try_alone(&copy.root, &copy.build, package, &left)?;
        let named = mutants.iter().enumerate().filter_map(|(number, mutant)| Some((number, *found.get(&mutant.name)?)));
        verdicts.extend(named);
    }
    let mut files: BTreeMap<String, BTreeMap<String, Entry>> = BTreeMap::new();
    let mut kept = 0;
    for (number, mutant) in mutants.iter().enumerate() {
        let verdict = verdicts.get(&number).copied().or_else(|| {
            let known = ledger.known(package.name, mutant);
            kept += usize::from(known.is_some());
            known
        });
        let entry = Entry { verdict: verdict.unwrap_or(Verdict::Untried), digest: mutant.digest.clone() };
        files.entry(mutant.file.clone()).or_default().insert(mutant.title.clone(), entry);
    }
    let (measured, seconds) = (Measured::now()?, start.elapsed().as_secs());
    Ok(Record { tool: tool.version.clone(), commit, measured, seconds, tests: tests.count(), kept, files })
}

/// The commit that is checked out, and whether anything was changed since.
fn commit(workspace: &Workspace) -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(workspace.root()).args(["describe", "--always", "--dirty= and changes", "--exclude=*"]);
    let output = git.output().context("cannot run git")?;
    ensure!(output.status.success(), "git describe: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
