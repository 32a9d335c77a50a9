//! Paragraphs and tables as nested in a file in, flow items in reading order out.
//!
//! Rows that only lay out other tables are taken apart: their text comes as lines, the inner tables as tables.

use super::content::{Cell, Item, Merge, Paragraph, Table};
use crate::page::{Alignment, FlowCell, FlowItem, FlowLine, FlowTable};
use crate::place::Place;
use std::collections::BTreeMap;

/// Grid lines closer than this, in twentieths of a point, are seen as one; a column for one digit is three times as
/// wide. The smaller of them is for tables that have columns as narrow as that: half a millimetre.
const HAIRS: [u32; 2] = [100, 28];

/// The content of a document in reading order.
pub(super) fn flow(items: Vec<Item>) -> Vec<FlowItem> {
    let mut flow = Flow::default();
    for item in items {
        match item {
            Item::Paragraph(paragraph) => {
                flow.paragraphs += 1;
                let place = Place::Paragraph { paragraph: flow.paragraphs };
                flow.lines(&paragraph, &place);
            }
            Item::Table(table) => flow.table(table),
        }
    }
    flow.items
}

#[derive(Default)]
struct Flow {
    items: Vec<FlowItem>,
    paragraphs: u32,
    tables: u32,
}

impl Flow {
    /// A paragraph, as one line for each soft break in it.
    fn lines(&mut self, paragraph: &Paragraph, place: &Place) {
        for line in paragraph.text.split('\n') {
            let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                let line = FlowLine { text, place: place.clone(), heading: paragraph.heading };
                self.items.push(FlowItem::Line(line));
            }
        }
    }

    fn table(&mut self, content: Table) {
        self.tables += 1;
        let table = self.tables;
        // A table of one column is a frame around text, or a list.
        let is_frame = content.rows.iter().all(|row| row.cells.len() < 2);
        let mut pending: Vec<Vec<FlowCell>> = Vec::new();
        for (cells, row) in placed(content, table).into_iter().zip(1..) {
            let lays_out = cells.iter().any(|cell| cell.items.iter().any(is_table));
            if !is_frame && !lays_out {
                pending.push(cells.into_iter().map(Placed::stated).collect());
                continue;
            }
            self.stated(std::mem::take(&mut pending), Place::Table { table, row, column: 1 });
            for cell in cells {
                for item in cell.items {
                    match item {
                        Item::Table(inner) if lays_out_text(&inner) => {
                            self.lines(&Paragraph { text: text(&[Item::Table(inner)]), heading: None }, &cell.place);
                        }
                        Item::Table(inner) => self.table(inner),
                        Item::Paragraph(paragraph) => self.lines(&paragraph, &cell.place),
                    }
                }
            }
        }
        self.stated(pending, Place::Table { table, row: 1, column: 1 });
    }

    /// A stretch of rows that is a table of its own; `place` is used where no cell tells a better one.
    fn stated(&mut self, rows: Vec<Vec<FlowCell>>, place: Place) {
        let first = rows.iter().flatten().next();
        if let Some(place) = first.map(|cell| cell.place.clone()).or((!rows.is_empty()).then_some(place)) {
            self.items.push(FlowItem::Table(FlowTable { rows, alignment: Alignment::Placed, place }));
        }
    }
}

/// A cell that knows where it stands; cells continued from above are gone.
struct Placed {
    column: u32,
    rows: u32,
    columns: u32,
    items: Vec<Item>,
    place: Place,
}

impl Placed {
    fn stated(self) -> FlowCell {
        FlowCell {
            column: Some(self.column),
            row_span: self.rows,
            column_span: self.columns,
            text: text(&self.items),
            place: self.place,
        }
    }
}

