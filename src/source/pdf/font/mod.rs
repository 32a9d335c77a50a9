//! Fonts: which characters a code of a show operation stands for, and how far it moves the pen.
//!
//! A character is taken from, in this order: the font's `ToUnicode` map; a predefined encoding or character
//! collection; the glyph's name; the character map of the embedded program. Whatever none of them tells stays unknown.

mod composite;
mod program;
mod simple;
mod type3;

use super::budget::Budget;
use super::unicode::text_string;
use crate::error::Result;
use crate::source::ink;
use crate::source::ink::characters::{fold, trusted};
use composite::Composite;
use hayro_cmap::{BfString, CMap};
use hayro_font::{CMapResolverFn, FontCache, FontQuery, FontResolverFn};
use hayro_syntax::object::{Dict, Name, Stream};
use simple::Simple;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use type3::Type3;

/// What one code draws. Lengths are in thousandths of the font size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Code {
    /// Its characters.
    pub(super) chars: Chars,
    /// Advance along the writing direction.
    pub(super) advance: f64,
    /// From the pen to the glyph's own origin; not zero in vertical writing.
    pub(super) shift: (f64, f64),
    /// Width of the glyph.
    pub(super) width: f64,
}

/// The characters of a code.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Chars {
    /// The font does not say.
    Unknown,
    /// The usual.
    One(char),
    /// A ligature.
    Many(Box<str>),
}

impl Chars {
    /// What a map answers, if it can be believed.
    fn from_map(answer: Option<BfString>) -> Option<Self> {
        match answer? {
            BfString::Char(c) => trusted(c).then(|| Self::One(fold(c))),
            BfString::String(s) => {
                let s: String = s.chars().filter(|c| *c != '\0').map(fold).collect();
                let mut chars = s.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => trusted(c).then_some(Self::One(c)),
                    (Some(_), Some(_)) => s.chars().all(trusted).then(|| Self::Many(s.into())),
                    (None, _) => None,
                }
            }
        }
    }
}

/// A font of the document.
pub(super) struct Font<'a> {
    /// Index in the order of first use.
    pub(super) index: u16,
    /// Its name without the subset prefix.
    pub(super) name: String,
    /// Whether the name or the descriptor says bold.
    pub(super) bold: bool,
    /// The first page on which a visible glyph of it could not be read.
    pub(super) unread_on: Cell<Option<u32>>,
    kind: Kind<'a>,
    codes: RefCell<BTreeMap<u32, Rc<Code>>>,
}

enum Kind<'a> {
    Simple(Simple<'a>),
    Composite(Box<Composite<'a>>),
    Type3(Box<Type3<'a>>),
    Missing,
}

/// The fonts of a document, each loaded once.
pub(super) struct Fonts<'a> {
    library: Library<'a>,
    by_place: RefCell<BTreeMap<usize, Rc<Font<'a>>>>,
}

/// Where font programs and predefined maps come from.
struct Library<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    maps: CMapResolverFn,
    budget: &'a Budget,
}

impl<'a> Fonts<'a> {
    pub(super) fn new(budget: &'a Budget) -> Self {
        let library = Library {
            cache: FontCache::new(),
            programs: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
            }),
            maps: Arc::new(hayro_cmap::load_embedded),
            budget,
        };
        Self { library, by_place: RefCell::default() }
    }

    /// The font described by `dict`, told apart by where its description stands in memory.
    pub(super) fn get(&self, dict: &Dict<'a>) -> Result<Rc<Font<'a>>> {
        let place = dict.data().as_ptr() as usize;
        if let Some(font) = self.by_place.borrow().get(&place) {
            return Ok(Rc::clone(font));
        }
        let index = u16::try_from(self.by_place.borrow().len()).unwrap_or(u16::MAX);
        let font = Rc::new(self.library.load(dict, index)?);
        self.by_place.borrow_mut().insert(place, Rc::clone(&font));
        Ok(font)
    }

    /// Name and page of every font that had visible glyphs that could not be read, in the order of use.
    pub(super) fn unread(&self) -> Vec<(String, u32)> {
        let fonts = self.by_place.borrow();
        let mut unread: Vec<_> =
            fonts.values().filter_map(|f| Some((f.unread_on.get()?, f.index, f.name.clone()))).collect();
        unread.sort();
        unread.dedup_by(|a, b| a.2 == b.2);
        unread.into_iter().map(|(page, _, name)| (name, page)).collect()
    }
}

