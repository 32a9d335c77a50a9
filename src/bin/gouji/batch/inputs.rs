//! What is to be read: folders, patterns, lists, archives and S3 stores become single inputs, each with the path it is called by.
//!
//! Every input that was named or found is listed, also one that cannot be opened: the ledger has a row for each. Within
//! folders, entries whose name begins with `.` are passed over (they belong to programs, not to people), links to
//! folders are not followed, and the output folder is left out.

#[cfg(feature = "s3")]
use super::object::{Bucket, Failure};
use crate::run::capped;
use gouji::limits::Limits;
use gouji::{ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};
use zip::ZipArchive;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// What it is ordered by: the bytes of its path.
    pub(super) path: Vec<u8>,
    /// Its path as written.
    pub(super) name: String,
    /// Where its bytes are.
    pub(super) source: Source,
}

/// Where the bytes of an input are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Source {
    /// A file.
    File(PathBuf),
    /// A file within a zip archive, by its number.
    Member(PathBuf, usize),
    /// An object in an S3 store, by its address.
    Object(String),
    /// There is nothing to read, and this is why.
    Nothing(String),
    /// Written by another version.
    Unknown,
}

/// Said of addresses where the program was built without the client.
#[cfg(not(feature = "s3"))]
const NO_STORE: &str = "this program was built without s3; build it with --features s3";

/// Between an archive and the name of a file within it.
const WITHIN: &str = "!/";

/// Finds inputs and hands each on.
pub(super) struct Finder<'a> {
    /// The folder that the batch writes to.
    pub(super) output: &'a Path,
    /// Takes the inputs.
    pub(super) take: &'a mut dyn FnMut(Input) -> rusqlite::Result<()>,
}

