//! Tables of quantised numbers, and their product with rows of activations: where a chat model spends its time.
//!
//! Formats of blocks of 32 are multiplied here: candle has no fast path for some of them, Q4_1 among them, and uses
//! threads of its own for all. K-quants are left to candle.

use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{Device, Module as _, Result, Tensor};
use rayon::prelude::*;

use super::blocks::Blocks;
use super::vectors::{self, BLOCK, dot};

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

impl Matrix {
    pub(crate) fn new(tensor: QTensor, rows: usize, columns: usize) -> Result<Self> {
        use GgmlDType::{Q2K, Q3K, Q4K, Q5K, Q6K, Q8K};
        let for_candle = matches!(tensor.dtype(), Q2K | Q3K | Q4K | Q5K | Q6K | Q8K) || !columns.is_multiple_of(BLOCK);
        let numbers = match for_candle {
            true => Numbers::Candle(QMatMul::from_qtensor(tensor)?),
            false => Numbers::Blocks(Blocks::from_tensor(&tensor)?),
        };
        Ok(Self { rows, columns, numbers })
    }

    /// The same table in blocks, whatever its form was: single rows of it can be read.
    pub(crate) fn in_blocks(tensor: &QTensor, rows: usize, columns: usize) -> Result<Self> {
        if !columns.is_multiple_of(BLOCK) {
            candle_core::bail!("rows of {columns} numbers are not made of blocks of {BLOCK}");
        }
        Ok(Self { rows, columns, numbers: Numbers::Blocks(Blocks::from_tensor(tensor)?) })
    }

    /// One row as plain numbers; nothing where there is no such row or the table is not in blocks.
    pub(crate) fn row(&self, row: usize) -> Option<Vec<f32>> {
        let Numbers::Blocks(blocks) = &self.numbers else { return None };
        let width = self.columns / BLOCK;
        blocks.plain(row * width..(row + 1) * width)
    }

    /// The product with each row of `inputs`: `rows` numbers a row.
    pub(crate) fn multiply(&self, inputs: &[f32]) -> Result<Vec<f32>> {
        debug_assert!(inputs.len().is_multiple_of(self.columns), "{} numbers by {}", inputs.len(), self.columns);
        match &self.numbers {
            Numbers::Blocks(blocks) => Ok(self.multiply_blocks(blocks, inputs)),
            Numbers::Candle(matrix) => {
                let count = inputs.len() / self.columns;
                let inputs = Tensor::from_slice(inputs, (count, self.columns), &Device::Cpu)?;
                matrix.forward(&inputs)?.flatten_all()?.to_vec1()
            }
        }
    }

    fn multiply_blocks(&self, blocks: &Blocks, inputs: &[f32]) -> Vec<f32> {
        let width = self.columns / BLOCK;
        let weights = blocks.rows(width);
        let rows: Vec<&[f32]> = inputs.chunks_exact(self.columns).collect();
        let mut products = vec![0.0; self.rows * rows.len()];
        // Each thread takes a run of rows of the table; within it the products of one row stand together.
        let share = self.rows.div_ceil(rayon::current_num_threads());
        let runs = weights.chunks(share).zip(products.chunks_mut(share * rows.len()));
        if weights.len() > share {
            runs.par_bridge().for_each(|(weights, products)| vectors::products(weights, &rows, products));
        } else {
            runs.for_each(|(weights, products)| vectors::products(weights, &rows, products));
        }
        if let Some(offsets) = blocks.offsets(width) {
            // An offset counts once for each number of its block.
            let sums: Vec<f32> = inputs.as_chunks::<BLOCK>().0.iter().map(|block| block.iter().sum()).collect();
            for (offsets, products) in offsets.zip(products.chunks_exact_mut(rows.len())) {
                for (product, sums) in products.iter_mut().zip(sums.chunks_exact(width)) {
                    *product += dot(offsets, sums);
                }
            }
        }
        if rows.len() == 1 { products } else { transposed(&products, rows.len()) }
    }
}

/// A table with `columns` columns, turned over.
fn transposed(numbers: &[f32], columns: usize) -> Vec<f32> {
    let mut turned = Vec::with_capacity(numbers.len());
    for column in 0..columns {
        turned.extend(numbers.iter().skip(column).step_by(columns));
    }
    turned
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn products_are_those_of_plain_numbers() {
        let number = |n: i32, step: i32| ((n * step % 1009) - 400) as f32 / 300.0;
        let weights = Tensor::from_iter((0..256 * 10).map(|n| number(n, 7919)), &Device::Cpu).unwrap();
        let weights = weights.reshape((10, 256)).unwrap();
        let inputs: Vec<f32> = (0..256 * 6).map(|n| number(n, 104_729)).collect();
        for kind in [GgmlDType::Q4_0, GgmlDType::Q4_1, GgmlDType::Q5_1, GgmlDType::Q8_0, GgmlDType::Q4K] {
            let stored = QTensor::quantize(&weights, kind).unwrap();
            let plain = stored.dequantize(&Device::Cpu).unwrap();
            for count in [1, 6] {
                let inputs = inputs.get(..256 * count).unwrap();
                let table = Tensor::from_slice(inputs, (count, 256), &Device::Cpu).unwrap();
                let expected = table.matmul(&plain.t().unwrap()).unwrap().flatten_all().unwrap();
                let stored = QTensor::quantize(&weights, kind).unwrap();
                let found = Matrix::new(stored, 10, 256).unwrap().multiply(inputs).unwrap();
                for (found, expected) in found.iter().zip(expected.to_vec1::<f32>().unwrap()) {
                    // Candle rounds the inputs of K-quants to 8 bits.
                    let near = if kind == GgmlDType::Q4K { 0.5 } else { 1e-3 };
                    assert!((found - expected).abs() < near, "{kind:?} by {count}: {found} is not {expected}");
                }
            }
        }
    }
}
