//! PDF bytes in, pages of ink out.
//!
//! ```text
//! bytes ─open→ objects ─content, text→ canvas (glyphs, strokes, fills) ─rulings, layers→ Page
//!                 │            ▲ font: codes → characters                               ▲
//!                 └─structure→ tables that the file states ─────────────────────────────┘
//! ```
//! Nothing is drawn: outlines, images and shadings are never decoded, only placed. Spaces are glyphs like others.

mod annotations;
mod budget;
mod canvas;
mod color;
mod content;
mod font;
mod inline;
mod layers;
mod marked;
mod open;
mod paths;
#[cfg(feature = "ocr")]
mod picture;
mod rulings;
mod state;
mod structure;
#[cfg(test)]
mod tests;
mod text;
mod unicode;

use super::{Options, guard};
use crate::error::{self, Error, ErrorKind, Result};
use crate::finding::{Code, Finding, Findings};
use crate::geom::Rect;
use crate::limits::Limits;
use crate::page::{Body, Document, Format, Glyph, Layer, Page};
use crate::place::Place;
use crate::text::Text;
use budget::Budget;
use canvas::{Canvas, Drawn};
use content::{Interpreter, Shared};
use font::Fonts;
use hayro_font::kurbo::Affine;
use hayro_syntax::object::{Dict, Object};
use hayro_syntax::page::Page as Source;
use hayro_syntax::xref::XRef;
use marked::Groups;
use std::borrow::Cow;
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
    for (number, source) in (1u32..).zip(pdf.pages().iter()) {
        // What fails on one page is that page's matter, save that a limit is reached.
        let mut drawn = match guard::run("pdf", || draw(&shared, source, number, &options.limits)) {
            Ok(drawn) => drawn,
            Err(error) if matches!(error.kind(), ErrorKind::Limit { .. }) => return Err(error),
            Err(_) => Drawn::default(),
        };
        if drawn.damaged {
            findings.push(damaged_page(number));
        }
        if is_picture(&drawn) {
            pictures += 1;
            look_at(&mut drawn, source, number, options, findings)?;
        }
        sheets.extend(shared.tagged.then(|| (source.raw().obj_id(), number, drawn.tags)));
        pages.push(Page { number, ..drawn.page });
    }
    unread_fonts(&shared, findings);
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

/// Draws one page on a canvas.
fn draw<'a>(shared: &Shared<'a>, source: &Source<'a>, number: u32, limits: &Limits) -> Result<Drawn> {
    let unit = source.raw().get::<f64>(b"UserUnit").filter(|unit| (0.01..=1000.0).contains(unit)).unwrap_or(1.0);
    let base = Affine::scale(unit) * Affine::new(source.initial_transform(true).as_coeffs());
    let (width, height) = source.render_dimensions();
    let (width, height) = (width * content::narrow(unit), height * content::narrow(unit));
    let canvas = Canvas::new(width, height, limits);
    let mut run = Interpreter::new(shared, canvas, number, base, Rect::new(0.0, 0.0, width, height));
    let contents = contents(shared, source)?;
    run.stream(&contents.bytes, source.resources())?;
    run.annotations(source.raw(), source.resources())?;
    Ok(Drawn { damaged: contents.damaged, tags: run.tags, ..run.canvas.finish() })
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

fn has_ink(page: &Page) -> bool {
    page.glyphs.iter().any(|glyph| glyph.layer == Layer::Ink && !glyph.char.is_whitespace())
}

/// Fewer characters beside a picture of a whole page are a page number, or the mark of a scanner.
const FEW: usize = 40;

/// Whether the page's writing is a picture.
fn is_picture(drawn: &Drawn) -> bool {
    let page = &drawn.page;
    let readable =
        |g: &&Glyph| g.layer == Layer::Ink && !g.char.is_whitespace() && g.char != char::REPLACEMENT_CHARACTER;
    let readable = page.glyphs.iter().filter(readable).count();
    let lost = lost(page);
    let covered: f32 = page.images.iter().map(Rect::area).sum();
    let pictured = covered >= 0.5 * page.width * page.height || drawn.outlines;
    (readable == 0 && (!page.images.is_empty() || drawn.outlines))
        || (readable < FEW && pictured)
        || (lost >= FEW && lost > readable)
}

/// How many characters of a page its fonts do not name.
fn lost(page: &Page) -> usize {
    page.glyphs.iter().filter(|g| g.layer == Layer::Ink && g.char == char::REPLACEMENT_CHARACTER).count()
}

/// Says that the page's writing is a picture, and reads it where that can be done.
fn look_at(
    drawn: &mut Drawn,
    source: &Source<'_>,
    number: u32,
    options: &Options,
    findings: &mut Findings,
) -> Result<()> {
    let page = &drawn.page;
    let place = whole(number, page);
    // Characters without a name are the fonts' matter, which are told of once for the file.
    let unnamed = lost(page) >= FEW;
    let hidden = page.glyphs.iter().any(|glyph| glyph.layer == Layer::Invisible && !glyph.char.is_whitespace());
    #[cfg(feature = "ocr")]
    if options.models.is_some() {
        match guard::run("pdf", || picture::read(drawn, source, options)) {
            Ok(()) if has_ink(&drawn.page) => {
                let en = format!("page {number} was read from its picture");
                let message = Text::new(en, format!("第 {number} 页由其图像识别读取"));
                findings.push(Finding::new(Code::Recognised, message).at(Some(place)));
                return Ok(());
            }
            Err(error) if matches!(error.kind(), ErrorKind::Models { .. }) => return Err(error),
            _ => {}
        }
    }
    if unnamed {
        return Ok(());
    }
    let finding = if hidden {
        let en = format!("page {number} is a picture with recognised text beneath it");
        Finding::new(Code::OcrLayer, Text::new(en, format!("第 {number} 页是图片，其下附有识别出的文字")))
    } else {
        let en = format!("page {number} holds no text, only a picture of it");
        let message = Text::new(en, format!("第 {number} 页没有文字，只有图像"));
        Finding { help: error::help_for_pictures(options.reads_pictures()), ..Finding::new(Code::NoText, message) }
    };
    findings.push(finding.at(Some(place)));
    Ok(())
}

fn whole(number: u32, page: &Page) -> Place {
    Place::Page { page: number, bbox: Rect::new(0.0, 0.0, page.width, page.height) }
}

fn damaged_page(number: u32) -> Finding {
    let en = format!("some content of page {number} could not be read");
    let place = Place::Page { page: number, bbox: Rect::default() };
    Finding::new(Code::Truncated, Text::new(en, format!("第 {number} 页有内容无法读取"))).at(Some(place))
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

fn unread_fonts(shared: &Shared<'_>, findings: &mut Findings) {
    for (name, page) in shared.fonts.unread() {
        let en = format!("the font {name:?} does not say which characters its glyphs are, first on page {page}");
        let zh = format!("字体“{name}”未说明其字形对应的字符，首见于第 {page} 页");
        let place = Place::Page { page, bbox: Rect::default() };
        findings.push(Finding::new(Code::NoUnicode, Text::new(en, zh)).at(Some(place)).evidence(name));
    }
}
