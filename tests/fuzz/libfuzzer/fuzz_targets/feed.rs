//! libFuzzer on the target `feed`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(FEED);
