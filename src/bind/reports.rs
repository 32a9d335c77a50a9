//! Splits a document into its reports: a table that comes again, or a new title after one, begins another.

use super::assemble::Found;
use super::identity;
use super::label::Labeller;
use super::lexicon::Lexicon;
use super::occurrence::{Occurrence, same_block};
use super::prose::Para;
use std::ops::Range;

/// A report as a stretch of the document's blocks, with the blocks of forms in it.
#[derive(Debug)]
pub(super) struct Stretch {
    /// Which of the document's blocks belong to it.
    pub items: Range<usize>,
    /// Blocks of forms, in document order.
    pub found: Vec<Found>,
}

/// Groups occurrences (in document order, with the item index of their grid) into reports.
pub(super) fn split(occurrences: Vec<Occurrence>, paras: &[Para], items: usize, lexicon: &Lexicon<'_>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut last_grid = 0;
    for occurrence in occurrences {
        let grid = occurrence.grid;
        let begins = match stretches.last_mut() {
            None => Some(0),
            Some(current) => match place(current, occurrence.clone(), lexicon) {
                Placing::Taken => None,
                Placing::Again => Some(boundary(paras, last_grid, grid, lexicon.labeller())),
            },
        };
        if let Some(start) = begins {
            if let Some(current) = stretches.last_mut() {
                current.items.end = start;
            }
            stretches.push(Stretch { items: start..items, found: vec![Found { first: occurrence, more: Vec::new() }] });
        }
        last_grid = grid;
    }
    stretches
}

enum Placing {
    /// The current report has it now.
    Taken,
    /// The current report has the same block already: another report begins.
    Again,
}

fn place(current: &mut Stretch, occurrence: Occurrence, lexicon: &Lexicon<'_>) -> Placing {
    let same = current.found.iter_mut().find(|f| match (f.first.best(), occurrence.best()) {
        (Some(a), Some(b)) => same_block(lexicon, a.block, b.block),
        _ => false,
    });
    match same {
        None => {
            current.found.push(Found { first: occurrence, more: Vec::new() });
            Placing::Taken
        }
        Some(found) if found.is_continued_by(&occurrence) => {
            found.more.push(occurrence);
            Placing::Taken
        }
        Some(_) => Placing::Again,
    }
}

/// Where the report begins whose first table is the grid at item `grid`: at its title, or right after the grid before.
fn boundary(paras: &[Para], last_grid: usize, grid: usize, labeller: &Labeller) -> usize {
    let between: Vec<&Para> = paras.iter().filter(|p| p.item > last_grid && p.item < grid).collect();
    let Some(at) = between.iter().position(|p| identity::is_title(&p.text, labeller)) else {
        // A title over two lines, or none: the line after a date closes the report before.
        return between.first().map_or(grid, |p| p.item);
    };
    // The office on the line above belongs to the title.
    let above = at.checked_sub(1).and_then(|i| between.get(i)).filter(|p| p.centred && !p.text.contains('年'));
    above.or(between.get(at)).map_or(grid, |p| p.item)
}
