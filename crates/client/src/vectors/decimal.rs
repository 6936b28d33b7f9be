//! Decimal numbers as JSON writes them, read eight digits at a time.
//!
//! A hundred vectors of a thousand numbers are two megabytes of digits; reading them is nearly all that an embeddings reply
//! costs. The result is what serde_json gives for a 32-bit number, which also reads what is written in a rarer way.

/// The most digits of which every number fits into 64 bits, the one for the sign left free.
const DIGITS: usize = 18;

/// The powers of ten that a 64-bit floating-point number holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The number with which a text begins, and what follows it.
#[inline]
pub(super) fn read(text: &[u8]) -> Option<(f32, &[u8])> {
    // Signs are as good as random, so that no processor could guess its way through a branch.
    let negative = text.first() == Some(&b'-');
    let unsigned = text.get(usize::from(negative)..).unwrap_or_default();
    // Most numbers of a vector are smaller than one.
    if let Some(fraction) = unsigned.strip_prefix(b"0.") {
        let (value, rest) = digits(fraction);
        let length = fraction.len() - rest.len();
        if length > 0
            && (length <= DIGITS || significant(fraction, length) <= DIGITS)
            && !matches!(rest.first(), Some(b'e' | b'E'))
            && let Some(power) = POWERS.get(length)
        {
            let magnitude = (value.cast_signed() as f64 / power) as f32;
            let sign = u32::from(negative) << 31;
            return Some((f32::from_bits(magnitude.to_bits() | sign), rest));
        }
    }
    otherwise(text)
}

/// How many digits of a fraction count: those after the zeros at its beginning.
fn significant(fraction: &[u8], length: usize) -> usize {
    length - fraction.iter().take_while(|digit| **digit == b'0').count().min(length)
}

/// Any other number.
fn otherwise(text: &[u8]) -> Option<(f32, &[u8])> {
    let belongs = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
    let length = text.iter().position(|byte| !belongs(byte)).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(length)?;
    serde_json::from_slice(number).ok().map(|number| (number, rest))
}

/// The value of the digits with which a text begins, meaningless where they are too many, and what follows them.
#[inline]
fn digits(text: &[u8]) -> (u64, &[u8]) {
    at_once(text).unwrap_or_else(|| many_digits(text))
}

/// The same where they are less than 24, and at least 24 characters are there.
///
/// How many there are is as good as random, as signs are. Nothing that a processor would have to guess depends on it, but
/// whether they are less than sixteen, as 32-bit numbers have, or more, as the same numbers have when they are written
/// with 64 bits.
#[inline]
fn at_once(text: &[u8]) -> Option<(u64, &[u8])> {
    let chunk = text.first_chunk::<24>()?;
    let (words, _) = chunk.as_chunks::<8>();
    let [first, second, third] = [0, 1, 2].map(|at| words.get(at).map_or(0, |word| values(*word)));
    let ends = u128::from(beyond(first)) | u128::from(beyond(second)) << 64;
    let (value, count) = if ends == 0 {
        let count = beyond(third).trailing_zeros() as usize / 8;
        let ten = TENS.get(count).copied().unwrap_or_default();
        let begun = eight(first) * 100_000_000 + eight(second);
        // Zeros move in before the digits.
        let left = (third << (8 * 7_usize.saturating_sub(count))) << 8;
        (begun.wrapping_mul(ten).wrapping_add(eight(left)), 16 + count)
    } else {
        let count = ends.trailing_zeros() as usize / 8;
        let word = (u128::from(first) | u128::from(second) << 64) << (8 * (15 - count)) << 8;
        (eight(word as u64) * 100_000_000 + eight((word >> 64) as u64), count)
    };
    if count < 24 { Some((value, text.get(count..)?)) } else { None }
}

/// The values of the digits among eight characters, the first of them lowest.
#[inline]
fn values(chunk: [u8; 8]) -> u64 {
    u64::from_le_bytes(chunk) ^ u64::from_le_bytes([b'0'; 8])
}

/// The highest bits of those that are no digits.
#[inline]
fn beyond(values: u64) -> u64 {
    // Adding carries into them.
    (((values & 0x7f7f_7f7f_7f7f_7f7f) + 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
}

/// The same for any number of digits.
#[cold]
fn many_digits(mut text: &[u8]) -> (u64, &[u8]) {
    let mut value = 0_u64;
    while let Some((digit @ b'0'..=b'9', rest)) = text.split_first() {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        text = rest;
    }
    (value, text)
}

/// The number of eight digits. Neighbours are put together to numbers of two digits, those to numbers of four, and those to
/// one of eight.
fn eight(word: u64) -> u64 {
    let word = word.wrapping_mul(10).wrapping_add(word >> 8);
    let low = (word & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((word >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    low.wrapping_add(high) >> 32
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    /// The same bits as serde_json's, and the rest of the text.
    #[track_caller]
    fn check(number: &str) {
        let expected = serde_json::from_str::<f32>(number).ok().map(f32::to_bits);
        // Only where much follows are many digits read at once.
        for rest in ["", ",1]", "] ", ",0.5,-0.25,0.125,0.0625,0.5]"] {
            let text = format!("{number}{rest}");
            let found = read(text.as_bytes());
            assert_eq!(found.map(|(number, _)| number.to_bits()), expected, "{text}");
            assert!(found.is_none_or(|(_, after)| after == rest.as_bytes()), "{text}");
        }
    }

    #[test]
    fn all_digits_are_read_at_once_but_for_very_many() {
        for filling in [",", "]", " ", ":", "/", "a", "-", "\u{e9}"] {
            for count in 0..24 {
                let number = &"918273645546372819012345"[..count];
                let text = format!("{number}{}", filling.repeat(24));
                let (value, rest) = at_once(text.as_bytes()).unwrap();
                assert_eq!(rest.len(), text.len() - count, "{text}");
                if count < 20 {
                    assert_eq!(value, number.parse::<u64>().unwrap_or_default(), "{text}");
                }
            }
        }
        assert_eq!(at_once(&[b'7'; 30]), None);
        assert_eq!(at_once(b"0.25"), None);
    }

    #[test]
    fn numbers_are_read_as_serde_json_reads_them() {
        for number in [
            "0",
            "-0",
            "0.0",
            "-0.0",
            "1",
            "-12",
            "3.25",
            "0.1",
            "0.12345678",
            "0.123456789",
            "0.1234567812345678",
            "0.12345678123456789",
            "0.0001",
            "0.00000000123456789123456789",
            "0.9999999999999999999",
            "0.99999999999999999999",
            "0.0000000000000000000001",
            "0.00000000000000000000001",
            "1e-5",
            "0.5e3",
            "-2.5E-3",
            "0.123456781234567812345678",
            "340282350000000000000000000000000000000",
            "1e39",
            "0.000000000000000000000000000000000000000000001",
        ] {
            check(number);
        }
    }

    #[test]
    fn numbers_of_every_size_are_read_as_serde_json_reads_them() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..100_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let number = f32::from_bits((state >> 32) as u32);
            if number.is_finite() {
                check(&f64::from(number).to_string());
            }
            let small = state as f64 / u64::MAX as f64 * 0.2 - 0.1;
            check(&small.to_string());
            check(&(small as f32).to_string());
            check(&f64::from(small as f32).to_string());
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".5", "0.", "01", "+1", "--1", "0.x", "x", "1e", "0.5.5", "null", "\"0.5\""] {
            assert_eq!(read(text.as_bytes()).filter(|(_, rest)| rest.is_empty()), None, "{text}");
        }
    }
}
