//! What a reader hands over: pages of ink, or ready cells in document order. Nothing here knows a file type.

use crate::geom::{Point, Rect};
use crate::place::Place;
use std::ops::Range;

/// The formats that gouji tells apart, by their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Office Open XML spreadsheet.
    Xlsx,
    /// Binary spreadsheet (BIFF), including `.et` of WPS.
    Xls,
    /// Binary Office Open XML spreadsheet.
    Xlsb,
    /// Spreadsheet of the Open Document Format.
    Ods,
    /// Office Open XML text.
    Docx,
    /// Binary Word file (97–2003), including `.wps`.
    Doc,
    /// Rich Text Format.
    Rtf,
    /// Text of the Open Document Format.
    Odt,
    /// Open Fixed-layout Document (GB/T 33190).
    Ofd,
    /// Web page.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

impl Format {
    /// The name used in the output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Rtf => "rtf",
            Self::Odt => "odt",
            Self::Ofd => "ofd",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Text => "txt",
        }
    }
}

/// A document as its reader saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Told from the bytes.
    pub format: Format,
    /// Its content.
    pub body: Body,
    /// The title that the file's own metadata gives, if any: weak evidence, often stale.
    pub title: Option<String>,
}

/// The two shapes of content.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Ink on pages; tables are still to be found.
    Pages(Vec<Page>),
    /// Lines and tables that the format itself states, in reading order.
    Flow(Vec<FlowItem>),
}

/// One page of ink. All coordinates are as the page is seen: rotated, cropped, origin top left.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
    /// Glyphs in the order they are drawn. Overstruck duplicates and glyphs outside the page or clip are left out.
    pub glyphs: Vec<Glyph>,
    /// Straight, axis-parallel ruling lines: strokes, thin filled rectangles, and the edges of stroked rectangles.
    pub rulings: Vec<Ruling>,
    /// Filled rectangles too thick to be rulings: cell and header backgrounds.
    pub fills: Vec<Fill>,
    /// Boxes of images.
    pub images: Vec<Rect>,
    /// Boxes of strokes and fills that are neither axis-parallel lines nor rectangles: curves of a chart, arrows, logos.
    pub shapes: Vec<Rect>,
    /// Whether it was cut to a box that is known to hold one table: nothing in it is to be taken for anything else.
    pub given: bool,
    /// Tables that begin on this page as the file's own structure states them.
    pub tables: Vec<StructTable>,
    /// How sure the reading of each piece is, by run, where characters were recognised from a picture; else empty.
    pub recognised: Vec<Recognised>,
    /// The angle in radians by which a picture was turned clockwise about the middle of the page to be straight. Glyphs
    /// and rulings are in the straightened frame; what is told of their places is turned back.
    pub tilt: f32,
}

/// What a recogniser makes of one piece of a picture: a cell's line, or a stretch of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Its glyphs' [`Glyph::run`].
    pub run: u32,
    /// What it says, most likely.
    pub text: String,
    /// Whether anything else is hardly possible.
    pub sure: bool,
    /// What else it may say, most likely first.
    pub others: Vec<String>,
}

/// A table that a file states over the ink of its pages: which ink is in which row and cell, without a word on where
/// it stands. A claim of the file's maker, to be held against the ink. Tables within its cells are tables of their own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StructTable {
    /// Its rows of cells in the order stated; what a span covers is not listed.
    pub rows: Vec<Vec<StructCell>>,
}

/// A cell of a stated table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StructCell {
    /// Whether it is stated to be a heading of its row or column.
    pub header: bool,
    /// Rows it covers, at least 1; larger than the rows left means to the end.
    pub row_span: u32,
    /// Columns it covers, at least 1; `None` where nothing is stated, which may not mean 1.
    pub column_span: Option<u32>,
    /// Whether it is stated to hold nothing, not even a picture. Some programs leave such cells out.
    pub blank: bool,
    /// Its ink; no run belongs to two cells.
    pub content: Vec<Runs>,
}

/// Glyphs that were drawn one after the other: those of a page whose [`Glyph::run`] lies in the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// Page number.
    pub page: u32,
    /// Numbers of its show operations.
    pub runs: Range<u32>,
}

/// One character as drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character; `U+FFFD` when the font does not say which. Ligatures are split into their letters.
    pub char: char,
    /// From the origin to the advance, and from descender to ascender (about 0.12 em below and 0.88 em above the
    /// baseline), turned with the text. Not the outline's own box.
    pub bbox: Rect,
    /// Where the pen stood, on the baseline.
    pub origin: Point,
    /// Font size in points, as seen.
    pub size: f32,
    /// Which way the text runs.
    pub turn: Turn,
    /// Whether a reader of the page sees it as ink of the page.
    pub layer: Layer,
    /// Whether the font is bold or the glyph is stroked to look so.
    pub bold: bool,
    /// Number of the show operation that drew it: glyphs of one run follow each other in the file.
    pub run: u32,
    /// The font, as an index into nothing but equality.
    pub font: u16,
}

/// Direction in which text runs on the page as seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// Left to right, the usual.
    #[default]
    None,
    /// Downwards (turned 90° clockwise).
    Right,
    /// Upside down.
    Half,
    /// Upwards (turned 90° anticlockwise).
    Left,
    /// Any other angle: watermarks and stamps.
    Slanted,
}

/// How a glyph belongs to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layer {
    /// Visible ink.
    #[default]
    Ink,
    /// Drawn with text rendering mode 3 or 7: an OCR layer or a hidden copy.
    Invisible,
    /// Same colour as what lies beneath it (white on white).
    Concealed,
    /// Faint, slanted or oversized text behind the content.
    Watermark,
}

/// A straight line that may bound cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruling {
    /// Horizontal or vertical.
    pub axis: Axis,
    /// y of a horizontal ruling, x of a vertical one: the middle of its thickness.
    pub at: f32,
    /// Where it begins along its axis.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
    /// Thickness in points.
    pub width: f32,
}

/// Direction of a ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Left to right.
    Horizontal,
    /// Top to bottom.
    Vertical,
}

/// A filled rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Its box.
    pub bbox: Rect,
    /// Red, green, blue, 0–255.
    pub rgb: [u8; 3],
}

/// A piece of a document whose format states its own structure.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowItem {
    /// A paragraph or line outside tables.
    Line(FlowLine),
    /// A table. Layout tables are already taken apart by the reader: their content comes as items of its own.
    Table(FlowTable),
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLine {
    /// Its text, white space collapsed to single blanks.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Heading level (1–6) where the format marks it as a heading.
    pub heading: Option<u8>,
}

/// A table as its format states it, before spans are laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowTable {
    /// Rows of cells in source order; cells covered by a span from above or from the left are not listed.
    pub rows: Vec<Vec<FlowCell>>,
    /// Whether a cell's position in its row can be trusted.
    pub alignment: Alignment,
    /// Where it stands.
    pub place: Place,
}

/// Whether the position of a cell says which column it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Ruled, stated by the format, or aligned by geometry: the column is evidence.
    Placed,
    /// Only the order within a row is known: empty cells may have been dropped (text copies).
    Ordered,
}

/// A cell as its format states it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowCell {
    /// Zero-based column where the format states it (spreadsheets, skipped cells in Word); otherwise the next free one.
    pub column: Option<u32>,
    /// Rows it covers, at least 1; larger than the rows left means to the end.
    pub row_span: u32,
    /// Columns it covers, at least 1.
    pub column_span: u32,
    /// Its text; line breaks as `\n`.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}
