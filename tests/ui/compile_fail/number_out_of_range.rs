//! A number that the model would refuse.
//~ error[E0080]
//~ this literal is outside 0 to 5
//~ lit!(llama::Temperature, 5.1)

use workers_ai::{lit, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let request = llama::Request::prompt("Why is the sky blue?").temperature(lit!(llama::Temperature, 5.1));
    let _ = request;
}
