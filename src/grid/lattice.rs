//! Lines of a page in, lattices out: rows, columns and the spans of their cells, for every group of lines that cross.
//! Lines may stop short of crossing, and outer borders may be missing. Whether a lattice is a table is decided later.

use super::rules::{Lines, Segment};
use crate::geom::Rect;

/// Rows and columns bounded by lines, and the cells that the lines leave open between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lattice {
    /// Borders of columns, left to right: one more than there are columns.
    pub(super) xs: Vec<f32>,
    /// Borders of rows, top to bottom: one more than there are rows.
    pub(super) ys: Vec<f32>,
    /// Cells by row, then column; they tile the lattice.
    pub(super) cells: Vec<Span>,
}

/// The slots that a cell covers.
#[expect(clippy::struct_field_names, reason = "the names of the public cell")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// First row, from 0.
    pub(super) row: usize,
    /// First column, from 0.
    pub(super) column: usize,
    /// Rows covered.
    pub(super) row_span: usize,
    /// Columns covered.
    pub(super) column_span: usize,
}

/// More crossings or slots than this is a drawing, not a table.
const CROSSINGS: usize = 1_000_000;
const SLOTS: usize = 200_000;

/// How far a line may stop short of the line it should cross.
pub(super) const REACH: f32 = 3.0;

/// Two borders closer than this with no ink between them are one.
const THIN: f32 = 6.0;
/// Two borders closer than this are one whatever lies between.
const SAME: f32 = 3.0;

/// How far lines must stand out beyond the outermost crossing line to mean an open side.
const OPEN_SIDE: f32 = 8.0;

/// The part of an edge that a line must cover to bound a cell there.
const COVERED: f32 = 0.6;

/// Where ink stands on the page, to tell a thin row from a double line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct InkCenters {
    by_x: Vec<(f32, f32)>,
    by_y: Vec<(f32, f32)>,
}

/// The page has more lines than a table can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooDense;

impl InkCenters {
    /// Takes the centres of all marks.
    pub(super) fn new(centers: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut by_x: Vec<(f32, f32)> = centers.collect();
        let mut by_y: Vec<(f32, f32)> = by_x.iter().map(|&(x, y)| (y, x)).collect();
        by_x.sort_by(|a, b| a.0.total_cmp(&b.0));
        by_y.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { by_x, by_y }
    }

    fn any(sorted: &[(f32, f32)], between: (f32, f32), across: (f32, f32)) -> bool {
        let start = sorted.partition_point(|p| p.0 <= between.0);
        sorted.iter().skip(start).take_while(|p| p.0 < between.1).any(|p| p.1 > across.0 && p.1 < across.1)
    }
}

/// Finds the lattices of a page.
pub(super) fn find(lines: &Lines, ink: &InkCenters) -> Result<Vec<Lattice>, TooDense> {
    let mut found = Vec::new();
    for group in groups(lines)? {
        found.extend(build(&group, ink)?);
    }
    found.sort_by(|a, b| first(&a.ys).total_cmp(&first(&b.ys)).then(first(&a.xs).total_cmp(&first(&b.xs))));
    Ok(found)
}

fn first(borders: &[f32]) -> f32 {
    borders.first().copied().unwrap_or_default()
}

/// Parts the lines into groups that hang together by crossings; lines that cross nothing are left out.
fn groups(lines: &Lines) -> Result<Vec<Lines>, TooDense> {
    let mut parent: Vec<usize> = (0..lines.across.len() + lines.down.len()).collect();
    let mut work = 0;
    for (i, h) in lines.across.iter().enumerate() {
        let start = lines.down.partition_point(|v| v.at < h.from - REACH);
        for (j, v) in lines.down.iter().enumerate().skip(start).take_while(|(_, v)| v.at <= h.to + REACH) {
            work += 1;
            if v.from - REACH <= h.at && h.at <= v.to + REACH {
                let (a, b) = (root(&mut parent, i), root(&mut parent, lines.across.len() + j));
                if let Some(slot) = parent.get_mut(a.max(b)) {
                    *slot = a.min(b);
                }
            }
        }
        if work > CROSSINGS {
            return Err(TooDense);
        }
    }
    let mut by_root: std::collections::BTreeMap<usize, Lines> = std::collections::BTreeMap::new();
    for (i, h) in lines.across.iter().enumerate() {
        by_root.entry(root(&mut parent, i)).or_default().across.push(*h);
    }
    for (j, v) in lines.down.iter().enumerate() {
        by_root.entry(root(&mut parent, lines.across.len() + j)).or_default().down.push(*v);
    }
    Ok(by_root.into_values().filter(|g| !g.across.is_empty() && !g.down.is_empty()).collect())
}

