//! Binary Word files (Word 6 to 2003; `.wps` of Kingsoft) in, lines and tables in reading order out.
//!
//! ```text
//! WordDocument: fib ─┬ pieces (characters) ─────────────────┐
//!  + table stream    ├ runs, sprm → properties, rows ───────┴→ body ─→ nest
//!                    └ styles, lists, boxes ────────────────────┘
//! ```
//! What no reader of text needs is not read: layout, pictures, headers, notes, comments.

mod body;
mod boxes;
mod fib;
mod lists;
mod pieces;
mod properties;
mod rows;
mod runs;
mod sprm;
mod styles;
mod summary;

use super::{embedded, tables};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Findings;
use crate::page::{Body, Document, Format};
use crate::source::cfb::Compound;
use crate::source::{Options, guard};
use body::Streams;
use fib::Fib;

/// Reads a doc file.
pub(super) fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    guard::run(Format::Doc.name(), || {
        let file = Compound::open(bytes)?;
        let main = file.stream("WordDocument")?.ok_or_else(|| broken("WordDocument"))?;
        let fib = Fib::read(&main, options)?;
        let tables = match fib.tables {
            Some(name) => file.stream(name)?.ok_or_else(|| broken(name))?,
            None => main.clone(),
        };
        let data = file.stream("Data")?.unwrap_or_default();
        let content = body::read(Streams { main: &main, tables: &tables, data: &data }, &fib, &options.limits)?;
        findings.extend(content.embedded.then(embedded));
        let title = file.stream("\u{5}SummaryInformation").ok().flatten().and_then(|stream| summary::title(&stream));
        Ok(Document { format: Format::Doc, body: Body::Flow(tables::flow(content.items)), title })
    })
}

fn broken(what: &str) -> Error {
    ErrorKind::Truncated { detail: format!("doc: {what}") }.into()
}
