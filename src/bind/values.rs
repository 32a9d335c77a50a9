//! The values of a row: which cell of the grid stands in which column of the form.

use super::header::Header;
use super::lexicon::BlockForm;
use super::rows::RowMatch;
use super::view::{CellId, Kind, View, is_unit};
use super::{Alternative, Evidence, RECOGNISED, Reading, RowValues, Slot};
use crate::geom;
use crate::grid::{Cell, Doubt};
use crate::number;
use crate::place::Place;
use std::ops::Range;

/// What is known of the columns of a block in one grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Columns {
    /// Columns lie where the header has them.
    Placed(Header),
    /// The header is known, but what stands in which column of the grid is not (text copies with dropped cells).
    Ordered(Header),
    /// There is no header: as many value cells from this grid column on as the form has columns.
    Counted(usize),
}

/// Reads one row.
pub(super) fn read(view: &View<'_>, block: &BlockForm<'_>, columns: &Columns, found: RowMatch) -> RowValues {
    let mut values = match columns {
        Columns::Placed(header) => placed(view, header, found),
        Columns::Ordered(header) => ordered(view, block, Some(header), header.first_value, found),
        Columns::Counted(from) => ordered(view, block, None, *from, found),
    };
    if found.beside_orphan || label_holds_figure(view, found) {
        // 行政处罚1120: the figure of some column was taken for the end of the label.
        for reading in readings(&mut values).filter(|r| r.raw.trim().is_empty()) {
            reading.doubt.get_or_insert(Doubt::Straddles);
        }
    }
    if let Columns::Placed(header) = columns
        && view.is_loose()
        && header.columns.iter().any(Option::is_none)
    {
        // Without rules a column that was not found may have been taken into the one beside it.
        for reading in readings(&mut values) {
            reading.doubt.get_or_insert(Doubt::Alignment);
        }
    }
    values
}

/// Whether the cell left of the values ends in a figure.
fn label_holds_figure(view: &View<'_>, found: RowMatch) -> bool {
    let label = found.label_end.checked_sub(1).and_then(|column| view.at(found.row, column));
    let ends_in_digit = |text: &str| number::fold(text).ends_with(|c: char| c.is_ascii_digit());
    label.is_some_and(|id| view.kind(id) == Kind::Words && view.cell(id).is_some_and(|c| ends_in_digit(&c.text)))
}

fn readings(values: &mut RowValues) -> impl Iterator<Item = &mut Reading> {
    let (slots, loose) = match values {
        RowValues::Placed(slots) => (slots.as_mut_slice(), [].as_mut_slice()),
        RowValues::Loose(loose) => ([].as_mut_slice(), loose.as_mut_slice()),
        RowValues::Absent => ([].as_mut_slice(), [].as_mut_slice()),
    };
    let placed = slots.iter_mut().filter_map(|slot| match slot {
        Slot::Read(reading) => Some(reading),
        Slot::Absent => None,
    });
    placed.chain(loose.iter_mut())
}

/// The row's cells right of its label. Trailing and leading blanks are kept.
fn value_cells(view: &View<'_>, found: RowMatch, from: usize) -> Vec<CellId> {
    view.between(found.row, found.label_end.max(from)..view.grid.columns)
}

fn placed(view: &View<'_>, header: &Header, found: RowMatch) -> RowValues {
    let targets: Vec<&Range<usize>> = header.columns.iter().flatten().map(|(range, _)| range).collect();
    let cells = value_cells(view, found, header.first_value);
    let mut under: Vec<Vec<CellId>> = targets.iter().map(|range| cells_under(view, &cells, range)).collect();
    // Some published forms shift the inner borders between header and body: then only the count says which is which.
    let one_each = under.iter().all(|ids| ids.len() == 1) && distinct(&under);
    if !one_each && cells.len() == targets.len() {
        under = cells.iter().map(|id| vec![*id]).collect();
    }
    let strays = take_strays(view, &cells, &targets, &mut under);
    // A figure between the label and the first column that was found belongs to a column that was not.
    let before = view.between(found.row, found.label_end..header.first_value.max(found.label_end));
    let passed_over = view.is_loose() && before.iter().any(|id| view.kind(*id) == Kind::Figure);
    let mut next = under.iter().zip(&strays);
    let slots = header
        .columns
        .iter()
        .map(|column| {
            let Some((range, evidence)) = column else { return Slot::Absent };
            let Some((ids, stray)) = next.next() else { return Slot::Absent };
            let evidence = (*evidence).max(found.evidence);
            let Some(mut reading) = merged(view, ids, range, evidence) else { return Slot::Absent };
            if *stray || passed_over || stands_under_another(view, header, range, &reading) {
                reading.doubt.get_or_insert(Doubt::Alignment);
            }
            Slot::Read(reading)
        })
        .collect();
    RowValues::Placed(slots)
}

/// Whether a figure that no rule holds in its column stands clear of its own label and under another column's.
fn stands_under_another(view: &View<'_>, header: &Header, own: &Range<usize>, reading: &Reading) -> bool {
    if !view.is_loose() || reading.raw.trim().is_empty() {
        return false;
    }
    let Some(ink) = extent(&reading.place) else { return false };
    let under = |range: &Range<usize>| {
        let label =
            view.at(header.rows.end.saturating_sub(1), range.start).and_then(|id| extent(&view.cell(id)?.place));
        label.map(|label| geom::overlap(ink, label) > 0.0)
    };
    let others = header.columns.iter().flatten().map(|(range, _)| range).filter(|range| *range != own);
    under(own) == Some(false) && others.into_iter().any(|range| under(range) == Some(true))
}

/// From where to where something stands across its page.
fn extent(place: &Place) -> Option<(f32, f32)> {
    match place {
        Place::Page { bbox, .. } => Some((bbox.x0, bbox.x1)),
        _ => None,
    }
}

