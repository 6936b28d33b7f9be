//! Validated requests a second, and how long each takes: the local server, Prism and a stub of wiremock on the same schema.
//!
//! Each is a process of its own and has its turn A B C A B C, under the same load.

mod load;
mod prism;
mod question;
mod stub;
mod subject;

use std::process::ExitCode;

use anyhow::Result;
use workers_ai_rivals::{Better, Row, Turns};

use self::load::{Load, measure};
use self::subject::Subject;

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("--serve") => subject::serve(),
        Some("--stub") => stub::serve(),
        _ => run(&Turns::read(std::env::args().skip(1))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(turns: &Turns) -> Result<()> {
    let mut rows = [
        Row::new("server.throughput", "validated requests of the local server", "requests/s", Better::Higher),
        Row::new("server.p50", "middle latency of those requests", "s", Better::Lower),
        Row::new("server.p99", "latency that one in a hundred exceeds", "s", Better::Lower),
    ];
    let subjects = [Subject::ours()?, Subject::prism()?, Subject::wiremock()?];
    for subject in &subjects {
        // Whoever lets a wrong request through is not measured as one who looks.
        subject.refuses()?;
        measure(subject, Load::warm_up())?;
    }
    for round in 1..=turns.rounds {
        for subject in &subjects {
            let found = measure(subject, Load::usual())?;
            eprintln!("{} {round}/{}: {:.0} requests/s", subject.name, turns.rounds, found.throughput);
            let [throughput, middle, late] = &mut rows;
            let version = subject.version.as_deref();
            throughput.add(subject.name, version, found.throughput);
            middle.add(subject.name, version, found.middle);
            late.add(subject.name, version, found.late);
        }
    }
    rows.iter().filter(|row| turns.want(row.name())).for_each(Row::print);
    Ok(())
}