impl Finder<'_> {
    /// What an argument names: a list (`@FILE`), a folder, a file, or a pattern.
    pub(super) fn argument(&mut self, argument: &Path) -> rusqlite::Result<()> {
        let text = argument.to_string_lossy();
        if let Some(list) = text.strip_prefix('@').filter(|_| !argument.exists()) {
            return self.list(Path::new(list));
        }
        if !argument.exists() && !text.contains("://") && text.contains(['*', '?', '[']) {
            return self.pattern(&text);
        }
        self.named(argument)
    }

    /// The files that a list names, a path a line.
    fn list(&mut self, list: &Path) -> rusqlite::Result<()> {
        let text = match fs::read(list) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return self.nothing(list, &format!("the list cannot be read: {error}")),
        };
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
        lines.into_iter().try_for_each(|line| self.named(Path::new(line)))
    }

    /// What a word names: an address, a folder or a file.
    fn named(&mut self, path: &Path) -> rusqlite::Result<()> {
        let text = path.to_string_lossy();
        if text.starts_with("s3://") { self.store(&text) } else { self.path(&plain(path)) }
    }

    /// The files and folders that a pattern matches.
    fn pattern(&mut self, pattern: &str) -> rusqlite::Result<()> {
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
        let found = match glob::glob_with(pattern, options) {
            Ok(found) => found,
            Err(error) => return self.nothing(Path::new(pattern), &format!("the pattern cannot be read: {error}")),
        };
        let mut any = false;
        for path in found {
            any = true;
            match path {
                // A pattern reaches into the output as well.
                Ok(path) if fs::canonicalize(&path).is_ok_and(|path| path.starts_with(self.output)) => {}
                Ok(path) => self.path(&plain(&path))?,
                Err(error) => self.nothing(error.path(), &error.to_string())?,
            }
        }
        if any { Ok(()) } else { self.nothing(Path::new(pattern), "nothing matches the pattern") }
    }

    /// The objects below an address.
    #[cfg(feature = "s3")]
    fn store(&mut self, address: &str) -> rusqlite::Result<()> {
        let bucket = match Bucket::open(address) {
            Ok(bucket) => bucket,
            Err(error) => return self.nothing(Path::new(address), &error.to_string()),
        };
        let listed = bucket.each(address, |object| {
            let source = Source::Object(object.clone());
            (self.take)(Input { path: object.clone().into_bytes(), name: object, source })
        });
        match listed {
            Ok(0) => self.nothing(Path::new(address), "there is no object below this address"),
            Ok(_) => Ok(()),
            Err(Failure::Taker(error)) => Err(error),
            Err(Failure::Store(why)) => self.nothing(Path::new(address), &why),
        }
    }

    #[cfg(not(feature = "s3"))]
    fn store(&mut self, address: &str) -> rusqlite::Result<()> {
        self.nothing(Path::new(address), NO_STORE)
    }

    fn path(&mut self, path: &Path) -> rusqlite::Result<()> {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => self.folder(path),
            Ok(_) => self.file(path),
            Err(error) => self.nothing(path, &error.to_string()),
        }
    }

    fn folder(&mut self, folder: &Path) -> rusqlite::Result<()> {
        if fs::canonicalize(folder).is_ok_and(|folder| folder == self.output) {
            return Ok(());
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.nothing(folder, &error.to_string()),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.nothing(folder, &error.to_string())?;
                    continue;
                }
            };
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&entry.path())?,
                // A link to a folder may lead in a circle.
                Ok(kind) if kind.is_symlink() && entry.path().is_dir() => {}
                _ => self.file(&entry.path())?,
            }
        }
        Ok(())
    }

    /// A file, or the files within it where it is a plain archive.
    fn file(&mut self, path: &Path) -> rusqlite::Result<()> {
        match fs::metadata(path) {
            // A pipe would be waited for without end.
            Ok(about) if !about.is_file() => return self.nothing(path, "it is neither a file nor a folder"),
            Err(error) => return self.nothing(path, &error.to_string()),
            Ok(_) => {}
        }
        match members(path) {
            Ok(None) => self.input(path, "", Source::File(path.to_owned())),
            Ok(Some(Members { files, hidden: 0 })) if files.is_empty() => {
                self.nothing(path, "the archive holds no file")
            }
            Ok(Some(Members { files, hidden })) => {
                if hidden > 0 {
                    let why =
                        format!("{hidden} files in the archive have the name of another and were not read; unpack it");
                    self.nothing(path, &why)?;
                }
                files.into_iter().try_for_each(|(number, name)| {
                    self.input(path, &format!("{WITHIN}{name}"), Source::Member(path.to_owned(), number))
                })
            }
            Err(error) => self.nothing(path, &format!("the archive cannot be read: {error}")),
        }
    }

    fn nothing(&mut self, path: &Path, why: &str) -> rusqlite::Result<()> {
        self.input(path, "", Source::Nothing(why.to_owned()))
    }

    fn input(&mut self, path: &Path, within: &str, source: Source) -> rusqlite::Result<()> {
        let mut bytes = path.as_os_str().as_encoded_bytes().to_vec();
        bytes.extend(within.as_bytes());
        let name = written(path) + within;
        (self.take)(Input { path: bytes, name, source })
    }
}

/// The path as text. Bytes that are no text are written out, so that every path has a name of its own.
fn written(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(name, "\\x{byte:02x}");
        }
    }
    name
}

