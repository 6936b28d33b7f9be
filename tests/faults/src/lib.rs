//! Everything that can go wrong between a program and the service, and the table of what the program gets from it.
//!
//! A [`Fault`] is a row of `MATRIX.md`, a way of calling is a column, and a test plays every fault to every column: the
//! bindings' are in `matrix/`, that of `xtask fetch` in the tests of xtask. Both write into the one table by [`Table`].

mod fault;
mod faults;
mod reply;
mod server;
mod step;
mod table;
mod tls;
mod websocket;

pub use self::fault::{ALL, Around, Fault, Jump, Place};
pub use self::reply::{Kind, Reply};
pub use self::server::{Asked, Nobody, Server};
pub use self::step::Step;
pub use self::table::{Cell, Row, Table};
pub use self::websocket::{accept, text_frame};
