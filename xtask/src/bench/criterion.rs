//! Rows that are ordinary criterion benches: a group is a row, its functions are the subjects.
//!
//! Criterion by itself measures one function after the other, so that a machine that slows down meanwhile tells a tale about
//! the later ones. Here each function has its turn in every round.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::row::{Better, Row, Subject};
use super::rows::{BENCHES, Declared};
use super::versions::Versions;
use crate::programs::{self, Kind};
use crate::workspace::Workspace;

/// Builds the bench and measures the wanted groups of it.
pub(crate) fn measure(workspace: &Workspace, bench: &str, wanted: &[&Declared], rounds: u32) -> Result<Vec<Row>> {
    let built = programs::build(workspace, Kind::Bench, &[BENCHES], Some(bench))?;
    let program = built.path_of(bench)?;
    let functions = functions(&program)?;
    let versions = Versions::read(&workspace.root().join("Cargo.lock"), BENCHES)?;
    wanted
        .iter()
        .map(|declared| {
            let names: Vec<&str> = functions.iter().filter_map(|id| below(id, declared.row)).collect();
            ensure!(!names.is_empty(), "the bench {bench} has no group called {}", declared.row);
            Ok(versions.named_in(turns(&program, declared, &names, rounds)?))
        })
        .collect()
}

/// All rounds of a group.
fn turns(program: &Path, declared: &Declared, names: &[&str], rounds: u32) -> Result<Row> {
    let mut subjects: Vec<Subject> = names.iter().map(|name| Subject::new(name)).collect();
    let mut unit = String::new();
    for round in 1..=rounds {
        for subject in &mut subjects {
            let id = format!("{}/{}", declared.row, subject.name);
            let (sample, of) = sample(program, &id, declared.goal.better())?;
            eprintln!("{id} {round}/{rounds}: {sample:.0} {of}");
            subject.samples.push(sample);
            unit = of;
        }
    }
    Ok(Row { unit, ..declared.measured(subjects) })
}

/// One turn of one function: nanoseconds where less is better, else the throughput by the second.
fn sample(program: &Path, id: &str, better: Better) -> Result<(f64, String)> {
    let home = tempfile::tempdir().context("cannot make a folder for criterion")?;
    let output = Command::new(program)
        .args(["--bench", "--noplot", "--warm-up-time", "1", "--measurement-time", "2", "--exact", id])
        .env("CRITERION_HOME", home.path())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success(), "{id} failed: {}", String::from_utf8_lossy(&output.stderr));
    let folder = latest(home.path())?.with_context(|| format!("criterion measured nothing called {id}"))?;
    let estimates: Estimates = read(&folder.join("estimates.json"))?;
    let nanoseconds = estimates.median.point_estimate;
    if better == Better::Lower {
        return Ok((nanoseconds, "ns".to_owned()));
    }
    let benchmark: Benchmark = read(&folder.join("benchmark.json"))?;
    let (amount, unit) = match benchmark.throughput {
        Some(Throughput::Elements(amount)) => (amount, "per second"),
        Some(Throughput::Bytes(amount)) => (amount, "bytes per second"),
        None => bail!("the group of {id} states no throughput, so that more of it cannot be better"),
    };
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
    let by_the_second = amount as f64 * 1e9 / nanoseconds;
    Ok((by_the_second, unit.to_owned()))
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

#[derive(Deserialize)]
struct Benchmark {
    throughput: Option<Throughput>,
}

#[derive(Deserialize)]
enum Throughput {
    Elements(u64),
    Bytes(u64),
}

/// The ids of all functions of a bench, such as `stream.native/async-openai`.
fn functions(program: &Path) -> Result<Vec<String>> {
    let output = Command::new(program)
        .args(["--bench", "--list"])
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success(), "{} does not list its functions", program.display());
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.strip_suffix(": benchmark")).map(str::to_owned).collect())
}

/// The function's name, where it is one of the group.
fn below<'a>(id: &'a str, group: &str) -> Option<&'a str> {
    id.strip_prefix(group)?.strip_prefix('/')
}

/// The folder `new` that criterion leaves, wherever it is below its home.
fn latest(folder: &Path) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.ends_with("new") {
            return Ok(Some(path));
        }
        if path.is_dir()
            && let Some(found) = latest(&path)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_belong_to_the_group_of_exactly_that_name() {
        assert_eq!(below("stream.native/async-openai", "stream.native"), Some("async-openai"));
        assert_eq!(below("stream.native-long/async-openai", "stream.native"), None);
    }
}
