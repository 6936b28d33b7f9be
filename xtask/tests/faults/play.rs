//! Plays one fault to one run of the program, twice: as one that lasts, and as one that passes.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use workers_ai_faults::{Around, Asked, Fault, Nobody, Place, Row, Server};

use crate::checkout::Checkout;
use crate::source::Source;

const TOKEN: &str = "cfut_very-secret-0123456789";

/// No run may take longer. Nothing here takes a tenth of it, unless the machine is very busy.
const DEADLINE: Duration = Duration::from_secs(60);

/// The memory that a run may ask for, in KiB: no reply is read beyond 64 MiB.
const MEMORY: &str = "1000000";

/// How many times a request is sent at most.
const ATTEMPTS: usize = 5;

/// What a run came to.
struct Ran {
    ok: bool,
    err: String,
    took: Duration,
    attempts: usize,
}

/// Fills a row of the fault's table.
pub(crate) fn row(fault: &Fault, source: Source) -> Row {
    let lasting = play(fault, source, usize::MAX);
    let passing = (lasting.attempts > 1 || lasting.ok).then(|| play(fault, source, 1));
    let name = format!("{} / {}", fault.name, source.name());
    assert!(lasting.attempts <= ATTEMPTS, "{name}: {} attempts", lasting.attempts);
    let is_asked_to_wait = fault.name.contains("Retry-After");
    if is_asked_to_wait {
        // A second each time, whatever the first pause of the program is.
        assert!(lasting.took >= Duration::from_secs(4), "{name}: only {:?} were waited", lasting.took);
    }
    let waits = match lasting.attempts {
        1 => "",
        _ if is_asked_to_wait => ", as asked",
        _ => ", growing pauses",
    };
    let (short, got) = if lasting.ok { ("ok".to_owned(), "the catalogue".to_owned()) } else { said(&lasting.err) };
    Row {
        short: if lasting.attempts > 1 { format!("{short} ×{}", lasting.attempts) } else { short },
        got,
        attempts: format!("{}{waits}", lasting.attempts),
        kept: if lasting.ok { String::new() } else { "`schemas/` as it was".to_owned() },
        charged: "free".to_owned(),
        passing: match passing {
            Some(passing) if passing.ok && !lasting.ok => {
                format!("the catalogue, at attempt {}", passing.attempts)
            }
            _ => "the same".to_owned(),
        },
    }
}

fn play(fault: &Fault, source: Source, times: usize) -> Ran {
    let name = format!("{} / {} / {}", fault.name, source.name(), if times == 1 { "passes" } else { "lasts" });
    let elsewhere = Server::start(move |asked, _| source.reply(asked).healthy());
    let around = Around { elsewhere: format!("http://localhost:{}{}", elsewhere.port(), source.path()) };
    let faulty = Arc::new(AtomicUsize::new(0));
    let (act, count) = (fault.act, Arc::clone(&faulty));
    let script = move |asked: &Asked, _: usize| {
        let reply = source.reply(asked);
        if count.fetch_add(1, Ordering::SeqCst) < times { act(&reply, &around) } else { reply.healthy() }
    };
    let (mut server, nobody) = (None, Nobody::somewhere());
    let base = match fault.place {
        Place::Server => format!("http://127.0.0.1:{}", server.insert(Server::start(script)).port()),
        Place::PlainPort => format!("https://127.0.0.1:{}", server.insert(Server::start(script)).port()),
        Place::Untrusted => format!("https://127.0.0.1:{}", server.insert(Server::start_untrusted(script)).port()),
        Place::Nobody => format!("http://127.0.0.1:{}", nobody.port()),
        Place::NoSuchName => format!("https://{}.invalid", "x".repeat(64)),
    };
    let checkout = Checkout::new();
    let before = checkout.everything();
    let started = Instant::now();
    let (ok, err) = run(&name, fault, &checkout, &format!("{base}{}", source.path()));
    let took = started.elapsed();
    if !ok {
        assert_eq!(checkout.everything(), before, "{name}: the checkout has changed");
    }
    assert!(!err.contains("panicked"), "{name}: {err}");
    assert!(!err.contains(TOKEN), "{name}: {err}");
    let followed = elsewhere.asked();
    assert!(followed.iter().all(|asked| asked.header("authorization").is_none()), "{name}: the token went elsewhere");
    assert!(source == Source::Feed || followed.is_empty(), "{name}: a redirect was followed");
    let attempts = err.matches("trying again").count() + 1;
    if let (Some(server), Place::Server) = (&server, fault.place) {
        while server.open() > 0 {
            assert!(started.elapsed() < DEADLINE, "{name}: {} connections are left", server.open());
            thread::sleep(Duration::from_millis(1));
        }
        let asked = server.asked().len();
        assert!(ok || asked == attempts, "{name}: {asked} requests in {attempts} attempts");
    }
    Ran { ok, err, took, attempts }
}

