//! The targets, a file for each.

#[cfg(feature = "client")]
mod canned;
#[cfg(feature = "chat")]
mod chat;
#[cfg(feature = "client")]
mod envelope;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod stream;
#[cfg(feature = "client")]
mod wire;

#[cfg(feature = "fetch")]
mod feed;
#[cfg(feature = "codegen")]
mod overlay;
#[cfg(feature = "codegen")]
mod rust;
#[cfg(feature = "codegen")]
mod schema;

#[cfg(feature = "local")]
mod server;

#[cfg(feature = "chat")]
pub use self::chat::CHAT;
#[cfg(feature = "client")]
pub use self::{envelope::ENVELOPE, error::ERROR, stream::STREAM};
#[cfg(feature = "codegen")]
pub use self::{overlay::OVERLAY, schema::SCHEMA};
#[cfg(feature = "fetch")]
pub use feed::FEED;
#[cfg(feature = "local")]
pub use server::SERVER;
