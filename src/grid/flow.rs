//! Stated tables in, grids out: cells with spans are laid out in free slots, row by row, as browsers do.
//!
//! Sloppy spans are mended so that the cells tile the grid: a span that runs into a cell from above is cut there, a
//! span past the last row ends with it, and slots without a cell are filled with blank ones. Columns and rows in which
//! no cell begins are dropped, so a span of 1,000 over two real columns becomes a span of two. What the texts mean
//! is not looked at.

use super::{Block, Cell, Grid, Line, Method, Part};
use crate::finding::{Code, Finding, Findings};
use crate::page::{Alignment, FlowCell, FlowItem, FlowLine, FlowTable};
use crate::place::Place;
use crate::text::Text;

/// Lays out the items of a flow document. A table of more than `limit` cells is left out with a finding.
pub(crate) fn build(items: &[FlowItem], limit: u64, findings: &mut Findings) -> Vec<Block> {
    items
        .iter()
        .filter_map(|item| match item {
            FlowItem::Line(line) => Some(Block::Line(self::line(line))),
            FlowItem::Table(table) => grid(table, limit, findings).map(Block::Grid),
        })
        .collect()
}

fn line(line: &FlowLine) -> Line {
    Line {
        text: line.text.clone(),
        place: line.place.clone(),
        size: 0.0,
        centred: false,
        heading: line.heading.is_some(),
        continues: false,
    }
}

/// One table; `None` when it has no cells or too many.
fn grid(table: &FlowTable, limit: u64, findings: &mut Findings) -> Option<Grid> {
    let Some(layout) = lay_out(table, limit) else {
        findings.push(too_large(table, limit));
        return None;
    };
    let rows = begins(layout.boxes.iter().map(|laid| laid.row));
    let columns = begins(layout.boxes.iter().map(|laid| laid.column));
    if columns.is_empty() {
        return None;
    }
    if above(rows.len(), columns.len(), limit) {
        findings.push(too_large(table, limit));
        return None;
    }
    if let Some(cell) = layout.cut {
        findings.push(overlapping(cell));
    }
    if let Some(cell) = layout.short_row(table, &columns) {
        findings.push(short_row(cell));
    }
    Some(Grid {
        rows: rows.len(),
        columns: columns.len(),
        cells: tile(table, &layout.boxes, &rows, &columns),
        method: Method::Stated,
        alignment: table.alignment,
        parts: vec![Part { place: table.place.clone(), first_row: 0 }],
    })
}

fn begins<T: Ord>(at: impl Iterator<Item = T>) -> Vec<T> {
    let mut at: Vec<T> = at.collect();
    at.sort_unstable();
    at.dedup();
    at
}

fn above(rows: usize, columns: usize, limit: u64) -> bool {
    (rows as u64).saturating_mul(columns as u64) > limit
}

/// Where a cell came to lie, in the table's own rows and columns.
struct Laid<'a> {
    row: usize,
    /// First row below it.
    bottom: usize,
    column: u64,
    /// First column right of it.
    right: u64,
    cell: &'a FlowCell,
}

struct Layout<'a> {
    /// By row, then by column.
    boxes: Vec<Laid<'a>>,
    /// The first cell that was moved or made narrower because its slots were taken.
    cut: Option<&'a FlowCell>,
}

/// Columns taken in the row at hand.
#[derive(Clone, Copy)]
struct Taken {
    from: u64,
    to: u64,
    /// First row in which they are free again.
    until: usize,
}

