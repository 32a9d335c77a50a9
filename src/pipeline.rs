//! The stages in a row: bytes and forms in, settled and checked reports (or plain tables) out.
//!
//! Nothing is decided here except which findings go where and which ink is looked at. No I/O, no clock: the caller
//! hands in bytes and a name to call them by.

use crate::bind;
use crate::check::{self, Check};
use crate::error::{ErrorKind, Result};
use crate::finding::{Code, Findings};
use crate::form::Library;
use crate::geom::{Point, Rect};
use crate::grid::{self, Block, Blocks, Grid};
use crate::page::{Axis, Body, Document, Format, Page, Ruling};
use crate::place::Place;
use crate::settle;
use crate::source::{self, Options};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct InputInfo {
    /// What the caller calls it: a path, or `-`.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Told from its bytes.
    pub format: Format,
    /// How many pages it has, for paged formats.
    pub pages: Option<u32>,
}

/// All reports of one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The input.
    pub input: InputInfo,
    /// At least one report.
    pub reports: Vec<ReportResult>,
}

/// One report with what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportResult {
    /// Its cells.
    pub report: settle::Report,
    /// Its ties.
    pub checks: Vec<Check>,
    /// What a person should know. What was found before the document was split into reports stands in each of them.
    pub findings: Findings,
}

/// Every table of one input, no form needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// The input.
    pub input: InputInfo,
    /// The tables in reading order.
    pub grids: Vec<Grid>,
    /// What a person should know.
    pub findings: Findings,
}

/// What the stages made of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The input.
    pub input: InputInfo,
    /// As its reader saw it; of its pages only those selected.
    pub document: Document,
    /// As lines and grids, of all pages.
    pub blocks: Blocks,
    /// What led to the grids, page by page; of the pages selected.
    pub trails: Vec<grid::Trail>,
    /// What was bound to the forms; without reports where nothing was.
    pub readings: bind::Readings,
    /// The reports of `readings`, settled, in the same order.
    pub settled: Vec<settle::Report>,
    /// What a person should know of how the selected pages were read; what the figures amount to is for [`extract`].
    pub findings: Findings,
}

/// Which part of a paged document to look at; all of it by default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// Page numbers; all pages when empty.
    pub pages: Vec<RangeInclusive<u32>>,
    /// A box on one page.
    pub region: Option<(u32, Rect)>,
}

impl Selection {
    /// Whether it holds the page with that number.
    fn has(&self, page: u32) -> bool {
        self.pages.is_empty() || self.pages.iter().any(|range| range.contains(&page))
    }
}

/// Reads the reports in `bytes`; `name` is what the output calls them.
pub fn extract(bytes: &[u8], name: &str, options: &Options, library: &Library) -> Result<Extraction> {
    let run = || {
        let mut findings = Findings::new();
        let document = source::read(bytes, options, &mut findings)?;
        let input = describe(bytes, name, &document);
        let blocks = grid::build(&document, &options.limits, &mut findings);
        let readings = bind::bind(&blocks, document.title.as_deref(), library);
        if readings.reports.iter().all(|report| report.tables.is_empty()) {
            return Err(why_nothing(readings.headings_seen, &findings, options.reads_pictures()).into());
        }
        let reports = readings.reports.into_iter().map(|reading| conclude(reading, library, &findings)).collect();
        Ok(Extraction { input, reports })
    };
    run().map_err(|error: crate::error::Error| error.at(name))
}

/// Why no table was found: pages that could not be read, where there are any, explain it better than absent headings.
/// `models` says whether models have looked at pages that are pictures.
fn why_nothing(headings: Vec<String>, findings: &Findings, models: bool) -> ErrorKind {
    let count = |code| findings.iter().filter(|finding| finding.code == code).count();
    match (count(Code::NoText), count(Code::NoUnicode)) {
        (0, 0) => ErrorKind::NoStandardTable { headings },
        (0, _) => {
            let unread = findings.iter().filter(|finding| finding.code == Code::NoUnicode);
            ErrorKind::NoUnicode { fonts: unread.filter_map(|finding| finding.evidence.clone()).collect() }
        }
        (pages, _) => ErrorKind::NoText { pages: u32::try_from(pages).unwrap_or(u32::MAX), models },
    }
}

/// Settles and checks one report; `shared` was found before the document was split.
fn conclude(reading: bind::ReportReading, library: &Library, shared: &Findings) -> ReportResult {
    let mut findings = shared.clone();
    findings.extend(reading.findings.iter().cloned());
    let report = settle::settle(reading, library, &mut findings);
    let checks = check::check(&report, library, &mut findings);
    ReportResult { report, checks, findings }
}

