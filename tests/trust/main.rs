//! A token that looks like no other goes through everything, and nothing that anybody can read shows it afterwards.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

mod addresses;
mod client;
mod elsewhere;
mod evidence;
mod listener;
mod server;

/// The token: with signs that other encodings write differently.
const CANARY: &str = "cfut_Canary~0123456789+abcdefghij/klmnop=";

/// The account, which no recording may hold.
const ACCOUNT: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";
