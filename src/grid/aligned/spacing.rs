//! Lines of a page in, the width of the blank between words out, font by font: what tells a gap between columns from a
//! gap between words. In type of fixed width a blank is as wide as a letter, in most other type a quarter of an em.

use crate::grid::spell::InkLine;
use std::collections::BTreeMap;

/// Width of the blank between words, in em, of each font that shows enough of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Spacing {
    words: BTreeMap<u16, f32>,
}

/// The blank of a font that shows too few.
const USUAL: f32 = 0.28;
/// Gaps outside this range, in em, are letter spacing or parts of a table.
const BLANK: std::ops::Range<f32> = 0.12..0.75;
/// Blanks that differ by no more are those of type of fixed width; others are no wider than this, in em.
const ALIKE: f32 = 0.05;
const LOOSE: f32 = 0.36;
/// So many blanks tell a font's own.
const ENOUGH: usize = 12;
/// Blanks are stretched to fill a line by no more than this.
const STRETCHED: f32 = 1.7;

impl Spacing {
    /// Measures the blanks of the lines.
    pub(super) fn of(lines: &[InkLine]) -> Self {
        let mut gaps: BTreeMap<u16, Vec<f32>> = BTreeMap::new();
        for line in lines {
            let marks = line.ink.iter().filter(|i| !i.is_blank());
            let mut last = None;
            for glyph in marks {
                if let Some(end) = last {
                    let gap = (glyph.rect.x0 - end) / glyph.size.max(0.1);
                    if BLANK.contains(&gap) {
                        gaps.entry(glyph.font).or_default().push(gap);
                    }
                }
                last = Some(glyph.rect.x1);
            }
        }
        let words = gaps.into_iter().filter(|(_, g)| g.len() >= ENOUGH).map(|(font, mut gaps)| {
            gaps.sort_by(f32::total_cmp);
            let quartile = |q: usize| gaps.get(gaps.len() * q / 4).copied().unwrap_or(USUAL);
            // Gaps between columns may be among the wider ones; in type of fixed width all blanks are alike.
            let (low, high) = (quartile(1), quartile(3));
            (font, if high - low < ALIKE { low } else { low.min(LOOSE) })
        });
        Self { words: words.collect() }
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
