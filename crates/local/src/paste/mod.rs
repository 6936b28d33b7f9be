//! The lines to paste into a project so that `env.AI` of a Worker reaches a server on this machine.

use std::fmt::Write as _;

const MINIFLARE: &str = include_str!("miniflare.mjs");
const WORKERD: &str = include_str!("workerd.capnp");

/// A script that runs a Worker in Miniflare.
pub(crate) fn miniflare(port: u16, token: Option<&str>) -> String {
    let query = token.map(|token| format!("/?token={}", in_query(token))).unwrap_or_default();
    MINIFLARE.replace("127.0.0.1:8787", &format!("127.0.0.1:{port}{query}"))
}

/// A configuration of plain workerd.
pub(crate) fn workerd(port: u16, token: Option<&str>) -> String {
    let http = match token {
        Some(token) => {
            let token = token.replace('\\', "\\\\").replace('"', "\\\"");
            format!("http = (injectRequestHeaders = [(name = \"authorization\", value = \"Bearer {token}\")])")
        }
        None => "http = ()".to_owned(),
    };
    let service = |port: u16, http: &str| format!("(address = \"127.0.0.1:{port}\", {http})");
    WORKERD.replace(&service(8787, "http = ()"), &service(port, &http))
}

fn in_query(text: &str) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_the_one_asked_for() {
        for text in [miniflare(9000, None), workerd(9000, None)] {
            assert!(text.contains("127.0.0.1:9000") && !text.contains("8787"), "{text}");
            assert!(!text.contains("token=") && !text.contains("Bearer"), "{text}");
        }
    }

    #[test]
    fn a_token_goes_where_the_runtime_can_send_it() {
        assert!(miniflare(9000, Some("a b&c")).contains("http://127.0.0.1:9000/?token=a%20b%26c"));
        assert!(workerd(9000, Some("say \"x\"")).contains(r#"(name = "authorization", value = "Bearer say \"x\"")"#));
    }
}
