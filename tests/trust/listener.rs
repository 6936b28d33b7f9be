//! Somebody who writes down every byte that reaches them, and answers always the same.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A listener on loopback.
pub(crate) struct Listener {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Listener {
    pub(crate) async fn start(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), answer.clone());
                tokio::spawn(async move {
                    let mut bytes = vec![0; 65_536];
                    // All that comes within a moment of silence.
                    while let Ok(Ok(read @ 1..)) =
                        tokio::time::timeout(Duration::from_millis(100), stream.read(&mut bytes)).await
                    {
                        log.lock().unwrap().extend_from_slice(&bytes[..read]);
                    }
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { url, heard }
    }

    /// Everything that was heard, as text.
    pub(crate) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}
