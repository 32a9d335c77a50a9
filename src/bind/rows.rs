//! Which of the grid's rows each of the form's rows is, and where its label ends.

use super::Evidence;
use super::align;
use super::label::SAME;
use super::lexicon::{BlockForm, Lexicon, Matches, score};
use super::view::{CellId, Kind, View};
use std::ops::Range;

/// A row of the form found in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowMatch {
    /// The grid row.
    pub row: usize,
    /// The first grid column after its label.
    pub label_end: usize,
    /// What the match rests on.
    pub evidence: Evidence,
    /// Whether a label of the form stands in it, believed or not.
    pub labelled: bool,
    /// Whether a row of figures beside it belongs to no row of the form: its blanks may be those figures' places.
    pub beside_orphan: bool,
}

/// A grid row as a candidate.
struct Candidate {
    row: usize,
    /// The row's own label: the innermost cell that begins here and stands for a row of the form.
    own: Option<CellId>,
    /// The labels of the form that it may stand for.
    matches: Matches,
    /// The innermost words, whether or not they are known.
    words: Option<CellId>,
    /// Whether anything stands right of the label.
    has_values: bool,
}

/// Finds the block's rows among these grid rows. `label_area` are the columns in which labels stand, as the header has it.
pub(super) fn find(
    view: &View<'_>,
    block: &BlockForm<'_>,
    lexicon: &Lexicon<'_>,
    rows: Range<usize>,
    label_area: Range<usize>,
) -> Vec<Option<RowMatch>> {
    if let [only] = block.rows.as_slice()
        && only.leaf.is_empty()
    {
        return vec![unlabelled(view, block, rows, label_area.end)];
    }
    let mut candidates: Vec<Candidate> = rows.map(|row| candidate(view, block, row, &label_area)).collect();
    join_cut_labels(view, block, lexicon, &mut candidates);
    let likeness = |i: usize, j: usize| -> f32 {
        let (Some(candidate), Some(form)) = (candidates.get(i), block.rows.get(j)) else { return 0.0 };
        let Some(own) = candidate.own else { return 0.0 };
        let label = score(&candidate.matches, &form.leaf);
        if label < SAME { 0.0 } else { label + group_bonus(view, candidate.row, own, &form.groups) }
    };
    let pairs = align::monotone(candidates.len(), block.rows.len(), likeness);
    let mut found = with_unlabelled(view, &candidates, &pairs, block.rows.len(), label_area.end);
    out_of_order(view, block, &candidates, &mut found);
    doubt_shifted(&candidates, &mut found);
    tell_orphans(view, &candidates, &mut found);
    found
}

/// Marks the rows beside figures that no row of the form took: rows without a label, and in tables without rules any.
fn tell_orphans(view: &View<'_>, candidates: &[Candidate], found: &mut [Option<RowMatch>]) {
    let loose = view.is_loose();
    let taken: Vec<usize> = found.iter().flatten().map(|m| m.row).collect();
    let orphans = candidates.iter().filter(|c| c.has_values && (loose || c.words.is_none()) && !taken.contains(&c.row));
    for orphan in orphans {
        let before = taken.iter().copied().filter(|row| *row < orphan.row).max();
        let after = taken.iter().copied().filter(|row| *row > orphan.row).min();
        for slot in found.iter_mut().flatten().filter(|m| Some(m.row) == before || Some(m.row) == after) {
            slot.beside_orphan = true;
        }
    }
}

/// A label that the end of a page cut in two stands in two rows, of which one has the values.
fn join_cut_labels(view: &View<'_>, block: &BlockForm<'_>, lexicon: &Lexicon<'_>, candidates: &mut [Candidate]) {
    for i in 1..candidates.len() {
        let Some([upper, lower]) = candidates.get_mut(i - 1..=i) else { continue };
        let (Some(a), Some(b)) = (upper.words, lower.words) else { continue };
        if upper.has_values == lower.has_values || view.columns(a) != view.columns(b) {
            continue;
        }
        let (Some(top), Some(bottom)) = (view.cell(a), view.cell(b)) else { continue };
        let joined = lexicon.compare(&lexicon.labeller().label(&format!("{}{}", top.text, bottom.text)));
        if block.rows.iter().any(|form| score(&joined, &form.leaf) > 0.95) {
            let (with_values, other) = if upper.has_values { (upper, lower) } else { (lower, upper) };
            with_values.own = with_values.words;
            with_values.matches = joined;
            (other.own, other.words, other.matches) = (None, None, Matches::new());
        }
    }
}

/// Where the document has exactly as many rows as the form, a label that stands in another row than its turn may have
/// slipped there from a row beside it: such rows rest on their position.
fn doubt_shifted(candidates: &[Candidate], found: &mut [Option<RowMatch>]) {
    let printed = || candidates.iter().filter(|c| c.has_values || c.own.is_some());
    if printed().count() != found.len() || printed().all(|c| c.own.is_some()) {
        return;
    }
    for (slot, turn) in found.iter_mut().zip(printed().map(|c| c.row)) {
        if let Some(found) = slot
            && found.row != turn
        {
            found.evidence = Evidence::Position;
        }
    }
}

