//! Ink in, straight level and upright rules out: what bounds the cells of a table, in pixels.
//!
//! Long straight strokes are rules by themselves. Shorter ones are rules where both their ends stand on others; those no
//! longer than strokes of a character may be must be flawless too.

use super::cells::whole;
use super::gray::{Area, float};
use super::mask::{Mask, Run, grouped};
use super::sizes::Sizes;
use crate::page::Axis;

/// A straight stroke, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) axis: Axis,
    /// y of a level one, x of an upright one: the middle of its thickness.
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) width: f32,
    /// The pixels it takes up.
    pub(super) area: Area,
    /// The share of its length that is ink.
    solid: f32,
    /// The share of its length that has ink right beside it, on the side that has more.
    beside: f32,
}

/// Lengths in heights of the page's characters. A level rule must be longer than the strokes of two characters that
/// touch.
const LEVEL: f32 = 3.0;
/// Characters below each other touch where lines are set tight: an upright rule that is no longer than so many of them must
/// stand on others, however plain it is.
const UPRIGHT: f32 = 1.7;
const ALONE: f32 = 5.0;
/// One that stands on two others: it parts cells of a row, which is higher than a character of small print.
const BETWEEN: f32 = 1.3;
const SMALL_PRINT: f32 = 1.5;
/// How far beside the other's end it may stand, and how much may be lost of it, or too much, at one end.
const BEYOND: f32 = 0.4;
const FAR: f32 = 0.25;
/// It has hardly a flaw, and paper on both sides: strokes of characters have others upon them.
const UNBROKEN: f32 = 0.97;
const BESIDE: f32 = 0.2;
/// No rule is thicker, and no pale one thicker than this.
const THICK: f32 = 0.4;
const THIN: f32 = 0.12;
/// How far a rule may leave the straight, over its whole length.
const BENT: f32 = 0.9;
/// Ink that a rule has at least along its length; the rest are flaws of the print.
const SOLID: f32 = 0.85;
/// Flaws are no longer than this, nor is what is missing where two rules meet.
const FLAW: f32 = 0.1;
/// The middles of rules on one line are no farther apart, in pixels.
const NEAR: f32 = 1.6;

/// Finds the rules among ink whose characters have these heights. `faint` is the ink with all that may be some: thin rules
/// are paler than print.
pub(super) fn find(ink: &Mask, faint: &Mask, sizes: Sizes) -> Vec<Rule> {
    let unit = sizes.large;
    let least = BETWEEN * sizes.usual.min(SMALL_PRINT * sizes.small);
    let level = both(strokes(ink, least, unit), strokes(faint, least, unit), unit);
    let (ink, faint) = (ink.transposed(), faint.transposed());
    let upright = both(strokes(&ink, least, unit), strokes(&faint, least, unit), unit);
    let upright: Vec<Rule> = upright.into_iter().map(Rule::transposed).collect();
    let long = |rules: &[Rule], least: f32| -> Vec<Rule> {
        rules.iter().filter(|r| r.length() >= least * unit).copied().collect()
    };
    let (mut levels, mut uprights) = (long(&level, LEVEL), long(&upright, ALONE));
    // What may be a stroke of a character must be flawless, its ends too.
    let between = |short: &[Rule], plain: f32, least: f32, others: &[Rule]| -> Vec<Rule> {
        let standing = |r: &Rule| {
            let is_plain = r.length() >= plain * unit;
            let is_flawless = r.solid >= UNBROKEN && r.is_bare();
            let far = if is_plain { FAR * unit } else { 0.0 };
            if is_plain || is_flawless { r.standing_on(others, unit, far) } else { None }
        };
        short.iter().filter(|r| r.length() < least * unit).filter_map(standing).collect()
    };
    let more = (between(&upright, UPRIGHT, ALONE, &levels), between(&level, LEVEL, LEVEL, &uprights));
    uprights.extend(more.0);
    levels.extend(more.1);
    levels.append(&mut uprights);
    levels
}

/// Strokes, and thin ones of fainter ink that have paper on both sides and are more than a part of one of them.
fn both(mut strokes: Vec<Rule>, faint: Vec<Rule>, unit: f32) -> Vec<Rule> {
    let is_thin = |f: &Rule| f.width <= (THIN * unit).max(3.0);
    let is_more = |f: &Rule| is_thin(f) && f.is_bare() && !strokes.iter().any(|s| s.covers(f, unit));
    let more: Vec<Rule> = faint.into_iter().filter(is_more).collect();
    strokes.retain(|s| !more.iter().any(|f| f.covers(s, unit)));
    strokes.extend(more);
    strokes
}

