//! An upper unit's report and those of its units in, cell by cell how its figures stand to their sums out.
//!
//! Nothing printed says whether an upper report adds up its units, and offices of its own may not be among those that a
//! registry lists. So a figure above the sum is no fault, unless nearly all others are exactly the sums; a figure below
//! the sum is one, even where a unit's report is missing.

use super::member::Layout;
use super::outcome::{CorpusCheck, Reason, Relation};
use super::sums::{Equation, Opened, Sums, Term};
use super::{View, unless_explained};
use crate::check::Mode;
use crate::finding::Code;
use crate::number::Number;
use crate::text::Text;
use std::cmp::Ordering;

/// An upper report is taken for the exact sum of its units from so many equal figures other than 0 on.
const EQUAL_FIGURES: usize = 10;

/// And if no more than one in so many differs.
const ONE_IN: usize = 10;

/// The units of an upper one in one year.
pub(super) struct Units<'a> {
    /// The reports that are there.
    pub(super) there: Vec<Opened<'a>>,
    /// Names of units without a report.
    pub(super) missing: Vec<String>,
    /// Names of units that several reports claim to be.
    pub(super) ambiguous: Vec<String>,
}

/// A cell of the upper report with what it came to.
struct Compared<'a> {
    cell: u32,
    equation: Equation<'a>,
    mode: Mode,
    sums: Sums,
}

/// Compares every cell that the form says adds up.
pub(super) fn compare(upper: &Opened<'_>, units: &Units<'_>, view: &View<'_>, take: &mut dyn FnMut(CorpusCheck)) {
    let Some(layout) = view.names.layout(upper.member.layout) else { return };
    let whole = units.missing.is_empty() && units.ambiguous.is_empty();
    let compared: Vec<Compared<'_>> =
        cells(layout, view).into_iter().flat_map(|cell| modes(cell, upper, units)).collect();
    let is_sum = whole && is_exact_sum(&compared);
    for one in &compared {
        // Where a unit is missing only a figure below the sum of the others can be told.
        if whole || one.sums.verdict == Ok(Ordering::Less) {
            take(conclude(one, upper, units, is_sum, view));
        }
    }
    if !whole {
        for (table, _) in layout.tables(view.names) {
            if compared.iter().any(|one| view.names.word(one.cell).starts_with(&format!("{table}/"))) {
                take(incomplete(table, upper, units, view));
            }
        }
    }
}

/// The cells of a layout that add up over units, by number.
fn cells(layout: &Layout, view: &View<'_>) -> Vec<u32> {
    let areas: Vec<_> = layout
        .tables(view.names)
        .filter_map(|(table, form)| Some((table, view.library.form(form)?)))
        .flat_map(|(table, form)| form.across.units.iter().filter(move |area| area.table == table))
        .collect();
    let adds_up = |cell: &u32| {
        let mut parts = view.names.word(*cell).split('/');
        let (Some(table), Some(row), Some(column)) = (parts.next(), parts.next(), parts.next()) else { return false };
        areas.iter().any(|area| area.covers(table, row, column))
    };
    layout.cells().filter(adds_up).collect()
}

fn modes<'a>(cell: u32, upper: &'a Opened<'a>, units: &'a Units<'a>) -> Vec<Compared<'a>> {
    let equation = || Equation {
        left: vec![Term::plus(upper, cell)],
        right: units.there.iter().map(|unit| Term::plus(unit, cell)).collect(),
    };
    let one = |mode, equation: Equation<'a>, sums| Compared { cell, equation, mode, sums };
    let strict = equation().strict();
    let mut found = vec![one(Mode::Strict, equation(), strict)];
    if strict.verdict == Err(Reason::Blank) {
        let zero = equation().blank_as_zero();
        if zero.verdict != strict.verdict {
            found.push(one(Mode::BlankAsZero, equation(), zero));
        }
    }
    found
}

/// Whether so many figures are exactly the sums that the others must be wrong somewhere.
fn is_exact_sum(compared: &[Compared<'_>]) -> bool {
    let telling = compared.iter().filter(|one| one.sums.right.is_some_and(|sum| !sum.is_zero()));
    let (mut equal, mut all) = (0, 0);
    for verdict in telling.filter_map(|one| one.sums.verdict.ok()) {
        all += 1;
        equal += usize::from(verdict == Ordering::Equal);
    }
    equal >= EQUAL_FIGURES && (all - equal) * ONE_IN <= all
}

fn conclude(one: &Compared<'_>, upper: &Opened<'_>, units: &Units<'_>, is_sum: bool, view: &View<'_>) -> CorpusCheck {
    let cell = view.names.word(one.cell);
    let id = format!("units.{}", cell.replace('/', "."));
    let mut check = view.of(CorpusCheck::new("units", id, reports(upper, units)), upper);
    check.mode = one.mode;
    check.missing.clone_from(&units.missing);
    (check.left, check.right) = (one.sums.left, one.sums.right);
    check.left_cells = one.equation.left.iter().map(|term| term.operand(view.names)).collect();
    check.right_cells = one.equation.right.iter().map(|term| term.operand(view.names)).collect();
    let relation = match one.sums.verdict {
        Err(reason) => return check.not_checked(reason),
        Ok(Ordering::Equal) => Relation::Equal,
        Ok(Ordering::Greater) if is_sum => Relation::Above,
        Ok(Ordering::Greater) => Relation::AtLeast,
        Ok(Ordering::Less) => Relation::Below,
    };
    check.relation = Some(relation);
    if matches!(relation, Relation::Equal | Relation::AtLeast) {
        return check;
    }
    let written = |number: Option<Number>| number.unwrap_or_default().normalize().to_string();
    let (left, right, id) = (written(check.left), written(check.right), &upper.member.id);
    let message = if relation == Relation::Below {
        Text::new(
            format!("{cell}: {id} prints {left}, its units together {right}"),
            format!("{cell}：{id} 为 {left}，小于下级合计 {right}"),
        )
    } else {
        Text::new(
            format!(
                "{cell}: {id} prints {left}, its units together {right}; nearly all its other figures are the sums"
            ),
            format!("{cell}：{id} 为 {left}，下级合计为 {right}，而其余数字几乎都等于下级合计"),
        )
    };
    unless_explained(check, Code::UnitsDiffer, message, upper, one.equation.is_weak())
}

fn incomplete(table: &str, upper: &Opened<'_>, units: &Units<'_>, view: &View<'_>) -> CorpusCheck {
    let check = view.of(CorpusCheck::new("units", format!("units.{table}"), reports(upper, units)), upper);
    let reason = if units.missing.is_empty() { Reason::IssuerAmbiguous } else { Reason::UnitMissing };
    let mut check = check.not_checked(reason);
    check.missing = units.missing.iter().chain(&units.ambiguous).cloned().collect();
    let names = &check.missing;
    check.message = Text::new(
        format!("{}: {}", check.message.en, names.join(", ")),
        format!("{}：{}", check.message.zh, names.join("、")),
    );
    check
}

fn reports(upper: &Opened<'_>, units: &Units<'_>) -> Vec<String> {
    std::iter::once(upper).chain(&units.there).map(|opened| opened.member.id.to_string()).collect()
}

/// The units' reports are there, but not that of the upper one.
pub(super) fn without_upper(name: &str, year: i32, there: Vec<String>) -> CorpusCheck {
    CorpusCheck::new("units", "units".into(), there).of(Some(name), Some(year)).not_checked(Reason::UpperMissing)
}
