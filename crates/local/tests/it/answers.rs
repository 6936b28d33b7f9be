//! What synthetic answers are worth: sizes, formats, nearness, obedience.

use serde_json::{Value, json};

use crate::api::{Api, content_type, header};

fn near(one: &Value, other: &Value) -> f64 {
    let numbers = |vector: &Value| -> Vec<f64> {
        vector.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    numbers(one).iter().zip(numbers(other)).map(|(one, other)| one * other).sum()
}

#[tokio::test]
async fn embeddings_are_near_for_near_texts() {
    let api = Api::start().await;
    let texts = ["How do I bake bread?", "Baking bread at home", "The stock market fell", "How do I bake bread?"];
    let result = api.run("@cf/baai/bge-base-en-v1.5", json!({"text": texts})).await;
    assert_eq!(result["shape"], json!([4, 768]));
    assert_eq!(result["usage"]["completion_tokens"], 0);
    let data = &result["data"];
    assert_eq!(data[0], data[3]);
    assert!((near(&data[0], &data[0]) - 1.0).abs() < 1e-3);
    assert!(near(&data[0], &data[1]) > near(&data[0], &data[2]) + 0.2);
}

#[tokio::test]
async fn a_reranker_puts_the_right_context_first() {
    let api = Api::start().await;
    let contexts = json!([{"text": "Cats sleep all day"}, {"text": "Paris is the capital of France"}, {"text": "Rust has no collector"}]);
    let body = json!({"query": "What is the capital of France?", "contexts": contexts, "top_k": 2});
    let result = api.run("@cf/baai/bge-reranker-base", body).await;
    assert_eq!(result["response"].as_array().unwrap().len(), 2);
    assert_eq!(result["response"][0]["id"], 1);
}

#[tokio::test]
async fn sentiment_follows_the_words() {
    let api = Api::start().await;
    let model = "@cf/huggingface/distilbert-sst-2-int8";
    let positive = |result: Value| result[1]["score"].as_f64().unwrap();
    assert!(positive(api.run(model, json!({"text": "This pizza is great!"})).await) > 0.8);
    assert!(positive(api.run(model, json!({"text": "A terrible waste of time"})).await) < 0.2);
}

#[tokio::test]
async fn images_have_the_asked_size() {
    let api = Api::start().await;
    let body = json!({"prompt": "a lighthouse", "width": 512, "height": 256});
    let response = api.post("/run/@cf/stabilityai/stable-diffusion-xl-base-1.0").json(&body).send().await.unwrap();
    assert_eq!(content_type(&response), "image/png");
    let bytes = response.bytes().await.unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(bytes.to_vec())).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (512, 256));
}

#[tokio::test]
async fn flux_is_paid_for_by_tile_and_step() {
    let api = Api::start().await;
    let body = json!({"prompt": "a lighthouse", "steps": 4});
    let response = api.post("/run/@cf/black-forest-labs/flux-1-schnell").json(&body).send().await.unwrap();
    assert_eq!(header(&response, "cf-ai-neurons"), Some("172.8"));
    let envelope: Value = response.json().await.unwrap();
    assert!(envelope["result"]["image"].as_str().unwrap().starts_with("/9j/"), "a JPEG in base64");
}

#[tokio::test]
async fn speech_comes_as_mp3_or_wav() {
    let api = Api::start().await;
    for (body, kind, begins) in [
        (json!({"text": "hello"}), "audio/mpeg", &[0xff, 0xf3][..]),
        (json!({"text": "hello", "encoding": "linear16", "container": "wav"}), "audio/wav", b"RIFF"),
    ] {
        let response = api.post("/run/@cf/deepgram/aura-1").json(&body).send().await.unwrap();
        assert_eq!(content_type(&response), kind);
        assert!(response.bytes().await.unwrap().starts_with(begins));
    }
}

#[tokio::test]
async fn raw_audio_is_heard_for_its_length() {
    let api = Api::start().await;
    let request = api.post("/run/@cf/openai/whisper").header("content-type", "audio/mpeg").body(vec![0_u8; 32_000]);
    let envelope: Value = request.send().await.unwrap().json().await.unwrap();
    let result = &envelope["result"];
    assert_eq!(result["word_count"], 5);
    assert_eq!(result["words"].as_array().unwrap().len(), 5);
    assert!(result["vtt"].as_str().unwrap().starts_with("WEBVTT\n"));
}

#[tokio::test]
async fn classic_json_mode_answers_with_an_object() {
    let api = Api::start().await;
    let schema = json!({"type": "object", "properties": {"age": {"type": "integer", "minimum": 18, "maximum": 20}}, "required": ["age"]});
    let body = json!({"messages": [{"role": "user", "content": "Who is it?"}], "response_format": {"type": "json_schema", "json_schema": schema}});
    let result = api.run("@cf/meta/llama-3.3-70b-instruct-fp8-fast", body).await;
    assert!(result["response"]["age"].as_i64().is_some_and(|age| (18..=20).contains(&age)), "{result}");
}

