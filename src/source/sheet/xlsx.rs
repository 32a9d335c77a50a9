//! Office Open XML spreadsheets (xlsx) in, sparse sheets out.
//!
//! calamine reads the values and the merged cells, cell by cell and never as a rectangle. Before that a pass over the
//! XML counts its elements and notes what calamine does not tell: number formats, hidden rows and columns, formulas
//! without a result, raised digits. calamine gets a package written anew of the counted parts, so that names, links,
//! compression and styles of the file do not reach it.

use super::rich;
use super::value::{Kind, text};
use super::{At, Budget, Merge, Options, Sheet, broken};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::source::xml::{Tag, Token, Xml};
use crate::source::zipped::{Package, store};
use calamine::{DataType, Reader, Xlsx, XlsxError};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Cursor;

const FORMAT: &str = "xlsx";
/// Rows and columns that the format allows.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Reads the sheets in the order of their tabs, and the title of the file.
pub(super) fn read(bytes: &[u8], options: &Options, budget: &mut Budget) -> Result<(Vec<Sheet>, Option<String>)> {
    let limits = &options.limits;
    let mut package = Package::open(bytes, FORMAT, limits)?;
    let main = package.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".into(), |relation| relation.target);
    let mut book = Book::read(&package.require(&main)?, limits)?;
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|found| found.target.as_str());
    let mut carrier = Carrier::default();
    if let Some(text) = part("sharedStrings").map(|name| package.text(name)).transpose()?.flatten() {
        carrier.strings(&text, limits)?;
    }
    if let Some(text) = part("styles").map(|name| package.text(name)).transpose()?.flatten() {
        book.kinds = kinds(&text, limits)?;
    }
    let mut sheets = Vec::new();
    for tab in std::mem::take(&mut book.tabs) {
        let found = relations.iter().find(|relation| relation.id == tab.id && relation.kind == "worksheet");
        let Some(relation) = found else { continue };
        let name = if tab.hidden {
            None
        } else {
            let text = package.require(&relation.target)?;
            let notes = Notes::read(&text, book.uncalculated, limits)?;
            let written = rich::written(&text, FORMAT, limits)?;
            Some((carrier.sheet(written.unwrap_or(text)), notes))
        };
        sheets.push((Sheet::new(&tab.name, tab.hidden), name));
    }
    let title = package.title("docProps/core.xml").unwrap_or_default();
    let mut xlsx = carrier.open()?;
    let sheets = sheets.into_iter().map(|(mut sheet, found)| {
        if let Some((name, notes)) = found {
            values(&mut xlsx, &name, &notes, &book, &mut sheet, budget)?;
        }
        Ok(sheet)
    });
    Ok((sheets.collect::<Result<_>>()?, title))
}

type Opened = Xlsx<Cursor<Vec<u8>>>;

/// The parts that calamine reads.
#[derive(Default)]
struct Carrier {
    strings: Option<String>,
    sheets: Vec<(String, String)>,
}

impl Carrier {
    /// Takes up the shared strings; calamine reserves as many as they declare.
    fn strings(&mut self, text: &str, limits: &Limits) -> Result<()> {
        let mut xml = Xml::new(text, FORMAT, limits);
        while let Some(token) = xml.next()? {
            if let Token::Open(tag) = token
                && tag.name() == "sst"
                && tag.number::<u64>("uniqueCount").is_some_and(|count| count > limits.elements)
            {
                return Err(ErrorKind::Limit { what: "elements", limit: limits.elements }.into());
            }
        }
        self.strings = Some(rich::written(text, FORMAT, limits)?.unwrap_or_else(|| text.to_owned()));
        Ok(())
    }

    /// Takes up a sheet; gives out its name.
    fn sheet(&mut self, text: String) -> String {
        let name = format!("s{}", self.sheets.len());
        self.sheets.push((name.clone(), text));
        name
    }

