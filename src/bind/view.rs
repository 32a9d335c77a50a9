//! A grid made ready for looking things up: which cell covers a slot, what kind of thing it holds, which labels it
//! may stand for.

use super::lexicon::{Lexicon, Matches};
use crate::grid::{Cell, Grid, Method};
use crate::number;
use std::ops::Range;

/// What a cell holds, at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Blank,
    /// A number, perhaps with its unit, or a sign for none.
    Figure,
    /// Words.
    Words,
}

/// A grid, its cells' labels and kinds.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The grid.
    pub grid: &'a Grid,
    /// For each cell, the labels of the forms it may stand for.
    matches: Vec<Matches>,
    /// For each cell, what it holds.
    kinds: Vec<Kind>,
    /// For each slot, the index of its cell.
    slots: Vec<usize>,
}

/// A cell of a view: its index in the grid's list.
pub(super) type CellId = usize;

impl<'a> View<'a> {
    pub(super) fn new(grid: &'a Grid, lexicon: &Lexicon<'_>) -> Self {
        let mut slots = vec![usize::MAX; grid.rows * grid.columns];
        for (id, cell) in grid.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                for column in cell.column..cell.column + cell.column_span {
                    if let Some(slot) = slots.get_mut(row * grid.columns + column) {
                        *slot = id;
                    }
                }
            }
        }
        let kinds: Vec<Kind> = grid.cells.iter().map(|cell| kind(&cell.text)).collect();
        let matches = grid
            .cells
            .iter()
            .zip(&kinds)
            .map(|(cell, kind)| match kind {
                Kind::Words => lexicon.matches(&cell.text),
                Kind::Blank | Kind::Figure => Matches::new(),
            })
            .collect();
        Self { grid, matches, kinds, slots }
    }

    /// Whether no rules hold the figures in their columns.
    pub(super) fn is_loose(&self) -> bool {
        matches!(self.grid.method, Method::Aligned | Method::PartlyRuled)
    }

    /// Whether some cell may be a label of a form.
    pub(super) fn knows_any_label(&self) -> bool {
        self.matches.iter().any(|m| !m.is_empty())
    }

    pub(super) fn cell(&self, id: CellId) -> Option<&'a Cell> {
        self.grid.cells.get(id)
    }

    pub(super) fn matches(&self, id: CellId) -> &Matches {
        static NONE: Matches = Vec::new();
        self.matches.get(id).unwrap_or(&NONE)
    }

    pub(super) fn kind(&self, id: CellId) -> Kind {
        self.kinds.get(id).copied().unwrap_or(Kind::Blank)
    }

    /// The cell that covers a slot.
    pub(super) fn at(&self, row: usize, column: usize) -> Option<CellId> {
        if column >= self.grid.columns {
            return None;
        }
        self.slots.get(row * self.grid.columns + column).copied().filter(|id| *id != usize::MAX)
    }

    /// The distinct cells that cover a row, left to right.
    pub(super) fn row(&self, row: usize) -> Vec<CellId> {
        self.between(row, 0..self.grid.columns)
    }

    /// The distinct cells that cover some of these columns of a row, left to right.
    pub(super) fn between(&self, row: usize, columns: Range<usize>) -> Vec<CellId> {
        let mut found: Vec<CellId> = columns.filter_map(|column| self.at(row, column)).collect();
        found.dedup();
        found
    }

    /// The columns a cell covers.
    pub(super) fn columns(&self, id: CellId) -> Range<usize> {
        self.cell(id).map_or(0..0, |c| c.column..c.column + c.column_span)
    }

    /// Whether the cell begins in this row.
    pub(super) fn begins_in(&self, id: CellId, row: usize) -> bool {
        self.cell(id).is_some_and(|c| c.row == row)
    }
}

/// The characters of which units are made: 件, 人次, 万元.
const UNITS: [char; 13] = ['件', '宗', '条', '起', '份', '个', '项', '次', '人', '元', '万', '亿', '篇'];

/// Whether a text is nothing but a unit.
pub(super) fn is_unit(text: &str) -> bool {
    let folded = number::fold(text);
    !folded.is_empty() && folded.chars().all(|c| UNITS.contains(&c))
}

/// What a printed text holds, at first sight.
pub(super) fn kind(text: &str) -> Kind {
    let folded = number::fold(text);
    if folded.is_empty() {
        return Kind::Blank;
    }
    let figure = number::before_raised(&folded).trim_end_matches(UNITS);
    let sign = matches!(folded.as_str(), "无" | "不适用" | "一一")
        || folded.chars().all(|c| matches!(c, '/' | '\\' | '-' | '—' | '–' | '―' | '−' | '─'));
    if sign || number::parse(figure).is_some() { Kind::Figure } else { Kind::Words }
}
