//! Binary Office Open XML spreadsheets (xlsb) in, sparse sheets out.
//!
//! calamine decodes the values. The records are walked for what it does not tell (merged cells, formats, hidden rows)
//! or would trust (lengths, counts); calamine gets a package written anew of the records that hold a value, formulas as
//! the results stored with them.

use super::value::{Kind, text};
use super::{At, Budget, Merge, Options, Sheet, broken};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::source::cfb::{u16_at, u32_at};
use crate::source::zipped::{Package, store};
use calamine::{Reader, Xlsb, XlsbError};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Cursor;

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
    let mut carrier = Carrier::new(&part("sharedStrings")?.unwrap_or_default(), &options.limits)?;
    let kinds = kinds(&part("styles")?.unwrap_or_default());
    let mut from_1904 = false;
    let mut walks = Vec::new();
    for (kind, data) in (Records { bytes: &workbook }) {
        match kind {
            0x0099 => from_1904 = u32_at(data, 0).is_some_and(|flags| flags & 1 != 0),
            0x009C => {
                let Some((id, name)) = tab(data) else { continue };
                let found = relations.iter().find(|relation| relation.id == id && relation.kind == "worksheet");
                let Some(relation) = found else { continue };
                let mut walk = Walk::new(Sheet::new(&name, u32_at(data, 0) != Some(0)));
                if !walk.sheet.hidden {
                    let bytes = package.bytes(&relation.target)?.unwrap_or_default();
                    walk.read(&bytes, &kinds, &mut carrier, budget)?;
                }
                walks.push(walk);
            }
            _ => {}
        }
    }
    let title = package.title("docProps/core.xml").unwrap_or_default();
    let mut xlsb = carrier.open()?;
    let sheets = walks.into_iter().map(|walk| walk.finish(&mut xlsb, from_1904, budget));
    Ok((sheets.collect::<Result<_>>()?, title))
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

/// A string with its length, and what follows it.
fn wide(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(u32_at(data, 0)?).ok()?;
    data.split_at_checked(length.checked_mul(2)?.checked_add(4)?)
}

/// The text of a string, and what follows it.
fn string(data: &[u8]) -> Option<(String, &[u8])> {
    if u32_at(data, 0)? == u32::MAX {
        return Some((String::new(), data.get(4..)?));
    }
    let (text, rest) = wide(data)?;
    let text = text.get(4..)?;
    let units: Vec<u16> = text.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).collect();
    Some((String::from_utf16_lossy(&units), rest))
}

