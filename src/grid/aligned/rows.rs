//! One page's stretch of a table and its columns in, a draft out: rows from rules where they bound every row, otherwise
//! from baselines; group labels cover the rows around them; cells of several columns are where text reaches over them.

use super::blocks::{self, Block, Parted};
use super::columns::{self, Column};
use super::spans::{self, Range};
use super::{Chunk, Cut, Stretch, Upright, header};
use crate::geom::{Rect, overlap};
use crate::grid::draft::{Draft, DraftCell};
use crate::grid::ink::Ink;
use crate::grid::lattice::{self, Flags, Lattice};
use crate::grid::rules::Segment;
use crate::grid::{Doubt, Method};

/// A chunk and the columns it stands over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) range: Range,
    /// Its column was chosen with little margin.
    pub(super) unsure: bool,
}

/// A row and what stands in it.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    /// Baseline of its values.
    pub(super) base: f32,
    pub(super) pieces: Vec<Piece<'a>>,
    /// Its columns are resolved already.
    pub(super) header: bool,
    /// Cells that go on over so many rows below.
    pub(super) tails: Vec<(Range, usize)>,
    /// The rule above it.
    pub(super) rule: Option<f32>,
}

/// What a stretch has to know of the whole table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole {
    /// Left and right end.
    pub(super) ends: (f32, f32),
    /// The table began on a page before.
    pub(super) goes_on: bool,
    /// It goes on on the next page.
    pub(super) to_be_continued: bool,
}

/// Rules this close bound no row between them.
const SAME_RULE: f32 = 3.0;

/// The lines between two rules, or all lines where there are none.
#[derive(Debug)]
struct Band<'a> {
    lines: Vec<&'a Cut>,
    top: Option<f32>,
}

/// The table while it is laid out.
#[derive(Debug)]
struct Layout<'a> {
    stretch: &'a Stretch,
    ends: (f32, f32),
    columns: &'a [Column],
    /// How many columns hold labels.
    labels: usize,
    rows: Vec<Row<'a>>,
    /// Whether a border lies above each slot.
    top: Flags,
}

/// A stretch laid out.
pub(super) struct Laid {
    pub(super) draft: Draft,
    /// Borders of its rows.
    pub(super) ys: Vec<f32>,
    /// How many of its lines are headings.
    pub(super) headings: usize,
}

/// Lays out one stretch; the first `labels` columns hold labels.
pub(super) fn lay_out(page: &Upright, stretch: &Stretch, columns: &[Column], labels: usize, whole: &Whole) -> Laid {
    let head = header::height(&stretch.lines, &stretch.rules, (stretch.left, stretch.right));
    let (heading, body) = stretch.lines.split_at_checked(head).unwrap_or_default();
    let bands = bands(body, &stretch.rules);
    let dense = is_dense(&bands);
    let mut rows: Vec<Row> = Vec::new();
    let mut groups: Vec<(std::ops::Range<usize>, Vec<Block>)> = Vec::new();
    let heading: Vec<&Cut> = heading.iter().collect();
    let mut above = blocks::blocks(&heading, columns, blocks::WRAPPED * size_of(&heading), &stretch.rules, &[]);
    for band in &bands {
        let start = rows.len();
        let single_row = band.top.is_some() && (dense || band.lines.len() <= 1);
        let mut parted = if single_row {
            Parted { rows: vec![single(band, columns)], ..Parted::default() }
        } else {
            blocks::part(&band.lines, columns, labels, &stretch.rules, head > 0 && start == 0)
        };
        above.append(&mut parted.header);
        rows.extend(header::rows(std::mem::take(&mut above), columns, whole.ends, &stretch.rules));
        let body = rows.len();
        rows.extend(parted.rows);
        groups.push((body..rows.len(), parted.groups));
        let ruled = if start == 0 && head > 0 { body } else { start };
        if let Some(first) = rows.get_mut(ruled) {
            first.rule = band.top;
        }
    }
    keep_in_labels(&mut rows, columns, labels);
    let mut layout = Layout { stretch, ends: whole.ends, columns, labels, top: Flags::new(0, 0), rows };
    layout.draw_borders();
    layout.widen();
    for (rows, blocks) in groups {
        layout.place_groups(rows, &blocks, *whole);
    }
    let (draft, ys) = layout.into_draft(page);
    Laid { draft, ys, headings: head }
}

