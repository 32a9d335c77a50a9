//! The structure tree and the numbered content of the pages in, the tables it states out: rows of cells with their spans
//! and the runs of their text. Only tables are looked at. Whether they are true is not decided here.
//!
//! The tree may hold anything: no element is read twice, its depth, its size and what reading it costs are bounded, and a
//! tree beyond these bounds is left alone as a whole.

use super::budget::Budget;
use super::marked::{Content, Tags};
use crate::error::Result;
use crate::limits::Limits;
use crate::page::{Runs, StructCell, StructTable};
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};
use hayro_syntax::xref::XRef;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Names that stand for each other; more steps than this are a circle.
const MOST_ALIASES: usize = 16;

/// A page: its object, its number and its numbered content.
pub(super) type Sheet = (Option<ObjectIdentifier>, u32, Tags);

/// The tables of the document, in the order of the tree; those without any text are left out.
pub(super) fn tables(
    root: &Dict<'_>,
    xref: &XRef,
    sheets: &[Sheet],
    budget: &Budget,
    limits: &Limits,
) -> Result<Vec<StructTable>> {
    let pages = sheets.iter().filter_map(|(object, number, _)| Some(((*object)?, *number))).collect();
    let content = sheets.iter().map(|(_, number, tags)| (*number, tags.by_content())).collect();
    let dict = |key: &str| root.get::<Dict<'_>>(key).unwrap_or_default();
    let (roles, classes) = (dict("RoleMap"), dict("ClassMap"));
    let mut walk = Walk {
        xref,
        budget,
        limits,
        roles,
        classes,
        pages,
        content,
        seen: BTreeSet::new(),
        elements: 0,
        tables: Vec::new(),
    };
    walk.kids(root, Spot { page: None, within: Within::Nothing, depth: 0 })?;
    let mut tables = walk.tables;
    tables.retain(|table| table.rows.iter().flatten().any(|cell| !cell.content.is_empty()));
    Ok(tables)
}

/// The kinds of element that make a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Table,
    Row,
    Cell { header: bool },
    Caption,
    Other,
}

/// What the walk is in: indices into the tables, their rows and cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Table(usize),
    Row(usize, usize),
    Cell(usize, usize, usize),
}

/// What an element hands down to its kids.
#[derive(Debug, Clone, Copy)]
struct Spot {
    page: Option<u32>,
    within: Within,
    depth: u64,
}

struct Walk<'a, 'd> {
    xref: &'a XRef,
    budget: &'d Budget,
    limits: &'d Limits,
    roles: Dict<'a>,
    classes: Dict<'a>,
    pages: BTreeMap<ObjectIdentifier, u32>,
    /// Runs not yet claimed by a cell, by page and content.
    content: BTreeMap<u32, BTreeMap<Content, Vec<Range<u32>>>>,
    seen: BTreeSet<ObjectIdentifier>,
    elements: u64,
    tables: Vec<StructTable>,
}

