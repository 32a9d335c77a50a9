//! Drafts of tables, page by page, in; whole tables out: a draft that goes on where the page before broke off is joined
//! to it. Repeated headers are dropped, rows and group labels that the break cut are made whole, and two rows that both
//! have values are never made one.

use super::draft::{Draft, DraftCell};
use super::lattice::Span;
use super::wording::{is_open, is_value, starts_numbered};
use super::{Cell, Doubt, Grid, Method, Part, Recognition};
use crate::geom::Rect;
use crate::number::fold;
use crate::page::Alignment;
use crate::place::Place;

/// Borders of two pages are the same column when they are this close, after the tables' left edges are laid together.
const SAME_BORDER: f32 = 4.0;

/// A table while its pages are gathered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    body: Draft,
    parts: Vec<(u32, Rect, usize)>,
}

impl Table {
    /// A table of one page.
    pub(super) fn new(draft: Draft) -> Self {
        let part = (draft.page, draft.frame.to_page(draft.bbox), 0);
        Self { body: draft, parts: vec![part] }
    }

    /// A table that is known whole: its stretches are page, box as seen and first row.
    pub(super) fn whole(body: Draft, parts: Vec<(u32, Rect, usize)>) -> Self {
        Self { body, parts }
    }

    /// Whether it is a table at all.
    pub(super) fn stands_alone(&self) -> bool {
        self.body.stands_alone()
    }

    /// Where it begins, in the upright frame.
    pub(super) fn bbox(&self) -> Rect {
        self.body.bbox
    }

    /// Whether the draft, first on the next page, has this table's columns.
    pub(super) fn goes_on_in(&self, next: &Draft) -> bool {
        let last_page = self.parts.last().map_or(0, |p| p.0);
        if next.page != last_page + 1 {
            return false;
        }
        let (Some((a0, a1)), Some((b0, b1))) = (ends(&self.body.xs), ends(&next.xs)) else { return false };
        if ((a1 - a0) - (b1 - b0)).abs() > SAME_BORDER {
            return false;
        }
        let inner = |xs: &[f32], left: f32| -> Vec<f32> {
            xs.iter().skip(1).take(xs.len().saturating_sub(2)).map(|x| x - left).collect()
        };
        let (a, b) = (inner(&self.body.xs, a0), inner(&next.xs, b0));
        let (fewer, more) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
        let shared = fewer.iter().filter(|x| more.iter().any(|y| (*x - y).abs() <= SAME_BORDER)).count();
        shared * 5 >= fewer.len() * 3
    }

    /// Appends the draft that goes on with this table.
    pub(super) fn append(&mut self, mut next: Draft) {
        self.share_columns(&mut next);
        drop_repeated_header(&self.body, &mut next);
        let first_row = self.body.rows;
        self.parts.push((next.page, next.frame.to_page(next.bbox), first_row));
        if next.rows == 0 {
            return;
        }
        let cut = mend_break(&mut self.body, &mut next);
        let offset = first_row - usize::from(cut);
        self.body.cells.extend(next.cells.into_iter().map(|mut cell| {
            cell.span.row += offset;
            cell
        }));
        self.body.rows = offset + next.rows;
        if next.method != self.body.method {
            self.body.method = Method::PartlyRuled;
        }
    }

    /// Gives both the union of their columns.
    fn share_columns(&mut self, next: &mut Draft) {
        let shift = match (ends(&self.body.xs), ends(&next.xs)) {
            (Some((a, _)), Some((b, _))) => a - b,
            _ => 0.0,
        };
        let shifted: Vec<f32> = next.xs.iter().map(|x| x + shift).collect();
        let mut union: Vec<f32> = self.body.xs.clone();
        union.extend(shifted.iter().filter(|x| !self.body.xs.iter().any(|y| (*x - y).abs() <= SAME_BORDER)));
        union.sort_by(f32::total_cmp);
        widen(&mut self.body.cells, &self.body.xs, &union);
        widen(&mut next.cells, &shifted, &union);
        next.xs.clone_from(&union);
        self.body.xs = union;
    }

    /// The finished table.
    pub(super) fn into_grid(self) -> Grid {
        let mut cells = self.body.cells;
        cells.sort_by_key(|c| (c.span.row, c.span.column));
        let grid = Grid {
            rows: self.body.rows,
            columns: self.body.xs.len().saturating_sub(1),
            cells: cells.into_iter().map(cell).collect(),
            method: self.body.method,
            alignment: Alignment::Placed,
            parts: self
                .parts
                .into_iter()
                .map(|(page, bbox, first_row)| Part { place: Place::Page { page, bbox }, first_row })
                .collect(),
        };
        debug_assert!(grid.is_tiled(), "cells do not tile the grid");
        grid
    }
}