/// A text that begins in the first column and stands alone in its row is a label, however far it reaches over the
/// blank columns beside it.
fn keep_in_labels(rows: &mut [Row], columns: &[Column], labels: usize) {
    let stub = columns.first().map_or(0.0, |c| c.x0);
    for row in rows.iter_mut().filter(|r| !r.header) {
        let begins = |p: &Piece| p.range.first == 0 && p.chunk.x0() < stub + 2.0 * p.chunk.size;
        if row.pieces.iter().all(begins) {
            for piece in row.pieces.iter_mut().filter(|p| p.range.last >= labels) {
                piece.range.last = labels.saturating_sub(1);
            }
        }
    }
}

fn size_of(lines: &[&Cut]) -> f32 {
    lines.iter().map(|l| l.size).fold(0.0, f32::max)
}

/// How many leading columns hold labels rather than values.
pub(super) fn label_columns(chunks: &[&[Chunk]], columns: &[Column]) -> usize {
    let mut values = vec![(0_usize, 0_usize); columns.len()];
    for chunk in chunks.iter().filter(|l| l.iter().skip(1).any(|c| c.value)).flat_map(|l| l.iter()) {
        if let Some((first, last, _)) = columns::place(columns, chunk)
            && first == last
            && let Some(count) = values.get_mut(first)
        {
            count.0 += usize::from(chunk.value);
            count.1 += 1;
        }
    }
    if values.iter().all(|(values, _)| *values == 0) {
        return 1;
    }
    values.iter().take_while(|(values, all)| *values == 0 || values * 2 < *all).count()
}

fn bands<'a>(lines: &'a [Cut], rules: &[Segment]) -> Vec<Band<'a>> {
    let mut bounds: Vec<f32> = Vec::new();
    let top = lines.first().map_or(f32::MIN, |l| l.base);
    let above = rules.iter().rposition(|r| r.at < top).unwrap_or(0);
    for rule in rules.iter().skip(above) {
        if bounds.last().is_none_or(|b| rule.at - b > SAME_RULE) {
            bounds.push(rule.at);
        }
    }
    let mut bands: Vec<Band> = if bounds.len() < 2 {
        vec![Band { lines: Vec::new(), top: None }]
    } else {
        bounds.pop();
        bounds.iter().map(|b| Band { lines: Vec::new(), top: Some(*b) }).collect()
    };
    for line in lines {
        let middle = line.bbox().center().y;
        let at = bounds.partition_point(|b| *b <= middle).clamp(1, bands.len()) - 1;
        if let Some(band) = bands.get_mut(at) {
            band.lines.push(line);
        }
    }
    bands
}

/// Where no figures stand, so many bands between rules are rows.
const ROWS_OF_TEXT: usize = 4;

/// Whether the rules bound single rows throughout.
fn is_dense(bands: &[Band]) -> bool {
    let values = |b: &Band| b.lines.iter().filter(|l| l.chunks.iter().skip(1).any(|c| c.value)).count();
    let lines: usize = bands.iter().map(|b| b.lines.len()).sum();
    let with_values = bands.iter().filter(|b| values(b) > 0).count();
    let single = bands.iter().filter(|b| values(b) == 1).count();
    let of_text = bands.len() * 2 > lines || bands.len() >= ROWS_OF_TEXT;
    if with_values == 0 { of_text } else { single * 4 >= with_values * 3 }
}

/// A band that is one row.
fn single<'a>(band: &Band<'a>, columns: &[Column]) -> Row<'a> {
    let pieces = band.lines.iter().flat_map(|l| {
        let placed = columns::place_line(columns, &l.chunks);
        l.chunks.iter().zip(placed).filter_map(|(chunk, placed)| {
            let (first, last, unsure) = placed?;
            Some(Piece { chunk, range: Range { first, last }, unsure })
        })
    });
    Row { base: band.lines.last().map_or(0.0, |l| l.base), pieces: pieces.collect(), ..Row::default() }
}

