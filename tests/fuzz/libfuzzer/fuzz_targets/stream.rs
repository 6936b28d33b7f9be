//! libFuzzer on the target `stream`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(STREAM);