/// Finds every table in `bytes`.
pub fn tables(bytes: &[u8], name: &str, options: &Options, selection: &Selection) -> Result<Tables> {
    let run = || {
        let mut findings = Findings::new();
        let mut document = source::read(bytes, options, &mut findings)?;
        let input = describe(bytes, name, &document);
        select(&mut document, selection)?;
        let blocks = grid::build(&document, &options.limits, &mut findings);
        let grids = blocks.items.into_iter().filter_map(|block| match block {
            Block::Grid(grid) => Some(grid),
            Block::Line(_) => None,
        });
        Ok(Tables { input, grids: grids.collect(), findings })
    };
    run().map_err(|error: crate::error::Error| error.at(name))
}

/// Runs the stages and keeps what each made. That no standard table is found is no error here.
///
/// Pages are selected after the fact, so that what is seen of a page is what [`extract`] sees of it: a table may have
/// its heading on the page before. Ink outside a region is dropped before the grids are looked for.
pub fn inspect(
    bytes: &[u8],
    name: &str,
    options: &Options,
    selection: &Selection,
    library: &Library,
) -> Result<Inspection> {
    let run = || {
        let mut findings = Findings::new();
        let mut document = source::read(bytes, options, &mut findings)?;
        let input = describe(bytes, name, &document);
        admit(&document, selection)?;
        keep_region(&mut document, selection);
        let blocks = grid::build(&document, &options.limits, &mut findings);
        let mut trails = grid::trails(&document);
        trails.retain(|trail| selection.has(trail.page));
        let readings = bind::bind(&blocks, document.title.as_deref(), library);
        let settle = |reading: &bind::ReportReading| settle::settle(reading.clone(), library, &mut Findings::new());
        let settled = readings.reports.iter().map(settle).collect();
        keep_pages(&mut document, selection);
        findings.retain(|finding| finding.place.as_ref().and_then(Place::page).is_none_or(|page| selection.has(page)));
        Ok(Inspection { input, document, blocks, trails, readings, settled, findings })
    };
    run().map_err(|error: crate::error::Error| error.at(name))
}

/// Bytes as hexadecimal digits, as hashes are written.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn describe(bytes: &[u8], name: &str, document: &Document) -> InputInfo {
    let sha256 = hex(&Sha256::digest(bytes));
    let pages = match &document.body {
        Body::Pages(pages) => Some(u32::try_from(pages.len()).unwrap_or(u32::MAX)),
        Body::Flow(_) => None,
    };
    InputInfo { name: name.to_owned(), sha256, bytes: bytes.len() as u64, format: document.format, pages }
}

/// Drops the pages and the ink that were not asked for.
fn select(document: &mut Document, selection: &Selection) -> Result<()> {
    admit(document, selection)?;
    keep_region(document, selection);
    keep_pages(document, selection);
    Ok(())
}

/// Refuses a selection of pages that are not there.
fn admit(document: &Document, selection: &Selection) -> Result<()> {
    if *selection == Selection::default() {
        return Ok(());
    }
    let Body::Pages(pages) = &document.body else {
        return Err(ErrorKind::NoPages { format: document.format.name() }.into());
    };
    let last = pages.last().map_or(0, |page| page.number);
    let asked = selection.pages.iter().map(|range| *range.start()).chain(selection.region.map(|(page, _)| page));
    match asked.into_iter().find(|page| *page == 0 || *page > last) {
        Some(page) => Err(ErrorKind::NoSuchPage { page, pages: last }.into()),
        None => Ok(()),
    }
}

fn keep_region(document: &mut Document, selection: &Selection) {
    if let (Body::Pages(pages), Some((number, region))) = (&mut document.body, selection.region) {
        pages.retain(|page| page.number == number);
        for page in pages.iter_mut() {
            crop(page, region);
        }
    }
}

fn keep_pages(document: &mut Document, selection: &Selection) {
    if let Body::Pages(pages) = &mut document.body {
        pages.retain(|page| selection.has(page.number));
    }
}

/// Rules this near to a region belong to it: a box drawn around the text of a table leaves its frame outside.
const FRAME: f32 = 6.0;

