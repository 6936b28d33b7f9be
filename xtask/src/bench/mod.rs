//! `cargo xtask bench`: ours and its peers, measured in turns in one run, as a table.

mod build;
mod criterion;
pub(crate) mod machine;
mod program;
mod results;
mod row;
mod rows;
mod table;
mod versions;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::output;
use crate::workspace::Workspace;
use machine::Measured;
use results::Results;
use row::Row;
use rows::{Declared, ROWS, Source};

/// Measures ours against peers, A B A B …, and prints medians, spreads and ratios.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only these rows, by their names or the first part of them, such as build or stream.rate.
    rows: Vec<String>,
    /// How often each subject has its turn; 3 for builds and 5 for the rest unless told.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Put the rows into tests/benches/RESULTS.md and results.json; rows not measured now stay as they are.
    #[arg(long)]
    write: bool,
    /// Print which rows there are, measuring nothing.
    #[arg(long, conflicts_with_all = ["rounds", "write"])]
    list: bool,
}

/// Runs the verb. What cannot be measured fails it, a missed aim does not: that is what the table tells.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let wanted = select(&arguments.rows)?;
    if arguments.list {
        output::print(&table::list(&wanted))?;
        return Ok(ExitCode::SUCCESS);
    }
    let measured = Measured::now()?;
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    for source in sources(&wanted) {
        let together: Vec<&Declared> = wanted.iter().filter(|declared| declared.source == source).copied().collect();
        match measure(workspace, source, &together, arguments.rounds) {
            Ok(found) => rows.extend(found),
            Err(error) => {
                let names: Vec<&str> = together.iter().map(|declared| declared.row).collect();
                eprintln!("{}: {error:#}", names.join(", "));
                failures.push(names.join(", "));
            }
        }
    }
    for row in &mut rows {
        row.measured = Some(measured.clone());
    }
    rows.sort_by_key(|row| rows::place(&row.row));
    output::print(&table::markdown(&rows))?;
    if arguments.write {
        Results::read(workspace)?.with(rows).write(workspace)?;
    }
    if !failures.is_empty() {
        bail!("not measured: {}", failures.join("; "));
    }
    Ok(ExitCode::SUCCESS)
}

/// The declared rows that names or first parts of names mean; all of them without any.
fn select(names: &[String]) -> Result<Vec<&'static Declared>> {
    let means = |name: &str, declared: &Declared| {
        declared.row.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for name in names {
        if !ROWS.iter().any(|declared| means(name, declared)) {
            bail!("no row is called {name}; see: cargo xtask bench --list");
        }
    }
    Ok(ROWS.iter().filter(|declared| names.is_empty() || names.iter().any(|name| means(name, declared))).collect())
}

/// Where the rows come from, each once and in the order of the table.
fn sources(wanted: &[&Declared]) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for declared in wanted {
        if !sources.contains(&declared.source) {
            sources.push(declared.source);
        }
    }
    sources
}

fn measure(workspace: &Workspace, source: Source, wanted: &[&Declared], rounds: Option<u32>) -> Result<Vec<Row>> {
    match source {
        Source::Build(scratch_crates) => {
            let subjects = build::measure(workspace, scratch_crates, rounds.unwrap_or(3))?;
            Ok(wanted.iter().map(|declared| declared.measured(subjects.clone())).collect())
        }
        Source::Criterion(bench) => criterion::measure(workspace, bench, wanted, rounds.unwrap_or(5)),
        Source::Program(program) => program::measure(workspace, &program, wanted, rounds.unwrap_or(5)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn a_first_part_means_all_rows_below_it() {
        let rows = |names: &[&str]| -> Vec<&str> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            select(&names).unwrap().iter().map(|declared| declared.row).collect()
        };
        assert_eq!(rows(&["build"]), ["build.modality", "build.packaged"]);
        assert_eq!(rows(&["build.packaged"]), ["build.packaged"]);
        assert_eq!(rows(&[]).len(), ROWS.len());
    }

    #[test]
    fn a_name_that_means_no_row_is_refused() {
        let error = select(&["buil".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "no row is called buil; see: cargo xtask bench --list");
    }
}
