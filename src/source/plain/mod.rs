//! Plain text and Markdown in, lines and tables out.
//!
//! A table in a text is whatever stands between separators: tabs, pipes, runs of blanks. Cells are handed on exactly
//! as stated, blank ones too. Whether their position means a column is decided in [`columns`]; nothing is moved.

mod columns;
mod layout;
mod markdown;

use super::{Options, charset};
use crate::error::Result;
use crate::finding::{Code, Finding, Findings};
use crate::limits::Limits;
use crate::page::{Alignment, Body, Document, FlowCell, FlowItem, FlowLine, FlowTable, Format};
use crate::place::Place;
use crate::text::Text;

/// Reads a text of that format.
pub(super) fn read(bytes: &[u8], format: Format, options: &Options, findings: &mut Findings) -> Result<Document> {
    let text = charset::decode(bytes, None, findings);
    let mut flow = Flow::new(&options.limits);
    if format == Format::Markdown {
        markdown::read(&text, &mut flow)?;
    } else {
        layout::read(&text, &mut flow)?;
    }
    findings.append(&mut flow.findings);
    Ok(Document { format, body: Body::Flow(flow.items), title: None })
}

/// A cell and where it begins.
#[derive(Debug, Clone, PartialEq)]
struct Stated {
    /// Its text, trimmed.
    text: String,
    /// In characters, from 1.
    column: u32,
}

/// A row and the number of its line.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    line: u32,
    cells: Vec<Stated>,
}

/// The items made so far, and what they may still cost.
struct Flow<'a> {
    items: Vec<FlowItem>,
    findings: Findings,
    limits: &'a Limits,
    elements: u64,
}

impl<'a> Flow<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { items: Vec::new(), findings: Findings::new(), limits, elements: 0 }
    }

    /// Counts what is kept, so that a text of nothing but line ends or separators stays cheap.
    fn spend(&mut self, elements: usize) -> Result<()> {
        self.elements += u64::try_from(elements).unwrap_or(u64::MAX);
        Limits::check("elements", self.elements, self.limits.elements)
    }

    /// Adds a line, unless it is blank.
    fn line(&mut self, text: &str, line: u32, heading: Option<u8>) -> Result<()> {
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Ok(());
        }
        self.spend(1)?;
        self.items.push(FlowItem::Line(FlowLine { text, place: place(line, from_one(indent)), heading }));
        Ok(())
    }

    /// Adds a table whose cells are already paid for; `stated` says whether its separators state columns at all.
    fn table(&mut self, rows: Vec<Row>, stated: bool) -> Result<()> {
        let Some(first) = rows.first().map(|row| row.line) else { return Ok(()) };
        let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
        Limits::check("cells", u64::try_from(cells).unwrap_or(u64::MAX), self.limits.cells)?;
        let alignment = if stated { columns::alignment(&rows) } else { Alignment::Ordered };
        let place_of_table = place(first, 1);
        if alignment == Alignment::Ordered {
            let last = rows.last().map_or(first, |row| row.line);
            let message = Text::new(
                format!("the table in lines {first}–{last} does not state its columns"),
                format!("第 {first}–{last} 行的表格没有给出分栏"),
            );
            self.findings.push(Finding::new(Code::ColumnsUnstated, message).at(Some(place_of_table.clone())));
        }
        let rows = rows.into_iter().map(|row| row.cells.into_iter().map(|cell| flow_cell(cell, row.line)).collect());
        self.items.push(FlowItem::Table(FlowTable { rows: rows.collect(), alignment, place: place_of_table }));
        Ok(())
    }
}

fn flow_cell(cell: Stated, line: u32) -> FlowCell {
    FlowCell { column: None, row_span: 1, column_span: 1, text: cell.text, place: place(line, cell.column) }
}

fn place(line: u32, column: u32) -> Place {
    Place::Text { line, column }
}

/// A count of characters before something, as its column.
fn from_one(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// The lines of a text with their numbers: broken at line feeds, carriage returns, or both.
fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let old_style = !text.contains('\n');
    text.split(if old_style { '\r' } else { '\n' })
        .map(|line| line.strip_suffix('\r').unwrap_or(line).trim_start_matches('\u{C}'))
        .zip(1..)
        .map(|(line, number)| (number, line))
}

/// Cuts a line at every separator; texts are trimmed, columns are where each text begins.
fn cut(line: &str, separator: impl Fn(char) -> bool) -> Vec<Stated> {
    let mut cells = vec![Stated { text: String::new(), column: 1 }];
    for (at, c) in line.chars().enumerate() {
        if separator(c) {
            cells.push(Stated { text: String::new(), column: from_one(at + 1) });
        } else if let Some(cell) = cells.last_mut() {
            if cell.text.is_empty() && c.is_whitespace() {
                continue;
            }
            if cell.text.is_empty() {
                cell.column = from_one(at);
            }
            cell.text.push(c);
        }
    }
    for cell in &mut cells {
        cell.text.truncate(cell.text.trim_end().len());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as they are, tables as `P` or `O` and rows of cells between bars.
    pub(super) fn shown(text: &str, format: Format) -> Vec<String> {
        let mut findings = Findings::new();
        let document = read(text.as_bytes(), format, &Options::default(), &mut findings).unwrap();
        let Body::Flow(items) = document.body else { panic!("pages") };
        let row = |row: &Vec<FlowCell>| row.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("|");
        items
            .iter()
            .map(|item| match item {
                FlowItem::Line(line) => line.heading.map_or(String::new(), |h| format!("h{h} ")) + &line.text,
                FlowItem::Table(table) => {
                    let rows: Vec<String> = table.rows.iter().map(row).collect();
                    format!("{}[{}]", if table.alignment == Alignment::Placed { 'P' } else { 'O' }, rows.join(" / "))
                }
            })
            .collect()
    }

    #[test]
    fn lines_end_in_any_style() {
        assert_eq!(shown("甲\r\n乙\n\n  丙", Format::Text), ["甲", "乙", "丙"]);
        assert_eq!(shown("甲\r乙", Format::Text), ["甲", "乙"]);
    }

    #[test]
    fn too_many_lines_are_refused() {
        let options = Options { limits: Limits { elements: 10, ..Limits::default() }, ..Options::default() };
        let error = read("a\n".repeat(20).as_bytes(), Format::Text, &options, &mut Findings::new()).unwrap_err();
        assert_eq!(error.code(), "limit");
    }
}
