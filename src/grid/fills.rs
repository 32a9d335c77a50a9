//! Filled rectangles of a page in, the edges between them out: where two backgrounds of cells meet in different colours, or
//! with a white line between them, there is a border as good as a rule. Backgrounds of one colour that touch are one.

use crate::geom::{Rect, overlap};
use crate::page::{Axis, Fill, Ruling};

/// Backgrounds no farther apart than this, in points, meet.
const GAP: f32 = 4.0;
/// A gap wider than this, in points, is a white line.
const WHITE_LINE: f32 = 0.4;
/// They lie beside each other over this share of the shorter side.
const BESIDE: f32 = 0.8;
/// Smaller rectangles, in points, are marks and no backgrounds.
const LEAST: f32 = 6.0;
/// A page with more rectangles is a drawing.
const MOST: usize = 2_000;

/// The edges between the backgrounds.
pub(super) fn edges(fills: &[Fill]) -> Vec<Ruling> {
    let large = |f: &&Fill| f.bbox.width() >= LEAST && f.bbox.height() >= LEAST;
    let fills: Vec<Fill> = fills.iter().filter(large).copied().collect();
    if fills.len() < 2 || fills.len() > MOST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for axis in [Axis::Horizontal, Axis::Vertical] {
        // Along the edge, and across it.
        let spans = |r: &Rect| match axis {
            Axis::Horizontal => ((r.x0, r.x1), (r.y0, r.y1)),
            Axis::Vertical => ((r.y0, r.y1), (r.x0, r.x1)),
        };
        let mut sorted: Vec<&Fill> = fills.iter().collect();
        let start = |f: &Fill| spans(&f.bbox).1.0;
        sorted.sort_by(|a, b| start(a).total_cmp(&start(b)));
        for first in &fills {
            let (along, across) = spans(&first.bbox);
            let from = sorted.partition_point(|f| start(f) < across.1 - WHITE_LINE);
            for next in sorted.iter().skip(from).take_while(|f| start(f) <= across.1 + GAP) {
                let (other, beyond) = spans(&next.bbox);
                let shared = overlap(along, other);
                let shorter = (along.1 - along.0).min(other.1 - other.0);
                let told = first.rgb != next.rgb || beyond.0 - across.1 > WHITE_LINE;
                if told && shared >= BESIDE * shorter {
                    let at = f32::midpoint(across.1, beyond.0);
                    let (from, to) = (along.0.max(other.0), along.1.min(other.1));
                    found.push(Ruling { axis, at, from, to, width: 0.0 });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(x0: f32, y0: f32, rgb: [u8; 3]) -> Fill {
        Fill { bbox: Rect::new(x0, y0, x0 + 80.0, y0 + 18.0), rgb }
    }

    #[test]
    fn backgrounds_of_two_colours_and_white_lines_are_borders() {
        let (dark, light) = ([0, 0, 90], [220, 220, 255]);
        let found = edges(&[fill(0.0, 0.0, dark), fill(0.0, 18.0, light), fill(81.0, 18.0, light)]);
        let seen: Vec<(Axis, f32)> = found.iter().map(|r| (r.axis, r.at)).collect();
        assert_eq!(seen, [(Axis::Horizontal, 18.0), (Axis::Vertical, 80.5)]);
    }

    #[test]
    fn backgrounds_of_one_colour_that_touch_are_one() {
        let light = [220, 220, 255];
        assert_eq!(edges(&[fill(0.0, 0.0, light), fill(0.0, 18.0, light)]), []);
    }
}
