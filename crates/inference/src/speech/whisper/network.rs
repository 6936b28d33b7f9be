//! The network: an encoder that hears 30 seconds, and a decoder that writes with a memory of what it wrote.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{Conv1d, Conv1dConfig, LayerNorm, Linear, Module as _, VarBuilder, conv1d, ops};

use super::ctranslate::Tensors;

/// Numbers in an attention head, in Whisper of any size.
const HEAD: usize = 64;

/// The weights of a model.
pub(crate) struct Network {
    first: Conv1d,
    second: Conv1d,
    positions: Tensor,
    encoder: Vec<Block>,
    encoder_norm: LayerNorm,
    embeddings: Tensor,
    places: Tensor,
    decoder: Vec<Block>,
    decoder_norm: LayerNorm,
    /// Tokens that can be told apart.
    pub(crate) vocabulary: usize,
    /// Tokens that the decoder can hold.
    pub(crate) context: usize,
    /// Bands of pitch that the encoder listens to.
    pub(crate) bands: usize,
}

struct Block {
    attention: Attention,
    attention_norm: LayerNorm,
    /// Attention to what was heard, which only the decoder has.
    listening: Option<(Attention, LayerNorm)>,
    wide: Linear,
    narrow: Linear,
    norm: LayerNorm,
}

struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
}

/// Keys and values, by heads.
#[derive(Clone)]
struct Memory {
    keys: Tensor,
    values: Tensor,
}

/// What a decoder has heard and written: one for each answer.
pub(crate) struct Decoding {
    heard: Vec<Memory>,
    written: Vec<Option<Memory>>,
    length: usize,
}

impl Network {
    /// Builds the network from tensors by their names on the hub, whose shapes say its size.
    pub(crate) fn new(tensors: Tensors) -> Result<Self> {
        let shape = |name: &str| match tensors.get(name) {
            Some(tensor) => Ok(tensor.dims().to_vec()),
            None => candle_core::bail!("there is no tensor {name}"),
        };
        let (conv, embeddings) = (shape("model.encoder.conv1.weight")?, shape("model.decoder.embed_tokens.weight")?);
        let places = shape("model.decoder.embed_positions.weight")?;
        let ([width, bands, _], [vocabulary, _], [context, _]) =
            (conv.as_slice(), embeddings.as_slice(), places.as_slice())
        else {
            candle_core::bail!("the tensors have other shapes than Whisper's")
        };
        let (width, bands, vocabulary, context) = (*width, *bands, *vocabulary, *context);
        if width == 0 || !width.is_multiple_of(HEAD) {
            candle_core::bail!("a width of {width} is not made of heads of {HEAD}");
        }
        let layers = |side: &str| {
            (0..).take_while(|layer| tensors.contains_key(&format!("model.{side}.layers.{layer}.fc1.weight"))).count()
        };
        let (encoders, decoders) = (layers("encoder"), layers("decoder"));

        let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu).pp("model");
        let (encoder, decoder) = (weights.pp("encoder"), weights.pp("decoder"));
        let padded = |stride| Conv1dConfig { padding: 1, stride, ..Conv1dConfig::default() };
        let length = super::mel::WINDOW / 2;
        Ok(Self {
            first: conv1d(bands, width, 3, padded(1), encoder.pp("conv1"))?,
            second: conv1d(width, width, 3, padded(2), encoder.pp("conv2"))?,
            positions: encoder.get((length, width), "embed_positions.weight")?,
            encoder: blocks(&encoder, encoders, width, false)?,
            encoder_norm: norm(width, encoder.pp("layer_norm"))?,
            embeddings: decoder.get((vocabulary, width), "embed_tokens.weight")?,
            places: decoder.get((context, width), "embed_positions.weight")?,
            decoder: blocks(&decoder, decoders, width, true)?,
            decoder_norm: norm(width, decoder.pp("layer_norm"))?,
            vocabulary,
            context,
            bands,
        })
    }

    /// Layers of the decoder.
    pub(crate) fn layers(&self) -> usize {
        self.decoder.len()
    }

    /// Heads of each layer.
    pub(crate) fn heads(&self) -> Result<usize> {
        Ok(self.embeddings.dim(1)? / HEAD)
    }

    /// Hears 30 seconds of bands: a row for each 20 thousandths of a second.
    pub(crate) fn hear(&self, bands: &Tensor) -> Result<Tensor> {
        let hidden = self.first.forward(bands)?.gelu_erf()?;
        let hidden = self.second.forward(&hidden)?.gelu_erf()?;
        let mut hidden = (hidden.squeeze(0)?.t()?.contiguous()? + &self.positions)?;
        for block in &self.encoder {
            hidden = block.hear(&hidden)?;
        }
        self.encoder_norm.forward(&hidden)
    }

    /// A decoder that has heard this and written nothing.
    pub(crate) fn start(&self, heard: &Tensor) -> Result<Decoding> {
        let listening = self.decoder.iter().filter_map(|block| block.listening.as_ref());
        let heard = listening.map(|(attention, _)| attention.remember(heard)).collect::<Result<Vec<_>>>()?;
        Ok(Decoding { heard, written: vec![None; self.decoder.len()], length: 0 })
    }

    /// Reads tokens after those written: a row a token. With `watch`, also where each layer listened: heads by tokens by
    /// places in the sound.
    pub(crate) fn read(
        &self,
        tokens: &[u32],
        decoding: &mut Decoding,
        mut watch: Option<&mut Vec<Tensor>>,
    ) -> Result<Tensor> {
        let ids = Tensor::new(tokens, &Device::Cpu)?;
        let places = self.places.narrow(0, decoding.length, tokens.len())?;
        let mut hidden = (self.embeddings.index_select(&ids, 0)? + places)?;
        let mask = if tokens.len() > 1 { Some(mask(tokens.len(), decoding.length)?) } else { None };
        for ((block, heard), written) in self.decoder.iter().zip(&decoding.heard).zip(&mut decoding.written) {
            let (passed, listened) = block.write(&hidden, heard, written, mask.as_ref())?;
            hidden = passed;
            if let Some(watch) = &mut watch {
                watch.push(listened);
            }
        }
        decoding.length += tokens.len();
        self.decoder_norm.forward(&hidden)
    }

    /// How likely each token is to follow, from one row: logits.
    pub(crate) fn logits(&self, row: &Tensor) -> Result<Vec<f32>> {
        row.reshape((1, ()))?.matmul(&self.embeddings.t()?)?.flatten_all()?.to_vec1()
    }
}

