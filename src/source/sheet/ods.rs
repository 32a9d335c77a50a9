//! `OpenDocument` spreadsheets (ods) in, sparse sheets out.
//!
//! calamine decodes the values. It lays out what a file repeats, thousandfold if the file says so, and knows neither
//! spans nor hidden rows; so a pass over the XML finds the place of each cell and writes its value, once, to a table of
//! one column, and that is what calamine gets. Rows and cells that the file repeats are put one by one, under the limit
//! on cells; empty ones are only counted.

use super::value::{Kind, text};
use super::{At, Budget, Merge, Options, Sheet, broken, encrypted};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::number::Set;
use crate::source::opendocument::{count, is_encrypted, is_hidden, set};
use crate::source::xml::{Tag, Token, Xml};
use crate::source::zipped::{Package, store};
use calamine::{Data, Ods, OdsError, Range, Reader as _};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

const FORMAT: &str = "ods";
/// Rows and columns that spreadsheet programs show.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Reads the sheets in the order of their tabs, and the title of the file.
pub(super) fn read(bytes: &[u8], options: &Options, budget: &mut Budget) -> Result<(Vec<Sheet>, Option<String>)> {
    let mut package = Package::open(bytes, FORMAT, &options.limits)?;
    if package.text("META-INF/manifest.xml")?.is_some_and(|manifest| is_encrypted(&manifest)) {
        return Err(encrypted(options));
    }
    let sheets = sheets(&package.require("content.xml")?, &options.limits, budget)?;
    let title = package.title("meta.xml").unwrap_or_default();
    Ok((sheets, title))
}

fn sheets(content: &str, limits: &Limits, budget: &mut Budget) -> Result<Vec<Sheet>> {
    let mut xml = Xml::new(content, FORMAT, limits);
    let mut tables = Vec::new();
    let mut carrier = Carrier { rows: String::new(), count: 0, limit: limits.cells };
    // Styles of tables that are not shown.
    let mut unseen: BTreeSet<String> = BTreeSet::new();
    // Styles of text that raise or lower it.
    let mut sets: BTreeMap<String, Set> = BTreeMap::new();
    let (mut style, mut of_text) = (String::new(), false);
    while let Some(token) = xml.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "style" => {
                style = tag.attr("name").unwrap_or_default().into_owned();
                of_text = tag.attr("family").is_some_and(|family| family == "text");
            }
            "text-properties" if of_text => {
                sets.extend(tag.attr("text-position").map(|position| (style.clone(), set(&position))));
            }
            "table-properties" if tag.attr("display").is_some_and(|display| display == "false") => {
                unseen.insert(std::mem::take(&mut style));
            }
            // Cells that were deleted under change tracking, and copies of other files' sheets.
            "tracked-changes" | "dde-links" => xml.skip()?,
            "table" => {
                let hidden = tag.attr("style-name").is_some_and(|style| unseen.contains(&*style));
                let mut table = Table::new(Sheet::new(&tag.attr("name").unwrap_or_default(), hidden));
                if hidden {
                    xml.skip()?;
                } else {
                    Reader { content, xml: &mut xml, carrier: &mut carrier, table: &mut table, sets: &sets }.table()?;
                }
                tables.push(table);
            }
            _ => {}
        }
    }
    let values = carrier.decode()?;
    tables.into_iter().map(|table| table.finish(&values, budget)).collect()
}

/// The table that calamine decodes: a value in each row.
struct Carrier {
    rows: String,
    count: u32,
    limit: u64,
}

impl Carrier {
    /// Takes up a value, as an attribute of its cell or as paragraphs.
    fn add(&mut self, attribute: (&str, &str), paragraphs: &str) -> Result<u32> {
        Limits::check("cells", u64::from(self.count) + 1, self.limit.min(u64::from(ROWS)))?;
        let (name, value) = (attribute.0, quick_xml::escape::escape(attribute.1));
        self.rows.extend(["<table:table-row><table:table-cell office:", name, "=\"", &value, "\">", paragraphs]);
        self.rows.push_str("</table:table-cell></table:table-row>");
        self.count += 1;
        Ok(self.count - 1)
    }

