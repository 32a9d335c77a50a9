//! Rulings of a page in, whole lines out: pieces that lie on one another, touch, or leave a dash's gap are joined.
//! Nothing is known of tables yet.

use crate::geom::overlap;
use crate::page::{Axis, Ruling};

/// A line along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    /// Its place across the axis.
    pub(super) at: f32,
    /// Where it begins.
    pub(super) from: f32,
    /// Where it ends.
    pub(super) to: f32,
}

/// Lines of a page: horizontal by y, vertical by x, each list sorted by place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    /// Horizontal lines.
    pub(super) across: Vec<Segment>,
    /// Vertical lines.
    pub(super) down: Vec<Segment>,
}

/// Lines closer than this are one: double rules, and borders that each neighbour drew for itself.
pub(super) const SNAP: f32 = 2.5;

/// The widest gap that still joins two pieces of a line.
const DASH: f32 = 3.0;

/// A line shorter than this is a tick, a leader dot or a bit of a drawing.
const SHORTEST: f32 = 4.0;

/// Joins the rulings of a page.
pub(super) fn join(rules: &[Ruling]) -> Lines {
    let on = |axis: Axis| {
        let pieces = rules.iter().filter(|r| r.axis == axis);
        merge(pieces.map(|r| Segment { at: r.at, from: r.from.min(r.to), to: r.from.max(r.to) }).collect())
    };
    Lines { across: on(Axis::Horizontal), down: on(Axis::Vertical) }
}

/// Joins pieces of one axis.
pub(super) fn merge(mut pieces: Vec<Segment>) -> Vec<Segment> {
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut joined: Vec<Segment> = Vec::new();
    for near in near_groups(&mut pieces) {
        join_near(near, &mut joined);
    }
    joined.retain(|s| s.to - s.from >= SHORTEST);
    joined.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    joined
}

/// Joins pieces that lie within [`SNAP`] of one another; the joined line lies where most of its length lies.
fn join_near(near: &mut [Segment], joined: &mut Vec<Segment>) {
    near.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut weight = 0.0;
    let first = joined.len();
    for piece in near {
        let length = (piece.to - piece.from).max(0.01);
        let open = joined.len() > first;
        match joined.last_mut() {
            Some(line) if open && piece.from <= line.to + DASH => {
                line.at = (line.at * weight + piece.at * length) / (weight + length);
                line.to = line.to.max(piece.to);
                weight += length;
            }
            _ => {
                joined.push(*piece);
                weight = length;
            }
        }
    }
}

/// Cuts a sorted list into groups none of which is wider than [`SNAP`].
fn near_groups(sorted: &mut [Segment]) -> Vec<&mut [Segment]> {
    let mut groups = Vec::new();
    let mut rest = sorted;
    while let Some(first) = rest.first() {
        let end = first.at + SNAP;
        let count = rest.partition_point(|s| s.at <= end).max(1);
        let (group, after) = rest.split_at_mut(count);
        groups.push(group);
        rest = after;
    }
    groups
}

impl Segment {
    /// How far the two run beside each other.
    pub(super) fn beside(&self, other: &Self) -> f32 {
        overlap((self.from, self.to), (other.from, other.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h(at: f32, from: f32, to: f32) -> Ruling {
        Ruling { axis: Axis::Horizontal, at, from, to, width: 0.5 }
    }

    #[test]
    fn dashes_and_double_lines_become_one() {
        let dashes: Vec<Ruling> =
            (0u8..20).map(|i| h(100.0, 50.0 + 5.0 * f32::from(i), 53.0 + 5.0 * f32::from(i))).collect();
        let lines = join(&dashes).across;
        assert_eq!(lines, vec![Segment { at: 100.0, from: 50.0, to: 148.0 }]);
        assert_eq!(join(&[h(100.0, 0.0, 90.0), h(102.0, 0.0, 90.0)]).across.len(), 1);
    }

    #[test]
    fn distinct_lines_stay_apart() {
        assert_eq!(join(&[h(100.0, 0.0, 90.0), h(104.0, 0.0, 90.0), h(100.0, 100.0, 190.0)]).across.len(), 3);
    }
}