impl<'a> Layout<'a> {
    /// Widens the columns of texts that stand in the middle of several.
    fn widen(&mut self) {
        for r in 0..self.rows.len() {
            let count = self.rows.get(r).filter(|row| !row.header).map_or(0, |row| row.pieces.len());
            for i in 0..count {
                let Some(piece) = self.rows.get(r).and_then(|row| row.pieces.get(i)).copied() else { continue };
                if piece.chunk.value {
                    continue;
                }
                let free = self.free_around(r, piece.range);
                let range = self.under_rule(r, piece.range, free).unwrap_or_else(|| self.widened(&piece, free));
                if let Some(piece) = self.rows.get_mut(r).and_then(|row| row.pieces.get_mut(i)) {
                    piece.range = range;
                }
            }
        }
    }

    /// The columns over which a rule that is not as wide as the table runs right below the row: what it underlines.
    fn under_rule(&self, row: usize, own: Range, free: Range) -> Option<Range> {
        let drawn = |c: usize| row + 1 < self.rows.len() && self.top.get(row + 1, c);
        if !own.columns().all(drawn) {
            return None;
        }
        let first = (0..own.first).rev().take_while(|&c| drawn(c)).last().unwrap_or(own.first);
        let last = (own.last + 1..self.columns.len()).take_while(|&c| drawn(c)).last().unwrap_or(own.last);
        let partial = first > 0 && last + 1 < self.columns.len();
        let range = Range { first: first.max(free.first), last: last.min(free.last) };
        partial.then_some(range)
    }

    /// The columns of a text that is no value, within those that are free.
    fn widened(&self, piece: &Piece, free: Range) -> Range {
        let own = piece.range;
        if own.first < own.last && own.last < self.labels {
            // A label that reaches over group labels is a label of all label columns.
            return Range { first: own.first, last: (self.labels - 1).min(free.last).max(own.last) };
        }
        let (Some(first), Some(last)) = (self.columns.get(own.first), self.columns.get(own.last)) else { return own };
        let middle = piece.chunk.center();
        let size = piece.chunk.size;
        let flush = (piece.chunk.x0() - first.x0).abs() < 0.3 * size && last.x1 - piece.chunk.x1() > size;
        let runs_over = own.first == 0 && piece.chunk.x0() < first.x0 + 2.0 * size && piece.chunk.x1() > last.x1;
        if flush || runs_over {
            return own;
        }
        if own.last + 1 == self.labels && free.first < own.first {
            let off =
                |f: usize| self.columns.get(f).map_or(f32::MAX, |c| (f32::midpoint(c.x0, last.x1) - middle).abs());
            let best = (free.first..=own.first).min_by(|&a, &b| off(a).total_cmp(&off(b)));
            return Range { first: best.unwrap_or(own.first), last: own.last };
        }
        spans::centred(self.columns, self.ends, middle, own, free, None)
    }

    /// The columns around `own` that no other text takes, in the row or in cells that reach into it.
    fn free_around(&self, row: usize, own: Range) -> Range {
        let taken = |column: usize| {
            let first = (1..=row).rev().find(|&k| self.top.get(k, column)).unwrap_or(0);
            let last = (row + 1..self.rows.len()).find(|&k| self.top.get(k, column)).unwrap_or(self.rows.len());
            (first..last).any(|k| self.is_taken(k, column))
        };
        let first = (0..own.first).rev().take_while(|&c| !taken(c)).last().unwrap_or(own.first);
        let last = (own.last + 1..self.columns.len()).take_while(|&c| !taken(c)).last().unwrap_or(own.last);
        Range { first, last }
    }

    /// Draws the borders between rows: rules where there are, whole lines elsewhere, open where a header goes on.
    fn draw_borders(&mut self) {
        let mut top = Flags::new(self.rows.len(), self.columns.len());
        for (r, row) in self.rows.iter().enumerate() {
            for (c, column) in self.columns.iter().enumerate() {
                let drawn = match row.rule {
                    Some(at) if r > 0 => self.is_ruled(at, column),
                    _ => true,
                };
                top.put(r, c, drawn);
            }
        }
        for (r, row) in self.rows.iter().enumerate() {
            for (range, below) in &row.tails {
                for c in range.columns() {
                    for k in r + 1..=r + below {
                        top.put(k, c, false);
                    }
                }
            }
        }
        self.top = top;
    }

    /// Whether a rule at this height runs over the column.
    fn is_ruled(&self, at: f32, column: &Column) -> bool {
        self.stretch
            .rules
            .iter()
            .filter(|r| (r.at - at).abs() <= SAME_RULE)
            .any(|r| overlap((r.from, r.to), (column.x0, column.x1)) >= 0.5 * (column.x1 - column.x0))
    }

