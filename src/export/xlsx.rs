//! Tables as one workbook, a sheet for each, written row by row so that memory does not grow with it.
//!
//! A number is a number where its digits survive in a spreadsheet, which keeps 15 of them, and text otherwise. Texts are
//! texts, never formulas. A table that is longer than a sheet goes on in `NAME (2)`.

use super::Failure;
use super::sheet::{Piece, Sheet, Sink};
use crate::dataset::Value;
use crate::dataset::schema::Kind;
use crate::number::Number;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The file's name.
const FILE: &str = "dataset.xlsx";
/// Rows of a sheet, its header included.
const ROWS: u32 = 1 << 20;
/// UTF-16 units that a cell holds.
const LONGEST: usize = 32_767;
/// Room for the words that say that a text goes on.
const NOTE: usize = 100;
/// Characters of a sheet's name.
const LONGEST_NAME: usize = 31;
/// Digits that survive in a spreadsheet.
const DIGITS: u128 = 1_000_000_000_000_000;
/// Name of the sheet that explains the others.
const README: &str = "read me";

/// The workbook, while it is written.
pub(super) struct Book {
    workbook: Workbook,
    sheets: Vec<Tabs>,
    path: PathBuf,
}

/// The sheets of one table.
struct Tabs {
    name: String,
    columns: Vec<(String, f64)>,
    full: Vec<Worksheet>,
    current: Worksheet,
    next: u32,
}

impl Book {
    /// A workbook that will stand in `folder`.
    pub(super) fn create(folder: &Path, sheets: &[Sheet]) -> Result<Self, Failure> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        // Whatever a workbook must have of a date, it is not the clock's.
        let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title("gouji").set_creation_datetime(&day));
        let tabs = |sheet: &Sheet| {
            let columns: Vec<(String, f64)> =
                sheet.columns.iter().map(|field| (field.name.clone(), width(field.kind, &field.name))).collect();
            let current = begin(&mut workbook, &tab_name(&sheet.name, 0), &columns)?;
            Ok(Tabs { name: sheet.name.clone(), columns, full: Vec::new(), current, next: 1 })
        };
        let sheets = sheets.iter().map(tabs).collect::<Result<Vec<Tabs>, XlsxError>>()?;
        Ok(Self { workbook, sheets, path: folder.join(FILE) })
    }
}

impl Sink for Book {
    fn push(&mut self, sheet: usize, row: &[Value<'_>]) -> Result<(), Failure> {
        let Some(tabs) = self.sheets.get_mut(sheet) else { return Ok(()) };
        if tabs.next == ROWS {
            let name = tab_name(&tabs.name, tabs.full.len() + 1);
            let new = begin(&mut self.workbook, &name, &tabs.columns)?;
            tabs.full.push(std::mem::replace(&mut tabs.current, new));
            tabs.next = 1;
        }
        for (at, value) in (0_u16..).zip(row) {
            write(&mut tabs.current, tabs.next, at, value)?;
        }
        tabs.next += 1;
        Ok(())
    }

    fn finish(self: Box<Self>, readme: &str) -> Result<Vec<Piece>, Failure> {
        let Self { mut workbook, sheets, path } = *self;
        let mut cover = Worksheet::new();
        cover.set_name(README)?.set_column_width(0, 120)?;
        for (at, line) in (0_u32..).zip(readme.lines()) {
            cover.write_string(at, 0, line)?;
        }
        workbook.push_worksheet(cover);
        let mut pieces = Vec::new();
        for (at, tabs) in sheets.into_iter().enumerate() {
            for tab in tabs.full.into_iter().chain([tabs.current]) {
                pieces.push(Piece { file: FILE.into(), sheet: Some(at), tab: Some(tab.name()) });
                workbook.push_worksheet(tab);
            }
        }
        workbook.save(path)?;
        Ok(pieces)
    }
}

/// The name of a table's sheet after so many others, within what a sheet's name may be long.
fn tab_name(table: &str, before: usize) -> String {
    let number = if before > 0 { format!(" ({})", before + 1) } else { String::new() };
    let room = LONGEST_NAME.saturating_sub(number.len());
    table.chars().take(room).collect::<String>() + &number
}

/// A new sheet with its header.
fn begin(workbook: &mut Workbook, name: &str, columns: &[(String, f64)]) -> Result<Worksheet, XlsxError> {
    let bold = Format::new().set_bold();
    let mut sheet = workbook.new_worksheet_with_constant_memory()?;
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (at, (column, width)) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, *width)?;
        sheet.write_string_with_format(0, at, column, &bold)?;
    }
    Ok(sheet)
}

/// Width of a column in characters.
fn width(kind: Kind, name: &str) -> f64 {
    match kind {
        Kind::Text if name == "report_id" => 24.0,
        Kind::Text => 18.0,
        _ => 11.0,
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, value: &Value<'_>) -> Result<(), XlsxError> {
    match value {
        Value::None => return Ok(()),
        Value::Text(text) if text.is_empty() => return Ok(()),
        Value::Text(text) => sheet.write_string(row, column, &*fitting(text))?,
        Value::Integer(number) => match exact(Number::from(*number)) {
            Some(exact) => sheet.write_number(row, column, exact)?,
            None => sheet.write_string(row, column, number.to_string())?,
        },
        Value::Decimal(number) => match exact(*number) {
            Some(exact) => sheet.write_number(row, column, exact)?,
            None => sheet.write_string(row, column, number.to_string())?,
        },
        Value::Float(number) => sheet.write_number(row, column, *number)?,
        Value::Flag(flag) => sheet.write_boolean(row, column, *flag)?,
    };
    Ok(())
}

/// The binary number that gives these digits back, where a spreadsheet keeps them all.
fn exact(number: Number) -> Option<f64> {
    let few = number.normalize().mantissa().unsigned_abs() < DIGITS;
    few.then(|| number.to_string().parse().ok()).flatten()
}

/// The text, or as much of it as a cell holds with words that say so.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text.into();
    }
    let mut units = 0;
    let kept: String = text.chars().take_while(|c| (units += c.len_utf16(), units <= LONGEST - NOTE).1).collect();
    let rest = text.chars().count() - kept.chars().count();
    format!("{kept} […… {rest} more characters, which a cell has no room for / 单元格容不下的其余 {rest} 字]").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_spreadsheet_would_lose_stay_text() {
        let number = |text: &str| Number::from_str_exact(text).unwrap();
        assert_eq!(exact(number("20.5725")), Some(20.5725));
        assert_eq!(exact(number("-999999999999999")), Some(-999_999_999_999_999.0));
        assert_eq!(exact(number("1000000000000000.5")), None);
        assert_eq!(exact(number("12345678901234567890")), None);
    }

    #[test]
    fn a_table_that_goes_on_has_a_name_that_fits() {
        assert_eq!((tab_name("cells", 0), tab_name("cells", 1)), ("cells".into(), "cells (2)".into()));
        assert_eq!(tab_name(&"x".repeat(40), 11), format!("{} (12)", "x".repeat(26)));
    }

    #[test]
    fn a_text_that_is_too_long_says_so() {
        assert_eq!(fitting("短"), "短");
        let long = fitting(&"长".repeat(40_000)).into_owned();
        assert!(long.encode_utf16().count() <= LONGEST);
        assert!(long.contains("7333 more characters"), "{}", &long[long.len() - 200..]);
    }
}
