//! Tables for people: HTML with spans, and Markdown, which has none.

use super::tables::{TableCell, TableGrid, TablesReport};
use std::fmt::Write as _;

/// One HTML page with every table; spans are kept, and each cell carries its place.
pub fn html(report: &TablesReport) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>");
    out.push_str(&escaped(&report.input.name));
    out.push_str("</title></head>\n<body>\n");
    for table in &report.tables {
        let method = super::csv::word(&table.method);
        let _ = writeln!(
            out,
            "<table border=\"1\" data-method=\"{method}\" data-place=\"{}\">",
            escaped(&table.spot.to_string())
        );
        for row in 0..table.rows {
            out.push_str("<tr>");
            // Cells are sorted by row, so the walk over all of them stays in order.
            table.cells.iter().filter(|cell| cell.row == row).for_each(|cell| out.push_str(&html_cell(cell)));
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn html_cell(cell: &TableCell) -> String {
    let span = |name: &str, count: usize| if count > 1 { format!(" {name}=\"{count}\"") } else { String::new() };
    format!(
        "<td{}{}>{}</td>",
        span("rowspan", cell.row_span),
        span("colspan", cell.column_span),
        escaped(&cell.text).replace('\n', "<br>")
    )
}

/// Text as it may stand between tags and within double quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Every table as a Markdown table. A spanning cell's text stands in its first slot; the first row is the header.
pub fn markdown(report: &TablesReport) -> String {
    let mut out = String::new();
    for (number, table) in report.tables.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "**{}** ({}, {})\n", number + 1, table.spot, super::csv::word(&table.method));
        for (at, row) in slots(table).iter().enumerate() {
            out.push_str(&markdown_row(row));
            if at == 0 {
                out.push_str(&markdown_rule(row.len()));
            }
        }
    }
    out
}

/// The text of every slot, by row; empty under a span.
fn slots(table: &TableGrid) -> Vec<Vec<&str>> {
    let mut rows = vec![vec![""; table.columns]; table.rows];
    for cell in &table.cells {
        if let Some(slot) = rows.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
            *slot = &cell.text;
        }
    }
    rows
}

/// One line of a Markdown table.
pub(super) fn markdown_row(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| markdown_cell(cell.as_ref())).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The line under the header of a Markdown table.
pub(super) fn markdown_rule(columns: usize) -> String {
    format!("|{}\n", "---|".repeat(columns))
}

/// Text that stays inside its cell: bars escaped, line breaks as `<br>`, control characters dropped.
fn markdown_cell(text: &str) -> String {
    let plain: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    plain.trim().replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::{Input, Method, Spot};

    fn report() -> TablesReport {
        let cell = |row, column, column_span, text: &str| TableCell {
            row,
            column,
            row_span: 1,
            column_span,
            text: text.into(),
            spot: Spot::default(),
        };
        let table = TableGrid {
            spot: Spot { page: Some(3), ..Spot::default() },
            method: Method::Ruled,
            rows: 2,
            columns: 2,
            parts: Vec::new(),
            cells: vec![cell(0, 0, 2, "a|b\n<c>"), cell(1, 0, 1, "1"), cell(1, 1, 1, "")],
        };
        TablesReport {
            schema: "gouji.tables/1",
            tool: super::super::build::TOOL,
            input: Input { name: "<x>".into(), sha256: String::new(), bytes: 0, format: "pdf".into(), pages: Some(1) },
            tables: vec![table],
            findings: Vec::new(),
        }
    }

    #[test]
    fn markdown_keeps_cells_apart() {
        assert_eq!(markdown(&report()), "**1** (p. 3, ruled)\n\n| a\\|b<br>&lt;c> |  |\n|---|---|\n| 1 |  |\n");
    }

    #[test]
    fn html_keeps_spans_and_escapes_text() {
        let html = html(&report());
        assert!(html.contains("<td colspan=\"2\">a|b<br>&lt;c&gt;</td>"), "{html}");
        assert!(html.contains("<title>&lt;x&gt;</title>"), "{html}");
    }
}
