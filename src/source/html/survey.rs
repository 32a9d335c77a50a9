//! A page in, what is known of its tables before any is read: which rows are layout and which are data.
//!
//! A row is layout when it holds a table with data, or prose: a single cell with more words than a label has, or one
//! with far more beside at most one other. One walk finds all, so tables within tables cost nothing more.

use super::dom::{Dom, Id, Kind, ROOT, Role, Shown, Step};
use super::words::is_invisible;
use std::collections::BTreeSet;

/// Characters beyond which the only cell of a row is prose; labels of forms have up to some 40.
const PROSE_ALONE: usize = 60;
/// Characters beyond which a cell is prose even with another beside it.
const PROSE_BESIDE: usize = 200;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    layout_rows: BTreeSet<Id>,
    /// Tables that a reader does not see.
    pub(super) hidden_tables: u32,
}

impl Survey {
    /// Whether the row only places other content.
    pub(super) fn is_layout(&self, row: Id) -> bool {
        self.layout_rows.contains(&row)
    }

    /// Looks over the page.
    pub(super) fn of(dom: &Dom) -> Self {
        let mut survey = Self::default();
        let mut open = Open::default();
        let mut walk = dom.walk(ROOT);
        while let Some(step) = walk.next() {
            match step {
                Step::Enter(id) => {
                    if is_passed_over(dom, id) {
                        survey.hidden_tables += hidden_tables(dom, id);
                        walk.skip_children();
                    } else {
                        open.enter(dom, id);
                    }
                }
                Step::Leave(id) if is_passed_over(dom, id) => {}
                Step::Leave(id) => match dom.role(id) {
                    Some(Role::Cell) => open.leave_cell(),
                    Some(Role::Row) if open.leave_row() => {
                        survey.layout_rows.insert(id);
                    }
                    Some(Role::Table) => open.leave_table(),
                    _ => {}
                },
            }
        }
        survey
    }
}

/// Whether a reader of the page sees nothing of the element.
pub(super) fn is_passed_over(dom: &Dom, id: Id) -> bool {
    dom.shown(id) == Shown::Gone
        || matches!(dom.role(id), Some(Role::Skipped | Role::Script | Role::Frame | Role::Title | Role::Meta))
}

/// Tables with figures within a hidden element.
fn hidden_tables(dom: &Dom, id: Id) -> u32 {
    if dom.shown(id) != Shown::Gone {
        return 0;
    }
    let tables = dom.walk(id).filter(|step| matches!(step, Step::Enter(id) if dom.role(*id) == Some(Role::Table)));
    u32::try_from(tables.count()).unwrap_or(u32::MAX)
}

/// The rows and tables around the place of the walk.
#[derive(Default)]
struct Open {
    rows: Vec<OpenRow>,
    tables: Vec<OpenTable>,
    /// Characters passed so far.
    ink: usize,
    /// Of these, how many are part of a figure.
    digits: usize,
}

#[derive(Default)]
struct OpenRow {
    cells: usize,
    filled: usize,
    longest: usize,
    figures: bool,
    holds_table: bool,
    cell_from: (usize, usize),
}

#[derive(Default)]
struct OpenTable {
    /// It has a row with more than one filled cell, or holds a table that has.
    data: bool,
}

impl Open {
    fn enter(&mut self, dom: &Dom, id: Id) {
        if let Kind::Text(text) = &dom.node(id).kind {
            for c in text.chars().filter(|c| !is_invisible(*c)) {
                self.ink += 1;
                self.digits += usize::from(c.is_ascii_digit() || ".,-+".contains(c));
            }
        }
        match dom.role(id) {
            Some(Role::Table) => self.tables.push(OpenTable::default()),
            Some(Role::Row) => self.rows.push(OpenRow::default()),
            Some(Role::Cell) => {
                let here = (self.ink, self.digits);
                if let Some(row) = self.rows.last_mut() {
                    row.cell_from = here;
                }
            }
            _ => {}
        }
    }

    fn leave_cell(&mut self) {
        let Some(row) = self.rows.last_mut() else { return };
        let (ink, digits) = (self.ink - row.cell_from.0, self.digits - row.cell_from.1);
        row.cells += 1;
        row.filled += usize::from(ink > 0);
        row.longest = row.longest.max(ink);
        row.figures |= ink > 0 && ink == digits;
    }

    /// Closes the row; whether it is layout.
    fn leave_row(&mut self) -> bool {
        let Some(row) = self.rows.pop() else { return false };
        let layout = row.holds_table
            || (row.cells == 1 && row.longest > PROSE_ALONE)
            || (row.filled <= 2 && row.longest > PROSE_BESIDE && !row.figures);
        if let Some(table) = self.tables.last_mut() {
            table.data |= row.holds_table || row.filled > 1;
        }
        layout
    }

    fn leave_table(&mut self) {
        let data = self.tables.pop().is_some_and(|table| table.data);
        if let Some(row) = self.rows.last_mut() {
            row.holds_table |= data;
        }
    }
}
