//! Follows the operators of content streams and tells the canvas what they draw.
//!
//! Paths, colours, forms and marks are here, text is in `text`. Shadings and the pixels of images are passed over.

use super::budget::Budget;
use super::color::Space;
use super::font::{Font, Fonts};
use super::inline;
use super::marked::{Groups, Mark, Tags};
use super::state::{Ink, State};
use crate::error::Result;
use crate::geom::{Point, Rect};
use crate::source::ink::canvas::Canvas;
use crate::source::ink::paths::Path;
use hayro_font::kurbo::{self, Affine};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Resources;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Forms within forms; deeper ones are left out.
const DEEPEST_FORM: usize = 32;
/// Saved states; further ones are counted but not kept.
const MOST_STATES: usize = 512;
/// What running a form costs at least, in unpacked bytes: forms that draw nothing may still call each other for ever.
const FORM_COST: u64 = 1024;
/// What following an operator costs, in unpacked bytes: time is bounded with the memory.
const OPERATOR_COST: u64 = 16;
/// Operators are charged for in lots.
const LOT: u64 = 1024;

/// What the pages of one document share.
pub(super) struct Shared<'a> {
    pub(super) fonts: Fonts<'a>,
    pub(super) groups: Groups,
    /// Whether the document has a structure tree, so that the numbers of marked content matter.
    pub(super) tagged: bool,
    pub(super) budget: &'a Budget,
}

/// Fonts by their names in the current resources.
pub(super) type Chosen<'a> = BTreeMap<Box<[u8]>, Option<Rc<Font<'a>>>>;

/// Draws content streams on the canvas of one page.
pub(super) struct Interpreter<'a, 'r> {
    pub(super) shared: &'r Shared<'a>,
    pub(super) canvas: Canvas<'r>,
    pub(super) page: u32,
    pub(super) state: State<'a>,
    pub(super) mark: Mark,
    /// Text and line matrix.
    pub(super) matrix: Affine,
    pub(super) line: Affine,
    pub(super) runs: u32,
    pub(super) tags: Tags,
    /// The fonts that the current stream has chosen, by name: their descriptions are long to read again.
    pub(super) chosen: Chosen<'a>,
    /// Whether paths and images are left out: annotations may cover what lies beneath, but bound no cells.
    pub(super) text_only: bool,
    stack: Vec<State<'a>>,
    dropped_states: usize,
    path: Path,
    pen: kurbo::Point,
    pending_clip: bool,
    marks: Vec<Mark>,
    /// The form that is being drawn.
    within: Option<ObjectIdentifier>,
    depth: usize,
    followed: u64,
    /// Inline images, and what begins like one.
    pub(super) inline: u32,
}

impl<'a, 'r> Interpreter<'a, 'r> {
    pub(super) fn new(shared: &'r Shared<'a>, canvas: Canvas<'r>, page: u32, base: Affine, clip: Rect) -> Self {
        Self {
            shared,
            canvas,
            page,
            state: State::new(base, clip),
            mark: Mark::default(),
            matrix: Affine::IDENTITY,
            line: Affine::IDENTITY,
            runs: 0,
            tags: Tags::default(),
            chosen: Chosen::new(),
            text_only: false,
            stack: Vec::new(),
            dropped_states: 0,
            path: Path::default(),
            pen: kurbo::Point::ZERO,
            pending_clip: false,
            marks: Vec::new(),
            within: None,
            depth: 0,
            followed: 0,
            inline: 0,
        }
    }

    /// Runs one content stream; the state is afterwards as it was before.
    pub(super) fn stream(&mut self, content: &[u8], resources: &Resources<'a>) -> Result<()> {
        let floor = (self.stack.len(), self.marks.len(), self.mark);
        let outer = self.state.clone();
        let chosen = std::mem::take(&mut self.chosen);
        for (nth, (stretch, image)) in inline::stretches(content).enumerate() {
            // An image, or the start of one, stands before every stretch but the first.
            self.inline += u32::from(nth > 0);
            self.operators(stretch, resources, (floor.0, floor.1))?;
            self.count()?;
            if image {
                self.image(0)?;
            }
        }
        self.stack.truncate(floor.0);
        self.marks.truncate(floor.1);
        self.mark = floor.2;
        self.state = outer;
        self.chosen = chosen;
        self.path.clear();
        self.pending_clip = false;
        Ok(())
    }

