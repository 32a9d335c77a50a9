//! A page's layers in, its text, path and image objects out, each with where it stands and how it is painted.

use super::affine::{Affine, narrow};
use super::book::{Layer, Sheet};
use super::node::Node;
use super::path;
use super::resources::Resources;
use crate::error::Result;
use crate::geom::Rect;
use crate::limits::Limits;
use crate::source::ink::intersect;
use crate::source::ink::paint::{BLACK, Paint};
use std::rc::Rc;

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;
/// Blocks and composites within each other; no writer needs ten.
const DEEPEST: u64 = 64;
/// Width in millimetres of lines that do not say.
const USUAL_LINE: f64 = 0.353;
/// Boxes of objects are often drawn a little too tight, in millimetres.
const SLACK: f64 = 0.5;

/// What is told of each object that can be seen.
pub(super) trait Sink {
    fn text(&mut self, node: &Node, look: &Look<'_>) -> Result<()>;
    fn path(&mut self, node: &Node, look: &Look<'_>) -> Result<()>;
    fn image(&mut self, node: &Node, look: &Look<'_>) -> Result<()>;
}

/// How one object looks.
pub(super) struct Look<'l> {
    pub(super) resources: &'l Resources,
    /// From the object's own space to the page in points.
    pub(super) map: Affine,
    /// The box that the object is said to fill, on the page; `None` when it is said to be nothing.
    pub(super) bounds: Option<Rect>,
    /// The box around what the clips let through.
    pub(super) clip: Rect,
    /// `None` where the object is not filled, or not stroked.
    pub(super) fill: Option<Paint>,
    pub(super) stroke: Option<Paint>,
    /// How much an image hides what is beneath: 1 is all.
    #[cfg(feature = "ocr")]
    pub(super) alpha: f32,
    /// In millimetres of the object's space.
    pub(super) line_width: f64,
    /// Whether it is a watermark by its own word.
    pub(super) watermark: bool,
    /// Whether it belongs to an annotation.
    pub(super) annotation: bool,
}

impl Look<'_> {
    /// The map of the unit square to where an image is drawn; one that does not say fills its boundary.
    pub(super) fn unit(&self, node: &Node) -> Affine {
        match (node.attr("CTM"), node.numbers::<4>("Boundary")) {
            (None, Some([_, _, width, height])) => self.map.after(Affine::scale(width, height)),
            _ => self.map,
        }
    }
}

/// Where a block stands.
#[derive(Clone)]
struct Place<'p> {
    map: Affine,
    clip: Rect,
    alpha: f32,
    resources: &'p Resources,
    /// Drawing parameters of the layer.
    params: Rc<[Rc<Node>]>,
    watermark: bool,
    annotation: bool,
}

/// Walks one page.
pub(super) struct Walk<'s, S> {
    sink: &'s mut S,
    limits: &'s Limits,
    /// Composites that are being drawn.
    open: Vec<String>,
    depth: u64,
    objects: u64,
    /// What following the objects costs, in unpacked bytes.
    pub(super) cost: u64,
    /// Whether something could not be followed.
    pub(super) damaged: bool,
}

/// Width and height of a page in points.
pub(super) fn size(sheet: &Sheet) -> [f64; 2] {
    sheet.size.map(|side| side * POINTS)
}

impl<'s, S: Sink> Walk<'s, S> {
    pub(super) fn new(sink: &'s mut S, limits: &'s Limits) -> Self {
        Self { sink, limits, open: Vec::new(), depth: 0, objects: 0, cost: 0, damaged: false }
    }

