//! A page in, its lines and tables out, in reading order.
//!
//! One walk: text gathers into a line until a block begins or ends; a data row is read whole, a layout row is walked
//! through as if its cells were blocks.

use super::dom::{Attribute, Dom, Id, Kind, ROOT, Role, Sets, Shown, Step};
use super::survey::{Survey, is_passed_over};
use super::table::{self, LONGEST, Piece, RawCell};
use super::words::Words;
use crate::error::Result;
use crate::limits::Limits;
use crate::page::{FlowItem, FlowLine};
use crate::place::Place;

/// Reads the whole page.
pub(super) fn items(dom: &Dom, survey: &Survey, limits: &Limits) -> Result<Vec<FlowItem>> {
    let mut flow = Flow {
        dom,
        survey,
        limits,
        items: Vec::new(),
        words: Words::default(),
        sets: Sets::default(),
        heading: None,
        preformatted: 0,
        tables: Vec::new(),
        paragraphs: 0,
        numbered: 0,
    };
    let mut walk = dom.walk(ROOT);
    while let Some(step) = walk.next() {
        flow.sets.follow(dom, step);
        match step {
            Step::Enter(id) => {
                if flow.enter(id)? {
                    walk.skip_children();
                }
            }
            Step::Leave(id) if is_passed_over(dom, id) || dom.shown(id) == Shown::Blank => {}
            Step::Leave(id) => flow.leave(id)?,
        }
    }
    flow.end_line();
    Ok(flow.items)
}

/// The state of the walk.
struct Flow<'a> {
    dom: &'a Dom,
    survey: &'a Survey,
    limits: &'a Limits,
    items: Vec<FlowItem>,
    words: Words,
    sets: Sets,
    heading: Option<u8>,
    /// How many elements around keep line ends.
    preformatted: usize,
    tables: Vec<OpenTable>,
    /// Paragraphs so far.
    paragraphs: u32,
    /// Tables so far.
    numbered: u32,
}

/// Rows of a table that wait for its end, or for a layout row.
#[derive(Default)]
struct OpenTable {
    rows: Vec<Vec<RawCell>>,
    /// Rows left in the section, this one included: row spans end with it.
    left: u32,
}

impl Flow<'_> {
    /// Comes to a node; `true` when its children are dealt with.
    fn enter(&mut self, id: Id) -> Result<bool> {
        if is_passed_over(self.dom, id) || self.dom.shown(id) == Shown::Blank {
            return Ok(true);
        }
        match &self.dom.node(id).kind {
            Kind::Text(text) => self.words.push(text, self.preformatted > 0, self.sets.here()),
            Kind::Nothing => {}
            Kind::Element { role, .. } => return self.enter_element(id, *role),
        }
        Ok(false)
    }

    fn enter_element(&mut self, id: Id, role: Role) -> Result<bool> {
        match role {
            Role::Break if self.heading.is_some() => self.words.soft_break(),
            Role::Break => self.words.end_line(),
            Role::Heading(level) => {
                self.end_line();
                self.heading = Some(level);
            }
            Role::Preformatted => {
                self.end_line();
                self.preformatted += 1;
            }
            Role::Block | Role::Chrome | Role::Cell => self.end_line(),
            Role::Table => {
                self.end_line();
                self.tables.push(OpenTable::default());
            }
            Role::Head | Role::Body | Role::Foot => {
                let rows = self.dom.children(id).filter(|child| self.dom.role(*child) == Some(Role::Row)).count();
                if let Some(table) = self.tables.last_mut() {
                    table.left = u32::try_from(rows).unwrap_or(u32::MAX);
                }
            }
            Role::Row => return self.row(id),
            _ => {}
        }
        Ok(false)
    }

    fn leave(&mut self, id: Id) -> Result<()> {
        match self.dom.role(id) {
            Some(Role::Heading(_)) => {
                self.end_line();
                self.heading = None;
            }
            Some(Role::Preformatted) => {
                self.end_line();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            Some(Role::Block | Role::Chrome | Role::Cell) => self.end_line(),
            Some(Role::Table) => {
                self.end_line();
                self.end_rows()?;
                self.tables.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads a data row; a layout row is left to the walk.
    fn row(&mut self, id: Id) -> Result<bool> {
        self.end_line();
        if self.survey.is_layout(id) {
            self.end_rows()?;
        }
        let Some(table) = self.tables.last_mut() else { return Ok(false) };
        let left = table.left.max(1);
        table.left = left - 1;
        if self.survey.is_layout(id) {
            return Ok(false);
        }
        let cells = self.dom.children(id).filter(|child| self.dom.role(*child) == Some(Role::Cell));
        let cells =
            cells.filter(|cell| self.dom.shown(*cell) != Shown::Gone).map(|cell| raw_cell(self.dom, cell, left));
        table.rows.push(cells.collect());
        Ok(true)
    }

    /// Ends the line of words, if there is any.
    fn end_line(&mut self) {
        let text = self.words.take();
        let heading = self.heading;
        for line in text.split('\n').filter(|line| !line.is_empty()) {
            self.line(line.to_owned(), heading);
        }
    }

    fn line(&mut self, text: String, heading: Option<u8>) {
        self.paragraphs += 1;
        let place = Place::Paragraph { paragraph: self.paragraphs };
        self.items.push(FlowItem::Line(FlowLine { text, place, heading }));
    }

    /// Gives out the rows of the innermost table that were read so far.
    fn end_rows(&mut self) -> Result<()> {
        let rows = self.tables.last_mut().map(|table| std::mem::take(&mut table.rows)).unwrap_or_default();
        for piece in table::pieces(rows, &mut self.numbered, self.limits)? {
            match piece {
                Piece::Line(text) => text.split('\n').for_each(|line| self.line(line.to_owned(), None)),
                Piece::Table(table) => self.items.push(FlowItem::Table(table)),
            }
        }
        Ok(())
    }
}

/// Reads a cell: its paragraphs become lines.
fn raw_cell(dom: &Dom, cell: Id, rows_left: u32) -> RawCell {
    let row_span = table::span(dom.attribute(cell, Attribute::RowSpan), LONGEST, LONGEST).min(rows_left);
    let column_span = table::column_span(dom.attribute(cell, Attribute::ColumnSpan));
    RawCell { text: cell_text(dom, cell), row_span, column_span }
}

fn cell_text(dom: &Dom, cell: Id) -> String {
    let mut words = Words::default();
    let mut sets = Sets::default();
    let mut preformatted = 0_usize;
    let mut walk = dom.walk(cell);
    while let Some(step) = walk.next() {
        sets.follow(dom, step);
        let (Step::Enter(id) | Step::Leave(id)) = step;
        if is_passed_over(dom, id) || dom.shown(id) == Shown::Blank {
            walk.skip_children();
            continue;
        }
        match (dom.role(id), step) {
            (None, Step::Enter(_)) => {
                if let Kind::Text(text) = &dom.node(id).kind {
                    words.push(text, preformatted > 0, sets.here());
                }
            }
            (Some(Role::Preformatted), Step::Enter(_)) => preformatted += 1,
            (Some(Role::Preformatted), Step::Leave(_)) => preformatted -= 1,
            (None | Some(Role::Inline | Role::Link), _) => {}
            // Blocks, breaks, and the rows and cells of a table that is only a frame.
            _ => words.end_line(),
        }
    }
    words.take()
}
