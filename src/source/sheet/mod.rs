//! Spreadsheets (xlsx, xls, xlsb, ods) in, lines and tables in reading order out.
//!
//! ```text
//! xlsx ─┐
//! xls  ─┤  sparse sheets      layout: runs of rows → lines, tables
//! xlsb ─┼─ (cells, merges) ─────────────────────────────────────── flow items
//! ods  ─┘
//! ```
//! calamine decodes the values. It lays a sheet out as a dense rectangle, or reserves what a record declares, and that
//! ends the process and cannot be caught; so each format is walked first, and calamine gets a small file written anew of
//! the parts that hold values. The walk also tells what calamine has no word for: spans, hidden rows, formats, formulas
//! without a result. What is stored is read: formulas are not calculated, and number formats are applied to dates and
//! percentages only.

mod layout;
mod ods;
mod rich;
mod value;
mod xls;
mod xlsb;
mod xlsx;

use super::cfb::Compound;
use super::{Options, guard};
use crate::error::{ErrorKind, Result};
use crate::finding::{Code, Finding, Findings};
use crate::limits::Limits;
use crate::page::{Body, Document, Format};
use crate::place::Place;
use crate::text::Text;
use std::collections::BTreeMap;

/// Reads a workbook of one of the spreadsheet formats.
pub(super) fn read(bytes: &[u8], format: Format, options: &Options, findings: &mut Findings) -> Result<Document> {
    guard::run(format.name(), || {
        let mut budget = Budget::new(&options.limits);
        if Compound::is(bytes) {
            let file = Compound::open(bytes)?;
            if file.has("EncryptedPackage") {
                return Err(encrypted(options));
            }
            let sheets = xls::read(&file, options, &mut budget)?;
            return Ok(document(Format::Xls, sheets, None, findings));
        }
        let (sheets, title) = match format {
            Format::Xlsb => xlsb::read(bytes, options, &mut budget)?,
            Format::Ods => ods::read(bytes, options, &mut budget)?,
            _ => xlsx::read(bytes, options, &mut budget)?,
        };
        Ok(document(format, sheets, title, findings))
    })
}

fn document(format: Format, sheets: Vec<Sheet>, title: Option<String>, findings: &mut Findings) -> Document {
    let mut items = Vec::new();
    for sheet in sheets {
        if sheet.hidden {
            findings.push(hidden_sheet(&sheet));
            continue;
        }
        findings.extend(sheet.hidden_cell.map(|at| hidden_rows(&sheet, at)));
        findings.extend(sheet.unknown.map(|at| formula_unknown(&sheet, at)));
        layout::flow(sheet, &mut items);
    }
    Document { format, body: Body::Flow(items), title }
}

/// A file that asks for a password; none of the office ciphers is known here.
fn encrypted(options: &Options) -> crate::error::Error {
    if options.password.is_some() {
        ErrorKind::Unsupported { format: "encrypted spreadsheet" }.into()
    } else {
        ErrorKind::Encrypted { wrong_password: false }.into()
    }
}

/// Rows and columns of the largest sheet that any of the formats allows.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 16;

/// Bytes of the longest text in a cell: 32,767 characters of four bytes.
const LONGEST: usize = 4 * 32_767;

/// A file that breaks off, or refers to what is not there: reading on would leave out figures in silence.
fn broken(detail: String) -> crate::error::Error {
    ErrorKind::Truncated { detail }.into()
}

/// A row and a column, from 0.
type At = (u32, u32);

/// One sheet, as sparse as the file has it.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    hidden: bool,
    /// The cells that hold something.
    cells: BTreeMap<At, String>,
    /// Stretches of formatted cells that hold nothing, by row: first and last column.
    blanks: BTreeMap<u32, Vec<(u32, u32)>>,
    merges: Vec<Merge>,
    /// A cell with content in a hidden row or column.
    hidden_cell: Option<At>,
    /// A cell whose formula has no stored result.
    unknown: Option<At>,
}

/// A rectangle shown as one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Merge {
    top: u32,
    left: u32,
    bottom: u32,
    right: u32,
}

/// What reading a workbook may still cost.
#[derive(Debug)]
struct Budget {
    cells: u64,
    cells_limit: u64,
    text: u64,
    text_limit: u64,
}

impl Budget {
    fn new(limits: &Limits) -> Self {
        let (cells, text) = (limits.cells, limits.unpacked_bytes);
        Self { cells, cells_limit: cells, text, text_limit: text }
    }

    fn cell(&mut self) -> Result<()> {
        let over = ErrorKind::Limit { what: "cells", limit: self.cells_limit };
        self.cells = self.cells.checked_sub(1).ok_or(over)?;
        Ok(())
    }
}

