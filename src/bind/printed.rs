//! The labels of a block as the document prints them: what a person finds on the page beside and over a figure.

use super::header::Header;
use super::lexicon::BlockForm;
use super::rows::RowMatch;
use super::values::Columns;
use super::view::{CellId, Kind, View};
use std::collections::BTreeMap;

/// Printed labels of a block by the form's keys; what has none, or none that was found, is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Of rows: from the outermost group to the row's own, joined with ` · `.
    pub rows: BTreeMap<String, String>,
    /// Of columns: from the top of the header down, joined with ` · `.
    pub columns: BTreeMap<String, String>,
}

/// Between the labels of a path.
const JOINT: &str = " · ";

/// The label of a row: the words left of its values.
pub(super) fn row(view: &View<'_>, found: RowMatch) -> Option<String> {
    path(view, view.between(found.row, 0..found.label_end))
}

/// The labels of the columns of a block, by key, as far as its header was found.
pub(super) fn columns(view: &View<'_>, form: &BlockForm<'_>, columns: &Columns) -> BTreeMap<String, String> {
    let (Columns::Placed(header) | Columns::Ordered(header)) = columns else { return BTreeMap::new() };
    let found = form.columns.iter().zip(&header.columns);
    found.filter_map(|(column, at)| Some((column.key.clone(), over(view, header, at.as_ref()?.0.start)?))).collect()
}

/// The words over a grid column within the header.
fn over(view: &View<'_>, header: &Header, column: usize) -> Option<String> {
    let mut cells: Vec<CellId> = header.rows.clone().filter_map(|row| view.at(row, column)).collect();
    cells.dedup();
    path(view, cells)
}

fn path(view: &View<'_>, cells: Vec<CellId>) -> Option<String> {
    let words = cells.into_iter().filter(|id| view.kind(*id) == Kind::Words).filter_map(|id| view.cell(id));
    let labels: Vec<String> = words.map(|cell| one_line(&cell.text)).collect();
    (!labels.is_empty()).then(|| labels.join(JOINT))
}

/// A label without its line breaks: only between Latin words do they stand for a blank.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(out.chars().last()) && latin(line.chars().next()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_label_over_lines_is_one_label() {
        assert_eq!(one_line("法人或\n其他组织"), "法人或其他组织");
        assert_eq!(one_line(" legal \nservice"), "legal service");
    }
}
