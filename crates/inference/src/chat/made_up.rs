//! Small made-up models, and what candle's own networks make of the same files.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Content, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_llama, quantized_qwen2};

use super::gguf::Gguf;
use super::llama::Llama;

const WIDTH: usize = 256;
const FEED: usize = 512;
const HEADS: usize = 4;
const SHARED: usize = 2;
const VOCABULARY: usize = 40;
const LAYERS: usize = 2;

/// Numbers that look random and are always the same.
fn numbers(name: &str, count: usize) -> Vec<f32> {
    let seed = name.bytes().fold(17_u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 8) as f32 / (1 << 24) as f32 - 0.5)
    };
    std::iter::successors(Some(seed), |state| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
        .take(count)
        .filter_map(|state| next(&mut state.clone()))
        .collect()
}

/// Writes a model of numbers rounded to `kind`, and stores them in that form or as `whole` numbers.
fn write(path: &Path, architecture: &str, kind: GgmlDType, whole: bool) {
    let tensor = |name: &str, shape: &[usize], kind: GgmlDType, around: f32, spread: f32| {
        let numbers: Vec<f32> =
            numbers(name, shape.iter().product()).iter().map(|number| around + spread * number).collect();
        let tensor = Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap();
        let rounded = QTensor::quantize(&tensor, kind).unwrap();
        let plain = || QTensor::quantize(&rounded.dequantize(&Device::Cpu).unwrap(), GgmlDType::F32).unwrap();
        (name.to_owned(), if whole { plain() } else { rounded })
    };
    let table = |name: &str, rows: usize, columns: usize| tensor(name, &[rows, columns], kind, 0.0, 0.3);
    let norm = |name: &str| tensor(name, &[WIDTH], GgmlDType::F32, 1.0, 0.5);
    let offset = |name: &str, rows: usize| tensor(name, &[rows], GgmlDType::F32, 0.0, 1.0);
    let shared = WIDTH / HEADS * SHARED;
    let mut tensors = vec![
        table("token_embd.weight", VOCABULARY, WIDTH),
        norm("output_norm.weight"),
        table("output.weight", VOCABULARY, WIDTH),
    ];
    for layer in 0..LAYERS {
        let name = |part: &str| format!("blk.{layer}.{part}");
        tensors.extend([
            norm(&name("attn_norm.weight")),
            table(&name("attn_q.weight"), WIDTH, WIDTH),
            table(&name("attn_k.weight"), shared, WIDTH),
            table(&name("attn_v.weight"), shared, WIDTH),
            table(&name("attn_output.weight"), WIDTH, WIDTH),
            norm(&name("ffn_norm.weight")),
            table(&name("ffn_gate.weight"), FEED, WIDTH),
            table(&name("ffn_up.weight"), FEED, WIDTH),
            table(&name("ffn_down.weight"), WIDTH, FEED),
        ]);
        if architecture == "qwen2" {
            tensors.extend([
                offset(&name("attn_q.bias"), WIDTH),
                offset(&name("attn_k.bias"), shared),
                offset(&name("attn_v.bias"), shared),
            ]);
        }
    }
    let key = |name: &str| format!("{architecture}.{name}");
    let count = |number: usize| Value::U32(u32::try_from(number).unwrap());
    let metadata = [
        ("general.architecture".to_owned(), Value::String(architecture.to_owned())),
        (key("embedding_length"), count(WIDTH)),
        (key("feed_forward_length"), count(FEED)),
        (key("block_count"), count(LAYERS)),
        (key("context_length"), count(24)),
        (key("attention.head_count"), count(HEADS)),
        (key("attention.head_count_kv"), count(SHARED)),
        (key("rope.dimension_count"), count(WIDTH / HEADS)),
        (key("rope.freq_base"), Value::F32(10_000.0)),
        (key("attention.layer_norm_rms_epsilon"), Value::F32(1e-5)),
        ("tokenizer.ggml.tokens".to_owned(), Value::Array(vec![Value::String("x".to_owned()); VOCABULARY])),
    ];
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(path).unwrap(), &metadata, &tensors).unwrap();
}

/// What candle says of tokens, all read at once.
fn expected(path: &Path, architecture: &str, tokens: &[u32]) -> Vec<f32> {
    let mut reader = BufReader::new(File::open(path).unwrap());
    let content = Content::read(&mut reader).unwrap();
    let input = Tensor::new(tokens, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
    let logits = match architecture {
        "llama" => {
            quantized_llama::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).unwrap().forward(&input, 0)
        }
        _ => quantized_qwen2::ModelWeights::from_gguf(content, &mut reader, &Device::Cpu).unwrap().forward(&input, 0),
    };
    logits.unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[track_caller]
fn check(architecture: &str, kind: GgmlDType, near: f32) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    write(&path, architecture, kind, false);
    let model = Llama::load(&mut Gguf::open(&path).unwrap()).unwrap();
    let tokens: Vec<u32> = (0..12).map(|place| place * 7 % 40).collect();
    let whole = folder.path().join("whole.gguf");
    write(&whole, architecture, kind, true);
    let expected = expected(&whole, architecture, &tokens);

    let at_once = model.read(&tokens, &mut model.cache()).unwrap();
    let mut cache = model.cache();
    let (start, rest) = tokens.split_at(5);
    let mut in_steps = model.read(start, &mut cache).unwrap();
    for token in rest {
        in_steps = model.read(&[*token], &mut cache).unwrap();
    }
    assert_eq!(expected.len(), VOCABULARY);
    for ((at_once, in_steps), expected) in at_once.iter().zip(&in_steps).zip(&expected) {
        assert!((at_once - in_steps).abs() < 1e-3, "{architecture} {kind:?}: {at_once} in steps is {in_steps}");
        assert!((at_once - expected).abs() < near, "{architecture} {kind:?}: {at_once} is not {expected}");
    }
    let error = model.read(&tokens, &mut cache).and_then(|_| model.read(&[1], &mut cache)).unwrap_err();
    assert!(error.is_too_long(), "{error}");
}

#[test]
fn llama_is_what_candle_makes_of_it() {
    check("llama", GgmlDType::Q8_0, 1e-3);
    check("llama", GgmlDType::Q4_1, 1e-3);
    check("llama", GgmlDType::Q5_0, 1e-3);
    // K-quants are candle's, which rounds activations to 8 bits; single numbers are rounded so here.
    check("llama", GgmlDType::Q4K, 0.25);
    check("llama", GgmlDType::F32, 0.25);
}

#[test]
fn qwen_is_what_candle_makes_of_it() {
    check("qwen2", GgmlDType::Q8_0, 1e-3);
}
