//! A picture in grey: colours in, paper white and ink dark out, whatever the light of the scan; turned, straightened and
//! cut to size. 0 is ink, 255 is paper.

use super::{mask, stamp};
use crate::source::raster::Raster;

/// A picture in grey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gray {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Row by row from the top left.
    pub(super) pixels: Vec<u8>,
}

/// A box of pixels: from `x0`, `y0` up to but not including `x1`, `y1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
}

impl Area {
    pub(super) fn width(&self) -> usize {
        self.x1.saturating_sub(self.x0)
    }

    pub(super) fn height(&self) -> usize {
        self.y1.saturating_sub(self.y0)
    }

    pub(super) fn middle(&self) -> (usize, usize) {
        (usize::midpoint(self.x0, self.x1), usize::midpoint(self.y0, self.y1))
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Grown on all sides, but within `bounds`.
    pub(super) fn grown(&self, by: usize, bounds: &Self) -> Self {
        Self {
            x0: self.x0.saturating_sub(by).max(bounds.x0),
            y0: self.y0.saturating_sub(by).max(bounds.y0),
            x1: (self.x1 + by).min(bounds.x1),
            y1: (self.y1 + by).min(bounds.y1),
        }
    }
}

/// The light of the paper is measured in so many fields along the longer side.
const FIELDS: usize = 48;
/// What a tenth of a page's ink is at least as dark as, on white paper; fainter ink is made so dark, unless it is hardly
/// there.
const DARK_INK: u8 = 80;
const FAINTEST_INK: u8 = 190;
/// Paper darker than this is a dark picture; its light is not evened out further.
const DARKEST_PAPER: u8 = 96;

impl Gray {
    /// Everything white.
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![255; width * height] }
    }

    pub(super) fn bounds(&self) -> Area {
        Area { x0: 0, y0: 0, x1: self.width, y1: self.height }
    }

    /// From colours. Red stamps fade, and the black that they were put over stays.
    pub(super) fn of(raster: &Raster) -> Self {
        let stamps = stamp::red(raster);
        let stamped = |at: usize| {
            let (x, y) = (at % raster.width, at / raster.width);
            stamps.iter().any(|s| (s.x0..s.x1).contains(&x) && (s.y0..s.y1).contains(&y))
        };
        let pixels = raster.rgb.as_chunks::<3>().0.iter().enumerate().map(|(at, &[r, g, b])| {
            // Red ink is bright in red light, and black print beneath it stays dark.
            if stamp::is_red(r, g, b) && stamped(at) {
                return r;
            }
            let luma = (u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8;
            u8::try_from(luma).unwrap_or(255)
        });
        Self { width: raster.width, height: raster.height, pixels: pixels.collect() }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or(&[])
    }

    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.pixels.get(y * self.width + x).copied().unwrap_or(255) } else { 255 }
    }

    /// Paper made white everywhere: each pixel against the light of the paper around it.
    pub(super) fn flattened(mut self) -> Self {
        let side = (self.width.max(self.height) / FIELDS).max(8);
        let paper = Paper::of(&self, side);
        let width = self.width.max(1);
        for (y, row) in self.pixels.chunks_mut(width).enumerate() {
            let light = paper.row(y);
            for (pixel, light) in row.iter_mut().zip(light) {
                let white = u32::from(*pixel) * 255 / u32::from(light.max(DARKEST_PAPER));
                *pixel = u8::try_from(white).unwrap_or(255);
            }
        }
        self
    }

    /// Faint ink made as dark as ink is wont to be. A page without ink stays as it is, for its darkest pixels are paper.
    pub(super) fn deepened(mut self) -> Self {
        let ink = self.ink();
        if (DARK_INK..=FAINTEST_INK).contains(&ink) {
            let (from, to) = (u32::from(255 - ink), u32::from(255 - DARK_INK));
            for pixel in &mut self.pixels {
                let depth = u32::from(255 - *pixel) * to / from;
                *pixel = u8::try_from(255u32.saturating_sub(depth)).unwrap_or(0);
            }
        }
        self
    }

    /// What the darkest tenth of its ink is at least as dark as.
    pub(super) fn ink(&self) -> u8 {
        let counts = mask::counts(&self.pixels);
        let ink = usize::from(mask::otsu(&counts));
        let tenth = counts.iter().take(ink).sum::<u64>() / 10;
        let mut so_far = counts.iter().take(ink).scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        so_far.position(|sum| sum > tenth).and_then(|grey| u8::try_from(grey).ok()).unwrap_or(255)
    }

    /// Turned by a quarter clockwise, `quarters` times.
    pub(super) fn turned(&self, quarters: u8) -> Self {
        let (w, h) = (self.width, self.height);
        match quarters % 4 {
            0 => self.clone(),
            2 => Self { pixels: self.pixels.iter().rev().copied().collect(), ..*self },
            turn => {
                let from = |x: usize, y: usize| if turn == 1 { self.at(y, h - 1 - x) } else { self.at(w - 1 - y, x) };
                let pixels = (0..w).flat_map(|y| (0..h).map(move |x| (x, y))).map(|(x, y)| from(x, y)).collect();
                Self { width: h, height: w, pixels }
            }
        }
    }

    /// Turned by a small angle (radians, clockwise) about its middle.
    pub(super) fn rotated(&self, angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        let (cx, cy) = (half(self.width), half(self.height));
        let mut out = Self::blank(self.width, self.height);
        for y in 0..self.height {
            let dy = float(y) - cy;
            let Some(row) = out.pixels.get_mut(y * self.width..(y + 1) * self.width) else { break };
            for (x, pixel) in row.iter_mut().enumerate() {
                let dx = float(x) - cx;
                *pixel = self.between(cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
            }
        }
        out
    }

    /// The grey between four pixels.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie within the picture")]
    fn between(&self, x: f32, y: f32) -> u8 {
        if !(x >= 0.0 && y >= 0.0 && x < float(self.width) && y < float(self.height)) {
            return 255;
        }
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x - float(x0), y - float(y0));
        let g = |x: usize, y: usize| f32::from(self.at(x.min(self.width - 1), y.min(self.height - 1)));
        let top = g(x0, y0) * (1.0 - fx) + g(x0 + 1, y0) * fx;
        let low = g(x0, y0 + 1) * (1.0 - fx) + g(x0 + 1, y0 + 1) * fx;
        (top * (1.0 - fy) + low * fy + 0.5) as u8
    }

    /// A piece of it.
    pub(super) fn cut(&self, area: Area) -> Self {
        let mut out = Self::blank(area.width(), area.height());
        let Some(width) = Some(out.width).filter(|w| *w > 0) else { return out };
        for (y, row) in (area.y0..area.y1).zip(out.pixels.chunks_mut(width)) {
            if let Some(from) = self.row(y).get(area.x0..area.x1) {
                row.copy_from_slice(from);
            }
        }
        out
    }

    /// Puts another picture over it, as far as it reaches.
    pub(super) fn paste(&mut self, other: &Self, x: usize, y: usize) {
        for row in 0..other.height.min(self.height.saturating_sub(y)) {
            let start = (y + row) * self.width + x;
            let length = other.width.min(self.width.saturating_sub(x));
            if let (Some(to), Some(from)) = (self.pixels.get_mut(start..start + length), other.row(row).get(..length)) {
                to.copy_from_slice(from);
            }
        }
    }

    /// Makes a box of it paper.
    pub(super) fn whiten(&mut self, area: Area) {
        self.whiten_from(area, 0);
    }

    /// Makes paper of what is no darker than `lightest` in a box.
    pub(super) fn whiten_from(&mut self, area: Area, lightest: u8) {
        let (x0, x1) = (area.x0.min(self.width), area.x1.min(self.width));
        for y in area.y0..area.y1.min(self.height) {
            let row = self.pixels.get_mut(y * self.width + x0..y * self.width + x1).unwrap_or_default();
            row.iter_mut().filter(|pixel| **pixel >= lightest).for_each(|pixel| *pixel = 255);
        }
    }

    /// Brought to a size: averaged where it shrinks, between pixels where it grows.
    pub(super) fn resized(&self, width: usize, height: usize) -> Self {
        let across = Weights::new(self.width, width);
        let down = Weights::new(self.height, height);
        // Rows first: one line of sums at a time.
        let mut out = Self::blank(width, height);
        let narrow: Vec<f32> = (0..self.height).flat_map(|y| across.apply(self.row(y))).collect();
        let mut sum = vec![0f32; width];
        for (y, row) in out.pixels.chunks_mut(width.max(1)).enumerate() {
            sum.fill(0.0);
            for (from, weight) in down.of(y) {
                for (s, v) in sum.iter_mut().zip(narrow.iter().skip(from * width)) {
                    *s += v * weight;
                }
            }
            for (pixel, s) in row.iter_mut().zip(&sum) {
                *pixel = byte(*s);
            }
        }
        out
    }
}