fn cell(draft: DraftCell) -> Cell {
    Cell {
        row: draft.span.row,
        column: draft.span.column,
        row_span: draft.span.row_span,
        column_span: draft.span.column_span,
        text: draft.text,
        place: Place::Page { page: draft.page, bbox: draft.bbox },
        doubt: draft.doubt,
        recognised: draft.recognised,
    }
}

fn ends(xs: &[f32]) -> Option<(f32, f32)> {
    Some((*xs.first()?, *xs.last()?))
}

/// Restates column spans in terms of more borders.
fn widen(cells: &mut [DraftCell], from: &[f32], to: &[f32]) {
    let nearest = |i: usize| -> usize {
        let x = from.get(i).copied().unwrap_or_default();
        let after = to.partition_point(|&t| t < x);
        let distance = |j: usize| to.get(j).map_or(f32::MAX, |t| (t - x).abs());
        if after > 0 && distance(after - 1) < distance(after) { after - 1 } else { after }
    };
    let moved: Vec<usize> = (0..from.len()).map(nearest).collect();
    let at = |i: usize| moved.get(i).copied().unwrap_or_default();
    for cell in cells {
        let (start, end) = (at(cell.span.column), at(cell.span.column + cell.span.column_span));
        cell.span.column = start;
        cell.span.column_span = end.saturating_sub(start).max(1);
    }
}

/// Cells that cover a row, left to right, as indices.
fn covering(draft: &Draft, row: usize) -> Vec<usize> {
    let covers = |s: Span| (s.row..s.row + s.row_span).contains(&row);
    let mut found: Vec<usize> =
        draft.cells.iter().enumerate().filter(|(_, c)| covers(c.span)).map(|(i, _)| i).collect();
    found.sort_by_key(|&i| draft.cells.get(i).map_or(0, |c| c.span.column));
    found
}

/// What a row prints and where: columns and folded text of the cells that begin in it.
fn printed_row(draft: &Draft, row: usize) -> Vec<(usize, usize, String)> {
    let mut cells: Vec<_> = draft
        .cells
        .iter()
        .filter(|c| c.span.row == row)
        .map(|c| (c.span.column, c.span.column_span, fold(&c.text)))
        .collect();
    cells.sort();
    cells
}

/// The most rows that a header may have.
const HEADER_ROWS: usize = 8;

/// Drops the first rows of `next` when they print what the first rows of `table` print.
fn drop_repeated_header(table: &Draft, next: &mut Draft) {
    let mut same = 0;
    for row in 0..table.rows.min(next.rows).min(HEADER_ROWS) {
        let (a, b) = (printed_row(table, row), printed_row(next, row));
        if a != b || !a.iter().any(|(_, _, text)| !text.is_empty() && !is_value(text)) {
            break;
        }
        same = row + 1;
    }
    while same > 0 && next.cells.iter().any(|c| c.span.row < same && c.span.row + c.span.row_span > same) {
        same -= 1;
    }
    if same == 0 {
        return;
    }
    next.cells.retain(|c| c.span.row >= same);
    for cell in &mut next.cells {
        cell.span.row -= same;
    }
    next.rows -= same;
}

/// Makes whole what the page break cut. `true` when the first row of `next` was the rest of the last row of `table`:
/// that row is then gone from `next`, whose other cells count from one row further up.
fn mend_break(table: &mut Draft, next: &mut Draft) -> bool {
    let above = covering(table, table.rows.saturating_sub(1));
    let below = covering(next, 0);
    let pairs: Vec<(usize, usize)> = pair_up(table, next, &above, &below);
    let whole_row = pairs.len() == above.len() && pairs.len() == below.len();
    let groups = leading_groups(table, next, &pairs);
    let cut = whole_row && is_cut(table, next, pairs.get(groups..).unwrap_or_default());
    let joined = if cut { pairs.as_slice() } else { pairs.get(..groups).unwrap_or_default() };
    let mut gone = Vec::new();
    for &(a, b) in joined {
        let (Some(upper), Some(lower)) = (table.cells.get_mut(a), next.cells.get(b)) else { continue };
        join_cells(upper, lower, cut);
        gone.push(b);
    }
    let mut index = 0;
    next.cells.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
    cut
}

