use workers_ai::{
    Client, lit, prelude::*,
    text_generation::{Message, Tool, ToolCall, llama_3_3_70b_instruct_fp8_fast},
};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let request = llama_3_3_70b_instruct_fp8_fast::Request::messages([
            Message::system("Be \"brief\"."),
            Message::user("Is it warm in Lisbon?"),
            Message::assistant("")
                .with_tool_calls([
                    ToolCall::new("call00001", "weather", json!({"city": "Lisbon"})),
                ]),
            Message::tool("call00001", "21 °C"),
        ])
        .max_tokens(64)
        .temperature(lit!(llama_3_3_70b_instruct_fp8_fast::Temperature, 0.7))
        .tools([Tool::function("weather", "The weather.", json!({
            "properties": {"city": {"type": "string"}},
            "type": "object"
        }))]);
    let mut chunks = client
        .text_generation()
        .llama_3_3_70b_instruct_fp8_fast(request)
        .set("sillage", json!([1, -2.5, null, true]))
        .stream()
        .await?;
    while let Some(chunk) = chunks.try_next().await? {
        print!("{}", chunk.text());
    }
    Ok(())
}
