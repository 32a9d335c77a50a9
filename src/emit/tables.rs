//! The wire types of `gouji.tables/1`: every table of a document, no form needed.

use super::build::TOOL;
use super::report::{Finding, Input, Tool};
use super::scalar::Place;
use crate::grid::{self, Grid};
use crate::pipeline::Tables;
use crate::text::Lang;
use schemars::JsonSchema;
use serde::Serialize;

/// Every table of one input.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TablesReport {
    /// Always `gouji.tables/1`.
    #[schemars(extend("const" = "gouji.tables/1"))]
    pub schema: &'static str,
    /// What made this.
    pub tool: Tool,
    /// What was read.
    pub input: Input,
    /// The tables in reading order.
    pub tables: Vec<TableGrid>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// A table: cells that tile a rectangle of rows and columns without gap or overlap.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TableGrid {
    /// Where it stands, or begins if it goes over pages.
    #[serde(flatten)]
    pub spot: Spot,
    /// How it was found.
    pub method: Method,
    /// How many rows it has.
    pub rows: usize,
    /// How many columns it has.
    pub columns: usize,
    /// Its stretches, where it goes over pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<TablePart>,
    /// Its cells by row, then column; blank ones too.
    pub cells: Vec<TableCell>,
}

/// A stretch of a table on one page.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TablePart {
    /// Where it stands.
    #[serde(flatten)]
    pub spot: Spot,
    /// The row of the table it begins at, from 0.
    pub first_row: usize,
}

/// A cell. Rows and columns count from 0.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TableCell {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Rows covered.
    pub row_span: usize,
    /// Columns covered.
    pub column_span: usize,
    /// Its text; printed lines are separated by `\n`.
    pub text: String,
    /// Where it stands.
    #[serde(flatten)]
    pub spot: Spot,
}

/// Where something stands: `page` and `bbox` in a paged format, `place` in any other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Spot {
    /// Page number, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Left, top, right and bottom in points from the top left of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// In the terms of a format without pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// How a table was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By ruling lines on all sides.
    Ruled,
    /// By some rules and the alignment of text.
    PartlyRuled,
    /// By the alignment of text alone.
    Aligned,
    /// Stated by the format.
    Stated,
}

impl TablesReport {
    /// The tables of one input as they go over the wire; messages are in `lang`.
    pub fn new(tables: &Tables, lang: Lang) -> Self {
        Self {
            schema: "gouji.tables/1",
            tool: TOOL,
            input: Input::from(&tables.input),
            tables: tables.grids.iter().map(TableGrid::from).collect(),
            findings: tables.findings.iter().map(|finding| Finding::new(finding, lang)).collect(),
        }
    }
}

impl From<&Grid> for TableGrid {
    fn from(grid: &Grid) -> Self {
        let parts: Vec<TablePart> = grid
            .parts
            .iter()
            .map(|part| TablePart { spot: Spot::from(&part.place), first_row: part.first_row })
            .collect();
        let cell = |cell: &grid::Cell| TableCell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            text: cell.text.clone(),
            spot: Spot::from(&cell.place),
        };
        Self {
            spot: parts.first().map(|part| part.spot.clone()).unwrap_or_default(),
            method: match grid.method {
                grid::Method::Ruled => Method::Ruled,
                grid::Method::PartlyRuled => Method::PartlyRuled,
                grid::Method::Aligned => Method::Aligned,
                grid::Method::Stated => Method::Stated,
            },
            rows: grid.rows,
            columns: grid.columns,
            parts: if parts.len() > 1 { parts } else { Vec::new() },
            cells: grid.cells.iter().map(cell).collect(),
        }
    }
}

impl From<&crate::place::Place> for Spot {
    fn from(place: &crate::place::Place) -> Self {
        match Place::from(place) {
            Place::Page { page, bbox } => Self { page: Some(page), bbox: Some(bbox), place: None },
            place => Self { place: Some(place), ..Self::default() },
        }
    }
}

impl std::fmt::Display for Spot {
    /// Short, for people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.page, &self.place) {
            (Some(page), _) => write!(f, "p. {page}"),
            (None, Some(place)) => place.fmt(f),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Rect;
    use crate::page::Alignment;

    fn grid(places: &[crate::place::Place]) -> Grid {
        let cell = |(row, place): (usize, &crate::place::Place)| grid::Cell {
            row,
            column: 0,
            row_span: 1,
            column_span: 1,
            text: format!("r{row}"),
            place: place.clone(),
            doubt: None,
            recognised: None,
        };
        let part = |(row, place): (usize, &crate::place::Place)| grid::Part { place: place.clone(), first_row: row };
        Grid {
            rows: places.len(),
            columns: 1,
            cells: places.iter().enumerate().map(cell).collect(),
            method: grid::Method::PartlyRuled,
            alignment: Alignment::Placed,
            parts: places.iter().enumerate().map(part).collect(),
        }
    }

    fn on(page: u32) -> crate::place::Place {
        crate::place::Place::Page { page, bbox: Rect::new(0.0, 0.0, 10.0, 10.0) }
    }

    #[test]
    fn each_cell_names_its_page() {
        let json = serde_json::to_value(TableGrid::from(&grid(&[on(1), on(2)]))).unwrap();
        assert_eq!(json["method"], "partly-ruled");
        assert_eq!(
            (&json["page"], &json["parts"][1]["page"], &json["cells"][1]["page"]),
            (&1.into(), &2.into(), &2.into())
        );
        assert_eq!(json["parts"][1]["first_row"], 1);
    }

    #[test]
    fn a_format_without_pages_gives_places() {
        let json =
            serde_json::to_value(TableGrid::from(&grid(&[crate::place::Place::Table { table: 1, row: 5, column: 6 }])))
                .unwrap();
        assert_eq!((&json["cells"][0]["row"], &json["cells"][0]["place"]["row"]), (&0.into(), &5.into()));
        assert!(json.get("page").is_none() && json.get("parts").is_none());
    }
}
