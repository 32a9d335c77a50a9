//! The piece table in, the characters of the text in their order out, each with its offset in the main stream.
//!
//! A file that was saved in a hurry has its text in many pieces, which may lie anywhere; each may carry changes of format.

use super::broken;
use super::fib::{Fib, Part};
use crate::error::Result;
use crate::source::cfb::{u16_at, u32_at};
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use std::ops::Range;

/// Where the text lies.
pub(super) struct Pieces<'a> {
    main: &'a [u8],
    list: Vec<Piece>,
    /// Formats that pieces refer to: their places in the stream of tables.
    formats: Vec<Range<usize>>,
    encoding: &'static Encoding,
}

struct Piece {
    /// Its characters.
    at: Range<u32>,
    /// Offset of the first in the main stream.
    from: u32,
    /// Two bytes a character.
    wide: bool,
    change: u16,
}

/// A character of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Character {
    /// Its number in the text.
    pub(super) at: u32,
    /// Its offset in the main stream.
    pub(super) offset: u32,
    pub(super) char: char,
    /// What its piece changes, as the file writes it; 0 for nothing.
    pub(super) change: u16,
}

impl<'a> Pieces<'a> {
    pub(super) fn read(main: &'a [u8], tables: &[u8], fib: &Fib) -> Result<Self> {
        let encoding = if fib.old { encoding(fib.language) } else { WINDOWS_1252 };
        let mut pieces = Self { main, list: Vec::new(), formats: Vec::new(), encoding };
        match fib.part(main, Part::Pieces) {
            Some(part) => pieces.table(tables, part, fib.old)?,
            None if fib.old => {
                let at = 0..fib.text.end.saturating_sub(fib.text.start);
                pieces.list.push(Piece { at, from: fib.text.start, wide: false, change: 0 });
            }
            None => return Err(broken("piece table")),
        }
        pieces.check(fib)?;
        Ok(pieces)
    }

    /// The formats that pieces refer to, then the table of pieces.
    fn table(&mut self, tables: &[u8], part: Range<usize>, old: bool) -> Result<()> {
        let all = tables.get(..part.end).ok_or_else(|| broken("piece table"))?;
        let mut at = part.start;
        while all.get(at) == Some(&1) {
            let length = u16_at(all, at + 1).map(usize::from).ok_or_else(|| broken("piece table"))?;
            self.formats.push(at + 3..at + 3 + length);
            at += 3 + length;
        }
        let plc =
            (all.get(at) == Some(&2)).then(|| all.get(at + 5..)).flatten().ok_or_else(|| broken("piece table"))?;
        let count = plc.len().saturating_sub(4) / 12;
        for i in 0..count {
            let (Some(first), Some(next)) = (u32_at(plc, 4 * i), u32_at(plc, 4 * i + 4)) else { break };
            let record = 4 * (count + 1) + 8 * i;
            let (Some(stored), Some(change)) = (u32_at(plc, record + 2), u16_at(plc, record + 6)) else { break };
            let wide = !old && stored & 0x4000_0000 == 0;
            let from = if old || wide { stored } else { (stored & 0x3FFF_FFFF) / 2 };
            self.list.push(Piece { at: first..next, from, wide, change });
        }
        Ok(())
    }

    /// The pieces must follow each other, lie in the stream and hold the whole text. Bytes belong to one piece only, so
    /// there are never more characters than bytes.
    fn check(&self, fib: &Fib) -> Result<()> {
        let (mut next, mut bytes) = (0_u32, 0_u64);
        for Piece { at, from, wide, .. } in &self.list {
            let length =
                u64::from(at.end.checked_sub(at.start).ok_or_else(|| broken("piece table"))?) << u8::from(*wide);
            bytes += length;
            if at.start != next || u64::from(*from) + length > self.main.len() as u64 {
                return Err(broken("text"));
            }
            next = at.end;
        }
        if next < fib.main || bytes > self.main.len() as u64 {
            return Err(broken("text"));
        }
        Ok(())
    }

    /// The format that a piece refers to, as its place in the stream of tables.
    pub(super) fn format(&self, number: u16) -> Option<Range<usize>> {
        self.formats.get(usize::from(number)).cloned()
    }

