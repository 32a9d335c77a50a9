//! Readings in, one cell each out. The ties choose between readings; what rests on less than ink says so.

mod certainty;
mod choose;
mod draft;
mod loose;
pub(crate) mod printed;
mod second;
mod tell;
pub(crate) mod ties;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use crate::bind::{Labels, ReportReading, SectionReading, TableReading};
use crate::finding::Findings;
use crate::form::Library;
use crate::number::Number;
use crate::place::Place;
use choose::Choice;
use ties::Ties;

pub use second::{Second, Why};

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
    /// The labels of each of these blocks as printed, in the same order.
    pub labels: Vec<Labels>,
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
    /// What its second reading came to; `None` where there was none.
    pub second: Option<Second>,
    /// Whether it was recognised from a picture.
    pub recognised: bool,
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

/// Settles a report: every cell of its tables gets the one reading that the ink and the ties support best.
pub fn settle(reading: ReportReading, library: &Library, findings: &mut Findings) -> Report {
    let mut repairs = Vec::new();
    let tables = reading.tables.into_iter().map(|t| settle_table(t, library, &mut repairs, findings)).collect();
    Report {
        ordinal: reading.ordinal,
        title: reading.title,
        issuer: reading.issuer,
        year: reading.year,
        issued_on: reading.issued_on,
        sections: reading.sections,
        tables,
        missing_tables: reading.missing_tables,
        repairs,
    }
}

/// Columns first (loose rows), then other readings of single cells, then what each value rests on.
fn settle_table(reading: TableReading, library: &Library, repairs: &mut Vec<Repair>, findings: &mut Findings) -> Table {
    let (id, form, parts) = (reading.id.clone(), reading.form.clone(), reading.parts.clone());
    let mut drafts = draft::drafts(reading, library);
    let ties = Ties::of(library, &id, &drafts.editions, &drafts.index());
    let mut choices = loose::place(&mut drafts, &ties, parts.first());
    choices.extend(choose::choose(&mut drafts.cells, &ties));
    let cells = drafts.cells;
    let certainties: Vec<Certainty> = (0..cells.len()).map(|c| certainty::certainty(&cells, &ties, c)).collect();
    tell::tell(&id, &cells, &certainties, &choices, findings);
    repairs.extend(choices.iter().filter_map(|choice| repair(&id, &cells, choice)));
    let cells = cells.into_iter().zip(certainties).map(|(draft, certainty)| draft.into_cell(certainty)).collect();
    Table { id, form, editions: drafts.editions, labels: drafts.labels, parts, cells }
}

fn repair(table: &str, cells: &[draft::Draft], choice: &Choice) -> Option<Repair> {
    let Choice::Repaired { cell, before, ties, reason } = choice else { return None };
    let draft = cells.get(*cell)?;
    Some(Repair {
        cell: tell::name(table, draft),
        before: before.clone(),
        after: draft.candidate().map_or(String::new(), |c| c.raw.clone()),
        ties: ties.clone(),
        unique: true,
        reason: (*reason).to_owned(),
    })
}
