//! A value that the published list of values does not have.
//~ error[E0599]: no variant
//~ named `Max` found for enum
//~ bge_base_en_v1_5::Pooling

use workers_ai::text_embeddings::bge_base_en_v1_5 as bge;

fn main() {
    let request = bge::Request::new("sea").pooling(bge::Pooling::Max);
    let _ = request;
}
