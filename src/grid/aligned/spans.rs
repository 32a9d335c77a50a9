//! A chunk and its neighbours in, the columns it stands over out. Where no rule tells, a heading stands in the middle of
//! the columns it heads.

use super::columns::Column;
use crate::grid::rules::Segment;

/// A stretch of columns, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Range {
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    pub(super) fn columns(self) -> std::ops::RangeInclusive<usize> {
        self.first..=self.last
    }
}

/// The middle of a heading and of its columns may differ by this share of the distance between columns.
const OFF_CENTRE: f32 = 0.15;

/// Widens `own` to the widest range within `free` in whose middle the text stands; `own` when there is none wider.
pub(super) fn centred(columns: &[Column], middle: f32, own: Range, free: Range) -> Range {
    let slack = OFF_CENTRE * pitch(columns);
    let mut best = own;
    for first in free.first..=own.first {
        for last in own.last..=free.last {
            let (Some(a), Some(b)) = (columns.get(first), columns.get(last)) else { continue };
            let by_ink = f32::midpoint(a.x0, b.x1);
            let by_centers = f32::midpoint(a.center(), b.center());
            let off = (by_ink - middle).abs().min((by_centers - middle).abs());
            if last - first > best.last - best.first && off <= slack {
                best = Range { first, last };
            }
        }
    }
    best
}

/// The mean distance between the middles of neighbouring columns.
fn pitch(columns: &[Column]) -> f32 {
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "a handful of columns")]
    let steps = columns.len().max(2) as f32 - 1.0;
    (last.center() - first.center()) / steps
}

/// The columns that a rule runs under.
pub(super) fn under(columns: &[Column], rule: &Segment) -> Option<Range> {
    let covered = |c: &Column| rule.from <= c.center() && c.center() <= rule.to;
    Some(Range { first: columns.iter().position(covered)?, last: columns.iter().rposition(covered)? })
}

/// The columns free around `own` when those of `taken` are not.
pub(super) fn free_around(own: Range, taken: impl Iterator<Item = Range>, count: usize) -> Range {
    let mut free = Range { first: 0, last: count.saturating_sub(1) };
    for other in taken {
        if other.last < own.first {
            free.first = free.first.max(other.last + 1);
        } else if other.first > own.last {
            free.last = free.last.min(other.first.saturating_sub(1));
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        (0u8..5).map(|i| Column { x0: 50.0 * f32::from(i), x1: 50.0 * f32::from(i) + 20.0, chunks: 9 }).collect()
    }

    #[test]
    fn a_heading_takes_the_widest_range_around_its_middle() {
        let own = Range { first: 3, last: 3 };
        let all = free_around(own, [Range { first: 0, last: 0 }].into_iter(), 5);
        assert_eq!(all, Range { first: 1, last: 4 });
        // Columns 1 to 4 have their middle at 135.
        assert_eq!(centred(&columns(), 135.0, Range { first: 2, last: 3 }, all), all);
        // Columns 2 to 4 have it at 160.
        assert_eq!(centred(&columns(), 160.0, own, all), Range { first: 2, last: 4 });
    }

    #[test]
    fn a_rule_tells_the_columns_above_it() {
        let rule = Segment { at: 10.0, from: 45.0, to: 130.0 };
        assert_eq!(under(&columns(), &rule), Some(Range { first: 1, last: 2 }));
    }
}
