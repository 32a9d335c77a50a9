//! Blocks and forms in, readings out: for each cell of the form, the place or places it may have come from.
//!
//! Nothing is decided here that needs arithmetic; where several readings are possible they are all kept.

mod align;
mod assemble;
mod header;
mod identity;
mod label;
mod lexicon;
mod occurrence;
mod printed;
mod prose;
mod reports;
mod rows;
mod values;
mod view;

pub use printed::Labels;

use crate::finding::{Code, Finding, Findings};
use crate::form::Library;
use crate::grid::{Block, Blocks, Doubt};
use crate::place::Place;
use crate::text::Text;
use lexicon::Lexicon;
use view::View;

/// Binds a document to the forms. `file_title` is what the file's own metadata gives as its title.
pub fn bind(blocks: &Blocks, file_title: Option<&str>, library: &Library) -> Readings {
    let lexicon = Lexicon::new(library);
    let views: Vec<(usize, View<'_>)> = blocks
        .items
        .iter()
        .enumerate()
        .filter_map(|(item, block)| match block {
            Block::Grid(grid) => Some((item, View::new(grid, &lexicon))),
            Block::Line(_) => None,
        })
        .collect();
    let paras = prose::paragraphs(&blocks.items);
    let occurrences = occurrences(&views, &lexicon);
    let stretches = reports::split(occurrences, &paras, blocks.items.len(), &lexicon);
    let headings_seen = headings_seen(library, &lexicon, &paras);
    let reports = stretches
        .iter()
        .zip(1..)
        .map(|(stretch, ordinal)| report(ordinal, stretch, &views, &paras, file_title, &lexicon))
        .collect();
    Readings { reports, headings_seen }
}

/// All blocks of forms in the document, in document order.
fn occurrences(views: &[(usize, View<'_>)], lexicon: &Lexicon<'_>) -> Vec<occurrence::Occurrence> {
    let mut all: Vec<occurrence::Occurrence> = Vec::new();
    for (item, view) in views {
        let unfinished: Vec<usize> = all
            .last()
            .into_iter()
            .flat_map(|last| &last.editions)
            .filter(|e| e.rows.last().is_some_and(Option::is_none))
            .map(|e| e.block)
            .collect();
        all.extend(occurrence::find(view, *item, lexicon, &unfinished));
    }
    all
}

fn headings_seen(library: &Library, lexicon: &Lexicon<'_>, paras: &[prose::Para]) -> Vec<String> {
    let form = library.forms().iter().find(|f| !f.sections.is_empty());
    form.map_or_else(Vec::new, |f| prose::Headings::new(&f.sections, lexicon.labeller()).seen(paras))
}

fn report(
    ordinal: u32,
    stretch: &reports::Stretch,
    views: &[(usize, View<'_>)],
    paras: &[prose::Para],
    file_title: Option<&str>,
    lexicon: &Lexicon<'_>,
) -> ReportReading {
    let tables = assemble::tables(&stretch.found, views, lexicon);
    let form = tables.first().and_then(|t| lexicon.blocks.iter().find(|b| b.form.id == t.form)).map(|b| b.form);
    let own: Vec<prose::Para> = paras.iter().filter(|p| stretch.items.contains(&p.item)).cloned().collect();
    let headings = form.map(|f| prose::Headings::new(&f.sections, lexicon.labeller()));
    let first_heading = headings.as_ref().and_then(|h| h.first(&own));
    let identity = identity::read(&own, first_heading, file_title.filter(|_| ordinal == 1), lexicon.labeller());
    let listed = form.into_iter().flat_map(|f| &f.tables);
    let missing = listed.filter(|t| !tables.iter().any(|found| found.id == t.id)).map(|t| t.id.clone());
    let mut reading = ReportReading {
        ordinal,
        title: identity.title,
        issuer: identity.issuer,
        year: identity.year,
        issued_on: identity.issued_on,
        sections: headings.map_or_else(Vec::new, |h| h.sections(&own, &stretch.items)),
        missing_tables: missing.collect(),
        tables,
        findings: Findings::new(),
    };
    reading.findings = oddities(&reading);
    reading
}

/// What is odd about how the report follows the form.
fn oddities(reading: &ReportReading) -> Findings {
    let mut findings = Findings::new();
    let main = reading.tables.first().map(|t| t.form.clone()).unwrap_or_default();
    let differing: Vec<String> = reading
        .tables
        .iter()
        .flat_map(|t| t.blocks.iter().map(move |b| (t, b)))
        .filter(|(_, b)| b.form != main && b.rows.iter().any(|r| r.values != RowValues::Absent))
        .map(|(t, b)| format!("{}.{} ({})", t.id, b.id, b.form))
        .collect();
    if !differing.is_empty() {
        let list = differing.join(", ");
        findings.push(Finding::new(
            Code::FormMixed,
            Text::new(
                format!("most blocks follow {main}, but not {list}"),
                format!("多数内容采用 {main}，以下部分不同：{list}"),
            ),
        ));
    }
    for table in &reading.missing_tables {
        findings.push(Finding::new(
            Code::TableMissing,
            Text::new(format!("table `{table}` of the form was not found"), format!("未找到表式中的表 `{table}`")),
        ));
    }
    findings
}

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
    /// What is odd about how it follows the form.
    pub findings: Findings,
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
    /// Its labels as printed.
    pub labels: Labels,
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
    /// Whether the recogniser was sure, where it was recognised from a picture; `None` elsewhere.
    pub recognised: Option<bool>,
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

/// The reason of an [`Alternative`] that a recogniser gave.
pub const RECOGNISED: &str = "the recogniser may have taken one character for another";

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

#[cfg(test)]
mod tests;
