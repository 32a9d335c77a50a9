//! A lattice and its ink in, cells over several columns divided out: where a rule is missing in one row only, the texts of
//! the row still stand in their columns, far apart. A cell that holds one text stays whole.

use super::ink::Ink;
use super::lattice::{Lattice, Span};
use super::spell::{self, InkLine};
use crate::page::Turn;

/// Texts of two cells stand at least so far apart, in em.
const APART: f32 = 1.5;

/// Divides cells of the lattice; `ink` is the ink of each cell.
pub(super) fn divide(lattice: &mut Lattice, ink: &[Vec<Ink>]) {
    let mut cells = Vec::with_capacity(lattice.cells.len());
    for (span, ink) in lattice.cells.iter().zip(ink) {
        let borders = if span.column_span > 1 { borders(lattice, *span, ink) } else { Vec::new() };
        let mut first = span.column;
        for border in borders.into_iter().chain([span.column + span.column_span]) {
            cells.push(Span { column: first, column_span: border - first, ..*span });
            first = border;
        }
    }
    lattice.cells = cells;
}

/// The columns, after the first, at which texts of the cell begin.
fn borders(lattice: &Lattice, span: Span, ink: &[Ink]) -> Vec<usize> {
    if ink.iter().any(|i| i.turn != Turn::None) {
        return Vec::new();
    }
    let lines = spell::lines(ink.iter().copied());
    let Some((first, rest)) = lines.split_first() else { return Vec::new() };
    let mut found = parted(lattice, span, first);
    for line in rest {
        let here = parted(lattice, span, line);
        let bbox = line.bbox();
        let beside = |c: &usize| lattice.xs.get(*c).is_some_and(|at| bbox.x0 >= *at || bbox.x1 <= *at);
        found.retain(|c| here.contains(c) || beside(c));
    }
    found
}

/// The borders of columns within wide gaps of the line; of several in one gap the last, where the next text begins.
fn parted(lattice: &Lattice, span: Span, line: &InkLine) -> Vec<usize> {
    let inner = span.column + 1..span.column + span.column_span;
    let last = |(from, to): (f32, f32)| {
        inner.clone().rev().find(|c| lattice.xs.get(*c).is_some_and(|at| from <= *at && *at <= to))
    };
    gaps(line).into_iter().filter_map(last).collect()
}

/// Wide gaps between the words of a line.
fn gaps(line: &InkLine) -> Vec<(f32, f32)> {
    let marks: Vec<&Ink> = line.ink.iter().filter(|i| !i.is_blank()).collect();
    let wide = |w: &[&Ink]| match w {
        [a, b] if b.rect.x0 - a.rect.x1 > APART * line.size => Some((a.rect.x1, b.rect.x0)),
        _ => None,
    };
    // Characters set far apart to fill a cell are one word.
    if line.chunks() * 2 > marks.len() { Vec::new() } else { marks.windows(2).filter_map(wide).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::word;

    #[test]
    fn texts_far_apart_over_columns_are_cells() {
        let span = Span { row: 0, column: 0, row_span: 1, column_span: 3 };
        let mut lattice = Lattice { xs: vec![0.0, 50.0, 100.0, 150.0], ys: vec![0.0, 20.0], cells: vec![span] };
        let mut ink = word("first", 5.0, 15.0, 10.0);
        ink.extend(word("second", 105.0, 15.0, 10.0));
        divide(&mut lattice, &[ink]);
        let spans: Vec<(usize, usize)> = lattice.cells.iter().map(|c| (c.column, c.column_span)).collect();
        assert_eq!(spans, vec![(0, 2), (2, 1)]);
    }
}
