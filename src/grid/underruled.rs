//! A lattice and its ink in, whether its rules leave rows undivided out: a frame with a rule under the heading and
//! between columns, but none between rows. Such a table is read by alignment instead.

use super::aligned;
use super::ink::Ink;
use super::lattice::{Lattice, Span};
use super::spell::{self, InkLine};
use super::wording::is_value;
use crate::geom::Rect;

/// Whether some row of the lattice holds several rows of figures, or several rows hold figures that no rule parts.
pub(super) fn is_underruled(lattice: &Lattice, ink: &[Ink]) -> bool {
    let mut rows: Vec<Vec<Ink>> = vec![Vec::new(); lattice.ys.len() - 1];
    for glyph in ink.iter().filter(|i| !i.is_blank()) {
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
    for ((ys, inside), spans) in lattice.ys.windows(2).zip(&rows).zip(&begins) {
        let [top, bottom] = ys else { continue };
        let size = inside.iter().map(|i| i.size).fold(0.0, f32::max);
        if size > 0.0 && bottom - top > 2.2 * size && holds_rows(lattice, spans, inside) {
            return true;
        }
        undivided += usize::from(is_undivided(lattice, spans, inside));
    }
    undivided >= 2
}

/// No number is broken over more lines.
const MOST_WRAPPED: usize = 4;

/// Whether all figures of a lattice row stand in the same number of lines, beside at least as many lines of labels.
/// Where there are many lines, some may lack a figure.
fn holds_rows(lattice: &Lattice, spans: &[Span], ink: &[Ink]) -> bool {
    let cells: Vec<(Rect, Vec<InkLine>)> = spans
        .iter()
        .filter(|c| c.row_span == 1)
        .map(|span| {
            let own = lattice.cell_box(*span);
            (own, spell::lines(ink.iter().filter(|i| own.contains(i.rect.center())).copied()))
        })
        .collect();
    let Some(((_, labels), rest)) = cells.split_first() else { return false };
    let filled: Vec<&(Rect, Vec<InkLine>)> = rest.iter().filter(|(_, lines)| !lines.is_empty()).collect();
    let Some(count) = filled.iter().map(|(_, lines)| lines.len()).max() else { return false };
    let beside_label = |l: &InkLine| labels.iter().any(|label| (label.base - l.base).abs() < 0.3 * l.size);
    let of_figures = |(own, lines): &&(Rect, Vec<InkLine>)| {
        let rows = if count > MOST_WRAPPED {
            lines.iter().all(beside_label)
        } else {
            lines.len() == count && !is_wrapped(*own, lines)
        };
        rows && lines.iter().all(|l| is_value(&l.spelled().text))
    };
    count >= 2 && labels.len() >= count && filled.iter().all(of_figures)
}

/// Whether a row of the lattice is one cell although two figures at least stand apart in it.
fn is_undivided(lattice: &Lattice, spans: &[Span], ink: &[Ink]) -> bool {
    let columns = lattice.xs.len() - 1;
    let whole = spans.iter().any(|c| c.column_span == columns);
    columns >= 3 && whole && spell::lines(ink.iter().copied()).iter().any(|l| aligned::figures_apart(l) >= 2)
}

/// Whether the lines may be one number broken over lines: all but the last fill the cell.
fn is_wrapped(own: Rect, lines: &[InkLine]) -> bool {
    lines.iter().take(lines.len().saturating_sub(1)).all(|line| own.width() - line.bbox().width() < 2.0 * line.size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::word;

    fn two_columns(width: f32) -> Lattice {
        let span = |column| Span { row: 0, column, row_span: 1, column_span: 1 };
        Lattice { xs: vec![0.0, 50.0, 50.0 + width], ys: vec![0.0, 40.0], cells: vec![span(0), span(1)] }
    }

    fn ink() -> Vec<Ink> {
        [("first", 5.0, 15.0), ("second", 5.0, 27.0), ("12", 55.0, 15.0), ("34", 55.0, 27.0)]
            .into_iter()
            .flat_map(|(text, x, y)| word(text, x, y, 10.0))
            .collect()
    }

    #[test]
    fn several_figures_in_one_ruled_row_are_rows() {
        assert!(is_underruled(&two_columns(60.0), &ink()));
    }

    #[test]
    fn a_number_wrapped_in_a_narrow_cell_is_one() {
        assert!(!is_underruled(&two_columns(20.0), &ink()));
    }
}
