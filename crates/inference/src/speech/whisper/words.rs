//! When each word was said: the attention of the decoder, followed through the sound by dynamic time warping.

use candle_core::{IndexOp as _, Tensor};

use super::network::Network;
use super::segments::second;
use super::special::Special;
use crate::error::Result;

/// Frames that a place of the encoder stands for.
const PLACE: usize = 2;
/// Places that a median is taken over.
const MEDIAN: usize = 7;
/// Seconds that a word of usual length lasts at most.
const USUAL: f64 = 0.7;

/// A word and its frames, from the start of the window.
pub(crate) struct Timed {
    pub(crate) text: String,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

/// The words of a text, with seconds from the start of the window of which `frames` frames were heard.
pub(crate) fn timed(
    network: &Network,
    special: &Special,
    heard: &Tensor,
    opening: &[u32],
    tokens: &[u32],
    frames: usize,
) -> Result<Vec<Timed>> {
    let words = words(special, tokens)?;
    let places = (frames / PLACE).max(1);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut read = opening.to_vec();
    read.push(special.untimed);
    read.extend_from_slice(tokens);
    read.push(special.end);
    read.truncate(network.context);
    let mut watched = Vec::new();
    network.read(&read, &mut network.start(heard)?, Some(&mut watched))?;

    // Heads that follow the sound, each made even over the tokens and smoothed over time.
    let mut rows: Vec<Vec<f32>> = Vec::new();
    let mut heads = 0;
    for (layer, head) in &special.followers {
        let Some(layer) = watched.get(*layer).filter(|layer| layer.dim(0).is_ok_and(|count| *head < count)) else {
            continue;
        };
        let places = places.min(layer.dim(2)?);
        let mut table = layer.i(*head)?.narrow(1, 0, places)?.to_vec2::<f32>()?;
        even(&mut table);
        let smooth = table.iter().map(|row| smoothed(row));
        if rows.is_empty() {
            rows = smooth.collect();
        } else {
            rows.iter_mut()
                .zip(smooth)
                .for_each(|(sum, row)| sum.iter_mut().zip(row).for_each(|(sum, one)| *sum += one));
        }
        heads += 1;
    }
    // Rows of the text and of the end, whose start is where the last word ends.
    let rows = rows.get(opening.len()..rows.len().saturating_sub(1)).unwrap_or_default();
    let cost: Vec<Vec<f32>> =
        rows.iter().map(|row| row.iter().map(|sum| -sum / heads.max(1) as f32).collect()).collect();
    let starts = starts(&cost);

    let mut place = 0;
    let mut found = Vec::with_capacity(words.len());
    for (text, count) in words {
        let at = |token: usize| starts.get(token).or(starts.last()).map_or(0.0, |start| second(start * PLACE));
        found.push(Timed { text, start: at(place), end: at(place + count) });
        place += count;
    }
    shorten(&mut found);
    Ok(found)
}

/// Words do not last through silence: a first word that seems to begins later, and another one ends earlier.
fn shorten(words: &mut [Timed]) {
    let mut lengths: Vec<f64> = words.iter().map(|word| word.end - word.start).filter(|length| *length > 0.0).collect();
    lengths.sort_unstable_by(f64::total_cmp);
    let longest = lengths.get(lengths.len() / 2).map_or(0.0, |median| median.min(USUAL) * 2.0);
    for (place, word) in words.iter_mut().enumerate().filter(|(_, word)| word.end - word.start > longest) {
        if place == 0 {
            word.start = word.end - longest;
        } else {
            word.end = word.start + longest;
        }
    }
}

/// Words with their counts of tokens. A word begins with a space; what follows without one belongs to it.
fn words(special: &Special, tokens: &[u32]) -> Result<Vec<(String, usize)>> {
    let mut words: Vec<(String, usize)> = Vec::new();
    let mut open = Vec::new();
    for token in tokens {
        open.push(*token);
        let text = special.decode(&open)?;
        // A character may be spread over tokens.
        if text.ends_with('\u{fffd}') {
            continue;
        }
        match words.last_mut() {
            Some((word, count)) if !text.starts_with(' ') => {
                word.push_str(&text);
                *count += open.len();
            }
            _ => words.push((text, open.len())),
        }
        open.clear();
    }
    Ok(words)
}

/// Brings each column to mean zero and deviation one.
fn even(table: &mut [Vec<f32>]) {
    let count = table.len() as f32;
    for place in 0..table.first().map_or(0, Vec::len) {
        let column = || table.iter().filter_map(|row| row.get(place));
        let mean = column().sum::<f32>() / count;
        let deviation = (column().map(|number| (number - mean).powi(2)).sum::<f32>() / count).sqrt().max(1e-9);
        for row in table.iter_mut() {
            if let Some(number) = row.get_mut(place) {
                *number = (*number - mean) / deviation;
            }
        }
    }
}

/// The median around each place; the ends are mirrored.
fn smoothed(row: &[f32]) -> Vec<f32> {
    let half = MEDIAN / 2;
    if row.len() <= half {
        return row.to_vec();
    }
    let before = row.iter().skip(1).take(half).rev();
    let after = row.iter().rev().skip(1).take(half);
    let padded: Vec<f32> = before.chain(row).chain(after).copied().collect();
    let medians = padded.windows(MEDIAN).map(|window| {
        let mut sorted = window.to_vec();
        sorted.sort_unstable_by(f32::total_cmp);
        sorted.get(half).copied().unwrap_or_default()
    });
    medians.collect()
}

/// The place at which each row begins, on the cheapest way from the first corner of the table to the last.
fn starts(cost: &[Vec<f32>]) -> Vec<usize> {
    let columns = cost.first().map_or(0, Vec::len);
    // How the way came to each cell: along the diagonal, down, or on.
    let mut traces: Vec<Vec<u8>> = Vec::with_capacity(cost.len());
    let mut above = vec![f32::INFINITY; columns + 1];
    if let Some(corner) = above.first_mut() {
        *corner = 0.0;
    }
    for row in cost {
        let mut sums = vec![f32::INFINITY];
        let mut trace = Vec::with_capacity(columns);
        for (cell, pair) in row.iter().zip(above.windows(2)) {
            let (diagonal, down) = match pair {
                [diagonal, down] => (*diagonal, *down),
                _ => (f32::INFINITY, f32::INFINITY),
            };
            let on = sums.last().copied().unwrap_or(f32::INFINITY);
            let (least, way) = if diagonal < down && diagonal < on {
                (diagonal, 0)
            } else if down < diagonal && down < on {
                (down, 1)
            } else {
                (on, 2)
            };
            sums.push(cell + least);
            trace.push(way);
        }
        traces.push(trace);
        above = sums;
    }
    let mut starts = vec![0; cost.len()];
    let (mut row, mut column) = (cost.len(), columns);
    while row > 0 && column > 0 {
        if let Some(start) = starts.get_mut(row - 1) {
            *start = column - 1;
        }
        match traces.get(row - 1).and_then(|trace| trace.get(column - 1)) {
            Some(0) => (row, column) = (row - 1, column - 1),
            Some(1) => row -= 1,
            _ => column -= 1,
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_way_gives_the_starts() {
        let table = |rows: &[&str]| -> Vec<Vec<f32>> {
            rows.iter().map(|row| row.chars().map(|cell| if cell == '#' { -1.0 } else { 1.0 }).collect()).collect()
        };
        assert_eq!(starts(&table(&["###......", "...##....", ".....####"])), [0, 3, 5]);
        assert_eq!(starts(&[]), Vec::<usize>::new());
    }

    #[test]
    fn no_word_lasts_through_silence() {
        let word = |start, end| Timed { text: String::new(), start, end };
        let mut words = [word(0.0, 4.0), word(4.0, 4.5), word(4.5, 5.0), word(5.0, 9.0), word(9.0, 9.4)];
        shorten(&mut words);
        let times: Vec<(f64, f64)> = words.iter().map(|word| (word.start, word.end)).collect();
        assert_eq!(times, [(3.0, 4.0), (4.0, 4.5), (4.5, 5.0), (5.0, 6.0), (9.0, 9.4)]);
    }

    #[test]
    fn medians_drop_single_peaks() {
        assert_eq!(smoothed(&[0.0, 0.0, 9.0, 0.0, 0.0, 0.0]), [0.0; 6]);
        assert_eq!(smoothed(&[1.0, 2.0]), [1.0, 2.0]);
    }
}
