//! The main part of a docx file in, paragraphs and tables as nested in the file out.
//!
//! Tracked changes are taken as accepted; hidden text, field codes and the second copy of text boxes are left out.

use super::FORMAT;
use super::styles::{Styles, outline};
use crate::error::Result;
use crate::limits::Limits;
use crate::number::Set;
use crate::source::word::content::{Cell, Content, Item, Merge, Paragraph, Row, Table};
use crate::source::word::numbering::Numbering;
use crate::source::word::readable;
use crate::source::xml::{Tag, Token, Xml};

/// Reads the main part.
pub(super) fn read(text: &str, styles: &Styles, numbering: Numbering, limits: &Limits) -> Result<Content> {
    let xml = Xml::new(text, FORMAT, limits);
    let mut reader = Reader { xml, styles, numbering, fields: Vec::new(), chosen: false, content: Content::default() };
    while let Some(token) = reader.xml.next()? {
        if matches!(&token, Token::Open(tag) if tag.name() == "body") {
            let mut items = Vec::new();
            reader.blocks(&mut items, None)?;
            reader.content.items.append(&mut items);
        }
    }
    Ok(reader.content)
}

struct Reader<'a> {
    xml: Xml<'a>,
    styles: &'a Styles,
    numbering: Numbering,
    /// The fields that are open; whether each is still in its code.
    fields: Vec<bool>,
    /// Whether the alternatives at hand have had the one that counts.
    chosen: bool,
    content: Content,
}

/// What the properties of a paragraph say.
#[derive(Default)]
struct Format {
    style: Option<String>,
    /// From 1; 0 says that it is none.
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<u8>,
    /// The end of the paragraph is a tracked deletion: it runs on into the next.
    runs_on: bool,
}

/// What to do with an element that only wraps others.
enum Wrap {
    Enter,
    Skip,
}

