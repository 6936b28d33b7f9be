//! The ordinary test: the corpus, and so many changed copies of it, the same ones every time.
//!
//! `FUZZ_CASES` sets how many copies are made for each target (300 unless set), `FUZZ_SEED` which ones. What fails is made small and
//! written into the corpus, so that the next run begins with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::corpus::{Input, corpus, keep};
use crate::{Target, mutate};

/// An input that takes longer than this hangs. A busy machine is far from it.
const LONGEST: Duration = Duration::from_secs(120);
/// How many smaller inputs are tried for one that failed.
const SMALLER: u64 = 2_000;

/// Feeds a target its corpus and changed copies of it.
///
/// # Panics
///
/// Where the target does, with the input and the seed.
pub fn check(target: &Target) {
    let (cases, seed) = (setting("FUZZ_CASES", 300), setting("FUZZ_SEED", 20_261_126));
    println!("{}: FUZZ_CASES={cases} FUZZ_SEED={seed}", target.name);
    let inputs = corpus(target);
    for Input { name, bytes } in &inputs {
        if let Err(reason) = outcome(target, bytes) {
            panic!("corpus/{}/{name}: {reason}", target.name);
        }
    }
    let donors: Vec<&[u8]> = inputs.iter().map(|input| input.bytes.as_slice()).collect();
    for case in 0..cases {
        let seed = seed.wrapping_add(case);
        let place = usize::try_from(seed % u64::try_from(inputs.len()).unwrap_or(1)).unwrap_or_default();
        let Some(origin) = donors.get(place) else { continue };
        let mut bytes = (*origin).to_vec();
        for round in 0..=seed % 4 {
            bytes = mutate(target.written, &bytes, &donors, seed.wrapping_mul(7).wrapping_add(round), false);
        }
        if outcome(target, &bytes).is_err() {
            report(target, bytes, seed);
        }
    }
}

/// Makes the input small, keeps it, and fails.
fn report(target: &Target, mut bytes: Vec<u8>, seed: u64) -> ! {
    for attempt in 0..SMALLER {
        let smaller = mutate(target.written, &bytes, &[], attempt, true);
        if smaller.len() < bytes.len() && outcome(target, &smaller).is_err() {
            bytes = smaller;
        }
    }
    let reason = outcome(target, &bytes).err().unwrap_or_default();
    let path = keep(target, &format!("found-{seed}"), &bytes);
    panic!(
        "{} with seed {seed}: {reason}\n{}\nkept as {}; give it a name that tells what it is",
        target.name,
        bytes.escape_ascii(),
        path.display()
    );
}

/// What a target says to an input. The input is written down first: a stack that overflows says nothing more.
fn outcome(target: &Target, bytes: &[u8]) -> Result<(), String> {
    let last = env::temp_dir().join(format!("workers-ai-fuzz-{}", target.name));
    let _ = fs::write(last, bytes);
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(bytes)));
    match outcome {
        Err(panic) => Err(panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a panic")
            .to_owned()),
        Ok(()) if began.elapsed() > LONGEST => Err(format!("it took {:?}", began.elapsed())),
        Ok(()) => Ok(()),
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
