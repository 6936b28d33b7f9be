//! Plays one fault to one column, twice: as one that lasts, and as one that passes. All that must always hold is asserted here.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{runtime::Runtime, time::timeout};
use workers_ai::{Budget, Client, Error};
use workers_ai_faults::{Around, Asked, Fault, Kind, Nobody, Place, Row, Server, Step};

use crate::{clock::Skipping, columns::Column, verdict};

pub(crate) const TOKEN: &str = "cfut_very-secret-0123456789";
const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";

/// No cell may take longer. Nothing here takes a tenth of it, unless the machine is very busy.
const DEADLINE: Duration = Duration::from_secs(20);

/// The client's timeout where it is what ends a call, and where it is not.
const SHORT: Duration = Duration::from_millis(800);
const LONG: Duration = Duration::from_secs(60);

/// The longest reply that the client reads, and how much memory a call may take that is sent more.
const MAX_REPLY: usize = 4 << 20;
const MEMORY: u64 = 48 << 20;

/// What the caller has in the end.
pub(crate) struct Outcome {
    /// What arrived of the answer.
    pub(crate) text: String,
    pub(crate) error: Option<Error>,
}

/// What happened on the way.
struct Played {
    outcome: Outcome,
    attempts: usize,
    waited: Vec<Duration>,
    charged: u64,
    begun: usize,
}

/// Fills a row of the fault's table.
pub(crate) fn row(fault: &Fault, column: &dyn Column) -> Row {
    let lasting = play(fault, column, usize::MAX);
    // What is given up at the first attempt cannot pass.
    let passing = (lasting.attempts > 1 || lasting.outcome.error.is_none()).then(|| play(fault, column, 1));
    let attempts = lasting.attempts;
    let (short, got, waits) = match &lasting.outcome.error {
        Some(error) => (verdict::short(error), verdict::long(error), verdict::waits(error, &lasting.waited)),
        None if lasting.outcome.text == column.answer() => ("ok".to_owned(), "the answer".to_owned(), ""),
        None => ("endless".to_owned(), "chunk after chunk, until the caller has enough".to_owned(), ""),
    };
    let text = &lasting.outcome.text;
    let kept = match &lasting.outcome.error {
        Some(_) if !text.is_empty() => format!("“{text}” of “{}”", column.answer()),
        _ => String::new(),
    };
    let then = match passing {
        Some(Played { outcome: Outcome { text, error: None }, attempts, .. }) if lasting.outcome.error.is_some() => {
            assert_eq!(text, column.answer(), "{} / {}: when it passes", fault.name, column.name());
            format!("the answer, at attempt {attempts}")
        }
        Some(Played { outcome: Outcome { error: Some(error), .. }, .. }) => {
            assert_eq!(verdict::long(&error), got, "{} / {}: when it passes", fault.name, column.name());
            "the same".to_owned()
        }
        _ => "the same".to_owned(),
    };
    Row {
        short: if attempts > 1 { format!("{short} ×{attempts}") } else { short },
        got,
        attempts: format!("{attempts}{waits}"),
        kept,
        charged: format!("{} of {}", lasting.charged, lasting.begun),
        passing: then,
    }
}

fn play(fault: &Fault, column: &dyn Column, times: usize) -> Played {
    let name = format!("{} / {} / {}", fault.name, column.name(), if times == 1 { "passes" } else { "lasts" });
    let stage = Stage::set(fault, column, times);
    let clock = Skipping::new(fault.jump);
    let time = clock.clone();
    let budget = Budget::unlimited().clock(move || workers_ai::transport::Clock::now(&time));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    forget_memory();
    let before = most_memory();
    let outcome = runtime.block_on(async {
        let patience = if fault.tests_patience { SHORT } else { LONG };
        let client = Client::builder(ACCOUNT, TOKEN)
            .base_url(&stage.base)
            .timeout(patience)
            .idle_timeout(patience)
            .max_reply(MAX_REPLY)
            .clock(clock.clone())
            .budget(budget.clone())
            .build()
            .unwrap();
        let called = timeout(DEADLINE, column.call(&client)).await;
        called.unwrap_or_else(|_| panic!("{name}: it hangs"))
    });
    if fault.is_bulky {
        let grown = most_memory().saturating_sub(before);
        assert!(grown < MEMORY, "{name}: {grown} bytes of memory");
    }
    nothing_is_left(&name, &runtime, &stage);
    let said = outcome.error.as_ref().map(|error| format!("{error} {error:?}")).unwrap_or_default();
    assert!(!said.contains(TOKEN), "{name}: {said}");
    let first = column.answer_begins();
    assert!(
        !stage.has_sent_the_beginning() || outcome.text.starts_with(first),
        "{name}: “{first}” had arrived, “{}” is left",
        outcome.text
    );
    let attempts = match &outcome.error {
        Some(error) if stage.server.is_none() || fault.place != Place::Server => error.attempts() as usize,
        _ => stage.targeted.load(Ordering::SeqCst),
    };
    let begun = stage.begun.load(Ordering::SeqCst);
    let state = budget.state();
    assert!(state.calls <= begun as u64, "{name}: {} charges for {begun} replies", state.calls);
    assert!(budget.reserved().abs() < 1e-9, "{name}: {} neurons are still set aside", budget.reserved());
    if let Some(price) = column.price() {
        let due = price * state.calls as f64;
        assert!((state.neurons - due).abs() < 1e-6, "{name}: {} neurons, not {due}", state.neurons);
    }
    Played { outcome, attempts, waited: clock.waited(), charged: state.calls, begun }
}

