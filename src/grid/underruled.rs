//! A lattice and its ink in, whether its rules leave rows undivided out: a frame with a rule under the heading and
//! between columns, but none between rows. Such a table is read by alignment instead.
//!
//! The evidence is in how lines end. A line of a wrapped text ends where the next word would not have fitted; a line
//! that ends earlier is followed by something else: the next row.

use super::aligned;
use super::ink::Ink;
use super::lattice::{Lattice, Span};
use super::spell::{self, InkLine};
use super::wording::is_value;
use crate::geom::Rect;
use crate::page::Turn;

/// Lines of one row of a lattice seldom are lower than this, in em.
const ONE_LINE: f32 = 2.2;
/// Room, in em, that a line of text leaves at the sides of its cell.
const PADDING: f32 = 0.6;
/// No number is broken over more lines.
const MOST_WRAPPED: usize = 4;

/// Whether some row of the lattice holds several rows, or several rows hold figures that no rule parts.
pub(super) fn is_underruled(lattice: &Lattice, ink: &[Ink]) -> bool {
    let mut rows: Vec<Vec<Ink>> = vec![Vec::new(); lattice.ys.len() - 1];
    for glyph in ink.iter().filter(|i| !i.is_blank() && i.turn == Turn::None) {
        let at = lattice.ys.partition_point(|y| *y <= glyph.rect.center().y);
        if let Some(row) = at.checked_sub(1).and_then(|row| rows.get_mut(row)) {
            row.push(*glyph);
        }
    }
    let mut begins: Vec<Vec<Span>> = vec![Vec::new(); rows.len()];
    for span in &lattice.cells {
        if let Some(row) = begins.get_mut(span.row) {
            row.push(*span);
        }
    }
    let mut undivided = 0;
    for (i, ((ys, inside), spans)) in lattice.ys.windows(2).zip(&rows).zip(&begins).enumerate() {
        let [top, bottom] = ys else { continue };
        let size = inside.iter().map(|i| i.size).fold(0.0, f32::max);
        if size > 0.0 && bottom - top > ONE_LINE * size && holds_rows(lattice, spans, inside, i > 0) {
            return true;
        }
        undivided += usize::from(is_undivided(lattice, spans, inside));
    }
    undivided >= 2
}

/// A cell and its lines.
struct Filled {
    own: Rect,
    lines: Vec<InkLine>,
}

impl Filled {
    /// How many of its line breaks nothing forced, and how many there are.
    fn breaks(&self) -> (usize, usize) {
        let free = self.lines.windows(2).filter(|w| matches!(w, [a, b] if self.is_free(a, b))).count();
        (free, self.lines.len().saturating_sub(1))
    }

    /// Whether what follows would have fitted on the line: its first word, or a digit where a number may be broken.
    fn is_free(&self, line: &InkLine, next: &InkLine) -> bool {
        let room = self.own.width() - 2.0 * PADDING * line.size - line.bbox().width();
        let marks = |l: &InkLine| l.ink.iter().filter(|i| !i.is_blank()).copied().collect::<Vec<Ink>>();
        let wrapped_number = is_value(&line.spelled().text)
            && is_value(&next.spelled().text)
            && self.lines.len() <= MOST_WRAPPED
            && !is_complete(line);
        let next = marks(next);
        let mut word = 0.0;
        let mut end = next.first().map_or(0.0, |i| i.rect.x0);
        for glyph in &next {
            if !wrapped_number && glyph.rect.x0 - end > 0.15 * glyph.size {
                break;
            }
            word += glyph.rect.x1 - end;
            end = glyph.rect.x1;
            if wrapped_number || spell::is_han(glyph.ch) {
                break;
            }
        }
        if is_value(&line.spelled().text) && is_complete(line) && is_value(&spell::spell_line(&next).text) {
            return true;
        }
        room > word + 0.3 * line.size
    }
}

