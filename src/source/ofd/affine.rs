//! Affine maps of the plane, and the lists of numbers that they and boxes are written as.

use crate::geom::{Point, Rect};

/// Numbers beyond this mean nothing on a page.
const LARGEST: f64 = 1e7;

/// `x' = a x + c y + e`, `y' = b x + d y + f`, in the order a b c d e f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine(pub(super) [f64; 6]);

impl Affine {
    pub(super) const fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    pub(super) const fn scale(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// A turn, clockwise where y grows downwards.
    pub(super) fn turn(degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self([cos, sin, -sin, cos, 0.0, 0.0])
    }

    /// The map that does `first` and then this one.
    pub(super) fn after(self, first: Self) -> Self {
        let (right, down) = (self.direct(first.0[0], first.0[1]), self.direct(first.0[2], first.0[3]));
        let origin = self.apply(first.0[4], first.0[5]);
        Self([right.0, right.1, down.0, down.1, origin.0, origin.1])
    }

    /// Where a direction leads.
    fn direct(self, x: f64, y: f64) -> (f64, f64) {
        let m = self.0;
        (m[0] * x + m[2] * y, m[1] * x + m[3] * y)
    }

    fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let (right, down) = self.direct(x, y);
        (right + self.0[4], down + self.0[5])
    }

    pub(super) fn point(self, (x, y): (f64, f64)) -> Point {
        let (x, y) = self.apply(x, y);
        Point { x: narrow(x), y: narrow(y) }
    }

    /// The box around the image of a box.
    pub(super) fn bounds(self, [x, y, w, h]: [f64; 4]) -> Rect {
        let [first, rest @ ..] =
            [(x, y), (x + w, y), (x, y + h), (x + w, y + h)].map(|corner| self.point(corner)).map(dot);
        rest.iter().fold(first, |sum, corner| sum.union(corner))
    }

    /// By how much it widens lines.
    pub(super) fn growth(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }
}

fn dot(p: Point) -> Rect {
    Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y }
}

#[expect(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
pub(super) fn narrow(x: f64) -> f32 {
    x as f32
}

/// A number that can be one of a page.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.abs() <= LARGEST)
}

/// A list of exactly so many numbers.
pub(super) fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let mut words = words(text);
    let mut out = [0.0; N];
    for slot in &mut out {
        *slot = number(words.next()?)?;
    }
    words.next().is_none().then_some(out)
}

/// The pieces of a list; some writers put commas.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_follow_each_other() {
        let map = Affine::shift(10.0, 0.0).after(Affine::turn(90.0)).after(Affine::scale(2.0, 3.0));
        assert_eq!(map.point((1.0, 1.0)), Point { x: 7.0, y: 2.0 });
        assert_eq!(map.bounds([0.0, 0.0, 1.0, 1.0]), Rect { x0: 7.0, y0: 0.0, x1: 10.0, y1: 2.0 });
        assert!((map.growth() - 6.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn lists_of_numbers() {
        assert_eq!(numbers("1 -2.5,3e1 "), Some([1.0, -2.5, 30.0]));
        for bad in ["1 2", "1 2 3 4", "1 2 x", "1 2 NaN", "1 2 inf", "1 2 1e300"] {
            assert_eq!(numbers::<3>(bad), None, "{bad}");
        }
    }
}