/// Puts every cell into the next free slots of its row; `None` as soon as the grid is sure to have more than `limit`
/// slots. Work is in the order of those slots, never of the numbers that spans and columns state.
fn lay_out(table: &FlowTable, limit: u64) -> Option<Layout<'_>> {
    let filled = table.rows.iter().filter(|row| !row.is_empty()).count();
    let mut layout = Layout { boxes: Vec::new(), cut: None };
    let mut carried: Vec<Taken> = Vec::new();
    for (row, cells) in table.rows.iter().enumerate().filter(|(_, cells)| !cells.is_empty()) {
        carried.retain(|taken| taken.until > row);
        // Each of these stretches begins at a column of its own.
        if above(filled, carried.len().max(cells.len()), limit) {
            return None;
        }
        let mut here = Vec::with_capacity(carried.len() + cells.len());
        let mut reaching = carried.into_iter().peekable();
        let mut cursor = 0;
        for cell in cells {
            let stated = cell.column.map(u64::from);
            let mut column = stated.unwrap_or(cursor).max(cursor);
            while let Some(taken) = reaching.next_if(|taken| taken.from <= column) {
                column = column.max(taken.to);
                here.push(taken);
            }
            let wanted = column.saturating_add(u64::from(cell.column_span.max(1)));
            let right = reaching.peek().map_or(wanted, |taken| taken.from.min(wanted));
            if right < wanted || stated.is_some_and(|stated| stated != column) {
                layout.cut.get_or_insert(cell);
            }
            let bottom = row.saturating_add(cell.row_span.max(1) as usize).min(table.rows.len());
            here.push(Taken { from: column, to: right, until: bottom });
            layout.boxes.push(Laid { row, bottom, column, right, cell });
            cursor = right;
        }
        here.extend(reaching);
        carried = here;
    }
    Some(layout)
}

impl<'a> Layout<'a> {
    /// The last cell of the first row that ends before the table does, although nothing states where its cells stand.
    fn short_row(&self, table: &FlowTable, columns: &[u64]) -> Option<&'a FlowCell> {
        if table.alignment == Alignment::Ordered {
            return None;
        }
        let last = *columns.last()?;
        let mut reach: Vec<Taken> = Vec::new();
        for row in self.boxes.chunk_by(|a, b| a.row == b.row) {
            let end = row.last()?;
            reach.retain(|taken| taken.until > end.row);
            reach.extend(row.iter().map(|b| Taken { from: b.column, to: b.right, until: b.bottom }));
            let open = row.iter().all(|b| b.cell.column.is_none());
            if open && !reach.iter().any(|taken| taken.to > last) {
                return Some(end.cell);
            }
        }
        None
    }
}

