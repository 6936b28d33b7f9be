//! Reads `model.bin` of CTranslate2 and gives its tensors the names that they have on the hub.
//!
//! The format: version, name and revision of the specification, then variables one after another, each with name, shape,
//! type and bytes, then aliases. Numbers are little-endian; texts carry their length and end with a zero.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};

use crate::error::{Error, Result};
use crate::files;

/// Tensors by name.
pub(crate) type Tensors = HashMap<String, Tensor>;

/// Variables have a type since this version of the format.
const TYPED: u32 = 4;

/// All tensors of a file with the names of the hub, as 32-bit numbers.
pub(crate) fn read(path: &Path) -> Result<Tensors> {
    let bytes = files::read(path)?;
    let variables = Variables::parse(&bytes).map_err(|what| Error::file(path, what))?;
    let mut tensors = Tensors::new();
    for variable in &variables {
        let renamed = variable.renamed();
        renamed
            .and_then(|renamed| {
                renamed.into_iter().try_for_each(|(name, tensor)| {
                    tensors.insert(name, tensor);
                    Ok(())
                })
            })
            .map_err(|error| Error::file_from(path, format!("the variable {} cannot be read", variable.name), error))?;
    }
    Ok(tensors)
}

struct Variables;

struct Variable<'bytes> {
    name: String,
    shape: Vec<usize>,
    kind: u8,
    bytes: &'bytes [u8],
}

impl Variables {
    fn parse(bytes: &[u8]) -> Result<Vec<Variable<'_>>, String> {
        let mut rest = Bytes(bytes);
        let version = rest.number()?;
        if !(TYPED..=6).contains(&version) {
            return Err(format!("version {version} of CTranslate2's format is not read here, or it is another format"));
        }
        let specification = rest.text()?;
        if specification != "WhisperSpec" {
            return Err(format!("a model of the kind {specification:?} instead of Whisper"));
        }
        let _revision = rest.number()?;
        let mut variables = Vec::new();
        for _ in 0..rest.number()? {
            let name = rest.text()?;
            let rank = rest.take(1)?.first().copied().unwrap_or_default();
            let shape =
                (0..rank).map(|_| rest.number().map(|size| size as usize)).collect::<Result<Vec<usize>, _>>()?;
            let kind = rest.take(1)?.first().copied().unwrap_or_default();
            let length = rest.number()? as usize;
            variables.push(Variable { name, shape, kind, bytes: rest.take(length)? });
        }
        // The only alias, the projection that shares the embeddings, is known; but without it the file is not whole.
        for _ in 0..rest.number()? {
            let (_alias, _variable) = (rest.text()?, rest.text()?);
        }
        Ok(variables)
    }
}

/// What of a file was not read yet.
struct Bytes<'bytes>(&'bytes [u8]);

impl<'bytes> Bytes<'bytes> {
    fn take(&mut self, count: usize) -> Result<&'bytes [u8], String> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("the file ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, String> {
        let bytes = self.take(4)?.first_chunk::<4>().ok_or("the file ends too early")?;
        Ok(u32::from_le_bytes(*bytes))
    }

    fn text(&mut self) -> Result<String, String> {
        let bytes = self.take(2)?.first_chunk::<2>().ok_or("the file ends too early")?;
        let text = self.take(u16::from_le_bytes(*bytes).into())?;
        Ok(String::from_utf8_lossy(text.strip_suffix(&[0]).unwrap_or(text)).into_owned())
    }
}

