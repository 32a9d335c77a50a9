//! Fonts with one byte a code, and those that smuggle two-byte Chinese text through such a font.

use super::program::Characters;
use super::{Chars, Code, Library};
use crate::error::Result;
use crate::source::ink::characters::fold;
use crate::source::pdf::unicode::gbk;
use hayro_font::{Font, FontGlyph, GlyphId, Type3Glyph};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Stream};
use std::cell::OnceCell;

/// A simple font.
pub(super) struct Simple<'a> {
    font: Font<'a>,
    /// Codes above 0x80 are pairs of GBK bytes.
    gbk: bool,
    /// The library's answer may rest on nothing but its default encoding.
    unsure: bool,
    /// Letters of a picture font that is not embedded: its encoding says nothing.
    pictures: bool,
    program: OnceCell<Characters>,
}

impl<'a> Simple<'a> {
    pub(super) fn new(dict: &Dict<'a>, name: &str, library: &Library<'a>) -> Result<Option<Self>> {
        library.admit(dict)?;
        let descriptor = dict.get::<Dict<'_>>(b"FontDescriptor").unwrap_or_default();
        library.admit(&descriptor)?;
        let Some(font) = library.cache.font(dict, &library.programs, &library.maps) else { return Ok(None) };
        let embedded = ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| descriptor.contains_key(key));
        let kind = dict.get::<Name<'_>>(b"Subtype");
        let true_type = kind.as_ref().is_some_and(|k| k.as_ref() == b"TrueType");
        let type3 = kind.as_ref().is_some_and(|k| k.as_ref() == b"Type3");
        let mapped = dict.contains_key(b"ToUnicode");
        Ok(Some(Self {
            font,
            gbk: !embedded && !mapped && !type3 && is_chinese(name) && dict.get::<Dict<'_>>(b"Encoding").is_none(),
            unsure: true_type && embedded && !mapped && !dict.contains_key(b"Encoding"),
            pictures: !embedded && !mapped && !type3 && is_pictures(name),
            program: OnceCell::new(),
        }))
    }

    /// A font that has been read already and whose answers can be believed.
    pub(super) fn drawn(font: Font<'a>) -> Self {
        Self { font, gbk: false, unsure: false, pictures: false, program: OnceCell::new() }
    }

    pub(super) fn next_code(&self, first: u8, second: Option<u8>) -> (u32, usize) {
        match second {
            Some(second @ 0x40..=0xFE) if self.gbk && first >= 0x81 => (u32::from(first) << 8 | u32::from(second), 2),
            _ => (u32::from(first), 1),
        }
    }

    pub(super) fn code(&self, code: u32) -> Code {
        let [.., high, low] = code.to_be_bytes();
        if high > 0 {
            let width = self.font.code_advance(high.into()).x + self.font.code_advance(low.into()).x;
            let chars = gbk([high, low]).map_or(Chars::Unknown, Chars::One);
            return Code { chars, advance: width, shift: (0.0, 0.0), width };
        }
        let advance = self.font.code_advance(code).x;
        Code { chars: self.chars(code), advance, shift: (0.0, 0.0), width: advance }
    }

    fn chars(&self, code: u32) -> Chars {
        let id = self.font.map_code(code);
        match self.font.glyph(id, code) {
            FontGlyph::Outline(glyph) => {
                let known = if self.unsure { None } else { Chars::from_map(glyph.as_unicode()) };
                let known = known.filter(|_| !self.pictures);
                known.or_else(|| self.by_program(&glyph, id)).unwrap_or_else(|| blank(&glyph))
            }
            FontGlyph::Type3(glyph) => Chars::from_map(glyph.as_unicode())
                .unwrap_or_else(|| if draws_nothing(&glyph) { Chars::One(' ') } else { Chars::Unknown }),
        }
    }

    fn by_program(&self, glyph: &hayro_font::OutlineGlyph, id: GlyphId) -> Option<Chars> {
        if id == GlyphId::NOTDEF {
            return None;
        }
        let data = glyph.font_data()?;
        let program = self.program.get_or_init(|| Characters::of(data.data.as_ref().as_ref()));
        program.get(id.to_u32()).map(|c| Chars::One(fold(c)))
    }
}

/// A glyph without ink is a space, whatever its code.
pub(super) fn blank(glyph: &hayro_font::OutlineGlyph) -> Chars {
    if glyph.outline().is_empty() { Chars::One(' ') } else { Chars::Unknown }
}

/// Whether the drawing of a glyph is plainly empty.
fn draws_nothing(glyph: &Type3Glyph<'_>) -> bool {
    /// The drawing of a space sets a width and little else.
    const SHORT: usize = 128;
    const UNPACKED: usize = 1024;
    let plain = |program: &&Stream<'_>| program.raw_data().len() <= SHORT && program.filters().len() <= 1;
    let Some(program) = glyph.program().filter(plain) else { return false };
    let Some(data) = program.decoded_data().ok().filter(|data| data.len() <= UNPACKED) else { return false };
    let mut ops = TypedIter::new(&data);
    while let Some(op) = ops.next() {
        match op {
            Op::ColorGlyph(_)
            | Op::ShapeGlyph(_)
            | Op::SaveState(_)
            | Op::RestoreState(_)
            | Op::Transform(_)
            | Op::EndPath(_) => {}
            _ => return false,
        }
    }
    true
}

/// Whether a font of this name draws Chinese.
fn is_chinese(name: &str) -> bool {
    const WORDS: [&str; 14] =
        ["sim", "song", "hei", "kai", "fang", "ming", "yahei", "dengxian", "fzxbs", "宋", "黑", "楷", "仿", "等线"];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a font of this name draws pictures in the place of letters.
fn is_pictures(name: &str) -> bool {
    name.contains("ingdings") || name.contains("Webdings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_chinese_fonts() {
        assert!(is_chinese("SimSun") && is_chinese("仿宋_GB2312") && is_chinese("STKaiti"));
        assert!(!is_chinese("Arial") && !is_chinese("TimesNewRoman"));
    }
}
