//! Plays every fault to `cargo xtask fetch`, and holds what comes out against `tests/faults/MATRIX.md`.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../it/checkout.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod checkout;
mod play;
mod source;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use workers_ai_faults::{ALL, Cell, Fault, Table};

use source::Source;

/// Most cells wait for a program of their own.
const AT_A_TIME: usize = 4;

#[test]
fn every_fault_of_a_fetch_is_what_the_table_says() {
    let sources = [Source::Api, Source::Feed];
    let cells: Vec<(&Fault, Source)> = ALL.iter().flat_map(|fault| sources.map(|source| (fault, source))).collect();
    let table = Mutex::new(Table::of(&sources.map(Source::name)));
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let work = || {
            while let Some((fault, source)) = cells.get(next.fetch_add(1, Ordering::SeqCst)) {
                // One that fails should not hide the others.
                match std::panic::catch_unwind(|| cell(fault, *source)) {
                    Ok(cell) => table.lock().unwrap().set(fault.name, source.name(), cell),
                    Err(_) => failed.lock().unwrap().push(format!("{} / {}", fault.name, source.name())),
                }
            }
        };
        for _ in 0..AT_A_TIME {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "these cells failed, as is said above:\n{}", failed.join("\n"));
    table.into_inner().unwrap().compare();
}

fn cell(fault: &Fault, source: Source) -> Cell {
    if fault.jump.is_some() {
        return Cell::Spared("it reads no clock".to_owned());
    }
    match fault.spares(source.kind()) {
        Some(reason) => Cell::Spared(reason.to_owned()),
        None => Cell::Played(play::row(fault, source)),
    }
}
