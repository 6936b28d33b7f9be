//! Prints the Rust of one modality folder: `cargo run -p workers-ai-codegen --example generate -- schemas/translation`.

use std::path::PathBuf;

fn main() -> Result<(), workers_ai_codegen::Problems> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("schemas/translation"), PathBuf::from);
    let modality = workers_ai_codegen::load(&folder)?;
    print!("{}", workers_ai_codegen::generate(&modality, &workers_ai_codegen::Options::default())?);
    Ok(())
}