    fn decode(self) -> Result<Range<Data>> {
        let failed = |error: OdsError| ErrorKind::Reader { format: FORMAT, detail: error.to_string() };
        let content = format!("<content><table:table table:name=\"1\">{}</table:table></content>", self.rows);
        let parts = [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest/>"),
            ("content.xml", &content),
        ];
        let bytes = store(parts.map(|(name, text)| (name, text.as_bytes())))?;
        let mut ods = Ods::new(Cursor::new(bytes)).map_err(failed)?;
        Ok(ods.worksheet_range("1").map_err(failed)?)
    }
}

/// A sheet, and where its values are.
struct Table {
    sheet: Sheet,
    rows: Vec<Row>,
    /// First and last.
    hidden_columns: Vec<(u32, u32)>,
}

/// A row, with the rows that repeat it.
struct Row {
    at: u32,
    repeated: u32,
    hidden: bool,
    cells: Vec<Cell>,
}

/// A cell of a row, with the columns that repeat it.
struct Cell {
    column: u32,
    repeated: u32,
    /// Its number in the carrier.
    value: Option<u32>,
    kind: Kind,
    rows: u32,
    columns: u32,
    unknown: bool,
}

impl Table {
    fn new(sheet: Sheet) -> Self {
        Self { sheet, rows: Vec::new(), hidden_columns: Vec::new() }
    }

    /// The sheet, with the values that calamine decoded.
    fn finish(mut self, values: &Range<Data>, budget: &mut Budget) -> Result<Sheet> {
        for row in std::mem::take(&mut self.rows) {
            let is_blank = |cell: &Cell| cell.value.is_none() && !cell.unknown && cell.rows == 1 && cell.columns == 1;
            // Rows without content are repeated down to the end of the sheet.
            let repeated = if row.cells.iter().all(is_blank) { 1 } else { row.repeated };
            for at in row.at..row.at.saturating_add(repeated).min(ROWS) {
                for cell in &row.cells {
                    self.put(at, cell, row.hidden, values, budget)?;
                }
            }
        }
        Ok(self.sheet)
    }

    fn put(&mut self, row: u32, cell: &Cell, hidden: bool, values: &Range<Data>, budget: &mut Budget) -> Result<()> {
        let last = cell.column.saturating_add(cell.repeated).min(COLUMNS);
        if cell.unknown {
            self.sheet.unknown.get_or_insert((row, cell.column));
        }
        match cell.value {
            None if cell.column < last => self.sheet.blank(row, cell.column, last - 1, budget),
            None => {}
            Some(value) => {
                let value = values.get_value((value, 0)).map(|value| text(value, cell.kind, false)).unwrap_or_default();
                if value.trim().is_empty() {
                    return Err(broken(format!("a cell of sheet {} cannot be read", self.sheet.name)));
                }
                for column in cell.column..last {
                    let at: At = (row, column);
                    self.sheet.put(at, &value, budget)?;
                    if hidden || self.hidden_columns.iter().any(|&(first, last)| (first..=last).contains(&column)) {
                        self.sheet.hidden_cell.get_or_insert(at);
                    }
                }
            }
        }
        let (bottom, right) = (row.saturating_add(cell.rows - 1), cell.column.saturating_add(cell.columns - 1));
        self.sheet.merge(Merge { top: row, left: cell.column, bottom, right }, budget)
    }
}

