//! A page as a picture in, its rules and characters out.
//!
//! ```text
//! Raster ─gray, stamp→ even grey ─straight (mask, skew, sizes, rules)→ ink, rules ─cells→ spaces between them
//!                                                 │                          │
//!                                                 └─detect→ lines outside ─lines→ pieces ─recognise, stroke→ characters
//! ```
//! Cells are cut out along their rules before anything is read, so that no text reaches over one. Without models only rules
//! are found. Nothing is guessed: what is not sure comes with what else it may be, and ink without a reading is `U+FFFD`.

mod cells;
mod detect;
mod gray;
mod layer;
mod lines;
mod mask;
pub(crate) mod models;
mod pieces;
mod recognise;
mod rules;
mod sizes;
mod skew;
mod stamp;
mod straight;
mod stroke;
mod turn;

use super::guard;
use super::ink::canvas::Drawn;
use super::ink::report::{read_picture, unread_picture};
use super::raster::Raster;
use super::{Models, Options};
use crate::error::{ErrorKind, Result};
use crate::finding::Findings;
use crate::page::{Glyph, Layer, Page, Recognised, Ruling};
use gray::{Gray, float};
use models::Networks;
use pieces::{Reader, Space};
use straight::Straight;
use turn::Turned;

/// What was seen on a picture of a page, in points of the straightened page.
#[derive(Debug, Clone, PartialEq, Default)]
struct Sheet {
    glyphs: Vec<Glyph>,
    rulings: Vec<Ruling>,
    recognised: Vec<Recognised>,
    tilt: f32,
}

/// Where nothing tells the height of characters: 10.5 points.
const USUAL: f32 = 10.5;
/// The longer side of a page that is read has so many pixels, those of its image where that lies between (less costs digits,
/// more costs time and finds no more): a picture that is brought to another size is blurred.
const SHARP: (f32, f32) = (1500.0, 3600.0);
/// Pages of fewer pixels along their longer side are enlarged.
const FINE: usize = 2200;
/// Where a page holds no image: A4 at 216 dpi.
const DRAWN: f32 = 2526.0;
/// Text of which so much can be read stands upright.
const LEGIBLE: f32 = 0.7;

/// Reads a page whose writing is a picture, which `draw` draws at so many pixels a point; whether anything came of it.
pub(crate) fn look_at(
    drawn: &mut Drawn,
    number: u32,
    options: &Options,
    findings: &mut Findings,
    draw: impl FnOnce(&Page, f32) -> Result<Raster>,
) -> Result<bool> {
    let hidden = layer::hidden(&drawn.page);
    if options.models.is_none() && hidden.is_empty() {
        return Ok(false);
    }
    let scale = resolution(drawn.page.width, drawn.page.height, drawn.density);
    let networks = options.models.as_deref().map(Models::networks).transpose()?;
    let read = || {
        let raster = draw(&drawn.page, scale)?;
        // What was drawn may be coarser than what was asked for.
        let scale = float(raster.width) / drawn.page.width.max(1.0);
        read_raster(&raster, scale, networks)
    };
    // What fails on one page is that page's matter, save that a limit is reached.
    let sheet = match guard::run("picture", read) {
        Ok(sheet) => sheet,
        Err(error) if matches!(error.kind(), ErrorKind::Limit { .. }) => return Err(error),
        Err(_) => return Ok(false),
    };
    let told = if sheet.recognised.is_empty() {
        unread_picture(&drawn.page, number, options)
    } else {
        Some(read_picture(&drawn.page, number))
    };
    let read = sheet.lay_on(&mut drawn.page, &hidden);
    findings.extend(told.filter(|_| read));
    Ok(read)
}

/// How many pixels a point to draw a page with, whose largest image has `density`.
fn resolution(width: f32, height: f32, density: f32) -> f32 {
    let longer = width.max(height).max(1.0);
    let own = if density > 0.0 { density * longer } else { DRAWN };
    own.clamp(SHARP.0, SHARP.1) / longer
}

