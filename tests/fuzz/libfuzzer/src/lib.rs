//! What every fuzz target is: libFuzzer's inputs for a target, and half of the changes made by its own knowledge of the format.

pub use libfuzzer_sys;
pub use workers_ai_fuzz;

/// The whole of one fuzz target.
#[macro_export]
macro_rules! fuzz {
    ($target:ident) => {
        use $crate::libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
        use $crate::workers_ai_fuzz::{$target as TARGET, mutate};

        fuzz_target!(|data: &[u8]| (TARGET.run)(data));

        fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            if seed % 2 == 0 {
                return fuzzer_mutate(data, size, max_size);
            }
            let changed = mutate(TARGET.written, &data[..size], &[], u64::from(seed / 2), max_size < size);
            let length = changed.len().min(max_size);
            data[..length].copy_from_slice(&changed[..length]);
            length
        });
    };
}
