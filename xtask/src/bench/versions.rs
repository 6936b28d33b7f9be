//! The versions of peers, from the lock file of the package that brings them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, Item, Table};

use super::row::Row;

/// The locked version of each direct dependency of a package.
pub(crate) struct Versions(BTreeMap<String, String>);

impl Versions {
    /// The dependencies of a package, as a lock file has them.
    pub(crate) fn read(lock: &Path, package: &str) -> Result<Self> {
        let text = fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
        Self::parse(&text, package).with_context(|| format!("in {}", lock.display()))
    }

    fn parse(text: &str, package: &str) -> Result<Self> {
        let lock: DocumentMut = text.parse()?;
        let packages = lock.get("package").and_then(Item::as_array_of_tables).context("nothing is locked")?;
        let word = |table: &Table, key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
        let all: BTreeMap<String, String> =
            packages.iter().map(|table| (word(table, "name"), word(table, "version"))).collect();
        let this = packages.iter().find(|table| word(table, "name") == package);
        let this = this.with_context(|| format!("there is no package {package}"))?;
        let dependencies = this.get("dependencies").and_then(Item::as_array);
        let versions = dependencies.into_iter().flatten().filter_map(|dependency| {
            // Where several versions are locked, the dependency says which.
            let mut words = dependency.as_str()?.split(' ');
            let name = words.next()?;
            Some((name.to_owned(), words.next().map(str::to_owned).or_else(|| all.get(name).cloned())?))
        });
        Ok(Self(versions.collect()))
    }

    /// The version of `async-openai`, the versions of `reqwest + serde_json`; nothing where a part is not locked.
    pub(crate) fn of(&self, subject: &str) -> Option<String> {
        let versions: Option<Vec<&str>> =
            subject.split(" + ").map(|name| self.0.get(name).map(String::as_str)).collect();
        Some(versions?.join(" + "))
    }

    /// The row with the versions of all subjects that have the names of dependencies.
    pub(crate) fn named_in(&self, mut row: Row) -> Row {
        for subject in &mut row.subjects {
            subject.version = subject.version.take().or_else(|| self.of(&subject.name));
        }
        row
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    const LOCK: &str = r#"
        [[package]]
        name = "ours"
        version = "0.1.0"
        dependencies = ["reqwest 0.12.1", "serde_json"]

        [[package]]
        name = "reqwest"
        version = "0.12.1"

        [[package]]
        name = "reqwest"
        version = "0.13.4"

        [[package]]
        name = "serde_json"
        version = "1.0.140"
    "#;

    #[track_caller]
    fn check(subject: &str, version: Option<&str>) {
        assert_eq!(Versions::parse(LOCK, "ours").unwrap().of(subject).as_deref(), version);
    }

    #[test]
    fn subjects_named_like_dependencies_have_versions() {
        check("serde_json", Some("1.0.140"));
        check("reqwest + serde_json", Some("0.12.1 + 1.0.140"));
        check("100 models", None);
    }
}
