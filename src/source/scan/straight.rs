//! A grey page in, the page lying straight with its ink, rules and sizes of print out.

use super::gray::{Area, Gray};
use super::mask::Mask;
use super::rules::{self, Rule};
use super::sizes::Sizes;
use super::skew;

/// A smaller angle, in radians, moves no pixel by a whole one.
const LEVEL: f32 = 0.0005;

/// A page that lies straight, though perhaps on its side or head.
pub(super) struct Straight {
    pub(super) gray: Gray,
    pub(super) ink: Mask,
    pub(super) rules: Vec<Rule>,
    pub(super) sizes: Sizes,
    /// See [`crate::page::Page::tilt`].
    pub(super) tilt: f32,
}

impl Straight {
    /// From a page whose characters, where nothing tells, are `usual` pixels high.
    pub(super) fn of(gray: Gray, usual: f32) -> Self {
        let ink = Mask::of(&gray);
        let tilt = skew::skew(&ink);
        if tilt.abs() <= LEVEL {
            return Self::level(gray, ink, 0.0, usual);
        }
        let gray = gray.rotated(tilt);
        let ink = Mask::of(&gray);
        Self::level(gray, ink, tilt, usual)
    }

    fn level(gray: Gray, ink: Mask, tilt: f32, usual: f32) -> Self {
        let blots: Vec<Area> = ink.components().into_iter().map(|c| c.area).collect();
        let sizes = Sizes::of(&blots, usual);
        let rules = rules::find(&ink, &Mask::faint(&gray), sizes);
        Self { gray, ink, rules, sizes, tilt }
    }

    /// Turned by quarters, clockwise.
    pub(super) fn turned(&self, quarters: u8, usual: f32) -> Self {
        let gray = self.gray.turned(quarters);
        let ink = Mask::of(&gray);
        Self::level(gray, ink, self.tilt, usual)
    }

    /// Whether its lines seem to run up and down: characters stand closer to the next of their line than to the next line.
    pub(super) fn is_on_its_side(&self) -> bool {
        /// Blots that are looked at, and the share of a character's height that one has at least.
        const LOOKED_AT: usize = 1500;
        const WHOLE: f32 = 0.7;
        let least = super::cells::whole(self.sizes.usual * WHOLE);
        let most = super::cells::whole(self.sizes.large * 1.5);
        let size = |a: &Area| a.width().max(a.height());
        let blots: Vec<Area> = self.ink.components().into_iter().map(|c| c.area).collect();
        let blots: Vec<&Area> = blots.iter().filter(|a| (least..=most).contains(&size(a))).take(LOOKED_AT).collect();
        let (mut level, mut upright) = (0, 0);
        for a in &blots {
            let beside = |b: &&&Area| b.x0 >= a.x1 && b.y0 < a.y1 && a.y0 < b.y1;
            let below = |b: &&&Area| b.y0 >= a.y1 && b.x0 < a.x1 && a.x0 < b.x1;
            let right = blots.iter().filter(beside).map(|b| b.x0 - a.x1).min().unwrap_or(usize::MAX);
            let down = blots.iter().filter(below).map(|b| b.y0 - a.y1).min().unwrap_or(usize::MAX);
            level += usize::from(right < down);
            upright += usize::from(down < right);
        }
        upright > level + level / 2
    }
}
