//! Adapters for a model that applies them, JSON from models that have a response format.

use workers_ai::prelude::*;
use workers_ai::text_generation::{gemma_7b_it_lora as gemma, gpt_oss_120b as gpt};

fn main() {
    let adapted = gemma::Request::prompt("Summarise this.").lora("cf-public-cnn-summarization").raw(true);
    let formatted = gpt::Request::messages("Where is it warm?").json_object();
    let _ = (adapted, formatted);
}
