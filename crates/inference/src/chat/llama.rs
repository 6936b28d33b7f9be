//! The network of the Llama family: layers of attention with a cache of what was read, and feed-forward.

use pulp::Arch;
use rayon::prelude::*;

use super::gguf::Gguf;
use super::matrix::Matrix;
use super::vectors::{add_scaled, dot};
use crate::error::{Error, Result};

/// Tokens of a prompt that pass through the network together.
const STRIDE: usize = 64;

/// The weights of a model; what it has read is in a [`Cache`].
pub(crate) struct Llama {
    shape: Shape,
    embeddings: Matrix,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    /// Where there is none, the embeddings serve for it.
    output: Option<Matrix>,
}

struct Shape {
    width: usize,
    heads: usize,
    shared_heads: usize,
    head: usize,
    context: usize,
    epsilon: f32,
    /// How fast each pair of numbers of a head turns with the position.
    speeds: Vec<f32>,
    /// Whether a pair is half a head apart, or side by side.
    halves: bool,
}

struct Layer {
    attention_norm: Vec<f32>,
    query: Projection,
    key: Projection,
    value: Projection,
    attention_output: Matrix,
    feed_norm: Vec<f32>,
    gate: Matrix,
    up: Matrix,
    down: Matrix,
}

/// A table with an offset, which Qwen2 has and Llama has not.
struct Projection {
    matrix: Matrix,
    offset: Option<Vec<f32>>,
}

/// Keys and values of all tokens read so far, by layer.
pub(crate) struct Cache {
    layers: Vec<(Vec<f32>, Vec<f32>)>,
    length: usize,
}

impl Cache {
    /// Tokens read so far.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Forgets all but the first tokens.
    pub(crate) fn forget_after(&mut self, length: usize) {
        for (keys, values) in &mut self.layers {
            // Each layer holds equally much of each token.
            let row = keys.len() / self.length.max(1);
            keys.truncate(length * row);
            values.truncate(length * row);
        }
        self.length = self.length.min(length);
    }
}

impl Llama {
    pub(crate) fn load(file: &mut Gguf) -> Result<Self> {
        let architecture = file.text("general.architecture").unwrap_or_default().to_owned();
        let halves = match architecture.as_str() {
            "llama" => false,
            "qwen2" => true,
            other => {
                return Err(Error::file(file.path(), format!("a model of the kind {other:?}, which is not read here")));
            }
        };
        if file.number("llama.expert_count").unwrap_or_default() > 1 {
            return Err(Error::file(file.path(), "a mixture of experts, which is not read here"));
        }
        let key = |name: &str| format!("{architecture}.{name}");
        let width = file.size(&key("embedding_length"))?;
        let heads = file.size(&key("attention.head_count"))?;
        let shared_heads = file.number(&key("attention.head_count_kv")).map_or(heads, |heads| heads as usize);
        let head = file.number(&key("attention.key_length")).map_or(width / heads, |head| head as usize);
        let turning = file.number(&key("rope.dimension_count")).map_or(head, |count| count as usize);
        let base = file.float(&key("rope.freq_base")).unwrap_or(10_000.0);
        let feed = file.size(&key("feed_forward_length"))?;
        let vocabulary = file.list("tokenizer.ggml.tokens").ok_or_else(|| file.lacks("tokenizer.ggml.tokens"))?.len();
        if shared_heads == 0 || !heads.is_multiple_of(shared_heads) || turning > head || head == 0 {
            return Err(Error::file(file.path(), "the sizes of its attention heads do not fit together"));
        }

        let mut speeds: Vec<f32> =
            (0..turning / 2).map(|pair| base.powf(-((2 * pair) as f32) / turning as f32)).collect();
        // Llama 3.1 and later turn slow pairs yet slower, to reach further back.
        if file.has_tensor("rope_freqs.weight") {
            let factors = file.vector("rope_freqs.weight", speeds.len())?;
            speeds.iter_mut().zip(factors).for_each(|(speed, factor)| *speed /= factor);
        }
        let shape = Shape {
            width,
            heads,
            shared_heads,
            head,
            context: file.size(&key("context_length"))?,
            epsilon: file.float(&key("attention.layer_norm_rms_epsilon")).unwrap_or(1e-5),
            speeds,
            halves,
        };
        let layers = (0..file.size(&key("block_count"))?)
            .map(|layer| Layer::load(file, layer, &shape, feed))
            .collect::<Result<_>>()?;
        Ok(Self {
            embeddings: file.table("token_embd.weight", vocabulary, width)?,
            norm: file.vector("output_norm.weight", width)?,
            output: match file.has_tensor("output.weight") {
                true => Some(file.matrix("output.weight", vocabulary, width)?),
                false => None,
            },
            layers,
            shape,
        })
    }

