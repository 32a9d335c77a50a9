//! Fonts whose glyphs are drawings, with a map to characters: browsers write dozens of them into one document.
//!
//! Only the map and the widths are read; the drawings, and the names they go by, when the map is silent.

use super::simple::Simple;
use super::{Chars, Code, Library};
use crate::error::Result;
use hayro_cmap::CMap;
use hayro_font::{CMapResolverFn, FontCache, FontResolverFn};
use hayro_syntax::object::{Array, Dict};
use std::cell::OnceCell;

/// A Type 3 font with a map to characters.
pub(super) struct Type3<'a> {
    to_unicode: CMap,
    first: u32,
    widths: Vec<f64>,
    /// Thousandths of the font size in one unit of the glyphs' space.
    unit: f64,
    whole: OnceCell<Option<Simple<'a>>>,
    source: (Dict<'a>, FontResolverFn, CMapResolverFn),
}

impl<'a> Type3<'a> {
    /// Reads it; `None` when it has no map.
    pub(super) fn new(dict: &Dict<'a>, library: &Library<'a>) -> Result<Option<Self>> {
        let Some(to_unicode) = library.to_unicode(dict)? else { return Ok(None) };
        let [scale, ..] = dict.get::<[f64; 6]>(b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        Ok(Some(Self {
            to_unicode,
            first: dict.get::<u32>(b"FirstChar").unwrap_or(0),
            widths: dict.get::<Array<'_>>(b"Widths").map(|w| w.iter::<f64>().collect()).unwrap_or_default(),
            unit: scale * 1000.0,
            whole: OnceCell::new(),
            source: (dict.clone(), library.programs.clone(), library.maps.clone()),
        }))
    }

    pub(super) fn code(&self, code: u32) -> Code {
        let at = code.checked_sub(self.first).and_then(|i| usize::try_from(i).ok());
        let advance = at.and_then(|i| self.widths.get(i)).copied().unwrap_or(0.0) * self.unit;
        let chars = Chars::from_map(self.to_unicode.lookup_bf_string(code)).unwrap_or_else(|| self.unmapped(code));
        Code { chars, advance, shift: (0.0, 0.0), width: advance }
    }

    fn unmapped(&self, code: u32) -> Chars {
        let whole = self.whole.get_or_init(|| {
            let (dict, programs, maps) = &self.source;
            FontCache::new().font(dict, programs, maps).map(Simple::drawn)
        });
        whole.as_ref().map_or(Chars::Unknown, |font| font.code(code).chars)
    }
}
