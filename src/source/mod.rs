//! Bytes in, a [`Document`] out: the only place that knows file types, and the only guard around foreign readers.
//!
//! ```text
//! bytes ─sniff→ Format ─┬ pdf, ofd ─ink→ pages of ink
//!                       ├ sheet, word, html ─┐
//!                       └ plain (text, md) ──┴→ lines and stated tables
//! ```
//! A reader whose cargo feature is off is known by name and refused as unsupported.

#[cfg(any(feature = "sheet", feature = "word"))]
mod cfb;
mod charset;
#[cfg(any(feature = "html", feature = "ofd", feature = "pdf", feature = "sheet", feature = "word"))]
pub(crate) mod guard;
#[cfg(feature = "ocr")]
mod heads;
#[cfg(feature = "html")]
mod html;
#[cfg(any(feature = "ofd", feature = "pdf"))]
#[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "OFD has no rectangles of its own"))]
mod ink;
#[cfg(feature = "ofd")]
mod ofd;
#[cfg(any(feature = "sheet", feature = "word"))]
mod opendocument;
#[cfg(feature = "pdf")]
mod pdf;
mod plain;
#[cfg(feature = "ocr")]
mod raster;
#[cfg(feature = "ocr")]
pub(crate) mod scan;
#[cfg(feature = "sheet")]
mod sheet;
mod sniff;
#[cfg(feature = "word")]
mod word;
#[cfg(any(feature = "ofd", feature = "sheet", feature = "word"))]
#[cfg_attr(not(any(feature = "sheet", feature = "word")), expect(dead_code, reason = "OFD reads whole trees"))]
mod xml;
#[cfg(any(feature = "ofd", feature = "sheet", feature = "word"))]
#[cfg_attr(not(any(feature = "sheet", feature = "word")), expect(dead_code, reason = "OFD has links of its own"))]
mod zipped;

#[cfg(feature = "ocr")]
pub use scan::models::{DETECTION, ModelFile, Models, RECOGNITION, is_genuine};
pub use sniff::sniff;

use crate::error::Result;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::page::{Document, Format};

/// How to open an input.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Password for encrypted files; the empty one is always tried.
    pub password: Option<String>,
    /// Caps on what the input may cost.
    pub limits: Limits,
    /// What reads pictures of pages, where it is there.
    #[cfg(feature = "ocr")]
    pub models: Option<std::sync::Arc<Models>>,
}

impl Options {
    /// Whether pictures of pages are looked at by models.
    #[must_use]
    pub fn reads_pictures(&self) -> bool {
        #[cfg(feature = "ocr")]
        return self.models.is_some();
        #[cfg(not(feature = "ocr"))]
        return false;
    }
}

/// Stands in for a reader that this build leaves out.
#[cfg(not(all(feature = "html", feature = "ofd", feature = "pdf", feature = "sheet", feature = "word")))]
macro_rules! absent {
    ($module:ident $(, $argument:ident: $kind:ty)?) => {
        mod $module {
            use super::{Document, Findings, Options, Result};

            pub(super) fn read(
                _: &[u8],
                $($argument: $kind,)?
                _: &Options,
                _: &mut Findings,
            ) -> Result<Document> {
                $(let _ = $argument;)?
                Err(crate::error::ErrorKind::Unsupported { format: stringify!($module) }.into())
            }
        }
    };
}

#[cfg(not(feature = "html"))]
absent!(html);
#[cfg(not(feature = "ofd"))]
absent!(ofd);
#[cfg(not(feature = "pdf"))]
absent!(pdf);
#[cfg(not(feature = "sheet"))]
absent!(sheet, format: crate::page::Format);
#[cfg(not(feature = "word"))]
absent!(word, format: crate::page::Format);

/// Reads a document whose format is told from its bytes.
pub fn read(bytes: &[u8], options: &Options, findings: &mut Findings) -> Result<Document> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Limits::check("input-bytes", size, options.limits.input_bytes)?;
    match sniff(bytes)? {
        Format::Pdf => pdf::read(bytes, options, findings),
        format @ (Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods) => {
            sheet::read(bytes, format, options, findings)
        }
        format @ (Format::Docx | Format::Doc | Format::Rtf | Format::Odt) => {
            word::read(bytes, format, options, findings)
        }
        Format::Ofd => ofd::read(bytes, options, findings),
        Format::Html => html::read(bytes, options, findings),
        format @ (Format::Markdown | Format::Text) => plain::read(bytes, format, options, findings),
    }
}
