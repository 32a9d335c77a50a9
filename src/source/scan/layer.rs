//! Text that an earlier recognition laid beneath a picture, against what the picture shows: where both say the same a
//! reading is sure, where they differ each may be right. By itself the text is never sure: nobody sees it, so nobody has
//! corrected it.

use crate::geom::{Point, Rect};
use crate::number::fold;
use crate::page::{Glyph, Layer, Page, Recognised};
use std::collections::BTreeMap;

/// The hidden characters of a page.
pub(super) fn hidden(page: &Page) -> Vec<Glyph> {
    let hidden = page.glyphs.iter().filter(|glyph| glyph.layer == Layer::Invisible && !glyph.char.is_whitespace());
    hidden.copied().collect()
}

/// The characters in the frame of the straightened page; see [`Page::tilt`].
pub(super) fn straightened(hidden: &[Glyph], width: f32, height: f32, tilt: f32) -> Vec<Glyph> {
    let (sin, cos) = tilt.sin_cos();
    let (cx, cy) = (width / 2.0, height / 2.0);
    let straight = |p: Point| {
        let (dx, dy) = (p.x - cx, p.y - cy);
        Point { x: cx + dx * cos - dy * sin, y: cy + dx * sin + dy * cos }
    };
    let moved = |glyph: &Glyph| {
        let (from, to) = (glyph.bbox.center(), straight(glyph.bbox.center()));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let b = glyph.bbox;
        Glyph {
            bbox: Rect { x0: b.x0 + dx, y0: b.y0 + dy, x1: b.x1 + dx, y1: b.y1 + dy },
            origin: Point { x: glyph.origin.x + dx, y: glyph.origin.y + dy },
            ..*glyph
        }
    };
    hidden.iter().map(moved).collect()
}

/// The layer as the page's text, for want of anything better.
pub(super) fn believed(hidden: Vec<Glyph>) -> (Vec<Glyph>, Vec<Recognised>) {
    let mut words: BTreeMap<u32, String> = BTreeMap::new();
    for glyph in &hidden {
        words.entry(glyph.run).or_default().push(glyph.char);
    }
    let glyphs = hidden.into_iter().map(|glyph| Glyph { layer: Layer::Ink, ..glyph }).collect();
    let unsure = |(run, text)| Recognised { run, text, sure: false, others: Vec::new() };
    (glyphs, words.into_iter().map(unsure).collect())
}

/// Holds the layer against what was read. Only figures are compared: the layer's words would prove nothing.
pub(super) fn compare(recognised: &mut [Recognised], glyphs: &[Glyph], hidden: &[Glyph]) {
    let mut boxes: BTreeMap<u32, Rect> = BTreeMap::new();
    for glyph in glyphs {
        boxes.entry(glyph.run).and_modify(|b| *b = b.union(&glyph.bbox)).or_insert(glyph.bbox);
    }
    for piece in recognised {
        let Some(area) = boxes.get(&piece.run).filter(|_| is_figure(&piece.text) || !piece.sure) else { continue };
        let mut under: Vec<&Glyph> = hidden.iter().filter(|glyph| area.contains(glyph.bbox.center())).collect();
        under.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        let text: String = under.iter().map(|glyph| glyph.char).collect();
        if fold(&text) == fold(&piece.text) {
            piece.sure = true;
        } else if is_figure(&text) {
            piece.sure = false;
            piece.others.retain(|other| *other != text);
            piece.others.insert(0, text);
        }
    }
}

fn is_figure(text: &str) -> bool {
    let folded = fold(text);
    folded.chars().any(|c| c.is_ascii_digit()) && folded.chars().all(|c| c.is_ascii_digit() || ".,-".contains(c))
}
