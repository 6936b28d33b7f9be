//! What the changes ask of the next version.

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::models::Change;
use super::rules::Class;

/// The semver verdict on a set of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Major,
    Minor,
    Patch,
    None,
}

impl Verdict {
    pub(crate) fn of(changes: &[Change]) -> Self {
        match changes.iter().map(|change| change.class).min() {
            Some(Class::Breaking) => Self::Major,
            Some(Class::Additive) => Self::Minor,
            Some(Class::Documentation) => Self::Patch,
            None => Self::None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
            Self::None => "none",
        }
    }

    /// The version after this one; before 1.0.0, as cargo reads it, everything moves one place to the right.
    pub(crate) fn next(self, version: &str) -> Result<String> {
        let numbers: Vec<u64> = version
            .split('.')
            .map(|number| number.parse().with_context(|| format!("`{version}` is not a version of three numbers")))
            .collect::<Result<_>>()?;
        let [major, minor, patch] = numbers.as_slice() else {
            bail!("`{version}` is not a version of three numbers");
        };
        Ok(match (self, *major) {
            (Self::None, _) => version.to_owned(),
            (Self::Major, 0) => format!("0.{}.0", minor + 1),
            (Self::Major, major) => format!("{}.0.0", major + 1),
            (Self::Minor, major) if major > 0 => format!("{major}.{}.0", minor + 1),
            (Self::Minor | Self::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn versions_follow_cargo() {
        for (verdict, before, after) in [
            (Verdict::Major, "0.1.3", "0.2.0"),
            (Verdict::Minor, "0.1.3", "0.1.4"),
            (Verdict::Patch, "0.1.3", "0.1.4"),
            (Verdict::Major, "1.2.3", "2.0.0"),
            (Verdict::Minor, "1.2.3", "1.3.0"),
            (Verdict::Patch, "1.2.3", "1.2.4"),
            (Verdict::None, "1.2.3", "1.2.3"),
        ] {
            assert_eq!(verdict.next(before).unwrap(), after);
        }
        assert!(Verdict::Major.next("1.2").is_err());
    }
}
