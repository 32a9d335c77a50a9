//! Lines in, the same lines out with each small raised glyph in the line that it is set over, and which glyphs are
//! raised. How those are written is not decided here, but by [`Set::written`].

use super::ink::Ink;
use super::spell::{InkLine, bbox};
use crate::geom::{Rect, overlap};
pub(super) use crate::number::Set;
use std::ops::Range;

/// A raised or lowered glyph is no larger than this part of the text it belongs to,
const SMALLER: f32 = 0.92;
/// and its baseline is so far, in em of that text, above or below: small type in the middle of a line is not so far off.
const RAISED: f32 = 0.2;
const LOWERED: f32 = 0.12;
/// It stands beside the text: no farther, in em, from the text before or after it, and over neither by more than a touch.
const BEHIND: f32 = 0.5;
const BEFORE: f32 = 0.25;
const TOUCH: f32 = 0.15;
/// Marks are short; longer ones are a line of small text.
const LONGEST: usize = 6;
/// The text beside a mark is at most so many glyphs away: blanks may come between.
const NEAR: usize = 4;
/// Glyphs that stand closer than this, in em of the text, are one mark.
const TOGETHER: f32 = 0.6;

impl Set {
    /// How the glyph is set beside a glyph of text.
    pub(super) fn of(glyph: &Ink, text: &Ink) -> Self {
        let rise = (text.base() - glyph.base()) / text.size;
        if glyph.size > SMALLER * text.size {
            Self::On
        } else if rise >= RAISED {
            Self::Raised
        } else if rise <= -LOWERED {
            Self::Lowered
        } else {
            Self::On
        }
    }
}

/// Moves raised glyphs that were taken for a line of their own into the line that they are set over. Those raised less,
/// and lowered ones, are in it already. Lines come and go from top to bottom.
pub(super) fn gather(lines: &mut Vec<InkLine>) {
    let mut moved = false;
    for at in 1..lines.len() {
        let (above, rest) = lines.split_at_mut(at);
        let Some(line) = rest.first_mut() else { continue };
        let reach = line.base - line.size;
        for other in above.iter_mut().rev().take_while(|o| o.base > reach) {
            moved |= take(other, line);
        }
    }
    if moved {
        lines.retain(|line| line.ink.iter().any(|i| !i.is_blank()));
    }
}

/// Moves what `from` has of `line`'s raised glyphs; says whether there were any. Both are ordered.
fn take(from: &mut InkLine, line: &mut InkLine) -> bool {
    let over = |run: &Range<usize>| from.ink.get(run.clone()).is_some_and(|marks| is_set_over(marks, line));
    let runs: Vec<Range<usize>> = runs(&from.ink, TOGETHER * line.size).into_iter().filter(over).collect();
    if runs.is_empty() {
        return false;
    }
    let mut next = runs.into_iter().peekable();
    for (i, glyph) in std::mem::take(&mut from.ink).into_iter().enumerate() {
        while next.next_if(|run| run.end <= i).is_some() {}
        let taken = next.peek().is_some_and(|run| run.contains(&i));
        if taken { line.ink.push(glyph) } else { from.ink.push(glyph) }
    }
    line.ink.sort_by(|a, b| a.rect.center().x.total_cmp(&b.rect.center().x));
    true
}

/// The stretches of glyphs with no wider gap between them than this.
fn runs(ink: &[Ink], gap: f32) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut end = f32::MIN;
    for (i, glyph) in ink.iter().enumerate().filter(|(_, g)| !g.is_blank()) {
        match runs.last_mut() {
            Some(run) if glyph.rect.x0 - end <= gap => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
        end = end.max(glyph.rect.x1);
    }
    runs
}