    /// Follows operators; `floor` is how many states and marks the stream began with.
    fn operators(&mut self, stretch: &[u8], resources: &Resources<'a>, floor: (usize, usize)) -> Result<()> {
        let mut ops = TypedIter::new(stretch);
        while let Some(op) = ops.next() {
            self.count()?;
            match &op {
                Op::SaveState(_) => self.save(),
                Op::RestoreState(_) => self.restore(floor.0),
                Op::Transform(t) => self.state.ctm *= affine([t.0, t.1, t.2, t.3, t.4, t.5]),
                Op::LineWidth(w) => self.state.line_width = w.0.as_f64(),
                Op::SetGraphicsState(name) => {
                    if let Some(dict) = resources.get_ext_g_state(name.0) {
                        self.parameters(&dict)?;
                    }
                }
                Op::XObject(x) => {
                    if let Some(stream) = resources.get_x_object(x.0) {
                        self.x_object(&stream, resources)?;
                    }
                }
                Op::BeginMarkedContent(_) => self.marks.push(self.mark),
                Op::BeginMarkedContentWithProperties(m) => {
                    self.marks.push(self.mark);
                    self.mark = self.mark.enter(m.0, m.1, resources, &self.shared.groups, self.within);
                }
                Op::EndMarkedContent(_) if self.marks.len() > floor.1 => {
                    self.mark = self.marks.pop().unwrap_or_default();
                }
                other => {
                    if !self.construct(other) && !self.paint(other)? && !self.color(other, resources)? {
                        self.show(other, resources)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Counts an operator that is followed.
    fn count(&mut self) -> Result<()> {
        self.followed += 1;
        if self.followed.is_multiple_of(LOT) {
            self.shared.budget.charge(LOT * OPERATOR_COST)?;
        }
        Ok(())
    }

    fn save(&mut self) {
        if self.stack.len() < MOST_STATES {
            self.stack.push(self.state.clone());
        } else {
            self.dropped_states += 1;
        }
    }

    fn restore(&mut self, floor: usize) {
        if self.dropped_states > 0 {
            self.dropped_states -= 1;
        } else if self.stack.len() > floor
            && let Some(state) = self.stack.pop()
        {
            self.state = state;
        }
    }

    /// Takes what matters of a graphics-state dictionary.
    fn parameters(&mut self, dict: &Dict<'a>) -> Result<()> {
        if let Some(alpha) = dict.get::<f32>(b"ca") {
            self.state.fill.paint.alpha = alpha;
        }
        if let Some(alpha) = dict.get::<f32>(b"CA") {
            self.state.stroke.paint.alpha = alpha;
        }
        if let Some(width) = dict.get::<f64>(b"LW") {
            self.state.line_width = width;
        }
        if let Some(font) = dict.get::<Array<'_>>(b"Font") {
            let mut items = font.iter::<Object<'_>>();
            if let (Some(Object::Dict(font)), Some(Object::Number(size))) = (items.next(), items.next()) {
                self.state.text.font = Some(self.shared.fonts.get(&font)?);
                self.state.text.size = size.as_f64();
            }
        }
        Ok(())
    }

    fn point(&mut self, x: Number, y: Number) -> Point {
        self.pen = kurbo::Point::new(x.as_f64(), y.as_f64());
        to_page(self.state.ctm, self.pen.x, self.pen.y)
    }

    /// Builds the path; `false` when `op` does something else.
    fn construct(&mut self, op: &Op<'_, '_>) -> bool {
        match op {
            Op::MoveTo(p) => {
                let p = self.point(p.0, p.1);
                self.path.move_to(p);
            }
            Op::LineTo(p) => {
                let p = self.point(p.0, p.1);
                self.path.line_to(p);
            }
            Op::CubicTo(c) => {
                let p = self.point(c.4, c.5);
                self.path.curve_to(p);
            }
            Op::CubicStartTo(c) => {
                let p = self.point(c.2, c.3);
                self.path.curve_to(p);
            }
            Op::CubicEndTo(c) => {
                let p = self.point(c.2, c.3);
                self.path.curve_to(p);
            }
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => {
                let [x0, y0, width, height] = [r.0, r.1, r.2, r.3].map(|n| n.as_f64());
                let (x1, y1) = (x0 + width, y0 + height);
                let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
                self.path.rect(corners.map(|(x, y)| to_page(self.state.ctm, x, y)));
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.pending_clip = true,
            _ => return false,
        }
        true
    }

    /// Paints the path; `false` when `op` does something else.
    fn paint(&mut self, op: &Op<'_, '_>) -> Result<bool> {
        match op {
            Op::EndPath(_) => self.end_path(false, false)?,
            Op::StrokePath(_) => self.end_path(false, true)?,
            Op::CloseAndStrokePath(_) => {
                self.path.close();
                self.end_path(false, true)?;
            }
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.end_path(true, false)?;
            }
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => self.end_path(true, true)?,
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.path.close();
                self.end_path(true, true)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn end_path(&mut self, fill: bool, stroke: bool) -> Result<()> {
        let State { clip, .. } = self.state;
        if !self.silent() && fill {
            self.canvas.fill(&self.path, self.state.fill.paint, &clip)?;
        }
        if !self.silent() && stroke {
            let width = self.state.line_width * self.state.ctm.determinant().abs().sqrt();
            self.canvas.stroke(&self.path, narrow(width), self.state.stroke.paint, &clip)?;
        }
        if std::mem::take(&mut self.pending_clip)
            && let Some(bounds) = self.path.bounds()
        {
            self.state.narrow_clip(&bounds);
        }
        self.path.clear();
        Ok(())
    }

    fn silent(&self) -> bool {
        self.text_only || self.mark.hidden || self.mark.watermark
    }

    /// Chooses colours; `false` when `op` does something else.
    fn color(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> Result<bool> {
        let State { fill, stroke, .. } = &mut self.state;
        let budget = self.shared.budget;
        match op {
            Op::NonStrokeColorDeviceGray(c) => fill.set_in(&Space::Gray, &[c.0.as_f64()]),
            Op::StrokeColorDeviceGray(c) => stroke.set_in(&Space::Gray, &[c.0.as_f64()]),
            Op::NonStrokeColorDeviceRgb(c) => fill.set_in(&Space::Rgb, &[c.0, c.1, c.2].map(|n| n.as_f64())),
            Op::StrokeColorDeviceRgb(c) => stroke.set_in(&Space::Rgb, &[c.0, c.1, c.2].map(|n| n.as_f64())),
            Op::NonStrokeColorCmyk(c) => fill.set_in(&Space::Cmyk, &[c.0, c.1, c.2, c.3].map(|n| n.as_f64())),
            Op::StrokeColorCmyk(c) => stroke.set_in(&Space::Cmyk, &[c.0, c.1, c.2, c.3].map(|n| n.as_f64())),
            Op::ColorSpaceNonStroke(c) => fill.choose(Space::named(c.0, resources, budget)?),
            Op::ColorSpaceStroke(c) => stroke.choose(Space::named(c.0, resources, budget)?),
            Op::NonStrokeColor(c) => set(fill, &c.0, None),
            Op::StrokeColor(c) => set(stroke, &c.0, None),
            Op::NonStrokeColorNamed(c) => set(fill, &c.0, c.1),
            Op::StrokeColorNamed(c) => set(stroke, &c.0, c.1),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn x_object(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> Result<()> {
        let dict = stream.dict();
        if !self.shared.groups.shows(dict, b"OC") {
            return Ok(());
        }
        match dict.get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Image") => {
                let side = |name: &[u8]| u64::from(dict.get::<u32>(name).unwrap_or(0));
                self.image(side(b"Width").saturating_mul(side(b"Height")))
            }
            _ => self.form(stream, resources),
        }
    }

    /// Draws a form within the current state.
    pub(super) fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> Result<()> {
        self.shared.budget.charge(FORM_COST)?;
        if self.depth >= DEEPEST_FORM {
            return Ok(());
        }
        let Some(data) = self.shared.budget.unpack(stream)? else { return Ok(()) };
        let dict = stream.dict();
        let outer = self.state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>(b"Matrix") {
            self.state.ctm *= Affine::new(matrix);
        }
        if let Some([x0, y0, x1, y1]) = dict.get::<[f64; 4]>(b"BBox") {
            let bounds = on_page(self.state.ctm, kurbo::Rect::new(x0, y0, x1, y1));
            self.state.narrow_clip(&bounds);
        }
        let own = dict.get::<Dict<'_>>(b"Resources").map(Resources::new);
        let matrices = (self.matrix, self.line);
        let within = self.within.replace(stream.obj_id());
        self.depth += 1;
        self.path.clear();
        self.stream(&data, own.as_ref().unwrap_or(resources))?;
        self.depth -= 1;
        self.within = within;
        (self.matrix, self.line) = matrices;
        self.state = outer;
        Ok(())
    }

    fn image(&mut self, pixels: u64) -> Result<()> {
        if self.silent() {
            return Ok(());
        }
        let unit = on_page(self.state.ctm, kurbo::Rect::new(0.0, 0.0, 1.0, 1.0));
        self.canvas.image(unit, pixels, &self.state.clip)
    }
}

fn set(ink: &mut Ink, numbers: &[Number], pattern: Option<&Name<'_>>) {
    let parts: Vec<f64> = numbers.iter().map(Number::as_f64).collect();
    if pattern.is_some() { ink.paint.rgb = None } else { ink.set(&parts) }
}

pub(super) fn affine(n: [Number; 6]) -> Affine {
    Affine::new(n.map(|n| n.as_f64()))
}

#[expect(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
pub(super) fn narrow(x: f64) -> f32 {
    x as f32
}

pub(super) fn to_page(m: Affine, x: f64, y: f64) -> Point {
    let p = m * kurbo::Point::new(x, y);
    Point { x: narrow(p.x), y: narrow(p.y) }
}

pub(super) fn on_page(m: Affine, r: kurbo::Rect) -> Rect {
    let r = m.transform_rect_bbox(r);
    Rect::new(narrow(r.x0), narrow(r.y0), narrow(r.x1), narrow(r.y1))
}
