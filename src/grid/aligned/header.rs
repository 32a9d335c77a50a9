//! Blocks of a header in, its rows out: a heading stands over the columns that the rule below it covers, or in whose
//! middle it stands; what has nothing below it reaches down to the values.

use super::blocks::Block;
use super::columns::Column;
use super::rows::{Piece, Row};
use super::spans::{self, Range};
use super::{Chunk, Cut};
use crate::grid::rules::Segment;

/// How many of the lines, from the first, are headings: those above the first figures, but for labels of groups right
/// above them. A rule over the width of the table (`ends`) parts headings from labels.
pub(super) fn height(lines: &[Cut], rules: &[Segment], ends: (f32, f32)) -> usize {
    let wide = |r: &&Segment| r.to - r.from > 0.7 * (ends.1 - ends.0);
    let bounded = over_rule(lines, &rules.iter().filter(wide).map(|r| r.at).collect::<Vec<f32>>());
    let Some(first) = lines.iter().position(has_figures) else { return bounded };
    // Ranges in headings read like figures, but never all over the line.
    let mixed =
        |l: &Cut| l.chunks.iter().skip(1).filter(|c| c.value).count() * 3 < l.chunks.len().saturating_sub(1) * 2;
    if first < bounded && lines.get(first..bounded).unwrap_or_default().iter().all(mixed) {
        return bounded;
    }
    let below_rule = |i: &usize| bounded > 0 && *i >= bounded;
    let first = (0..first).filter(below_rule).find(|i| lines.get(*i).is_some_and(has_amounts)).unwrap_or(first);
    let parted = |above: &Cut, below: &Cut| {
        rules.iter().filter(wide).any(|r| r.at > above.base - 0.3 * above.size && r.at < below.base - 0.3 * below.size)
    };
    let stub = lines.get(first).and_then(|l| l.chunks.first()).map_or(0.0, Chunk::x1);
    let mut head = first;
    while let (Some(above), Some(line), Some(below)) = (
        head.checked_sub(2).and_then(|i| lines.get(i)),
        head.checked_sub(1).and_then(|i| lines.get(i)),
        lines.get(head),
    ) {
        // A label of a group begins at the left, or stands in the middle of the whole table below its heading.
        let is_label = |only: &Chunk| {
            let centred = (only.center() - f32::midpoint(ends.0, ends.1)).abs() < 2.0 * only.size;
            only.x0() < stub || (above.chunks.len() > 1 && centred)
        };
        let label = matches!(line.chunks.as_slice(), [only] if is_label(only));
        if !label || parted(line, below) {
            break;
        }
        let goes_on = above.chunks.len() > 1
            && !parted(above, line)
            && above.chunks.first().is_some_and(|c| (c.x0() - line.bbox().x0).abs() < 0.5 * line.size)
            && line.base - above.base < 0.9 * (below.base - line.base);
        if goes_on {
            break;
        }
        head -= 1;
    }
    if head == 1 && lines.first().is_some_and(|l| l.chunks.len() == 1) { 0 } else { head }
}

/// The lines over the second of a few wide rules: a table of three rules, above and below its heading and at its end.
fn over_rule(lines: &[Cut], wide: &[f32]) -> usize {
    let Some(&rule) = wide.get(1).filter(|_| (3..=4).contains(&wide.len())) else { return 0 };
    let head = lines.partition_point(|l| l.base < rule);
    if head * 2 <= lines.len() { head } else { 0 }
}

/// Whether the line holds figures beside a label, or several, that are more than years.
pub(super) fn has_figures(line: &Cut) -> bool {
    let figures = |from: usize| line.chunks.iter().skip(from).filter(|c| c.value && !c.year).count();
    figures(1) >= 1 || figures(0) >= 2
}

/// Whether the line holds, beside a label, text that begins like a figure.
fn has_amounts(line: &Cut) -> bool {
    let begins = |c: &Chunk| c.ink.iter().find(|i| i.ch.is_alphanumeric()).is_some_and(|i| i.ch.is_ascii_digit());
    line.chunks.iter().skip(1).any(|c| begins(c) && !c.year)
}

