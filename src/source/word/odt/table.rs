//! A table of an odt file in, its rows and cells on one grid out.
//!
//! Covered cells are named in the file: those below a cell become its continuation, those beside it are in its span.

use super::body::{Reader, Spent};
use crate::error::Result;
use crate::limits::Limits;
use crate::source::opendocument::{count, is_hidden};
use crate::source::word::content::{Cell, Item, Merge, Row, Table};
use crate::source::xml::Tag;
use std::collections::BTreeMap;

/// Columns that word processors show.
const COLUMNS: u32 = 1 << 14;

/// Cells that go on in the next row, by their column: rows that are left, and columns.
type Open = BTreeMap<u32, (u32, u32)>;

/// A row as far as it has been read.
#[derive(Default)]
struct RowSoFar {
    row: Row,
    column: u32,
    /// Columns before `column` that are still to be named as covered.
    covered: u32,
    below: Open,
}

impl RowSoFar {
    fn push(&mut self, cell: Cell, rows: u32) {
        let span = cell.span;
        self.below.extend((rows > 1).then_some((self.column, (rows - 1, span))));
        self.column = self.column.saturating_add(span);
        self.covered = span.saturating_sub(1);
        self.row.cells.push(cell);
    }
}

impl Reader<'_, '_> {
    /// The rest of a table.
    pub(super) fn table(&mut self, items: &mut Vec<Item>) -> Result<()> {
        let mut table = Table::default();
        let mut above = Open::new();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "table-column" => {
                    let width = self.styles.width(&tag.attr("style-name").unwrap_or_default());
                    let left = (COLUMNS as usize).saturating_sub(table.grid.len());
                    let repeated = count(&tag, "number-columns-repeated") as usize;
                    table.grid.extend(std::iter::repeat_n(width, repeated.min(left)));
                    open += 1;
                }
                "table-row" => {
                    let repeated = count(&tag, "number-rows-repeated");
                    let before = self.spent;
                    let row = self.row(&mut above)?;
                    self.repeat(before, repeated)?;
                    if !is_hidden(&tag) {
                        table.rows.extend(std::iter::repeat_n(row, repeated as usize));
                    }
                }
                _ => open += 1,
            }
        }
        items.push(Item::Table(table));
        Ok(())
    }

    /// The rest of a row, given the cells above that may go on in it.
    fn row(&mut self, above: &mut Open) -> Result<Row> {
        let mut so_far = RowSoFar::default();
        let mut open = 1_u32;
        // A row without cells is not for nothing either.
        self.spent.cells += 1;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "table-cell" => self.cell(&tag, &mut so_far)?,
                "covered-table-cell" => {
                    self.xml.skip()?;
                    self.covered(count(&tag, "number-columns-repeated"), above, &mut so_far)?;
                }
                _ => open += 1,
            }
        }
        *above = so_far.below;
        Ok(so_far.row)
    }

    /// The rest of a cell, as often as it is there.
    fn cell(&mut self, tag: &Tag<'_>, so_far: &mut RowSoFar) -> Result<()> {
        let repeated = count(tag, "number-columns-repeated");
        let rows = count(tag, "number-rows-spanned");
        let span = count(tag, "number-columns-spanned");
        let before = self.spent;
        let mut items = Vec::new();
        self.blocks(&mut items, None)?;
        self.spent.cells += 1;
        self.repeat(before, repeated)?;
        let merge = if rows > 1 { Merge::Begin } else { Merge::None };
        for items in std::iter::repeat_n(items, repeated as usize) {
            so_far.push(Cell { span, merge, items, ..Cell::default() }, rows);
        }
        Ok(())
    }

    /// Covered cells.
    fn covered(&mut self, repeated: u32, above: &Open, so_far: &mut RowSoFar) -> Result<()> {
        for _ in 0..repeated.min(COLUMNS) {
            if so_far.covered > 0 {
                so_far.covered -= 1;
                continue;
            }
            let from_above = above.get(&so_far.column).copied();
            let merge = if from_above.is_some() { Merge::Continue } else { Merge::None };
            let (rows, span) = from_above.unwrap_or((1, 1));
            let before = self.spent;
            self.spent.cells += 1;
            self.repeat(before, 1)?;
            so_far.push(Cell { span, merge, ..Cell::default() }, rows);
        }
        Ok(())
    }

    /// Counts what was read since `before` as often as it is there.
    fn repeat(&mut self, before: Spent, times: u32) -> Result<()> {
        let more = |now: u64, before: u64| now.saturating_add((now - before).saturating_mul(u64::from(times) - 1));
        let Spent { cells, text } = self.spent;
        self.spent = Spent { cells: more(cells, before.cells), text: more(text, before.text) };
        Limits::check("cells", self.spent.cells, self.limits.cells)?;
        Limits::check("unpacked-bytes", self.spent.text, self.limits.unpacked_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::super::body;
    use super::super::styles::Styles;
    use super::*;
    use crate::source::xml::Xml;

    fn read(table: &str, limits: &Limits) -> Result<Vec<Item>> {
        let text = format!("<body><text><table>{table}</table></text></body>");
        let mut xml = Xml::new(&text, FORMAT, limits);
        let mut styles = Styles::default();
        styles.read(&mut xml)?;
        Ok(body::read(&mut xml, styles, limits)?.items)
    }

    fn show(table: &str) -> String {
        let items = read(table, &Limits::default()).unwrap();
        let cell = |cell: &Cell| format!("{:?}{} ", cell.merge, cell.span);
        let row = |row: &Row| row.cells.iter().map(cell).collect::<String>() + "/";
        let item = |item: &Item| match item {
            Item::Table(table) => table.rows.iter().map(row).collect(),
            Item::Paragraph(_) => String::new(),
        };
        items.iter().map(item).collect()
    }

    #[test]
    fn covered_cells_go_on_from_above_or_are_in_a_span() {
        let rows = "<table-row><table-cell number-columns-spanned='2' number-rows-spanned='2'/><covered-table-cell/>
            <table-cell number-columns-repeated='2'/></table-row>
            <table-row><covered-table-cell number-columns-repeated='2'/><table-cell/><table-cell/></table-row>
            <table-row number-rows-repeated='2'><table-cell/><table-cell number-columns-spanned='3'/>
            <covered-table-cell number-columns-repeated='2'/></table-row>";
        assert_eq!(show(rows), "Begin2 None1 None1 /Continue2 None1 None1 /None1 None3 /None1 None3 /");
    }

    #[test]
    fn hidden_rows_are_left_out() {
        assert_eq!(show("<table-row visibility='collapse'><table-cell/></table-row><table-row/>"), "/");
    }

    #[test]
    fn what_repeats_meets_the_limit_before_it_is_laid_out() {
        let code = |table: &str| read(table, &Limits::default()).unwrap_err().code();
        assert_eq!(code("<table-row number-rows-repeated='4000000000'/>"), "limit");
        assert_eq!(code("<table-row><table-cell number-columns-repeated='4000000000'/></table-row>"), "limit");
        // Each table in it a thousand times as large as the one within.
        let nested = |inner: String, _| {
            format!(
                "<table><table-row><table-cell number-columns-repeated='1000'>{inner}</table-cell></table-row></table>"
            )
        };
        let deep = (0..4).fold("<p>1</p>".to_owned(), nested);
        assert_eq!(code(&format!("<table-row><table-cell>{deep}</table-cell></table-row>")), "limit");
    }
}
