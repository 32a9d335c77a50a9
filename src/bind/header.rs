//! Finding a block's header in a grid, and which of the grid's columns each of the form's columns is.

use super::label::SAME;
use super::lexicon::{BlockForm, Lexicon, score};
use super::view::{CellId, Kind, View};
use super::{Evidence, align};
use std::ops::Range;

/// Headers are rarely higher than three rows; one more for a label printed over two rows, one for a title row.
const MAX_ROWS: usize = 5;

/// A header as found: which columns of the grid hold which column of the form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    /// Grid rows it covers.
    pub rows: Range<usize>,
    /// For each column of the form, the grid columns under its label, and what that rests on.
    pub columns: Vec<Option<(Range<usize>, Evidence)>>,
    /// The first grid column that holds values: labels stand left of it.
    pub first_value: usize,
    /// Grid columns under the corner label, where that was found.
    pub corner: Option<Range<usize>>,
    /// Sum of the similarities of matched labels.
    pub score: f32,
    /// Number of the form's columns matched by their label.
    pub matched: usize,
}

/// A leaf of the header: one cell of its last row, with the texts above it.
struct Unit {
    columns: Range<usize>,
    /// Cells from the top to the leaf that hold words.
    path: Vec<CellId>,
    corner: bool,
}

/// All headers of the block in the grid, from top to bottom.
pub(super) fn find(view: &View<'_>, block: &BlockForm<'_>, lexicon: &Lexicon<'_>) -> Vec<Header> {
    let mut found = Vec::new();
    let mut row = 0;
    while row < view.grid.rows {
        let best = if hits(view, block, row) { best_from(view, block, lexicon, row) } else { None };
        match best {
            Some(header) => {
                row = header.rows.end;
                found.push(header);
            }
            None => row += 1,
        }
    }
    found
}

/// The best header that begins in this row. The lowest of equals wins: a deeper header that says no more is none.
fn best_from(view: &View<'_>, block: &BlockForm<'_>, lexicon: &Lexicon<'_>, row: usize) -> Option<Header> {
    let mut best: Option<Header> = None;
    for end in row + 1..=(row + MAX_ROWS).min(view.grid.rows) {
        if end > row + 1 && ends_header(view, block, lexicon, end - 1) {
            break;
        }
        let header = resolve(view, block, lexicon, row..end);
        if best.as_ref().is_none_or(|b| header.score > b.score + 0.001) {
            best = Some(header);
        }
    }
    // Where every column has its place, fewer labels have to be legible (text set vertically and cut off).
    best.filter(|header| {
        let placed = header.columns.iter().flatten().count();
        let needed = if placed == block.columns.len() { placed.div_ceil(4) } else { block.columns.len().div_ceil(2) };
        header.matched >= needed
    })
}

/// Whether a cell that begins in the row stands for a column label or a group of columns.
fn hits(view: &View<'_>, block: &BlockForm<'_>, row: usize) -> bool {
    view.row(row).into_iter().filter(|id| view.begins_in(*id, row)).any(|id| {
        // Labels cut over two rows (商业 over 企业) match nothing by themselves; the corner beside them does.
        known(view, block, id) || score(view.matches(id), &block.corner) >= SAME
    })
}

/// Whether the row belongs to a body or to another header: figures, a row label of some form, or a second corner.
fn ends_header(view: &View<'_>, block: &BlockForm<'_>, lexicon: &Lexicon<'_>, row: usize) -> bool {
    view.row(row).into_iter().filter(|id| view.begins_in(*id, row)).any(|id| {
        let matches = view.matches(id);
        view.kind(id) == Kind::Figure
            || score(matches, &block.corner) >= SAME
            || view.columns(id).start == 0 && matches.iter().any(|(label, _)| lexicon.is_row_label(*label))
    })
}

