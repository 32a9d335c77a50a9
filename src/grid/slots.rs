//! Rows of cells with spans in, their slots out: each cell goes into the next free slots of its row, as in browsers.
//!
//! Sloppy spans are mended so that the cells tile the grid: a span that runs into a cell from above is cut there, a
//! span past the last row ends with it, and slots without a cell are blank. Columns and rows in which no cell begins are
//! dropped, so a span of 1,000 over two real columns becomes a span of two. What is in a cell is not looked at.

use super::lattice::Span;

/// The slots that a cell asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Zero-based column where it is stated; otherwise the next free one.
    pub(super) column: Option<u32>,
    /// Rows; 0 counts as 1.
    pub(super) row_span: u32,
    /// Columns; 0 counts as 1.
    pub(super) column_span: u32,
}

/// Where a cell came to lie, in the table's own rows and columns.
#[derive(Debug)]
pub(super) struct Laid<'a, C> {
    pub(super) row: usize,
    /// First row below it.
    bottom: usize,
    pub(super) column: u64,
    /// First column right of it.
    right: u64,
    pub(super) cell: &'a C,
}

/// A table laid out.
#[derive(Debug)]
pub(super) struct Layout<'a, C> {
    /// By row, then by column.
    boxes: Vec<Laid<'a, C>>,
    /// The first cell that was moved or made narrower because its slots were taken.
    pub(super) cut: Option<&'a C>,
    /// The table's rows and columns in which a cell begins.
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<u64>,
}

/// A cell of the tiled grid.
#[derive(Debug)]
pub(super) struct Tile<'l, 'a, C> {
    /// Its slots.
    pub(super) span: Span,
    /// What lies there; `None` for a slot without a cell.
    pub(super) laid: Option<&'l Laid<'a, C>>,
    /// For a slot without a cell: a cell of the same row, or else the next.
    pub(super) beside: Option<&'l Laid<'a, C>>,
    /// The column in the table's own columns.
    pub(super) column: u64,
}

/// Columns taken in the row at hand.
#[derive(Clone, Copy)]
struct Taken {
    from: u64,
    to: u64,
    /// First row in which they are free again.
    until: usize,
}

/// More slots than are allowed.
#[derive(Debug)]
pub(super) struct TooMany;

fn above(rows: usize, columns: usize, limit: u64) -> bool {
    (rows as u64).saturating_mul(columns as u64) > limit
}

fn begins<T: Ord>(at: impl Iterator<Item = T>) -> Vec<T> {
    let mut at: Vec<T> = at.collect();
    at.sort_unstable();
    at.dedup();
    at
}

/// Lays out a table, unless it is sure to have more than `limit` slots. Work is in the order of those slots, never of
/// the numbers that spans and columns state.
pub(super) fn lay_out<C>(rows: &[Vec<C>], limit: u64, ask: impl Fn(&C) -> Asked) -> Result<Layout<'_, C>, TooMany> {
    let filled = rows.iter().filter(|row| !row.is_empty()).count();
    let mut boxes = Vec::new();
    let mut cut = None;
    let mut carried: Vec<Taken> = Vec::new();
    for (row, cells) in rows.iter().enumerate().filter(|(_, cells)| !cells.is_empty()) {
        carried.retain(|taken| taken.until > row);
        // Each of these stretches begins at a column of its own.
        if above(filled, carried.len().max(cells.len()), limit) {
            return Err(TooMany);
        }
        let mut here = Vec::with_capacity(carried.len() + cells.len());
        let mut reaching = carried.into_iter().peekable();
        let mut cursor = 0;
        for cell in cells {
            let asked = ask(cell);
            let stated = asked.column.map(u64::from);
            let mut column = stated.unwrap_or(cursor).max(cursor);
            while let Some(taken) = reaching.next_if(|taken| taken.from <= column) {
                column = column.max(taken.to);
                here.push(taken);
            }
            let wanted = column.saturating_add(u64::from(asked.column_span.max(1)));
            let right = reaching.peek().map_or(wanted, |taken| taken.from.min(wanted));
            if right < wanted || stated.is_some_and(|stated| stated != column) {
                cut.get_or_insert(cell);
            }
            let bottom = row.saturating_add(asked.row_span.max(1) as usize).min(rows.len());
            here.push(Taken { from: column, to: right, until: bottom });
            boxes.push(Laid { row, bottom, column, right, cell });
            cursor = right;
        }
        here.extend(reaching);
        carried = here;
    }
    let (rows, columns) = (begins(boxes.iter().map(|b| b.row)), begins(boxes.iter().map(|b| b.column)));
    if above(rows.len(), columns.len(), limit) { Err(TooMany) } else { Ok(Layout { boxes, cut, rows, columns }) }
}

impl<'a, C> Layout<'a, C> {
    /// The last cell of the first row that ends before the table does; only rows of which `open` holds for all cells
    /// are looked at.
    pub(super) fn short_row(&self, open: impl Fn(&C) -> bool) -> Option<&'a C> {
        let last = *self.columns.last()?;
        let mut reach: Vec<Taken> = Vec::new();
        for row in self.boxes.chunk_by(|a, b| a.row == b.row) {
            let end = row.last()?;
            reach.retain(|taken| taken.until > end.row);
            reach.extend(row.iter().map(|b| Taken { from: b.column, to: b.right, until: b.bottom }));
            if row.iter().all(|b| open(b.cell)) && !reach.iter().any(|taken| taken.to > last) {
                return Some(end.cell);
            }
        }
        None
    }

    /// The cells on the rows and columns that remain, by row and column, with blanks where nothing lies.
    pub(super) fn tiles(&self) -> Vec<Tile<'_, 'a, C>> {
        let mut tiles = Vec::with_capacity(self.boxes.len());
        let mut free_from = vec![0; self.columns.len()];
        let mut boxes = self.boxes.iter().peekable();
        for (row, &source) in self.rows.iter().enumerate() {
            let mut near = None;
            for (column, &at) in self.columns.iter().enumerate() {
                if free_from.get(column).is_some_and(|&free| free > row) {
                    continue;
                }
                let mut span = Span { row, column, row_span: 1, column_span: 1 };
                let Some(laid) = boxes.next_if(|laid| laid.row == source && laid.column == at) else {
                    let beside = near.or_else(|| boxes.peek().copied());
                    tiles.push(Tile { span, laid: None, beside, column: at });
                    continue;
                };
                near = Some(laid);
                let bottom = self.rows.partition_point(|&row| row < laid.bottom);
                let right = self.columns.partition_point(|&column| column < laid.right);
                free_from.iter_mut().take(right).skip(column).for_each(|free| *free = bottom);
                (span.row_span, span.column_span) = (bottom - row, right - column);
                tiles.push(Tile { span, laid: Some(laid), beside: None, column: at });
            }
        }
        tiles
    }
}
