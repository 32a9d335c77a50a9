//! The streams of a doc file in, its main text as nested paragraphs and tables out.
//!
//! What a paragraph is, and what it ends, is told by the format that holds at its last character. Tracked changes are
//! taken as accepted; hidden text and field codes are left out.

use super::boxes::Boxes;
use super::fib::{Fib, Part};
use super::pieces::{self, Pieces};
use super::properties::{Character, Paragraph};
use super::rows::Row;
use super::runs::Runs;
use super::sprm::{Change, HUGE, changes, old_code};
use super::styles::{Styles, outline};
use super::{broken, lists};
use crate::error::Result;
use crate::limits::Limits;
use crate::number::Set;
use crate::source::cfb::{u16_at, u32_at};
use crate::source::word::content::{self, Content, Item};
use crate::source::word::nest::Nest;
use crate::source::word::numbering::Numbering;
use crate::source::word::readable;
use std::borrow::Cow;
use std::ops::Range;

/// The streams of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Streams<'a> {
    pub(super) main: &'a [u8],
    pub(super) tables: &'a [u8],
    pub(super) data: &'a [u8],
}

/// Reads the main text, with the text boxes that are drawn in it.
pub(super) fn read(streams: Streams<'_>, fib: &Fib, limits: &Limits) -> Result<Content> {
    let Streams { main, tables, .. } = streams;
    let pieces = Pieces::read(main, tables, fib)?;
    let boxes = Boxes::read(main, tables, fib);
    let mut reader = Reader {
        streams,
        old: fib.old,
        pieces: &pieces,
        boxes: &boxes,
        characters: Runs::read(main, tables, fib, Part::Characters)?,
        paragraphs: Runs::read(main, tables, fib, Part::Paragraphs)?,
        styles: Styles::read(main, tables, fib),
        numbering: lists::read(main, tables, fib),
        limits,
        left: limits.unpacked_bytes,
        look: None,
        fields: Vec::new(),
        embedded: false,
    };
    let mut items = reader.blocks(0..fib.main, true)?;
    for text in &boxes.elsewhere {
        items.extend(reader.blocks(text.clone(), false)?);
    }
    Ok(Content { items, embedded: reader.embedded, ..Content::default() })
}

struct Reader<'a> {
    streams: Streams<'a>,
    old: bool,
    pieces: &'a Pieces<'a>,
    boxes: &'a Boxes,
    characters: Runs,
    paragraphs: Runs,
    styles: Styles,
    numbering: Numbering,
    limits: &'a Limits,
    /// Bytes of formats that may still be looked through: many texts may share one.
    left: u64,
    /// The run of characters that was looked up last, and what its piece changes.
    look: Option<(Option<usize>, u16, Character)>,
    /// The fields that are open; whether each is still in its code.
    fields: Vec<bool>,
    embedded: bool,
}

/// The text of a paragraph, which goes on in the next where its mark is deleted.
#[derive(Default)]
struct Line {
    text: String,
    boxes: Vec<Item>,
}

impl<'a> Reader<'a> {
    /// The paragraphs and tables of a part of the text; text boxes are not looked for in text boxes.
    fn blocks(&mut self, range: Range<u32>, with_boxes: bool) -> Result<Vec<Item>> {
        let mut nest = Nest::new(self.limits);
        let mut line = Line::default();
        let (mut start, mut last) = (range.start, None);
        let pieces = self.pieces;
        self.fields.clear();
        for character in pieces.characters(range.clone()) {
            last = Some(character);
            if self.ends_paragraph(character) {
                let end = character.at + 1;
                self.paragraph(start..end, character, &mut line, &mut nest, with_boxes)?;
                start = end;
            }
        }
        if let Some(last) = last.filter(|_| start < range.end) {
            self.paragraph(start..range.end, last, &mut line, &mut nest, with_boxes)?;
        }
        if !line.text.is_empty() || !line.boxes.is_empty() {
            nest.paragraph(0, content::Paragraph { text: line.text, heading: None }, line.boxes)?;
        }
        Ok(nest.finish())
    }

    /// Whether a character ends its paragraph. The mark of a page does so where it is that of a section too.
    fn ends_paragraph(&self, character: pieces::Character) -> bool {
        match character.char {
            '\r' | '\u{7}' => true,
            '\u{C}' => self.paragraphs.ends_at(character.offset),
            _ => false,
        }
    }

    /// A paragraph, whose last character is `mark`.
    fn paragraph(
        &mut self,
        range: Range<u32>,
        mark: pieces::Character,
        line: &mut Line,
        nest: &mut Nest<'_>,
        with_boxes: bool,
    ) -> Result<()> {
        let (format, row) = self.paragraph_format(mark)?;
        for character in self.pieces.characters(range) {
            self.character(character, format.style, line, with_boxes)?;
        }
        let look = self.character_format(mark)?;
        let depth = format.depth();
        let is_cell_mark = mark.char == '\u{7}';
        if depth > 0 && format.ends_row && (is_cell_mark || depth > 1) {
            return nest.end_row(depth, row.left, &row.shapes(), look.deleted);
        }
        let ends_cell = depth > 0 && (is_cell_mark || (format.ends_cell && depth > 1));
        if !ends_cell && (look.deleted || look.runs_on) {
            return Ok(());
        }
        let Line { text, boxes } = std::mem::take(line);
        let is_hidden = text.is_empty() && self.is_hidden(&look, format.style);
        let paragraph = if is_hidden { content::Paragraph::default() } else { self.finished(&format, text) };
        nest.paragraph(depth, paragraph, boxes)?;
        if ends_cell {
            // A field left open must not swallow the cells that follow.
            self.fields.clear();
            nest.end_cell(depth)?;
        }
        Ok(())
    }

