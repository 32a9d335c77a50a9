//! The graphics state of a content stream: what `q` saves and `Q` brings back.

use super::color::Space;
use super::font::Font;
use crate::geom::Rect;
use crate::source::ink::intersect;
use crate::source::ink::paint::{BLACK, Paint};
use hayro_font::kurbo::Affine;
use std::rc::Rc;

/// A colour space and the paint chosen in it.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    pub(super) space: Rc<Space>,
    pub(super) paint: Paint,
}

/// The parameters of text that show operations use.
#[derive(Clone)]
pub(super) struct Text<'a> {
    pub(super) font: Option<Rc<Font<'a>>>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    /// Horizontal scaling, 1 for none.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
}

/// The graphics state.
#[derive(Clone)]
pub(super) struct State<'a> {
    /// From user space to the page as seen.
    pub(super) ctm: Affine,
    /// The box around what the clip lets through.
    pub(super) clip: Rect,
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
    pub(super) line_width: f64,
    pub(super) text: Text<'a>,
}

impl State<'_> {
    pub(super) fn new(ctm: Affine, clip: Rect) -> Self {
        let ink = Ink { space: Rc::new(Space::Gray), paint: Paint { rgb: BLACK, alpha: 1.0 } };
        Self {
            ctm,
            clip,
            fill: ink.clone(),
            stroke: ink,
            line_width: 1.0,
            text: Text {
                font: None,
                size: 1.0,
                char_space: 0.0,
                word_space: 0.0,
                stretch: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
            },
        }
    }

    /// Narrows the clip to a box; nothing is left when they do not meet.
    pub(super) fn narrow_clip(&mut self, bounds: &Rect) {
        const NOWHERE: Rect = Rect { x0: f32::MAX, y0: f32::MAX, x1: f32::MAX, y1: f32::MAX };
        self.clip = intersect(&self.clip, bounds).unwrap_or(NOWHERE);
    }
}

impl Ink {
    /// Chooses a space, and the colour that it starts with.
    pub(super) fn choose(&mut self, space: Space) {
        self.paint.rgb = space.initial();
        self.space = Rc::new(space);
    }

    /// Chooses a colour of the current space.
    pub(super) fn set(&mut self, parts: &[f64]) {
        self.paint.rgb = self.space.rgb(parts);
    }

    /// Chooses a space and a colour of it.
    pub(super) fn set_in(&mut self, space: &Space, parts: &[f64]) {
        if *self.space != *space {
            self.space = Rc::new(space.clone());
        }
        self.set(parts);
    }
}
