//! Blocks and forms in, readings out: for each cell of the form, the place or places it may have come from.
//!
//! Nothing is decided here that needs arithmetic; where several readings are possible they are all kept.

mod label;

use crate::grid::Doubt;
use crate::place::Place;

/// What one document holds: its reports, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// The reports that were found.
    pub reports: Vec<ReportReading>,
    /// Headings of the form that were seen anywhere: said when there is no report.
    pub headings_seen: Vec<String>,
}

/// One report within a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportReading {
    /// From 1.
    pub ordinal: u32,
    /// The title as printed.
    pub title: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// The year it reports on.
    pub year: Option<i32>,
    /// Date of issue, ISO 8601.
    pub issued_on: Option<String>,
    /// Its chapters, in order.
    pub sections: Vec<SectionReading>,
    /// Its standard tables, in the form's order; those not found are not listed.
    pub tables: Vec<TableReading>,
    /// Ids of tables that the form has and this report lacks.
    pub missing_tables: Vec<String>,
}

/// A chapter's text.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionReading {
    /// Its number as printed, empty if none is.
    pub number: String,
    /// The form's id for it.
    pub id: String,
    /// Its title as printed.
    pub title: String,
    /// Its paragraphs outside tables.
    pub paragraphs: Vec<Paragraph>,
    /// Where its heading stands.
    pub place: Place,
}

/// A paragraph of prose, unwrapped.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// Its text.
    pub text: String,
    /// Where it begins.
    pub place: Place,
}

/// A standard table as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct TableReading {
    /// The form's id for the table.
    pub id: String,
    /// The edition of most of its blocks, as a form id.
    pub form: String,
    /// Where it stands, a place for each stretch.
    pub parts: Vec<Place>,
    /// Its blocks, in the form's order.
    pub blocks: Vec<BlockReading>,
}

/// A block of a standard table.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockReading {
    /// The form's id for the block.
    pub id: String,
    /// Its edition, as a form id.
    pub form: String,
    /// Keys of the columns, in the form's order.
    pub columns: Vec<String>,
    /// Every row of the form's block, in the form's order.
    pub rows: Vec<RowReading>,
}

/// A row of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct RowReading {
    /// The form's key.
    pub key: String,
    /// How the row was recognised.
    pub evidence: Evidence,
    /// What it holds.
    pub values: RowValues,
}

/// The values of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum RowValues {
    /// This document has no such row.
    Absent,
    /// One slot for each column of the block.
    Placed(Vec<Slot>),
    /// As many or fewer printed cells as there are columns, in order; blanks may have been dropped, so which column each is in
    /// has to be settled.
    Loose(Vec<Reading>),
}

/// The slot of one row and column.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// This document has no such column.
    Absent,
    /// The cell.
    Read(Reading),
}

/// A printed cell, with what else it might say.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Text as printed; printed lines joined with `\n`; empty for a blank.
    pub raw: String,
    /// Where it stands.
    pub place: Place,
    /// How its column was recognised.
    pub evidence: Evidence,
    /// Why its text may be wrong.
    pub doubt: Option<Doubt>,
    /// Other texts it may stand for, best first.
    pub alternatives: Vec<Alternative>,
}

/// What a row or column assignment rests on, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Its own label matched.
    Label,
    /// Its label is missing or unclear, but the grid is sure and its neighbours on both sides, or the count, leave one choice.
    Structure,
    /// Only its position in an order.
    Position,
}

/// Another text a cell may stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The text.
    pub raw: String,
    /// Where it stands.
    pub place: Place,
    /// Why it is possible.
    pub reason: &'static str,
}
