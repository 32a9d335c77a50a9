//! Readings and settled reports in, the bound cells of one page out: what each was bound to, and what became of it.
//! A cell in a format without pages has no box and is left out.

use crate::bind::{BlockReading, Evidence, Reading, Readings, RowReading, RowValues, Slot, TableReading};
use crate::geom::Rect;
use crate::place::Place;
use crate::settle::{self, Certainty};

/// A printed cell that was bound to a cell of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The form's cell, as `table/row/column`; the column is `?` while it was still to be settled.
    pub label: String,
    /// Where the printed cell stands on its page.
    pub bbox: Rect,
    /// Its characters as printed.
    pub raw: String,
    /// What the weaker of its row and column rests on.
    pub evidence: Evidence,
    /// What it was settled as; `None` when another place was settled on, or nothing was settled yet.
    pub settled: Option<Settled>,
}

/// What became of a bound cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The form's column.
    pub column: String,
    /// The characters that were settled on.
    pub raw: String,
    /// What its value rests on.
    pub certainty: Certainty,
}

/// The cells bound on the page with that number, in the order of the forms. `settled` may be empty, or hold the reports
/// of `readings` in the same order.
#[must_use]
pub fn bound(readings: &Readings, settled: &[settle::Report], page: u32) -> Vec<Bound> {
    let mut all = Vec::new();
    for (at, report) in readings.reports.iter().enumerate() {
        let tables = settled.get(at).map_or(&[][..], |report| &report.tables);
        for table in &report.tables {
            let cells = tables.iter().find(|settled| settled.id == table.id).map_or(&[][..], |settled| &settled.cells);
            for block in &table.blocks {
                all.extend(block.rows.iter().flat_map(|row| row_bound(table, block, row, cells, page)));
            }
        }
    }
    all
}

fn row_bound(
    table: &TableReading,
    block: &BlockReading,
    row: &RowReading,
    cells: &[settle::Cell],
    page: u32,
) -> Vec<Bound> {
    let one = |column: Option<&str>, reading: &Reading| {
        let Place::Page { page: number, bbox } = reading.place else { return None };
        // The place alone would do, but a blank cell that spans columns is the place of several.
        let same = |cell: &&settle::Cell| {
            cell.row == row.key
                && cell.place.as_ref() == Some(&reading.place)
                && column.is_none_or(|column| cell.column == column)
        };
        (number == page).then(|| Bound {
            label: format!("{}/{}/{}", table.id, row.key, column.unwrap_or("?")),
            bbox,
            raw: reading.raw.clone(),
            evidence: row.evidence.max(reading.evidence),
            settled: cells.iter().find(same).map(|cell| Settled {
                column: cell.column.clone(),
                raw: cell.raw.clone(),
                certainty: cell.certainty,
            }),
        })
    };
    match &row.values {
        RowValues::Absent => Vec::new(),
        RowValues::Placed(slots) => {
            let slots = block.columns.iter().zip(slots);
            let read = slots.filter_map(|(column, slot)| match slot {
                Slot::Read(reading) => one(Some(column), reading),
                Slot::Absent => None,
            });
            read.collect()
        }
        RowValues::Loose(readings) => readings.iter().filter_map(|reading| one(None, reading)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::{Labels, ReportReading};
    use crate::settle::Status;

    fn place(page: u32, x: f32) -> Place {
        Place::Page { page, bbox: Rect::new(x, 10.0, x + 5.0, 20.0) }
    }

    fn reading(raw: &str, place: Place) -> Reading {
        Reading {
            raw: raw.into(),
            place,
            evidence: Evidence::Label,
            doubt: None,
            recognised: None,
            alternatives: Vec::new(),
        }
    }

    fn readings(values: Vec<(&str, RowValues)>) -> Readings {
        let row =
            |(key, values): (&str, RowValues)| RowReading { key: key.into(), evidence: Evidence::Structure, values };
        let block = BlockReading {
            id: "main".into(),
            form: "f/1".into(),
            columns: vec!["a".into(), "b".into()],
            labels: Labels::default(),
            rows: values.into_iter().map(row).collect(),
        };
        let table = TableReading { id: "t".into(), form: "f/1".into(), parts: Vec::new(), blocks: vec![block] };
        Readings {
            reports: vec![ReportReading { tables: vec![table], ..ReportReading::default() }],
            ..Readings::default()
        }
    }

    fn settled(row: &str, column: &str, raw: &str, place: Place) -> settle::Report {
        let cell = settle::Cell {
            row: row.into(),
            column: column.into(),
            status: Status::Number,
            value: None,
            raw: raw.into(),
            unit: None,
            certainty: Certainty::Proved,
            place: Some(place),
            total: false,
            second: None,
            recognised: false,
        };
        let table = settle::Table {
            id: "t".into(),
            form: "f/1".into(),
            editions: Vec::new(),
            labels: Vec::new(),
            parts: Vec::new(),
            cells: vec![cell],
        };
        settle::Report { tables: vec![table], ..settle::Report::default() }
    }

    #[test]
    fn cells_are_named_as_they_were_bound_page_by_page() {
        let slots = vec![Slot::Read(reading("1", place(1, 10.0))), Slot::Read(reading("2", place(2, 10.0)))];
        let seen = readings(vec![("gone", RowValues::Absent), ("r", RowValues::Placed(slots))]);
        let labels = |page| bound(&seen, &[], page).into_iter().map(|b| (b.label, b.evidence)).collect::<Vec<_>>();
        assert_eq!(labels(1), [("t/r/a".to_owned(), Evidence::Structure)]);
        assert_eq!(labels(2), [("t/r/b".to_owned(), Evidence::Structure)]);
        assert!(labels(3).is_empty());
    }

    #[test]
    fn a_cell_without_a_column_yet_says_which_it_got() {
        let seen =
            readings(vec![("r", RowValues::Loose(vec![reading("7", place(1, 10.0)), reading("8", place(1, 30.0))]))]);
        let cells = bound(&seen, &[settled("r", "b", "7", place(1, 10.0))], 1);
        assert_eq!(cells[0].label, "t/r/?");
        assert_eq!(cells[0].settled.as_ref().map(|s| (s.column.as_str(), s.certainty)), Some(("b", Certainty::Proved)));
        assert_eq!(cells[1].settled, None);
    }

    #[test]
    fn cells_of_other_formats_have_no_box() {
        let sheet = Place::Sheet { sheet: "s".into(), row: 1, column: 1 };
        let seen = readings(vec![("r", RowValues::Placed(vec![Slot::Read(reading("1", sheet)), Slot::Absent]))]);
        assert!(bound(&seen, &[], 1).is_empty());
    }
}