impl<'a> Library<'a> {
    fn load(&self, dict: &Dict<'a>, index: u16) -> Result<Font<'a>> {
        let name = base_name(dict);
        let simple = || Simple::new(dict, &name, self).map(|font| font.map(Kind::Simple));
        let kind = match dict.get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Type0") => Composite::new(dict, self)?.map(|c| Kind::Composite(Box::new(c))),
            Some(b"Type3") if widths_are_sane(dict) => match Type3::new(dict, self)? {
                Some(font) => Some(Kind::Type3(Box::new(font))),
                None => simple()?,
            },
            _ if widths_are_sane(dict) => simple()?,
            _ => None,
        };
        Ok(Font {
            index,
            bold: is_bold(dict, &name),
            name,
            unread_on: Cell::new(None),
            kind: kind.unwrap_or(Kind::Missing),
            codes: RefCell::default(),
        })
    }

    /// The font's own map from codes to characters.
    fn to_unicode(&self, dict: &Dict<'a>) -> Result<Option<CMap>> {
        let Some(stream) = dict.get::<Stream<'_>>(b"ToUnicode") else { return Ok(None) };
        let data = self.budget.unpack(&stream)?;
        Ok(data.and_then(|data| CMap::parse(&data, hayro_cmap::load_embedded)))
    }

    /// Whether the streams that the library unpacks for this font are within the limits.
    fn admit(&self, dict: &Dict<'a>) -> Result<()> {
        let streams = ["ToUnicode", "FontFile", "FontFile2", "FontFile3", "CIDToGIDMap", "Encoding"];
        streams.iter().filter_map(|key| dict.get::<Stream<'_>>(key)).try_for_each(|s| self.budget.admit(&s))
    }
}

impl Font<'_> {
    /// Whether it is written downwards.
    pub(super) fn vertical(&self) -> bool {
        matches!(&self.kind, Kind::Composite(c) if c.vertical)
    }

    /// Takes the next code off `bytes`: the code and its length.
    pub(super) fn next_code(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        let first = *bytes.first()?;
        Some(match &self.kind {
            Kind::Composite(font) => font.next_code(bytes),
            Kind::Simple(font) => font.next_code(first, bytes.get(1).copied()),
            Kind::Type3(_) | Kind::Missing => (u32::from(first), 1),
        })
    }

    /// What the code draws.
    pub(super) fn code(&self, code: u32) -> Rc<Code> {
        if let Some(known) = self.codes.borrow().get(&code) {
            return Rc::clone(known);
        }
        let new = Rc::new(match &self.kind {
            Kind::Simple(font) => font.code(code),
            Kind::Composite(font) => font.code(code),
            Kind::Type3(font) => font.code(code),
            Kind::Missing => Code { chars: Chars::Unknown, advance: 500.0, shift: (0.0, 0.0), width: 500.0 },
        });
        self.codes.borrow_mut().insert(code, Rc::clone(&new));
        new
    }
}

/// Whether the first code is one: the library lists a width for every code up to it.
fn widths_are_sane(dict: &Dict<'_>) -> bool {
    dict.get::<i64>(b"FirstChar").is_none_or(|first| (0..=0xFFFF).contains(&first))
}

/// The name as its author wrote it: names of Chinese fonts are often GBK bytes.
fn base_name(dict: &Dict<'_>) -> String {
    let name = dict.get::<Name<'_>>(b"BaseFont").or_else(|| dict.get::<Name<'_>>(b"Name"));
    let name = name.and_then(|n| text_string(&n)).unwrap_or_default();
    match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest.to_owned(),
        _ => name,
    }
}

fn is_bold(dict: &Dict<'_>, name: &str) -> bool {
    const FORCE_BOLD: u32 = 1 << 18;
    let descriptor = descriptor(dict);
    let number = |key: &str| descriptor.as_ref().and_then(|d| d.get::<f32>(key)).unwrap_or(0.0);
    ink::is_bold(name)
        || number("FontWeight") >= 600.0
        || descriptor.as_ref().and_then(|d| d.get::<u32>(b"Flags")).unwrap_or(0) & FORCE_BOLD != 0
}

/// The descriptor of a simple font, or of a composite font's descendant.
fn descriptor<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    composite::descendant(dict).as_ref().unwrap_or(dict).get::<Dict<'_>>(b"FontDescriptor")
}
