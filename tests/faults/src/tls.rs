//! A certificate that nobody trusts, made anew by every run.

use std::sync::Arc;

use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// TLS with a certificate that the server has signed itself.
///
/// # Panics
///
/// When no certificate can be made, which fails the test.
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
pub(crate) fn self_signed() -> TlsAcceptor {
    let made =
        rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key.into()))
        .expect("a configuration");
    TlsAcceptor::from(Arc::new(config))
}