impl Sheet {
    fn new(name: &str, hidden: bool) -> Self {
        // Every cell's place repeats the name; spreadsheets allow 31 characters.
        Self { name: name.chars().take(255).collect(), hidden, ..Self::default() }
    }

    /// Puts a cell's text; one string may be shown by many cells, so text counts each time.
    fn put(&mut self, at: At, text: &str, budget: &mut Budget) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            self.blank(at.0, at.1, at.1, budget);
            return Ok(());
        }
        if text.len() > LONGEST {
            let (row, column) = (at.0.saturating_add(1), at.1.saturating_add(1));
            let detail = format!("cell {} is longer than any spreadsheet allows", Place::sheet_ref(row, column));
            return Err(broken(detail));
        }
        budget.cell()?;
        let over = ErrorKind::Limit { what: "unpacked-bytes", limit: budget.text_limit };
        budget.text = budget.text.checked_sub(text.len() as u64).ok_or(over)?;
        self.cells.insert(at, text.replace("\r\n", "\n").replace('\r', "\n"));
        Ok(())
    }

    /// Notes formatted cells without content. They only help to tell rows apart, so those beyond the limit are left.
    fn blank(&mut self, row: u32, first: u32, last: u32, budget: &mut Budget) {
        let runs = self.blanks.entry(row).or_default();
        match runs.last_mut() {
            Some(run) if first == run.1.saturating_add(1) => run.1 = last,
            _ if budget.cells > 0 => {
                budget.cells -= 1;
                runs.push((first, last));
            }
            _ => {}
        }
    }

    fn merge(&mut self, mut merge: Merge, budget: &mut Budget) -> Result<()> {
        merge.bottom = merge.bottom.min(ROWS - 1);
        merge.right = merge.right.min(COLUMNS - 1);
        if merge.bottom > merge.top || merge.right > merge.left {
            budget.cell()?;
            self.merges.push(merge);
        }
        Ok(())
    }

    fn place(&self, (row, column): At) -> Place {
        Place::Sheet { sheet: self.name.clone(), row: row.saturating_add(1), column: column.saturating_add(1) }
    }
}

fn hidden_sheet(sheet: &Sheet) -> Finding {
    let message = Text::new(
        format!("the sheet {} is hidden and was not read", sheet.name),
        format!("工作表“{}”已隐藏，未读取", sheet.name),
    );
    Finding::new(Code::HiddenSheet, message).at(Some(sheet.place((0, 0))))
}

fn hidden_rows(sheet: &Sheet, at: At) -> Finding {
    let message = Text::new(
        format!("the sheet {} has content in hidden rows or columns; it was read", sheet.name),
        format!("工作表“{}”的隐藏行或列中有内容，已读取", sheet.name),
    );
    Finding::new(Code::HiddenRows, message).at(Some(sheet.place(at)))
}

fn formula_unknown(sheet: &Sheet, at: At) -> Finding {
    let message = Text::new(
        format!("the sheet {} has formulas without a stored result; they were read as blank", sheet.name),
        format!("工作表“{}”中有公式未存结果，按空白读取", sheet.name),
    );
    Finding::new(Code::FormulaUnknown, message).at(Some(sheet.place(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_counts_each_time_it_is_shown() {
        let limits = Limits { unpacked_bytes: 100, cells: 10, ..Limits::default() };
        let mut budget = Budget::new(&limits);
        let mut sheet = Sheet::new("a", false);
        let text = "x".repeat(40);
        assert!(sheet.put((0, 0), &text, &mut budget).is_ok());
        assert!(sheet.put((0, 1), &text, &mut budget).is_ok());
        assert_eq!(sheet.put((0, 2), &text, &mut budget).unwrap_err().code(), "limit");
    }

    #[test]
    fn blanks_never_stop_a_sheet() {
        let limits = Limits { cells: 2, ..Limits::default() };
        let mut budget = Budget::new(&limits);
        let mut sheet = Sheet::new("a", false);
        for column in 0..9 {
            sheet.blank(0, column, column, &mut budget);
        }
        assert_eq!(sheet.blanks[&0], [(0, 8)]);
        for row in 0..9 {
            sheet.blank(row, 20, 20, &mut budget);
        }
        assert_eq!(budget.cells, 0);
        assert_eq!(sheet.put((0, 0), "1", &mut budget).unwrap_err().code(), "limit");
    }

    #[test]
    fn encrypted_workbooks_are_told() {
        let bytes = crate::source::cfb::pack("EncryptedPackage", b"1");
        let error = read(&bytes, Format::Xlsx, &Options::default(), &mut Findings::new()).unwrap_err();
        assert_eq!(error.code(), "encrypted");
    }
}
