//! libFuzzer on the target `server`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(SERVER);
