//! Binary Office Open XML spreadsheets (xlsb) in, sparse sheets out.

use super::value::{Kind, compact, error, number};
use super::{At, Budget, Merge, Options, Sheet, broken};
use crate::error::{ErrorKind, Result};
use crate::source::cfb::{u16_at, u32_at};
use crate::source::zipped::Package;
use std::borrow::Cow;
use std::collections::BTreeMap;

const FORMAT: &str = "xlsb";

/// Reads the sheets in the order of their tabs, and the title of the file.
pub(super) fn read(bytes: &[u8], options: &Options, budget: &mut Budget) -> Result<(Vec<Sheet>, Option<String>)> {
    let mut package = Package::open(bytes, FORMAT, &options.limits)?;
    let main = package.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.bin".into(), |relation| relation.target);
    let missing = || ErrorKind::Truncated { detail: format!("{main} is missing") };
    let workbook = package.bytes(&main)?.ok_or_else(missing)?;
    let relations = package.relations(&main)?;
    let mut part = |kind: &str| match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => package.bytes(&relation.target),
        None => Ok(None),
    };
    let strings = part("sharedStrings")?.unwrap_or_default();
    let mut book = Book { strings: strings_of(&strings), ..Book::default() };
    book.kinds = kinds(&part("styles")?.unwrap_or_default());
    let mut sheets = Vec::new();
    for (kind, data) in (Records { bytes: &workbook }) {
        match kind {
            0x0099 => book.from_1904 = u32_at(data, 0).is_some_and(|flags| flags & 1 != 0),
            0x009C => {
                let Some((id, name)) = tab(data) else { continue };
                let mut sheet = Sheet::new(&name, u32_at(data, 0) != Some(0));
                let found = relations.iter().find(|relation| relation.id == id && relation.kind == "worksheet");
                let Some(relation) = found else { continue };
                if !sheet.hidden {
                    let bytes = package.bytes(&relation.target)?.unwrap_or_default();
                    cells(&bytes, &book, &mut sheet, budget)?;
                }
                sheets.push(sheet);
            }
            _ => {}
        }
    }
    let title = package.title("docProps/core.xml").unwrap_or_default();
    Ok((sheets, title))
}

/// The records of a part, up to its end or to one that is cut short.
struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = packed(self.bytes, 2)?;
        let (length, rest) = packed(rest, 4)?;
        let (data, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        Some((kind, data))
    }
}

