//! Lattices and their ink in, those that are drawings out: gridlines, bars and boxes of a chart make lattices too. A table
//! has a row or a column of labels, or text in many cells; a drawing has neither, or has curves in its cells.

use super::ink::Ink;
use super::lattice::Lattice;
use crate::geom::{Rect, overlap};

/// Cells of a table hold text, at least this share of them,
const FILLED: f32 = 0.35;
/// or of those in some row or column of labels.
const LABELLED: f32 = 0.7;
/// Blank cells of a table seldom span; between bars of all heights most do, and there are so many at least.
const SPANNING: f32 = 0.6;
const STAIRS: usize = 6;
/// So many cells make a row or column of labels.
const SEVERAL: usize = 3;
/// In a drawing at least this share of the blank cells holds curves.
const CURVED: f32 = 0.25;
/// A shape smaller than this, in points, may be a mark or a sign in a cell.
const SIGN: f32 = 12.0;
/// Lattices of fewer rows or columns are not judged.
const FEW: usize = 3;

/// For each lattice, whether it is a drawing.
pub(super) fn mark(lattices: &[Lattice], inside: &[Vec<Ink>], shapes: &[Rect]) -> Vec<bool> {
    let mut marks: Vec<bool> = lattices.iter().zip(inside).map(|(l, ink)| is_drawing(l, ink, shapes)).collect();
    // What frames a drawing belongs to it.
    let boxes: Vec<Rect> = lattices.iter().map(Lattice::bbox).collect();
    let drawn: Vec<Rect> = boxes.iter().zip(&marks).filter(|(_, m)| **m).map(|(b, _)| *b).collect();
    for (own, mark) in boxes.iter().zip(&mut marks) {
        *mark |= drawn.iter().any(|d| own.contains(d.center()) && d.area() > 0.25 * own.area());
    }
    marks
}

fn is_drawing(lattice: &Lattice, ink: &[Ink], shapes: &[Rect]) -> bool {
    if lattice.xs.len() <= FEW || lattice.ys.len() <= FEW {
        return false;
    }
    let slots = lattice.slots();
    let columns = lattice.xs.len() - 1;
    let mut filled = vec![false; lattice.cells.len()];
    let cell_at = |x: f32, y: f32| {
        let at = |borders: &[f32], v: f32| borders.partition_point(|b| *b <= v).checked_sub(1);
        let (row, column) = (at(&lattice.ys, y)?, at(&lattice.xs, x)?);
        (column < columns).then(|| slots.get(row * columns + column).copied()).flatten()
    };
    for glyph in ink.iter().filter(|i| !i.is_blank()) {
        let center = glyph.rect.center();
        if let Some(flag) = cell_at(center.x, center.y).and_then(|i| filled.get_mut(i)) {
            *flag = true;
        }
    }
    let is_filled = |i: &&usize| filled.get(**i).copied().unwrap_or(false);
    // A row or column of labels: several cells, most of them filled.
    let labels = |of: &mut dyn Iterator<Item = usize>| {
        let mut cells: Vec<usize> = of.collect();
        cells.dedup();
        cells.len() >= SEVERAL && ratio(cells.iter().filter(is_filled).count(), cells.len()) >= LABELLED
    };
    let blank = filled.iter().filter(|f| !**f).count();
    let large = |s: &&Rect| s.width().max(s.height()) > SIGN;
    let bbox = lattice.bbox();
    let mut curved = vec![false; lattice.cells.len()];
    for shape in shapes.iter().filter(large).filter(|s| bbox.contains(s.center())) {
        let center = shape.center();
        if let Some(flag) = cell_at(center.x, center.y).and_then(|i| curved.get_mut(i)) {
            *flag = true;
        }
    }
    let drawn = curved.iter().zip(&filled).filter(|(c, f)| **c && !**f).count();
    if blank > 0 && drawn >= 2 && ratio(drawn, blank) >= CURVED {
        return true;
    }
    let spanning = lattice.cells.iter().zip(&filled).filter(|(c, f)| !**f && c.row_span * c.column_span > 1).count();
    if blank >= STAIRS && ratio(spanning, blank) >= SPANNING {
        return true;
    }
    let rows = lattice.ys.len() - 1;
    let row = |r: usize| labels(&mut (0..columns).filter_map(|c| slots.get(r * columns + c).copied()));
    let column = |c: usize| labels(&mut (0..rows).filter_map(|r| slots.get(r * columns + c).copied()));
    ratio(filled.len() - blank, filled.len()) < FILLED && !(0..rows).any(row) && !(0..columns).any(column)
}

fn ratio(part: usize, all: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "cells of a page")]
    let ratio = part as f32 / all.max(1) as f32;
    ratio
}

/// How far around a drawing, in points, its labels stand.
const LABELS: f32 = 36.0;

/// Parts ink into that of drawings and of what stands around them, and the rest.
pub(super) fn take(ink: Vec<Ink>, drawings: &[Rect]) -> (Vec<Ink>, Vec<Ink>) {
    ink.into_iter().partition(|i| {
        let center = i.rect.center();
        drawings.iter().any(|d| {
            overlap((center.x, center.x), (d.x0 - LABELS, d.x1 + LABELS)) >= 0.0
                && overlap((center.y, center.y), (d.y0 - LABELS / 3.0, d.y1 + LABELS)) >= 0.0
        })
    })
}
