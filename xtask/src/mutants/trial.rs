//! Tries switched mutants: only the tests that come by a place are asked about it, the quickest first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::ledger::Verdict;

/// The least time given to tests, for a busy machine is no hanging test.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many tests are asked first: most mutants are caught by any that comes by.
const FIRST: usize = 6;

/// One test, and what it comes by.
struct Test {
    program: PathBuf,
    name: String,
    takes: Duration,
    seen: BTreeSet<usize>,
}

/// The tests of a package, run once each.
pub(super) struct Tests {
    folder: PathBuf,
    tests: Vec<Test>,
}

enum End {
    Passed,
    Failed,
    Hung,
}

impl Tests {
    /// Runs every test of these programs by itself, nothing switched on; each must pass. `folder` is the package's.
    pub(super) fn observe(programs: &[PathBuf], folder: &Path, notes: &Path) -> Result<Self> {
        let mut tests = Vec::new();
        for program in programs {
            let output = Command::new(program).args(["--list", "--format=terse"]).current_dir(folder).output();
            let output = output.with_context(|| format!("cannot run {}", program.display()))?;
            for line in String::from_utf8_lossy(&output.stdout).lines() {
                if let Some(name) = line.strip_suffix(": test") {
                    tests.push(observe(program, name, folder, notes)?);
                }
            }
        }
        tests.sort_by_key(|test| test.takes);
        Ok(Self { folder: folder.to_owned(), tests })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.tests.len()
    }

    /// Tries these mutants in order, as many at once as the machine has cores, until none is left or time is up.
    pub(super) fn judge(&self, numbers: &[usize], until: Option<Instant>) -> Result<BTreeMap<usize, Verdict>> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let waiting = Mutex::new(numbers.iter().copied().rev().collect::<Vec<_>>());
        let next = || {
            if until.is_some_and(|until| Instant::now() >= until) {
                return None;
            }
            let mut waiting = waiting.lock().ok()?;
            if waiting.len() % 100 == 0 {
                println!("{} mutants to try", waiting.len());
            }
            waiting.pop()
        };
        let work = || {
            let mut verdicts = BTreeMap::new();
            while let Some(number) = next() {
                verdicts.insert(number, self.verdict(number)?);
            }
            Ok(verdicts)
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            let mut verdicts = BTreeMap::new();
            for worker in workers {
                let found: Result<BTreeMap<usize, Verdict>> =
                    worker.join().map_err(|_| anyhow::anyhow!("a thread that tried mutants gave up"))?;
                verdicts.extend(found?);
            }
            Ok(verdicts)
        })
    }

    fn verdict(&self, number: usize) -> Result<Verdict> {
        let near: Vec<&Test> = self.tests.iter().filter(|test| test.seen.contains(&number)).collect();
        if near.is_empty() {
            return Ok(Verdict::Unreached);
        }
        let (first, rest) = near.split_at(near.len().min(FIRST));
        for some in [first, rest] {
            let mut by_program: BTreeMap<&Path, Vec<&Test>> = BTreeMap::new();
            for test in some {
                by_program.entry(&test.program).or_default().push(test);
            }
            for (program, tests) in by_program {
                let usual: Duration = tests.iter().map(|test| test.takes).sum();
                let names = tests.iter().map(|test| test.name.as_str());
                let mut command = self.command(program, names);
                command.env("MUTANT", number.to_string());
                match end(&mut command, PATIENCE.max(usual * 8))? {
                    End::Passed => {}
                    End::Failed => return Ok(Verdict::Caught),
                    End::Hung => return Ok(Verdict::TimedOut),
                }
            }
        }
        Ok(Verdict::Missed)
    }

    fn command<'a>(&self, program: &Path, names: impl Iterator<Item = &'a str>) -> Command {
        command(program, &self.folder, names)
    }
}

fn observe(program: &Path, name: &str, folder: &Path, notes: &Path) -> Result<Test> {
    if notes.exists() {
        fs::remove_file(notes)?;
    }
    let mut command = command(program, folder, std::iter::once(name));
    let start = Instant::now();
    let passed = matches!(end(command.env("MUTANTS_SEEN", notes), PATIENCE * 10)?, End::Passed);
    ensure!(passed, "the test {name} fails before anything is broken");
    let seen = fs::read_to_string(notes).unwrap_or_default();
    let seen = seen.lines().filter_map(|line| line.parse().ok()).collect();
    Ok(Test { program: program.to_owned(), name: name.to_owned(), takes: start.elapsed(), seen })
}

/// A run of some tests, as cargo would start it.
fn command<'a>(program: &Path, folder: &Path, names: impl Iterator<Item = &'a str>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("CARGO_MANIFEST_DIR", folder).arg("--exact").args(names);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn end(command: &mut Command, patience: Duration) -> Result<End> {
    let mut child = command.spawn().context("cannot run a test")?;
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(if status.success() { End::Passed } else { End::Failed });
        }
        if start.elapsed() > patience {
            stop(&mut child);
            return Ok(End::Hung);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// It may have ended meanwhile, which is as good.
fn stop(child: &mut Child) {
    child.kill().ok();
    child.wait().ok();
}
