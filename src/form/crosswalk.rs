//! What the cells of one edition are worth beside those of another: judgements of a file, spread out cell by cell.
//!
//! Cells with the same ids and the same printed labels are the same; every other cell has to be judged in the file.

use super::{Column, Form, Library, Row, Title};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The judgements between the editions of a family.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    /// The part of the forms' ids before the slash.
    pub family: String,
    /// The part behind it, newest first.
    pub editions: Vec<String>,
    /// Cells that have a counterpart.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Cells that have none.
    #[serde(default)]
    pub alone: Vec<Alone>,
}

/// Cells of a newer edition beside cells of an older one. Several rows or columns of a side are added up; without columns
/// on either side, each column stands beside the one with its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The newer side.
    pub newer: Side,
    /// The older side.
    pub older: Side,
    /// What they are worth beside each other.
    pub comparison: Comparison,
    /// Why, or with what care.
    pub note: Title,
}

/// Cells without a counterpart, each by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alone {
    /// The cells.
    pub cells: Side,
    /// The editions that have nothing to put beside them.
    pub against: Vec<String>,
    /// Why.
    pub note: Title,
}

/// Cells of one table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// The editions that this is said of.
    pub editions: Vec<String>,
    /// The table.
    pub table: String,
    /// Its rows; all when empty.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Its columns; all when empty.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// What two figures are worth beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// The same thing.
    Same,
    /// To be compared with the note in mind.
    Comparable,
    /// Not to be compared.
    NotComparable,
}

impl Comparison {
    /// Its name in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Comparable => "comparable_with_note",
            Self::NotComparable => "not_comparable",
        }
    }
}

/// One cell of an edition and what another edition has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The form.
    pub form: &'a str,
    /// The cell.
    pub cell: Spot<'a>,
    /// Cells of the same form to add to it first, itself included; only itself where it stands alone.
    pub together: Vec<Spot<'a>>,
    /// The other form.
    pub other: &'a str,
    /// Its cells to add up; none where it has no counterpart.
    pub counterpart: Vec<Spot<'a>>,
    /// What they are worth beside each other.
    pub comparison: Comparison,
    /// Why, where it was judged.
    pub note: Option<&'a Title>,
}

/// A cell of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot<'a> {
    /// Its table.
    pub table: &'a str,
    /// Its row.
    pub row: &'a str,
    /// Its column.
    pub column: &'a str,
}

impl std::fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.table, self.row, self.column)
    }
}

