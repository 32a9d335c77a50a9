//! Cells of several reports in, what two sums of them come to out: strictly, and with blanks as 0.

use super::figures::{Figure, Trust};
use super::member::{Cells, Measured, Member, Names};
use super::outcome::{Operand, Reason};
use crate::emit::CellStatus;
use crate::number::Number;
use std::cmp::Ordering;

/// A report with its cells and those that another format of it contradicts.
pub(super) struct Opened<'a> {
    pub(super) member: &'a Member,
    pub(super) cells: Cells,
    /// Sorted.
    pub(super) contested: Vec<u32>,
}

/// A cell in a sum.
pub(super) struct Term<'a> {
    report: &'a Opened<'a>,
    cell: u32,
    minus: bool,
    found: Option<Measured>,
}

/// Two sums that are compared.
pub(super) struct Equation<'a> {
    pub(super) left: Vec<Term<'a>>,
    pub(super) right: Vec<Term<'a>>,
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    pub(super) left: Option<Number>,
    pub(super) right: Option<Number>,
    /// How left stands to right, or why that cannot be told.
    pub(super) verdict: Result<Ordering, Reason>,
}

impl<'a> Term<'a> {
    /// A cell that is added.
    pub(super) fn plus(report: &'a Opened<'a>, cell: u32) -> Self {
        Self { report, cell, minus: false, found: report.cells.get(&cell).copied() }
    }

    /// A cell that is taken away.
    pub(super) fn minus(report: &'a Opened<'a>, cell: u32) -> Self {
        Self { minus: true, ..Self::plus(report, cell) }
    }

    fn figure(&self) -> Figure {
        self.found.map_or(Figure::ABSENT, |found| found.figure)
    }

    /// Why the cell cannot be used; a blank can, in one of the modes.
    fn hindrance(&self) -> Option<Reason> {
        let Some(found) = self.found else { return Some(Reason::NoSuchRow) };
        if self.report.contested.binary_search(&self.cell).is_ok() {
            return Some(Reason::FormatsDiffer);
        }
        match (found.figure.status, found.figure.trust) {
            (CellStatus::Absent, _) => Some(Reason::Absent),
            (CellStatus::Text | CellStatus::Unreadable, _) => Some(Reason::Unreadable),
            (_, Trust::Doubtful) => Some(Reason::Doubtful),
            _ => None,
        }
    }

    /// For people and programs.
    pub(super) fn operand(&self, names: &Names) -> Operand {
        let Figure { status, value, .. } = self.figure();
        let cell = names.word(self.cell).to_owned();
        Operand { report: self.report.member.id.to_string(), cell, status, value, minus: self.minus }
    }
}

impl Equation<'_> {
    fn terms(&self) -> impl Iterator<Item = &Term<'_>> {
        self.left.iter().chain(&self.right)
    }

    /// Whether a cell rests on less than ink.
    pub(super) fn is_weak(&self) -> bool {
        self.terms().any(|term| term.figure().trust != Trust::Sure)
    }

    /// Only printed numbers count: a blank makes the comparison impossible.
    pub(super) fn strict(&self) -> Sums {
        let blank = self.terms().any(|term| term.figure().value.is_none());
        let sums = self.compare(|| if blank { Err(Reason::Blank) } else { Ok(()) });
        if blank { Sums { left: None, right: None, ..sums } } else { sums }
    }

    /// Blanks and marks count as 0. A side with nothing printed on it is no figure that could be wrong: it agrees with 0
    /// and contradicts nothing.
    pub(super) fn blank_as_zero(&self) -> Sums {
        let printed = |side: &[Term<'_>]| side.iter().any(|term| term.figure().value.is_some());
        let (left, right) = (printed(&self.left), printed(&self.right));
        let mut sums = self.compare(|| if left || right { Ok(()) } else { Err(Reason::Blank) });
        if (!left || !right) && sums.verdict.is_ok_and(|ordering| ordering != Ordering::Equal) {
            sums.verdict = Err(Reason::Blank);
        }
        sums
    }

    fn compare(&self, admit: impl Fn() -> Result<(), Reason>) -> Sums {
        let (left, right) = (sum(&self.left), sum(&self.right));
        let hindrance = self.terms().filter_map(Term::hindrance).min();
        let mut measures = self.terms().filter_map(|term| term.found).filter(|found| found.figure.value.is_some());
        let first = measures.next().map(|found| found.measure);
        let verdict = match hindrance {
            Some(reason) => Err(reason),
            None if measures.any(|found| Some(found.measure) != first) => Err(Reason::OtherMeasure),
            None => admit().and_then(|()| left.zip(right).map(|(l, r)| l.cmp(&r)).ok_or(Reason::TooLarge)),
        };
        Sums { left: left.filter(|_| hindrance.is_none()), right: right.filter(|_| hindrance.is_none()), verdict }
    }
}

/// The sum, blanks as 0.
fn sum(terms: &[Term<'_>]) -> Option<Number> {
    terms.iter().try_fold(Number::ZERO, |sum, term| {
        let value = term.figure().value.unwrap_or_default();
        if term.minus { sum.checked_sub(value) } else { sum.checked_add(value) }
    })
}
