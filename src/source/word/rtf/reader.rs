//! The bytes of an rtf file in, its text as nested paragraphs and tables out, with its title.
//!
//! Tracked changes are taken as accepted; hidden text, notes and pictures are left out. A file whose groups are not all
//! closed is cut off.

use super::fonts::Fonts;
use super::state::{Paragraph, State, Target, target};
use super::tokens::{Token, Tokens};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::number::Set;
use crate::source::word::content::{self, Content, Item, Merge};
use crate::source::word::edges::Shape;
use crate::source::word::nest::Nest;
use crate::source::word::{heading_name, readable};
use std::collections::BTreeMap;

/// Text boxes in text boxes are read no deeper.
const BOXES: usize = 4;

/// Reads a file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<(Content, Option<String>)> {
    let mut reader = Reader {
        limits,
        fonts: Fonts::default(),
        default_font: 0,
        headings: BTreeMap::new(),
        state: State::default(),
        around: Vec::new(),
        main: Story::new(limits, 0),
        boxes: Vec::new(),
        rows: [RowShape::default(), RowShape::default()],
        bytes: Vec::new(),
        surrogate: None,
        skip: 0,
        optional: false,
        aside: String::new(),
        title: String::new(),
        embedded: false,
    };
    for token in Tokens::new(bytes) {
        reader.token(token)?;
        if reader.around.is_empty() && token == Token::Close {
            return reader.finish();
        }
    }
    Err(ErrorKind::Truncated { detail: "rtf: a group is not closed".into() }.into())
}

struct Reader<'a> {
    limits: &'a Limits,
    fonts: Fonts,
    default_font: i32,
    /// Heading levels of styles.
    headings: BTreeMap<i32, u8>,
    state: State,
    /// The states of the groups around.
    around: Vec<State>,
    main: Story<'a>,
    /// The text boxes that are open.
    boxes: Vec<Story<'a>>,
    /// The row at hand as stated, and that of an inner table.
    rows: [RowShape; 2],
    /// Text that is still to be decoded.
    bytes: Vec<u8>,
    /// The first half of a character.
    surrogate: Option<u16>,
    /// Characters that only stand for the Unicode one before them.
    skip: usize,
    /// The next word is marked as one that may be passed over by those who do not know it.
    optional: bool,
    /// Text that is no part of a paragraph: names of styles, numbers of lists.
    aside: String,
    title: String,
    embedded: bool,
}

/// A text with paragraphs and tables of its own.
struct Story<'a> {
    nest: Nest<'a>,
    text: String,
    boxes: Vec<Item>,
    /// The number of groups around it.
    groups: usize,
}

/// A row as stated.
#[derive(Default)]
struct RowShape {
    left: i32,
    cells: Vec<Shape>,
    /// The cell whose edge comes next.
    next: Shape,
}

impl<'a> Story<'a> {
    fn new(limits: &'a Limits, groups: usize) -> Self {
        Self { nest: Nest::new(limits), text: String::new(), boxes: Vec::new(), groups }
    }

    /// Everything in it; what has no end is a paragraph too.
    fn finish(mut self) -> Result<Vec<Item>> {
        if !self.text.is_empty() || !self.boxes.is_empty() {
            let paragraph = content::Paragraph { text: self.text, heading: None };
            self.nest.paragraph(0, paragraph, self.boxes)?;
        }
        Ok(self.nest.finish())
    }
}

