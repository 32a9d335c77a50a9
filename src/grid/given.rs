//! Ink of a page that is known to hold one table and nothing else in, what a lattice leaves out of it brought in: labels
//! beside a lattice become a column of it, and lattices with text above or below are read together, by alignment.

use super::draft::Draft;
use super::ink::Ink;
use super::lattice::{Lattice, Span};
use super::spell;
use crate::geom::Rect;
use crate::page::Turn;

/// Room around the text of a column that has no border.
const MARGIN: f32 = 2.0;

/// Adds a column for the text on the left and on the right of a lattice, and takes that text.
pub(super) fn widen(lattice: &mut Lattice, ink: &mut Vec<Ink>, outside: &mut Vec<Ink>) {
    let own = lattice.bbox();
    let beside = |i: &Ink, left: bool| {
        let center = i.rect.center();
        let out = if left { center.x < own.x0 } else { center.x > own.x1 };
        out && center.y > own.y0 && center.y < own.y1
    };
    for left in [true, false] {
        let here: Vec<Ink> = outside.iter().filter(|i| beside(i, left)).copied().collect();
        let Some(bbox) = spell::bbox(&here) else { continue };
        outside.retain(|i| !beside(i, left));
        ink.extend(here);
        add_column(lattice, bbox, left);
    }
}

fn add_column(lattice: &mut Lattice, around: Rect, left: bool) {
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

/// Whether lattices are better read with the text around them than each by itself: text stands in lines above or below
/// them.
pub(super) fn is_part(drafts: &[&Draft], outside: &[Ink]) -> bool {
    let lines = spell::lines(outside.iter().filter(|i| i.turn == Turn::None).copied());
    !drafts.is_empty() && !lines.is_empty()
}
