//! A settled report and the bytes that it was read from in, the same report with each number read a second time out.
//!
//! ```text
//! bytes ─mend, contents, decode→ characters of a page ─gather→ what is printed in a cell's box ─compare→ Second
//! ```
//! The other decoder is pdf-extract. Only where a number stands, its page and box, is taken from the first reading, and
//! none of the code that made it; a test of the tree's imports holds that. Nothing is read better for it: a number on
//! which the two differ becomes doubtful, one that cannot be read again stays as it was, and both are said.
//!
//! pdf-extract may panic, loop and grow. Its panics cost a page; against the rest a process of its own is what helps,
//! which is the caller's matter. What both take from the file alike, such as a lying table of characters, two readings
//! cannot tell.

mod compare;
mod contents;
mod decode;
mod gather;
mod mend;
mod tell;
#[cfg(test)]
mod tests;
mod view;

use crate::pipeline::ReportResult;
use crate::place::Place;
use crate::settle::{Cell, Certainty, Second, Status, Why};
use decode::Decoder;
use gather::Ink;
use std::collections::{BTreeMap, BTreeSet};

/// How the numbers of some reports came out of their second reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Numbers that there are.
    pub numbers: u32,
    /// Those on which both readings agree.
    pub same: u32,
    /// Those on which they differ.
    pub differing: u32,
    /// Those that could not be read again, by reason.
    pub not_possible: BTreeMap<Why, u32>,
}

impl Tally {
    /// Counts what came of one number.
    fn count(&mut self, second: &Second) {
        self.numbers += 1;
        *match second {
            Second::Same => &mut self.same,
            Second::Differs { .. } => &mut self.differing,
            Second::NotPossible(why) => self.not_possible.entry(*why).or_default(),
        } += 1;
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.numbers += other.numbers;
        self.same += other.same;
        self.differing += other.differing;
        for (why, count) in &other.not_possible {
            *self.not_possible.entry(*why).or_default() += count;
        }
    }
}

/// Reads every number of the standard tables of `reports` again in the PDF that they came from, notes on its cell what
/// came of it, and adds the findings.
pub fn read(bytes: &[u8], password: Option<&str>, reports: &mut [ReportResult]) -> Tally {
    let pages = Pages::of(bytes, password, reports);
    note(reports, |_, _, cell| pages.read(cell))
}

/// Notes on every number what came of reading it again, and adds the findings. `second` is asked with the report's
/// ordinal, the table and the cell; for readings that another process made.
pub fn note(reports: &mut [ReportResult], second: impl Fn(u32, &str, &Cell) -> Second) -> Tally {
    let mut all = Tally::default();
    for ReportResult { report, findings, .. } in reports {
        let mut tally = Tally::default();
        for table in &mut report.tables {
            for cell in table.cells.iter_mut().filter(|cell| cell.status == Status::Number) {
                let second = second(report.ordinal, &table.id, cell);
                tally.count(&second);
                if let Second::Differs { text } = &second {
                    cell.certainty = Certainty::Doubtful;
                    findings.push(tell::differs(&table.id, cell, text));
                }
                cell.second = Some(second);
            }
        }
        findings.extend(tell::incomplete(&tally));
        all.add(&tally);
    }
    all
}

/// Notes that no number could be read again: the process that tried came to an end.
pub fn give_up(reports: &mut [ReportResult]) -> Tally {
    note(reports, |_, _, _| Second::NotPossible(Why::ReaderFailed))
}

/// The pages that hold numbers, decoded; `None` for one that could not be.
struct Pages(BTreeMap<u32, Option<Ink>>);

impl Pages {
    /// Decodes the pages that hold numbers, each once.
    fn of(bytes: &[u8], password: Option<&str>, reports: &[ReportResult]) -> Self {
        let cells = reports.iter().flat_map(|result| &result.report.tables).flat_map(|table| &table.cells);
        let numbers = cells.filter(|cell| cell.status == Status::Number);
        let pages: BTreeSet<u32> = numbers.filter_map(|cell| cell.place.as_ref()?.page()).collect();
        let mut decoder = if pages.is_empty() { None } else { Decoder::open(bytes, password).ok() };
        let mut decode = |page| Some(Ink::new(decoder.as_mut()?.page(page).ok()?));
        Self(pages.into_iter().map(|page| (page, decode(page))).collect())
    }

    /// Reads a number again.
    fn read(&self, cell: &Cell) -> Second {
        let Some(Place::Page { page, bbox }) = &cell.place else { return Second::NotPossible(Why::NotAPage) };
        let Some(Some(ink)) = self.0.get(page) else { return Second::NotPossible(Why::ReaderFailed) };
        match ink.text_in(*bbox) {
            Ok(text) if compare::agree(&cell.raw, cell.value, &text) => Second::Same,
            Ok(text) => Second::Differs { text },
            Err(why) => Second::NotPossible(why),
        }
    }
}
