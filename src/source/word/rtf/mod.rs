//! Rich Text Format in, lines and tables in reading order out.
//!
//! ```text
//! bytes ─tokens→ reader ─┬ fonts: which encoding bytes are in
//!                        └→ nest: paragraphs and tables
//! ```
//! The numbers of lists are given as text and are kept; bullets are not.

mod fonts;
mod reader;
mod state;
#[cfg(test)]
mod tests;
mod tokens;

use super::{embedded, tables};
use crate::error::Result;
use crate::finding::Findings;
use crate::page::{Body, Document, Format};
use crate::source::{Options, guard};

/// Reads an rtf file.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    guard::run(Format::Rtf.name(), || {
        let (content, title) = reader::read(bytes, &options.limits)?;
        findings.extend(content.embedded.then(embedded));
        Ok(Document { format: Format::Rtf, body: Body::Flow(tables::flow(content.items)), title })
    })
}
