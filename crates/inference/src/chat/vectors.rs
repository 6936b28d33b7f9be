//! Products of rows of 8-bit blocks, with AVX2 where the processor has it.

/// Numbers that share a scale.
pub(crate) const BLOCK: usize = 32;

/// Integers that share a scale.
pub(crate) type Block = [i8; BLOCK];

/// One row of blocks.
#[derive(Clone, Copy)]
pub(crate) struct Row<'numbers> {
    pub(crate) integers: &'numbers [Block],
    pub(crate) scales: &'numbers [f32],
}

/// The product of every row of `weights` with every row of `inputs`: `inputs.len()` numbers a row of weights.
pub(crate) fn products(weights: &[Row<'_>], inputs: &[Row<'_>], products: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(x86::Products { simd, weights, inputs, products });
    }
    pulp::Arch::new().dispatch(|| plain(weights, inputs, products));
}

#[inline(always)]
fn plain(weights: &[Row<'_>], inputs: &[Row<'_>], products: &mut [f32]) {
    for (weight, products) in weights.iter().zip(products.chunks_exact_mut(inputs.len().max(1))) {
        for (input, product) in inputs.iter().zip(products) {
            let blocks = weight.integers.iter().zip(input.integers);
            let scales = weight.scales.iter().zip(input.scales);
            *product = blocks
                .zip(scales)
                .map(|((one, other), (scale, other_scale))| {
                    let sum: i32 = one.iter().zip(other).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
                    sum as f32 * scale * other_scale
                })
                .sum();
        }
    }
}

/// The product of two equally long rows of plain numbers.
#[inline(always)]
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    // Several sums at once, so that the compiler may use wide registers.
    let mut sums = [0_f32; 16];
    let (chunks, rest) = one.as_chunks::<16>();
    let (other_chunks, other_rest) = other.as_chunks::<16>();
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use pulp::x86::V3;
    use pulp::{NullaryFnOnce, cast, f32x8, i8x32, i16x16};

    use super::{BLOCK, Row};

    /// The product of all with all, compiled for AVX2 and FMA.
    pub(super) struct Products<'all, 'rows> {
        pub(super) simd: V3,
        pub(super) weights: &'all [Row<'rows>],
        pub(super) inputs: &'all [Row<'rows>],
        pub(super) products: &'all mut [f32],
    }

    impl NullaryFnOnce for Products<'_, '_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self { simd, weights, inputs, products } = self;
            if let [input] = inputs {
                // One token: four rows of weights at a time read it.
                let (groups, rest) = weights.as_chunks::<4>();
                let (product_groups, product_rest) = products.as_chunks_mut::<4>();
                for (group, product) in groups.iter().zip(product_groups) {
                    *product = dots(simd, *input, *group);
                }
                for (weight, product) in rest.iter().zip(product_rest) {
                    [*product] = dots(simd, *input, [*weight]);
                }
                return;
            }
            // Many tokens: each row of weights is read once for four of them.
            for (weight, products) in weights.iter().zip(products.chunks_exact_mut(inputs.len().max(1))) {
                let (groups, rest) = inputs.as_chunks::<4>();
                let (product_groups, product_rest) = products.as_chunks_mut::<4>();
                for (group, product) in groups.iter().zip(product_groups) {
                    *product = dots(simd, *weight, *group);
                }
                for (input, product) in rest.iter().zip(product_rest) {
                    [*product] = dots(simd, *weight, [*input]);
                }
            }
        }
    }

    /// The products of one row with several.
    #[inline(always)]
    fn dots<const COUNT: usize>(simd: V3, one: Row<'_>, many: [Row<'_>; COUNT]) -> [f32; COUNT] {
        let width = one.integers.len().min(one.scales.len());
        let mut sums = [simd.splat_f32x8(0.0); COUNT];
        let ones: i16x16 = simd.splat_i16x16(1);
        for place in 0..width {
            let (Some(integers), Some(scale)) = (one.integers.get(place), one.scales.get(place)) else { break };
            let shared: i8x32 = cast::<[i8; BLOCK], _>(*integers);
            // `maddubs` takes the first factors without sign, so the sign moves to the second.
            let sizes = simd.avx2._mm256_abs_epi8(cast(shared));
            for (sum, row) in sums.iter_mut().zip(many) {
                let (Some(integers), Some(other)) = (row.integers.get(place), row.scales.get(place)) else { break };
                let signed = simd.avx2._mm256_sign_epi8(cast::<[i8; BLOCK], _>(*integers), cast(shared));
                let pairs = simd.multiply_saturating_add_adjacent_i8x32(cast(sizes), cast(signed));
                let quads = simd.multiply_wrapping_add_adjacent_i16x16(pairs, ones);
                let scale = simd.splat_f32x8(scale * other);
                *sum = simd.mul_add_f32x8(simd.convert_i32x8_to_f32x8(quads), scale, *sum);
            }
        }
        sums.map(|sum: f32x8| cast::<_, [f32; 8]>(sum).iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are not.
    fn integers(seed: u32, blocks: usize) -> Vec<Block> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // From -127 to 127: quantising never makes -128.
            ((state >> 16) % 255) as i32 - 127
        };
        (0..blocks).map(|_| std::array::from_fn(|_| next() as i8)).collect()
    }

    #[test]
    fn wide_registers_give_what_plain_loops_give() {
        let (weights, inputs) = (integers(1, 7 * 3), integers(2, 6 * 3));
        let scales = [0.5_f32, 0.25, 2.0];
        let rows = |blocks: &'static [Block]| -> Vec<Row<'static>> {
            blocks.chunks_exact(3).map(|integers| Row { integers, scales: const { &[0.5, 0.25, 2.0] } }).collect()
        };
        assert_eq!(scales.len(), 3);
        let (weights, inputs) = (rows(weights.leak()), rows(inputs.leak()));
        for inputs in [inputs.as_slice(), inputs.split_at(1).0] {
            let mut wide = vec![0.0; weights.len() * inputs.len()];
            products(&weights, inputs, &mut wide);
            let mut expected = vec![0.0; wide.len()];
            plain(&weights, inputs, &mut expected);
            for (one, other) in wide.iter().zip(&expected) {
                assert!((one - other).abs() <= 1e-5 * other.abs().max(1.0), "{one} is not {other}");
            }
        }
    }
}
