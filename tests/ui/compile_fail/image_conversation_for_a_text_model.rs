//! A conversation that may hold images, handed to a model that reads text only.
//~ error[E0277]
//~ this conversation may hold images, and the model reads text only
//~ llama::Request::messages(conversation)

use workers_ai::text_generation::{Message, Messages, Vision, llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let conversation: Messages<Vision> = Messages::from(Message::user("What was on the picture?"));
    let request = llama::Request::messages(conversation);
    let _ = request;
}
