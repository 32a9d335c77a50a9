//! A table reading in, its cells as drafts out: every cell of the form with the readings it may have.

use super::printed::{Joint, Said, figure_among_words, lines_apart, say};
use super::ties::Term;
use super::{Cell, Certainty, Status};
use crate::bind::{BlockReading, Evidence, Labels, RECOGNISED, Reading, RowReading, RowValues, Slot, TableReading};
use crate::form::{Block, Library};
use crate::grid::Doubt;
use crate::number::Number;
use crate::place::Place;
use std::collections::BTreeMap;

/// A cell that is being settled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) row: String,
    pub(super) column: String,
    /// The form's unit.
    pub(super) unit: Option<String>,
    pub(super) total: bool,
    pub(super) evidence: Evidence,
    pub(super) doubt: Option<Doubt>,
    /// Whether the recogniser was sure, where it was recognised from a picture.
    pub(super) recognised: Option<bool>,
    /// What it may say, as printed first; empty when the document has no such cell.
    pub(super) candidates: Vec<Candidate>,
    pub(super) chosen: usize,
    pub(super) standing: Standing,
}

/// One thing a cell may say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) raw: String,
    pub(super) place: Option<Place>,
    pub(super) said: Said,
    pub(super) reason: &'static str,
    pub(super) origin: Origin,
}

/// Where a candidate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The cell as it was read.
    Printed,
    /// Another reading of the same ink.
    SameInk,
    /// What a recogniser takes for possible, but less likely.
    Recognised,
    /// Ink that may belong to this cell or to its neighbour.
    MovedInk,
    /// One line of a cell whose lines are joined by default.
    OneLine,
    /// The figure alone, of a cell with words printed over or beside it.
    Bare,
}

/// How the chosen candidate came to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is what was read.
    Printed,
    /// The ties left it as the only one.
    Repaired,
    /// Several are possible, or none fits.
    Open,
}

/// A row whose printed cells have no columns yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LooseRow {
    /// Its cells, by index of the draft.
    pub(super) cells: Vec<usize>,
    /// What is printed, in order.
    pub(super) printed: Vec<Reading>,
}

/// The drafts of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Drafts {
    pub(super) cells: Vec<Draft>,
    pub(super) loose: Vec<LooseRow>,
    /// Block id, form id.
    pub(super) editions: Vec<(String, String)>,
    /// The labels of these blocks.
    pub(super) labels: Vec<Labels>,
}

impl Draft {
    pub(super) fn candidate(&self) -> Option<&Candidate> {
        self.candidates.get(self.chosen)
    }

    /// Whether some of its readings would take ink from a cell beside it, or leave ink to one.
    pub(super) fn may_have_moved(&self) -> bool {
        self.candidates.iter().any(|c| c.origin == Origin::MovedInk)
    }

    pub(super) fn status(&self) -> Status {
        self.candidate().map_or(Status::Absent, |c| status_of(c, self.doubt))
    }

    pub(super) fn term(&self) -> Term {
        self.term_of(self.chosen)
    }

    /// What the cell would bring to a sum if it said its `candidate`-th reading.
    pub(super) fn term_of(&self, candidate: usize) -> Term {
        self.candidates.get(candidate).map_or(Term::Unknown, |c| Term::of(status_of(c, self.doubt), c.said.value))
    }

    /// The finished cell. Figures printed over each other that no tie bears out are ink without a trustworthy reading.
    pub(super) fn into_cell(mut self, certainty: Certainty) -> Cell {
        let overprinted = self.doubt == Some(Doubt::Overprinted) && certainty == Certainty::Doubtful;
        let status = if overprinted { Status::Unreadable } else { self.status() };
        let chosen = self.chosen;
        let candidate = if chosen < self.candidates.len() { Some(self.candidates.swap_remove(chosen)) } else { None };
        let (raw, place, said) = candidate.map_or((String::new(), None, None), |c| (c.raw, c.place, Some(c.said)));
        let (value, typed) = said.map_or((None, None), |s| (s.value, s.unit));
        Cell {
            row: self.row,
            column: self.column,
            status,
            value: value.filter(|_| status == Status::Number),
            raw,
            unit: typed.or(self.unit),
            certainty,
            place,
            total: self.total,
            second: None,
            recognised: self.recognised.is_some(),
        }
    }
}

/// Ink that the grid could not read makes the cell unreadable whatever characters came along.
fn status_of(candidate: &Candidate, doubt: Option<Doubt>) -> Status {
    match candidate.origin {
        Origin::Printed if doubt == Some(Doubt::Unreadable) => Status::Unreadable,
        _ => candidate.said.status,
    }
}

/// Every cell of the form's table, in the form's order. Blocks, rows and columns that the reading lacks are absent.
pub(super) fn drafts(reading: TableReading, library: &Library) -> Drafts {
    let mut out = Drafts::default();
    let mut readings = reading.blocks;
    let order: Vec<&Block> =
        library.table(&reading.form, &reading.id).map_or(Vec::new(), |t| t.blocks.iter().collect());
    for block in order {
        match readings.iter().position(|b| b.id == block.id) {
            Some(at) => {
                let found = readings.remove(at);
                out.add_block(&reading.id, found, library);
            }
            None => out.add_absent_block(block),
        }
    }
    for block in readings {
        out.add_block(&reading.id, block, library);
    }
    out
}

