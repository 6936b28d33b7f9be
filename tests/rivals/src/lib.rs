//! What the programs of this package share: their arguments, a plain HTTP connection, and rows for `cargo xtask bench`.

mod connection;
mod row;
mod turns;

pub use self::connection::{Answer, Connection};
pub use self::row::{Better, Row};
pub use self::turns::Turns;