/// Connections and tasks end with the client, or soon after.
fn nothing_is_left(name: &str, runtime: &Runtime, stage: &Stage) {
    let started = Instant::now();
    loop {
        let tasks = runtime.metrics().num_alive_tasks();
        let open = stage.server.as_ref().map_or(0, |server| server.open());
        if tasks == 0 && open == 0 {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "{name}: {tasks} tasks and {open} connections are left");
        runtime.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    }
}

/// Where the client is sent, and what awaits it there.
struct Stage {
    base: String,
    server: Option<Server>,
    elsewhere: Server,
    _nobody: Option<Nobody>,
    /// Requests that met the fault or came after one that did.
    targeted: Arc<AtomicUsize>,
    /// Replies that began as a success.
    begun: Arc<AtomicUsize>,
    /// Faulty replies that began with the first part of the right one.
    beginnings: Arc<AtomicUsize>,
}

impl Stage {
    fn set(fault: &Fault, column: &dyn Column, times: usize) -> Self {
        let elsewhere = Server::start(|_, _| Vec::new());
        let around = Around { elsewhere: format!("http://localhost:{}/client/v4/", elsewhere.port()) };
        let [targeted, begun, beginnings] = [(); 3].map(|()| Arc::new(AtomicUsize::new(0)));
        let (act, replies) = (fault.act, column.replies());
        let counters = [&targeted, &begun, &beginnings].map(Arc::clone);
        let script = move |asked: &Asked, _: usize| {
            let [targeted, begun, beginnings] = &counters;
            let (reply, is_target) = replies(asked);
            let is_faulty = is_target && targeted.fetch_add(1, Ordering::SeqCst) < times;
            let steps = if is_faulty { act(&reply, &around) } else { reply.healthy() };
            let sent: Vec<u8> = steps
                .iter()
                .filter_map(|step| if let Step::Send(bytes) = step { Some(bytes.as_slice()) } else { None })
                .collect::<Vec<_>>()
                .concat();
            if is_target && (sent.starts_with(b"HTTP/1.1 200") || sent.starts_with(b"HTTP/1.1 101")) {
                begun.fetch_add(1, Ordering::SeqCst);
            }
            let first = &reply.body[0];
            let streams = matches!(reply.kind, Kind::Events | Kind::Session);
            if streams && sent.windows(first.len()).any(|window| window == first) {
                beginnings.fetch_add(1, Ordering::SeqCst);
            }
            steps
        };
        let (mut server, mut nobody) = (None, None);
        let base = match fault.place {
            Place::Server => {
                let server = server.insert(Server::start(script));
                format!("http://127.0.0.1:{}/client/v4", server.port())
            }
            Place::PlainPort => {
                let server = server.insert(Server::start(script));
                format!("https://127.0.0.1:{}/client/v4", server.port())
            }
            Place::Untrusted => {
                let server = server.insert(Server::start_untrusted(script));
                format!("https://127.0.0.1:{}/client/v4", server.port())
            }
            Place::Nobody => {
                format!("http://127.0.0.1:{}/client/v4", nobody.insert(Nobody::somewhere()).port())
            }
            Place::NoSuchName => format!("https://{}.invalid/client/v4", "x".repeat(64)),
        };
        Self { base, server, elsewhere, _nobody: nobody, targeted, begun, beginnings }
    }

    /// Whether the last reply was a faulty one with a good beginning.
    fn has_sent_the_beginning(&self) -> bool {
        self.beginnings.load(Ordering::SeqCst) > 0
    }
}

impl Drop for Stage {
    /// Whatever happened, nobody went elsewhere.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.elsewhere.connections(), 0, "a redirect was followed");
        }
    }
}

/// Lets the high-water mark of this process's memory begin anew.
fn forget_memory() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process had since; nothing where that is not to be known.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap_or_default() * 1024
}