    fn open(self) -> Result<Opened> {
        const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let root = format!(
            "<Relationships><Relationship Id='m' Type='{TYPES}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
        );
        let (mut links, mut tabs) = (String::new(), String::new());
        for (name, _) in &self.sheets {
            let _ = write!(links, "<Relationship Id='{name}' Type='{TYPES}/worksheet' Target='{name}.xml'/>");
            let _ = write!(tabs, "<sheet name='{name}' sheetId='1' r:id='{name}'/>");
        }
        let links = format!("<Relationships>{links}</Relationships>");
        let book = format!("<workbook><sheets>{tabs}</sheets></workbook>");
        let sheets: Vec<_> = self.sheets.iter().map(|(name, text)| (format!("xl/{name}.xml"), text)).collect();
        let fixed = [("_rels/.rels", &root), ("xl/_rels/workbook.xml.rels", &links), ("xl/workbook.xml", &book)];
        let strings = self.strings.iter().map(|text| ("xl/sharedStrings.xml", text));
        let parts = fixed.into_iter().chain(strings).chain(sheets.iter().map(|(name, text)| (name.as_str(), *text)));
        let bytes = store(parts.map(|(name, text)| (name, text.as_bytes())))?;
        Xlsx::new(Cursor::new(bytes)).map_err(failed)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn failed(error: XlsxError) -> crate::error::Error {
    ErrorKind::Reader { format: FORMAT, detail: error.to_string() }.into()
}

/// Puts a sheet's values and merged cells.
fn values(
    xlsx: &mut Opened,
    name: &str,
    notes: &Notes,
    book: &Book,
    sheet: &mut Sheet,
    budget: &mut Budget,
) -> Result<()> {
    let mut cells = xlsx.worksheet_cells_reader(name).map_err(failed)?;
    let mut filled = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(failed)? {
        let at = cell.get_position();
        filled += u64::from(!cell.get_value().is_empty());
        if at.0 >= ROWS || at.1 >= COLUMNS {
            continue;
        }
        if notes.unknown.contains(&at) {
            sheet.unknown.get_or_insert(at);
            sheet.blank(at.0, at.1, at.1, budget);
            continue;
        }
        let kind = book.kinds.get(style).copied().unwrap_or_default();
        sheet.put(at, &text(cell.get_value(), kind, book.from_1904), budget)?;
        if sheet.cells.contains_key(&at) && notes.hides(at) {
            sheet.hidden_cell.get_or_insert(at);
        }
    }
    drop(cells);
    if filled < notes.filled {
        return Err(broken(format!("values of sheet {} cannot be read", sheet.name)));
    }
    for merge in xlsx.merge_cells_by_sheet_name(name).map_err(failed)? {
        let ((top, left), (bottom, right)) = (merge.start, merge.end);
        if top <= bottom && left <= right {
            sheet.merge(Merge { top, left, bottom, right }, budget)?;
        }
    }
    Ok(())
}

struct Tab {
    name: String,
    id: String,
    hidden: bool,
}

/// What the sheets of a workbook share.
#[derive(Default)]
struct Book {
    tabs: Vec<Tab>,
    kinds: Vec<Kind>,
    from_1904: bool,
    /// The writer asks for all formulas to be calculated: it has not done so itself.
    uncalculated: bool,
}

impl Book {
    fn read(text: &str, limits: &Limits) -> Result<Self> {
        let mut xml = Xml::new(text, FORMAT, limits);
        let mut book = Self::default();
        while let Some(token) = xml.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "workbookPr" => book.from_1904 |= tag.flag("date1904"),
                "calcPr" => book.uncalculated = tag.flag("fullCalcOnLoad"),
                "sheet" => book.tabs.push(Tab {
                    name: tag.attr("name").unwrap_or_default().into_owned(),
                    id: tag.attr("id").unwrap_or_default().into_owned(),
                    hidden: tag.attr("state").is_some_and(|state| state != "visible"),
                }),
                _ => {}
            }
        }
        Ok(book)
    }
}

/// The kind of number of each cell format.
fn kinds(text: &str, limits: &Limits) -> Result<Vec<Kind>> {
    let mut xml = Xml::new(text, FORMAT, limits);
    let mut codes: BTreeMap<u16, String> = BTreeMap::new();
    let mut kinds = Vec::new();
    let mut in_cells = false;
    while let Some(token) = xml.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "numFmt" => {
                if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attr("formatCode")) {
                    codes.insert(id, code.into_owned());
                }
            }
            "cellXfs" => in_cells = true,
            "cellStyles" | "cellStyleXfs" | "dxfs" => in_cells = false,
            "xf" if in_cells => {
                let id = tag.number("numFmtId").unwrap_or(0);
                kinds.push(Kind::of(id, codes.get(&id).map(String::as_str)));
            }
            _ => {}
        }
    }
    Ok(kinds)
}

