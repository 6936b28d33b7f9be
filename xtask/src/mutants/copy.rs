//! A copy of the checkout that may be changed, and the builds in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::mutant::{Genre, Mutant};
use super::package::Package;
use super::switch::switch;
use crate::programs::cargo;

const RUNTIME: &str = include_str!("runtime.in");
/// What rustc says of code that is well formed but breaks the rules of borrowing, which the switches do too.
const BORROWING: &[&str] = &["E0382", "E0499", "E0502", "E0505", "E0506", "E0507", "E0515", "E0597", "E0716"];
/// What rustc says of a match that does not cover everything: an arm behind a switch is a guarded one.
const NOT_COVERED: &str = "E0004";
/// What rustc says of an operator that is not for these types.
const NO_OPERATOR: &[&str] = &["E0277", "E0368", "E0369", "E0600"];

/// The copy.
pub(super) struct Copy {
    pub(super) root: PathBuf,
    /// Where cargo builds.
    pub(super) build: PathBuf,
    /// Files with mutants, as they are without any.
    texts: BTreeMap<String, String>,
}

/// What has become of the mutants of a package.
pub(super) struct Switches {
    /// Behind a switch, each by its number.
    pub(super) switched: BTreeSet<usize>,
    /// Do not compile.
    pub(super) unviable: BTreeSet<usize>,
}

/// A line that cargo prints: what the compiler says, or what it made.
#[derive(Deserialize)]
struct Message {
    message: Option<Diagnostic>,
    executable: Option<PathBuf>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    code: Option<Code>,
    rendered: Option<String>,
    spans: Vec<Spot>,
    children: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Clone, Deserialize)]
struct Spot {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Clone, Deserialize)]
struct Expansion {
    span: Spot,
}

/// Where mutants are in the files as written.
#[derive(Default)]
struct Places {
    alternatives: Vec<(String, std::ops::Range<usize>, usize)>,
    wraps: Vec<(String, std::ops::Range<usize>, Vec<usize>)>,
    matches: Vec<(String, std::ops::Range<usize>, Vec<usize>)>,
    switched: BTreeSet<usize>,
}

impl Copy {
    /// Copies everything that git knows or could know, links as links.
    pub(super) fn make(root: &Path, at: &Path) -> Result<Self> {
        let copy = at.join("copy");
        if copy.exists() {
            fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
        }
        let mut git = Command::new("git");
        git.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let output = git.output().context("cannot run git")?;
        ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
        for name in String::from_utf8_lossy(&output.stdout).split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (root.join(name), copy.join(name));
            let Ok(kind) = fs::symlink_metadata(&from) else { continue };
            fs::create_dir_all(to.parent().unwrap_or(&copy))?;
            if kind.is_symlink() {
                link(&fs::read_link(&from)?, &to)?;
            } else if kind.is_file() {
                fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
            }
        }
        let build = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| at.join("build"), PathBuf::from);
        Ok(Self { root: copy, build, texts: BTreeMap::new() })
    }

    /// Switches all mutants of a package that can be.
    pub(super) fn switch(&mut self, package: &Package, mutants: &[Mutant]) -> Result<Switches> {
        let files = mutants.iter().map(|mutant| mutant.file.clone()).chain([library(package)]);
        for file in files.collect::<BTreeSet<_>>() {
            let text = fs::read_to_string(self.root.join(&file)).with_context(|| format!("cannot read {file}"))?;
            self.texts.insert(file, text);
        }
        let mut unviable = BTreeSet::new();
        // A type that is not named is one type only.
        let unnamed = |mutant: &Mutant| {
            mutant.function.as_ref().is_some_and(|function| function.return_type.contains("impl "))
                && mutant.genre == Genre::FnValue
        };
        let mut left: BTreeSet<usize> =
            mutants.iter().enumerate().filter(|(_, mutant)| unnamed(mutant)).map(|(number, _)| number).collect();
        loop {
            let out: BTreeSet<usize> = left.union(&unviable).copied().collect();
            let places = self.write(package, mutants, &out)?;
            let errors = self.check(package)?;
            if errors.is_empty() {
                return Ok(Switches { switched: places.switched, unviable });
            }
            let before = out.len();
            for error in &errors {
                match places.blame(error, mutants) {
                    Some((true, numbers)) => unviable.extend(numbers),
                    Some((false, numbers)) => left.extend(numbers),
                    None => {}
                }
            }
            left.retain(|number| !unviable.contains(number));
            if left.len() + unviable.len() == before {
                let first = errors.first().and_then(|error| error.rendered.clone()).unwrap_or_default();
                bail!("{}: switches do not compile, and not because of a mutant:\n{first}", package.name);
            }
            println!("{}: {} of {} mutants do not compile", package.name, unviable.len(), mutants.len());
        }
    }

    /// Undoes the switches.
    pub(super) fn restore(&self) -> Result<()> {
        for (file, text) in &self.texts {
            fs::write(self.root.join(file), text).with_context(|| format!("cannot write {file}"))?;
        }
        Ok(())
    }

    /// Builds the tests and says where they are.
    pub(super) fn tests(&self, package: &Package) -> Result<Vec<PathBuf>> {
        let mut cargo = self.cargo("test", package);
        cargo.arg("--no-run").args(package.cargo_arguments());
        let output = cargo.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
        let made_for_tests = |message: &Message| message.profile.as_ref().is_some_and(|profile| profile.test);
        let tests: Vec<PathBuf> =
            messages(&output.stdout).filter(made_for_tests).filter_map(|message| message.executable).collect();
        ensure!(output.status.success() && !tests.is_empty(), "{}: the tests do not compile", package.name);
        // Another build in the same place would put tests without switches there, and all would pass.
        let aside = self.root.with_file_name(format!("tests-{}", package.folder));
        fs::create_dir_all(&aside)?;
        let mut kept = Vec::new();
        for test in &tests {
            let name = test.file_name().context("a test without a name")?;
            let to = aside.join(name);
            fs::copy(test, &to).with_context(|| format!("cannot copy {}", test.display()))?;
            kept.push(to);
        }
        Ok(kept)
    }

    /// Builds the tests rather than checks the library: what that needs is built then, once.
    fn check(&self, package: &Package) -> Result<Vec<Diagnostic>> {
        let mut cargo = self.cargo("test", package);
        let output = cargo.args(["--no-run", "--lib"]).args(package.features()).output().context("cannot run cargo")?;
        let said = messages(&output.stdout).filter_map(|message| message.message);
        let errors: Vec<Diagnostic> = said.filter(|message| message.level == "error").collect();
        ensure!(
            output.status.success() || !errors.is_empty(),
            "{}: {}",
            package.name,
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(errors)
    }

    fn cargo(&self, verb: &str, package: &Package) -> Command {
        let mut cargo = cargo();
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.build);
        cargo.args([verb, "--profile=mutants", "--message-format=json", "--package", package.name]);
        cargo
    }

    fn write(&self, package: &Package, mutants: &[Mutant], without: &BTreeSet<usize>) -> Result<Places> {
        let mut files: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
        let library = library(package);
        files.insert(&library, Vec::new());
        for (number, mutant) in mutants.iter().enumerate() {
            let file = files.entry(&mutant.file).or_default();
            if !without.contains(&number) {
                file.push((number, mutant));
            }
        }
        let mut places = Places::default();
        for (file, mutants) in &files {
            let text = self.texts.get(*file).map(String::as_str).unwrap_or_default();
            let mut switched = switch(text, mutants).with_context(|| (*file).to_owned())?;
            if *file == library {
                switched.text.push_str(RUNTIME);
            }
            fs::write(self.root.join(file), &switched.text).with_context(|| format!("cannot write {file}"))?;
            let file = || (*file).to_owned();
            places
                .alternatives
                .extend(switched.alternatives.into_iter().map(|(range, number)| (file(), range, number)));
            places.wraps.extend(switched.wraps.into_iter().map(|(range, numbers)| (file(), range, numbers)));
            places.matches.extend(switched.matches.into_iter().map(|(range, numbers)| (file(), range, numbers)));
            places.switched.extend(switched.numbers);
        }
        Ok(places)
    }
}

