//! The measure of the ICDAR 2013 table competition: tables as they are printed and as they were found in, how many
//! adjacency relations they have, and have in common, out. How the truth is read and what is printed is not decided here.
//!
//! A relation is a cell with text and the next one to its right or below it, with the number of blank slots between
//! them. It is right if the truth has it too, on the same page: same texts, same direction, as many blanks. Relations
//! know nothing of absolute rows and columns, so a line missed at the top of a table costs that line only. (M. Göbel,
//! T. Hassan, E. Oro, G. Orsi: A Methodology for Evaluating Algorithms for Table Understanding in PDF Documents, 2012;
//! in all details as the organisers' `dataset-tools` count.)

use gouji::grid::{self, Grid};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{AddAssign, Range};

/// A table, or what stands of it on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Page number, from 1.
    pub(crate) page: u32,
    /// Its cells in any order; where two cover the same slot, the later one has it.
    pub(crate) cells: Vec<Cell>,
}

/// A cell. Where rows and columns begin to be counted does not matter, and may be below 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The rows covered.
    pub(crate) rows: Range<i64>,
    /// The columns covered.
    pub(crate) columns: Range<i64>,
    /// Its text as printed.
    pub(crate) text: String,
}

/// A table found, cut by the page its cells stand on: the truth goes page by page.
pub(crate) fn by_page(grid: &Grid) -> Vec<Table> {
    let mut pages: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    for cell in &grid.cells {
        pages.entry(cell.place.page().unwrap_or(0)).or_default().push(Cell::from(cell));
    }
    pages.into_iter().map(|(page, cells)| Table { page, cells }).collect()
}

impl From<&grid::Cell> for Cell {
    fn from(cell: &grid::Cell) -> Self {
        let covered = |first: usize, span: usize| {
            let at = |slot: usize| i64::try_from(slot).unwrap_or(i64::MAX);
            at(first)..at(first + span)
        };
        Self {
            rows: covered(cell.row, cell.row_span),
            columns: covered(cell.column, cell.column_span),
            text: cell.text.clone(),
        }
    }
}

/// Numbers of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Score {
    /// In the truth.
    pub(crate) truth: u32,
    /// In the tables found.
    pub(crate) found: u32,
    /// In both.
    pub(crate) common: u32,
}

impl Score {
    /// Which part of what was found is right; 0 if nothing was found.
    pub(crate) fn precision(self) -> f64 {
        ratio(self.common, self.found)
    }

    /// Which part of the truth was found; 0 if there is none.
    pub(crate) fn recall(self) -> f64 {
        ratio(self.common, self.truth)
    }

    /// Both in one figure.
    pub(crate) fn f1(self) -> f64 {
        f1(self.precision(), self.recall())
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.truth += other.truth;
        self.found += other.found;
        self.common += other.common;
    }
}

/// The harmonic mean of precision and recall; 0 if both are.
pub(crate) fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// Compares the tables of one document. The true tables choose in their order: each takes, of the tables found on its
/// page and not yet taken, the first of those with the most relations in common, even if that is none. So a first table
/// that was missed takes what was found of the second.
pub(crate) fn score(truth: &[Table], found: &[Table]) -> Score {
    let mut free: Vec<(u32, Relations)> = found.iter().map(|table| (table.page, relations(table))).collect();
    let mut score = Score { found: free.iter().map(|(_, relations)| count(relations)).sum(), ..Score::default() };
    for table in truth {
        let wanted = relations(table);
        score.truth += count(&wanted);
        let here = free.iter().enumerate().filter(|(_, (page, _))| *page == table.page);
        let rated = here.map(|(index, (_, relations))| (index, in_common(&wanted, relations)));
        if let Some((index, common)) = rated.min_by_key(|(_, common)| Reverse(*common)) {
            free.remove(index);
            score.common += common;
        }
    }
    score
}

/// Two neighbours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Relation {
    /// Where the second stands, seen from the first.
    pub(crate) direction: Direction,
    /// The first one's text, as it is compared.
    pub(crate) from: String,
    /// The second one's.
    pub(crate) to: String,
    /// Blank slots between them.
    pub(crate) blanks: i64,
}

/// Where a neighbour stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// In the same row.
    Right,
    /// In the same column.
    Below,
}

/// Relations, and how often there is each.
pub(crate) type Relations = BTreeMap<Relation, u32>;

fn count(relations: &Relations) -> u32 {
    relations.values().sum()
}

fn in_common(a: &Relations, b: &Relations) -> u32 {
    a.iter().filter_map(|(relation, times)| b.get(relation).map(|others| others.min(times))).sum()
}

/// The relations of a table. Two cells that meet in several rows or columns are related once in each direction, as
/// they are where they meet first.
pub(crate) fn relations(table: &Table) -> Relations {
    let texts: Vec<String> = table.cells.iter().map(|cell| normal(&cell.text)).collect();
    let mut slots = BTreeMap::new();
    for (index, (cell, text)) in table.cells.iter().zip(&texts).enumerate().filter(|(_, (_, text))| !text.is_empty()) {
        for row in cell.rows.clone() {
            slots.extend(cell.columns.clone().map(|column| ((row, column), (index, text))));
        }
    }
    let mut relations = Relations::new();
    for direction in [Direction::Right, Direction::Below] {
        // Along each row or column, slot by slot.
        let mut along: Vec<(i64, i64, usize, &String)> = slots
            .iter()
            .map(|(&(row, column), &(index, text))| match direction {
                Direction::Right => (row, column, index, text),
                Direction::Below => (column, row, index, text),
            })
            .collect();
        along.sort_unstable();
        let mut met = BTreeSet::new();
        for ((line, at, cell, from), (next_line, next_at, next, to)) in along.iter().zip(along.iter().skip(1)) {
            if line == next_line && cell != next && met.insert((cell, next)) {
                let blanks = next_at - at - 1;
                let relation = Relation { direction, from: (*from).clone(), to: (*to).clone(), blanks };
                *relations.entry(relation).or_default() += 1;
            }
        }
    }
    relations
}

/// The text as it is compared: without ASCII white space, in capitals.
fn normal(text: &str) -> String {
    let white = |c: &char| matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    text.chars().filter(|c| !white(c)).collect::<String>().to_uppercase()
}
