//! Tokenizers of encoders: from `tokenizer.json`, or from a bare `vocab.txt` as BERT had it.

use std::path::{Path, PathBuf};

use tokenizers::models::bpe::Vocab;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{EncodeInput, Encoding, Tokenizer, TruncationParams};

use crate::error::{Error, Result};
use crate::files;

/// Turns texts into tokens and cuts them where the model ends.
pub(crate) struct Tokens {
    tokenizer: Tokenizer,
    path: PathBuf,
}

impl Tokens {
    /// Reads the tokenizer of a folder. Texts are cut at `limit` tokens.
    pub(crate) fn load(folder: &Path, limit: usize) -> Result<Self> {
        let (json, vocabulary) = (folder.join("tokenizer.json"), folder.join("vocab.txt"));
        let (mut tokenizer, path) = if json.exists() || !vocabulary.exists() {
            let tokenizer = Tokenizer::from_bytes(files::read(&json)?);
            (tokenizer.map_err(|error| Error::file_from(&json, "no readable tokenizer", error))?, json)
        } else {
            (from_vocabulary(&vocabulary)?, vocabulary)
        };
        // The file may ask for padding to a fixed length, which only costs time here: batches are padded by what is in them.
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(Some(TruncationParams { max_length: limit.max(8), ..TruncationParams::default() }))
            .map_err(|error| Error::file_from(&path, "a tokenizer that cannot cut texts", error))?;
        Ok(Self { tokenizer, path })
    }

    /// The tokens of a text or of a pair of texts, with those that open and close it.
    pub(crate) fn encode<'text>(&self, input: impl Into<EncodeInput<'text>>) -> Result<Encoding> {
        self.tokenizer
            .encode(input, true)
            .map_err(|error| Error::file_from(&self.path, "the tokenizer failed on a text", error))
    }
}

/// What `tokenizer.json` of an uncased BERT would say.
fn from_vocabulary(path: &Path) -> Result<Tokenizer> {
    let text = String::from_utf8_lossy(&files::read(path)?).into_owned();
    let vocabulary = text.lines().zip(0_u32..).map(|(token, id)| (token.to_owned(), id));
    let model = WordPiece::builder()
        .vocab(vocabulary.collect::<Vocab>())
        .unk_token("[UNK]".to_owned())
        .build()
        .map_err(|error| Error::file_from(path, "no readable vocabulary", error))?;
    let broken = |error| Error::file_from(path, "no usable vocabulary", error);
    let mut tokenizer = Tokenizer::new(model);
    let id = |token: &str| {
        tokenizer.token_to_id(token).ok_or_else(|| Error::file(path, format!("the vocabulary lacks {token}")))
    };
    let (open, close) = (id("[CLS]")?, id("[SEP]")?);
    tokenizer.with_normalizer(Some(BertNormalizer::default())).map_err(broken)?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(BertProcessing::new(("[SEP]".to_owned(), close), ("[CLS]".to_owned(), open))));
    Ok(tokenizer)
}