impl Block {
    fn load(weights: &VarBuilder<'_>, width: usize, listens: bool) -> Result<Self> {
        let listening = match listens {
            true => Some((
                Attention::load(&weights.pp("encoder_attn"), width)?,
                norm(width, weights.pp("encoder_attn_layer_norm"))?,
            )),
            false => None,
        };
        Ok(Self {
            attention: Attention::load(&weights.pp("self_attn"), width)?,
            attention_norm: norm(width, weights.pp("self_attn_layer_norm"))?,
            listening,
            wide: linear(width, 4 * width, &weights.pp("fc1"))?,
            narrow: linear(4 * width, width, &weights.pp("fc2"))?,
            norm: norm(width, weights.pp("final_layer_norm"))?,
        })
    }

    fn hear(&self, hidden: &Tensor) -> Result<Tensor> {
        let normal = self.attention_norm.forward(hidden)?;
        let (found, _) = self.attention.attend(&normal, &self.attention.remember(&normal)?, None)?;
        self.feed((hidden + found)?)
    }

    /// The rows passed on, and where they listened.
    fn write(
        &self,
        hidden: &Tensor,
        heard: &Memory,
        written: &mut Option<Memory>,
        mask: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let normal = self.attention_norm.forward(hidden)?;
        let memory = self.attention.remember(&normal)?.after(written.as_ref())?;
        let (found, _) = self.attention.attend(&normal, &memory, mask)?;
        *written = Some(memory);
        let hidden = (hidden + found)?;
        let Some((listening, norm)) = &self.listening else {
            candle_core::bail!("a layer of the decoder that does not listen")
        };
        let (found, listened) = listening.attend(&norm.forward(&hidden)?, heard, None)?;
        Ok((self.feed((hidden + found)?)?, listened))
    }

    fn feed(&self, hidden: Tensor) -> Result<Tensor> {
        let wide = self.wide.forward(&self.norm.forward(&hidden)?)?.gelu_erf()?;
        hidden + self.narrow.forward(&wide)?
    }
}

impl Attention {
    fn load(weights: &VarBuilder<'_>, width: usize) -> Result<Self> {
        Ok(Self {
            query: linear(width, width, &weights.pp("q_proj"))?,
            // Whisper's keys have no offset; a file may carry one of zeros.
            key: Linear::new(weights.pp("k_proj").get((width, width), "weight")?, None),
            value: linear(width, width, &weights.pp("v_proj"))?,
            output: linear(width, width, &weights.pp("out_proj"))?,
        })
    }

    fn remember(&self, rows: &Tensor) -> Result<Memory> {
        Ok(Memory { keys: by_heads(&self.key.forward(rows)?)?, values: by_heads(&self.value.forward(rows)?)? })
    }

    /// What each row finds in a memory, and how much of each place it took: heads by rows by places.
    fn attend(&self, rows: &Tensor, memory: &Memory, mask: Option<&Tensor>) -> Result<(Tensor, Tensor)> {
        let queries = (by_heads(&self.query.forward(rows)?)? * (HEAD as f64).powf(-0.5))?;
        let mut scores = queries.matmul(&memory.keys.t()?)?;
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        let weights = ops::softmax_last_dim(&scores)?;
        let found = weights.matmul(&memory.values)?.transpose(0, 1)?.flatten_from(1)?;
        Ok((self.output.forward(&found)?, weights))
    }
}

impl Memory {
    /// This memory after an older one.
    fn after(self, older: Option<&Self>) -> Result<Self> {
        let Some(older) = older else { return Ok(self) };
        Ok(Self {
            keys: Tensor::cat(&[&older.keys, &self.keys], 1)?,
            values: Tensor::cat(&[&older.values, &self.values], 1)?,
        })
    }
}

/// Rows of numbers as heads of rows.
fn by_heads(rows: &Tensor) -> Result<Tensor> {
    let (count, width) = rows.dims2()?;
    rows.reshape((count, width / HEAD, HEAD))?.transpose(0, 1)?.contiguous()
}

/// Hides from each of `count` new rows those that come after it.
fn mask(count: usize, before: usize) -> Result<Tensor> {
    let rows = (0..count).flat_map(|row| {
        (0..before + count).map(move |place| if place > before + row { f32::NEG_INFINITY } else { 0.0 })
    });
    Tensor::from_iter(rows, &Device::Cpu)?.reshape((count, before + count))
}

fn blocks(side: &VarBuilder<'_>, count: usize, width: usize, listens: bool) -> Result<Vec<Block>> {
    (0..count).map(|layer| Block::load(&side.pp(format!("layers.{layer}")), width, listens)).collect()
}

fn linear(inputs: usize, outputs: usize, weights: &VarBuilder<'_>) -> Result<Linear> {
    candle_nn::linear(inputs, outputs, weights.clone())
}

fn norm(width: usize, weights: VarBuilder<'_>) -> Result<LayerNorm> {
    candle_nn::layer_norm(width, 1e-5, weights)
}
