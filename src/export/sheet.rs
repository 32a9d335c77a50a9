//! What goes out: tables with their columns, and whatever takes their rows.

use super::{Failure, Labels};
use crate::dataset::Value;
use crate::dataset::schema::{self, Kind, Table};
use crate::text::{Lang, Text};
use std::path::PathBuf;

/// A table of an export.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    /// What a row is.
    pub(super) about: Text,
    /// Columns that together name a row; none where rows have no name.
    pub(super) key: Vec<String>,
    /// Its columns.
    pub(super) columns: Vec<Field>,
}

/// A column of an export.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether every row has it.
    pub(super) required: bool,
    /// What it means.
    pub(super) about: Text,
    /// The table and column whose values it repeats.
    pub(super) parent: Option<(&'static str, &'static str)>,
}

impl Sheet {
    /// A table of the dataset, as it is.
    pub(super) fn of(table: &'static Table) -> Self {
        let parent = |column: &str| match (table.name, column) {
            ("reports", "input") => Some(("ledger", "input")),
            ("reports", _) => None,
            (_, "report_id") => Some(("reports", "report_id")),
            _ => None,
        };
        let field = |column: &schema::Column| Field {
            name: column.name.to_owned(),
            kind: column.kind,
            required: column.required,
            about: Text::new(column.en, column.zh),
            parent: parent(column.name),
        };
        Self {
            name: table.name.to_owned(),
            about: Text::new(table.en, table.zh),
            key: table.key.iter().map(|key| (*key).to_owned()).collect(),
            columns: table.columns.iter().map(field).collect(),
        }
    }

    /// Two columns of one name could not be told apart.
    pub(super) fn check_names(&self) -> Result<(), Failure> {
        let mut names: Vec<&str> = self.columns.iter().map(|field| field.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair.first() == pair.last()).and_then(<[&str]>::first) {
            Some(name) => Err(Failure::Name { table: self.name.clone(), name: (*name).to_owned() }),
            None => Ok(()),
        }
    }
}

impl Field {
    /// A column that refers to nothing.
    pub(super) fn new(name: impl Into<String>, kind: Kind, required: bool, en: &str, zh: &str) -> Self {
        Self { name: name.into(), kind, required, about: Text::new(en, zh), parent: None }
    }
}

impl Labels {
    /// The language of labels; none for ids.
    pub(super) fn lang(self) -> Option<Lang> {
        match self {
            Self::Id => None,
            Self::Zh => Some(Lang::Zh),
            Self::En => Some(Lang::En),
        }
    }
}

/// Takes the rows of all tables, in whatever order the tables come.
pub(super) trait Sink {
    /// Adds a row to the table at that position.
    fn push(&mut self, sheet: usize, row: &[Value<'_>]) -> Result<(), Failure>;

    /// Writes what is left; `readme` is for formats that have room for it.
    fn finish(self: Box<Self>, readme: &str) -> Result<Vec<Piece>, Failure>;
}

/// Where a table, or a part of it, went.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The file, relative to the export's folder.
    pub(super) file: PathBuf,
    /// The table's position; none for a file that is no table by itself.
    pub(super) sheet: Option<usize>,
    /// The sheet of a workbook that holds it.
    pub(super) tab: Option<String>,
}