/// Level strokes of some length.
fn strokes(mask: &Mask, least: f32, unit: f32) -> Vec<Rule> {
    let mut runs = mask.stepped().runs(flaw(unit));
    runs.retain(|run| float(run.to - run.from) >= least);
    grouped(&runs, 2).iter().filter_map(|group| stroke(mask, group, unit)).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a character's height")]
fn flaw(unit: f32) -> usize {
    (FLAW * unit).max(2.0) as usize
}

/// What a group of runs below each other is, if it is a stroke.
fn stroke(mask: &Mask, runs: &[Run], unit: f32) -> Option<Rule> {
    let area = runs.iter().map(super::mask::run_area).reduce(|a, b| a.union(&b))?;
    let (mut pixels, mut moment) = (0usize, 0f32);
    let mut covered = vec![false; area.width()];
    for run in runs {
        let row = mask.row(run.y).get(run.from..run.to).unwrap_or(&[]);
        let mut ink = 0;
        for (bit, seen) in row.iter().zip(covered.iter_mut().skip(run.from - area.x0)) {
            ink += usize::from(*bit);
            *seen |= *bit != 0;
        }
        pixels += ink;
        moment += float(ink) * (float(run.y) + 0.5);
    }
    let length = float(area.width());
    let thick = float(pixels) / length;
    let solid = float(covered.iter().filter(|c| **c).count()) / length;
    // The runs are a pixel thicker on both sides than the ink.
    let bent = float(area.height()) - 2.0 - thick;
    let straight = thick <= (THICK * unit).max(3.0) && bent <= (BENT * unit).min(length / 12.0).max(2.0);
    (solid >= SOLID && straight).then(|| Rule {
        axis: Axis::Horizontal,
        at: moment / float(pixels),
        from: float(area.x0),
        to: float(area.x1),
        width: thick,
        area,
        solid,
        beside: beside(mask, area),
    })
}

/// The share of a level stroke that has ink a little above or below it, on the side that has more.
fn beside(mask: &Mask, area: Area) -> f32 {
    const OFF: usize = 2;
    let share = |y: Option<usize>| {
        let row = y.map_or(&[][..], |y| mask.row(y));
        let ink: usize = row.get(area.x0..area.x1).unwrap_or(&[]).iter().map(|bit| usize::from(*bit)).sum();
        float(ink) / float(area.width())
    };
    // The box is a pixel higher on both sides than the ink.
    share(area.y0.checked_sub(OFF - 1)).max(share(Some(area.y1 + OFF - 2)))
}

impl Rule {
    /// A flawless one.
    #[cfg(test)]
    pub(super) fn drawn(axis: Axis, area: Area) -> Self {
        let (at, from, to, width) = match axis {
            Axis::Horizontal => (area.y0 + area.y1, area.x0, area.x1, area.height()),
            Axis::Vertical => (area.x0 + area.x1, area.y0, area.y1, area.width()),
        };
        let (from, to, width) = (float(from), float(to), float(width));
        Self { axis, at: float(at) / 2.0, from, to, width, area, solid: 1.0, beside: 0.0 }
    }

    fn length(&self) -> f32 {
        self.to - self.from
    }

    /// Whether there is paper on both sides of it.
    fn is_bare(&self) -> bool {
        self.beside <= BESIDE
    }

    /// Whether it takes up the other's length, but for what blurred ends make longer, on the same line.
    fn covers(&self, other: &Self, unit: f32) -> bool {
        let blur = float(flaw(unit));
        let is_level = (self.at - other.at).abs() <= NEAR + self.width.max(other.width) / 2.0;
        is_level && self.from <= other.from + blur && self.to + blur >= other.to
    }

    fn transposed(self) -> Self {
        let a = self.area;
        Self { axis: Axis::Vertical, area: Area { x0: a.y0, y0: a.x0, x1: a.y1, y1: a.x1 }, ..self }
    }

    /// Made to reach the rules across it that its ends stand on; `None` where one of them stands on none. At one end `far`
    /// pixels may be lost, or too much, if that is more than a flaw.
    fn standing_on(&self, others: &[Self], unit: f32, far: f32) -> Option<Self> {
        let (beyond, gap) = (BEYOND * unit, float(flaw(unit)));
        let across = || others.iter().filter(|o| o.from - beyond <= self.at && self.at <= o.to + beyond);
        let off = |o: &Self, end: f32| ((o.at - end).abs() - o.width / 2.0).max(0.0);
        let foot = |end: f32| across().min_by(|a, b| off(a, end).total_cmp(&off(b, end)));
        let (first, last) = (foot(self.from)?, foot(self.to)?);
        let (one, two) = (off(first, self.from), off(last, self.to));
        let is_near = one.min(two) <= gap && one.max(two) <= far.max(gap) && first.at < last.at;
        is_near.then(|| self.reaching(first.at, last.at))
    }

    /// Made as long as that, if it is shorter.
    fn reaching(&self, from: f32, to: f32) -> Self {
        let (from, to) = (self.from.min(from), self.to.max(to));
        let (start, end, a) = (whole(from), whole(to), self.area);
        let area = match self.axis {
            Axis::Horizontal => Area { x0: start, x1: end, ..a },
            Axis::Vertical => Area { y0: start, y1: end, ..a },
        };
        Self { from, to, area, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Sizes = Sizes { usual: 20.0, small: 20.0, large: 20.0 };

    fn drawn(lines: &[Area]) -> Mask {
        let mut mask = Mask::blank(400, 300);
        for line in lines {
            mask.fill(*line, true);
        }
        mask
    }

    fn area(x0: usize, y0: usize, x1: usize, y1: usize) -> Area {
        Area { x0, y0, x1, y1 }
    }

    #[test]
    fn rules_are_told_from_strokes_of_characters() {
        let table = [
            area(20, 50, 380, 52),
            area(20, 90, 380, 92),
            area(20, 50, 22, 92),
            area(200, 52, 202, 90),
            // A stroke of a character within a cell, and the blot of one.
            area(100, 60, 102, 82),
            area(120, 60, 150, 80),
        ];
        let found = find(&drawn(&table), &drawn(&table), SIZES);
        let of = |axis| found.iter().filter(|r| r.axis == axis).map(|r| r.at.round()).collect::<Vec<_>>();
        assert_eq!(of(Axis::Horizontal), [51.0, 91.0]);
        assert_eq!(of(Axis::Vertical), [21.0, 201.0]);
    }

    #[test]
    fn a_broken_rule_that_climbs_is_one() {
        let steps: Vec<Area> = (0..12)
            .map(|n| area(20 + n * 30, 100 + n / 3, 46 + n * 30 + if n == 5 { 2 } else { 4 }, 101 + n / 3))
            .collect();
        let found = find(&drawn(&steps), &drawn(&steps), SIZES);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].to - found[0].from) > 350.0);
    }

    fn uprights(ink: &Mask, faint: &Mask) -> Vec<(f32, f32, f32)> {
        let found = find(ink, faint, SIZES);
        found.iter().filter(|r| r.axis == Axis::Vertical).map(|r| (r.at.round(), r.from, r.to)).collect()
    }

    #[test]
    fn characters_that_touch_below_each_other_are_no_rule() {
        let levels = [area(20, 50, 380, 52), area(20, 120, 380, 122)];
        // Within the cell and standing on neither rule, and one that lost a bit at its upper end.
        let page = drawn(&[levels[0], levels[1], area(100, 60, 102, 112), area(200, 56, 202, 120)]);
        assert_eq!(uprights(&page, &page), [(201.0, 51.0, 122.0)]);
        // In a low row it may be a 1 that touches the rule below.
        let low = drawn(&[levels[0], area(20, 86, 380, 88), area(100, 56, 102, 86), area(200, 52, 202, 86)]);
        assert_eq!(uprights(&low, &low), [(201.0, 50.0, 88.0)]);
    }

    #[test]
    fn pale_thin_rules_are_found_and_dark_ones_not_twice() {
        let dark = [area(20, 50, 380, 52), area(20, 120, 380, 122), area(20, 50, 22, 122)];
        let pale = [dark[0], dark[1], area(20, 49, 22, 123), area(200, 50, 202, 122)];
        // Shading is pale too, but no rule.
        let shaded = [pale[0], pale[1], pale[2], pale[3], area(260, 50, 280, 122)];
        assert_eq!(uprights(&drawn(&dark), &drawn(&shaded)), [(21.0, 50.0, 122.0), (201.0, 50.0, 122.0)]);
    }
}
