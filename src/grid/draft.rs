//! A lattice or an aligned stretch of one page with its ink in, a grid of that page out: each glyph in its cell, each
//! cell with its text. Tables over pages are joined later, from these.

use super::ink::{Frame, Ink, Upright};
use super::lattice::{Lattice, Span};
use super::overflow::Assigned;
use super::{Doubt, Method, Recognition, spell};
use crate::geom::Rect;

/// The stretch of a table that stands on one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// Page number.
    pub(super) page: u32,
    /// How the page was turned.
    pub(super) frame: Frame,
    /// Borders of columns in the upright frame.
    pub(super) xs: Vec<f32>,
    /// Number of rows.
    pub(super) rows: usize,
    /// Cells that tile the rows and columns.
    pub(super) cells: Vec<DraftCell>,
    /// How it was found.
    pub(super) method: Method,
    /// Box in the upright frame.
    pub(super) bbox: Rect,
}

/// A cell of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DraftCell {
    /// Its slots.
    pub(super) span: Span,
    /// Its text.
    pub(super) text: String,
    /// Around its ink, else its own box; on the page as seen.
    pub(super) bbox: Rect,
    /// Page it stands on.
    pub(super) page: u32,
    /// Why the text may not be right.
    pub(super) doubt: Option<Doubt>,
    /// How sure it is, where it was recognised.
    pub(super) recognised: Option<Recognition>,
}

impl Draft {
    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// Whether it can stand as a table by itself: two columns at least, and text in more than one cell. A single box
    /// or column is a table only as a piece of one.
    pub(super) fn stands_alone(&self) -> bool {
        let filled = self.cells.iter().filter(|c| !c.text.is_empty()).count();
        self.columns() >= 2 && filled >= 2 && filled * 25 >= self.cells.len()
    }

    /// Reads the cells of a lattice, each from its ink.
    pub(super) fn of_lattice(page: &Upright, lattice: &Lattice, assigned: &Assigned) -> Self {
        let cells = lattice.cells.iter().zip(&assigned.ink).zip(&assigned.straddled).map(|((span, ink), straddled)| {
            let mut cell = DraftCell::of(page, *span, ink, lattice.cell_box(*span));
            if *straddled {
                cell.doubt = cell.doubt.or(Some(Doubt::Straddles));
            }
            cell
        });
        Self {
            page: page.number,
            frame: page.frame,
            xs: lattice.xs.clone(),
            rows: lattice.ys.len() - 1,
            cells: cells.collect(),
            method: Method::Ruled,
            bbox: lattice.bbox(),
        }
    }
}

impl DraftCell {
    /// Reads the ink of a cell whose own box is `own`.
    pub(super) fn of(page: &Upright, span: Span, ink: &[Ink], own: Rect) -> Self {
        let spelled = spell::spell(ink);
        let doubt = if spelled.unreadable {
            Some(Doubt::Unreadable)
        } else if spelled.overprinted {
            Some(Doubt::Overprinted)
        } else {
            None
        };
        let bbox = page.frame.to_page(spelled.bbox.unwrap_or(own));
        let recognised = page.recognition(ink, &spelled.text);
        Self { span, text: spelled.text, bbox, page: page.number, doubt, recognised }
    }
}
