//! Rows with fewer cells than the table has columns in, the columns of those cells out. Some programs leave blank cells
//! out, some state no spans. What the full rows show of the columns tells where the cells of a short row stand: in the
//! columns they lie over, or, in the heading of a table that states no spans at all, over those in whose middle they are.

use super::claim::Wish;
use crate::geom::{Rect, overlap};
use std::collections::BTreeMap;

/// In wider tables columns are not looked for.
const MOST_COLUMNS: usize = 64;
/// How far the middle of a cell may lie from that of the columns it is said to cover, as a share of the distance of
/// columns.
const OFF_CENTRE: f32 = 0.15;
/// How far a cell may lie from the middle, the left and the right of the columns that it asks for.
const OFF_SET: f32 = 0.5;
/// What leaving a column blank costs, in the same measure: less than setting a cell where it does not fit.
const BLANK: f32 = 0.35;
/// What a column of which nothing is known costs.
const UNKNOWN: f32 = 0.2;

/// Left and right end of a column's ink, where it is known.
type Extent = Option<(f32, f32)>;

/// The rows with a column stated for every cell; `None` when the places cannot be told. `boxes` are the boxes of the
/// cells' ink by the cells' numbers.
pub(super) fn mend(rows: &[Vec<Wish>], boxes: &BTreeMap<usize, Rect>) -> Option<Vec<Vec<Wish>>> {
    let mut search = Search { boxes, columns: vec![None; width(rows)?], widens: false };
    // The first walk learns the columns from the full rows, the second places the cells of the others.
    search.walk(rows, true)?;
    let known: Vec<(f32, f32)> = search.columns.iter().flatten().copied().collect();
    known.is_sorted_by(|a, b| a.1 <= b.0).then(|| search.walk(rows, false))?
}

/// The most columns that a row has with what reaches into it from above; `None` for more than are looked at.
fn width(rows: &[Vec<Wish>]) -> Option<usize> {
    let mut carried: Vec<(usize, usize)> = Vec::new();
    let mut most = 0;
    for row in rows {
        let own = row.iter().map(|wish| wish.asked.column_span.max(1) as usize);
        let all = own.chain(carried.iter().map(|c| c.1)).fold(0, usize::saturating_add);
        if all > MOST_COLUMNS {
            return None;
        }
        most = most.max(all);
        carried.extend(
            row.iter().map(|wish| (wish.asked.row_span.max(1) as usize, wish.asked.column_span.max(1) as usize)),
        );
        for c in &mut carried {
            c.0 -= 1;
        }
        carried.retain(|c| c.0 > 0);
    }
    Some(most)
}

struct Search<'b> {
    boxes: &'b BTreeMap<usize, Rect>,
    columns: Vec<Extent>,
    /// Whether elastic cells may cover more columns than they ask for: above the first full row.
    widens: bool,
}

