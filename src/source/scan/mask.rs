//! Ink or not, pixel by pixel: a grey picture in, its ink, the blots of connected ink, and their boxes out.

use super::gray::{Area, Gray};

/// A picture of two values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mask {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row by row; 1 is ink.
    bits: Vec<u8>,
}

/// Connected pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// The box around it.
    pub(super) area: Area,
    /// How many pixels it has.
    pub(super) pixels: usize,
}

/// A stretch of ink in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) y: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Where ink is told from paper, of 255; what Otsu's method says is kept within this.
const THRESHOLDS: (u8, u8) = (110, 190);
/// Grain of the paper is mostly brighter than this.
const FAINT: u8 = 215;

impl Mask {
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { width, height, bits: vec![0; width * height] }
    }

    /// The ink of a grey picture, by the threshold that parts its greys best (Otsu 1979).
    pub(super) fn of(gray: &Gray) -> Self {
        Self::darker(gray, otsu(&counts(&gray.pixels)).clamp(THRESHOLDS.0, THRESHOLDS.1))
    }

    /// The ink, and what may be ink, of a grey picture on white paper.
    pub(super) fn faint(gray: &Gray) -> Self {
        Self::darker(gray, FAINT)
    }

    fn darker(gray: &Gray, threshold: u8) -> Self {
        let bits = gray.pixels.iter().map(|p| u8::from(*p < threshold)).collect();
        Self { width: gray.width, height: gray.height, bits }
    }

    pub(super) fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && self.bits.get(y * self.width + x).is_some_and(|b| *b != 0)
    }

    pub(super) fn set(&mut self, x: usize, y: usize, ink: bool) {
        if x < self.width
            && let Some(bit) = self.bits.get_mut(y * self.width + x)
        {
            *bit = u8::from(ink);
        }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        self.bits.get(y * self.width..(y + 1) * self.width).unwrap_or(&[])
    }

    pub(super) fn fill(&mut self, area: Area, ink: bool) {
        let (x0, x1) = (area.x0.min(self.width), area.x1.min(self.width));
        for y in area.y0..area.y1.min(self.height) {
            if let Some(row) = self.bits.get_mut(y * self.width + x0..y * self.width + x1) {
                row.fill(u8::from(ink));
            }
        }
    }

    /// A piece of it.
    pub(super) fn cut(&self, area: Area) -> Self {
        let mut out = Self::blank(area.width(), area.height());
        let Some(width) = Some(out.width).filter(|w| *w > 0) else { return out };
        for (y, row) in (area.y0..area.y1).zip(out.bits.chunks_mut(width)) {
            if let Some(from) = self.row(y).get(area.x0..area.x1) {
                row.copy_from_slice(from);
            }
        }
        out
    }

    /// Takes away what is ink in the other.
    pub(super) fn remove(&mut self, other: &Self) {
        for (bit, gone) in self.bits.iter_mut().zip(&other.bits) {
            *bit &= 1 - gone;
        }
    }

    /// Ink for paper.
    pub(super) fn inverted(&self) -> Self {
        Self { bits: self.bits.iter().map(|b| 1 - b).collect(), ..*self }
    }

    /// Rows for columns.
    pub(super) fn transposed(&self) -> Self {
        /// Small enough that both sides of it stay in the cache.
        const SQUARE: usize = 64;
        let mut out = Self::blank(self.height, self.width);
        for ys in (0..self.height).step_by(SQUARE) {
            for xs in (0..self.width).step_by(SQUARE) {
                for y in ys..(ys + SQUARE).min(self.height) {
                    for x in xs..(xs + SQUARE).min(self.width) {
                        if let (Some(to), Some(from)) =
                            (out.bits.get_mut(x * self.height + y), self.bits.get(y * self.width + x))
                        {
                            *to = *from;
                        }
                    }
                }
            }
        }
        out
    }

    /// Ink grown by so many pixels up, down and to the sides.
    pub(super) fn thickened(&self, by: usize) -> Self {
        let mut out = Self::blank(self.width, self.height);
        for run in self.runs(0) {
            let area = Area { x0: run.from, y0: run.y, x1: run.to, y1: run.y + 1 };
            let bounds = Area { x0: 0, y0: 0, x1: self.width, y1: self.height };
            out.fill(area.grown(by, &bounds), true);
        }
        out
    }

    /// Ink grown up and down by one pixel: a thin line that climbs a step stays one.
    pub(super) fn stepped(&self) -> Self {
        let mut out = self.clone();
        for y in 0..self.height {
            let Some(row) = out.bits.get_mut(y * self.width..(y + 1) * self.width) else { break };
            let rows = [y.checked_sub(1), Some(y + 1).filter(|y| *y < self.height)];
            for other in rows.into_iter().flatten() {
                for (bit, more) in row.iter_mut().zip(self.row(other)) {
                    *bit |= more;
                }
            }
        }
        out
    }

    /// Stretches of ink along the rows; those that at most `gap` pixels part are one.
    pub(super) fn runs(&self, gap: usize) -> Vec<Run> {
        let mut out: Vec<Run> = Vec::new();
        for y in 0..self.height {
            let row = self.row(y);
            let mut x = 0;
            while let Some(start) = row.get(x..).and_then(|r| r.iter().position(|b| *b != 0)).map(|p| p + x) {
                let length = row.get(start..).and_then(|r| r.iter().position(|b| *b == 0));
                let end = length.map_or(row.len(), |l| start + l);
                match out.last_mut() {
                    Some(last) if last.y == y && start - last.to <= gap => last.to = end,
                    _ => out.push(Run { y, from: start, to: end }),
                }
                x = end;
            }
        }
        out
    }

    /// The blots of ink that hang together, corners included, by where they begin.
    pub(super) fn components(&self) -> Vec<Component> {
        grouped(&self.runs(0), 1)
            .into_iter()
            .map(|runs| {
                let area = runs.iter().map(run_area).reduce(|a, b| a.union(&b)).unwrap_or_default();
                Component { area, pixels: runs.iter().map(|r| r.to - r.from).sum() }
            })
            .collect()
    }
}

