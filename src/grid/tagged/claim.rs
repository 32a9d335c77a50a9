//! Stated tables and pages in, claims out: for each table the ink of its cells on each page, and the slots that its cells
//! ask for.

use super::{MOST_TABLES, Refusal, spans};
use crate::geom::Rect;
use crate::grid::ink::{Ink, Upright};
use crate::grid::lattice::Span;
use crate::grid::slots::{self, Asked, Layout};
use crate::grid::spell;
use crate::grid::wording::is_value;
use crate::page::StructTable;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// More slots than this are no table.
const MOST_SLOTS: u64 = 200_000;

/// A stated table and its ink.
#[derive(Debug)]
pub(super) struct Claim<'p> {
    /// What its cells ask for, by row.
    rows: Vec<Vec<Wish>>,
    /// Its ink, page by page.
    pub(super) pieces: Vec<Piece<'p>>,
    /// It stands on a page with too many stated tables.
    pub(super) crowded: bool,
    /// Some of its cells are stated to be blank.
    states_blanks: bool,
    /// Column spans are stated, so that none is left out.
    states_spans: bool,
}

/// A stated cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// Its number in the table.
    pub(super) id: usize,
    pub(super) header: bool,
    pub(super) asked: Asked,
    /// Whether it may cover more columns than it asks for: no spans are stated, and it is a heading, or else words beside
    /// which no blank cell was left out.
    pub(super) elastic: bool,
    /// Its span is not stated but follows from where it stands.
    pub(super) inferred: bool,
}

/// The ink of a table on one page.
#[derive(Debug)]
pub(super) struct Piece<'p> {
    /// Index of the page.
    pub(super) index: usize,
    pub(super) page: &'p Upright,
    /// The glyphs of each cell, by the cell's number.
    pub(super) ink: BTreeMap<usize, Vec<Ink>>,
    pub(super) runs: Vec<Range<u32>>,
}

/// A claim with its cells in their slots.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Cells that tile the rows and columns.
    pub(super) cells: Vec<Slotted>,
    /// Blank cells are stated and no row lacks cells: the place of a cell in its row says which column it is in.
    pub(super) exact: bool,
    /// Cells of some rows were put where they stand.
    pub(super) mended: bool,
}

/// A cell in its slots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slotted {
    pub(super) span: Span,
    /// The stated cell; `None` for a slot that no cell asked for.
    pub(super) wish: Option<Wish>,
}

/// The ink of each table; a glyph belongs to one cell at most.
pub(super) fn claims<'p>(pages: &[(&[StructTable], &'p Upright)]) -> Vec<Claim<'p>> {
    let tables: Vec<&StructTable> = pages.iter().flat_map(|(tables, _)| tables.iter()).collect();
    let mut claims: Vec<Claim> = tables.iter().map(|table| Claim::new(table)).collect();
    for (index, (_, page)) in pages.iter().enumerate() {
        let owners = owners(&tables, page.number);
        for (table, piece) in pieces(index, page, &owners) {
            if let Some(claim) = claims.get_mut(table) {
                claim.pieces.push(piece);
            }
        }
        let mut here: Vec<usize> = owners.iter().map(|owner| owner.table).collect();
        here.sort_unstable();
        here.dedup();
        if here.len() > MOST_TABLES {
            for table in here {
                if let Some(claim) = claims.get_mut(table) {
                    claim.crowded = true;
                }
            }
        }
    }
    claims
}

/// Who has the runs of a range.
#[derive(Debug, Clone)]
struct Owner {
    runs: Range<u32>,
    table: usize,
    cell: usize,
}

/// The owners on one page, in order of their runs.
fn owners(tables: &[&StructTable], page: u32) -> Vec<Owner> {
    let mut owners = Vec::new();
    for (table, stated) in tables.iter().enumerate() {
        for (cell, stated) in stated.rows.iter().flatten().enumerate() {
            let here = stated.content.iter().filter(|content| content.page == page);
            owners.extend(here.map(|content| Owner { runs: content.runs.clone(), table, cell }));
        }
    }
    owners.sort_by_key(|owner| owner.runs.start);
    owners
}

fn pieces<'p>(index: usize, page: &'p Upright, owners: &[Owner]) -> BTreeMap<usize, Piece<'p>> {
    let mut pieces: BTreeMap<usize, Piece> = BTreeMap::new();
    for owner in owners {
        let piece = pieces.entry(owner.table);
        let piece = piece.or_insert_with(|| Piece { index, page, ink: BTreeMap::new(), runs: Vec::new() });
        piece.runs.push(owner.runs.clone());
    }
    if pieces.is_empty() {
        return pieces;
    }
    for glyph in &page.ink {
        let before = owners.partition_point(|owner| owner.runs.end <= glyph.run);
        let owner = owners.get(before).filter(|owner| owner.runs.contains(&glyph.run));
        if let Some((owner, piece)) = owner.and_then(|owner| Some((owner, pieces.get_mut(&owner.table)?))) {
            piece.ink.entry(owner.cell).or_default().push(*glyph);
        }
    }
    pieces.retain(|_, piece| piece.hull().is_some());
    pieces
}