impl<'a> Walk<'a, '_> {
    /// Follows what an element holds.
    fn kids(&mut self, element: &Dict<'a>, spot: Spot) -> Result<()> {
        Limits::check("nesting", spot.depth, self.limits.nesting)?;
        match element.get_raw::<Object<'_>>(b"K") {
            Some(MaybeRef::NotRef(Object::Array(kids))) => self.list(&kids, spot),
            Some(MaybeRef::Ref(id)) => match self.xref.get::<Object<'_>>(id.into()) {
                Some(Object::Array(kids)) if self.seen.insert(id.into()) => self.list(&kids, spot),
                _ => self.kid(MaybeRef::Ref(id), spot),
            },
            Some(kid) => self.kid(kid, spot),
            None => Ok(()),
        }
    }

    fn list(&mut self, kids: &Array<'a>, spot: Spot) -> Result<()> {
        self.budget.charge(kids.data().len() as u64)?;
        kids.raw_iter().try_for_each(|kid| self.kid(kid, spot))
    }

    /// Follows one kid: the number of content, a reference to content, or an element.
    fn kid(&mut self, kid: MaybeRef<Object<'a>>, spot: Spot) -> Result<()> {
        self.elements += 1;
        Limits::check("elements", self.elements, self.limits.elements)?;
        let object = match kid {
            MaybeRef::NotRef(object) => object,
            // An element that is a kid twice makes a circle, or a small file into a large tree.
            MaybeRef::Ref(id) if !self.seen.insert(id.into()) => return Ok(()),
            MaybeRef::Ref(id) => match self.xref.get::<Object<'_>>(id.into()) {
                Some(object) => object,
                None => return Ok(()),
            },
        };
        match object {
            Object::Number(number) => {
                if let (Some(page), Ok(number)) = (spot.page, u32::try_from(number.as_i64())) {
                    self.claim(page, Content { stream: None, number }, spot.within);
                }
                Ok(())
            }
            Object::Dict(dict) => {
                self.budget.charge(dict.data().len() as u64)?;
                let page = dict.get_ref(b"Pg").and_then(|id| self.pages.get(&id.into()).copied()).or(spot.page);
                self.dict(&dict, Spot { page, depth: spot.depth + 1, ..spot })
            }
            _ => Ok(()),
        }
    }

    fn dict(&mut self, dict: &Dict<'a>, spot: Spot) -> Result<()> {
        let kind = dict.get::<Name<'_>>(b"Type");
        match kind.as_deref() {
            Some(b"MCR") => {
                let stream = dict.get_ref(b"Stm").map(Into::into);
                if let (Some(page), Some(number)) = (spot.page, dict.get::<u32>(b"MCID")) {
                    self.claim(page, Content { stream, number }, spot.within);
                }
                Ok(())
            }
            Some(b"OBJR") => {
                self.fill(spot.within);
                Ok(())
            }
            _ => self.element(dict, spot),
        }
    }

    fn element(&mut self, element: &Dict<'a>, spot: Spot) -> Result<()> {
        let within = match (self.role(element), spot.within) {
            (Role::Table, outer) => {
                self.fill(outer);
                self.tables.push(StructTable::default());
                Within::Table(self.tables.len() - 1)
            }
            (Role::Row, Within::Table(table) | Within::Row(table, _)) => self.begin_row(table),
            (Role::Cell { header }, Within::Row(table, row)) => {
                let cell = self.cell(element, header)?;
                self.begin_cell(table, row, cell)
            }
            // A cell without a row has no place, and a caption is none of the cells.
            (Role::Cell { .. }, Within::Table(_)) | (Role::Caption, _) => Within::Nothing,
            (_, within) => within,
        };
        self.kids(element, Spot { within, ..spot })
    }

    fn begin_row(&mut self, table: usize) -> Within {
        let Some(rows) = self.tables.get_mut(table).map(|table| &mut table.rows) else { return Within::Nothing };
        rows.push(Vec::new());
        Within::Row(table, rows.len() - 1)
    }

    fn begin_cell(&mut self, table: usize, row: usize, cell: StructCell) -> Within {
        let cells = self.tables.get_mut(table).and_then(|table| table.rows.get_mut(row));
        let Some(cells) = cells else { return Within::Nothing };
        cells.push(cell);
        Within::Cell(table, row, cells.len() - 1)
    }

    /// Gives the runs of some content to the cell at hand, if no other cell has them.
    fn claim(&mut self, page: u32, content: Content, within: Within) {
        if !matches!(within, Within::Cell(..)) {
            return;
        }
        let runs = self.content.get_mut(&page).and_then(|on_page| on_page.remove(&content));
        let Some(cell) = self.fill(within) else { return };
        cell.content.extend(runs.into_iter().flatten().map(|runs| Runs { page, runs }));
    }

    /// The cell at hand, in which something is.
    fn fill(&mut self, within: Within) -> Option<&mut StructCell> {
        let Within::Cell(table, row, cell) = within else { return None };
        let cell = self.tables.get_mut(table)?.rows.get_mut(row)?.get_mut(cell)?;
        cell.blank = false;
        Some(cell)
    }

    /// What an element is, by its own name or the name it stands for.
    fn role(&self, element: &Dict<'a>) -> Role {
        let mut name = element.get::<Name<'_>>(b"S");
        for _ in 0..MOST_ALIASES {
            let Some(known) = &name else { break };
            match known.as_ref() {
                b"Table" => return Role::Table,
                b"TR" => return Role::Row,
                b"TH" => return Role::Cell { header: true },
                b"TD" => return Role::Cell { header: false },
                b"Caption" => return Role::Caption,
                other => name = self.roles.get::<Name<'_>>(other),
            }
        }
        Role::Other
    }

    /// A cell with the spans that its attributes, or else those of its classes, state.
    fn cell(&self, element: &Dict<'a>, header: bool) -> Result<StructCell> {
        let mut cell = StructCell { header, row_span: 1, column_span: None, blank: true, content: Vec::new() };
        match element.get::<Object<'_>>(b"C") {
            Some(Object::Name(class)) => self.class(&class, &mut cell)?,
            Some(Object::Array(classes)) => {
                for class in classes.iter::<Object<'_>>() {
                    if let Object::Name(class) = class {
                        self.class(&class, &mut cell)?;
                    }
                }
            }
            _ => {}
        }
        if let Some(attributes) = element.get::<Object<'_>>(b"A") {
            self.attributes(&attributes, &mut cell)?;
        }
        Ok(cell)
    }

    fn class(&self, name: &Name<'_>, cell: &mut StructCell) -> Result<()> {
        let attributes = self.classes.get::<Object<'_>>(name);
        attributes.map_or(Ok(()), |attributes| self.attributes(&attributes, cell))
    }

    /// Takes the spans of one dictionary or several; numbers of revisions stand among them.
    fn attributes(&self, attributes: &Object<'a>, cell: &mut StructCell) -> Result<()> {
        match attributes {
            Object::Array(several) => {
                self.budget.charge(several.data().len() as u64)?;
                for one in several.iter::<Object<'_>>() {
                    if let Object::Dict(dict) = &one {
                        self.spans(dict, cell)?;
                    }
                }
                Ok(())
            }
            Object::Dict(dict) => self.spans(dict, cell),
            _ => Ok(()),
        }
    }

    fn spans(&self, attributes: &Dict<'_>, cell: &mut StructCell) -> Result<()> {
        self.budget.charge(attributes.data().len() as u64)?;
        if attributes.get::<Name<'_>>(b"O").is_some_and(|owner| owner.as_ref() == b"Table") {
            let span = |key: &str| attributes.get::<u32>(key).filter(|span| *span > 0);
            cell.row_span = span("RowSpan").unwrap_or(cell.row_span);
            cell.column_span = span("ColSpan").or(cell.column_span);
        }
        Ok(())
    }
}
