//! Spans: what they say, and that they keep secrets and prompts to themselves.
//!
//! In a process of their own, where everyone listens: `tracing` remembers for a whole process whether a span interests
//! anyone, and a call by a neighbour who does not listen may be the one that it remembers.

#![cfg(feature = "tracing")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

#[path = "it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "shared with the tests of everything else")]
mod support;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber,
};
use workers_ai_client::Call;

use self::support::{ACCOUNT, Chat, Impatient, Memory, TOKEN};

const PROMPT: &str = "my deepest secret";
const ANSWER: &str = "a very private answer";

/// Keeps every span with its fields.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<BTreeMap<u64, Fields>>>, Arc<AtomicU64>);

#[derive(Clone, Default)]
struct Fields {
    name: &'static str,
    values: BTreeMap<&'static str, String>,
    /// How many hold it; closed is a span that nobody does.
    held: usize,
    closed: bool,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.values.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.1.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields { name: attributes.metadata().name(), held: 1, ..Fields::default() };
        attributes.record(&mut fields);
        self.0.lock().unwrap().insert(id, fields);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(self.0.lock().unwrap().get_mut(&span.into_u64()).unwrap());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields { name: "event", closed: true, ..Fields::default() };
        event.record(&mut fields);
        let id = self.1.fetch_add(1, Ordering::Relaxed) + 1;
        self.0.lock().unwrap().insert(id, fields);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        self.0.lock().unwrap().get_mut(&id.into_u64()).unwrap().held += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut spans = self.0.lock().unwrap();
        let fields = spans.get_mut(&id.into_u64()).unwrap();
        fields.held -= 1;
        fields.closed = fields.held == 0;
        fields.closed
    }
}

impl Collector {
    fn named(&self, name: &str) -> Vec<Fields> {
        self.0.lock().unwrap().values().filter(|fields| fields.name == name).cloned().collect()
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().values().map(|fields| format!("{} {:?}\n", fields.name, fields.values)).collect()
    }
}

#[track_caller]
fn check(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.values.get(name).map(String::as_str), Some(*value), "{name} in {:?}", fields.values);
    }
}

fn answered() -> String {
    format!(
        r#"{{"result":{{"response":"{ANSWER}","usage":{{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{{"cached_tokens":2}}}}}},"success":true}}"#
    )
}

const BUSY: &str = r#"{"errors":[{"code":3040,"message":"AiError: my deepest secret is too much"}],"success":false}"#;

#[tokio::test]
async fn a_call_is_a_span_and_each_attempt_another() {
    let spans = Collector::default();
    let _guard = subscriber::set_default(spans.clone());
    let memory = Memory::default().reply(429, "application/json", BUSY).json(answered());
    let client = memory.builder().clock(Impatient::new()).build().unwrap();
    Call::<Chat>::new(client, PROMPT).await.unwrap();

    let [call] = spans.named("workers_ai.call").try_into().unwrap_or_else(|_| unreachable!("{}", spans.text()));
    check(
        &call,
        &[
            ("otel.name", "test @cf/test/chat"),
            ("otel.kind", "client"),
            ("gen_ai.operation.name", "test"),
            ("gen_ai.provider.name", "cloudflare.workers_ai"),
            ("gen_ai.request.model", "@cf/test/chat"),
            ("gen_ai.usage.input_tokens", "9"),
            ("gen_ai.usage.output_tokens", "4"),
            ("gen_ai.usage.cache_read.input_tokens", "2"),
            ("server.address", "api.cloudflare.com"),
            ("http.response.status_code", "200"),
            ("workers_ai.attempts", "2"),
            ("workers_ai.neurons", "1.25"),
            ("workers_ai.request_id", "request-1"),
        ],
    );
    assert!(call.closed && !call.values.contains_key("error.type"));
    let [first, second] = spans.named("workers_ai.attempt").try_into().unwrap_or_else(|_| unreachable!());
    check(&first, &[("workers_ai.attempt", "1"), ("error.type", "3040"), ("http.response.status_code", "429")]);
    check(&second, &[("workers_ai.attempt", "2"), ("http.request.resend_count", "1")]);
    assert!(first.closed && second.closed);
    silent(&spans);
}

