//! A piece of a line in, whether it is a slash or a dash out: the signs for "none" in many a table. They are single straight
//! strokes, in which the network sees a 1 or 一.

use super::gray::{Gray, float};

/// Ink is darker than this.
const INK: u8 = 128;
/// Rows of ink that tell how a stroke runs.
const ENOUGH: usize = 8;
/// A stroke is nowhere so many times as thick as it is in most rows: the foot and the flag of a 1 are, and the end of 一.
const THICKER: f32 = 1.9;
/// How far, in its thicknesses, it may leave the straight.
const BENT: f32 = 0.6;
/// Steps aside for one up: slashes lean at least so far,
const SLASH: f32 = 0.25;
/// and what leans so far is nothing else, even in slanted print.
const NOTHING_ELSE: f32 = 0.35;
/// Steps up or down for one aside: a dash is level,
const LEVEL: f32 = 0.1;
/// and shorter than 一, in heights of a character.
const SHORT: f32 = 0.75;

/// What a single stroke is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Or perhaps something else in slanted print.
    LikelySlash,
    Slash,
    Dash,
}

/// Looks at a piece, black on white, of characters that are `unit` pixels high; `None` when it is no such stroke.
pub(super) fn stroke(picture: &Gray, unit: f32) -> Option<Stroke> {
    match run(picture) {
        Some((lean, _)) if lean >= NOTHING_ELSE => return Some(Stroke::Slash),
        Some((lean, _)) if lean >= SLASH => return Some(Stroke::LikelySlash),
        _ => {}
    }
    let (lean, length) = run(&picture.turned(1))?;
    (lean.abs() <= LEVEL && length <= SHORT * unit).then_some(Stroke::Dash)
}

/// How far the one straight stroke leans to the right as it goes up, and how many rows it has; `None` when the ink is anything
/// else.
fn run(picture: &Gray) -> Option<(f32, f32)> {
    let is_ink = |pixel: &u8| *pixel < INK;
    // Where it is, its middle and its thickness there.
    let mut rows: Vec<(f32, f32, f32)> = Vec::new();
    let mut ended = false;
    for y in 0..picture.height {
        let row = picture.row(y);
        let Some(from) = row.iter().position(is_ink) else {
            ended = !rows.is_empty();
            continue;
        };
        let to = row.iter().rposition(is_ink)? + 1;
        if ended || !row.get(from..to)?.iter().all(is_ink) {
            return None;
        }
        rows.push((float(y), f32::midpoint(float(from), float(to)), float(to - from)));
    }
    if rows.len() < ENOUGH {
        return None;
    }
    let mut widths: Vec<f32> = rows.iter().map(|row| row.2).collect();
    widths.sort_by(f32::total_cmp);
    let usual = *widths.get(widths.len() / 2)?;
    let count = float(rows.len());
    let mean = |of: fn(&(f32, f32, f32)) -> f32| rows.iter().map(of).sum::<f32>() / count;
    let (y, x) = (mean(|row| row.0), mean(|row| row.1));
    let down: f32 = rows.iter().map(|row| (row.0 - y) * (row.0 - y)).sum();
    let slope = rows.iter().map(|row| (row.0 - y) * (row.1 - x)).sum::<f32>() / down;
    // A pixel more or less is nothing.
    let is_even = widths.last().is_some_and(|most| *most <= THICKER * usual + 1.0);
    let is_straight = rows.iter().all(|row| (row.1 - x - slope * (row.0 - y)).abs() <= BENT * usual + 1.0);
    (is_even && is_straight).then_some((-slope, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stroke of 3 pixels that moves so far to the left with every row.
    fn leaning(lean: f32, rows: usize) -> Gray {
        let mut gray = Gray::blank(40, rows + 4);
        for row in 0..rows {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
            let x = (30.0 - lean * float(row)) as usize;
            let at = (row + 2) * 40 + x;
            gray.pixels[at..at + 3].fill(0);
        }
        gray
    }

    fn level(length: usize, end: usize) -> Gray {
        let mut gray = Gray::blank(60, 30);
        (14..17).for_each(|y| gray.pixels[y * 60 + 5..y * 60 + 5 + length].fill(0));
        (10..20).for_each(|y| gray.pixels[y * 60 + 5 + length - end..y * 60 + 5 + length].fill(0));
        gray
    }

    #[test]
    fn a_stroke_that_leans_is_a_slash() {
        assert_eq!(stroke(&leaning(0.5, 30), 30.0), Some(Stroke::Slash));
        assert_eq!(stroke(&leaning(0.3, 30), 30.0), Some(Stroke::LikelySlash));
        assert_eq!([stroke(&leaning(0.1, 30), 30.0), stroke(&leaning(-0.5, 30), 30.0)], [None; 2]);
    }

    #[test]
    fn a_short_level_stroke_is_a_dash() {
        assert_eq!(stroke(&level(16, 0), 30.0), Some(Stroke::Dash));
        assert_eq!([stroke(&level(28, 0), 30.0), stroke(&level(16, 3), 30.0)], [None; 2]);
    }

    #[test]
    fn what_is_more_than_a_stroke_is_none() {
        let mut foot = leaning(0.4, 30);
        foot.pixels[31 * 40 + 10..31 * 40 + 26].fill(0);
        let mut broken = leaning(0.5, 30);
        broken.pixels[15 * 40..16 * 40].fill(255);
        let mut bent = leaning(0.5, 20);
        (22..24).for_each(|y| bent.pixels[y * 40 + 30..y * 40 + 33].fill(0));
        assert_eq!([foot, broken, bent, leaning(0.5, 5)].map(|picture| stroke(&picture, 30.0)), [None; 4]);
    }
}