struct Reader<'a, 'x> {
    content: &'x str,
    xml: &'a mut Xml<'x>,
    carrier: &'a mut Carrier,
    table: &'a mut Table,
    sets: &'a BTreeMap<String, Set>,
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
                        let cells = self.row()?;
                        self.table.rows.push(Row { at: row, repeated, hidden, cells });
                        row = row.saturating_add(repeated);
                    }
                    "table-column" => {
                        let last = column.saturating_add(count(&tag, "number-columns-repeated"));
                        if is_hidden(&tag) && column < COLUMNS {
                            self.table.hidden_columns.push((column, last - 1));
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

    fn row(&mut self) -> Result<Vec<Cell>> {
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
        Ok(cells)
    }

    fn cell(&mut self, tag: &Tag<'_>, column: u32) -> Result<Cell> {
        let kind = tag.attr("value-type");
        let number = tag.attr("value").filter(|value| value.trim().parse::<f64>().is_ok_and(f64::is_finite));
        let (paragraphs, shown) = self.paragraphs()?;
        let value = match (kind.as_deref(), number, tag.attr("date-value")) {
            (Some("float" | "currency" | "percentage"), Some(number), _) => {
                Some(self.carrier.add(("value", number.trim()), "")?)
            }
            (Some("date"), _, Some(date)) => Some(self.carrier.add(("date-value", &date.replace('T', " ")), "")?),
            _ if shown => Some(self.carrier.add(("value-type", "string"), &paragraphs)?),
            _ => None,
        };
        Ok(Cell {
            column,
            repeated: count(tag, "number-columns-repeated"),
            unknown: value.is_none() && kind.is_none() && tag.attr("formula").is_some(),
            value,
            kind: if kind.as_deref() == Some("percentage") { Kind::Percent } else { Kind::Plain },
            rows: count(tag, "number-rows-spanned"),
            columns: count(tag, "number-columns-spanned"),
        })
    }

    /// The paragraphs of a cell as they stand in the file, and whether they hold text. Notes and drawings are left out,
    /// blanks, which may stand for any number of them, are one, and raised digits are written as such.
    fn paragraphs(&mut self) -> Result<(String, bool)> {
        let (mut taken, mut text) = (String::new(), String::new());
        // Where each of the open elements, the cell first, sets its text.
        let (mut from, mut around) = (0, vec![Set::On]);
        while let Some(&set) = around.last() {
            let open = around.len();
            let before = self.xml.position();
            match self.xml.next()? {
                Some(Token::Open(tag)) => {
                    let name = tag.name();
                    let is_paragraph = matches!(name, "p" | "h");
                    let is_blank = matches!(name, "s" | "tab");
                    let is_aside =
                        matches!(name, "annotation" | "frame" | "g" | "custom-shape" | "table" | "ruby-text");
                    if (open == 1 && !is_paragraph) || is_blank || is_aside {
                        if open > 1 {
                            taken.push_str(self.content.get(from..before).unwrap_or_default());
                            let blank = if is_blank { " " } else { "" };
                            taken.push_str(blank);
                            text.push_str(blank);
                        }
                        self.xml.skip()?;
                        from = self.xml.position();
                        continue;
                    }
                    if open == 1 {
                        from = before;
                        text.push('\n');
                    }
                    let style = tag.attr("style-name").filter(|_| name == "span");
                    around.push(style.and_then(|style| self.sets.get(&*style).copied()).unwrap_or(set));
                }
                Some(Token::Close) => {
                    around.pop();
                    if open == 2 {
                        taken.push_str(self.content.get(from..self.xml.position()).unwrap_or_default());
                    }
                }
                Some(Token::Text(piece)) if open > 1 => {
                    let start = text.len();
                    set.write(&piece, &mut text);
                    let written = text.get(start..).unwrap_or_default();
                    if written != piece {
                        taken.push_str(self.content.get(from..before).unwrap_or_default());
                        taken.push_str(&quick_xml::escape::escape(written));
                        from = self.xml.position();
                    }
                }
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        Ok((taken, !text.trim().is_empty()))
    }
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
    fn raised_digits_make_no_other_figure() {
        let style = |name: &str, family: &str, position: &str| {
            let text = format!("<style:text-properties style:text-position='{position}'/>");
            format!("<style:style style:name='{name}' style:family='{family}'>{text}</style:style>")
        };
        let span = |style: &str, text: &str| format!("<text:span text:style-name='{style}'>{text}</text:span>");
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let content = style("a", "text", "super 58%")
            + &style("b", "text", "-33% 58%")
            + &style("c", "text", "0% 100%")
            + &style("a", "table-cell", "0% 100%")
            + "<table:table><table:table-row>"
            + &cell(&format!("3294{}件", span("a", &format!("1,{}", span("d", "&#50;")))))
            + &cell(&format!("12{}<text:s/>{}", span("b", "3"), span("a", "4")))
            + &cell(&format!("5{}&amp;", span("c", "6")))
            + "</table:table-row></table:table>";
        let sheet = &read(&content, &Limits::default()).unwrap()[0];
        assert_eq!(show(sheet), "0,0=3294¹,²件;0,1=12₃ ⁴;0,2=56&;");
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