/// Lays the blocks out in levels.
pub(super) fn rows<'a>(
    mut blocks: Vec<Block<'a>>,
    columns: &[Column],
    ends: (f32, f32),
    rules: &[Segment],
) -> Vec<Row<'a>> {
    blocks.sort_by(|a, b| a.extent().0.total_cmp(&b.extent().0));
    let extents: Vec<(f32, f32)> = blocks.iter().map(Block::extent).collect();
    let own: Vec<Range> = blocks.iter().map(|b| b.range).collect();
    let mut ranges = own.clone();
    let mut levels: Vec<usize> = Vec::new();
    for (i, block) in blocks.iter().enumerate() {
        let range = resolve(i, block, &extents, &ranges, columns, ends, rules);
        let above = |j: &usize| ranges.get(*j).is_some_and(|r| r.overlaps(range));
        let level = (0..i).filter(above).filter_map(|j| levels.get(j)).max().map_or(0, |l| l + 1);
        levels.push(level);
        if let Some(slot) = ranges.get_mut(i) {
            *slot = range;
        }
    }
    let count = levels.iter().max().map_or(0, |l| l + 1);
    let mut rows: Vec<Row> = (0..count).map(|_| Row { header: true, ..Row::default() }).collect();
    for (i, block) in blocks.into_iter().enumerate() {
        let (Some(&level), Some(&range)) = (levels.get(i), ranges.get(i)) else { continue };
        let below = levels
            .iter()
            .zip(&ranges)
            .filter(|(l, r)| **l > level && r.overlaps(range))
            .map(|(l, _)| *l)
            .min()
            .unwrap_or(count);
        let Some(row) = rows.get_mut(level) else { continue };
        row.tails.push((range, below - level - 1));
        row.pieces.extend(block.pieces.into_iter().map(|p| Piece { range, ..p }));
    }
    rows
}

/// The columns that block `i` heads.
fn resolve(
    i: usize,
    block: &Block,
    extents: &[(f32, f32)],
    ranges: &[Range],
    columns: &[Column],
    ends: (f32, f32),
    rules: &[Segment],
) -> Range {
    let own = block.range;
    let (top, bottom) = block.extent();
    let middle = block.pieces.iter().map(|p| p.chunk.center()).sum::<f32>() / count(block.pieces.len());
    let size = block.pieces.first().map_or(10.0, |p| p.chunk.size);
    let below =
        rules.iter().find(|r| r.at > bottom - 3.0 && r.at < bottom + 1.2 * size && r.from < middle && middle < r.to);
    let full = |r: Range| r.first == 0 && r.last + 1 == columns.len();
    let others = || extents.iter().zip(ranges).enumerate().filter(|(j, _)| *j != i);
    // What stands beside it over the same rule shares it.
    let shared = |r: Range| others().any(|(_, ((y0, y1), o))| *y0 < bottom && *y1 > top && o.overlaps(r));
    if let Some(range) = below.and_then(|r| spans::under(columns, r))
        && !full(range)
        && range.first <= own.first
        && range.last >= own.last
        && !shared(range)
    {
        return range;
    }
    let heads = others().any(|(_, ((y0, _), r))| *y0 > bottom - 2.0 && r.overlaps(own));
    if !heads {
        // Nothing stands below it: it may reach over columns that no other heading is over.
        let free = spans::free_around(own, others().map(|(_, (_, r))| *r), columns.len());
        return spans::centred(columns, ends, middle, own, free, None);
    }
    let beside = others().filter(|(_, ((y0, y1), _))| *y0 < bottom && *y1 > top).map(|(_, (_, r))| *r);
    let mut free = spans::free_around(own, beside, columns.len());
    let parent = others().take_while(|(j, _)| *j < i).filter(|(_, ((_, y1), r))| *y1 < top + 2.0 && r.overlaps(own));
    let mut above = None;
    for (_, (_, range)) in parent {
        above = Some(*range);
        free.first = free.first.max(range.first.min(own.first));
        free.last = free.last.min(range.last.max(own.last));
    }
    spans::centred(columns, ends, middle, own, free, above)
}

fn count(n: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of pieces")]
    let n = n.max(1) as f32;
    n
}
