//! Turns the schemas beside this crate into Rust; every modality crate links to this one file.

fn main() {
    workers_ai_codegen::build();
}
