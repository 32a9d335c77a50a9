//! Ink of a page in, whatever format drew it; a [`crate::page::Page`] out.
//!
//! ```text
//! glyphs, paths, boxes ─canvas→ clipped, counted ─rulings, layers→ Page ─report→ findings
//! ```
//! Readers bring everything into points as the page is seen before it comes here; nothing here knows a file type.

pub(crate) mod canvas;
pub(crate) mod characters;
mod layers;
pub(crate) mod paint;
pub(crate) mod paths;
pub(crate) mod report;
mod rulings;

use crate::geom::Rect;
use crate::page::Turn;

/// Usual extent of a glyph below and above the baseline, in ems.
pub(crate) const BELOW: f64 = 0.12;
pub(crate) const ABOVE: f64 = 0.88;

/// The part of `a` inside `b`; an edge counts.
pub(crate) fn intersect(a: &Rect, b: &Rect) -> Option<Rect> {
    let r = Rect { x0: a.x0.max(b.x0), y0: a.y0.max(b.y0), x1: a.x1.min(b.x1), y1: a.y1.min(b.y1) };
    (r.x0 <= r.x1 && r.y0 <= r.y1).then_some(r)
}

/// Whether a font's name says bold.
pub(crate) fn is_bold(font: &str) -> bool {
    ["Bold", "bold", "Black", "Heavy", "粗"].iter().any(|word| font.contains(word))
}

/// Which way a baseline of this direction runs, on a page whose y grows downwards.
pub(crate) fn turn(x: f64, y: f64) -> Turn {
    /// About three degrees: scans and stamps are never quite straight.
    const SLANT: f64 = 0.05;
    if y.abs() <= SLANT * x.abs() {
        if x >= 0.0 { Turn::None } else { Turn::Half }
    } else if x.abs() <= SLANT * y.abs() {
        if y > 0.0 { Turn::Right } else { Turn::Left }
    } else {
        Turn::Slanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns() {
        let turns = [(1.0, 0.01), (-1.0, 0.0), (0.0, 1.0), (0.01, -1.0), (1.0, 1.0)].map(|(x, y)| turn(x, y));
        assert_eq!(turns, [Turn::None, Turn::Half, Turn::Right, Turn::Left, Turn::Slanted]);
    }
}