/// The link and the name of a sheet.
fn tab(data: &[u8]) -> Option<(String, String)> {
    let (id, rest) = string(data.get(8..)?)?;
    Some((id, string(rest)?.0))
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

/// Writes a record.
fn put(part: &mut Vec<u8>, kind: u16, data: &[&[u8]]) {
    let length = data.iter().map(|piece| piece.len()).sum::<usize>();
    let byte = |shift: usize| u8::try_from(length >> shift & 0x7F).unwrap_or_default();
    let [low, high] = kind.to_le_bytes();
    if kind < 0x80 {
        part.push(low)
    } else {
        part.extend([low | 0x80, high << 1 | low >> 7])
    }
    part.extend([byte(0) | 0x80, byte(7) | 0x80, byte(14) | 0x80, byte(21)]);
    data.iter().for_each(|piece| part.extend_from_slice(piece));
}

/// The parts that calamine reads.
struct Carrier {
    strings: Vec<u8>,
    count: u32,
    /// The values of each sheet, in the order of its cells.
    sheets: Vec<Vec<u8>>,
}

type Opened = Xlsb<Cursor<Vec<u8>>>;

impl Carrier {
    fn new(part: &[u8], limits: &Limits) -> Result<Self> {
        let (mut items, mut count) = (Vec::new(), 0_u32);
        for (_, data) in (Records { bytes: part }).filter(|(kind, _)| *kind == 0x13) {
            let text = data.get(1..).and_then(wide).ok_or_else(|| broken("a shared string breaks off".into()))?.0;
            put(&mut items, 0x13, &[&[0], text]);
            count += 1;
            Limits::check("elements", count.into(), limits.elements)?;
        }
        let mut strings = Vec::new();
        put(&mut strings, 0x9F, &[&count.to_le_bytes(), &count.to_le_bytes()]);
        strings.extend(items);
        Ok(Self { strings, count, sheets: Vec::new() })
    }

    fn open(self) -> Result<Opened> {
        let failed = |error: XlsbError| ErrorKind::Reader { format: FORMAT, detail: error.to_string() };
        let (mut book, mut links) = (Vec::new(), String::new());
        let mut parts = vec![("xl/sharedStrings.bin".to_owned(), self.strings)];
        for (at, sheet) in self.sheets.into_iter().enumerate() {
            let name = at.to_string();
            let _ = write!(links, "<Relationship Id='{name}' Target='worksheets/{name}.bin'/>");
            let mut text = u32::try_from(name.len()).unwrap_or_default().to_le_bytes().to_vec();
            text.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            put(&mut book, 0x9C, &[&[0; 8], &text, &text]);
            parts.push((format!("xl/worksheets/{name}.bin"), sheet));
        }
        put(&mut book, 0x90, &[]);
        put(&mut book, 0x9D, &[]);
        parts.push(("xl/workbook.bin".into(), book));
        let links = format!("<Relationships>{links}</Relationships>");
        parts.push(("xl/_rels/workbook.bin.rels".into(), links.into_bytes()));
        let bytes = store(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
        Ok(Xlsb::new(Cursor::new(bytes)).map_err(failed)?)
    }
}

/// What the records of a sheet say of its cells.
struct Walk {
    sheet: Sheet,
    /// Its values in the carrier.
    values: usize,
    cells: Vec<(At, Kind)>,
    hidden_rows: std::collections::BTreeSet<u32>,
    hidden_columns: Vec<bool>,
}

impl Walk {
    fn new(sheet: Sheet) -> Self {
        let hidden_columns = vec![false; 1 << 14];
        Self { sheet, values: 0, cells: Vec::new(), hidden_rows: std::collections::BTreeSet::new(), hidden_columns }
    }

    fn read(&mut self, part: &[u8], kinds: &[Kind], carrier: &mut Carrier, budget: &mut Budget) -> Result<()> {
        let mut values = Vec::new();
        put(&mut values, 0x94, &[&[0; 16]]);
        put(&mut values, 0x91, &[]);
        let (mut row, mut ended) = (0, false);
        for (kind, data) in (Records { bytes: part }) {
            let word = |at| u32_at(data, at).unwrap_or_default();
            match kind {
                0x00 => {
                    row = u32_at(data, 0).unwrap_or(u32::MAX);
                    if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                        self.hidden_rows.insert(row);
                    }
                }
                0x3C if u16_at(data, 16).is_some_and(|flags| flags & 1 != 0) => {
                    let (first, last) = (word(0) as usize, word(4) as usize);
                    let columns = self.hidden_columns.iter_mut().take(last.saturating_add(1)).skip(first);
                    columns.for_each(|hidden| *hidden = true);
                }
                0x92 => ended = true,
                0xB0 => {
                    let merge = Merge { top: word(0), bottom: word(4), left: word(8), right: word(12) };
                    if merge.top <= merge.bottom && merge.left <= merge.right {
                        self.sheet.merge(merge, budget)?;
                    }
                }
                0x01..=0x0B | 0x3E => {
                    let at: At = (row, u32_at(data, 0).unwrap_or(u32::MAX));
                    if at.0 >= 1 << 20 || at.1 >= 1 << 14 {
                        continue;
                    }
                    if kind == 0x01 {
                        self.sheet.blank(at.0, at.1, at.1, budget);
                        continue;
                    }
                    let value = data.get(8..).and_then(|value| stored(kind, value, carrier.count));
                    let Some((kind, value)) = value else {
                        return Err(broken(format!("a cell of sheet {} cannot be read", self.sheet.name)));
                    };
                    put(&mut values, kind, &[&[0; 8], value]);
                    let format = kinds.get((word(4) & 0x00FF_FFFF) as usize).copied().unwrap_or_default();
                    self.cells.push((at, format));
                }
                _ => {}
            }
        }
        put(&mut values, 0x92, &[]);
        self.values = carrier.sheets.len();
        carrier.sheets.push(values);
        if ended { Ok(()) } else { Err(broken(format!("the records of sheet {} break off", self.sheet.name))) }
    }

    /// The sheet, with the values that calamine decoded.
    fn finish(mut self, xlsb: &mut Opened, from_1904: bool, budget: &mut Budget) -> Result<Sheet> {
        if self.sheet.hidden {
            return Ok(self.sheet);
        }
        let failed = |error: XlsbError| ErrorKind::Reader { format: FORMAT, detail: error.to_string() };
        let mut values = xlsb.worksheet_cells_reader(&self.values.to_string()).map_err(failed)?;
        for (at, kind) in self.cells {
            let Some(cell) = values.next_cell().map_err(failed)? else {
                return Err(broken(format!("a cell of sheet {} cannot be read", self.sheet.name)));
            };
            self.sheet.put(at, &text(cell.get_value(), kind, from_1904), budget)?;
            let is_hidden = self.hidden_rows.contains(&at.0) || self.hidden_columns.get(at.1 as usize) == Some(&true);
            if is_hidden && self.sheet.cells.contains_key(&at) {
                self.sheet.hidden_cell.get_or_insert(at);
            }
        }
        Ok(self.sheet)
    }
}

/// A cell's value, and the record that holds such a value where there is no formula.
fn stored(kind: u32, value: &[u8], strings: u32) -> Option<(u16, &[u8])> {
    Some(match kind {
        0x02 => (0x02, value.get(..4)?),
        0x03 | 0x0B => (0x03, value.get(..1)?),
        0x04 | 0x0A => (0x04, value.get(..1)?),
        0x05 | 0x09 => (0x05, value.get(..8)?),
        0x06 | 0x08 => (0x06, wide(value)?.0),
        0x07 => (0x07, value.get(..4).filter(|_| u32_at(value, 0).is_some_and(|index| index < strings))?),
        0x3E => (0x06, wide(value.get(1..)?)?.0),
        _ => return None,
    })
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
        let limits = Limits::default();
        let mut budget = Budget::new(&limits);
        let strings = record(0x13, &[&[0][..], &long(&[1]), &0x7532_u16.to_le_bytes()].concat());
        let mut carrier = Carrier::new(&strings, &limits).unwrap();
        let mut walk = Walk::new(Sheet::new("a", false));
        walk.read(&part.concat(), &[Kind::Plain, Kind::Percent], &mut carrier, &mut budget).unwrap();
        let sheet = walk.finish(&mut carrier.open().unwrap(), false, &mut budget).unwrap();
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
