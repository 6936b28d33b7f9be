//! The table of known weights: where they come from and which models they answer.

use crate::task::{Match, Task};

/// A set of weights.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// Name of the set, and of its folder.
    pub name: &'static str,
    /// What it is for.
    pub task: Task,
    /// Which Workers AI models it answers.
    pub answers: Answers,
    /// Where its files are to be had; `None` where no hub has them in a readable form.
    pub hub: Option<Hub>,
    /// The files of the set on the hub.
    pub files: &'static [File],
    /// Its licence, as an SPDX expression or by name.
    pub licence: &'static str,
}

/// Which Workers AI models weights answer, by id.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// Models that these weights are.
    pub exact: &'static [&'static str],
    /// Models that they may stand in for; `None` means every model of the task.
    pub substitute: Option<&'static [&'static str]>,
}

/// A repository of the Hugging Face hub.
#[derive(Clone, Copy, Debug)]
pub struct Hub {
    /// Its owner and name.
    pub repository: &'static str,
    /// A branch, tag or commit of it.
    pub revision: &'static str,
}

/// A file of a set.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its name, in the repository and in the folder.
    pub name: &'static str,
    /// Its size in bytes, where it is known for certain.
    pub size: Option<u64>,
    /// Its SHA-256, where it is known for certain. What has none is trusted on its first download, and its digest
    /// recorded in `lock.json` beside it.
    pub sha256: Option<&'static str>,
}

impl Weights {
    /// How near these weights are to a model; `None` where they do not answer it.
    #[must_use]
    pub fn matches(&self, model: &str) -> Option<Match> {
        if self.answers.exact.contains(&model) {
            return Some(Match::Exact);
        }
        let stands_in = self.answers.substitute.is_none_or(|models| models.contains(&model));
        stands_in.then_some(Match::Substitute)
    }
}