    /// The layers from the lowest to the highest, then the annotations.
    pub(super) fn sheet(&mut self, sheet: &Sheet) -> Result<()> {
        let [width, height] = size(sheet).map(narrow);
        let clip = Rect::new(0.0, 0.0, width, height);
        let map = Affine::scale(POINTS, POINTS);
        for Layer { node, resources, .. } in &sheet.layers {
            let params = resources.params(node.id("DrawParam")).into();
            let place = Place { map, clip, alpha: 1.0, resources, params, watermark: false, annotation: false };
            self.block(node, &place)?;
        }
        for Layer { node, resources, .. } in &sheet.annotations {
            let watermark = node.attr("Type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("Watermark"));
            for block in node.all("Appearance").filter(|block| !block.hidden()) {
                let [x, y, ..] = block.numbers::<4>("Boundary").unwrap_or_default();
                let map = map.after(Affine::shift(x, y));
                let params = Rc::new([]);
                let place = Place { map, clip, alpha: 1.0, resources, params, watermark, annotation: true };
                self.block(block, &place)?;
            }
        }
        Ok(())
    }

    fn block(&mut self, block: &Node, place: &Place<'_>) -> Result<()> {
        self.depth += 1;
        Limits::check("nesting", self.depth, self.limits.nesting.min(DEEPEST))?;
        for node in block.children.iter().filter(|node| !node.hidden()) {
            self.objects += 1;
            Limits::check("elements", self.objects, self.limits.elements)?;
            self.cost += if node.is("PageBlock") { 0 } else { node.cost() };
            if node.is("TextObject") {
                self.sink.text(node, &look(node, place, true))?;
            } else if node.is("PathObject") {
                self.sink.path(node, &look(node, place, false))?;
            } else if node.is("ImageObject") {
                self.sink.image(node, &look(node, place, false))?;
            } else if node.is("CompositeObject") {
                self.composite(node, place)?;
            } else if node.is("PageBlock") {
                self.block(node, place)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn composite(&mut self, node: &Node, place: &Place<'_>) -> Result<()> {
        let Some(id) = node.id("ResourceID") else { return Ok(()) };
        let unit = place.resources.composite(&id).filter(|_| !self.open.contains(&id));
        let Some(unit) = unit else {
            self.damaged = true;
            return Ok(());
        };
        let Look { map, bounds, clip, .. } = look(node, place, false);
        let clip = bounds.map_or(Some(clip), |bounds| intersect(&clip, &bounds));
        let Some(clip) = clip else { return Ok(()) };
        let alpha = place.alpha * alpha(node);
        let within = Place { map, clip, alpha, params: Rc::new([]), ..place.clone() };
        self.open.push(id);
        for content in unit.all("Content") {
            self.block(content, &within)?;
        }
        self.open.pop();
        Ok(())
    }
}

/// How an object looks, by its own attributes and those of the drawing parameters that it and its layer name.
fn look<'p>(node: &Node, place: &Place<'p>, text: bool) -> Look<'p> {
    let own = place.resources.params(node.id("DrawParam"));
    let params = || own.iter().chain(place.params.iter()).map(|params| &**params);
    let said = |name: &str| std::iter::once(node).chain(params()).find_map(|node| node.child(name));
    let alpha = place.alpha * alpha(node);
    let paint = |color: Option<&Node>| match color {
        Some(color) => Paint { rgb: place.resources.color(color), alpha: alpha * self::alpha(color) },
        None => Paint { rgb: BLACK, alpha },
    };
    // Text is filled with black unless it says otherwise; a path without a colour to fill it with is left open.
    let fill = said("FillColor");
    let filled = node.flag("Fill").unwrap_or(text) && (text || fill.is_some());
    let stroked = node.flag("Stroke").unwrap_or(!text);
    let width = std::iter::once(node).chain(params()).find_map(|node| node.number("LineWidth"));
    let [x, y, w, h] = node.numbers::<4>("Boundary").unwrap_or_default();
    let inner = node.numbers("CTM").map(Affine);
    let outer = place.map.after(Affine::shift(x, y));
    let map = inner.map_or(outer, |inner| outer.after(inner));
    let grown = [x - SLACK, y - SLACK, w + 2.0 * SLACK, h + 2.0 * SLACK];
    Look {
        resources: place.resources,
        map,
        bounds: (w > 0.0 || h > 0.0).then(|| place.map.bounds(grown)),
        clip: clip(node, outer, map, place.clip),
        fill: filled.then(|| paint(fill)),
        stroke: stroked.then(|| paint(said("StrokeColor"))),
        #[cfg(feature = "ocr")]
        alpha,
        line_width: width.filter(|width| *width >= 0.0).unwrap_or(USUAL_LINE),
        watermark: place.watermark,
        annotation: place.annotation,
    }
}

/// Narrows a clip to the boxes around an object's own clips.
fn clip(node: &Node, outer: Affine, map: Affine, within: Rect) -> Rect {
    const NOWHERE: Rect = Rect { x0: f32::MAX, y0: f32::MAX, x1: f32::MAX, y1: f32::MAX };
    let mut clip = within;
    for clips in node.all("Clips") {
        // Where a file does not say whether the object's matrix moves its clips too, writers mean either.
        let bases = match clips.flag("TransFlag") {
            Some(true) => vec![map],
            Some(false) => vec![outer],
            None => vec![map, outer],
        };
        for one in clips.all("Clip") {
            let areas = one.all("Area").flat_map(|area| bases.iter().map(move |base| area_box(area, *base)));
            let areas: Option<Vec<Rect>> = areas.collect();
            // A clip in the shape of text is left open.
            if let Some(bounds) = areas.and_then(Rect::around) {
                clip = intersect(&clip, &bounds).unwrap_or(NOWHERE);
            }
        }
    }
    clip
}

/// The box around one area of a clip; `None` when it is not known.
fn area_box(area: &Node, base: Affine) -> Option<Rect> {
    let base = area.numbers("CTM").map_or(base, |inner| base.after(Affine(inner)));
    let path = area.child("Path")?;
    let [x, y, ..] = path.numbers::<4>("Boundary").unwrap_or_default();
    let map = base.after(Affine::shift(x, y));
    let map = path.numbers("CTM").map_or(map, |inner| map.after(Affine(inner)));
    path::on_page(path, map).bounds()
}

/// How much of what is beneath an object or a colour hides: 255 is all.
fn alpha(node: &Node) -> f32 {
    node.number("Alpha").map_or(1.0, |alpha| narrow(alpha / 255.0).clamp(0.0, 1.0))
}
