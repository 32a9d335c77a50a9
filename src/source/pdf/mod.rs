//! PDF bytes in, pages of ink out.
//!
//! ```text
//! bytes ─open→ objects ─content, text→ canvas of `ink` (glyphs, strokes, fills) → Page
//!                 │            ▲ font: codes → characters                     ▲
//!                 └─structure→ tables that the file states ───────────────────┘
//! ```
//! Nothing is drawn: outlines, images and shadings are never decoded, only placed. Spaces are glyphs like others.

mod annotations;
mod budget;
mod color;
mod content;
mod font;
mod inline;
mod marked;
mod open;
#[cfg(feature = "ocr")]
mod picture;
#[cfg(feature = "ocr")]
mod sizes;
mod state;
mod structure;
#[cfg(test)]
mod tests;
mod text;
mod unicode;

use super::ink::canvas::{Canvas, Drawn};
use super::ink::report::{damaged_page, has_ink, is_picture, unread_font, unread_picture};
#[cfg(feature = "ocr")]
use super::scan;
use super::{Options, guard};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Code, Finding, Findings};
use crate::geom::Rect;
use crate::limits::Limits;
use crate::page::{Body, Document, Format, Page};
use crate::text::Text;
use budget::Budget;
use content::{Interpreter, Shared};
use font::Fonts;
use hayro_font::kurbo::Affine;
use hayro_syntax::object::{Dict, Object};
use hayro_syntax::page::Page as Source;
use hayro_syntax::xref::XRef;
use marked::{Groups, Tags};
use std::borrow::Cow;
use std::collections::BTreeSet;
use structure::Sheet;

/// Stack of the reading thread: objects and forms may be nested as deep as their readers allow.
const STACK: usize = 64 << 20;

/// Reads a PDF document.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    Limits::check("input-bytes", bytes.len() as u64, options.limits.input_bytes)?;
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || guard::run("pdf", || document(bytes, options, findings)))
            .map_err(ErrorKind::Io)?;
        reading.join().unwrap_or_else(|_| Err(failed("the reading thread stopped")))
    })
}

fn failed(detail: &str) -> Error {
    ErrorKind::Reader { format: "pdf", detail: detail.to_owned() }.into()
}

fn document(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    let budget = Budget::new(options.limits.unpacked_bytes);
    let pdf = open::open(bytes, options, &budget)?;
    Limits::check("pages", pdf.pages().len() as u64, options.limits.pages)?;
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
    missing_pages(&catalog, pdf.pages().len(), findings);
    let tagged = catalog.contains_key(b"StructTreeRoot");
    let shared = Shared { fonts: Fonts::new(&budget), groups: Groups::of(&catalog), tagged, budget: &budget };
    let mut pages = Vec::new();
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut pictures = 0;
    let mut recognised = BTreeSet::new();
    for (number, source) in (1u32..).zip(pdf.pages().iter()) {
        // What fails on one page is that page's matter, save that a limit is reached.
        #[cfg_attr(not(feature = "ocr"), expect(unused_mut, unused_variables, reason = "only recognition asks"))]
        let Read { mut drawn, damaged, tags, inline } =
            match guard::run("pdf", || draw(&shared, source, number, &options.limits)) {
                Ok(read) => read,
                Err(error) if matches!(error.kind(), ErrorKind::Limit { .. }) => return Err(error),
                Err(_) => Read::default(),
            };
        if damaged {
            findings.push(damaged_page(number));
        }
        if is_picture(&drawn) {
            pictures += 1;
            #[cfg(feature = "ocr")]
            let read = scan::look_at(&mut drawn, number, options, findings, |page, scale| {
                picture::draw(source, page, scale, inline, &shared, &options.limits)
            })?;
            #[cfg(not(feature = "ocr"))]
            let read = false;
            if read {
                recognised.insert(number);
            } else {
                findings.extend(unread_picture(&drawn.page, number, options));
            }
        }
        sheets.extend(shared.tagged.then(|| (source.raw().obj_id(), number, tags)));
        pages.push(Page { number, ..drawn.page });
    }
    let unread = shared.fonts.unread();
    let unread = unread.iter().filter(|(_, page)| !recognised.contains(page));
    findings.extend(unread.map(|(name, page)| unread_font(name, *page)));
    if let Some(tree) = catalog.get::<Dict<'_>>(b"StructTreeRoot") {
        state_tables(&tree, pdf.xref(), &sheets, &mut pages, &shared, &options.limits);
    }
    let any_text = pages.iter().any(has_ink);
    if pictures > 0 && !any_text {
        return Err(ErrorKind::NoText { pages: pictures, models: options.reads_pictures() }.into());
    }
    let title = pdf.metadata().title.as_ref().and_then(|title| unicode::text_string(title));
    Ok(Document { format: Format::Pdf, body: Body::Pages(pages), title })
}

