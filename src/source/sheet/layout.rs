//! One sheet in, its lines and tables in reading order out.
//!
//! A blank row ends a table, unless figures go on below it; so does a section heading, or prose, that has a row to
//! itself. Rows of a single cell before and after a table are lines. A band with a row to itself stays in its table.

use super::{Merge, Sheet};
use crate::page::{Alignment, FlowCell, FlowItem, FlowLine, FlowTable};
use std::collections::BTreeMap;

/// Appends the content of a sheet.
pub(super) fn flow(mut sheet: Sheet, items: &mut Vec<FlowItem>) {
    let rows = rows(&mut sheet);
    items.extend(name_line(&sheet, &rows));
    for rows in runs(rows) {
        let wide = rows.iter().filter(|row| row.only().is_none()).filter_map(Row::extent);
        let columns = wide.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
        Run { sheet: &sheet, columns, table: Vec::new(), items }.flow(rows);
    }
}

/// A row with something in it: the cells that begin in it, by column, blank merged ones included.
struct Row {
    at: u32,
    cells: Vec<Cell>,
}

struct Cell {
    area: Merge,
    text: String,
}

impl Row {
    fn filled(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| !cell.text.is_empty())
    }

    /// The cell with content, if there is no other.
    fn only(&self) -> Option<&Cell> {
        let mut filled = self.filled();
        filled.next().filter(|_| filled.next().is_none())
    }

    /// Whether there are figures right of the first cell.
    fn has_figures(&self) -> bool {
        self.filled().skip(1).any(|cell| is_figure(&cell.text))
    }

    /// First and last column with content.
    fn extent(&self) -> Option<(u32, u32)> {
        let left = self.filled().map(|cell| cell.area.left).min()?;
        Some((left, self.filled().map(|cell| cell.area.right).max()?))
    }
}

/// The rows of a sheet. What a merged cell hides is left out, as it is on screen.
fn rows(sheet: &mut Sheet) -> Vec<Row> {
    sheet.merges.sort_unstable();
    let mut merges = sheet.merges.iter().copied().peekable();
    let mut areas = Areas::default();
    let mut rows: Vec<Row> = Vec::new();
    for ((at, column), text) in std::mem::take(&mut sheet.cells) {
        if rows.last().is_none_or(|row| row.at != at) {
            rows.push(Row { at, cells: Vec::new() });
        }
        let Some(row) = rows.last_mut() else { continue };
        while let Some(area) = merges.next_if(|merge| merge.top <= at) {
            if areas.take_up(area) && area.top == at {
                row.cells.push(Cell { area, text: String::new() });
            }
        }
        let single = Merge { top: at, left: column, bottom: at, right: column };
        let area = areas.at(at, column).unwrap_or(single);
        if (area.top, area.left) == (at, column) {
            row.cells.push(Cell { area, text });
        }
    }
    for row in &mut rows {
        row.cells.sort_by_key(|cell| (cell.area.left, cell.text.is_empty()));
        row.cells.dedup_by_key(|cell| cell.area.left);
    }
    rows.retain(|row| row.filled().next().is_some());
    rows
}

/// The merged cells that may reach into the row at hand, by first column; no two share a column.
#[derive(Default)]
struct Areas(BTreeMap<u32, Merge>);

impl Areas {
    /// Takes up a merged cell, in the order of rows; one that lies over another is none.
    fn take_up(&mut self, area: Merge) -> bool {
        while let Some((&left, other)) = self.0.range(..=area.right).next_back() {
            if other.right < area.left {
                break;
            }
            if other.bottom >= area.top {
                return false;
            }
            self.0.remove(&left);
        }
        self.0.insert(area.left, area);
        true
    }

    fn at(&self, row: u32, column: u32) -> Option<Merge> {
        let (_, area) = self.0.range(..=column).next_back()?;
        (area.right >= column && area.bottom >= row).then_some(*area)
    }
}

/// Stretches of rows without a blank row between them, but those above figures that go on.
fn runs(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut runs: Vec<Vec<Row>> = Vec::new();
    let mut reach = 0_u32;
    for row in rows {
        let bottom = row.filled().map(|cell| cell.area.bottom).max().unwrap_or(row.at);
        match runs.last_mut() {
            Some(run)
                if row.at <= reach.saturating_add(1)
                    || (row.has_figures() && run.last().is_some_and(|last| last.only().is_none())) =>
            {
                run.push(row);
            }
            _ => runs.push(vec![row]),
        }
        reach = bottom.max(reach);
    }
    runs
}