#[tokio::test]
async fn openai_json_mode_answers_with_text() {
    let api = Api::start().await;
    let schema = json!({"type": "object", "properties": {"city": {"enum": ["Oslo"]}}, "required": ["city"]});
    let format = json!({"type": "json_schema", "json_schema": {"name": "place", "strict": true, "schema": schema}});
    let body = json!({"messages": [{"role": "user", "content": "Where?"}], "response_format": format});
    let result = api.run("@cf/google/gemma-4-26b-a4b-it", body).await;
    let content: Value = serde_json::from_str(result["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(content, json!({"city": "Oslo"}));
}

#[tokio::test]
async fn a_tool_is_called_and_its_result_is_told() {
    let api = Api::start().await;
    let tools = json!([{"name": "weather", "description": "Weather of a city", "parameters": {
        "type": "object", "properties": {"city": {"type": "string", "description": "Its name"}}, "required": ["city"]}}]);
    let asked = json!({"role": "user", "content": "What is the weather in Lisbon?"});
    let model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    let result = api.run(model, json!({"messages": [asked], "tools": tools})).await;
    assert_eq!(result["tool_calls"], json!([{"name": "weather", "arguments": {"city": "Lisbon"}}]));
    let told = json!({"role": "tool", "name": "weather", "content": "sunny"});
    let result = api.run(model, json!({"messages": [asked, told], "tools": tools})).await;
    assert!(result["tool_calls"].is_null());
    assert!(result["response"].as_str().unwrap().contains("sunny"));
}

#[tokio::test]
async fn every_tool_that_is_mentioned_is_called() {
    let api = Api::start().await;
    let tool = |name: &str| {
        json!({"type": "function", "function": {"name": name, "description": name, "parameters": {
            "type": "object", "properties": {"city": {"type": "string", "description": "Its name"}}, "required": ["city"]}}})
    };
    let tools = json!([tool("local_time"), tool("distance"), tool("weather")]);
    let asked = json!({"role": "user", "content": "What are the time and the weather in Lisbon?"});
    let model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    let result = api.run(model, json!({"messages": [asked], "tools": tools})).await;
    let city = json!({"city": "Lisbon"});
    let called = json!([{"name": "local_time", "arguments": city}, {"name": "weather", "arguments": city}]);
    assert_eq!(result["tool_calls"], called);
    let one = json!({"messages": [asked], "tools": tools, "parallel_tool_calls": false});
    let result = api.run("@cf/zai-org/glm-4.7-flash", one).await;
    assert_eq!(result["choices"][0]["message"]["tool_calls"].as_array().unwrap().len(), 1);
    let told = |content: &str| json!({"role": "tool", "name": "x", "content": content});
    let body = json!({"messages": [asked, told("noon"), told("sunny")], "tools": tools});
    let result = api.run(model, body).await;
    assert!(result["response"].as_str().unwrap().contains("noon; sunny"));
}

#[tokio::test]
async fn nested_tool_calls_keep_each_models_shape() {
    let api = Api::start().await;
    let tool = json!({"type": "function", "function": {"name": "now", "description": "The time", "parameters": {"type": "object", "properties": {}}}});
    let body = json!({"messages": [{"role": "user", "content": "What time is it?"}], "tools": [tool]});
    let scout = api.run("@cf/meta/llama-4-scout-17b-16e-instruct", body.clone()).await;
    assert_eq!(scout["tool_calls"][0]["function"]["arguments"], json!({}), "an object");
    let glm = api.run("@cf/zai-org/glm-4.7-flash", body).await;
    assert_eq!(glm["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], "{}", "a string");
    assert_eq!(glm["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn only_classic_models_stop_at_256_tokens() {
    let api = Api::start().await;
    let body = |tokens: u64| json!({"messages": [{"role": "user", "content": "hello"}], "max_tokens": tokens});
    let classic = api.run("@cf/meta/llama-3.1-8b-instruct-fp8", body(5)).await;
    assert_eq!(classic["usage"]["completion_tokens"], 5);
    let openai = api.run("@cf/zai-org/glm-4.7-flash", body(5)).await;
    assert_eq!(openai["choices"][0]["finish_reason"], "length");
    assert_eq!(openai["choices"][0]["message"]["content"], "", "the thoughts used up everything");
}

#[tokio::test]
async fn gpt_oss_answers_in_the_style_of_the_question() {
    let api = Api::start().await;
    let model = "@cf/openai/gpt-oss-120b";
    let messages = json!([{"role": "user", "content": "hello"}]);
    assert_eq!(api.run(model, json!({"messages": messages})).await["object"], "chat.completion");
    assert_eq!(api.run(model, json!({"prompt": "hello"})).await["object"], "text_completion");
    assert_eq!(api.run(model, json!({"input": "hello"})).await["object"], "response");
}

#[tokio::test]
async fn qwen3_completes_prompts_as_text() {
    let api = Api::start().await;
    let result = api.run("@cf/qwen/qwen3-30b-a3b-fp8", json!({"prompt": "hello"})).await;
    assert_eq!(result["object"], "text_completion");
    assert!(result["choices"][0]["text"].as_str().unwrap().contains("hello"));
}
