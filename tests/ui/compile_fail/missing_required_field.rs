//! A request without what the model needs: the constructor asks for it.
//~ error[E0061]: this function takes 2 arguments but 1 argument was supplied
//~ argument #2 is missing
//~ /* contexts */

use workers_ai::text_classification::bge_reranker_base as reranker;

fn main() {
    let request = reranker::Request::new("Which one is salty?");
    let _ = request;
}