/// Nothing that is the user's own, or the account's, is in any span.
#[track_caller]
fn silent(spans: &Collector) {
    let text = spans.text();
    for secret in [PROMPT, ANSWER, TOKEN, ACCOUNT, "Bearer"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_stream_is_over_when_its_span_is() {
    let spans = Collector::default();
    let _guard = subscriber::set_default(spans.clone());
    let events = format!(
        "data: {{\"response\":\"{ANSWER}\",\"usage\":{{\"completion_tokens\":1}}}}\n\ndata: {{\"response\":\"\",\"usage\":{{\"prompt_tokens\":9,\"completion_tokens\":31,\"neurons\":0.5}}}}\n\ndata: [DONE]\n\n"
    );
    let memory = Memory::default().events(events);
    let mut chunks = Call::<Chat>::new(memory.client(), PROMPT).stream().await.unwrap();
    while chunks.try_next().await.unwrap().is_some() {
        assert!(!spans.named("workers_ai.call").remove(0).closed);
    }
    drop(chunks);
    let call = spans.named("workers_ai.call").remove(0);
    assert!(call.closed);
    check(
        &call,
        &[
            ("gen_ai.request.stream", "true"),
            ("gen_ai.usage.input_tokens", "9"),
            ("gen_ai.usage.output_tokens", "31"),
            ("workers_ai.neurons", "0.5"),
        ],
    );
    silent(&spans);
}

#[tokio::test]
async fn a_failure_is_named_and_not_quoted() {
    let spans = Collector::default();
    let _guard = subscriber::set_default(spans.clone());
    let memory = Memory::default().reply(400, "application/json", BUSY.replace("3040", "5006"));
    Call::<Chat>::new(memory.client(), PROMPT).await.unwrap_err();
    Call::<Chat>::new(memory.client(), PROMPT).await.unwrap_err();
    let mut calls = spans.named("workers_ai.call");
    check(
        &calls.remove(0),
        &[("error.type", "5006"), ("otel.status_code", "ERROR"), ("http.response.status_code", "400")],
    );
    check(&calls.remove(0), &[("error.type", "connection"), ("workers_ai.attempts", "1")]);
    silent(&spans);
}

#[tokio::test]
async fn prompts_are_there_for_those_who_ask() {
    let spans = Collector::default();
    let _guard = subscriber::set_default(spans.clone());
    let memory = Memory::default().json(answered()).events("data: {\"response\":\"b\"}\n\ndata: [DONE]\n\n");
    let client = memory.builder().trace_content().build().unwrap();
    Call::<Chat>::new(client.clone(), PROMPT).await.unwrap();
    drop(Call::<Chat>::new(client, PROMPT).stream().await.unwrap());
    let call = spans.named("workers_ai.call").remove(0);
    assert!(call.values.get("gen_ai.input.messages").unwrap().contains(PROMPT));
    assert!(call.values.get("gen_ai.output.messages").unwrap().contains(ANSWER));
    assert!(!spans.text().contains(TOKEN));
}

#[cfg(feature = "realtime")]
mod sessions {
    use futures_util::StreamExt;
    use tokio::{net::TcpListener, task::JoinHandle};
    use workers_ai_client::{Bytes, Client, Connects, Encoded, Frame, Info, Invalid, Model, Price, Request, Session};

    use super::*;

    struct Listen;

    struct Sound;

    impl Request for Sound {
        fn encode(&self) -> Result<Encoded, Invalid> {
            Ok(Encoded::raw(Bytes::new(), None))
        }
    }

    impl Model for Listen {
        const INFO: &'static Info = &Info {
            prices: &[Price { unit: "per_audio_minute", usd: 0.0, neurons: Some(60.0) }],
            ..Info::new("@cf/test/listen", "Automatic Speech Recognition", "2026-01")
        };
        type Request = Sound;
        type Reply = serde_json::Value;
    }

    impl Connects for Listen {
        type Sent = Frame;
        type Received = Frame;
    }

    /// A session with somebody who hangs up after so many messages, or listens to all.
    async fn connect(most: usize) -> (Session<Frame, Frame>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/client/v4", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            let mut line = tokio_tungstenite::accept_async(socket).await.unwrap();
            let mut heard = 0;
            while heard < most && line.next().await.is_some_and(|message| message.is_ok()) {
                heard += 1;
            }
        });
        let client = Client::builder(ACCOUNT, TOKEN).base_url(base).build().unwrap();
        (Call::<Listen>::new(client, Sound).connect().await.unwrap(), server)
    }

    #[tokio::test]
    async fn a_session_is_a_span_until_it_is_over() {
        let spans = Collector::default();
        let _guard = subscriber::set_default(spans.clone());
        let (mut session, server) = connect(usize::MAX).await;
        session.send(PROMPT).await.unwrap();
        session.send(vec![0_u8; 32_000]).await.unwrap();
        assert!(!spans.named("workers_ai.call").remove(0).closed);
        drop(session);
        server.await.unwrap();
        let call = spans.named("workers_ai.call").remove(0);
        assert!(call.closed && !call.values.contains_key("error.type"));
        check(
            &call,
            &[
                ("otel.name", "automatic_speech_recognition @cf/test/listen"),
                ("http.response.status_code", "101"),
                ("workers_ai.attempts", "1"),
                ("workers_ai.neurons", "2.0"),
            ],
        );
        silent(&spans);
    }

    #[tokio::test]
    async fn a_session_that_fails_says_how() {
        let spans = Collector::default();
        let _guard = subscriber::set_default(spans.clone());
        let (mut session, server) = connect(1).await;
        session.send(PROMPT).await.unwrap();
        server.await.unwrap();
        assert!(session.try_next().await.unwrap_err().is_truncated());
        check(
            &spans.named("workers_ai.call").remove(0),
            &[("error.type", "truncated"), ("otel.status_code", "ERROR"), ("http.response.status_code", "101")],
        );
        silent(&spans);
    }
}
