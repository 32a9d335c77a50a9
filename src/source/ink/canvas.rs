//! Collects what is drawn on one page: glyphs, strokes, fills and images, clipped.

use super::intersect;
use super::layers::{self, Ground, Ink};
use super::paint::{Paint, distance};
use super::paths::{Path, Subpath};
use super::rulings::{self, Strokes};
use crate::error::Result;
use crate::geom::{Point, Rect};
use crate::limits::Limits;
use crate::page::{Axis, Fill, Glyph, Page, Ruling};

/// Fills and images thinner than this, in points, are rulings.
const THIN: f32 = 3.0;
/// Strokes and fills fainter than this against white paper are not ink.
const FAINT: u8 = 8;
/// So many curved shapes on a page without text are writing drawn as outlines.
const OUTLINES: u32 = 20;

const WHITE: [u8; 3] = [255; 3];

/// The ink of one page.
pub(crate) struct Canvas<'l> {
    limits: &'l Limits,
    page: Page,
    ink: Vec<Ink>,
    grounds: Vec<Ground>,
    strokes: Strokes,
    marks: u64,
    shown: u64,
    curves: u32,
    /// Area of the largest image, and its pixels a point.
    largest: (f32, f32),
}

/// A page, and what else was seen while it was drawn.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) page: Page,
    /// Whether it holds many curved shapes.
    pub(crate) outlines: bool,
    /// Pixels a point of its largest image; 0 without one.
    #[cfg_attr(not(feature = "ocr"), allow(dead_code, reason = "only recognition asks"))]
    pub(crate) density: f32,
}

impl<'l> Canvas<'l> {
    pub(crate) fn new(width: f32, height: f32, limits: &'l Limits) -> Self {
        Self {
            limits,
            page: Page { width, height, ..Page::default() },
            ink: Vec::new(),
            grounds: Vec::new(),
            strokes: Strokes::default(),
            marks: 0,
            shown: 0,
            curves: 0,
            largest: (0.0, 0.0),
        }
    }

    /// Adds a glyph; `false` when it lies outside the clip.
    pub(crate) fn glyph(&mut self, glyph: Glyph, paint: Paint, clip: &Rect) -> Result<bool> {
        self.shown += 1;
        Limits::check("glyphs", self.shown, self.limits.glyphs)?;
        let seen = clip.contains(glyph.bbox.center());
        if seen {
            self.page.glyphs.push(glyph);
            self.ink.push(Ink { paint, grounds: self.grounds.len() });
        }
        Ok(seen)
    }

    /// Adds the box of an image of so many pixels.
    pub(crate) fn image(&mut self, bbox: Rect, pixels: u64, clip: &Rect) -> Result<()> {
        self.count()?;
        if bbox.area() > self.largest.0 {
            #[expect(clippy::cast_precision_loss, reason = "a measure of sharpness")]
            let density = (pixels as f32 / bbox.area()).sqrt();
            self.largest = (bbox.area(), density);
        }
        let Some(seen) = intersect(&bbox, clip) else { return Ok(()) };
        if !self.thin(seen) {
            self.page.images.push(seen);
            self.grounds.push(Ground { bbox: seen, rgb: None });
        }
        Ok(())
    }

    /// Adds the filled parts of a path.
    pub(crate) fn fill(&mut self, path: &Path, paint: Paint, clip: &Rect) -> Result<()> {
        let mut outer: Option<Subpath<'_>> = None;
        for part in path.subpaths() {
            self.count()?;
            // A rectangle within the one before it leaves a frame: its edges are lines.
            if let Some(frame) = outer.take().and_then(|outer| frame(&outer, &part)) {
                self.page.fills.pop();
                self.grounds.pop();
                for edge in frame {
                    self.fill_rect(edge, paint, clip);
                }
                continue;
            }
            if part.is_rect() {
                let before = self.page.fills.len();
                if let Some(bbox) = part.bounds() {
                    self.fill_rect(bbox, paint, clip);
                }
                outer = (self.page.fills.len() > before).then_some(part);
            } else {
                self.curves += u32::from(part.curved);
                self.dot(&part, paint, clip);
                self.shape(&part, paint, clip);
            }
        }
        Ok(())
    }

