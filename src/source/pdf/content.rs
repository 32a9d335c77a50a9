//! Follows the operators of content streams and tells the canvas what they draw.

use super::canvas::{Canvas, Rgb, intersect};
use super::font::{Chars, Code, Font, Fonts};
use super::paths::Path;
use crate::error::Result;
use crate::geom::{Point, Rect};
use crate::limits::Limits;
use crate::page::{Glyph, Layer, Page, Turn};
use hayro_font::kurbo::{self, Affine};
use hayro_syntax::Pdf;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Dict, Name, Number, Object, Stream};
use hayro_syntax::page::Resources;
use std::rc::Rc;

/// Forms within forms; deeper ones are left out.
const DEEPEST_FORM: usize = 32;

/// What the pages of one document share.
pub(super) struct Reader<'a> {
    pdf: &'a Pdf,
    fonts: Fonts<'a>,
    limits: &'a Limits,
}

impl<'a> Reader<'a> {
    pub(super) fn new(pdf: &'a Pdf, limits: &'a Limits) -> Self {
        let _ = pdf.xref();
        Self { pdf, fonts: Fonts::new(), limits }
    }

    /// Reads one page.
    pub(super) fn page(&self, page: &hayro_syntax::page::Page<'a>) -> Result<Page> {
        let _ = self.pdf;
        let (width, height) = page.render_dimensions();
        let base = Affine::new(page.initial_transform(true).as_coeffs());
        let mut run = Interpreter {
            fonts: &self.fonts,
            canvas: Canvas::new(width, height, self.limits),
            state: State::new(base, Rect::new(0.0, 0.0, width, height)),
            stack: Vec::new(),
            path: Path::default(),
            pending_clip: false,
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
            runs: 0,
            depth: 0,
        };
        run.stream(page.typed_operations(), page.resources())?;
        Ok(run.canvas.finish())
    }
}

#[derive(Clone)]
struct State<'a> {
    ctm: Affine,
    clip: Rect,
    fill: Rgb,
    line_width: f64,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

