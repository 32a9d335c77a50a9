//! Reports out of a dataset again, as far as they are compared with each other: who, when, cells and prose, without the
//! places, ties and findings.
//!
//! The tables are read side by side, a report at a time: rows stand in the order of the reports in all of them, those of
//! `cells` in the order within each year.

use super::folder::Folder;
use super::parquet::Failure;
use super::schema::{self, Table};
use super::value::{Row, Value};
use crate::emit::{Case, Cell, CellStatus, Certainty, Coverage, Exact, Input, Place, Report, Section, Tool};
use crate::{emit, number};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::iter::Peekable;

type Rows = Peekable<Box<dyn Iterator<Item = Result<Row<'static>, Failure>>>>;

/// The reports of a dataset, in its order. A report that other inputs repeat comes once for each of them.
pub struct Reports {
    heads: Rows,
    sections: Rows,
    cells: BTreeMap<Option<i64>, Rows>,
    /// Inputs that repeat another, by that other one's path.
    copies: BTreeMap<String, Vec<Copy>>,
    waiting: Vec<Report>,
}

/// An input that repeats another.
struct Copy {
    name: String,
    sha256: String,
    format: String,
}

impl Reports {
    /// The reports of the dataset in a folder.
    pub fn open(folder: &Folder) -> Result<Self, Failure> {
        let rows = |table| -> Result<Rows, Failure> {
            Ok((Box::new(folder.rows(table)?) as Box<dyn Iterator<Item = _>>).peekable())
        };
        let mut cells = BTreeMap::new();
        for mut part in folder
            .parts(&schema::CELLS)?
            .into_iter()
            .map(|part| (Box::new(part) as Box<dyn Iterator<Item = _>>).peekable())
        {
            let year = match part.peek() {
                Some(Ok(row)) => Fields(&schema::CELLS, row).integer("year"),
                _ => None,
            };
            cells.insert(year, part);
        }
        let mut copies = BTreeMap::<String, Vec<Copy>>::new();
        for row in folder.rows(&schema::LEDGER)? {
            let row = row?;
            let fields = Fields(&schema::LEDGER, &row);
            if let (Some("same-report"), Some(of)) = (fields.text("code"), fields.text("duplicate_of")) {
                let text = |name| fields.text(name).unwrap_or_default().to_owned();
                let copy = Copy { name: text("input"), sha256: text("sha256"), format: text("format") };
                copies.entry(of.to_owned()).or_default().push(copy);
            }
        }
        Ok(Self {
            heads: rows(&schema::REPORTS)?,
            sections: rows(&schema::SECTIONS)?,
            cells,
            copies,
            waiting: Vec::new(),
        })
    }

    fn read(&mut self, row: &Row<'static>) -> Result<Report, Failure> {
        let fields = Fields(&schema::REPORTS, row);
        let id = fields.text("report_id").unwrap_or_default();
        let year = fields.integer("year");
        let text = |name| fields.text(name).map(str::to_owned);
        let count = |name| fields.integer(name).and_then(|count| u32::try_from(count).ok()).unwrap_or_default();
        let mut report = Report {
            schema: "gouji.report/1".into(),
            tool: Tool { name: "gouji".into(), version: text("tool_version").unwrap_or_default().into() },
            input: Input {
                name: text("input").unwrap_or_default(),
                sha256: text("sha256").unwrap_or_default(),
                bytes: fields.integer("bytes").and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default(),
                format: text("format").unwrap_or_default().into(),
                pages: fields.integer("pages").and_then(|pages| u32::try_from(pages).ok()),
            },
            report: Case {
                ordinal: count("ordinal"),
                title: text("title"),
                issuer: text("issuer"),
                year: year.and_then(|year| i32::try_from(year).ok()),
                issued_on: text("issued_on"),
            },
            status: fields.word("status")?,
            sections: Vec::new(),
            tables: Vec::new(),
            checks: Vec::new(),
            findings: Vec::new(),
            repairs: Vec::new(),
        };
        if let Some(rows) = self.cells.get_mut(&year) {
            for row in own(rows, &schema::CELLS, id) {
                add_cell(&mut report.tables, Fields(&schema::CELLS, &row?))?;
            }
        }
        for row in own(&mut self.sections, &schema::SECTIONS, id) {
            let row = row?;
            let fields = Fields(&schema::SECTIONS, &row);
            let text = |name| fields.text(name).unwrap_or_default().to_owned();
            report.sections.push(Section {
                number: text("number"),
                id: text("id"),
                title: text("title"),
                text: text("text"),
                place: Place::Paragraph { paragraph: 0 },
            });
        }
        Ok(report)
    }
}