/// The weights that this crate knows. Within a task the first that are present stand in for other models.
pub const KNOWN: &[Weights] = &[
    // Embeddings. A substitute must have the length of the vectors that it stands in for.
    encoder("bge-small-en-v1.5", &["@cf/baai/bge-small-en-v1.5"], "BAAI/bge-small-en-v1.5", "MIT"),
    encoder("bge-base-en-v1.5", &["@cf/baai/bge-base-en-v1.5"], "BAAI/bge-base-en-v1.5", "MIT"),
    encoder("bge-large-en-v1.5", &["@cf/baai/bge-large-en-v1.5"], "BAAI/bge-large-en-v1.5", "MIT"),
    Weights {
        name: "all-MiniLM-L6-v2",
        task: Task::Embedding,
        answers: Answers { exact: &[], substitute: Some(&["@cf/baai/bge-small-en-v1.5"]) },
        hub: Some(main("sentence-transformers/all-MiniLM-L6-v2")),
        files: &[
            pinned("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            pinned("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            pinned("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ],
        licence: "Apache-2.0",
    },
    // Chat, the most capable first. The hub's own repositories of the Llama models are gated; these are not.
    chat(
        "llama-3.1-8b-instruct",
        &[
            "@cf/meta/llama-3.1-8b-instruct",
            "@cf/meta/llama-3.1-8b-instruct-awq",
            "@cf/meta/llama-3.1-8b-instruct-fast",
            "@cf/meta/llama-3.1-8b-instruct-fp8",
        ],
        "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF",
        &[trusted("Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf")],
        "Llama 3.1 Community License",
    ),
    chat(
        "llama-3.2-3b-instruct",
        &["@cf/meta/llama-3.2-3b-instruct"],
        "bartowski/Llama-3.2-3B-Instruct-GGUF",
        &[trusted("Llama-3.2-3B-Instruct-Q4_K_M.gguf")],
        "Llama 3.2 Community License",
    ),
    chat(
        "smollm2-1.7b-instruct",
        &[],
        "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF",
        &[trusted("smollm2-1.7b-instruct-q4_k_m.gguf")],
        "Apache-2.0",
    ),
    chat(
        "llama-3.2-1b-instruct",
        &["@cf/meta/llama-3.2-1b-instruct"],
        "bartowski/Llama-3.2-1B-Instruct-GGUF",
        &[trusted("Llama-3.2-1B-Instruct-Q8_0.gguf")],
        "Llama 3.2 Community License",
    ),
    chat(
        "smollm2-360m-instruct",
        &[],
        "bartowski/SmolLM2-360M-Instruct-GGUF",
        &[trusted("SmolLM2-360M-Instruct-Q8_0.gguf")],
        "Apache-2.0",
    ),
    chat(
        "smollm2-135m-instruct",
        &[],
        "bartowski/SmolLM2-135M-Instruct-GGUF",
        &[trusted("SmolLM2-135M-Instruct-Q8_0.gguf")],
        "Apache-2.0",
    ),
    // Speech, the most capable first.
    speech("whisper-large-v3-turbo", &["@cf/openai/whisper-large-v3-turbo"], "openai/whisper-large-v3-turbo", "MIT"),
    speech("whisper-tiny.en", &["@cf/openai/whisper-tiny-en"], "openai/whisper-tiny.en", "Apache-2.0"),
    Weights {
        name: "silero-vad",
        task: Task::VoiceActivity,
        answers: Answers { exact: &[], substitute: None },
        hub: None,
        files: &[pinned(
            "silero_vad_16k.safetensors",
            1_239_748,
            "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
        )],
        licence: "MIT",
    },
    Weights {
        name: "bge-reranker-base",
        task: Task::Reranking,
        answers: Answers { exact: &["@cf/baai/bge-reranker-base"], substitute: Some(&[]) },
        hub: Some(main("BAAI/bge-reranker-base")),
        files: ENCODER,
        licence: "MIT",
    },
    Weights {
        name: "distilbert-sst-2",
        task: Task::Classification,
        answers: Answers { exact: &["@cf/huggingface/distilbert-sst-2-int8"], substitute: Some(&[]) },
        hub: Some(main("distilbert/distilbert-base-uncased-finetuned-sst-2-english")),
        files: &[trusted("config.json"), trusted("vocab.txt"), trusted("model.safetensors")],
        licence: "Apache-2.0",
    },
];

const ENCODER: &[File] = &[trusted("config.json"), trusted("tokenizer.json"), trusted("model.safetensors")];

const fn main(repository: &'static str) -> Hub {
    Hub { repository, revision: "main" }
}

const fn trusted(name: &'static str) -> File {
    File { name, size: None, sha256: None }
}

const fn pinned(name: &'static str, size: u64, sha256: &'static str) -> File {
    File { name, size: Some(size), sha256: Some(sha256) }
}

const fn encoder(
    name: &'static str,
    exact: &'static [&'static str],
    repository: &'static str,
    licence: &'static str,
) -> Weights {
    Weights {
        name,
        task: Task::Embedding,
        answers: Answers { exact, substitute: Some(&[]) },
        hub: Some(main(repository)),
        files: ENCODER,
        licence,
    }
}

const fn chat(
    name: &'static str,
    exact: &'static [&'static str],
    repository: &'static str,
    files: &'static [File],
    licence: &'static str,
) -> Weights {
    let answers = Answers { exact, substitute: None };
    Weights { name, task: Task::Generation, answers, hub: Some(main(repository)), files, licence }
}

const fn speech(
    name: &'static str,
    exact: &'static [&'static str],
    repository: &'static str,
    licence: &'static str,
) -> Weights {
    let answers = Answers { exact, substitute: None };
    // `generation_config.json` says which attention heads follow the audio, for the times of words.
    const FILES: &[File] = &[
        trusted("config.json"),
        trusted("generation_config.json"),
        trusted("tokenizer.json"),
        trusted("model.safetensors"),
    ];
    Weights { name, task: Task::Transcription, answers, hub: Some(main(repository)), files: FILES, licence }
}
