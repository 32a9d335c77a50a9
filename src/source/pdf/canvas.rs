//! Collects what a content stream draws on one page: glyphs, strokes, fills and images, clipped.

use super::paths::{Path, Subpath};
use super::rulings;
use crate::error::Result;
use crate::geom::{Point, Rect};
use crate::limits::Limits;
use crate::page::{Axis, Fill, Glyph, Page, Ruling};

/// Fills thinner than this, in points, are rulings.
const THIN: f32 = 3.0;

/// A colour as far as it is known; patterns are not.
pub(super) type Rgb = Option<[u8; 3]>;

/// The ink of one page.
pub(super) struct Canvas<'l> {
    limits: &'l Limits,
    page: Page,
    strokes: Vec<Ruling>,
}

impl<'l> Canvas<'l> {
    pub(super) fn new(width: f32, height: f32, limits: &'l Limits) -> Self {
        Self { limits, page: Page { width, height, ..Page::default() }, strokes: Vec::new() }
    }

    pub(super) fn glyph(&mut self, glyph: Glyph, clip: &Rect) -> Result<()> {
        if clip.contains(glyph.bbox.center()) {
            Limits::check("glyphs", self.page.glyphs.len() as u64 + 1, self.limits.glyphs)?;
            self.page.glyphs.push(glyph);
        }
        Ok(())
    }

    pub(super) fn image(&mut self, bbox: Rect, clip: &Rect) -> Result<()> {
        if let Some(seen) = intersect(&bbox, clip) {
            self.count()?;
            self.page.images.push(seen);
        }
        Ok(())
    }

    pub(super) fn fill(&mut self, path: &Path, rgb: Rgb, clip: &Rect) -> Result<()> {
        for part in path.subpaths() {
            self.fill_part(part, rgb, clip)?;
        }
        Ok(())
    }

    fn fill_part(&mut self, part: Subpath<'_>, rgb: Rgb, clip: &Rect) -> Result<()> {
        let Some(seen) = part.bounds().and_then(|b| intersect(&b, clip)) else { return Ok(()) };
        if !part.is_rect() {
            return Ok(());
        }
        self.count()?;
        let (w, h) = (seen.width(), seen.height());
        if h <= THIN && w > 2.0 * h {
            self.strokes.push(horizontal(seen.center().y, seen.x0, seen.x1, h));
        } else if w <= THIN && h > 2.0 * w {
            self.strokes.push(vertical(seen.center().x, seen.y0, seen.y1, w));
        } else if rgb != Some([255; 3]) {
            self.page.fills.push(Fill { bbox: seen, rgb: rgb.unwrap_or([128; 3]) });
        }
        Ok(())
    }

    pub(super) fn stroke(&mut self, path: &Path, width: f32, clip: &Rect) -> Result<()> {
        for part in path.subpaths() {
            for (a, b) in part.edges() {
                self.segment(a, b, width, clip)?;
            }
        }
        Ok(())
    }

    fn segment(&mut self, a: Point, b: Point, width: f32, clip: &Rect) -> Result<()> {
        let Some(seen) = intersect(&Rect::new(a.x, a.y, b.x, b.y), clip) else { return Ok(()) };
        let (w, h) = (seen.width(), seen.height());
        self.count()?;
        if h <= 0.5 && w > h {
            self.strokes.push(horizontal(seen.center().y, seen.x0, seen.x1, width));
        } else if w <= 0.5 && h > w {
            self.strokes.push(vertical(seen.center().x, seen.y0, seen.y1, width));
        }
        Ok(())
    }

    fn count(&self) -> Result<()> {
        let marks = self.strokes.len() + self.page.fills.len() + self.page.images.len() + 1;
        Limits::check("marks", marks as u64, self.limits.marks)
    }

    /// The finished page, its number still to be set.
    pub(super) fn finish(mut self) -> Page {
        self.page.rulings = rulings::merge(self.strokes);
        self.page
    }
}

fn horizontal(at: f32, from: f32, to: f32, width: f32) -> Ruling {
    Ruling { axis: Axis::Horizontal, at, from, to, width }
}

fn vertical(at: f32, from: f32, to: f32, width: f32) -> Ruling {
    Ruling { axis: Axis::Vertical, at, from, to, width }
}

/// The part of `a` inside `b`; an edge counts.
pub(super) fn intersect(a: &Rect, b: &Rect) -> Option<Rect> {
    let r = Rect { x0: a.x0.max(b.x0), y0: a.y0.max(b.y0), x1: a.x1.min(b.x1), y1: a.y1.min(b.y1) };
    (r.x0 <= r.x1 && r.y0 <= r.y1).then_some(r)
}
