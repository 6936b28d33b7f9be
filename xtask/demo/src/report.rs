//! The table: a line for each call, printed as soon as it is known.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use workers_ai::{Call, Info, Model, Response};

/// Lines printed so far, and how many calls failed.
pub(crate) struct Report {
    calls: usize,
    failures: Vec<String>,
}

impl Report {
    /// Prints the head of the table.
    pub(crate) fn begin() -> Self {
        line("model", "sent", "came back", "ms", "neurons", "served by");
        println!("{}", "─".repeat(132));
        Self { calls: 0, failures: Vec::new() }
    }

    /// Makes a call and prints its line; the reply is there for the next call to use.
    pub(crate) async fn call<M: Model>(
        &mut self,
        call: Call<M>,
        sent: &str,
        show: impl FnOnce(&M::Reply) -> String,
    ) -> Option<M::Reply> {
        self.calls += 1;
        let started = Instant::now();
        let outcome = call.send().await;
        let took = started.elapsed();
        match outcome {
            Ok(response) => {
                let came_back = show(&response.value);
                self.answered(M::INFO, sent, &came_back, took, &response);
                Some(response.value)
            }
            Err(error) => {
                line(&name(M::INFO), sent, &format!("error: {}", error.message()), &millis(took), "", "");
                // A retired model is expected to be gone from the live service.
                if !(error.is_retired() && M::INFO.gone_by.is_some()) {
                    self.failures.push(error.to_string());
                }
                None
            }
        }
    }

    fn answered<T>(&self, info: &Info, sent: &str, came_back: &str, took: Duration, response: &Response<T>) {
        let header = |name: &str| response.headers.get(name).and_then(|value| value.to_str().ok());
        let neurons = response.neurons().map(|neurons| format!("{neurons:.2}")).unwrap_or_default();
        line(&name(info), sent, came_back, &millis(took), &neurons, header("x-workers-ai-fidelity").unwrap_or("live"));
    }

    /// Prints the foot of the table.
    pub(crate) fn end(&self) {
        println!("{}", "─".repeat(132));
        println!("{} calls, {} failed; † left the catalogue, served for old programs", self.calls, self.failures.len());
    }

    /// Whether everything went well.
    pub(crate) fn verdict(&self) -> Result<()> {
        ensure!(
            self.failures.is_empty(),
            "{} of {} calls failed:\n{}",
            self.failures.len(),
            self.calls,
            self.failures.join("\n")
        );
        Ok(())
    }
}

fn name(info: &Info) -> String {
    format!("{}{}", info.id, if info.gone_by.is_some() { " †" } else { "" })
}

fn millis(took: Duration) -> String {
    format!("{:.0}", took.as_secs_f64() * 1000.0)
}

fn line(model: &str, sent: &str, came_back: &str, millis: &str, neurons: &str, served_by: &str) {
    println!(
        "{:<42} {:<26} {:<36} {millis:>5} {neurons:>9}  {served_by}",
        shorten(model, 42),
        shorten(sent, 26),
        shorten(came_back, 36)
    );
}

/// One line of at most so many characters.
fn shorten(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
