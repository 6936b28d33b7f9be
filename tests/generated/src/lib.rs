//! What the generated Rust costs its compiler: the parts of the two programs in `benches`.

pub mod checkout;
pub mod published;
pub mod rows;
pub mod scratch;
pub mod typified;
pub mod usage;
