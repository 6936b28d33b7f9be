//! Bodies that are read while they are sent: files, and forms with files in them.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body, Frame, SizeHint};
use sync_wrapper::SyncWrapper;

use super::{ByteStream, TransportError, TransportErrorKind};
use crate::request::{Form, Part, Source};

/// Pieces one after the other, of a known length together.
#[derive(Default)]
pub(super) struct Upload {
    pieces: VecDeque<Piece>,
    left: u64,
}

enum Piece {
    Bytes(Bytes),
    Stream(SyncWrapper<ByteStream>),
}

impl Upload {
    pub(super) fn source(source: &Source) -> Self {
        let mut upload = Self::default();
        upload.push_source(source);
        upload
    }

    /// A form as `multipart/form-data`, and the content type with the boundary between its parts.
    ///
    /// Names are written as browsers write them: UTF-8, with quotes and line ends as `%22`, `%0D` and `%0A`.
    pub(super) fn form(form: Form) -> Result<(Self, String), TransportError> {
        // Long enough that no file will hold it by chance.
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let (mut upload, mut text) = (Self::default(), String::new());
        for part in form.into_parts() {
            let _ = write!(text, "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(part.name()));
            match part {
                Part::Text { value, .. } => {
                    let _ = write!(text, "\r\n\r\n{value}");
                }
                Part::File { file_name, content_type, bytes, .. } => {
                    describe(&mut text, &file_name, &content_type)?;
                    upload.push_bytes(std::mem::take(&mut text));
                    upload.push_bytes(bytes);
                }
                Part::Source { file_name, content_type, source, .. } => {
                    describe(&mut text, &file_name, &content_type)?;
                    upload.push_bytes(std::mem::take(&mut text));
                    upload.push_source(&source);
                }
            }
            text.push_str("\r\n");
        }
        let _ = write!(text, "--{boundary}--\r\n");
        upload.push_bytes(text);
        Ok((upload, format!("multipart/form-data; boundary={boundary}")))
    }

    /// How many bytes there are still to send.
    pub(super) fn length(&self) -> u64 {
        self.left
    }

    fn push_bytes(&mut self, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        self.left += bytes.len() as u64;
        self.pieces.push_back(Piece::Bytes(bytes));
    }

    fn push_source(&mut self, source: &Source) {
        self.left += source.length();
        self.pieces.push_back(Piece::Stream(SyncWrapper::new(source.open())));
    }
}

/// The rest of the head of a part with a file.
fn describe(text: &mut String, file_name: &str, content_type: &str) -> Result<(), TransportError> {
    // What is no header would end this one and begin another.
    if HeaderValue::from_str(content_type).is_err() {
        let reason = format!("{content_type:?} is no content type");
        return Err(TransportError::new(TransportErrorKind::Request, reason));
    }
    let _ = write!(text, "; filename=\"{}\"\r\nContent-Type: {content_type}\r\n\r\n", quoted(file_name));
    Ok(())
}

fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Body for Upload {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        loop {
            let bytes = match self.pieces.front_mut() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.pieces.pop_front();
                    bytes
                }
                Some(Piece::Stream(stream)) => match stream.get_mut().as_mut().poll_next(cx) {
                    Poll::Ready(Some(Ok(bytes))) => bytes,
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => {
                        self.pieces.pop_front();
                        continue;
                    }
                    Poll::Pending => return Poll::Pending,
                },
            };
            self.left = self.left.saturating_sub(bytes.len() as u64);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::future::poll_fn;

    use super::*;

    async fn sent(mut upload: Upload) -> Vec<u8> {
        let (mut bytes, announced) = (Vec::new(), upload.length());
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut upload).poll_frame(cx)).await {
            bytes.extend_from_slice(&frame.unwrap().into_data().unwrap());
            assert_eq!(upload.size_hint().exact(), Some(announced - bytes.len() as u64));
        }
        assert!(upload.is_end_stream());
        assert_eq!(announced, bytes.len() as u64);
        bytes
    }

    fn streamed(pieces: &'static [&'static str]) -> Source {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        Source::new(length, move || {
            let pieces = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
            Box::pin(futures_util::stream::iter(pieces))
        })
    }

    #[tokio::test]
    async fn a_form_is_what_browsers_send() {
        let mut form = Form::default();
        form.push(Part::Text { name: "prompt".into(), value: "Sea \u{e9}".into() });
        form.push(Part::File {
            name: "image".into(),
            file_name: "a \"b\"\r\n.png".into(),
            content_type: "image/png".into(),
            bytes: Bytes::from_static(b"\x89PNG"),
        });
        form.push(Part::Source {
            name: "file".into(),
            file_name: "\u{e9}.jsonl".into(),
            content_type: "application/jsonl".into(),
            source: streamed(&["{}", "\n", "[]"]),
        });
        let (upload, content_type) = Upload::form(form).unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
        let expected = [
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nSea \u{e9}\r\n")
                .into_bytes(),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; ").into_bytes(),
            b"filename=\"a %22b%22%0D%0A.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n".to_vec(),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; ").into_bytes(),
            "filename=\"\u{e9}.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{}\n[]\r\n".as_bytes().to_vec(),
            format!("--{boundary}--\r\n").into_bytes(),
        ];
        assert_eq!(sent(upload).await, expected.concat());
    }

    #[tokio::test]
    async fn a_source_is_sent_as_it_is() {
        assert_eq!(sent(Upload::source(&streamed(&["a", "", "bc"]))).await, b"abc");
        assert_eq!(sent(Upload::source(&streamed(&[]))).await, b"");
    }

    #[test]
    fn a_content_type_cannot_begin_another_header() {
        let mut form = Form::default();
        form.push(Part::File {
            name: "image".into(),
            file_name: "a".into(),
            content_type: "image/png\r\nx: y".into(),
            bytes: Bytes::new(),
        });
        let error = Upload::form(form).err().unwrap();
        assert_eq!(error.kind(), TransportErrorKind::Request);
    }

    #[test]
    fn no_two_forms_have_the_same_boundary() {
        let content_type = || Upload::form(Form::default()).unwrap().1;
        assert_ne!(content_type(), content_type());
    }
}
