//! Lines of a page in, the columns of text they are set in out: where the page is set in two columns or more, or tables
//! stand side by side, each column is read by itself, from top to bottom. Columns of a table are none: text does not run
//! on within them on both sides of the gap.

use super::ink::Ink;
use super::rules::Segment;
use super::spell::{self, InkLine};
use crate::geom::Rect;

/// A gap wider than this, in em, may be a gutter.
const GUTTER: f32 = 0.8;
/// Text of a column begins at one place within this, in points.
const SAME_START: f32 = 1.5;
/// So many lines show a gutter,
const LINES: usize = 4;
/// and so many of them run on, at least one on each side.
const RUNNING: usize = 3;
/// A column is at least as wide as this share of the lines.
const NARROWEST: f32 = 0.15;
/// Candidates and columns that are looked at.
const MOST_CANDIDATES: usize = 12;
const MOST_COLUMNS: usize = 6;

/// A stretch of the page with its gutters, left to right. Outside the bands the page has one column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    /// Top of its first line.
    pub(super) top: f32,
    /// Bottom of its last line.
    pub(super) bottom: f32,
    /// Where the columns after the first begin.
    pub(super) gutters: Vec<f32>,
}

/// The bands of a page, top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Columns {
    bands: Vec<Band>,
}

/// Where something stands in the order of reading: band, column.
pub(super) type Rank = (usize, usize);

impl Columns {
    /// Finds the columns of a page. Rules that cross a gutter end it.
    pub(super) fn of(lines: &[InkLine], across: &[Segment]) -> Self {
        let mut bands: Vec<Band> = Vec::new();
        let all: Vec<Parts> = lines.iter().map(Parts::of).collect();
        let refs: Vec<&Parts> = all.iter().collect();
        find(&refs, across, &mut bands, 0);
        bands.sort_by(|a, b| a.top.total_cmp(&b.top));
        // What lies between a band and the line before or after it is as near to the one as to the other.
        for band in &mut bands {
            let above = all.iter().map(|l| l.bottom).filter(|y| *y <= band.top).fold(f32::MIN, f32::max);
            let below = all.iter().map(|l| l.top).filter(|y| *y >= band.bottom).fold(f32::MAX, f32::min);
            band.top = if above > f32::MIN { f32::midpoint(above, band.top) } else { above };
            band.bottom = if below < f32::MAX { f32::midpoint(below, band.bottom) } else { below };
        }
        Self { bands }
    }

    /// Whether the page has one column throughout.
    pub(super) fn is_one(&self) -> bool {
        self.bands.is_empty()
    }

    /// The bands, top to bottom.
    pub(super) fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// Where a box stands.
    pub(super) fn rank(&self, bbox: Rect) -> Rank {
        let middle = bbox.center();
        let before = self.bands.iter().filter(|b| b.bottom < middle.y).count();
        let band = self.bands.get(before).filter(|b| b.top <= middle.y);
        match band {
            Some(band) => (2 * before + 1, band.gutters.iter().filter(|g| **g <= middle.x).count()),
            None => (2 * before, 0),
        }
    }

    /// Cuts the lines at the gutters: lines of each column in turn, in the order of reading.
    pub(super) fn part(&self, lines: Vec<InkLine>) -> Vec<(Rank, Vec<InkLine>)> {
        if self.bands.is_empty() {
            return vec![((0, 0), lines)];
        }
        let mut flows: std::collections::BTreeMap<Rank, Vec<Ink>> = std::collections::BTreeMap::new();
        for line in lines {
            let middle = line.bbox().center().y;
            for glyph in line.ink {
                let x = glyph.rect.x0;
                let rank = self.rank(Rect { x0: x, x1: x, y0: middle, y1: middle });
                flows.entry(rank).or_default().push(glyph);
            }
        }
        flows.into_iter().map(|(rank, ink)| (rank, spell::lines(ink))).collect()
    }
}

/// A stretch of a line between wide gaps.
#[derive(Debug, Clone, Copy)]
struct Words {
    from: f32,
    to: f32,
    /// Whether text runs on in it.
    running: bool,
}

/// A line and its stretches between wide gaps.
struct Parts {
    top: f32,
    bottom: f32,
    size: f32,
    /// Left to right.
    words: Vec<Words>,
}

