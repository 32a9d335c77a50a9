//! Annotations that add text to a page: filled form fields, typed notes and stamps.
//!
//! Only their text is taken: a stamp's frame or a highlight bounds no cells.

use super::content::Interpreter;
use crate::error::Result;
use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

const HIDDEN: u32 = 1 << 1;
const NO_VIEW: u32 = 1 << 5;

impl<'a> Interpreter<'a, '_> {
    /// Shows the text of the page's annotations.
    pub(super) fn annotations(&mut self, page: &Dict<'a>, resources: &Resources<'a>) -> Result<()> {
        let Some(array) = page.get::<Array<'_>>(b"Annots") else { return Ok(()) };
        self.text_only = true;
        for annotation in array.iter::<Dict<'_>>() {
            self.annotation(&annotation, resources)?;
        }
        self.text_only = false;
        Ok(())
    }

    fn annotation(&mut self, annotation: &Dict<'a>, resources: &Resources<'a>) -> Result<()> {
        let kind = annotation.get::<Name<'_>>(b"Subtype");
        let kind = kind.as_deref();
        let unseen = annotation.get::<u32>(b"F").unwrap_or(0) & (HIDDEN | NO_VIEW) != 0;
        let wanted = matches!(kind, Some(b"Widget" | b"FreeText" | b"Stamp" | b"Watermark"));
        if unseen || !wanted || !self.shared.groups.shows(annotation, b"OC") {
            return Ok(());
        }
        let Some((stream, fit)) = appearance(annotation).and_then(|s| fit(annotation, &s).map(|fit| (s, fit))) else {
            return Ok(());
        };
        let (state, mark) = (self.state.clone(), self.mark);
        self.mark.watermark = kind == Some(b"Watermark");
        self.state.ctm *= fit;
        self.form(&stream, resources)?;
        self.state = state;
        self.mark = mark;
        Ok(())
    }
}

/// The normal appearance, in the annotation's current state.
fn appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'_>>(b"AP")?.get::<Object<'_>>(b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states.get::<Stream<'_>>(annotation.get::<Name<'_>>(b"AS")?),
        _ => None,
    }
}

/// Maps the appearance's transformed box on the annotation's rectangle.
fn fit(annotation: &Dict<'_>, appearance: &Stream<'_>) -> Option<Affine> {
    let [x0, y0, x1, y1] = annotation.get::<[f64; 4]>(b"Rect")?;
    let target = Rect::from_points((x0, y0), (x1, y1));
    let dict = appearance.dict();
    let [x0, y0, x1, y1] = dict.get::<[f64; 4]>(b"BBox")?;
    let matrix = dict.get::<[f64; 6]>(b"Matrix").map_or(Affine::IDENTITY, Affine::new);
    let source = matrix.transform_rect_bbox(Rect::new(x0, y0, x1, y1));
    if source.width() <= 0.0 || source.height() <= 0.0 {
        return None;
    }
    let (sx, sy) = (target.width() / source.width(), target.height() / source.height());
    Some(Affine::new([sx, 0.0, 0.0, sy, target.x0 - sx * source.x0, target.y0 - sy * source.y0]))
}