impl Variable<'_> {
    /// The tensors that the hub has in the place of this variable; none for what only CTranslate2 needs.
    fn renamed(&self) -> candle_core::Result<Vec<(String, Tensor)>> {
        let Some((side, rest)) = self.name.split_once('/') else { return Ok(Vec::new()) };
        let one = |name: &str| Ok(vec![(format!("model.{side}.{name}"), self.tensor()?)]);
        match rest {
            "embeddings/weight" => return one("embed_tokens.weight"),
            "position_encodings/encodings" => return one("embed_positions.weight"),
            "layer_norm/gamma" => return one("layer_norm.weight"),
            "layer_norm/beta" => return one("layer_norm.bias"),
            _ => {}
        }
        if let Some(rest) = rest.strip_prefix("conv") {
            return one(&format!("conv{}", rest.replace('/', ".")));
        }
        let Some((layer, rest)) = rest.strip_prefix("layer_").and_then(|rest| rest.split_once('/')) else {
            return Ok(Vec::new());
        };
        let Some((part, rest)) = rest.split_once('/') else { return Ok(Vec::new()) };
        let Some((place, what)) = rest.split_once('/') else { return Ok(Vec::new()) };
        let what = match what {
            "gamma" => "weight",
            "beta" => "bias",
            other => other,
        };
        // Projections of one input are stored as one: all three of self-attention, keys and values of the other.
        let places: &[&str] = match (part, place) {
            ("self_attention", "layer_norm") => &["self_attn_layer_norm"],
            ("self_attention", "linear_0") => &["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            ("self_attention", "linear_1") => &["self_attn.out_proj"],
            ("attention", "layer_norm") => &["encoder_attn_layer_norm"],
            ("attention", "linear_0") => &["encoder_attn.q_proj"],
            ("attention", "linear_1") => &["encoder_attn.k_proj", "encoder_attn.v_proj"],
            ("attention", "linear_2") => &["encoder_attn.out_proj"],
            ("ffn", "layer_norm") => &["final_layer_norm"],
            ("ffn", "linear_0") => &["fc1"],
            ("ffn", "linear_1") => &["fc2"],
            _ => &[],
        };
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let parts = self.tensor()?.chunk(places.len(), 0)?;
        let named = places.iter().zip(parts);
        named
            .map(|(place, part)| Ok((format!("model.{side}.layers.{layer}.{place}.{what}"), part.contiguous()?)))
            .collect()
    }

    fn tensor(&self) -> candle_core::Result<Tensor> {
        let kind = match self.kind {
            0 => DType::F32,
            4 => DType::F16,
            5 => DType::BF16,
            kind => candle_core::bail!("numbers of the kind {kind} are not read here: convert with float16 or float32"),
        };
        let count = self.shape.iter().try_fold(1_usize, |count, size| count.checked_mul(*size));
        if count.and_then(|count| count.checked_mul(kind.size_in_bytes())) != Some(self.bytes.len()) {
            candle_core::bail!("{} bytes do not make the shape {:?}", self.bytes.len(), self.shape);
        }
        Tensor::from_raw_buffer(self.bytes, kind, &self.shape, &Device::Cpu)?.to_dtype(DType::F32)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn text(text: &str) -> Vec<u8> {
        let mut bytes = u16::try_from(text.len() + 1).unwrap().to_le_bytes().to_vec();
        bytes.extend(text.bytes());
        bytes.push(0);
        bytes
    }

    fn file(specification: &str, variables: &[(&str, &[u32], &[f32])]) -> Vec<u8> {
        let mut bytes = 6_u32.to_le_bytes().to_vec();
        bytes.extend(text(specification));
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(u32::try_from(variables.len()).unwrap().to_le_bytes());
        for (name, shape, numbers) in variables {
            bytes.extend(text(name));
            bytes.push(u8::try_from(shape.len()).unwrap());
            bytes.extend(shape.iter().flat_map(|size| size.to_le_bytes()));
            bytes.push(0);
            bytes.extend(u32::try_from(numbers.len() * 4).unwrap().to_le_bytes());
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        }
        bytes.extend(0_u32.to_le_bytes());
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Result<Tensors> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        std::fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn joined_projections_are_taken_apart() {
        let bytes = file(
            "WhisperSpec",
            &[
                ("encoder/layer_3/self_attention/linear_0/bias", &[3], &[1.0, 2.0, 3.0]),
                ("decoder/layer_0/attention/linear_1/weight", &[2, 1], &[4.0, 5.0]),
                ("decoder/layer_norm/gamma", &[1], &[6.0]),
                ("encoder/conv1/weight", &[1, 1, 1], &[7.0]),
            ],
        );
        let tensors = read_bytes(&bytes).unwrap();
        for (name, expected) in [
            ("model.encoder.layers.3.self_attn.q_proj.bias", 1.0_f32),
            ("model.encoder.layers.3.self_attn.k_proj.bias", 2.0),
            ("model.encoder.layers.3.self_attn.v_proj.bias", 3.0),
            ("model.decoder.layers.0.encoder_attn.k_proj.weight", 4.0),
            ("model.decoder.layers.0.encoder_attn.v_proj.weight", 5.0),
            ("model.decoder.layer_norm.weight", 6.0),
            ("model.encoder.conv1.weight", 7.0),
        ] {
            assert_eq!(
                tensors.get(name).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap(),
                [expected],
                "{name}"
            );
        }
    }

    #[test]
    fn a_broken_file_is_named() {
        let whole = file("WhisperSpec", &[("decoder/layer_norm/gamma", &[2], &[6.0, 7.0])]);
        for length in 0..whole.len() {
            let error = read_bytes(whole.get(..length).unwrap()).unwrap_err();
            assert!(error.is_bad_file() && error.to_string().contains("model.bin"), "{error}");
        }
        let shape = file("WhisperSpec", &[("decoder/layer_norm/gamma", &[u32::MAX, u32::MAX, 9], &[6.0])]);
        assert!(read_bytes(&shape).unwrap_err().is_bad_file());
        assert!(read_bytes(&file("TransformerSpec", &[])).unwrap_err().to_string().contains("TransformerSpec"));
    }
}
