//! Replies as the service gives them, made by the same rule every time.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};

/// How many chunks the long streams have.
pub const CHUNKS: usize = 10_000;

/// How many vectors the embeddings reply has.
pub const TEXTS: usize = 100;

/// How many numbers each of them has.
pub const DIMENSIONS: usize = 1_024;

/// How many bytes the picture has.
pub const PICTURE: usize = 4 << 20;

/// Words of different lengths, in turn.
const WORDS: [&str; 8] = ["The", " sea", " was", " calm", ",", " and the sky", " blue", ".\\n"];

fn word(index: usize) -> &'static str {
    WORDS.get(index % WORDS.len()).copied().unwrap_or_default()
}

/// A classic model's answer to a short question, in its envelope.
#[must_use]
pub fn chat() -> String {
    let answer = "The sky is blue because air scatters short waves of light more than long ones.";
    format!(
        r#"{{"result":{{"response":"{answer}","tool_calls":[],"usage":{{"prompt_tokens":16,"completion_tokens":19,"total_tokens":35}}}},"success":true,"errors":[],"messages":[]}}"#
    )
}

/// An event of the classic dialect.
#[must_use]
pub fn classic_event(index: usize) -> String {
    format!("data: {{\"response\":\"{}\",\"p\":\"abdefghijklmnop\"}}\n\n", word(index))
}

/// An event of the OpenAI-shaped dialect.
#[must_use]
pub fn completion_event(index: usize) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-7d9bff1b0d6545b2ad7f1fbd3e2ec4f9\",\"object\":\"chat.completion.chunk\",\"created\":1764115200,\
         \"model\":\"@cf/openai/gpt-oss-120b\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{}\"}},\"logprobs\":null,\
         \"finish_reason\":null}}],\"usage\":null}}\n\n",
        word(index)
    )
}

/// The end of a stream of the classic dialect.
pub const CLASSIC_END: &str = "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":10000,\
                               \"total_tokens\":10016}}\n\ndata: [DONE]\n\n";

/// The end of a stream of the OpenAI-shaped dialect.
pub const COMPLETION_END: &str = "data: {\"id\":\"chatcmpl-7d9bff1b0d6545b2ad7f1fbd3e2ec4f9\",\"object\":\
                                  \"chat.completion.chunk\",\"created\":1764115200,\"model\":\"@cf/openai/gpt-oss-120b\",\
                                  \"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n\
                                  data: [DONE]\n\n";

/// A long stream of the classic dialect.
#[must_use]
pub fn classic_stream() -> String {
    (0..CHUNKS).map(classic_event).chain([CLASSIC_END.to_owned()]).collect()
}

/// A long stream of the OpenAI-shaped dialect.
#[must_use]
pub fn completion_stream() -> String {
    (0..CHUNKS).map(completion_event).chain([COMPLETION_END.to_owned()]).collect()
}

/// The numbers of vectors, between -0.1 and 0.1.
fn numbers(count: usize) -> impl Iterator<Item = f32> {
    let mut state = 0x2545_f491_u32;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (f64::from(state) / f64::from(u32::MAX) * 0.2 - 0.1) as f32
    })
    .take(count)
}

/// Vectors as a JSON list of lists. The service writes 32-bit numbers with the digits of 64-bit ones.
fn vectors() -> String {
    let mut text = String::from("[");
    for (index, number) in numbers(TEXTS * DIMENSIONS).enumerate() {
        let before = match (index, index % DIMENSIONS) {
            (0, _) => "[",
            (_, 0) => "],[",
            _ => ",",
        };
        let _ = write!(text, "{before}{}", f64::from(number));
    }
    text + "]]"
}

/// The reply of an embeddings model, in its envelope.
#[must_use]
pub fn embeddings() -> String {
    let data = vectors();
    format!(
        r#"{{"result":{{"shape":[{TEXTS},{DIMENSIONS}],"data":{data},"pooling":"cls"}},"success":true,"errors":[],"messages":[]}}"#
    )
}

/// The same vectors as an OpenAI-compatible path sends them.
#[must_use]
pub fn openai_embeddings() -> String {
    let data = vectors();
    let vectors = data.trim_start_matches("[[").trim_end_matches("]]").split("],[");
    let items = vectors
        .enumerate()
        .map(|(index, vector)| format!(r#"{{"object":"embedding","index":{index},"embedding":[{vector}]}}"#));
    let items: Vec<String> = items.collect();
    format!(
        r#"{{"object":"list","data":[{}],"model":"@cf/baai/bge-large-en-v1.5","usage":{{"prompt_tokens":700,"total_tokens":700}}}}"#,
        items.join(",")
    )
}

/// The bytes of a picture: JPEG by its beginning, noise after that.
fn picture() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    let mut state = 0x9e37_79b9_u32;
    bytes.resize_with(PICTURE, || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    bytes
}

/// The reply of a model that draws, in its envelope.
#[must_use]
pub fn drawn() -> String {
    let image = STANDARD.encode(picture());
    format!(r#"{{"result":{{"image":"{image}"}},"success":true,"errors":[],"messages":[]}}"#)
}
