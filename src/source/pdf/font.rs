//! Fonts: which character a code of a show operation stands for, and how far it moves the pen.

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_font::{CMapResolverFn, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What one code draws.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Code {
    /// Its characters; empty when no trustworthy one is known.
    pub(super) chars: Chars,
    /// Advance along the writing direction, in thousandths of the font size.
    pub(super) advance: f64,
    /// From the pen to the glyph's own origin, in thousandths; not zero in vertical writing.
    pub(super) shift: (f64, f64),
    /// Width of the glyph, in thousandths.
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

/// A font of the document.
pub(super) struct Font<'a> {
    /// Index in the order of first use.
    pub(super) index: u16,
    /// Its name without the subset prefix.
    pub(super) name: String,
    /// Whether the name or the descriptor says bold.
    pub(super) bold: bool,
    kind: Kind<'a>,
    codes: RefCell<BTreeMap<u32, Rc<Code>>>,
}

enum Kind<'a> {
    Simple(hayro_font::Font<'a>),
    Composite(Box<Composite>),
    Missing,
}

struct Composite {
    encoding: CMap,
    two_bytes: bool,
    vertical: bool,
    to_unicode: Option<CMap>,
    by_cid: Option<CMap>,
    default_width: f64,
    widths: BTreeMap<u32, (u32, f64)>,
    vertical_default: (f64, f64),
}

/// The fonts of a document, each loaded once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    by_place: RefCell<BTreeMap<usize, Rc<Font<'a>>>>,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            programs: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
            }),
            cmaps: Arc::new(hayro_cmap::load_embedded),
            by_place: RefCell::default(),
        }
    }

    /// The font described by `dict`, told apart by where its description stands in the file.
    pub(super) fn get(&self, dict: &Dict<'a>) -> Rc<Font<'a>> {
        let place = dict.data().as_ptr() as usize;
        if let Some(font) = self.by_place.borrow().get(&place) {
            return Rc::clone(font);
        }
        let index = u16::try_from(self.by_place.borrow().len()).unwrap_or(u16::MAX);
        let font = Rc::new(self.load(dict, index));
        self.by_place.borrow_mut().insert(place, Rc::clone(&font));
        font
    }

    fn load(&self, dict: &Dict<'a>, index: u16) -> Font<'a> {
        let name = dict.get::<Name<'_>>(b"BaseFont").map(|n| n.as_str().to_owned()).unwrap_or_default();
        let name = name.split_once('+').map_or(name.as_str(), |(_, rest)| rest).to_owned();
        let composite = dict.get::<Name<'_>>(b"Subtype").is_some_and(|s| s.as_ref() == b"Type0");
        let kind = if composite {
            Composite::new(dict, &self.cmaps).map(|c| Kind::Composite(Box::new(c)))
        } else {
            self.cache.font(dict, &self.programs, &self.cmaps).map(Kind::Simple)
        };
        let bold = name.contains("Bold");
        Font { index, name, bold, kind: kind.unwrap_or(Kind::Missing), codes: RefCell::default() }
    }
}

impl Font<'_> {
    /// Whether it is written downwards.
    pub(super) fn vertical(&self) -> bool {
        matches!(&self.kind, Kind::Composite(c) if c.vertical)
    }

    /// Takes the next code off `bytes`: the code and its length.
    pub(super) fn next_code(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        let first = u32::from(*bytes.first()?);
        Some(match &self.kind {
            Kind::Composite(font) => font.next_code(bytes),
            _ => (first, 1),
        })
    }

    /// What the code draws.
    pub(super) fn code(&self, code: u32) -> Rc<Code> {
        if let Some(known) = self.codes.borrow().get(&code) {
            return Rc::clone(known);
        }
        let new = Rc::new(match &self.kind {
            Kind::Simple(font) => {
                let advance = font.code_advance(code).x;
                let text = match font.glyph(font.map_code(code), code) {
                    FontGlyph::Outline(glyph) => glyph.as_unicode(),
                    FontGlyph::Type3(glyph) => glyph.as_unicode(),
                };
                Code { chars: chars(text), advance, shift: (0.0, 0.0), width: advance }
            }
            Kind::Composite(font) => font.code(code),
            Kind::Missing => Code { chars: Chars::Unknown, advance: 500.0, shift: (0.0, 0.0), width: 500.0 },
        });
        self.codes.borrow_mut().insert(code, Rc::clone(&new));
        new
    }
}

