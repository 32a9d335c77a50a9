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
    pub(super) chunks: usize,
}

/// Chunks and columns may overlap this far (in points) without touching: advances are wider than ink.
const SLACK: f32 = 1.0;

impl Column {
    fn overlap(&self, chunk: &Chunk) -> f32 {
        overlap((self.x0, self.x1), (chunk.x0(), chunk.x1()))
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
    let by_width = |full: bool| {
        let mut chunks: Vec<&Chunk> = lines.iter().filter(|l| is_full(l) == full).flat_map(|l| l.iter()).collect();
        chunks.sort_by(|a, b| a.width().total_cmp(&b.width()).then(a.x0().total_cmp(&b.x0())));
        chunks
    };
    let mut columns: Vec<Column> = Vec::new();
    for chunk in by_width(true) {
        add(&mut columns, chunk);
    }
    // A stray chunk between columns must not part a column of full lines for good.
    let support = (lines.iter().filter(|l| is_full(l)).count() / 12).clamp(1, 3);
    columns.retain(|c| c.chunks >= support);
    let full = columns.len();
    let mut later: Vec<Column> = columns.clone();
    for chunk in by_width(false) {
        add(&mut later, chunk);
    }
    // Columns that only sparse lines show (group labels) need more than one line.
    let is_known = |c: &Column| columns.iter().any(|k| overlap((k.x0, k.x1), (c.x0, c.x1)) > 0.0);
    let mut found: Vec<Column> = later.iter().copied().filter(|c| c.chunks >= 2 || (full > 0 && is_known(c))).collect();
    found.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    found
}

/// Adds a chunk to the column it lies in; makes a new one when it lies in none; leaves out what reaches over two.
fn add(columns: &mut Vec<Column>, chunk: &Chunk) {
    let touching: Vec<usize> =
        columns.iter().enumerate().filter(|(_, c)| c.overlap(chunk) > SLACK).map(|(i, _)| i).collect();
    match touching.as_slice() {
        [] => columns.push(Column { x0: chunk.x0(), x1: chunk.x1(), chunks: 1 }),
        [only] => {
            let Some(old) = columns.get(*only).copied() else { return };
            let wider = Column { x0: old.x0.min(chunk.x0()), x1: old.x1.max(chunk.x1()), chunks: old.chunks + 1 };
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
