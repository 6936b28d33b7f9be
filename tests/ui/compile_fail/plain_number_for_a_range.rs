//! A plain number where the model has a range: it has to be checked first.
//~ error[E0308]
//~ Number<0, 5000>
//~ .temperature(0.7)

use workers_ai::text_generation::llama_3_3_70b_instruct_fp8_fast as llama;

fn main() {
    let request = llama::Request::prompt("Why is the sky blue?").temperature(0.7);
    let _ = request;
}
