//! A claim in its slots in, what it measures on the pages out, and whether the pages bear it out.

use super::Refusal;
use super::claim::{Claim, Piece, Stated};
use super::repeat::{self, Again};
use crate::geom::Rect;
use crate::grid::lattice;
use crate::grid::spell;

/// How far, in em, rows and columns may reach into each other: boxes of glyphs are not their outlines.
const SLACK: f32 = 0.3;
/// Cells of a column lie no farther apart than this, in em.
const GAP: f32 = 1.0;
/// So many glyphs in a cell, on average, are prose.
const PROSE: usize = 200;

/// A claim's cells on one page.
#[derive(Debug)]
pub(super) struct Measured {
    /// The ink of each cell.
    pub(super) boxes: Vec<Option<Rect>>,
    /// Top and bottom of each row, by the cells of that row alone.
    pub(super) rows: Vec<Option<(f32, f32)>>,
    /// Left and right end of each column, by the cells of that column alone.
    pub(super) columns: Vec<Option<(f32, f32)>>,
    pub(super) hull: Rect,
    pub(super) size: f32,
    /// The heading shown again without being part of what is stated.
    pub(super) again: Option<Again>,
}

/// Measures each piece of a claim.
pub(super) fn measured(claim: &Claim<'_>, stated: &Stated) -> Vec<Measured> {
    let mut measured: Vec<Measured> = claim.pieces.iter().map(|piece| Measured::of(piece, stated)).collect();
    if let Some((first, later)) = claim.pieces.split_first() {
        for (piece, measured) in later.iter().zip(measured.iter_mut().skip(1)) {
            measured.again = repeat::heading(stated, first, piece);
        }
    }
    measured
}

impl Measured {
    fn of(piece: &Piece<'_>, stated: &Stated) -> Self {
        let own = |id: usize| piece.ink.get(&id).and_then(|ink| spell::bbox(ink));
        let boxes: Vec<Option<Rect>> = stated.cells.iter().map(|cell| own(cell.wish?.id)).collect();
        let mut rows = vec![None; stated.rows];
        let mut columns = vec![None; stated.columns];
        let widen = |slot: Option<&mut Option<(f32, f32)>>, from: f32, to: f32| {
            if let Some(slot) = slot {
                let (a, b) = slot.unwrap_or((from, to));
                *slot = Some((a.min(from), b.max(to)));
            }
        };
        for (cell, own) in stated.cells.iter().zip(&boxes) {
            let Some(own) = own else { continue };
            if cell.span.row_span == 1 {
                widen(rows.get_mut(cell.span.row), own.y0, own.y1);
            }
            if cell.span.column_span == 1 {
                widen(columns.get_mut(cell.span.column), own.x0, own.x1);
            }
        }
        Self { boxes, rows, columns, hull: piece.hull().unwrap_or_default(), size: piece.size(), again: None }
    }

    /// The rows of which something stands on the page.
    fn rows_here(&self, stated: &Stated) -> Vec<usize> {
        let mut rows: Vec<usize> = stated
            .cells
            .iter()
            .zip(&self.boxes)
            .filter(|(_, own)| own.is_some())
            .map(|(cell, _)| cell.span.row)
            .collect();
        rows.dedup();
        rows
    }

    /// How many rows stand on the page.
    pub(super) fn row_count(&self, stated: &Stated) -> usize {
        self.rows_here(stated).len()
    }

    /// Whether rows go downwards and columns to the right, each apart from the next, with cells that cover several
    /// between those before and those after them.
    fn is_in_order(&self, stated: &Stated) -> Result<(), Refusal> {
        let slack = SLACK * self.size;
        let (rows, columns) = (Bounds::of(&self.rows), Bounds::of(&self.columns));
        if !rows.are_apart(slack) || !self.rows_are_whole(stated) {
            return Err(Refusal::Rows);
        }
        let whole = stated.exact || self.columns_are_whole(stated);
        if !columns.are_apart(slack) || !self.goes_right(stated, slack) || !whole {
            return Err(Refusal::Columns);
        }
        for (cell, own) in stated.cells.iter().zip(&self.boxes) {
            let Some(own) = own else { continue };
            let span = cell.span;
            if !rows.hold(span.row, span.row + span.row_span, (own.y0, own.y1), slack) {
                return Err(Refusal::Rows);
            }
            if !columns.hold(span.column, span.column + span.column_span, (own.x0, own.x1), slack) {
                return Err(Refusal::Columns);
            }
        }
        Ok(())
    }

