//! A settled table in, its ties evaluated out: the checks, and a finding for every tie that does not hold.

use super::{Check, Mode, Verdict};
use crate::finding::{Cause, Code, Finding, Findings, Severity};
use crate::form::{Library, Relation};
use crate::number::Number;
use crate::settle::ties::{Sums, Term, TieOn, Ties, strict};
use crate::settle::{Cell, Certainty, Status, Table};
use crate::text::Text;
use std::collections::BTreeMap;

/// A table with its ties, ready to be asked.
pub(super) struct Bound<'a> {
    pub(super) table: &'a Table,
    pub(super) ties: Ties,
}

impl<'a> Bound<'a> {
    pub(super) fn new(table: &'a Table, library: &Library) -> Self {
        let index: BTreeMap<(&str, &str), usize> =
            table.cells.iter().enumerate().map(|(i, c)| ((c.row.as_str(), c.column.as_str()), i)).collect();
        let ties = Ties::of(library, &table.id, &table.editions, &index);
        Self { table, ties }
    }

    pub(super) fn cell(&self, cell: usize) -> Option<&'a Cell> {
        self.table.cells.get(cell)
    }

    pub(super) fn term(&self, cell: usize) -> Term {
        self.cell(cell).map_or(Term::Unknown, |c| Term::of(c.status, c.value))
    }

    /// `table/row/column`.
    pub(super) fn name(&self, cell: usize) -> String {
        self.cell(cell).map_or(String::new(), |c| format!("{}/{}/{}", self.table.id, c.row, c.column))
    }

    /// Whether the tie fails, with blanks counted as 0.
    pub(super) fn fails(&self, tie: &TieOn) -> bool {
        self.ties.holds(tie, &|c| self.term(c)) == Some(false)
    }
}

/// The checks of a table in the form's order. Strict and blank-as-zero are both given where they differ. A tie on a row
/// or column that the document lacks as a whole is not listed.
pub(super) fn checks(bound: &Bound<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    let absent = |c: usize| bound.cell(c).is_none_or(|c| c.status == Status::Absent);
    for tie in bound.ties.list.iter().filter(|t| !t.cells().all(absent)) {
        let strict = strict(tie, &|c| bound.term(c));
        let zero = bound.ties.blank_as_zero(tie, &|c| bound.term(c));
        checks.push(check(bound, tie, Mode::Strict, strict));
        if zero.holds != strict.holds || zero.holds.is_some() && zero != strict {
            checks.push(check(bound, tie, Mode::BlankAsZero, zero));
        }
    }
    checks
}

fn check(bound: &Bound<'_>, tie: &TieOn, mode: Mode, sums: Sums) -> Check {
    Check {
        id: tie.id.clone(),
        rule: tie.rule.clone(),
        table: bound.table.id.clone(),
        mode,
        verdict: match sums.holds {
            Some(true) => Verdict::Pass,
            Some(false) => Verdict::Fail,
            None => Verdict::NotEvaluable,
        },
        left: sums.left,
        right: sums.right,
        left_cells: tie.left.iter().map(|c| bound.name(*c)).collect(),
        right_cells: tie.right.iter().map(|c| bound.name(*c)).collect(),
        soft: tie.soft,
    }
}

/// A finding for each tie that fails with blanks counted as 0.
pub(super) fn findings(bound: &Bound<'_>, findings: &mut Findings) {
    for tie in bound.ties.list.iter().filter(|t| bound.fails(t)) {
        let code = match (tie.relation, tie.right.len()) {
            (Relation::AtMost, _) => Code::PartExceedsWhole,
            (Relation::Equal, 1) => Code::SumMismatch,
            (Relation::Equal, _) => Code::BalanceMismatch,
        };
        let cause = cause(bound, tie.cells());
        let mut finding =
            Finding::new(code, message(bound, tie)).cause(cause).cells(tie.cells().map(|c| bound.name(c)));
        if cause != Cause::Source {
            finding.help = Text::new(
                "compare the named cells with the document; they may have been misread",
                "请将所列单元格与原文核对，可能是误读",
            );
        }
        if cause != Cause::Source && !tie.soft {
            finding = finding.severity(Severity::Warning);
        }
        let place = tie.right.first().and_then(|c| bound.cell(*c)).and_then(|c| c.place.clone());
        findings.push(finding.at(place));
    }
}

/// The document is at fault only if none of the cells may have been misread.
pub(super) fn cause(bound: &Bound<'_>, cells: impl Iterator<Item = usize>) -> Cause {
    cells.filter_map(|c| bound.cell(c)).fold(Cause::Source, |cause, cell| match (cause, cell.certainty) {
        (Cause::Reading, _) | (_, Certainty::Doubtful) => Cause::Reading,
        (_, Certainty::Position | Certainty::Repaired) => Cause::Undetermined,
        // The prose that it is held against was recognised too.
        _ if cell.recognised => Cause::Undetermined,
        _ => cause,
    })
}

fn message(bound: &Bound<'_>, tie: &TieOn) -> Text {
    let zero = bound.ties.blank_as_zero(tie, &|c| bound.term(c));
    let (left, right) = (side(bound, &tie.left, zero.left), side(bound, &tie.right, zero.right));
    let (en, zh) = match tie.relation {
        Relation::Equal => ("is not", "≠"),
        Relation::AtMost => ("is more than", "＞"),
    };
    Text::new(format!("{}: {left} {en} {right}", tie.id), format!("{}：{left} {zh} {right}", tie.id))
}

/// One side of the equation: its terms but for zeros and blanks, and their sum if there is more than one.
fn side(bound: &Bound<'_>, cells: &[usize], sum: Option<Number>) -> String {
    let value = |c: &usize| bound.cell(*c).and_then(|c| c.value);
    let terms: Vec<String> = cells.iter().filter_map(value).filter(|v| !v.is_zero()).map(|v| v.to_string()).collect();
    let sum = sum.map_or(String::new(), |s| s.to_string());
    if terms.len() < 2 { sum } else { format!("{} = {sum}", terms.join(" + ")) }
}
