//! Chunks of text in, columns out: stretches of the width that the chunks of most lines keep to. Chunks that reach over
//! several columns (headings, labels over label columns) make none. Which column a chunk belongs to is told here too.

use super::Chunk;
use crate::geom::overlap;

/// Where the ink of a column lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    /// Left end.
    pub(super) x0: f32,
    /// Right end.
    pub(super) x1: f32,
    /// How many chunks lie in it.
    chunks: usize,
    /// How many of them are values.
    values: usize,
    /// Whether a line shows it that shows most columns.
    full: bool,
    /// Made of two that stood apart.
    paired: bool,
}

/// Chunks and columns may overlap this far (in points) without touching: advances are wider than ink.
const SLACK: f32 = 1.0;

impl Column {
    /// How far the chunk reaches into it; less than 0 when it does not.
    pub(super) fn overlap(&self, chunk: &Chunk) -> f32 {
        overlap((self.x0, self.x1), (chunk.x0(), chunk.x1()))
    }

    /// Whether enough of the chunk lies in it.
    fn holds(&self, chunk: &Chunk) -> bool {
        let shared = self.overlap(chunk);
        shared > SLACK && shared > 0.15 * chunk.width().min(self.x1 - self.x0)
    }

    /// Both as one.
    fn with(&self, next: &Self) -> Self {
        Self {
            x0: self.x0.min(next.x0),
            x1: self.x1.max(next.x1),
            chunks: self.chunks + next.chunks,
            values: self.values + next.values,
            full: self.full || next.full,
            paired: self.paired || next.paired,
        }
    }

    /// Whether one of the two holds mostly values and the other none, as a heading and its figures do.
    fn is_counterpart(&self, next: &Self) -> bool {
        let figures = |c: &Self| c.values * 2 > c.chunks;
        (figures(self) && next.values == 0) || (self.values == 0 && figures(next) && self.chunks <= next.chunks.max(6))
    }

    /// A column for tests.
    #[cfg(test)]
    pub(super) fn at(x0: f32, x1: f32) -> Self {
        Self { x0, x1, chunks: 9, values: 0, full: true, paired: false }
    }

    /// The middle of its ink.
    pub(super) fn center(&self) -> f32 {
        f32::midpoint(self.x0, self.x1)
    }
}

/// A line's chunks, and whether the line is part of a heading.
pub(super) type Shown<'a> = (&'a [Chunk], bool);

/// Finds the columns. `lines` are the chunks line by line. Headings make columns only where nothing else
/// does, and widen those of the rows where `widened`.
pub(super) fn find(shown: &[Shown], widened: bool) -> Vec<Column> {
    let lines: Vec<&[Chunk]> = shown.iter().map(|(l, _)| *l).collect();
    let lines = lines.as_slice();
    let most = lines.iter().map(|l| l.len()).max().unwrap_or_default();
    let is_full = |line: &[Chunk]| line.len() >= 2 && (line.len() >= 3 || line.len() * 5 >= most * 3);
    // A text alone on its line may be a title over several columns: it shows a column only where nothing else does.
    let alone = |l: &[Chunk]| l.len() == 1;
    let chunks_of = |heading: bool, single: bool| {
        let of = shown.iter().filter(move |(l, h)| *h == heading && alone(l) == single);
        let mut chunks: Vec<(&Chunk, bool)> = of.flat_map(|(l, _)| l.iter().map(|c| (c, is_full(l)))).collect();
        chunks.sort_by(|(a, _), (b, _)| a.width().total_cmp(&b.width()).then(a.x0().total_cmp(&b.x0())));
        chunks
    };
    let chunks = chunks_of(false, false);
    let mut columns: Vec<Column> = Vec::new();
    for &(chunk, full) in &chunks {
        add(&mut columns, chunk, full);
    }
    for &(chunk, full) in &chunks_of(false, true) {
        if columns.iter().all(|c| c.overlap(chunk) <= SLACK) {
            add(&mut columns, chunk, full);
        }
    }
    let rows = columns.clone();
    for &(chunk, full) in &chunks_of(true, false) {
        if widened || rows.iter().all(|c| c.overlap(chunk) <= SLACK) {
            add(&mut columns, chunk, full);
        }
    }
    for &(chunk, full) in &chunks_of(true, true) {
        if columns.iter().all(|c| c.overlap(chunk) <= SLACK) {
            add(&mut columns, chunk, full);
        }
    }
    // A column that only one sparse line shows is a stray word.
    columns.retain(|c| c.full || c.chunks >= 2);
    columns.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut columns = bridge(columns, lines);
    // What lay over the pieces of a column that was bridged lies in it now.
    for (chunk, _) in chunks.iter().filter(|(_, full)| *full) {
        extend(&mut columns, chunk);
    }
    under_headings(&pair_up(columns, lines, shown), shown)
}

