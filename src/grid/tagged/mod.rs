//! Tables that the file states over its ink in, the believed ones out, each whole over all of its pages.
//!
//! ```text
//! stated cells, ink -claim-> ink of each cell -slots, spans-> rows and columns -check-> believed -write-> Table
//! ```
//! Tags are written by programs that know the table, and by programs that do not. A table is believed when the page bears
//! it out: the ink of its rows goes downwards, that of its columns from left to right, nothing else stands between, and
//! it is not prose set in boxes. Otherwise it is refused with the reason, and the ink is read as if nothing were stated.
//! Whether rules on paper take precedence is decided elsewhere.

mod check;
mod claim;
mod repeat;
mod spans;
mod write;

use super::ink::Upright;
use super::join::Table;
use crate::geom::Rect;
use crate::page::StructTable;
use claim::Claim;
use std::ops::Range;

/// Why a stated table is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has fewer than two rows or columns, or text in fewer.
    Small,
    /// It has more slots than a table can have, or stands on a page with too many tables.
    Large,
    /// Its spans run into each other.
    Spans,
    /// Its cells hold prose: a page laid out with a table.
    Layout,
    /// The cells of a row do not stand beside each other, or a row does not stand below the one before it.
    Rows,
    /// The cells of a row do not go from left to right, or those of a column reach into another.
    Columns,
    /// Ink that is not the table's stands between its cells.
    Foreign,
    /// A page has rows that should stand on an earlier one.
    Pages,
}

/// A believed table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tagged {
    /// The table, whole.
    pub(super) table: Table,
    /// Where its ink is, page by page.
    pub(super) parts: Vec<TaggedPart>,
}

/// What a believed table has of one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TaggedPart {
    /// Index of the page.
    pub(super) page: usize,
    /// Box in the upright frame, with the rules right above and below.
    pub(super) bbox: Rect,
    /// Rows that stand on the page, a repeated heading among them.
    pub(super) rows: usize,
    /// Columns of the table.
    pub(super) columns: usize,
    /// Runs of its ink, in order.
    runs: Vec<Range<u32>>,
}

impl TaggedPart {
    /// Whether the table has the glyphs of this run.
    pub(super) fn has(&self, run: u32) -> bool {
        let before = self.runs.partition_point(|range| range.end <= run);
        self.runs.get(before).is_some_and(|range| range.contains(&run))
    }
}

/// More stated tables than this on one page are no tables.
const MOST_TABLES: usize = 200;

/// Holds each stated table against the ink. `pages` are the tables that begin on each page, and the page.
pub(super) fn find(pages: &[(&[StructTable], &Upright)]) -> Vec<Result<Tagged, Refusal>> {
    if pages.iter().all(|(tables, _)| tables.is_empty()) {
        return Vec::new();
    }
    claim::claims(pages).iter().map(believe).collect()
}

fn believe(claim: &Claim<'_>) -> Result<Tagged, Refusal> {
    if claim.crowded {
        return Err(Refusal::Large);
    }
    let stated = claim.lay_out()?;
    let measured = check::measured(claim, &stated);
    check::is_table(claim, &stated, &measured)?;
    let homes = check::homes(claim, &stated, &measured)?;
    Ok(write::table(claim, &stated, &measured, &homes))
}

#[cfg(test)]
mod tests;
