//! Answers in pieces.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use workers_ai_client::{
    Call, Chunks, Client, Error, Info, Model, Request, RetryPolicy, Streams,
    transport::{Body, BoxFuture, ByteStream, Clock, Limits, Transport, TransportError},
};

use crate::support::{Chat, ChatChunk, Impatient, Memory};

async fn open(memory: &Memory) -> Result<Chunks<ChatChunk>, Error> {
    Call::<Chat>::new(memory.client(), "hello").stream().await
}

/// All of a stream: the texts, and how it ended.
async fn read(memory: Memory) -> (Vec<String>, Option<Error>) {
    let mut texts = Vec::new();
    let mut chunks = match open(&memory).await {
        Ok(chunks) => chunks,
        Err(error) => return (texts, Some(error)),
    };
    loop {
        match chunks.try_next().await {
            Ok(Some(chunk)) => texts.push(chunk.response.unwrap_or_default()),
            Ok(None) => return (texts, None),
            Err(error) => {
                assert!(chunks.try_next().await.unwrap().is_none(), "nothing follows an error");
                return (texts, Some(error));
            }
        }
    }
}

const STREAM: &str = "data: {\"response\":\"a\u{e9}\",\"p\":\"abc\"}\r\n\r\n: ping\n\ndata: {\"tool_calls\":[]}\n\ndata: {\"response\":\"\u{1f98a}\"}\n\ndata: {\"response\":\"\",\"usage\":{\"total_tokens\":2}}\n\ndata: [DONE]\n\ndata: [DONE]\n\n";