pub(super) fn run_area(run: &Run) -> Area {
    Area { x0: run.from, y0: run.y, x1: run.to, y1: run.y + 1 }
}

/// Runs that touch those of one of the `reach` rows above, gathered; groups by where they begin.
pub(super) fn grouped(runs: &[Run], reach: usize) -> Vec<Vec<Run>> {
    let mut parent: Vec<usize> = (0..runs.len()).collect();
    let rows: Vec<usize> =
        (0..=runs.last().map_or(0, |r| r.y + 1)).map(|y| runs.partition_point(|r| r.y < y)).collect();
    for (at, run) in runs.iter().enumerate() {
        for y in run.y.saturating_sub(reach)..run.y {
            let (Some(start), Some(end)) = (rows.get(y), rows.get(y + 1)) else { continue };
            let row = runs.get(*start..*end).unwrap_or(&[]);
            let first = row.partition_point(|r| r.to < run.from);
            for other in (first..row.len()).take_while(|i| row.get(*i).is_some_and(|r| r.from <= run.to)) {
                let (a, b) = (root(&mut parent, start + other), root(&mut parent, at));
                if let Some(slot) = parent.get_mut(a.max(b)) {
                    *slot = a.min(b);
                }
            }
        }
    }
    let mut groups: Vec<Vec<Run>> = vec![Vec::new(); runs.len()];
    for (at, run) in runs.iter().enumerate() {
        if let Some(group) = groups.get_mut(root(&mut parent, at)) {
            group.push(*run);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while let Some(up) = parent.get(at).copied().filter(|up| *up != at) {
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(at) {
            *slot = above;
        }
        at = above;
    }
    at
}

/// How many pixels there are of each grey.
pub(super) fn counts(pixels: &[u8]) -> [u64; 256] {
    let mut counts = [0u64; 256];
    for pixel in pixels {
        if let Some(n) = counts.get_mut(usize::from(*pixel)) {
            *n += 1;
        }
    }
    counts
}

/// The grey that parts the pixels into two classes with the most between them.
pub(super) fn otsu(counts: &[u64; 256]) -> u8 {
    let weighed = |(grey, n): (usize, &u64)| grey as u64 * n;
    let all: u64 = counts.iter().sum();
    let sum: u64 = counts.iter().enumerate().map(weighed).sum();
    let (mut below, mut sum_below) = (0u64, 0u64);
    let mut best = (0.0, 128u8);
    for (grey, n) in counts.iter().enumerate() {
        below += n;
        sum_below += grey as u64 * n;
        if below == 0 || below == all {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of pixels; a rounded one parts them as well")]
        let (wa, wb, ma, mb) = (
            below as f64,
            (all - below) as f64,
            sum_below as f64 / below as f64,
            (sum - sum_below) as f64 / (all - below) as f64,
        );
        let between = wa * wb * (ma - mb) * (ma - mb);
        if between > best.0 {
            best = (between, u8::try_from(grey + 1).unwrap_or(255));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[&str]) -> Mask {
        let mut mask = Mask::blank(rows[0].len(), rows.len());
        for (y, row) in rows.iter().enumerate() {
            row.bytes().enumerate().for_each(|(x, b)| mask.set(x, y, b == b'#'));
        }
        mask
    }

    #[test]
    fn blots_hang_together_over_corners_and_round_bends() {
        let mask = drawn(&["#..#.....", ".#.#...##", "..##.....", "........#"]);
        let found: Vec<(usize, usize)> = mask.components().iter().map(|c| (c.pixels, c.area.width())).collect();
        assert_eq!(found, [(6, 4), (2, 2), (1, 1)]);
    }

    #[test]
    fn runs_are_joined_over_small_gaps_of_one_row_only() {
        let mask = drawn(&["##.##..#", "#......."]);
        let runs: Vec<(usize, usize, usize)> = mask.runs(1).iter().map(|r| (r.y, r.from, r.to)).collect();
        assert_eq!(runs, [(0, 0, 5), (0, 7, 8), (1, 0, 1)]);
    }

    #[test]
    fn rows_for_columns_and_back() {
        let mask = drawn(&["#..#.", ".##..", "....#"]);
        assert!(mask.transposed().get(2, 4) && mask.transposed().get(1, 2));
        assert_eq!(mask.transposed().transposed(), mask);
    }

    #[test]
    fn ink_is_told_from_paper_by_the_greys_of_the_page() {
        let mut gray = Gray::blank(40, 10);
        gray.pixels.fill(220);
        gray.pixels[45..60].fill(130);
        assert_eq!(Mask::of(&gray).components().iter().map(|c| c.pixels).collect::<Vec<_>>(), [15]);
    }
}
