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
#[cfg(feature = "ocr")]
mod models;
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
use std::process::Command;

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program. What it does must not hang on the tester's surroundings: it sees no variable, and a home that is not
/// there, so that models which are installed on this machine are not used.
fn program() -> Command {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-home");
    let mut program = Command::new(env!("CARGO_BIN_EXE_gouji"));
    program.env_clear().env("HOME", &home).env("XDG_DATA_HOME", &home);
    program
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

/// A zip archive with these members.
#[cfg(any(feature = "batch", feature = "ocr"))]
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
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
