//! Tools for a model that cannot call any.
//~ error[E0599]: no method named `tools` found for struct
//~ MessagesRequest

use workers_ai::text_generation::{Message, Tool, llama_3_2_3b_instruct as llama};

fn main() {
    let clock = Tool::function("clock", "The time, now", serde_json::json!({"type": "object"}));
    let request = llama::Request::messages([Message::user("What time is it?")]).tools([clock]);
    let _ = request;
}
