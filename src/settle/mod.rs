//! Readings in, one cell each out. The ties choose between readings; what rests on less than ink says so.

use crate::bind::SectionReading;
use crate::number::Number;
use crate::place::Place;

/// A settled report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
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
    /// Its chapters.
    pub sections: Vec<SectionReading>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Ids of tables that the form has and this report lacks.
    pub missing_tables: Vec<String>,
    /// What was chosen among several readings.
    pub repairs: Vec<Repair>,
}

/// A settled table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The form's id for the table.
    pub id: String,
    /// The edition of most of its blocks, as a form id.
    pub form: String,
    /// Its blocks' editions: block id, form id.
    pub editions: Vec<(String, String)>,
    /// Where it stands.
    pub parts: Vec<Place>,
    /// Every cell of the form's table, in the form's order.
    pub cells: Vec<Cell>,
}

/// A settled cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Row key.
    pub row: String,
    /// Column key.
    pub column: String,
    /// What kind of thing is printed.
    pub status: Status,
    /// The number, exactly as printed.
    pub value: Option<Number>,
    /// The characters as printed.
    pub raw: String,
    /// Its unit.
    pub unit: Option<String>,
    /// What its value rests on.
    pub certainty: Certainty,
    /// Where it stands; `None` only for absent cells.
    pub place: Option<Place>,
    /// Whether it is a total of other cells.
    pub total: bool,
}

/// What kind of thing a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A number.
    Number,
    /// Printed empty.
    Blank,
    /// A printed sign for none or not applicable.
    Mark,
    /// Words that hold no single number.
    Text,
    /// Ink without a trustworthy reading.
    Unreadable,
    /// This document's form has no such row or column.
    Absent,
}

/// What a value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// A tie that holds depends on it.
    Proved,
    /// Read; no tie covers it, or one that covers it does not hold.
    Read,
    /// Its column or row rests on position alone.
    Position,
    /// Chosen among readings by ties.
    Repaired,
    /// Not to be relied on.
    Doubtful,
}

/// A disclosed choice among readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The cell, as `table/row/column`.
    pub cell: String,
    /// The text the first reading gave.
    pub before: String,
    /// The text that was chosen.
    pub after: String,
    /// Check ids that chose it.
    pub ties: Vec<String>,
    /// Whether it is the only reading that satisfies them.
    pub unique: bool,
    /// Why another reading was possible.
    pub reason: String,
}