/// Finds each cell's column and joins those that go on from row to row.
fn placed(content: Table, table: u32) -> Vec<Vec<Placed>> {
    let lines = snapped(&content);
    // A grid line as its number among those that count.
    let line = |column: u32| match &lines {
        Some(lines) => lines.get(column as usize).copied().unwrap_or(column),
        None => column,
    };
    let mut placed: Vec<Vec<Placed>> = Vec::with_capacity(content.rows.len());
    // The cell that may go on in the next row, by its column.
    let mut open: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (at, row) in content.rows.into_iter().enumerate() {
        let mut column = row.before;
        let mut here = Vec::with_capacity(row.cells.len());
        let mut still_open = BTreeMap::new();
        for Cell { span, merge, items, .. } in row.cells {
            let (grid, right) = (column, column.saturating_add(span));
            let (column_at, columns) = (line(grid), line(right).saturating_sub(line(grid)));
            let above = open.get(&column_at).copied().filter(|_| merge == Merge::Continue);
            let anchor = above.and_then(|(row, cell)| placed.get_mut(row)?.get_mut(cell));
            if let (Some(anchor), Some(key)) = (anchor, above) {
                anchor.rows = anchor.rows.saturating_add(1);
                still_open.insert(column_at, key);
            } else {
                if merge != Merge::None {
                    still_open.insert(column_at, (at, here.len()));
                }
                let row = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
                let place = Place::Table { table, row, column: grid.saturating_add(1) };
                here.push(Placed { column: column_at, rows: 1, columns, items, place });
            }
            column = right;
        }
        placed.push(here);
        open = still_open;
    }
    placed
}

/// The grid lines of a table, those that lie within a hair of each other counted as one; `None` where all count.
///
/// A border that was dragged in some rows only leaves two lines where one is seen, and columns would part there.
fn snapped(table: &Table) -> Option<Vec<u32>> {
    HAIRS.iter().find_map(|hair| snapped_by(table, *hair))
}

/// The same for lines within `hair` of each other, unless a cell would have no width.
fn snapped_by(table: &Table, hair: u32) -> Option<Vec<u32>> {
    let mut lines = vec![0];
    let (mut number, mut begin, mut at) = (0_u32, 0_u32, 0_u32);
    for width in &table.grid {
        at = at.saturating_add(*width);
        if at - begin > hair {
            number += 1;
            begin = at;
        }
        lines.push(number);
    }
    let some_go = number as usize + 1 < lines.len();
    let all_stay = || {
        table.rows.iter().all(|row| {
            let mut column = row.before as usize;
            row.cells.iter().all(|cell| {
                let from = lines.get(column);
                column = column.saturating_add(cell.span as usize);
                from.is_some_and(|from| lines.get(column).is_some_and(|to| from < to))
            })
        })
    };
    (some_go && all_stay()).then_some(lines)
}

fn is_table(item: &Item) -> bool {
    matches!(item, Item::Table(table) if !lays_out_text(table))
}

/// Whether a table within a cell is no more than a way to set its text: one row or one column, and no table in it.
fn lays_out_text(table: &Table) -> bool {
    let rows = &table.rows;
    let mut cells = rows.iter().flat_map(|row| &row.cells);
    (rows.len() < 2 || rows.iter().all(|row| row.cells.len() < 2)) && !cells.any(|cell| cell.items.iter().any(is_table))
}