impl Crosswalk {
    /// A line for each cell of each edition and each other edition; of a cell that stands in several links, one for each.
    /// Cells that nothing is said of have none, which [`Self::problems`] tells.
    pub fn lines<'a>(&'a self, library: &'a Library) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        for (one, form) in self.forms(library) {
            for (two, other) in self.forms(library).filter(|(two, _)| *two != one) {
                let judged = self.judged((one, form), (two, other));
                for (cell, row, column) in cells(form) {
                    let own: Vec<&Line<'a>> = judged.iter().filter(|line| line.cell == cell).collect();
                    if own.is_empty() {
                        lines.extend(same(form, other, cell, row, column));
                    } else {
                        lines.extend(own.into_iter().cloned());
                    }
                }
            }
        }
        lines
    }

    /// Everything that is wrong with it, in words; empty when it is sound.
    pub fn problems(&self, library: &Library) -> Vec<String> {
        let mut found = Vec::new();
        for edition in self.editions.iter().filter(|edition| self.form(edition, library).is_none()) {
            found.push(format!("no form `{}/{edition}`", self.family));
        }
        let sides = self.links.iter().flat_map(|link| [&link.newer, &link.older]);
        for side in sides.chain(self.alone.iter().map(|alone| &alone.cells)) {
            self.side_problems(side, library, &mut found);
        }
        for edition in self.alone.iter().flat_map(|alone| &alone.against) {
            self.edition_problem(edition, &mut found);
        }
        let lines = self.lines(library);
        for (one, form) in self.forms(library) {
            for (_, other) in self.forms(library).filter(|(two, _)| *two != one) {
                for (cell, ..) in cells(form) {
                    let of = |line: &&Line<'_>| line.form == form.id && line.other == other.id && line.cell == cell;
                    let (alone, linked): (Vec<_>, Vec<_>) =
                        lines.iter().filter(of).partition(|line| line.counterpart.is_empty());
                    match (alone.len(), linked.len()) {
                        (0, 0) => found.push(format!("{cell} of {} is not judged against {}", form.id, other.id)),
                        (1, 0) | (0, _) => {}
                        _ => found.push(format!("{cell} of {} is both alone and not, or alone twice", form.id)),
                    }
                }
            }
        }
        found
    }

    fn side_problems(&self, side: &Side, library: &Library, found: &mut Vec<String>) {
        for edition in &side.editions {
            self.edition_problem(edition, found);
            let Some(form) = self.form(edition, library) else { continue };
            let all: Vec<Spot<'_>> = cells(form).map(|(cell, ..)| cell).filter(|c| c.table == side.table).collect();
            if all.is_empty() {
                found.push(format!("no table `{}` in {}", side.table, form.id));
            }
            for row in side.rows.iter().filter(|row| !all.iter().any(|cell| cell.row == *row)) {
                found.push(format!("no row `{row}` in table `{}` of {}", side.table, form.id));
            }
            for column in side.columns.iter().filter(|column| !all.iter().any(|cell| cell.column == *column)) {
                found.push(format!("no column `{column}` in table `{}` of {}", side.table, form.id));
            }
        }
    }

    fn edition_problem(&self, edition: &str, found: &mut Vec<String>) {
        if !self.editions.iter().any(|known| known == edition) {
            found.push(format!("edition `{edition}` is not among `editions`"));
        }
    }

    fn form<'a>(&self, edition: &str, library: &'a Library) -> Option<&'a Form> {
        library.form(&format!("{}/{edition}", self.family))
    }

    fn forms<'a>(&'a self, library: &'a Library) -> impl Iterator<Item = (&'a str, &'a Form)> {
        self.editions.iter().filter_map(|edition| Some((edition.as_str(), self.form(edition, library)?)))
    }

    /// The lines that the file gives for the cells of the first form against the second.
    fn judged<'a>(&'a self, (one, form): (&str, &'a Form), (two, other): (&str, &'a Form)) -> Vec<Line<'a>> {
        let has = |side: &Side, edition: &str| side.editions.iter().any(|own| own == edition);
        let mut lines = Vec::new();
        for link in &self.links {
            let (side, beside) = if has(&link.newer, one) && has(&link.older, two) {
                (&link.newer, &link.older)
            } else if has(&link.older, one) && has(&link.newer, two) {
                (&link.older, &link.newer)
            } else {
                continue;
            };
            for (together, counterpart) in groups((form, side), (other, beside)) {
                let line = |cell: &Spot<'a>| Line {
                    form: &form.id,
                    cell: *cell,
                    together: together.clone(),
                    other: &other.id,
                    counterpart: counterpart.clone(),
                    comparison: link.comparison,
                    note: Some(&link.note),
                };
                lines.extend(together.iter().map(line));
            }
        }
        for alone in &self.alone {
            if has(&alone.cells, one) && alone.against.iter().any(|edition| edition == two) {
                lines.extend(chosen(form, &alone.cells).map(|cell| Line {
                    form: &form.id,
                    cell,
                    together: vec![cell],
                    other: &other.id,
                    counterpart: Vec::new(),
                    comparison: Comparison::NotComparable,
                    note: Some(&alone.note),
                }));
            }
        }
        lines
    }
}

