//! Chat with a model that is chosen at run time.

mod model;
mod request;

#[doc(hidden)]
pub use self::model::{ChatFacts, Conversation};
pub use self::{
    model::{ChatModel, UnknownModel},
    request::{AnyChat, ChatRequest, ChatRequestFor},
};
