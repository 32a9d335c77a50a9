//! Stated tables over pages made by hand: what is believed, and why the rest is not.

use super::*;
use crate::grid::Doubt;
use crate::grid::Grid;
use crate::grid::ink::{Frame, Ink};
use crate::grid::testing;
use crate::page::{Runs, StructCell, Turn};

/// Pages and a table over them, while they are made.
struct Made {
    pages: Vec<Upright>,
    table: StructTable,
    runs: u32,
}

/// A word of a cell: page, text, left end and baseline.
type Word<'t> = (usize, &'t str, f32, f32);

impl Made {
    fn new(pages: u32) -> Self {
        let page = |number| Upright {
            number,
            width: 600.0,
            height: 800.0,
            frame: Frame::new(Turn::None, 600.0, 800.0),
            ink: Vec::new(),
            rules: Vec::new(),
            shapes: Vec::new(),
            given: false,
            recognised: std::collections::BTreeMap::new(),
        };
        Self { pages: (1..=pages).map(page).collect(), table: StructTable::default(), runs: 0 }
    }

    /// Prints words; the runs of each.
    fn print(&mut self, words: &[Word<'_>]) -> Vec<Runs> {
        let mut content = Vec::new();
        for &(page, text, x, base) in words {
            let run = self.runs;
            self.runs += 1;
            let ink = testing::word(text, x, base, 10.0).into_iter().map(|ink| Ink { run, ..ink });
            self.pages[page].ink.extend(ink);
            content.push(Runs { page: u32::try_from(page).unwrap() + 1, runs: run..run + 1 });
        }
        content
    }

    /// A cell of these words.
    fn cell(&mut self, words: &[Word<'_>], row_span: u32, column_span: Option<u32>) -> StructCell {
        let content = self.print(words);
        StructCell { header: false, row_span, column_span, blank: words.is_empty(), content }
    }

    /// A row of cells of one word each on the first page, at the given places; the empty text is a blank cell.
    fn row(&mut self, base: f32, cells: &[(&str, f32)]) {
        let made = cells.iter().map(|&(text, x)| {
            let word = [(0, text, x, base)];
            self.cell(if text.is_empty() { &[] } else { &word }, 1, None)
        });
        let row = made.collect();
        self.table.rows.push(row);
    }

    fn found(&self) -> Result<Tagged, Refusal> {
        let table = std::slice::from_ref(&self.table);
        let pages: Vec<(&[StructTable], &Upright)> =
            self.pages.iter().enumerate().map(|(i, page)| (if i == 0 { table } else { &[] }, page)).collect();
        find(&pages).remove(0)
    }

    fn grid(&self) -> Grid {
        self.found().unwrap().table.into_grid()
    }

    fn refusal(&self) -> Option<Refusal> {
        self.found().err()
    }
}

/// Each row's texts, a span as `text*columns`.
fn show(grid: &Grid) -> Vec<String> {
    let rows = grid.cells.chunk_by(|a, b| a.row == b.row);
    rows.map(|row| {
        let cells = row.iter().map(|c| match c.column_span {
            1 => c.text.replace('\n', "/"),
            span => format!("{}*{span}", c.text),
        });
        cells.collect::<Vec<_>>().join("|")
    })
    .collect()
}

/// Three columns and three rows.
fn plain() -> Made {
    let mut made = Made::new(1);
    made.row(100.0, &[("item", 50.0), ("this", 150.0), ("last", 250.0)]);
    made.row(120.0, &[("alpha", 50.0), ("10", 160.0), ("205", 255.0)]);
    made.row(140.0, &[("beta", 50.0), ("7", 165.0), ("40", 260.0)]);
    made
}

#[test]
fn a_table_in_order_is_believed() {
    let made = plain();
    let found = made.found().unwrap();
    assert!(found.parts[0].has(0) && found.parts[0].has(8) && !found.parts[0].has(9));
    assert_eq!(show(&found.table.into_grid()), ["item|this|last", "alpha|10|205", "beta|7|40"]);
}

#[test]
fn lines_of_a_cell_are_kept_together_and_spans_kept() {
    let mut made = Made::new(1);
    let head = [made.cell(&[(0, "item", 50.0, 110.0)], 2, None), made.cell(&[(0, "number", 180.0, 100.0)], 1, Some(2))];
    made.table.rows.push(head.into());
    made.row(120.0, &[("this", 150.0), ("last", 250.0)]);
    let body = [
        made.cell(&[(0, "a name of", 50.0, 140.0), (0, "two lines", 50.0, 152.0)], 1, None),
        made.cell(&[(0, "1", 160.0, 140.0)], 1, None),
        made.cell(&[(0, "2", 260.0, 152.0)], 1, None),
    ];
    made.table.rows.push(body.into());
    assert_eq!(show(&made.grid()), ["item|number*2", "this|last", "a name of/two lines|1|2"]);
}

#[test]
fn cells_left_out_are_blank_where_the_full_rows_have_columns() {
    let mut made = plain();
    made.row(160.0, &[("gamma", 50.0), ("9", 265.0)]);
    made.row(180.0, &[("delta", 50.0), ("3", 165.0)]);
    let grid = made.grid();
    assert_eq!(show(&grid)[3..], ["gamma||9", "delta|3|"]);
    assert_eq!(grid.method, crate::grid::Method::Aligned);
}

#[test]
fn a_heading_without_its_span_covers_what_it_is_centred_over() {
    let mut made = plain();
    let rows = std::mem::take(&mut made.table.rows);
    made.row(80.0, &[("of", 50.0), ("both", 201.0)]);
    made.table.rows[0].iter_mut().for_each(|cell| cell.header = true);
    made.table.rows.extend(rows);
    let grid = made.grid();
    assert_eq!(show(&grid)[0], "of|both*2");
    assert_eq!(grid.cells[1].doubt, Some(Doubt::Alignment));
}

#[test]
fn two_columns_stated_as_one_are_refused_unless_blanks_are_stated() {
    let mut made = Made::new(1);
    made.row(100.0, &[("alpha", 50.0), ("10", 150.0)]);
    made.row(120.0, &[("beta", 50.0), ("20", 250.0)]);
    made.row(140.0, &[("gamma", 50.0), ("30", 150.0)]);
    assert_eq!(made.refusal(), Some(Refusal::Columns));
    made.row(160.0, &[("delta", 50.0), ("", 150.0)]);
    assert_eq!(show(&made.grid()), ["alpha|10", "beta|20", "gamma|30", "delta|"]);
}

#[test]
fn what_the_page_contradicts_is_refused() {
    let mut upwards = plain();
    upwards.row(110.0, &[("gamma", 50.0), ("1", 165.0), ("2", 265.0)]);
    assert_eq!(upwards.refusal(), Some(Refusal::Rows));
    let mut slanted = plain();
    slanted.row(160.0, &[("gamma", 50.0), ("1", 165.0)]);
    let late = slanted.cell(&[(0, "2", 265.0, 190.0)], 1, None);
    slanted.table.rows[3].push(late);
    assert_eq!(slanted.refusal(), Some(Refusal::Rows));
    let mut swapped = plain();
    swapped.row(160.0, &[("gamma", 50.0), ("1", 265.0), ("2", 165.0)]);
    assert_eq!(swapped.refusal(), Some(Refusal::Columns));
    let mut amid = plain();
    amid.print(&[(0, "else", 110.0, 120.0)]);
    assert_eq!(amid.refusal(), Some(Refusal::Foreign));
    let mut around = plain();
    around.print(&[(0, "title", 110.0, 80.0), (0, "note", 110.0, 170.0)]);
    assert_eq!(around.refusal(), None);
}

#[test]
fn rows_of_one_cell_and_prose_in_boxes_are_no_tables() {
    let mut single = Made::new(1);
    single.row(100.0, &[("a", 50.0), ("b", 150.0), ("c", 250.0)]);
    assert_eq!(single.refusal(), Some(Refusal::Small));
    let mut prose = Made::new(1);
    prose.row(100.0, &[("logo", 10.0), ("news", 60.0)]);
    let lines: Vec<(usize, &str, f32, f32)> = (0u8..20)
        .map(|i| (0, "wordsthatgoonandonwithoutanyendwordsthatgoonandon", 60.0, 120.0 + 12.0 * f32::from(i)))
        .collect();
    let cells = [prose.cell(&[(0, "menu", 10.0, 120.0)], 1, None), prose.cell(&lines, 1, None)];
    prose.table.rows.push(cells.into());
    assert_eq!(prose.refusal(), Some(Refusal::Layout));
}

#[test]
fn a_row_cut_by_the_page_break_is_one_and_a_heading_stands_once() {
    let mut made = Made::new(2);
    let head = [
        made.cell(&[(0, "item", 50.0, 100.0), (1, "item", 50.0, 100.0)], 1, None),
        made.cell(&[(0, "one", 150.0, 100.0), (1, "one", 150.0, 100.0)], 1, None),
    ];
    made.table.rows.push(head.into());
    made.row(120.0, &[("alpha", 50.0), ("1", 155.0)]);
    let cut = [
        made.cell(&[(0, "beta that", 50.0, 140.0), (1, "goes on", 50.0, 120.0)], 1, None),
        made.cell(&[(0, "2", 155.0, 140.0)], 1, None),
    ];
    made.table.rows.push(cut.into());
    let last = [made.cell(&[(1, "gamma", 50.0, 140.0)], 1, None), made.cell(&[(1, "3", 155.0, 140.0)], 1, None)];
    made.table.rows.push(last.into());
    let grid = made.grid();
    assert_eq!(show(&grid), ["item|one", "alpha|1", "beta that/goes on|2", "gamma|3"]);
    assert_eq!(grid.parts.iter().map(|p| p.first_row).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(grid.cells[4].doubt, Some(Doubt::JoinedOverBreak));
}

#[test]
fn a_heading_that_is_shown_again_untagged_goes_with_the_table() {
    let mut made = Made::new(2);
    made.row(100.0, &[("item", 50.0), ("one", 150.0)]);
    made.row(120.0, &[("alpha", 50.0), ("1", 155.0)]);
    let last = [made.cell(&[(1, "beta", 50.0, 90.0)], 1, None), made.cell(&[(1, "2", 155.0, 90.0)], 1, None)];
    made.table.rows.push(last.into());
    let again = made.print(&[(1, "item", 50.0, 70.0), (1, "one", 150.0, 70.0)]);
    let other = made.print(&[(1, "page", 50.0, 30.0)]);
    let part = made.found().unwrap().parts.remove(1);
    assert!(again.iter().all(|runs| part.has(runs.runs.start)) && !part.has(other[0].runs.start));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 128, ..Default::default() })]
    #[test]
    fn whatever_is_stated_comes_out_tiled_or_not_at_all(
        rows in proptest::collection::vec(
            proptest::collection::vec((0u16..30, 0u16..30, 0u32..4, proptest::option::of(0u32..4), "[0-9a-z]{0,4}"), 0..5),
            0..6,
        ),
    ) {
        let mut made = Made::new(2);
        for row in &rows {
            let cells = row.iter().map(|(x, y, row_span, column_span, text)| {
                let word = (usize::from(y % 7 == 0), text.as_str(), f32::from(*x) * 20.0, f32::from(*y) * 20.0);
                made.cell(if text.is_empty() { &[] } else { std::slice::from_ref(&word) }, *row_span, *column_span)
            });
            let cells = cells.collect();
            made.table.rows.push(cells);
        }
        if let Ok(found) = made.found() {
            let grid = found.table.into_grid();
            proptest::prop_assert!(grid.is_tiled(), "{grid:?}");
        }
    }
}
