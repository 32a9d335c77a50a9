//! Lattices and ink of a page that is known to hold one table and nothing else in, what the lattices leave out brought in:
//! lattices one below the other with the same columns become one, labels beside a lattice a column of it, and lines
//! above and below it rows. What does not fit stays outside.

use super::ink::Ink;
use super::lattice::{Lattice, Span};
use super::spell::{self, InkLine};
use crate::geom::{Rect, overlap};
use crate::page::Turn;

/// Room around text that has no border.
const MARGIN: f32 = 2.0;
/// Borders of columns are the same within this.
const SAME_BORDER: f32 = 4.0;
/// Words farther apart than this, in em, may stand in different columns.
const APART: f32 = 0.5;
/// Lines of one row are no farther apart than this, in em.
const WRAPPED: f32 = 1.35;
/// A word must reach so far into a column, in points, to stand in it.
const INTO: f32 = 1.0;

/// Joins lattices that stand one below the other and have the same columns.
pub(super) fn stack(lattices: Vec<Lattice>) -> Vec<Lattice> {
    let mut joined: Vec<Lattice> = Vec::new();
    for next in lattices {
        match joined.last_mut() {
            Some(above) if is_below(above, &next) => append(above, next),
            _ => joined.push(next),
        }
    }
    joined
}

fn is_below(above: &Lattice, next: &Lattice) -> bool {
    let same = |(a, b): (&f32, &f32)| (a - b).abs() <= SAME_BORDER;
    above.xs.len() == next.xs.len()
        && above.xs.iter().zip(&next.xs).all(same)
        && next.bbox().y0 >= above.bbox().y1 - SAME_BORDER
}

/// Sets a lattice below another; what stands between the two goes with the last row above.
fn append(above: &mut Lattice, next: Lattice) {
    let rows = above.ys.len() - 1;
    above.ys.pop();
    above.ys.extend(next.ys);
    above.cells.extend(next.cells.into_iter().map(|cell| Span { row: cell.row + rows, ..cell }));
}

/// Adds to a lattice what stands around it, and takes the ink.
pub(super) fn complete(lattice: &mut Lattice, ink: &mut Vec<Ink>, outside: &mut Vec<Ink>) {
    for left in [true, false] {
        let own = lattice.bbox();
        let beside = |i: &Ink| {
            let center = i.rect.center();
            let out = if left { center.x < own.x0 } else { center.x > own.x1 };
            out && center.y > own.y0 && center.y < own.y1
        };
        let here = take(outside, beside);
        if let Some(bbox) = spell::bbox(&here) {
            add_column(lattice, bbox, left);
        }
        ink.extend(here);
    }
    for above in [true, false] {
        let own = lattice.bbox();
        let beyond = |i: &Ink| {
            let center = i.rect.center();
            let out = if above { center.y < own.y0 } else { center.y > own.y1 };
            out && i.turn == Turn::None && center.x > own.x0 && center.x < own.x1
        };
        let here = take(outside, beyond);
        let rows = rows(lattice, &spell::lines(here.iter().copied()));
        add_rows(lattice, &rows, above);
        ink.extend(here);
    }
}

/// Takes ink out.
pub(super) fn take(outside: &mut Vec<Ink>, which: impl Fn(&Ink) -> bool) -> Vec<Ink> {
    let (taken, rest) = std::mem::take(outside).into_iter().partition(which);
    *outside = rest;
    taken
}

/// Adds a column of labels or figures that stand in this box.
pub(super) fn add_column(lattice: &mut Lattice, around: Rect, left: bool) {
    let (rows, columns) = (lattice.ys.len() - 1, lattice.xs.len() - 1);
    if left {
        lattice.xs.insert(0, around.x0 - MARGIN);
        lattice.cells.iter_mut().for_each(|cell| cell.column += 1);
    } else {
        lattice.xs.push(around.x1 + MARGIN);
    }
    let column = if left { 0 } else { columns };
    lattice.cells.extend((0..rows).map(|row| Span { row, column, row_span: 1, column_span: 1 }));
    lattice.cells.sort_by_key(|cell| (cell.row, cell.column));
}

/// A row of text outside the lattice: its box, its last line and the columns, first and last, that its texts stand in.
struct Row {
    bbox: Rect,
    base: f32,
    texts: Vec<(usize, usize)>,
}

