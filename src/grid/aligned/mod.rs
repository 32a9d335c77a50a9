//! Loose lines and rules of the pages in, drafts of tables without a full lattice out: tables with rules in one direction
//! only, with few rules, or with none. Columns come from the alignment of text, rows from rules and baselines, and a
//! stretch that goes on over a page break shares its columns with the next.

mod blocks;
mod chunk;
mod columns;
mod given;
mod header;
mod parting;
mod rows;
mod spacing;
mod spans;
mod stretch;

use super::draft::Draft;
use super::ink::{Ink, Upright};
use super::rules::Segment;
use super::spell::InkLine;
use super::trail::{Seen, Sight};
use crate::geom::{Rect, overlap};
use chunk::{Chunk, Cut};
use columns::Column;
pub(super) use given::given;
use rows::Whole;
pub(super) use spacing::Spacing;
pub(super) use stretch::find;

/// Lines of one page that belong to one table, with the rules between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stretch {
    /// Left and right end.
    left: f32,
    right: f32,
    /// Top to bottom.
    lines: Vec<Cut>,
    /// Top to bottom; empty when the table has none.
    rules: Vec<Segment>,
    /// It shows too little to be a table by itself, but may be a piece of one.
    weak: bool,
    /// It is known to be a table.
    given: bool,
}

impl Stretch {
    fn chunks(&self) -> impl Iterator<Item = &Chunk> {
        self.lines.iter().flat_map(|l| &l.chunks)
    }

    /// Box around lines and rules.
    pub(super) fn bbox(&self) -> Rect {
        let ink = Rect::around(self.chunks().map(|c| c.bbox)).unwrap_or_default();
        let rules = self.rules.iter().map(|r| Rect::new(r.from, r.at, r.to, r.at));
        Rect::around(rules.chain([ink])).unwrap_or(ink)
    }

    fn columns(&self) -> Vec<Column> {
        columns::find(&self.for_columns(), true)
    }

    /// Its lines with the mark of a heading.
    fn for_columns(&self) -> Vec<columns::Shown<'_>> {
        let head = header::height(&self.lines, &self.rules, (self.left, self.right));
        self.lines.iter().enumerate().map(|(i, l)| (l.chunks.as_slice(), i < head)).collect()
    }
}

/// The stretches of one page, and whether nothing else of the page stands above the first or below the last.
#[derive(Debug, Default)]
pub(super) struct OnPage {
    /// Top to bottom.
    pub(super) stretches: Vec<Stretch>,
    /// The first stretch is the first thing on the page.
    pub(super) at_top: bool,
    /// The last stretch is the last thing on the page.
    pub(super) at_bottom: bool,
}

/// What was made of a stretch.
pub(super) struct Made {
    /// Its draft, or its ink when it turns out to be no table.
    pub(super) draft: Result<Draft, Vec<Ink>>,
    /// What it looked like, and the reason.
    pub(super) seen: Seen,
}

/// Makes drafts of the stretches of all pages; a stretch that turns out to be no table is given back.
pub(super) fn drafts(mut pages: Vec<(&Upright, OnPage)>) -> Vec<Vec<Made>> {
    let mut chains: Vec<Vec<(usize, usize)>> = Vec::new();
    for (p, (_, page)) in pages.iter().enumerate() {
        for s in 0..page.stretches.len() {
            match chains.last_mut() {
                Some(chain) if s == 0 && goes_on(&pages, chain, p) => chain.push((p, s)),
                _ => chains.push(vec![(p, s)]),
            }
        }
    }
    let mut out: Vec<Vec<Made>> = pages.iter().map(|_| Vec::new()).collect();
    for chain in chains {
        let mut parts: Vec<(&Upright, Stretch)> = chain
            .iter()
            .filter_map(|&(p, s)| {
                let (page, on) = pages.get_mut(p)?;
                Some((*page, std::mem::take(on.stretches.get_mut(s)?)))
            })
            .collect();
        let find = |parts: &[(&Upright, Stretch)], widened: bool| {
            let lines: Vec<columns::Shown> = parts.iter().flat_map(|(_, s)| s.for_columns()).collect();
            columns::find(&lines, widened)
        };
        let rough = find(&parts, false);
        for line in parts.iter_mut().flat_map(|(_, s)| &mut s.lines) {
            line.cut_between(&rough);
        }
        let columns = find(&parts, true);
        let lines: Vec<&[Chunk]> =
            parts.iter().flat_map(|(_, s)| s.lines.iter().map(|l| l.chunks.as_slice())).collect();
        let left = parts.iter().map(|(_, s)| s.left).fold(f32::MAX, f32::min);
        let right = parts.iter().map(|(_, s)| s.right).fold(f32::MIN, f32::max);
        let count = parts.len();
        let labels = rows::label_columns(&lines, &columns);
        let verdict = stretch::judge(&parts, &columns);
        for (i, (&(p, _), (page, part))) in chain.iter().zip(&parts).enumerate() {
            let whole = Whole { ends: (left, right), goes_on: i > 0, to_be_continued: i + 1 < count };
            let mut seen = Seen::new(Sight::Stretch, part.bbox(), verdict);
            seen.columns = columns.iter().map(|c| (c.x0, c.x1)).collect();
            let made = if verdict.is_table() {
                let laid = rows::lay_out(page, part, &columns, labels, &whole);
                (seen.rows, seen.headings) = (laid.ys, laid.headings);
                Made { draft: Ok(laid.draft), seen }
            } else {
                let ink = part.chunks().flat_map(|c| c.ink.iter().copied()).collect();
                Made { draft: Err(ink), seen }
            };
            if let Some(list) = out.get_mut(p) {
                list.push(made);
            }
        }
    }
    out
}

/// Whether the first stretch of page `next` goes on with the chain that ended on the page before.
fn goes_on(pages: &[(&Upright, OnPage)], chain: &[(usize, usize)], next: usize) -> bool {
    let (Some(&(last, stretch)), Some((_, page))) = (chain.last(), pages.get(next)) else { return false };
    let Some((_, before)) = pages.get(last) else { return false };
    let (Some(a), Some(b)) = (before.stretches.get(stretch), page.stretches.first()) else { return false };
    if last + 1 != next || stretch + 1 != before.stretches.len() || !before.at_bottom || !page.at_top {
        return false;
    }
    let ruled_alike = a.rules.is_empty() == b.rules.is_empty();
    let (a_box, b_box) = (a.bbox(), b.bbox());
    let width = a_box.width().max(b_box.width());
    let shared = overlap((a_box.x0, a_box.x1), (b_box.x0, b_box.x1));
    if !ruled_alike || shared < 0.7 * width {
        return false;
    }
    if !a.rules.is_empty() && (a.left - b.left).abs() < 4.0 && (a.right - b.right).abs() < 4.0 {
        return true;
    }
    let (a, b) = (a.columns(), b.columns());
    let (fewer, more) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let one_of = |c: &&Column| more.iter().filter(|m| overlap((c.x0, c.x1), (m.x0, m.x1)) > 1.0).count() >= 1;
    fewer.iter().filter(one_of).count() * 3 >= fewer.len() * 2
}

/// How many figures stand apart from what is left of them on a line.
pub(super) fn figures_apart(line: &InkLine) -> usize {
    Cut::new(line, &[], &[], &Spacing::default()).chunks.iter().skip(1).filter(|c| c.value).count()
}

/// A chunk for tests: its text set in 10 points from `x`, on the baseline `y`.
#[cfg(test)]
fn chunk_at(text: &str, x: f32, y: f32) -> Chunk {
    Chunk::new(super::testing::word(text, x, y, 10.0), &Spacing::default())
}
