//! Random choices on a tape: the same tape makes the same choices, and a smaller tape makes simpler ones.

/// A source of choices. Zero is always the simplest choice, and a tape that has ended gives zeros.
pub(crate) struct Dice {
    tape: Vec<u32>,
    position: usize,
    /// State of the generator that lengthens the tape; `None` when an old tape is played again.
    state: Option<u64>,
}

impl Dice {
    /// Fresh choices from a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { tape: Vec::new(), position: 0, state: Some(seed) }
    }

    /// The choices of an old tape.
    pub(crate) fn replay(tape: &[u32]) -> Self {
        Self { tape: tape.to_vec(), position: 0, state: None }
    }

    /// What was chosen so far.
    pub(crate) fn into_tape(self) -> Vec<u32> {
        self.tape
    }

    /// A number below `limit`, or zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let drawn = usize::try_from(self.draw()).unwrap_or_default();
        drawn.checked_rem(limit).unwrap_or_default()
    }

    /// Yes in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent.min(100)
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(from.len());
        from.get(index)
    }

    fn draw(&mut self) -> u32 {
        let drawn = match (self.tape.get(self.position), &mut self.state) {
            (Some(drawn), _) => *drawn,
            (None, None) => 0,
            (None, Some(state)) => {
                let drawn = split_mix(state);
                self.tape.push(drawn);
                drawn
            }
        };
        self.position += 1;
        drawn
    }
}

fn split_mix(state: &mut u64) -> u32 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default()
}

/// The smallest tape found on which `fails` still holds.
pub(crate) fn shrink(tape: Vec<u32>, fails: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let mut best = tape;
    let mut tries = 600_usize;
    loop {
        let before = best.clone();
        for length in [best.len() / 2, best.len().saturating_sub(1)] {
            try_smaller(&mut best, &mut tries, &fails, |tape| tape.truncate(length));
        }
        for index in 0..best.len() {
            try_smaller(&mut best, &mut tries, &fails, |tape| {
                if index < tape.len() {
                    tape.remove(index);
                }
            });
            for divisor in [u32::MAX, 2] {
                try_smaller(&mut best, &mut tries, &fails, |tape| {
                    if let Some(drawn) = tape.get_mut(index) {
                        *drawn /= divisor;
                    }
                });
            }
        }
        if best == before || tries == 0 {
            return best;
        }
    }
}

fn try_smaller(
    best: &mut Vec<u32>,
    tries: &mut usize,
    fails: &impl Fn(&[u32]) -> bool,
    change: impl Fn(&mut Vec<u32>),
) {
    let mut smaller = best.clone();
    change(&mut smaller);
    if *tries > 0 && smaller != *best {
        *tries -= 1;
        if fails(&smaller) {
            *best = smaller;
        }
    }
}

#[test]
fn a_tape_makes_the_same_choices_again() {
    let mut fresh = Dice::new(7);
    let first: Vec<_> = (0..9).map(|_| fresh.below(10)).collect();
    let mut again = Dice::replay(&fresh.into_tape());
    assert_eq!((0..9).map(|_| again.below(10)).collect::<Vec<_>>(), first);
    assert_eq!(again.below(10), 0);
}

#[test]
fn shrinking_keeps_what_matters() {
    let tape: Vec<u32> = (0..40).map(|index| index * 7).collect();
    assert_eq!(shrink(tape, |tape| tape.iter().any(|drawn| *drawn > 100)).len(), 1);
}