/// A number of seven bits a byte, low ones first.
fn packed(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for (at, shift) in (0..most).zip((0..).step_by(7)) {
        let byte = *bytes.get(at)?;
        value |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 || at + 1 == most {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

/// A string behind its length, and what follows it.
fn string(data: &[u8]) -> Option<(String, &[u8])> {
    let length = u32_at(data, 0)?;
    if length == u32::MAX {
        return Some((String::new(), data.get(4..)?));
    }
    let (text, rest) = data.get(4..)?.split_at_checked(usize::try_from(length).ok()?.checked_mul(2)?)?;
    let units: Vec<u16> = text.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).collect();
    Some((String::from_utf16_lossy(&units), rest))
}

/// The link and the name of a sheet.
fn tab(data: &[u8]) -> Option<(String, String)> {
    let (id, rest) = string(data.get(8..)?)?;
    Some((id, string(rest)?.0))
}

/// What the sheets of a workbook share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    kinds: Vec<Kind>,
    from_1904: bool,
}

fn strings_of(part: &[u8]) -> Vec<String> {
    let items = Records { bytes: part }.filter(|(kind, _)| *kind == 0x13);
    items.map(|(_, data)| data.get(1..).and_then(string).unwrap_or_default().0).collect()
}

fn kinds(part: &[u8]) -> Vec<Kind> {
    let mut codes = BTreeMap::new();
    let mut kinds = Vec::new();
    let mut in_cells = false;
    for (kind, data) in (Records { bytes: part }) {
        match kind {
            0x2C => codes.extend(u16_at(data, 0).zip(data.get(2..).and_then(string).map(|(code, _)| code))),
            0x269 => in_cells = true,
            0x26A => in_cells = false,
            0x2F if in_cells => {
                let id = u16_at(data, 2).unwrap_or_default();
                kinds.push(Kind::of(id, codes.get(&id).map(String::as_str)));
            }
            _ => {}
        }
    }
    kinds
}

fn cells(part: &[u8], book: &Book, sheet: &mut Sheet, budget: &mut Budget) -> Result<()> {
    let mut row = 0;
    let mut ended = false;
    let mut hidden_row = false;
    let mut hidden_columns = vec![false; 1 << 14];
    for (kind, data) in (Records { bytes: part }) {
        match kind {
            0x00 => {
                row = u32_at(data, 0).unwrap_or(u32::MAX);
                hidden_row = data.get(11).is_some_and(|flags| flags & 0x10 != 0);
            }
            0x3C if u16_at(data, 16).is_some_and(|flags| flags & 1 != 0) => {
                let at = |at| usize::try_from(u32_at(data, at).unwrap_or_default()).unwrap_or_default();
                let columns = hidden_columns.iter_mut().take(at(4).saturating_add(1)).skip(at(0));
                columns.for_each(|hidden| *hidden = true);
            }
            0x92 => ended = true,
            0xB0 => {
                let at = |at| u32_at(data, at).unwrap_or_default();
                let merge = Merge { top: at(0), bottom: at(4), left: at(8), right: at(12) };
                if merge.top <= merge.bottom && merge.left <= merge.right {
                    sheet.merge(merge, budget)?;
                }
            }
            0x01..=0x0B | 0x3E => {
                let at: At = (row, u32_at(data, 0).unwrap_or(u32::MAX));
                if at.0 >= 1 << 20 || at.1 >= 1 << 14 {
                    continue;
                }
                let text = text(kind, data, book);
                if text.is_none() && kind != 0x01 {
                    return Err(broken(format!("a cell of sheet {} cannot be read", sheet.name)));
                }
                sheet.put(at, &text.unwrap_or_default(), budget)?;
                let hidden = hidden_row || hidden_columns.get(at.1 as usize) == Some(&true);
                if hidden && sheet.cells.contains_key(&at) {
                    sheet.hidden_cell.get_or_insert(at);
                }
            }
            _ => {}
        }
    }
    if ended { Ok(()) } else { Err(broken(format!("the records of sheet {} break off", sheet.name))) }
}

/// What a cell record holds, behind its column and format.
fn text<'a>(kind: u32, data: &[u8], book: &'a Book) -> Option<Cow<'a, str>> {
    let value = data.get(8..)?;
    let format = usize::try_from(u32_at(data, 4)? & 0x00FF_FFFF).ok().and_then(|format| book.kinds.get(format));
    let plain = |value: f64| number(value, format.copied().unwrap_or_default(), book.from_1904).into();
    match kind {
        0x02 => u32_at(value, 0).map(compact).map(plain),
        0x03 | 0x0B => Some(error(*value.first()?).into()),
        0x04 | 0x0A => Some(if *value.first()? == 0 { "FALSE" } else { "TRUE" }.into()),
        0x05 | 0x09 => value.first_chunk().map(|bytes| plain(f64::from_le_bytes(*bytes))),
        0x06 | 0x08 => Some(string(value)?.0.into()),
        0x07 => book.strings.get(usize::try_from(u32_at(value, 0)?).ok()?).map(|text| text.as_str().into()),
        0x3E => Some(string(value.get(1..)?)?.0.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, data: &[u8]) -> Vec<u8> {
        [&[kind, u8::try_from(data.len()).unwrap()], data].concat()
    }

    fn long(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn cells_of_all_kinds() {
        let book = Book { strings: vec!["甲".into()], kinds: vec![Kind::Plain, Kind::Percent], from_1904: false };
        let cell = |kind, column, format, value: &[u8]| record(kind, &[&long(&[column, format])[..], value].concat());
        let part = [
            record(0x00, &[&long(&[4, 0])[..], &[0, 0, 0, 0x10]].concat()),
            cell(0x07, 0, 0, &long(&[0])),
            cell(0x02, 1, 0, &long(&[2057 << 2 | 3])),
            cell(0x09, 2, 1, &0.5_f64.to_le_bytes()),
            cell(0x06, 3, 0, &[&long(&[1])[..], &0x4E59_u16.to_le_bytes()].concat()),
            cell(0x01, 4, 0, &[]),
            cell(0x05, 1 << 20, 0, &[0; 8]),
            vec![0x92, 0x01, 0],
            vec![0xB0, 0x01, 16],
            long(&[4, 5, 0, 0]),
            vec![0x05, 0xFF, 0xFF, 0xFF, 0x7F],
        ];
        let mut sheet = Sheet::new("a", false);
        let mut budget = Budget::new(&crate::limits::Limits::default());
        cells(&part.concat(), &book, &mut sheet, &mut budget).unwrap();
        let values: Vec<_> = sheet.cells.values().map(String::as_str).collect();
        assert_eq!(values, ["甲", "20.57", "50%", "乙"]);
        assert_eq!(sheet.merges, [Merge { top: 4, bottom: 5, left: 0, right: 0 }]);
        assert_eq!(sheet.hidden_cell, Some((4, 0)));
    }

    #[test]
    fn numbers_of_seven_bits() {
        assert_eq!(packed(&[0x85, 0x01, 9], 2), Some((0x85, &[9][..])));
        assert_eq!(packed(&[0xFF, 0xFF], 2), Some((0x3FFF, &[][..])));
        assert_eq!(packed(&[0xFF], 2), None);
    }
}
