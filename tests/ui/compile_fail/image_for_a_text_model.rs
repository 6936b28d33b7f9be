//! An image for a model that reads text only.
//~ error[E0277]: this model reads text only: an image has no place in a `Message<
//~ models that see images take `Message<Vision>`

use workers_ai::text_generation::{Message, llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let picture = "data:image/png;base64,iVBORw0KGgo=";
    let request = llama::Request::messages([Message::user_with_image("What is this?", picture)]);
    let _ = request;
}
