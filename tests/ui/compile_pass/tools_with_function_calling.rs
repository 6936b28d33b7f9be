//! Tools for a model that calls them.

use workers_ai::text_generation::{Message, Tool, llama_3_3_70b_instruct_fp8_fast as llama};

fn main() {
    let clock = Tool::function("clock", "The time, now", serde_json::json!({"type": "object"}));
    let request = llama::Request::messages([Message::user("What time is it?")]).tools([clock]);
    let _ = request;
}
