//! What an embedded font program itself knows: which character each of its glyphs was made for.

use crate::source::ink::characters::{fold, trusted};
use skrifa::{FontRef, MetadataProvider};
use std::collections::BTreeMap;

/// The characters of the glyphs of an OpenType program, by glyph number.
#[derive(Debug, Default)]
pub(super) struct Characters(BTreeMap<u32, char>);

impl Characters {
    /// Turns the program's character map round; empty when it has none.
    pub(super) fn of(program: &[u8]) -> Self {
        let mut by_glyph = BTreeMap::new();
        if let Ok(font) = FontRef::from_index(program, 0) {
            for (c, glyph) in font.charmap().mappings() {
                let Some(c) = char::from_u32(c).filter(|c| trusted(*c)).map(fold) else { continue };
                // Of several characters that share a glyph the lowest is the plainest.
                by_glyph.entry(glyph.to_u32()).and_modify(|known: &mut char| *known = c.min(*known)).or_insert(c);
            }
        }
        Self(by_glyph)
    }

    pub(super) fn get(&self, glyph: u32) -> Option<char> {
        self.0.get(&glyph).copied()
    }
}
