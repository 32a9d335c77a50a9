//! The start of a `WordDocument` stream in: which version wrote the file, where its parts lie. Nothing is read from them.

use super::broken;
use crate::error::{ErrorKind, Result};
use crate::source::Options;
use crate::source::cfb::{u16_at, u32_at};
use std::ops::Range;

/// Marks of a file: Word 97 and later, and Word 6 and 95.
const WORD97: u16 = 0xA5EC;
const WORD6: u16 = 0xA5DC;

/// What the information block says.
#[derive(Debug, Clone)]
pub(super) struct Fib {
    /// Word 6 or 95: 8-bit text in the code page of its language, shorter records.
    pub(super) old: bool,
    pub(super) language: u16,
    /// Name of the stream of tables; Word 6 has them in the main stream.
    pub(super) tables: Option<&'static str>,
    /// Where the text of a file without pieces lies.
    pub(super) text: Range<u32>,
    /// Characters of the main text.
    pub(super) main: u32,
    /// Characters of all texts before those of text boxes, and of the latter.
    pub(super) before_boxes: u32,
    pub(super) boxes: u32,
    /// Offset of the list of parts in the main stream.
    parts: usize,
}

/// The parts that are read, as their numbers in the list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Styles = 1,
    Characters = 12,
    Paragraphs = 13,
    Pieces = 33,
    Shapes = 40,
    Boxes = 56,
    Lists = 73,
    Overrides = 74,
}

impl Fib {
    /// Reads the block; files that are encrypted or older than Word 6 are refused.
    pub(super) fn read(main: &[u8], options: &Options) -> Result<Self> {
        let word = |at| u16_at(main, at).ok_or_else(|| broken("header"));
        let long = |at| u32_at(main, at).ok_or_else(|| broken("header"));
        let flags = word(10)?;
        let old = match (word(0)?, word(2)?) {
            (WORD97, 0x00C1..) => false,
            (WORD6 | WORD97, 100..0x00C1) => true,
            _ => return Err(ErrorKind::Unsupported { format: "doc of Word 2 and older" }.into()),
        };
        if flags & 0x0100 != 0 {
            return Err(match options.password {
                Some(_) => ErrorKind::Unsupported { format: "encrypted doc" }.into(),
                None => ErrorKind::Encrypted { wrong_password: false }.into(),
            });
        }
        let table = if flags & 0x0200 == 0 { "0Table" } else { "1Table" };
        // Lengths of the main text, notes, headers, macros, comments, endnotes and text boxes follow each other.
        let (lengths, parts) = if old { (52, 88) } else { Self::layout(main)? };
        let mut before_boxes = 0_u32;
        for which in 0..6 {
            before_boxes = before_boxes.saturating_add(long(lengths + 4 * which)?);
        }
        Ok(Self {
            old,
            language: word(6)?,
            tables: (!old).then_some(table),
            text: long(24)?..long(28)?,
            main: long(lengths)?,
            before_boxes,
            boxes: long(lengths + 24)?,
            parts,
        })
    }

    /// Where the lengths of texts and the list of parts begin, in Word 97 and later.
    fn layout(main: &[u8]) -> Result<(usize, usize)> {
        let count = |at| u16_at(main, at).map(usize::from).ok_or_else(|| broken("header"));
        let words = 32;
        let longs = words + 2 + 2 * count(words)?;
        let parts = longs + 2 + 4 * count(longs)?;
        Ok((longs + 2 + 12, parts + 2))
    }

    /// Offset and length of a part in the stream of tables; `None` where the file has none.
    pub(super) fn part(&self, main: &[u8], part: Part) -> Option<Range<usize>> {
        // Word 6 knows fewer parts.
        if self.old && part as usize > Part::Boxes as usize {
            return None;
        }
        let at = self.parts + 8 * part as usize;
        let known = self.old || part as usize <= usize::from(u16_at(main, self.parts - 2)?);
        let (from, length) = (u32_at(main, at)? as usize, u32_at(main, at + 4)? as usize);
        (known && length > 0).then_some(from..from.checked_add(length)?)
    }
}