/// Keeps the ink inside `region`, and the rules that frame it; coordinates stay those of the page.
fn crop(page: &mut Page, region: Rect) {
    page.glyphs.retain(|glyph| region.contains(glyph.bbox.center()));
    page.fills.retain(|fill| region.contains(fill.bbox.center()));
    page.images.retain(|image| region.contains(image.center()));
    page.shapes.retain(|shape| region.contains(shape.center()));
    let framed = Rect { x0: region.x0 - FRAME, y0: region.y0 - FRAME, x1: region.x1 + FRAME, y1: region.y1 + FRAME };
    page.rulings = page.rulings.iter().filter_map(|ruling| clip(*ruling, framed)).collect();
    page.given = true;
}

/// The part of a ruling inside `region`.
fn clip(ruling: Ruling, region: Rect) -> Option<Ruling> {
    let (from, to) = match ruling.axis {
        Axis::Horizontal => (region.x0, region.x1),
        Axis::Vertical => (region.y0, region.y1),
    };
    let (from, to) = (ruling.from.max(from), ruling.to.min(to));
    let middle = match ruling.axis {
        Axis::Horizontal => Point { x: from, y: ruling.at },
        Axis::Vertical => Point { x: ruling.at, y: from },
    };
    (from < to && region.contains(middle)).then_some(Ruling { from, to, ..ruling })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Glyph;

    fn page(number: u32) -> Page {
        let glyph = |x: f32| Glyph {
            char: '1',
            bbox: Rect::new(x, 10.0, x + 5.0, 20.0),
            origin: Point { x, y: 18.0 },
            size: 10.0,
            turn: crate::page::Turn::None,
            layer: crate::page::Layer::Ink,
            bold: false,
            run: 0,
            font: 0,
        };
        let ruling = Ruling { axis: Axis::Horizontal, at: 15.0, from: 0.0, to: 100.0, width: 0.5 };
        Page {
            number,
            width: 100.0,
            height: 100.0,
            glyphs: vec![glyph(10.0), glyph(80.0)],
            rulings: vec![ruling],
            ..Page::default()
        }
    }

    fn document() -> Document {
        Document { format: Format::Pdf, body: Body::Pages(vec![page(1), page(2), page(3)]), title: None }
    }

    fn numbers(document: &Document) -> Vec<u32> {
        match &document.body {
            Body::Pages(pages) => pages.iter().map(|page| page.number).collect(),
            Body::Flow(_) => Vec::new(),
        }
    }

    #[test]
    fn keeps_the_pages_asked_for() {
        let mut some = document();
        select(&mut some, &Selection { pages: vec![2..=9], region: None }).unwrap();
        assert_eq!(numbers(&some), [2, 3]);
        let refused = select(&mut document(), &Selection { pages: vec![4..=4], region: None }).unwrap_err();
        assert_eq!(refused.code(), "no-such-page");
    }

    #[test]
    fn a_region_crops_glyphs_and_clips_rulings() {
        let mut cut = document();
        let region = Rect::new(0.0, 0.0, 50.0, 50.0);
        select(&mut cut, &Selection { pages: Vec::new(), region: Some((2, region)) }).unwrap();
        let Body::Pages(pages) = &cut.body else { panic!("paged") };
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].glyphs.len(), 1);
        assert!((pages[0].rulings[0].to - 50.0 - FRAME).abs() < f32::EPSILON);
        assert!(pages[0].given);
    }

    #[test]
    fn pages_without_text_explain_why_nothing_was_found() {
        let found = |codes: &[Code]| {
            let findings = codes.iter().map(|code| crate::finding::Finding::new(*code, crate::text::Text::default()));
            why_nothing(Vec::new(), &findings.collect(), false).to_string()
        };
        assert_eq!(found(&[Code::NoText, Code::NoText]), "no text: 2 page(s) hold only images");
        assert!(found(&[Code::NoUnicode]).contains("fonts"));
        assert_eq!(found(&[Code::OcrLayer]), "no standard table was found");
    }

    #[test]
    fn to_install_models_is_no_help_where_they_have_looked() {
        let help = |models| crate::error::Error::from(ErrorKind::NoText { pages: 1, models }).help();
        let [download, install] = crate::error::GET_MODELS;
        for text in [help(false).en, help(false).zh] {
            assert_eq!(text.contains(download) && text.contains(install), cfg!(feature = "ocr"), "{text}");
        }
        assert!(!help(true).en.contains("install") && !help(true).zh.contains("install"));
    }

    #[test]
    fn a_format_without_pages_says_so() {
        let mut flow = Document { format: Format::Html, body: Body::Flow(Vec::new()), title: None };
        let refused = select(&mut flow, &Selection { pages: vec![1..=1], region: None }).unwrap_err();
        assert_eq!(refused.code(), "no-pages");
    }
}
