//! Where blocks of forms stand in one grid: by header and row labels, or by row labels alone.

use super::Evidence;
use super::header::{self, Header};
use super::lexicon::{BlockForm, LabelId, Lexicon};
use super::rows::{self, RowMatch};
use super::values::Columns;
use super::view::{Kind, View};
use crate::page::Alignment;
use std::collections::BTreeSet;

/// A block without a header is only believed when this many of its rows are there.
const ROWS_WITHOUT_HEADER: usize = 8;
/// A continuation on the next page needs less.
const ROWS_OF_CONTINUATION: usize = 2;

/// A block of a form, found in a grid, under each edition that fits.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    /// Which grid of the document.
    pub grid: usize,
    /// The editions, the one that fits best first.
    pub editions: Vec<Edition>,
}

/// A block of one edition of a form, found in a grid.
#[derive(Debug, Clone)]
pub(super) struct Edition {
    /// Index into [`Lexicon::blocks`].
    pub block: usize,
    /// Its columns.
    pub columns: Columns,
    /// For each row of the block, where it is.
    pub rows: Vec<Option<RowMatch>>,
    /// Sum of the likeness of all labels that match.
    pub fit: f32,
    /// Rows and columns of the block that were not found.
    missing: usize,
}

impl Occurrence {
    /// The edition that fits best.
    pub(super) fn best(&self) -> Option<&Edition> {
        self.editions.first()
    }

    /// The edition that is this block of the lexicon.
    pub(super) fn edition(&self, block: usize) -> Option<&Edition> {
        self.editions.iter().find(|e| e.block == block)
    }
}

impl Edition {
    /// Used to choose between blocks within one grid.
    fn score(&self) -> f32 {
        self.fit - 0.5 * count(self.missing)
    }

    /// The first grid row it uses.
    fn first_row(&self) -> usize {
        let header = match &self.columns {
            Columns::Placed(h) | Columns::Ordered(h) => Some(h.rows.start),
            Columns::Counted(_) => None,
        };
        header.into_iter().chain(self.rows.iter().flatten().map(|r| r.row)).min().unwrap_or(0)
    }

    /// The last grid row it uses.
    fn last_row(&self) -> usize {
        self.rows.iter().flatten().map(|r| r.row).max().unwrap_or(0)
    }

    /// Whether another uses some of the same grid rows.
    fn collides(&self, other: &Self) -> bool {
        self.first_row() <= other.last_row() && other.first_row() <= self.last_row()
    }
}

/// All blocks in the grid, from top to bottom. `unfinished` are blocks (by index) that an earlier grid began and did not end.
pub(super) fn find(view: &View<'_>, grid: usize, lexicon: &Lexicon<'_>, unfinished: &[usize]) -> Vec<Occurrence> {
    if !view.knows_any_label() {
        return Vec::new();
    }
    let headers: Vec<(usize, Header)> = lexicon
        .blocks
        .iter()
        .enumerate()
        .flat_map(|(i, block)| header::find(view, block, lexicon).into_iter().map(move |h| (i, h)))
        .collect();
    let mut starts: Vec<usize> = headers.iter().map(|(_, h)| h.rows.start).collect();
    starts.sort_unstable();
    let mut candidates: Vec<Edition> = headers
        .into_iter()
        .filter_map(|(i, header)| {
            let end = starts.iter().copied().find(|s| *s >= header.rows.end).unwrap_or(view.grid.rows);
            with_header(view, lexicon, i, header, end)
        })
        .collect();
    for (i, block) in lexicon.blocks.iter().enumerate() {
        candidates.extend(without_header(view, lexicon, i, unfinished.contains(&i)));
        candidates.extend(by_count(view, block, i));
    }
    choose(candidates, grid, lexicon)
}

fn with_header(view: &View<'_>, lexicon: &Lexicon<'_>, index: usize, header: Header, end: usize) -> Option<Edition> {
    let block = lexicon.blocks.get(index)?;
    let label_area = header.corner.clone().unwrap_or(0..header.first_value);
    let rows = rows::find(view, block, lexicon, header.rows.end..end, label_area);
    let by_label = rows.iter().flatten().filter(|r| r.labelled).count();
    let unlabelled = block.rows.iter().all(|r| r.leaf.is_empty());
    if !unlabelled && by_label == 0 || rows.iter().all(Option::is_none) {
        return None;
    }
    // The likelihood of a chance match falls with the number of labels: one of two hundred cells proves nothing.
    if header.matched + by_label < 2 {
        return None;
    }
    let missing = header.columns.iter().filter(|c| c.is_none()).count() + rows.iter().filter(|r| r.is_none()).count();
    let fit = header.score + count(by_label);
    // A label that reaches under a header of values shows that columns do not line up (text copies).
    let displaced = rows.iter().flatten().any(|r| r.label_end > header.first_value);
    let columns = if view.grid.alignment == Alignment::Ordered || displaced {
        Columns::Ordered(header)
    } else {
        Columns::Placed(header)
    };
    Some(Edition { block: index, columns, rows, fit, missing })
}

