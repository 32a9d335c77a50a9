//! A folder that is written whole or not at all: made beside its place under another name, and moved there when it is done.
//!
//! A folder that is there already is replaced only if every file in it is one that an export listed in its manifest.

use super::Failure;
use crate::pipeline::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The list of an export's files with their hashes, as `sha256sum -c` reads it.
pub(super) const MANIFEST: &str = "MANIFEST.sha256";

/// The folder, until it is in its place.
pub(super) struct Staging {
    partial: PathBuf,
    target: PathBuf,
}

/// A finished file.
pub(super) struct Finished {
    /// Its path in the folder, with `/` between the names.
    pub(super) path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(super) sha256: String,
    /// Its size.
    pub(super) bytes: u64,
}

impl Staging {
    /// A new folder beside `target`.
    pub(super) fn begin(target: &Path) -> Result<Self, Failure> {
        // Behind a link the folder itself is replaced, not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        refuse_foreign(&target)?;
        let partial = beside(&target, "partial")?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::create_dir(&partial)?;
        Ok(Self { partial, target })
    }

    /// Where to write.
    pub(super) fn path(&self) -> &Path {
        &self.partial
    }

    /// All files so far, by path.
    pub(super) fn files(&self) -> Result<Vec<Finished>, Failure> {
        let mut files = Vec::new();
        for path in paths(&self.partial)? {
            let mut file = File::open(self.partial.join(&path))?;
            let mut hash = Sha256::new();
            let bytes = io::copy(&mut file, &mut Hashing(&mut hash))?;
            let sha256 = hex(&hash.finalize());
            files.push(Finished { path, sha256, bytes });
        }
        Ok(files)
    }

    /// Lists the files and moves the folder to its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let lines = self.files()?.into_iter().map(|file| format!("{}  {}\n", file.sha256, file.path));
        fs::write(self.partial.join(MANIFEST), lines.collect::<String>())?;
        if !self.target.exists() {
            return Ok(fs::rename(&self.partial, &self.target)?);
        }
        // Looked at again: somebody may have put a file there meanwhile.
        refuse_foreign(&self.target)?;
        let old = beside(&self.target, "old")?;
        fs::rename(&self.target, &old)?;
        if let Err(error) = fs::rename(&self.partial, &self.target) {
            fs::rename(&old, &self.target)?;
            return Err(error.into());
        }
        Ok(fs::remove_dir_all(old)?)
    }
}

impl Drop for Staging {
    /// A folder that was not finished leaves nothing behind.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// Bytes that go into a hash.
struct Hashing<'a>(&'a mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn beside(target: &Path, what: &str) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.{what}", std::process::id()));
    Ok(target.with_file_name(hidden))
}

/// Refuses a place that holds anything an export did not put there.
fn refuse_foreign(target: &Path) -> Result<(), Failure> {
    let taken = |file: &str| Failure::Taken { folder: target.to_owned(), file: file.to_owned() };
    match fs::metadata(target) {
        Ok(there) if there.is_dir() => {}
        Ok(_) => return Err(taken(".")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let manifest = match fs::read_to_string(target.join(MANIFEST)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        manifest => manifest?,
    };
    let listed = manifest.lines().filter_map(|line| line.split_once("  ").map(|(_, path)| path));
    let known: BTreeSet<&str> = listed.chain([MANIFEST]).collect();
    match paths(target)?.iter().find(|path| !known.contains(path.as_str())) {
        Some(foreign) => Err(taken(foreign)),
        None => Ok(()),
    }
}

/// Every file below a folder, relative to it, by path. Links are listed, not followed.
fn paths(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            paths.extend(self::paths(&entry.path())?.into_iter().map(|path| format!("{name}/{path}")));
        } else {
            paths.push(name);
        }
    }
    paths.sort();
    Ok(paths)
}