/// Which pixels, and how much of each, make a pixel of another size.
struct Weights {
    first: Vec<usize>,
    weights: Vec<Vec<f32>>,
}

impl Weights {
    /// A tent over each new pixel, as wide as it or as an old one, whichever is more.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
    fn new(from: usize, to: usize) -> Self {
        let scale = float(from) / float(to.max(1));
        let reach = scale.max(1.0);
        let mut out = Self { first: Vec::with_capacity(to), weights: Vec::with_capacity(to) };
        for pixel in 0..to {
            let center = (float(pixel) + 0.5) * scale - 0.5;
            let first = (center - reach).ceil().max(0.0) as usize;
            let last = ((center + reach).floor().max(0.0) as usize).min(from.saturating_sub(1));
            let mut weights: Vec<f32> =
                (first..=last).map(|at| (1.0 - (float(at) - center).abs() / reach).max(0.0)).collect();
            let sum: f32 = weights.iter().sum();
            if sum > 0.0 {
                for weight in &mut weights {
                    *weight /= sum;
                }
            }
            out.first.push(first);
            out.weights.push(weights);
        }
        out
    }

    fn of(&self, pixel: usize) -> impl Iterator<Item = (usize, f32)> {
        let first = self.first.get(pixel).copied().unwrap_or(0);
        self.weights.get(pixel).into_iter().flatten().enumerate().map(move |(at, w)| (first + at, *w))
    }

