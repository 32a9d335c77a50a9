//! Rows of one HTML table in, pieces out: tables of data, and the lines that stood between them in rows of their own.
//!
//! Cells get their places by the rules of HTML (spans from above push to the right) but keep their spans as stated:
//! laying them out is the next stage's work.

use super::words::is_invisible;
use crate::error::Result;
use crate::limits::Limits;
use crate::page::{Alignment, FlowCell, FlowTable};
use crate::place::Place;
use std::collections::BTreeSet;

/// The widest span that HTML allows.
const WIDEST: u32 = 1000;
/// The longest span that HTML allows.
pub(super) const LONGEST: u32 = 65_534;

/// A cell as read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawCell {
    pub(super) text: String,
    pub(super) row_span: u32,
    pub(super) column_span: u32,
}

/// What became of rows.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// A row that was only words.
    Line(String),
    /// Data.
    Table(FlowTable),
}

/// Reads a span as browsers do: the leading digits count, anything else is one. `0` of a row span means to the end.
pub(super) fn span(value: Option<&str>, zero: u32, most: u32) -> u32 {
    let digits: String =
        value.unwrap_or("").trim_start().trim_start_matches('+').chars().take_while(char::is_ascii_digit).collect();
    match digits.parse::<u32>() {
        Ok(0) => zero,
        Ok(n) => n.min(most),
        // Too many digits for the type is still a number.
        Err(_) if !digits.is_empty() => most,
        Err(_) => 1,
    }
}

/// Columns covered, from the attribute.
pub(super) fn column_span(value: Option<&str>) -> u32 {
    span(value, 1, WIDEST)
}

/// Cuts the rows where a heading stands between tables, and gives out the pieces in order. `number` is how many tables
/// came before in the document, and is moved on.
pub(super) fn pieces(rows: Vec<Vec<RawCell>>, number: &mut u32, limits: &Limits) -> Result<Vec<Piece>> {
    let columns = columns(&rows, limits)?;
    let headings = headings(&rows, &columns);
    let mut pieces = Vec::new();
    let mut part: Vec<(Vec<RawCell>, Vec<u32>)> = Vec::new();
    for (index, row) in rows.into_iter().zip(columns).enumerate() {
        if headings.contains(&index) {
            close(&mut part, number, &mut pieces);
            pieces.extend(lines(row.0));
        } else {
            part.push(row);
        }
    }
    close(&mut part, number, &mut pieces);
    Ok(pieces)
}

/// Gives the rows gathered so far out as a table, or as lines when no row has two cells.
fn close(part: &mut Vec<(Vec<RawCell>, Vec<u32>)>, number: &mut u32, pieces: &mut Vec<Piece>) {
    let rows = std::mem::take(part);
    if rows.iter().all(|(cells, _)| cells.len() < 2) {
        pieces.extend(rows.into_iter().flat_map(|(cells, _)| lines(cells)));
        return;
    }
    if rows.iter().flat_map(|(cells, _)| cells).all(|cell| cell.text.is_empty()) {
        return;
    }
    *number += 1;
    let table = *number;
    let cell = |cell: RawCell, row: u32, column: u32| FlowCell {
        column: None,
        row_span: cell.row_span,
        column_span: cell.column_span,
        text: cell.text,
        place: Place::Table { table, row, column: column + 1 },
    };
    let rows = rows
        .into_iter()
        .zip(1..)
        .map(|((cells, columns), row)| cells.into_iter().zip(columns).map(|(c, column)| cell(c, row, column)).collect())
        .collect();
    let place = Place::Table { table, row: 1, column: 1 };
    pieces.push(Piece::Table(FlowTable { rows, alignment: Alignment::Placed, place }));
}

fn lines(cells: Vec<RawCell>) -> impl Iterator<Item = Piece> {
    cells.into_iter().filter(|cell| !cell.text.is_empty()).map(|cell| Piece::Line(cell.text))
}

/// The first column of every cell. The slots looked at are those of the grid to come, so its limit holds here.
fn columns(rows: &[Vec<RawCell>], limits: &Limits) -> Result<Vec<Vec<u32>>> {
    // For each column, the first row that is free again.
    let mut free_from: Vec<u64> = Vec::new();
    let mut slots = 0_u64;
    let mut placed = Vec::with_capacity(rows.len());
    for (row, cells) in (0_u64..).zip(rows) {
        let mut at = 0_usize;
        let mut columns = Vec::with_capacity(cells.len());
        for cell in cells {
            while free_from.get(at).is_some_and(|free| *free > row) {
                at += 1;
                slots += 1;
            }
            let span = usize::try_from(cell.column_span).unwrap_or(usize::MAX);
            slots += u64::from(cell.column_span);
            Limits::check("cells", slots, limits.cells)?;
            let end = at.saturating_add(span);
            if free_from.len() < end {
                free_from.resize(end, 0);
            }
            for free in free_from.iter_mut().skip(at).take(span) {
                *free = (*free).max(row + u64::from(cell.row_span));
            }
            columns.push(u32::try_from(at).unwrap_or(u32::MAX));
            at = end;
        }
        placed.push(columns);
    }
    Ok(placed)
}

