//! libFuzzer on the target `error`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(ERROR);
