//! Every row of the table: what is measured, against whom, what is aimed at, and which program does it.

use super::program::Program;
use super::row::{Aim, Better, Row, Subject};

/// A row as it is declared, before anything is measured.
#[derive(Debug)]
pub(crate) struct Declared {
    /// Its name. What stands before the dot names it together with its sisters.
    pub(crate) row: &'static str,
    pub(crate) what: &'static str,
    /// The peers, in words.
    pub(crate) against: &'static str,
    pub(crate) goal: Goal,
    pub(crate) source: Source,
}

/// An aim, with the way in which numbers are good.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At most this many times the best peer.
    AtMost(f64),
    /// At least this many times the best peer.
    AtLeast(f64),
    /// At least this many times the peer of this name.
    AtLeastAgainst(&'static str, f64),
    /// At most this many times the peer of this name.
    AtMostAgainst(&'static str, f64),
    /// Ours alone, at most this much in the unit of the row.
    AtMostItself(f64),
    /// Less is better, and nothing was promised.
    Less,
}

/// Who measures. Rows with the same source are measured in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Cold builds of crates in `tests/peers`, ours first, in CPU seconds.
    Build(&'static [&'static str]),
    /// A criterion bench of `workers-ai-benches`: groups are rows, functions are subjects. A row of which more is better counts
    /// the group's throughput by the second, others its time.
    Criterion(&'static str),
    /// A program that prints rows.
    Program(Program),
}

impl Goal {
    pub(crate) fn better(self) -> Better {
        match self {
            Self::AtLeast(_) | Self::AtLeastAgainst(..) => Better::Higher,
            Self::AtMost(_) | Self::AtMostAgainst(..) | Self::AtMostItself(_) | Self::Less => Better::Lower,
        }
    }

    pub(crate) fn aim(self) -> Option<Aim> {
        match self {
            Self::AtMost(ratio) | Self::AtLeast(ratio) => Some(Aim::Ratio(ratio)),
            Self::AtLeastAgainst(peer, ratio) | Self::AtMostAgainst(peer, ratio) => {
                Some(Aim::Against { peer: peer.to_owned(), ratio })
            }
            Self::AtMostItself(value) => Some(Aim::Value(value)),
            Self::Less => None,
        }
    }
}

impl Declared {
    /// The row with seconds that were measured.
    pub(crate) fn measured(&self, subjects: Vec<Subject>) -> Row {
        Row {
            row: self.row.to_owned(),
            what: self.what.to_owned(),
            unit: "CPU s".to_owned(),
            better: self.goal.better(),
            subjects,
            aim: self.goal.aim(),
            measured: None,
        }
    }
}

/// The place of a row in the table.
pub(crate) fn place(row: &str) -> Option<usize> {
    ROWS.iter().position(|declared| declared.row == row)
}

/// The packages whose own dependencies are the peers of benches and programs.
pub(crate) const BENCHES: &str = "workers-ai-benches";

/// The package of whole programs beside their rivals.
const RIVALS: &str = "workers-ai-rivals";

