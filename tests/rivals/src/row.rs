//! A row as `cargo xtask bench` reads it.

use serde_json::{Value, json};

/// Which way is good.
#[derive(Clone, Copy, Debug)]
pub enum Better {
    /// Less is.
    Lower,
    /// More is.
    Higher,
}

/// A row that grows from round to round.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    what: &'static str,
    unit: &'static str,
    better: Better,
    subjects: Vec<(String, Option<String>, Vec<f64>)>,
}

impl Row {
    /// A row without samples.
    #[must_use]
    pub fn new(name: &'static str, what: &'static str, unit: &'static str, better: Better) -> Self {
        Self { name, what, unit, better, subjects: Vec::new() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Adds a sample; subjects stand in the order of their first one.
    pub fn add(&mut self, subject: &str, version: Option<&str>, sample: f64) {
        match self.subjects.iter_mut().find(|(name, ..)| name == subject) {
            Some((_, _, samples)) => samples.push(sample),
            None => self.subjects.push((subject.to_owned(), version.map(str::to_owned), vec![sample])),
        }
    }

    /// Prints the row on a line.
    pub fn print(&self) {
        let better = match self.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
        };
        let subjects: Vec<Value> = self
            .subjects
            .iter()
            .map(|(name, version, samples)| match version {
                Some(version) => json!({"name": name, "version": version, "samples": samples}),
                None => json!({"name": name, "samples": samples}),
            })
            .collect();
        let Self { name, what, unit, .. } = self;
        println!("{}", json!({"row": name, "what": what, "unit": unit, "better": better, "subjects": subjects}));
    }
}
