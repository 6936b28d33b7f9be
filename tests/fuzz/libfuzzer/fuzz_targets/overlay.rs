//! libFuzzer on the target `overlay`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(OVERLAY);
