//! Every table of the documents in `fixtures/tables` is compared with its truth, cell by cell.
//!
//! A case may state why the reader does not manage it yet (`known`); it must then fail, so that the mark goes when the
//! reader learns it.

use crate::fixtures::{Fixture, all, fixtures};
use gouji::Selection;
use gouji::grid::Grid;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// `expected.toml`: the tables of a document in reading order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    tables: Vec<TrueTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueTable {
    /// Each page it stands on, and its first row there.
    parts: Vec<(u32, usize)>,
    /// Row, column, rows and columns of the cells that cover more than one slot.
    #[serde(default)]
    spans: Vec<(usize, usize, usize, usize)>,
    /// The texts, row by row; blank where a slot is blank or covered.
    rows: Vec<Vec<String>>,
}

/// A table as it is compared: blank cells say nothing, so how they are joined or cut does not count.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    size: (usize, usize),
    parts: Vec<(u32, usize)>,
    /// Row and column of each cell with text; the rows and columns it covers, and its text.
    cells: BTreeMap<(usize, usize), ((usize, usize), String)>,
}

impl From<&TrueTable> for Shape {
    fn from(truth: &TrueTable) -> Self {
        let columns = truth.rows.first().map_or(0, Vec::len);
        assert!(truth.rows.iter().all(|row| row.len() == columns), "rows of one length");
        let spans: BTreeMap<_, _> =
            truth.spans.iter().map(|&(r, c, rows, columns)| ((r, c), (rows, columns))).collect();
        let slots =
            truth.rows.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, t)| ((r, c), t)));
        let cell = |at: (usize, usize), text: &String| (at, (spans.get(&at).copied().unwrap_or((1, 1)), normal(text)));
        Self {
            size: (truth.rows.len(), columns),
            parts: truth.parts.clone(),
            cells: slots.filter(|(_, text)| !text.is_empty()).map(|(at, text)| cell(at, text)).collect(),
        }
    }
}

impl From<&Grid> for Shape {
    fn from(grid: &Grid) -> Self {
        let cells = grid
            .cells
            .iter()
            .map(|cell| ((cell.row, cell.column), ((cell.row_span, cell.column_span), normal(&cell.text))));
        Self {
            size: (grid.rows, grid.columns),
            parts: grid.parts.iter().map(|part| (part.place.page().unwrap_or(0), part.first_row)).collect(),
            cells: cells.filter(|(_, (_, text))| !text.is_empty()).collect(),
        }
    }
}

/// The text with one blank for any white space, and none beside a Chinese character: where a line is broken, Chinese has
/// no blank and other scripts have one.
fn normal(text: &str) -> String {
    let joined: Vec<&str> = text.split_whitespace().collect();
    let wide =
        |c: Option<char>| c.is_some_and(|c| ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..).contains(&c));
    let mut normal = String::new();
    for word in joined {
        if !normal.is_empty() && !wide(normal.chars().last()) && !wide(word.chars().next()) {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal
}

#[test]
fn tables_are_found_cell_by_cell() {
    all(&fixtures("tables"), |fixture| {
        let complaints = departures(fixture);
        match &fixture.case.known {
            None => complaints,
            Some(_) if !complaints.is_empty() => Vec::new(),
            Some(why) => vec![format!("is read as printed now; take `known` off its case: {why}")],
        }
    });
}

/// Everything in which the tables of a document depart from the truth.
fn departures(fixture: &Fixture) -> Vec<String> {
    let truth = fs::read_to_string(fixture.folder.join("expected.toml")).unwrap();
    let truth: Truth = toml::from_str(&truth).unwrap_or_else(|e| panic!("{}: {e}", fixture.name));
    let truth: Vec<Shape> = truth.tables.iter().map(Shape::from).collect();
    let found = match gouji::tables(&fixture.bytes, &fixture.name, &fixture.options(), &Selection::default()) {
        Ok(tables) => tables.grids.iter().map(Shape::from).collect::<Vec<_>>(),
        Err(error) => return vec![format!("stopped: {}: {error}", error.code())],
    };
    let mut complaints = Vec::new();
    if found.len() != truth.len() {
        complaints.push(format!("{} tables instead of {}", found.len(), truth.len()));
    }
    for (number, (truth, found)) in truth.iter().zip(&found).enumerate() {
        complaints.extend(compare(truth, found).into_iter().map(|words| format!("table {}: {words}", number + 1)));
    }
    for extra in found.iter().skip(truth.len()) {
        let first = extra.cells.values().next().map_or("", |(_, text)| text.as_str());
        complaints.push(format!("a table of {} that is none: {:?}", by(extra.size), first));
    }
    complaints
}

/// Where two tables differ, what is found before what is printed.
fn compare(truth: &Shape, found: &Shape) -> Vec<String> {
    let mut complaints = Vec::new();
    if found.size != truth.size {
        complaints.push(format!("{} instead of {}", by(found.size), by(truth.size)));
    }
    if found.parts != truth.parts {
        complaints.push(format!("pages and first rows {:?} instead of {:?}", found.parts, truth.parts));
    }
    let slots: std::collections::BTreeSet<_> = truth.cells.keys().chain(found.cells.keys()).collect();
    for at in slots {
        let (printed, read) = (truth.cells.get(at), found.cells.get(at));
        if printed != read {
            complaints.push(format!("row {} column {}: {} instead of {}", at.0, at.1, words(read), words(printed)));
        }
    }
    complaints
}

/// A cell in words: its text, and what it covers if that is more than one slot.
fn words(cell: Option<&((usize, usize), String)>) -> String {
    match cell {
        None => "nothing".to_owned(),
        Some(((1, 1), text)) => format!("{text:?}"),
        Some((span, text)) => format!("{text:?} over {}", by(*span)),
    }
}

/// A size in words.
fn by((rows, columns): (usize, usize)) -> String {
    format!("{rows} × {columns}")
}

#[test]
fn white_space_is_levelled() {
    assert_eq!(normal(" Mean\nwait  (minutes) "), "Mean wait (minutes)");
    assert_eq!(normal("因冰冻\n停航（天）"), "因冰冻停航（天）");
}

#[test]
fn differences_are_told_apart() {
    let table = |text: &str, spans| TrueTable {
        parts: vec![(1, 0)],
        spans,
        rows: vec![vec!["Stage".to_owned(), text.to_owned()], vec![String::new(), "7".to_owned()]],
    };
    let truth = Shape::from(&table("2021", vec![(0, 0, 2, 1)]));
    assert_eq!(compare(&truth, &truth), Vec::<String>::new());
    let found = Shape::from(&table("2020", Vec::new()));
    let expected =
        ["row 0 column 0: \"Stage\" instead of \"Stage\" over 2 × 1", "row 0 column 1: \"2020\" instead of \"2021\""];
    assert_eq!(compare(&truth, &found), expected);
}
