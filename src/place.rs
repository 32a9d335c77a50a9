//! Where in a document something stands.

use crate::geom::Rect;

/// A place in a document, in the terms of its format. Page, table, row, column and line numbers count from 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// On a page (PDF), in points, origin top left, as the page is seen.
    Page {
        /// Page number.
        page: u32,
        /// Box around the ink.
        bbox: Rect,
    },
    /// In a spreadsheet.
    Sheet {
        /// The sheet's name.
        sheet: String,
        /// Row number.
        row: u32,
        /// Column number.
        column: u32,
    },
    /// In the n-th table of a Word document or web page, by the table's own rows and columns.
    Table {
        /// Which table, in document order.
        table: u32,
        /// Row number.
        row: u32,
        /// Column number.
        column: u32,
    },
    /// The n-th paragraph outside tables of a Word document or web page.
    Paragraph {
        /// Which paragraph.
        paragraph: u32,
    },
    /// In plain text.
    Text {
        /// Line number.
        line: u32,
        /// Column, in characters.
        column: u32,
    },
}

impl Place {
    /// The page number, for paged formats.
    #[must_use]
    pub fn page(&self) -> Option<u32> {
        match self {
            Self::Page { page, .. } => Some(*page),
            _ => None,
        }
    }

    /// Spreadsheet reference such as `B7` for a one-based row and column.
    #[must_use]
    pub fn sheet_ref(row: u32, column: u32) -> String {
        let mut letters = Vec::new();
        let mut n = column;
        while n > 0 {
            n -= 1;
            letters.push(char::from(b'A' + u8::try_from(n % 26).unwrap_or(0)));
            n /= 26;
        }
        letters.iter().rev().collect::<String>() + &row.to_string()
    }
}
