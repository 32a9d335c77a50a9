//! Fonts whose codes go through a character map to glyph numbers (CIDs): nearly all Chinese text.
//!
//! The font program is read only where the maps are silent: it may be megabytes.

use super::program::Characters;
use super::simple::blank;
use super::{Chars, Code, Library};
use crate::error::Result;
use crate::source::ink::characters::fold;
use hayro_cmap::{CMap, CMapName, CidFamily, WritingMode};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Widths of more glyphs than a font can have are not read by the library.
const MOST_GLYPHS: u32 = 1 << 17;

/// A composite font.
pub(super) struct Composite<'a> {
    pub(super) vertical: bool,
    encoding: CMap,
    code_is: CodeIs,
    to_unicode: Option<CMap>,
    by_cid: OnceCell<Option<CMap>>,
    family: Option<CidFamily>,
    program: OnceCell<Program<'a>>,
    source: Source<'a>,
    default_width: f64,
    widths: Ranges<f64>,
    default_down: [f64; 2],
    downs: Ranges<[f64; 3]>,
}

/// What the encoding's codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CodeIs {
    /// Two bytes, the CID itself.
    Cid,
    /// UCS-2 or UTF-16.
    Unicode,
    Other,
}

/// What is needed to read the program later.
struct Source<'a> {
    font: Option<(Dict<'a>, FontResolverFn, CMapResolverFn)>,
    data: Option<Stream<'a>>,
    cid_to_glyph: Option<Stream<'a>>,
}

struct Program<'a> {
    characters: Characters,
    glyphs: Option<Vec<u8>>,
    font: Option<Font<'a>>,
}

/// Values of runs of numbers: first → (last, value).
type Ranges<T> = BTreeMap<u32, (u32, T)>;

impl<'a> Composite<'a> {
    pub(super) fn new(dict: &Dict<'a>, library: &Library<'a>) -> Result<Option<Self>> {
        let Some(descendant) = descendant(dict) else { return Ok(None) };
        library.admit(dict)?;
        let Some((encoding, code_is)) = encoding(dict, library)? else { return Ok(None) };
        let widths = descendant.get::<Array<'_>>(b"W").map(|w| widths(&w)).unwrap_or_default();
        let downs = descendant.get::<Array<'_>>(b"W2").map(|w| downs(&w)).unwrap_or_default();
        Ok(Some(Self {
            vertical: encoding.metadata().writing_mode == Some(WritingMode::Vertical),
            family: family(&encoding, &descendant),
            source: source(dict, &descendant, library, &widths, &downs)?,
            encoding,
            code_is,
            to_unicode: library.to_unicode(dict)?,
            by_cid: OnceCell::new(),
            program: OnceCell::new(),
            default_width: descendant.get::<f64>(b"DW").unwrap_or(1000.0),
            widths,
            default_down: descendant.get::<[f64; 2]>(b"DW2").unwrap_or([880.0, -1000.0]),
            downs,
        }))
    }

    pub(super) fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        if self.code_is == CodeIs::Cid
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
        // Not in the map: skip what looks like a whole character, so that the rest stays in step.
        match bytes {
            [a @ 0x80..=0xFF, b, ..] => (u32::from(*a) << 8 | u32::from(*b), 2),
            [a, ..] => (u32::from(*a), 1),
            [] => (0, 1),
        }
    }

    pub(super) fn code(&self, code: u32) -> Code {
        let cid = (1..=4).find_map(|length| self.encoding.lookup_cid_code(code, length));
        let width = cid.and_then(|cid| find(&self.widths, cid)).copied().unwrap_or(self.default_width);
        let chars = self.chars(code, cid);
        if !self.vertical {
            return Code { chars, advance: width, shift: (0.0, 0.0), width };
        }
        let [height, advance] = self.default_down;
        let [advance, x, y] =
            cid.and_then(|cid| find(&self.downs, cid)).copied().unwrap_or([advance, width / 2.0, height]);
        Code { chars, advance, shift: (-x, -y), width }
    }

    fn chars(&self, code: u32, cid: Option<u32>) -> Chars {
        let mapped = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code));
        let known = Chars::from_map(mapped).or_else(|| self.by_code(code));
        let Some(cid) = cid else { return known.unwrap_or(Chars::Unknown) };
        known.or_else(|| self.by_program(cid)).or_else(|| self.by_collection(cid)).unwrap_or_else(|| self.blank(code))
    }

    fn by_code(&self, code: u32) -> Option<Chars> {
        if self.code_is != CodeIs::Unicode {
            return None;
        }
        let [a, b, c, d] = code.to_be_bytes();
        let units = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
        let units = if units[0] == 0 { &units[1..] } else { &units[..] };
        let mut chars = char::decode_utf16(units.iter().copied());
        let c = chars.next()?.ok()?;
        Chars::from_map(Some(hayro_cmap::BfString::Char(c)))
    }

    /// What the embedded program says of the glyph that is drawn: stronger than the collection that the font claims.
    fn by_program(&self, cid: u32) -> Option<Chars> {
        let program = self.program();
        let glyph = match &program.glyphs {
            None => cid,
            Some(map) => {
                let at = usize::try_from(cid).ok()?.checked_mul(2)?;
                u32::from(u16::from_be_bytes([*map.get(at)?, *map.get(at + 1)?]))
            }
        };
        if glyph == 0 {
            return None;
        }
        program.characters.get(glyph).map(|c| Chars::One(fold(c)))
    }

    fn by_collection(&self, cid: u32) -> Option<Chars> {
        let map = self.by_cid.get_or_init(|| {
            let name = self.family.as_ref()?.ucs2_cmap()?;
            CMap::parse(hayro_cmap::load_embedded(name)?, hayro_cmap::load_embedded)
        });
        Chars::from_map(map.as_ref()?.lookup_bf_string(cid))
    }

    fn blank(&self, code: u32) -> Chars {
        let Some(font) = &self.program().font else { return Chars::Unknown };
        match font.glyph(font.map_code(code), code) {
            FontGlyph::Outline(glyph) => blank(&glyph),
            FontGlyph::Type3(_) => Chars::Unknown,
        }
    }

    fn program(&self) -> &Program<'a> {
        self.program.get_or_init(|| {
            let unpack = |stream: &Option<Stream<'a>>| Some(stream.as_ref()?.decoded_data().ok()?.into_owned());
            let characters = unpack(&self.source.data).map(|data| Characters::of(&data)).unwrap_or_default();
            let font = self.source.font.as_ref();
            let font = font.and_then(|(dict, programs, maps)| FontCache::new().font(dict, programs, maps));
            Program { characters, glyphs: unpack(&self.source.cid_to_glyph), font }
        })
    }
}

