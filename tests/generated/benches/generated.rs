//! What rustc spends on all models that are offered, setters included, and what on typify's types for the same schemas.

use std::process::ExitCode;

use anyhow::Result;
use workers_ai_codegen::{Modality, Options, generate, load};
use workers_ai_generated::checkout::{modalities, root};
use workers_ai_generated::published::published;
use workers_ai_generated::scratch::{Scratch, stand_in};
use workers_ai_generated::typified::typified;
use workers_ai_generated::{rows, usage};

/// Crates whose hand-written types the generated ones hold.
const WRITTEN: [&str; 4] = ["text-generation", "automatic-speech-recognition", "text-to-speech", "image-to-text"];

fn main() -> Result<ExitCode> {
    if let Some(code) = stand_in()? {
        return Ok(code);
    }
    let (ours, ours_whole, models) = ours()?;
    let (typify, typified) = typified(&published()?)?;
    eprintln!("ours has {models} models, typify {typified}");
    let code = |rust: &str| rust.lines().filter(|line| !line.trim_start().starts_with("//")).count();
    eprintln!("lines that are no comments: ours {}, typify {}", code(&ours_whole), code(&typify));

    let mut crates = String::from("serde = \"1\"\nserde_json = \"1\"\n");
    let mut library = String::new();
    crates.push_str(&dependency("workers-ai-client", "client")?);
    for written in WRITTEN {
        crates.push_str(&dependency(&format!("workers-ai-{written}"), written)?);
        library.push_str(&format!("pub use workers_ai_{}::*;\n", written.replace('-', "_")));
    }
    let ours = Scratch::new("generated-ours", &crates, &library, &ours)?;
    let peer = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nregress = \"*\"\n";
    let peer = Scratch::new("generated-typify", peer, "#![allow(warnings)]", &typify)?;
    let mut used: [Vec<usage::Usage>; 2] = [Vec::new(), Vec::new()];
    for round in 1..=rows::rounds(3) {
        for (subject, used) in [&ours, &peer].into_iter().zip(&mut used) {
            let usage = subject.check()?;
            eprintln!("round {round}: {:.2} s, {:.0} MB", usage.seconds, usage.megabytes);
            used.push(usage);
        }
    }
    let [ours, peer] = used;
    let seconds = |used: &[usage::Usage]| used.iter().map(|usage| usage.seconds).collect::<Vec<_>>();
    let memory = |used: &[usage::Usage]| used.iter().map(|usage| usage.megabytes).collect::<Vec<_>>();
    let print = |row, what, unit, ours: &[f64], peer: &[f64]| {
        rows::print(row, what, unit, &[("workers-ai", ours), ("typify", peer)]);
    };
    print(
        "check.seconds",
        "`rustc` checks all generated models, setters included",
        "CPU s",
        &seconds(&ours),
        &seconds(&peer),
    );
    print("check.memory", "peak memory of that check", "MB", &memory(&ours), &memory(&peer));
    #[expect(clippy::cast_precision_loss, reason = "lines of a few files")]
    let lines = |rust: &str| [rust.lines().count() as f64];
    print("check.lines", "lines of Rust that are checked", "lines", &lines(&ours_whole), &lines(&typify));
    Ok(ExitCode::SUCCESS)
}

fn dependency(package: &str, room: &str) -> Result<String> {
    let path = root()?.join("crates").join(room);
    Ok(format!("{package} = {{ path = {:?}, default-features = false }}\n", path.display().to_string()))
}

/// The modules of all models that are offered; the same with handles and examples, as crates have it; and how many models.
fn ours() -> Result<(String, String, usize)> {
    let (mut modules, mut whole, mut count) = (String::new(), String::new(), 0);
    for folder in modalities()? {
        let all = load(&folder)?;
        let models: Vec<_> = all.models.into_iter().filter(|model| model.facts.lifecycle.gone_by.is_none()).collect();
        count += models.iter().filter(|model| model.canonical.is_some()).count();
        let modality = Modality { name: all.name, models, overlays: Vec::new() };
        let home = Some(format!("workers_ai_{}", modality.name.replace('-', "_")));
        modules.push_str(&generate(&modality, &Options { without_handle: true, ..Options::default() })?);
        whole.push_str(&generate(&modality, &Options { home, ..Options::default() })?);
    }
    Ok((modules, whole, count))
}