/// Joins a column that only a heading shows with the column of figures beside it that no heading stands over: the
/// heading is set on one side of the column and the figures on the other.
fn under_headings(columns: &[Column], shown: &[Shown]) -> Vec<Column> {
    let holds = |c: &Column, heading: bool| {
        let chunks = shown.iter().filter(|(_, h)| *h == heading).flat_map(|(l, _)| l.iter());
        chunks.filter(|k| c.holds(k) && columns.iter().filter(|o| o.holds(k)).count() == 1).count() > 0
    };
    let seen: Vec<(bool, bool)> = columns.iter().map(|c| (holds(c, true), holds(c, false))).collect();
    let mut joined: Vec<(Column, (bool, bool))> = Vec::new();
    for (column, seen) in columns.iter().zip(seen) {
        match joined.last_mut() {
            Some((before, had))
                if matches!((*had, seen), ((true, false), (false, true)) | ((false, true), (true, false))) =>
            {
                *before = before.with(column);
                *had = (true, true);
            }
            _ => joined.push((*column, seen)),
        }
    }
    joined.into_iter().map(|(c, _)| c).collect()
}

/// How many lines show two neighbouring columns apart, and how many chunks lie over both.
fn evidence(a: &Column, b: &Column, lines: &[&[Chunk]]) -> (usize, usize) {
    let (mut apart, mut over) = (0, 0);
    for line in lines {
        let (mut left, mut right) = (false, false);
        for chunk in *line {
            let (in_a, in_b) = (a.holds(chunk), b.holds(chunk));
            over += usize::from(in_a && in_b);
            left |= in_a && !in_b;
            right |= in_b && !in_a;
        }
        apart += usize::from(left && right);
    }
    (apart, over)
}

/// Joins columns that no line shows apart and that most texts lie over: short words in a column of long ones.
fn bridge(columns: Vec<Column>, lines: &[&[Chunk]]) -> Vec<Column> {
    let mut joined: Vec<Column> = Vec::new();
    for column in columns {
        if let Some(before) = joined.last_mut() {
            let (apart, over) = evidence(before, &column, lines);
            if apart == 0 && over * 2 > before.chunks.min(column.chunks) * 3 {
                *before = before.with(&column);
                before.chunks += over;
                continue;
            }
        }
        joined.push(column);
    }
    joined
}

/// Joins columns of headings with the columns of values beside them: where both are set apart within one column (a
/// centred heading over figures on the right), the two stand side by side in turns.
fn pair_up(columns: Vec<Column>, lines: &[&[Chunk]], shown: &[Shown]) -> Vec<Column> {
    let seen = |c: &Column, heading: bool| {
        shown.iter().filter(|(_, h)| *h == heading).flat_map(|(l, _)| l.iter()).any(|k| c.holds(k))
    };
    // A heading over blank cells has no figures; those beside it have a heading of their own.
    let blank = |a: &Column, b: &Column| !seen(a, false) && seen(b, true);
    let mut joined: Vec<Column> = Vec::new();
    for column in columns {
        match joined.last_mut() {
            Some(before)
                if !before.paired
                    && before.is_counterpart(&column)
                    && !blank(before, &column)
                    && !blank(&column, before)
                    && evidence(before, &column, lines).0 == 0
                    && if before.values > 0 {
                        is_set_apart(before, false, lines)
                    } else {
                        is_set_apart(&column, true, lines)
                    } =>
            {
                *before = Column { paired: true, ..before.with(&column) };
            }
            _ => joined.push(column),
        }
    }
    joined
}

/// Whether the figures of the column end together on the side turned away from the heading (`on_right`: the figures
/// stand right of it), as they must if both belong to one column.
fn is_set_apart(column: &Column, on_right: bool, lines: &[&[Chunk]]) -> bool {
    let figures = lines.iter().flat_map(|l| l.iter()).filter(|c| c.value && column.holds(c));
    let ends = figures.map(|c| if on_right { c.x1() } else { c.x0() });
    let (least, most) = ends.fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(x), b.max(x)));
    most - least < 2.0
}

