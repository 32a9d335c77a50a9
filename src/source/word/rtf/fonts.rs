//! The bytes of text and the font they are set in, in; characters out.

use crate::source::charset::of_code_page;
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_1252};
use encoding_rs::{WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256};
use encoding_rs::{WINDOWS_1257, WINDOWS_1258};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The fonts of a file by their numbers.
#[derive(Debug)]
pub(super) struct Fonts {
    fonts: BTreeMap<i32, Charset>,
    /// Of the file as a whole.
    default: &'static Encoding,
}

#[derive(Debug, Clone, Copy)]
enum Charset {
    /// That of the file, or a western one: many a writer says so of any font.
    Unsaid,
    Known(&'static Encoding),
    /// Pictures in the place of letters.
    Symbols,
}

impl Default for Fonts {
    fn default() -> Self {
        Self { fonts: BTreeMap::new(), default: WINDOWS_1252 }
    }
}

impl Fonts {
    /// The code page of the file.
    pub(super) fn set_default(&mut self, page: i32) {
        self.default = by_page(page).unwrap_or(self.default);
    }

    /// The character set of a font.
    pub(super) fn set_charset(&mut self, font: i32, charset: i32) {
        let charset = match charset {
            0 | 1 => Charset::Unsaid,
            2 => Charset::Symbols,
            77 => Charset::Known(MACINTOSH),
            128 => Charset::Known(SHIFT_JIS),
            129 | 130 => Charset::Known(EUC_KR),
            134 => Charset::Known(GBK),
            136 => Charset::Known(BIG5),
            161 => Charset::Known(WINDOWS_1253),
            162 => Charset::Known(WINDOWS_1254),
            163 => Charset::Known(WINDOWS_1258),
            177 => Charset::Known(WINDOWS_1255),
            178 => Charset::Known(WINDOWS_1256),
            186 => Charset::Known(WINDOWS_1257),
            204 => Charset::Known(WINDOWS_1251),
            222 => Charset::Known(WINDOWS_874),
            238 => Charset::Known(WINDOWS_1250),
            _ => Charset::Known(WINDOWS_1252),
        };
        self.fonts.insert(font, charset);
    }

    /// The code page of a font.
    pub(super) fn set_page(&mut self, font: i32, page: i32) {
        if let Some(encoding) = by_page(page) {
            self.fonts.insert(font, Charset::Known(encoding));
        }
    }

    /// The characters that these bytes are in a font. Symbols have no reading.
    pub(super) fn decode<'b>(&self, font: i32, bytes: &'b [u8]) -> Cow<'b, str> {
        if bytes.is_ascii() {
            return String::from_utf8_lossy(bytes);
        }
        match self.fonts.get(&font).copied().unwrap_or(Charset::Unsaid) {
            Charset::Known(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Charset::Symbols => {
                let char = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER };
                bytes.iter().map(char).collect()
            }
            Charset::Unsaid => self
                .default
                .decode_without_bom_handling_and_without_replacement(bytes)
                .unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0),
        }
    }
}

fn by_page(page: i32) -> Option<&'static Encoding> {
    of_code_page(u16::try_from(page).ok()?)
}
