//! Who may call: hosts and origins, account ids, tokens.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;

use super::binding;
use super::respond::Respond as _;
use super::routes::Handle;
use crate::refusal::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses pages of other sites: a name that was rebound to this machine, or a page that is not from here.
pub(super) async fn only_local_pages(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    match foreign(&request).filter(|_| shared.local_only) {
        Some(where_from) => Refusal::foreign(where_from).respond(),
        None => next.run(request).await,
    }
}

/// What of a request names another machine. Each of several headers is looked at, since others may read another one; a
/// target in absolute form takes the place of `Host`.
fn foreign(request: &Request) -> Option<&'static str> {
    let all = |name: HeaderName, is_fine: fn(&str) -> bool| {
        request.headers().get_all(name).iter().all(|value| value.to_str().is_ok_and(is_fine))
    };
    let target = request.uri().authority();
    if target.is_some_and(|authority| !is_local(authority.as_str())) {
        Some("target of the request")
    } else if !all(header::HOST, is_local) && !is_of_the_runtime(request) {
        Some("host header")
    } else if !all(header::ORIGIN, is_local_origin) {
        Some("origin header")
    } else {
        None
    }
}

/// Whether a request comes from workerd's own wiring rather than from a page. A service that workerd reaches by its address
/// is told the host of the URL that was fetched, so the binding's calls arrive under its made-up name.
///
/// Were that name allowed as it stands, whoever answers DNS queries for it could rebind a page to this machine. Hence
/// only what a page cannot send: the name without a port, where a browser adds the port that this server listens on; no
/// `Origin`, which browsers send along with every POST and every WebSocket, nor `Sec-Fetch-Site`; and nothing but the
/// binding's own paths.
fn is_of_the_runtime(request: &Request) -> bool {
    let headers = request.headers();
    headers.get_all(header::HOST).iter().all(|host| host.as_bytes() == binding::HOST.as_bytes())
        && !headers.contains_key(header::ORIGIN)
        && !headers.contains_key(SEC_FETCH_SITE)
        && binding::serves(request.uri().path())
}

/// Whether an `Origin` is a page of this machine.
fn is_local_origin(origin: &str) -> bool {
    origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).is_some_and(is_local)
}

/// Whether a host, perhaps with a port, is this machine. Anything unusual is not: a user, a dot at the end, an address that
/// is written as a single number.
fn is_local(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_port = |port: &str| port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    if !port.is_empty() && !is_port(port) {
        return false;
    }
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Refuses malformed accounts and tokens in the order in which the service does.
pub(super) async fn only_callers(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if binding::serves(path) {
        return match check_binding_token(request.headers(), shared.token.as_deref()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refusal.respond(),
        };
    }
    // Whoever may not call may not see or change what others called either.
    if path.starts_with("/sandboxes") && shared.token.is_some() {
        return match check_token(request.headers(), shared.token.as_deref()) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refusal.respond(),
        };
    }
    // The public feed is everybody's.
    let Some(rest) = path.strip_prefix("/client/v4/") else { return next.run(request).await };
    let account = rest.strip_prefix("accounts/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let well_formed = account.len() == 32 && account.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !well_formed && account != shared.account {
        return Refusal::malformed_account(path).respond();
    }
    match check_token(request.headers(), shared.token.as_deref()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.respond(),
    }
}

/// The binding has no token of its own: on this machine it needs none, unless one was set.
fn check_binding_token(headers: &HeaderMap, expected: Option<&str>) -> Result<(), Refusal> {
    match expected {
        Some(_) => check_token(headers, expected).map_err(|_| Refusal::token_for_the_binding()),
        None => Ok(()),
    }
}

/// Looks for a token where the service does.
pub(super) fn check_token(headers: &HeaderMap, expected: Option<&str>) -> Result<(), Refusal> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let bearer = text(header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    // The older pair of headers carries a key in place of a token.
    let key = text(HeaderName::from_static("x-auth-email")).and_then(|_| text(HeaderName::from_static("x-auth-key")));
    match (bearer.or(key).filter(|token| !token.is_empty()), expected) {
        (None, _) => Err(Refusal::not_a_token()),
        (Some(_), None) => Ok(()),
        (Some(given), Some(expected)) if same(given, expected) => Ok(()),
        (Some(given), Some(_)) if looks_like_a_token(given) => Err(Refusal::unauthenticated()),
        (Some(_), Some(_)) => Err(Refusal::not_a_token()),
    }
}

/// Compares in a time that does not tell how much is right.
fn same(given: &str, expected: &str) -> bool {
    given.len() == expected.len()
        && given.bytes().zip(expected.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
}

fn looks_like_a_token(text: &str) -> bool {
    let body = ["cfut_", "cfat_"].iter().find_map(|prefix| text.strip_prefix(prefix));
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    body.map_or(text.len() == 40 && is_word(text), is_word)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for local in
            ["localhost", "localhost:8787", "LocalHost:1", "127.0.0.1:1", "127.1.2.3", "[::1]:80", "app.localhost"]
        {
            assert!(is_local(local) && is_local_origin(&format!("http://{local}")), "{local}");
        }
        for foreign in [
            "",
            "example.com",
            "127.0.0.1.example.com",
            "127.0.0.1.nip.io:8787",
            "evil.example:8787",
            "null",
            "localhost.evil.com",
            "localhost.",
            "127.0.0.1.:8787",
            "notlocalhost",
            "localhost:evil.example",
            "localhost:80@evil.example",
            "127.0.0.1@evil.example",
            "localhost:",
            "localhost:99999",
            "localhost, evil.example",
            "[::1]evil.example",
            "[::1].evil.example",
            "[::1",
            "[::ffff:10.0.0.1]",
            "0.0.0.0",
            "[::]",
            "2130706433",
            "0x7f000001",
            "127.1",
            "10.0.0.1",
        ] {
            assert!(!is_local(foreign) && !is_local_origin(&format!("http://{foreign}")), "{foreign}");
        }
        for origin in
            ["null", "localhost", "file://", "ftp://localhost", "http://localhost/", "http://http://localhost"]
        {
            assert!(!is_local_origin(origin), "{origin}");
        }
    }

    #[track_caller]
    fn check(authorization: Option<&str>, expected: Option<&str>, code: Option<u32>) {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        assert_eq!(check_token(&headers, expected).err().map(|refusal| refusal.code()), code);
    }

    #[test]
    fn any_token_will_do_unless_one_is_set() {
        check(Some("Bearer anything"), None, None);
        check(None, None, Some(9106));
        check(Some("Bearer "), None, Some(9106));
        check(Some("bearer secret"), Some("secret"), None);
        check(Some("Bearer junk"), Some("secret"), Some(9106));
        check(Some(&format!("Bearer {}", "a".repeat(40))), Some("secret"), Some(10000));
    }
}
