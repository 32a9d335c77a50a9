//! The style sheet in; for each style its heading level, its list, and whether it hides or raises text out.

use super::fib::{Fib, Part};
use super::properties::{Character, Paragraph, Switch};
use crate::number::Set;
use crate::source::cfb::u16_at;
use crate::source::word::heading_name;

/// Styles that are based on each other are followed no further.
const CHAIN: usize = 16;
const NONE: u16 = 0x0FFF;

/// The styles by number.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Option<Style>>);

#[derive(Debug, Default)]
struct Style {
    base: u16,
    heading: Option<u8>,
    paragraph: Paragraph,
    character: Character,
}

impl Styles {
    /// Reads the sheet. Where it is damaged it ends: text can be read without styles.
    pub(super) fn read(main: &[u8], tables: &[u8], fib: &Fib) -> Self {
        let mut styles = Vec::new();
        let sheet = fib.part(main, Part::Styles).and_then(|part| tables.get(part)).unwrap_or_default();
        let Some(head) = u16_at(sheet, 0).map(usize::from) else { return Self(styles) };
        let size = u16_at(sheet, 4).map_or(10, usize::from);
        let mut at = 2 + head;
        while let Some(length) = u16_at(sheet, at).map(usize::from) {
            let Some(record) = sheet.get(at + 2..at + 2 + length) else { break };
            styles.push(style(record, size, fib.old));
            // Records begin at even places.
            at += 2 + length + length % 2;
        }
        Self(styles)
    }

    /// The heading level of a style, from 1.
    pub(super) fn heading(&self, number: u16) -> Option<u8> {
        self.chain(number).find_map(|style| style.heading).filter(|level| *level > 0)
    }

    /// The list of a style and the level in it.
    pub(super) fn list(&self, number: u16) -> Option<(u16, Option<u8>)> {
        let list = self.chain(number).find_map(|style| style.paragraph.list)?;
        Some((list, self.chain(number).find_map(|style| style.paragraph.level)))
    }

    /// Whether a style hides its text.
    pub(super) fn hidden(&self, number: u16) -> Option<bool> {
        let hidden = self.chain(number).find_map(|style| style.character.hidden)?;
        Some(hidden != Switch::Off)
    }

    /// Where a style sets its text.
    pub(super) fn set(&self, number: u16) -> Option<Set> {
        self.chain(number).find_map(|style| style.character.set)
    }

    fn chain(&self, number: u16) -> impl Iterator<Item = &Style> {
        let find = |number: u16| self.0.get(usize::from(number))?.as_ref();
        std::iter::successors(find(number), move |style| find(style.base)).take(CHAIN)
    }
}

/// A style, whose fixed part has `size` bytes.
fn style(record: &[u8], size: usize, old: bool) -> Option<Style> {
    let built_in = u16_at(record, 0)? & 0x0FFF;
    let kind = u16_at(record, 2)?;
    let formats = u16_at(record, 4)? & 0x000F;
    let (name, mut at) = name(record, size, old)?;
    let by_number = u8::try_from(built_in).ok().filter(|level| (1..=6).contains(level));
    let mut style = Style {
        base: kind >> 4,
        heading: by_number.or_else(|| heading_name(&name)),
        paragraph: Paragraph::default(),
        character: Character::default(),
    };
    let is_paragraph = kind & 0x000F == 1;
    for number in 0..formats {
        let length = u16_at(record, at).map(usize::from)?;
        let list = record.get(at + 2..at + 2 + length).unwrap_or_default();
        match (is_paragraph, number) {
            // The number of the style itself stands in front.
            (true, 0) => style.paragraph.apply(list.get(2..).unwrap_or_default(), old),
            (true, 1) | (false, 0) if kind & 0x000F <= 2 => style.character.apply(list, old),
            _ => {}
        }
        at += 2 + length + length % 2;
    }
    style.heading = style.heading.or(style.paragraph.outline.map(outline));
    style.base = if style.base == NONE { u16::MAX } else { style.base };
    Some(style)
}

/// The name of a style, and where its formats begin.
fn name(record: &[u8], size: usize, old: bool) -> Option<(String, usize)> {
    if old {
        let length = usize::from(*record.get(size)?);
        let bytes = record.get(size + 1..size + 1 + length)?;
        let end = size + length + 2;
        return Some((String::from_utf8_lossy(bytes).into_owned(), end + end % 2));
    }
    let length = usize::from(u16_at(record, size)?);
    let bytes = record.get(size + 2..size + 2 + 2 * length)?;
    let units = bytes.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
    let name = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let end = size + 2 + 2 * length + 2;
    Some((name, end + end % 2))
}

/// An outline level as stored (from 0; 9 is body text) as a heading level; 0 for none.
pub(super) fn outline(level: u8) -> u8 {
    if level < 6 { level + 1 } else { 0 }
}
