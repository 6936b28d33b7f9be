//! How a program is called: `--rounds N` and the names of the wanted rows; without names, all.

/// The arguments of a program.
#[derive(Debug)]
pub struct Turns {
    /// How often every subject has its turn.
    pub rounds: u32,
    rows: Vec<String>,
}

impl Turns {
    /// Reads the arguments; what cargo adds is passed over.
    #[must_use]
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Self {
        let (mut turns, mut arguments) = (Self { rounds: 3, rows: Vec::new() }, arguments.into_iter());
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--rounds" => {
                    turns.rounds = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(turns.rounds);
                }
                option if option.starts_with('-') => {}
                _ => turns.rows.push(argument),
            }
        }
        turns
    }

    /// Whether a row is wanted.
    #[must_use]
    pub fn want(&self, row: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|wanted| wanted == row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, rounds: u32, row: &str, is_wanted: bool) {
        let turns = Turns::read(arguments.split_whitespace().map(str::to_owned));
        assert_eq!((turns.rounds, turns.want(row)), (rounds, is_wanted), "{arguments}");
    }

    #[test]
    fn rows_and_rounds_are_as_asked() {
        check("--bench", 3, "server.p50", true);
        check("--rounds 7 server.p99", 7, "server.p50", false);
        check("--bench server.p50 --rounds 1 server.p99", 1, "server.p50", true);
    }
}