/// Turns a stretch of rows into lines and tables.
struct Run<'a> {
    sheet: &'a Sheet,
    /// First and last column of the rows with several cells.
    columns: (u32, u32),
    table: Vec<Row>,
    items: &'a mut Vec<FlowItem>,
}

impl Run<'_> {
    fn flow(mut self, rows: Vec<Row>) {
        let mut rows = rows.into_iter().peekable();
        while let Some(row) = rows.next() {
            let is_line = if self.table.is_empty() { row.only().is_some() } else { self.is_heading(&row, rows.peek()) };
            if is_line {
                self.close();
                self.lines(&row);
            } else {
                self.table.push(row);
            }
        }
        self.close();
    }

    /// The cell that has a row to itself: no other content, and no other cell formatted as part of the table.
    fn alone<'r>(&self, row: &'r Row) -> Option<&'r Cell> {
        let cell = row.only()?;
        let beside = |&(first, last): &(u32, u32)| {
            let (first, last) = (first.max(self.columns.0), last.min(self.columns.1));
            first <= last && (first < cell.area.left || last > cell.area.right)
        };
        let blank = self.sheet.blanks.get(&row.at).is_some_and(|blanks| blanks.iter().any(beside));
        (!blank && row.cells.len() == 1).then_some(cell)
    }

    /// Whether a row within a table is none of it: a section heading above another table, or prose.
    fn is_heading(&self, row: &Row, next: Option<&Row>) -> bool {
        let Some(cell) = self.alone(row) else { return false };
        if is_prose(&cell.text) {
            return true;
        }
        // A row of a table whose figures are all blank looks much the same, but is not as wide as the rows above.
        let above = self.table.iter().rev().find(|row| row.only().is_none()).and_then(Row::extent);
        let is_single = cell.area.left == cell.area.right;
        let is_wide = covers(cell, self.columns) || above.is_some_and(|extent| covers(cell, extent));
        let leads_on = next.map_or(covers(cell, self.columns), |next| !next.has_figures());
        is_section(&cell.text) && (is_single || is_wide) && leads_on
    }

    /// Ends the table at hand; notes below it are lines.
    fn close(&mut self) {
        let mut notes = Vec::new();
        while self.table.last().is_some_and(|row| self.is_note(row)) {
            notes.extend(self.table.pop());
        }
        let rows: Vec<u32> = self.table.iter().map(|row| row.at).collect();
        let table: Vec<Vec<FlowCell>> =
            std::mem::take(&mut self.table).into_iter().map(|row| self.stated(row, &rows)).collect();
        if let Some(place) = table.iter().flatten().next().map(|cell| cell.place.clone()) {
            self.items.push(FlowItem::Table(FlowTable { rows: table, alignment: Alignment::Placed, place }));
        }
        notes.iter().rev().for_each(|row| self.lines(row));
    }
}

impl Run<'_> {
    fn is_note(&self, row: &Row) -> bool {
        self.alone(row).is_some_and(|cell| {
            let is_marked = ["注", "备注", "说明", "填表", "单位负责"].iter().any(|mark| cell.text.starts_with(mark));
            is_marked || is_prose(&cell.text) || (covers(cell, self.columns) && !is_numbered(&cell.text))
        })
    }

    /// A row of a table; `rows` are the rows of the sheet that the table has.
    fn stated(&self, row: Row, rows: &[u32]) -> Vec<FlowCell> {
        let span = |first: u32, last: u32| last.saturating_sub(first).saturating_add(1);
        let reach =
            |area: &Merge| rows.partition_point(|&at| at <= area.bottom) - rows.partition_point(|&at| at < area.top);
        let cell = |cell: Cell| FlowCell {
            column: Some(cell.area.left),
            row_span: u32::try_from(reach(&cell.area)).unwrap_or(u32::MAX).max(1),
            column_span: span(cell.area.left, cell.area.right),
            place: self.sheet.place((cell.area.top, cell.area.left)),
            text: cell.text,
        };
        row.cells.into_iter().map(cell).collect()
    }

    /// A line for each line of a row's cells.
    fn lines(&mut self, row: &Row) {
        for cell in row.filled() {
            for line in cell.text.lines() {
                let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
                if !text.is_empty() {
                    let place = self.sheet.place((cell.area.top, cell.area.left));
                    self.items.push(FlowItem::Line(FlowLine { text, place, heading: None }));
                }
            }
        }
    }
}

fn covers(cell: &Cell, columns: (u32, u32)) -> bool {
    cell.area.left <= columns.0 && cell.area.right >= columns.1
}

