//! Prints what a verb has made.

use std::io::{ErrorKind, Write};

use anyhow::{Context, Result};

/// Prints a text; a reader who has seen enough, such as `head`, is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot print"),
        _ => Ok(()),
    }
}