/// Aligns the leaves of these rows with the form's columns.
fn resolve(view: &View<'_>, block: &BlockForm<'_>, lexicon: &Lexicon<'_>, rows: Range<usize>) -> Header {
    let units = units(view, block, &rows);
    let likeness = |u: usize, c: usize| -> f32 {
        match (units.get(u), block.columns.get(c)) {
            (Some(unit), Some(column)) if !unit.corner => unit_score(view, lexicon, unit, &column.leaf, &column.groups),
            _ => 0.0,
        }
    };
    let pairs = align::monotone(units.len(), block.columns.len(), likeness);
    let score = pairs.iter().map(|&(u, c)| likeness(u, c)).sum();
    let matched = pairs.len();
    let first_free = units.iter().rposition(|u| u.corner).map(|corner| corner + 1);
    let assigned = align::fill_gaps(&pairs, first_free, units.len(), block.columns.len());
    let mut columns: Vec<Option<(Range<usize>, Evidence)>> = assigned
        .into_iter()
        .map(|slot| {
            let (unit, evidence) = slot.and_then(|(u, evidence)| Some((units.get(u)?, evidence)))?;
            // Another label stands over it: that it is this column rests on its position alone.
            let foreign =
                evidence == Evidence::Structure && unit.path.last().is_some_and(|id| !known(view, block, *id));
            Some((unit.columns.clone(), if foreign { Evidence::Position } else { evidence }))
        })
        .collect();
    if let [Some((range, _))] = columns.as_mut_slice() {
        // A block of one column: the unlabelled columns beside it are the rest of a merged header.
        absorb(range, &units);
    }
    let corner = units.iter().find(|u| u.corner).map(|u| u.columns.clone());
    let first_value = columns.iter().flatten().map(|(range, _)| range.start).min().unwrap_or(0);
    Header { rows, columns, first_value, corner, score, matched }
}

/// Widens a column over the unlabelled ones on both sides.
fn absorb(range: &mut Range<usize>, units: &[Unit]) {
    let unlabelled = |unit: &&Unit| unit.path.is_empty() && !unit.corner;
    let from = units.iter().filter(|u| u.columns.end <= range.start).rev().take_while(unlabelled).last();
    let to = units.iter().filter(|u| u.columns.start >= range.end).take_while(unlabelled).last();
    *range = from.map_or(range.start, |u| u.columns.start)..to.map_or(range.end, |u| u.columns.end);
}

/// Whether the cell stands for a column or a group of columns of the block.
fn known(view: &View<'_>, block: &BlockForm<'_>, id: CellId) -> bool {
    let matches = view.matches(id);
    block.columns.iter().any(|c| score(matches, &c.leaf) >= SAME || score(matches, &c.groups) >= SAME)
}

fn units(view: &View<'_>, block: &BlockForm<'_>, rows: &Range<usize>) -> Vec<Unit> {
    let last = rows.end.saturating_sub(1);
    view.row(last)
        .into_iter()
        .map(|leaf| {
            let columns = view.columns(leaf);
            let mut path: Vec<CellId> = rows.clone().filter_map(|r| view.at(r, columns.start)).collect();
            path.dedup();
            path.retain(|id| view.kind(*id) == Kind::Words);
            let corner = path.iter().any(|id| score(view.matches(*id), &block.corner) >= SAME);
            Unit { columns, path, corner }
        })
        .collect()
}

/// How well a leaf stands for a column: its own label, or one printed over two rows; its groups settle ties.
fn unit_score(
    view: &View<'_>,
    lexicon: &Lexicon<'_>,
    unit: &Unit,
    leaf: &[super::lexicon::LabelId],
    groups: &[super::lexicon::LabelId],
) -> f32 {
    let Some((last, above)) = unit.path.split_last() else {
        return 0.0;
    };
    // What is printed below a label in the same column (a remark, the rest of a cut text) does not unmake it.
    let in_column = unit.path.iter().filter(|id| view.columns(**id) == unit.columns);
    let mut own = in_column.map(|id| score(view.matches(*id), leaf)).fold(0.0, f32::max);
    if own < SAME
        && view.matches(*last).is_empty()
        && let Some(over) = above.last()
        && view.columns(*over) == unit.columns
        && let (Some(a), Some(b)) = (view.cell(*over), view.cell(*last))
    {
        let joined = lexicon.labeller().label(&format!("{}{}", a.text, b.text));
        own = score(&lexicon.compare(&joined), leaf);
    }
    if own < SAME {
        return 0.0;
    }
    let in_groups = above.iter().filter(|id| score(view.matches(**id), groups) >= SAME).count();
    own + if in_groups > 0 { 0.03 } else { 0.0 }
}
