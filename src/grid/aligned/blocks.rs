//! Lines of a stretch without a rule for every row in, rows out: each line with values is a row, text wrapped around it
//! goes with it, and the rest are rows of their own. Headers and group labels are told apart here and laid out elsewhere.

use super::columns::{self, Column};
use super::rows::{Piece, Row};
use super::spans::Range;
use super::{Chunk, Cut};
use crate::grid::ink::Ink;
use crate::grid::rules::Segment;
use crate::grid::spell;
use crate::grid::wording::is_open;

/// Lines of one wrapped text are no farther apart than this, in em.
pub(super) const WRAPPED: f32 = 1.5;

/// Lines of one text differ in size by no more than this share.
const ALIKE: f32 = 0.12;

/// Chunks of one column, one close below the other: a wrapped text.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) range: Range,
}

/// What lines without rules fall into.
#[derive(Debug, Default)]
pub(super) struct Parted<'a> {
    /// Blocks above the first values.
    pub(super) header: Vec<Block<'a>>,
    /// Rows below, top to bottom.
    pub(super) rows: Vec<Row<'a>>,
    /// Labels that stand beside several rows.
    pub(super) groups: Vec<Block<'a>>,
}

impl Block<'_> {
    fn bases(&self) -> (f32, f32) {
        self.pieces.iter().fold((f32::MAX, f32::MIN), |(a, b), p| (a.min(p.chunk.base), b.max(p.chunk.base)))
    }

    /// The middle of its baselines.
    pub(super) fn middle(&self) -> f32 {
        let (first, last) = self.bases();
        f32::midpoint(first, last)
    }

    /// Top and bottom of its ink.
    pub(super) fn extent(&self) -> (f32, f32) {
        self.pieces.iter().fold((f32::MAX, f32::MIN), |(a, b), p| (a.min(p.chunk.bbox.y0), b.max(p.chunk.bbox.y1)))
    }

    /// The row whose values it is set around, among rows with these baselines.
    fn row_of(&self, anchors: &[f32], pitch: f32, size: f32) -> Option<usize> {
        let (first, last) = self.bases();
        let slack = 0.3 * size;
        let start = anchors.partition_point(|a| *a < first - slack);
        let inside = anchors.iter().skip(start).take_while(|a| **a <= last + slack).count();
        if inside > 0 {
            let middle = self.middle();
            return (start..start + inside).min_by(|&i, &j| {
                let off = |k: usize| anchors.get(k).map_or(f32::MAX, |a| (a - middle).abs());
                off(i).total_cmp(&off(j))
            });
        }
        let near = |i: usize| anchors.get(i).is_some_and(|a| (a - self.middle()).abs() < 0.36 * pitch);
        [start.wrapping_sub(1), start].into_iter().find(|&i| near(i))
    }
}

/// Parts lines. The first `labels` columns hold labels; `rules` part wrapped texts; `headed` when their headings are
/// known already.
pub(super) fn part<'a>(
    lines: &[&'a Cut],
    columns: &[Column],
    labels: usize,
    rules: &[Segment],
    headed: bool,
) -> Parted<'a> {
    let valued = |l: &Cut| l.chunks.iter().any(|c| c.value && columns::place(columns, c).is_some_and(|p| p.0 > 0));
    let mut rows_at: Vec<&Cut> = lines.iter().copied().filter(|l| valued(l)).collect();
    let of_text = rows_at.is_empty();
    if of_text {
        rows_at = lines.iter().copied().filter(|l| l.chunks.len() >= 2).collect();
    }
    let size = rows_at.first().map_or(10.0, |l| l.size);
    let pitch = pitch(&rows_at).unwrap_or(2.0 * size);
    let tight = (0.8 * pitch).min(WRAPPED * size);
    let mut anchors = without_wrapped(&rows_at, tight);
    let mut blocks = blocks(lines, columns, tight, rules, &anchors);
    let stubs: Vec<f32> = blocks.iter().filter(|b| b.range.first == 0).map(|b| b.bases().0).collect();
    if of_text && stubs.len() >= 2 {
        // Where nothing but words stands in rows, a row begins with its label.
        anchors = stubs;
        anchors.sort_by(f32::total_cmp);
    } else {
        blocks = one_row_each(blocks, &anchors, labels, size);
    }
    let groups = group_columns(&blocks, labels, anchors.len());
    let mut rows: Vec<Row> = anchors.iter().map(|&base| Row { base, ..Row::default() }).collect();
    let mut parted = Parted::default();
    let mut own: Vec<Row> = Vec::new();
    for block in blocks {
        let mut row = block.row_of(&anchors, pitch, size);
        if row.is_none() && of_text {
            row = anchors.partition_point(|a| *a <= block.bases().0 + 0.3 * size).checked_sub(1);
        }
        let above = anchors.first().is_some_and(|a| block.middle() < *a);
        if let (Some(row), false) = (row.and_then(|r| rows.get_mut(r)), block.range.last < groups) {
            row.pieces.extend(block.pieces);
        } else if above && row.is_none() && !headed {
            parted.header.push(block);
        } else if block.range.last < groups {
            parted.groups.push(block);
        } else {
            let base = block.middle();
            match own.iter_mut().find(|r| (r.base - base).abs() < 0.4 * size) {
                Some(row) => row.pieces.extend(block.pieces),
                None => own.push(Row { base, pieces: block.pieces, ..Row::default() }),
            }
        }
    }
    rows.extend(own);
    rows.retain(|r| !r.pieces.is_empty());
    rows.sort_by(|a, b| a.base.total_cmp(&b.base));
    parted.rows = rows;
    parted
}

