//! What is sent again, how long the client waits before, and when it gives up.

use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};

use http::{Request, Response};
use workers_ai_client::{
    Call, Client, ClientBuilder, RetryPolicy,
    transport::{Body, BoxFuture, ByteStream, Clock, Limits, Timeout, Transport, TransportError},
};

use crate::{
    error_table::predicates,
    support::{Chat, Impatient, Memory},
};

const BUSY: &str =
    r#"{"errors":[{"code":3040,"message":"Capacity temporarily exceeded, please try again."}],"success":false}"#;
const TOO_MANY: &str =
    r#"{"errors":[{"code":3021,"message":"inference request per min rate reached"}],"success":false}"#;
const SPENT: &str =
    r#"{"errors":[{"code":4006,"message":"you have used up your daily free allocation"}],"success":false}"#;
const SLOW: &str = r#"{"errors":[{"code":3046,"message":"AiError: Request timeout"}],"success":false}"#;
const FLAGGED: &str = r#"{"errors":[{"code":3030,"message":"Your output has been flagged."}],"success":false}"#;
const FINE: &str = r#"{"result":{"response":"hi"},"success":true}"#;

fn busy(memory: Memory) -> Memory {
    memory.reply(429, "application/json", BUSY)
}

fn client(memory: &Memory, clock: &Impatient) -> Client {
    memory.builder().clock(clock.clone()).build().unwrap()
}

/// How many attempts a call takes over these answers, and whether the last of them was a success.
async fn attempts(memory: Memory) -> (usize, bool) {
    let clock = Impatient::new();
    let result = Call::<Chat>::new(client(&memory, &clock), "hello").await;
    let sent = memory.sent().len();
    if let Err(error) = &result {
        assert_eq!(error.attempts() as usize, sent);
    }
    assert_eq!(clock.slept().len(), sent - 1);
    (sent, result.is_ok())
}

#[tokio::test]
async fn what_may_pass_is_sent_again_as_it_was() {
    let memory = busy(busy(Memory::default())).json(FINE);
    let clock = Impatient::new();
    let response = Call::<Chat>::new(client(&memory, &clock), "hello").send().await.unwrap();
    assert_eq!((response.value.response.as_str(), response.attempts), ("hi", 3));
    let sent = memory.sent();
    assert_eq!(sent.len(), 3);
    let first = sent.first().unwrap();
    for request in &sent {
        assert_eq!((request.uri(), request.headers(), request.body()), (first.uri(), first.headers(), first.body()));
    }
}

