//! OFD bytes (GB/T 33190, a zip of XML files) in, pages of ink out.
//!
//! ```text
//! package ─book→ documents, resources; sheets: layers of a page and its templates
//!                    └─walk→ objects with place and paint ─marks (text, path)→ canvas of `ink` → Page
//!                                                         └draw→ picture of a page, for recognition
//! ```
//! Text is Unicode as it stands, so fonts are not read. Seals, signatures, actions and attachments are passed over.

mod affine;
pub(super) mod book;
#[cfg(feature = "ocr")]
pub(super) mod draw;
mod marks;
mod node;
mod path;
#[cfg(feature = "ocr")]
mod picture;
mod resources;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use super::Options;
use super::ink::canvas::Drawn;
use super::ink::report::{damaged_page, has_ink, is_picture, unread_font, unread_picture};
#[cfg(feature = "ocr")]
use super::scan;
use crate::error::{ErrorKind, Result};
use crate::finding::Findings;
use crate::limits::Limits;
use crate::page::{Body, Document, Format, Page};
use affine::narrow;
use book::Book;
use marks::{Marks, Unread};
use walk::Walk;

const FORMAT: &str = "ofd";

/// Reads an OFD package; the pages of its documents follow each other.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    let limits = &options.limits;
    let mut book = Book::open(bytes, limits)?;
    let (mut pages, mut unread, mut pictures, mut damaged) = (Vec::new(), Unread::new(), 0, 0);
    for (number, index) in (1u32..).zip(0..book.len()) {
        #[cfg_attr(not(feature = "ocr"), expect(unused_mut, reason = "only recognition changes it"))]
        let (mut drawn, whole) = draw_ink(&mut book, index, number, &mut unread, limits)?;
        if !whole {
            damaged += 1;
            findings.push(damaged_page(number));
        }
        if is_picture(&drawn) {
            pictures += 1;
            #[cfg(feature = "ocr")]
            let read = {
                let mut all = true;
                let read = scan::look_at(&mut drawn, number, options, findings, |_, scale| {
                    let drawing = draw::draw(&mut book, index, scale, limits)?;
                    all = drawing.whole;
                    Ok(drawing.raster)
                })?;
                if whole && !all {
                    findings.push(damaged_page(number));
                }
                read
            };
            #[cfg(not(feature = "ocr"))]
            let read = false;
            if !read {
                findings.extend(unread_picture(&drawn.page, number, options));
            }
        }
        pages.push(Page { number, ..drawn.page });
    }
    findings.extend(unread.into_values().map(|(name, page)| unread_font(&name, page)));
    if !pages.iter().any(has_ink) {
        if pictures > 0 {
            return Err(ErrorKind::NoText { pages: pictures, models: options.reads_pictures() }.into());
        }
        if damaged > 0 {
            return Err(ErrorKind::Truncated { detail: format!("ofd: {damaged} page(s) cannot be read") }.into());
        }
    }
    Ok(Document { format: Format::Ofd, body: Body::Pages(pages), title: book.title })
}

/// The ink of one page, and whether all of the page could be read.
fn draw_ink(
    book: &mut Book<'_>,
    index: usize,
    number: u32,
    unread: &mut Unread,
    limits: &Limits,
) -> Result<(Drawn, bool)> {
    let sheet = book.sheet(index)?;
    let [width, height] = walk::size(&sheet).map(narrow);
    let mut marks = Marks::new(width, height, unread, number, limits);
    let mut walk = Walk::new(&mut marks, limits);
    walk.sheet(&sheet)?;
    let (whole, cost) = (!(sheet.damaged || walk.damaged), walk.cost);
    book.charge(cost)?;
    Ok((marks.canvas.finish(), whole))
}
