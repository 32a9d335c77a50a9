//! Keys in, the form's own labels out: what people read instead of `denied_state_secret`.

use crate::check::Check;
use crate::form::{Form, Library, Table};

/// Looks up labels in a library. Everything that no form knows is shown by its key.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    library: &'a Library,
}

impl<'a> Labels<'a> {
    /// Labels from these forms.
    pub fn new(library: &'a Library) -> Self {
        Self { library }
    }

    /// The title of the section that a table stands in.
    pub fn table(self, form: &str, table: &'a str) -> &'a str {
        let section = |form: &'a Form| {
            let id = form.tables.iter().find(|t| t.id == table)?.section.as_deref()?;
            form.sections.iter().find(|section| section.id == id)
        };
        self.editions(form).find_map(section).map_or(table, |section| section.title.as_str())
    }

    /// The shortest label of a row that no other row of its block has.
    pub fn row(self, form: &str, table: &str, key: &str) -> String {
        let label = |table: &Table| {
            table.blocks.iter().find_map(|block| {
                let paths = block.rows.iter().map(|row| row.path.as_slice());
                block.rows.iter().find(|row| row.key == key).map(|row| shortest(&row.path, &paths))
            })
        };
        self.find(form, table, label).filter(|label| !label.is_empty()).unwrap_or_else(|| key.to_owned())
    }

    /// The shortest label of a column that no other column of its block has.
    pub fn column(self, form: &str, table: &str, key: &str) -> String {
        let label = |table: &Table| {
            table.blocks.iter().find_map(|block| {
                let paths = block.columns.iter().map(|column| column.path.as_slice());
                block.columns.iter().find(|column| column.key == key).map(|column| shortest(&column.path, &paths))
            })
        };
        self.find(form, table, label).filter(|label| !label.is_empty()).unwrap_or_else(|| key.to_owned())
    }

    /// What a check runs on: the row or column it is named after, or else the header its columns share.
    pub fn instance(self, form: &str, check: &Check) -> String {
        let name = check.id.rsplit('.').next().unwrap_or_default();
        let keys = || check.left_cells.iter().chain(&check.right_cells).filter_map(|cell| split_cell(cell));
        if keys().any(|(_, row, _)| row == name) {
            return self.row(form, &check.table, name);
        }
        if keys().any(|(_, _, column)| column == name) {
            return self.column(form, &check.table, name);
        }
        let shared = |table: &Table| {
            let path = |key: &str| {
                let columns = table.blocks.iter().flat_map(|block| &block.columns);
                columns.into_iter().find(|column| column.key == key).map(|column| column.path.as_slice())
            };
            let mut paths = keys().map(|(_, _, column)| path(column));
            let first = paths.next()??;
            let common = paths.flatten().fold(first, common_prefix);
            common.last().map(|_| common.join(" · "))
        };
        self.find(form, &check.table, shared).unwrap_or_else(|| name.to_owned())
    }

    /// The named edition first, then the others: a report may mix them.
    fn editions(self, form: &str) -> impl Iterator<Item = &'a Form> {
        self.library.form(form).into_iter().chain(self.library.forms())
    }

    fn find<T>(self, form: &str, table: &str, look: impl Fn(&Table) -> Option<T>) -> Option<T> {
        self.editions(form).filter_map(|form| form.tables.iter().find(|t| t.id == table)).find_map(look)
    }
}

/// The parts of a cell's name `table/row/column`.
pub(super) fn split_cell(cell: &str) -> Option<(&str, &str, &str)> {
    let mut parts = cell.split('/');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// The shortest tail of `path` that no other of `paths` ends in.
pub(super) fn shortest<'a>(path: &[String], paths: &(impl Iterator<Item = &'a [String]> + Clone)) -> String {
    let mut tails = (1..=path.len()).filter_map(|length| path.get(path.len() - length..));
    let unique = tails.find(|tail| paths.clone().filter(|other| other.ends_with(tail)).count() <= 1);
    unique.unwrap_or(path).join(" · ")
}

fn common_prefix<'a>(a: &'a [String], b: &'a [String]) -> &'a [String] {
    let length = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    a.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Mode, Verdict};

    const FORM: &str = "cn.foi-annual/2021";

    #[test]
    fn a_label_is_as_short_as_it_can_be() {
        let library = Library::builtin().unwrap();
        let labels = Labels::new(&library);
        assert_eq!(labels.column(FORM, "applications", "business"), "商业企业");
        assert_eq!(labels.column(FORM, "review_litigation", "reconsideration_total"), "行政复议 · 总计");
        assert_eq!(labels.row(FORM, "applications", "granted"), "（一）予以公开");
        assert_eq!(labels.row(FORM, "applications", "no_such_key"), "no_such_key");
        assert_eq!(labels.table(FORM, "applications"), "收到和处理政府信息公开申请情况");
    }

    #[test]
    fn an_edition_that_lacks_the_key_asks_the_others() {
        let library = Library::builtin().unwrap();
        assert_eq!(Labels::new(&library).row(FORM, "applications", "other_processing"), "（六）其他处理");
    }

    #[test]
    fn a_check_is_called_after_what_it_runs_on() {
        let library = Library::builtin().unwrap();
        let check = |id: &str, table: &str, left: &[&str], right: &[&str]| Check {
            id: id.into(),
            rule: String::new(),
            table: table.into(),
            mode: Mode::Strict,
            verdict: Verdict::Pass,
            left: None,
            right: None,
            left_cells: left.iter().map(ToString::to_string).collect(),
            right_cells: right.iter().map(ToString::to_string).collect(),
            soft: false,
        };
        let of = |check: Check| Labels::new(&library).instance(FORM, &check);
        let group = ["review_litigation/cases/reconsideration_upheld", "review_litigation/cases/reconsideration_other"];
        let total = ["review_litigation/cases/reconsideration_total"];
        assert_eq!(
            of(check("review_litigation.group_total.reconsideration", "review_litigation", &group, &total)),
            "行政复议"
        );
        let cells = ["applications/new_requests/natural_person"];
        assert_eq!(of(check("applications.balance.natural_person", "applications", &cells, &[])), "自然人");
    }
}
