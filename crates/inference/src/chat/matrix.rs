//! Tables of quantised numbers, and their product with rows of activations: where a chat model spends its time.
//!
//! Weights are 8-bit integers in blocks of 32 with one scale each. Block formats for which candle has no fast path (Q4_1
//! among them) are brought into this one as they are read; K-quants stay as they are and are left to candle.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{Device, Module as _, Result, Tensor};
use half::f16;
use rayon::prelude::*;

use super::vectors::{self, BLOCK, Block, Row};

/// Bytes of a block in a GGUF file: a 16-bit scale and 32 integers.
const STORED: usize = 2 + BLOCK;

/// A table of `rows` times `columns` numbers.
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    numbers: Numbers,
}

enum Numbers {
    Blocks(Blocks),
    Candle(QMatMul),
}

/// Numbers as blocks, row after row.
#[derive(Default)]
pub(crate) struct Blocks {
    integers: Vec<Block>,
    scales: Vec<f32>,
}

impl Blocks {
    /// Rounds numbers, whose count must be a multiple of the block's length.
    pub(crate) fn quantise(numbers: &[f32]) -> Self {
        let mut blocks = Self::default();
        for chunk in numbers.chunks_exact(BLOCK) {
            let largest = chunk.iter().fold(0_f32, |largest, number| largest.max(number.abs()));
            let scale = largest / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            let mut block = [0; BLOCK];
            for (integer, number) in block.iter_mut().zip(chunk) {
                *integer = (number * inverse).round() as i8;
            }
            blocks.integers.push(block);
            blocks.scales.push(scale);
        }
        blocks
    }

    /// Takes over blocks as they are stored.
    fn from_stored(bytes: &[u8]) -> Self {
        let mut blocks = Self::default();
        for stored in bytes.chunks_exact(STORED) {
            let Some((scale, integers)) = stored.split_first_chunk::<2>() else { continue };
            let mut block = [0; BLOCK];
            for (integer, byte) in block.iter_mut().zip(integers) {
                *integer = byte.cast_signed();
            }
            blocks.integers.push(block);
            blocks.scales.push(f16::from_le_bytes(*scale).to_f32());
        }
        blocks
    }

    /// The rows of a table whose rows have `width` blocks.
    fn rows(&self, width: usize) -> Vec<Row<'_>> {
        let integers = self.integers.chunks_exact(width);
        integers.zip(self.scales.chunks_exact(width)).map(|(integers, scales)| Row { integers, scales }).collect()
    }
}

impl Matrix {
    pub(crate) fn new(tensor: QTensor, rows: usize, columns: usize) -> Result<Self> {
        let numbers = match tensor.dtype() {
            GgmlDType::Q8_0 => Numbers::Blocks(Blocks::from_stored(&tensor.data()?)),
            GgmlDType::Q2K | GgmlDType::Q3K | GgmlDType::Q4K | GgmlDType::Q5K | GgmlDType::Q6K | GgmlDType::Q8K => {
                Numbers::Candle(QMatMul::from_qtensor(tensor)?)
            }
            _ if columns.is_multiple_of(BLOCK) => Numbers::Blocks(quantised(&tensor)?),
            _ => Numbers::Candle(QMatMul::from_qtensor(tensor)?),
        };
        Ok(Self { rows, columns, numbers })
    }

    /// The same table in blocks, whatever its form was: single rows of it can be read.
    pub(crate) fn in_blocks(tensor: &QTensor, rows: usize, columns: usize) -> Result<Self> {
        let numbers = match tensor.dtype() {
            GgmlDType::Q8_0 => Blocks::from_stored(&tensor.data()?),
            _ => quantised(tensor)?,
        };
        Ok(Self { rows, columns, numbers: Numbers::Blocks(numbers) })
    }

    /// One row as plain numbers; nothing where there is no such row or the table is not in blocks.
    pub(crate) fn row(&self, row: usize) -> Option<Vec<f32>> {
        let Numbers::Blocks(blocks) = &self.numbers else { return None };
        let width = self.columns / BLOCK;
        let integers = blocks.integers.get(row * width..(row + 1) * width)?;
        let scales = blocks.scales.get(row * width..(row + 1) * width)?;
        let numbers = integers.iter().zip(scales);
        Some(numbers.flat_map(|(block, scale)| block.map(|integer| f32::from(integer) * scale)).collect())
    }

    /// The product with each row of `inputs`: `rows` numbers a row.
    pub(crate) fn multiply(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        self.multiply_prepared(&Inputs::new(inputs, self.columns))
    }

    /// As [`Matrix::multiply`], for inputs that several tables read.
    pub(crate) fn multiply_prepared(&self, inputs: &Inputs<'_>) -> Result<Vec<f32>> {
        match &self.numbers {
            Numbers::Blocks(blocks) => Ok(self.multiply_blocks(blocks, inputs)),
            Numbers::Candle(matrix) => {
                let count = inputs.numbers.len() / self.columns;
                let inputs = Tensor::from_slice(&inputs.numbers, (count, self.columns), &Device::Cpu)?;
                matrix.forward(&inputs)?.flatten_all()?.to_vec1()
            }
        }
    }

    fn multiply_blocks(&self, blocks: &Blocks, inputs: &Inputs<'_>) -> Vec<f32> {
        let width = self.columns / BLOCK;
        let inputs = inputs.blocks.rows(width);
        let weights = blocks.rows(width);
        let mut products = vec![0.0; self.rows * inputs.len()];
        // Each thread takes a run of rows of the table; within it the products of one row stand together.
        let share = self.rows.div_ceil(rayon::current_num_threads()).next_multiple_of(4);
        let runs = weights.chunks(share).zip(products.chunks_mut(share * inputs.len()));
        if weights.len() > share {
            runs.par_bridge().for_each(|(weights, products)| vectors::products(weights, &inputs, products));
        } else {
            runs.for_each(|(weights, products)| vectors::products(weights, &inputs, products));
        }
        if inputs.len() == 1 { products } else { transposed(&products, inputs.len()) }
    }
}

/// Rows of activations, rounded once for all tables that read them.
pub(crate) struct Inputs<'numbers> {
    numbers: Cow<'numbers, [f32]>,
    blocks: Blocks,
}

impl<'numbers> Inputs<'numbers> {
    pub(crate) fn new(numbers: &'numbers [f32], columns: usize) -> Self {
        debug_assert!(numbers.len().is_multiple_of(columns), "{} numbers in rows of {columns}", numbers.len());
        Self { numbers: Cow::Borrowed(numbers), blocks: Blocks::quantise(numbers) }
    }
}

fn quantised(tensor: &QTensor) -> Result<Blocks> {
    Ok(Blocks::quantise(&tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1::<f32>()?))
}

/// A table with `columns` columns, turned over.
fn transposed(numbers: &[f32], columns: usize) -> Vec<f32> {
    let mut turned = Vec::with_capacity(numbers.len());
    for column in 0..columns {
        turned.extend(numbers.iter().skip(column).step_by(columns));
    }
    turned
}
