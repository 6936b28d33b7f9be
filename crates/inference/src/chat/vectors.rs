//! Products of rows of blocks with rows of plain numbers, compiled for the widest registers that the processor may have.
//!
//! Activations stay 32-bit numbers. Rounding them to 8 bits as well would save little here, where reading the weights
//! takes most of the time, and is enough to change the answers of small models.

/// Numbers that share a scale.
pub(crate) const BLOCK: usize = 32;

/// Integers that share a scale.
pub(crate) type Block = [i8; BLOCK];

/// Numbers that a register may hold.
const LANES: usize = 8;

/// Rows of activations that pass together over a row of weights.
const TOGETHER: usize = 4;

/// One row of blocks.
#[derive(Clone, Copy)]
pub(crate) struct Row<'numbers> {
    pub(crate) integers: &'numbers [Block],
    pub(crate) scales: &'numbers [f32],
}

/// The product of every row of `weights` with every row of `inputs`: `inputs.len()` numbers a row of weights.
pub(crate) fn products(weights: &[Row<'_>], inputs: &[&[f32]], products: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(Products { lanes: simd, weights, inputs, products });
    }
    pulp::NullaryFnOnce::call(Products { lanes: Plain, weights, inputs, products });
}

/// Eight numbers at once.
trait Lanes: Copy {
    type Eight: Copy;

    fn zero(self) -> Self::Eight;
    fn load(self, numbers: &[f32; LANES]) -> Self::Eight;
    fn load_integers(self, integers: &[i8; LANES]) -> Self::Eight;
    fn all(self, number: f32) -> Self::Eight;
    /// `one` times `other` and `more`.
    fn fused(self, one: Self::Eight, other: Self::Eight, more: Self::Eight) -> Self::Eight;
    fn numbers(self, eight: Self::Eight) -> [f32; LANES];
}

/// Whatever the compiler makes of it.
#[derive(Clone, Copy)]
struct Plain;

impl Lanes for Plain {
    type Eight = [f32; LANES];

    #[inline(always)]
    fn zero(self) -> Self::Eight {
        [0.0; LANES]
    }

    #[inline(always)]
    fn load(self, numbers: &[f32; LANES]) -> Self::Eight {
        *numbers
    }

    #[inline(always)]
    fn load_integers(self, integers: &[i8; LANES]) -> Self::Eight {
        integers.map(f32::from)
    }

    #[inline(always)]
    fn all(self, number: f32) -> Self::Eight {
        [number; LANES]
    }

    #[inline(always)]
    fn fused(self, one: Self::Eight, other: Self::Eight, mut more: Self::Eight) -> Self::Eight {
        for ((more, one), other) in more.iter_mut().zip(one).zip(other) {
            // Without an instruction for both, `mul_add` would be a call.
            *more = if cfg!(target_arch = "aarch64") { one.mul_add(other, *more) } else { one * other + *more };
        }
        more
    }

    #[inline(always)]
    fn numbers(self, eight: Self::Eight) -> [f32; LANES] {
        eight
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V3 {
    type Eight = pulp::f32x8;

    #[inline(always)]
    fn zero(self) -> Self::Eight {
        self.splat_f32x8(0.0)
    }

    #[inline(always)]
    fn load(self, numbers: &[f32; LANES]) -> Self::Eight {
        pulp::cast(*numbers)
    }

    #[inline(always)]
    fn load_integers(self, integers: &[i8; LANES]) -> Self::Eight {
        let eight = pulp::cast([pulp::cast::<[i8; LANES], i64>(*integers), 0]);
        self.convert_i32x8_to_f32x8(pulp::cast(self.avx2._mm256_cvtepi8_epi32(eight)))
    }

    #[inline(always)]
    fn all(self, number: f32) -> Self::Eight {
        self.splat_f32x8(number)
    }

    #[inline(always)]
    fn fused(self, one: Self::Eight, other: Self::Eight, more: Self::Eight) -> Self::Eight {
        self.mul_add_f32x8(one, other, more)
    }

    #[inline(always)]
    fn numbers(self, eight: Self::Eight) -> [f32; LANES] {
        pulp::cast(eight)
    }
}

struct Products<'all, 'rows, L> {
    lanes: L,
    weights: &'all [Row<'rows>],
    inputs: &'all [&'rows [f32]],
    products: &'all mut [f32],
}

