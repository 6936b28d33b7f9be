//! The corrections of the wire, model by model: what is really sent, and what is read of what really comes.

mod recorder;

use serde_json::{Value, json};
use workers_ai::transport::Body;
use workers_ai::{Client, Media, Part, prelude::*};
use workers_ai::{
    automatic_speech_recognition as hear, image_to_text as see, text_classification as classify,
    text_embeddings as embed, text_to_image as draw, text_to_speech as speak, translation as translate,
    voice_activity_detection as detect,
};

use self::recorder::Recorder;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";
const PNG_TEXT: &str = "iVBORw0KGgogYW5kIHNvIG9u";

/// A client whose every call is answered with this, and what it sent.
fn answering(content_type: &'static str, body: impl Into<Vec<u8>>) -> (Client, Recorder) {
    let recorder = Recorder::new(content_type, body.into());
    (Client::builder("account", "token").transport(recorder.clone()).build().unwrap(), recorder)
}

fn answering_json(result: &Value) -> (Client, Recorder) {
    answering("application/json", json!({"result": result, "success": true, "errors": [], "messages": []}).to_string())
}

#[tokio::test]
async fn an_image_inside_json_is_an_image() {
    let (client, _) = answering_json(&json!({"image": PNG_TEXT}));
    let image: Media =
        client.text_to_image().flux_1_schnell(draw::flux_1_schnell::Request::new("a lighthouse")).await.unwrap();
    assert_eq!((image.as_bytes(), image.content_type()), (PNG, "image/png"));
}

#[tokio::test]
async fn an_image_in_raw_bytes_is_an_image() {
    let (client, _) = answering("image/jpg", PNG);
    let request = draw::stable_diffusion_xl_base_1_0::Request::new("a lighthouse");
    let image: Media = client.text_to_image().stable_diffusion_xl_base_1_0(request).await.unwrap();
    assert_eq!((image.as_bytes(), image.content_type()), (PNG, "image/png"), "the bytes know better than the header");
}

#[tokio::test]
async fn flux_2_is_asked_in_parts() {
    let (client, recorder) = answering_json(&json!({"image": PNG_TEXT}));
    let request =
        serde_json::from_value::<draw::flux_2_klein_4b::Request>(json!({"prompt": "a lighthouse", "width": 512}));
    client.text_to_image().flux_2_klein_4b(request.unwrap().input_image_0(PNG)).await.unwrap();
    let Body::Form(form) = recorder.body() else { panic!("not a form: {:?}", recorder.body()) };
    let field = |name: &str| form.parts().iter().find(|part| part.name() == name).cloned();
    assert_eq!(field("prompt"), Some(Part::Text { name: "prompt".to_owned(), value: "a lighthouse".to_owned() }));
    assert_eq!(field("width"), Some(Part::Text { name: "width".to_owned(), value: "512".to_owned() }));
    let Some(Part::File { content_type, bytes, .. }) = field("input_image_0") else { panic!("no file in {form:?}") };
    assert_eq!((content_type.as_str(), bytes.as_ref()), ("image/png", PNG));
    assert_eq!(form.parts().len(), 3, "unset fields are not sent");
}

#[tokio::test]
async fn nova_3_hears_raw_bytes_with_options_in_the_address() {
    let (client, recorder) = answering_json(&json!({"results": {"channels": []}}));
    let request = hear::nova_3::Request::new(b"RIFF....WAVEfmt ").punctuate(true).language("en");
    client.automatic_speech_recognition().nova_3(request).await.unwrap();
    let Body::Bytes { bytes, content_type } = recorder.body() else { panic!("not bytes: {:?}", recorder.body()) };
    assert_eq!(
        (bytes.as_ref(), content_type.starts_with("audio/")),
        (b"RIFF....WAVEfmt ".as_slice(), true),
        "{content_type}"
    );
    let query = recorder.query();
    assert!(query.contains("punctuate=true") && query.contains("language=en") && !query.contains("audio"), "{query}");
}

#[tokio::test]
async fn whisper_hears_raw_bytes() {
    let (client, recorder) = answering_json(&json!({"text": "hello", "word_count": 1, "words": null}));
    let reply =
        client.automatic_speech_recognition().whisper(hear::whisper::Request::new(b"ID3 and so on")).await.unwrap();
    assert_eq!(reply.text, "hello");
    let Body::Bytes { bytes, content_type } = recorder.body() else { panic!("not bytes: {:?}", recorder.body()) };
    assert_eq!((bytes.as_ref(), content_type.as_ref()), (b"ID3 and so on".as_slice(), "audio/mpeg"));
}

