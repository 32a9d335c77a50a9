//! The measure of `cargo bench --bench icdar`, counted by hand on small tables, and its reader of the truth.

#[path = "../../benches/icdar/measure.rs"]
mod measure;
#[path = "../../benches/icdar/truth.rs"]
mod truth;

use gouji::geom::Rect;
use gouji::grid::{self, Grid};
use gouji::page::Alignment;
use gouji::place::Place;
use measure::{Cell, Direction, Relation, Score, Table, by_page, relations, score};
use std::ops::Range;

fn cell(rows: Range<i64>, columns: Range<i64>, text: &str) -> Cell {
    Cell { rows, columns, text: text.to_owned() }
}

/// A table on page 1, drawn: a letter stands in every slot its cell covers, a digit is a cell of one slot, `.` is blank.
fn table(rows: &[&str]) -> Table {
    let mut cells: Vec<Cell> = Vec::new();
    for (row, slots) in (0..).zip(rows) {
        for (column, char) in (0..).zip(slots.chars()) {
            let text = char.to_string();
            match cells.iter_mut().find(|cell| char.is_alphabetic() && cell.text == text) {
                Some(cell) => {
                    cell.rows.end = row + 1;
                    cell.columns.end = cell.columns.end.max(column + 1);
                }
                None if char == '.' => {}
                None => cells.push(cell(row..row + 1, column..column + 1, &text)),
            }
        }
    }
    Table { page: 1, cells }
}

/// The relations in short: `A>B`, or `A_>B` with a blank between; `A/B` for one above the other.
fn told(table: &Table) -> Vec<String> {
    let tell = |(relation, times): (&Relation, &u32)| {
        let sign = if relation.direction == Direction::Right { ">" } else { "/" };
        let blanks: String = (0..relation.blanks).map(|_| '_').collect();
        let often = if *times == 1 { String::new() } else { format!(" {times} times") };
        format!("{}{blanks}{sign}{}{often}", relation.from, relation.to)
    };
    relations(table).iter().map(tell).collect()
}

fn counts(truth: u32, found: u32, common: u32) -> Score {
    Score { truth, found, common }
}

#[test]
fn neighbours_are_related_to_the_right_and_below() {
    assert_eq!(told(&table(&["ab", "cd"])), ["A>B", "C>D", "A/C", "B/D"]);
}

#[test]
fn blanks_between_are_counted() {
    assert_eq!(told(&table(&["a..b", "....", "c..."])), ["A__>B", "A_/C"]);
    let mut blank = table(&["a.b"]);
    blank.cells.push(cell(0..1, 1..2, " \n"));
    assert_eq!(told(&blank), ["A_>B"]);
}

#[test]
fn a_spanning_cell_meets_each_neighbour_once() {
    assert_eq!(told(&table(&["aab", "aac", "ddd"])), ["A>B", "A>C", "A/D", "B/C", "C/D"]);
    assert_eq!(told(&table(&["aa", "bb"])), ["A/B"]);
    assert_eq!(told(&table(&["a.b", "acb"])), ["A_>B", "A>C", "C>B"]);
}

#[test]
fn equal_relations_count_as_often_as_they_stand_there() {
    let (twice, once) = (table(&["12", "..", "12"]), table(&["12"]));
    assert_eq!(told(&twice), ["1>2 2 times", "1_/1", "2_/2"]);
    assert_eq!(score(std::slice::from_ref(&twice), &[once]), counts(4, 1, 1));
    assert_eq!(score(&[table(&["12"])], &[twice]), counts(1, 4, 1));
}

#[test]
fn the_later_cell_has_the_slot() {
    let mut over = table(&["ab"]);
    over.cells.push(cell(0..1, 1..2, "c"));
    assert_eq!(told(&over), ["A>C"]);
}

#[test]
fn texts_are_compared_without_blanks_and_case() {
    let cells = vec![cell(0..1, 0..1, " Mean\n wait\t(Straße)\r\n"), cell(0..1, 1..2, "1\u{a0}234")];
    assert_eq!(told(&Table { page: 1, cells }), ["MEANWAIT(STRASSE)>1\u{a0}234"]);
}

#[test]
fn rows_and_columns_may_be_shifted() {
    let mut shifted = table(&["ab", "cd"]);
    for cell in &mut shifted.cells {
        cell.rows = cell.rows.start - 1..cell.rows.end - 1;
    }
    assert_eq!(score(&[table(&["ab", "cd"])], &[shifted]), counts(4, 4, 4));
}

#[test]
fn true_tables_choose_in_their_order() {
    let (first, second) = (table(&["ab"]), table(&["cd", "ef"]));
    let both = [first.clone(), second.clone()];
    assert_eq!(score(&both, &[second.clone(), first]), counts(5, 5, 5));
    assert_eq!(score(&both, &[second]), counts(5, 4, 0));
}

#[test]
fn tables_of_other_pages_do_not_count() {
    let elsewhere = Table { page: 2, ..table(&["ab"]) };
    assert_eq!(score(&[table(&["ab"])], &[elsewhere]), counts(1, 1, 0));
}

#[test]
fn a_table_over_pages_is_cut() {
    let stands = |row: usize, page, text: &str| grid::Cell {
        row,
        column: 0,
        row_span: 1,
        column_span: 1,
        text: text.to_owned(),
        place: Place::Page { page, bbox: Rect::new(0.0, 0.0, 10.0, 10.0) },
        doubt: None,
        recognised: None,
    };
    let grid = Grid {
        rows: 3,
        columns: 1,
        cells: vec![stands(0, 1, "a"), stands(1, 1, "b"), stands(2, 2, "c")],
        method: grid::Method::Ruled,
        alignment: Alignment::Placed,
        parts: Vec::new(),
    };
    let cut = by_page(&grid);
    assert_eq!(cut.iter().map(|table| table.page).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(cut.iter().flat_map(told).collect::<Vec<_>>(), ["A/B"]);
}

#[test]
fn nothing_found_and_nothing_to_find_score_nothing() {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let none = Score::default();
    assert!(near(none.precision(), 0.0) && near(none.recall(), 0.0) && near(none.f1(), 0.0));
    let mut sum = counts(4, 2, 1);
    sum += counts(4, 0, 1);
    assert!(near(sum.precision(), 1.0) && near(sum.recall(), 0.25) && near(sum.f1(), 0.4));
}

#[test]
fn cells_have_spans_increments_and_text() {
    let text = "<?xml version='1.0'?><document><table id='1'>\
        <region page='2' row-increment='0' col-increment=''>\
        <cell start-row='0' start-col='0' end-col='1'><bounding-box x1='1'/><content>R &amp; D&#33;</content></cell>\
        <cell start-row='3' start-col='0' end-row='2'><content>lost</content></cell></region>\
        <region page='3' row-increment='-1' col-increment='2'>\
        <cell start-row='0' start-col='1' end-row='2'><content>x</content></cell></region>\
        </table><table/></document>";
    let tables = truth::read(text).unwrap();
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0].page, 3);
    assert_eq!(tables[0].cells, [cell(0..1, 0..2, "R & D!"), cell(-1..2, 3..4, "x")]);
}

#[test]
fn what_cannot_be_placed_is_refused() {
    let refused = |text| truth::read(text).unwrap_err().to_string();
    assert_eq!(refused("<table><region/></table>"), "a region without page");
    assert_eq!(refused("<table><region page='1'><cell start-row='0'/></region></table>"), "a cell without place");
    assert!(truth::read("<table><region page='1'><cell start-row='x' start-col='0'/></region></table>").is_err());
}
