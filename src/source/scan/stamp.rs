//! Seals in: their boxes out where they are red, and their ink taken away where they are grey, which lies over print that is
//! darker.

use super::gray::{Area, Gray};
use super::mask::Mask;
use crate::source::raster::Raster;

/// Pixels of the picture, both ways, in one of the mask that is searched.
const STEP: usize = 8;
/// A red this much above green and blue is the ink of a stamp.
const REDNESS: u8 = 40;
/// The ink of a grey one, on white paper, is so much brighter than that of print, and darker than this.
const BRIGHTER: u8 = 40;
const BRIGHTEST: u8 = 205;
/// It is even over some pixels to each side: the page's length over this. Strokes of print are thinner.
const EVEN: usize = 1000;
const GRAIN: u8 = 48;
/// Ink of the seal is no more than this darker than most of it.
const NOISE: u8 = 25;

pub(super) fn is_red(r: u8, g: u8, b: u8) -> bool {
    r > g.max(b).saturating_add(REDNESS)
}

/// Boxes of red seals; red headings are long and low.
pub(super) fn red(raster: &Raster) -> Vec<Area> {
    let pixels = raster.rgb.as_chunks::<3>().0;
    let is_red = |x: usize, y: usize| pixels.get(y * raster.width + x).is_some_and(|&[r, g, b]| is_red(r, g, b));
    seals(raster.width, raster.height, is_red)
}

/// A page with its grey seals taken away.
pub(super) fn faded(mut gray: Gray) -> Gray {
    let reach = (gray.width.max(gray.height) / EVEN).max(1);
    let greys = gray.ink().saturating_add(BRIGHTER)..=BRIGHTEST;
    let is_grey = |x: usize, y: usize| {
        let (mut darkest, mut brightest) = (255, 0);
        for y in y.saturating_sub(reach)..=y + reach {
            for p in gray.row(y).get(x.saturating_sub(reach)..=x + reach).unwrap_or(&[255]) {
                (darkest, brightest) = (darkest.min(*p), brightest.max(*p));
            }
        }
        greys.contains(&darkest) && greys.contains(&brightest) && brightest - darkest <= GRAIN
    };
    let found: Vec<(Area, u8)> = seals(gray.width, gray.height, is_grey)
        .into_iter()
        .filter_map(|seal| {
            Some((seal, middle(samples(seal).filter(|(x, y)| is_grey(*x, *y)).map(|(x, y)| gray.at(x, y)))?))
        })
        .collect();
    for (seal, ink) in found {
        gray.whiten_from(seal, ink.saturating_sub(NOISE));
    }
    gray
}

/// Boxes, about as wide as high and not small, of what has the look of a seal's ink.
fn seals(width: usize, height: usize, is_ink: impl Fn(usize, usize) -> bool) -> Vec<Area> {
    let mut mask = Mask::blank(width / STEP, height / STEP);
    for y in 0..mask.height {
        for x in 0..mask.width {
            let block = Area { x0: x * STEP, y0: y * STEP, x1: (x + 1) * STEP, y1: (y + 1) * STEP };
            mask.set(x, y, samples(block).any(|(x, y)| is_ink(x, y)));
        }
    }
    let least = (width.max(height) / STEP / 20).max(4);
    let square = |a: &Area| {
        let (w, h) = (a.width(), a.height());
        w >= least && h >= least && w <= 2 * h && h <= 2 * w
    };
    let found = mask.thickened(1).components().into_iter().map(|c| c.area).filter(square);
    found.map(|a| Area { x0: a.x0 * STEP, y0: a.y0 * STEP, x1: a.x1 * STEP, y1: a.y1 * STEP }).collect()
}

/// Places all over an area, near enough to each other that no rim of a seal lies between.
fn samples(area: Area) -> impl Iterator<Item = (usize, usize)> {
    let rows = (area.y0 + 1..area.y1).step_by(2);
    rows.flat_map(move |y| (area.x0 + y * 3 % STEP..area.x1).step_by(STEP).map(move |x| (x, y)))
}

fn middle(greys: impl Iterator<Item = u8>) -> Option<u8> {
    let mut greys: Vec<u8> = greys.collect();
    greys.sort_unstable();
    greys.get(greys.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize) = (600, 400);

    /// What is at a place: a ring, a bar across it, a long line apart, or paper.
    fn drawn(x: usize, y: usize, ring: [u8; 3], bar: [u8; 3]) -> [u8; 3] {
        let off = x.abs_diff(300).pow(2) + y.abs_diff(200).pow(2);
        if (195..205).contains(&y) && (200..400).contains(&x) {
            bar
        } else if (8100..10000).contains(&off) || ((20..28).contains(&y) && x < 500) {
            ring
        } else {
            [255; 3]
        }
    }

    fn page(ring: [u8; 3], bar: [u8; 3]) -> Raster {
        let (width, height) = SIZE;
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Raster { width, height, rgb: places.flat_map(|(x, y)| drawn(x, y, ring, bar)).collect() }
    }

    #[test]
    fn a_red_seal_fades_over_black_and_red_words_stay() {
        let gray = Gray::of(&page([220, 40, 40], [20, 10, 10]));
        assert!(gray.at(300, 105) > 210 && gray.at(300, 200) < 40 && gray.at(100, 24) < 110);
    }

    #[test]
    fn a_grey_seal_goes_and_the_print_beneath_it_stays() {
        let gray = faded(Gray::of(&page([140; 3], [20; 3])));
        assert!(gray.at(300, 105) == 255 && gray.at(300, 200) < 60 && gray.at(100, 24) == 140);
        let print = Gray::of(&page([30; 3], [30; 3]));
        assert_eq!(faded(print.clone()), print);
    }
}
