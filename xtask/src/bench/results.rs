//! The rows that are kept in `tests/benches`: as JSON for programs, as a table for people.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::row::Row;
use super::{rows, table};
use crate::catalogue::canonical;
use crate::workspace::Workspace;

/// All rows measured so far, each as it was measured last.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    rows: Vec<Row>,
}

const JSON: &str = "results.json";
const TABLE: &str = "RESULTS.md";

impl Results {
    /// What is kept; nothing where nothing has been written yet.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let path = folder(workspace).join(JSON);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
    }

    /// The same with other rows in the place of their former selves. Rows that are no longer declared leave.
    pub(crate) fn with(mut self, new: Vec<Row>) -> Self {
        self.rows.retain(|kept| new.iter().all(|row| row.row != kept.row));
        self.rows.extend(new);
        self.rows.retain(|row| rows::place(&row.row).is_some());
        self.rows.sort_by_key(|row| rows::place(&row.row));
        self
    }

    /// Writes both files.
    pub(crate) fn write(&self, workspace: &Workspace) -> Result<()> {
        let folder = folder(workspace);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        write(&folder.join(JSON), &canonical::to_pretty(self)?)?;
        write(&folder.join(TABLE), &table::page(&self.rows))
    }
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("tests/benches")
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::row::{Better, Subject};
    use super::*;

    fn row(name: &str, sample: f64) -> Row {
        let subjects = vec![Subject { samples: vec![sample], ..Subject::new("workers-ai") }];
        Row {
            row: name.to_owned(),
            what: "something".to_owned(),
            unit: "s".to_owned(),
            better: Better::Lower,
            subjects,
            aim: None,
            measured: None,
        }
    }

    #[test]
    fn a_row_measured_again_replaces_itself_and_leaves_the_others() {
        let kept = Results { rows: vec![row("build.modality", 1.0), row("build.packaged", 2.0), row("was.once", 3.0)] };
        let results = kept.with(vec![row("build.packaged", 4.0)]);
        assert_eq!(results.rows, [row("build.modality", 1.0), row("build.packaged", 4.0)]);
    }
}