/// Whether a stretch of glyphs is a mark raised over the line, beside its text and in nothing's place.
fn is_set_over(marks: &[Ink], line: &InkLine) -> bool {
    let Some(own) = bbox(marks).filter(|_| marks.len() <= LONGEST) else { return false };
    let (left, right) = line.ink.split_at(line.ink.partition_point(|i| i.rect.center().x < own.center().x));
    let before = left.iter().rev().take(NEAR).find(|i| !i.is_blank());
    let after = right.iter().take(NEAR).find(|i| !i.is_blank());
    let free = before.is_none_or(|b| b.rect.x1 - own.x0 < TOUCH * b.size)
        && after.is_none_or(|a| own.x1 - a.rect.x0 < TOUCH * a.size);
    let beside = before
        .filter(|b| own.x0 - b.rect.x1 < BEHIND * b.size)
        .or(after.filter(|a| a.rect.x0 - own.x1 < BEFORE * a.size));
    let over = |text: &Ink| {
        let shared = overlap(tall(&own), tall(&text.rect));
        shared >= 0.5 * own.height() && marks.iter().all(|m| m.is_blank() || Set::of(m, text) == Set::Raised)
    };
    free && beside.is_some_and(over)
}

fn tall(r: &Rect) -> (f32, f32) {
    (r.y0, r.y1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::spell::{lines, spell};
    use crate::grid::testing::word;

    fn texts(ink: Vec<Ink>) -> Vec<String> {
        lines(ink).iter().map(|l| l.spelled().text).collect()
    }

    fn set(pieces: &[(&str, f32, f32, f32)]) -> Vec<Ink> {
        pieces.iter().flat_map(|(text, x, base, size)| word(text, *x, *base, *size)).collect()
    }

    #[test]
    fn raised_digits_make_no_other_figure() {
        for (rise, size) in [(3.3, 5.8), (5.0, 6.0), (4.5, 9.0), (2.5, 8.0)] {
            let figure = set(&[("1,251", 10.0, 100.0, 10.0), ("2", 35.0, 100.0 - rise, size)]);
            assert_eq!(texts(figure), ["1,251²"], "{rise} {size}");
        }
        let two = set(&[
            ("79", 10.0, 100.0, 10.0),
            ("1,2", 20.0, 95.0, 6.0),
            ("81", 60.0, 100.0, 10.0),
            ("3", 70.0, 95.0, 6.0),
        ]);
        assert_eq!(texts(two), ["79¹,² 81³"]);
        let note = set(&[("1", 10.0, 95.0, 6.0), ("Without", 14.0, 100.0, 10.0)]);
        assert_eq!(texts(note), ["¹Without"]);
    }

    #[test]
    fn letters_and_signs_stay() {
        assert_eq!(spell(&set(&[("3", 10.0, 100.0, 10.0), ("rd", 15.0, 95.0, 6.0)])).text, "3rd");
        assert_eq!(spell(&set(&[("12", 10.0, 100.0, 10.0), ("*", 20.0, 95.0, 6.0)])).text, "12*");
        assert_eq!(spell(&set(&[("CO", 10.0, 100.0, 10.0), ("2", 20.0, 102.0, 6.0)])).text, "CO2");
        assert_eq!(spell(&set(&[("12", 10.0, 100.0, 10.0), ("3", 20.0, 102.0, 6.0)])).text, "12₃");
    }

    #[test]
    fn small_type_on_the_line_is_text() {
        let low = set(&[("12", 10.0, 100.0, 10.0), ("3", 20.0, 100.0, 7.0)]);
        let middle = set(&[("12", 10.0, 100.0, 10.0), ("3", 20.0, 98.9, 7.0)]);
        assert_eq!((spell(&low).text.as_str(), spell(&middle).text.as_str()), ("123", "123"));
    }

    #[test]
    fn lines_of_small_type_stay_lines() {
        let under = set(&[("total", 10.0, 100.0, 7.0), ("notes", 10.0, 106.0, 6.0)]);
        assert_eq!(texts(under), ["total", "notes"]);
        let over = set(&[("1", 36.0, 93.0, 7.0), ("1,251", 10.0, 100.0, 10.0)]);
        assert_eq!(texts(over), ["1", "1,251"], "too high");
        let words = set(&[("smaller", 36.0, 95.0, 7.0), ("1,251", 10.0, 100.0, 10.0)]);
        assert_eq!(texts(words), ["smaller", "1,251"], "too long");
        let above = set(&[("2", 24.0, 95.0, 6.0), ("1,251", 10.0, 100.0, 10.0)]);
        assert_eq!(texts(above), ["2", "1,251"], "in place of text");
    }
}
