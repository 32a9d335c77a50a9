//! The values of a row: which cell of the grid stands in which column of the form.

use super::header::Header;
use super::lexicon::BlockForm;
use super::rows::RowMatch;
use super::view::{CellId, Kind, View, is_unit};
use super::{Alternative, Evidence, Reading, RowValues, Slot};
use crate::grid::Doubt;
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
    match columns {
        Columns::Placed(header) => placed(view, header, found),
        Columns::Ordered(header) => ordered(view, block, Some(header), header.first_value, found),
        Columns::Counted(from) => ordered(view, block, None, *from, found),
    }
}

/// The row's cells right of its label. Trailing and leading blanks are kept.
fn value_cells(view: &View<'_>, found: RowMatch, from: usize) -> Vec<CellId> {
    view.between(found.row, found.label_end.max(from)..view.grid.columns)
}

fn placed(view: &View<'_>, header: &Header, found: RowMatch) -> RowValues {
    let targets: Vec<&Range<usize>> = header.columns.iter().flatten().map(|(range, _)| range).collect();
    let cells = value_cells(view, found, header.first_value);
    let mut by_overlap: Vec<Vec<CellId>> = targets.iter().map(|range| cells_under(view, &cells, range)).collect();
    // Some published forms shift the inner borders between header and body: then only the count says which is which.
    let one_each = by_overlap.iter().all(|ids| ids.len() == 1) && distinct(&by_overlap);
    if !one_each && cells.len() == targets.len() {
        by_overlap = cells.iter().map(|id| vec![*id]).collect();
    }
    let mut next = by_overlap.into_iter();
    let slots = header
        .columns
        .iter()
        .map(|column| match column {
            None => Slot::Absent,
            Some((range, evidence)) => {
                let ids = next.next().unwrap_or_default();
                merged(view, &ids, range, (*evidence).max(found.evidence)).map_or(Slot::Absent, Slot::Read)
            }
        })
        .collect();
    RowValues::Placed(slots)
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
        alternatives: Vec::new(),
    })
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
