//! A local Workers AI: the same HTTP API on your machine, offline and free.
