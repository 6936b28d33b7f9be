//! Sessions: a WebSocket with a model, and typed events over it.
//!
//! Above the [`Socket`] nothing knows what keeps the connection open; the feature `realtime` brings one.

mod frame;
mod meter;
mod session;
mod socket;

pub use self::frame::{Frame, Received, Sent};
pub(crate) use self::meter::Meter;
pub use self::session::{Receiver, Sender, Session};
pub use self::socket::{Arrival, Handshake, Socket};
use crate::{Client, Error, Model, client::Outgoing};

/// A model that talks: events go in and come out for as long as the session lasts.
///
/// ```
/// use serde_json::Value;
/// use workers_ai_client::{Call, Connects, Error, Frame, Info, Model};
///
/// /// A voice that the bindings do not know.
/// struct Voice;
///
/// impl Model for Voice {
///     const INFO: &'static Info = &Info::new("@cf/acme/voice", "Text-to-Speech", "2026-11");
///     type Request = Value;
///     type Reply = Value;
/// }
///
/// impl Connects for Voice {
///     type Sent = Frame;
///     type Received = Frame;
///     const CONTENT: Option<&'static str> = Some("text");
/// }
///
/// # async fn example(call: Call<Voice>) -> Result<(), Error> {
/// let mut session = call.connect().await?;
/// session.send("A text to speak.").await?;
/// # Ok(())
/// # }
/// # assert_eq!(Voice::CONTENT, Some("text"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no sessions",
    label = "this model only answers requests",
    note = "await the call instead: `call.await?`"
)]
pub trait Connects: Model {
    /// What a program sends.
    type Sent: Sent;

    /// What the model sends.
    type Received: Received;

    /// The field of the request that is no parameter of the session but the first thing said in it. A request of raw
    /// bytes needs none: the bytes are that.
    const CONTENT: Option<&'static str> = None;
}

/// Opens a session: the request's parameters go into the address, and its content is sent first.
pub(crate) async fn connect<M: Connects>(
    client: &Client,
    model: &str,
    mut outgoing: Outgoing,
) -> Result<Session<M::Sent, M::Received>, Error> {
    let content = outgoing.body.take_content(M::CONTENT).map_err(|invalid| Error::from(invalid).with_model(model))?;
    let opened = client.open(model, outgoing).await?;
    let mut session = Session::new(model, opened);
    if let Some(first) = content.filter(|content| !content.is_empty()).and_then(M::Sent::opening) {
        session.send(first).await?;
    }
    Ok(session)
}
