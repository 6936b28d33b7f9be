//! Models whose real weights are too large for a test, with small made-up ones of the same make.
