//! Text generation: GGUF files of the Llama family, their tokenizers and templates, and the loop that writes.

mod blocks;
mod generate;
mod gguf;
mod llama;
#[cfg(test)]
mod made_up;
mod matrix;
mod request;
mod sampling;
mod stops;
mod structured;
mod template;
mod vectors;
mod vocabulary;

pub(crate) use self::generate::Writer;
pub use self::request::{Finish, GenerateRequest, Generated, Message, Prompt};
