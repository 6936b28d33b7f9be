//! Progress: a bar where somebody watches, plain lines where nobody does.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// How far a run is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: usize,
    done: usize,
}

/// Without a terminal, a line every so many steps.
const STEPS_PER_LINE: usize = 20;

impl Progress {
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(total as u64).with_style(style).with_prefix(what)
        });
        Self { bar, what, total, done: 0 }
    }

    pub(super) fn step(&mut self) {
        self.done += 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            None if self.done.is_multiple_of(STEPS_PER_LINE) || self.done == self.total => {
                eprintln!("{}: {} of {}", self.what, self.done, self.total);
            }
            None => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