pub(super) fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'_>>(b"DescendantFonts")?.iter::<Dict<'_>>().next()
}

fn encoding<'a>(dict: &Dict<'a>, library: &Library<'a>) -> Result<Option<(CMap, CodeIs)>> {
    let map = match dict.get::<Object<'_>>(b"Encoding") {
        Some(Object::Name(name)) => {
            let code_is = if name.starts_with(b"Uni") { CodeIs::Unicode } else { CodeIs::Other };
            match CMapName::from_bytes(&name) {
                CMapName::IdentityH => Some((CMap::identity_h(), CodeIs::Cid)),
                CMapName::IdentityV => Some((CMap::identity_v(), CodeIs::Cid)),
                known => hayro_cmap::load_embedded(known)
                    .and_then(|data| CMap::parse(data, hayro_cmap::load_embedded))
                    .map(|map| (map, code_is)),
            }
        }
        Some(Object::Stream(stream)) => library
            .budget
            .unpack(&stream)?
            .and_then(|data| CMap::parse(&data, hayro_cmap::load_embedded))
            .map(|map| (map, CodeIs::Other)),
        _ => None,
    };
    Ok(map)
}

/// The character collection: that of the encoding, or else the one that the descendant claims.
fn family(encoding: &CMap, descendant: &Dict<'_>) -> Option<CidFamily> {
    let own = encoding.metadata().character_collection.as_ref().map(|c| c.family.clone());
    own.filter(|family| *family != CidFamily::AdobeIdentity).or_else(|| {
        let info = descendant.get::<Dict<'_>>(b"CIDSystemInfo")?;
        let registry = info.get::<PdfString<'_>>(b"Registry")?;
        let ordering = info.get::<PdfString<'_>>(b"Ordering")?;
        Some(CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()))
    })
}

fn source<'a>(
    dict: &Dict<'a>,
    descendant: &Dict<'a>,
    library: &Library<'a>,
    widths: &Ranges<f64>,
    downs: &Ranges<[f64; 3]>,
) -> Result<Source<'a>> {
    let descriptor = descendant.get::<Dict<'_>>(b"FontDescriptor").unwrap_or_default();
    library.admit(&descriptor)?;
    library.admit(descendant)?;
    let data = ["FontFile2", "FontFile3", "FontFile"].iter().find_map(|key| descriptor.get::<Stream<'_>>(key));
    let sizes = widths.iter().map(|(a, (b, _))| (a, b)).chain(downs.iter().map(|(a, (b, _))| (a, b)));
    let glyphs = sizes.fold(0u32, |sum, (first, last)| sum.saturating_add(last.saturating_sub(*first)));
    let readable = data.is_some() && glyphs <= MOST_GLYPHS;
    let font = readable.then(|| (dict.clone(), library.programs.clone(), library.maps.clone()));
    Ok(Source { font, data, cid_to_glyph: descendant.get::<Stream<'_>>(b"CIDToGIDMap") })
}

fn find<T>(ranges: &Ranges<T>, number: u32) -> Option<&T> {
    let (_, (last, value)) = ranges.range(..=number).next_back()?;
    (*last >= number).then_some(value)
}

/// Reads a `W` array.
fn widths(array: &Array<'_>) -> Ranges<f64> {
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

/// Reads a `W2` array: advance, then the position of the origin.
fn downs(array: &Array<'_>) -> Ranges<[f64; 3]> {
    let mut out = BTreeMap::new();
    let mut items = array.flex_iter();
    loop {
        if let Some((mut first, list)) = items.next::<(u32, Array<'_>)>() {
            let numbers: Vec<f64> = list.iter::<f64>().collect();
            for triple in numbers.as_chunks::<3>().0 {
                out.insert(first, (first, *triple));
                first = first.saturating_add(1);
            }
        } else if let Some((first, last, a, x, y)) = items.next::<(u32, u32, f64, f64, f64)>() {
            out.insert(first, (last, [a, x, y]));
        } else {
            return out;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_syntax::object::FromBytes;

    #[test]
    fn widths_by_list_and_by_range() {
        let array = Array::from_bytes(b"[1 [500 250] 10 4000000000 600]").unwrap();
        let widths = widths(&array);
        let at = |cid| find(&widths, cid).copied();
        assert_eq!([at(1), at(2), at(3), at(10), at(9000)], [Some(500.0), Some(250.0), None, Some(600.0), Some(600.0)]);
    }
}
