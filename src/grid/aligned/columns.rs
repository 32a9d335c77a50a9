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
    fn overlap(&self, chunk: &Chunk) -> f32 {
        overlap((self.x0, self.x1), (chunk.x0(), chunk.x1()))
    }

    /// Whether one of the two holds values only and the other none, as a heading and its figures do.
    fn is_counterpart(&self, next: &Self) -> bool {
        let pure = |c: &Self| c.values == c.chunks;
        (pure(self) && next.values == 0) || (self.values == 0 && pure(next) && self.chunks <= next.chunks.max(6))
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

/// Finds the columns. `lines` are the chunks line by line.
pub(super) fn find(lines: &[&[Chunk]]) -> Vec<Column> {
    let most = lines.iter().map(|l| l.len()).max().unwrap_or_default();
    let is_full = |line: &[Chunk]| line.len() >= 2 && line.len() * 5 >= most * 3;
    let mut chunks: Vec<(&Chunk, bool)> = lines.iter().flat_map(|l| l.iter().map(|c| (c, is_full(l)))).collect();
    chunks.sort_by(|(a, _), (b, _)| a.width().total_cmp(&b.width()).then(a.x0().total_cmp(&b.x0())));
    let mut columns: Vec<Column> = Vec::new();
    for (chunk, full) in chunks {
        add(&mut columns, chunk, full);
    }
    // A column that only one sparse line shows is a stray word.
    columns.retain(|c| c.full || c.chunks >= 2);
    columns.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    pair_up(columns)
}

/// Joins columns of headings with the columns of values beside them: where both are set apart within one column (a
/// centred heading over figures on the right), the two stand side by side in turns.
fn pair_up(columns: Vec<Column>) -> Vec<Column> {
    let mut joined: Vec<Column> = Vec::new();
    for column in columns {
        match joined.last_mut() {
            Some(before) if !before.paired && before.is_counterpart(&column) => {
                *before = Column {
                    x1: column.x1,
                    chunks: before.chunks + column.chunks,
                    values: before.values + column.values,
                    full: before.full || column.full,
                    paired: true,
                    ..*before
                };
            }
            _ => joined.push(column),
        }
    }
    joined
}

/// Adds a chunk to the column it lies in; makes a new one when it lies in none; leaves out what reaches over two.
fn add(columns: &mut Vec<Column>, chunk: &Chunk, full: bool) {
    let values = usize::from(chunk.value);
    let touching: Vec<usize> =
        columns.iter().enumerate().filter(|(_, c)| c.overlap(chunk) > SLACK).map(|(i, _)| i).collect();
    match touching.as_slice() {
        [] => columns.push(Column { x0: chunk.x0(), x1: chunk.x1(), chunks: 1, values, full, paired: false }),
        [only] => {
            let Some(old) = columns.get(*only).copied() else { return };
            let wider = Column {
                x0: old.x0.min(chunk.x0()),
                x1: old.x1.max(chunk.x1()),
                chunks: old.chunks + 1,
                values: old.values + values,
                full: old.full || full,
                paired: false,
            };
            let free = columns
                .iter()
                .enumerate()
                .all(|(i, c)| i == *only || overlap((c.x0, c.x1), (wider.x0, wider.x1)) <= SLACK);
            if let Some(column) = columns.get_mut(*only)
                && free
            {
                *column = wider;
            }
        }
        _ => {}
    }
}

/// The columns, first and last, that a chunk lies in; the nearest one when it lies between two. The flag tells that the
/// choice had little margin.
pub(super) fn place(columns: &[Column], chunk: &Chunk) -> Option<(usize, usize, bool)> {
    let touching = |c: &Column| {
        let shared = c.overlap(chunk);
        shared > SLACK && shared > 0.15 * chunk.width().min(c.x1 - c.x0)
    };
    let first = columns.iter().position(touching);
    let last = columns.iter().rposition(touching);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::aligned::chunk_at;

    #[test]
    fn headings_over_several_columns_make_none() {
        let row = |y: f32| vec![chunk_at("label", 10.0, y), chunk_at("12", 100.0, y), chunk_at("7", 155.0, y)];
        let lines = [vec![chunk_at("a heading over it all", 60.0, 10.0)], row(30.0), row(50.0), row(70.0)];
        let slices: Vec<&[Chunk]> = lines.iter().map(Vec::as_slice).collect();
        let columns = find(&slices);
        assert_eq!(columns.len(), 3);
        let heading = lines.first().and_then(|l| l.first()).unwrap();
        assert_eq!(place(&columns, heading), Some((1, 2, false)));
    }
}
