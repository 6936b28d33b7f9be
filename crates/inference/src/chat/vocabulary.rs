//! Tokenizers of chat models: from `tokenizer.json` beside the weights, or from the metadata within them.

use candle_core::quantized::gguf_file::Value;
use tokenizers::decoders::byte_level::ByteLevel;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use super::gguf::Gguf;
use crate::error::{Error, Result};
use crate::files;

/// Kinds of tokens, as GGUF numbers them.
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;

/// Tokens that end a turn, whichever of them a model has.
const ENDS: &[&str] =
    &["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "<|end|>", "<end_of_turn>", "</s>"];

/// The words before a token is split from a text, by the names that llama.cpp gave to the habits of models.
fn pattern(name: &str) -> Option<&'static str> {
    Some(match name {
        "llama-bpe" | "llama3" | "llama-v3" | "smaug-bpe" => {
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
        }
        "qwen2" | "deepseek-r1-qwen" => {
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
        }
        _ => return None,
    })
}

/// A tokenizer with the tokens that mean something to the loop.
pub(crate) struct Vocabulary {
    tokenizer: Tokenizer,
    start: Option<(u32, String)>,
    ends: Vec<u32>,
    end_text: String,
    adds_start: bool,
}

impl Vocabulary {
    pub(crate) fn load(file: &Gguf) -> Result<Self> {
        let beside = file.path().with_file_name("tokenizer.json");
        let tokenizer = if beside.exists() {
            Tokenizer::from_bytes(files::read(&beside)?)
                .map_err(|error| Error::file_from(&beside, "no readable tokenizer", error))?
        } else {
            from_metadata(file)?
        };
        let named = |key: &str| {
            let id = file.number(key)?;
            Some((id, tokenizer.id_to_token(id)?))
        };
        let start = named("tokenizer.ggml.bos_token_id");
        let end = named("tokenizer.ggml.eos_token_id");
        let mut ends: Vec<u32> = ENDS.iter().filter_map(|token| tokenizer.token_to_id(token)).collect();
        ends.extend(end.as_ref().map(|(id, _)| *id));
        ends.extend(file.number("tokenizer.ggml.eot_token_id"));
        // Where the file does not say, models with a vocabulary of bytes start with nothing, and others with a token.
        let adds_start = file.truth("tokenizer.ggml.add_bos_token");
        let adds_start = adds_start.unwrap_or_else(|| file.text("tokenizer.ggml.model") == Some("llama"));
        Ok(Self { tokenizer, start, ends, end_text: end.map(|(_, text)| text).unwrap_or_default(), adds_start })
    }

    /// The tokens of a prompt in which control tokens may stand by name.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let mut tokens = self.encode_part(text)?;
        // Some templates write the first token, some leave it to the tokenizer.
        if let Some((start, _)) =
            self.start.as_ref().filter(|(start, _)| self.adds_start && tokens.first() != Some(start))
        {
            tokens.insert(0, *start);
        }
        Ok(tokens)
    }

    /// The tokens of a text that goes on another.
    pub(crate) fn encode_part(&self, text: &str) -> Result<Vec<u32>> {
        let encoded = self.tokenizer.encode_fast(text, false);
        let encoded = encoded.map_err(|error| Error::input_from("the prompt cannot be split into tokens", error))?;
        Ok(encoded.get_ids().to_vec())
    }

    /// The text of tokens.
    pub(crate) fn decode(&self, tokens: &[u32]) -> Result<String> {
        let text = self.tokenizer.decode(tokens, true);
        text.map_err(|error| Error::input_from("a token cannot be turned into text", error))
    }

    /// The tokenizer, to turn tokens back into text.
    pub(crate) fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    pub(crate) fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// How the first token of a conversation is written.
    pub(crate) fn start_text(&self) -> &str {
        self.start.as_ref().map_or("", |(_, text)| text)
    }

    /// How the token is written that ends a turn.
    pub(crate) fn end_text(&self) -> &str {
        &self.end_text
    }
}

fn from_metadata(file: &Gguf) -> Result<Tokenizer> {
    match file.text("tokenizer.ggml.model") {
        Some("gpt2") => {}
        kind => {
            let kind = kind.unwrap_or("none at all");
            let what = format!("its tokenizer ({kind}) is not read from metadata: put tokenizer.json beside the file");
            return Err(Error::file(file.path(), what));
        }
    }
    let texts = |key: &str| -> Result<Vec<&str>> {
        let list = file.list(key).ok_or_else(|| file.lacks(key))?;
        list.iter().map(|value| value.to_string().map(String::as_str).map_err(|_| file.lacks(key))).collect()
    };
    let broken = |error: tokenizers::Error| Error::file_from(file.path(), "no usable tokenizer within", error);

    let tokens = texts("tokenizer.ggml.tokens")?;
    let merges = texts("tokenizer.ggml.merges")?;
    let merges = merges.iter().filter_map(|merge| merge.split_once(' '));
    let merges = merges.map(|(one, other)| (one.to_owned(), other.to_owned())).collect();
    let vocabulary = tokens.iter().zip(0_u32..).map(|(token, id)| ((*token).to_owned(), id));
    let habits = file.text("tokenizer.ggml.pre").unwrap_or_default();
    let model = BPE::builder()
        .vocab_and_merges(vocabulary.collect::<Vocab>(), merges)
        // Llama 3 takes a word that is a token as it is, even if no merges lead there.
        .ignore_merges(pattern(habits).is_some_and(|_| habits.starts_with("llama")))
        .build()
        .map_err(broken)?;

    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_decoder(Some(ByteLevel::default()));
    let steps: Vec<PreTokenizerWrapper> = match pattern(habits) {
        Some(pattern) => {
            let pattern = SplitPattern::Regex(pattern.to_owned());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map_err(broken)?;
            vec![split.into(), ByteLevel::new(false, true, false).into()]
        }
        None if habits == "smollm" => vec![Digits::new(true).into(), ByteLevel::new(false, true, true).into()],
        None => vec![ByteLevel::new(false, true, true).into()],
    };
    tokenizer.with_pre_tokenizer(Some(Sequence::new(steps)));

    let kinds = file.list("tokenizer.ggml.token_type").unwrap_or_default();
    let special = tokens.iter().zip(kinds).filter_map(|(token, kind)| match kind {
        Value::I32(CONTROL) => Some(AddedToken::from(*token, true)),
        Value::I32(USER_DEFINED) => Some(AddedToken::from(*token, false)),
        _ => None,
    });
    let (control, plain): (Vec<_>, Vec<_>) = special.partition(|token| token.special);
    tokenizer.add_special_tokens(control).map_err(broken)?;
    tokenizer.add_tokens(plain).map_err(broken)?;
    Ok(tokenizer)
}
