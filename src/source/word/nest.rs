//! A stream of paragraphs, each with the depth of its table, in; paragraphs and tables as nested out.
//!
//! That is how doc and rtf store tables: a cell is the paragraphs up to its mark, a row the cells up to its mark, and the
//! shape of a row is known at its end only.

use super::content::{Item, Paragraph};
use super::edges::{EdgedRow, Shape, table};
use crate::error::Result;
use crate::limits::Limits;

/// Tables in tables are walked by recursion; word processors themselves stop far earlier.
const DEEPEST: u64 = 64;
/// The width of a cell that no shape is stated for, in twentieths of a point.
const UNSTATED: i32 = 1_000;

/// The items so far.
pub(super) struct Nest<'a> {
    limits: &'a Limits,
    count: u64,
    /// The tables that are open, the outermost first.
    open: Vec<Open>,
    items: Vec<Item>,
}

/// A table that is being read.
#[derive(Default)]
struct Open {
    rows: Vec<EdgedRow>,
    /// The cells of the row at hand that are complete.
    cells: Vec<Vec<Item>>,
    /// What the cell at hand holds so far.
    items: Vec<Item>,
}

impl<'a> Nest<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, count: 0, open: Vec::new(), items: Vec::new() }
    }

    /// A paragraph in tables of that depth, and what its text boxes hold; 0 is outside tables.
    pub(super) fn paragraph(&mut self, depth: u32, paragraph: Paragraph, boxes: Vec<Item>) -> Result<()> {
        let items = self.at(depth)?;
        items.push(Item::Paragraph(paragraph));
        items.extend(boxes);
        Ok(())
    }

    /// The end of a cell.
    pub(super) fn end_cell(&mut self, depth: u32) -> Result<()> {
        self.at(depth)?;
        if let Some(open) = self.open.last_mut() {
            let items = std::mem::take(&mut open.items);
            open.cells.push(items);
        }
        Ok(())
    }

    /// The end of a row, with the shapes of its cells in their order. A row whose end is deleted is gone if all of it is:
    /// some programs mark the end of the row after it.
    pub(super) fn end_row(&mut self, depth: u32, left: i32, shapes: &[Shape], deleted: bool) -> Result<()> {
        self.at(depth)?;
        if let Some(open) = self.open.last_mut() {
            // Text behind the last mark belongs to the row all the same.
            let rest = std::mem::take(&mut open.items);
            let mut cells = std::mem::take(&mut open.cells);
            cells.extend((!rest.is_empty()).then_some(rest));
            let gone = deleted && !cells.iter().flatten().any(is_seen);
            let mut right = left;
            let shape = |(at, items)| {
                let stated = shapes.get(at).copied();
                // A cell that is not stated stands behind the others.
                let shape = stated.unwrap_or(Shape { right: right.saturating_add(UNSTATED), ..Shape::default() });
                right = shape.right;
                (shape, items)
            };
            let cells = cells.into_iter().enumerate().map(shape).collect();
            open.rows.push(EdgedRow { left, cells, gone });
        }
        Ok(())
    }

    /// Everything, once the text is at its end.
    pub(super) fn finish(mut self) -> Vec<Item> {
        while !self.open.is_empty() {
            self.close();
        }
        self.items
    }

    /// The items at a depth, after closing deeper tables and opening those that are missing.
    fn at(&mut self, depth: u32) -> Result<&mut Vec<Item>> {
        self.count += 1;
        Limits::check("elements", self.count, self.limits.elements)?;
        Limits::check("nesting", u64::from(depth), self.limits.nesting.min(DEEPEST))?;
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        while self.open.len() > depth {
            self.close();
        }
        while self.open.len() < depth {
            self.open.push(Open::default());
        }
        Ok(self.open.last_mut().map_or(&mut self.items, |open| &mut open.items))
    }

    /// Ends the innermost table. Cells of a row without an end have no shape: their text comes as lines.
    fn close(&mut self) {
        let Some(Open { rows, cells, items }) = self.open.pop() else { return };
        let around = self.open.last_mut().map_or(&mut self.items, |open| &mut open.items);
        if !rows.is_empty() {
            around.push(Item::Table(table(rows)));
        }
        around.extend(cells.into_iter().flatten().chain(items));
    }
}

/// Whether an item shows anything.
fn is_seen(item: &Item) -> bool {
    match item {
        Item::Paragraph(paragraph) => !paragraph.text.trim().is_empty(),
        Item::Table(_) => true,
    }
}