impl<L: Lanes> pulp::NullaryFnOnce for Products<'_, '_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let count = self.inputs.len().max(1);
        for (weight, products) in self.weights.iter().zip(self.products.chunks_exact_mut(count)) {
            let (groups, rest) = self.inputs.as_chunks::<TOGETHER>();
            let (product_groups, product_rest) = products.as_chunks_mut::<TOGETHER>();
            for (group, product) in groups.iter().zip(product_groups) {
                *product = dots(self.lanes, *weight, *group);
            }
            for (input, product) in rest.iter().zip(product_rest) {
                [*product] = dots(self.lanes, *weight, [*input]);
            }
        }
    }
}

/// The products of one row of blocks with several rows of numbers.
#[inline(always)]
fn dots<L: Lanes, const COUNT: usize>(lanes: L, row: Row<'_>, inputs: [&[f32]; COUNT]) -> [f32; COUNT] {
    let inputs = inputs.map(|input| input.as_chunks::<BLOCK>().0);
    let width = inputs.iter().fold(row.integers.len().min(row.scales.len()), |width, input| width.min(input.len()));
    let (Some(integers), Some(scales)) = (row.integers.get(..width), row.scales.get(..width)) else {
        return [0.0; COUNT];
    };
    // With the lengths known to be equal, nothing is checked within the loop.
    let inputs = inputs.map(|input| input.split_at(width.min(input.len())).0);
    let mut sums = [lanes.zero(); COUNT];
    for place in 0..width {
        let (Some(integers), Some(scale)) = (integers.get(place), scales.get(place)) else { break };
        let [a, b, c, d] = integers.as_chunks::<LANES>().0 else { break };
        // Written out, as closures within so hot a loop are not always inlined.
        let (a, b) = (lanes.load_integers(a), lanes.load_integers(b));
        let (c, d) = (lanes.load_integers(c), lanes.load_integers(d));
        let scale = lanes.all(*scale);
        for (sum, input) in sums.iter_mut().zip(inputs) {
            let Some(input) = input.get(place) else { break };
            let [of_a, of_b, of_c, of_d] = input.as_chunks::<LANES>().0 else { break };
            let part = lanes.fused(a, lanes.load(of_a), lanes.zero());
            let part = lanes.fused(b, lanes.load(of_b), part);
            let part = lanes.fused(c, lanes.load(of_c), part);
            let part = lanes.fused(d, lanes.load(of_d), part);
            *sum = lanes.fused(part, scale, *sum);
        }
    }
    sums.map(|sum| lanes.numbers(sum).iter().sum())
}

/// The product of two equally long rows of plain numbers.
#[inline(always)]
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    // Several sums at once, so that the compiler may use wide registers.
    let mut sums = [0_f32; 2 * LANES];
    let (chunks, rest) = one.as_chunks::<{ 2 * LANES }>();
    let (other_chunks, other_rest) = other.as_chunks::<{ 2 * LANES }>();
    for (a, b) in chunks.iter().zip(other_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().zip(other_rest).map(|(a, b)| a * b).sum::<f32>()
}

/// Adds `factor` times `numbers` to `to`.
#[inline(always)]
pub(crate) fn add_scaled(to: &mut [f32], numbers: &[f32], factor: f32) {
    for (to, number) in to.iter_mut().zip(numbers) {
        *to += factor * number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_registers_give_what_plain_loops_give() {
        // From -127 to 127, in no order that matters.
        let integers: Vec<Block> = (0..21_i32)
            .map(|block| std::array::from_fn(|place| ((block * 7919 + place as i32 * 104_729) % 255 - 127) as i8))
            .collect();
        let numbers: Vec<f32> = (0..6 * 96).map(|n| ((n * 7919) % 1009) as f32 / 500.0 - 1.0).collect();
        let weights: Vec<Row<'_>> =
            integers.chunks_exact(3).map(|integers| Row { integers, scales: &[0.5, 0.25, 2.0] }).collect();
        let inputs: Vec<&[f32]> = numbers.chunks_exact(96).collect();
        for inputs in [inputs.as_slice(), inputs.split_at(1).0] {
            let mut wide = vec![0.0; weights.len() * inputs.len()];
            products(&weights, inputs, &mut wide);
            let mut expected = vec![0.0; wide.len()];
            pulp::NullaryFnOnce::call(Products { lanes: Plain, weights: &weights, inputs, products: &mut expected });
            for (one, other) in wide.iter().zip(&expected) {
                assert!((one - other).abs() <= 1e-4 * other.abs().max(1.0), "{one} is not {other}");
            }
        }
    }
}
