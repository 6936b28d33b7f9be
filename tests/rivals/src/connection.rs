//! A connection that asks again and again: HTTP/1.1 with nothing around it, so that the server is what is measured.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result, ensure};

/// A kept-alive connection to a server on this machine.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When nobody listens.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("nobody listens on {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream: BufReader::new(stream) })
    }

    /// Asks and reads the whole answer. A body is sent as JSON.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or what comes is no HTTP.
    pub fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer local\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok());
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse()?,
                Some(("transfer-encoding", value)) => is_chunked = value.trim() == "chunked",
                None if line.is_empty() => break,
                _ => {}
            }
        }
        let mut answer = Answer { status: status.context("no status")?, body: Vec::new() };
        if is_chunked {
            loop {
                let size = usize::from_str_radix(self.line()?.split(';').next().unwrap_or_default(), 16)?;
                self.read(size, &mut answer.body)?;
                ensure!(self.line()?.is_empty(), "a chunk is longer than it says");
                if size == 0 {
                    return Ok(answer);
                }
            }
        }
        self.read(length, &mut answer.body)?;
        Ok(answer)
    }

    fn read(&mut self, length: usize, body: &mut Vec<u8>) -> Result<()> {
        let read = self.stream.by_ref().take(length as u64).read_to_end(body)?;
        ensure!(read == length, "the connection broke");
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? > 0, "the connection broke");
        Ok(line.trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Sends these bytes to whoever has asked, and hangs up.
    fn answering(bytes: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 20];
            stream.read_exact(&mut head).unwrap();
            stream.write_all(bytes).unwrap();
        });
        address
    }

    #[test]
    fn a_body_is_read_by_its_length_or_in_chunks() {
        for bytes in [
            b"HTTP/1.1 201 Created\r\nContent-Length: 6\r\n\r\nanswer".as_slice(),
            b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nan\r\n4\r\nswer\r\n0\r\n\r\n",
        ] {
            let answer = Connection::open(answering(bytes)).unwrap().ask("GET", "/", b"").unwrap();
            assert_eq!((answer.status, answer.body.as_slice()), (201, b"answer".as_slice()));
        }
    }

    #[test]
    fn a_connection_that_breaks_is_an_error() {
        for bytes in [b"".as_slice(), b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nans"] {
            let asked = Connection::open(answering(bytes)).unwrap().ask("GET", "/", b"");
            assert!(asked.is_err(), "{asked:?}");
        }
    }
}