    fn apply<'a>(&'a self, row: &'a [u8]) -> impl Iterator<Item = f32> + 'a {
        (0..self.first.len())
            .map(|pixel| self.of(pixel).map(|(at, weight)| row.get(at).map_or(255.0, |v| f32::from(*v)) * weight).sum())
    }
}

/// The light of the paper, field by field.
struct Paper {
    side: usize,
    columns: usize,
    rows: usize,
    width: usize,
    light: Vec<u8>,
}

impl Paper {
    fn of(gray: &Gray, side: usize) -> Self {
        let (columns, rows) = (gray.width.div_ceil(side).max(1), gray.height.div_ceil(side).max(1));
        let mut counts = vec![[0u32; 256]; columns];
        let mut light = Vec::with_capacity(columns * rows);
        for band in 0..rows {
            for count in &mut counts {
                count.fill(0);
            }
            for y in band * side..((band + 1) * side).min(gray.height) {
                for (count, field) in counts.iter_mut().zip(gray.row(y).chunks(side)) {
                    for pixel in field {
                        if let Some(n) = count.get_mut(usize::from(*pixel)) {
                            *n += 1;
                        }
                    }
                }
            }
            light.extend(counts.iter().map(brightest));
        }
        Self { side, columns, rows, width: gray.width, light }.spread()
    }

    /// A field that ink covers takes the light of the fields around it.
    fn spread(self) -> Self {
        let around = |at: usize| {
            let (x, y) = (at % self.columns, at / self.columns);
            let (xs, ys) =
                (x.saturating_sub(1)..=(x + 1).min(self.columns - 1), y.saturating_sub(1)..=(y + 1).min(self.rows - 1));
            let mut lights: Vec<u8> = ys
                .flat_map(|y| xs.clone().map(move |x| (x, y)))
                .filter_map(|(x, y)| self.light.get(y * self.columns + x).copied())
                .collect();
            lights.sort_unstable();
            let own = self.light.get(at).copied().unwrap_or(255);
            own.max(lights.get(lights.len() / 2).copied().unwrap_or(own))
        };
        let light = (0..self.light.len()).map(around).collect();
        Self { light, ..self }
    }

