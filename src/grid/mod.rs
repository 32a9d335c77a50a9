//! Pages or stated cells in, blocks in reading order out: lines of text, and grids of cells with spans.
//! After this stage nobody asks what file it was.

mod aligned;
mod beside;
mod divide;
mod draft;
mod drawing;
mod fills;
pub(crate) mod flow;
mod furniture;
mod given;
mod gutters;
mod ink;
mod join;
mod lattice;
mod overflow;
mod pages;
mod prose;
mod raised;
mod rules;
mod slots;
mod spell;
mod tagged;
mod trail;
mod underruled;
mod wording;

use crate::finding::Findings;
use crate::limits::Limits;
use crate::page::{Alignment, Body, Document};
use crate::place::Place;

pub use trail::{Region, Sight, Trail, Verdict};

/// Finds the lines and tables of a document.
pub fn build(document: &Document, limits: &Limits, findings: &mut Findings) -> Blocks {
    let items = match &document.body {
        Body::Pages(pages) => pages::build(pages, findings),
        Body::Flow(items) => flow::build(items, limits.cells, findings),
    };
    Blocks { items }
}

/// What was seen on each page and why it was or was not taken as a table; none for formats without pages.
#[must_use]
pub fn trails(document: &Document) -> Vec<Trail> {
    match &document.body {
        Body::Pages(pages) => pages::trails(pages),
        Body::Flow(_) => Vec::new(),
    }
}

/// What was seen on one page.
#[must_use]
pub fn trail(document: &Document, page: u32) -> Option<Trail> {
    trails(document).into_iter().find(|trail| trail.page == page)
}

/// A document as lines and grids, in reading order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Blocks {
    /// The blocks.
    pub items: Vec<Block>,
}

/// A line of text or a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Text outside tables: a printed line on a page, a paragraph elsewhere.
    Line(Line),
    /// A table.
    Grid(Grid),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its text, as printed, with single blanks for gaps.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Font size in points; 0 where the format does not say.
    pub size: f32,
    /// Whether the line stands centred on its page (a title).
    pub centred: bool,
    /// Whether it is marked or set as a heading.
    pub heading: bool,
    /// Whether it continues the paragraph of the line before it (pages only; elsewhere a line is a paragraph).
    pub continues: bool,
}

/// How a grid was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By ruling lines on all sides.
    Ruled,
    /// By rules in one direction or partly, and the alignment of text.
    PartlyRuled,
    /// By the alignment of text alone.
    Aligned,
    /// Stated by the format (spreadsheet, Word, web page, Markdown, tagged PDF).
    Stated,
}

/// A table: cells that tile a rectangle of rows and columns without gap or overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Cells sorted by row, then column. Blank cells are there too; every slot is covered once.
    pub cells: Vec<Cell>,
    /// How it was found.
    pub method: Method,
    /// Whether columns can be trusted.
    pub alignment: Alignment,
    /// Where it stands: one part a page for a table that goes over pages, and the grid row each begins at.
    pub parts: Vec<Part>,
}

/// One stretch of a table on one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its box, or its place in the terms of the format.
    pub place: Place,
    /// The first row of the grid in this part.
    pub first_row: usize,
}

/// A cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub column: usize,
    /// Rows covered.
    pub row_span: usize,
    /// Columns covered.
    pub column_span: usize,
    /// Text as printed; `\n` between printed lines; `U+FFFD` for ink without a reading.
    pub text: String,
    /// Around the ink if there is any, otherwise the cell's own box.
    pub place: Place,
    /// Why its text may not be what is printed; `None` when there is nothing to say.
    pub doubt: Option<Doubt>,
    /// How sure its text is where it was recognised from a picture; `None` elsewhere.
    pub recognised: Option<Recognition>,
}

/// What a recogniser made of a cell, other than its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// Whether any other text is hardly possible.
    pub sure: bool,
    /// What else the cell may say, most likely first.
    pub others: Vec<String>,
}

/// Why a cell's text or position is not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Ink crosses the cell's border: a run may belong to the neighbour.
    Straddles,
    /// The cell was completed over a page break.
    JoinedOverBreak,
    /// Characters overlap: something is printed over something else.
    Overprinted,
    /// Its column was inferred from alignment with little margin.
    Alignment,
    /// It shows hidden or unreadable ink.
    Unreadable,
}

impl Grid {
    /// The cell that covers the slot.
    #[must_use]
    pub fn cell_at(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|c| {
            (c.row..c.row + c.row_span).contains(&row) && (c.column..c.column + c.column_span).contains(&column)
        })
    }

    /// For every slot, by row and then column, the index into `cells` of the cell that covers it: for callers that ask
    /// for many slots.
    #[must_use]
    pub fn slots(&self) -> Vec<usize> {
        let spans: Vec<lattice::Span> = self.spans().collect();
        lattice::slots(&spans, self.rows, self.columns)
    }

    /// Whether the cells cover every slot once and stay within the grid.
    #[must_use]
    pub fn is_tiled(&self) -> bool {
        let area: usize = self.cells.iter().map(|c| c.row_span * c.column_span).sum();
        let inside = |c: &Cell| c.row + c.row_span <= self.rows && c.column + c.column_span <= self.columns;
        area == self.rows * self.columns
            && self.cells.iter().all(inside)
            && self.slots().iter().all(|&i| i < self.cells.len())
    }

    fn spans(&self) -> impl Iterator<Item = lattice::Span> {
        self.cells.iter().map(|c| lattice::Span {
            row: c.row,
            column: c.column,
            row_span: c.row_span,
            column_span: c.column_span,
        })
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod testing {
    //! Glyphs for tests.

    use super::ink::Ink;
    use crate::geom::{Point, Rect};
    use crate::page::Turn;

    /// A glyph whose pen stood at `(x, base)`: half an em wide, Han a whole one.
    pub(super) fn ink(ch: char, x: f32, base: f32, size: f32) -> Ink {
        let width = if super::spell::is_han(ch) { size } else { size / 2.0 };
        Ink {
            ch,
            rect: Rect::new(x, base - 0.88 * size, x + width, base + 0.12 * size),
            origin: Point { x, y: base },
            size,
            turn: Turn::None,
            bold: false,
            run: 0,
            font: 0,
            blank: None,
        }
    }

    /// Glyphs of a word set without gaps.
    pub(super) fn word(text: &str, x: f32, base: f32, size: f32) -> Vec<Ink> {
        let mut at = x;
        text.chars()
            .map(|c| {
                let glyph = ink(c, at, base, size);
                at = glyph.rect.x1;
                glyph
            })
            .collect()
    }
}