/// The sheet's name as a heading, where it says something that its first cells do not say.
fn name_line(sheet: &Sheet, rows: &[Row]) -> Option<FlowItem> {
    let plain = |text: &str| text.chars().filter(|char| char.is_alphanumeric()).collect::<String>();
    let bare = |text: &str| plain(text.split_once('、').map_or(text, |(_, rest)| rest));
    let name = bare(&sheet.name);
    let is_default = |name: &str| ["工作表", "表格", "表", "图表"].contains(&name.trim_end_matches(char::is_numeric));
    let says_something = name.chars().any(|char| ('\u{4E00}'..='\u{9FFF}').contains(&char)) && !is_default(&name);
    let mut first = rows.iter().flat_map(Row::filled).take(3).map(|cell| plain(&cell.text));
    if rows.is_empty() || !says_something || first.any(|text| text.contains(&name)) {
        return None;
    }
    let text = sheet.name.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(FlowItem::Line(FlowLine { text, place: sheet.place((0, 0)), heading: Some(2) }))
}

fn is_figure(text: &str) -> bool {
    let is_sign = |char: char| matches!(char, ',' | '，' | '.' | '．' | '-' | '－' | '—' | '/' | '%');
    let is_digit = |char: char| char.is_ascii_digit() || ('０'..='９').contains(&char);
    text.chars().any(is_digit) && text.chars().all(|char| is_digit(char) || is_sign(char))
}

fn is_prose(text: &str) -> bool {
    text.contains('。') || text.chars().count() > 80
}

/// Whether a text begins like a section's heading: 一、 第二部分 表3. An article of a law (第二十条) is none.
fn is_section(text: &str) -> bool {
    let past_number = |text: &str| {
        let is_number = |char: char| char.is_ascii_digit() || "一二三四五六七八九十".contains(char);
        let rest = text.trim_start_matches(is_number);
        (rest.len() < text.len()).then(|| rest.to_owned())
    };
    if let Some(rest) = text.strip_prefix('第') {
        return past_number(rest).is_some_and(|rest| ["部分", "章", "篇"].iter().any(|word| rest.starts_with(word)));
    }
    if let Some(rest) = text.strip_prefix("附表").or_else(|| text.strip_prefix('表')) {
        return past_number(rest).is_some();
    }
    let counted = text.starts_with(|char: char| !char.is_ascii_digit());
    counted && past_number(text).is_some_and(|rest| rest.starts_with(['、', '.', '．', ' ', '\u{3000}']))
}

