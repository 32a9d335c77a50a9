//! Rules in, the spaces that they close off out: the cells of a table, whatever its spans, and where none are, the open
//! page. Found by what of the paper hangs together once the rules are drawn thick enough to close their corners.

use super::gray::{Area, float};
use super::mask::Mask;
use super::rules::Rule;
use crate::page::Axis;

/// What rules are made longer by, in heights of a character, to close the corners that a scan left open.
const LONGER: f32 = 0.3;
/// A cell is at least so high and wide,
const LEAST: f32 = 0.5;
/// and fills so much of its box: what it lacks is what a bent rule cuts off.
const RECTANGLE: f32 = 0.85;

/// The pixels that rules take up, their ends made longer.
pub(super) fn barriers(rules: &[Rule], width: usize, height: usize, unit: f32) -> Mask {
    let mut mask = Mask::blank(width, height);
    let longer = whole(LONGER * unit);
    let bounds = Area { x0: 0, y0: 0, x1: width, y1: height };
    for rule in rules {
        let long = rule.area.grown(longer, &bounds);
        let wide = rule.area.grown(1, &bounds);
        mask.fill(
            match rule.axis {
                Axis::Horizontal => Area { x0: long.x0, x1: long.x1, ..wide },
                Axis::Vertical => Area { y0: long.y0, y1: long.y1, ..wide },
            },
            true,
        );
    }
    mask
}

/// The cells between barriers.
pub(super) fn find(barriers: &Mask, unit: f32) -> Vec<Area> {
    let paper = barriers.inverted();
    let least = LEAST * unit;
    let cell = |area: &Area, pixels: usize| {
        let inside = area.x0 > 0 && area.y0 > 0 && area.x1 < paper.width && area.y1 < paper.height;
        let (w, h) = (float(area.width()), float(area.height()));
        inside && w >= least && h >= least && float(pixels) >= RECTANGLE * w * h
    };
    paper.components().into_iter().filter(|c| cell(&c.area, c.pixels)).map(|c| c.area).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a character's height")]
pub(super) fn whole(n: f32) -> usize {
    n.max(0.0).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(axis: Axis, at: usize, from: usize, to: usize) -> Rule {
        let area = match axis {
            Axis::Horizontal => Area { x0: from, y0: at, x1: to, y1: at + 2 },
            Axis::Vertical => Area { x0: at, y0: from, x1: at + 2, y1: to },
        };
        Rule::drawn(axis, area)
    }

    #[test]
    fn spaces_between_rules_are_cells_whatever_they_span() {
        use Axis::{Horizontal, Vertical};
        // Two rows; the upper one undivided; a corner that does not quite close.
        let rules = [
            rule(Horizontal, 20, 20, 180),
            rule(Horizontal, 60, 20, 180),
            rule(Horizontal, 100, 20, 180),
            rule(Vertical, 20, 20, 97),
            rule(Vertical, 178, 20, 100),
            rule(Vertical, 100, 62, 100),
        ];
        let found = find(&barriers(&rules, 200, 140, 20.0), 20.0);
        let widths: Vec<(usize, usize)> = found.iter().map(|a| (a.width() / 10, a.height() / 10)).collect();
        assert_eq!(widths, [(15, 3), (7, 3), (7, 3)]);
    }
}
