//! Labels of the forms beside the ids of cells: what the form calls a table, row and column, whatever a report printed.

use super::Labels;
use super::sheet::{Field, Sheet};
use crate::dataset::schema::{self, Kind};
use crate::dataset::{Row, Value};
use crate::form::Library;
use std::collections::BTreeMap;

/// The labels in one language; none where ids are enough.
pub(super) struct Titles {
    wanted: bool,
    tables: BTreeMap<String, Table>,
}

#[derive(Default)]
struct Table {
    title: Option<String>,
    rows: BTreeMap<String, Option<String>>,
    columns: BTreeMap<String, Option<String>>,
}

impl Titles {
    /// The labels of all forms; of a name that several editions have, the newest one's.
    pub(super) fn new(library: &Library, labels: Labels) -> Self {
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        let Some(lang) = labels.lang() else { return Self { wanted: false, tables } };
        for table in library.forms().iter().flat_map(|form| &form.tables) {
            let known = tables.entry(table.id.clone()).or_default();
            known.title = known.title.take().or_else(|| table.label(lang).map(str::to_owned));
            for block in &table.blocks {
                for row in &block.rows {
                    known.rows.entry(row.key.clone()).or_insert_with(|| row.label(lang));
                }
                for column in &block.columns {
                    known.columns.entry(column.key.clone()).or_insert_with(|| column.label(lang));
                }
            }
        }
        Self { wanted: true, tables }
    }

    /// Adds the columns to the table of cells.
    pub(super) fn head(&self, sheets: &mut [Sheet]) {
        let cells = sheets.iter_mut().find(|sheet| sheet.name == schema::CELLS.name);
        let Some(cells) = cells.filter(|_| self.wanted) else { return };
        let field = |name, en, zh| Field::new(name, Kind::Text, false, en, zh);
        cells.columns.extend([
            field("table_title", "name of the table in the form", "表名（表式）"),
            field("row_title", "label of the row in the form", "行标签（表式）"),
            field("column_title", "label of the column in the form", "列标签（表式）"),
        ]);
    }

    /// Adds the fields to a cell.
    pub(super) fn add(&self, cell: &mut Row<'_>) {
        if !self.wanted {
            return;
        }
        let id = |name: &str| schema::CELLS.position(name).and_then(|at| cell.get(at)?.as_text()).unwrap_or_default();
        let titles: [Value<'static>; 3] = match self.tables.get(id("table")) {
            None => [Value::None, Value::None, Value::None],
            Some(table) => [
                table.title.clone().into(),
                table.rows.get(id("row")).cloned().flatten().into(),
                table.columns.get(id("column")).cloned().flatten().into(),
            ],
        };
        cell.extend(titles);
    }
}