/// Rows that are headings between tables: a chapter's number in a cell over the whole width, and columns after it
/// that are not those before. Within one table the columns stay, and such a row is a band of it.
fn headings(rows: &[Vec<RawCell>], columns: &[Vec<u32>]) -> BTreeSet<usize> {
    let end = |(cell, column): (&RawCell, &u32)| column.saturating_add(cell.column_span);
    let width = rows.iter().zip(columns).flat_map(|(r, c)| r.iter().zip(c)).map(end).max().unwrap_or(0);
    let is_candidate = |row: &[RawCell]| match row {
        [cell] => {
            cell.column_span >= 2 && cell.column_span * 2 >= width && cell.row_span == 1 && is_chapter(&cell.text)
        }
        _ => false,
    };
    let candidates: Vec<usize> = rows.iter().enumerate().filter(|(_, row)| is_candidate(row)).map(|(i, _)| i).collect();
    let edges = |from: usize, to: usize| -> BTreeSet<u32> {
        columns.iter().take(to).skip(from).filter(|row| row.len() > 1).flatten().copied().collect()
    };
    let mut headings = BTreeSet::new();
    let mut before = edges(0, candidates.first().copied().unwrap_or(0));
    for (at, row) in candidates.iter().enumerate() {
        let after = edges(row + 1, candidates.get(at + 1).copied().unwrap_or(rows.len()));
        let same = !before.is_empty() && !after.is_empty() && (before.is_subset(&after) || after.is_subset(&before));
        if same {
            before.extend(after);
        } else {
            headings.insert(*row);
            before = after;
        }
    }
    headings
}

/// `一、…` or `（一）…`.
fn is_chapter(text: &str) -> bool {
    let text = text.trim_start_matches(is_invisible);
    let open = text.trim_start_matches(['（', '(']);
    let rest = open.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    rest.len() < open.len() && rest.starts_with(['、', '）', ')', '．', '.']) && text.chars().count() > 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_browsers_do() {
        let column = |s| column_span(Some(s));
        assert_eq!(["2;", "3px", " 4", "0", "-2", "", "x", "99999999999"].map(column), [2, 3, 4, 1, 1, 1, 1, 1000]);
        assert_eq!(span(Some("0"), 7, LONGEST), 7);
    }

    fn row(cells: &[(&str, u32)]) -> Vec<RawCell> {
        cells.iter().map(|(t, span)| RawCell { text: (*t).into(), row_span: 1, column_span: *span }).collect()
    }

    fn shape(rows: Vec<Vec<RawCell>>) -> Vec<String> {
        let pieces = pieces(rows, &mut 0, &Limits::default()).unwrap();
        let show = |piece: &Piece| match piece {
            Piece::Line(text) => text.clone(),
            Piece::Table(table) => format!("{} rows", table.rows.len()),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn headings_cut_a_table_and_bands_do_not() {
        let second = [row(&[("第二十条第（一）项", 12)]), row(&[("信息内容", 4), ("制发", 4), ("废止", 4)])];
        let third = [row(&[("三、收到和处理情况", 12)]), row(&[("新收", 3), ("甲", 3), ("乙", 3), ("丙", 3)])];
        let rows: Vec<_> = second.iter().chain(&third).cloned().collect();
        assert_eq!(shape(rows), ["2 rows", "三、收到和处理情况", "1 rows"]);
        let bands = vec![row(&[("一、公开", 3)]), row(&[("数", 1), ("条", 1), ("5", 1)]), row(&[("二、回应", 3)])];
        let more = vec![row(&[("数", 1), ("次", 1), ("6", 1)])];
        assert_eq!(shape(bands.into_iter().chain(more).collect()), ["一、公开", "3 rows"]);
    }

    #[test]
    fn one_cell_to_a_row_is_layout() {
        assert_eq!(shape(vec![row(&[("甲", 1)]), row(&[("", 1)]), row(&[("乙", 1)])]), ["甲", "乙"]);
    }

    #[test]
    fn wide_grids_are_limited() {
        let limits = Limits { cells: 1500, ..Limits::default() };
        assert!(pieces(vec![row(&[("a", 1000), ("b", 1000)])], &mut 0, &limits).is_err());
    }
}
