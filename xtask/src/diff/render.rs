//! The diff as lines for a terminal, a changelog section in Markdown, or JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::models::Change;
use super::rules::{Class, Kind};
use super::verdict::Verdict;
use crate::catalogue::canonical;

/// A diff with everything that its readers want to know.
#[derive(Debug, Serialize)]
pub(crate) struct Diff {
    pub(crate) before: Named,
    pub(crate) after: Named,
    pub(crate) verdict: Verdict,
    pub(crate) version: Option<String>,
    pub(crate) next_version: Option<String>,
    pub(crate) changes: Vec<Change>,
}

/// A side of a diff, by its place and by the date of its snapshot.
#[derive(Debug, Serialize)]
pub(crate) struct Named {
    pub(crate) location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<String>,
}

const CLASSES: &[(Class, &str)] =
    &[(Class::Breaking, "Breaking"), (Class::Additive, "Additive"), (Class::Documentation, "Documentation")];

impl Diff {
    /// A line per change.
    pub(crate) fn lines(&self) -> String {
        let mut text: String = self.change_lines(|_| true).into_iter().map(|line| line + "\n").collect();
        text.push_str(&self.summary());
        text
    }

    /// The changes of some models, a line for each.
    pub(crate) fn change_lines(&self, of: impl Fn(&str) -> bool) -> Vec<String> {
        let changes = self.changes.iter().filter(|change| of(&change.model));
        changes.map(|change| format!("{:<13} {}  {}", word(change.class), change.model, sentence(change))).collect()
    }

    fn summary(&self) -> String {
        let counts: Vec<String> =
            CLASSES.iter().map(|(class, _)| format!("{} {}", self.count(*class), word(*class))).collect();
        let mut text = format!("{} → {}: {}", self.before.name(), self.after.name(), counts.join(", "));
        let _ = match (&self.version, &self.next_version) {
            (Some(version), Some(next)) if version != next => {
                writeln!(text, "; semver: {}, {version} → {next}", self.verdict.word())
            }
            _ => writeln!(text, "; semver: {}", self.verdict.word()),
        };
        text
    }

    /// A section for the changelog; the same change of several models is one entry.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("## Catalogue of {}\n\n", self.after.name());
        let _ = writeln!(text, "Compared with {}. Semver: {}.", self.before.name(), self.verdict.word(),);
        for (class, title) in CLASSES {
            let mut entries: BTreeMap<(Kind, String), Vec<&str>> = BTreeMap::new();
            for change in self.changes.iter().filter(|change| change.class == *class) {
                entries.entry((change.kind, sentence(change))).or_default().push(&change.model);
            }
            if entries.is_empty() {
                continue;
            }
            let _ = write!(text, "\n### {title}\n\n");
            for ((_, sentence), models) in entries {
                let models: Vec<String> = models.iter().map(|model| format!("`{model}`")).collect();
                let _ = writeln!(text, "- {}: {}", plain(&sentence), models.join(", "));
            }
        }
        text
    }

    pub(crate) fn json(&self) -> Result<String> {
        canonical::to_pretty(self)
    }

    fn count(&self, class: Class) -> usize {
        self.changes.iter().filter(|change| change.class == class).count()
    }
}

impl Named {
    fn name(&self) -> &str {
        self.as_of.as_deref().unwrap_or(&self.location)
    }
}

fn word(class: Class) -> &'static str {
    match class {
        Class::Breaking => "breaking",
        Class::Additive => "additive",
        Class::Documentation => "documentation",
    }
}

/// What happened, without the model's name.
fn sentence(change: &Change) -> String {
    let subject = match (change.kind, change.parameter.as_str()) {
        (Kind::ModelAdded, _) => "new model".to_owned(),
        (Kind::ModelRemoved, _) => "removed from the catalogue".to_owned(),
        (Kind::ModelRetired, _) => "retired, now behind the feature `retired`".to_owned(),
        (Kind::ModelDeprecated, _) => "retired, deprecated for this release".to_owned(),
        (Kind::ModelReturned, _) => "hosted again".to_owned(),
        (Kind::RetirementAnnounced, _) => "to be retired".to_owned(),
        (Kind::RetirementChanged, _) => "retirement date".to_owned(),
        (Kind::SchemaGained, _) => "types, now that a usable schema is published".to_owned(),
        (Kind::SchemaLost, _) => "no types any more".to_owned(),
        (Kind::CapabilityGained, flag) => return format!("gains `{flag}`"),
        (Kind::CapabilityLost, flag) => return format!("loses `{flag}`"),
        (Kind::FieldRequired, parameter) => format!("`{parameter}` is required"),
        (Kind::FieldRelaxed, parameter) => format!("`{parameter}` is optional"),
        (Kind::FieldAdded, parameter) => format!("new field `{parameter}`"),
        (Kind::RequiredFieldAdded, parameter) => format!("new required field `{parameter}`"),
        (Kind::FieldRemoved, parameter) => format!("field `{parameter}` removed"),
        (Kind::FormAdded, parameter) => format!("new form of `{parameter}`"),
        (Kind::FormRemoved, parameter) => format!("form of `{parameter}` removed"),
        (Kind::FormRenamed, parameter) => format!("form `{parameter}` renamed"),
        (Kind::ValueAdded, parameter) => format!("new value of `{parameter}`"),
        (Kind::ValueRemoved, parameter) => format!("value of `{parameter}` removed"),
        (_, parameter) => format!("`{parameter}`"),
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{subject}: {before} → {after}"),
        (Some(only), None) if is_change_of_value(change.kind) => format!("{subject}: {only} → none"),
        (None, Some(only)) if is_change_of_value(change.kind) => format!("{subject}: none → {only}"),
        (Some(only), None) | (None, Some(only)) => format!("{subject} ({only})"),
        (None, None) => subject,
    }
}

fn is_change_of_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PropertyChanged
            | Kind::PriceChanged
            | Kind::LimitChanged
            | Kind::RetirementChanged
            | Kind::RustNameChanged
    )
}

/// Published values stand in Markdown as what they are.
fn plain(text: &str) -> String {
    text.replace('<', "&lt;").replace(['\r', '\n'], " ")
}
