//! Numbers in blocks of 32 small integers with a scale: how block formats of GGUF are stored, and how they are kept here.

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Result};
use half::f16;

use super::vectors::{BLOCK, Block, Row};

/// Numbers as blocks, row after row: integer times scale, plus an offset where the format has one.
#[derive(Default)]
pub(crate) struct Blocks {
    integers: Vec<Block>,
    scales: Vec<f32>,
    /// One a block, or none at all.
    offsets: Vec<f32>,
}

impl Blocks {
    /// Takes over the numbers of a tensor: without loss from formats of up to 8 bits, rounded to 8 bits from others.
    pub(crate) fn from_tensor(tensor: &QTensor) -> Result<Self> {
        let bytes = tensor.data()?;
        match tensor.dtype() {
            GgmlDType::Q8_0 => Ok(Self::parse::<34>(&bytes, |block, stored| {
                let Some((scale, integers)) = stored.split_first_chunk::<2>() else { return (0.0, 0.0) };
                block.iter_mut().zip(integers).for_each(|(integer, byte)| *integer = byte.cast_signed());
                (half(*scale), 0.0)
            })),
            GgmlDType::Q4_0 => Ok(Self::parse::<18>(&bytes, |block, stored| {
                let Some((scale, halves)) = stored.split_first_chunk::<2>() else { return (0.0, 0.0) };
                unpack(block, halves, 0, 8);
                (half(*scale), 0.0)
            })),
            GgmlDType::Q4_1 => Ok(Self::parse::<20>(&bytes, |block, stored| {
                let Some(([a, b, c, d], halves)) = stored.split_first_chunk::<4>() else { return (0.0, 0.0) };
                unpack(block, halves, 0, 0);
                (half([*a, *b]), half([*c, *d]))
            })),
            GgmlDType::Q5_0 => Ok(Self::parse::<22>(&bytes, |block, stored| {
                let Some(([a, b, high @ ..], halves)) = stored.split_first_chunk::<6>() else { return (0.0, 0.0) };
                unpack(block, halves, u32::from_le_bytes(*high), 16);
                (half([*a, *b]), 0.0)
            })),
            GgmlDType::Q5_1 => Ok(Self::parse::<24>(&bytes, |block, stored| {
                let Some(([a, b, c, d, high @ ..], halves)) = stored.split_first_chunk::<8>() else {
                    return (0.0, 0.0);
                };
                unpack(block, halves, u32::from_le_bytes(*high), 0);
                (half([*a, *b]), half([*c, *d]))
            })),
            _ => Ok(Self::quantise(&tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1::<f32>()?)),
        }
    }

    /// Reads blocks of `SIZE` bytes; `read` fills in the integers and gives scale and offset.
    fn parse<const SIZE: usize>(bytes: &[u8], read: impl Fn(&mut Block, &[u8; SIZE]) -> (f32, f32)) -> Self {
        let mut blocks = Self::default();
        for stored in bytes.as_chunks::<SIZE>().0 {
            let mut block = [0; BLOCK];
            let (scale, offset) = read(&mut block, stored);
            blocks.integers.push(block);
            blocks.scales.push(scale);
            blocks.offsets.push(offset);
        }
        if blocks.offsets.iter().all(|offset| *offset == 0.0) {
            blocks.offsets = Vec::new();
        }
        blocks
    }

    /// Rounds numbers, whose count must be a multiple of the block's length.
    pub(crate) fn quantise(numbers: &[f32]) -> Self {
        let mut blocks = Self::default();
        for chunk in numbers.as_chunks::<BLOCK>().0 {
            let largest = chunk.iter().fold(0_f32, |largest, number| largest.max(number.abs()));
            let scale = largest / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            blocks.integers.push(chunk.map(|number| (number * inverse).round_ties_even() as i8));
            blocks.scales.push(scale);
        }
        blocks
    }

    /// The rows of a table whose rows have `width` blocks.
    pub(crate) fn rows(&self, width: usize) -> Vec<Row<'_>> {
        let integers = self.integers.chunks_exact(width);
        integers.zip(self.scales.chunks_exact(width)).map(|(integers, scales)| Row { integers, scales }).collect()
    }

    /// The offsets of each row of a table whose rows have `width` blocks; nothing where the format has none.
    pub(crate) fn offsets(&self, width: usize) -> Option<std::slice::ChunksExact<'_, f32>> {
        (!self.offsets.is_empty()).then(|| self.offsets.chunks_exact(width))
    }

    /// Some blocks as plain numbers; nothing where there are none of them.
    pub(crate) fn plain(&self, blocks: std::ops::Range<usize>) -> Option<Vec<f32>> {
        let scales = self.scales.get(blocks.clone())?;
        let offsets =
            self.offsets.get(blocks.clone()).unwrap_or_default().iter().copied().chain(std::iter::repeat(0.0));
        let numbers = self.integers.get(blocks)?.iter().zip(scales).zip(offsets);
        Some(
            numbers
                .flat_map(|((block, scale), offset)| block.map(|integer| f32::from(integer) * scale + offset))
                .collect(),
        )
    }
}

fn half(bytes: [u8; 2]) -> f32 {
    f16::from_le_bytes(bytes).to_f32()
}

/// Integers of four bits, the low halves of all bytes first, with a fifth bit from `high`; less what stands for zero.
fn unpack(block: &mut Block, halves: &[u8], high: u32, zero: i8) {
    let low = halves.iter().map(|byte| byte & 0xf);
    let integers = low.chain(halves.iter().map(|byte| byte >> 4));
    for ((integer, stored), place) in block.iter_mut().zip(integers).zip(0..) {
        let fifth = (high >> place & 1) as u8;
        *integer = (stored | fifth << 4).cast_signed() - zero;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use candle_core::Tensor;

    use super::*;

    #[test]
    fn every_format_gives_the_numbers_that_candle_reads() {
        let numbers: Vec<f32> = (0..512_i32).map(|n| ((n * 7919 % 1009) - 400) as f32 / 300.0).collect();
        let tensor = Tensor::from_vec(numbers, (2, 256), &Device::Cpu).unwrap();
        for kind in [GgmlDType::Q4_0, GgmlDType::Q4_1, GgmlDType::Q5_0, GgmlDType::Q5_1, GgmlDType::Q8_0] {
            let stored = QTensor::quantize(&tensor, kind).unwrap();
            let expected = stored.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
            let found = Blocks::from_tensor(&stored).unwrap().plain(0..16).unwrap();
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-6, "{kind:?}: {found} is not {expected}");
            }
        }
    }

    #[test]
    fn rounding_loses_little() {
        let numbers: Vec<f32> = (0..64_i32).map(|n| (n - 20) as f32 / 10.0).collect();
        let found = Blocks::quantise(&numbers).plain(0..2).unwrap();
        for (found, expected) in found.iter().zip(&numbers) {
            assert!((found - expected).abs() <= 4.4 / 254.0, "{found} is not {expected}");
        }
        assert!(Blocks::quantise(&numbers).plain(1..3).is_none());
    }
}