/// What a sheet's XML says beside values.
#[derive(Default)]
struct Notes {
    hidden_rows: BTreeSet<u32>,
    /// First and last.
    hidden_columns: Vec<(u32, u32)>,
    /// Cells whose formula has no stored result.
    unknown: BTreeSet<At>,
    /// How many cells have a value.
    filled: u64,
}

impl Notes {
    fn read(text: &str, uncalculated: bool, limits: &Limits) -> Result<Self> {
        let mut xml = Xml::new(text, FORMAT, limits);
        let mut notes = Self::default();
        // A row or cell without a number follows the one before.
        let (mut row, mut next): (u32, At) = (0, (0, 0));
        while let Some(token) = xml.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "col" if tag.flag("hidden") => {
                    let bound = |name| tag.number::<u32>(name).and_then(|at| at.checked_sub(1));
                    notes.hidden_columns.extend(bound("min").zip(bound("max")));
                }
                "row" => {
                    let stated = tag.number::<u32>("r").and_then(|row| row.checked_sub(1));
                    next = (stated.unwrap_or(row), 0);
                    row = next.0.saturating_add(1);
                    if tag.flag("hidden") {
                        notes.hidden_rows.insert(next.0);
                    }
                }
                "c" => {
                    let at = tag.attr("r").as_deref().and_then(reference).unwrap_or(next);
                    next = (next.0, at.1.saturating_add(1));
                    let (is_filled, is_unknown) = state(&mut xml, &tag, uncalculated)?;
                    notes.filled += u64::from(is_filled);
                    if is_unknown {
                        notes.unknown.insert(at);
                    }
                }
                _ => {}
            }
        }
        Ok(notes)
    }

    fn hides(&self, at: At) -> bool {
        self.hidden_rows.contains(&at.0)
            || self.hidden_columns.iter().any(|&(first, last)| (first..=last).contains(&at.1))
    }
}

