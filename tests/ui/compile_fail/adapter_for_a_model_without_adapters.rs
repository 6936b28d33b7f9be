//! A fine-tuned adapter for a model that cannot apply any.
//~ error[E0599]: no method named `lora` found for struct
//~ PromptRequest

use workers_ai::text_generation::{Lora, llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let request = llama::Request::prompt("Summarise this.").lora(Lora::from("cf-public-cnn-summarization"));
    let _ = request;
}
