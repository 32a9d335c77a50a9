//! A report for people, in Markdown: prose and tables in the order and with the labels of the form, ties below.

use super::labels::{Labels, shortest};
use super::scalar::Place;
use super::tables_text::{markdown_row, markdown_rule};
use super::tally::Tally;
use crate::check;
use crate::form::{Block, Library, Row};
use crate::pipeline::{InputInfo, ReportResult};
use crate::settle::{Cell, Certainty, Status, Table};
use crate::text::Lang;
use std::fmt::Write as _;

/// The report. Labels are the form's own; headings and remarks of ours are in `lang`.
pub fn report(input: &InputInfo, result: &ReportResult, library: &Library, lang: Lang) -> String {
    let report = &result.report;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    let mut out = format!("# {}\n\n", plain(report.title.as_deref().unwrap_or(&input.name)));
    out.push_str(&markdown_row(&[say(lang, "Issuer", "机关"), &or_dash(report.issuer.clone())]));
    out.push_str(&markdown_rule(2));
    out.push_str(&markdown_row(&[say(lang, "Year", "年度"), &or_dash(report.year.map(|year| year.to_string()))]));
    out.push_str(&markdown_row(&[say(lang, "Issued on", "发布日期"), &or_dash(report.issued_on.clone())]));
    let file = format!("{} ({})", input.name, input.sha256.get(..12).unwrap_or_default());
    out.push_str(&markdown_row(&[say(lang, "File", "文件"), &file]));
    let mut left: Vec<&Table> = report.tables.iter().collect();
    for section in &report.sections {
        let _ = writeln!(out, "\n## {}{}", plain(&numbered(&section.number)), plain(&section.title));
        for paragraph in &section.paragraphs {
            let _ = writeln!(out, "\n{}", plain(&paragraph.text));
        }
        let (here, later): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|table| section_of(library, table) == Some(section.id.as_str()));
        for table in here {
            out.push_str(&table_text(table, library, lang));
        }
        left = later;
    }
    for table in left {
        let _ = writeln!(out, "\n## {}", Labels::new(library).table(&table.form, &table.id));
        out.push_str(&table_text(table, library, lang));
    }
    out.push_str(&ties(result, library, lang));
    out.push_str(&findings(result, lang));
    out
}

fn say<'a>(lang: Lang, en: &'a str, zh: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// Document text on a line of its own: no control characters, nothing that reads as HTML.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().replace('<', "&lt;")
}

fn numbered(number: &str) -> String {
    if number.is_empty() { String::new() } else { format!("{number}、") }
}

fn section_of<'a>(library: &'a Library, table: &Table) -> Option<&'a str> {
    library.table(&table.form, &table.id)?.section.as_deref()
}

/// A table, block by block, with where it stands and what its marks mean.
fn table_text(table: &Table, library: &Library, lang: Lang) -> String {
    let mut out = String::new();
    for (block, form) in &table.editions {
        if let Some(block) = library.block(form, &table.id, block) {
            out.push('\n');
            if let Some(band) = block.band.first() {
                let _ = writeln!(out, "**{band}**\n");
            }
            out.push_str(&block_text(block, table));
        }
    }
    let places: Vec<String> = table.parts.iter().map(|part| Place::from(part).to_string()).collect();
    let _ = writeln!(out, "\n*{} · {}*", table.form, places.join(", "));
    if out.contains('‽') {
        let unsure =
            say(lang, "‽ not sure: see `certainty` in the JSON output", "‽ 不确定：见 JSON 输出的 `certainty`");
        let _ = writeln!(out, "\n{unsure}");
    }
    out
}

fn block_text(block: &Block, table: &Table) -> String {
    let value = |row: &str, column: &str| {
        table.cells.iter().find(|cell| cell.row == row && cell.column == column).map(shown).unwrap_or_default()
    };
    match block.rows.as_slice() {
        [row] if row.path.is_empty() => wide_row(block, |column| value(&row.key, column)),
        rows => matrix(block, rows, value),
    }
}