/// The rows that lines make: lines of one wrapped text are one row.
fn rows(lattice: &Lattice, lines: &[InkLine]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let texts = texts(lattice, line);
        match rows.last_mut() {
            Some(row)
                if line.base - row.base < WRAPPED * line.size && texts.iter().all(|text| row.texts.contains(text)) =>
            {
                row.bbox = row.bbox.union(&line.bbox());
                row.base = line.base;
            }
            _ => rows.push(Row { bbox: line.bbox(), base: line.base, texts }),
        }
    }
    rows
}

/// The columns that the texts of a line stand in; texts that share a column are one.
fn texts(lattice: &Lattice, line: &InkLine) -> Vec<(usize, usize)> {
    let mut words: Vec<(f32, f32)> = Vec::new();
    for glyph in line.ink.iter().filter(|i| !i.is_blank()) {
        match words.last_mut() {
            Some(word) if glyph.rect.x0 - word.1 <= APART * line.size => word.1 = word.1.max(glyph.rect.x1),
            _ => words.push((glyph.rect.x0, glyph.rect.x1)),
        }
    }
    let mut texts: Vec<(usize, usize)> = Vec::new();
    for word in words {
        let stands_in = |w: &[f32]| matches!(w, [a, b] if overlap((*a, *b), word) > INTO);
        let columns = || lattice.xs.windows(2);
        let (Some(first), Some(last)) = (columns().position(stands_in), columns().rposition(stands_in)) else {
            continue;
        };
        match texts.last_mut() {
            Some(before) if before.1 >= first => before.1 = before.1.max(last),
            _ => texts.push((first, last)),
        }
    }
    texts
}

/// Adds rows above or below the lattice.
fn add_rows(lattice: &mut Lattice, rows: &[Row], above: bool) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let columns = lattice.xs.len() - 1;
    let between = rows.windows(2).filter_map(|w| match w {
        [a, b] => Some(f32::midpoint(a.bbox.y1, b.bbox.y0)),
        _ => None,
    });
    let offset = if above { 0 } else { lattice.ys.len() - 1 };
    if above {
        lattice.cells.iter_mut().for_each(|cell| cell.row += rows.len());
        lattice.ys.splice(0..0, std::iter::once(first.bbox.y0 - MARGIN).chain(between));
    } else {
        lattice.ys.extend(between.chain([last.bbox.y1 + MARGIN]));
    }
    for (i, row) in rows.iter().enumerate() {
        let mut column = 0;
        while column < columns {
            let end = row.texts.iter().find(|text| text.0 == column).map_or(column, |text| text.1);
            lattice.cells.push(Span { row: offset + i, column, row_span: 1, column_span: end + 1 - column });
            column = end + 1;
        }
    }
    lattice.cells.sort_by_key(|cell| (cell.row, cell.column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::word;

    fn lattice(top: f32) -> Lattice {
        let span = |column| Span { row: 0, column, row_span: 1, column_span: 1 };
        Lattice { xs: vec![100.0, 150.0, 200.0], ys: vec![top, top + 20.0], cells: vec![span(0), span(1)] }
    }

    fn spans(lattice: &Lattice) -> Vec<(usize, usize, usize)> {
        lattice.cells.iter().map(|c| (c.row, c.column, c.column_span)).collect()
    }

    #[test]
    fn labels_beside_and_headings_above_belong_to_the_table() {
        let mut own = lattice(100.0);
        let mut ink = Vec::new();
        let mut outside = word("label", 50.0, 115.0, 10.0);
        outside.extend(word("wide-heading", 120.0, 75.0, 10.0));
        outside.extend(word("one", 110.0, 93.0, 10.0));
        outside.extend(word("two", 160.0, 93.0, 10.0));
        complete(&mut own, &mut ink, &mut outside);
        assert!(outside.is_empty());
        assert_eq!(own.xs.len(), 4);
        let expected = [(0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 1, 1), (1, 2, 1), (2, 0, 1), (2, 1, 1), (2, 2, 1)];
        assert_eq!(spans(&own), expected);
    }

    #[test]
    fn lattices_with_the_same_columns_are_one() {
        let other = Lattice { xs: vec![100.0, 200.0], ..lattice(160.0) };
        let joined = stack(vec![lattice(100.0), lattice(130.0), other]);
        assert_eq!(joined.len(), 2);
        assert_eq!(joined.first().map(|l| l.ys.clone()), Some(vec![100.0, 130.0, 150.0]));
        assert_eq!(joined.first().map(spans), Some(vec![(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)]));
    }
}
