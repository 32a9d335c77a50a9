//! A page as a picture in, its rules and characters out.
//!
//! ```text
//! Raster ─gray→ even grey ─mask→ ink ─skew→ straightened ─rules, cells→ rules, spaces between them
//!                                                  │                          │
//!                                                  └─detect→ lines outside ─lines→ pieces ─recognise→ characters
//! ```
//! Cells are cut out along their rules before anything is read, so that no text reaches over one. Without models only rules
//! are found. Nothing is guessed: what is not sure comes with what else it may be, and ink without a reading is `U+FFFD`.

mod cells;
mod detect;
mod gray;
mod lines;
mod mask;
pub(crate) mod models;
mod pieces;
mod recognise;
mod rules;
mod skew;

use super::raster::Raster;
use crate::error::Result;
use crate::page::{Glyph, Page, Recognised, Ruling};
use gray::{Area, Gray, float};
use mask::Mask;
pub(crate) use models::Models;
use models::Networks;
use pieces::Reader;

/// What was seen on a picture of a page, in points of the straightened page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sheet {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) rulings: Vec<Ruling>,
    pub(crate) recognised: Vec<Recognised>,
    /// See [`Page::tilt`].
    pub(crate) tilt: f32,
}

impl Sheet {
    /// Puts what was seen in the place of what the page held.
    pub(crate) fn lay_on(self, page: &mut Page) {
        page.glyphs = self.glyphs;
        page.rulings = self.rulings;
        page.recognised = self.recognised;
        page.tilt = self.tilt;
        page.fills.clear();
        page.shapes.clear();
        page.tables.clear();
    }
}

/// Characters are so many pixels high, at least and at most; see [`SHARP`].
const SMALLEST: usize = 6;
const LARGEST: usize = 160;
/// So many blots tell their height.
const ENOUGH: usize = 10;
/// Where nothing tells their height: 10.5 points.
const USUAL: f32 = 10.5;
/// A smaller angle, in radians, moves no pixel by a whole one.
const LEVEL: f32 = 0.0005;

/// The longer side of a page that is read has so many pixels: less costs digits, more costs time and finds no more.
const SHARP: (f32, f32) = (1800.0, 3600.0);
/// Where a page holds no image: A4 at 216 dpi.
const DRAWN: f32 = 2526.0;

/// How many pixels a point to draw a page with, whose largest image has `density`.
pub(crate) fn resolution(width: f32, height: f32, density: f32) -> f32 {
    let longer = width.max(height).max(1.0);
    let own = if density > 0.0 { density * longer } else { DRAWN };
    own.clamp(SHARP.0, SHARP.1) / longer
}

/// Reads a picture of a page that has `scale` pixels a point.
pub(crate) fn read(raster: &Raster, scale: f32, models: Option<&Models>) -> Result<Sheet> {
    let networks = models.map(Models::networks).transpose()?;
    let mut gray = Gray::of(raster).flattened();
    let mut ink = Mask::of(&gray);
    let tilt = skew::skew(&ink);
    if tilt.abs() > LEVEL {
        gray = gray.rotated(tilt);
        ink = Mask::of(&gray);
    }
    let blots: Vec<Area> = ink.components().into_iter().map(|c| c.area).collect();
    let sizes = Sizes::of(&blots, USUAL * scale);
    let rules = rules::find(&ink, sizes);
    let mut sheet = Sheet { tilt: if tilt.abs() > LEVEL { tilt } else { 0.0 }, ..Sheet::default() };
    sheet.rulings = rules
        .iter()
        .map(|r| Ruling {
            axis: r.axis,
            at: r.at / scale,
            from: r.from / scale,
            to: r.to / scale,
            width: r.width / scale,
        })
        .collect();
    if let Some(networks) = networks {
        characters(&mut sheet, &gray, ink, &rules, sizes, scale, networks)?;
    }
    Ok(sheet)
}

fn characters(
    sheet: &mut Sheet,
    gray: &Gray,
    mut ink: Mask,
    rules: &[rules::Rule],
    sizes: Sizes,
    scale: f32,
    networks: &Networks,
) -> Result<()> {
    let barriers = cells::barriers(rules, gray.width, gray.height, sizes.small);
    ink.remove(&barriers);
    let spaces = cells::find(&barriers, sizes.small);
    let mut reader = Reader::new(gray, &ink, sizes);
    for cell in &spaces {
        reader.add_cell(*cell);
    }
    // What stands in cells is cut along their rules; the network need not see it.
    let mut open = gray.clone();
    spaces.iter().for_each(|cell| open.whiten(cell.grown(4, &open.bounds())));
    for line in detect::lines(&open, networks)? {
        reader.add_line(line);
    }
    let (glyphs, recognised) = reader.read(scale, networks)?;
    sheet.glyphs = glyphs;
    sheet.recognised = recognised;
    Ok(())
}

/// Heights of characters, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sizes {
    /// Of most of the page.
    usual: f32,
    /// Of its smaller print: tables are often set smaller than the text around them.
    small: f32,
    /// Of its larger print.
    large: f32,
}

impl Sizes {
    /// From the blots of ink on a page.
    fn of(blots: &[Area], usual: f32) -> Self {
        let share = |of| share_of(blots.iter(), of).unwrap_or(usual);
        Self { usual: share(70), small: share(40), large: share(95) }
    }
}

/// The height of the characters that these blots make up; `otherwise` where they are too few to tell.
fn height<'a>(blots: impl Iterator<Item = &'a Area>, otherwise: f32) -> f32 {
    share_of(blots, 70).unwrap_or(otherwise)
}

/// The height that so many of a hundred blots stay below: parts of characters and digits are lower than whole ones.
fn share_of<'a>(blots: impl Iterator<Item = &'a Area>, percent: usize) -> Option<f32> {
    let shape = blots.map(|a| (a.width(), a.height()));
    let shape = shape.filter(|(w, h)| *h >= SMALLEST && *w <= 3 * h && *h <= LARGEST);
    let mut heights: Vec<usize> = shape.map(|(w, h)| w.max(h)).collect();
    heights.sort_unstable();
    heights.get(heights.len() * percent / 100).filter(|_| heights.len() >= ENOUGH).map(|h| float(*h))
}