/// Runs the program with bounds to its memory and its time.
fn run(name: &str, fault: &Fault, checkout: &Checkout, from: &str) -> (bool, String) {
    // Where a shell cannot limit memory, it goes unmeasured.
    let script = format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg("sh").arg(env!("CARGO_BIN_EXE_xtask")).arg("--root").arg(checkout.path(""));
    command.args(["fetch", "--as-of", "2026-11", "--first-pause", "1", "--from", from]);
    command.args(["--timeout", if fault.tests_patience { "1000" } else { "30000" }]);
    for name in ["API_BASE_URL", "API_TOKEN", "ACCOUNT_ID"] {
        command.env_remove(format!("CLOUDFLARE_{name}")).env_remove(format!("CF_{name}"));
    }
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.env("CLOUDFLARE_ACCOUNT_ID", "0123").env("CLOUDFLARE_API_TOKEN", TOKEN);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let reading = thread::spawn(move || {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut stderr, &mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > DEADLINE {
            let _ = child.kill();
            panic!("{name}: it hangs");
        }
        thread::sleep(Duration::from_millis(5));
    };
    (status.success(), reading.join().unwrap().unwrap())
}

/// What the last line says, without what differs from machine to machine: in short, and as it is.
fn said(err: &str) -> (String, String) {
    let line = err.lines().rfind(|line| line.starts_with("error: ")).unwrap_or(err);
    let line = line.trim_start_matches("error: ");
    // What the HTTP library has to say begins here.
    let ends = [": error sending request", ": error decoding", ": request or response body error"];
    let end = ends.iter().filter_map(|end| line.find(end)).min().unwrap_or(line.len());
    let text: Vec<String> = line.get(..end).unwrap_or(line).split(' ').map(without_host).collect();
    let text = text.join(" ").replace('|', "\\|");
    let known = [
        ("in time", "timeout"),
        ("no whole answer", "timeout"),
        ("is larger", "too large"),
        ("broke off", "broken off"),
        ("breaks off", "truncated"),
        ("not trusted", "untrusted"),
        ("encoded as", "encoded"),
        ("not JSON", "decode"),
        ("not what the API", "decode"),
        ("no answer from", "connection"),
    ];
    let short = match text.split_once("with status ") {
        Some((_, rest)) => format!("status {}", rest.get(..3).unwrap_or_default()),
        None => known.iter().find(|(phrase, _)| text.contains(phrase)).map_or("fails", |(_, short)| *short).to_owned(),
    };
    (short, format!("“{text}”"))
}

/// A port is another one each time.
fn without_host(word: &str) -> String {
    match word.split_once("://") {
        Some((scheme, rest)) => {
            let path = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default();
            let colon = if rest.ends_with(':') && path.is_empty() { ":" } else { "" };
            format!("{scheme}://HOST{path}{colon}")
        }
        None if word.contains(&"x".repeat(64)) => "HOST".to_owned(),
        None => word.to_owned(),
    }
}
