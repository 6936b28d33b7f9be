//! Files as bodies, read while they are sent.

use std::fs;

use workers_ai_client::{Call, Encoded, Media, Source, transport::Body};

use crate::support::{Chat, Memory, Server, Transcribe, TranscribeOptions, TranscribeRequest, reply};

const JSON: &str = "content-type: application/json";

/// A WAV file, as far as its first bytes tell.
fn recording(length: usize) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
    bytes.extend((bytes.len()..length).map(|index| (index % 251) as u8));
    bytes
}

fn request() -> TranscribeRequest {
    let options = TranscribeOptions { language: Some("en".to_owned()), ..TranscribeOptions::default() };
    TranscribeRequest { audio: Media::from(b""), options }
}

#[tokio::test]
async fn a_file_goes_over_the_wire_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meeting.wav");
    let bytes = recording(300_000);
    fs::write(&path, &bytes).unwrap();
    let server = Server::answer(reply("200 OK", &[JSON], b"{}")).await;
    let file = Source::file(&path).unwrap();
    assert_eq!((file.length(), file.content_type()), (300_000, "audio/x-wav"));
    Call::<Transcribe>::new(server.client(), request()).upload(file).await.unwrap();
    let received = server.only();
    assert!(received.head.contains("/ai/run/@cf/test/transcribe?language=en HTTP/1.1"), "{}", received.head);
    assert_eq!((received.header("content-length"), received.header("content-type")), ("300000", "audio/x-wav"));
    assert!(!received.head.to_ascii_lowercase().contains("transfer-encoding"), "{}", received.head);
    assert_eq!(received.body, bytes);
}

#[tokio::test]
async fn the_type_that_the_request_gives_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("samples");
    fs::write(&path, [0; 64]).unwrap();
    let memory = Memory::default().json("{}");
    let request = TranscribeRequest { audio: Media::new(Vec::new(), "audio/l16"), ..request() };
    Call::<Transcribe>::new(memory.client(), request).upload(Source::file(&path).unwrap()).await.unwrap();
    let sent = memory.sent().remove(0);
    let Body::Source { source, content_type } = sent.body() else { unreachable!("{:?}", sent.body()) };
    assert_eq!((source.length(), content_type.as_ref()), (64, "audio/l16"));
}

#[tokio::test]
async fn a_request_without_raw_bytes_takes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "x").unwrap();
    let file = Source::file(&path).unwrap();
    let memory = Memory::default();
    let error = Call::<Chat>::new(memory.client(), "hello").upload(file.clone()).await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("raw bytes"), "{error}");
    let error = Call::<Transcribe>::new(memory.client(), request()).to("../x").upload(file).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(memory.sent().is_empty());
    assert!(Source::file(folder.path().join("absent")).is_err());
}

#[tokio::test]
async fn a_file_that_shrinks_or_goes_is_an_error_and_one_that_grows_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.wav");
    let call = |server: &Server, file: &Source| {
        let body = Encoded::source(file.clone(), None);
        server.client().untyped("@cf/test/transcribe", body)
    };
    fs::write(&path, recording(100_000)).unwrap();
    let file = Source::file(&path).unwrap();

    fs::write(&path, recording(200_000)).unwrap();
    let server = Server::answer(reply("200 OK", &[JSON], b"{}")).await;
    call(&server, &file).await.unwrap();
    assert_eq!(server.only().body, recording(100_000));

    let half = fs::OpenOptions::new().write(true).open(&path).unwrap();
    half.set_len(50_000).unwrap();
    let error = call(&server, &file).await.unwrap_err();
    assert!(error.status().is_none(), "{error:?}");
    fs::remove_file(&path).unwrap();
    let error = call(&server, &file).await.unwrap_err();
    assert!(error.status().is_none(), "{error:?}");
}
