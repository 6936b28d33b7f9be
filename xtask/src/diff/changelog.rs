//! Keeps `CHANGELOG.md`: a section per catalogue, newest first, under what is not released yet.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const HEAD: &str = "# Changelog\n\nWhat changed for users of the bindings. The form follows [Keep a Changelog]; \
    sections about the catalogue\nare written by `cargo xtask diff --changelog`. Versions follow [semantic versioning], \
    as cargo reads it.\n\n[Keep a Changelog]: https://keepachangelog.com/en/1.1.0/\n[semantic versioning]: \
    https://doc.rust-lang.org/cargo/reference/semver.html\n\n## [Unreleased]\n";

/// Puts a section into the changelog; a section of the same title is replaced.
pub(crate) fn insert(path: &Path, section: &str) -> Result<()> {
    let text = if path.exists() {
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
    } else {
        HEAD.to_owned()
    };
    fs::write(path, inserted(&text, section)).with_context(|| format!("cannot write {}", path.display()))
}

fn inserted(text: &str, section: &str) -> String {
    let title = section.lines().next().unwrap_or_default();
    let mut parts = split(text);
    match parts.iter_mut().find(|part| part.lines().next() == Some(title)) {
        Some(part) => *part = section.to_owned(),
        None => {
            let place = parts.iter().position(|part| part.starts_with("## [Unreleased]")).map_or(1, |place| place + 1);
            parts.insert(place.min(parts.len()), section.to_owned());
        }
    }
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
    format!("{}\n", parts.join("\n\n"))
}

/// The head, then every section with its title.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("## ") {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_go_under_unreleased_newest_first() {
        let one = inserted(HEAD, "## Catalogue of 2025-12\n\nfirst\n");
        let two = inserted(&one, "## Catalogue of 2026-11\n\nsecond\n");
        let order: Vec<_> = two.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(order, ["## [Unreleased]", "## Catalogue of 2026-11", "## Catalogue of 2025-12"]);
        assert_eq!(inserted(&two, "## Catalogue of 2026-11\n\nsecond\n"), two);
        assert!(inserted(&two, "## Catalogue of 2026-11\n\nthird\n").contains("third"));
    }
}
