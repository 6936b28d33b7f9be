//! What a request means before it is routed: calls that Miniflare's proxy has wrapped, paths that end with a slash.

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::respond::Respond as _;
use super::{binding, gateway};
use crate::refusal::Refusal;

const BINDING: &str = "mf-binding";
const TARGET: &str = "mf-url";
const PREFIX: &str = "mf-header-";

/// Belong to the connection that the proxy has opened, not to the call that it carries.
const OF_THE_CONNECTION: &[HeaderName] =
    &[header::HOST, header::CONNECTION, header::UPGRADE, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// Routes a request by what it means. This stands before the router, and behind the check of hosts and origins, which
/// looks at what has really arrived.
pub(super) async fn as_meant(request: Request, next: Next) -> Response {
    let meant = match carried(&request) {
        Carried::Call => unwrapped(request),
        Carried::Session => Err(Refusal::no_remote_objects()),
        Carried::Nothing => Ok(without_trailing_slash(without_gateway(request))),
    };
    match meant {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.respond(),
    }
}

/// What the proxy has put into a request.
#[derive(Debug, PartialEq)]
enum Carried {
    /// A call of the binding, with its target and headers beside those of the connection.
    Call,
    /// A session for the methods that the binding does not turn into calls. Miniflare opens one with every call, and goes
    /// on without it.
    Session,
    /// The request is not of the proxy.
    Nothing,
}

fn carried(request: &Request) -> Carried {
    if request.headers().contains_key(BINDING) && request.headers().contains_key(TARGET) {
        return Carried::Call;
    }
    let query = request.uri().query().unwrap_or_default();
    let names_binding =
        query.split('&').any(|pair| pair.split_once('=').is_some_and(|(name, _)| name.eq_ignore_ascii_case(BINDING)));
    let opens = request.headers().contains_key(header::UPGRADE);
    if names_binding && opens && request.uri().path() == "/" { Carried::Session } else { Carried::Nothing }
}

fn unwrapped(mut request: Request) -> Result<Request, Refusal> {
    let target = request.headers().get(TARGET).and_then(|target| target.to_str().ok());
    let target: Uri = target
        .and_then(|target| target.parse().ok())
        .ok_or_else(|| Refusal::bad_input("the mf-url header is no URL"))?;
    if target.host() != Some(binding::HOST) || !binding::serves(target.path()) {
        return Err(Refusal::not_of_the_binding(&target.to_string()));
    }
    let token = token_in(request.uri().query().unwrap_or_default());
    let path = target.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    *request.headers_mut() = own_headers(request.headers());
    if let (Some(token), false) = (token, request.headers().contains_key(header::AUTHORIZATION)) {
        request.headers_mut().insert(header::AUTHORIZATION, token);
    }
    Ok(request)
}

/// The headers of the call itself, on top of those of the connection.
fn own_headers(headers: &HeaderMap) -> HeaderMap {
    let mut own = HeaderMap::new();
    for (name, value) in headers.iter().filter(|(name, _)| !name.as_str().starts_with("mf-")) {
        own.append(name, value.clone());
    }
    for (name, value) in headers {
        let carried = name.as_str().strip_prefix(PREFIX).and_then(|name| name.parse::<HeaderName>().ok());
        if let Some(name) = carried.filter(|name| !OF_THE_CONNECTION.contains(name)) {
            own.insert(name, value.clone());
        }
    }
    own
}

/// The proxy takes a URL and no headers, so a server with a token is given it there: `http://127.0.0.1:8787/?token=…`.
fn token_in(query: &str) -> Option<HeaderValue> {
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token="))?;
    let token = percent_encoding::percent_decode_str(token).decode_utf8().ok()?;
    HeaderValue::from_str(&format!("Bearer {token}")).ok()
}

/// A call to the host of AI Gateway, `/v1/{account}/{gateway}/workers-ai/…`, is the account's own call with the gateway
/// named in a header.
fn without_gateway(mut request: Request) -> Request {
    let found = || {
        let mut parts = request.uri().path().strip_prefix("/v1/")?.splitn(4, '/');
        let (account, gateway, provider, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if provider != "workers-ai" {
            return None;
        }
        let rest =
            if rest.starts_with("v1/") || rest.starts_with("run/") { rest.to_owned() } else { format!("run/{rest}") };
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let meant = format!("/client/v4/accounts/{account}/ai/{rest}{query}").parse::<PathAndQuery>().ok()?;
        Some((Uri::from(meant), HeaderValue::from_str(gateway).ok()?))
    };
    if let Some((meant, gateway)) = found() {
        *request.uri_mut() = meant;
        request.headers_mut().insert(gateway::GATEWAY, gateway);
    }
    request
}

/// The service does not mind a slash at the end; some of its own paths are published with one.
fn without_trailing_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let shorter = path.trim_end_matches('/');
    if path.starts_with("/client/v4/") && shorter.len() < path.len() {
        let meant = match request.uri().query() {
            Some(query) => format!("{shorter}?{query}"),
            None => shorter.to_owned(),
        };
        if let Ok(meant) = meant.parse::<PathAndQuery>() {
            *request.uri_mut() = Uri::from(meant);
        }
    }
    request
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use axum::body::Body;

    use super::*;

    fn request(uri: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn a_wrapped_call_is_what_it_carries() {
        let wrapped = request(
            "/?token=a%20b",
            &[
                ("host", "127.0.0.1:8787"),
                ("mf-binding", "AI"),
                ("mf-url", "https://workers-binding.ai/run?version=3"),
                ("mf-header-content-type", "audio/wav"),
                ("mf-header-host", "elsewhere.example"),
                ("content-type", "text/plain"),
            ],
        );
        assert_eq!(carried(&wrapped), Carried::Call);
        let meant = unwrapped(wrapped).unwrap();
        assert_eq!(meant.uri(), "/run?version=3");
        let headers = meant.headers();
        assert_eq!(headers.get("content-type").unwrap(), "audio/wav");
        assert_eq!(headers.get("host").unwrap(), "127.0.0.1:8787");
        assert_eq!(headers.get("authorization").unwrap(), "Bearer a b");
        assert!(!headers.contains_key("mf-url"));
    }

    #[test]
    fn a_wrapped_call_leads_to_the_binding_alone() {
        for target in [
            "https://workers-binding.ai/client/v4/accounts/x/ai/finetunes",
            "https://workers-binding.ai/playground/",
            "https://example.com/run",
            "/run",
        ] {
            let wrapped = request("/", &[("mf-binding", "AI"), ("mf-url", target)]);
            assert!(unwrapped(wrapped).is_err(), "{target}");
        }
    }

    #[test]
    fn sessions_are_told_from_calls_and_pages() {
        let upgrade = ("upgrade", "websocket");
        assert_eq!(carried(&request("/?MF-Binding=AI", &[upgrade])), Carried::Session);
        assert_eq!(carried(&request("/?MF-Binding=AI", &[])), Carried::Nothing);
        assert_eq!(carried(&request("/", &[upgrade])), Carried::Nothing);
    }

    #[test]
    fn the_gateways_host_leads_to_the_account() {
        for (given, meant) in [
            ("/v1/acc/mine/workers-ai/@cf/baai/bge-m3?x=1", "/client/v4/accounts/acc/ai/run/@cf/baai/bge-m3?x=1"),
            ("/v1/acc/mine/workers-ai/run/@cf/baai/bge-m3", "/client/v4/accounts/acc/ai/run/@cf/baai/bge-m3"),
            ("/v1/acc/mine/workers-ai/v1/chat/completions", "/client/v4/accounts/acc/ai/v1/chat/completions"),
        ] {
            let found = without_gateway(request(given, &[]));
            assert_eq!(found.uri(), meant);
            assert_eq!(found.headers().get(gateway::GATEWAY).unwrap(), "mine");
        }
        assert_eq!(without_gateway(request("/v1/acc/mine/openai/x", &[])).uri(), "/v1/acc/mine/openai/x");
    }

    #[track_caller]
    fn check_slash(given: &str, meant: &str) {
        assert_eq!(without_trailing_slash(request(given, &[])).uri(), meant);
    }

    #[test]
    fn a_slash_at_the_end_means_nothing_in_the_api() {
        check_slash("/client/v4/accounts/a/ai/finetunes/?x=1", "/client/v4/accounts/a/ai/finetunes?x=1");
        check_slash("/client/v4/accounts/a/ai/run", "/client/v4/accounts/a/ai/run");
        check_slash("/playground/", "/playground/");
        check_slash("/", "/");
    }
}
