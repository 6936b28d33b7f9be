//! Plays every fault to every way of calling, and holds what comes out against `MATRIX.md`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod clock;
mod columns;
mod play;
mod verdict;

use std::{
    env,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use columns::Column;

use workers_ai_faults::{ALL, Cell, Table};

/// Panics in tasks are caught by their runtime, and would go unnoticed.
static PANICS: AtomicUsize = AtomicUsize::new(0);

const PROXIES: &[&str] = &["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// A proxy of this machine would be asked for every host that is not loopback: with one, the test runs once more without.
fn runs_without_proxies() -> bool {
    let set: Vec<_> = PROXIES.iter().filter(|name| env::var_os(name).is_some()).collect();
    if set.is_empty() {
        return true;
    }
    let mut again = Command::new(env::current_exe().unwrap());
    for name in set {
        again.env_remove(name);
    }
    assert!(again.args(env::args_os().skip(1)).status().unwrap().success());
    false
}

#[test]
fn every_fault_in_every_column_is_what_the_table_says() {
    if !runs_without_proxies() {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        before(panic);
    }));
    let columns = columns::all();
    let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
    let mut table = Table::of(&names);
    let mut failed = Vec::new();
    for fault in ALL {
        let started = Instant::now();
        let cell = |column: &dyn Column| match fault.spares(column.kind()) {
            Some(reason) => Cell::Spared(reason.to_owned()),
            None => Cell::Played(play::row(fault, column)),
        };
        // Each cell has a runtime and servers of its own. Memory is of the process, so where it is measured they take turns.
        let at_a_time = if fault.is_bulky { 1 } else { columns.len() };
        for some in columns.chunks(at_a_time) {
            thread::scope(|scope| {
                let playing: Vec<_> = some.iter().map(|column| scope.spawn(|| cell(column.as_ref()))).collect();
                for (column, cell) in some.iter().zip(playing) {
                    // One that fails should not hide the others.
                    match cell.join() {
                        Ok(cell) => table.set(fault.name, column.name(), cell),
                        Err(_) => failed.push(format!("{} / {}", fault.name, column.name())),
                    }
                }
            });
        }
        eprintln!("{:>6} ms  {}", started.elapsed().as_millis(), fault.name);
    }
    assert!(failed.is_empty(), "these cells failed, as is said above:\n{}", failed.join("\n"));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "something panicked on the way");
    table.compare();
}