    /// Whether the cells of each column lie over each other. Where blank cells are left out, cells of two columns may be
    /// stated as one, and a gap is all that shows it.
    fn columns_are_whole(&self, stated: &Stated) -> bool {
        let mut cells: Vec<(usize, f32, f32)> = stated
            .cells
            .iter()
            .zip(&self.boxes)
            .filter(|(cell, _)| cell.span.column_span == 1)
            .filter_map(|(cell, own)| own.map(|own| (cell.span.column, own.x0, own.x1)))
            .collect();
        cells.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        cells.chunk_by(|a, b| a.0 == b.0).all(|column| is_whole(column.iter().map(|c| (c.1, c.2)), GAP * self.size))
    }

    /// Whether the cells of each row stand beside each other.
    fn rows_are_whole(&self, stated: &Stated) -> bool {
        let mut cells: Vec<(usize, f32, f32)> = stated
            .cells
            .iter()
            .zip(&self.boxes)
            .filter(|(cell, _)| cell.span.row_span == 1)
            .filter_map(|(cell, own)| own.map(|own| (cell.span.row, own.y0, own.y1)))
            .collect();
        cells.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        cells.chunk_by(|a, b| a.0 == b.0).all(|row| is_whole(row.iter().map(|c| (c.1, c.2)), 0.0))
    }

    /// Whether the cells that cover a row go from left to right, for each row.
    fn goes_right(&self, stated: &Stated, slack: f32) -> bool {
        let spans: Vec<lattice::Span> = stated.cells.iter().map(|cell| cell.span).collect();
        let slots = lattice::slots(&spans, stated.rows, stated.columns);
        slots.chunks(stated.columns.max(1)).all(|row| {
            let mut row = row.to_vec();
            row.dedup();
            let boxes: Vec<Rect> = row.iter().filter_map(|&cell| self.boxes.get(cell).copied().flatten()).collect();
            boxes.is_sorted_by(|a, b| a.x1 <= b.x0 + slack)
        })
    }

    /// Whether ink that is not the piece's stands within it.
    fn has_foreign(&self, piece: &Piece<'_>) -> bool {
        let own = |run: u32| {
            let before = piece.runs.partition_point(|range| range.end <= run);
            piece.runs.get(before).is_some_and(|range| range.contains(&run))
        };
        piece.page.ink.iter().any(|ink| !ink.is_blank() && self.hull.contains(ink.rect.center()) && !own(ink.run))
    }
}

/// Whether stretches, sorted by where they begin, leave no gap of this width.
fn is_whole(stretches: impl Iterator<Item = (f32, f32)>, gap: f32) -> bool {
    let mut end = f32::INFINITY;
    stretches.into_iter().all(|(from, to)| {
        let goes_on = from < end + gap;
        end = if end.is_finite() { end.max(to) } else { to };
        goes_on
    })
}

/// Rows or columns: where each begins and ends, and for each the end of those before and the begin of those after it.
struct Bounds {
    before: Vec<f32>,
    after: Vec<f32>,
    apart: Vec<(f32, f32)>,
}

impl Bounds {
    fn of(extents: &[Option<(f32, f32)>]) -> Self {
        let mut before = vec![f32::MIN];
        for extent in extents {
            let last = before.last().copied().unwrap_or(f32::MIN);
            before.push(extent.map_or(last, |e| last.max(e.1)));
        }
        let mut after = vec![f32::MAX];
        for extent in extents.iter().rev() {
            let last = after.last().copied().unwrap_or(f32::MAX);
            after.push(extent.map_or(last, |e| last.min(e.0)));
        }
        after.reverse();
        Self { before, after, apart: extents.iter().flatten().copied().collect() }
    }

