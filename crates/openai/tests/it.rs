//! The three paths against a local server, and the way between OpenAI's requests and the native ones.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

use serde_json::{Value, json};
use workers_ai_client::Client;
use workers_ai_local::LocalServer;
use workers_ai_openai::{
    ChatCompletionRequest, Embeddings, EmbeddingsRequest, OpenAiExt as _, ResponsesRequest, chat_completion,
};
use workers_ai_text_embeddings::{bge_base_en_v1_5 as bge, prelude::*};
use workers_ai_text_generation::{
    ChatStreamExt as _, Message, Tool, ToolCall, Vision, glm_4_7_flash as glm, gpt_oss_20b as oss,
    llama_3_3_70b_instruct_fp8_fast as llama,
};

async fn start() -> (LocalServer, Client) {
    let server = LocalServer::builder().start().await.unwrap();
    let client = Client::builder(server.account_id(), "token").base_url(server.base_url()).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_chat_is_answered_and_streamed() {
    let (_server, client) = start().await;
    let request = ChatCompletionRequest::new(glm::ID, [Message::user("hello")]).max_tokens(100);
    let reply = client.openai().chat_completions(&request).await.unwrap();
    assert!(reply.text().contains("hello"));
    assert_eq!(reply.as_completion().unwrap().object.as_deref(), Some("chat.completion"));

    let mut deltas = client.openai().stream_chat_completions(&request).await.unwrap().deltas();
    let mut text = String::new();
    while let Some(delta) = deltas.try_next().await.unwrap() {
        text.push_str(&delta.text);
    }
    assert_eq!(text, reply.text());
}

#[tokio::test]
async fn embeddings_are_the_native_vectors() {
    let (_server, client) = start().await;
    let native = bge::Request::new(vec!["sea", "sky"]);
    let request = EmbeddingsRequest::from_native::<bge::BgeBaseEnV1_5>(native.clone()).unwrap();
    let vectors = client.openai().embeddings(&request).await.unwrap().into_vectors();
    let reply = client.text_embeddings().bge_base_en_v1_5(native).await.unwrap();
    assert_eq!(vectors, reply.data);
    assert_eq!(Embeddings::from_vectors(bge::ID, reply.data, reply.usage).into_vectors(), vectors);
    let back = request.to_native::<bge::BgeBaseEnV1_5>().unwrap();
    assert_eq!(serde_json::to_value(back).unwrap(), json!({"text": ["sea", "sky"]}));
}

#[tokio::test]
async fn a_response_is_answered_and_streamed() {
    let (_server, client) = start().await;
    let request = ResponsesRequest::new(oss::ID, "hello").instructions("Be short.");
    let reply = client.openai().responses(&request).await.unwrap();
    assert!(reply.as_responses().is_some() && !reply.text().is_empty());
    let streamed = client.openai().stream_responses(&request).await.unwrap().collect_reply().await.unwrap();
    assert_eq!(streamed.text(), reply.text());
}

#[tokio::test]
async fn refusals_are_understood_in_both_forms() {
    let (_server, client) = start().await;
    let request = ChatCompletionRequest::new("@cf/no/model", [Message::user("hello")]);
    let error = client.openai().chat_completions(&request).await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.model()), (Some(400), Some(5007), Some("@cf/no/model")));

    let error = client.openai().responses(&ResponsesRequest::new(glm::ID, "hello")).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert!(error.message().contains("does not take the Responses format"), "{error}");
    assert!(error.request_id().is_some() && !error.is_retryable());
}

#[test]
fn a_native_request_becomes_openais_and_comes_back() {
    let native: llama::Request = serde_json::from_value(json!({
        "messages": [{"role": "user", "content": "Rain?"}],
        "tools": [{"name": "weather", "description": "The weather", "parameters": {"type": "object", "properties": {}}}],
        "max_tokens": 100,
        "response_format": {"type": "json_schema", "json_schema": {"type": "object"}},
        "top_k": 5,
    }))
    .unwrap();
    let request = ChatCompletionRequest::from_native::<llama::Llama3_3_70bInstructFp8Fast>(native).unwrap();
    let sent = serde_json::to_value(&request).unwrap();
    assert_eq!(sent["tools"][0]["function"]["name"], "weather");
    assert_eq!(sent["response_format"]["json_schema"]["schema"], json!({"type": "object"}));
    assert_eq!((&sent["top_k"], &sent["max_tokens"]), (&json!(5), &json!(100)));
    let back = request.to_native::<llama::Llama3_3_70bInstructFp8Fast>().unwrap();
    let back: Value = serde_json::to_value(back).unwrap();
    assert_eq!((&back["max_tokens"], &back["top_k"]), (&json!(100), &json!(5)));

    let odd = ChatCompletionRequest::new(llama::ID, [Message::user("hello")]).set("store", true);
    let error = odd.to_native::<llama::Llama3_3_70bInstructFp8Fast>().unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("store"), "{error}");
    assert!(odd.into_chat_request().is_err());
}

#[test]
fn a_conversation_with_tools_becomes_items() {
    let call = ToolCall::new("c1", "weather", json!({"city": "Lisbon"}));
    let conversation: Vec<Message<Vision>> = vec![
        Message::system("Be brief."),
        Message::user("Rain?"),
        Message::assistant("").with_tool_calls([call.clone()]),
        Message::answer(&call, "dry"),
    ];
    let tool = Tool::function("weather", "The weather", json!({"type": "object", "properties": {}}));
    let request = ChatCompletionRequest::new(oss::ID, conversation).tools([tool]).max_tokens(50);
    let sent = serde_json::to_value(ResponsesRequest::try_from(request).unwrap()).unwrap();
    assert_eq!(
        sent["input"],
        json!([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Rain?"},
            {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{\"city\":\"Lisbon\"}"},
            {"type": "function_call_output", "call_id": "c1", "output": "dry"},
        ])
    );
    assert_eq!((&sent["tools"][0]["name"], &sent["max_output_tokens"]), (&json!("weather"), &json!(50)));
}

#[test]
fn a_classic_reply_becomes_a_completion() {
    let reply = serde_json::from_value(json!({"tool_calls": [{"name": "weather", "arguments": {}}]})).unwrap();
    let completion = chat_completion(&reply, llama::ID).unwrap();
    assert_eq!(completion.choices[0].message.tool_calls[0].name(), "weather");
    assert_eq!(completion.choices[0].finish_reason.as_ref().map(ToString::to_string).as_deref(), Some("tool_calls"));
}