impl Search<'_> {
    /// Places the cells of all rows; `None` when some row cannot be placed, which only learning lets pass.
    fn walk(&mut self, rows: &[Vec<Wish>], learning: bool) -> Option<Vec<Vec<Wish>>> {
        let mut above_full = true;
        let mut until = vec![0; self.columns.len()];
        let mut walked = Vec::with_capacity(rows.len());
        for (r, row) in rows.iter().enumerate() {
            let free: Vec<usize> =
                until.iter().enumerate().filter(|(_, until)| **until <= r).map(|(column, _)| column).collect();
            let asked: usize = row.iter().map(|wish| wish.asked.column_span.max(1) as usize).sum();
            let full = asked == free.len();
            above_full &= !full;
            self.widens = above_full && !learning;
            let spots = if full { in_turn(row, &free) } else { self.share(row, &free) };
            let Some(spots) = spots else {
                if learning {
                    continue;
                }
                return None;
            };
            let mut cells = Vec::with_capacity(row.len());
            for (wish, &(first, last)) in row.iter().zip(&spots) {
                let bottom = r.saturating_add(wish.asked.row_span.max(1) as usize);
                until.iter_mut().take(last + 1).skip(first).for_each(|until| *until = bottom);
                if full {
                    self.learn(*wish, (first, last));
                }
                cells.push(self.placed(*wish, (first, last)));
            }
            walked.push(cells);
        }
        Some(walked)
    }

    /// Widens what is known of a column by a cell that stands in it alone.
    fn learn(&mut self, wish: Wish, (first, last): (usize, usize)) {
        if let (true, Some(own), Some(column)) = (first == last, self.boxes.get(&wish.id), self.columns.get_mut(first))
        {
            let (x0, x1) = column.unwrap_or((own.x0, own.x1));
            *column = Some((x0.min(own.x0), x1.max(own.x1)));
        }
    }

    /// The cell in its columns; unsure when it was given more than it asked for, or lies beside the column's ink.
    fn placed(&self, mut wish: Wish, (first, last): (usize, usize)) -> Wish {
        let span = last + 1 - first;
        let beside = match (self.boxes.get(&wish.id), self.columns.get(first).copied().flatten()) {
            (Some(own), Some(column)) => first == last && overlap((own.x0, own.x1), column) <= 0.0,
            _ => false,
        };
        wish.inferred = beside || span != wish.asked.column_span.max(1) as usize;
        wish.asked.column = u32::try_from(first).ok();
        wish.asked.column_span = u32::try_from(span).unwrap_or(1);
        wish
    }

    /// Shares the free columns among the cells of a row in their order, as cheaply as may be; columns may be left blank.
    fn share(&self, row: &[Wish], free: &[usize]) -> Option<Vec<(usize, usize)>> {
        // best[i][j]: least cost of placing the first i cells in the first j free columns, and where the last of them
        // begins; `None` there when the last column is left blank.
        let mut best: Vec<Vec<(f32, Option<usize>)>> = vec![vec![(f32::MAX, None); free.len() + 1]; row.len() + 1];
        for i in 0..=row.len() {
            for j in 0..=free.len() {
                let least = self.least((row, i), (free, j), &best);
                if let Some(slot) = best.get_mut(i).and_then(|row| row.get_mut(j)) {
                    *slot = least;
                }
            }
        }
        if best.last()?.last()?.0 >= f32::MAX {
            return None;
        }
        let mut places = Vec::new();
        let (mut i, mut j) = (row.len(), free.len());
        while i > 0 {
            match best.get(i)?.get(j)?.1 {
                Some(from) => {
                    places.push((*free.get(from)?, *free.get(j.checked_sub(1)?)?));
                    (i, j) = (i - 1, from);
                }
                None => j = j.checked_sub(1)?,
            }
        }
        places.reverse();
        Some(places)
    }

    fn least(
        &self,
        (row, i): (&[Wish], usize),
        (free, j): (&[usize], usize),
        best: &[Vec<(f32, Option<usize>)>],
    ) -> (f32, Option<usize>) {
        let at = |i: usize, j: usize| best.get(i).and_then(|row| row.get(j)).map_or(f32::MAX, |b| b.0);
        let mut least = if i == 0 && j == 0 { (0.0, None) } else { (f32::MAX, None) };
        if let Some(last) = j.checked_sub(1) {
            let cost = at(i, last) + BLANK;
            if cost < least.0 {
                least = (cost, None);
            }
            let Some(before) = i.checked_sub(1) else { return least };
            let Some((cell, &end)) = row.get(before).zip(free.get(last)) else { return least };
            for (from, &first) in free.iter().enumerate().take(j) {
                let whole = end - first == j - 1 - from;
                let fit = if whole { self.misfit(*cell, (first, end)) } else { None };
                let cost = fit.map_or(f32::MAX, |fit| at(before, from) + fit);
                if cost < least.0 {
                    least = (cost, Some(from));
                }
            }
        }
        least
    }

    /// How badly a cell fits the columns from `first` to `last`; `None` when it cannot stand there.
    fn misfit(&self, wish: Wish, (first, last): (usize, usize)) -> Option<f32> {
        let asked = wish.asked.column_span.max(1) as usize;
        let stated = asked == last + 1 - first;
        // A blank cell covers what it asks for: nothing speaks for more.
        let Some(own) = self.boxes.get(&wish.id) else { return stated.then_some(0.0) };
        let at = |column: usize| self.columns.get(column).copied().flatten();
        let before = self.columns.iter().take(first).flatten().all(|c| c.1 <= own.x0);
        let after = self.columns.iter().skip(last + 1).flatten().all(|c| c.0 >= own.x1);
        if !before || !after {
            return None;
        }
        let (Some(left), Some(right)) = (at(first), at(last)) else { return stated.then_some(UNKNOWN) };
        let pitch = self.pitch();
        let centred = (own.center().x - f32::midpoint(left.0, right.1)).abs() / pitch;
        if stated {
            let flush = (own.x0 - left.0).abs().min((own.x1 - right.1).abs()) / pitch;
            return Some(centred.min(flush)).filter(|off| *off <= OFF_SET);
        }
        (self.widens && wish.elastic && centred <= OFF_CENTRE).then_some(centred)
    }

    /// The mean distance between the middles of neighbouring columns.
    fn pitch(&self) -> f32 {
        let mut known = self.columns.iter().enumerate().filter_map(|(i, c)| c.map(|c| (i, f32::midpoint(c.0, c.1))));
        let Some(first) = known.next() else { return 1.0 };
        let last = known.next_back().unwrap_or(first);
        #[expect(clippy::cast_precision_loss, reason = "64 columns at most")]
        let steps = (last.0 - first.0).max(1) as f32;
        ((last.1 - first.1) / steps).max(1.0)
    }
}