    fn fill_rect(&mut self, bbox: Rect, paint: Paint, clip: &Rect) {
        let Some(seen) = intersect(&bbox, clip) else { return };
        let visible = self.visible(paint, seen);
        if visible && seen.width() <= THIN && seen.height() <= THIN {
            self.strokes.dot(seen);
        } else if !(visible && self.thin(seen)) && paint.alpha > 0.5 {
            if let Some(rgb) = paint.rgb.filter(|rgb| distance(*rgb, WHITE) >= FAINT) {
                self.page.fills.push(Fill { bbox: seen, rgb });
            }
            self.grounds.push(Ground { bbox: seen, rgb: paint.rgb });
        }
    }

    /// Takes a long thin box as a ruling.
    fn thin(&mut self, seen: Rect) -> bool {
        let (w, h) = (seen.width(), seen.height());
        if h <= THIN && w > 2.0 * h {
            self.strokes.line(horizontal(seen.center().y, seen.x0, seen.x1, h));
        } else if w <= THIN && h > 2.0 * w {
            self.strokes.line(vertical(seen.center().x, seen.y0, seen.y1, w));
        } else {
            return false;
        }
        true
    }

    /// A tiny shape of another kind: round dots of a dotted line.
    fn dot(&mut self, part: &Subpath<'_>, paint: Paint, clip: &Rect) {
        let Some(seen) = part.bounds().and_then(|b| intersect(&b, clip)) else { return };
        if seen.width() <= THIN && seen.height() <= THIN && self.visible(paint, seen) {
            self.strokes.dot(seen);
        }
    }

    /// A shape that bounds no cell.
    fn shape(&mut self, part: &Subpath<'_>, paint: Paint, clip: &Rect) {
        let Some(seen) = part.bounds().and_then(|b| intersect(&b, clip)) else { return };
        if seen.width().max(seen.height()) > THIN && self.visible(paint, seen) {
            self.page.shapes.push(seen);
        }
    }

    /// Adds the stroked edges of a path.
    pub(crate) fn stroke(&mut self, path: &Path, width: f32, paint: Paint, clip: &Rect) -> Result<()> {
        for part in path.subpaths() {
            self.curves += u32::from(part.curved);
            if part.curved || part.edges().any(|(a, b)| is_slanted(a, b)) {
                self.shape(&part, paint, clip);
            }
            for (a, b) in part.edges() {
                self.count()?;
                if !part.curved || is_long(a, b) {
                    self.segment(a, b, width, paint, clip);
                }
            }
        }
        Ok(())
    }

    fn segment(&mut self, a: Point, b: Point, width: f32, paint: Paint, clip: &Rect) {
        let Some(seen) = intersect(&Rect::new(a.x, a.y, b.x, b.y), clip) else { return };
        if !self.visible(paint, seen) {
            return;
        }
        let (w, h) = (seen.width(), seen.height());
        if h <= 0.5 && w > h && width <= 4.0 * THIN {
            self.strokes.line(horizontal(seen.center().y, seen.x0, seen.x1, width));
        } else if w <= 0.5 && h > w && width <= 4.0 * THIN {
            self.strokes.line(vertical(seen.center().x, seen.y0, seen.y1, width));
        }
    }

    /// Whether a mark can be told from what lies beneath it.
    fn visible(&self, paint: Paint, bbox: Rect) -> bool {
        let Some(rgb) = paint.rgb else { return paint.alpha > 0.05 };
        if paint.alpha <= 0.05 {
            return false;
        }
        distance(rgb, WHITE) >= FAINT
            || layers::ground(&self.grounds, bbox.center()).is_some_and(|ground| distance(rgb, ground) >= FAINT)
    }

    fn count(&mut self) -> Result<()> {
        self.marks += 1;
        Limits::check("marks", self.marks, self.limits.marks)
    }

