//! The first page and a later page of a table in, the heading that is shown again there out. Some programs tag the second
//! showing as the first, which the claim knows; others leave it out of the table, and only its look tells.

use super::claim::{Piece, Stated};
use crate::geom::Rect;
use crate::grid::ink::Ink;
use crate::grid::spell;
use std::ops::Range;

/// In longer headings repetition is not looked for.
const MOST_GLYPHS: usize = 1_000;
/// How far glyphs of the two showings may lie apart, in points.
const SAME: f32 = 1.0;

/// A heading shown again: its runs in order, and its box.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) runs: Vec<Range<u32>>,
    pub(super) bbox: Rect,
}

/// The rows at the head of `first`, if they stand right above `later` too.
pub(super) fn heading(stated: &Stated, first: &Piece<'_>, later: &Piece<'_>) -> Option<Again> {
    let headers = leading_headers(stated);
    (1..=headers.max(1)).rev().find_map(|rows| shown_again(stated, rows, first, later))
}

/// How many rows at the head consist of headings.
fn leading_headers(stated: &Stated) -> usize {
    let other = stated.cells.iter().find(|cell| cell.wish.is_some_and(|wish| !wish.header));
    other.map_or(0, |cell| cell.span.row)
}

fn shown_again(stated: &Stated, rows: usize, first: &Piece<'_>, later: &Piece<'_>) -> Option<Again> {
    let cells = stated.cells.iter().filter(|cell| cell.span.row < rows).filter_map(|cell| cell.wish);
    let heading: Vec<Ink> =
        cells.filter_map(|wish| first.ink.get(&wish.id)).flatten().filter(|ink| !ink.is_blank()).copied().collect();
    let (own, top) = (spell::bbox(&heading)?, later.hull()?.y0);
    let reach = own.height() + 3.0 * later.size();
    let owned = |run: u32| later.runs.iter().any(|range| range.contains(&run));
    let near = |ink: &&Ink| {
        let y = ink.rect.center().y;
        !ink.is_blank() && y < top && y > top - reach && !owned(ink.run)
    };
    let above: Vec<Ink> = later.page.ink.iter().filter(near).copied().collect();
    if heading.len() > MOST_GLYPHS || above.len() > 2 * MOST_GLYPHS {
        return None;
    }
    // What stands right above the rest of the table must be the foot of the heading.
    let foot = |ink: &[Ink]| ink.iter().map(Ink::base).reduce(f32::max);
    let shift = foot(&above)? - foot(&heading)?;
    let again: Option<Vec<Ink>> = heading
        .iter()
        .map(|glyph| {
            let same = |other: &&Ink| {
                other.ch == glyph.ch
                    && (other.origin.x - glyph.origin.x).abs() < SAME
                    && (other.base() - glyph.base() - shift).abs() < SAME
            };
            above.iter().find(same).copied()
        })
        .collect();
    let again = again?;
    let mut runs: Vec<u32> = again.iter().map(|ink| ink.run).collect();
    runs.sort_unstable();
    runs.dedup();
    let bbox = spell::bbox(&again)?;
    // Runs that hold more than the heading, or more between its cells, are something else.
    let strange = |ink: &Ink| runs.binary_search(&ink.run).is_ok() != bbox.contains(ink.rect.center());
    let exact = !later.page.ink.iter().any(|ink| !ink.is_blank() && strange(ink));
    exact.then(|| Again { runs: runs.iter().map(|&run| run..run.saturating_add(1)).collect(), bbox })
}
