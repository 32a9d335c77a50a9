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
        let level = (ruling.axis == Axis::Horizontal) == self.quarters.is_multiple_of(2);
        let (axis, at, from, to) = if level {
            (Axis::Horizontal, line.y0, line.x0, line.x1)
        } else {
            (Axis::Vertical, line.x0, line.y0, line.y1)
        };
        Ruling { axis, at, from, to, width: ruling.width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_turned_comes_back_to_its_place() {
        // On a page of 600 by 800 turned clockwise, the upper left corner shows what was at the lower left.
        let turned = |quarters| Turned { quarters, width: 600.0, height: 800.0 };
        let r = Rect::new(0.0, 0.0, 10.0, 5.0);
        assert_eq!(turned(1).rect(r), Rect::new(0.0, 790.0, 5.0, 800.0));
        assert_eq!(turned(2).rect(r), Rect::new(590.0, 795.0, 600.0, 800.0));
        assert_eq!(turned(3).rect(r), Rect::new(595.0, 0.0, 600.0, 10.0));
        let line = Ruling { axis: Axis::Horizontal, at: 100.0, from: 20.0, to: 50.0, width: 1.0 };
        let upright = turned(1).ruling(line);
        assert_eq!((upright.axis, upright.at, upright.from, upright.to), (Axis::Vertical, 100.0, 750.0, 780.0));
    }
}
