//! libFuzzer on the target `envelope`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(ENVELOPE);
