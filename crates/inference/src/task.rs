//! What a model is for, and how near weights are to the model that was asked for.

use std::fmt;

/// What a model is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Task {
    /// Texts to vectors.
    Embedding,
    /// Conversations and prompts to text.
    Generation,
    /// Speech to text.
    Transcription,
    /// How well each text answers a query.
    Reranking,
    /// Labels for a text, such as its sentiment.
    Classification,
    /// Where somebody speaks, and whether a turn is over.
    VoiceActivity,
}

impl fmt::Display for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Embedding => "embedding",
            Self::Generation => "generation",
            Self::Transcription => "transcription",
            Self::Reranking => "reranking",
            Self::Classification => "classification",
            Self::VoiceActivity => "voice activity",
        })
    }
}

/// How near the weights that answered are to the model that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// Another model of the same kind: answers are real, but not the ones that the model would give.
    Substitute,
    /// The very model, perhaps in another number format.
    Exact,
}

impl fmt::Display for Match {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Substitute => "substitute",
            Self::Exact => "exact",
        })
    }
}
