//! What this crate brings along.

use std::process::Command;

#[test]
fn aws_lc_is_not_among_the_dependencies() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--all-features",
            "-p",
            "workers-ai-client",
            "-e",
            "normal,build",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.status.success() && text.contains("rustls v"), "{}", String::from_utf8_lossy(&tree.stderr));
    let found: Vec<_> = text.lines().filter(|line| line.starts_with("aws-lc")).collect();
    assert!(found.is_empty(), "{found:?}");
}
