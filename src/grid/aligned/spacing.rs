//! Lines of a page in, the width of the blank between words out, font by font: what tells a gap between columns from a
//! gap between words. In type of fixed width a blank is as wide as a letter, in most other type a quarter of an em.

use crate::grid::ink::Ink;
use crate::grid::spell::InkLine;
use std::collections::BTreeMap;

/// Width of the blank between words, in em, of each font that shows enough of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::grid) struct Spacing {
    words: BTreeMap<u16, f32>,
}

/// The blank of a font that shows too few.
const USUAL: f32 = 0.28;
/// Gaps outside this range, in em, are letter spacing or parts of a table.
const BLANK: std::ops::Range<f32> = 0.12..0.75;
/// In most type no blank is usually wider than this, in em.
const LOOSE: f32 = 0.36;
/// Letters whose widths differ by less, in em, are all of one width; so many different letters tell.
const ALIKE: f32 = 0.02;
const LETTERS: u32 = 6;
/// So many blanks tell a font's own.
const ENOUGH: usize = 12;
/// Blanks are stretched to fill a line by no more than this.
const STRETCHED: f32 = 1.7;

impl Spacing {
    /// Measures the blanks of the lines.
    pub(in crate::grid) fn of(lines: &[InkLine]) -> Self {
        let mut fonts: BTreeMap<u16, Font> = BTreeMap::new();
        for line in lines {
            let marks: Vec<&Ink> = line.ink.iter().filter(|i| !i.is_blank()).collect();
            for run in marks.chunk_by(|a, b| a.font == b.font) {
                if let Some(first) = run.first() {
                    fonts.entry(first.font).or_default().add(run);
                }
            }
        }
        Self { words: fonts.into_iter().filter_map(|(id, font)| Some((id, font.word()?))).collect() }
    }

    /// The blank between words of the font, in em.
    pub(super) fn word(&self, font: u16) -> f32 {
        self.words.get(&font).copied().unwrap_or(USUAL)
    }

    /// The widest gap, in em, that blanks between words of the font make.
    pub(super) fn widest(&self, font: u16) -> f32 {
        STRETCHED * self.word(font)
    }
}

/// What the lines show of a font, in em.
#[derive(Debug)]
struct Font {
    /// Gaps between words.
    gaps: Vec<f32>,
    /// Narrowest and widest letter, and a bit for each letter seen.
    least: f32,
    most: f32,
    seen: u64,
}

impl Default for Font {
    fn default() -> Self {
        Self { gaps: Vec::new(), least: f32::MAX, most: f32::MIN, seen: 0 }
    }
}

impl Font {
    fn add(&mut self, run: &[&Ink]) {
        for glyph in run.iter().filter(|i| i.ch.is_ascii_alphabetic()) {
            let width = glyph.rect.width() / glyph.size.max(0.1);
            self.least = self.least.min(width);
            self.most = self.most.max(width);
            self.seen |= 1 << (u32::from(glyph.ch) - u32::from('A'));
        }
        for pair in run.windows(2) {
            let [a, b] = pair else { continue };
            // Gaps beside figures are often those between columns.
            let gap = (b.rect.x0 - a.rect.x1) / b.size.max(0.1);
            if BLANK.contains(&gap) && a.ch.is_alphabetic() && b.ch.is_alphabetic() {
                self.gaps.push(gap);
            }
        }
    }

    /// The blank between words, if the font shows enough: as wide as every letter where all have one width. Gaps between
    /// columns may be among the wider gaps, so one of the narrower tells.
    fn word(mut self) -> Option<f32> {
        if self.seen.count_ones() >= LETTERS && self.most - self.least < ALIKE {
            return Some(self.most);
        }
        self.gaps.sort_by(f32::total_cmp);
        let quartile = self.gaps.get(self.gaps.len() / 4).filter(|_| self.gaps.len() >= ENOUGH);
        quartile.map(|gap| gap.min(LOOSE))
    }
}
