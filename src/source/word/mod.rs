//! Word processor files (docx, doc, rtf, odt) in, lines and tables in reading order out.
//!
//! ```text
//! docx ─┐
//! doc  ─┤ a reader each ─→ content: items as nested in the file ─→ tables: flow items
//! rtf  ─┤                   (doc and rtf by way of nest and edges)
//! odt  ─┘
//! ```
//! The text is the one that is seen: tracked changes accepted, hidden text left out, automatic numbers written out.
//! Headers, footers, notes and comments are not read; layout on pages is not known.

mod content;
mod counting;
mod doc;
mod docx;
mod edges;
mod nest;
mod numbering;
mod odt;
mod rtf;
mod tables;

use super::Options;
use crate::error::{ErrorKind, Result};
use crate::finding::{Code, Finding, Findings};
use crate::page::{Document, Format};
use crate::text::Text;

/// Reads a file of one of the word processors.
pub(crate) fn read(bytes: &[u8], format: Format, options: &Options, findings: &mut Findings) -> Result<Document> {
    match format {
        Format::Docx => docx::read(bytes, options, findings),
        Format::Doc => doc::read(bytes, options, findings),
        Format::Rtf => rtf::read(bytes, options, findings),
        Format::Odt => odt::read(bytes, options, findings),
        format => Err(ErrorKind::Unsupported { format: format.name() }.into()),
    }
}

/// The heading level of a style by its name.
fn heading_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    if matches!(&*name, "title" | "标题") {
        return Some(1);
    }
    let level = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    level.trim().parse().ok().filter(|level| (1..=6).contains(level))
}

/// A character as it can be read: the private ones of symbol fonts have no reading.
fn readable(char: char) -> char {
    if ('\u{E000}'..='\u{F8FF}').contains(&char) { char::REPLACEMENT_CHARACTER } else { char }
}

fn foreign_part() -> Finding {
    let message = Text::new(
        "a part of the text is stored in another format inside the file and was not read",
        "文件内有一部分内容以其他格式嵌入，未读取",
    );
    Finding::new(Code::ForeignPart, message)
}

fn embedded() -> Finding {
    let message = Text::new(
        "the document shows an embedded object, perhaps a worksheet; its content was not read",
        "文档中有嵌入对象（可能是工作表），其内容未读取",
    );
    Finding::new(Code::EmbeddedObject, message)
}