impl State<'_> {
    fn new(ctm: Affine, clip: Rect) -> Self {
        Self {
            ctm,
            clip,
            fill: Some([0; 3]),
            line_width: 1.0,
            font: None,
            size: 1.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

struct Interpreter<'a, 'r> {
    fonts: &'r Fonts<'a>,
    canvas: Canvas<'r>,
    state: State<'a>,
    stack: Vec<State<'a>>,
    path: Path,
    pending_clip: bool,
    text: Affine,
    line: Affine,
    runs: u32,
    depth: usize,
}

impl<'a> Interpreter<'a, '_> {
    fn stream(&mut self, mut ops: TypedIter<'_>, resources: &Resources<'a>) -> Result<()> {
        let floor = self.stack.len();
        let outer = self.state.clone();
        while let Some(op) = ops.next() {
            self.paint(&op)?;
            self.show(&op, resources)?;
            match op {
                Op::SaveState(_) => self.stack.push(self.state.clone()),
                Op::RestoreState(_) if self.stack.len() > floor => {
                    if let Some(state) = self.stack.pop() {
                        self.state = state;
                    }
                }
                Op::Transform(t) => self.state.ctm *= affine([t.0, t.1, t.2, t.3, t.4, t.5]),
                Op::LineWidth(w) => self.state.line_width = w.0.as_f64(),
                Op::XObject(x) => {
                    if let Some(stream) = resources.get_x_object(x.0) {
                        self.x_object(&stream, resources)?;
                    }
                }
                Op::InlineImage(_) => self.image()?,
                _ => {}
            }
        }
        self.stack.truncate(floor);
        self.state = outer;
        self.path.clear();
        Ok(())
    }

    fn point(&self, x: Number, y: Number) -> Point {
        to_page(self.state.ctm, x.as_f64(), y.as_f64())
    }

    fn paint(&mut self, op: &Op<'_, '_>) -> Result<()> {
        match op {
            Op::MoveTo(p) => self.path.move_to(self.point(p.0, p.1)),
            Op::LineTo(p) => self.path.line_to(self.point(p.0, p.1)),
            Op::CubicTo(c) => self.path.curve_to(self.point(c.4, c.5)),
            Op::CubicStartTo(c) => self.path.curve_to(self.point(c.2, c.3)),
            Op::CubicEndTo(c) => self.path.curve_to(self.point(c.2, c.3)),
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => {
                let (x, y, w, h) = (r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
                let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
                let ctm = self.state.ctm;
                self.path.rect(corners.map(|(x, y)| to_page(ctm, x, y)));
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.pending_clip = true,
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
            Op::NonStrokeColorDeviceGray(c) => self.state.fill = Some([byte(c.0.as_f64()); 3]),
            Op::NonStrokeColorDeviceRgb(c) => self.state.fill = Some([c.0, c.1, c.2].map(|n| byte(n.as_f64()))),
            _ => {}
        }
        Ok(())
    }

    fn end_path(&mut self, fill: bool, stroke: bool) -> Result<()> {
        if fill {
            self.canvas.fill(&self.path, self.state.fill, &self.state.clip)?;
        }
        if stroke {
            let width = self.state.line_width * self.state.ctm.determinant().abs().sqrt();
            self.canvas.stroke(&self.path, narrow(width), &self.state.clip)?;
        }
        if std::mem::take(&mut self.pending_clip)
            && let Some(bounds) = self.path.bounds()
        {
            self.state.clip = intersect(&self.state.clip, &bounds).unwrap_or(Rect::new(-1.0, -1.0, -1.0, -1.0));
        }
        self.path.clear();
        Ok(())
    }

    fn x_object(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> Result<()> {
        let dict = stream.dict();
        let kind = dict.get::<Name<'_>>(b"Subtype");
        if kind.as_ref().is_some_and(|k| k.as_ref() == b"Image") {
            return self.image();
        }
        if self.depth >= DEEPEST_FORM {
            return Ok(());
        }
        let Ok(data) = stream.decoded_data() else { return Ok(()) };
        let outer = self.state.clone();
        if let Some(matrix) = dict.get::<[f64; 6]>(b"Matrix") {
            self.state.ctm *= Affine::new(matrix);
        }
        if let Some(b) = dict.get::<[f64; 4]>(b"BBox") {
            let bounds = on_page(self.state.ctm, kurbo::Rect::new(b[0], b[1], b[2], b[3]));
            self.state.clip = intersect(&self.state.clip, &bounds).unwrap_or(Rect::new(-1.0, -1.0, -1.0, -1.0));
        }
        let own = dict.get::<Dict<'_>>(b"Resources").map(Resources::new);
        self.depth += 1;
        self.path.clear();
        self.stream(TypedIter::new(&data), own.as_ref().unwrap_or(resources))?;
        self.depth -= 1;
        self.state = outer;
        Ok(())
    }

    fn image(&mut self) -> Result<()> {
        let unit = on_page(self.state.ctm, kurbo::Rect::new(0.0, 0.0, 1.0, 1.0));
        self.canvas.image(unit, &self.state.clip)
    }

    fn show(&mut self, op: &Op<'_, '_>, resources: &Resources<'a>) -> Result<()> {
        match op {
            Op::BeginText(_) => self.start_line(Affine::IDENTITY),
            Op::SetTextMatrix(m) => self.start_line(affine([m.0, m.1, m.2, m.3, m.4, m.5])),
            Op::NextLine(n) => self.next_line(n.0.as_f64(), n.1.as_f64()),
            Op::NextLineAndSetLeading(n) => {
                self.state.leading = -n.1.as_f64();
                self.next_line(n.0.as_f64(), n.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::CharacterSpacing(c) => self.state.char_space = c.0.as_f64(),
            Op::WordSpacing(w) => self.state.word_space = w.0.as_f64(),
            Op::HorizontalScaling(s) => self.state.stretch = s.0.as_f64() / 100.0,
            Op::TextLeading(l) => self.state.leading = l.0.as_f64(),
            Op::TextRise(r) => self.state.rise = r.0.as_f64(),
            Op::TextRenderingMode(m) => self.state.mode = m.0.as_i64(),
            Op::TextFont(f) => {
                self.state.font = resources.get_font(f.0).map(|dict| self.fonts.get(&dict));
                self.state.size = f.1.as_f64();
            }
            Op::ShowText(t) => self.run([&Object::String(t.0.clone())].into_iter())?,
            Op::NextLineAndShowText(t) => {
                self.next_line(0.0, -self.state.leading);
                self.run([&Object::String(t.0.clone())].into_iter())?;
            }
            Op::ShowTextWithParameters(t) => {
                self.state.word_space = t.0.as_f64();
                self.state.char_space = t.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.run([&Object::String(t.2.clone())].into_iter())?;
            }
            Op::ShowTexts(t) => {
                let pieces: Vec<Object<'_>> = t.0.iter::<Object<'_>>().collect();
                self.run(pieces.iter())?;
            }
            _ => {}
        }
        Ok(())
    }

    fn start_line(&mut self, matrix: Affine) {
        self.text = matrix;
        self.line = matrix;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.start_line(self.line * Affine::translate((x, y)));
    }

    fn run<'o>(&mut self, pieces: impl Iterator<Item = &'o Object<'o>>) -> Result<()> {
        let Some(font) = self.state.font.clone() else { return Ok(()) };
        self.runs += 1;
        for piece in pieces {
            match piece {
                Object::Number(n) => {
                    let move_by = -n.as_f64() / 1000.0 * self.state.size;
                    self.advance(&font, move_by);
                }
                Object::String(s) => self.string(&font, s.as_bytes())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn advance(&mut self, font: &Font<'_>, by: f64) {
        let step = if font.vertical() { (0.0, by) } else { (by * self.state.stretch, 0.0) };
        self.text *= Affine::translate(step);
    }

    fn string(&mut self, font: &Rc<Font<'a>>, mut bytes: &[u8]) -> Result<()> {
        while let Some((value, length)) = font.next_code(bytes) {
            bytes = bytes.get(length..).unwrap_or_default();
            let code = font.code(value);
            self.glyph(font, &code)?;
            let word = if value == 32 && length == 1 { self.state.word_space } else { 0.0 };
            self.advance(font, code.advance / 1000.0 * self.state.size + self.state.char_space + word);
        }
        Ok(())
    }

    fn glyph(&mut self, font: &Font<'_>, code: &Code) -> Result<()> {
        let s = &self.state;
        let em = s.ctm * self.text * Affine::new([s.size * s.stretch, 0.0, 0.0, s.size, 0.0, s.rise]);
        let [a, b, c, d, ..] = em.as_coeffs();
        let pen = (code.shift.0 / 1000.0, code.shift.1 / 1000.0);
        let width = code.width / 1000.0;
        let mut one = |char: char, from: f64, to: f64| {
            let cell = kurbo::Rect::new(pen.0 + from * width, pen.1 - 0.12, pen.0 + to * width, pen.1 + 0.88);
            let glyph = Glyph {
                char,
                bbox: on_page(em, cell),
                origin: to_page(em, pen.0 + from * width, pen.1),
                size: narrow(c.hypot(d)),
                turn: turn(a, b),
                layer: if matches!(s.mode, 3 | 7) { Layer::Invisible } else { Layer::Ink },
                bold: font.bold,
                run: self.runs,
                font: font.index,
            };
            self.canvas.glyph(glyph, &s.clip)
        };
        match &code.chars {
            Chars::Unknown => one('\u{FFFD}', 0.0, 1.0),
            Chars::One(char) => one(*char, 0.0, 1.0),
            Chars::Many(text) => {
                let share = 1.0 / f64::from(u32::try_from(text.chars().count()).unwrap_or(1));
                let mut from = 0.0;
                text.chars().try_for_each(|char| {
                    one(char, from, from + share)?;
                    from += share;
                    Ok(())
                })
            }
        }
    }
}

fn turn(a: f64, b: f64) -> Turn {
    if b.abs() <= 0.05 * a.abs() {
        if a >= 0.0 { Turn::None } else { Turn::Half }
    } else if a.abs() <= 0.05 * b.abs() {
        if b > 0.0 { Turn::Right } else { Turn::Left }
    } else {
        Turn::Slanted
    }
}

fn affine(n: [Number; 6]) -> Affine {
    Affine::new(n.map(|n| n.as_f64()))
}

#[expect(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
fn narrow(x: f64) -> f32 {
    x as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–255 before")]
fn byte(x: f64) -> u8 {
    (x.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn to_page(m: Affine, x: f64, y: f64) -> Point {
    let p = m * kurbo::Point::new(x, y);
    Point { x: narrow(p.x), y: narrow(p.y) }
}

fn on_page(m: Affine, r: kurbo::Rect) -> Rect {
    let r = m.transform_rect_bbox(r);
    Rect::new(narrow(r.x0), narrow(r.y0), narrow(r.x1), narrow(r.y1))
}