    /// The finished page, its number still to be set.
    pub(crate) fn finish(mut self) -> Drawn {
        self.page.rulings = rulings::merge(self.strokes);
        layers::settle(&mut self.page, &self.ink, &self.grounds);
        Drawn { page: self.page, outlines: self.curves >= OUTLINES, density: self.largest.1 }
    }
}

/// Whether an edge is neither level nor upright.
fn is_slanted(a: Point, b: Point) -> bool {
    (a.x - b.x).abs().min((a.y - b.y).abs()) > 0.5
}

/// Whether an edge of a partly curved path is long enough to be the straight side of a rounded box.
fn is_long(a: Point, b: Point) -> bool {
    (a.x - b.x).abs().max((a.y - b.y).abs()) > 12.0
}

/// The four sides of the frame between two rectangles, if it is thin.
fn frame(outer: &Subpath<'_>, inner: &Subpath<'_>) -> Option<[Rect; 4]> {
    if !inner.is_rect() {
        return None;
    }
    let (o, i) = (outer.bounds()?, inner.bounds()?);
    let gaps = [i.x0 - o.x0, i.y0 - o.y0, o.x1 - i.x1, o.y1 - i.y1];
    let thin = gaps.iter().all(|gap| (0.0..=THIN).contains(gap)) && gaps.iter().any(|gap| *gap > 0.0);
    thin.then_some([Rect { y1: i.y0, ..o }, Rect { y0: i.y1, ..o }, Rect { x1: i.x0, ..o }, Rect { x0: i.x1, ..o }])
}

fn horizontal(at: f32, from: f32, to: f32, width: f32) -> Ruling {
    Ruling { axis: Axis::Horizontal, at, from, to, width }
}

fn vertical(at: f32, from: f32, to: f32, width: f32) -> Ruling {
    Ruling { axis: Axis::Vertical, at, from, to, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Paint = Paint { rgb: Some([0; 3]), alpha: 1.0 };
    const PAPER: Rect = Rect { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 };

    fn boxes(rects: &[Rect]) -> Path {
        let mut path = Path::default();
        for r in rects {
            let corner = |x, y| Point { x, y };
            path.rect([corner(r.x0, r.y0), corner(r.x1, r.y0), corner(r.x1, r.y1), corner(r.x0, r.y1)]);
        }
        path
    }

    fn draw(rects: &[Rect], paint: Paint) -> Page {
        let limits = Limits::default();
        let mut canvas = Canvas::new(100.0, 100.0, &limits);
        canvas.fill(&boxes(rects), paint, &PAPER).unwrap();
        canvas.finish().page
    }

    #[test]
    fn thin_boxes_are_rulings_and_thick_ones_fills() {
        let page = draw(&[Rect::new(10.0, 10.0, 90.0, 10.5), Rect::new(10.0, 20.0, 90.0, 40.0)], INK);
        assert_eq!(page.rulings, [horizontal(10.25, 10.0, 90.0, 0.5)]);
        assert_eq!(page.fills.len(), 1);
    }

    #[test]
    fn a_box_within_a_box_is_a_frame() {
        let page = draw(&[Rect::new(10.0, 10.0, 90.0, 60.0), Rect::new(11.0, 11.0, 89.0, 59.0)], INK);
        assert_eq!(page.rulings.len(), 4);
        assert!(page.fills.is_empty());
    }

    #[test]
    fn white_on_paper_is_nothing() {
        let white = Paint { rgb: Some(WHITE), alpha: 1.0 };
        let page = draw(&[Rect::new(10.0, 10.0, 90.0, 10.5), Rect::new(10.0, 20.0, 90.0, 40.0)], white);
        assert!(page.rulings.is_empty() && page.fills.is_empty());
    }

    #[test]
    fn a_limit_stops_the_drawing() {
        let limits = Limits { marks: 1, ..Limits::default() };
        let mut canvas = Canvas::new(100.0, 100.0, &limits);
        assert!(canvas.fill(&boxes(&[PAPER, PAPER]), INK, &PAPER).is_err());
    }
}
