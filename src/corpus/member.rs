//! Reports in, what is compared of them out, in some hundred bytes a report. Names that many reports share (cells, units
//! of measure, issuers) are kept once.

use super::figures::{self, Figure};
use super::wording::{Note, Period, Sketch, statements};
use crate::emit::{Cell, Report};
use crate::form::{Form, Library};
use crate::number::fold;
use indexmap::IndexSet;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One report.
#[derive(Debug)]
pub(super) struct Member {
    /// Its id: the input's name, with `#2` behind it for the second report of an input.
    pub(super) id: Box<str>,
    /// The beginning of the hash of its bytes, and which report of its input it is: the same for the same document.
    pub(super) digest: (u64, u32),
    /// Its file format.
    pub(super) format: Cow<'static, str>,
    /// Its issuer as printed, a number of [`Names::words`].
    issuer: Option<u32>,
    /// The year it reports on.
    pub(super) year: Option<i32>,
    /// Its folded title, hashed; 0 where there is none.
    pub(super) title: u64,
    /// Which cells it has, a number of [`Names::layouts`].
    pub(super) layout: u32,
    figures: Box<[u8]>,
    /// Its wording.
    pub(super) sketch: Sketch,
    said: Option<Box<Said>>,
}

/// What the prose says; few reports say any of it.
#[derive(Debug)]
struct Said {
    notes: Vec<Note>,
    periods: Vec<Period>,
}

/// Names by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Issuers, table ids, form ids, units of measure, cells as `table/row/column`.
    words: IndexSet<String>,
    layouts: IndexSet<Layout>,
}

/// Which cells a report has, all by number of [`Names::words`].
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Layout {
    /// Tables and the form that most of each follows.
    tables: Vec<(u32, u32)>,
    /// Cells and their units of measure, in the order of the figures.
    cells: Vec<(u32, u32)>,
}

/// A cell's figure with its unit of measure, by number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) figure: Figure,
    pub(super) measure: u32,
}

/// Every cell of a report by its number.
pub(super) type Cells = BTreeMap<u32, Measured>;

impl Names {
    /// The number of a word, which is kept from now on.
    fn keep(&mut self, word: &str) -> u32 {
        let at = self.words.get_index_of(word).unwrap_or_else(|| self.words.insert_full(word.to_owned()).0);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The word of that number.
    pub(super) fn word(&self, number: u32) -> &str {
        self.words.get_index(number as usize).map_or("", String::as_str)
    }

    /// The number of a word, if any report has it.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.words.get_index_of(word).and_then(|at| u32::try_from(at).ok())
    }

    /// The layout of that number.
    pub(super) fn layout(&self, number: u32) -> Option<&Layout> {
        self.layouts.get_index(number as usize)
    }
}

impl Layout {
    /// Its tables with the forms they follow.
    pub(super) fn tables<'a>(&'a self, names: &'a Names) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.tables.iter().map(|(table, form)| (names.word(*table), names.word(*form)))
    }

    /// The numbers of its cells, in the report's order.
    pub(super) fn cells(&self) -> impl Iterator<Item = u32> + '_ {
        self.cells.iter().map(|(cell, _)| *cell)
    }
}

impl Member {
    /// What is compared of a report.
    pub(super) fn of(report: &Report, library: &Library, names: &mut Names) -> Self {
        let mut forms: Vec<&Form> = report.tables.iter().filter_map(|table| library.form(&table.form)).collect();
        forms.dedup_by(|a, b| a.id == b.id);
        let prose = || report.sections.iter().map(|section| section.text.as_str());
        let (mut notes, mut periods) = (Vec::new(), Vec::new());
        for text in prose() {
            let (more_notes, more_periods) = statements(text, &forms);
            notes.extend(more_notes);
            periods.extend(more_periods);
        }
        let layout = Layout {
            tables: report.tables.iter().map(|table| (names.keep(&table.id), names.keep(&table.form))).collect(),
            cells: cells(report)
                .map(|(table, cell)| {
                    let name = format!("{table}/{}/{}", cell.row, cell.column);
                    (names.keep(&name), names.keep(cell.unit.as_deref().map_or("", measure)))
                })
                .collect(),
        };
        let said = (!notes.is_empty() || !periods.is_empty()).then(|| Box::new(Said { notes, periods }));
        let case = &report.report;
        Self {
            id: id(&report.input.name, case.ordinal),
            digest: (leading_bits(&report.input.sha256), case.ordinal),
            format: report.input.format.clone(),
            issuer: case.issuer.as_deref().map(|issuer| names.keep(issuer)),
            year: case.year,
            title: case.title.as_deref().map_or(0, |title| short_hash(&fold(title))),
            layout: u32::try_from(names.layouts.insert_full(layout).0).unwrap_or(u32::MAX),
            figures: figures::pack(cells(report).map(|(_, cell)| Figure::of(cell))),
            sketch: Sketch::of(prose()),
            said,
        }
    }

    /// Its issuer as printed.
    pub(super) fn issuer<'a>(&self, names: &'a Names) -> Option<&'a str> {
        self.issuer.map(|number| names.word(number))
    }

    /// Its cells.
    pub(super) fn cells(&self, names: &Names) -> Cells {
        let layout = names.layout(self.layout).map(|layout| layout.cells.as_slice()).unwrap_or_default();
        let figures = figures::unpack(&self.figures);
        layout
            .iter()
            .zip(figures)
            .map(|((cell, measure), figure)| (*cell, Measured { figure, measure: *measure }))
            .collect()
    }

    /// The sentence that explains why ties of a rule do not hold.
    pub(super) fn explanation(&self, rule: &str) -> Option<&str> {
        let notes = self.said.as_ref().map(|said| said.notes.as_slice()).unwrap_or_default();
        notes.iter().find(|note| note.rules.iter().any(|r| r == rule)).map(|note| &*note.sentence)
    }

    /// The years that it says it is about.
    pub(super) fn periods(&self) -> &[Period] {
        self.said.as_ref().map(|said| said.periods.as_slice()).unwrap_or_default()
    }

    /// About how many bytes it takes, shared names left out.
    pub(super) fn bytes(&self) -> usize {
        let sentences = |said: &Said| {
            let notes = said.notes.iter().map(|note| size_of::<Note>() + note.sentence.len());
            let periods = said.periods.iter().map(|period| size_of::<Period>() + period.sentence.len());
            size_of::<Said>() + notes.chain(periods).sum::<usize>()
        };
        let said = self.said.as_deref().map_or(0, sentences);
        size_of::<Self>() + self.id.len() + self.figures.len() + self.sketch.bytes() + said
    }
}

/// The cells of a report with their tables.
fn cells(report: &Report) -> impl Iterator<Item = (&str, &Cell)> {
    report.tables.iter().flat_map(|table| table.cells.iter().map(|cell| (table.id.as_str(), cell)))
}

/// The unit of measure as far as it has a size: amounts of money and multiples. Counters (件, 宗, 条 …) differ in name only.
fn measure(unit: &str) -> &str {
    if unit.contains(['元', '千', '万', '亿']) { unit } else { "" }
}

fn id(name: &str, ordinal: u32) -> Box<str> {
    if ordinal > 1 { format!("{name}#{ordinal}").into_boxed_str() } else { name.into() }
}

/// The first 64 bits of a hash in hexadecimal.
fn leading_bits(hex: &str) -> u64 {
    hex.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// FNV-1a, never 0.
fn short_hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)).max(1)
}
