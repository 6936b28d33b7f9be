//! What a server does on a connection, one thing after the other.

use std::time::Duration;

/// One thing that a server does. After the last it hangs up, orderly.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Waits.
    Pause(Duration),
    /// Sends these bytes again and again, for as long as somebody takes them.
    Endless(Vec<u8>),
    /// Sends these bytes one at a time, again and again, with a pause after each.
    Dribble(Vec<u8>, Duration),
    /// Says nothing more, and does not hang up either.
    Hold,
    /// Breaks the connection without a farewell.
    Reset,
}
