//! Ink in, straight level and upright rules out: what bounds the cells of a table, in pixels.
//!
//! Long straight strokes are rules by themselves. Shorter ones, no longer than strokes of a character may be, are rules
//! where both their ends stand on others.

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
/// touch; characters that stand below each other do not touch.
const LEVEL: f32 = 3.0;
const UPRIGHT: f32 = 1.7;
/// One that stands on two others: it parts cells of a row, which is higher than a character of small print.
const BETWEEN: f32 = 1.3;
const SMALL_PRINT: f32 = 1.5;
/// How near an end of it must come to the other, in pixels, and how far beside the other's end it may stand.
const NEAR: f32 = 1.6;
const BEYOND: f32 = 0.4;
/// It has hardly a flaw, and paper on both sides: strokes of characters have others upon them.
const UNBROKEN: f32 = 0.97;
const BESIDE: f32 = 0.2;
/// No rule is thicker.
const THICK: f32 = 0.4;
/// How far a rule may leave the straight, over its whole length.
const BENT: f32 = 0.9;
/// Ink that a rule has at least along its length; the rest are flaws of the print.
const SOLID: f32 = 0.85;
/// Flaws are no longer than this.
const FLAW: f32 = 0.1;

/// Finds the rules among ink whose characters have these heights.
pub(super) fn find(mask: &Mask, sizes: Sizes) -> Vec<Rule> {
    let unit = sizes.large;
    let least = BETWEEN * sizes.usual.min(SMALL_PRINT * sizes.small);
    let level = strokes(mask, least, unit);
    let upright: Vec<Rule> = strokes(&mask.transposed(), least, unit).into_iter().map(Rule::transposed).collect();
    let long = |rules: &[Rule], least: f32| -> Vec<Rule> {
        rules.iter().filter(|r| r.to - r.from >= least * unit).copied().collect()
    };
    let (mut levels, mut uprights) = (long(&level, LEVEL), long(&upright, UPRIGHT));
    let between = |short: &[Rule], least: f32, others: &[Rule]| -> Vec<Rule> {
        let short = short.iter().filter(|r| r.to - r.from < least * unit && r.solid >= UNBROKEN && r.beside <= BESIDE);
        short.filter(|r| r.stands_on(others, unit)).copied().collect()
    };
    let more = (between(&upright, UPRIGHT, &levels), between(&level, LEVEL, &uprights));
    uprights.extend(more.0);
    levels.extend(more.1);
    levels.append(&mut uprights);
    levels
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

    fn transposed(self) -> Self {
        let a = self.area;
        Self { axis: Axis::Vertical, area: Area { x0: a.y0, y0: a.x0, x1: a.y1, y1: a.x1 }, ..self }
    }

    /// Whether both its ends stand on rules that run across it.
    fn stands_on(&self, others: &[Self], unit: f32) -> bool {
        let beyond = BEYOND * unit;
        let stands = |end: f32| {
            let meets = |o: &Self| (o.at - end).abs() <= NEAR + o.width / 2.0;
            others.iter().any(|o| meets(o) && o.from - beyond <= self.at && self.at <= o.to + beyond)
        };
        stands(self.from) && stands(self.to)
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
        let found = find(&drawn(&table), SIZES);
        let of = |axis| found.iter().filter(|r| r.axis == axis).map(|r| r.at.round()).collect::<Vec<_>>();
        assert_eq!(of(Axis::Horizontal), [51.0, 91.0]);
        assert_eq!(of(Axis::Vertical), [21.0, 201.0]);
    }

    #[test]
    fn a_broken_rule_that_climbs_is_one() {
        let steps: Vec<Area> = (0..12)
            .map(|n| area(20 + n * 30, 100 + n / 3, 46 + n * 30 + if n == 5 { 2 } else { 4 }, 101 + n / 3))
            .collect();
        let found = find(&drawn(&steps), SIZES);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].to - found[0].from) > 350.0);
    }
}
