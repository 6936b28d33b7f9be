//! Reading GGUF files: metadata by name and tensors in the form that computes fast.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::QTensor;
use candle_core::quantized::gguf_file::{Content, Value};

use super::matrix::Matrix;
use crate::error::{Error, Result};
use crate::files;

/// An open GGUF file.
pub(crate) struct Gguf {
    path: PathBuf,
    content: Content,
    reader: BufReader<File>,
}

impl Gguf {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut reader = BufReader::new(File::open(path).map_err(|error| files::unreadable(path, error))?);
        let content =
            Content::read(&mut reader).map_err(|error| Error::file_from(path, "no readable GGUF file", error))?;
        Ok(Self { path: path.to_owned(), content, reader })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.content.metadata.get(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.to_string().ok().map(String::as_str)
    }

    pub(crate) fn truth(&self, key: &str) -> Option<bool> {
        self.get(key)?.to_bool().ok()
    }

    /// A number that fits into 32 bits, whatever its width in the file.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        match *self.get(key)? {
            Value::U8(number) => Some(number.into()),
            Value::U16(number) => Some(number.into()),
            Value::U32(number) => Some(number),
            Value::I32(number) => number.try_into().ok(),
            Value::U64(number) => number.try_into().ok(),
            Value::I64(number) => number.try_into().ok(),
            _ => None,
        }
    }

    /// As [`Gguf::number`], where a model cannot do without it.
    pub(crate) fn size(&self, key: &str) -> Result<usize> {
        let number = self.number(key).filter(|number| *number > 0);
        number.map(|number| number as usize).ok_or_else(|| self.lacks(key))
    }

    pub(crate) fn float(&self, key: &str) -> Option<f32> {
        self.get(key)?.to_f32().ok()
    }

    pub(crate) fn list(&self, key: &str) -> Option<&[Value]> {
        self.get(key)?.to_vec().ok().map(Vec::as_slice)
    }

    pub(crate) fn lacks(&self, key: &str) -> Error {
        Error::file(&self.path, format!("the file lacks {key}"))
    }

    pub(crate) fn has_tensor(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// A table of numbers, its shape checked.
    pub(crate) fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Matrix> {
        let tensor = self.tensor(name, &[rows, columns])?;
        Matrix::new(tensor, rows, columns).map_err(|error| self.broken(name, error))
    }

    /// A table whose rows are looked up, its shape checked.
    pub(crate) fn table(&mut self, name: &str, rows: usize, columns: usize) -> Result<Matrix> {
        let tensor = self.tensor(name, &[rows, columns])?;
        Matrix::in_blocks(&tensor, rows, columns).map_err(|error| self.broken(name, error))
    }

    /// A row of numbers, its length checked.
    pub(crate) fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let tensor = self.tensor(name, &[length])?;
        let numbers = tensor.dequantize(&Device::Cpu).and_then(|tensor| tensor.to_vec1());
        numbers.map_err(|error| self.broken(name, error))
    }

    fn tensor(&mut self, name: &str, shape: &[usize]) -> Result<QTensor> {
        let tensor = self.content.tensor(&mut self.reader, name, &Device::Cpu);
        let tensor = tensor.map_err(|error| self.broken(name, error))?;
        if tensor.shape().dims() != shape {
            let found = tensor.shape().dims();
            return Err(Error::file(&self.path, format!("the tensor {name} is {found:?} instead of {shape:?}")));
        }
        Ok(tensor)
    }

    fn broken(&self, name: &str, error: candle_core::Error) -> Error {
        Error::file_from(&self.path, format!("the tensor {name} cannot be read"), error)
    }
}