    fn are_apart(&self, slack: f32) -> bool {
        self.apart.is_sorted_by(|a, b| a.1 <= b.0 + slack)
    }

    /// Whether something that covers `from..to` stands between what comes before and after.
    fn hold(&self, from: usize, to: usize, own: (f32, f32), slack: f32) -> bool {
        let before = self.before.get(from).is_none_or(|end| own.0 >= end - slack);
        let after = self.after.get(to).is_none_or(|begin| own.1 <= begin + slack);
        before && after
    }
}

/// Whether the pages bear the claim out.
pub(super) fn is_table(claim: &Claim<'_>, stated: &Stated, measured: &[Measured]) -> Result<(), Refusal> {
    let filled = |cell: usize| measured.iter().any(|m| m.boxes.get(cell).is_some_and(Option::is_some));
    let with_text: Vec<lattice::Span> =
        stated.cells.iter().enumerate().filter(|(i, _)| filled(*i)).map(|(_, cell)| cell.span).collect();
    let several = |of: fn(&lattice::Span) -> usize| with_text.windows(2).any(|w| matches!(w, [a, b] if of(a) != of(b)));
    if with_text.len() < 3 || !several(|s| s.row) || !several(|s| s.column) || with_text.len() * 25 < stated.cells.len()
    {
        return Err(Refusal::Small);
    }
    let glyphs = claim.pieces.iter().flat_map(|piece| piece.ink.values().flatten()).filter(|ink| !ink.is_blank());
    if glyphs.count() > PROSE * with_text.len() {
        return Err(Refusal::Layout);
    }
    for (piece, measured) in claim.pieces.iter().zip(measured) {
        measured.is_in_order(stated)?;
        if measured.has_foreign(piece) {
            return Err(Refusal::Foreign);
        }
    }
    Ok(())
}

/// For each row the pieces that it stands on: one, or several where a page break cuts it. A heading that is shown
/// again on later pages stands on the first.
pub(super) fn homes(claim: &Claim<'_>, stated: &Stated, measured: &[Measured]) -> Result<Vec<Vec<usize>>, Refusal> {
    let here: Vec<Vec<usize>> = measured.iter().map(|m| m.rows_here(stated)).collect();
    let mut homes: Vec<Vec<usize>> = vec![Vec::new(); stated.rows];
    let mut reached = 0;
    for (piece, rows) in here.iter().enumerate().take(claim.pieces.len()) {
        for &row in rows {
            let Some(homes) = homes.get_mut(row) else { continue };
            let before = homes.last().copied().filter(|last| row == reached && last + 1 == piece);
            let goes_on = before.is_some_and(|before| !is_shown_again(claim, stated, row, before, piece));
            if homes.is_empty() && row < reached {
                return Err(Refusal::Pages);
            }
            if homes.is_empty() || goes_on {
                homes.push(piece);
            }
        }
        reached = reached.max(rows.last().copied().unwrap_or(0));
    }
    // Blank rows stand where the row before them ends.
    let mut last = 0;
    for homes in &mut homes {
        if homes.is_empty() {
            homes.push(last);
        }
        last = homes.last().copied().unwrap_or(last);
    }
    Ok(homes)
}

/// Whether the row prints the same on both pieces.
fn is_shown_again(claim: &Claim<'_>, stated: &Stated, row: usize, before: usize, piece: usize) -> bool {
    let text = |piece: usize| -> String {
        let cells = stated.cells.iter().filter(|cell| cell.span.row == row).filter_map(|cell| cell.wish);
        let ink = claim.pieces.get(piece).map(|piece| &piece.ink);
        let glyphs = cells.filter_map(|wish| ink?.get(&wish.id)).flatten();
        glyphs.filter(|ink| !ink.is_blank()).map(|ink| ink.ch).collect()
    };
    text(before) == text(piece)
}
