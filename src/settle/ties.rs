//! A table's cells in, the ties that run over them out, and what each tie comes to.

use super::Status;
use crate::form::{Along, Block, Library, Relation, Table as FormTable, Tie};
use crate::number::Number;
use std::collections::BTreeMap;

/// A tie of the form on one row or column of a document's table. Cells are given by their index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TieOn {
    /// `<table>.<rule>.<instance>`.
    pub(crate) id: String,
    /// The rule's name.
    pub(crate) rule: String,
    /// Cells added on the left.
    pub(crate) left: Vec<usize>,
    /// Cells added on the right.
    pub(crate) right: Vec<usize>,
    /// How the sides compare.
    pub(crate) relation: Relation,
    /// Whether a failure is only worth knowing.
    pub(crate) soft: bool,
}

impl TieOn {
    /// Its cells, left then right.
    pub(crate) fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        self.left.iter().chain(&self.right).copied()
    }

    /// Whether it can prove a figure: an equation that the form prints or implies.
    pub(crate) fn binds(&self) -> bool {
        self.relation == Relation::Equal && !self.soft
    }
}

/// All ties of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Ties {
    /// In the form's order.
    pub(crate) list: Vec<TieOn>,
    /// For each cell the ties it is part of.
    of_cell: Vec<Vec<usize>>,
}

/// What a cell brings to a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Term {
    /// A printed number.
    Number(Number),
    /// A blank or a mark: nothing in a strict sum, 0 otherwise.
    Nothing,
    /// Words, unreadable ink, or no such cell.
    Unknown,
}

impl Term {
    /// The term that a cell of this status and value brings.
    pub(crate) fn of(status: Status, value: Option<Number>) -> Self {
        match (status, value) {
            (Status::Number, Some(value)) => Self::Number(value),
            (Status::Blank | Status::Mark, _) => Self::Nothing,
            _ => Self::Unknown,
        }
    }

    fn is_positive_ink(self) -> bool {
        matches!(self, Self::Number(n) if !n.is_zero())
    }
}

/// What a tie comes to: the sums that could be formed, and whether it holds, if that can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sums {
    /// Sum of the left side.
    pub(crate) left: Option<Number>,
    /// Sum of the right side.
    pub(crate) right: Option<Number>,
    /// Whether the tie holds.
    pub(crate) holds: Option<bool>,
}

impl Ties {
    /// The ties over the cells of `table` whose indices `index` gives by row and column key. Every block follows the
    /// edition that `editions` (block, form) names, and a tie runs only over blocks of its own edition.
    pub(crate) fn of(
        library: &Library,
        table: &str,
        editions: &[(String, String)],
        index: &BTreeMap<(&str, &str), usize>,
    ) -> Self {
        let mut list = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (_, form) in editions {
            if seen.contains(&form.as_str()) {
                continue;
            }
            seen.push(form);
            let Some(definition) = library.table(form, table) else { continue };
            let here = |b: &&Block| editions.iter().any(|(block, f)| f == form && *block == b.id);
            let blocks: Vec<&Block> = definition.blocks.iter().filter(here).collect();
            for tie in &definition.checks {
                list.extend(instances(definition, &blocks, tie, index));
            }
        }
        let cells = index.values().max().map_or(0, |m| m + 1);
        let mut of_cell = vec![Vec::new(); cells];
        for (number, tie) in list.iter().enumerate() {
            for cell in tie.cells() {
                if let Some(of) = of_cell.get_mut(cell) {
                    of.push(number);
                }
            }
        }
        Self { list, of_cell }
    }

    /// Numbers of the ties that a cell is part of.
    pub(crate) fn of_cell(&self, cell: usize) -> &[usize] {
        self.of_cell.get(cell).map_or(&[], Vec::as_slice)
    }

    /// The ties that a cell is part of.
    pub(crate) fn on(&self, cell: usize) -> impl Iterator<Item = &TieOn> {
        self.of_cell(cell).iter().filter_map(|t| self.list.get(*t))
    }