#[tokio::test]
async fn whisper_turbo_and_smart_turn_hear_base64() {
    let (client, recorder) = answering_json(&json!({"text": "hello"}));
    let request = hear::whisper_large_v3_turbo::Request::new(PNG);
    client.automatic_speech_recognition().whisper_large_v3_turbo(request).await.unwrap();
    assert_eq!(recorder.json(), json!({"audio": PNG_TEXT}));

    let (client, recorder) = answering_json(&json!({"is_complete": true, "probability": 0.9}));
    let reply =
        client.voice_activity_detection().smart_turn_v2(detect::smart_turn_v2::Request::new(PNG)).await.unwrap();
    assert_eq!((recorder.json(), reply.is_complete), (json!({"audio": PNG_TEXT}), Some(true)));
}

#[tokio::test]
async fn speech_comes_as_base64_or_as_it_is() {
    let request = || speak::melotts::Request::new("hello");
    let (client, _) = answering_json(&json!({"audio": "SUQzIGFuZCBzbyBvbg=="}));
    let inside = client.text_to_speech().melotts(request()).await.unwrap();
    let (client, _) = answering("audio/mpeg", b"ID3 and so on");
    let raw = client.text_to_speech().melotts(request()).await.unwrap();
    assert_eq!((inside.as_bytes(), inside.content_type()), (b"ID3 and so on".as_slice(), "audio/mpeg"));
    assert_eq!(inside, raw);
}

#[test]
fn speech_needs_a_text() {
    assert!(serde_json::from_str::<speak::aura_2_en::Request>("{}").is_err());
}

#[tokio::test]
async fn moondream_streams_unless_told_not_to() {
    let request =
        || serde_json::from_value::<see::moondream3_1_9b_a2b::Request>(json!({"question": "what is it?"})).unwrap();
    let (client, recorder) = answering_json(&json!({}));
    client.image_to_text().moondream3_1_9b_a2b(request()).await.unwrap();
    assert_eq!(recorder.json(), json!({"question": "what is it?", "stream": false}));

    let events = "data: {\"status\": \"processing\", \"chunk\": {\"answer\": \"A cat\"}}\n\n\
        data: {\"status\": \"asleep\", \"unheard_of\": 1}\n\ndata: [DONE]\n\n";
    let (client, recorder) = answering("text/event-stream", events);
    let mut chunks = client.image_to_text().moondream3_1_9b_a2b(request()).stream().await.unwrap();
    let first = chunks.try_next().await.unwrap().unwrap();
    assert_eq!(first.chunk.and_then(|chunk| chunk.answer).as_deref(), Some("A cat"));
    let second = chunks.try_next().await.unwrap().unwrap();
    assert_eq!(serde_json::to_value(second.status).unwrap(), "asleep", "an unknown status is kept");
    assert_eq!(recorder.json()["stream"], true);
}

#[tokio::test]
async fn the_replies_of_bge_m3_are_told_apart() {
    use embed::bge_m3::Reply;
    let read = |result: Value| async move {
        let (client, _) = answering_json(&result);
        let request = serde_json::from_value::<embed::bge_m3::Request>(json!({"text": "sea"})).unwrap();
        client.text_embeddings().bge_m3(request).await.unwrap()
    };
    let scores = read(json!({"response": [{"id": 0, "score": 0.5}]})).await;
    assert!(matches!(scores, Reply::Scores(_)), "{scores:?}");
    let contexts = read(json!({"response": [[0.5, 1]], "shape": [1, 2], "pooling": "cls"})).await;
    assert!(matches!(contexts, Reply::ContextEmbeddings(_)), "{contexts:?}");
    let embeddings = read(json!({"data": [[0.5, 1]], "shape": [1, 2], "usage": {"prompt_tokens": 3}})).await;
    assert!(matches!(embeddings, Reply::Embeddings(_)), "{embeddings:?}");
    let unknown = read(json!({"vectors": []})).await;
    assert!(matches!(unknown, Reply::Unknown(_)), "{unknown:?}");
}

#[tokio::test]
async fn both_forms_of_a_translation_are_read() {
    for (result, expected) in
        [(json!({"translations": ["a"]}), (1, None)), (json!({"translated_text": "a"}), (0, Some("a")))]
    {
        let (client, _) = answering_json(&result);
        let request = json!({"text": "hello", "target_language": "hin_Deva"});
        let request = serde_json::from_value::<translate::indictrans2_en_indic_1b::Request>(request).unwrap();
        let reply = client.translation().indictrans2_en_indic_1b(request).await.unwrap();
        assert_eq!((reply.translations.len(), reply.translated_text.as_deref()), expected);
    }
}

#[tokio::test]
async fn ranking_says_what_was_used() {
    let (client, _) = answering_json(&json!({"response": [{"id": 1, "score": 0.7}], "usage": {"prompt_tokens": 12}}));
    let request = json!({"query": "sea", "contexts": [{"text": "sky"}]});
    let request = serde_json::from_value::<classify::bge_reranker_base::Request>(request).unwrap();
    let reply = client.text_classification().bge_reranker_base(request).await.unwrap();
    assert_eq!(reply.usage.and_then(|usage| usage.prompt_tokens), Some(12));
}