impl Reader<'_> {
    /// Elements that wrap content at any level, or are no content.
    fn wrap(&mut self, name: &str) -> Wrap {
        match name {
            "AlternateContent" => {
                self.chosen = false;
                Wrap::Enter
            }
            "Choice" if !self.chosen => {
                self.chosen = true;
                Wrap::Enter
            }
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => Wrap::Enter,
            _ => Wrap::Skip,
        }
    }

    /// The content of a body, a text box or a cell; `cell` takes the properties of the latter.
    fn blocks(&mut self, items: &mut Vec<Item>, mut cell: Option<&mut Cell>) -> Result<()> {
        let mut carried = String::new();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match (tag.name(), &mut cell) {
                ("p", _) => {
                    let mut boxes = Vec::new();
                    let (mut paragraph, runs_on) = self.paragraph(&mut boxes)?;
                    paragraph.text.insert_str(0, &std::mem::take(&mut carried));
                    if runs_on {
                        carried = paragraph.text;
                    } else {
                        items.push(Item::Paragraph(paragraph));
                    }
                    items.append(&mut boxes);
                }
                ("tbl", _) => items.push(Item::Table(self.table()?)),
                ("tcPr", Some(cell)) => self.cell_properties(cell)?,
                ("altChunk", _) => {
                    self.content.foreign_part = true;
                    self.xml.skip()?;
                }
                (name, _) => match self.wrap(name) {
                    Wrap::Enter => open += 1,
                    Wrap::Skip => self.xml.skip()?,
                },
            }
        }
        if !carried.is_empty() {
            items.push(Item::Paragraph(Paragraph { text: carried, heading: None }));
        }
        Ok(())
    }

    /// A paragraph, and what its text boxes hold.
    fn paragraph(&mut self, boxes: &mut Vec<Item>) -> Result<(Paragraph, bool)> {
        let mut format = Format::default();
        let mut text = String::new();
        let (mut hidden, mut set) = (false, Set::On);
        // The index or power of a formula that is open, with the elements around it.
        let mut script: Option<(u32, Set)> = None;
        let mut open = 1_u32;
        while open > 0 {
            let Some(token) = self.xml.next()? else { break };
            let tag = match token {
                Token::Open(tag) => tag,
                Token::Close => {
                    open -= 1;
                    script = script.filter(|(around, _)| *around < open);
                    continue;
                }
                Token::Text(_) => continue,
            };
            let mut push = |piece: &str| {
                if !hidden && !self.fields.contains(&true) {
                    script.map_or(set, |(_, set)| set).write(piece, &mut text);
                }
            };
            match tag.name() {
                "t" => push(&self.xml.text()?),
                "tab" | "ptab" => push(" "),
                "br" if tag.attr("type").is_none_or(|kind| kind == "textWrapping") => push("\n"),
                "cr" => push("\n"),
                "noBreakHyphen" => push("-"),
                "sym" => push(&symbol(&tag).to_string()),
                "fldChar" => self.field(&tag),
                "pPr" => {
                    format = self.paragraph_properties()?;
                    continue;
                }
                "rPr" => {
                    (hidden, set) = self.run_properties(&format)?;
                    continue;
                }
                "txbxContent" => {
                    self.blocks(boxes, None)?;
                    continue;
                }
                "del" | "moveFrom" | "instrText" | "delText" | "Fallback" | "rt" | "sdtPr" => {
                    self.xml.skip()?;
                    continue;
                }
                "OLEObject" => self.content.embedded = true,
                "r" => (hidden, set) = (false, self.set_by(&[&format.style])),
                "sup" => script = script.or(Some((open, Set::Raised))),
                "sub" => script = script.or(Some((open, Set::Lowered))),
                "AlternateContent" => self.chosen = false,
                "Choice" if self.chosen => {
                    self.xml.skip()?;
                    continue;
                }
                "Choice" => self.chosen = true,
                _ => {}
            }
            // The text of `t` has been read to its end.
            open += u32::from(tag.name() != "t");
        }
        Ok((self.finished(&format, text), format.runs_on))
    }

    /// A field begins, comes to its result, or ends.
    fn field(&mut self, tag: &Tag<'_>) {
        match tag.attr("fldCharType").as_deref() {
            Some("begin") => self.fields.push(true),
            Some("separate") => self.fields.iter_mut().rev().take(1).for_each(|code| *code = false),
            _ => self.fields.truncate(self.fields.len().saturating_sub(1)),
        }
    }

    /// A paragraph with its automatic number and its heading level.
    fn finished(&mut self, format: &Format, mut text: String) -> Paragraph {
        let style = format.style.as_deref().unwrap_or_default();
        let of_style = self.styles.list(style);
        if let Some(list) = format.list.or(of_style.map(|(list, _)| list)).filter(|_| !format.runs_on) {
            let level = format.level.or_else(|| self.numbering.level_of_style(list, style));
            let level = level.or(of_style.and_then(|(_, level)| level)).unwrap_or(0);
            if let Some(number) = self.numbering.next(list, level) {
                text.insert_str(0, &number);
            }
        }
        let heading =
            format.outline.map_or_else(|| self.styles.heading(style), |level| Some(level).filter(|level| *level > 0));
        Paragraph { text, heading }
    }

    fn paragraph_properties(&mut self) -> Result<Format> {
        let mut format = Format::default();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "pStyle" => format.style = tag.attr("val").map(Into::into),
                "outlineLvl" => format.outline = Some(outline(tag.number("val"))),
                "numId" => format.list = tag.number("val"),
                "ilvl" => format.level = tag.number("val"),
                "del" | "moveFrom" => format.runs_on = true,
                "pPrChange" | "rPrChange" | "sectPr" => {
                    self.xml.skip()?;
                    continue;
                }
                _ => {}
            }
            open += 1;
        }
        Ok(format)
    }

    /// Where the first of these styles that says so sets text.
    fn set_by(&self, styles: &[&Option<String>]) -> Set {
        styles.iter().find_map(|style| self.styles.set(style.as_deref()?)).unwrap_or_default()
    }

    /// Whether the properties of a run in a paragraph hide its text, and where they set it.
    fn run_properties(&mut self, around: &Format) -> Result<(bool, Set)> {
        let (mut hidden, mut set, mut style) = (false, None, None);
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "vanish" => hidden = is_on(&tag),
                "rStyle" => style = tag.attr("val").map(Into::into),
                "vertAlign" => set = Some(tag.set()),
                "rPrChange" => {
                    self.xml.skip()?;
                    continue;
                }
                _ => {}
            }
            open += 1;
        }
        Ok((hidden, set.unwrap_or_else(|| self.set_by(&[&style, &around.style]))))
    }

    fn table(&mut self) -> Result<Table> {
        let mut table = Table::default();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "tr" => {
                    let row = self.row()?;
                    table.rows.extend((!row.gone).then_some(row));
                }
                "tblGrid" => open += 1,
                "gridCol" => {
                    table.grid.push(tag.number("w").unwrap_or(0));
                    open += 1;
                }
                name => match self.wrap(name) {
                    Wrap::Enter => open += 1,
                    Wrap::Skip => self.xml.skip()?,
                },
            }
        }
        Ok(table)
    }

    fn row(&mut self) -> Result<Row> {
        let mut row = Row::default();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "tc" => {
                    let cell = self.cell()?;
                    match row.cells.last_mut() {
                        Some(last) if cell.beside => last.span = last.span.saturating_add(cell.span),
                        _ => row.cells.push(cell),
                    }
                }
                "trPr" => open += 1,
                "gridBefore" => {
                    row.before = tag.number("val").unwrap_or(0);
                    open += 1;
                }
                // Only in `trPr`: a deletion around runs is met in a paragraph.
                "del" => {
                    row.gone = true;
                    self.xml.skip()?;
                }
                "hidden" => {
                    row.gone |= is_on(&tag);
                    open += 1;
                }
                name => match self.wrap(name) {
                    Wrap::Enter => open += 1,
                    Wrap::Skip => self.xml.skip()?,
                },
            }
        }
        Ok(row)
    }

    fn cell(&mut self) -> Result<Cell> {
        let mut cell = Cell { span: 1, ..Cell::default() };
        let mut items = Vec::new();
        // A field left open must not swallow the cells that follow.
        let fields = self.fields.len();
        self.blocks(&mut items, Some(&mut cell))?;
        self.fields.truncate(fields);
        cell.items = items;
        Ok(cell)
    }

    fn cell_properties(&mut self, cell: &mut Cell) -> Result<()> {
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            let begins = || tag.attr("val").is_some_and(|value| value == "restart");
            match tag.name() {
                "gridSpan" => cell.span = tag.number("val").unwrap_or(1).max(1),
                "vMerge" => cell.merge = if begins() { Merge::Begin } else { Merge::Continue },
                "hMerge" => cell.beside = !begins(),
                "tcPrChange" => {
                    self.xml.skip()?;
                    continue;
                }
                _ => {}
            }
            open += 1;
        }
        Ok(())
    }
}