impl Iterator for Reports {
    type Item = Result<Report, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(copy) = self.waiting.pop() {
            return Some(Ok(copy));
        }
        let report = self.heads.next()?.and_then(|row| self.read(&row));
        if let Ok(report) = &report {
            for copy in self.copies.get(&report.input.name).into_iter().flatten() {
                let mut again = report.clone();
                again.input = Input {
                    name: copy.name.clone(),
                    sha256: copy.sha256.clone(),
                    format: copy.format.clone().into(),
                    ..again.input
                };
                self.waiting.push(again);
            }
        }
        Some(report)
    }
}

/// The next rows as long as they belong to the report.
fn own<'r>(
    rows: &'r mut Rows,
    table: &'static Table,
    id: &'r str,
) -> impl Iterator<Item = Result<Row<'static>, Failure>> + 'r {
    std::iter::from_fn(move || {
        rows.next_if(|row| row.as_ref().map_or(true, |row| Fields(table, row).text("report_id") == Some(id)))
    })
}

fn add_cell(tables: &mut Vec<emit::Table>, fields: Fields<'_>) -> Result<(), Failure> {
    let text = |name| fields.text(name).map(str::to_owned);
    let id = text("table").unwrap_or_default();
    if tables.last().is_none_or(|table| table.id != id) {
        let form = text("form").unwrap_or_default();
        tables.push(emit::Table {
            id,
            form,
            blocks: Vec::new(),
            parts: Vec::new(),
            coverage: Coverage::default(),
            cells: Vec::new(),
        });
    }
    let raw = text("raw").unwrap_or_default();
    // A number that had no room is read from its characters again; without one, nothing may stand for it.
    let value = fields.get("value").and_then(Value::as_decimal).or_else(|| number::parse(&raw));
    let status = match fields.word("status")? {
        CellStatus::Number if value.is_none() => CellStatus::Unreadable,
        status => status,
    };
    let cell = Cell {
        row: text("row").unwrap_or_default(),
        column: text("column").unwrap_or_default(),
        status,
        value: value.filter(|_| status == CellStatus::Number).map(Exact),
        raw,
        unit: text("unit"),
        certainty: fields.word::<Certainty>("certainty")?,
        place: None,
        total: fields.get("total") == Some(&Value::Flag(true)),
        second_reading: None,
        second_raw: None,
        second_why: None,
        method: fields.word::<crate::emit::ReadingMethod>("method").ok(),
    };
    if let Some(table) = tables.last_mut() {
        table.cells.push(cell);
    }
    Ok(())
}

/// A row whose fields have names.
#[derive(Clone, Copy)]
struct Fields<'a>(&'static Table, &'a Row<'static>);

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Value<'static>> {
        self.1.get(self.0.position(name)?)
    }

    fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_text()
    }

    fn integer(self, name: &str) -> Option<i64> {
        self.get(name)?.as_integer()
    }

    /// A wire enum by its JSON name.
    fn word<T: DeserializeOwned>(self, column: &'static str) -> Result<T, Failure> {
        let word = self.text(column).unwrap_or_default().to_owned();
        serde_json::from_value(serde_json::Value::String(word)).map_err(|_| Failure::Column { column })
    }
}
