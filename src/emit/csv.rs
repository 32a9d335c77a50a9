//! CSV: one row a cell, fields quoted where they must be (RFC 4180), UTF-8 without a byte order mark, `\n` at line ends.
//!
//! Text goes out as printed. A field that begins with `=`, `+`, `-` or `@` is not disarmed for spreadsheet programs,
//! because `raw` promises the printed characters; import such files as text.

use super::report::{Report, Table};
use super::scalar::Place;
use super::tables::TablesReport;
use serde::Serialize;
use std::borrow::Cow;

/// The columns of [`report`].
const CELLS: [&str; 21] = [
    "input",
    "sha256",
    "report",
    "issuer",
    "year",
    "report_status",
    "form",
    "table",
    "row",
    "column",
    "status",
    "value",
    "raw",
    "unit",
    "certainty",
    "total",
    "place",
    "x0",
    "y0",
    "x1",
    "y1",
];

/// The columns of [`tables`].
const TABLE_CELLS: [&str; 12] =
    ["table", "method", "row", "column", "row_span", "column_span", "text", "place", "x0", "y0", "x1", "y1"];

/// The header line of [`report`].
pub fn report_header() -> String {
    line(CELLS)
}

/// One line for each cell of a report.
pub fn report(report: &Report) -> String {
    let table_rows = |table: &Table| -> String {
        let row = |cell: &super::report::Cell| {
            let [place, x0, y0, x1, y1] = place_fields(cell.place.as_ref());
            line([
                report.input.name.clone(),
                report.input.sha256.clone(),
                report.report.ordinal.to_string(),
                report.report.issuer.clone().unwrap_or_default(),
                report.report.year.map(|year| year.to_string()).unwrap_or_default(),
                word(&report.status),
                table.form.clone(),
                table.id.clone(),
                cell.row.clone(),
                cell.column.clone(),
                word(&cell.status),
                cell.value.map(|value| value.to_string()).unwrap_or_default(),
                cell.raw.clone(),
                cell.unit.clone().unwrap_or_default(),
                word(&cell.certainty),
                cell.total.to_string(),
                place,
                x0,
                y0,
                x1,
                y1,
            ])
        };
        table.cells.iter().map(row).collect()
    };
    report.tables.iter().map(table_rows).collect()
}

/// One line for each cell of every table, with a header line.
pub fn tables(report: &TablesReport) -> String {
    let mut out = line(TABLE_CELLS);
    for (number, table) in report.tables.iter().enumerate() {
        for cell in &table.cells {
            let [x0, y0, x1, y1] = box_fields(cell.spot.bbox);
            out.push_str(&line([
                (number + 1).to_string(),
                word(&table.method),
                cell.row.to_string(),
                cell.column.to_string(),
                cell.row_span.to_string(),
                cell.column_span.to_string(),
                cell.text.clone(),
                cell.spot.to_string(),
                x0,
                y0,
                x1,
                y1,
            ]));
        }
    }
    out
}

/// The place in words and, on a page, its box.
fn place_fields(place: Option<&Place>) -> [String; 5] {
    let words = place.map(ToString::to_string).unwrap_or_default();
    let bbox = match place {
        Some(Place::Page { bbox, .. }) => Some(*bbox),
        _ => None,
    };
    let [x0, y0, x1, y1] = box_fields(bbox);
    [words, x0, y0, x1, y1]
}

fn box_fields(bbox: Option<[f64; 4]>) -> [String; 4] {
    bbox.map(|sides| sides.map(|side| side.to_string())).unwrap_or_default()
}

/// A wire enum as its JSON name.
pub fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Fields as a line.
pub fn line(fields: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|field| quoted(field.as_ref()).into_owned()).collect();
    fields.join(",") + "\n"
}

/// A text that begins with one of these gets an apostrophe before it: the signs of a formula, also in full width, and what
/// a program skips before them. The apostrophe itself is among them, so that one can be taken off every text again.
const ARMED: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];

/// A text that a spreadsheet program takes for text whatever it begins with: an apostrophe stands before what would be a
/// formula.
pub fn disarmed(text: &str) -> Cow<'_, str> {
    if text.starts_with(ARMED) { format!("'{text}").into() } else { text.into() }
}

/// A field as it stands between commas.
pub fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\"")).into()
    } else {
        field.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_what_needs_it() {
        assert_eq!(line(["a", "b,c", "d\"e", "f\ng", "=1+1"]), "a,\"b,c\",\"d\"\"e\",\"f\ng\",=1+1\n");
    }

    #[test]
    fn enums_are_written_by_their_json_name() {
        assert_eq!(word(&crate::emit::Mode::BlankAsZero), "blank_as_zero");
    }
}
