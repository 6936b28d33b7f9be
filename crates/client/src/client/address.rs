//! Addresses: where the service is, and the path of a model in it.

use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Error;

/// What a path segment cannot hold as it is. Model ids keep their `@` and `:`.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a query value cannot hold as it is: all but RFC 3986's unreserved characters.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address everything else is under: `https`, or `http` to this machine; no user, query or fragment.
pub(super) fn base(text: &str) -> Result<Uri, Error> {
    let text = text.trim().trim_end_matches('/');
    let refuse = |reason: &str| Error::configuration(format!("the base URL {reason}"));
    // The address itself is not repeated: people do put secrets into URLs.
    if text.contains(['#', '@']) {
        return Err(refuse("must not have a user or a fragment"));
    }
    let uri: Uri =
        text.parse().map_err(|error| refuse("is not a URL").with_source(Box::<http::uri::InvalidUri>::new(error)))?;
    if uri.query().is_some() {
        return Err(refuse("must not have a query"));
    }
    // What stands between a bracket and the path, and is no port, other parsers read otherwise.
    let host = uri.host().unwrap_or_default();
    let after = uri.authority().and_then(|authority| authority.as_str().strip_prefix(host)).unwrap_or_default();
    if !(after.is_empty() || after.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())) {
        return Err(refuse("must have a port or a path after its host"));
    }
    match uri.scheme_str() {
        _ if uri.host().is_none_or(str::is_empty) => {
            Err(refuse("must be absolute, like https://api.cloudflare.com/client/v4"))
        }
        Some("https") => Ok(uri),
        Some("http") if is_loopback(&uri) => Ok(uri),
        Some("http") => Err(refuse("must be https: over http anybody on the way can read the API token")),
        _ => Err(refuse("must be https")),
    }
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(uri: &Uri) -> bool {
    let Some(host) = uri.host() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Where a model is called, under the address of an account.
pub(super) fn run(account: &str, model: &str, query: &[(String, String)]) -> Result<Uri, Error> {
    let mut path = String::with_capacity(account.len() + "/ai/run/".len() + model.len());
    path.push_str(account);
    path.push_str("/ai/run");
    if !push_segments(&mut path, model) {
        return Err(Error::invalid(format!("{model:?} is not a model id")));
    }
    finish(path, query)
}

/// Any other path of the account.
pub(super) fn under_account(account: &str, rest: &str, query: &[(String, String)]) -> Result<Uri, Error> {
    let mut path = account.to_owned();
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    if !push_segments(&mut path, rest) {
        return Err(Error::invalid(format!("{rest:?} is not a path of the account")));
    }
    finish(path, query)
}

/// The address of an account: what the addresses of all its calls begin with.
pub(super) fn account(base: &Uri, account_id: &str) -> String {
    let mut path = base.to_string().trim_end_matches('/').to_owned();
    path.push_str("/accounts/");
    push_segment(&mut path, account_id);
    path
}

/// False where a segment is one that no path may hold.
fn push_segments(path: &mut String, segments: &str) -> bool {
    for segment in segments.split('/') {
        // `..` would be resolved on the way and lead, with the token, to some other part of the API.
        if matches!(segment, "" | "." | "..") {
            return false;
        }
        path.push('/');
        push_segment(path, segment);
    }
    true
}

fn finish(mut path: String, query: &[(String, String)]) -> Result<Uri, Error> {
    for (index, (name, value)) in query.iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        path.extend(utf8_percent_encode(name, QUERY));
        path.push('=');
        path.extend(utf8_percent_encode(value, QUERY));
    }
    path.parse().map_err(|error: http::uri::InvalidUri| {
        Error::invalid("the address of the call cannot be built").with_source(error)
    })
}

fn push_segment(path: &mut String, segment: &str) {
    path.extend(utf8_percent_encode(segment, SEGMENT));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[track_caller]
    fn check(model: &str, query: &[(&str, &str)], expected: &str) {
        let account = account(&base("https://api.cloudflare.com/client/v4/").unwrap(), "0123");
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let uri = run(&account, model, &query).unwrap();
        assert_eq!(uri.to_string(), format!("https://api.cloudflare.com/client/v4/accounts/0123/ai/run/{expected}"));
    }

    #[test]
    fn model_ids_stay_readable() {
        check("@cf/meta/llama-3.3-70b-instruct-fp8-fast", &[], "@cf/meta/llama-3.3-70b-instruct-fp8-fast");
        check("@cf/a/b:c+d", &[], "@cf/a/b:c+d");
    }

    #[test]
    fn what_would_end_the_path_is_encoded() {
        check("@cf/a/b?c#d e%2F\u{e9}", &[], "@cf/a/b%3Fc%23d%20e%252F%C3%A9");
    }

    #[test]
    fn query_values_are_encoded() {
        check("@cf/a/b", &[("language", "en&x=1"), ("q", "a b")], "@cf/a/b?language=en%26x%3D1&q=a%20b");
    }

    #[test]
    fn a_model_id_cannot_leave_its_place() {
        let account = account(&base("https://api.cloudflare.com/client/v4").unwrap(), "0123");
        for model in ["", "@cf/../../../user/tokens", "@cf//b", "./a", "a/"] {
            assert!(run(&account, model, &[]).unwrap_err().is_invalid_request(), "{model}");
        }
    }

    #[test]
    fn an_account_path_cannot_leave_the_account() {
        let account = account(&base("https://api.cloudflare.com/client/v4").unwrap(), "0123");
        let uri = under_account(&account, "/ai/finetunes/my tune", &[("limit".into(), "2".into())]).unwrap();
        assert!(uri.to_string().ends_with("/accounts/0123/ai/finetunes/my%20tune?limit=2"), "{uri}");
        for path in ["", "/ai//x", "/ai/../../user/tokens"] {
            assert!(under_account(&account, path, &[]).unwrap_err().is_invalid_request(), "{path}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for fine in
            ["http://localhost:8787", "http://127.0.0.1:1/client/v4", "http://[::1]:80", "https://example.com/x/"]
        {
            base(fine).unwrap();
        }
        for bad in [
            "http://example.com",
            "http://localhost.example.com",
            "http://[::1]example.com",
            "http://[::1]:80@example.com",
            "http://localhost:99999",
            "ftp://localhost",
            "/client/v4",
            "https://u:p@h",
            "https://h?x=1",
            "",
        ] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        let says = |text: &str| base(text).unwrap_err().to_string();
        assert!(says("http://example.com").contains("anybody on the way can read the API token"));
        assert!(says("/client/v4").contains("must be absolute"));
        assert!(says("ftp://localhost").ends_with("must be https"));
    }
}
