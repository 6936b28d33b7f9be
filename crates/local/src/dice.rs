//! Reproducible randomness: the same words give the same numbers on every machine.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A small generator (SplitMix64), seeded from bytes by FNV-1a; nothing about it is secret.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice that fall the same way whenever the same parts are thrown in.
    pub(crate) fn from_parts<'a>(seed: u64, parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = fnv(0xcbf2_9ce4_8422_2325 ^ seed, &[]);
        for part in parts {
            hash = fnv(hash, part);
            // The length keeps "ab","c" apart from "a","bc".
            hash = fnv(hash, &part.len().to_le_bytes());
        }
        Self(hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; zero when there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    /// A number from 0 to 1, in steps of a ten-thousandth so that it prints shortly.
    pub(crate) fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() % 10_000).unwrap_or_default()) / 10_000.0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> Option<&'a T> {
        choices.get(self.below(choices.len())).copied()
    }

    /// `digits` hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.next()));
        }
        text.truncate(digits);
        text
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 48 & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}

/// Dice for request ids, which differ from call to call.
pub(crate) fn unlike_before() -> Dice {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    Dice::from_parts(0, [now.as_nanos().to_le_bytes().as_slice(), &call.to_le_bytes()])
}

/// FNV-1a over bytes, continuing from `hash`.
pub(crate) fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_fall_the_same_way() {
        let throw = |parts: [&str; 2]| Dice::from_parts(7, parts.map(str::as_bytes)).next();
        assert_eq!(throw(["ab", "c"]), throw(["ab", "c"]));
        assert_ne!(throw(["ab", "c"]), throw(["a", "bc"]));
    }

    #[test]
    fn a_uuid_looks_like_one() {
        let uuid = Dice::new(1).uuid();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(uuid.as_bytes().get(14), Some(&b'4'));
    }
}
