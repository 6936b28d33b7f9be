//! Tokens of a window to segments, by the times among them.

use super::mel::{HOP, WINDOW};
use crate::speech::audio::RATE;

/// Frames from one time to the next.
const STEP: usize = 2;

/// Some tokens that belong together.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    /// First and last frame, from the start of the window.
    pub(crate) frames: (usize, usize),
    /// The tokens without times.
    pub(crate) tokens: Vec<u32>,
}

/// The pieces of a window of `frames` frames, and how many frames of it are done.
///
/// A segment that is still open at the end is heard again with the next window.
pub(crate) fn pieces(tokens: &[u32], times: u32, frames: usize) -> (Vec<Piece>, usize) {
    let frame = |token: u32| (token - times) as usize * STEP;
    let is_time = |token: &u32| *token >= times;
    let text = |tokens: &[u32]| tokens.iter().copied().filter(|token| *token < times).collect::<Vec<u32>>();
    let single_ending = matches!(tokens, [.., one, last] if !is_time(one) && is_time(last));

    // Where one time follows another, a segment ends and the next begins.
    let pairs = tokens.windows(2).enumerate();
    let mut cuts: Vec<usize> = pairs.filter(|(_, pair)| pair.iter().all(is_time)).map(|(place, _)| place + 1).collect();
    if cuts.is_empty() {
        let last = tokens.iter().rev().find(|token| is_time(token)).map(|token| frame(*token));
        let end = last.filter(|end| *end > 0).unwrap_or(frames).min(frames.max(STEP));
        return (vec![Piece { frames: (0, end), tokens: text(tokens) }], frames);
    }
    if single_ending {
        cuts.push(tokens.len());
    }
    let (mut found, mut from) = (Vec::new(), 0);
    for cut in cuts {
        let part = tokens.get(from..cut).unwrap_or_default();
        if let (Some(start), Some(end)) = (part.first(), part.last()) {
            let frames = (frame(*start.max(&times)), frame(*end.max(&times)));
            found.push(Piece { frames, tokens: text(part) });
        }
        from = cut;
    }
    let done = if single_ending { frames } else { found.last().map_or(frames, |last| last.frames.1) };
    // A model that gets stuck on one moment must not keep us there.
    (found, if done == 0 { frames } else { done })
}

/// The second at which a frame begins.
pub(crate) fn second(frame: usize) -> f64 {
    (frame * HOP) as f64 / RATE as f64
}

/// Frames that a window of a recording has, where `rest` frames are left.
pub(crate) fn window(rest: usize) -> usize {
    rest.min(WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: u32 = 100;

    #[track_caller]
    fn check(tokens: &[u32], expected: &[((usize, usize), &[u32])], done: usize) {
        let (found, found_done) = pieces(tokens, TIMES, 3000);
        let found: Vec<_> = found.iter().map(|piece| (piece.frames, piece.tokens.as_slice())).collect();
        assert_eq!((found.as_slice(), found_done), (expected, done));
    }

    #[test]
    fn pairs_of_times_part_segments() {
        check(&[100, 1, 2, 110, 110, 3, 120], &[((0, 20), &[1, 2]), ((20, 40), &[3])], 3000);
    }

    #[test]
    fn an_open_segment_is_left_for_the_next_window() {
        check(&[100, 1, 110, 110, 3, 4], &[((0, 20), &[1])], 20);
    }

    #[test]
    fn one_segment_takes_its_own_end() {
        check(&[100, 1, 2, 130], &[((0, 60), &[1, 2])], 3000);
        check(&[100, 1, 2], &[((0, 3000), &[1, 2])], 3000);
    }
}