fn chars(text: Option<BfString>) -> Chars {
    match text {
        Some(BfString::Char(c)) if c != '\0' => Chars::One(c),
        Some(BfString::String(s)) if !s.is_empty() => Chars::Many(s.into()),
        _ => Chars::Unknown,
    }
}

impl Composite {
    fn new(dict: &Dict<'_>, cmaps: &CMapResolverFn) -> Option<Self> {
        let (encoding, two_bytes) = match dict.get::<Object<'_>>(b"Encoding")? {
            Object::Name(name) => match CMapName::from_bytes(&name) {
                CMapName::IdentityH => (CMap::identity_h(), true),
                CMapName::IdentityV => (CMap::identity_v(), true),
                other => (CMap::parse(cmaps(other)?, |n| cmaps(n))?, false),
            },
            Object::Stream(stream) => (CMap::parse(&stream.decoded_data().ok()?, hayro_cmap::load_embedded)?, false),
            _ => return None,
        };
        let descendant = dict.get::<Array<'_>>(b"DescendantFonts")?.iter::<Dict<'_>>().next()?;
        let to_unicode = dict
            .get::<Stream<'_>>(b"ToUnicode")
            .and_then(|s| s.decoded_data().ok())
            .and_then(|data| CMap::parse(&data, hayro_cmap::load_embedded));
        let family = encoding.metadata().character_collection.as_ref().map(|c| c.family.clone());
        let family = match family {
            Some(CidFamily::AdobeIdentity) | None => family_of(&descendant),
            known => known,
        };
        let by_cid = family
            .and_then(|f| f.ucs2_cmap())
            .and_then(|name| cmaps(name))
            .and_then(|data| CMap::parse(data, hayro_cmap::load_embedded));
        let vertical_default = descendant.get::<[f64; 2]>(b"DW2").map_or((880.0, -1000.0), |v| (v[0], v[1]));
        Some(Self {
            two_bytes,
            vertical: encoding.metadata().writing_mode == Some(WritingMode::Vertical),
            encoding,
            to_unicode,
            by_cid,
            default_width: descendant.get::<f64>(b"DW").unwrap_or(1000.0),
            widths: descendant.get::<Array<'_>>(b"W").map(|w| widths(&w)).unwrap_or_default(),
            vertical_default,
        })
    }

    fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        if self.two_bytes
            && let [a, b, ..] = bytes
        {
            return (u32::from(*a) << 8 | u32::from(*b), 2);
        }
        let mut code = 0;
        for (length, byte) in (1u8..=4).zip(bytes) {
            code = code << 8 | u32::from(*byte);
            if self.encoding.lookup_cid_code(code, length).is_some() {
                return (code, usize::from(length));
            }
        }
        (0, 1)
    }

    fn code(&self, code: u32) -> Code {
        let cid = (1..=4).find_map(|length| self.encoding.lookup_cid_code(code, length)).unwrap_or(0);
        let text = self
            .to_unicode
            .as_ref()
            .and_then(|map| map.lookup_bf_string(code))
            .or_else(|| self.by_cid.as_ref()?.lookup_bf_string(cid));
        let width = self
            .widths
            .range(..=cid)
            .next_back()
            .filter(|(_, (last, _))| *last >= cid)
            .map_or(self.default_width, |(_, (_, width))| *width);
        let (advance, shift) = if self.vertical {
            (self.vertical_default.1, (-width / 2.0, -self.vertical_default.0))
        } else {
            (width, (0.0, 0.0))
        };
        Code { chars: chars(text), advance, shift, width }
    }
}

fn family_of(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>(b"CIDSystemInfo")?;
    let registry = info.get::<PdfString<'_>>(b"Registry")?;
    let ordering = info.get::<PdfString<'_>>(b"Ordering")?;
    Some(CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()))
}

/// Reads a `W` array into first CID → (last CID, width).
fn widths(array: &Array<'_>) -> BTreeMap<u32, (u32, f64)> {
    let mut out = BTreeMap::new();
    let mut items = array.flex_iter();
    loop {
        if let Some((mut first, list)) = items.next::<(u32, Array<'_>)>() {
            for width in list.iter::<f64>() {
                out.insert(first, (first, width));
                first = first.saturating_add(1);
            }
        } else if let Some((first, last, width)) = items.next::<(u32, u32, f64)>() {
            out.insert(first, (last, width));
        } else {
            return out;
        }
    }
}
