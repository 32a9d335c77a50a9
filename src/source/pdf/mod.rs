//! PDF bytes in, pages of ink out.
//!
//! ```text
//! bytes ─open→ objects ─content→ canvas (glyphs, strokes, fills) ─rulings, layers→ Page
//!                         ▲ font: character codes → characters
//! ```
//! Nothing is drawn: outlines, images and shadings are never decoded, only placed.

mod canvas;
mod content;
mod font;
mod paths;
mod rulings;

use super::{Options, guard};
use crate::error::{ErrorKind, Result};
use crate::finding::Findings;
use crate::page::{Body, Document, Format, Page};
use hayro_syntax::Pdf;

/// Reads a PDF document.
pub fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    let _ = findings;
    guard::run("pdf", || {
        let pdf = Pdf::new(bytes.to_vec()).map_err(|_| ErrorKind::Truncated { detail: "no page tree".into() })?;
        let mut pages = Vec::new();
        let reader = content::Reader::new(&pdf, &options.limits);
        for (index, page) in pdf.pages().iter().enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            pages.push(Page { number, ..reader.page(page)? });
        }
        Ok(Document { format: Format::Pdf, body: Body::Pages(pages), title: None })
    })
}
