//! The client over TLS, with a server whose certificate is its own.

use std::{process::Command, sync::Arc};

use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tokio::{io::AsyncWriteExt, net::TcpListener, task::JoinHandle};
use tokio_rustls::TlsAcceptor;
use workers_ai_client::{Call, Client, RetryPolicy};

use crate::support::{ACCOUNT, Chat, TOKEN, receive, reply};

/// Answers everyone who trusts it.
struct Server {
    base: String,
    /// Its certificate, as it would lie among those of the system.
    certificate: String,
    task: JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![made.cert.der().clone()], key.into()).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let Ok(mut socket) = acceptor.accept(socket).await else { continue };
                receive(&mut socket).await;
                let said = reply("200 OK", &["content-type: application/json"], br#"{"response":"hi"}"#);
                socket.write_all(&said).await.unwrap();
                socket.shutdown().await.unwrap();
            }
        });
        let certificate = base64_simd::STANDARD.encode_to_string(made.cert.der());
        let certificate = format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
        Self { base, certificate, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn ask(base: &str) -> Call<Chat> {
    let client = Client::builder(ACCOUNT, TOKEN).base_url(base).retry(RetryPolicy::none()).build().unwrap();
    Call::new(client, "hello")
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let server = Server::start().await;
    let error = ask(&server.base).await.unwrap_err();
    assert!(error.is_connection() && !error.is_retryable(), "{error:?}");
    assert_eq!(error.message(), "the server's certificate is not trusted");
}

/// Elsewhere, which certificates the system has is not for the environment to say.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_certificate_of_the_system_is_trusted() {
    const NAME: &str = "over_tls::a_certificate_of_the_system_is_trusted";
    const BASE: &str = "WORKERS_AI_TEST_TLS_SERVER";

    if let Ok(base) = std::env::var(BASE) {
        assert_eq!(ask(&base).await.unwrap().response, "hi");
        return;
    }
    // In another process, for none can safely change what its own environment says.
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let certificates = folder.path().join("certificates.pem");
    std::fs::write(&certificates, &server.certificate).unwrap();
    let mut client = Command::new(std::env::current_exe().unwrap());
    client
        .args(["--exact", NAME])
        .env(BASE, &server.base)
        .env("SSL_CERT_FILE", &certificates)
        .env_remove("SSL_CERT_DIR");
    let output = tokio::task::spawn_blocking(move || client.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