    /// The characters of a part of the text.
    pub(super) fn characters(&self, range: Range<u32>) -> impl Iterator<Item = Character> + '_ {
        let first = self.list.partition_point(|piece| piece.at.end <= range.start);
        let pieces = self.list.iter().skip(first).take_while(move |piece| piece.at.start < range.end);
        pieces.flat_map(move |piece| {
            let mut at = piece.at.start.max(range.start);
            let end = piece.at.end.min(range.end);
            std::iter::from_fn(move || {
                let (char, length) = (at < end).then(|| self.character(piece, at, end)).flatten()?;
                let offset = piece.from + ((at - piece.at.start) << u8::from(piece.wide));
                let character = Character { at, offset, char, change: piece.change };
                at += length;
                Some(character)
            })
        })
    }

    /// A character and how many units it takes.
    fn character(&self, piece: &Piece, at: u32, end: u32) -> Option<(char, u32)> {
        let index = (piece.from + ((at - piece.at.start) << u8::from(piece.wide))) as usize;
        if piece.wide {
            let unit = u16_at(self.main, index)?;
            let pair = [unit, u16_at(self.main, index + 2).filter(|_| at + 1 < end).unwrap_or(0)];
            let first = char::decode_utf16(pair).next()?.unwrap_or(char::REPLACEMENT_CHARACTER);
            return Some((first, u32::from(first > '\u{FFFF}') + 1));
        }
        let byte = *self.main.get(index)?;
        if byte.is_ascii() {
            return Some((char::from(byte), 1));
        }
        let pair = self.main.get(index..index + 2).filter(|_| at + 1 < end && !self.encoding.is_single_byte());
        let double = pair.and_then(|pair| single(self.encoding, pair)).map(|char| (char, 2));
        let lone = || self.main.get(index..=index).and_then(|byte| single(self.encoding, byte));
        Some(double.unwrap_or_else(|| (lone().unwrap_or(char::REPLACEMENT_CHARACTER), 1)))
    }
}

/// The one character that these bytes are.
fn single(encoding: &'static Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// The code page of a language, for files of Word 6 and 95. Later files have their 8-bit text in Windows 1252 always.
fn encoding(language: u16) -> &'static Encoding {
    match language {
        0x0404 | 0x0C04 | 0x1404 => BIG5,
        language => match language & 0x03FF {
            0x04 => GBK,
            0x11 => SHIFT_JIS,
            0x12 => EUC_KR,
            0x19 | 0x22 | 0x23 | 0x02 => WINDOWS_1251,
            0x05 | 0x0E | 0x15 | 0x18 | 0x1A | 0x1B | 0x24 => WINDOWS_1250,
            _ => WINDOWS_1252,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(main: &[u8], list: Vec<Piece>, encoding: &'static Encoding) -> String {
        let end = list.last().map_or(0, |piece| piece.at.end);
        let pieces = Pieces { main, list, formats: Vec::new(), encoding };
        pieces.characters(0..end).map(|character| character.char).collect()
    }

    fn piece(at: Range<u32>, from: u32, wide: bool) -> Piece {
        Piece { at, from, wide, change: 0 }
    }

    #[test]
    fn pieces_are_read_in_their_order() {
        let main = [0x93, b'a', 0x2D, 0x4E, 0x3D, 0xD8, 0x00, 0xDE];
        let list = vec![piece(0..1, 2, true), piece(1..3, 0, false), piece(3..5, 4, true)];
        assert_eq!(text(&main, list, WINDOWS_1252), "中“a😀");
    }

    #[test]
    fn old_files_have_two_bytes_for_a_character() {
        let main = [0xD6, 0xD0, b'a', 0xD6];
        assert_eq!(text(&main, vec![piece(0..4, 0, false)], encoding(0x0804)), "中a\u{FFFD}");
    }

    #[test]
    fn a_part_begins_and_ends_where_it_is_asked_to() {
        let list = vec![piece(0..2, 0, false), piece(2..4, 2, false)];
        let pieces = Pieces { main: b"abcd", list, formats: Vec::new(), encoding: WINDOWS_1252 };
        let part: Vec<_> = pieces.characters(1..3).map(|character| (character.at, character.char)).collect();
        assert_eq!(part, [(1, 'b'), (2, 'c')]);
    }
}
