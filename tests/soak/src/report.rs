//! The result as a page: what was called, what the server has seen, what both held in between.

use std::fmt::Write as _;

use crate::Arguments;
use crate::faults::share;
use crate::gauge::Held;
use crate::ledger::{Ending, Endings, Sum};
use crate::machine::{machine, today};
use crate::run::Outcome;

/// The page that `--results` writes.
pub(crate) fn page(arguments: &Arguments, outcome: &Outcome) -> String {
    let mut page = String::from("# Soak\n\n");
    let mut total = Sum::default();
    outcome.sums.values().for_each(|sum| total.add(*sum));
    // Writing to a string does not fail.
    let _ = write_page(&mut page, arguments, outcome, total);
    page
}

fn write_page(page: &mut String, arguments: &Arguments, outcome: &Outcome, total: Sum) -> std::fmt::Result {
    writeln!(
        page,
        "An hour's shape of load in {:.1} minutes: {} cycles, each quiet, steady, crowded and quiet again, with up to {} callers at\n\
         once. {:.0} calls of a hundred meet a fault: refused, broken off, malformed, ended twice, late. Each round of calls has a\n\
         client and a sandbox of its own; in the end the caller's books, the budget and the server's journal are held against each\n\
         other.\n",
        outcome.seconds / 60.0,
        arguments.cycles,
        arguments.callers,
        share() * 100.0
    )?;
    writeln!(page, "Made by `{}` on {}, {}{}.\n", command(arguments), today(), machine(), profile())?;
    writeln!(
        page,
        "| calls | made | failed in the end | requests seen by the server | of them attempts again | of them polls |"
    )?;
    writeln!(page, "|---|---:|---:|---:|---:|---:|")?;
    for (name, sum) in outcome.sums.iter().map(|(kind, sum)| (kind.name(), *sum)).chain([("all", total)]) {
        let Sum { calls, failed, requests, again, polls } = sum;
        writeln!(page, "| {name} | {calls} | {failed} | {requests} | {again} | {polls} |")?;
    }
    write_endings(page, &outcome.endings)?;
    writeln!(
        page,
        "\n{} rounds, {:.0} calls a second. What did not agree: {}.\n",
        outcome.rounds,
        f64::from(u32::try_from(total.calls).unwrap_or(u32::MAX)) / outcome.seconds,
        if outcome.faults.is_empty() { "nothing".to_owned() } else { format!("{} things", outcome.faults.len()) }
    )?;
    writeln!(page, "Held while nobody calls:\n")?;
    writeln!(page, "| after cycle | server: memory | files | tasks | callers: memory | files | tasks |")?;
    writeln!(page, "|---:|---:|---:|---:|---:|---:|---:|")?;
    for (number, rest) in outcome.rests.iter().enumerate() {
        writeln!(page, "| {number} | {} | {} |", cells(rest.server), cells(rest.client))?;
    }
    let peak = |kilobytes: Option<u64>| kilobytes.map_or_else(|| "?".to_owned(), megabytes);
    writeln!(
        page,
        "\nAt most, in the crowded phases: {} in the server, {} in the callers.",
        peak(outcome.peaks.0),
        peak(outcome.peaks.1)
    )
}

/// What failed in the end, and the rule by which it was not sent again.
fn write_endings(page: &mut String, endings: &Endings) -> std::fmt::Result {
    if endings.is_empty() {
        return Ok(());
    }
    writeln!(page, "\nWhy calls failed in the end:\n")?;
    writeln!(page, "| calls | failed | with | times | why it was not sent again |")?;
    writeln!(page, "|---|---|---|---:|---|")?;
    for (Ending { kind, stage, what, reason }, times) in endings {
        writeln!(page, "| {} | {} | {what} | {times} | {} |", kind.name(), stage.name(), reason.text())?;
    }
    Ok(())
}

fn cells(held: Held) -> String {
    let memory = held.memory.map_or_else(|| "?".to_owned(), megabytes);
    let files = held.files.map_or_else(|| "?".to_owned(), |files| files.to_string());
    format!("{memory} | {files} | {}", held.tasks)
}

fn megabytes(kilobytes: u64) -> String {
    format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
}

fn command(arguments: &Arguments) -> String {
    let release = if cfg!(debug_assertions) { "" } else { " --release" };
    let mut command = format!("cargo run{release} -p workers-ai-soak -- --minutes {}", arguments.minutes);
    for (name, value, default) in [("callers", arguments.callers, 48), ("cycles", arguments.cycles as usize, 12)] {
        if value != default {
            let _ = write!(command, " --{name} {value}");
        }
    }
    command.push_str(" --results tests/soak/RESULTS.md");
    command
}

fn profile() -> &'static str {
    if cfg!(debug_assertions) { ", not optimised" } else { "" }
}
