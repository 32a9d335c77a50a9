//! A page in, a picture of what is not text on it out: images, fills and strokes, for recognition.
//!
//! Text objects are not drawn, since their characters are known, nor are annotations. Patterns, shadings and clips other
//! than upright boxes are not drawn as such.

use super::affine::Affine;
use super::book::{Book, Sheet, is_limit};
use super::node::Node;
use super::path::{self, Arc, Step};
use super::picture;
use super::walk::{self, Look, Sink, Walk};
use crate::error::Result;
use crate::geom::Rect;
use crate::limits::Limits;
use crate::source::guard;
use crate::source::ink::intersect;
use crate::source::ink::paint::Paint;
use crate::source::raster::Raster;
use vello_cpu::color::AlphaColor;
use vello_cpu::kurbo::{self, BezPath};
use vello_cpu::peniko::{Fill, ImageSampler};
use vello_cpu::{Image, ImageSource, Pixmap, RenderContext, Resources};

/// Pixels of one picture; of a larger page the picture is coarser.
const MOST_PIXELS: f64 = 40e6;
/// The longest side of a picture.
const LONGEST: f64 = 65_000.0;

/// A drawn page.
pub(in crate::source) struct Drawing {
    /// As wide and high as the page at the scale asked for, or less where that would be too many pixels.
    pub(in crate::source) raster: Raster,
    /// Whether everything that was to be drawn could be.
    pub(in crate::source) whole: bool,
}

/// Draws the page of that index, from 0.
pub(in crate::source) fn draw(
    book: &mut Book<'_>,
    index: usize,
    pixels_per_point: f32,
    limits: &Limits,
) -> Result<Drawing> {
    let sheet = book.sheet(index)?;
    guard::run(super::FORMAT, || draw_sheet(book, &sheet, f64::from(pixels_per_point), limits))
}

fn draw_sheet(book: &mut Book<'_>, sheet: &Sheet, scale: f64, limits: &Limits) -> Result<Drawing> {
    let [width, height] = walk::size(sheet);
    let scale = scale.min((MOST_PIXELS / (width * height)).sqrt()).min(LONGEST / width.max(height));
    let [width, height] = [width, height].map(|side| pixels(side * scale));
    let context = RenderContext::new(width, height);
    let map = Affine::scale(scale, scale);
    let mut pen = Pen { book, context, map, left: limits.unpacked_bytes, whole: !sheet.damaged };
    let mut walk = Walk::new(&mut pen, limits);
    walk.sheet(sheet)?;
    let (damaged, cost) = (walk.damaged, walk.cost);
    pen.book.charge(cost)?;
    let mut target = Pixmap::new(width, height);
    pen.context.flush();
    pen.context.render(&mut target, &mut Resources::new());
    let raster = Raster::on_white(width.into(), height.into(), target.data_as_u8_slice());
    Ok(Drawing { raster, whole: pen.whole && !damaged })
}

/// Draws objects on a picture.
struct Pen<'b, 'p> {
    book: &'b mut Book<'p>,
    context: RenderContext,
    /// From points to pixels.
    map: Affine,
    /// Bytes that images may still be decoded to.
    left: u64,
    whole: bool,
}

impl Pen<'_, '_> {
    /// Draws under a clip, and under the map of an object or its image.
    fn within(&mut self, clip: Rect, map: Affine, draw: impl FnOnce(&mut RenderContext)) {
        let [x0, y0, x1, y1] = [clip.x0, clip.y0, clip.x1, clip.y1].map(f64::from);
        self.context.set_transform(kurbo::Affine::new(self.map.0));
        self.context.push_clip_rect(&kurbo::Rect::new(x0, y0, x1, y1));
        self.context.set_transform(kurbo::Affine::new(self.map.after(map).0));
        draw(&mut self.context);
        self.context.pop_clip();
    }
}

impl Sink for Pen<'_, '_> {
    fn text(&mut self, _: &Node, _: &Look<'_>) -> Result<()> {
        Ok(())
    }