/// The cells on both sides that belong together.
fn groups<'a>(one: (&'a Form, &Side), two: (&'a Form, &Side)) -> Vec<(Vec<Spot<'a>>, Vec<Spot<'a>>)> {
    let (left, right): (Vec<Spot<'a>>, Vec<Spot<'a>>) =
        (chosen(one.0, one.1).collect(), chosen(two.0, two.1).collect());
    if !one.1.columns.is_empty() || !two.1.columns.is_empty() {
        return vec![(left, right)];
    }
    let of = |cells: &[Spot<'a>], column: &str| cells.iter().filter(|cell| cell.column == column).copied().collect();
    let columns: BTreeSet<&str> = left.iter().map(|cell| cell.column).collect();
    columns.into_iter().map(|column| (of(&left, column), of(&right, column))).collect()
}

/// The cells of a side.
fn chosen<'a>(form: &'a Form, side: &Side) -> impl Iterator<Item = Spot<'a>> {
    let among = |keys: &[String], key: &str| keys.is_empty() || keys.iter().any(|known| known == key);
    cells(form).map(|(cell, ..)| cell).filter(move |cell| {
        cell.table == side.table && among(&side.rows, cell.row) && among(&side.columns, cell.column)
    })
}

/// All cells of a form, in its order.
fn cells(form: &Form) -> impl Iterator<Item = (Spot<'_>, &Row, &Column)> {
    form.tables.iter().flat_map(|table| {
        table.blocks.iter().flat_map(move |block| {
            block.rows.iter().filter(|row| !row.heading).flat_map(move |row| {
                block
                    .columns
                    .iter()
                    .map(move |column| (Spot { table: &table.id, row: &row.key, column: &column.key }, row, column))
            })
        })
    })
}

/// The line of a cell that the other form has too, under the same labels.
fn same<'a>(form: &'a Form, other: &'a Form, cell: Spot<'a>, row: &Row, column: &Column) -> Option<Line<'a>> {
    let (twin, ..) = cells(other).find(|(twin, its_row, its_column)| {
        *twin == cell && its_row.path == row.path && its_column.path == column.path && its_column.unit == column.unit
    })?;
    Some(Line {
        form: &form.id,
        cell,
        together: vec![cell],
        other: &other.id,
        counterpart: vec![twin],
        comparison: Comparison::Same,
        note: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::crosswalks;

    #[test]
    fn the_built_in_crosswalk_judges_every_cell() {
        let library = Library::builtin().unwrap();
        for crosswalk in crosswalks().unwrap() {
            assert_eq!(crosswalk.problems(&library), Vec::<String>::new());
        }
    }

    #[test]
    fn a_sum_stands_beside_its_parts_in_both_directions() {
        let library = Library::builtin().unwrap();
        let crosswalks = crosswalks().unwrap();
        let lines: Vec<Line<'_>> = crosswalks.iter().flat_map(|walk| walk.lines(&library)).collect();
        let of = |form: &str, row: &str| {
            lines.iter().find(|line| {
                line.form.ends_with(form)
                    && line.other != "cn.foi-annual/2014"
                    && (line.cell.row, line.cell.column) == (row, "total")
            })
        };
        let (part, whole) = (of("2021", "other_other").unwrap(), of("2019", "other_processing").unwrap());
        assert_eq!((part.together.len(), part.counterpart.len()), (3, 1));
        assert_eq!((whole.together.len(), whole.counterpart.len()), (1, 3));
        assert_eq!(part.comparison, Comparison::Comparable);
        assert_eq!(of("2021", "granted").unwrap().comparison, Comparison::Same);
    }

    #[test]
    fn unknown_keys_and_cells_without_a_judgement_are_told() {
        let library = Library::builtin().unwrap();
        let mut crosswalk = crosswalks().unwrap().remove(0);
        crosswalk.alone[0].cells.rows = vec!["no_such_row".into()];
        let problems = crosswalk.problems(&library).join("\n");
        assert!(problems.contains("no row `no_such_row`"), "{problems}");
        assert!(problems.contains("proactive_disclosure/regulations/repealed"), "{problems}");
    }
}
