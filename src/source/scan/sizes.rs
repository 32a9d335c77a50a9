//! Blots of ink in, the heights of the characters that they make up out.

use super::gray::{Area, float};

/// Characters are so many pixels high, at least and at most; pages are drawn for that.
const SMALLEST: usize = 6;
const LARGEST: usize = 160;
/// So many blots tell their height.
const ENOUGH: usize = 10;

/// Heights of characters, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizes {
    /// Of most of the page.
    pub(super) usual: f32,
    /// Of its smaller print: tables are often set smaller than the text around them.
    pub(super) small: f32,
    /// Of its larger print.
    pub(super) large: f32,
}

impl Sizes {
    /// From the blots of ink on a page.
    pub(super) fn of(blots: &[Area], usual: f32) -> Self {
        let share = |of| share_of(blots.iter(), of).unwrap_or(usual);
        Self { usual: share(70), small: share(40), large: share(95) }
    }
}

/// The height of the characters that these blots make up; `otherwise` where they are too few to tell.
pub(super) fn height<'a>(blots: impl Iterator<Item = &'a Area>, otherwise: f32) -> f32 {
    share_of(blots, 70).unwrap_or(otherwise)
}

/// The height that so many of a hundred blots stay below: parts of characters and digits are lower than whole ones.
fn share_of<'a>(blots: impl Iterator<Item = &'a Area>, percent: usize) -> Option<f32> {
    let shape = blots.map(|a| (a.width(), a.height()));
    let shape = shape.filter(|(w, h)| *h >= SMALLEST && *w <= 3 * h && *h <= LARGEST);
    let mut heights: Vec<usize> = shape.map(|(w, h)| w.max(h)).collect();
    heights.sort_unstable();
    heights.get(heights.len() * percent / 100).filter(|_| heights.len() >= ENOUGH).map(|h| float(*h))
}