/// The distance of rows that follow each other directly: one in four is nearer.
fn pitch(lines: &[&Cut]) -> Option<f32> {
    let mut steps: Vec<f32> =
        lines.windows(2).filter_map(|w| Some(w.get(1)?.base - w.first()?.base)).filter(|d| *d > 0.1).collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 4).copied()
}

/// Baselines of rows: a line that holds but the rest of numbers wrapped in the line above is none.
fn without_wrapped(lines: &[&Cut], tight: f32) -> Vec<f32> {
    let mut kept: Vec<&Cut> = Vec::new();
    for line in lines {
        let wrapped = kept.last().is_some_and(|above| {
            line.base - above.base < tight
                && line.chunks.len() < above.chunks.len()
                && line.chunks.iter().all(|c| c.value && above.chunks.iter().any(|a| a.value && a.beside(c) > 0.0))
        });
        if !wrapped {
            kept.push(line);
        }
    }
    kept.iter().map(|l| l.base).collect()
}

/// Joins chunks of one column that stand close below one another with no rule between; `anchors` are the baselines of
/// rows of figures.
pub(super) fn blocks<'a>(
    lines: &[&'a Cut],
    columns: &[Column],
    tight: f32,
    rules: &[Segment],
    anchors: &[f32],
) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block> = Vec::new();
    let placed = lines.iter().flat_map(|l| {
        let placed = columns::place_line(columns, &l.chunks);
        l.chunks.iter().zip(placed).filter_map(|(c, p)| Some((*l, c, p?)))
    });
    for (line, chunk, (first, last, unsure)) in placed {
        let range = Range { first, last };
        let goes_on = |b: &Block| {
            let Some(above) = b.pieces.last() else { return false };
            let step = chunk.base - above.chunk.base;
            if !b.range.overlaps(range) || step <= 0.5 * chunk.size || step > tight.max(WRAPPED * chunk.size) {
                return false;
            }
            // A figure on the line of a row of its own goes on with nothing.
            let row = anchors.partition_point(|a| *a < line.base - 0.1);
            if chunk.value && above.chunk.value && anchors.get(row).is_some_and(|a| *a <= line.base + 0.1) {
                return false;
            }
            let alike = (above.chunk.size - chunk.size).abs() <= ALIKE * chunk.size;
            let close = || step <= tight && alike && !is_parted(above.chunk, chunk, rules);
            // The lines of a wrapped text may reach over more or fewer columns, but each is alone there.
            let alone = || line.chunks.iter().filter(|c| c.beside(above.chunk) > 0.0).count() == 1;
            above.chunk.beside(chunk) > 0.0
                && (b.range == range || (!chunk.value && !above.chunk.value && alone()))
                && (close() || is_wrapped(above.chunk, chunk, columns.get(b.range.last), rules))
                && !heads_all(above.chunk, lines, line, chunk)
        };
        let piece = Piece { chunk, range, unsure };
        let same_line = |b: &Block| {
            b.range == range && b.pieces.last().is_some_and(|p| (p.chunk.base - chunk.base).abs() < 0.4 * chunk.size)
        };
        match blocks.iter_mut().rev().take(64).find(|b| same_line(b) || goes_on(b)) {
            Some(block) => {
                block.pieces.push(piece);
                block.range = block.range.union(range);
            }
            None => blocks.push(Block { pieces: vec![piece], range }),
        }
    }
    for block in &mut blocks {
        for piece in &mut block.pieces {
            piece.range = block.range;
        }
    }
    blocks
}

/// Whether `above` stands alone over the middle of all the words of the next line, `line`: a heading of several columns,
/// not the beginning of the one in the middle, `below`, unless that goes on in small letters.
fn heads_all(above: &Chunk, lines: &[&Cut], line: &Cut, below: &Chunk) -> bool {
    let own = lines.iter().find(|l| (l.base - above.base).abs() < 0.1);
    let stub = |c: &Chunk| line.chunks.first().is_some_and(|s| c.x0() < s.x1());
    let beside = own.is_some_and(|l| l.chunks.iter().any(|c| (c.x0() - above.x0()).abs() > 0.1 && !stub(c)));
    let headed: Vec<&Chunk> = line.chunks.iter().skip(1).collect();
    let (Some(first), Some(last)) = (headed.first(), headed.last()) else { return false };
    let middle = f32::midpoint(first.x0(), last.x1());
    let goes_on = below.ink.first().is_some_and(|i| i.ch.is_lowercase());
    headed.len() >= 3 && !beside && !goes_on && (above.center() - middle).abs() < 1.5 * above.size
}

