//! Rows that programs measure by themselves: memory, allocations, bytes, percentiles, whole processes.
//!
//! A program is a bench target without harness. It is called with `--rounds N` and the names of the wanted
//! rows, takes turns between its subjects, and prints one JSON object a line, a [`Row`] each:
//!
//! ```json
//! {"row":"embeddings.memory","what":"peak memory while decoding","unit":"bytes","better":"lower",
//!  "subjects":[{"name":"workers-ai","samples":[1,2]},{"name":"serde_json","samples":[3,4]}]}
//! ```
//!
//! Lines that do not begin with a brace are passed on, and rows that nobody asked for are left out.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::row::Row;
use super::rows::{BENCHES, Declared};
use super::versions::Versions;
use crate::programs::{self, Kind};
use crate::workspace::Workspace;

/// A target of a package that prints rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    package: &'static str,
    kind: Kind,
    name: &'static str,
}

impl Program {
    /// A bench target of the package of benches, with `harness = false`.
    pub(crate) const fn bench(name: &'static str) -> Self {
        Self { package: BENCHES, kind: Kind::Bench, name }
    }

    /// A bench target of another package, with `harness = false` too.
    pub(crate) const fn bench_of(package: &'static str, name: &'static str) -> Self {
        Self { package, kind: Kind::Bench, name }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

/// Builds the program, runs it and takes the wanted rows from what it prints.
pub(crate) fn measure(workspace: &Workspace, program: &Program, wanted: &[&Declared], rounds: u32) -> Result<Vec<Row>> {
    let built = programs::build(workspace, program.kind, &[program.package], Some(program.name))?;
    let mut process = Command::new(built.path_of(program.name)?)
        .args(["--rounds", &rounds.to_string()])
        .args(wanted.iter().map(|declared| declared.row))
        .current_dir(workspace.root())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", program.name))?;
    let stdout = process.stdout.take().context("the program has no output")?;
    let mut rows = BTreeMap::new();
    let mut trouble = None;
    for line in BufReader::new(stdout).lines() {
        let line = line.with_context(|| format!("cannot read what {} prints", program.name))?;
        if !line.starts_with('{') {
            eprintln!("{line}");
            continue;
        }
        // Read to the end whatever is wrong, so that the program can finish.
        match read(&line, wanted) {
            Ok(row) => rows.extend(row.map(|row| (row.row.clone(), row))),
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    let status = process.wait()?;
    ensure!(status.success(), "{} failed: {status}", program.name);
    if let Some(error) = trouble {
        return Err(error.context(format!("{} printed a row that cannot be read", program.name)));
    }
    let missing: Vec<&str> =
        wanted.iter().map(|declared| declared.row).filter(|row| !rows.contains_key(*row)).collect();
    if !missing.is_empty() {
        bail!("{} did not print {}", program.name, missing.join(", "));
    }
    let versions = Versions::read(&workspace.root().join("Cargo.lock"), program.package)?;
    Ok(rows.into_values().map(|row| versions.named_in(row)).collect())
}

/// A printed row with the aim of its declaration; nothing where it is not wanted.
fn read(line: &str, wanted: &[&Declared]) -> Result<Option<Row>> {
    let row: Row = serde_json::from_str(line).with_context(|| format!("in {line}"))?;
    let Some(declared) = wanted.iter().find(|declared| declared.row == row.row) else { return Ok(None) };
    ensure!(
        row.better == declared.goal.better(),
        "{}: the program and xtask/src/bench/rows.rs disagree about which way is better",
        row.row
    );
    ensure!(row.subjects.iter().all(|subject| !subject.samples.is_empty()), "{}: a subject has no samples", row.row);
    Ok(Some(Row { aim: declared.goal.aim(), ..row }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::super::row::Aim;
    use super::super::rows::{Goal, Source};
    use super::*;

    const MEMORY: Declared = Declared {
        row: "embeddings.memory",
        what: "peak memory",
        against: "serde_json",
        goal: Goal::AtMost(0.5),
        source: Source::Program(Program::bench("memory")),
    };

    fn line(row: &str, better: &str, samples: &str) -> String {
        format!(
            r#"{{"row":"{row}","what":"peak memory","unit":"bytes","better":"{better}","subjects":[{{"name":"workers-ai","samples":{samples}}}],"aim":{{"ratio":9}}}}"#
        )
    }

    #[test]
    fn the_declared_aim_counts_whatever_is_printed() {
        let row = read(&line("embeddings.memory", "lower", "[1]"), &[&MEMORY]).unwrap().unwrap();
        assert_eq!(row.aim, Some(Aim::Ratio(0.5)));
    }

    #[test]
    fn rows_that_nobody_asked_for_are_left_out() {
        assert_eq!(read(&line("image.memory", "lower", "[1]"), &[&MEMORY]).unwrap(), None);
    }

    #[test]
    fn a_row_that_contradicts_its_declaration_or_has_no_samples_is_refused() {
        let error = read(&line("embeddings.memory", "higher", "[1]"), &[&MEMORY]).unwrap_err();
        assert!(error.to_string().contains("disagree about which way is better"), "{error}");
        let error = read(&line("embeddings.memory", "lower", "[]"), &[&MEMORY]).unwrap_err();
        assert!(error.to_string().contains("no samples"), "{error}");
    }
}
