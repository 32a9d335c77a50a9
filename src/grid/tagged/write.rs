//! A claim that the pages bear out in, the table out: each cell read from its own ink on the pages of its rows.

use super::check::Measured;
use super::claim::{Claim, Piece, Slotted, Stated};
use super::{Tagged, TaggedPart};
use crate::geom::{Rect, overlap};
use crate::grid::draft::{Draft, DraftCell};
use crate::grid::join::Table;
use crate::grid::lattice::Span;
use crate::grid::{Doubt, Method};
use crate::page::Axis;

/// A rule this near, in em, above or below the text belongs to the table.
const NEAR: f32 = 1.2;

/// Writes the table; `homes` are the pieces that each row stands on.
pub(super) fn table(claim: &Claim<'_>, stated: &Stated, measured: &[Measured], homes: &[Vec<usize>]) -> Tagged {
    let places: Vec<Place> = claim.pieces.iter().zip(measured).map(|(piece, m)| Place::new(piece, m)).collect();
    let cells = stated.cells.iter().filter_map(|cell| read(cell, &places, homes)).collect();
    let mut stretches = Vec::new();
    let mut parts = Vec::new();
    for (i, place) in places.iter().enumerate() {
        let first_row = homes.iter().position(|homes| homes.contains(&i)).unwrap_or(stated.rows);
        stretches.push((place.piece.page.number, place.piece.page.frame.to_page(place.bbox), first_row));
        let mut runs = place.piece.runs.clone();
        let mut bbox = place.bbox;
        if let Some(again) = &place.measured.again {
            runs.extend(again.runs.iter().cloned());
            runs.sort_by_key(|range| range.start);
            bbox = bbox.union(&again.bbox);
        }
        let rows = place.measured.row_count(stated);
        parts.push(TaggedPart { page: place.piece.index, bbox, rows, columns: stated.columns, runs });
    }
    let first = places.first();
    let body = Draft {
        page: first.map_or(0, |place| place.piece.page.number),
        frame: first.map_or(crate::grid::ink::Frame::new(crate::page::Turn::None, 0.0, 0.0), |p| p.piece.page.frame),
        xs: first.map(|place| place.xs.clone()).unwrap_or_default(),
        rows: stated.rows,
        cells,
        // Where cells are missing it is the alignment of text that tells the columns.
        method: if stated.mended { Method::Aligned } else { Method::Stated },
        bbox: first.map(|place| place.bbox).unwrap_or_default(),
    };
    Tagged { table: Table::whole(body, stretches), parts }
}

/// A piece and where its rows and columns lie.
struct Place<'c, 'p> {
    piece: &'c Piece<'p>,
    measured: &'c Measured,
    bbox: Rect,
    xs: Vec<f32>,
    ys: Vec<f32>,
}

impl<'c, 'p> Place<'c, 'p> {
    fn new(piece: &'c Piece<'p>, measured: &'c Measured) -> Self {
        let hull = measured.hull;
        Self {
            piece,
            measured,
            bbox: with_rules(piece, measured),
            xs: borders(&measured.columns, (hull.x0, hull.x1)),
            ys: borders(&measured.rows, (hull.y0, hull.y1)),
        }
    }

    fn own_box(&self, span: Span) -> Rect {
        let at = |borders: &[f32], i: usize| borders.get(i).copied().unwrap_or_default();
        let (right, bottom) = (span.column + span.column_span, span.row + span.row_span);
        Rect::new(at(&self.xs, span.column), at(&self.ys, span.row), at(&self.xs, right), at(&self.ys, bottom))
    }
}

/// Borders in the middle between the ink of neighbours.
fn borders(extents: &[Option<(f32, f32)>], ends: (f32, f32)) -> Vec<f32> {
    let mut borders = vec![ends.0];
    let mut end = ends.0;
    for (i, extent) in extents.iter().enumerate() {
        if i > 0 {
            let next = extents.iter().skip(i).flatten().next().map_or(ends.1, |e| e.0);
            borders.push(f32::midpoint(end, next).max(borders.last().copied().unwrap_or(ends.0)));
        }
        end = extent.map_or(end, |e| e.1.max(end));
    }
    borders.push(ends.1);
    borders
}

/// The hull and the rules that close it above and below.
fn with_rules(piece: &Piece<'_>, measured: &Measured) -> Rect {
    let hull = measured.hull;
    let reach = NEAR * measured.size;
    let closes = piece.page.rules.iter().filter(|rule| {
        rule.axis == Axis::Horizontal
            && overlap((rule.from, rule.to), (hull.x0, hull.x1)) > 0.5 * hull.width()
            && rule.at > hull.y0 - reach
            && rule.at < hull.y1 + reach
    });
    closes.fold(hull, |hull, rule| Rect { y0: hull.y0.min(rule.at), y1: hull.y1.max(rule.at), ..hull })
}

/// Reads one cell.
fn read(cell: &Slotted, places: &[Place<'_, '_>], homes: &[Vec<usize>]) -> Option<DraftCell> {
    let mut on: Vec<usize> = homes.iter().skip(cell.span.row).take(cell.span.row_span).flatten().copied().collect();
    on.dedup();
    let on_each = on.iter().filter_map(|&place| {
        let place = places.get(place)?;
        let ink = place.piece.ink.get(&cell.wish?.id)?;
        Some(DraftCell::of(place.piece.page, cell.span, ink, place.own_box(cell.span)))
    });
    let mut read: Option<DraftCell> = None;
    for next in on_each.filter(|cell| !cell.text.is_empty()) {
        match &mut read {
            None => read = Some(next),
            Some(read) => {
                read.text.push('\n');
                read.text.push_str(&next.text);
                read.doubt = read.doubt.or(next.doubt).or(Some(Doubt::JoinedOverBreak));
            }
        }
    }
    let place = places.get(*on.first()?)?;
    let mut read = read.unwrap_or_else(|| DraftCell::of(place.piece.page, cell.span, &[], place.own_box(cell.span)));
    if cell.wish.is_some_and(|wish| wish.inferred) {
        read.doubt = read.doubt.or(Some(Doubt::Alignment));
    }
    Some(read)
}