/// No printed figure of a row is passed over in silence: one that stands under no label goes to the only blank column
/// beside it, and the columns beside it are told to be in doubt.
fn take_strays(view: &View<'_>, cells: &[CellId], targets: &[&Range<usize>], under: &mut [Vec<CellId>]) -> Vec<bool> {
    let mut doubtful = vec![false; under.len()];
    let is_blank = |ids: &[CellId]| ids.iter().all(|id| view.kind(*id) == Kind::Blank);
    for id in cells.iter().copied().filter(|id| view.kind(*id) == Kind::Figure) {
        if under.iter().any(|ids| ids.contains(&id)) {
            continue;
        }
        let at = view.columns(id).start;
        let right = targets.iter().position(|range| range.start > at);
        let left = right.unwrap_or(targets.len()).checked_sub(1);
        let beside: Vec<usize> = left.into_iter().chain(right).collect();
        let free: Vec<usize> =
            beside.iter().copied().filter(|t| under.get(*t).is_some_and(|ids| is_blank(ids))).collect();
        if let [only] = free.as_slice()
            && let Some(ids) = under.get_mut(*only)
        {
            *ids = vec![id];
        }
        for t in beside {
            if let Some(flag) = doubtful.get_mut(t) {
                *flag = true;
            }
        }
    }
    doubtful
}

/// The cells of which at least half lies under the range, or that cover at least half of it.
fn cells_under(view: &View<'_>, cells: &[CellId], range: &Range<usize>) -> Vec<CellId> {
    cells
        .iter()
        .copied()
        .filter(|id| {
            let own = view.columns(*id);
            let shared = own.end.min(range.end).saturating_sub(own.start.max(range.start));
            shared > 0 && (shared * 2 >= own.len() || shared * 2 >= range.len())
        })
        .collect()
}

fn distinct(groups: &[Vec<CellId>]) -> bool {
    let mut all: Vec<CellId> = groups.iter().flatten().copied().collect();
    all.sort_unstable();
    all.windows(2).all(|pair| pair.first() != pair.last())
}

/// One reading of the cells under one column of the form. Several filled cells there are one number cut apart, or two.
fn merged(view: &View<'_>, ids: &[CellId], range: &Range<usize>, evidence: Evidence) -> Option<Reading> {
    let filled: Vec<CellId> = ids.iter().copied().filter(|id| view.kind(*id) != Kind::Blank).collect();
    let mut reading = reading(view, *filled.first().or(ids.first())?, evidence)?;
    if view.columns(*ids.first()?).len() > range.len() && filled.len() == 1 {
        // A filled cell that reaches over other columns may belong to one of those.
        reading.doubt.get_or_insert(Doubt::Straddles);
    }
    if filled.len() > 1 {
        let texts: Vec<&str> = filled.iter().filter_map(|id| Some(view.cell(*id)?.text.as_str())).collect();
        reading.alternatives = texts
            .iter()
            .map(|text| Alternative { raw: (*text).to_owned(), place: reading.place.clone(), reason: "cell-split" })
            .collect();
        reading.raw = texts.concat();
        reading.doubt = Some(Doubt::Straddles);
    }
    Some(reading)
}

fn reading(view: &View<'_>, id: CellId, evidence: Evidence) -> Option<Reading> {
    let cell = view.cell(id)?;
    Some(Reading {
        raw: cell.text.clone(),
        place: cell.place.clone(),
        evidence,
        doubt: cell.doubt,
        recognised: cell.recognised.as_ref().map(|r| r.sure),
        alternatives: others(cell),
    })
}

/// What else a recogniser takes for possible.
fn others(cell: &Cell) -> Vec<Alternative> {
    let others = cell.recognised.iter().flat_map(|r| &r.others);
    let other = |raw: &String| Alternative { raw: raw.clone(), place: cell.place.clone(), reason: RECOGNISED };
    others.map(other).collect()
}

/// Reads a row of which only the order is known. Cells left of `from` are padding of the label.
fn ordered(view: &View<'_>, block: &BlockForm<'_>, header: Option<&Header>, from: usize, found: RowMatch) -> RowValues {
    let wanted = block.columns.len();
    let mut cells = value_cells(view, found, from);
    // A column of units stands between labels and values on some forms.
    cells.retain(|id| !view.cell(*id).is_some_and(|cell| is_unit(&cell.text)));
    let read_all = |ids: &[CellId], evidence: Evidence| -> Vec<Reading> {
        ids.iter().filter_map(|id| reading(view, *id, evidence.max(found.evidence))).collect()
    };
    if cells.len() == wanted {
        return all_placed(read_all(&cells, Evidence::Structure));
    }
    // A header with as many cells as the row: one of few columns, padded on the right (行政许可 | 25337 | | ).
    if let Some(header) = header
        && view.between(header.rows.end.saturating_sub(1), header.first_value..view.grid.columns).len() == cells.len()
        && header.columns.iter().all(Option::is_some)
    {
        return placed(view, header, found);
    }
    let trailing = cells.iter().rev().take_while(|id| view.kind(**id) == Kind::Blank).count();
    let filled: Vec<CellId> = cells.iter().copied().filter(|id| view.kind(*id) != Kind::Blank).collect();
    if filled.len() == wanted {
        return all_placed(read_all(&filled, Evidence::Position));
    }
    let kept = cells.get(..(cells.len() - trailing).max(wanted.min(cells.len()))).unwrap_or(&cells);
    if kept.len() > wanted { RowValues::Absent } else { RowValues::Loose(read_all(kept, Evidence::Position)) }
}

fn all_placed(readings: Vec<Reading>) -> RowValues {
    RowValues::Placed(readings.into_iter().map(Slot::Read).collect())
}
