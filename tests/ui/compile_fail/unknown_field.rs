//! A parameter that the model does not have.
//~ error[E0599]: no method named `truncate_inputs` found for struct
//~ bge_base_en_v1_5::Request

use workers_ai::text_embeddings::bge_base_en_v1_5 as bge;

fn main() {
    let request = bge::Request::new("sea").truncate_inputs(true);
    let _ = request;
}