/// All rows, in the order of the table.
pub(crate) const ROWS: &[Declared] = &[
    Declared {
        row: "build.modality",
        what: "cold build of one modality crate with its generator",
        against: "the lightest of async-openai, genai and aws-sdk-bedrockruntime",
        goal: Goal::AtMost(0.8),
        source: Source::Build(&["workers-ai-text-embeddings", "async-openai", "genai", "aws-sdk-bedrockruntime"]),
    },
    Declared {
        row: "build.packaged",
        what: "cold build of the same crate as packaged, with its generated Rust",
        against: "cloudflare with rustls, too",
        goal: Goal::AtMost(0.9),
        source: Source::Build(&["packaged", "cloudflare"]),
    },
    Declared {
        row: "check.seconds",
        what: "`rustc` checks all generated models, setters included",
        against: "typify with builders on the published schemas, a module for each model",
        goal: Goal::AtMost(0.05),
        source: Source::Program(Program::bench_of("workers-ai-generated", "generated")),
    },
    Declared {
        row: "check.memory",
        what: "peak memory of that check",
        against: "the same",
        goal: Goal::AtMost(0.15),
        source: Source::Program(Program::bench_of("workers-ai-generated", "generated")),
    },
    Declared {
        row: "check.lines",
        what: "lines of Rust that are checked",
        against: "the same",
        goal: Goal::AtMost(0.12),
        source: Source::Program(Program::bench_of("workers-ai-generated", "generated")),
    },
    Declared {
        row: "rebuild.schema",
        what: "build after one schema changed, of that one crate",
        against: "itself",
        goal: Goal::AtMostItself(3.0),
        source: Source::Program(Program::bench_of("workers-ai-generated", "rebuild")),
    },
    Declared {
        row: "codegen.linear",
        what: "generator's time per model, 10,000 models",
        against: "100 models",
        goal: Goal::AtMost(1.2),
        source: Source::Program(Program::bench_of("workers-ai-codegen", "codegen_scale")),
    },
    Declared {
        row: "codegen.per-model",
        what: "generator's milliseconds per model, 10,000 models",
        against: "itself",
        goal: Goal::AtMostItself(2.0),
        source: Source::Program(Program::bench_of("workers-ai-codegen", "codegen_scale")),
    },
    Declared {
        row: "codegen.memory",
        what: "generator's peak memory per model, 10,000 models that are all alike",
        against: "1,000 models",
        goal: Goal::AtMost(1.0),
        source: Source::Program(Program::bench_of("workers-ai-codegen", "codegen_scale")),
    },
    Declared {
        row: "chat.latency",
        what: "one small chat call on loopback",
        against: "reqwest and serde_json by hand",
        goal: Goal::AtMost(1.05),
        source: Source::Criterion("chat"),
    },
    Declared {
        row: "chat.allocations",
        what: "allocations of one small chat call",
        against: "the same",
        goal: Goal::Less,
        source: Source::Program(Program::bench("memory")),
    },
    Declared {
        row: "concurrent.throughput",
        what: "2,000 concurrent chat calls on loopback",
        against: "reqwest and serde_json by hand, with a user-agent and a time-out, and bare",
        goal: Goal::AtLeastAgainst("reqwest + serde_json with user-agent and time-out", 0.97),
        source: Source::Program(Program::bench("concurrent")),
    },
    Declared {
        row: "concurrent.memory",
        what: "peak memory of 2,000 concurrent chat calls",
        against: "the same",
        goal: Goal::Less,
        source: Source::Program(Program::bench("concurrent")),
    },
    Declared {
        row: "stream.native",
        what: "chunks of a stream of 10,000, native dialect",
        against: "async-openai; eventsource-stream + serde_json",
        goal: Goal::AtLeast(3.0),
        source: Source::Criterion("stream"),
    },
    Declared {
        row: "stream.openai",
        what: "chunks of a stream of 10,000, OpenAI's dialect",
        against: "async-openai; eventsource-stream + serde_json",
        goal: Goal::AtLeast(3.0),
        source: Source::Criterion("stream"),
    },
    Declared {
        row: "stream.delay",
        what: "from the last byte of a chunk on the socket to the delta in the caller's hands",
        against: "the same",
        goal: Goal::AtMost(1.0),
        source: Source::Program(Program::bench("stream_delay")),
    },
    Declared {
        row: "embeddings.decode",
        what: "reply of 100 × 1,024 embeddings to numbers",
        against: "serde_json to Vec<Vec<f64>>; async-openai",
        goal: Goal::AtMost(0.5),
        source: Source::Criterion("embeddings"),
    },
    Declared {
        row: "embeddings.memory",
        what: "peak memory of decoding that reply",
        against: "serde_json, whose numbers have 64 bits",
        goal: Goal::AtMostAgainst("serde_json", 0.5),
        source: Source::Program(Program::bench("memory")),
    },
    Declared {
        row: "image.decode",
        what: "image of 4 MB in base64 to bytes",
        against: "serde_json to String, then base64",
        goal: Goal::AtMost(1.0 / 3.0),
        source: Source::Criterion("image"),
    },
    Declared {
        row: "image.memory",
        what: "bytes allocated while decoding that image",
        against: "the same",
        goal: Goal::Less,
        source: Source::Program(Program::bench("memory")),
    },
    Declared {
        row: "upload.wire",
        what: "bytes on the wire of a file of 25 MB",
        against: "the file itself; an array of JSON numbers",
        goal: Goal::AtMost(1.001),
        source: Source::Program(Program::bench("upload")),
    },
    Declared {
        row: "upload.memory",
        what: "peak memory of sending 25 MB",
        against: "sending 1 MB",
        goal: Goal::AtMost(1.2),
        source: Source::Program(Program::bench("upload")),
    },
    Declared {
        row: "server.throughput",
        what: "validated requests per second of the local server",
        against: "Prism and a wiremock stub on the same schema",
        goal: Goal::AtLeastAgainst("prism", 3.0),
        source: Source::Program(Program::bench_of(RIVALS, "server")),
    },
    Declared {
        row: "server.p50",
        what: "middle latency of those requests",
        against: "the same",
        goal: Goal::AtMostAgainst("prism", 1.0),
        source: Source::Program(Program::bench_of(RIVALS, "server")),
    },
    Declared {
        row: "server.p99",
        what: "latency that one in a hundred exceeds",
        against: "the same",
        goal: Goal::AtMostAgainst("prism", 1.0),
        source: Source::Program(Program::bench_of(RIVALS, "server")),
    },
    Declared {
        row: "fetch.cold",
        what: "`cargo xtask fetch` of an account's models over loopback with 5 ms of way, nothing known before",
        against: "the same, one request after another",
        goal: Goal::Less,
        source: Source::Program(Program::bench_of(RIVALS, "fetch")),
    },
    Declared {
        row: "fetch.unchanged",
        what: "`cargo xtask fetch` of the feed over loopback when nothing has changed",
        against: "the same with nothing known before",
        goal: Goal::AtMost(0.2),
        source: Source::Program(Program::bench_of(RIVALS, "fetch")),
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own_with_a_first_part() {
        let names: BTreeSet<&str> = ROWS.iter().map(|declared| declared.row).collect();
        assert_eq!(names.len(), ROWS.len());
        assert!(names.iter().all(|name| name.split('.').count() == 2), "{names:?}");
    }
}