/// The laid out cells on the rows and columns that remain, with blank cells in the slots that nothing covers.
fn tile(table: &FlowTable, boxes: &[Laid<'_>], rows: &[usize], columns: &[u64]) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(boxes.len());
    let mut free_from = vec![0; columns.len()];
    let mut boxes = boxes.iter().peekable();
    for (row, &source) in rows.iter().enumerate() {
        let mut near = None;
        for (column, &at) in columns.iter().enumerate() {
            if free_from.get(column).is_some_and(|&free| free > row) {
                continue;
            }
            let Some(laid) = boxes.next_if(|laid| laid.row == source && laid.column == at) else {
                let beside = near.or_else(|| boxes.peek().copied());
                cells.push(blank(row, column, vacant(table, beside, at)));
                continue;
            };
            near = Some(laid);
            let bottom = rows.partition_point(|&row| row < laid.bottom);
            let right = columns.partition_point(|&column| column < laid.right);
            free_from.iter_mut().take(right).skip(column).for_each(|free| *free = bottom);
            cells.push(Cell {
                row_span: bottom - row,
                column_span: right - column,
                text: laid.cell.text.clone(),
                ..blank(row, column, laid.cell.place.clone())
            });
        }
    }
    cells
}

fn blank(row: usize, column: usize, place: Place) -> Cell {
    Cell { row, column, row_span: 1, column_span: 1, text: String::new(), place, doubt: None }
}

/// The place of a slot that has no cell, told from a cell of the same row.
fn vacant(table: &FlowTable, beside: Option<&Laid<'_>>, at: u64) -> Place {
    let Some(laid) = beside else { return table.place.clone() };
    let mut place = laid.cell.place.clone();
    if let Place::Sheet { column, .. } | Place::Table { column, .. } = &mut place {
        let first = u64::from(*column).saturating_sub(laid.column);
        *column = u32::try_from(first.saturating_add(at)).unwrap_or(u32::MAX);
    }
    place
}

fn too_large(table: &FlowTable, limit: u64) -> Finding {
    let message = Text::new(
        format!("a table of more than {limit} cells was left out"),
        format!("有一个表格超过 {limit} 个单元格，未读取"),
    );
    Finding::new(Code::TableTooLarge, message).at(Some(table.place.clone()))
}

fn overlapping(cell: &FlowCell) -> Finding {
    let message = Text::new(
        "cells of a table overlap as their spans are stated; they were moved or made narrower",
        "表格单元格按其声明的跨度相互重叠，已移动或缩窄",
    );
    Finding::new(Code::SpansOverlap, message).at(Some(cell.place.clone()))
}

fn short_row(cell: &FlowCell) -> Finding {
    let message = Text::new(
        "a row of a table has fewer cells than the others; blank ones were added at its end",
        "表格中有一行的单元格少于其他行，已在行末补空白单元格",
    );
    Finding::new(Code::RowShort, message).at(Some(cell.place.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(row: usize, column: usize) -> Place {
        Place::Table { table: 1, row: u32::try_from(row).unwrap() + 1, column: u32::try_from(column).unwrap() + 1 }
    }

    /// A table from rows of (text, rows, columns); `@n` before a text states its column.
    fn table(rows: &[&[(&str, u32, u32)]]) -> FlowTable {
        let cell = |row: usize, column: usize, &(text, row_span, column_span): &(&str, u32, u32)| {
            let (stated, text) = match text.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
                Some((column, text)) => (column.parse().ok(), text),
                None => (None, text),
            };
            FlowCell { column: stated, row_span, column_span, text: text.into(), place: place(row, column) }
        };
        FlowTable {
            rows: rows
                .iter()
                .enumerate()
                .map(|(r, cells)| cells.iter().enumerate().map(|(c, text)| cell(r, c, text)).collect())
                .collect(),
            alignment: Alignment::Placed,
            place: place(0, 0),
        }
    }

    /// The grid as text, each slot showing the cell that covers it; `.` for a blank.
    fn show(grid: &Grid) -> String {
        let mut slots = vec![vec![""; grid.columns]; grid.rows];
        for cell in &grid.cells {
            for row in &mut slots[cell.row..cell.row + cell.row_span] {
                for slot in &mut row[cell.column..cell.column + cell.column_span] {
                    assert_eq!(*slot, "", "overlap");
                    *slot = if cell.text.is_empty() { "." } else { &cell.text };
                }
            }
        }
        assert!(slots.iter().flatten().all(|slot| !slot.is_empty()), "gap");
        slots.iter().map(|row| row.concat()).collect::<Vec<_>>().join(" ")
    }

    fn laid(rows: &[&[(&str, u32, u32)]]) -> (String, Vec<&'static str>) {
        let mut findings = Findings::new();
        let grid = grid(&table(rows), 1_000, &mut findings);
        let codes = findings.iter().map(|finding| finding.code.name()).collect();
        (grid.map_or_else(|| "none".into(), |grid| show(&grid)), codes)
    }

    #[test]
    fn spans_take_slots_in_later_rows() {
        let (grid, codes) =
            laid(&[&[("a", 2, 1), ("b", 1, 2), ("c", 2, 1)], &[("d", 1, 1), ("e", 1, 1)], &[("f", 1, 4)]]);
        assert_eq!(grid, "abbc adec ffff");
        assert!(codes.is_empty());
    }

    #[test]
    fn giant_spans_shrink_to_what_is_there() {
        let (grid, codes) = laid(&[&[("a", 65_535, 1), ("b", 1, u32::MAX)], &[("c", 9, 500), ("d", 9, 499)]]);
        assert_eq!(grid, "abb acd");
        assert!(codes.is_empty());
    }

    #[test]
    fn columns_in_which_nothing_begins_go() {
        let (grid, _) = laid(&[&[("@3 a", 1, 7), ("@40 b", 1, 2)], &[("@3 c", 1, 1), ("@41 d", 1, 1)]]);
        assert_eq!(grid, "abb c.d");
    }

    #[test]
    fn rows_in_which_nothing_begins_go() {
        assert_eq!(laid(&[&[("a", 3, 1), ("b", 2, 1)], &[], &[("c", 1, 1)]]).0, "ab ac");
        assert_eq!(laid(&[&[], &[]]).0, "none");
    }

    #[test]
    fn short_rows_are_padded_and_told() {
        let (grid, codes) = laid(&[&[("a", 1, 1), ("b", 1, 1)], &[("c", 1, 1)], &[("d", 1, 1), ("e", 1, 1)]]);
        assert_eq!(grid, "ab c. de");
        assert_eq!(codes, ["row-short"]);
    }

    #[test]
    fn a_span_into_a_taken_slot_is_cut_and_told() {
        let (grid, codes) = laid(&[&[("a", 1, 1), ("b", 2, 1), ("c", 1, 1)], &[("d", 1, 3), ("e", 1, 1)]]);
        assert_eq!(grid, "abc dbe");
        assert_eq!(codes, ["spans-overlap"]);
    }

    #[test]
    fn a_column_stated_too_late_is_moved_and_told() {
        let (grid, codes) = laid(&[&[("@0 a", 1, 2), ("@1 b", 1, 1)]]);
        assert_eq!(grid, "ab");
        assert_eq!(codes, ["spans-overlap"]);
    }

    #[test]
    fn a_blank_slot_knows_its_column() {
        let mut findings = Findings::new();
        let table = table(&[&[("@0 a", 1, 1), ("@4 b", 1, 1), ("@7 c", 1, 1)], &[("@0 d", 1, 1)]]);
        let grid = grid(&table, 100, &mut findings).unwrap();
        let columns: Vec<_> = grid.cells[3..].iter().map(|cell| cell.place.clone()).collect();
        assert_eq!(columns, [place(1, 0), place(1, 4), place(1, 7)]);
    }

    #[test]
    fn too_many_slots_are_refused() {
        let wide: Vec<_> = (0..40).map(|_| ("x", 65_535, 1000)).collect();
        let rows: Vec<&[_]> = (0..40).map(|_| &wide[..]).collect();
        assert_eq!(laid(&rows), ("none".into(), vec!["table-too-large"]));
        let stairs: Vec<&[_]> = (0..40).map(|_| &wide[..1]).collect();
        assert_eq!(laid(&stairs), ("none".into(), vec!["table-too-large"]));
    }

    fn any_table() -> impl Strategy<Value = FlowTable> {
        let span = || prop_oneof![8 => 1..4_u32, 1 => 0..=u32::MAX];
        let cell = (prop::option::weighted(0.2, 0..9_u32), span(), span(), "[a-c]?");
        let cell = cell.prop_map(|(column, row_span, column_span, text)| FlowCell {
            column,
            row_span,
            column_span,
            text,
            place: place(0, 0),
        });
        prop::collection::vec(prop::collection::vec(cell, 0..6), 0..7).prop_map(|rows| FlowTable {
            rows,
            alignment: Alignment::Placed,
            place: place(0, 0),
        })
    }

    proptest! {
        #[test]
        fn cells_tile_and_keep_every_text_in_order(table in any_table()) {
            let mut findings = Findings::new();
            if let Some(grid) = grid(&table, 10_000, &mut findings) {
                show(&grid);
                let order: Vec<_> = grid.cells.iter().map(|cell| (cell.row, cell.column)).collect();
                prop_assert!(order.is_sorted());
                let before: String = table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
                let after: String = grid.cells.iter().map(|cell| cell.text.as_str()).collect();
                prop_assert_eq!(before, after);
            } else {
                prop_assert!(table.rows.iter().all(Vec::is_empty));
            }
        }
    }
}