    fn path(&mut self, node: &Node, look: &Look<'_>) -> Result<()> {
        let bounds = look.bounds.unwrap_or(look.clip);
        let Some(clip) = intersect(&look.clip, &bounds).filter(|_| !look.annotation) else { return Ok(()) };
        let outline = outline(&path::steps(node));
        let even_odd = node.attr("Rule").is_some_and(|rule| rule.trim().eq_ignore_ascii_case("Even-Odd"));
        self.within(clip, look.map, |context| {
            context.set_fill_rule(if even_odd { Fill::EvenOdd } else { Fill::NonZero });
            if let Some(color) = look.fill.and_then(color) {
                context.set_paint(color);
                context.fill_path(&outline);
            }
            if let Some(color) = look.stroke.and_then(color) {
                context.set_stroke(kurbo::Stroke::new(look.line_width));
                context.set_paint(color);
                context.stroke_path(&outline);
            }
        });
        Ok(())
    }

    fn image(&mut self, node: &Node, look: &Look<'_>) -> Result<()> {
        if look.annotation {
            return Ok(());
        }
        let unit = look.unit(node);
        let seen = self.map.after(unit).bounds([0.0, 0.0, 1.0, 1.0]);
        let id = node.id("ResourceID").unwrap_or_default();
        let pixmap = match look.resources.media(&id).map(|member| self.book.bytes(member)).transpose()?.flatten() {
            Some(bytes) => picture::decode(&bytes, [seen.width(), seen.height()], &mut self.left),
            None => Ok(None),
        };
        let pixmap = match pixmap {
            Ok(pixmap) => pixmap,
            Err(error) if is_limit(&error) => return Err(error),
            Err(_) => None,
        };
        let Some(pixmap) = pixmap else {
            self.whole = false;
            return Ok(());
        };
        let size = (1.0 / f64::from(pixmap.width()), 1.0 / f64::from(pixmap.height()));
        let sampler = ImageSampler { alpha: look.alpha, ..ImageSampler::default() };
        self.within(look.clip, unit, |context| {
            context.set_paint_transform(kurbo::Affine::scale_non_uniform(size.0, size.1));
            context.set_paint(Image { image: ImageSource::Pixmap(pixmap.into()), sampler });
            context.fill_rect(&kurbo::Rect::new(0.0, 0.0, 1.0, 1.0));
            context.reset_paint_transform();
        });
        Ok(())
    }
}

fn color(paint: Paint) -> Option<AlphaColor<vello_cpu::color::Srgb>> {
    let [r, g, b] = paint.rgb?;
    Some(AlphaColor::from_rgb8(r, g, b).with_alpha(paint.alpha))
}

fn outline(steps: &[Step]) -> BezPath {
    let mut path = BezPath::new();
    for step in steps {
        let pen = path.current_position();
        match (*step, pen) {
            (Step::Move(to), _) => path.move_to(to),
            (_, None) => {}
            (Step::Line(to), _) => path.line_to(to),
            (Step::Quadratic(a, to), _) => path.quad_to(a, to),
            (Step::Cubic(a, b, to), _) => path.curve_to(a, b, to),
            (Step::Arc(arc), Some(from)) => arc_to(&mut path, from, arc),
            (Step::Close, _) => path.close_path(),
        }
    }
    path
}

/// An arc as cubic curves; one without radii is a line.
fn arc_to(path: &mut BezPath, from: kurbo::Point, arc: Arc) {
    const TOLERANCE: f64 = 0.01;
    let svg = kurbo::SvgArc {
        from,
        to: arc.to.into(),
        radii: arc.radii.into(),
        x_rotation: arc.turn.to_radians(),
        large_arc: arc.large,
        sweep: arc.clockwise,
    };
    match kurbo::Arc::from_svg_arc(&svg) {
        Some(arc) => path.extend(arc.append_iter(TOLERANCE)),
        None => path.line_to(arc.to),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no side is longer than 65,000 pixels")]
fn pixels(side: f64) -> u16 {
    side.round().clamp(1.0, LONGEST) as u16
}