impl Parts {
    fn of(line: &InkLine) -> Self {
        let mut parts: Vec<Vec<Ink>> = Vec::new();
        let mut end = f32::MIN;
        for glyph in line.ink.iter().filter(|i| !i.is_blank()) {
            if glyph.rect.x0 - end > GUTTER * line.size {
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(*glyph);
            }
            end = end.max(glyph.rect.x1);
        }
        let part = |ink: &Vec<Ink>| {
            let bbox = spell::bbox(ink).unwrap_or_default();
            Words { from: bbox.x0, to: bbox.x1, running: spell::is_running(ink, line.size) }
        };
        let bbox = line.bbox();
        Self { top: bbox.y0, bottom: bbox.y1, size: line.size, words: parts.iter().map(part).collect() }
    }

    /// The part of the line right of `from` and left of `to`.
    fn within(&self, from: f32, to: f32) -> Self {
        let inside = |w: &&Words| w.from >= from && w.from < to;
        Self { words: self.words.iter().filter(inside).copied().collect(), ..*self }
    }

    /// Whether nothing stands right before `x`.
    fn is_open_at(&self, x: f32) -> bool {
        let (from, to) = (x - GUTTER * self.size, x - 0.5);
        self.words.iter().all(|w| w.to <= from || w.from >= to)
    }
}

/// Finds bands among lines; `across` are rules that end them.
fn find(lines: &[&Parts], across: &[Segment], bands: &mut Vec<Band>, depth: usize) {
    let Some(best) = best(lines, across) else { return };
    let Best { from, to, at, .. } = best;
    let (Some(first), Some(last)) = (lines.get(from), lines.get(to)) else { return };
    let (top, bottom) = (first.top, last.bottom);
    let mut gutters = vec![at];
    if depth < MOST_COLUMNS {
        // More columns on either side, over most of the same lines.
        let inside = lines.get(from..=to).unwrap_or_default();
        for (left, right) in [(f32::MIN, at), (at, f32::MAX)] {
            let side: Vec<Parts> =
                inside.iter().map(|l| l.within(left, right)).filter(|l| !l.words.is_empty()).collect();
            let refs: Vec<&Parts> = side.iter().collect();
            let mut more = Vec::new();
            find(&refs, across, &mut more, depth + 1);
            for band in more.iter().filter(|b| b.bottom - b.top > 0.7 * (bottom - top)) {
                gutters.extend(&band.gutters);
            }
        }
        gutters.sort_by(f32::total_cmp);
    }
    bands.push(Band { top, bottom, gutters });
    if depth == 0 {
        find(lines.get(..from).unwrap_or_default(), across, bands, depth);
        find(lines.get(to + 1..).unwrap_or_default(), across, bands, depth);
    }
}

/// A run of lines with a gutter.
struct Best {
    from: usize,
    to: usize,
    at: f32,
    lines: usize,
}

