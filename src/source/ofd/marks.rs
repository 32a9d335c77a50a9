//! Objects of a page in, ink on a canvas out: glyphs, rulings, fills, and the boxes of images and shapes.

use super::affine::{Affine, narrow};
use super::node::Node;
use super::path;
use super::resources::Font;
use super::text::{Letter, Pen, Setting};
use super::walk::{Look, Sink};
use crate::error::Result;
use crate::limits::Limits;
use crate::page::{Glyph, Layer};
use crate::source::ink::canvas::Canvas;
use crate::source::ink::characters::{fold, trusted, zero_width};
use crate::source::ink::intersect;
use crate::source::ink::paint::{BLACK, Paint};
use crate::source::ink::{ABOVE, BELOW, turn};
use std::collections::BTreeMap;

/// Fonts that showed what is no character: by index, their name and the first page.
pub(super) type Unread = BTreeMap<u16, (String, u32)>;

/// Draws on the canvas of one page.
pub(super) struct Marks<'m> {
    pub(super) canvas: Canvas<'m>,
    unread: &'m mut Unread,
    page: u32,
    limits: &'m Limits,
    runs: u32,
    shown: u64,
}

/// What the letters of one text object have in common.
struct Type {
    setting: Setting,
    font: Font,
    layer: Layer,
    bold: bool,
    paint: Paint,
}

impl<'m> Marks<'m> {
    pub(super) fn new(width: f32, height: f32, unread: &'m mut Unread, page: u32, limits: &'m Limits) -> Self {
        Self { canvas: Canvas::new(width, height, limits), unread, page, limits, runs: 0, shown: 0 }
    }

    /// Shows the letters of one object with the numbers of their runs.
    fn letters(&mut self, letters: &[(u32, Letter)], kind: &Type, look: &Look<'_>) -> Result<()> {
        let letters = letters.iter().filter(|(_, letter)| !zero_width(letter.char));
        let glyphs: Vec<Glyph> = letters.map(|(run, letter)| glyph(*run, *letter, kind, look)).collect();
        // An object is cut to its box. Writers often make the box a little too small, so that text is left out only when
        // all of it lies elsewhere: half a number would be another one.
        let within = |glyph: &Glyph| look.bounds.is_none_or(|bounds| intersect(&bounds, &glyph.bbox).is_some());
        if !glyphs.iter().any(within) {
            return Ok(());
        }
        for glyph in glyphs {
            let seen = self.canvas.glyph(glyph, kind.paint, &look.clip)?;
            if seen && glyph.char == '\u{FFFD}' && kind.layer == Layer::Ink {
                let font = &kind.font;
                self.unread.entry(font.index).or_insert_with(|| (font.name.clone(), self.page));
            }
        }
        Ok(())
    }
}

fn glyph(run: u32, letter: Letter, kind: &Type, look: &Look<'_>) -> Glyph {
    let Type { setting, font, layer, bold, .. } = kind;
    let map = look.map.after(Affine::shift(letter.at.0, letter.at.1)).after(Affine::turn(setting.turn));
    let em = map.after(Affine::scale(setting.size * setting.stretch, setting.size));
    let [a, b, c, d, ..] = em.0;
    Glyph {
        char: if trusted(letter.char) { fold(letter.char) } else { '\u{FFFD}' },
        bbox: map.bounds([0.0, -ABOVE * setting.size, letter.width, (ABOVE + BELOW) * setting.size]),
        origin: map.point((0.0, 0.0)),
        size: narrow(c.hypot(d)),
        turn: turn(a, b),
        layer: *layer,
        bold: *bold,
        run,
        font: font.index,
    }
}

impl Sink for Marks<'_> {
    fn text(&mut self, node: &Node, look: &Look<'_>) -> Result<()> {
        const BOLD: f64 = 600.0;
        let Some(setting) = Setting::of(node) else { return Ok(()) };
        let paint = look.fill.or(look.stroke);
        let font = node.id("Font").and_then(|id| look.resources.font(&id)).cloned().unwrap_or_default();
        let kind = Type {
            setting,
            bold: font.bold
                || node.number("Weight").is_some_and(|weight| weight >= BOLD)
                || (look.fill.is_some() && look.stroke.is_some()),
            font,
            layer: match paint {
                None => Layer::Invisible,
                Some(paint) if paint.alpha <= 0.0 => Layer::Invisible,
                Some(_) if look.watermark => Layer::Watermark,
                Some(_) => Layer::Ink,
            },
            paint: paint.unwrap_or(Paint { rgb: BLACK, alpha: 0.0 }),
        };
        let (mut pen, mut transforms, mut letters) = (Pen::default(), Vec::new(), Vec::new());
        for child in &node.children {
            if child.is("CGTransform") {
                transforms.push(child);
            } else if child.is("TextCode") {
                self.runs += 1;
                self.shown += child.text.chars().count() as u64;
                Limits::check("glyphs", self.shown, self.limits.glyphs)?;
                let set = pen.set(child, &std::mem::take(&mut transforms), &kind.setting);
                letters.extend(set.into_iter().map(|letter| (self.runs, letter)));
            }
        }
        self.letters(&letters, &kind, look)
    }

    /// What an annotation draws may cover what lies beneath, but bounds no cells.
    fn path(&mut self, node: &Node, look: &Look<'_>) -> Result<()> {
        if look.annotation {
            return Ok(());
        }
        let path = path::on_page(node, look.map);
        let clip = match look.bounds {
            Some(bounds) => intersect(&look.clip, &bounds),
            None => Some(look.clip),
        };
        let Some(clip) = clip else { return Ok(()) };
        if let Some(paint) = look.fill {
            self.canvas.fill(&path, paint, &clip)?;
        }
        if let Some(paint) = look.stroke {
            self.canvas.stroke(&path, narrow(look.line_width * look.map.growth()), paint, &clip)?;
        }
        Ok(())
    }

    fn image(&mut self, node: &Node, look: &Look<'_>) -> Result<()> {
        if look.annotation {
            return Ok(());
        }
        self.canvas.image(look.unit(node).bounds([0.0, 0.0, 1.0, 1.0]), 0, &look.clip)
    }
}
