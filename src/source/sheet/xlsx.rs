//! Office Open XML spreadsheets (xlsx) in, sparse sheets out. Charts, drawings, notes and filters are not read.

use super::value::{Kind, number};
use super::{At, Budget, Merge, Options, Sheet, broken};
use crate::error::Result;
use crate::limits::Limits;
use crate::source::xml::{Tag, Token, Xml};
use crate::source::zipped::Package;
use std::borrow::Cow;
use std::collections::BTreeMap;

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
    let (tabs, mut book) = tabs(&package.require(&main)?, limits)?;
    let relations = package.relations(&main)?;
    let part = |kind: &str| relations.iter().find(|relation| relation.kind == kind).map(|found| found.target.as_str());
    if let Some(text) = part("sharedStrings").map(|name| package.text(name)).transpose()?.flatten() {
        book.strings = strings(&text, limits)?;
    }
    if let Some(text) = part("styles").map(|name| package.text(name)).transpose()?.flatten() {
        book.kinds = kinds(&text, limits)?;
    }
    let mut sheets = Vec::new();
    for tab in tabs {
        let mut sheet = Sheet::new(&tab.name, tab.hidden);
        let found = relations.iter().find(|relation| relation.id == tab.id && relation.kind == "worksheet");
        let Some(relation) = found else { continue };
        if !tab.hidden {
            let text = package.require(&relation.target)?;
            Reader { xml: Xml::new(&text, FORMAT, limits), book: &book, sheet: &mut sheet, budget }.read()?;
        }
        sheets.push(sheet);
    }
    let title = package.title("docProps/core.xml").unwrap_or_default();
    Ok((sheets, title))
}

struct Tab {
    name: String,
    id: String,
    hidden: bool,
}

/// What the sheets of a workbook share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    kinds: Vec<Kind>,
    from_1904: bool,
    /// The writer asks for all formulas to be calculated: it has not done so itself.
    uncalculated: bool,
}

impl Book {
    fn shared(&self, value: &str) -> Result<Cow<'_, str>> {
        if value.is_empty() {
            return Ok("".into());
        }
        let index = value.trim().parse::<usize>().ok();
        let text = index.and_then(|index| self.strings.get(index));
        Ok(text.ok_or_else(|| broken(format!("shared string {value} is missing")))?.as_str().into())
    }

    fn plain<'b>(&self, value: &'b str, tag: &Tag<'_>) -> Cow<'b, str> {
        let format = tag.number::<usize>("s").and_then(|style| self.kinds.get(style)).copied();
        match value.trim().parse::<f64>() {
            Ok(parsed) if parsed.is_finite() => number(parsed, format.unwrap_or_default(), self.from_1904).into(),
            _ => value.into(),
        }
    }
}

fn tabs(text: &str, limits: &Limits) -> Result<(Vec<Tab>, Book)> {
    let mut xml = Xml::new(text, FORMAT, limits);
    let mut tabs = Vec::new();
    let mut book = Book::default();
    while let Some(token) = xml.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "workbookPr" => book.from_1904 = tag.flag("date1904"),
            "calcPr" => book.uncalculated = tag.flag("fullCalcOnLoad"),
            "sheet" => tabs.push(Tab {
                name: tag.attr("name").unwrap_or_default().into_owned(),
                id: tag.attr("id").unwrap_or_default().into_owned(),
                hidden: tag.attr("state").is_some_and(|state| state != "visible"),
            }),
            _ => {}
        }
    }
    Ok((tabs, book))
}

fn strings(text: &str, limits: &Limits) -> Result<Vec<String>> {
    // Strings have few elements each, but there are as many as cells.
    let mut xml = Xml::new(text, FORMAT, limits);
    let mut strings = Vec::new();
    while let Some(token) = xml.next()? {
        if matches!(&token, Token::Open(tag) if tag.name() == "si") {
            strings.push(rich(&mut xml)?);
        }
    }
    Ok(strings)
}

