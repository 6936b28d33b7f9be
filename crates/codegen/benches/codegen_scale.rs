//! What generating costs as models become many: `cargo bench -p workers-ai-codegen --bench codegen_scale`.
//!
//! Models are made of the real ones of `schemas/`, under other names: all of them alike but for that (`duplicates`), or half
//! with ranges and properties of their own (`mixed`). Each size runs in a process of its own, which says how much time it
//! had on a processor and how much memory it held at most. A line of JSON for each row of `cargo xtask bench`.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Modality, Options, Overlay, generate, load};

const SIZES: [u32; 4] = [10, 100, 1_000, 10_000];

const KINDS: [&str; 2] = ["mixed", "duplicates"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [mode, kind, count] = arguments.as_slice()
        && mode == "--measure"
    {
        let (seconds, kilobytes, lines) = measure(kind, count.parse()?)?;
        println!("{seconds} {kilobytes} {lines}");
        return Ok(());
    }
    let rounds = arguments.iter().position(|argument| argument == "--rounds").and_then(|at| arguments.get(at + 1));
    rows(rounds.map_or(Ok(3), |rounds| rounds.parse())?)
}

/// Every row, each size in a process of its own.
fn rows(rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut time: BTreeMap<(&str, u32), Vec<f64>> = BTreeMap::new();
    let mut memory = time.clone();
    for _ in 0..rounds {
        for kind in KINDS {
            for size in SIZES {
                let output = Command::new(env::current_exe()?).args(["--measure", kind, &size.to_string()]).output()?;
                let text = String::from_utf8(output.stdout)?;
                let mut numbers = text.split_whitespace();
                let (Some(seconds), Some(kilobytes)) = (numbers.next(), numbers.next()) else {
                    return Err(String::from_utf8_lossy(&output.stderr).into());
                };
                let each = |number: f64| number / f64::from(size);
                time.entry((kind, size)).or_default().push(each(seconds.parse::<f64>()? * 1000.0));
                memory.entry((kind, size)).or_default().push(each(kilobytes.parse()?));
            }
        }
    }
    let row = |row: &str, what: &str, unit: &str, of: &BTreeMap<(&str, u32), Vec<f64>>, wanted: &[(&str, u32)]| {
        let subjects: Vec<Value> = wanted
            .iter()
            .map(|(kind, size)| json!({"name": format!("{size} {kind}"), "samples": of.get(&(*kind, *size))}))
            .collect();
        let printed = json!({"row": row, "what": what, "unit": unit, "better": "lower", "subjects": subjects});
        println!("{printed}");
    };
    let ms = "ms per model";
    row("codegen.linear", "generator's time per model", ms, &time, &[("mixed", 10_000), ("mixed", 100)]);
    let all: Vec<(&str, u32)> =
        SIZES.into_iter().rev().flat_map(|size| KINDS.into_iter().map(move |kind| (kind, size))).collect();
    row("codegen.per-model", "generator's time per model", ms, &time, &all);
    let alike = [("duplicates", 10_000), ("duplicates", 1_000)];
    row("codegen.memory", "generator's peak memory per model, all of them duplicates", "KB per model", &memory, &alike);
    Ok(())
}

/// Seconds on a processor, kilobytes at most, and lines written, for so many models.
fn measure(kind: &str, count: usize) -> Result<(f64, f64, usize), Box<dyn Error>> {
    let seeds = seeds()?;
    let real: usize = seeds.iter().map(|(_, models, _)| models.len()).sum();
    let before = on_processor()?;
    let mut lines = 0;
    let mut done = 0;
    for (index, (name, models, overlays)) in seeds.iter().enumerate() {
        // Each modality grows by the same factor; the last one takes what rounding left.
        let wanted = if index + 1 == seeds.len() { count - done } else { count * models.len() / real };
        done += wanted;
        let mut facts = Vec::with_capacity(wanted);
        for (copy, model) in (0..wanted).zip(models.iter().cycle()) {
            // Every other one, and in each round the others.
            facts.push(renamed(model, copy, kind == "mixed" && (copy + copy / models.len()) % 2 == 1));
        }
        let modality = Modality::new(name, facts, overlays.clone()).map_err(|problems| problems.to_string())?;
        let options = Options { home: Some(name.replace('-', "_")), ..Options::default() };
        lines += generate(&modality, &options).map_err(|problems| problems.to_string())?.lines().count();
    }
    let status = fs::read_to_string("/proc/self/status")?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("this system has no VmHWM")?;
    let most: f64 = most.trim().trim_end_matches("kB").trim().parse()?;
    Ok((on_processor()? - before, most, lines))
}

/// Nanoseconds that this process has had, as seconds.
fn on_processor() -> Result<f64, Box<dyn Error>> {
    let schedule = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = schedule.split_whitespace().next().ok_or("empty schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}

type Seed = (String, Vec<Facts>, Vec<Overlay>);

/// The live models that no correction names, so that what holds for them holds for their copies.
fn seeds() -> Result<Vec<Seed>, Box<dyn Error>> {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let mut folders: Vec<PathBuf> = fs::read_dir(schemas)?.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir() && !path.ends_with("facts"));
    folders.sort();
    let mut seeds = Vec::new();
    for folder in folders {
        let modality = load(&folder).map_err(|problems| problems.to_string())?;
        let overlays: Vec<Overlay> = modality.overlays.into_iter().map(|(overlay, _)| overlay).collect();
        let named = |id: &String| {
            overlays.iter().any(|overlay| {
                overlay.applies_to.models.as_ref().is_some_and(|models| models.contains(id))
                    || overlay.applies_to.except.contains(id)
            })
        };
        let models: Vec<Facts> = modality.models.into_iter().map(|model| model.facts).collect();
        let models: Vec<Facts> = models
            .into_iter()
            .filter(|facts| facts.lifecycle.gone_by.is_none() && facts.schema.is_some() && !named(&facts.id))
            .collect();
        if !models.is_empty() {
            seeds.push((modality.name, models, overlays));
        }
    }
    Ok(seeds)
}

/// A model under another name, perhaps with ranges and a property of its own.
fn renamed(model: &Facts, copy: usize, altered: bool) -> Facts {
    let mut facts = model.clone();
    facts.id = format!("{}-copy-{copy}", model.id);
    facts.rust.module = format!("{}_copy_{copy}", model.rust.module);
    facts.rust.marker = format!("{}Copy{copy}", model.rust.marker);
    if altered && let Some(schema) = &mut facts.schema {
        alter(&mut Arc::make_mut(schema).input, copy);
    }
    facts
}

/// Moves every maximum, and adds a property to the outermost objects.
fn alter(schema: &mut Value, copy: usize) {
    match schema {
        Value::Object(members) => {
            if let Some(maximum) = members.get_mut("maximum").filter(|maximum| maximum.is_number()) {
                *maximum = json!(maximum.as_f64().unwrap_or_default() + copy as f64);
            }
            for (name, value) in members {
                if name == "properties"
                    && let Some(properties) = value.as_object_mut()
                    && properties.contains_key("prompt")
                {
                    properties.insert(format!("option_{copy}"), json!({"type": "boolean"}));
                }
                alter(value, copy);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| alter(item, copy)),
        _ => {}
    }
}
