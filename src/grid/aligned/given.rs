//! All loose lines of a page that is known to hold one table in, one stretch of them all out. Nothing is judged: whether
//! they look like a table is known.

use super::stretch::{Cutter, is_too_dense};
use super::{Cut, Spacing, Stretch};
use crate::geom::Rect;
use crate::grid::rules::Lines;
use crate::grid::spell::InkLine;

/// Makes one stretch of all lines and rules, unless they show no columns or are too many.
pub(in crate::grid) fn given(loose: &mut Vec<InkLine>, free: &Lines, spacing: &Spacing) -> Option<Stretch> {
    if is_too_dense(loose, free) {
        return None;
    }
    let cutter = Cutter { spacing, down: &free.down };
    let boxes = loose.iter().map(InkLine::bbox);
    let rules = free.across.iter().map(|r| Rect::new(r.from, r.at, r.to, r.at));
    let all = Rect::around(boxes.chain(rules))?;
    let lines: Vec<Cut> = cutter.cut_between(loose, &free.across, (all.x0, all.x1));
    let rules = free.across.clone();
    let stretch = Stretch { left: all.x0, right: all.x1, lines, rules, weak: false, given: true };
    if stretch.columns().len() < 2 {
        return None;
    }
    loose.clear();
    Some(stretch)
}