/// Whether a number plainly ends with the line: after a fraction, a sign for a share, or a bracket.
fn is_complete(line: &InkLine) -> bool {
    let text = line.spelled().text;
    let fraction = text.rsplit_once('.').is_some_and(|(_, f)| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    let grouped = text.rsplit_once(',').is_some_and(|(_, g)| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    fraction || grouped || text.ends_with(['%', ')', '*', '-', '–', '—'])
}

/// Whether a row of the lattice holds several rows: in two cells at least most lines end before they are full, at the
/// same heights.
fn holds_rows(lattice: &Lattice, spans: &[Span], ink: &[Ink], below_heading: bool) -> bool {
    let cells: Vec<Filled> = spans
        .iter()
        .map(|span| {
            let own = lattice.cell_box(*span);
            Filled { own, lines: spell::lines(ink.iter().filter(|i| own.contains(i.rect.center())).copied()) }
        })
        .filter(|c| !c.lines.is_empty())
        .collect();
    let Some(most) = cells.iter().map(|c| c.lines.len()).max().filter(|m| *m >= 2) else { return false };
    let beside = |a: &InkLine, other: &Filled| other.lines.iter().any(|b| (a.base - b.base).abs() < 0.3 * a.size);
    let in_step = |c: &Filled| {
        let shared = c.lines.iter().filter(|l| cells.iter().any(|o| o.own != c.own && beside(l, o))).count();
        shared * 3 >= c.lines.len() * 2
    };
    let free = |c: &&Filled| {
        let (free, all) = c.breaks();
        let apart = c.lines.iter().filter(|l| has_figure_apart(l)).count();
        all > 0 && (free * 3 >= all * 2 || apart * 3 >= c.lines.len() * 2) && in_step(c)
    };
    let rows = cells.iter().filter(free).count();
    let figures = |c: &&Filled| {
        let figures = c.lines.iter().filter(|l| is_value(&l.spelled().text) || has_figure_apart(l)).count();
        figures * 3 >= c.lines.len() * 2
    };
    let of_figures = cells.iter().filter(free).filter(figures).count();
    let several = cells.iter().filter(|c| c.lines.len() >= 2).count();
    // Figures one below the other are rows; of labels alone, a heading may be broken by hand into two or three lines.
    let column_of_figures =
        || cells.iter().filter(figures).any(|c| c.lines.len() >= 3 && c.breaks().0 == c.lines.len() - 1 && in_step(c));
    let all_in_step = || {
        let same = cells.iter().filter(|c| c.lines.len() >= 2).all(|c| c.lines.len() == most && in_step(c));
        of_figures >= 1 && several >= 2 && same
    };
    (rows >= 2 && rows * 2 >= several && (of_figures >= 1 || most > 3))
        || all_in_step()
        || column_of_figures()
        || (below_heading && has_bands(&cells))
}

/// A step wider than this many times the usual one parts rows.
const WIDER_STEP: f32 = 1.2;

/// Whether all cells leave room at the same heights, below which lines of the first and of another begin.
fn has_bands(cells: &[Filled]) -> bool {
    let Some((labels, rest)) = cells.split_first() else { return false };
    let mut bases: Vec<f32> = cells.iter().flat_map(|c| c.lines.iter().map(|l| l.base)).collect();
    bases.sort_by(f32::total_cmp);
    bases.dedup_by(|b, a| *b - *a < 1.0);
    let mut steps: Vec<f32> = bases.windows(2).filter_map(|w| Some(w.get(1)? - w.first()?)).collect();
    steps.sort_by(f32::total_cmp);
    let usual = steps.get(steps.len() / 4).copied().unwrap_or_default();
    let at = |c: &Filled, base: f32| c.lines.iter().any(|l| (l.base - base).abs() < 1.0);
    let begins = |base: f32| at(labels, base) && rest.iter().any(|c| at(c, base));
    let wide = || bases.windows(2).filter(|w| matches!(w, [a, b] if b - a > WIDER_STEP * usual));
    let uneven = steps.last().is_some_and(|most| *most < 2.0 * usual);
    uneven
        && wide().count() >= 1
        && wide().all(|w| w.get(1).is_some_and(|b| begins(*b)))
        && bases.first().is_some_and(|b| begins(*b))
}

/// Words farther apart than this, in em, are no neighbours in a text.
const APART: f32 = 1.2;

/// Whether a figure stands far right of the text before it.
fn has_figure_apart(line: &InkLine) -> bool {
    let marks: Vec<Ink> = line.ink.iter().filter(|i| !i.is_blank()).copied().collect();
    let gap = |w: &[Ink]| matches!(w, [a, b] if b.rect.x0 - a.rect.x1 > APART * line.size);
    let start = marks.windows(2).rposition(gap).map(|i| i + 1);
    start.and_then(|i| marks.get(i..)).is_some_and(|rest| is_value(&spell::spell_line(rest).text))
}

/// Whether a row of the lattice is one cell although two figures at least stand apart in it.
fn is_undivided(lattice: &Lattice, spans: &[Span], ink: &[Ink]) -> bool {
    let columns = lattice.xs.len() - 1;
    let whole = spans.iter().any(|c| c.column_span == columns);
    columns >= 3 && whole && spell::lines(ink.iter().copied()).iter().any(|l| aligned::figures_apart(l) >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::word;

    fn two_columns(width: f32) -> Lattice {
        let span = |column| Span { row: 0, column, row_span: 1, column_span: 1 };
        Lattice { xs: vec![0.0, 80.0, 80.0 + width], ys: vec![0.0, 40.0], cells: vec![span(0), span(1)] }
    }

    fn ink(second: &str) -> Vec<Ink> {
        [("first", 5.0, 15.0), (second, 5.0, 27.0), ("12", 85.0, 15.0), ("34", 85.0, 27.0)]
            .into_iter()
            .flat_map(|(text, x, y)| word(text, x, y, 10.0))
            .collect()
    }

    #[test]
    fn several_figures_in_one_ruled_row_are_rows() {
        assert!(is_underruled(&two_columns(60.0), &ink("second")));
    }

    #[test]
    fn a_number_wrapped_in_a_narrow_cell_is_one() {
        assert!(!is_underruled(&two_columns(20.0), &ink("incomparable")));
    }
}