impl<'a> Reader<'a> {
    fn token(&mut self, token: Token<'a>) -> Result<()> {
        match token {
            Token::Text(text) => {
                let skipped = self.skip.min(text.len());
                self.skip -= skipped;
                self.bytes.extend_from_slice(text.get(skipped..).unwrap_or_default());
                return Ok(());
            }
            Token::Byte(byte) if self.skip == 0 => {
                self.bytes.push(byte);
                return Ok(());
            }
            Token::Byte(_) => {
                self.skip -= 1;
                return Ok(());
            }
            _ => self.flush(),
        }
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Symbol(symbol) => {
                self.symbol(symbol);
                Ok(())
            }
            Token::Word(word, number) => {
                let optional = std::mem::take(&mut self.optional);
                self.skip = 0;
                self.word(word, number, optional)
            }
            Token::Text(_) | Token::Byte(_) => Ok(()),
        }
    }

    fn open(&mut self) -> Result<()> {
        self.skip = 0;
        self.around.push(self.state);
        if self.state.target == Target::Styles {
            self.state.paragraph = Paragraph::default();
            self.aside.clear();
        }
        Limits::check("nesting", self.around.len() as u64, self.limits.nesting)
    }

    fn close(&mut self) -> Result<()> {
        self.skip = 0;
        self.optional = false;
        let inner = self.state;
        self.state = self.around.pop().unwrap_or_default();
        match inner.target {
            Target::Styles => self.style(inner.paragraph),
            Target::Number if self.state.target != Target::Number => self.number(),
            _ => {}
        }
        while let Some(ended) = self.boxes.pop_if(|story| story.groups > self.around.len()) {
            let items = ended.finish()?;
            self.story().boxes.extend(items);
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: u8) {
        let char = match symbol {
            b'*' => {
                self.optional = true;
                return;
            }
            b'~' | b'\t' => ' ',
            b'_' => '-',
            // An end of line behind a backslash is the end of a paragraph; it is rare and read as one of a line.
            b'\r' | b'\n' => '\n',
            _ => return,
        };
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.push(char);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, optional: bool) -> Result<()> {
        self.embedded |= word == "object" && self.state.target == Target::Body;
        if let Some(target) = target(word, self.state.target, optional) {
            self.state.once = self.state.target;
            self.state.target = target;
            self.aside.clear();
            return Ok(());
        }
        match self.state.target {
            Target::Body | Target::InnerRow => {
                if !self.table_word(word, number)? && !self.text_word(word)? {
                    self.property(word, number);
                }
            }
            Target::Fonts => match word {
                "f" => self.state.font = number.unwrap_or(0),
                "fcharset" => self.fonts.set_charset(self.state.font, number.unwrap_or(0)),
                "cpg" => self.fonts.set_page(self.state.font, number.unwrap_or(0)),
                _ => {}
            },
            Target::Twice if word == "ud" => self.state.target = self.state.once,
            Target::Nowhere => {}
            _ => self.property(word, number),
        }
        Ok(())
    }

    /// Words that make up tables; `false` for others.
    fn table_word(&mut self, word: &str, number: Option<i32>) -> Result<bool> {
        let number = number.unwrap_or(0);
        let inner = self.state.depth().max(2);
        let [outer_row, inner_row] = &mut self.rows;
        let row = if self.state.target == Target::InnerRow { inner_row } else { outer_row };
        match word {
            "trowd" => *row = RowShape::default(),
            "trleft" => row.left = number,
            "clvmgf" => row.next.merge = Merge::Begin,
            "clvmrg" => row.next.merge = Merge::Continue,
            "clmrg" => row.next.beside = true,
            "cellx" => {
                let shape = std::mem::take(&mut row.next);
                row.cells.push(Shape { right: number, ..shape });
            }
            "cell" => self.end_cell(1)?,
            "nestcell" => self.end_cell(inner)?,
            "row" => self.end_row(1)?,
            "nestrow" => self.end_row(inner)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Words that stand for text or end it; `false` for others.
    fn text_word(&mut self, word: &str) -> Result<bool> {
        match word {
            "par" | "sect" if !self.state.deleted => self.end_paragraph(self.state.depth())?,
            "shptxt" | "dptxbxtext" if self.boxes.len() < BOXES => {
                self.boxes.push(Story::new(self.limits, self.around.len()));
                self.state.paragraph = Paragraph::default();
            }
            "shptxt" | "dptxbxtext" => self.state.target = Target::Nowhere,
            "line" | "lbr" | "page" | "column" => self.push('\n'),
            "tab" | "emspace" | "enspace" | "qmspace" => self.push(' '),
            "emdash" => self.push('—'),
            "endash" => self.push('–'),
            "bullet" => self.push('•'),
            "lquote" => self.push('‘'),
            "rquote" => self.push('’'),
            "ldblquote" => self.push('“'),
            "rdblquote" => self.push('”'),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Words that say how text or a paragraph is.
    fn property(&mut self, word: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        let state = &mut self.state;
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => state.substitutes = number.and_then(|number| usize::try_from(number).ok()).unwrap_or(1),
            "f" => state.font = number.unwrap_or(0),
            "ansicpg" => self.fonts.set_default(number.unwrap_or(0)),
            "deff" => {
                self.default_font = number.unwrap_or(0);
                state.font = self.default_font;
            }
            "plain" => state.plain(self.default_font),
            "v" => state.hidden = is_on,
            "deleted" | "mvf" => state.deleted = is_on,
            "super" | "msup" => state.set = if is_on { Set::Raised } else { Set::On },
            "sub" | "msub" => state.set = if is_on { Set::Lowered } else { Set::On },
            "nosupersub" => state.set = Set::On,
            "pard" => state.paragraph = Paragraph::default(),
            "intbl" => state.paragraph.in_table = is_on,
            "itap" => state.paragraph.depth = number.and_then(|number| u32::try_from(number).ok()),
            "s" => state.paragraph.style = number.unwrap_or(0),
            "outlinelevel" => {
                let level = number.and_then(|number| u8::try_from(number).ok());
                state.paragraph.heading = Some(level.filter(|level| *level < 6).map_or(0, |level| level + 1));
            }
            _ => {}
        }
    }

    /// A unit of UTF-16, written as a signed number.
    fn unicode(&mut self, number: i32) {
        self.skip = self.state.substitutes;
        let number = if number < 0 { number.saturating_add(0x1_0000) } else { number };
        let code = u32::try_from(number).unwrap_or(0);
        let half = u16::try_from(code).ok();
        match (self.surrogate.take(), half) {
            (_, Some(first @ 0xD800..=0xDBFF)) => self.surrogate = Some(first),
            (Some(first), Some(second)) => {
                char::decode_utf16([first, second])
                    .for_each(|char| self.push(char.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            _ => self.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    /// Decodes the text that was gathered.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        if self.state.target != Target::Nowhere {
            self.fonts.decode(self.state.font, &bytes).chars().for_each(|char| self.push(char));
        }
        self.bytes = bytes;
        self.bytes.clear();
    }

    /// Takes up a character where it belongs.
    fn push(&mut self, char: char) {
        let State { target, hidden, deleted, set, .. } = self.state;
        match target {
            Target::Body if !hidden && !deleted => {
                let text = &mut self.story().text;
                let before = text.chars().next_back();
                text.push(set.written(readable(char), before));
            }
            Target::Number | Target::Styles => self.aside.push(char),
            Target::Title => self.title.push(char),
            _ => {}
        }
    }

    /// The end of the number of a list. One without letters and digits is a bullet.
    fn number(&mut self) {
        let aside = std::mem::take(&mut self.aside);
        let number = aside.trim();
        if number.contains(char::is_alphanumeric) {
            let blank = if number.ends_with(|char: char| char.is_ascii()) { " " } else { "" };
            self.story().text.extend([number, blank]);
        }
    }

    /// The end of a style.
    fn style(&mut self, style: Paragraph) {
        let name = std::mem::take(&mut self.aside);
        let heading = style.heading.filter(|level| *level > 0);
        if let Some(level) = heading.or_else(|| heading_name(name.trim().trim_end_matches(';'))) {
            self.headings.entry(style.style).or_insert(level);
        }
    }

    fn end_paragraph(&mut self, depth: u32) -> Result<()> {
        let Paragraph { style, heading, .. } = self.state.paragraph;
        let heading = heading.or_else(|| self.headings.get(&style).copied()).filter(|level| *level > 0);
        let story = self.story();
        let paragraph = content::Paragraph { text: std::mem::take(&mut story.text), heading };
        let boxes = std::mem::take(&mut story.boxes);
        story.nest.paragraph(depth, paragraph, boxes)
    }

    fn end_cell(&mut self, depth: u32) -> Result<()> {
        self.end_paragraph(depth)?;
        self.story().nest.end_cell(depth)
    }

    fn end_row(&mut self, depth: u32) -> Result<()> {
        if !self.story().text.trim().is_empty() {
            self.end_paragraph(depth)?;
        }
        let [outer_row, inner_row] = &self.rows;
        let row = if depth > 1 { inner_row } else { outer_row };
        let story = self.boxes.last_mut().unwrap_or(&mut self.main);
        story.nest.end_row(depth, row.left, &row.cells, self.state.deleted)
    }

    /// The text that is being read.
    fn story(&mut self) -> &mut Story<'a> {
        self.boxes.last_mut().unwrap_or(&mut self.main)
    }

    fn finish(self) -> Result<(Content, Option<String>)> {
        let content = Content { items: self.main.finish()?, embedded: self.embedded, ..Content::default() };
        let title = self.title.trim();
        Ok((content, (!title.is_empty()).then(|| title.to_owned())))
    }
}
