//! Model ids: remote text that becomes a path, so only the tame ones pass.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

/// An id of the form `@cf/author/model` that is safe to use as a path on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModelId(String);

const LONGEST: usize = 160;

impl ModelId {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        ensure!(text.len() <= LONGEST, "the id is longer than {LONGEST} bytes");
        let parts: Vec<&str> = text.split('/').collect();
        let [space, author, name] = parts.as_slice() else {
            bail!("the id is not of the form @cf/author/model");
        };
        ensure!(
            space.len() > 1
                && space.starts_with('@')
                && space.bytes().skip(1).all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
            "the id does not begin with a name space such as @cf"
        );
        for part in [author, name] {
            ensure!(
                part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)),
                "the id holds characters other than letters, digits, `.`, `_` and `-`"
            );
            ensure!(
                part.bytes().any(|byte| byte.is_ascii_alphanumeric()),
                "a part of the id has neither letter nor digit"
            );
            // Windows drops dots at the end and keeps device names to itself.
            ensure!(!part.ends_with('.'), "a part of the id ends with a dot");
            ensure!(!is_device(part), "a part of the id is a device name on Windows");
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn author(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_default()
    }

    /// The last part, which names the model.
    pub(crate) fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The file of this model inside the folder of its modality.
    pub(crate) fn file(&self) -> PathBuf {
        PathBuf::from(format!("{}.json", self.0))
    }

    /// Ids with an equal key would share a file where the file system ignores case.
    pub(crate) fn collision_key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|last: char| last.is_ascii_digit()))
}

/// Foreign text made safe to print: escaped, and cut where it is too long.
pub(crate) fn printable(text: &str) -> String {
    const SHOWN: usize = 120;
    let escaped: String = text.chars().take(SHOWN).flat_map(char::escape_default).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{escaped}…") } else { escaped }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn ordinary_ids_pass() {
        for id in ["@cf/baai/bge-m3", "@hf/google/gemma-7b-it", "@cf/moondream/moondream3.1-9B-A2B"] {
            assert_eq!(ModelId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn hostile_ids_do_not() {
        let long = format!("@cf/a/{}", "x".repeat(200));
        for id in [
            "",
            "@cf",
            "@cf/a",
            "@cf/a/b/c",
            "cf/a/b",
            "@/a/b",
            "@cf/../b",
            "@cf/a/..",
            "@cf/a/.",
            "@cf//b",
            "@cf/a/",
            "@cf/a/b c",
            "@cf/a/b\"]",
            "@cf/a/b*",
            "@cf/a/b\n",
            "@cf/a/b\u{202e}",
            "@cf/a/é",
            "/etc/passwd",
            "@cf\\a\\b",
            "@cf/a/b\0",
            "@cf/a/---",
            "@cf/a/b.",
            "@cf/con/b",
            "@cf/a/nul.txt",
            "@cf/a/COM1",
            "@CF/a/b",
            long.as_str(),
        ] {
            assert!(ModelId::parse(id).is_err(), "{id:?} was accepted");
        }
    }

    #[test]
    fn foreign_text_is_escaped_and_cut() {
        assert_eq!(printable("a\u{202e}\n"), "a\\u{202e}\\n");
        assert!(printable(&"x".repeat(500)).ends_with('…'));
    }
}