/// The text of a cell: a line for each paragraph.
fn text(items: &[Item]) -> String {
    let mut lines = Vec::new();
    for item in items {
        match item {
            Item::Paragraph(paragraph) => lines.push(paragraph.text.trim().to_owned()),
            Item::Table(table) => {
                for row in &table.rows {
                    lines.push(row.cells.iter().map(|cell| text(&cell.items)).collect::<Vec<_>>().join(" "));
                }
            }
        }
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::docx;
    use super::*;

    fn p(text: &str) -> String {
        format!("<p><r><t>{text}</t></r></p>")
    }

    fn table(rows: &[&[&str]]) -> String {
        let cell = |content: &&str| format!("<tc>{content}</tc>");
        let row = |cells: &&[&str]| format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>());
        format!("<tbl>{}</tbl>", rows.iter().map(row).collect::<String>())
    }

    /// Lines with `/`, tables in brackets with the column and rows of each cell.
    fn show(body: &str) -> String {
        let text = format!("<document><body>{body}</body></document>");
        let content = docx::content(&text);
        let cell = |cell: &FlowCell| {
            let (column, rows, columns) = (cell.column.unwrap(), cell.row_span, cell.column_span);
            format!("{column}:{rows}x{columns} {}|", cell.text)
        };
        let row = |row: &Vec<FlowCell>| row.iter().map(cell).collect::<String>() + ";";
        let item = |item: &FlowItem| match item {
            FlowItem::Line(line) => line.text.clone() + "/",
            FlowItem::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<String>()),
        };
        flow(content.items).iter().map(item).collect()
    }

    #[test]
    fn lines_collapse_and_break_at_soft_breaks() {
        assert_eq!(show("<p><r><t>  一、　总体 </t><br/><t>情况</t></r></p><p/>"), "一、 总体/情况/");
    }

    #[test]
    fn merged_cells_become_spans_by_their_column() {
        let merge = |kind: &str, text: &str| format!("<tcPr><vMerge val='{kind}'/></tcPr>{}", p(text));
        let (begin, go_on) = (merge("restart", "a"), merge("continue", ""));
        let wide = format!("<tcPr><gridSpan val='2'/></tcPr>{}", p("d"));
        let body = table(&[
            &[&begin, &p("b"), &merge("restart", "c")],
            &[&go_on, &p("e"), &go_on],
            &[&wide, &go_on],
            &[&go_on, &p("f"), &p("g")],
        ]);
        let first = "[0:2x1 a|1:1x1 b|2:3x1 c|;1:1x1 e|;0:1x2 d|;";
        assert_eq!(show(&body), format!("{first}0:1x1 |1:1x1 f|2:1x1 g|;]"));
    }

    #[test]
    fn grid_lines_within_a_hair_are_one() {
        let span = |columns: u32, text: &str| format!("<tcPr><gridSpan val='{columns}'/></tcPr>{}", p(text));
        let rows: [&[&str]; 2] = [&[&span(2, "a"), &p("b")], &[&p("1"), &span(2, "2")]];
        let with = |widths: [u32; 3]| {
            let grid = widths.map(|width| format!("<gridCol w='{width}'/>")).concat();
            show(&table(&rows).replace("<tbl>", &format!("<tbl><tblGrid>{grid}</tblGrid>")))
        };
        assert_eq!(with([900, 40, 900]), "[0:1x1 a|1:1x1 b|;0:1x1 1|1:1x1 2|;]");
        assert_eq!(with([900, 400, 900]), "[0:1x2 a|2:1x1 b|;0:1x1 1|1:1x2 2|;]");
        assert_eq!(with([40, 900, 40]), "[0:1x2 a|2:1x1 b|;0:1x1 1|1:1x2 2|;]");
    }

    #[test]
    fn a_layout_table_is_taken_apart_in_order() {
        let inner = table(&[&[&p("a"), &p("b")], &[&p("1"), &p("2")]]);
        let cell = p("before") + &inner + &p("after");
        let body = table(&[&[&p("x"), &p("y")], &[&cell, &p("side")], &[&p("u"), &p("v")]]);
        let inner = "[0:1x1 a|1:1x1 b|;0:1x1 1|1:1x1 2|;]";
        assert_eq!(show(&body), format!("[0:1x1 x|1:1x1 y|;]before/{inner}after/side/[0:1x1 u|1:1x1 v|;]"));
    }

    #[test]
    fn frames_become_lines_and_small_inner_tables_text() {
        assert_eq!(show(&table(&[&[&(p("a") + &p("b"))], &[&p("c")]])), "a/b/c/");
        let inner = table(&[&[&p("1"), &p("2")]]);
        assert_eq!(show(&table(&[&[&(p("a") + &inner), &p("b")]])), "[0:1x1 a\n1 2|1:1x1 b|;]");
    }
}