/// Adds rows that stand elsewhere than the form has them: only on a label that is complete, and only if that stands once.
fn out_of_order(view: &View<'_>, block: &BlockForm<'_>, candidates: &[Candidate], found: &mut [Option<RowMatch>]) {
    for (j, form) in block.rows.iter().enumerate() {
        if found.get(j).is_some_and(|f| f.is_some_and(|m| m.evidence == Evidence::Label)) {
            continue;
        }
        let taken = |row: usize| found.iter().flatten().any(|m| m.row == row && m.evidence == Evidence::Label);
        let mut free = candidates
            .iter()
            .filter(|c| !taken(c.row) && score(&c.matches, &form.leaf) >= 0.89)
            .filter_map(|c| Some((c.row, c.own?)));
        let (Some((row, own)), None) = (free.next(), free.next()) else { continue };
        let label_end = view.columns(own).end;
        // A guess by position gives way to the label.
        for slot in found.iter_mut().filter(|slot| slot.is_some_and(|m| m.row == row)) {
            *slot = None;
        }
        if let Some(slot) = found.get_mut(j) {
            *slot = Some(RowMatch { row, label_end, evidence: Evidence::Label, labelled: true, beside_orphan: false });
        }
    }
}

/// A row in the right group is the better of two that read alike.
fn group_bonus(view: &View<'_>, row: usize, own: CellId, groups: &[super::lexicon::LabelId]) -> f32 {
    let left = view.between(row, 0..view.columns(own).start);
    if left.into_iter().any(|id| score(view.matches(id), groups) >= SAME) { 0.03 } else { 0.0 }
}

fn candidate(view: &View<'_>, block: &BlockForm<'_>, row: usize, label_area: &Range<usize>) -> Candidate {
    // Labels of text copies may stand further right than the header has them.
    let cells = view.row(row);
    let begins: Vec<CellId> =
        cells.iter().copied().filter(|id| view.begins_in(*id, row) && view.kind(*id) == Kind::Words).collect();
    let own = begins
        .iter()
        .rev()
        .copied()
        .find(|id| block.rows.iter().any(|form| score(view.matches(*id), &form.leaf) >= SAME))
        .filter(|id| !is_group(view, *id, row, label_area));
    let words = begins.iter().rev().copied().find(|id| view.columns(*id).start < label_area.end);
    let after = own.or(words).map_or(label_area.end, |id| view.columns(id).end);
    let has_values = cells.iter().any(|id| view.columns(*id).start >= after && view.kind(*id) != Kind::Blank);
    let matches = own.map_or_else(Matches::new, |id| view.matches(id).clone());
    Candidate { row, own, matches, words, has_values }
}

/// Whether the cell labels several rows: other labels stand right of it in the label area, at its side.
fn is_group(view: &View<'_>, id: CellId, row: usize, label_area: &Range<usize>) -> bool {
    let Some(cell) = view.cell(id) else { return false };
    let right = cell.column + cell.column_span..label_area.end;
    let words_beside =
        |r: usize| view.between(r, right.clone()).into_iter().any(|other| view.kind(other) == Kind::Words);
    cell.row_span > 1 && (row..cell.row + cell.row_span).any(words_beside)
}

/// Adds rows whose label is missing or unknown but which stand alone between two that are known.
fn with_unlabelled(
    view: &View<'_>,
    candidates: &[Candidate],
    pairs: &[(usize, usize)],
    listed: usize,
    label_end: usize,
) -> Vec<Option<RowMatch>> {
    // Spacer rows and repeated group rows are no candidates for a gap.
    let kept: Vec<usize> = candidates
        .iter()
        .enumerate()
        .filter(|(i, c)| c.has_values || pairs.iter().any(|(p, _)| p == i))
        .map(|(i, _)| i)
        .collect();
    let packed: Vec<(usize, usize)> =
        pairs.iter().filter_map(|&(i, j)| Some((kept.iter().position(|k| *k == i)?, j))).collect();
    let last = packed.last().map_or(0, |(i, _)| i + 1);
    align::fill_gaps(&packed, None, last, listed)
        .into_iter()
        .map(|slot| {
            let (packed, evidence) = slot?;
            let candidate = candidates.get(*kept.get(packed)?)?;
            let label = if evidence == Evidence::Label { candidate.own } else { candidate.words };
            Some(RowMatch {
                row: candidate.row,
                label_end: label.map_or(label_end, |id| view.columns(id).end),
                // Unknown words where the label should be: only the position speaks.
                evidence: if evidence == Evidence::Structure && label.is_some() {
                    Evidence::Position
                } else {
                    evidence
                },
                labelled: evidence == Evidence::Label,
                beside_orphan: false,
            })
        })
        .collect()
}

/// The only row of a block without row labels: the first one below the header that holds figures, or else is blank.
fn unlabelled(view: &View<'_>, block: &BlockForm<'_>, rows: Range<usize>, label_end: usize) -> Option<RowMatch> {
    let fits = |row: usize| {
        let cells = view.between(row, label_end..view.grid.columns);
        let words = cells.iter().filter(|id| view.kind(**id) == Kind::Words).count();
        cells.len() * 2 >= block.columns.len() && words * 4 <= cells.len()
    };
    let has_figures = |row: usize| view.row(row).into_iter().any(|id| view.kind(id) == Kind::Figure);
    let row = rows.clone().find(|row| fits(*row) && has_figures(*row)).or_else(|| {
        let mut rows = rows;
        rows.find(|row| fits(*row))
    })?;
    Some(RowMatch { row, label_end, evidence: Evidence::Structure, labelled: false, beside_orphan: false })
}