    /// Blanks and marks count as 0, with two exceptions. Where nothing at all is printed there is nothing to hold. And a
    /// total that is left blank is a total not printed, not a wrong one: the tie cannot be evaluated if the blank is its
    /// only right side, or if the tie that makes that total has parts other than 0.
    pub(crate) fn blank_as_zero(&self, tie: &TieOn, term: &impl Fn(usize) -> Term) -> Sums {
        let left = sum(&tie.left, term, Some(Number::ZERO));
        let right = sum(&tie.right, term, Some(Number::ZERO));
        let nothing = tie.cells().all(|c| term(c) == Term::Nothing);
        let unprinted = tie.right.iter().any(|c| term(*c) == Term::Nothing && self.is_total_not_printed(tie, *c, term));
        let holds = if nothing || unprinted { None } else { compare(tie.relation, left, right) };
        Sums { left, right, holds }
    }

    fn is_total_not_printed(&self, tie: &TieOn, cell: usize, term: &impl Fn(usize) -> Term) -> bool {
        tie.right == [cell]
            || self.on(cell).any(|t| t.right == [cell] && t.left.iter().any(|c| term(*c).is_positive_ink()))
    }

    /// Whether the tie holds, strictly or with blanks as 0; `None` when neither can be told.
    pub(crate) fn holds(&self, tie: &TieOn, term: &impl Fn(usize) -> Term) -> Option<bool> {
        self.blank_as_zero(tie, term).holds
    }
}

/// What the tie comes to when only printed numbers count; a blank makes a sum impossible.
pub(crate) fn strict(tie: &TieOn, term: &impl Fn(usize) -> Term) -> Sums {
    let left = sum(&tie.left, term, None);
    let right = sum(&tie.right, term, None);
    Sums { left, right, holds: compare(tie.relation, left, right) }
}

/// A tie on each row or column that it is for.
fn instances(table: &FormTable, blocks: &[&Block], tie: &Tie, index: &BTreeMap<(&str, &str), usize>) -> Vec<TieOn> {
    let keys: Vec<&str> = match tie.along {
        Along::Row => blocks.iter().flat_map(|b| &b.rows).filter(|r| !r.heading).map(|r| r.key.as_str()).collect(),
        Along::Column => blocks.iter().flat_map(|b| &b.columns).map(|c| c.key.as_str()).collect(),
    };
    let mut found: Vec<TieOn> = Vec::new();
    for key in keys {
        if !tie.on.is_empty() && !tie.on.iter().any(|k| k == key) {
            continue;
        }
        let cell = |other: &String| match tie.along {
            Along::Row => index.get(&(key, other.as_str())).copied(),
            Along::Column => index.get(&(other.as_str(), key)).copied(),
        };
        let left: Option<Vec<usize>> = tie.sum.iter().map(cell).collect();
        let right: Option<Vec<usize>> = tie.equals.iter().map(cell).collect();
        let id = format!("{}.{}.{}", table.id, tie.rule, tie.instance.as_deref().unwrap_or(key));
        if let (Some(left), Some(right)) = (left, right)
            && !found.iter().any(|t| t.id == id)
        {
            found.push(TieOn { id, rule: tie.rule.clone(), left, right, relation: tie.relation, soft: tie.soft });
        }
    }
    found
}

/// The sum, if every term has a value; `blank` is what a blank counts as.
fn sum(cells: &[usize], term: &impl Fn(usize) -> Term, blank: Option<Number>) -> Option<Number> {
    cells.iter().try_fold(Number::ZERO, |sum, cell| match term(*cell) {
        Term::Number(value) => sum.checked_add(value),
        Term::Nothing => sum.checked_add(blank?),
        Term::Unknown => None,
    })
}

fn compare(relation: Relation, left: Option<Number>, right: Option<Number>) -> Option<bool> {
    let (left, right) = (left?, right?);
    Some(match relation {
        Relation::Equal => left == right,
        Relation::AtMost => left <= right,
    })
}
