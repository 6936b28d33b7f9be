//! Images go to models that see, and so does a conversation that began as text.

use workers_ai::text_generation::{Message, Messages, Text, llama_3_2_11b_vision_instruct as llama};

fn main() {
    let picture = "data:image/png;base64,iVBORw0KGgo=";
    let request = llama::Request::messages([Message::user_with_image("What is this?", picture)]);
    let begun: Messages<Text> = Messages::from(Message::user("Hello!"));
    let _ = (request, llama::Request::messages(begun));
}
