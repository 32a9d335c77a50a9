//! The two values that need care on the wire: exact numbers and places.

use crate::geom::Rect;
use crate::number::Number;
use crate::place;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;
use std::fmt;

/// A number written digit for digit as it was printed: `20.50` stays `20.50`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact(pub Number);

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = Box::<RawValue>::deserialize(deserializer)?;
        Number::from_str_exact(digits.get()).map(Self).map_err(D::Error::custom)
    }
}

impl JsonSchema for Exact {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Exact".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "description": "The number digit for digit as printed; read it as a decimal, not as a binary float."
        })
    }
}

/// Where something stands, in the terms of the document's format. Everything counts from 1.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Place {
    /// On a page.
    Page {
        /// Page number.
        page: u32,
        /// Left, top, right and bottom in points; the origin is the top left corner of the page as it is seen.
        bbox: [f64; 4],
    },
    /// In a spreadsheet.
    Sheet {
        /// The sheet's name.
        sheet: String,
        /// The cell, such as `B7`.
        #[serde(rename = "ref")]
        reference: String,
    },
    /// In a table of a Word document, web page or Markdown text.
    Table {
        /// Which table, in document order.
        table: u32,
        /// Row number.
        row: u32,
        /// Column number.
        column: u32,
    },
    /// In a paragraph outside tables of a Word document or web page.
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

impl From<&place::Place> for Place {
    fn from(place: &place::Place) -> Self {
        match place {
            place::Place::Page { page, bbox } => Self::Page { page: *page, bbox: rounded(*bbox) },
            place::Place::Sheet { sheet, row, column } => {
                Self::Sheet { sheet: sheet.clone(), reference: place::Place::sheet_ref(*row, *column) }
            }
            place::Place::Table { table, row, column } => Self::Table { table: *table, row: *row, column: *column },
            place::Place::Paragraph { paragraph } => Self::Paragraph { paragraph: *paragraph },
            place::Place::Text { line, column } => Self::Text { line: *line, column: *column },
        }
    }
}

/// Short, for people: `p. 4`, `Sheet1!B7`, `table 2 row 3 column 1`, `line 12`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page { page, .. } => write!(f, "p. {page}"),
            Self::Sheet { sheet, reference } => write!(f, "{sheet}!{reference}"),
            Self::Table { table, row, column } => write!(f, "table {table} row {row} column {column}"),
            Self::Paragraph { paragraph } => write!(f, "paragraph {paragraph}"),
            Self::Text { line, column } => write!(f, "line {line}:{column}"),
        }
    }
}

/// A box with two decimals a side.
pub(super) fn rounded(bbox: Rect) -> [f64; 4] {
    [bbox.x0, bbox.y0, bbox.x1, bbox.y1].map(|side| {
        let hundredths = (f64::from(side) * 100.0).round();
        // Not a number and infinity have no JSON; adding 0 turns -0 into 0.
        if hundredths.is_finite() { hundredths / 100.0 + 0.0 } else { 0.0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let written = |text: &str| serde_json::to_string(&Exact(crate::number::parse(text).unwrap())).unwrap();
        assert_eq!(written("20.50"), "20.50");
        assert_eq!(written("-0.0001"), "-0.0001");
        assert_eq!(written("1,113"), "1113");
        assert_eq!(written("9007199254740993"), "9007199254740993");
    }

    #[test]
    fn boxes_have_two_decimals_and_are_always_numbers() {
        let [x0, y0, x1, y1] = rounded(Rect { x0: 72.004, y0: -0.001, x1: 310.216, y1: f32::NAN });
        assert_eq!(format!("{x0:?} {y0:?} {x1:?} {y1:?}"), "72.0 0.0 310.22 0.0");
    }

    #[test]
    fn a_spreadsheet_place_is_its_reference() {
        let place = Place::from(&place::Place::Sheet { sheet: "表".into(), row: 7, column: 28 });
        assert_eq!(serde_json::to_string(&place).unwrap(), r#"{"sheet":"表","ref":"AB7"}"#);
    }
}
