//! The text of a `NAME-str.xml` of the ICDAR 2013 table competition in, the tables printed in the document out. They are
//! taken as the organisers' tools take them; nothing is mended.

use super::measure::{Cell, Table};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::error::Error;

/// Reads the tables of a document: `<table>` of `<region page row-increment col-increment>` of
/// `<cell start-row start-col end-row end-col>`, ends included. A table stands on the page of its last region.
pub(crate) fn read(text: &str) -> Result<Vec<Table>, Box<dyn Error>> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut tables: Vec<Table> = Vec::new();
    // What the region adds to the rows and columns of its cells, and the cell that is open.
    let (mut shift, mut open): ((i64, i64), Option<Cell>) = ((0, 0), None);
    loop {
        match reader.read_event()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "table" => tables.push(Table { page: 0, cells: Vec::new() }),
                "region" => {
                    shift = (number(&tag, "row-increment")?.unwrap_or(0), number(&tag, "col-increment")?.unwrap_or(0));
                    let page = number(&tag, "page")?.ok_or("a region without page")?;
                    tables.last_mut().ok_or("a region outside tables")?.page = u32::try_from(page)?;
                }
                "cell" => open = Some(cell(&tag, shift)?),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cell" => {
                // A cell that ends before it begins covers no slot.
                let cells = &mut tables.last_mut().ok_or("a cell outside tables")?.cells;
                cells.extend(open.take().filter(|cell| !cell.rows.is_empty() && !cell.columns.is_empty()));
            }
            Event::Text(piece) => push(&mut open, &piece.xml10_content()),
            Event::CData(piece) => push(&mut open, &piece.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref()? {
                Some(char) => push(&mut open, char.encode_utf8(&mut [0; 4])),
                None => push(
                    &mut open,
                    quick_xml::escape::resolve_predefined_entity(&reference).ok_or("an entity without meaning")?,
                ),
            },
            Event::Eof => return Ok(tables),
            _ => {}
        }
    }
}

/// The cell that a tag opens, still without text.
fn cell(tag: &BytesStart<'_>, (down, right): (i64, i64)) -> Result<Cell, Box<dyn Error>> {
    let covered = |start, end, shift| -> Result<_, Box<dyn Error>> {
        let first = number(tag, start)?.ok_or("a cell without place")?;
        let last = number(tag, end)?.unwrap_or(first);
        Ok(first + shift..last + 1 + shift)
    };
    Ok(Cell {
        rows: covered("start-row", "end-row", down)?,
        columns: covered("start-col", "end-col", right)?,
        text: String::new(),
    })
}

/// The attribute as a number; none if it is absent or blank.
fn number(tag: &BytesStart<'_>, name: &str) -> Result<Option<i64>, Box<dyn Error>> {
    let Some(attribute) = tag.try_get_attribute(name)? else { return Ok(None) };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
    Ok(if value.is_empty() { None } else { Some(value.trim().parse()?) })
}

fn push(cell: &mut Option<Cell>, piece: &str) {
    if let Some(cell) = cell {
        cell.text.push_str(piece);
    }
}
