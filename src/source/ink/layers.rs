//! Tells ink from what only looks like it: hidden text, watermarks, and glyphs struck twice.

use super::paint::{Paint, Rgb, distance};
use crate::geom::{Point, Rect};
use crate::page::{Glyph, Layer, Page, Turn};
use std::collections::BTreeMap;

/// Colours that differ by no more than this cannot be told apart.
const SAME_COLOUR: u8 = 12;
/// Colours that differ by no more than this are faint.
const FAINT: u8 = 45;
/// Faint text this many times larger than the page's is a watermark.
const LARGE: f32 = 1.8;
/// Text this many times larger that lies over other text is a watermark, whatever its colour.
const HUGE: f32 = 4.0;
/// The same character again within this share of its size is the same glyph.
const STRUCK_TWICE: f32 = 0.1;
/// Grounds further below than this are not looked at: a page of a report has some hundred.
const DEEPEST_GROUND: usize = 2_000;
/// No more huge glyphs than this are looked at.
const MOST_HUGE: usize = 200;

/// How a glyph was painted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) paint: Paint,
    /// How many grounds had been laid before it.
    pub(crate) grounds: usize,
}

/// Something that covers an area; its colour is unknown for images and patterns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    pub(crate) bbox: Rect,
    pub(crate) rgb: Rgb,
}

/// The colour of the topmost ground at `p`; `None` when it is not known. Bare paper is white.
pub(crate) fn ground(grounds: &[Ground], p: Point) -> Rgb {
    grounds
        .iter()
        .rev()
        .take(DEEPEST_GROUND)
        .find(|ground| ground.bbox.contains(p))
        .map_or(Some([255; 3]), |ground| ground.rgb)
}

/// Sets the layer of each glyph and drops those that are struck twice.
pub(crate) fn settle(page: &mut Page, ink: &[Ink], grounds: &[Ground]) {
    let usual = median_size(&page.glyphs);
    // Most text of a page has one colour, and few pages have a ground of a like one.
    let mut last = (None, false);
    for (glyph, ink) in page.glyphs.iter_mut().zip(ink) {
        if last.0 != ink.paint.rgb {
            last = (ink.paint.rgb, ink.paint.rgb.is_some_and(|rgb| may_be_faint(rgb, grounds)));
        }
        if glyph.layer == Layer::Ink {
            glyph.layer = layer(glyph, *ink, grounds, usual, last.1);
        }
    }
    let huge = page.glyphs.iter().enumerate().filter(|(_, g)| g.layer == Layer::Ink && g.size > HUGE * usual);
    let huge: Vec<usize> = huge.map(|(i, _)| i).take(MOST_HUGE).collect();
    for index in huge {
        if lies_over_text(&page.glyphs, index)
            && let Some(glyph) = page.glyphs.get_mut(index)
        {
            glyph.layer = Layer::Watermark;
        }
    }
    drop_struck_twice(&mut page.glyphs);
}

/// Whether there is paper or a ground from which this colour can hardly be told.
fn may_be_faint(rgb: [u8; 3], grounds: &[Ground]) -> bool {
    let near = |other: [u8; 3]| distance(other, rgb) <= FAINT;
    near([255; 3]) || grounds.iter().filter_map(|ground| ground.rgb).any(near)
}

fn layer(glyph: &Glyph, ink: Ink, grounds: &[Ground], usual: f32, may_be_faint: bool) -> Layer {
    if glyph.turn == Turn::Slanted {
        return Layer::Watermark;
    }
    let Paint { rgb, alpha } = ink.paint;
    if alpha < 0.12 || (alpha < 0.6 && glyph.size > LARGE * usual) {
        return Layer::Watermark;
    }
    let Some(rgb) = rgb.filter(|_| may_be_faint) else { return Layer::Ink };
    let below = grounds.get(..ink.grounds).unwrap_or(grounds);
    match ground(below, glyph.bbox.center()).map(|ground| distance(ground, rgb)) {
        Some(0..=SAME_COLOUR) => Layer::Concealed,
        Some(..=FAINT) if glyph.size > LARGE * usual => Layer::Watermark,
        _ => Layer::Ink,
    }
}

fn median_size(glyphs: &[Glyph]) -> f32 {
    let mut sizes: Vec<f32> = glyphs.iter().filter(|g| g.turn != Turn::Slanted).map(|g| g.size).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() { f32::INFINITY } else { *sizes.select_nth_unstable_by(middle, f32::total_cmp).1 }
}

/// Whether several other glyphs stand within the box of this one.
fn lies_over_text(glyphs: &[Glyph], index: usize) -> bool {
    let Some(large) = glyphs.get(index) else { return false };
    let within =
        |g: &&Glyph| g.layer == Layer::Ink && g.size * 2.0 < large.size && large.bbox.contains(g.bbox.center());
    glyphs.iter().filter(within).take(3).count() == 3
}