/// The group that an entry belongs to; shortens the way on its walk.
fn root(parent: &mut [usize], mut i: usize) -> usize {
    while let Some(&up) = parent.get(i) {
        if up == i {
            break;
        }
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(i) {
            *slot = above;
        }
        i = above;
    }
    i
}

/// A border of rows or columns and the lines that lie on it.
#[derive(Debug, Clone)]
struct Border {
    at: f32,
    pieces: Vec<Segment>,
    /// Nothing is drawn there, but the crossing lines end there.
    open: bool,
}

impl Border {
    /// Whether the border is drawn along this stretch.
    fn covers(&self, from: f32, to: f32) -> bool {
        if self.open {
            return true;
        }
        let start = self.pieces.partition_point(|s| s.to <= from);
        let drawn: f32 = self
            .pieces
            .iter()
            .skip(start)
            .take_while(|s| s.from < to)
            .map(|s| s.beside(&Segment { at: 0.0, from, to }).max(0.0))
            .sum();
        drawn >= COVERED * (to - from)
    }
}

fn build(group: &Lines, ink: &InkCenters) -> Result<Option<Lattice>, TooDense> {
    let extent =
        |segments: &[Segment]| segments.iter().fold((f32::MAX, f32::MIN), |(a, b), s| (a.min(s.from), b.max(s.to)));
    let (wide, high) = (extent(&group.across), extent(&group.down));
    let columns = borders(&group.down, &group.across, |a, b| InkCenters::any(&ink.by_x, (a, b), high));
    let rows = borders(&group.across, &group.down, |a, b| InkCenters::any(&ink.by_y, (a, b), wide));
    if columns.len() < 2 || rows.len() < 2 {
        return Ok(None);
    }
    if (columns.len() - 1) * (rows.len() - 1) > SLOTS {
        return Err(TooDense);
    }
    let mut lattice = Lattice {
        xs: columns.iter().map(|b| b.at).collect(),
        ys: rows.iter().map(|b| b.at).collect(),
        cells: Vec::new(),
    };
    lattice.cells = cells(&columns, &rows);
    lattice.drop_unused_borders();
    Ok(Some(lattice))
}

/// The borders that `lines` make, and those of open sides, where the `crossing` lines end together beyond the last.
fn borders(lines: &[Segment], crossing: &[Segment], has_ink: impl Fn(f32, f32) -> bool) -> Vec<Border> {
    let mut borders: Vec<Border> = Vec::new();
    for line in lines {
        match borders.last_mut() {
            Some(b) if line.at - b.at < SAME || (line.at - b.at < THIN && !has_ink(b.at, line.at)) => {
                b.pieces.push(*line);
            }
            _ => borders.push(Border { at: line.at, pieces: vec![*line], open: false }),
        }
    }
    for border in &mut borders {
        border.pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
        border.pieces.dedup_by(|b, a| {
            let joins = b.from <= a.to + REACH;
            if joins {
                a.to = a.to.max(b.to);
            }
            joins
        });
    }
    let open = |at: f32| Border { at, pieces: Vec::new(), open: true };
    if let (Some(first), Some(last)) = (borders.first().map(|b| b.at), borders.last().map(|b| b.at)) {
        let before = shared_end(crossing.iter().map(|s| first - s.from));
        let after = shared_end(crossing.iter().map(|s| s.to - last));
        if let Some(by) = before {
            borders.insert(0, open(first - by));
        }
        if let Some(by) = after {
            borders.push(open(last + by));
        }
    }
    borders
}

/// How far at least two of the lines stand out together, when they do.
fn shared_end(stand_out: impl Iterator<Item = f32>) -> Option<f32> {
    let mut far: Vec<f32> = stand_out.filter(|&d| d > OPEN_SIDE).collect();
    far.sort_by(|a, b| b.total_cmp(a));
    far.windows(2).find_map(|w| match w {
        [a, b] if a - b < SAME => Some(*a),
        _ => None,
    })
}