    /// Tokens that a conversation can have at most.
    pub(crate) fn context(&self) -> usize {
        self.shape.context
    }

    /// A memory in which nothing was read yet.
    pub(crate) fn cache(&self) -> Cache {
        Cache { layers: self.layers.iter().map(|_| (Vec::new(), Vec::new())).collect(), length: 0 }
    }

    /// Reads tokens after those in the cache, and says how likely each token is to follow: logits.
    pub(crate) fn read(&self, tokens: &[u32], cache: &mut Cache) -> Result<Vec<f32>> {
        if cache.length + tokens.len() > self.shape.context {
            return Err(Error::too_long(cache.length + tokens.len(), self.shape.context));
        }
        let mut last = Vec::new();
        for tokens in tokens.chunks(STRIDE) {
            let hidden = self.pass(tokens, cache)?;
            last = hidden.rchunks_exact(self.shape.width).next().unwrap_or_default().to_vec();
        }
        if last.is_empty() {
            return Err(Error::input("there is nothing to read"));
        }
        normalise(&mut last, &self.norm, self.shape.epsilon);
        Ok(self.output.as_ref().unwrap_or(&self.embeddings).multiply(&last)?)
    }

    /// Some tokens through all layers.
    fn pass(&self, tokens: &[u32], cache: &mut Cache) -> Result<Vec<f32>> {
        let mut hidden = Vec::with_capacity(tokens.len() * self.shape.width);
        for token in tokens {
            let row = self.embeddings.row(*token as usize);
            hidden.extend(row.ok_or_else(|| Error::compute(format!("there is no token {token}")))?);
        }
        let turns = self.shape.turns(cache.length, tokens.len());
        for (layer, (keys, values)) in self.layers.iter().zip(&mut cache.layers) {
            let mut normal = hidden.clone();
            normalise(&mut normal, &layer.attention_norm, self.shape.epsilon);
            let mut queries = layer.query.apply(&normal)?;
            let mut new_keys = layer.key.apply(&normal)?;
            self.shape.turn(&mut queries, self.shape.heads, &turns);
            self.shape.turn(&mut new_keys, self.shape.shared_heads, &turns);
            keys.extend(new_keys);
            values.extend(layer.value.apply(&normal)?);

            let attended = self.shape.attend(&queries, keys, values, cache.length);
            add_scaled(&mut hidden, &layer.attention_output.multiply(&attended)?, 1.0);

            let mut normal = hidden.clone();
            normalise(&mut normal, &layer.feed_norm, self.shape.epsilon);
            let mut gate = layer.gate.multiply(&normal)?;
            let up = layer.up.multiply(&normal)?;
            // SiLU of the gate, times the other branch.
            gate.iter_mut().zip(up).for_each(|(gate, up)| *gate = *gate / (1.0 + (-*gate).exp()) * up);
            add_scaled(&mut hidden, &layer.down.multiply(&gate)?, 1.0);
        }
        cache.length += tokens.len();
        Ok(hidden)
    }
}

impl Layer {
    fn load(file: &mut Gguf, layer: usize, shape: &Shape, feed: usize) -> Result<Self> {
        let name = |part: &str| format!("blk.{layer}.{part}");
        let (all, shared) = (shape.heads * shape.head, shape.shared_heads * shape.head);
        Ok(Self {
            attention_norm: file.vector(&name("attn_norm.weight"), shape.width)?,
            query: Projection::load(file, &name("attn_q"), all, shape.width)?,
            key: Projection::load(file, &name("attn_k"), shared, shape.width)?,
            value: Projection::load(file, &name("attn_v"), shared, shape.width)?,
            attention_output: file.matrix(&name("attn_output.weight"), shape.width, all)?,
            feed_norm: file.vector(&name("ffn_norm.weight"), shape.width)?,
            gate: file.matrix(&name("ffn_gate.weight"), feed, shape.width)?,
            up: file.matrix(&name("ffn_up.weight"), feed, shape.width)?,
            down: file.matrix(&name("ffn_down.weight"), shape.width, feed)?,
        })
    }
}

