//! Typed Rust bindings for every model of Cloudflare Workers AI.
//!
//! One module for each modality, one module in it for each model, and one method for each call:
//!
//! ```no_run
//! use workers_ai::{Client, lit, prelude::*, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};
//!
//! # async fn example() -> Result<(), workers_ai::Error> {
//! let client = Client::from_env()?; // CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN
//! let question = llama::Request::prompt("Why is the sky blue?").temperature(lit!(llama::Temperature, 0.7));
//!
//! let reply = client.text_generation().llama_3_3_70b_instruct_fp8_fast(question.clone()).await?;
//! println!("{}", reply.text());
//!
//! let mut tokens = client.text_generation().llama_3_3_70b_instruct_fp8_fast(question).stream().await?;
//! while let Some(delta) = tokens.try_next().await? {
//!     print!("{}", delta.text());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! Every modality is a feature, and all of them are on by default. For one of them only:
//!
//! ```toml
//! workers-ai = { version = "0.1", default-features = false, features = ["limits", "rustls", "text-embeddings"] }
//! ```
//!
//! | feature | default | |
//! |---|---|---|
//! | `all` | yes | every modality |
//! | `openai` | | the OpenAI-compatible paths |
//! | `rustls` | yes | HTTP over reqwest with TLS by rustls and ring |
//! | `limits` | yes | requests wait their turn under the published limits ([`RateLimits`]) |
//! | `native-tls` | | HTTP over reqwest with TLS by the operating system |
//! | `http` | | HTTP over reqwest without TLS: enough for a server on this machine |
//! | `http2` | | HTTP/2 |
//! | `realtime` | | sessions over WebSocket |
//! | `tracing` | | spans of every call, by the names of OpenTelemetry's conventions |
//! | `schemars` | | JSON Schemas from Rust types: structured output and tools of chat models |
//! | `retired` | | models that have left the catalogue |

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

pub use workers_ai_client::*;
/// The OpenAI-compatible paths.
#[cfg(feature = "openai")]
#[doc(inline)]
pub use workers_ai_openai as openai;

// modalities: begin
/// Automatic speech recognition models.
#[cfg(feature = "automatic-speech-recognition")]
#[doc(inline)]
pub use workers_ai_automatic_speech_recognition as automatic_speech_recognition;
/// Image classification models.
#[cfg(feature = "image-classification")]
#[doc(inline)]
pub use workers_ai_image_classification as image_classification;
/// Image to text models.
#[cfg(feature = "image-to-text")]
#[doc(inline)]
pub use workers_ai_image_to_text as image_to_text;
/// Object detection models.
#[cfg(feature = "object-detection")]
#[doc(inline)]
pub use workers_ai_object_detection as object_detection;
/// Summarization models.
#[cfg(feature = "summarization")]
#[doc(inline)]
pub use workers_ai_summarization as summarization;
/// Text classification models.
#[cfg(feature = "text-classification")]
#[doc(inline)]
pub use workers_ai_text_classification as text_classification;
/// Text embeddings models.
#[cfg(feature = "text-embeddings")]
#[doc(inline)]
pub use workers_ai_text_embeddings as text_embeddings;
/// Text generation models.
#[cfg(feature = "text-generation")]
#[doc(inline)]
pub use workers_ai_text_generation as text_generation;
/// Text to image models.
#[cfg(feature = "text-to-image")]
#[doc(inline)]
pub use workers_ai_text_to_image as text_to_image;
/// Text to speech models.
#[cfg(feature = "text-to-speech")]
#[doc(inline)]
pub use workers_ai_text_to_speech as text_to_speech;
/// Translation models.
#[cfg(feature = "translation")]
#[doc(inline)]
pub use workers_ai_translation as translation;
/// Voice activity detection models.
#[cfg(feature = "voice-activity-detection")]
#[doc(inline)]
pub use workers_ai_voice_activity_detection as voice_activity_detection;
// modalities: end

/// Brings every modality's method of [`Client`] into scope.
pub mod prelude {
    #[cfg(feature = "openai")]
    pub use workers_ai_openai::OpenAiExt;

    // modalities: begin
    #[cfg(feature = "automatic-speech-recognition")]
    pub use workers_ai_automatic_speech_recognition::prelude::*;
    #[cfg(feature = "image-classification")]
    pub use workers_ai_image_classification::prelude::*;
    #[cfg(feature = "image-to-text")]
    pub use workers_ai_image_to_text::prelude::*;
    #[cfg(feature = "object-detection")]
    pub use workers_ai_object_detection::prelude::*;
    #[cfg(feature = "summarization")]
    pub use workers_ai_summarization::prelude::*;
    #[cfg(feature = "text-classification")]
    pub use workers_ai_text_classification::prelude::*;
    #[cfg(feature = "text-embeddings")]
    pub use workers_ai_text_embeddings::prelude::*;
    #[cfg(feature = "text-generation")]
    pub use workers_ai_text_generation::prelude::*;
    #[cfg(feature = "text-to-image")]
    pub use workers_ai_text_to_image::prelude::*;
    #[cfg(feature = "text-to-speech")]
    pub use workers_ai_text_to_speech::prelude::*;
    #[cfg(feature = "translation")]
    pub use workers_ai_translation::prelude::*;
    #[cfg(feature = "voice-activity-detection")]
    pub use workers_ai_voice_activity_detection::prelude::*;
    // modalities: end
}
