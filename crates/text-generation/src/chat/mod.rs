//! The vocabulary of chat that all models share: conversations, tools, answer formats, replies and streamed chunks.

mod attachment;
mod check;
mod content;
mod into_messages;
mod invalid;
mod message;
mod messages;
mod modality;
mod part;
mod role;
mod rules;
mod tool_call;

mod lora;
mod response_format;
#[cfg(feature = "schemars")]
mod schema;
mod structured;
mod tool;
mod tool_choice;
mod toolbox;
mod tools;

mod chunk;
mod classic;
mod completion;
mod finish_reason;
mod lenient;
mod quick;
mod reply;
mod responses;
mod thoughts;

mod gather;
mod stream;

mod dynamic;

pub use attachment::{Attachment, Audio, AudioFormat, Detail, File, Image, NoAttachment, Video};
pub use chunk::{
    Chunk, ChunkChoice, ClassicChunk, CompletionChunk, Delta, FunctionFragment, ResponsesEvent, ToolCallFragment,
};
pub use classic::{Classic as ClassicReply, Response};
pub use completion::{
    Annotation, ChatCompletion, Choice, CompletionMessage, FunctionCall, LogProbs, SpokenAnswer, TextChoice,
    TextCompletion, TokenLogProb, TopLogProb, UrlCitation,
};
pub use content::Content;
pub use dynamic::{AnyChat, ChatModel, ChatRequest, ChatRequestFor, UnknownModel};
#[doc(hidden)]
pub use dynamic::{ChatFacts, Conversation};
pub use finish_reason::FinishReason;
pub use into_messages::IntoMessages;
pub use invalid::InvalidMessage;
pub use lora::Lora;
pub use message::Message;
pub use messages::Messages;
pub use modality::{FitsInto, Modality, SeesImages, Text, Vision};
pub use part::{OtherPart, Part};
pub use reply::Reply;
pub use response_format::ResponseFormat;
pub use responses::{OutputItem, OutputPart, Responses, ResponsesError};
pub use role::Role;
#[doc(hidden)]
pub use rules::RuleSet;
pub use rules::{Any, Classic, Guard, Lenient, LenientList, Plain, Rules, Strict};
pub use stream::{ChatDelta, ChatStreamExt, CollectReply, Deltas, Interrupted};
pub use structured::{AnswersInJson, JsonSchemaOf};
pub use tool::Tool;
pub use tool_call::{ToolCall, ToolCallKind};
pub use tool_choice::{AllowedMode, ToolChoice};
pub use toolbox::{Answered, Toolbox, Unanswered};
pub use tools::Tools;
