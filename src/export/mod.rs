//! A dataset in, a folder for others out: the same tables in one format, with what is needed to understand, check and cite
//! them.
//!
//! ```text
//! dataset::Folder ─rows→ sheet ─┬→ csv, sqlite, xlsx        a table for each table, and a wide one for each standard table
//!                               └→ parquet                  the dataset's own files
//! form::Library ──→ dictionary.*.csv, crosswalk.csv;  then README*.md, datapackage.json, MANIFEST.sha256
//! ```
//! Nothing is judged or changed here; rows stream, so that memory does not grow with the dataset. The same dataset gives the
//! same bytes.

mod csv;
mod dictionary;
mod package;
mod parquet;
mod readme;
mod sheet;
mod sqlite;
mod staging;
mod titles;
mod wide;
mod xlsx;

use crate::dataset::{self, Folder, Row, schema};
use crate::form::Library;
use crate::text::Lang;
use sheet::{Piece, Sheet, Sink};
use staging::Staging;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use titles::Titles;
use wide::Wide;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The dataset's own files.
    Parquet,
    /// A file for each table.
    Csv,
    /// One database.
    Sqlite,
    /// One workbook.
    Xlsx,
}

/// What stands for the rows and columns of a form. Ids are always there; labels stand beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Labels {
    /// Ids alone.
    #[default]
    Id,
    /// Beside them the labels that the notice prints.
    Zh,
    /// Beside them labels in English.
    En,
}

/// How to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The format.
    pub format: Format,
    /// The labels; Parquet files, which are the dataset's own, have none.
    pub labels: Labels,
}

impl Format {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Sqlite => "sqlite",
            Self::Xlsx => "xlsx",
        }
    }
}

impl Labels {
    /// Their name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// Why an export could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The dataset cannot be read.
    #[error(transparent)]
    Dataset(#[from] dataset::Failure),
    /// `SQLite` refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The workbook could not be written.
    #[error(transparent)]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A file of the forms cannot be read.
    #[error(transparent)]
    Form(#[from] crate::error::Error),
    /// There is no dataset in the folder.
    #[error("{} holds no whole dataset", .0.display())]
    NoDataset(PathBuf),
    /// The target holds something else.
    #[error("{} holds `{file}`, which is not from an export", folder.display())]
    Taken {
        /// The target.
        folder: PathBuf,
        /// What is in it.
        file: String,
    },
    /// A cell is of a form that is not at hand.
    #[error("no form at hand has the cell {cell} (`{form}`)")]
    UnknownCell {
        /// The edition that the dataset names.
        form: String,
        /// The cell.
        cell: String,
    },
    /// Two columns would have one name.
    #[error("two columns of `{table}` would be called `{name}`")]
    Name {
        /// The table.
        table: String,
        /// The name.
        name: String,
    },
}

/// Exports the dataset in `folder` to a new folder `out`, whole or not at all. An earlier export there is replaced, and
/// nothing else.
pub fn export(folder: &Folder, library: &Library, out: &Path, options: Options) -> Result<(), Failure> {
    if !folder.is_dataset() {
        return Err(Failure::NoDataset(folder.root().to_owned()));
    }
    let staging = Staging::begin(out)?;
    let mut tables = Tables::new(library, options)?;
    for sheet in &tables.sheets {
        sheet.check_names()?;
    }
    let place = staging.path();
    let readme = |lang| readme::text(lang, &tables.sheets, options);
    fs::write(place.join("README.md"), readme(Lang::En))?;
    fs::write(place.join("README.zh.md"), readme(Lang::Zh))?;
    let cover = readme(options.labels.lang().unwrap_or_default());
    let mut pieces = match options.format {
        Format::Parquet => parquet::copy(folder, place)?,
        Format::Csv => tables.fill(folder, Box::new(csv::Files::create(place, &tables.sheets)?), &cover)?,
        Format::Sqlite => tables.fill(folder, Box::new(sqlite::Database::create(place, &tables.sheets)?), &cover)?,
        Format::Xlsx => tables.fill(folder, Box::new(xlsx::Book::create(place, &tables.sheets)?), &cover)?,
    };
    if options.format != Format::Csv {
        for (at, rows) in &tables.side {
            let Some(sheet) = tables.sheets.get(*at) else { continue };
            csv::write(place, sheet, rows)?;
            pieces.push(Piece { file: csv::file_name(sheet).into(), sheet: Some(*at), tab: None });
        }
    }
    let package = package::describe(&pieces, &tables.sheets, &staging.files()?, options);
    fs::write(place.join("datapackage.json"), serde_json::to_string_pretty(&package).map_err(io::Error::from)? + "\n")?;
    staging.finish()
}

/// What goes out.
struct Tables<'a> {
    sheets: Vec<Sheet>,
    titles: Titles,
    wide: Wide,
    /// Position of the first wide table.
    wide_from: usize,
    /// The tables that come from the forms alone, with their position.
    side: Vec<(usize, Vec<Row<'a>>)>,
}

impl<'a> Tables<'a> {
    fn new(library: &'a Library, options: Options) -> Result<Self, Failure> {
        let labels = if options.format == Format::Parquet { Labels::Id } else { options.labels };
        let (titles, wide) = (Titles::new(library, labels), Wide::new(library, labels));
        let mut sheets: Vec<Sheet> = schema::TABLES.iter().map(|table| Sheet::of(table)).collect();
        titles.head(&mut sheets);
        let wide_from = sheets.len();
        if options.format != Format::Parquet {
            sheets.extend(wide.sheets());
        }
        let mut side = Vec::new();
        let dictionary = |lang| dictionary::rows(lang, &sheets, library);
        let rows = [dictionary(Lang::Zh), dictionary(Lang::En), dictionary::crosswalk_rows(library)?];
        let heads = [dictionary::sheet(Lang::Zh), dictionary::sheet(Lang::En), dictionary::crosswalk_sheet()];
        for (head, rows) in heads.into_iter().zip(rows) {
            side.push((sheets.len(), rows));
            sheets.push(head);
        }
        Ok(Self { sheets, titles, wide, wide_from, side })
    }

    /// Hands every row to the sink.
    fn fill(&mut self, folder: &Folder, mut sink: Box<dyn Sink>, readme: &str) -> Result<Vec<Piece>, Failure> {
        for (at, table) in schema::TABLES.into_iter().enumerate() {
            for row in folder.rows(table)? {
                let mut row = row?;
                if table.name == schema::CELLS.name {
                    let from = self.wide_from;
                    self.wide.push(&row, &mut |sheet, row| sink.push(from + sheet, row))?;
                    self.titles.add(&mut row);
                }
                sink.push(at, &row)?;
            }
        }
        let from = self.wide_from;
        self.wide.flush(&mut |sheet, row| sink.push(from + sheet, row))?;
        for (at, rows) in &self.side {
            for row in rows {
                sink.push(*at, row)?;
            }
        }
        sink.finish(readme)
    }
}
