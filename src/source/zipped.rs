//! The bytes of a zip package (xlsx, docx, ods …) in, its members out, under the limit on unpacked bytes.
//!
//! Sizes that the package declares are not trusted: what a member really unpacks to is counted as it is read. Nothing
//! here knows what the members mean, the relations between them excepted.

use super::guard;
use super::xml::{Token, Xml};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use zip::ZipArchive;

/// An opened package.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Members by name, in lower case with `/` between folders.
    index: BTreeMap<String, usize>,
    format: &'static str,
    limits: &'a Limits,
    /// Bytes that may still be unpacked.
    left: u64,
}

/// A link from one part of a package to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    /// Its id within the part.
    pub(crate) id: String,
    /// The last piece of its type, such as `styles`.
    pub(crate) kind: String,
    /// The member it names.
    pub(crate) target: String,
}

impl<'a> Package<'a> {
    /// Opens a package; `format` names it in errors.
    pub(crate) fn open(bytes: &'a [u8], format: &'static str, limits: &'a Limits) -> Result<Self> {
        guard::run(format, || {
            let archive = ZipArchive::new(Cursor::new(bytes))
                .map_err(|error| ErrorKind::Truncated { detail: format!("zip: {error}") })?;
            let names = archive.file_names().enumerate();
            let index = names.filter_map(|(at, name)| Some((key(&name.ok()?), at))).collect();
            Ok(Self { archive, index, format, limits, left: limits.unpacked_bytes })
        })
    }

    /// Whether there is a member of that name.
    #[cfg(feature = "ofd")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.index.contains_key(&key(name))
    }

    /// The bytes of a member; `None` when there is none of that name.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(&at) = self.index.get(&key(name)) else { return Ok(None) };
        let (archive, left, limit) = (&mut self.archive, self.left, self.limits.unpacked_bytes);
        let bytes = guard::run(self.format, || {
            let damaged = |detail: String| ErrorKind::Truncated { detail: format!("{name}: {detail}") };
            if archive.by_index_data(at).is_ok_and(|entry| entry.encrypted()) {
                return Err(ErrorKind::Encrypted { wrong_password: false }.into());
            }
            let member = archive.by_index(at).map_err(|error| damaged(error.to_string()))?;
            let mut bytes = Vec::new();
            member.take(left.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| match error.kind() {
                io::ErrorKind::OutOfMemory => ErrorKind::OutOfMemory,
                _ => damaged(error.to_string()),
            })?;
            if bytes.len() as u64 > left {
                return Err(ErrorKind::Limit { what: "unpacked-bytes", limit }.into());
            }
            Ok(bytes)
        })?;
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// Takes what is made of unpacked bytes, when they are used again, off what may still be unpacked.
    #[cfg(feature = "ofd")]
    pub(crate) fn charge(&mut self, bytes: u64) -> Result<()> {
        let spent = ErrorKind::Limit { what: "unpacked-bytes", limit: self.limits.unpacked_bytes };
        self.left = self.left.checked_sub(bytes).ok_or(spent)?;
        Ok(())
    }

    /// A member as text: UTF-8, or UTF-16 with its mark; `None` when there is none of that name.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        Ok(Some(match encoding_rs::Encoding::for_bom(&bytes) {
            Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
            None => {
                String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
            }
        }))
    }

    /// A member as text, where the format cannot do without it.
    pub(crate) fn require(&mut self, name: &str) -> Result<String> {
        self.text(name)?.ok_or_else(|| ErrorKind::Truncated { detail: format!("{name} is missing") }.into())
    }

    /// The links of a part, in file order; those that lead out of the package are left out. The package's own links
    /// are those of the part without a name.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Vec<Relation>> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(text) = self.text(&format!("{folder}{slash}_rels/{name}.rels"))? else { return Ok(Vec::new()) };
        let mut xml = Xml::new(&text, self.format, self.limits);
        let mut relations = Vec::new();
        while let Some(token) = xml.next()? {
            let Token::Open(tag) = token else { continue };
            let external = tag.attr("TargetMode").is_some_and(|mode| mode == "External");
            if let (false, Some(id), Some(kind), Some(target)) =
                (external, tag.attr("Id"), tag.attr("Type"), tag.attr("Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: id.into_owned(), kind, target: resolve(folder, &target) });
            }
        }
        Ok(relations)
    }

    /// The title in the package's own description, if it has any.
    pub(crate) fn title(&mut self, part: &str) -> Result<Option<String>> {
        let Some(text) = self.text(part)? else { return Ok(None) };
        let mut xml = Xml::new(&text, self.format, self.limits);
        while let Ok(Some(token)) = xml.next() {
            if matches!(&token, Token::Open(tag) if tag.name() == "title") {
                return Ok(xml.text().ok().map(|title| title.trim().to_owned()).filter(|title| !title.is_empty()));
            }
        }
        Ok(None)
    }
}

/// Writers differ in case and in the stroke between folders, and readers of the format do not mind.
fn key(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_ascii_lowercase()
}

/// The member that `target` names, seen from `folder`.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let base = if target.starts_with('/') { "" } else { folder };
    let mut path = Vec::new();
    for piece in base.split('/').chain(target.split('/')) {
        match piece {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            piece => path.push(piece),
        }
    }
    path.join("/")
}

/// Writes a package whose members are stored as they are.
#[cfg(any(test, feature = "sheet"))]
pub(crate) fn store<'m>(members: impl IntoIterator<Item = (&'m str, &'m [u8])>) -> Result<Vec<u8>> {
    use std::io::Write;
    let failed = |error: String| ErrorKind::Reader { format: "zip", detail: error };
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(name, options).map_err(|error| failed(error.to_string()))?;
        writer.write_all(bytes).map_err(|error| failed(error.to_string()))?;
    }
    Ok(writer.finish().map_err(|error| failed(error.to_string()))?.into_inner())
}

/// Writes packages for the tests of the readers.
#[cfg(test)]
pub(crate) fn pack(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_whatever_their_case_and_stroke() {
        let bytes = pack(&[("Xl\\Book.XML", "x")]);
        let limits = Limits::default();
        let mut package = Package::open(&bytes, "test", &limits).unwrap();
        assert_eq!(package.text("/xl/book.xml").unwrap().unwrap(), "x");
        assert_eq!(package.text("xl/other.xml").unwrap(), None);
    }

    #[test]
    fn links_are_resolved() {
        assert_eq!(resolve("xl", "worksheets/a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("xl/worksheets", "../b.xml"), "xl/b.xml");
        assert_eq!(resolve("xl", "/xl/./c.xml"), "xl/c.xml");
        assert_eq!(resolve("", "../../../d"), "d");
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bytes = pack(&[("a", &"0".repeat(100_000)), ("b", "1234567890")]);
        assert!(bytes.len() < 1_000);
        let limits = Limits { unpacked_bytes: 15, ..Limits::default() };
        let mut package = Package::open(&bytes, "test", &limits).unwrap();
        assert_eq!(package.bytes("a").unwrap_err().code(), "limit");
        assert!(package.bytes("b").is_ok());
        assert_eq!(package.bytes("b").unwrap_err().code(), "limit");
    }

    #[test]
    fn a_cut_package_is_an_error() {
        let bytes = pack(&[("a", "0123456789")]);
        let limits = Limits::default();
        assert_eq!(Package::open(&bytes[..bytes.len() / 2], "test", &limits).err().unwrap().code(), "truncated");
    }
}