/// Reads a picture of a page that has `scale` pixels a point.
fn read_raster(raster: &Raster, scale: f32, networks: Option<&Networks>) -> Result<Sheet> {
    let gray = stamp::faded(Gray::of(raster).flattened().deepened());
    // Small print is made larger before it is turned, which blurs by a pixel.
    let enlarged = if gray.width.max(gray.height) < FINE { 2 } else { 1 };
    let gray = if enlarged == 1 { gray } else { gray.resized(gray.width * enlarged, gray.height * enlarged) };
    let scale = scale * float(enlarged);
    let usual = USUAL * scale;
    let (width, height) = (float(gray.width) / scale, float(gray.height) / scale);
    let turned = |quarters| Turned { quarters, width, height };
    let straight = Straight::of(gray, usual);
    let Some(networks) = networks else { return Ok(sheet(&straight, None, scale, turned(0))) };
    let first = u8::from(straight.is_on_its_side());
    let straight = if first == 0 { straight } else { straight.turned(first, usual) };
    let reader = reader(&straight, networks)?;
    let legible = reader.legible(networks)?;
    if legible >= LEGIBLE {
        return Ok(sheet(&straight, Some(reader.read(scale, networks)?), scale, turned(first)));
    }
    // Upside down, unless that makes it no better.
    let other = straight.turned(2, usual);
    let head = self::reader(&other, networks)?;
    if head.legible(networks)? > legible {
        return Ok(sheet(&other, Some(head.read(scale, networks)?), scale, turned(first + 2)));
    }
    Ok(sheet(&straight, Some(reader.read(scale, networks)?), scale, turned(first)))
}

/// The pieces of a page that stands upright.
fn reader(page: &Straight, networks: &Networks) -> Result<Reader> {
    let barriers = cells::barriers(&page.rules, page.gray.width, page.gray.height, page.sizes.small);
    let cells = cells::find(&barriers, page.sizes.small);
    let mut ink = page.ink.clone();
    ink.remove(&barriers);
    let mut spaces: Vec<Space> = cells.iter().map(|cell| Space::cell(&ink, *cell, page.sizes.small)).collect();
    // What stands in cells is cut along their rules; the network need not see it.
    let mut open = page.gray.clone();
    for cell in &cells {
        open.whiten(cell.grown(4, &open.bounds()));
        ink.fill(*cell, false);
    }
    spaces.extend(Space::lines(&ink, &detect::lines(&open, networks)?));
    Ok(Reader::new(page, &spaces))
}

/// What was seen, brought back to the page as it is.
fn sheet(page: &Straight, read: Option<(Vec<Glyph>, Vec<Recognised>)>, scale: f32, turned: Turned) -> Sheet {
    let (glyphs, recognised) = read.unwrap_or_default();
    let ruling = |r: &rules::Rule| Ruling {
        axis: r.axis,
        at: r.at / scale,
        from: r.from / scale,
        to: r.to / scale,
        width: r.width / scale,
    };
    Sheet {
        glyphs: glyphs.into_iter().map(|glyph| turned.glyph(glyph)).collect(),
        rulings: page.rules.iter().map(|rule| turned.ruling(ruling(rule))).collect(),
        recognised,
        tilt: page.tilt,
    }
}

impl Sheet {
    /// Puts what was seen in the place of what the page held; `false` when that is nothing.
    fn lay_on(mut self, page: &mut Page, hidden: &[Glyph]) -> bool {
        let hidden = layer::straightened(hidden, page.width, page.height, self.tilt);
        if self.recognised.is_empty() {
            (self.glyphs, self.recognised) = layer::believed(hidden);
        } else {
            layer::compare(&mut self.recognised, &self.glyphs, &hidden);
        }
        if self.glyphs.is_empty() {
            return false;
        }
        let typed = layer::typed(page, &self);
        page.glyphs.retain(|glyph| glyph.layer != Layer::Ink && glyph.layer != Layer::Invisible);
        page.glyphs.append(&mut self.glyphs);
        page.glyphs.extend(typed);
        page.rulings = self.rulings;
        page.recognised = self.recognised;
        page.tilt = self.tilt;
        page.fills.clear();
        page.shapes.clear();
        page.tables.clear();
        true
    }
}
