//! What every reader of Word-like files hands over before tables are laid out: paragraphs and tables as nested in the
//! file. Nothing here reads or decides anything.

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) items: Vec<Item>,
    /// Some text lies in a part of another format.
    pub(super) foreign_part: bool,
    /// Some object is embedded and shown as a picture.
    pub(super) embedded: bool,
}

/// A paragraph or a table, in a body, a cell or a text box.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Paragraph(Paragraph),
    Table(Table),
}

#[derive(Debug, Default, Clone)]
pub(super) struct Paragraph {
    /// With its automatic number; soft breaks as `\n`.
    pub(super) text: String,
    pub(super) heading: Option<u8>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Table {
    /// Widths of the columns of its grid, in twentieths of a point.
    pub(super) grid: Vec<u32>,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    /// Columns of the table's grid left free before the first cell.
    pub(super) before: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) gone: bool,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Cell {
    pub(super) span: u32,
    pub(super) merge: Merge,
    /// Joined to the cell before it, as old files say it.
    pub(super) beside: bool,
    pub(super) items: Vec<Item>,
}

/// How a cell is joined to the cells above and below.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    #[default]
    None,
    Begin,
    Continue,
}