impl Drafts {
    /// Indices of the cells by row and column key.
    pub(super) fn index(&self) -> BTreeMap<(&str, &str), usize> {
        self.cells.iter().enumerate().map(|(i, c)| ((c.row.as_str(), c.column.as_str()), i)).collect()
    }

    fn add_absent_block(&mut self, block: &Block) {
        for row in block.rows.iter().filter(|r| !r.heading) {
            self.add_absent_row(block, &row.key);
        }
    }

    fn add_absent_row(&mut self, block: &Block, row: &str) {
        for column in &block.columns {
            self.cells.push(empty(Some(block), row, &column.key, Evidence::Label));
        }
    }

    fn add_block(&mut self, table: &str, reading: BlockReading, library: &Library) {
        let block = library.block(&reading.form, table, &reading.id);
        self.editions.push((reading.id, reading.form));
        self.labels.push(reading.labels);
        let mut rows = reading.rows;
        for definition in block.iter().flat_map(|b| &b.rows).filter(|r| !r.heading) {
            match (rows.iter().position(|r| r.key == definition.key), block) {
                (Some(at), _) => {
                    let row = rows.remove(at);
                    self.add_row(block, row, &reading.columns);
                }
                (None, Some(block)) => self.add_absent_row(block, &definition.key),
                (None, None) => {}
            }
        }
    }

    fn add_row(&mut self, block: Option<&Block>, row: RowReading, columns: &[String]) {
        let first = self.cells.len();
        for column in columns {
            self.cells.push(empty(block, &row.key, column, row.evidence));
        }
        match row.values {
            RowValues::Absent => {}
            RowValues::Placed(slots) => {
                for (draft, slot) in self.cells.iter_mut().skip(first).zip(slots) {
                    if let Slot::Read(reading) = slot {
                        fill(draft, reading);
                    }
                }
            }
            RowValues::Loose(printed) => {
                self.loose.push(LooseRow { cells: (first..self.cells.len()).collect(), printed });
            }
        }
    }
}

fn empty(block: Option<&Block>, row: &str, column: &str, evidence: Evidence) -> Draft {
    let row_def = block.and_then(|b| b.rows.iter().find(|r| r.key == row));
    let column_def = block.and_then(|b| b.columns.iter().find(|c| c.key == column));
    let unit = row_def.and_then(|r| r.unit.clone()).or_else(|| column_def.and_then(|c| c.unit.clone()));
    Draft {
        row: row.to_owned(),
        column: column.to_owned(),
        unit,
        total: row_def.is_some_and(|r| r.total) || column_def.is_some_and(|c| c.total),
        evidence,
        doubt: None,
        recognised: None,
        candidates: Vec::new(),
        chosen: 0,
        standing: Standing::Printed,
    }
}

/// Gives a draft what was read for it.
pub(super) fn fill(draft: &mut Draft, reading: Reading) {
    draft.evidence = draft.evidence.max(reading.evidence);
    draft.doubt = reading.doubt;
    draft.recognised = reading.recognised;
    let printed = say(&reading.raw);
    let mut candidates = Vec::with_capacity(1 + reading.alternatives.len());
    if printed.joint != Joint::None {
        candidates.extend(lines_apart(&reading.raw).into_iter().map(|line| Candidate {
            said: say(&line),
            raw: line,
            place: Some(reading.place.clone()),
            reason: "two lines of one cell may be two figures",
            origin: Origin::OneLine,
        }));
    }
    if printed.status == Status::Text {
        candidates.extend(figure_among_words(&reading.raw).map(|figure| Candidate {
            said: say(&figure),
            raw: figure,
            place: Some(reading.place.clone()),
            reason: "words are printed over or beside the figure",
            origin: Origin::Bare,
        }));
    }
    candidates.extend(reading.alternatives.into_iter().map(|a| Candidate {
        said: say(&a.raw),
        origin: if a.reason == RECOGNISED { Origin::Recognised } else { origin(&reading.raw, &a.raw, reading.doubt) },
        raw: a.raw,
        place: Some(a.place),
        reason: a.reason,
    }));
    let first = Candidate {
        said: printed,
        raw: reading.raw,
        place: Some(reading.place),
        reason: "as read",
        origin: Origin::Printed,
    };
    candidates.insert(0, first);
    without_like(&mut candidates);
    draft.candidates = candidates;
}

/// Leaves out what a recogniser may have seen too where that says the same, in other signs, or nothing that a cell may hold.
fn without_like(candidates: &mut Vec<Candidate>) {
    let mut said: Vec<(Status, Option<Number>)> = Vec::new();
    candidates.retain(|candidate| {
        let says = (candidate.said.status, candidate.said.value);
        let is_of_use = candidate.said.status != Status::Text && !said.contains(&says);
        said.push(says);
        candidate.origin != Origin::Recognised || is_of_use
    });
}

/// Ink has moved when one text is the other with characters added or taken away at an end.
fn origin(printed: &str, other: &str, doubt: Option<Doubt>) -> Origin {
    let (a, b) = (digits(printed), digits(other));
    let extends = |long: &str, short: &str| long.starts_with(short) || long.ends_with(short);
    let moved = doubt != Some(Doubt::Overprinted) && a != b && (extends(&a, &b) || extends(&b, &a));
    if moved { Origin::MovedInk } else { Origin::SameInk }
}

/// The digits of a text, without layout or signs.
pub(super) fn digits(text: &str) -> String {
    crate::number::fold(text).chars().filter(char::is_ascii_digit).collect()
}