impl Piece<'_> {
    /// Box around its marks.
    pub(super) fn hull(&self) -> Option<Rect> {
        Rect::around(self.ink.values().filter_map(|ink| spell::bbox(ink)))
    }

    /// The size that its text is set in, on average.
    pub(super) fn size(&self) -> f32 {
        let marks = || self.ink.values().flatten().filter(|ink| !ink.is_blank());
        #[expect(clippy::cast_precision_loss, reason = "glyphs of a page")]
        let count = marks().count().max(1) as f32;
        marks().map(|ink| ink.size).sum::<f32>() / count
    }
}

impl Claim<'_> {
    fn new(table: &StructTable) -> Self {
        let mut id = 0..;
        let mut wish = |cell: &crate::page::StructCell| Wish {
            id: id.next().unwrap_or_default(),
            header: cell.header,
            asked: Asked { column: None, row_span: cell.row_span, column_span: cell.column_span.unwrap_or(1) },
            elastic: false,
            inferred: false,
        };
        let rows = table.rows.iter().map(|row| row.iter().map(&mut wish).collect()).collect();
        let states_blanks = table.rows.iter().flatten().any(|cell| cell.blank);
        let states_spans = table.rows.iter().flatten().any(|cell| cell.column_span.is_some());
        Self { rows, pieces: Vec::new(), crowded: false, states_blanks, states_spans }
    }

    /// Puts the cells into their slots; those of rows that lack cells go where they stand.
    pub(super) fn lay_out(&self) -> Result<Stated, Refusal> {
        let layout = fit(&self.rows)?;
        if layout.short_row(|_| true).is_none() {
            return Ok(Stated { exact: self.states_blanks, ..Stated::of(&layout) });
        }
        let boxes = self.boxes();
        let mut mended = spans::mend(&self.elastic(), &boxes).ok_or(Refusal::Spans)?;
        // Columns in which no text begins come from blank cells that are one too many.
        let inked = |wish: &Wish| boxes.contains_key(&wish.id);
        let begun: BTreeSet<Option<u32>> =
            mended.iter().flatten().filter(|wish| inked(wish)).map(|wish| wish.asked.column).collect();
        for row in &mut mended {
            row.retain(|wish| inked(wish) || begun.contains(&wish.asked.column));
        }
        Ok(Stated { mended: true, ..Stated::of(&fit(&mended)?) })
    }

    /// The rows with a word on which of their cells may cover more than they ask for.
    fn elastic(&self) -> Vec<Vec<Wish>> {
        let mut rows = self.rows.clone();
        for wish in rows.iter_mut().flatten().filter(|_| !self.states_spans) {
            let ink = self.pieces.iter().find_map(|piece| piece.ink.get(&wish.id));
            let value = ink.is_some_and(|ink| is_value(&spell::spell(ink).text));
            wish.elastic = wish.header || (self.states_blanks && !value);
        }
        rows
    }

    /// The box of each cell's marks over all pages: of use across the page only.
    fn boxes(&self) -> BTreeMap<usize, Rect> {
        let mut boxes: BTreeMap<usize, Rect> = BTreeMap::new();
        for (&cell, ink) in self.pieces.iter().flat_map(|piece| &piece.ink) {
            if let Some(own) = spell::bbox(ink) {
                boxes.entry(cell).and_modify(|all| *all = all.union(&own)).or_insert(own);
            }
        }
        boxes
    }
}

fn fit(rows: &[Vec<Wish>]) -> Result<Layout<'_, Wish>, Refusal> {
    let layout = slots::lay_out(rows, MOST_SLOTS, |wish| wish.asked).map_err(|_| Refusal::Large)?;
    if layout.cut.is_some() {
        return Err(Refusal::Spans);
    }
    if layout.rows.len() < 2 || layout.columns.len() < 2 { Err(Refusal::Small) } else { Ok(layout) }
}

impl Stated {
    fn of(layout: &Layout<'_, Wish>) -> Self {
        let slotted = |tile: slots::Tile<'_, '_, Wish>| Slotted { span: tile.span, wish: tile.laid.map(|l| *l.cell) };
        Self {
            rows: layout.rows.len(),
            columns: layout.columns.len(),
            cells: layout.tiles().into_iter().map(slotted).collect(),
            exact: false,
            mended: false,
        }
    }
}