/// Whether a switch is on: there without a value, or with one that says so.
fn is_on(tag: &Tag<'_>) -> bool {
    tag.attr("val").is_none_or(|value| !matches!(&*value, "0" | "false" | "off"))
}

/// A character of a symbol font.
fn symbol(tag: &Tag<'_>) -> char {
    let code = tag.attr("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
    code.and_then(char::from_u32).map_or(char::REPLACEMENT_CHARACTER, readable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &str) -> Content {
        let text = format!("<w:document><w:body>{body}</w:body></w:document>");
        read(&text, &Styles::default(), Numbering::default(), &Limits::default()).unwrap()
    }

    /// Paragraphs between slashes; tables in brackets, with `;` after rows and `|` after cells.
    fn show(items: &[Item]) -> String {
        let cell = |cell: &Cell| {
            let merge = match cell.merge {
                Merge::None => "",
                Merge::Begin => "v",
                Merge::Continue => "^",
            };
            let span = if cell.span > 1 { cell.span.to_string() } else { String::new() };
            format!("{merge}{span}{}|", show(&cell.items))
        };
        let row = |row: &Row| ">".repeat(row.before as usize) + &row.cells.iter().map(cell).collect::<String>() + ";";
        let item = |item: &Item| match item {
            Item::Paragraph(paragraph) => paragraph.text.clone() + "/",
            Item::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<String>()),
        };
        items.iter().map(item).collect()
    }

    #[test]
    fn changes_are_taken_as_accepted() {
        let body = "<w:p><w:r><w:t>1</w:t></w:r><w:del><w:r><w:delText>2</w:delText></w:r></w:del>
            <w:ins><w:r><w:t>3</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>4</w:t></w:r></w:moveFrom>
            <w:moveTo><w:r><w:t>5</w:t></w:r></w:moveTo></w:p>
            <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p>
            <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>
            <w:tr><w:trPr><w:trPrChange><w:trPr><w:del/></w:trPr></w:trPrChange></w:trPr>
            <w:tc><w:tcPr><w:gridSpan val='2'/><w:tcPrChange><w:tcPr><w:gridSpan val='3'/></w:tcPr></w:tcPrChange></w:tcPr>
            <w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        assert_eq!(show(&content(body).items), "135/ab/[2x/|;]");
    }

    #[test]
    fn hidden_text_and_field_codes_are_left_out() {
        let body = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:r><w:t>a</w:t></w:r>
            <w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>b</w:t></w:r>
            <w:r><w:fldChar w:fldCharType='begin'/><w:instrText>IF</w:instrText></w:r>
            <w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>
            <w:r><w:t>code</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>
            <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>c</w:t></w:r>
            <w:r><w:fldChar w:fldCharType='end'/></w:r><w:hyperlink><w:r><w:t>d</w:t><w:br/><w:t>e</w:t></w:r></w:hyperlink></w:p>";
        assert_eq!(show(&content(body).items), "abcd\ne/");
    }

    #[test]
    fn raised_digits_make_no_other_figure() {
        let styles = "<styles><style styleId='n'><rPr><vertAlign val='superscript'/></rPr></style>
            <style styleId='m'><basedOn val='n'/></style></styles>";
        let styles = Styles::read(styles, &Limits::default()).unwrap();
        let run = |text: &str, look: &str| format!("<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>");
        let align = |kind: &str| format!("<w:vertAlign w:val='{kind}'/>");
        let shown = |runs: String| {
            let text = format!("<w:document><w:body><w:p>{runs}</w:p></w:body></w:document>");
            show(&read(&text, &styles, Numbering::default(), &Limits::default()).unwrap().items)
        };
        assert_eq!(shown(run("3294", "") + &run("3", &align("superscript")) + &run("件", "")), "3294³件/");
        assert_eq!(shown(run("3,294", "") + &run("1,2", "<w:rStyle w:val='m'/>")), "3,294¹,²/");
        assert_eq!(
            shown(run("32", "") + &run("4", &("<w:rStyle w:val='m'/>".to_owned() + &align("baseline")))),
            "324/"
        );
        assert_eq!(shown(run("12", "") + &run("3", &align("subscript")) + "<w:r><w:t>4</w:t></w:r>"), "12₃4/");
        assert_eq!(shown(run("m", "") + &run("2", &align("superscript"))), "m2/");
        let power = "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup>";
        assert_eq!(shown(format!("<m:oMath>{power}<m:r><m:t>7</m:t></m:r></m:oMath>")), "10³7/");
    }

    #[test]
    fn a_text_box_comes_once_after_its_paragraph() {
        let shape = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>";
        let body = format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{shape}</w:drawing></mc:Choice>
             <mc:Fallback><w:pict>{shape}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>a</w:t></w:r></w:p>"
        );
        assert_eq!(show(&content(&body).items), "a/box/");
    }

    #[test]
    fn cells_know_their_spans_and_rows_where_they_begin() {
        let text = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
        let body = format!(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{}</w:tc>
             <w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr>{}</w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr>{}</w:tc></w:tr>
             <w:sdt><w:sdtContent><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:sdt><w:sdtContent>
             <w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{}{}</w:tc></w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>
             <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>",
            text("a"),
            text("b"),
            text("c"),
            text("d"),
            text("e")
        );
        assert_eq!(show(&content(&body).items), "[va/|2b/|;>2d/e/|;^/|;]");
    }

    #[test]
    fn a_field_left_open_ends_with_its_cell() {
        let body = "<w:tbl><w:tr><w:tc><w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p></w:tc>
            <w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        assert_eq!(show(&content(body).items), "[/|1/|;]");
    }

    #[test]
    fn what_is_not_read_is_told() {
        let told = content("<w:altChunk r:id='x'/><w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>");
        assert!(told.foreign_part && told.embedded);
    }
}