impl Projection {
    fn load(file: &mut Gguf, name: &str, rows: usize, columns: usize) -> Result<Self> {
        let offset = format!("{name}.bias");
        Ok(Self {
            matrix: file.matrix(&format!("{name}.weight"), rows, columns)?,
            offset: if file.has_tensor(&offset) { Some(file.vector(&offset, rows)?) } else { None },
        })
    }

    fn apply(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        let mut found = self.matrix.multiply(inputs)?;
        if let Some(offset) = &self.offset {
            found.chunks_exact_mut(offset.len()).for_each(|row| add_scaled(row, offset, 1.0));
        }
        Ok(found)
    }
}

impl Shape {
    /// Cosine and sine of every pair, position after position.
    fn turns(&self, from: usize, count: usize) -> Vec<(f32, f32)> {
        let positions = from..from + count;
        let pairs = positions.flat_map(|position| self.speeds.iter().map(move |speed| position as f32 * speed));
        pairs.map(|angle| (angle.cos(), angle.sin())).collect()
    }

    /// Marks queries or keys with their position, by turning pairs of numbers (RoPE).
    fn turn(&self, rows: &mut [f32], heads: usize, turns: &[(f32, f32)]) {
        let pairs = self.speeds.len();
        for (row, turns) in rows.chunks_exact_mut(heads * self.head).zip(turns.chunks_exact(pairs.max(1))) {
            for head in row.chunks_exact_mut(self.head) {
                if self.halves {
                    let (first, second) = head.split_at_mut(pairs.min(head.len()));
                    for ((a, b), turn) in first.iter_mut().zip(second).zip(turns) {
                        (*a, *b) = turned(*a, *b, *turn);
                    }
                } else {
                    for ([a, b], turn) in head.as_chunks_mut::<2>().0.iter_mut().zip(turns) {
                        (*a, *b) = turned(*a, *b, *turn);
                    }
                }
            }
        }
    }

    /// What each query finds: values, weighed by how well their keys fit.
    fn attend(&self, queries: &[f32], keys: &[f32], values: &[f32], before: usize) -> Vec<f32> {
        let (row, shared_row) = (self.heads * self.head, self.shared_heads * self.head);
        let mut found = vec![0.0; queries.len()];
        let arch = Arch::new();
        let one = |(place, (query, found)): (usize, (&[f32], &mut [f32]))| {
            let (token, head) = (place / self.heads, place % self.heads);
            // Several heads of queries share one of keys and values.
            let shared = head / (self.heads / self.shared_heads) * self.head;
            let seen = before + token + 1;
            arch.dispatch(|| self.attend_one(query, found, (keys, values), (seen, shared_row, shared)));
        };
        let work = queries.chunks_exact(self.head).zip(found.chunks_exact_mut(self.head)).enumerate();
        if rayon::current_num_threads() > 1 && queries.len() > row {
            work.par_bridge().for_each(one);
        } else {
            work.for_each(one);
        }
        found
    }

    #[inline(always)]
    fn attend_one(
        &self,
        query: &[f32],
        found: &mut [f32],
        (keys, values): (&[f32], &[f32]),
        (seen, row, start): (usize, usize, usize),
    ) {
        let scale = 1.0 / (self.head as f32).sqrt();
        let of_head = |row: &'_ [f32]| -> (usize, usize) { (start, (start + self.head).min(row.len())) };
        let mut weights: Vec<f32> = Vec::with_capacity(seen);
        for key in keys.chunks_exact(row).take(seen) {
            let (from, to) = of_head(key);
            weights.push(dot(query, key.get(from..to).unwrap_or_default()) * scale);
        }
        let largest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for weight in &mut weights {
            *weight = (*weight - largest).exp();
            sum += *weight;
        }
        for (value, weight) in values.chunks_exact(row).zip(&weights) {
            let (from, to) = of_head(value);
            add_scaled(found, value.get(from..to).unwrap_or_default(), weight / sum);
        }
    }
}

#[inline(always)]
fn turned(a: f32, b: f32, (cosine, sine): (f32, f32)) -> (f32, f32) {
    (a * cosine - b * sine, a * sine + b * cosine)
}

/// Brings each row to a mean square of one, then weighs its places (RMSNorm).
fn normalise(rows: &mut [f32], weights: &[f32], epsilon: f32) {
    for row in rows.chunks_exact_mut(weights.len().max(1)) {
        let square = dot(row, row) / row.len() as f32;
        let factor = 1.0 / (square + epsilon).sqrt();
        row.iter_mut().zip(weights).for_each(|(number, weight)| *number *= factor * weight);
    }
}