    /// A paragraph with its automatic number and its heading level.
    fn finished(&mut self, format: &Paragraph, mut text: String) -> content::Paragraph {
        let of_style = self.styles.list(format.style);
        if let Some(list) = format.list.or(of_style.map(|(list, _)| list)).filter(|list| *list > 0) {
            let level = format.level.or(of_style.and_then(|(_, level)| level)).unwrap_or(0);
            if let Some(number) = self.numbering.next(list.into(), level) {
                text.insert_str(0, &number);
            }
        }
        let heading = format
            .outline
            .map_or_else(|| self.styles.heading(format.style), |level| Some(outline(level)).filter(|level| *level > 0));
        content::Paragraph { text, heading }
    }

    /// Writes a character behind the text so far, if it is seen.
    fn character(&mut self, character: pieces::Character, style: u16, line: &mut Line, with_boxes: bool) -> Result<()> {
        match character.char {
            '\u{13}' => self.fields.push(true),
            '\u{14}' => self.fields.iter_mut().rev().take(1).for_each(|code| *code = false),
            '\u{15}' => self.fields.truncate(self.fields.len().saturating_sub(1)),
            _ => {}
        }
        if self.fields.contains(&true) {
            return Ok(());
        }
        let look = self.character_format(character)?;
        if look.deleted || self.is_hidden(&look, style) {
            return Ok(());
        }
        let shown = match character.char {
            '\u{1}' if look.special => {
                self.embedded |= look.embedded;
                return Ok(());
            }
            '\u{8}' if look.special && with_boxes => {
                if let Some(text) = self.boxes.at(character.at) {
                    let fields = std::mem::take(&mut self.fields);
                    line.boxes.extend(self.blocks(text, false)?);
                    self.fields = fields;
                }
                return Ok(());
            }
            '(' if look.special => look.symbol.and_then(|code| char::from_u32(code.into())).map(readable),
            '\u{B}' | '\u{C}' | '\u{E}' => Some('\n'),
            '\t' => Some(' '),
            '\u{1E}' => Some('-'),
            char if char.is_control() => None,
            char => Some(readable(char)),
        };
        let style_set = || look.style.and_then(|style| self.styles.set(style)).or_else(|| self.styles.set(style));
        let set = look.set.or_else(style_set).unwrap_or(Set::On);
        let before = line.text.chars().next_back();
        line.text.extend(shown.map(|char| set.written(char, before)));
        Ok(())
    }

    fn is_hidden(&self, look: &Character, style: u16) -> bool {
        let of_style = look.style.and_then(|style| self.styles.hidden(style)).or_else(|| self.styles.hidden(style));
        let of_style = of_style.unwrap_or(false);
        look.hidden.map_or(of_style, |hidden| hidden.is_on(of_style))
    }

    /// What holds for a character.
    fn character_format(&mut self, character: pieces::Character) -> Result<Character> {
        let run = self.characters.find(character.offset);
        if let Some((of, change, look)) = &self.look
            && (*of, *change) == (run, character.change)
        {
            return Ok(look.clone());
        }
        let mut look = Character::default();
        if let Some(list) = run.and_then(|run| self.streams.main.get(self.characters.format(run))) {
            self.spend(list)?;
            look.apply(list, self.old);
        }
        if let Some((list, old)) = self.change(character.change)? {
            look.apply(&list, old);
        }
        self.look = Some((run, character.change, look.clone()));
        Ok(look)
    }

    /// What holds for the paragraph that ends with a character, and the row that it may end.
    fn paragraph_format(&mut self, mark: pieces::Character) -> Result<(Paragraph, Row)> {
        let (mut paragraph, mut row) = (Paragraph::default(), Row::default());
        let run = self.paragraphs.find(mark.offset);
        let list = run.and_then(|run| self.streams.main.get(self.paragraphs.format(run))).unwrap_or_default();
        paragraph.style = u16_at(list, 0).unwrap_or(0);
        let list = list.get(2..).unwrap_or_default();
        let huge = changes(list, self.old).find(|change| HUGE.contains(&change.code)).map(|change| self.huge(change));
        for list in [list].into_iter().chain(huge) {
            self.spend(list)?;
            paragraph.apply(list, self.old);
            row.apply(list, self.old);
        }
        if let Some((list, old)) = self.change(mark.change)? {
            paragraph.apply(&list, old);
            row.apply(&list, old);
        }
        Ok((paragraph, row))
    }

    /// The list of changes that was too long for its page.
    fn huge(&self, change: Change<'_>) -> &'a [u8] {
        let list = || {
            let at = u32_at(change.operand, 0)? as usize;
            let length = usize::from(u16_at(self.streams.data, at)?);
            self.streams.data.get(at + 2..at + 2 + length)
        };
        list().unwrap_or_default()
    }

    /// What a piece changes, as a list of changes and whether it is written as Word 6 does.
    fn change(&mut self, stored: u16) -> Result<Option<(Cow<'a, [u8]>, bool)>> {
        if stored & 1 == 0 {
            // One change, with its operand in the upper byte.
            let [low, operand] = stored.to_le_bytes();
            let [code, kind] = old_code(low >> 1).to_le_bytes();
            return Ok((low > 0).then(|| (vec![code, kind, operand].into(), false)));
        }
        let Some(list) = self.pieces.format(stored >> 1).and_then(|place| self.streams.tables.get(place)) else {
            return Ok(None);
        };
        self.spend(list)?;
        Ok(Some((list.into(), self.old)))
    }

    fn spend(&mut self, list: &[u8]) -> Result<()> {
        self.left = self.left.checked_sub(list.len() as u64).ok_or_else(|| broken("formats that repeat"))?;
        Ok(())
    }
}