/// Whether the cell has a value, and whether it has a formula without a result. Values that calamine would read but in
/// part are an error.
fn state(xml: &mut Xml<'_>, tag: &Tag<'_>, uncalculated: bool) -> Result<(bool, bool)> {
    let kind = tag.attr("t");
    let kind = kind.as_deref().unwrap_or("n");
    let (mut formula, mut inline, mut value, mut open) = (false, false, String::new(), 1_u32);
    while open > 0 {
        match xml.next()? {
            Some(Token::Open(child)) if child.name() == "v" => {
                match xml.next()? {
                    Some(Token::Text(text)) => value = text.into_owned(),
                    Some(Token::Close) => continue,
                    _ => return Err(broken("a value is not plain".into())),
                }
                open += 1;
            }
            Some(Token::Open(child)) => {
                formula |= child.name() == "f";
                inline |= child.name() == "is";
                xml.skip()?;
            }
            Some(Token::Close) => open -= 1,
            Some(Token::Text(text)) if open > 1 && matches!(kind, "n" | "s") && !text.is_empty() => {
                return Err(broken("a value is not plain".into()));
            }
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    if kind == "s" && !value.is_empty() && value.parse::<usize>().is_err() {
        return Err(broken(format!("shared string {value} is missing")));
    }
    let is_unknown = formula && kind != "str" && (value.is_empty() || (uncalculated && value == "0"));
    Ok((inline || !value.is_empty(), is_unknown))
}

/// `B7` as a row and a column from 0.
fn reference(text: &str) -> Option<At> {
    let digits = text.find(|char: char| char.is_ascii_digit())?;
    let (letters, digits) = text.split_at(digits);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|&value| value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::zipped::pack;

    fn book(sheet: &str, extra: &str) -> Vec<Sheet> {
        let link =
            |id: &str, kind: &str, target: &str| format!("<Relationship Id='{id}' Type='x/{kind}' Target='{target}'/>");
        let links =
            link("r1", "worksheet", "s.xml") + &link("r2", "sharedStrings", "t.xml") + &link("r3", "styles", "y.xml");
        let bytes = pack(&[
            ("xl/workbook.xml", &format!("<workbook>{extra}<sheets><sheet name='表' r:id='r1'/></sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", &format!("<Relationships>{links}</Relationships>")),
            ("xl/t.xml", "<sst><si><t>甲</t></si><si><r><t>乙_x000D_</t></r><rPh><t>yi</t></rPh><r><t>丙</t></r></si>
                <si><r><t>22</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r></si></sst>"),
            (
                "xl/y.xml",
                "<s><numFmts><numFmt numFmtId='170' formatCode='yyyy/m/d'/></numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>
                 <cellXfs><xf numFmtId='0'/><xf numFmtId='170'/><xf numFmtId='10'/></cellXfs></s>",
            ),
            ("xl/s.xml", &format!("<worksheet>{sheet}</worksheet>")),
        ]);
        let options = Options::default();
        let mut budget = Budget::new(&options.limits);
        read(&bytes, &options, &mut budget).unwrap().0
    }

    fn show(sheet: &Sheet) -> String {
        let cell = |((row, column), text): (&At, &String)| format!("{row},{column}={text};");
        sheet.cells.iter().map(cell).collect()
    }

    #[test]
    fn values_of_all_kinds() {
        let sheets = book(
            "<sheetData><row r='2'><c r='B2' t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='inlineStr'><is><t>丁</t></is></c>
             <c><v>20.572500000000002</v></c><c s='1'><v>45679</v></c><c s='2'><v>0.153</v></c></row>
             <row><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c><c t='str'><f>x</f><v>7</v></c><c s='1'/></row></sheetData>",
            "",
        );
        let first = "1,1=甲;1,2=乙\n丙;1,3=丁;1,4=20.5725;1,5=2025-01-22;1,6=15.3%;";
        assert_eq!(show(&sheets[0]), format!("{first}2,0=TRUE;2,1=#N/A;2,2=7;"));
        assert_eq!(sheets[0].blanks[&2], [(3, 3)]);
    }

    #[test]
    fn raised_digits_make_no_other_figure() {
        let mark = "<r><rPr><vertAlign val='superscript'/></rPr><t>3</t></r>";
        let cell = |runs: &str| format!("<c t='inlineStr'><is>{runs}</is></c>");
        let cells = cell(&format!("<r><t>181</t></r>{mark}")) + &cell(&format!("<r><t>甲</t></r>{mark}"));
        let sheet = &book(&format!("<sheetData><row>{cells}<c t='s'><v>2</v></c></row></sheetData>"), "")[0];
        assert_eq!(show(sheet), "0,0=181³;0,1=甲³;0,2=22²;");
    }

    #[test]
    fn formulas_without_a_result_are_told() {
        let rows = "<sheetData><row r='1'><c><f>1+1</f><v>2</v></c><c><f>A1</f><v/></c><c t='str'><f>A1</f><v></v></c>
            <c><f>B1</f><v>0</v></c></row></sheetData>";
        let sheet = &book(rows, "")[0];
        assert_eq!((show(sheet).as_str(), sheet.unknown), ("0,0=2;0,3=0;", Some((0, 1))));
        let sheet = &book(rows, "<calcPr fullCalcOnLoad='1'/>")[0];
        assert_eq!(show(sheet), "0,0=2;");
    }

    #[test]
    fn far_cells_and_hidden_ones() {
        let sheet = &book(
            "<cols><col min='2' max='3' hidden='1'/></cols><sheetData><row r='1' hidden='1'><c r='A1'/></row>
             <row r='1000000'><c r='C1000000'><v>1</v></c><c r='XFD1000000'><v>2</v></c><c r='ZZZZ5'><v>3</v></c></row>
             </sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/><mergeCell ref='A1:A1'/></mergeCells>",
            "",
        )[0];
        assert_eq!(show(sheet), "999999,2=1;999999,16383=2;");
        assert_eq!(sheet.hidden_cell, Some((999_999, 2)));
        assert_eq!(sheet.merges, [Merge { top: 0, left: 0, bottom: 1_048_575, right: 16_383 }]);
    }

    #[test]
    fn references_are_read() {
        assert_eq!(reference("AB12"), Some((11, 27)));
        assert_eq!(reference("7"), None);
        assert_eq!(reference("A0"), None);
    }
}