/// Whether `below` goes on with the text of `above`: it begins in the middle of a sentence, right below, and its first
/// word would not have fitted in the column beside what stands above it.
fn is_wrapped(above: &Chunk, below: &Chunk, column: Option<&Column>, rules: &[Segment]) -> bool {
    let step = below.base - above.base;
    let near = step > 0.5 * below.size && step <= WRAPPED * below.size;
    let alike = (above.size - below.size).abs() <= ALIKE * below.size && !above.value && !below.value;
    let flush = below.x0() > above.x0() - 0.3 * below.size;
    if !near || !alike || !flush {
        return false;
    }
    let open = || is_open(&spell::spell_line(&above.ink).text);
    let starts = below.ink.first().is_some_and(|i| i.ch.is_lowercase()) || open();
    let joined = |a: &Ink, b: &Ink| b.rect.x0 - a.rect.x1 < 0.5 * below.word * below.size;
    let word = below.ink.chunk_by(joined).next().and_then(spell::bbox).map_or(0.0, |b| b.width());
    let full = || column.is_some_and(|c| above.x1() + below.word * below.size + word > c.x1 - 0.2 * below.size);
    starts && full() && !is_parted(above, below, rules)
}

/// Cuts labels that run on over several rows of figures: figures stand beside the first line of a label or beside its
/// last, all over the table.
fn one_row_each<'a>(blocks: Vec<Block<'a>>, anchors: &[f32], labels: usize, size: f32) -> Vec<Block<'a>> {
    let at_anchor = |p: &Piece| {
        let start = anchors.partition_point(|a| *a < p.chunk.base - 0.3 * size);
        anchors.get(start).is_some_and(|a| *a <= p.chunk.base + 0.3 * size)
    };
    let count = |b: &Block| b.pieces.iter().filter(|p| at_anchor(p)).count();
    let mut last = 0_usize;
    let mut first = 0_usize;
    for block in blocks.iter().filter(|b| b.range.last < labels && b.pieces.len() > 1 && count(b) == 1) {
        first += usize::from(block.pieces.first().is_some_and(at_anchor));
        last += usize::from(block.pieces.last().is_some_and(at_anchor));
    }
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        if block.range.last >= labels || count(&block) < 2 {
            out.extend(by_nearest_row(block, anchors, size));
            continue;
        }
        let above = if first == last { block.pieces.first().is_some_and(at_anchor) } else { first > last };
        let mut ended = true;
        for piece in block.pieces {
            let anchor = at_anchor(&piece);
            if ended || (above && anchor) {
                out.push(Block { pieces: Vec::new(), range: block.range });
            }
            ended = !above && anchor;
            if let Some(block) = out.last_mut() {
                block.pieces.push(piece);
            }
        }
    }
    out
}

/// Cuts a text that reaches over several rows of figures: each line goes to the row it begins at, ends at, or is nearest to,
/// as the text begins on the line of a row, ends on one, or does neither.
fn by_nearest_row<'a>(block: Block<'a>, anchors: &[f32], size: f32) -> Vec<Block<'a>> {
    let slack = 0.3 * size;
    let (first, last) = block.bases();
    let start = anchors.partition_point(|a| *a < first - slack);
    let rows: Vec<f32> = anchors.iter().skip(start).copied().take_while(|a| *a <= last + slack).collect();
    if rows.len() < 2 || block.pieces.iter().any(|p| p.chunk.value) {
        return vec![block];
    }
    let at_row = |base: f32| rows.iter().any(|r| (r - base).abs() <= slack);
    let row_of = |base: f32| {
        let above = rows.partition_point(|r| *r <= base + slack).saturating_sub(1);
        let below = rows.partition_point(|r| *r < base - slack).min(rows.len() - 1);
        let off = |i: usize| rows.get(i).map_or(f32::MAX, |r| (r - base).abs());
        match (at_row(first), at_row(last)) {
            (true, false) => above,
            (false, true) => below,
            _ if off(above) <= off(below) => above,
            _ => below,
        }
    };
    let range = block.range;
    let cut = block.pieces.chunk_by(|a, b| row_of(a.chunk.base) == row_of(b.chunk.base));
    cut.map(|pieces| Block { pieces: pieces.to_vec(), range }).collect()
}

fn is_parted(above: &Chunk, below: &Chunk, rules: &[Segment]) -> bool {
    let start = rules.partition_point(|r| r.at <= above.base - 0.5 * above.size);
    rules
        .iter()
        .skip(start)
        .take_while(|r| r.at < below.base)
        .any(|r| r.from < below.center() && below.center() < r.to && r.at > above.bbox.center().y)
}

/// How many of the label columns hold labels of groups: few blocks for many rows, left of the rows' own labels.
fn group_columns(blocks: &[Block], labels: usize, rows: usize) -> usize {
    let sparse = |column: usize| {
        let count = blocks.iter().filter(|b| b.range.first == column && b.range.last == column).count();
        count * 2 <= rows
    };
    (0..labels.saturating_sub(1)).take_while(|&c| sparse(c)).count()
}