/// Places cells that fill the free columns; `None` where a cell from above stands within one.
fn in_turn(row: &[Wish], free: &[usize]) -> Option<Vec<(usize, usize)>> {
    let mut next = 0;
    let place = |wish: &Wish| {
        let span = wish.asked.column_span.max(1) as usize;
        let (first, last) = (*free.get(next)?, *free.get(next + span - 1)?);
        next += span;
        (last - first + 1 == span).then_some((first, last))
    };
    row.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::slots::Asked;

    /// Places rows of (left, right, column span) over columns 20 wide and 50 apart; shows first and last column.
    fn placed(rows: &[&[(f32, f32, u32)]], elastic: bool) -> Option<Vec<Vec<(u32, u32)>>> {
        let mut boxes = BTreeMap::new();
        let mut wishes: Vec<Vec<Wish>> = Vec::new();
        let full = (0u8..5).map(|i| (50.0 * f32::from(i), 50.0 * f32::from(i) + 20.0, 1)).collect::<Vec<_>>();
        for row in rows.iter().copied().chain([full.as_slice()]) {
            let wish = |&(x0, x1, column_span): &(f32, f32, u32)| {
                let id = boxes.len();
                boxes.insert(id, Rect::new(x0, 0.0, x1, 10.0));
                Wish {
                    id,
                    header: false,
                    asked: Asked { column: None, row_span: 1, column_span },
                    elastic,
                    inferred: false,
                }
            };
            wishes.push(row.iter().map(wish).collect());
        }
        let mended = mend(&wishes, &boxes)?;
        let place = |wish: &Wish| {
            let first = wish.asked.column.unwrap_or(99);
            (first, first + wish.asked.column_span - 1)
        };
        Some(mended.iter().take(rows.len()).map(|row| row.iter().map(place).collect()).collect())
    }

    #[test]
    fn headings_cover_the_columns_in_whose_middle_they_stand() {
        let rows = placed(&[&[(0.0, 15.0, 1), (60.0, 110.0, 1), (175.0, 195.0, 1)]], true).unwrap();
        assert_eq!(rows, [[(0, 0), (1, 2), (3, 4)]]);
    }

    #[test]
    fn a_flush_heading_covers_one_column() {
        assert_eq!(placed(&[&[(0.0, 15.0, 1), (50.0, 68.0, 1)]], true).unwrap(), [[(0, 0), (1, 1)]]);
    }

    #[test]
    fn cells_after_one_left_out_stand_where_they_lie() {
        assert_eq!(placed(&[&[(0.0, 15.0, 1), (155.0, 170.0, 1)]], false).unwrap(), [[(0, 0), (3, 3)]]);
    }

    #[test]
    fn stated_spans_are_kept() {
        let rows = placed(&[&[(0.0, 50.0, 2), (210.0, 220.0, 1)], &[(50.0, 70.0, 1)]], false).unwrap();
        assert_eq!(rows, [vec![(0, 1), (4, 4)], vec![(1, 1)]]);
    }

    #[test]
    fn cells_that_fit_nowhere_are_given_up() {
        assert_eq!(placed(&[&[(0.0, 60.0, 1), (30.0, 80.0, 1)]], false), None);
    }
}