#[tokio::test]
async fn chunks_arrive_however_the_bytes_are_cut() {
    let expected = ["a\u{e9}", "", "\u{1f98a}", ""];
    let bytes = STREAM.as_bytes();
    for cut in 0..=bytes.len() {
        let (left, right) = bytes.split_at(cut);
        let (texts, error) = read(Memory::default().pieces(200, "text/event-stream", [left, right])).await;
        assert!(error.is_none(), "cut at {cut}: {error:?}");
        assert_eq!(texts, expected, "cut at {cut}");
    }
    let (texts, _) = read(Memory::default().pieces(200, "text/event-stream", bytes.chunks(1))).await;
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn a_stream_is_asked_for() {
    let memory = Memory::default().events(STREAM);
    let chunks = open(&memory).await.unwrap();
    assert_eq!(chunks.request_id(), Some("request-1"));
    let sent = memory.sent().remove(0);
    assert!(sent.headers().get("accept").unwrap().to_str().unwrap().contains("text/event-stream"));
    assert!(format!("{:?}", sent.body()).contains(r#"{\"prompt\":\"hello\",\"stream\":true}"#), "{sent:?}");
}

#[tokio::test]
async fn an_end_without_its_mark_is_a_cut() {
    for body in ["", "data: {\"response\":\"a\"}\n\n", "data: {\"response\":\"a\"}\n\ndata: {\"respon"] {
        let (_, error) = read(Memory::default().events(body)).await;
        let error = error.unwrap();
        assert!(error.is_truncated() && error.is_retryable() && !error.is_connection(), "{body}: {error:?}");
        assert_eq!(
            error.to_string(),
            "@cf/test/chat: the stream ended before the model had finished (200, request request-1)"
        );
    }
    let (texts, error) = read(Memory::default().events("data: {\"response\":\"a\"}\n\n").broken()).await;
    let error = error.unwrap();
    assert_eq!(texts, ["a"]);
    assert!(error.is_truncated() && error.is_connection(), "{error:?}");
}

#[tokio::test]
async fn a_final_chunk_makes_up_for_the_mark() {
    let body = "data: {\"response\":\"a\",\"finish_reason\":\"stop\"}\n\ndata: {\"response\":\"\"}";
    let (texts, error) = read(Memory::default().events(body)).await;
    assert_eq!(texts, ["a", ""]);
    assert!(error.is_none(), "{error:?}");
    let (_, error) = read(Memory::default().events("data: [DONE]")).await;
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test]
async fn failures_inside_a_stream_are_errors() {
    for frame in [
        "data: {\"errors\":[{\"code\":3040,\"message\":\"AiError: busy\"}]}",
        "data: {\"error\":{\"code\":3040,\"message\":\"busy\"}}",
        "event: error\ndata: {\"code\":3040,\"message\":\"busy\"}",
        "data: {\"success\":false,\"errors\":[{\"code\":3040,\"message\":\"busy\"}],\"result\":{}}",
    ] {
        let body = format!("data: {{\"response\":\"a\"}}\n\n{frame}\n\ndata: [DONE]\n\n");
        let (texts, error) = read(Memory::default().events(body)).await;
        let error = error.unwrap();
        assert_eq!(
            (texts.len(), error.code(), error.message(), error.model()),
            (1, Some(3040), "busy", Some("@cf/test/chat")),
            "{frame}"
        );
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn text_about_errors_is_no_error() {
    let body = "data: {\"response\":\"{\\\"error\\\": \\\"x\\\"}\"}\n\ndata: {\"response\":\"\\\"error\",\"error\":null}\n\ndata: [DONE]\n\n";
    let (texts, error) = read(Memory::default().events(body)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(texts, ["{\"error\": \"x\"}", "\"error"]);
}

#[tokio::test]
async fn a_chunk_of_another_shape_names_the_place() {
    let (_, error) = read(Memory::default().events("data: {\"response\":7}\n\ndata: [DONE]\n\n")).await;
    let error = error.unwrap();
    assert!(error.is_decode() && error.to_string().contains("response: invalid type: integer `7`"), "{error}");
    assert_eq!(error.body(), Some(b"{\"response\":7}".as_slice()));
}

#[tokio::test]
async fn a_model_that_does_not_stream_answers_with_one_chunk() {
    for body in [r#"{"result":{"response":"whole"},"success":true}"#, r#"{"response":"whole"}"#] {
        let (texts, error) = read(Memory::default().json(body)).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(texts, ["whole"]);
    }
}

#[tokio::test]
async fn failures_before_the_stream_are_errors_of_the_call() {
    let body = r#"{"success":false,"errors":[{"code":5006,"message":"no"}],"result":{}}"#;
    for status in [200, 400] {
        let error = open(&Memory::default().reply(status, "application/json", body)).await.unwrap_err();
        assert_eq!((error.code(), error.status()), (Some(5006), Some(status)));
    }
    let (_, error) = read(Memory::default().reply(200, "image/png", [1, 2, 3])).await;
    assert!(error.unwrap().is_decode());
}

#[tokio::test]
async fn a_lost_content_type_is_no_obstacle() {
    let (texts, error) = read(Memory::default().events(STREAM).with_header("content-type", "")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(texts.len(), 4);
    let (_, error) = read(Memory::default().events("data: {}\n\n").with_header("content-type", "text/plain")).await;
    assert!(error.unwrap().is_truncated());
}

/// A model whose chunks are any JSON.
struct Untyped;

impl Model for Untyped {
    const INFO: &'static Info = Chat::INFO;
    type Request = Value;
    type Reply = Value;
}

impl Streams for Untyped {
    type Chunk = Value;
}

#[tokio::test]
async fn untyped_chunks_know_their_end() {
    for last in [json!({"choices": [{"finish_reason": "stop", "delta": {}}]}), json!({"id": 1, "status": "succeeded"})]
    {
        let memory = Memory::default().events(format!("data: {{}}\n\ndata: {last}\n\n"));
        let mut chunks = Call::<Untyped>::new(memory.client(), json!({})).stream().await.unwrap();
        let mut count = 0;
        while chunks.try_next().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, 2);
        assert!(json!({}).encode().is_ok());
    }
}

#[test]
fn chunks_can_change_threads() {
    fn check<T: Send + Unpin>() {}
    check::<Chunks<ChatChunk>>();
}

/// Answers with a stream that goes on after its end mark, and counts what is read of it.
#[derive(Clone, Default)]
struct Lingering(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl Transport for Lingering {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let count = self.0.clone();
        let pieces = ["data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n", "\n", ": bye\n"];
        let pieces = futures_util::stream::iter(pieces).map(move |piece| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(piece.into())
        });
        let reply = http::Response::builder().header("content-type", "text/event-stream");
        Box::pin(async move { Ok(reply.body(Box::pin(pieces) as ByteStream).unwrap()) })
    }
}

#[tokio::test]
async fn what_has_arrived_after_the_end_mark_is_read_so_that_the_connection_is_free() {
    let lingering = Lingering::default();
    let client = Client::builder("account", "token").transport(lingering.clone()).build().unwrap();
    let mut chunks = Call::<Chat>::new(client, "hello").stream().await.unwrap();
    assert!(chunks.try_next().await.unwrap().is_some());
    assert_eq!(lingering.0.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert!(chunks.try_next().await.unwrap().is_none());
    assert_eq!(lingering.0.load(std::sync::atomic::Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_failure_as_the_last_words_is_that_failure() {
    let (_, error) = read(Memory::default().events("data: {\"errors\":[{\"code\":3040,\"message\":\"busy\"}]}")).await;
    let error = error.unwrap();
    assert_eq!((error.code(), error.is_truncated()), (Some(3040), false));
}

#[tokio::test]
async fn a_type_that_does_not_say_when_it_is_final_needs_the_end_mark() {
    #[derive(serde::Deserialize)]
    struct Piece {}
    impl workers_ai_client::Chunk for Piece {}
    impl Model for Piece {
        const INFO: &'static Info = &Info::new("@cf/test/piece", "Test", "2026-01");
        type Request = Value;
        type Reply = Value;
    }
    impl Streams for Piece {
        type Chunk = Self;
    }
    let memory = Memory::default().events("data: {}\n\n");
    let mut pieces = Call::<Piece>::new(memory.client(), json!({})).stream().await.unwrap();
    assert!(pieces.try_next().await.unwrap().is_some());
    assert!(pieces.try_next().await.is_err_and(|error| error.is_truncated()));
}

/// Answers with a status and a content type, and then says the same things over and over, one each second of a clock that
/// nobody else moves.
#[derive(Clone)]
struct Steady {
    clock: Impatient,
    status: u16,
    content_type: &'static str,
    pieces: &'static [&'static str],
}

impl Transport for Steady {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let Self { clock, status, content_type, pieces } = self.clone();
        let pieces = futures_util::stream::iter(pieces.iter().cycle().take(30)).map(move |piece| {
            clock.advance(Duration::from_secs(1));
            Ok((*piece).into())
        });
        let reply = http::Response::builder().status(status).header("content-type", content_type);
        Box::pin(async move { Ok(reply.body(Box::pin(pieces) as ByteStream).unwrap()) })
    }
}

/// Reads a stream whose silences may last five seconds: how many chunks there were, how it ended, and after how long.
async fn read_steadily(
    status: u16,
    content_type: &'static str,
    pieces: &'static [&'static str],
) -> (usize, Option<Error>, u64) {
    let clock = Impatient::new();
    let began = clock.now();
    let steady = Steady { clock: clock.clone(), status, content_type, pieces };
    let client = Client::builder("account", "token").transport(steady).clock(clock.clone());
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let mut count = 0;
    let end = match Call::<Chat>::new(client, "hello").timeout(Duration::from_secs(5)).stream().await {
        Err(error) => Some(error),
        Ok(mut chunks) => loop {
            match chunks.try_next().await {
                Ok(Some(_)) => count += 1,
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        },
    };
    (count, end, clock.now().duration_since(began).unwrap().as_secs())
}

#[tokio::test]
async fn bytes_that_never_make_a_chunk_run_out_of_time_and_chunks_do_not() {
    let (count, error, seconds) = read_steadily(200, "text/event-stream", &[": still here\n"]).await;
    assert!(count == 0 && error.as_ref().is_some_and(Error::is_timeout), "{error:?}");
    // After five seconds are over, and not before.
    assert_eq!(seconds, 7);
    let (count, error, _) = read_steadily(200, "text/event-stream", &["data: {}\n\n"]).await;
    assert!(count == 30 && error.as_ref().is_some_and(Error::is_truncated), "{count} {error:?}");
    // Time is counted anew after every chunk.
    let (count, error, _) = read_steadily(200, "text/event-stream", &["data: {}", "\n", "\n"]).await;
    assert!(count == 10 && error.as_ref().is_some_and(Error::is_truncated), "{count} {error:?}");
}

#[tokio::test]
async fn an_answer_or_a_failure_in_one_piece_may_not_dribble_either() {
    let (_, error, seconds) = read_steadily(200, "application/json", &[" "]).await;
    assert!(error.as_ref().is_some_and(Error::is_timeout), "{error:?}");
    assert_eq!(seconds, 7);
    let (_, error, seconds) = read_steadily(500, "application/json", &[" "]).await;
    assert!(error.as_ref().is_some_and(|error| error.status() == Some(500)), "{error:?}");
    assert_eq!(seconds, 7);
}

#[tokio::test]
async fn a_stream_without_types_is_over_when_its_model_says_so() {
    for (last, whole) in [
        (r#"{"response":"a"}"#, false),
        (r#"{"choices":[{"finish_reason":null}]}"#, false),
        (r#"{"status":"running"}"#, false),
        (r#"{"choices":[{"finish_reason":"stop"}]}"#, true),
        (r#"{"status":"succeeded"}"#, true),
    ] {
        let memory = Memory::default().events(format!("data: {last}\n\n"));
        let mut chunks = memory.client().untyped("@cf/a/b", json!({})).stream().await.unwrap();
        assert_eq!(chunks.headers().get("cf-ai-neurons").unwrap(), "1.25");
        assert!(chunks.try_next().await.unwrap().is_some());
        assert_eq!(chunks.try_next().await.is_ok(), whole, "{last}");
    }
}
