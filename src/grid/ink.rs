//! A page in, the same page set upright out: only the glyphs a reader sees, rulings and shapes, all finite, turned so
//! that most of the text runs left to right. Boxes are turned back with [`Frame::to_page`]; nothing is read here.

use super::{Recognition, fills};
use crate::geom::{Point, Rect};
use crate::page::{Axis, Glyph, Layer, Page, Recognised, Ruling, Turn};
use std::collections::{BTreeMap, BTreeSet};

/// A visible character in the upright frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    /// The character.
    pub(super) ch: char,
    /// Advance by ascender and descender.
    pub(super) rect: Rect,
    /// Where the pen stood.
    pub(super) origin: Point,
    /// Font size.
    pub(super) size: f32,
    /// Direction relative to the upright frame.
    pub(super) turn: Turn,
    /// Bold, or stroked to look so.
    pub(super) bold: bool,
    /// Number of its show operation.
    pub(super) run: u32,
    /// Its font, for equality.
    pub(super) font: u16,
    /// The blank drawn before it on its line, once it stands in one.
    pub(super) blank: Option<char>,
}

/// How a page was turned to be upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    turn: Turn,
    width: f32,
    height: f32,
    /// See [`Page::tilt`].
    tilt: f32,
}

/// A page whose text runs left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Upright {
    /// Page number, from 1.
    pub(super) number: u32,
    /// Width of the upright frame.
    pub(super) width: f32,
    /// Height of the upright frame.
    pub(super) height: f32,
    /// The way back to the page as seen.
    pub(super) frame: Frame,
    /// Visible glyphs, in the order they are drawn.
    pub(super) ink: Vec<Ink>,
    /// Ruling lines.
    pub(super) rules: Vec<Ruling>,
    /// Boxes of shapes other than lines and rectangles.
    pub(super) shapes: Vec<Rect>,
    /// All of it is known to be one table.
    pub(super) given: bool,
    /// What was recognised, by run; empty where nothing was.
    pub(super) recognised: BTreeMap<u32, Recognised>,
}

impl Ink {
    /// Whether it leaves no mark.
    pub(super) fn is_blank(&self) -> bool {
        self.ch.is_whitespace()
    }

    /// Baseline of upright text.
    pub(super) fn base(&self) -> f32 {
        self.origin.y
    }

    /// The same glyph seen in another frame.
    pub(super) fn seen_in(&self, frame: Frame) -> Self {
        Self {
            rect: frame.to_upright(self.rect),
            origin: frame.point_to_upright(self.origin),
            turn: frame.relative(self.turn),
            ..*self
        }
    }
}

impl Frame {
    /// The frame in which text of this direction is upright.
    pub(super) fn new(turn: Turn, width: f32, height: f32) -> Self {
        Self { turn, width, height, tilt: 0.0 }
    }

    /// From the page as seen to the upright frame.
    pub(super) fn to_upright(self, r: Rect) -> Rect {
        let (a, b) =
            (self.point_to_upright(Point { x: r.x0, y: r.y0 }), self.point_to_upright(Point { x: r.x1, y: r.y1 }));
        Rect::new(a.x, a.y, b.x, b.y)
    }

    /// From the upright frame back to the page as seen.
    pub(super) fn to_page(self, r: Rect) -> Rect {
        let back = |x: f32, y: f32| match self.turn {
            Turn::Right => (self.width - y, x),
            Turn::Left => (y, self.height - x),
            Turn::Half => (self.width - x, self.height - y),
            Turn::None | Turn::Slanted => (x, y),
        };
        let ((xa, ya), (xb, yb)) = (back(r.x0, r.y0), back(r.x1, r.y1));
        self.tilted(Rect::new(xa, ya, xb, yb))
    }

    /// From the straightened page to the page as seen: the box around the four corners.
    fn tilted(self, r: Rect) -> Rect {
        if self.tilt == 0.0 {
            return r;
        }
        let (sin, cos) = self.tilt.sin_cos();
        let (cx, cy) = (self.width / 2.0, self.height / 2.0);
        let corner = |x: f32, y: f32| {
            let (x, y) = (cx + (x - cx) * cos + (y - cy) * sin, cy - (x - cx) * sin + (y - cy) * cos);
            Rect::new(x, y, x, y)
        };
        let corners = [corner(r.x0, r.y0), corner(r.x1, r.y0), corner(r.x0, r.y1), corner(r.x1, r.y1)];
        Rect::around(corners).unwrap_or(r)
    }

    fn point_to_upright(self, p: Point) -> Point {
        match self.turn {
            Turn::Right => Point { x: p.y, y: self.width - p.x },
            Turn::Left => Point { x: self.height - p.y, y: p.x },
            Turn::Half => Point { x: self.width - p.x, y: self.height - p.y },
            Turn::None | Turn::Slanted => p,
        }
    }

    /// Direction of text relative to this frame.
    fn relative(self, turn: Turn) -> Turn {
        const TURNS: [Turn; 4] = [Turn::None, Turn::Right, Turn::Half, Turn::Left];
        let index = |t: Turn| TURNS.iter().position(|&u| u == t);
        match (index(turn), index(self.turn)) {
            (Some(t), Some(f)) => TURNS.get((t + 4 - f) % 4).copied().unwrap_or(turn),
            _ => turn,
        }
    }
}