    /// Whether the slot is taken by a text of the row's own.
    fn is_taken(&self, row: usize, column: usize) -> bool {
        self.rows.get(row).is_some_and(|r| r.pieces.iter().any(|p| p.range.columns().contains(&column)))
    }

    /// Lets each group label cover the free rows around it, and blank slots beside them the rest.
    fn place_groups(&mut self, rows: std::ops::Range<usize>, groups: &[Block<'a>], whole: Whole) {
        let columns = groups.iter().map(|b| b.range.last + 1).max().unwrap_or(0);
        for column in 0..columns {
            let mut blocks: Vec<&Block> = groups.iter().filter(|b| b.range.first == column).collect();
            blocks.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
            let mut start = rows.start;
            while start < rows.end {
                if self.is_taken(start, column) {
                    start += 1;
                    continue;
                }
                let end = (start..rows.end).find(|&r| self.is_taken(r, column)).unwrap_or(rows.end);
                let here: Vec<&Block> =
                    blocks.iter().copied().filter(|b| (start..end).contains(&self.nearest(b, &rows))).collect();
                let open = (whole.goes_on && start == 0, whole.to_be_continued && end == self.rows.len());
                self.tile_groups(start..end, column, &here, open);
                start = end;
            }
        }
    }

    /// The row whose baseline is nearest to the block's middle.
    fn nearest(&self, block: &Block, rows: &std::ops::Range<usize>) -> usize {
        let off = |r: usize| self.rows.get(r).map_or(f32::MAX, |row| (row.base - block.middle()).abs());
        rows.clone().min_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(rows.start)
    }

    /// Shares free rows among the blocks so that each stands in the middle of its rows, or at the first of them. At an
    /// `open` end (start, end) some rows may belong to a group whose label is on another page.
    fn tile_groups(&mut self, rows: std::ops::Range<usize>, column: usize, blocks: &[&Block<'a>], open: (bool, bool)) {
        let n = rows.len();
        let base = |k: usize| self.rows.get(rows.start + k).map_or(0.0, |r| r.base);
        let cost = |block: &Block, from: usize, to: usize| {
            let middle = (f32::midpoint(base(from), base(to - 1)) - block.middle()).abs();
            let first = block.pieces.first().map_or(f32::MAX, |p| (p.chunk.base - base(from)).abs());
            middle.min(first + 2.0)
        };
        // best[k]: least cost of sharing the first k rows among the blocks so far, and where the last of them begins.
        let unlabelled = 0.25 * (base(n.saturating_sub(1)) - base(0)) / count(n);
        let at_start = |k: usize| match (k, open.0) {
            (0, _) => 0.0,
            (_, true) => unlabelled,
            (_, false) => f32::MAX,
        };
        let mut best: Vec<f32> = (0..=n).map(at_start).collect();
        let mut begins: Vec<Vec<usize>> = Vec::new();
        if n > 400 {
            return;
        }
        for block in blocks {
            let mut next = vec![f32::MAX; n + 1];
            let mut from_of = vec![0; n + 1];
            for to in 1..=n {
                for from in 0..to {
                    let so_far = best.get(from).copied().unwrap_or(f32::MAX);
                    let total = if so_far < f32::MAX { so_far + cost(block, from, to) } else { f32::MAX };
                    if let (Some(slot), Some(begin)) = (next.get_mut(to), from_of.get_mut(to))
                        && total < *slot
                    {
                        *slot = total;
                        *begin = from;
                    }
                }
            }
            best = next;
            begins.push(from_of);
        }
        let total = |k: usize| best.get(k).copied().unwrap_or(f32::MAX) + if k < n { unlabelled } else { 0.0 };
        let mut to = (if open.1 { 1 } else { n }..=n).min_by(|&a, &b| total(a).total_cmp(&total(b))).unwrap_or(n);
        let mut open = vec![true; n];
        if let Some(flag) = open.get_mut(to) {
            *flag = false;
        }
        for (block, from_of) in blocks.iter().zip(&begins).rev() {
            let from = from_of.get(to).copied().unwrap_or(0);
            if let Some(flag) = open.get_mut(from) {
                *flag = false;
            }
            if let Some(row) = self.rows.get_mut(rows.start + from) {
                row.pieces.extend(block.pieces.iter().copied());
            }
            to = from;
        }
        for (k, open) in open.into_iter().enumerate().skip(1) {
            if open {
                self.top.put(rows.start + k, column, false);
            }
        }
    }

    /// Borders of columns: in the middle of the gaps between their ink.
    fn xs(&self) -> Vec<f32> {
        let ends = self.ends;
        let mut xs = vec![self.columns.first().map_or(ends.0, |c| ends.0.min(c.x0))];
        xs.extend(self.columns.windows(2).filter_map(|w| Some(f32::midpoint(w.first()?.x1, w.get(1)?.x0))));
        xs.push(self.columns.last().map_or(ends.1, |c| ends.1.max(c.x1)));
        xs
    }

    /// Borders of rows: rules, or the middle of the gaps between the rows' ink.
    fn ys(&self) -> Vec<f32> {
        let bbox = self.stretch.bbox();
        let ink = |row: &Row| Rect::around(row.pieces.iter().map(|p| p.chunk.bbox));
        let mut ys = vec![bbox.y0];
        for pair in self.rows.windows(2) {
            let [above, below] = pair else { continue };
            let last = ys.last().copied().unwrap_or(bbox.y0);
            let between = match (ink(above), ink(below)) {
                (Some(a), Some(b)) => f32::midpoint(a.y1.min(b.y1), b.y0.max(a.y0)),
                (Some(a), None) => a.y1,
                _ => last,
            };
            ys.push(below.rule.unwrap_or(between).max(last));
        }
        ys.push(bbox.y1.max(ys.last().copied().unwrap_or(bbox.y1)));
        ys
    }

    /// Tiles the table and reads its cells; gives the borders of rows too.
    fn into_draft(mut self, page: &Upright) -> (Draft, Vec<f32>) {
        let (n, m) = (self.rows.len(), self.columns.len());
        let mut left = Flags::new(n, m);
        for r in 0..n {
            for c in 0..m {
                left.put(r, c, true);
            }
        }
        for (r, row) in self.rows.iter().enumerate() {
            for range in row.pieces.iter().map(|p| p.range).filter(|g| g.first < g.last) {
                let open = |k: usize| range.columns().all(|c| !self.top.get(k, c));
                let first = (1..=r).rev().find(|&k| !open(k)).unwrap_or(0);
                let last = (r + 1..n).find(|&k| !open(k)).unwrap_or(n);
                for k in first..last {
                    for c in range.first + 1..=range.last {
                        left.put(k, c, false);
                    }
                }
            }
        }
        let cells = lattice::tile((n, m), &left, &self.top);
        let lattice = Lattice { xs: self.xs(), ys: self.ys(), cells };
        let slots = lattice.slots();
        let mut ink: Vec<(Vec<Ink>, bool)> = vec![(Vec::new(), false); lattice.cells.len()];
        for (r, row) in self.rows.iter_mut().enumerate() {
            for piece in &row.pieces {
                let cell = slots.get(r * m + piece.range.first).and_then(|&i| ink.get_mut(i));
                if let Some((ink, unsure)) = cell {
                    ink.extend(piece.chunk.ink.iter().copied());
                    *unsure |= piece.unsure;
                }
            }
        }
        let cells = lattice.cells.iter().zip(&ink).map(|(span, (ink, unsure))| {
            let mut cell = DraftCell::of(page, *span, ink, lattice.cell_box(*span));
            if *unsure {
                cell.doubt = cell.doubt.or(Some(Doubt::Alignment));
            }
            // Without rules, that nothing was recognised in a place does not say that nothing is there.
            if let Some(recognised) = &mut cell.recognised {
                recognised.sure &= !ink.is_empty();
            }
            cell
        });
        let draft = Draft {
            page: page.number,
            frame: page.frame,
            cells: cells.collect(),
            rows: n,
            method: if self.stretch.rules.is_empty() { Method::Aligned } else { Method::PartlyRuled },
            bbox: self.stretch.bbox(),
            xs: lattice.xs,
        };
        (draft, lattice.ys)
    }
}

fn count(n: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "rows of a page")]
    let n = n.max(1) as f32;
    n
}
