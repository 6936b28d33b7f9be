//! Whether the generated types mean what the published schemas say, judged by random JSON made without the generator.
//!
//! `FIDELITY_CASES` sets the number of cases a model (50 unless set), `FIDELITY_SEED` makes a failed run again. What fails is made small
//! and kept in `kept.json`, with which every run begins.

mod dice;
mod differences;
mod instance;
mod kept;
mod lost;
mod mutation;
mod narrowed;
mod replies;
mod requests;
mod schema;
mod sources;
mod strength;

use std::collections::BTreeMap;
use std::env;

use serde_json::Value;

pub(crate) use self::dice::Dice;
use self::differences::{REPLIES, REQUESTS};
pub(crate) use self::instance::{Manner, instance};
use self::narrowed::{Narrowed, concerning};
use self::sources::Published;
pub(crate) use self::sources::{model_files, root};
use crate::subject::{Subject, subjects};

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) seed: u64,
    pub(crate) cases: usize,
    /// Whether faults are made small before they are shown.
    pub(crate) shrink: bool,
}

impl Run {
    fn usual() -> Self {
        let cases = usize::try_from(setting("FIDELITY_CASES", 50)).unwrap_or(50);
        Self { seed: setting("FIDELITY_SEED", 20_261_101), cases, shrink: true }
    }
}

/// Goes through all published models on two threads and fails with everything found.
#[track_caller]
fn check(published: &[Published], faults: impl Fn(&Subject, &Published, &str, &Value) -> Vec<String> + Sync) {
    let subjects: BTreeMap<&str, Subject> = subjects().into_iter().map(|subject| (subject.info.id, subject)).collect();
    let files: BTreeMap<String, (String, Value)> = model_files()
        .into_iter()
        .map(|(modality, file)| (file["id"].as_str().unwrap_or_default().to_owned(), (modality, file)))
        .collect();
    let (even, odd): (Vec<_>, Vec<_>) = published.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let work = |models: Vec<(usize, &Published)>| -> (usize, Vec<String>) {
        let known =
            models.into_iter().filter_map(|(_, model)| Some((model, subjects.get(&*model.id)?, files.get(&model.id)?)));
        let found: Vec<Vec<String>> =
            known.map(|(model, subject, (modality, file))| faults(subject, model, modality, file)).collect();
        (found.len(), found.concat())
    };
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| work(odd));
        (work(even), other.join().unwrap_or_default())
    });
    let found = [first.1, second.1].concat();
    let Run { seed, cases, .. } = Run::usual();
    println!("{} models, {cases} cases each, FIDELITY_SEED={seed}", first.0 + second.0);
    assert_eq!(first.0 + second.0, published.len(), "some published models were not tried");
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

fn check_requests(published: &[Published]) {
    check(published, |subject, model, modality, file| {
        requests::faults(subject, model, &concerning(REQUESTS, modality, file), Run::usual())
    });
}

fn check_replies(published: &[Published]) {
    check(published, |subject, model, modality, file| {
        replies::faults(subject, model, &concerning(REPLIES, modality, file), Run::usual())
    });
}

#[test]
fn requests_mean_what_the_repositorys_schemas_say() {
    check_requests(&sources::committed());
}

#[test]
fn replies_mean_what_the_repositorys_schemas_say() {
    check_replies(&sources::committed());
}

#[test]
fn requests_mean_what_the_published_feeds_say() {
    match sources::feeds() {
        Some(published) => check_requests(&published),
        None => println!("skipped: no published feed here"),
    }
}

#[test]
fn replies_mean_what_the_published_feeds_say() {
    match sources::feeds() {
        Some(published) => check_replies(&published),
        None => println!("skipped: no published feed here"),
    }
}

/// Without a difference, at least one model that it concerns must fail: else it excepts nothing.
#[track_caller]
fn check_needed(table: &[Narrowed], side: fn(&Published) -> &Value, faults: Faults) {
    let subjects: BTreeMap<&str, Subject> = subjects().into_iter().map(|subject| (subject.info.id, subject)).collect();
    let files = model_files();
    let published = sources::committed();
    // More cases than usual: some differences show only in rare instances.
    let run = Run { shrink: false, cases: 400, ..Run::usual() };
    for (index, narrowed) in table.iter().enumerate() {
        let needed = files.iter().any(|(modality, file)| {
            let mut differences = concerning(table, modality, file);
            let before = differences.len();
            differences.retain(|other| !std::ptr::eq(*other, narrowed));
            let model = published.iter().find(|model| file["id"] == model.id && narrowed.concerns(side(model)));
            match model.and_then(|model| Some((model, subjects.get(&*model.id)?))) {
                Some((model, subject)) if differences.len() < before => {
                    !faults(subject, model, &differences, run).is_empty()
                }
                _ => false,
            }
        });
        assert!(needed, "difference {index} is not needed: {narrowed:?}");
    }
}

type Faults = fn(&Subject, &Published, &[&Narrowed], Run) -> Vec<String>;

#[test]
fn every_difference_in_requests_is_needed() {
    check_needed(REQUESTS, |published| &published.input, requests::faults);
}

#[test]
fn every_difference_in_replies_is_needed() {
    check_needed(REPLIES, |published| &published.output, replies::faults);
}