/// Whether a text begins like a numbered row: 一、 （二） 3.
fn is_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(['（', '(', '第']);
    let number = rest.trim_start_matches(|char: char| char.is_ascii_digit() || "一二三四五六七八九十".contains(char));
    number.len() < rest.len() && number.starts_with(['、', '.', '．', '）', ')', ' '])
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::*;
    use crate::limits::Limits;

    /// A sheet of rows with cells between bars; `<` goes on from the left, `^` from above, `_` is a formatted blank.
    fn sheet(name: &str, rows: &[&str]) -> Sheet {
        let mut budget = Budget::new(&Limits::default());
        let mut sheet = Sheet::new(name, false);
        let grid: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
        let is = |row: usize, column: usize, sign| grid.get(row).and_then(|row| row.get(column)) == Some(&sign);
        for (r, row) in grid.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                let at = (u32::try_from(r).unwrap(), u32::try_from(c).unwrap());
                match *text {
                    "_" => sheet.blank(at.0, at.1, at.1, &mut budget),
                    "<" | "^" | "" => {}
                    text => {
                        let right = (1..99).take_while(|&n| is(r, c + n, "<")).count();
                        let bottom = (1..99).take_while(|&n| is(r + n, c, "^")).count();
                        let (bottom, right) =
                            (at.0 + u32::try_from(bottom).unwrap(), at.1 + u32::try_from(right).unwrap());
                        sheet.merge(Merge { top: at.0, left: at.1, bottom, right }, &mut budget).unwrap();
                        let text = if text == "~" { "" } else { text };
                        sheet.put(at, text, &mut budget).unwrap();
                    }
                }
            }
        }
        sheet
    }

    /// Lines with `/`, tables in brackets with `;` after rows; cells as `column:text`, with spans where they have any.
    fn show(sheet: Sheet) -> String {
        let mut items = Vec::new();
        flow(sheet, &mut items);
        let cell = |cell: &FlowCell| {
            let spans = match (cell.row_span, cell.column_span) {
                (1, 1) => String::new(),
                (rows, columns) => format!("{rows}x{columns}"),
            };
            format!("{}:{spans}{}", cell.column.unwrap(), cell.text)
        };
        let row = |row: &Vec<FlowCell>| row.iter().map(cell).collect::<Vec<_>>().join(" ") + ";";
        let item = |item: &FlowItem| match item {
            FlowItem::Line(line) => line.text.clone() + "/",
            FlowItem::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<String>()),
        };
        items.iter().map(item).collect()
    }

    #[test]
    fn titles_tables_and_notes() {
        let rows = ["甲乙年度报告|<|<", "", "项目|数量|备注", "规章|3|", "注：见附件|<|<", "", "本年度\n工作平稳。"];
        let table = "[0:项目 1:数量 2:备注;0:规章 1:3;]";
        assert_eq!(show(sheet("Sheet1", &rows)), format!("甲乙年度报告/{table}注：见附件/本年度/工作平稳。/"));
    }

    #[test]
    fn stacked_tables_part_at_section_headings_but_not_at_bands() {
        let rows = [
            "二、主动公开|<|<|<",
            "第（一）项|<|<",
            "内容|制发|废止",
            "规章|1|2",
            "第（五）项|<|<",
            "内容|数量|<",
            "许可|5|<",
            "三、收到申请|<|<|<",
            "内容|甲|乙|丙",
            "一、新收|1|2|3",
        ];
        let first = "[0:内容 1:制发 2:废止;0:规章 1:1 2:2;0:1x3第（五）项;0:内容 1:1x2数量;0:许可 1:1x25;]";
        let second = "[0:内容 1:甲 2:乙 3:丙;0:一、新收 1:1 2:2 3:3;]";
        assert_eq!(show(sheet("Sheet1", &rows)), format!("二、主动公开/第（一）项/{first}三、收到申请/{second}"));
    }

    #[test]
    fn rows_with_blank_figures_stay() {
        let formatted =
            ["项目|<|甲|乙", "一、新收|<|_|_", "二、结转|<|_|_", "三、办理|予以公开|_|_", "四、转下年|<|_|_"];
        let plain = formatted.map(|row| row.trim_end_matches(['|', '_']));
        let table = "[0:1x2项目 2:甲 3:乙;0:1x2一、新收;0:1x2二、结转;0:三、办理 1:予以公开;0:1x2四、转下年;]";
        assert_eq!(show(sheet("a", &formatted)), table);
        assert_eq!(show(sheet("a", &plain)), table);
    }

    #[test]
    fn figures_go_on_below_a_blank_row() {
        assert_eq!(
            show(sheet("a", &["项目|数量", "", "规章|3", "", "其他|文字"])),
            "[0:项目 1:数量;0:规章 1:3;][0:其他 1:文字;]"
        );
    }

    #[test]
    fn merged_cells_span_rows_that_are_there_and_hide_what_they_cover() {
        let mut sheet = sheet("a", &["", "|组|甲|1", "|^||", "|^|乙|~|<", "|丙|丁|2"]);
        sheet.cells.insert((3, 1), "old".into());
        assert_eq!(show(sheet), "[1:2x1组 2:甲 3:1;2:乙 3:1x2;1:丙 2:丁 3:2;]");
    }

    #[test]
    fn merged_cells_over_each_other_are_taken_once() {
        let mut sheet = sheet("a", &["甲|1", "乙|2"]);
        let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
        sheet.merges = vec![merge(0, 0, 1, 0), merge(0, 0, 0, 1), merge(1, 0, 1, 1), merge(0, 0, 1 << 20, 1 << 14)];
        assert_eq!(show(sheet), "甲/乙/");
    }

    #[test]
    fn names_of_sheets_that_say_something() {
        assert_eq!(show(sheet("申请情况", &["a|1"])), "申请情况/[0:a 1:1;]");
        assert_eq!(show(sheet("申请情况", &["三、 申请情况表", "", "a|1"])), "三、 申请情况表/[0:a 1:1;]");
        assert_eq!(show(sheet("三、申请情况", &["申请情况", "", "a|1"])), "申请情况/[0:a 1:1;]");
        assert_eq!(show(sheet("表1", &["a|1"])), "[0:a 1:1;]");
        assert_eq!(show(sheet("申请情况", &[])), "");
    }

    #[test]
    fn sections_and_figures_are_told() {
        assert!(["一、总体", "十二. x", "第二部分", "表3 x", "附表一"].iter().all(|text| is_section(text)));
        assert!(
            !["（一）", "1.属于", "三安全", "总计", "第", "第二十条第（一）项", "表格"]
                .iter()
                .any(|text| is_section(text))
        );
        assert!(["3", "1,024", "96171.6", "１２", "-8"].iter().all(|text| is_figure(text)));
        assert!(!["", "-", "第1", "3件"].iter().any(|text| is_figure(text)));
    }
}
