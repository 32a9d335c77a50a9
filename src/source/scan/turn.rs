//! What was seen on a page that was turned upright, brought back to the page as it is.

use crate::geom::{Point, Rect};
use crate::page::{Axis, Glyph, Ruling, Turn};

/// A page turned clockwise by quarters; sides in points, of the page as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Turned {
    pub(super) quarters: u8,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Turned {
    fn point(self, p: Point) -> Point {
        match self.quarters {
            1 => Point { x: p.y, y: self.height - p.x },
            2 => Point { x: self.width - p.x, y: self.height - p.y },
            3 => Point { x: self.width - p.y, y: p.x },
            _ => p,
        }
    }

    fn rect(self, r: Rect) -> Rect {
        let (a, b) = (self.point(Point { x: r.x0, y: r.y0 }), self.point(Point { x: r.x1, y: r.y1 }));
        Rect::new(a.x, a.y, b.x, b.y)
    }

    /// A glyph of the upright page, as it stands on the page.
    pub(super) fn glyph(self, glyph: Glyph) -> Glyph {
        let turn = match self.quarters {
            1 => Turn::Left,
            2 => Turn::Half,
            3 => Turn::Right,
            _ => Turn::None,
        };
        Glyph { bbox: self.rect(glyph.bbox), origin: self.point(glyph.origin), turn, ..glyph }
    }

    /// A ruling of the upright page, as it stands on the page.
    pub(super) fn ruling(self, ruling: Ruling) -> Ruling {
        let line = match ruling.axis {
            Axis::Horizontal => Rect::new(ruling.from, ruling.at, ruling.to, ruling.at),
            Axis::Vertical => Rect::new(ruling.at, ruling.from, ruling.at, ruling.to),
        };
        let line = self.rect(line);
        let level = (ruling.axis == Axis::Horizontal) == (self.quarters % 2 == 0);
        let (axis, at, from, to) = if level {
            (Axis::Horizontal, line.y0, line.x0, line.x1)
        } else {
            (Axis::Vertical, line.x0, line.y0, line.y1)
        };
        Ruling { axis, at, from, to, width: ruling.width }
    }
}
