//! Readings for tests, from figures written in rows.

use super::{Cell, Report, Table};
use crate::bind::{
    Alternative, BlockReading, Evidence, Labels, RECOGNISED, Reading, ReportReading, RowReading, RowValues, Slot,
    TableReading,
};
use crate::form::Library;
use crate::grid::Doubt;
use crate::place::Place;

pub(crate) const FORM: &str = "cn.foi-annual/2021";
pub(crate) const PEOPLE: [&str; 7] = [
    "natural_person",
    "business",
    "research_institution",
    "public_welfare_organization",
    "legal_service",
    "other_organization",
    "total",
];

pub(crate) fn place() -> Place {
    Place::Text { line: 1, column: 1 }
}

/// A printed cell: its text; `|` parts it from another text it may stand for.
pub(crate) fn reading(text: &str) -> Reading {
    let mut texts = text.split('|').map(|t| if t == "." { "" } else { t });
    let raw = texts.next().unwrap_or("").to_owned();
    let other = |raw: &str| Alternative { raw: raw.to_owned(), place: place(), reason: "ink on the border" };
    let alternatives = texts.map(other).collect();
    Reading { raw, place: place(), evidence: Evidence::Label, doubt: None, recognised: None, alternatives }
}

pub(crate) fn doubted(text: &str, doubt: Doubt) -> Reading {
    Reading { doubt: Some(doubt), ..reading(text) }
}

/// A cell recognised from a picture.
pub(crate) fn recognised(text: &str, sure: bool) -> Reading {
    let read = reading(text);
    let alternatives = read.alternatives.into_iter().map(|a| Alternative { reason: RECOGNISED, ..a }).collect();
    Reading { recognised: Some(sure), alternatives, ..read }
}

/// Cells in order; `.` is a blank.
pub(crate) fn readings(texts: &str) -> Vec<Reading> {
    texts.split(' ').map(reading).collect()
}

pub(crate) fn placed(texts: &str) -> RowValues {
    RowValues::Placed(readings(texts).into_iter().map(Slot::Read).collect())
}

/// A table of one block of the form, its rows given by key; rows that are not given hold `rest` in every cell.
pub(crate) fn block(form: &str, table: &str, block: &str, rest: &str, given: &[(&str, RowValues)]) -> TableReading {
    let library = Library::builtin().unwrap();
    let definition = library.block(form, table, block).unwrap();
    let columns: Vec<String> = definition.columns.iter().map(|c| c.key.clone()).collect();
    for (key, _) in given {
        assert!(definition.rows.iter().any(|r| r.key == *key), "no row {key}");
    }
    let values = |key: &str| match given.iter().find(|(k, _)| *k == key) {
        Some((_, values)) => values.clone(),
        None => placed(&vec![rest; columns.len()].join(" ")),
    };
    let row = |key: &str| RowReading { key: key.to_owned(), evidence: Evidence::Label, values: values(key) };
    let rows = definition.rows.iter().filter(|r| !r.heading).map(|r| row(&r.key)).collect();
    TableReading {
        id: table.to_owned(),
        form: form.to_owned(),
        parts: vec![place()],
        blocks: vec![BlockReading {
            id: block.to_owned(),
            form: form.to_owned(),
            columns,
            labels: Labels::default(),
            rows,
        }],
    }
}

pub(crate) fn matrix(rest: &str, given: &[(&str, RowValues)]) -> TableReading {
    block(FORM, "applications", "matrix", rest, given)
}

pub(crate) fn report(tables: Vec<TableReading>) -> ReportReading {
    ReportReading { ordinal: 1, year: Some(2023), tables, ..ReportReading::default() }
}

pub(crate) fn cell<'a>(report: &'a Report, row: &str, column: &str) -> &'a Cell {
    let mut cells = report.tables.iter().flat_map(|t: &Table| &t.cells);
    cells.find(|c| c.row == row && c.column == column).unwrap_or_else(|| panic!("no cell {row}/{column}"))
}
