//! Programs that print rows: which are wanted, how often to measure, and the lines that say what was found.

use std::env;

use serde_json::json;

/// What `cargo xtask bench` asks of a program.
pub struct Asked {
    /// How many samples of each subject.
    pub rounds: usize,
    rows: Vec<String>,
}

impl Asked {
    /// From the arguments: `--rounds N` and the names of rows; without names all of them.
    #[must_use]
    pub fn from_args() -> Self {
        let mut asked = Self { rounds: 3, rows: Vec::new() };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--rounds" => asked.rounds = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(3),
                // Cargo says so to every bench.
                "--bench" => {}
                _ => asked.rows.push(argument),
            }
        }
        asked
    }

    /// Whether a row is wanted.
    #[must_use]
    pub fn wants(&self, row: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|wanted| wanted == row)
    }
}

/// A row in the making.
pub struct Row {
    row: &'static str,
    what: &'static str,
    unit: &'static str,
    better: &'static str,
    subjects: Vec<(&'static str, Vec<f64>)>,
}

impl Row {
    /// A row of which less is better.
    #[must_use]
    pub fn less(row: &'static str, what: &'static str, unit: &'static str) -> Self {
        Self { row, what, unit, better: "lower", subjects: Vec::new() }
    }

    /// A row of which more is better.
    #[must_use]
    pub fn more(row: &'static str, what: &'static str, unit: &'static str) -> Self {
        Self { better: "higher", ..Self::less(row, what, unit) }
    }

    /// Adds a sample to a subject's.
    pub fn sample(&mut self, name: &'static str, sample: f64) {
        match self.subjects.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.push(sample),
            None => self.subjects.push((name, vec![sample])),
        }
    }

    /// Prints the row.
    #[expect(clippy::print_stdout, reason = "what a program is asked for")]
    pub fn print(&self) {
        let subject = |(name, samples): &(&str, Vec<f64>)| json!({"name": name, "samples": samples});
        let subjects: Vec<_> = self.subjects.iter().map(subject).collect();
        let Self { row, what, unit, better, .. } = self;
        println!("{}", json!({"row": row, "what": what, "unit": unit, "better": better, "subjects": subjects}));
    }
}
