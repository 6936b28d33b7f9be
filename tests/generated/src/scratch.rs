//! A crate that is made to be checked, and what the compiler used for it.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::checkout::{room, root, write};
use crate::usage::{Usage, children};

/// Names the crate that is measured, and the file that takes the numbers, where this program stands in for rustc.
const MEASURED: &str = "WORKERS_AI_MEASURED";

/// A crate with nothing in it but generated Rust.
#[derive(Debug)]
pub struct Scratch {
    name: &'static str,
    folder: PathBuf,
    library: String,
}

impl Scratch {
    /// Writes the crate. `library` opens its `lib.rs`, which includes `models`; versions are those of the checkout's lock.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn new(name: &'static str, dependencies: &str, library: &str, models: &str) -> Result<Self> {
        let folder = room(name)?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        fs::copy(root()?.join("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
        write(&folder.join("src/models.rs"), models)?;
        let library = format!(
            "//! Generated Rust, to be checked.\n#![allow(ambiguous_glob_reexports)]\n{library}\ninclude!(\"models.rs\");\n"
        );
        Ok(Self { name, folder, library })
    }

    /// Checks the crate once more: what rustc used for it alone, its dependencies being ready.
    ///
    /// # Errors
    ///
    /// Where it does not compile.
    pub fn check(&self) -> Result<Usage> {
        // A new time makes cargo check it anew.
        write(&self.folder.join("src/lib.rs"), &self.library)?;
        let numbers = self.folder.join("usage");
        let _ = fs::remove_file(&numbers);
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["check", "--quiet", "--manifest-path"])
            .arg(self.folder.join("Cargo.toml"))
            .env("CARGO_TARGET_DIR", room("target")?)
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WRAPPER", env::current_exe()?)
            .env(MEASURED, format!("{}={}", self.name.replace('-', "_"), numbers.display()))
            .status()
            .context("cannot run cargo")?;
        ensure!(status.success(), "{} does not compile", self.folder.display());
        let text = fs::read_to_string(&numbers).with_context(|| format!("{} was not compiled", self.name))?;
        let (seconds, megabytes) = text.split_once(' ').context("the numbers of rustc are no pair")?;
        Ok(Usage { seconds: seconds.parse()?, megabytes: megabytes.parse()? })
    }
}

/// Runs rustc in the place of cargo where this program was called for that, and notes what it used for the measured crate.
///
/// # Errors
///
/// Where rustc cannot be run.
pub fn stand_in() -> Result<Option<ExitCode>> {
    let Ok(measured) = env::var(MEASURED) else { return Ok(None) };
    let (name, numbers) = measured.split_once('=').context("a crate and a file")?;
    let mut arguments = env::args_os().skip(1);
    let rustc = arguments.next().context("cargo names the compiler")?;
    let arguments: Vec<_> = arguments.collect();
    let status = Command::new(rustc).args(&arguments).status().context("cannot run rustc")?;
    if arguments.iter().any(|argument| argument == name) {
        let usage = children()?;
        fs::write(numbers, format!("{} {}", usage.seconds, usage.megabytes))?;
    }
    Ok(Some(ExitCode::from(u8::from(!status.success()))))
}