/// One flag a slot, all false at first; outside the table every flag is set, so that nothing grows over its edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flags {
    columns: usize,
    set: Vec<bool>,
}

impl Flags {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self { columns, set: vec![false; rows * columns] }
    }

    pub(super) fn get(&self, row: usize, column: usize) -> bool {
        column >= self.columns || self.set.get(row * self.columns + column).copied().unwrap_or(true)
    }

    pub(super) fn put(&mut self, row: usize, column: usize, value: bool) {
        if column < self.columns
            && let Some(slot) = self.set.get_mut(row * self.columns + column)
        {
            *slot = value;
        }
    }
}

/// Tiles the lattice as its borders are drawn.
fn cells(columns: &[Border], rows: &[Border]) -> Vec<Span> {
    let (n, m) = (rows.len() - 1, columns.len() - 1);
    let (mut left, mut top) = (Flags::new(n, m), Flags::new(n, m));
    for (r, row) in rows.windows(2).enumerate() {
        let [above, below] = row else { continue };
        for (c, column) in columns.windows(2).enumerate() {
            let [before, after] = column else { continue };
            left.put(r, c, before.covers(above.at, below.at));
            top.put(r, c, above.covers(before.at, after.at));
        }
    }
    tile((n, m), &left, &top)
}

/// Tiles `n` rows by `m` columns: from each free slot a cell grows right as far as no left edge stops it, then down as
/// far as no edge crosses its width.
pub(super) fn tile((n, m): (usize, usize), left: &Flags, top: &Flags) -> Vec<Span> {
    let mut taken = Flags::new(n, m);
    let mut cells = Vec::new();
    for row in 0..n {
        for column in 0..m {
            if taken.get(row, column) {
                continue;
            }
            let mut end = column + 1;
            while end < m && !left.get(row, end) && !taken.get(row, end) {
                end += 1;
            }
            let mut bottom = row + 1;
            let open = |r: usize| {
                (column..end).all(|c| !top.get(r, c) && !taken.get(r, c)) && (column + 1..end).all(|c| !left.get(r, c))
            };
            while bottom < n && open(bottom) {
                bottom += 1;
            }
            for r in row..bottom {
                for c in column..end {
                    taken.put(r, c, true);
                }
            }
            cells.push(Span { row, column, row_span: bottom - row, column_span: end - column });
        }
    }
    cells
}

impl Lattice {
    /// Drops borders at which no cell begins: they divide nothing.
    fn drop_unused_borders(&mut self) {
        let rows = Kept::of(self.cells.iter().map(|c| c.row), self.ys.len() - 1);
        let columns = Kept::of(self.cells.iter().map(|c| c.column), self.xs.len() - 1);
        for cell in &mut self.cells {
            (cell.row, cell.row_span) = rows.moved(cell.row, cell.row_span);
            (cell.column, cell.column_span) = columns.moved(cell.column, cell.column_span);
        }
        rows.retain(&mut self.ys);
        columns.retain(&mut self.xs);
    }

    /// The whole box.
    pub(super) fn bbox(&self) -> Rect {
        let (rows, columns) = (self.ys.len() - 1, self.xs.len() - 1);
        self.cell_box(Span { row: 0, column: 0, row_span: rows, column_span: columns })
    }

    /// The box of a cell.
    pub(super) fn cell_box(&self, span: Span) -> Rect {
        let at = |borders: &[f32], i: usize| borders.get(i).copied().unwrap_or_default();
        Rect::new(
            at(&self.xs, span.column),
            at(&self.ys, span.row),
            at(&self.xs, span.column + span.column_span),
            at(&self.ys, span.row + span.row_span),
        )
    }

    /// The index into `cells` of every slot, by row, then column.
    pub(super) fn slots(&self) -> Vec<usize> {
        slots(&self.cells, self.ys.len() - 1, self.xs.len() - 1)
    }
}

/// Which rows (or columns) are kept: for each, how many kept ones come before it; one entry more than there are.
struct Kept(Vec<usize>);

impl Kept {
    fn of(starts: impl Iterator<Item = usize>, count: usize) -> Self {
        let mut before = vec![0; count + 1];
        for start in starts {
            if let Some(flag) = before.get_mut(start + 1) {
                *flag = 1;
            }
        }
        let mut sum = 0;
        for b in &mut before {
            sum += *b;
            *b = sum;
        }
        Self(before)
    }

