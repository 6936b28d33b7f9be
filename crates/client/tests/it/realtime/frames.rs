//! Frames by themselves: what is in them, and what is said of those that cannot be read.

use serde_json::Value;
use workers_ai_client::Frame;

#[test]
fn a_frame_that_cannot_be_read_names_the_place_where_there_is_one() {
    let error = Frame::from("hello").parse::<Value>().unwrap_err();
    assert_eq!(error.message(), "the event is not what the model's type says");
    let error = Frame::from("[[true], [7]]").parse::<Vec<Vec<bool>>>().unwrap_err();
    assert_eq!(error.message(), "the event is not what the model's type says at [1][0]");
    assert_eq!(error.body(), Some(b"[[true], [7]]".as_slice()));
}
