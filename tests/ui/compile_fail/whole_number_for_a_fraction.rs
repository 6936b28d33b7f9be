//! A whole number's literal where the parameter takes fractions.
//~ error[E0308]: mismatched types
//~ expected `Number<0, 5000>`, found `Integer<_, _>`
//~ lit!(llama::Temperature, 1)

use workers_ai::{lit, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let request = llama::Request::prompt("Why is the sky blue?").temperature(lit!(llama::Temperature, 1));
    let _ = request;
}
