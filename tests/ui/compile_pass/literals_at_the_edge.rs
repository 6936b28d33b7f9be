//! The ends of a range belong to it.

use workers_ai::{
    lit,
    text_generation::llama_3_3_70b_instruct_fp8_fast as llama,
    text_to_image::flux_1_schnell as flux,
};

fn main() {
    let cold = llama::Request::prompt("Why is the sky blue?").temperature(lit!(llama::Temperature, 0.0));
    let warm = cold.temperature(lit!(llama::Temperature, 5.0)).top_p(lit!(llama::TopP, 0.001));
    let image = flux::Request::new(lit!(flux::Prompt, "x")).steps(lit!(flux::Steps, 8));
    // The range can come from the parameter.
    let mild = llama::Request::prompt("Why is the sky blue?").temperature(lit!(0.7)).top_k(lit!(50));
    let _ = (warm, mild, image);
}