impl Upright {
    /// Sets a page upright.
    pub(super) fn of(page: &Page) -> Self {
        let turn = main_turn(&page.glyphs);
        let frame = Frame { tilt: page.tilt, ..Frame::new(turn, page.width, page.height) };
        let sideways = matches!(turn, Turn::Left | Turn::Right);
        let (width, height) = if sideways { (page.height, page.width) } else { (page.width, page.height) };
        let ink = page.glyphs.iter().filter(|g| is_sound(g)).map(|g| Ink::of(g).seen_in(frame)).collect();
        let edges = fills::edges(&page.fills);
        let rules = page.rulings.iter().chain(&edges).filter_map(|r| turn_rule(r, frame)).collect();
        let shapes = page.shapes.iter().filter(|r| is_finite(r)).map(|r| frame.to_upright(*r)).collect();
        let recognised = page.recognised.iter().map(|piece| (piece.run, piece.clone())).collect();
        Self { number: page.number, width, height, frame, ink, rules, shapes, given: page.given, recognised }
    }

    /// How sure the text of a cell is; `None` where it was not recognised.
    pub(super) fn recognition(&self, ink: &[Ink], text: &str) -> Option<Recognition> {
        if self.recognised.is_empty() {
            return None;
        }
        let runs: BTreeSet<u32> = ink.iter().filter(|i| !i.is_blank()).map(|i| i.run).collect();
        let pieces: Vec<&Recognised> = runs.iter().filter_map(|run| self.recognised.get(run)).collect();
        // One piece may be another text, while the others stay what they are.
        let other = |piece: &Recognised, other: &str| {
            (text.matches(&piece.text).count() == 1).then(|| text.replacen(&piece.text, other, 1))
        };
        let others =
            pieces.iter().flat_map(|piece| piece.others.iter().filter_map(|text| other(piece, text))).collect();
        let sure = if runs.is_empty() {
            // Where nothing at all is sure, it is not sure either that a cell is blank.
            self.recognised.values().any(|piece| piece.sure)
        } else {
            pieces.len() == runs.len() && pieces.iter().all(|piece| piece.sure)
        };
        Some(Recognition { sure, others })
    }
}

impl Ink {
    fn of(g: &Glyph) -> Self {
        Self {
            ch: g.char,
            rect: g.bbox,
            origin: g.origin,
            size: g.size,
            turn: g.turn,
            bold: g.bold,
            run: g.run,
            font: g.font,
            blank: None,
        }
    }
}

fn is_finite(r: &Rect) -> bool {
    [r.x0, r.y0, r.x1, r.y1].iter().all(|v| v.is_finite() && v.abs() < 1e6)
}

/// Ink that a reader sees, with coordinates that can be compared.
fn is_sound(g: &Glyph) -> bool {
    g.layer == Layer::Ink
        && g.turn != Turn::Slanted
        && is_finite(&g.bbox)
        && g.origin.x.is_finite()
        && g.origin.y.is_finite()
        && g.size.is_finite()
        && g.size > 0.0
}

/// The direction of most of the text, when it is clearly most of it.
fn main_turn(glyphs: &[Glyph]) -> Turn {
    let count = |turn: Turn| {
        glyphs.iter().filter(|g| g.turn == turn && g.layer == Layer::Ink && !g.char.is_whitespace()).count()
    };
    let all = count(Turn::None) + count(Turn::Right) + count(Turn::Left) + count(Turn::Half);
    [Turn::Right, Turn::Left, Turn::Half].into_iter().find(|&t| count(t) * 10 > all * 6).unwrap_or_default()
}

fn turn_rule(rule: &Ruling, frame: Frame) -> Option<Ruling> {
    if ![rule.at, rule.from, rule.to, rule.width].iter().all(|v| v.is_finite() && v.abs() < 1e6) {
        return None;
    }
    let as_box = match rule.axis {
        Axis::Horizontal => Rect::new(rule.from, rule.at, rule.to, rule.at),
        Axis::Vertical => Rect::new(rule.at, rule.from, rule.at, rule.to),
    };
    let seen = frame.to_upright(as_box);
    let sideways = matches!(frame.turn, Turn::Left | Turn::Right);
    let axis = match (rule.axis, sideways) {
        (Axis::Horizontal, false) | (Axis::Vertical, true) => Axis::Horizontal,
        (Axis::Vertical, false) | (Axis::Horizontal, true) => Axis::Vertical,
    };
    Some(match axis {
        Axis::Horizontal => Ruling { axis, at: seen.y0, from: seen.x0, to: seen.x1, width: rule.width },
        Axis::Vertical => Ruling { axis, at: seen.x0, from: seen.y0, to: seen.y1, width: rule.width },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_there_and_back_changes_nothing() {
        let r = Rect::new(10.0, 20.0, 30.0, 25.0);
        for turn in [Turn::None, Turn::Right, Turn::Half, Turn::Left] {
            let frame = Frame::new(turn, 600.0, 800.0);
            assert_eq!(frame.to_page(frame.to_upright(r)), r, "{turn:?}");
        }
    }

    #[test]
    fn text_running_down_the_page_becomes_a_line() {
        let down = |y: f32| Glyph {
            char: 'a',
            bbox: Rect::new(100.0, y, 110.0, y + 5.0),
            origin: Point { x: 102.0, y },
            size: 10.0,
            turn: Turn::Right,
            layer: Layer::Ink,
            bold: false,
            run: 0,
            font: 0,
        };
        let page =
            Page { number: 1, width: 600.0, height: 800.0, glyphs: vec![down(50.0), down(55.0)], ..Page::default() };
        let upright = Upright::of(&page);
        let [a, b] = upright.ink.as_slice() else { panic!("two glyphs") };
        assert_eq!((a.turn, a.base(), b.base()), (Turn::None, 498.0, 498.0));
        assert!(a.rect.x1 <= b.rect.x0);
    }
}