/// Adds the rest of a cell.
fn join_cells(upper: &mut DraftCell, lower: &DraftCell, row_was_cut: bool) {
    upper.span.row_span += lower.span.row_span - usize::from(row_was_cut);
    match (upper.text.is_empty(), lower.text.is_empty()) {
        (false, false) => {
            upper.text.push('\n');
            upper.text.push_str(&lower.text);
            upper.doubt = upper.doubt.or(lower.doubt).or(Some(Doubt::JoinedOverBreak));
            // What else the pieces may say does not tell what else the whole may.
            let sure = |r: &Option<Recognition>| r.as_ref().is_none_or(|r| r.sure);
            upper.recognised = (upper.recognised.is_some() || lower.recognised.is_some())
                .then(|| Recognition { sure: sure(&upper.recognised) && sure(&lower.recognised), others: Vec::new() });
        }
        (true, false) => {
            upper.text.clone_from(&lower.text);
            upper.bbox = lower.bbox;
            upper.page = lower.page;
            upper.doubt = lower.doubt;
            upper.recognised.clone_from(&lower.recognised);
        }
        (_, true) => {}
    }
}

/// Cells above and below the break that cover the same columns.
fn pair_up(table: &Draft, next: &Draft, above: &[usize], below: &[usize]) -> Vec<(usize, usize)> {
    let columns = |draft: &Draft, i: usize| draft.cells.get(i).map(|c| (c.span.column, c.span.column_span));
    above
        .iter()
        .filter_map(|&a| {
            let b = below.iter().find(|&&b| columns(table, a) == columns(next, b))?;
            Some((a, *b))
        })
        .collect()
}

fn texts<'a>(table: &'a Draft, next: &'a Draft, pair: (usize, usize)) -> (&'a str, &'a str) {
    let text = |draft: &'a Draft, i: usize| draft.cells.get(i).map_or("", |c| c.text.as_str());
    (text(table, pair.0), text(next, pair.1))
}

/// How many of the first cells are group labels that go on over the break: they stand left of the row's own label, and
/// the lower piece is blank or has no number of its own while the upper has one.
fn leading_groups(table: &Draft, next: &Draft, pairs: &[(usize, usize)]) -> usize {
    let own_label = pairs.iter().rposition(|&p| {
        let below = texts(table, next, p).1;
        !below.is_empty() && !is_value(below)
    });
    let begins_at_edge = |&(a, b): &(usize, usize)| {
        let column = |draft: &Draft, i: usize| draft.cells.get(i).map(|c| c.span.column);
        column(table, a) == column(next, b)
    };
    let mut expected = 0;
    pairs
        .iter()
        .take(own_label.unwrap_or(0))
        .take_while(|p| {
            let span = table.cells.get(p.0).map(|c| c.span);
            let leading = begins_at_edge(p) && span.is_some_and(|s| s.column == expected);
            expected = span.map_or(0, |s| s.column + s.column_span);
            let (above, below) = texts(table, next, **p);
            leading
                && !is_value(above)
                && (below.is_empty() || above.is_empty() || (starts_numbered(above) && !starts_numbered(below)))
        })
        .count()
}

/// Whether the row below is the rest of the row above. `pairs` are the cells after the group labels.
fn is_cut(table: &Draft, next: &Draft, pairs: &[(usize, usize)]) -> bool {
    let both: Vec<(&str, &str)> = pairs.iter().map(|&p| texts(table, next, p)).collect();
    if both.is_empty() || both.iter().all(|(above, _)| above.is_empty()) {
        return false;
    }
    let single = pairs.iter().all(|&(a, b)| {
        let rows = |draft: &Draft, i: usize| draft.cells.get(i).map_or(0, |c| c.span.row_span);
        rows(table, a) >= 1 && rows(next, b) == 1
    });
    let label = |text: &str| !text.is_empty() && !is_value(text);
    let values = |side: fn(&(&str, &str)) -> String| both.iter().map(side).filter(|t| is_value(t)).count();
    let (above, below) = (values(|p| p.0.to_owned()), values(|p| p.1.to_owned()));
    let both_have_values = above > 0 && below > 0;
    if !single || both_have_values {
        return false;
    }
    let Some((upper, lower)) = both.iter().find(|(a, b)| label(a) || label(b)) else { return false };
    if both.iter().all(|(_, below)| below.is_empty()) {
        return true;
    }
    // A row that the break cut has each cell on one side or the other, except its label; a header has texts over figures.
    let one_sided = both.iter().all(|(above, below)| above.is_empty() || below.is_empty());
    match (label(upper), label(lower)) {
        (true, true) => {
            !starts_numbered(lower)
                && (is_open(upper) || starts_numbered(upper) || lower.starts_with(['）', ')', '，', '、', '。']))
        }
        (true, false) => above == 0 && one_sided,
        (false, true) => above > 0 && one_sided,
        (false, false) => false,
    }
}