/// Adds a chunk to the column it lies in; makes a new one when it lies in none; leaves out what reaches over two.
fn add(columns: &mut Vec<Column>, chunk: &Chunk, full: bool) {
    let values = usize::from(chunk.value);
    if columns.iter().all(|c| c.overlap(chunk) <= SLACK) {
        columns.push(Column { x0: chunk.x0(), x1: chunk.x1(), chunks: 1, values, full, paired: false });
    } else if let Some(column) = extend(columns, chunk) {
        column.chunks += 1;
        column.values += values;
        column.full |= full;
    }
}

/// Widens the only column that a chunk lies in, unless it would reach into another.
fn extend<'a>(columns: &'a mut [Column], chunk: &Chunk) -> Option<&'a mut Column> {
    let mut touching = columns.iter().enumerate().filter(|(_, c)| c.overlap(chunk) > SLACK).map(|(i, _)| i);
    let (only, None) = (touching.next()?, touching.next()) else { return None };
    let old = columns.get(only)?;
    let wider = (old.x0.min(chunk.x0()), old.x1.max(chunk.x1()));
    let free = columns.iter().enumerate().all(|(i, c)| i == only || overlap((c.x0, c.x1), wider) <= SLACK);
    let column = columns.get_mut(only).filter(|_| free)?;
    (column.x0, column.x1) = wider;
    Some(column)
}

/// The columns, first and last, that a chunk lies in; the nearest one when it lies between two. The flag tells that the
/// choice had little margin.
pub(super) fn place(columns: &[Column], chunk: &Chunk) -> Option<(usize, usize, bool)> {
    let first = columns.iter().position(|c| c.holds(chunk));
    let last = columns.iter().rposition(|c| c.holds(chunk));
    if let (Some(first), Some(last)) = (first, last) {
        return Some((first, last, false));
    }
    let middle = chunk.center();
    let distance = |c: &Column| (c.x0 - middle).max(middle - c.x1);
    let mut near: Vec<(usize, f32)> = columns.iter().map(distance).enumerate().collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    let &(best, by) = near.first()?;
    let close = near.get(1).is_some_and(|&(_, other)| other < by + chunk.size);
    Some((best, best, close))
}

/// Where a chunk belongs: its first and last column, and whether the choice had little margin.
pub(super) type Placed = (usize, usize, bool);

/// Places the chunks of one line, left to right. Where two reach over the same column, it goes to the one that lies in
/// it farther.
pub(super) fn place_line(columns: &[Column], line: &[Chunk]) -> Vec<Option<Placed>> {
    let mut placed: Vec<Option<Placed>> = line.iter().map(|c| place(columns, c)).collect();
    for i in 1..line.len() {
        let taken = i.checked_sub(2).and_then(|k| placed.get(k).copied().flatten()).map_or(0, |p| p.1 + 1);
        let (Some([a, b]), Some([Some(left), Some(right)])) = (line.get(i - 1..=i), placed.get_mut(i - 1..=i)) else {
            continue;
        };
        while left.1 >= right.0 {
            let Some(column) = columns.get(right.0) else { break };
            let farther = column.overlap(a) > column.overlap(b);
            if farther && right.0 < right.1 {
                right.0 += 1;
            } else if left.0 < left.1 {
                left.1 -= 1;
            } else if farther && right.1 + 1 < columns.len() {
                *right = (right.0 + 1, right.1 + 1, true);
            } else if !farther && left.0 > taken {
                *left = (left.0 - 1, left.1 - 1, true);
            } else {
                break;
            }
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::aligned::chunk_at;

    #[test]
    fn headings_over_several_columns_make_none() {
        let row = |y: f32| vec![chunk_at("label", 10.0, y), chunk_at("12", 100.0, y), chunk_at("7", 155.0, y)];
        let lines = [vec![chunk_at("a heading over it all", 60.0, 10.0)], row(30.0), row(50.0), row(70.0)];
        let slices: Vec<Shown> = lines.iter().map(|l| (l.as_slice(), false)).collect();
        let columns = find(&slices, true);
        assert_eq!(columns.len(), 3);
        let heading = lines.first().and_then(|l| l.first()).unwrap();
        assert_eq!(place(&columns, heading), Some((1, 2, false)));
    }
}
