//! Stated lines and tables in, blocks out. Tables are laid out as `slots` does it; what had to be mended is told. What the
//! texts mean is not looked at.

use super::lattice::Span;
use super::slots::{self, Asked, Laid, Tile};
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
    let asked = |cell: &FlowCell| Asked { column: cell.column, row_span: cell.row_span, column_span: cell.column_span };
    let Ok(layout) = slots::lay_out(&table.rows, limit, asked) else {
        findings.push(too_large(table, limit));
        return None;
    };
    if layout.columns.is_empty() {
        return None;
    }
    if let Some(cell) = layout.cut {
        findings.push(overlapping(cell));
    }
    // Where columns are stated, a row may end early, and where only the order is known, it may lack cells.
    let short = layout.short_row(|cell| cell.column.is_none()).filter(|_| table.alignment != Alignment::Ordered);
    if let Some(cell) = short {
        findings.push(short_row(cell));
    }
    Some(Grid {
        rows: layout.rows.len(),
        columns: layout.columns.len(),
        cells: layout.tiles().iter().map(|tile| cell(table, tile)).collect(),
        method: Method::Stated,
        alignment: table.alignment,
        parts: vec![Part { place: table.place.clone(), first_row: 0 }],
    })
}

/// A cell, blank where nothing lies.
fn cell(table: &FlowTable, tile: &Tile<'_, '_, FlowCell>) -> Cell {
    let Span { row, column, row_span, column_span } = tile.span;
    let (text, place) = match tile.laid {
        Some(laid) => (laid.cell.text.clone(), laid.cell.place.clone()),
        None => (String::new(), vacant(table, tile.beside, tile.column)),
    };
    Cell { row, column, row_span, column_span, text, place, doubt: None, recognised: None }
}

/// The place of a slot that has no cell, told from a cell of the same row.
fn vacant(table: &FlowTable, beside: Option<&Laid<'_, FlowCell>>, at: u64) -> Place {
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
