//! Caps on what one input may cost. On by default; each can be raised on the command line with `--limit NAME=N`.

use crate::error::{ErrorKind, Result};

/// The caps. Every field's name, with `-` for `_`, is its name on the command line and in `limit` errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the input; reports are a few megabytes, scans tens.
    pub input_bytes: u64,
    /// Bytes that compressed parts (zip members, PDF streams) may unpack to in all.
    pub unpacked_bytes: u64,
    /// Pages of one document.
    pub pages: u64,
    /// Glyphs on one page; a dense page has some 5,000.
    pub glyphs: u64,
    /// Rulings, fills and images on one page.
    pub marks: u64,
    /// Pixels of one page, as its images declare them and as it is drawn to be read; A4 at 600 dpi has 35 million.
    pub pixels: u64,
    /// Cells of one table after spans are laid out.
    pub cells: u64,
    /// Nesting of elements or objects.
    pub nesting: u64,
    /// Elements of one HTML or XML document.
    pub elements: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 256 << 20,
            unpacked_bytes: 512 << 20,
            pages: 2_000,
            glyphs: 200_000,
            marks: 200_000,
            pixels: 100_000_000,
            cells: 1_000_000,
            nesting: 512,
            elements: 2_000_000,
        }
    }
}

impl Limits {
    /// An error of kind `limit` when `value` is above `limit`.
    pub fn check(what: &'static str, value: u64, limit: u64) -> Result<()> {
        if value > limit { Err(ErrorKind::Limit { what, limit }.into()) } else { Ok(()) }
    }

    /// Sets the cap called `name` (as on the command line); `false` when there is none of that name.
    pub fn set(&mut self, name: &str, value: u64) -> bool {
        let field = match name {
            "input-bytes" => &mut self.input_bytes,
            "unpacked-bytes" => &mut self.unpacked_bytes,
            "pages" => &mut self.pages,
            "glyphs" => &mut self.glyphs,
            "marks" => &mut self.marks,
            "pixels" => &mut self.pixels,
            "cells" => &mut self.cells,
            "nesting" => &mut self.nesting,
            "elements" => &mut self.elements,
            _ => return false,
        };
        *field = value;
        true
    }

    /// The names that [`Limits::set`] knows.
    pub const NAMES: [&'static str; 9] =
        ["input-bytes", "unpacked-bytes", "pages", "glyphs", "marks", "pixels", "cells", "nesting", "elements"];
}
