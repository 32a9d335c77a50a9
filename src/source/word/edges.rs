//! Rows whose cells are told by their edges in, a table on one grid out: the grid lines are all edges of all rows.
//! Edges that are nearly the same are joined later, where every format's tables are.

use super::content::{Cell, Item, Merge, Row, Table};
use std::collections::BTreeMap;

/// Where a cell ends and how it is joined to others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// In twentieths of a point.
    pub(super) right: i32,
    pub(super) merge: Merge,
    /// Joined to the cell before it.
    pub(super) beside: bool,
}

/// A row as its format states it.
#[derive(Debug, Default)]
pub(super) struct EdgedRow {
    pub(super) left: i32,
    pub(super) cells: Vec<(Shape, Vec<Item>)>,
    pub(super) gone: bool,
}

/// Lays the rows on one grid.
pub(super) fn table(mut rows: Vec<EdgedRow>) -> Table {
    rows.retain(|row| !row.gone);
    let mut lines = BTreeMap::new();
    for row in &mut rows {
        join_beside(row);
        lines.insert(row.left, 0);
        let mut left = row.left;
        for (shape, _) in &mut row.cells {
            // A cell without width keeps a column of its own.
            shape.right = shape.right.max(left.saturating_add(1));
            left = shape.right;
            lines.insert(left, 0);
        }
    }
    let mut grid = Vec::new();
    let mut before = None;
    for ((at, number), count) in lines.iter_mut().zip(0..) {
        *number = count;
        grid.extend(before.map(|before| at.abs_diff(before)));
        before = Some(*at);
    }
    let line = |at: i32| lines.get(&at).copied().unwrap_or(0_u32);
    let rows = rows.into_iter().map(|row| {
        let mut left = line(row.left);
        let before = left;
        let cells = row.cells.into_iter().map(|(shape, items)| {
            let right = line(shape.right);
            let span = right.saturating_sub(left);
            left = right;
            Cell { span, merge: shape.merge, items, ..Cell::default() }
        });
        Row { before, cells: cells.collect(), ..Row::default() }
    });
    Table { rows: rows.collect(), grid }
}

/// Joins cells with those before them; what they hold is not shown.
fn join_beside(row: &mut EdgedRow) {
    let mut joined: Vec<(Shape, Vec<Item>)> = Vec::with_capacity(row.cells.len());
    for (shape, items) in std::mem::take(&mut row.cells) {
        match joined.last_mut() {
            Some((first, _)) if shape.beside => first.right = first.right.max(shape.right),
            _ => joined.push((shape, items)),
        }
    }
    row.cells = joined;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(left: i32, rights: &[i32]) -> EdgedRow {
        let cell = |right: &i32| (Shape { right: *right, ..Shape::default() }, Vec::new());
        EdgedRow { left, cells: rights.iter().map(cell).collect(), gone: false }
    }

    fn spans(table: &Table) -> Vec<(u32, Vec<u32>)> {
        table.rows.iter().map(|row| (row.before, row.cells.iter().map(|cell| cell.span).collect())).collect()
    }

    #[test]
    fn rows_of_different_edges_share_a_grid() {
        let table = table(vec![row(0, &[1000, 3000]), row(0, &[500, 1000, 2000, 3000]), row(1000, &[3000])]);
        assert_eq!(table.grid, [500, 500, 1000, 1000]);
        assert_eq!(spans(&table), [(0, vec![2, 2]), (0, vec![1, 1, 1, 1]), (2, vec![2])]);
    }

    #[test]
    fn joined_cells_are_one_and_edges_that_run_back_do_not_swallow_any() {
        let mut joined = row(0, &[1000, 2000, 1500]);
        joined.cells[1].0.beside = true;
        let table = table(vec![joined, EdgedRow { gone: true, ..row(0, &[7]) }]);
        assert_eq!(spans(&table), [(0, vec![1, 1])]);
    }

    #[test]
    fn extreme_edges_do_not_overflow() {
        let table = table(vec![row(i32::MIN, &[i32::MAX, i32::MAX, 0])]);
        assert_eq!(table.rows[0].cells.len(), 3);
    }
}
