//! The one test binary: fixtures, the command line, properties, the measure of the benchmark, and the tidiness of the tree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says so by panicking"
)]

#[cfg(feature = "batch")]
mod batch;
mod cli;
mod corpora;
mod docs;
#[cfg(feature = "batch")]
mod export;
mod fixtures;
mod props;
mod relations;
#[cfg(feature = "batch")]
mod sample;
#[cfg(feature = "ocr")]
mod scans;
#[cfg(feature = "second-reading")]
mod second;
mod shown;
#[cfg(feature = "batch")]
mod summary;
mod tables;
mod tidy;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, by path; none if the folder is not there.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Compares a generated file with what is in the tree, or writes it when `UPDATE=1` is set.
fn assert_fresh(path: &str, made: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, made).unwrap();
    } else {
        let found = fs::read_to_string(file).unwrap_or_default();
        assert!(found == made, "{path} is stale; run `UPDATE=1 cargo test`");
    }
}
