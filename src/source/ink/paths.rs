//! A path, in page space, and what of it may be a ruling or a background.

use crate::geom::{Point, Rect};

/// A path under construction; points are already on the page.
#[derive(Debug, Default)]
pub(crate) struct Path {
    points: Vec<Point>,
    parts: Vec<Part>,
}

/// Deviation up to which corners are taken to lie on a line, in points.
const STRAIGHT: f32 = 0.3;

#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    closed: bool,
    curved: bool,
}

/// One subpath.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subpath<'p> {
    /// Its corners.
    pub(crate) points: &'p [Point],
    /// Whether the last corner is joined to the first.
    pub(crate) closed: bool,
    /// Whether some of it is curved; curves are kept as the chord.
    pub(crate) curved: bool,
}

impl Path {
    pub(crate) fn clear(&mut self) {
        self.points.clear();
        self.parts.clear();
    }

    pub(crate) fn move_to(&mut self, p: Point) {
        self.parts.push(Part { start: self.points.len(), closed: false, curved: false });
        self.points.push(p);
    }

    pub(crate) fn line_to(&mut self, p: Point) {
        match self.parts.last().copied() {
            None => return,
            // After a closing the pen is back at the start of the closed part.
            Some(part) if part.closed => {
                if let Some(start) = self.points.get(part.start).copied() {
                    self.move_to(start);
                }
            }
            Some(_) => {}
        }
        self.points.push(p);
    }

    pub(crate) fn curve_to(&mut self, p: Point) {
        self.line_to(p);
        if let Some(part) = self.parts.last_mut() {
            part.curved = true;
        }
    }

    pub(crate) fn close(&mut self) {
        if let Some(part) = self.parts.last_mut() {
            part.closed = true;
        }
    }

    pub(crate) fn rect(&mut self, corners: [Point; 4]) {
        let [first, rest @ ..] = corners;
        self.move_to(first);
        self.points.extend(rest);
        self.close();
    }

    pub(crate) fn subpaths(&self) -> impl Iterator<Item = Subpath<'_>> {
        self.parts.iter().enumerate().map(|(i, part)| {
            let end = self.parts.get(i + 1).map_or(self.points.len(), |next| next.start);
            let points = self.points.get(part.start..end).unwrap_or_default();
            Subpath { points, closed: part.closed, curved: part.curved }
        })
    }

    pub(crate) fn bounds(&self) -> Option<Rect> {
        bounds(&self.points)
    }
}

impl Subpath<'_> {
    pub(crate) fn bounds(&self) -> Option<Rect> {
        bounds(self.points)
    }

    /// Whether its corners are those of an upright rectangle.
    pub(crate) fn is_rect(&self) -> bool {
        let Some(b) = self.bounds() else { return false };
        let near = |a: f32, b: f32| (a - b).abs() < STRAIGHT;
        !self.curved
            && (4..=6).contains(&self.points.len())
            && self.points.iter().all(|p| (near(p.x, b.x0) || near(p.x, b.x1)) && (near(p.y, b.y0) || near(p.y, b.y1)))
    }

    /// The edges; of a curved part only the chords.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let closing = self.closed.then(|| Some((*self.points.last()?, *self.points.first()?))).flatten();
        self.points.windows(2).filter_map(|w| Some((*w.first()?, *w.last()?))).chain(closing)
    }
}

fn bounds(points: &[Point]) -> Option<Rect> {
    Rect::around(points.iter().map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_line_after_a_closing_starts_where_the_part_began() {
        let mut path = Path::default();
        path.rect([p(0.0, 0.0), p(9.0, 0.0), p(9.0, 5.0), p(0.0, 5.0)]);
        path.line_to(p(20.0, 0.0));
        let parts: Vec<_> = path.subpaths().collect();
        assert_eq!(parts.len(), 2);
        assert!(parts[0].is_rect() && !parts[1].is_rect());
        assert_eq!(parts[0].edges().count(), 4);
        assert_eq!(parts[1].edges().collect::<Vec<_>>(), [(p(0.0, 0.0), p(20.0, 0.0))]);
    }
}
