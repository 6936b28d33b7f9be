//! libFuzzer on the target `chat`.

#![no_main]

workers_ai_fuzz_libfuzzer::fuzz!(CHAT);
