//! The dataset's own Parquet files, copied byte for byte.

use super::Failure;
use super::sheet::Piece;
use crate::dataset::schema::TABLES;
use crate::dataset::{Folder, Rows};
use std::fs::{self, File};
use std::path::Path;

/// Copies every file; one that is not of this version's dataset is refused.
pub(super) fn copy(folder: &Folder, out: &Path) -> Result<Vec<Piece>, Failure> {
    let mut pieces = Vec::new();
    for (at, table) in TABLES.iter().enumerate() {
        for path in folder.files(table)? {
            Rows::open(table, File::open(&path)?)?;
            let Ok(file) = path.strip_prefix(folder.root()) else { continue };
            if let Some(parent) = out.join(file).parent() {
                fs::create_dir_all(parent)?;
            }
            fs::copy(&path, out.join(file))?;
            pieces.push(Piece { file: file.to_owned(), sheet: Some(at), tab: None });
        }
    }
    Ok(pieces)
}
