//! Plain http is for this machine, however another one calls itself.

use workers_ai_account::{Account, fetch_feed};
use workers_ai_client::Client;

use crate::{ACCOUNT, CANARY};

/// Names that look like this machine and are not, and schemes that are none.
const FOREIGN: &[&str] = &[
    "http://example.com/client/v4",
    "http://localhost.evil.example/client/v4",
    "http://127.0.0.1.nip.io/client/v4",
    "http://127.0.0.1@evil.example/client/v4",
    "http://localhost:80@evil.example/client/v4",
    "http://evil.example#@127.0.0.1/client/v4",
    "http://evil.example?@127.0.0.1/client/v4",
    "http://127.0.0.1\\@evil.example/client/v4",
    "http://127.0.0.1\\.evil.example/client/v4",
    "http://127.0.0.1%2eevil.example/client/v4",
    "http://127.0.0.1%00.evil.example/client/v4",
    "http://127.0.0.1\t.evil.example/client/v4",
    "http://0.0.0.0:8787/client/v4",
    "http://[::]:8787/client/v4",
    "http://[::ffff:10.0.0.1]/client/v4",
    "http://[::1]evil.example/client/v4",
    "http://10.0.0.1/client/v4",
    "http://169.254.169.254/client/v4",
    "http:///client/v4",
    "http:127.0.0.1/client/v4",
    "//127.0.0.1/client/v4",
    "ftp://127.0.0.1/client/v4",
    "file:///etc/passwd",
    "ws://127.0.0.1/client/v4",
    "HTTP://EXAMPLE.COM/client/v4",
];

const LOCAL: &[&str] = &[
    "http://localhost:1/client/v4",
    "http://LOCALHOST:1/client/v4",
    "http://127.0.0.1:1/client/v4",
    "http://127.9.9.9:1/client/v4",
    "http://[::1]:1/client/v4",
];

#[test]
fn the_client_sends_a_token_over_plain_http_to_this_machine_alone() {
    for url in FOREIGN {
        let error = Client::builder(ACCOUNT, CANARY).base_url(*url).build().unwrap_err();
        assert!(!format!("{error:?}").contains(CANARY), "{url}");
    }
    for url in LOCAL {
        Client::builder(ACCOUNT, CANARY).base_url(*url).build().unwrap();
    }
}

#[test]
fn so_does_the_account() {
    for url in FOREIGN {
        assert!(Account::with_base_url(ACCOUNT, CANARY, *url).is_err(), "{url}");
    }
    for url in LOCAL {
        Account::with_base_url(ACCOUNT, CANARY, *url).unwrap();
    }
}

/// What was fetched becomes code, so it may come from this machine or by https alone.
#[tokio::test]
async fn a_feed_comes_from_this_machine_or_by_https() {
    for url in FOREIGN {
        let error = fetch_feed(url, None, 1000).await.unwrap_err();
        assert!(!error.is_transient() && error.status().is_none(), "{url} was asked: {error:?}");
    }
    for url in LOCAL {
        // Nobody is there, but they were looked for.
        assert!(fetch_feed(url, None, 1000).await.unwrap_err().is_transient(), "{url}");
    }
}
