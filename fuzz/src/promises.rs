//! What the output promises whatever the input is: each function panics where a promise is broken.

use crate::NAME;
use gouji::emit::{self, CellStatus, Report, TablesReport};
use gouji::{Lang, Library, Options, Selection};
use std::sync::LazyLock;

static BUILTIN: LazyLock<Library> = LazyLock::new(|| Library::builtin().expect("the built-in forms load"));

/// The forms that are part of gouji.
pub fn builtin() -> &'static Library {
    &BUILTIN
}

/// Every report of `bytes` as JSON, held against what is promised of a report.
pub fn extract(bytes: &[u8], library: &Library) {
    let once = reports(bytes, library);
    assert_eq!(once, reports(bytes, library), "the same bytes gave another output");
}

/// The reports as JSON, a line each, or the error.
fn reports(bytes: &[u8], library: &Library) -> Vec<String> {
    let extraction = match gouji::extract(bytes, NAME, &Options::default(), library) {
        Ok(extraction) => extraction,
        Err(error) => return vec![format!("{}: {error}", error.code())],
    };
    assert!(!extraction.reports.is_empty(), "no report and no error");
    for result in &extraction.reports {
        let _ = emit::markdown::report(&extraction.input, result, library, Lang::Zh);
    }
    let wire = Report::all(&extraction, Lang::En);
    wire.iter().inspect(|report| report_holds(report)).map(parses).collect()
}

fn report_holds(report: &Report) {
    for table in &report.tables {
        let c = table.coverage;
        assert_eq!(c.expected, c.number + c.zero + c.blank + c.mark + c.text + c.unreadable + c.absent, "coverage");
        assert_eq!(c.expected as usize, table.cells.len(), "coverage and cells");
        for cell in &table.cells {
            let name = || format!("{}/{}/{}", table.id, cell.row, cell.column);
            let (number, absent) = (cell.status == CellStatus::Number, cell.status == CellStatus::Absent);
            assert_eq!(cell.value.is_some(), number, "{}: a value and the status", name());
            assert!(cell.place.is_some() || absent, "{}: no place", name());
            assert!(!number || !cell.raw.is_empty(), "{}: a number without ink", name());
        }
    }
    let _ = emit::csv::report(report);
}

/// Every table of `bytes` in all output formats, held against what is promised of a table.
pub fn tables(bytes: &[u8]) {
    let once = all_tables(bytes);
    assert_eq!(once, all_tables(bytes), "the same bytes gave another output");
}

fn all_tables(bytes: &[u8]) -> String {
    let tables = match gouji::tables(bytes, NAME, &Options::default(), &Selection::default()) {
        Ok(tables) => tables,
        Err(error) => return format!("{}: {error}", error.code()),
    };
    let report = TablesReport::new(&tables, Lang::En);
    report.tables.iter().for_each(tiled);
    let _ = (emit::csv::tables(&report), emit::tables_text::html(&report), emit::tables_text::markdown(&report));
    parses(&report)
}

/// The cells cover every slot of the table once.
fn tiled(table: &emit::TableGrid) {
    let mut slots = vec![false; table.rows * table.columns];
    for cell in &table.cells {
        assert!(cell.row_span > 0 && cell.column_span > 0, "a cell of no size");
        assert!(cell.row + cell.row_span <= table.rows, "a cell below the table");
        assert!(cell.column + cell.column_span <= table.columns, "a cell beside the table");
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                let slot = &mut slots[row * table.columns + column];
                assert!(!std::mem::replace(slot, true), "two cells in one place");
            }
        }
    }
    assert!(slots.iter().all(|slot| *slot), "a place without a cell");
}

/// The value as JSON that can be read again.
fn parses(value: &impl serde::Serialize) -> String {
    let text = emit::json::pretty(value).expect("a report can be written");
    let read: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&text);
    assert!(read.is_ok(), "no JSON: {read:?}");
    text
}