/// Keeps the first of glyphs of one character at one place, as bold. Looks only at neighbours in a coarse lattice.
fn drop_struck_twice(glyphs: &mut Vec<Glyph>) {
    const CELL: f32 = 8.0;
    const MOST_IN_CELL: usize = 32;
    let mut seen: BTreeMap<(char, i32, i32), Vec<usize>> = BTreeMap::new();
    let mut again = vec![false; glyphs.len()];
    for index in 0..glyphs.len() {
        let Some(&glyph) = glyphs.get(index) else { break };
        if glyph.layer != Layer::Ink || glyph.char == ' ' {
            continue;
        }
        let reach = STRUCK_TWICE * glyph.size;
        let [x0, x1, y0, y1] =
            [glyph.origin.x - reach, glyph.origin.x + reach, glyph.origin.y - reach, glyph.origin.y + reach]
                .map(|v| whole(v / CELL));
        let close = |other: &usize| {
            glyphs.get(*other).is_some_and(|o| {
                (o.origin.x - glyph.origin.x).abs() < reach
                    && (o.origin.y - glyph.origin.y).abs() < reach
                    && (o.size - glyph.size).abs() < reach
            })
        };
        let cells = (x0..=x1.min(x0 + 4)).flat_map(|x| (y0..=y1.min(y0 + 4)).map(move |y| (x, y)));
        let twin = cells
            .filter_map(|(x, y)| seen.get(&(glyph.char, x, y)))
            .find_map(|cell| cell.iter().rev().take(MOST_IN_CELL).copied().find(|i| close(i)));
        if let Some(twin) = twin {
            if let Some(first) = glyphs.get_mut(twin) {
                first.bold = true;
            }
            if let Some(again) = again.get_mut(index) {
                *again = true;
            }
        } else {
            let home = (glyph.char, whole(glyph.origin.x / CELL), whole(glyph.origin.y / CELL));
            seen.entry(home).or_default().push(index);
        }
    }
    let mut again = again.into_iter();
    glyphs.retain(|_| !again.next().unwrap_or(false));
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and nothing on a page is so far away")]
fn whole(x: f32) -> i32 {
    x.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(char: char, x: f32, y: f32, size: f32) -> Glyph {
        Glyph {
            char,
            bbox: Rect::new(x, y - 0.88 * size, x + size, y + 0.12 * size),
            origin: Point { x, y },
            size,
            turn: Turn::None,
            layer: Layer::Ink,
            bold: false,
            run: 0,
            font: 0,
        }
    }

    fn settled(glyphs: Vec<Glyph>, rgb: Rgb, grounds: &[Ground]) -> Vec<Glyph> {
        let ink = Ink { paint: Paint { rgb, alpha: 1.0 }, grounds: grounds.len() };
        let inks = vec![ink; glyphs.len()];
        let mut page = Page { glyphs, ..Page::default() };
        settle(&mut page, &inks, grounds);
        page.glyphs
    }

    #[test]
    fn white_is_ink_on_a_dark_ground_only() {
        let header = Ground { bbox: Rect::new(0.0, 0.0, 100.0, 30.0), rgb: Some([0, 60, 120]) };
        let glyphs = || vec![glyph('总', 10.0, 20.0, 10.0)];
        assert_eq!(settled(glyphs(), Some([255; 3]), &[header])[0].layer, Layer::Ink);
        assert_eq!(settled(glyphs(), Some([255; 3]), &[])[0].layer, Layer::Concealed);
        assert_eq!(settled(glyphs(), Some([0; 3]), &[header])[0].layer, Layer::Ink);
    }

    #[test]
    fn struck_twice_is_bold() {
        let twice = vec![glyph('7', 10.0, 20.0, 10.0), glyph('7', 10.4, 20.0, 10.0), glyph('7', 15.0, 20.0, 10.0)];
        let glyphs = settled(twice, Some([0; 3]), &[]);
        assert_eq!(glyphs.iter().map(|g| g.bold).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn huge_text_over_text_is_a_watermark() {
        let mut glyphs: Vec<Glyph> = (0u8..6).map(|i| glyph('1', 12.0 + 9.0 * f32::from(i), 60.0, 8.0)).collect();
        glyphs.push(glyph('样', 10.0, 80.0, 60.0));
        let layers: Vec<Layer> = settled(glyphs, Some([90; 3]), &[]).iter().map(|g| g.layer).collect();
        assert_eq!(layers.iter().filter(|l| **l == Layer::Ink).count(), 6);
        assert_eq!(layers.last(), Some(&Layer::Watermark));
    }
}
