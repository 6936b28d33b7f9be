//! Reading the files of a set, with errors that name the file.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// All bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, error))
}

/// A JSON document of the shape that is wanted.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&read(path)?).map_err(|error| Error::file_from(path, "not the JSON that is expected", error))
}

/// As [`read_json`], where a file may be missing.
pub(crate) fn read_json_if_any<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if path.exists() { read_json(path).map(Some) } else { Ok(None) }
}

/// The tensors of a safetensors file as 32-bit numbers.
pub(crate) fn read_safetensors(path: &Path) -> Result<VarBuilder<'static>> {
    VarBuilder::from_buffered_safetensors(read(path)?, DType::F32, &Device::Cpu)
        .map_err(|error| Error::file_from(path, "no readable safetensors file", error))
}

/// The same as [`read_safetensors`], by name.
pub(crate) fn read_tensors(path: &Path) -> Result<HashMap<String, Tensor>> {
    let broken = |error| Error::file_from(path, "no readable safetensors file", error);
    let tensors = candle_core::safetensors::load_buffer(&read(path)?, &Device::Cpu).map_err(broken)?;
    let numbers = tensors.into_iter().map(|(name, tensor)| Ok((name, tensor.to_dtype(DType::F32)?)));
    numbers.collect::<candle_core::Result<_>>().map_err(broken)
}

/// Why a file could not be opened or read.
pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Error {
    let what = if error.kind() == ErrorKind::NotFound { "the file is missing" } else { "the file cannot be read" };
    Error::file_from(path, what, error)
}

/// Names the file in an error of candle's that arose while its tensors became a model.
pub(crate) fn unfit(path: &Path) -> impl Fn(candle_core::Error) -> Error {
    move |error| Error::file_from(path, "does not hold the weights that its configuration describes", error)
}
