//! What must not compile, and what the compiler says about it.
//!
//! Each file in `compile_fail/` is a mistake as a user would make it. Its `//~` lines are phrases that rustc must say, in
//! any version; they are looked for with whatever rustc runs. The rest of the message changes with the compiler, so the
//! whole of it, beside the case as `.stderr`, is compared only on the one in `rustc-version`. What is right about the same
//! models is in `compile_pass/`.
//!
//! After a change that is meant, and on that rustc, `TRYBUILD=overwrite cargo test -p workers-ai-ui` records the messages
//! anew.

mod cases;
mod compiler;
mod programs;

use std::path::Path;

use cases::{Case, read};
use compiler::{Verdict, check};

/// The compiler whose messages are recorded, as `rustc --version` says it.
const RECORDED: &str = include_str!("rustc-version");

#[test]
fn mistakes_are_told_in_these_words() {
    let cases = read("compile_fail");
    let mut failures = Vec::new();
    for (case, verdict) in cases.iter().zip(check(&cases)) {
        failures.extend(complaint(case, &verdict));
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn complaint(case: &Case, verdict: &Verdict) -> Option<String> {
    let path = case.path.display();
    if case.phrases.is_empty() {
        return Some(format!("{path} has no line that begins with `//~`, so nothing is looked for"));
    }
    if !verdict.refused {
        return Some(format!("{path} compiles, and should not"));
    }
    let missing: Vec<_> =
        case.phrases.iter().filter(|phrase| !verdict.says(phrase)).map(|phrase| format!("  {phrase}")).collect();
    (!missing.is_empty()).then(|| format!("{path}: not said:\n{}\nbut:\n{}", missing.join("\n"), verdict.messages))
}

#[test]
fn what_is_right_compiles_without_a_word() {
    let cases = read("compile_pass");
    let spoken: Vec<_> = cases
        .iter()
        .zip(check(&cases))
        .filter(|(_, verdict)| verdict.refused || !verdict.messages.is_empty())
        .map(|(case, verdict)| format!("{}:\n{}", case.path.display(), verdict.messages))
        .collect();
    assert!(spoken.is_empty(), "\n{}", spoken.join("\n"));
}

#[test]
fn messages_are_as_recorded() {
    let version = compiler::version();
    if version != RECORDED.trim() {
        println!("{} is not {}: only the phrases are compared", version, RECORDED.trim());
        return;
    }
    let recorder = trybuild::TestCases::new();
    for case in read("compile_fail").iter().filter(|case| !case.grows) {
        // Relative, as it stands in the messages.
        let path = Path::new("compile_fail").join(case.path.file_name().unwrap_or_default());
        recorder.compile_fail(path);
    }
}
