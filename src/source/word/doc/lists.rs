//! The tables of lists in, as [`Numbering`] counts them out. Where they are damaged they end: text is read without.

use super::fib::{Fib, Part};
use crate::source::cfb::{u16_at, u32_at};
use crate::source::word::numbering::{Definition, LEVELS, Level, List, Numbering};

/// Reads the lists; they are known by the numbers that paragraphs refer to, from 1.
pub(super) fn read(main: &[u8], tables: &[u8], fib: &Fib) -> Numbering {
    let mut numbering = Numbering::default();
    // The levels stand behind the table and are not counted in its length.
    let rest = |part| fib.part(main, part).and_then(|place| tables.get(place.start..)).unwrap_or_default();
    definitions(rest(Part::Lists), &mut numbering);
    overrides(rest(Part::Overrides), &mut numbering);
    numbering
}

fn definitions(bytes: &[u8], numbering: &mut Numbering) -> Option<()> {
    const RECORD: usize = 28;
    let count = usize::from(u16_at(bytes, 0)?);
    let mut levels = Reader { bytes, at: 2 + RECORD * count };
    for i in 0..count {
        let at = 2 + RECORD * i;
        let id = u32_at(bytes, at)?;
        let is_simple = bytes.get(at + 26)? & 1 != 0;
        let mut definition = Definition::default();
        for number in 0..if is_simple { 1 } else { LEVELS } {
            definition.levels.insert(number, levels.level()?);
        }
        numbering.definitions.insert(id, definition);
    }
    Some(())
}

/// The lists that paragraphs refer to, and what each changes in its definition.
fn overrides(bytes: &[u8], numbering: &mut Numbering) -> Option<()> {
    const RECORD: usize = 16;
    let count = usize::try_from(u32_at(bytes, 0)?).ok()?;
    let records = bytes.get(4..count.checked_mul(RECORD)?.checked_add(4)?)?;
    for (record, number) in records.chunks_exact(RECORD).zip(1..) {
        let list = List { definition: u32_at(record, 0)?, ..List::default() };
        numbering.lists.insert(number, list);
    }
    let mut reader = Reader { bytes, at: 4 + records.len() };
    for (record, number) in records.chunks_exact(RECORD).zip(1..) {
        reader.at += 4;
        for _ in 0..*record.get(12)? {
            let start = reader.long()?;
            let flags = reader.long()?;
            let at = (flags & 0x0F) as usize;
            let list = numbering.lists.get_mut(&number)?;
            if flags & 0x20 != 0 {
                let level = reader.level()?;
                // The start of a level that is given anew is its own.
                if flags & 0x10 != 0 {
                    list.starts.insert(at, level.start);
                }
                list.levels.insert(at, level);
            } else if flags & 0x10 != 0 {
                list.starts.insert(at, start);
            }
        }
    }
    Some(())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn long(&mut self) -> Option<u32> {
        self.at += 4;
        u32_at(self.bytes, self.at - 4)
    }

    fn level(&mut self) -> Option<Level> {
        const HEAD: usize = 28;
        let head = self.bytes.get(self.at..self.at + HEAD)?;
        let byte = |at: usize| head.get(at).copied().unwrap_or(0);
        let formats = usize::from(byte(24)) + usize::from(byte(25));
        let text = self.at + HEAD + formats;
        let length = usize::from(u16_at(self.bytes, text)?);
        let units = self.bytes.get(text + 2..text + 2 + 2 * length)?;
        self.at = text + 2 + 2 * length;
        let mut level = Level {
            start: u32_at(head, 0)?,
            format: format(byte(4)).into(),
            legal: byte(5) & 0x04 != 0,
            restart: (byte(5) & 0x08 != 0).then_some(usize::from(byte(26))),
            tight: byte(15) == 2,
            ..Level::default()
        };
        let units = units.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
        level.set_text(units.flat_map(pattern));
        Some(level)
    }
}

/// A unit of a number's text: the first few stand for the numbers of levels.
fn pattern(unit: u16) -> impl Iterator<Item = char> {
    let level = u32::from(unit) + 1;
    let stands_for = char::from_digit(level, 10).filter(|_| level <= 9);
    let plain = char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER);
    stands_for.map(|_| '%').into_iter().chain([stands_for.unwrap_or(plain)])
}

/// A number format by its number, as Office Open XML names it.
fn format(number: u8) -> &'static str {
    match number {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        10 => "ideographDigital",
        11 => "japaneseCounting",
        14 => "decimalFullWidth",
        17 => "japaneseDigitalTenThousand",
        18 => "decimalEnclosedCircle",
        19 => "decimalFullWidth2",
        22 => "decimalZero",
        23 => "bullet",
        26 => "decimalEnclosedFullstop",
        27 => "decimalEnclosedParen",
        28 => "decimalEnclosedCircleChinese",
        29 => "ideographEnclosedCircle",
        30 => "ideographTraditional",
        31 => "ideographZodiac",
        33 => "taiwaneseCounting",
        34 => "ideographLegalTraditional",
        35 => "taiwaneseCountingThousand",
        36 => "taiwaneseDigital",
        37 => "chineseCounting",
        38 => "chineseLegalSimplified",
        39 => "chineseCountingThousand",
        255 => "none",
        _ => "decimal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(format: u8, text: &[u16]) -> Vec<u8> {
        let mut level = vec![1, 0, 0, 0, format, 0];
        level.resize(28, 0);
        level[15] = 2;
        level.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        level.extend(text.iter().flat_map(|unit| unit.to_le_bytes()));
        level
    }

    #[test]
    fn levels_and_starts_are_found() {
        let mut lists = vec![1, 0, 7, 0, 0, 0];
        lists.resize(2 + 26, 0);
        lists.extend([1, 0]);
        lists.extend(level(39, &[0xFF08, 0, 0xFF09]));
        let mut overrides = vec![2, 0, 0, 0];
        for count in [0, 1] {
            overrides.extend([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0]);
        }
        overrides.extend([0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0x10, 0, 0, 0]);
        let mut numbering = Numbering::default();
        definitions(&lists, &mut numbering).unwrap();
        super::overrides(&overrides, &mut numbering).unwrap();
        let numbers: Vec<_> = [1, 1, 2].iter().map(|&list| numbering.next(list, 0).unwrap()).collect();
        assert_eq!(numbers, ["（一）", "（二）", "（五）"]);
    }
}
