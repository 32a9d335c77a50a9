//! Text that an earlier recognition laid beneath a picture, against what the picture shows: where both say the same a
//! reading is sure, where they differ each may be right. By itself the text is never sure: nobody sees it, so nobody has
//! corrected it.

use super::Sheet;
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
    let boxes = boxes(glyphs);
    for piece in recognised {
        let Some(area) = boxes.get(&piece.run).filter(|_| is_figure(&piece.text) || !piece.sure) else { continue };
        // In the order of the file, which is that of reading however the page is turned.
        let under = hidden.iter().filter(|glyph| area.contains(glyph.bbox.center()));
        let text: String = under.map(|glyph| glyph.char).collect();
        if fold(&text) == fold(&piece.text) {
            piece.sure = true;
        } else if is_figure(&text) {
            piece.sure = false;
            piece.others.retain(|other| *other != text);
            piece.others.insert(0, text);
        }
    }
}

/// Characters typed on the page that the picture does not show: its renderer has no fonts but those in the file. They come
/// in the straightened frame; being none of the pieces that were recognised, they are not sure.
pub(super) fn typed(page: &Page, sheet: &Sheet) -> Vec<Glyph> {
    let seen = boxes(&sheet.glyphs);
    let readable =
        |g: &&Glyph| g.layer == Layer::Ink && !g.char.is_whitespace() && g.char != char::REPLACEMENT_CHARACTER;
    let typed: Vec<Glyph> = page.glyphs.iter().filter(readable).copied().collect();
    let first = sheet.recognised.iter().map(|piece| piece.run + 1).max().unwrap_or(0);
    let typed = straightened(&typed, page.width, page.height, sheet.tilt).into_iter();
    let unseen = typed.filter(|glyph| !seen.values().any(|area| area.contains(glyph.bbox.center())));
    unseen.map(|glyph| Glyph { run: glyph.run.saturating_add(first), ..glyph }).collect()
}

/// The box around each run.
fn boxes(glyphs: &[Glyph]) -> BTreeMap<u32, Rect> {
    let mut boxes: BTreeMap<u32, Rect> = BTreeMap::new();
    for glyph in glyphs {
        boxes.entry(glyph.run).and_modify(|b| *b = b.union(&glyph.bbox)).or_insert(glyph.bbox);
    }
    boxes
}

/// Whether a text is a figure and nothing else.
pub(super) fn is_figure(text: &str) -> bool {
    let folded = fold(text);
    folded.chars().any(|c| c.is_ascii_digit()) && folded.chars().all(|c| c.is_ascii_digit() || ".,-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Turn;

    fn glyphs(text: &str, x: f32, run: u32, layer: Layer) -> Vec<Glyph> {
        let glyph = |(n, char): (u8, char)| {
            let x = x + 6.0 * f32::from(n);
            let bbox = Rect::new(x, 100.0, x + 6.0, 112.0);
            let origin = Point { x, y: 110.0 };
            Glyph { char, bbox, origin, size: 12.0, turn: Turn::None, layer, bold: false, run, font: 0 }
        };
        (0u8..).zip(text.chars()).map(glyph).collect()
    }

    fn compared(read: &str, sure: bool, layer: &str) -> Recognised {
        let mut piece = [Recognised { run: 1, text: read.into(), sure, others: vec!["9".into()] }];
        compare(&mut piece, &glyphs(read, 50.0, 1, Layer::Ink), &glyphs(layer, 50.0, 7, Layer::Invisible));
        let [piece] = piece;
        piece
    }

    #[test]
    fn agreement_makes_sure_and_another_figure_makes_unsure() {
        assert!(compared("37", false, "37").sure);
        let other = compared("37", true, "31");
        assert_eq!((other.sure, other.others), (false, vec!["31".to_owned(), "9".to_owned()]));
    }

    #[test]
    fn words_of_the_layer_say_nothing_against_a_figure() {
        assert!(compared("0", true, "站").sure);
        assert!(compared("0", true, "").sure);
        assert!(!compared("0", false, "本").sure);
    }

    #[test]
    fn the_layer_alone_is_never_sure() {
        let (glyphs, pieces) = believed(glyphs("37", 50.0, 7, Layer::Invisible));
        assert!(glyphs.iter().all(|g| g.layer == Layer::Ink));
        assert_eq!(pieces, [Recognised { run: 7, text: "37".into(), sure: false, others: Vec::new() }]);
    }

    #[test]
    fn what_was_typed_over_a_picture_is_kept_where_the_picture_does_not_show_it() {
        let typed_over = [
            glyphs("5", 50.0, 3, Layer::Ink),
            glyphs("8", 150.0, 4, Layer::Ink),
            glyphs("9", 250.0, 5, Layer::Watermark),
        ];
        let page = Page { width: 600.0, height: 800.0, glyphs: typed_over.concat(), ..Page::default() };
        let piece = Recognised { run: 0, text: "5".into(), sure: true, others: Vec::new() };
        let seen = Sheet { glyphs: glyphs("5", 49.0, 0, Layer::Ink), recognised: vec![piece], ..Sheet::default() };
        let kept: Vec<(char, u32)> = typed(&page, &seen).iter().map(|g| (g.char, g.run)).collect();
        assert_eq!(kept, [('8', 5)], "not the mark beneath, nor what was recognised");
    }

    #[test]
    fn a_tilted_layer_is_straightened_about_the_middle_of_the_page() {
        let there = straightened(&glyphs("1", 297.0, 1, Layer::Invisible), 600.0, 212.0, 0.05);
        assert!((there[0].bbox.center().x - 300.0).abs() < 1e-3, "the middle stays");
        let far = straightened(&glyphs("1", 497.0, 1, Layer::Invisible), 600.0, 212.0, 0.05);
        assert!((far[0].bbox.center().y - (106.0 + 200.0 * 0.05f32.sin())).abs() < 0.01);
    }
}