/// Rows by columns, with a line for every group of rows.
fn matrix(block: &Block, rows: &[Row], value: impl Fn(&str, &str) -> String) -> String {
    let corner = block.corner.first().map_or("", String::as_str).to_owned();
    let paths = block.columns.iter().map(|column| column.path.as_slice());
    let header: Vec<String> = block.columns.iter().map(|column| shortest(&column.path, &paths)).collect();
    let mut out = markdown_row(&[vec![corner], header].concat()) + &markdown_rule(block.columns.len() + 1);
    let mut groups: &[String] = &[];
    for row in rows {
        let (label, above) = row.path.split_last().map_or((row.key.as_str(), &[][..]), |(l, a)| (l.as_str(), a));
        for (level, group) in above.iter().enumerate() {
            if groups.get(..=level) != above.get(..=level) {
                let blanks = vec![String::new(); block.columns.len()];
                out.push_str(&markdown_row(&[vec![format!("**{group}**")], blanks].concat()));
            }
        }
        groups = above;
        if row.heading {
            continue;
        }
        let values: Vec<String> = block.columns.iter().map(|column| value(&row.key, &column.key)).collect();
        out.push_str(&markdown_row(&[vec![label.to_owned()], values].concat()));
    }
    out
}

/// A single row of many columns: a line for each group of columns.
fn wide_row(block: &Block, value: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let groups = block.columns.chunk_by(|a, b| a.path.split_last().map(|p| p.1) == b.path.split_last().map(|p| p.1));
    let mut header: Vec<String> = Vec::new();
    for columns in groups {
        let labels: Vec<String> = columns.iter().filter_map(|column| column.path.last().cloned()).collect();
        if labels != header {
            let first = if header.is_empty() { "" } else { "\n" };
            let _ = write!(out, "{first}{}", markdown_row(&[vec![String::new()], labels.clone()].concat()));
            out.push_str(&markdown_rule(labels.len() + 1));
            header = labels;
        }
        let group = columns.first().and_then(|column| column.path.split_last()).map(|(_, above)| above.join(" · "));
        let values: Vec<String> = columns.iter().map(|column| value(&column.key)).collect();
        out.push_str(&markdown_row(&[vec![group.unwrap_or_default()], values].concat()));
    }
    out
}

/// A cell for people: the printed characters, `∅` where the document has no such cell, `‽` where it is not sure.
fn shown(cell: &Cell) -> String {
    let unsure = matches!(cell.certainty, Certainty::Position | Certainty::Doubtful);
    match cell.status {
        Status::Absent => "∅".into(),
        Status::Unreadable => format!("{} ‽", cell.raw).trim_start().to_owned(),
        _ if unsure => format!("{} ‽", cell.raw).trim_start().to_owned(),
        _ => cell.raw.clone(),
    }
}

fn ties(result: &ReportResult, library: &Library, lang: Lang) -> String {
    let tally = Tally::of(&result.checks);
    let mut out = format!("\n## {}\n\n{}\n", say(lang, "Ties", "勾稽关系"), tally.line(lang));
    for check in result.checks.iter().filter(|check| check.verdict == check::Verdict::Fail && !check.soft) {
        let form = result.report.tables.iter().find(|table| table.id == check.table).map_or("", |table| &table.form);
        let sum = |side: Option<crate::number::Number>| side.map_or_else(|| "?".into(), |sum| sum.to_string());
        let instance = Labels::new(library).instance(form, check);
        let line = format!("\n- {} · {instance}: {} ≠ {}", check.table, sum(check.left), sum(check.right));
        // A failure shows in both modes; once is enough.
        if !out.contains(&line) {
            out.push_str(&line);
        }
    }
    out.trim_end().to_owned() + "\n"
}

fn findings(result: &ReportResult, lang: Lang) -> String {
    if result.findings.is_empty() {
        return String::new();
    }
    let mut out = format!("\n## {}\n\n", say(lang, "Findings", "发现的问题"));
    for finding in &result.findings {
        let place = finding.place.as_ref().map(|place| format!(" ({})", Place::from(place))).unwrap_or_default();
        let _ = writeln!(out, "- `{}` {}{place}", finding.code.name(), plain(finding.message.get(lang)));
    }
    out
}