/// The path without `.` and doubled separators, so that a file has one name.
fn plain(path: &Path) -> PathBuf {
    let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

/// The files within an archive.
struct Members {
    /// Their numbers and names.
    files: Vec<(usize, String)>,
    /// How many there are that the library does not give out, because others have their names.
    hidden: u64,
}

/// The files within a plain zip archive; `None` for any other file. Packages of office programs are zip archives too, but
/// documents.
fn members(path: &Path) -> io::Result<Option<Members>> {
    let mut start = [0; 4];
    let readable = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    if readable.is_err() || start != *b"PK\x03\x04" && start != *b"PK\x05\x06" {
        // Also what cannot be opened: its reader will say why.
        return Ok(None);
    }
    let mut archive = open(path)?;
    let (mut found, mut names) = (Vec::new(), BTreeSet::new());
    for number in 0..archive.len() {
        let name = member_name(archive.by_index_raw(number)?.name_raw());
        if DOCUMENTS.contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
        if !name.ends_with('/') && !name.split('/').any(hidden) {
            // Bytes that are no text may come to the same name.
            let (mut own, mut again) = (name.clone(), 1);
            while !names.insert(own.clone()) {
                again += 1;
                own = format!("{name}#{again}");
            }
            found.push((number, own));
        }
    }
    let hidden = declared(path)?.saturating_sub(archive.len() as u64);
    Ok(Some(Members { files: found, hidden }))
}

/// How many members an archive says it has, in the record at its end; 0 where that record has no room for the number.
fn declared(path: &Path) -> io::Result<u64> {
    // The record takes 22 bytes, and a comment of up to 65,535 may follow.
    const RECORD: u64 = 22 + 0xFFFF;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(RECORD)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let record = end.windows(4).rposition(|window| window == b"PK\x05\x06").and_then(|at| end.get(at + 10..at + 12));
    Ok(match record {
        Some(&[low, high]) if [low, high] != [0xFF, 0xFF] => u16::from_le_bytes([low, high]).into(),
        _ => 0,
    })
}

/// Members by which a zip archive is a document of some office program.
const DOCUMENTS: [&str; 5] = ["[content_types].xml", "mimetype", "ofd.xml", "encryptedpackage", "content.xml"];

/// The name of a member. Names that are not UTF-8 are mostly written by Chinese versions of Windows.
fn member_name(raw: &[u8]) -> String {
    std::str::from_utf8(raw).map_or_else(|_| encoding_rs::GB18030.decode(raw).0.into_owned(), str::to_owned)
}

fn open(path: &Path) -> io::Result<ZipArchive<BufReader<File>>> {
    Ok(ZipArchive::new(BufReader::new(File::open(path)?))?)
}

/// Reads the bytes of inputs; keeps the last archive open.
#[derive(Default)]
pub(super) struct Loader {
    #[cfg(feature = "s3")]
    bucket: Option<Bucket>,
    archive: Option<(PathBuf, ZipArchive<BufReader<File>>)>,
}

impl Loader {
    /// The bytes of an input, up to the limit.
    pub(super) fn load(&mut self, source: &Source, limits: &Limits) -> Result<Vec<u8>> {
        match source {
            Source::File(path) => {
                let file = File::open(path).map_err(ErrorKind::Io)?;
                let length = file.metadata().map_err(ErrorKind::Io)?.len();
                capped(file, Some(length), limits)
            }
            Source::Member(path, number) => {
                if self.archive.as_ref().is_none_or(|(opened, _)| opened != path) {
                    self.archive = Some((path.clone(), open(path).map_err(ErrorKind::Io)?));
                }
                let Some((_, archive)) = &mut self.archive else { return Err(nothing("the archive is closed")) };
                let member = archive.by_index(*number).map_err(|error| match error {
                    zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                        ErrorKind::Encrypted { wrong_password: false }
                    }
                    other => ErrorKind::Truncated { detail: other.to_string() },
                })?;
                let length = member.size();
                capped(member, Some(length), limits)
            }
            #[cfg(feature = "s3")]
            Source::Object(address) => {
                if self.bucket.as_ref().is_none_or(|bucket| !bucket.holds(address)) {
                    self.bucket = Some(Bucket::open(address).map_err(ErrorKind::Io)?);
                }
                let Some(bucket) = &self.bucket else { return Err(nothing("the bucket is closed")) };
                bucket.bytes(address, limits)
            }
            #[cfg(not(feature = "s3"))]
            Source::Object(_) => Err(nothing(NO_STORE)),
            Source::Nothing(why) => Err(nothing(why)),
            Source::Unknown => Err(nothing("the list of inputs cannot be read")),
        }
    }
}

fn nothing(why: &str) -> gouji::Error {
    ErrorKind::Io(io::Error::other(why.to_owned())).into()
}
