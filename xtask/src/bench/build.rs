//! Cold builds of small crates in `tests/peers`, in CPU seconds: what a first `cargo build` costs whoever chooses ours or a peer.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::row::Subject;
use super::versions::Versions;
use crate::programs::cargo;
use crate::workspace::Workspace;
use crate::{folder, package};

/// The crate that uses what `cargo xtask package` makes.
const PACKAGED: &str = "packaged";

/// What changes how cargo builds, by the beginnings of its names.
const SETTINGS: &[&str] =
    &["CARGO_BUILD_", "CARGO_ENCODED_", "CARGO_INCREMENTAL", "CARGO_PROFILE_", "CARGO_TARGET_", "RUSTC", "RUSTFLAGS"];

/// Builds each crate once a round, from nothing but downloaded sources. The first is ours.
pub(crate) fn measure(workspace: &Workspace, scratch_crates: &[&str], rounds: u32) -> Result<Vec<Subject>> {
    let target = workspace.target().join("peers");
    if scratch_crates.contains(&PACKAGED) {
        package::make(workspace)?;
    }
    let mut subjects = Vec::new();
    for name in scratch_crates {
        let manifest = manifest(workspace, name);
        run(&mut clean_cargo(&["fetch"], &manifest, &target))
            .with_context(|| format!("cannot get the dependencies of {}", manifest.display()))?;
        let versions = Versions::read(&manifest.with_file_name("Cargo.lock"), &format!("peer-{name}"))?;
        subjects.push(Subject { version: versions.of(name), ..Subject::new(name) });
    }
    for round in 1..=rounds {
        for subject in &mut subjects {
            folder::remove(&target)?;
            let before = children()?;
            run(&mut clean_cargo(&["build", "--offline"], &manifest(workspace, &subject.name), &target))?;
            let seconds = children()? - before;
            eprintln!("cold build of {} {round}/{rounds}: {seconds:.1} CPU s", subject.name);
            subject.samples.push(seconds);
        }
    }
    folder::remove(&target)?;
    Ok(subjects)
}

fn manifest(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.root().join("tests/peers").join(name).join("Cargo.toml")
}

/// Cargo without the settings of this run of it: a flag or a wrapper would change what is measured.
fn clean_cargo(arguments: &[&str], manifest: &Path, target: &Path) -> Command {
    let mut cargo = cargo();
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| SETTINGS.iter().any(|setting| name.starts_with(setting))) {
            cargo.env_remove(name);
        }
    }
    cargo.args(arguments).arg("--quiet").arg("--manifest-path").arg(manifest);
    cargo.env("CARGO_TARGET_DIR", target).current_dir(manifest.parent().unwrap_or(Path::new(".")));
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("cannot run cargo")?;
    ensure!(status.success(), "cargo failed: {status}");
    Ok(())
}

/// The CPU seconds of all processes that were started here and have ended, with those that they started.
#[cfg(unix)]
fn children() -> Result<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("the system does not tell CPU time")?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    #[expect(clippy::cast_precision_loss, reason = "2^52 microseconds are a century")]
    Ok(microseconds as f64 / 1e6)
}

#[cfg(not(unix))]
fn children() -> Result<f64> {
    anyhow::bail!("CPU time of builds is measured on Unix only")
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn the_time_of_a_child_counts_when_it_has_ended() {
        let before = children().unwrap();
        let status = Command::new("sh").args(["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"]).status();
        assert!(status.unwrap().success());
        assert!(children().unwrap() > before);
    }
}
