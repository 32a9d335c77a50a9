//! Lines of a page in, the width of the blank between words out, font by font: what tells a gap between columns from a
//! gap between words. In type of fixed width a blank is as wide as a letter, in most other type a quarter of an em.

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
const LETTERS: usize = 6;
/// So many blanks tell a font's own.
const ENOUGH: usize = 12;
/// Blanks are stretched to fill a line by no more than this.
const STRETCHED: f32 = 1.7;

impl Spacing {
    /// Measures the blanks of the lines.
    pub(in crate::grid) fn of(lines: &[InkLine]) -> Self {
        let mut gaps: BTreeMap<u16, Vec<f32>> = BTreeMap::new();
        let mut widths: BTreeMap<u16, BTreeMap<char, f32>> = BTreeMap::new();
        for line in lines {
            let marks: Vec<_> = line.ink.iter().filter(|i| !i.is_blank()).collect();
            for glyph in marks.iter().filter(|i| i.ch.is_ascii_alphabetic()) {
                let width = glyph.rect.width() / glyph.size.max(0.1);
                widths.entry(glyph.font).or_default().entry(glyph.ch).or_insert(width);
            }
            for pair in marks.windows(2) {
                let [a, b] = pair else { continue };
                // Gaps beside figures are often those between columns.
                let gap = (b.rect.x0 - a.rect.x1) / b.size.max(0.1);
                if a.ch.is_alphabetic() && b.ch.is_alphabetic() && BLANK.contains(&gap) {
                    gaps.entry(b.font).or_default().push(gap);
                }
            }
        }
        let words = gaps.into_iter().filter(|(_, g)| g.len() >= ENOUGH).map(|(font, mut gaps)| {
            gaps.sort_by(f32::total_cmp);
            let quartile = |q: usize| gaps.get(gaps.len() * q / 4).copied().unwrap_or(USUAL);
            // Gaps between columns may be among the wider ones.
            (font, quartile(1).min(LOOSE))
        });
        let mut words: BTreeMap<u16, f32> = words.collect();
        words.extend(widths.iter().filter_map(|(font, widths)| Some((*font, fixed_width(widths)?))));
        Self { words }
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

/// The width of every letter, where all have one: a blank is as wide.
fn fixed_width(widths: &BTreeMap<char, f32>) -> Option<f32> {
    let (least, most) = widths.values().fold((f32::MAX, f32::MIN), |(a, b), w| (a.min(*w), b.max(*w)));
    (widths.len() >= LETTERS && most - least < ALIKE).then_some(most)
}
