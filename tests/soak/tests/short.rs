//! The soak for ten seconds, as part of every test run.

use std::process::Command;

#[test]
fn ten_seconds_leave_nothing_behind_and_lose_nothing() {
    let soak = Command::new(env!("CARGO_BIN_EXE_workers-ai-soak"))
        .args(["--minutes", "0.15", "--callers", "12", "--cycles", "5"])
        .output()
        .expect("the soak was built for this test");
    let told = format!("{}{}", String::from_utf8_lossy(&soak.stdout), String::from_utf8_lossy(&soak.stderr));
    println!("{told}");
    assert!(soak.status.success(), "{told}");
    assert!(told.contains("What did not agree: nothing."), "{told}");
}
