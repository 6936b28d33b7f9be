//! Bytes in and out, in each of the three forms.

use serde_json::json;
use workers_ai_client::{AsFile, Base64, ByteArray, Media, Source, transport::ByteStream};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn nothing() -> ByteStream {
    Box::pin(futures_util::stream::empty())
}

#[test]
fn every_form_knows_what_it_holds() {
    let (text, numbers) = (Base64::from(PNG), ByteArray::from(PNG));
    assert_eq!((text.content_type(), text.extension()), ("image/png", "png"));
    assert_eq!((numbers.content_type(), numbers.extension()), ("image/png", "png"));
    assert_eq!(Base64::from(b"odd").content_type(), "application/octet-stream");
    assert_eq!(ByteArray::from(b"odd").content_type(), "application/octet-stream");
    assert_eq!((text.bytes(), numbers.bytes()), (PNG.into(), PNG.into()));
    assert_eq!(format!("{text:?} {numbers:?}"), "Base64(image/png, 16 bytes) ByteArray(image/png, 16 bytes)");
}

#[test]
fn every_form_is_a_file_on_disk_and_in_a_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture");
    Base64::from(PNG).save(&path).unwrap();
    assert_eq!(Base64::from_file(&path).unwrap().as_bytes(), PNG);
    ByteArray::from(b"\x01\x02").save(&path).unwrap();
    assert_eq!(ByteArray::from_file(&path).unwrap().as_bytes(), b"\x01\x02");
    let picture = Media::from(PNG);
    assert_eq!(Base64::from(PNG).as_file().as_ref(), Some(&picture));
    assert_eq!(ByteArray::from(PNG).as_file().as_ref(), Some(&picture));
    assert_eq!(AsFile::as_file(&&picture).as_ref(), Some(&picture));
    assert_eq!(None::<Media>.as_file(), None);
}

#[test]
fn a_declared_type_names_the_file_where_the_bytes_do_not() {
    for (content_type, extension) in [
        ("image/jpeg", "jpg"),
        ("image/png; odd=1", "png"),
        ("image/webp", "webp"),
        ("image/gif", "gif"),
        ("audio/mpeg", "mp3"),
        ("audio/wav", "wav"),
        ("audio/ogg", "ogg"),
        ("audio/flac", "flac"),
        ("audio/aac", "aac"),
        ("audio/l16; rate=16000", "pcm"),
        ("video/mp4", "mp4"),
        ("text/odd", "bin"),
    ] {
        assert_eq!(Media::new(b"odd".as_slice(), content_type).extension(), extension, "{content_type}");
    }
}

#[test]
fn a_data_url_without_a_type_is_read_by_its_bytes() {
    let read = |text: &str| serde_json::from_value::<Media>(json!(text));
    let picture = read("data:;base64,iVBORw0KGgo=").unwrap();
    assert_eq!(picture.content_type(), "image/png");
    assert_eq!(read("data:text/odd;base64,aGVsbG8=").unwrap().content_type(), "text/odd");
    assert_eq!(read("data:text/plain,hello").unwrap_err().to_string(), "not base64");
    assert_eq!(read("data:").unwrap_err().to_string(), "not base64");
    let error = serde_json::from_value::<Base64>(json!(5)).unwrap_err().to_string();
    assert_eq!(error, "invalid type: integer `5`, expected base64");
}

#[test]
fn sources_are_the_same_only_when_they_read_the_same() {
    let source = Source::new(5, nothing);
    assert_eq!(source, source.clone());
    assert_ne!(source, Source::new(5, nothing));
    assert_ne!(source, Source::new(6, nothing));
    assert_eq!(format!("{source:?}"), "Source(5 bytes)");
}