fn without_header(view: &View<'_>, lexicon: &Lexicon<'_>, index: usize, continues: bool) -> Option<Edition> {
    let block = lexicon.blocks.get(index)?;
    if block.rows.len() < ROWS_WITHOUT_HEADER {
        return None;
    }
    let rows = rows::find(view, block, lexicon, 0..view.grid.rows, 0..view.grid.columns);
    let by_label = rows.iter().flatten().filter(|r| r.labelled).count();
    let needed = if continues { ROWS_OF_CONTINUATION } else { ROWS_WITHOUT_HEADER };
    if by_label < needed {
        return None;
    }
    // Less than any occurrence with a header: its columns are known by count only.
    let missing = rows.len() - by_label;
    let columns = Columns::Counted(first_value(view, &rows));
    Some(Edition { block: index, columns, rows, fit: count(by_label) * 0.5, missing })
}

/// A block whose only row has no label, and whose header cannot be read cell by cell (wrapped in a text copy): its groups
/// stand above a row of exactly as many figures as it has columns.
fn by_count(view: &View<'_>, block: &BlockForm<'_>, index: usize) -> Option<Edition> {
    let [only] = block.rows.as_slice() else { return None };
    if !only.leaf.is_empty() || block.columns.len() < ROWS_WITHOUT_HEADER {
        return None;
    }
    let groups: BTreeSet<LabelId> = block.columns.iter().flat_map(|c| c.groups.iter().copied()).collect();
    let mut seen: BTreeSet<LabelId> = BTreeSet::new();
    for row in 0..view.grid.rows {
        let cells = view.row(row);
        let figures = cells.iter().filter(|id| view.kind(**id) == Kind::Figure).count();
        if figures == block.columns.len() && cells.len() == figures && seen.len() >= 2 {
            let found =
                RowMatch { row, label_end: 0, evidence: Evidence::Position, labelled: false, beside_orphan: false };
            let columns = Columns::Counted(0);
            let missing = block.columns.len();
            return Some(Edition { block: index, columns, rows: vec![Some(found)], fit: count(seen.len()), missing });
        }
        let known = cells.iter().flat_map(|id| view.matches(*id)).map(|(label, _)| *label);
        seen.extend(known.filter(|label| groups.contains(label)));
    }
    None
}

/// Where values begin when no header says so: right of the longest label, unless a row has figures left of that.
fn first_value(view: &View<'_>, rows: &[Option<RowMatch>]) -> usize {
    let found = || rows.iter().flatten();
    let longest = found().map(|r| r.label_end).max().unwrap_or(0);
    let is_clear =
        |r: &RowMatch| view.between(r.row, r.label_end..longest).into_iter().all(|id| view.kind(id) == Kind::Blank);
    if found().all(is_clear) { longest } else { 0 }
}

/// The best of those that use the same rows of the grid, with the other editions of the same block.
fn choose(mut candidates: Vec<Edition>, grid: usize, lexicon: &Lexicon<'_>) -> Vec<Occurrence> {
    candidates.sort_by(|a, b| b.score().total_cmp(&a.score()).then(a.block.cmp(&b.block)));
    let mut chosen: Vec<Vec<Edition>> = Vec::new();
    for candidate in candidates {
        match chosen.iter_mut().find(|c| c.iter().any(|e| e.collides(&candidate))) {
            None => chosen.push(vec![candidate]),
            Some(editions) => {
                let other = |e: &Edition| e.block != candidate.block && same_block(lexicon, e.block, candidate.block);
                if editions.iter().all(other) {
                    editions.push(candidate);
                }
            }
        }
    }
    chosen.sort_by_key(|editions| editions.first().map(Edition::first_row));
    chosen.into_iter().map(|editions| Occurrence { grid, editions }).collect()
}

/// Whether two blocks are editions of the same block of the same table.
pub(super) fn same_block(lexicon: &Lexicon<'_>, a: usize, b: usize) -> bool {
    match (lexicon.blocks.get(a), lexicon.blocks.get(b)) {
        (Some(a), Some(b)) => a.table.id == b.table.id && a.block.id == b.block.id,
        _ => false,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of labels are far below 2^23")]
pub(super) fn count(n: usize) -> f32 {
    n as f32
}