/// The longest run of lines with one gutter. A column may begin where several lines do, where text runs on, or where
/// rules begin.
fn best(lines: &[&Parts], across: &[Segment]) -> Option<Best> {
    let mut starts: Vec<(f32, usize)> = Vec::new();
    for line in lines {
        starts.extend(line.words.iter().skip(1).map(|w| (w.from, if w.running { LINES } else { 1 })));
    }
    let left = lines.iter().filter_map(|l| l.words.first()).map(|w| w.from).fold(f32::MAX, f32::min);
    starts.extend(across.iter().filter(|r| r.from > left + SAME_START).map(|r| (r.from, LINES)));
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut candidates: Vec<(usize, f32)> = Vec::new();
    let mut rest = starts.as_slice();
    while let Some(&(first, _)) = rest.first() {
        let count = rest.partition_point(|(x, _)| *x <= first + SAME_START).max(1);
        let weight: usize = rest.iter().take(count).map(|(_, w)| w).sum();
        if weight >= LINES {
            candidates.push((weight, first));
        }
        rest = rest.get(count..).unwrap_or_default();
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    candidates.truncate(MOST_CANDIDATES);
    let found = candidates.into_iter().filter_map(|(_, at)| longest(lines, across, at));
    found.reduce(|a, b| if b.lines > a.lines { b } else { a })
}

/// The longest run of lines that are open at `at` and run on on both sides.
fn longest(lines: &[&Parts], across: &[Segment], at: f32) -> Option<Best> {
    let mut best: Option<Best> = None;
    let mut from = 0;
    while from < lines.len() {
        let mut to = from;
        while to < lines.len() && lines.get(to).is_some_and(|l| l.is_open_at(at)) {
            let (Some(line), next) = (lines.get(to), lines.get(to + 1)) else { break };
            to += 1;
            let crossed = next.is_some_and(|n| {
                across
                    .iter()
                    .any(|r| r.from < at - SAME_START && r.to > at + SAME_START && r.at > line.top && r.at < n.bottom)
            });
            if crossed {
                break;
            }
        }
        if let Some(found) = judge(lines, from, to, at)
            && best.as_ref().is_none_or(|b| found.lines > b.lines)
        {
            best = Some(found);
        }
        from = to.max(from + 1);
    }
    best
}

/// Whether lines `from..to` are set in columns on both sides of `at`, those at the ends that show one side only left out.
fn judge(lines: &[&Parts], from: usize, to: usize, at: f32) -> Option<Best> {
    let on_right = |w: &Words| w.from >= at - 0.5;
    let right_at = |i: &usize| lines.get(*i).is_some_and(|l| l.words.iter().any(on_right));
    let left_at = |i: &usize| lines.get(*i).is_some_and(|l| l.words.iter().any(|w| !on_right(w)));
    let start = (from..to).find(left_at)?.max((from..to).find(right_at)?);
    let end = (from..to).rfind(left_at)?.min((from..to).rfind(right_at)?);
    let run = lines.get(start..=end)?;
    let (mut left, mut right) = (Side::default(), Side::default());
    for line in run {
        let (in_right, in_left): (Vec<_>, Vec<_>) = line.words.iter().partition(|w| on_right(w));
        left.add(&in_left);
        right.add(&in_right);
    }
    let narrow = NARROWEST * (right.x1.max(left.x1) - left.x0.min(right.x0));
    let wide = left.x1 - left.x0 > narrow && right.x1 - at > narrow;
    let columns = left.lines >= LINES && right.lines >= LINES && wide;
    let text = left.running >= 1 && right.running >= 1 && left.running + right.running >= RUNNING;
    (columns && text).then_some(Best { from: start, to: end, at, lines: run.len() })
}

/// What stands on one side of a gutter.
struct Side {
    x0: f32,
    x1: f32,
    lines: usize,
    running: usize,
}

impl Default for Side {
    fn default() -> Self {
        Self { x0: f32::MAX, x1: f32::MIN, lines: 0, running: 0 }
    }
}

impl Side {
    fn add(&mut self, words: &[&Words]) {
        self.lines += usize::from(!words.is_empty());
        for part in words {
            self.x0 = self.x0.min(part.from);
            self.x1 = self.x1.max(part.to);
            self.running += usize::from(part.running);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::word;

    fn line(texts: &[(&str, f32)], y: f32) -> InkLine {
        let words = |text: &str, x: f32| {
            let mut at = x;
            text.split(' ')
                .flat_map(|w| {
                    let glyphs = word(w, at, y, 10.0);
                    at = glyphs.last().map_or(at, |g| g.rect.x1) + 3.0;
                    glyphs
                })
                .collect::<Vec<Ink>>()
        };
        InkLine { ink: texts.iter().flat_map(|(t, x)| words(t, *x)).collect(), base: y, size: 10.0 }
    }

    #[test]
    fn prose_in_two_columns_is_read_column_by_column() {
        let text = "some words of a text that goes on in its column";
        let lines: Vec<InkLine> =
            (0u8..6).map(|i| line(&[(text, 50.0), (text, 320.0)], 100.0 + 12.0 * f32::from(i))).collect();
        let columns = Columns::of(&lines, &[]);
        assert_eq!(columns.part(lines).len(), 2);
    }

    #[test]
    fn labels_and_figures_are_not_columns_of_text() {
        let text = "a label that is as long as a whole line of text";
        let lines: Vec<InkLine> =
            (0u8..6).map(|i| line(&[(text, 50.0), ("1234", 320.0)], 100.0 + 12.0 * f32::from(i))).collect();
        assert_eq!(Columns::of(&lines, &[]), Columns::default());
    }
}
