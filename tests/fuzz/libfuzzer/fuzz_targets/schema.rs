//! libFuzzer on the target `schema`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(SCHEMA);