/// The text of the element opened last, without the readings of its characters.
fn rich(xml: &mut Xml<'_>) -> Result<String> {
    let mut text = String::new();
    let mut open = 1_u32;
    while open > 0 {
        match xml.next()? {
            Some(Token::Open(tag)) if tag.name() == "rPh" => xml.skip()?,
            Some(Token::Open(tag)) if tag.name() == "t" => text.push_str(&unescaped(&xml.text()?)),
            Some(Token::Open(_)) => open += 1,
            Some(Token::Close) => open -= 1,
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    Ok(text)
}

/// Resolves `_x000D_`, by which the format writes characters that XML cannot hold.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        let char = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        plain.push_str(&char.map_or("_x".into(), String::from));
        rest = from.get(if char.is_some() { 7 } else { 2 }..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain.into()
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

struct Reader<'a> {
    xml: Xml<'a>,
    book: &'a Book,
    sheet: &'a mut Sheet,
    budget: &'a mut Budget,
}

impl Reader<'_> {
    fn read(mut self) -> Result<()> {
        let mut hidden_columns = vec![false; COLUMNS as usize];
        let mut next: At = (0, 0);
        while let Some(token) = self.xml.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "col" if tag.flag("hidden") => {
                    let (min, max) = (tag.number::<usize>("min").unwrap_or(1), tag.number("max").unwrap_or(0));
                    let range = hidden_columns.iter_mut().take(max).skip(min.saturating_sub(1));
                    range.for_each(|hidden| *hidden = true);
                }
                "row" => {
                    // A row without a number follows the one before.
                    let stated = tag.number::<u32>("r").filter(|row| (1..=ROWS).contains(row));
                    let row = stated.map_or(next.0, |row| row - 1);
                    let hidden = tag.flag("hidden");
                    next = (row, 0);
                    self.row(&mut next, hidden, &hidden_columns)?;
                    next = (row.saturating_add(1), 0);
                }
                "mergeCell" => {
                    if let Some(merge) = tag.attr("ref").as_deref().and_then(range) {
                        self.sheet.merge(merge, self.budget)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The cells of a row.
    fn row(&mut self, next: &mut At, hidden: bool, hidden_columns: &[bool]) -> Result<()> {
        let mut open = 1_u32;
        while open > 0 {
            match self.xml.next()? {
                Some(Token::Open(tag)) if tag.name() == "c" => {
                    let at = tag.attr("r").as_deref().and_then(reference).unwrap_or(*next);
                    *next = (at.0, at.1.saturating_add(1));
                    self.cell(at, &tag)?;
                    let hidden = hidden || hidden_columns.get(at.1 as usize) == Some(&true);
                    if hidden && self.sheet.cells.contains_key(&at) {
                        self.sheet.hidden_cell.get_or_insert(at);
                    }
                }
                Some(Token::Open(_)) => open += 1,
                Some(Token::Close) => open -= 1,
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        Ok(())
    }

    fn cell(&mut self, at: At, tag: &Tag<'_>) -> Result<()> {
        let kind = tag.attr("t");
        let mut value = String::new();
        let mut inline = None;
        let mut formula = false;
        let mut open = 1_u32;
        while open > 0 {
            match self.xml.next()? {
                Some(Token::Open(child)) => match child.name() {
                    "v" => value = self.xml.text()?,
                    "is" => inline = Some(rich(&mut self.xml)?),
                    name => {
                        formula |= name == "f";
                        self.xml.skip()?;
                    }
                },
                Some(Token::Close) => open -= 1,
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        if at.0 >= ROWS || at.1 >= COLUMNS {
            return Ok(());
        }
        let kind = kind.as_deref().unwrap_or("n");
        let unknown = formula && kind != "str" && (value.is_empty() || (self.book.uncalculated && value == "0"));
        if unknown {
            self.sheet.unknown.get_or_insert(at);
            value.clear();
        }
        let text = match (inline, kind) {
            (Some(text), _) => text.into(),
            (None, "s") => self.book.shared(&value)?,
            (None, "b") if !value.is_empty() => if value == "0" { "FALSE" } else { "TRUE" }.into(),
            (None, "n") => self.book.plain(&value, tag),
            (None, _) => unescaped(&value),
        };
        self.sheet.put(at, &text, self.budget)
    }
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

/// `A1:C3` as a rectangle.
fn range(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':')?;
    let ((top, left), (bottom, right)) = (reference(first)?, reference(last)?);
    (top <= bottom && left <= right).then_some(Merge { top, left, bottom, right })
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
            ("xl/t.xml", "<sst><si><t>甲</t></si><si><r><t>乙_x000D_</t></r><rPh><t>yi</t></rPh><r><t>丙</t></r></si></sst>"),
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
             </sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/><mergeCell ref='B2:A1'/><mergeCell ref='A1:A1'/></mergeCells>",
            "",
        )[0];
        assert_eq!(show(sheet), "999999,2=1;999999,16383=2;");
        assert_eq!(sheet.hidden_cell, Some((999_999, 2)));
        assert_eq!(sheet.merges, [Merge { top: 0, left: 0, bottom: 1_048_575, right: 16_383 }]);
    }

    #[test]
    fn escapes_that_are_none_stay() {
        assert_eq!(unescaped("a_x0041_b_xZZ_x_x12"), "aAb_xZZ_x_x12");
        assert_eq!(reference("AB12"), Some((11, 27)));
        assert_eq!(reference("7"), None);
        assert_eq!(reference("A0"), None);
    }
}
