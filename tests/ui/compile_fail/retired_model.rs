//! A model that has left the catalogue, without the feature `retired`.
//~ error[E0432]: unresolved import `workers_ai::summarization::bart_large_cnn`
//~ the item is gated behind the `retired` feature

use workers_ai::summarization::bart_large_cnn as bart;

fn main() {
    let _ = bart::INFO;
}
