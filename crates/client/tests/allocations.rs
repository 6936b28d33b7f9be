//! How often calls and large replies allocate. In a process of its own, for its allocator counts.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod bound;
#[expect(unreachable_pub, reason = "written for examples, which are crates of their own")]
mod canned {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in"));
}

use bound::{Bound, counted};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_client::{Answer, Base64, Media, Reply, Vectors};

fn answer(result: &str) -> Answer {
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    Answer::new(StatusCode::OK, headers, format!(r#"{{"result":{result},"success":true,"errors":[],"messages":[]}}"#))
}

#[test]
fn a_small_call() {
    let replies = [r#"{"result":{"response":"Blue."},"success":true,"errors":[],"messages":[]}"#; 11];
    let client = canned::client(replies);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let found = counted(10, || {
        let reply = runtime.block_on(client.untyped("@cf/a/b", json!({"prompt": "sea"})).into_future()).unwrap();
        assert_eq!(reply.get("response").and_then(Value::as_str), Some("Blue."));
    });
    Bound { path: "a small call", allocations: 31.0, bytes: 5_000.0 }.check(10, &found);
}

#[test]
fn vectors() {
    #[derive(Deserialize)]
    struct Embedded {
        data: Vectors,
    }

    let numbers: Vec<String> = (0..768).map(|index| format!("0.0{}", 123_456_789 + index * 7_919)).collect();
    let vectors = vec![format!("[{}]", numbers.join(",")); 20];
    let answer = answer(&format!(r#"{{"shape":[20,768],"data":[{}],"pooling":"mean"}}"#, vectors.join(",")));
    let found = counted(1, || {
        assert_eq!(answer.json_with_vectors::<Embedded>().unwrap().data.dimensions(), Some(768));
    });
    // The numbers, four bytes each, in one piece; and where each vector ends.
    let bytes = f64::from(20 * 768 * 4 + 1_000);
    Bound { path: "a reply of 20 vectors", allocations: 6.0, bytes }.check(1, &found);
}

#[test]
fn a_picture() {
    let picture = [b"\xff\xd8\xff".as_slice(), &[7; 1 << 20]].concat();
    let answer = answer(&format!(r#"{{"image":{}}}"#, serde_json::to_string(&Base64::from(picture.clone())).unwrap()));
    let found = counted(1, || {
        assert_eq!(Media::decode(answer.clone()).unwrap().as_bytes().len(), picture.len());
    });
    // The bytes of the picture, once.
    Bound { path: "a picture in base64", allocations: 7.0, bytes: picture.len() as f64 + 2_000.0 }.check(1, &found);
}
