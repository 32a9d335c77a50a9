//! A result as a short text: counts of every stage and every cell, so that a difference shows where it began.

use gouji::emit::{Cell, CellStatus, Certainty, Report, Verdict};
use gouji::grid::Block;
use gouji::page::Body;
use gouji::{Inspection, Lang, Library, Options, Selection};

/// What the stages make of an input.
pub(crate) fn result(bytes: &[u8], name: &str, options: &Options) -> String {
    let library = Library::builtin().unwrap();
    let mut lines = match gouji::inspect(bytes, name, options, &Selection::default(), &library) {
        Ok(seen) => counts(&seen),
        Err(error) => vec![format!("{}: {error}", error.code())],
    };
    match gouji::extract(bytes, name, options, &library) {
        Ok(extraction) => lines.extend(Report::all(&extraction, Lang::En).iter().flat_map(report)),
        Err(error) => lines.push(error.code().to_owned()),
    }
    lines.join("\n")
}

fn counts(seen: &Inspection) -> Vec<String> {
    let mut lines: Vec<String> = match &seen.document.body {
        Body::Pages(pages) => pages
            .iter()
            .map(|page| {
                let (glyphs, rulings, fills) = (page.glyphs.len(), page.rulings.len(), page.fills.len());
                format!("page {}: {glyphs} glyphs, {rulings} rulings, {fills} fills", page.number)
            })
            .collect(),
        Body::Flow(items) => vec![format!("{} items", items.len())],
    };
    let grids = seen.blocks.items.iter().filter_map(|block| match block {
        Block::Grid(grid) => Some(format!("grid {} x {} {:?}", grid.rows, grid.columns, grid.method)),
        Block::Line(_) => None,
    });
    let grids: Vec<String> = grids.collect();
    lines.push(format!("{} lines", seen.blocks.items.len() - grids.len()));
    lines.extend(grids);
    lines
}

/// A report with a line for each row of its tables.
fn report(report: &Report) -> Vec<String> {
    let mut lines = vec![String::new(), format!("{:?} {:?}", report.status, report.report)];
    lines.extend(report.sections.iter().map(|section| {
        let length = section.text.chars().count();
        format!("{} {} {} ({length} characters)", section.number, section.id, section.title)
    }));
    for table in &report.tables {
        let places: Vec<String> = table.parts.iter().map(ToString::to_string).collect();
        lines.push(String::new());
        lines.push(format!("{} {} ({})", table.id, table.form, places.join(", ")));
        lines.extend(table.cells.chunk_by(|a, b| a.row == b.row).map(|row| {
            let cells: Vec<String> = row.iter().map(cell).collect();
            format!("  {}: {}", row[0].row, cells.join(" "))
        }));
    }
    lines.push(String::new());
    let checks = report.checks.iter().filter(|check| check.verdict != Verdict::Pass);
    lines.extend(checks.map(|check| format!("{} {:?} {:?}", check.id, check.mode, check.verdict)));
    lines.extend(report.findings.iter().map(|f| format!("{} {:?} {:?}: {}", f.code, f.severity, f.cause, f.message)));
    lines.extend(report.repairs.iter().map(|r| format!("repair {} {:?} -> {:?}", r.cell, r.before, r.after)));
    lines
}

/// The printed characters and, unless it is a proved number, what else is to be said.
fn cell(cell: &Cell) -> String {
    match (cell.status, cell.certainty) {
        (CellStatus::Number, Certainty::Proved) => cell.raw.replace('\n', "\\n"),
        (CellStatus::Number, certainty) => format!("{:?}:{certainty:?}", cell.raw),
        (CellStatus::Blank, _) => "_".into(),
        (status, _) => format!("{:?}:{status:?}", cell.raw),
    }
}
