//! `tests/mutants/RESULTS.md`: how many mutants the tests catch, and which they do not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::ledger::{Entry, Ledger, Record, Verdict};
use super::survivors::Survivors;

const OPENING: &str = "# Are the tests any good?

cargo-mutants breaks the code in every way it knows, one at a time; a test should notice. `cargo xtask mutants` writes this.

*Caught*: a test failed. *Timed out*: the tests did not end, which nobody would overlook. *Missed*: all tests passed.
*Unreached*: no test comes by. *Untried*: constants and constant functions need a build each, which only `--alone` spends, and with `--minutes` whatever
time did not suffice for, by chance. *Viable* counts what was tried; the share of it that is caught or timed out is, where much is untried, an estimate.
";

/// Counts of verdicts.
#[derive(Clone, Copy, Default)]
struct Counts {
    caught: usize,
    timed_out: usize,
    missed: usize,
    unreached: usize,
    unviable: usize,
    untried: usize,
}

/// The whole text.
pub(super) fn text(ledger: &Ledger, survivors: &Survivors) -> String {
    let mut text = OPENING.to_owned();
    text.push_str("\n| package | mutants | viable | caught | timed out | missed | unreached | untried | share |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (package, record) in &ledger.packages {
        text.push_str(&Counts::of(record.files.values().flat_map(BTreeMap::values)).row(&format!("`{package}`")));
    }
    for (package, record) in &ledger.packages {
        package_text(&mut text, package, record, survivors);
    }
    text
}

/// What a person wants to know at once.
pub(super) fn summary(package: &str, record: &Record) -> String {
    let counts = Counts::of(record.files.values().flat_map(BTreeMap::values));
    format!(
        "{package}: {} of {} viable mutants caught ({}), {} survive, {} untried, {} known from before",
        counts.caught + counts.timed_out,
        counts.tried(),
        counts.share(),
        counts.missed + counts.unreached,
        counts.untried,
        record.kept
    )
}

fn package_text(text: &mut String, package: &str, record: &Record, survivors: &Survivors) {
    let machine = &record.measured.machine;
    write!(
        text,
        "\n## {package}\n\n{} tests, {}, commit {}, {}, {}; {}, {} cores, {}; {} s.\n\n",
        record.tests,
        record.measured.date,
        record.commit,
        record.tool,
        record.measured.rustc,
        machine.processor,
        machine.cores,
        machine.memory,
        record.seconds,
    )
    .ok();
    writeln!(text, "{}\n", extent(record)).ok();
    text.push_str("| file | mutants | viable | caught | timed out | missed | unreached | untried | share |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (file, mutants) in &record.files {
        let name = file.split_once("/src/").map_or(file.as_str(), |(_, name)| name);
        text.push_str(&Counts::of(mutants.values()).row(name));
    }
    let survived = |mutants: &BTreeMap<String, Entry>| mutants.values().any(|entry| entry.verdict.survived());
    if !record.files.values().any(survived) {
        return;
    }
    text.push_str("\nWhat survives, and why:\n\n| file | mutant | verdict | reason |\n|---|---|---|---|\n");
    for (file, mutants) in &record.files {
        for (mutant, entry) in mutants.iter().filter(|(_, entry)| entry.verdict.survived()) {
            let name = file.split_once("/src/").map_or(file.as_str(), |(_, name)| name);
            let reason = survivors.reason(file, mutant).unwrap_or("**nobody says why**");
            let mutant = mutant.replace('|', "\\|");
            writeln!(text, "| {name} | `{mutant}` | {} | {} |", entry.verdict, reason.replace('\n', " ")).ok();
        }
    }
}

/// Whether all of it was tried in one go, and what was not.
fn extent(record: &Record) -> String {
    let counts = Counts::of(record.files.values().flat_map(BTreeMap::values));
    if record.kept + counts.untried == 0 {
        return "A whole run: every mutant was tried.".to_owned();
    }
    format!(
        "**Not a whole run**: of {} mutants that compile, {} have their verdict from earlier runs over the same functions, and {} have none.",
        counts.tried() + counts.untried,
        record.kept,
        counts.untried
    )
}

impl Counts {
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut counts = Self::default();
        for entry in entries {
            let count = match entry.verdict {
                Verdict::Caught => &mut counts.caught,
                Verdict::TimedOut => &mut counts.timed_out,
                Verdict::Missed => &mut counts.missed,
                Verdict::Unreached => &mut counts.unreached,
                Verdict::Unviable => &mut counts.unviable,
                Verdict::Untried => &mut counts.untried,
            };
            *count += 1;
        }
        counts
    }

    /// What compiles and was tried.
    fn tried(self) -> usize {
        self.caught + self.timed_out + self.missed + self.unreached
    }

    /// In percent, rounded down: 99.96 % is not all.
    fn share(self) -> String {
        let (caught, tried) = (self.caught + self.timed_out, self.tried());
        (caught * 1000)
            .checked_div(tried)
            .map_or_else(|| "–".to_owned(), |share| format!("{}.{} %", share / 10, share % 10))
    }

    fn row(self, name: &str) -> String {
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            self.tried() + self.unviable + self.untried,
            self.tried(),
            self.caught,
            self.timed_out,
            self.missed,
            self.unreached,
            self.untried,
            self.share()
        )
    }
}