    fn before(&self, i: usize) -> usize {
        self.0.get(i).copied().unwrap_or_default()
    }

    /// Where a stretch begins and how much of it is left.
    fn moved(&self, start: usize, length: usize) -> (usize, usize) {
        (self.before(start), self.before(start + length) - self.before(start))
    }

    fn retain(&self, borders: &mut Vec<f32>) {
        let last = borders.len() - 1;
        let mut i = 0;
        borders.retain(|_| {
            i += 1;
            i > last || self.before(i) > self.before(i - 1)
        });
    }
}

/// The index of the cell that covers each slot; `usize::MAX` where none does.
pub(super) fn slots(cells: &[Span], rows: usize, columns: usize) -> Vec<usize> {
    let mut slots = vec![usize::MAX; rows * columns];
    for (i, cell) in cells.iter().enumerate() {
        for r in cell.row..cell.row + cell.row_span {
            let start = r * columns + cell.column;
            for slot in slots.iter_mut().skip(start).take(cell.column_span) {
                *slot = i;
            }
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(at: f32, from: f32, to: f32) -> Segment {
        Segment { at, from, to }
    }

    fn only(lines: &Lines) -> Lattice {
        let found = find(lines, &InkCenters::default()).unwrap();
        let [lattice] = found.as_slice() else { panic!("{found:?}") };
        lattice.clone()
    }

    #[test]
    fn spans_are_where_lines_are_missing() {
        // Two rows, three columns; the first row's right two slots are one cell, the first column is one cell.
        let lines = Lines {
            across: vec![s(0.0, 0.0, 300.0), s(20.0, 100.0, 300.0), s(40.0, 0.0, 300.0)],
            down: vec![s(0.0, 0.0, 40.0), s(100.0, 0.0, 40.0), s(200.0, 20.0, 40.0), s(300.0, 0.0, 40.0)],
        };
        let lattice = only(&lines);
        let spans: Vec<_> = lattice.cells.iter().map(|c| (c.row, c.column, c.row_span, c.column_span)).collect();
        assert_eq!(spans, vec![(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]);
    }

    #[test]
    fn lines_may_stop_short_and_the_bottom_may_be_open() {
        let lines = Lines {
            across: vec![s(0.0, 2.0, 98.0), s(20.0, 2.0, 98.0)],
            down: vec![s(0.0, 1.0, 40.0), s(50.0, 1.0, 40.0), s(100.0, 1.0, 40.0)],
        };
        assert_eq!((only(&lines).ys.len(), only(&lines).cells.len()), (3, 4));
    }

    #[test]
    fn sides_may_be_open() {
        let lines = Lines {
            across: vec![s(0.0, 0.0, 150.0), s(20.0, 0.0, 150.0), s(40.0, 0.0, 150.0)],
            down: vec![s(50.0, 0.0, 40.0), s(100.0, 0.0, 40.0)],
        };
        assert_eq!(only(&lines).xs, vec![0.0, 50.0, 100.0, 150.0]);
    }

    #[test]
    fn a_drawing_is_refused() {
        let many = |n: u16| (0..n).map(|i| s(f32::from(i) * 4.0, 0.0, 10_000.0)).collect::<Vec<_>>();
        assert_eq!(find(&Lines { across: many(1500), down: many(1500) }, &InkCenters::default()), Err(TooDense));
    }

    proptest::proptest! {
        #[test]
        fn cells_tile_the_lattice(
            across in proptest::collection::vec((0u8..20, 0u8..20, 1u8..20), 1..30),
            down in proptest::collection::vec((0u8..20, 0u8..20, 1u8..20), 1..30),
        ) {
            let segments = |of: &[(u8, u8, u8)]| crate::grid::rules::merge(of.iter().map(|&(at, from, length)| {
                s(f32::from(at) * 10.0, f32::from(from) * 10.0, f32::from(from) * 10.0 + f32::from(length) * 10.0)
            }).collect());
            let lines = Lines { across: segments(&across), down: segments(&down) };
            for lattice in find(&lines, &InkCenters::default()).unwrap() {
                let slots = lattice.slots();
                let area: usize = lattice.cells.iter().map(|c| c.row_span * c.column_span).sum();
                proptest::prop_assert!(slots.iter().all(|&i| i < lattice.cells.len()));
                proptest::prop_assert_eq!(area, slots.len());
            }
        }
    }
}
