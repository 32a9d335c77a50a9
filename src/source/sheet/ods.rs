//! `OpenDocument` spreadsheets (ods) in, sparse sheets out.
//!
//! Rows and cells that the file repeats are put one by one, under the limit on cells; empty ones are only counted.

use super::value::decimal_text;
use super::{Budget, Merge, Options, Sheet, encrypted};
use crate::error::Result;
use crate::limits::Limits;
use crate::source::xml::{Tag, Token, Xml};
use crate::source::zipped::Package;
use std::collections::BTreeSet;

const FORMAT: &str = "ods";
/// Rows and columns that spreadsheet programs show.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Reads the sheets in the order of their tabs, and the title of the file.
pub(super) fn read(bytes: &[u8], options: &Options, budget: &mut Budget) -> Result<(Vec<Sheet>, Option<String>)> {
    let mut package = Package::open(bytes, FORMAT, &options.limits)?;
    if package.text("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(encrypted(options));
    }
    let sheets = sheets(&package.require("content.xml")?, &options.limits, budget)?;
    let title = package.title("meta.xml").unwrap_or_default();
    Ok((sheets, title))
}

fn sheets(text: &str, limits: &Limits, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let mut xml = Xml::new(text, FORMAT, limits);
    let mut sheets = Vec::new();
    // Styles of tables that are not shown.
    let mut unseen: BTreeSet<String> = BTreeSet::new();
    let mut style = String::new();
    while let Some(token) = xml.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "style" => style = tag.attr("name").unwrap_or_default().into_owned(),
            "table-properties" if tag.attr("display").is_some_and(|display| display == "false") => {
                unseen.insert(std::mem::take(&mut style));
            }
            // Cells that were deleted under change tracking, and copies of other files' sheets.
            "tracked-changes" | "dde-links" => xml.skip()?,
            "table" => {
                let hidden = tag.attr("style-name").is_some_and(|style| unseen.contains(&*style));
                let mut sheet = Sheet::new(&tag.attr("name").unwrap_or_default(), hidden);
                if hidden {
                    xml.skip()?;
                } else {
                    Reader { xml: &mut xml, sheet: &mut sheet, budget, hidden_columns: Vec::new() }.table()?;
                }
                sheets.push(sheet);
            }
            _ => {}
        }
    }
    Ok(sheets)
}

struct Reader<'a, 'x> {
    xml: &'a mut Xml<'x>,
    sheet: &'a mut Sheet,
    budget: &'a mut Budget,
    /// First and last.
    hidden_columns: Vec<(u32, u32)>,
}

/// A cell of a row, with the columns that repeat it.
struct Cell {
    column: u32,
    repeated: u32,
    text: String,
    rows: u32,
    columns: u32,
    unknown: bool,
}

