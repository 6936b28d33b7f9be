//! Sentences put together while compiling, so that a literal out of range is told its range.

/// A sentence made in a constant, where nothing can be formatted.
pub(super) struct Sentence {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Sentence {
    /// The longest sentence is a text's: three numbers of twenty digits and thirty letters around them.
    const ROOM: usize = 128;

    /// "… is outside 1 to 8", or its half where a side is open.
    pub(super) const fn outside(subject: Self, least: Option<i128>, most: Option<i128>, decimals: u32) -> Self {
        match (least, most) {
            (Some(least), Some(most)) => {
                subject.text(" is outside ").number(least, decimals).text(" to ").number(most, decimals)
            }
            (Some(least), None) => subject.text(" is below ").number(least, decimals),
            (None, Some(most)) => subject.text(" is above ").number(most, decimals),
            (None, None) => subject.text(" is not accepted"),
        }
    }

    pub(super) const fn new(text: &str) -> Self {
        Self { bytes: [0; Self::ROOM], length: 0 }.text(text)
    }

    pub(super) const fn text(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest {
            self = self.byte(*first);
            rest = after;
        }
        self
    }

    /// A number given in tenths, hundredths, …; zeros at the end of the fraction are left out.
    pub(super) const fn number(mut self, number: i128, decimals: u32) -> Self {
        if number < 0 {
            self = self.byte(b'-');
        }
        let (number, unit) = (number.unsigned_abs(), 10_u128.pow(decimals));
        self = self.digits(number / unit, 1);
        let (mut fraction, mut width) = (number % unit, decimals);
        if fraction == 0 {
            return self;
        }
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        self.byte(b'.').digits(fraction, width)
    }

    const fn digits(mut self, number: u128, width: u32) -> Self {
        let mut place = 10_u128.pow(width - 1);
        while number / place >= 10 {
            place *= 10;
        }
        while place > 0 {
            self = self.byte(b'0' + (number / place % 10) as u8);
            place /= 10;
        }
        self
    }

    const fn byte(mut self, byte: u8) -> Self {
        if let Some((_, [place, ..])) = self.bytes.split_at_mut_checked(self.length) {
            *place = byte;
            self.length += 1;
        }
        self
    }

    pub(super) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "literal is outside the range this parameter accepts",
        }
    }
}

/// A lower bound in words; `i64::MIN` is an open side.
pub(super) const fn least(bound: i64) -> Option<i128> {
    if bound == i64::MIN { None } else { Some(bound as i128) }
}

/// An upper bound in words; `i64::MAX` is an open side.
pub(super) const fn most(bound: i64) -> Option<i128> {
    if bound == i64::MAX { None } else { Some(bound as i128) }
}

#[cfg(test)]
mod tests {
    use super::Sentence;

    #[track_caller]
    fn check(sentence: Sentence, expected: &str) {
        assert_eq!(sentence.as_str(), expected);
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        check(Sentence::new("").number(0, 0), "0");
        check(Sentence::new("").number(-8, 0), "-8");
        check(Sentence::new("").number(5000, 3), "5");
        check(Sentence::new("").number(-2000, 3), "-2");
        check(Sentence::new("").number(5, 3), "0.005");
        check(Sentence::new("").number(1050, 3), "1.05");
        check(Sentence::new("").number(i128::from(i64::MIN), 3), "-9223372036854775.808");
    }

    #[test]
    fn open_sides_are_left_out() {
        check(Sentence::outside(Sentence::new("9"), Some(1), Some(8), 0), "9 is outside 1 to 8");
        check(Sentence::outside(Sentence::new("0"), Some(1), None, 0), "0 is below 1");
        check(Sentence::outside(Sentence::new("9"), None, Some(8), 0), "9 is above 8");
    }

    #[test]
    fn the_longest_sentence_fits() {
        let most = u64::MAX as i128;
        let text = Sentence::new("text of ").number(most, 0).text(" characters");
        check(
            Sentence::outside(text, Some(most), Some(most), 0),
            "text of 18446744073709551615 characters is outside 18446744073709551615 to 18446744073709551615",
        );
    }
}