/// A page, and what else was seen while it was read.
#[derive(Default)]
struct Read {
    drawn: Drawn,
    /// Whether some of its content could not be read.
    damaged: bool,
    /// What the structure tree may name.
    tags: Tags,
    /// How many inline images it has.
    #[cfg_attr(not(feature = "ocr"), allow(dead_code, reason = "only drawing asks"))]
    inline: u32,
}

/// Draws one page on a canvas.
fn draw<'a>(shared: &Shared<'a>, source: &Source<'a>, number: u32, limits: &Limits) -> Result<Read> {
    let unit = source.raw().get::<f64>(b"UserUnit").filter(|unit| (0.01..=1000.0).contains(unit)).unwrap_or(1.0);
    let base = Affine::scale(unit) * Affine::new(source.initial_transform(true).as_coeffs());
    let (width, height) = source.render_dimensions();
    let (width, height) = (width * content::narrow(unit), height * content::narrow(unit));
    let canvas = Canvas::new(width, height, limits);
    let mut run = Interpreter::new(shared, canvas, number, base, Rect::new(0.0, 0.0, width, height));
    let contents = contents(shared, source)?;
    run.stream(&contents.bytes, source.resources())?;
    run.annotations(source.raw(), source.resources())?;
    Ok(Read { damaged: contents.damaged, inline: run.inline, tags: run.tags, drawn: run.canvas.finish() })
}

/// Adds the tables of the structure tree to the pages that they begin on. A tree that cannot be read states nothing: it
/// is read last, so that it spoils no page.
fn state_tables(
    tree: &Dict<'_>,
    xref: &XRef,
    sheets: &[Sheet],
    pages: &mut [Page],
    shared: &Shared<'_>,
    limits: &Limits,
) {
    let read = || structure::tables(tree, xref, sheets, shared.budget, limits);
    for table in guard::run("pdf", read).unwrap_or_default() {
        let first = table.rows.iter().flatten().flat_map(|cell| &cell.content).map(|runs| runs.page).min();
        let page = first.and_then(|number| pages.get_mut(number.checked_sub(1)? as usize));
        if let Some(page) = page {
            page.tables.push(table);
        }
    }
}

struct Contents<'a> {
    bytes: Cow<'a, [u8]>,
    damaged: bool,
}

/// The page's content streams, one after the other.
fn contents<'a>(shared: &Shared<'a>, source: &Source<'a>) -> Result<Contents<'a>> {
    let unpack = |object: &Object<'a>| match object {
        Object::Stream(stream) => shared.budget.unpack(stream),
        _ => Ok(None),
    };
    let mut out = Contents { bytes: Cow::Borrowed(&[]), damaged: false };
    match source.raw().get::<Object<'_>>(b"Contents") {
        Some(Object::Array(array)) => {
            for part in array.iter::<Object<'_>>() {
                match unpack(&part)? {
                    Some(data) => {
                        let bytes = out.bytes.to_mut();
                        bytes.extend_from_slice(&data);
                        bytes.push(b'\n');
                    }
                    None => out.damaged = true,
                }
            }
        }
        Some(Object::Null(_)) => {}
        Some(object) => match unpack(&object)? {
            Some(data) => out.bytes = data,
            None => out.damaged = true,
        },
        None => out.damaged = source.raw().contains_key(b"Contents"),
    }
    Ok(out)
}

/// Says when the page tree promises more pages than there are.
fn missing_pages(catalog: &Dict<'_>, found: usize, findings: &mut Findings) {
    let promised = catalog.get::<Dict<'_>>(b"Pages").and_then(|pages| pages.get::<u32>(b"Count")).unwrap_or(0);
    if promised as usize > found {
        let en = format!("the file promises {promised} pages, {found} were found");
        findings
            .push(Finding::new(Code::Truncated, Text::new(en, format!("文件应有 {promised} 页，仅找到 {found} 页"))));
    }
}
