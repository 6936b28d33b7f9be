//! The little of WebSockets that a scripted server needs: the answer to the handshake, and frames.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::Asked;

/// The value of `sec-websocket-accept` for a request.
pub fn accept(asked: &Asked) -> String {
    derive_accept_key(asked.header("sec-websocket-key").unwrap_or_default().as_bytes())
}

/// A text of a server, which is not masked.
pub fn text_frame(text: &[u8]) -> Vec<u8> {
    [frame_head(0x81, text.len() as u64), text.to_vec()].concat()
}

/// The orderly end, with code 1000.
pub(crate) fn close_frame() -> Vec<u8> {
    vec![0x88, 2, 0x03, 0xe8]
}

/// The head of a frame of any length.
pub(crate) fn frame_head(first: u8, length: u64) -> Vec<u8> {
    let mut head = vec![first];
    match length {
        0..=125 => head.push(u8::try_from(length).unwrap_or_default()),
        126..=0xffff => {
            head.push(126);
            head.extend(u16::try_from(length).unwrap_or_default().to_be_bytes());
        }
        _ => {
            head.push(127);
            head.extend(length.to_be_bytes());
        }
    }
    head
}