    /// The light along a row of pixels, between the middles of the fields.
    fn row(&self, y: usize) -> Vec<u8> {
        let part = |at: usize, count: usize| {
            let place = ((float(at) + 0.5) / float(self.side) - 0.5).clamp(0.0, float(count - 1));
            let low = place.floor();
            (low, place - low)
        };
        let (top, fy) = part(y, self.rows);
        let column: Vec<f32> = (0..self.columns)
            .map(|x| {
                let at = |row: f32| f32::from(self.light.get(index(row) * self.columns + x).copied().unwrap_or(255));
                at(top) * (1.0 - fy) + at((top + 1.0).min(float(self.rows - 1))) * fy
            })
            .collect();
        let light = |x: usize| {
            let (left, fx) = part(x, self.columns);
            let at = |c: f32| column.get(index(c)).copied().unwrap_or(255.0);
            byte(at(left) * (1.0 - fx) + at((left + 1.0).min(float(self.columns - 1))) * fx)
        };
        (0..self.width).map(light).collect()
    }
}

/// The grey that a fifth of the pixels are brighter than: paper, unless nearly all is ink.
fn brightest(counts: &[u32; 256]) -> u8 {
    let all: u32 = counts.iter().sum();
    let mut left = all / 5;
    for (grey, count) in counts.iter().enumerate().rev() {
        if *count > left {
            return u8::try_from(grey).unwrap_or(255);
        }
        left -= count;
    }
    255
}

/// A pixel count as a number to reckon with; pictures are far smaller than what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "pictures are at most some thousand pixels wide")]
pub(super) fn float(n: usize) -> f32 {
    n as f32
}

fn half(n: usize) -> f32 {
    float(n) / 2.0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a field's number, clamped before")]
fn index(n: f32) -> usize {
    n as usize
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
fn byte(n: f32) -> u8 {
    (n + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Gray {
        let pixels = (0..width * height).map(|at| u8::try_from((at * 7) % 251).unwrap()).collect();
        Gray { width, height, pixels }
    }

    #[test]
    fn four_quarters_are_none_and_two_are_a_half() {
        let gray = ramp(7, 4);
        assert_eq!(gray.clone().turned(1).turned(1), gray.clone().turned(2));
        assert_eq!(gray.clone().turned(1).turned(3), gray);
        // Clockwise: what was at the lower left is at the upper left.
        assert_eq!(gray.clone().turned(1).at(0, 0), gray.at(0, 3));
    }

    #[test]
    fn paper_is_white_wherever_the_light_falls() {
        let mut gray = Gray::blank(400, 200);
        for (at, pixel) in gray.pixels.iter_mut().enumerate() {
            *pixel = u8::try_from(150 + (at % 400) / 5).unwrap();
        }
        (0..40).for_each(|x| gray.pixels[100 * 400 + x] = 40);
        let flat = gray.flattened();
        assert!((0..400).all(|x| flat.at(x, 20) > 235), "{:?}", flat.row(20));
        assert!(flat.at(10, 100) < 90);
    }

    #[test]
    fn faint_ink_is_made_dark_and_paper_is_not_made_ink() {
        let mut gray = Gray::blank(100, 100);
        gray.pixels.iter_mut().step_by(2).for_each(|pixel| *pixel = 250);
        assert_eq!(gray.clone().deepened(), gray);
        gray.pixels[..500].fill(150);
        let deepened = gray.deepened();
        assert!((75..=85).contains(&deepened.at(10, 2)) && deepened.at(10, 50) > 240, "{}", deepened.at(10, 2));
    }

    #[test]
    fn a_picture_of_one_grey_keeps_it_at_any_size() {
        let gray = Gray { width: 31, height: 17, pixels: vec![90; 31 * 17] };
        for (width, height) in [(8, 48), (31, 17), (200, 5), (1, 1)] {
            assert!(gray.resized(width, height).pixels.iter().all(|p| *p == 90));
        }
    }

    #[test]
    fn what_reaches_over_the_edge_is_cut() {
        let mut gray = Gray::blank(10, 10);
        gray.paste(&ramp(6, 6), 7, 8);
        gray.whiten(Area { x0: 9, y0: 9, x1: 30, y1: 30 });
        assert_eq!(gray.at(7, 8), 0);
        assert_eq!(gray.at(9, 9), 255);
    }
}
