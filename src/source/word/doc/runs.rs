//! The pages of formats (FKPs) in; for an offset in the main stream the list of changes that holds there out.

use super::broken;
use super::fib::{Fib, Part};
use crate::error::Result;
use crate::source::cfb::{u16_at, u32_at};
use std::collections::BTreeSet;
use std::ops::Range;

const PAGE: usize = 512;

/// Runs of text of one format, in order.
pub(super) struct Runs(Vec<Run>);

struct Run {
    text: Range<u32>,
    /// The list of changes in the main stream; with the style in front for paragraphs.
    format: Range<usize>,
}

impl Runs {
    /// Reads the runs of characters or of paragraphs.
    pub(super) fn read(main: &[u8], tables: &[u8], fib: &Fib, part: Part) -> Result<Self> {
        let mut runs = Vec::new();
        let Some(place) = fib.part(main, part) else { return Ok(Self(runs)) };
        let index = tables.get(place).ok_or_else(|| broken("formats"))?;
        let size = if fib.old { 2 } else { 4 };
        let count = index.len().saturating_sub(4) / (4 + size);
        let mut pages = BTreeSet::new();
        for i in 0..count {
            let at = 4 * (count + 1) + size * i;
            let number = if fib.old { u16_at(index, at).map(u32::from) } else { u32_at(index, at) };
            pages.extend(number.map(|number| number & 0x003F_FFFF));
        }
        for page in pages {
            let start = page as usize * PAGE;
            let bytes = main.get(start..start + PAGE).ok_or_else(|| broken("formats"))?;
            page_runs(bytes, start, fib.old, part, &mut runs);
        }
        runs.sort_by_key(|run| run.text.start);
        Ok(Self(runs))
    }

    /// The number of the run that holds an offset.
    pub(super) fn find(&self, offset: u32) -> Option<usize> {
        let at = self.0.partition_point(|run| run.text.start <= offset).checked_sub(1)?;
        self.0.get(at).filter(|run| offset < run.text.end).map(|_| at)
    }

    /// Whether the run of a character ends with it.
    pub(super) fn ends_at(&self, offset: u32) -> bool {
        let run = self.find(offset).and_then(|at| self.0.get(at));
        run.is_some_and(|run| run.text.end - offset <= 2)
    }

    /// The list of changes of a run, as its place in the main stream.
    pub(super) fn format(&self, number: usize) -> Range<usize> {
        self.0.get(number).map_or(0..0, |run| run.format.clone())
    }
}

/// The runs of one page, which lies at `start`.
fn page_runs(page: &[u8], start: usize, old: bool, part: Part, runs: &mut Vec<Run>) {
    let count = page.last().copied().map_or(0, usize::from);
    let of_paragraphs = matches!(part, Part::Paragraphs);
    let record = match (of_paragraphs, old) {
        (false, _) => 1,
        (true, true) => 7,
        (true, false) => 13,
    };
    for i in 0..count {
        let (Some(from), Some(to)) = (u32_at(page, 4 * i), u32_at(page, 4 * i + 4)) else { break };
        let Some(&half) = page.get(4 * (count + 1) + record * i) else { break };
        let at = 2 * usize::from(half);
        let format = match page.get(at).copied().map(usize::from).filter(|_| at > 0) {
            None => 0..0,
            Some(length) if !of_paragraphs => at + 1..at + 1 + length,
            Some(words) if old => at + 1..at + 1 + 2 * words,
            Some(0) => {
                let words = page.get(at + 1).copied().map_or(0, usize::from);
                at + 2..at + 2 + 2 * words
            }
            Some(words) => at + 1..at + 2 * words,
        };
        let format = start + format.start.min(PAGE)..start + format.end.min(PAGE);
        runs.push(Run { text: from..to, format });
    }
}