impl Places {
    /// The mutants that an error is about, and whether it is the fault of one of them rather than of its switch.
    fn blame(&self, error: &Diagnostic, mutants: &[Mutant]) -> Option<(bool, Vec<usize>)> {
        let code = error.code.as_ref().map(|code| code.code.as_str()).unwrap_or_default();
        let mut spots = error.spots();
        spots.sort_by_key(|spot| !spot.is_primary);
        for spot in &spots {
            let inside = |range: &std::ops::Range<usize>| range.start <= spot.byte_start && spot.byte_end <= range.end;
            let mut found =
                self.alternatives.iter().filter(|(file, range, _)| *file == spot.file_name && inside(range));
            if let Some((_, _, number)) = found.next() {
                let is_value = mutants.get(*number).is_some_and(|mutant| mutant.genre == Genre::FnValue);
                let at_fault = if is_value { !BORROWING.contains(&code) } else { NO_OPERATOR.contains(&code) };
                return Some((at_fault, vec![*number]));
            }
        }
        // The innermost of what stands around.
        let around = if code == NOT_COVERED { &self.matches } else { &self.wraps };
        spots.iter().find_map(|spot| {
            let touches = |range: &std::ops::Range<usize>| spot.byte_start < range.end && range.start < spot.byte_end;
            let around = around
                .iter()
                .filter(|(file, range, numbers)| *file == spot.file_name && touches(range) && !numbers.is_empty());
            around.min_by_key(|(_, range, _)| range.len()).map(|(_, _, numbers)| (false, numbers.clone()))
        })
    }
}

impl Diagnostic {
    /// Every place it names, those outside of macros too.
    fn spots(&self) -> Vec<Spot> {
        let mut spots = Vec::new();
        for spot in &self.spans {
            let mut next = Some(spot.clone());
            while let Some(spot) = next {
                next = spot.expansion.clone().map(|expansion| expansion.span);
                spots.push(spot);
            }
        }
        spots.extend(self.children.iter().flat_map(Self::spots));
        spots
    }
}

/// The file that the switch itself is put into.
fn library(package: &Package) -> String {
    format!("crates/{}/src/lib.rs", package.folder)
}

fn messages(output: &[u8]) -> impl Iterator<Item = Message> {
    output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> Result<()> {
    std::os::unix::fs::symlink(target, at).with_context(|| format!("cannot link {}", at.display()))
}

#[cfg(not(unix))]
fn link(target: &Path, at: &Path) -> Result<()> {
    bail!("{}: no links to {} on this system", at.display(), target.display())
}
