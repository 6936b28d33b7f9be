//! A crate for a task that nobody here has seen: modelled on the crates there are, never by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::stage::{Stage, link};
use super::write_file;
use crate::workspace::Workspace;

/// Features of the facade that are no modality, and the folder of facts.
const RESERVED: &[&str] = &[
    "all",
    "default",
    "facts",
    "full",
    "http",
    "http2",
    "charset",
    "native-tls",
    "prelude",
    "realtime",
    "retired",
    "rustls",
];

/// Files with lists of modalities between markers, and whether they must have one.
const LISTS: &[(&str, bool)] =
    &[("crates/workers-ai/Cargo.toml", true), ("crates/workers-ai/src/lib.rs", true), ("Cargo.toml", false)];

const BEGIN: &str = "modalities: begin";
const END: &str = "modalities: end";

/// The modalities that the catalogue needs and no crate carries.
pub(crate) fn missing<'a>(workspace: &Workspace, needed: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let known = workspace.modalities();
    needed.into_iter().filter(|name| !known.contains(*name)).map(str::to_owned).collect()
}

/// Stages a crate for each new modality, and its lines in the facade.
pub(crate) fn scaffold(workspace: &Workspace, stage: &mut Stage, new: &BTreeSet<String>) -> Result<()> {
    let known = workspace.modalities();
    let pattern = pattern(workspace, &known)?;
    for modality in new {
        ensure!(
            !RESERVED.contains(&modality.as_str()) && !workspace.room(modality).exists(),
            "the task cannot become a crate: `{modality}` already is the name of something else here"
        );
        let room = stage.copy_of(Path::new("crates").join(modality))?;
        crate_at(workspace, &room, modality, &pattern)
            .with_context(|| format!("cannot make a crate for {modality}"))?;
    }
    for (file, is_needed) in LISTS {
        let path = workspace.root().join(file);
        if !is_needed && !path.exists() {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let Some(longer) = lengthen(&text, &known, new).with_context(|| format!("in {file}"))? else {
            ensure!(
                !is_needed,
                "{file} has no list between `{BEGIN}` and `{END}`, so a new modality has no place in it"
            );
            continue;
        };
        fs::write(stage.copy_of(file)?, longer).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(())
}

/// The crate to go by: of those that are nothing but their generated models, the shortest.
fn pattern(workspace: &Workspace, known: &BTreeSet<String>) -> Result<String> {
    let length = |modality: &String| {
        let room = workspace.room(modality);
        let is_whole = room.join("Cargo.toml").is_file();
        is_whole.then(|| room.join("src/lib.rs").metadata().ok()).flatten().map(|metadata| metadata.len())
    };
    known
        .iter()
        // A name of one word does not tell where hyphens and where underscores are wanted.
        .filter(|modality| modality.contains('-'))
        .filter_map(|modality| Some((length(modality)?, modality)))
        .min()
        .map(|(_, modality)| modality.clone())
        .context("there is no crate of a modality to go by")
}

fn crate_at(workspace: &Workspace, room: &Path, modality: &str, pattern: &str) -> Result<()> {
    for file in ["Cargo.toml", "src/lib.rs"] {
        let path = workspace.room(pattern).join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        write_file(&room.join(file), &renamed(&text, pattern, modality))?;
    }
    link(Path::new("../../build.rs"), &room.join("build.rs"))?;
    link(&Path::new("../../schemas").join(modality), &room.join("schemas"))
}

/// Adds the new modalities to every marked list of a text, or says that there is none.
fn lengthen(text: &str, known: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<Option<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut list: Option<Vec<String>> = None;
    let mut found = false;
    for line in text.lines() {
        match &mut list {
            Some(entries) if line.contains(END) => {
                lines.extend(merged(entries, known, new)?);
                lines.push(line.to_owned());
                list = None;
            }
            Some(entries) => entries.push(line.to_owned()),
            None => {
                lines.push(line.to_owned());
                if line.contains(BEGIN) {
                    found = true;
                    list = Some(Vec::new());
                }
            }
        }
    }
    ensure!(list.is_none(), "a list that begins with `{BEGIN}` has no end");
    lines.push(String::new());
    Ok(found.then(|| lines.join("\n")))
}

/// The entries of one list with those of the new modalities, each cloned from an entry that is there.
fn merged(lines: &[String], known: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<Vec<String>> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for entry in entries_of(lines) {
        let modality = known.iter().find(|modality| mentions(&entry, modality));
        let modality = modality.with_context(|| format!("cannot tell whose entry this is: {entry}"))?;
        entries.push((modality.clone(), entry));
    }
    // A name of one word does not tell whether an entry wants hyphens or underscores.
    let pattern = entries.iter().find(|(modality, _)| modality.contains('-')).cloned();
    let (pattern_name, pattern) = pattern.context("a list has no modality of several words to go by")?;
    for modality in new {
        entries.push((modality.clone(), renamed(&pattern, &pattern_name, modality)));
    }
    entries.sort();
    Ok(entries.into_iter().flat_map(|(_, entry)| entry.lines().map(str::to_owned).collect::<Vec<_>>()).collect())
}

/// Splits a list where an item of Rust or a line of TOML is complete.
fn entries_of(lines: &[String]) -> Vec<String> {
    let mut entries = Vec::new();
    let mut entry: Vec<&str> = Vec::new();
    for line in lines {
        entry.push(line);
        let text = line.trim();
        let is_rust = entry.iter().any(|line| line.trim().starts_with("#[") || line.trim().starts_with("pub "));
        let count = |brace: char| entry.iter().map(|line| line.matches(brace).count()).sum::<usize>();
        let is_closed = count('{') == count('}');
        let is_complete = if is_rust {
            is_closed && (text.ends_with(';') || text.ends_with('}'))
        } else {
            !text.starts_with(['#', '/'])
        };
        if is_complete && !text.is_empty() {
            entries.push(std::mem::take(&mut entry).join("\n"));
        }
    }
    entries
}

fn mentions(entry: &str, modality: &str) -> bool {
    [modality.to_owned(), modality.replace('-', "_")].iter().any(|name| {
        entry.match_indices(name.as_str()).any(|(start, _)| {
            let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
            let before = entry.get(..start).and_then(|text| text.chars().next_back());
            let after = entry.get(start + name.len()..).and_then(|text| text.chars().next());
            // `translation` is not meant by `x-translation`, but it is by `workers-ai-translation`.
            let in_longer = matches!(before, Some('-' | '_'))
                && !entry
                    .get(..start)
                    .is_some_and(|text| text.ends_with("workers-ai-") || text.ends_with("workers_ai_"));
            !is_word(before) && !is_word(after) && !matches!(after, Some('-' | '_')) && !in_longer
        })
    })
}

fn renamed(entry: &str, from: &str, to: &str) -> String {
    let camel = |name: &str| -> String {
        name.split('-')
            .map(|word| {
                let (first, rest) = word.split_at(word.len().min(1));
                format!("{}{rest}", first.to_ascii_uppercase())
            })
            .collect()
    };
    let words = |name: &str| name.replace('-', " ");
    let sentence = |name: &str| {
        let words = words(name);
        let (first, rest) = words.split_at(words.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    entry
        .replace(from, to)
        .replace(&from.replace('-', "_"), &to.replace('-', "_"))
        .replace(&words(from), &words(to))
        .replace(&sentence(from), &sentence(to))
        .replace(&camel(from), &camel(to))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let known = names(&["image-to-text", "text-to-image", "translation"]);
        let longer = lengthen(text, &known, &names(&["video-generation"])).unwrap();
        assert_eq!(longer.as_deref(), Some(expected));
    }

    #[test]
    fn features_and_dependencies_get_a_line() {
        check(
            "[features]\n# modalities: begin\ntext-to-image = [\"dep:workers-ai-text-to-image\"]\ntranslation = [\"dep:workers-ai-translation\"]\n# modalities: end\nx = []\n",
            "[features]\n# modalities: begin\ntext-to-image = [\"dep:workers-ai-text-to-image\"]\ntranslation = [\"dep:workers-ai-translation\"]\nvideo-generation = [\"dep:workers-ai-video-generation\"]\n# modalities: end\nx = []\n",
        );
    }

    #[test]
    fn rust_items_are_cloned_whole_and_sorted_in() {
        check(
            "// modalities: begin\n/// Text to image.\n#[cfg(feature = \"text-to-image\")]\npub mod text_to_image {\n    #[doc(inline)]\n    pub use workers_ai_text_to_image::*;\n}\n// modalities: end\n",
            "// modalities: begin\n/// Text to image.\n#[cfg(feature = \"text-to-image\")]\npub mod text_to_image {\n    #[doc(inline)]\n    pub use workers_ai_text_to_image::*;\n}\n/// Video generation.\n#[cfg(feature = \"video-generation\")]\npub mod video_generation {\n    #[doc(inline)]\n    pub use workers_ai_video_generation::*;\n}\n// modalities: end\n",
        );
    }

    #[test]
    fn a_text_without_a_list_is_left_alone() {
        assert_eq!(lengthen("a\n", &names(&["translation"]), &names(&["x"])).unwrap(), None);
        assert!(lengthen("# modalities: begin\n", &names(&["translation"]), &names(&["x"])).is_err());
        assert!(
            lengthen("# modalities: begin\n# modalities: end\n", &names(&["translation"]), &names(&["x"])).is_err()
        );
    }
}
