//! The bytes of a PDF in, the characters of one page out, each with the place where it is seen.
//!
//! The characters are what pdf-extract says; where it says nothing, the text is empty. It panics on much that is
//! unusual, so that each page is decoded under the guard.

use super::view::View;
use super::{contents, mend};
use crate::error::{ErrorKind, Result};
use crate::geom::Point;
use crate::source::guard;
use pdf_extract::{Document, LoadOptions, MediaBox, ObjectId, OutputDev, OutputError, Transform};
use std::collections::BTreeMap;

/// A character of a page, in points from the top left as the page is seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Char {
    /// What it is; several letters for a ligature, nothing where the decoder does not know.
    pub(super) text: String,
    /// Where the pen is before it.
    pub(super) pen: Point,
    /// Which way the pen goes on; of length 1.
    pub(super) along: Point,
    /// How far it goes.
    pub(super) width: f32,
    /// An em.
    pub(super) size: f32,
}

/// A document that can be decoded page by page.
pub(super) struct Decoder {
    doc: Document,
    pages: BTreeMap<u32, ObjectId>,
}

impl Decoder {
    /// Opens a document; the empty password is tried first.
    pub(super) fn open(bytes: &[u8], password: Option<&str>) -> Result<Self> {
        guard::run("pdf", || {
            let options = LoadOptions { password: password.map(str::to_owned), ..LoadOptions::default() };
            let mut doc = Document::load_mem_with_options(bytes, options).map_err(|error| failed(&error))?;
            mend::mend(&mut doc);
            let pages = doc.get_pages();
            Ok(Self { doc, pages })
        })
    }

    /// The characters of a page in the order in which they are drawn.
    pub(super) fn page(&mut self, number: u32) -> Result<Vec<Char>> {
        guard::run("pdf", || {
            let page = *self.pages.get(&number).ok_or_else(|| failed(&"no such page"))?;
            contents::rewrite(&mut self.doc, page).map_err(|error| failed(&error))?;
            let mut seen = Seen { view: View::of(&self.doc, page), chars: Vec::new() };
            pdf_extract::output_doc_page(&self.doc, &mut seen, number).map_err(|error| failed(&error))?;
            Ok(seen.chars)
        })
    }
}

fn failed(error: &dyn std::fmt::Display) -> crate::error::Error {
    ErrorKind::Reader { format: "pdf", detail: error.to_string() }.into()
}

/// Keeps what the decoder puts on the page.
struct Seen {
    view: View,
    chars: Vec<Char>,
}

impl Seen {
    /// A character as it is seen; `None` where it has no place on the page.
    fn place(&self, matrix: &Transform, width: f64, size: f64, text: &str) -> Option<Char> {
        let at = |x: f64, y: f64| {
            self.view.see(matrix.m11 * x + matrix.m21 * y + matrix.m31, matrix.m12 * x + matrix.m22 * y + matrix.m32)
        };
        let (pen, unit, up) = (at(0.0, 0.0), at(size, 0.0), at(0.0, size));
        let em = (unit.0 - pen.0).hypot(unit.1 - pen.1);
        let (wide, high) = self.view.size();
        let on_page = (0.0..=wide).contains(&pen.0) && (0.0..=high).contains(&pen.1);
        (on_page && em > 0.0 && em.is_finite() && width.is_finite()).then(|| Char {
            text: text.to_owned(),
            pen: Point { x: narrow(pen.0), y: narrow(pen.1) },
            along: Point { x: narrow((unit.0 - pen.0) / em), y: narrow((unit.1 - pen.1) / em) },
            width: narrow(width * em),
            size: narrow((up.0 - pen.0).hypot(up.1 - pen.1)),
        })
    }
}

impl OutputDev for Seen {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Outcome {
        Ok(())
    }

    fn end_page(&mut self) -> Outcome {
        Ok(())
    }

    fn output_character(&mut self, matrix: &Transform, width: f64, _: f64, size: f64, text: &str) -> Outcome {
        self.chars.extend(self.place(matrix, width, size, text));
        Ok(())
    }

    fn begin_word(&mut self) -> Outcome {
        Ok(())
    }

    fn end_word(&mut self) -> Outcome {
        Ok(())
    }

    fn end_line(&mut self) -> Outcome {
        Ok(())
    }
}

/// What pdf-extract wants to hear.
type Outcome = std::result::Result<(), OutputError>;

#[expect(clippy::cast_possible_truncation, reason = "a page is small, and f32 is exact enough for its points")]
fn narrow(value: f64) -> f32 {
    value as f32
}