impl Reader<'_, '_> {
    fn table(&mut self) -> Result<()> {
        let (mut row, mut column) = (0_u32, 0_u32);
        let mut open = 1_u32;
        while open > 0 {
            match self.xml.next()? {
                Some(Token::Open(tag)) => match tag.name() {
                    "table-row" => {
                        let repeated = count(&tag, "number-rows-repeated");
                        let hidden = is_hidden(&tag);
                        self.row(row, repeated, hidden)?;
                        row = row.saturating_add(repeated);
                    }
                    "table-column" => {
                        let last = column.saturating_add(count(&tag, "number-columns-repeated"));
                        if is_hidden(&tag) && column < COLUMNS {
                            self.hidden_columns.push((column, last - 1));
                        }
                        column = last;
                        open += 1;
                    }
                    // Drawings on the sheet, other files' data, and scenarios have text, but no cells.
                    "shapes" | "forms" | "table-source" | "scenario" => self.xml.skip()?,
                    _ => open += 1,
                },
                Some(Token::Close) => open -= 1,
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        Ok(())
    }

    fn row(&mut self, row: u32, repeated: u32, hidden: bool) -> Result<()> {
        let mut cells = Vec::new();
        let mut column = 0_u32;
        let mut open = 1_u32;
        while open > 0 {
            match self.xml.next()? {
                Some(Token::Open(tag)) => match tag.name() {
                    "table-cell" => {
                        let cell = self.cell(&tag, column)?;
                        column = column.saturating_add(cell.repeated);
                        cells.push(cell);
                    }
                    "covered-table-cell" => {
                        column = column.saturating_add(count(&tag, "number-columns-repeated"));
                        self.xml.skip()?;
                    }
                    _ => open += 1,
                },
                Some(Token::Close) => open -= 1,
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        let holds = cells.iter().any(|cell| !cell.text.is_empty() || cell.unknown || cell.rows > 1 || cell.columns > 1);
        // Rows without content are repeated down to the end of the sheet.
        let rows = row..row.saturating_add(if holds { repeated } else { 1 }).min(ROWS);
        for row in rows {
            for cell in &cells {
                self.put(row, cell, hidden)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, row: u32, cell: &Cell, hidden: bool) -> Result<()> {
        let last = cell.column.saturating_add(cell.repeated).min(COLUMNS);
        if cell.unknown {
            self.sheet.unknown.get_or_insert((row, cell.column));
        }
        if cell.text.is_empty() && cell.column < last {
            self.sheet.blank(row, cell.column, last - 1, self.budget);
        }
        for column in cell.column..if cell.text.is_empty() { cell.column } else { last } {
            self.sheet.put((row, column), &cell.text, self.budget)?;
            let hidden = hidden || self.hidden_columns.iter().any(|&(first, last)| (first..=last).contains(&column));
            if hidden {
                self.sheet.hidden_cell.get_or_insert((row, column));
            }
        }
        let (bottom, right) = (row.saturating_add(cell.rows - 1), cell.column.saturating_add(cell.columns - 1));
        self.sheet.merge(Merge { top: row, left: cell.column, bottom, right }, self.budget)
    }

    fn cell(&mut self, tag: &Tag<'_>, column: u32) -> Result<Cell> {
        let kind = tag.attr("value-type");
        let stored = match kind.as_deref() {
            Some("float" | "currency") => tag.number("value").and_then(|value| decimal_text(value, false)),
            Some("percentage") => tag.number("value").and_then(|value| decimal_text(value, true)),
            Some("date") => tag.attr("date-value").map(|value| value.replace('T', " ")),
            _ => None,
        };
        let shown = self.text()?;
        let text = stored.unwrap_or(shown).trim().to_owned();
        Ok(Cell {
            column,
            repeated: count(tag, "number-columns-repeated"),
            unknown: text.is_empty() && kind.is_none() && tag.attr("formula").is_some(),
            text,
            rows: count(tag, "number-rows-spanned"),
            columns: count(tag, "number-columns-spanned"),
        })
    }

    /// The text of a cell: a line for each paragraph. Notes and drawings are passed over.
    fn text(&mut self) -> Result<String> {
        let mut text = String::new();
        let mut paragraphs = 0_u32;
        let mut open = 1_u32;
        while open > 0 {
            match self.xml.next()? {
                Some(Token::Open(tag)) => {
                    match tag.name() {
                        "annotation" | "frame" | "g" | "custom-shape" | "table" | "ruby-text" => {
                            self.xml.skip()?;
                            continue;
                        }
                        "p" | "h" => {
                            if paragraphs > 0 {
                                text.push('\n');
                            }
                            paragraphs += 1;
                        }
                        "s" | "tab" => text.push(' '),
                        "line-break" => text.push('\n'),
                        _ => {}
                    }
                    open += 1;
                }
                Some(Token::Close) => open -= 1,
                // Blanks between the elements of a cell are no text.
                Some(Token::Text(piece)) if paragraphs > 0 && open > 1 => text.push_str(&piece),
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        Ok(text)
    }
}

fn count(tag: &Tag<'_>, name: &str) -> u32 {
    tag.number(name).unwrap_or(1).max(1)
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    tag.attr("visibility").is_some_and(|visibility| visibility != "visible")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str, limits: &Limits) -> Result<Vec<Sheet>> {
        sheets(&format!("<document>{content}</document>"), limits, &mut Budget::new(limits))
    }

    fn show(sheet: &Sheet) -> String {
        sheet.cells.iter().map(|((row, column), text)| format!("{row},{column}={text};")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn values_spans_and_repeats() {
        let content = "<table:table table:name='a'><table:table-column/><table:table-header-rows><table:table-row>
            <table:table-cell table:number-columns-spanned='2' table:number-rows-spanned='2' office:value-type='string'>
            <office:annotation><text:p>note</text:p></office:annotation><text:p>甲<text:s/>乙</text:p><text:p>丙</text:p>
            </table:table-cell><table:covered-table-cell/>
            <table:table-cell table:number-columns-repeated='2' office:value-type='float' office:value='20.5725'>
            <text:p>20.57</text:p></table:table-cell></table:table-row></table:table-header-rows>
            <table:table-row table:number-rows-repeated='2'><table:covered-table-cell table:number-columns-repeated='2'/>
            <table:table-cell office:value-type='percentage' office:value='0.153'/><table:table-cell/></table:table-row>
            <table:table-row table:number-rows-repeated='1048570'><table:table-cell table:number-columns-repeated='16384'/>
            </table:table-row><table:table-row><table:table-cell table:formula='of:=1'/></table:table-row></table:table>";
        let sheet = &read(content, &Limits::default()).unwrap()[0];
        assert_eq!(show(sheet), "0,0=甲 乙\n丙;0,2=20.5725;0,3=20.5725;1,2=15.3%;2,2=15.3%;");
        assert_eq!(sheet.merges, [Merge { top: 0, left: 0, bottom: 1, right: 1 }]);
        assert_eq!(sheet.unknown, Some((1_048_573, 0)));
        assert_eq!(sheet.blanks[&1], [(3, 3)]);
    }

    #[test]
    fn hidden_sheets_and_rows() {
        let content = "<style:style style:name='x'><style:table-properties table:display='false'/></style:style>
            <table:table table:name='a' table:style-name='x'><table:table-row><table:table-cell>
            <text:p>1</text:p></table:table-cell></table:table-row></table:table>
            <table:table table:name='b'><table:table-row table:visibility='collapse'><table:table-cell>
            <text:p>1</text:p></table:table-cell></table:table-row></table:table>";
        let sheets = read(content, &Limits::default()).unwrap();
        assert!(sheets[0].hidden && sheets[0].cells.is_empty());
        assert_eq!(sheets[1].hidden_cell, Some((0, 0)));
    }

    #[test]
    fn repeats_with_content_meet_the_limit() {
        let limits = Limits { cells: 1_000, ..Limits::default() };
        let content = "<table:table><table:table-row table:number-rows-repeated='1000000'>
            <table:table-cell table:number-columns-repeated='16000'><text:p>1</text:p></table:table-cell></table:table-row></table:table>";
        assert_eq!(read(content, &limits).unwrap_err().code(), "limit");
    }
}