#[tokio::test]
async fn every_kind_of_passing_trouble_gets_four_attempts() {
    for (status, body) in [
        (429, BUSY),
        (429, TOO_MANY),
        (429, "{}"),
        (408, r#"{"errors":[{"code":3007,"message":"Request timeout"}]}"#),
        (408, r#"{"errors":[{"code":3008,"message":"Request was aborted"}]}"#),
        (408, ""),
        (500, r#"{"errors":[{"code":5001,"message":"Model execution failed"}]}"#),
        (502, "<html>bad gateway</html>"),
        (503, ""),
        (200, BUSY),
    ] {
        let memory = (0..9).fold(Memory::default(), |memory, _| memory.reply(status, "application/json", body));
        assert_eq!(attempts(memory).await, (4, false), "{status} {body}");
    }
    assert_eq!(attempts(Memory::default()).await, (4, false), "nobody there");
    assert_eq!(attempts(Memory::default().nobody().json(r#"{"resp"#).broken().json(FINE)).await, (3, true));
}

#[tokio::test]
async fn what_will_not_pass_is_sent_once() {
    for (status, body) in [
        (429, SPENT),
        (429, r#"{"errors":[{"message":"you have used up your daily free allocation of 10,000 neurons"}]}"#),
        (400, r#"{"errors":[{"code":5006,"message":"AiError: Bad input"}]}"#),
        (413, r#"{"errors":[{"code":5021,"message":"exceeded this model context window limit"}]}"#),
        (401, r#"{"errors":[{"code":10000,"message":"Authentication error"}]}"#),
        (410, r#"{"errors":[{"code":5028,"message":"deprecated"}]}"#),
        (200, "{\"response\":1}"),
    ] {
        let memory = Memory::default().reply(status, "application/json", body).json(FINE);
        assert_eq!(attempts(memory).await, (1, false), "{status} {body}");
    }
}

#[tokio::test]
async fn what_hardly_passes_is_sent_twice() {
    for (status, body) in [(408, SLOW), (400, FLAGGED)] {
        let memory = (0..3).fold(Memory::default(), |memory, _| memory.reply(status, "application/json", body));
        assert_eq!(attempts(memory).await, (2, false), "{body}");
    }
    // Other trouble in between does not give it another chance.
    let memory = busy(Memory::default().reply(408, "application/json", SLOW)).reply(408, "application/json", SLOW);
    assert_eq!(attempts(memory.json(FINE)).await, (3, false));
}

#[tokio::test]
async fn waits_are_random_and_may_grow() {
    let mut seen = Vec::new();
    for _ in 0..50 {
        let clock = Impatient::new();
        Call::<Chat>::new(client(&busy(busy(busy(busy(Memory::default())))), &clock), "hello").await.unwrap_err();
        let [first, second, third] = clock.slept().try_into().unwrap();
        assert!(first <= Duration::from_millis(501) && second <= Duration::from_millis(1001), "{first:?} {second:?}");
        assert!(third <= Duration::from_millis(2001), "{third:?}");
        seen.push(third);
    }
    // Full jitter: near to nothing and near to all of it.
    let (least, most) = (seen.iter().min().unwrap(), seen.iter().max().unwrap());
    assert!(*least < Duration::from_millis(700) && *most > Duration::from_millis(1300), "{least:?} {most:?}");
}

#[tokio::test]
async fn the_limit_of_a_minute_is_waited_for_longer() {
    let mut total = Duration::ZERO;
    for _ in 0..20 {
        let memory = (0..4).fold(Memory::default(), |memory, _| memory.reply(429, "application/json", TOO_MANY));
        let clock = Impatient::new();
        Call::<Chat>::new(client(&memory, &clock), "hello").await.unwrap_err();
        assert!(clock.slept().iter().all(|wait| *wait <= Duration::from_secs(60)));
        total += clock.slept().iter().sum::<Duration>();
    }
    // 28 seconds each on average.
    assert!(total > Duration::from_secs(20 * 15), "{total:?}");
}

#[tokio::test]
async fn the_service_says_how_long_to_wait() {
    for (name, value, least) in [
        ("retry-after", "20", 20_000),
        ("retry-after-ms", "1500", 1500),
        // Half a minute after the time on the client's clock.
        ("retry-after", "Fri, 02 Oct 2026 10:00:30 GMT", 30_000),
    ] {
        let memory = busy(Memory::default()).with_header(name, value).json(FINE);
        let clock = Impatient::new();
        Call::<Chat>::new(client(&memory, &clock), "hello").await.unwrap();
        let [wait] = clock.slept().try_into().unwrap();
        let least = Duration::from_millis(least);
        assert!(wait >= least && wait <= least + Duration::from_millis(500), "{name} {value}: {wait:?}");
    }
    // Longer than anybody would wait.
    let memory = busy(Memory::default()).with_header("retry-after", "3600").json(FINE);
    let clock = Impatient::new();
    let error = Call::<Chat>::new(client(&memory, &clock), "hello").await.unwrap_err();
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(3600)), 1));
    // Unless somebody would.
    let memory = busy(Memory::default()).with_header("retry-after", "3600").json(FINE);
    let call = Call::<Chat>::new(client(&memory, &clock), "hello").timeout(Duration::from_secs(7200));
    call.retry(RetryPolicy::default().patience(Duration::from_secs(3600))).await.unwrap();
}

#[tokio::test]
async fn a_policy_is_the_clients_or_the_calls() {
    let attempts = async |builder: ClientBuilder, of_the_call: Option<RetryPolicy>, memory: &Memory| {
        let client = builder.clock(Impatient::new()).build().unwrap();
        let mut call = Call::<Chat>::new(client, "hello");
        if let Some(policy) = of_the_call {
            call = call.retry(policy);
        }
        call.await.unwrap_err();
        memory.sent().len()
    };
    let memory = Memory::default();
    let two = RetryPolicy::default().max_attempts(2);
    assert_eq!(attempts(memory.builder(), None, &memory).await, 4);
    assert_eq!(attempts(memory.builder().retry(two.clone()), None, &memory).await, 2);
    assert_eq!(attempts(memory.builder().retry(two.clone()), Some(RetryPolicy::none()), &memory).await, 1);
    assert_eq!(attempts(memory.builder().retry(RetryPolicy::none()), Some(two), &memory).await, 2);
    assert_eq!(attempts(memory.builder(), Some(RetryPolicy::default().max_attempts(0)), &memory).await, 1);
    // Nobody to wait by.
    Call::<Chat>::new(memory.client(), "hello").await.unwrap_err();
    assert_eq!(memory.sent().len(), 1);
}

#[tokio::test]
async fn a_burst_does_not_become_a_storm() {
    let memory = Memory::default();
    let client = memory.builder().clock(Impatient::new()).retry_allowance(10).build().unwrap();
    for _ in 0..100 {
        Call::<Chat>::new(client.clone(), "hello").await.unwrap_err();
    }
    // A hundred first attempts, and ten retries in all, whichever copy of the client made them.
    assert_eq!(memory.sent().len(), 110);
    let fine = (0..20).fold(memory.clone(), |memory, _| memory.json(FINE));
    for _ in 0..20 {
        Call::<Chat>::new(client.clone(), "hello").await.unwrap();
    }
    assert_eq!(fine.sent().len(), 20);
    // Twenty successes pay for two more.
    Call::<Chat>::new(client, "hello").await.unwrap_err();
    assert_eq!(memory.sent().len(), 3);
}

/// Takes its time with every answer.
struct Unhurried(Memory, Impatient, Duration);

impl Transport for Unhurried {
    fn send(
        &self,
        request: Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Response<ByteStream>, TransportError>> {
        self.1.advance(self.2);
        self.0.send(request, limits)
    }
}

#[tokio::test]
async fn all_attempts_share_the_calls_time() {
    let unhurried = |memory: &Memory, seconds: u64| {
        let clock = Impatient::new();
        let transport = Unhurried(memory.clone(), clock.clone(), Duration::from_secs(seconds));
        let client = Client::builder("account", "token").transport(transport).clock(clock).build().unwrap();
        Call::<Chat>::new(client, "hello")
    };
    let memory = busy(busy(busy(busy(Memory::default()))));
    let error = unhurried(&memory, 4).timeout(Duration::from_secs(10)).await.unwrap_err();
    let limits: Vec<_> =
        memory.sent().iter().map(|request| request.extensions().get::<Limits>().unwrap().timeout.unwrap()).collect();
    // 10 seconds, then what 4 seconds and the waiting left; after 12 there is nothing left.
    assert!(error.is_out_of_capacity());
    assert!(
        matches!(limits.as_slice(), [Timeout::Whole(first), Timeout::Whole(second), ..]
        if first.as_secs() == 10 && (5..=6).contains(&second.as_secs())),
        "{limits:?}"
    );
    assert!(limits.len() <= 3, "{limits:?}");

    // Two minutes were not enough, so one will not be.
    let memory = Memory::default().reply(408, "application/json", SLOW).json(FINE);
    let error = unhurried(&memory, 121).await.unwrap_err();
    assert_eq!((predicates(&error), error.attempts()), (vec!["retryable", "timeout"], 1));
    unhurried(&Memory::default().reply(408, "application/json", SLOW).json(FINE), 121)
        .timeout(Duration::from_secs(300))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stream_is_retried_until_it_begins_and_never_after() {
    let chunks = "data: {\"response\":\"a\"}\n\n";
    let memory = busy(busy(Memory::default())).events(chunks).broken().events(chunks);
    let clock = Impatient::new();
    let mut stream = Call::<Chat>::new(client(&memory, &clock), "hello").stream().await.unwrap();
    assert_eq!((memory.sent().len(), clock.slept().len()), (3, 2));
    assert!(stream.try_next().await.unwrap().is_some());
    let error = stream.try_next().await.unwrap_err();
    assert!(error.is_truncated() && error.is_connection(), "{error:?}");
    assert_eq!((memory.sent().len(), clock.slept().len()), (0, 2));
}

#[tokio::test]
async fn a_batch_is_not_queued_twice() {
    // Nobody knows whether it arrived.
    let memory = Memory::default();
    let clock = Impatient::new();
    let error = Call::<Chat>::new(client(&memory, &clock), "hello").enqueue().await.unwrap_err();
    assert_eq!((memory.sent().len(), error.is_connection()), (1, true));
    // The service says that it did not.
    let memory = busy(Memory::default()).json(r#"{"result":{"status":"queued","request_id":"r"},"success":true}"#);
    Call::<Chat>::new(client(&memory, &clock), "hello").enqueue().await.unwrap();
    assert_eq!(memory.sent().len(), 2);
    // Asking does no harm.
    let memory = Memory::default().nobody().json(r#"{"result":{"status":"queued"},"success":true}"#);
    client(&memory, &clock).queued::<Chat>("r").poll().await.unwrap();
    assert_eq!(memory.sent().len(), 2);
}

#[tokio::test]
async fn dropping_a_call_ends_its_retries() {
    /// Sleeps for ever.
    struct Asleep(Impatient);

    impl Clock for Asleep {
        fn now(&self) -> SystemTime {
            self.0.now()
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            drop(self.0.sleep(duration));
            Box::pin(std::future::pending())
        }
    }

    let (memory, clock) = (Memory::default(), Impatient::new());
    let client = memory.builder().clock(Asleep(clock.clone())).build().unwrap();
    let call = tokio::spawn(Call::<Chat>::new(client, "hello").into_future());
    while clock.slept().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(memory.sent().len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_gives_no_attempt_more_than_the_timeout() {
    /// Is set back by an hour whenever somebody sleeps, and has no ticks of its own.
    struct SetBack(Mutex<SystemTime>);

    impl Clock for SetBack {
        fn now(&self) -> SystemTime {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            *self.0.lock().unwrap() -= Duration::from_secs(60 * 60);
            Box::pin(std::future::ready(()))
        }
    }

    let memory = busy(Memory::default()).json(FINE);
    let clock = SetBack(Mutex::new(Impatient::new().now()));
    let client = memory.builder().clock(clock).timeout(Duration::from_secs(10)).build().unwrap();
    Call::<Chat>::new(client, "hello").await.unwrap();
    let limits: Vec<_> =
        memory.sent().iter().map(|request| request.extensions().get::<Limits>().unwrap().timeout.unwrap()).collect();
    assert_eq!(limits, [Timeout::Whole(Duration::from_secs(10)); 2]);
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_asked_for_again() {
    let cut = r#"{"result":{"response":"h"#;
    assert_eq!(attempts(Memory::default().json(cut).json(FINE)).await, (2, true));
    let error = Call::<Chat>::new(client(&Memory::default().json(cut), &Impatient::new()), "hello")
        .retry(RetryPolicy::none())
        .await
        .unwrap_err();
    assert!(error.is_truncated() && !error.is_connection(), "{error:?}");
    assert_eq!(error.body(), Some(cut.as_bytes()));
}

#[tokio::test]
async fn a_wait_that_the_call_has_time_for_is_still_longer_than_patience() {
    let memory = busy(Memory::default()).with_header("retry-after", "100").json(FINE);
    assert_eq!(attempts(memory).await, (1, false));
    let memory = busy(Memory::default()).with_header("retry-after", "60").json(FINE);
    assert_eq!(attempts(memory).await, (2, true));
}

#[tokio::test]
async fn only_a_refusal_lets_a_batch_be_handed_in_again() {
    const QUEUED: &str = r#"{"result":{"status":"queued","request_id":"r"},"success":true}"#;
    for (status, sent) in [(429, 2), (408, 2), (500, 1), (503, 1)] {
        let memory = Memory::default().reply(status, "application/json", "{}").json(QUEUED);
        let queued = Call::<Chat>::new(client(&memory, &Impatient::new()), "hello").enqueue().await;
        assert_eq!((memory.sent().len(), queued.is_ok()), (sent, sent == 2), "{status}");
    }
    // A reply that breaks off under a status of refusal was none.
    let memory = Memory::default().json(r#"{"result":{"sta"#).json(QUEUED);
    Call::<Chat>::new(client(&memory, &Impatient::new()), "hello").enqueue().await.unwrap_err();
    assert_eq!(memory.sent().len(), 1);
}

#[tokio::test]
async fn whoever_was_told_the_same_comes_at_most_a_quarter_later() {
    for _ in 0..40 {
        let memory = busy(Memory::default()).with_header("retry-after-ms", "400").json(FINE);
        let clock = Impatient::new();
        Call::<Chat>::new(client(&memory, &clock), "hello").await.unwrap();
        let [wait] = clock.slept().try_into().unwrap();
        assert!((Duration::from_millis(400)..=Duration::from_millis(500)).contains(&wait), "{wait:?}");
    }
}

#[tokio::test]
async fn lists_that_break_off_are_seen_to() {
    let memory = Memory::default().json("[1, 2").json("[1, 2]");
    let client = client(&memory, &Impatient::new());
    assert_eq!(client.run("@cf/a/b", serde_json::json!({})).await.unwrap(), serde_json::json!([1, 2]));
    assert_eq!(memory.sent().len(), 2);
}
