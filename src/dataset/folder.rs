//! Where the files of a dataset stand: `reports.parquet` and its like, and `cells/year=YYYY/part-0.parquet`.

use super::parquet::{Failure, Rows};
use super::schema::{self, Table};
use super::value::Row;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The value of a partition whose rows have none, as Hive and its readers write it.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// A folder that holds a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// Where a batch keeps what is not for others.
    pub const OWN: &str = ".gouji";
    /// In there, the mark of a dataset whose files are all of one run.
    pub const WHOLE: &str = "complete";

    /// The folder at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// Whether there is a dataset in it, all of one run: a batch that is putting its files in place, or was stopped while
    /// it did, has taken its mark away. A dataset that was moved elsewhere has no such folder.
    pub fn is_dataset(&self) -> bool {
        let own = self.0.join(Self::OWN);
        self.0.join(Self::file(&schema::REPORTS, None)).is_file() && (!own.is_dir() || own.join(Self::WHOLE).is_file())
    }

    /// The file of a table, relative to the folder; `part` is the value of the column that the table is divided by.
    pub fn file(table: &Table, part: Option<i64>) -> PathBuf {
        match table.partition() {
            None => PathBuf::from(format!("{}.parquet", table.name)),
            Some(column) => {
                let value = part.map_or_else(|| NO_VALUE.to_owned(), |value| value.to_string());
                [table.name, &format!("{column}={value}"), "part-0.parquet"].iter().collect()
            }
        }
    }

    /// The files of a table that are there, in the order of their paths; without rows there may be none.
    pub fn files(&self, table: &Table) -> io::Result<Vec<PathBuf>> {
        if table.partition().is_none() {
            return Ok(vec![self.0.join(Self::file(table, None))]);
        }
        let parts = match fs::read_dir(self.0.join(table.name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            parts => parts?,
        };
        let mut files = Vec::new();
        for part in parts {
            let file = part?.path().join("part-0.parquet");
            if file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        Ok(files)
    }

    /// The rows of each file of a table.
    pub fn parts(&self, table: &'static Table) -> Result<Vec<Rows>, Failure> {
        self.files(table)?.into_iter().map(|file| Rows::open(table, File::open(file)?)).collect()
    }

    /// All rows of a table, file by file.
    pub fn rows(
        &self,
        table: &'static Table,
    ) -> Result<impl Iterator<Item = Result<Row<'static>, Failure>> + use<>, Failure> {
        let files = self.files(table)?.into_iter();
        Ok(files.flat_map(move |file| {
            match File::open(file).map_err(Failure::from).and_then(|file| Rows::open(table, file)) {
                Ok(rows) => Box::new(rows) as Box<dyn Iterator<Item = _>>,
                Err(failure) => Box::new(std::iter::once(Err(failure))),
            }
        }))
    }
}
