//! A straight page in, boxes around its lines of text out, by the detection network.
//!
//! The network gives each pixel the odds of being in the core of a line (DB, Liao et al. 2020); cores that hang together are
//! grown to the whole line. Boxes are level: the page has been straightened.

use super::gray::{Area, Gray, float};
use super::mask::Mask;
use super::models::Networks;
use crate::error::{ErrorKind, Result};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

/// The page is brought to so many pixels along its longer side, in steps that the network can halve five times.
const SIDE: usize = 1280;
const STEP: usize = 32;
/// Odds of a pixel in a core, and of a core on the whole.
const PIXEL: f32 = 0.3;
const CORE: f32 = 0.5;
/// A core grows by its area over its circumference, times this.
const GROWTH: f32 = 1.6;
/// Smaller cores, in pixels of the network, are no text.
const LEAST: usize = 3;

/// Boxes in pixels of the page.
pub(super) fn lines(page: &Gray, networks: &Networks) -> Result<Vec<Area>> {
    let longer = page.width.max(page.height).max(1);
    let scaled = |side: usize| (side * SIDE.min(longer) / longer).div_ceil(STEP).max(1) * STEP;
    let (width, height) = (scaled(page.width), scaled(page.height));
    let small = page.resized(width, height);
    let plane = small.pixels.iter().map(|p| f32::from(*p) / 127.5 - 1.0);
    let pixels: Vec<f32> = (0..3).flat_map(|_| plane.clone()).collect();
    let input = NdTensor::from_data([1, 3, height, width], pixels);
    let failed = |detail: String| ErrorKind::Reader { format: "picture", detail };
    let output = networks.detection.run_one(input.into(), None).map_err(|error| failed(error.to_string()))?;
    let odds: NdTensor<f32, 4> = output.try_into().map_err(|_| failed("unexpected output of the detection".into()))?;
    let odds: Vec<f32> = odds.to_vec();
    Ok(grown(&odds, width, height, page))
}

fn grown(odds: &[f32], width: usize, height: usize, page: &Gray) -> Vec<Area> {
    let mut cores = Mask::blank(width, height);
    for (at, _) in odds.iter().enumerate().filter(|(_, p)| **p > PIXEL) {
        cores.set(at % width, at / width, true);
    }
    let (sx, sy) = (float(page.width) / float(width), float(page.height) / float(height));
    let mean = |a: Area| {
        let rows = (a.y0..a.y1).filter_map(|y| odds.get(y * width + a.x0..y * width + a.x1));
        rows.flatten().sum::<f32>() / float(a.width() * a.height())
    };
    let whole = |core: Area| {
        let (w, h) = (float(core.width()), float(core.height()));
        let by = w * h * GROWTH / (2.0 * (w + h));
        let edge = |at: usize, by: f32, scale: f32, end: usize| super::cells::whole((float(at) + by) * scale).min(end);
        Area {
            x0: edge(core.x0, -by, sx, page.width),
            y0: edge(core.y0, -by, sy, page.height),
            x1: edge(core.x1, by, sx, page.width),
            y1: edge(core.y1, by, sy, page.height),
        }
    };
    let cores = cores.components().into_iter().map(|c| c.area);
    cores.filter(|a| a.width().min(a.height()) >= LEAST && mean(*a) >= CORE).map(whole).collect()
}
