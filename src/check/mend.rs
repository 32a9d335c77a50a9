//! A table with failing ties in, the smallest sets of cells whose change would make all of them hold out.
//!
//! Nothing is changed: the sets only say where to look. One wrong figure breaks a row tie and one or two column ties, and
//! the cell where they cross is the only one that mends them all.

use super::arithmetic::{Bound, cause};
use crate::finding::{Code, Finding, Findings};
use crate::number::Number;
use crate::settle::ties::TieOn;
use crate::settle::{Cell, Status};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Cells that a set may hold.
const LARGEST: usize = 3;
/// Steps of the search for one size.
const STEPS: usize = 40_000;
/// Sets that a message lists.
const LISTED: usize = 5;

/// Cells with the figures they would need.
type Mend = BTreeMap<usize, Number>;

/// Adds a finding that names the smallest sets, for each part of the table that no tie connects with another, if a set of
/// at most [`LARGEST`] cells mends all ties that fail there.
pub(super) fn findings(bound: &Bound<'_>, findings: &mut Findings) {
    if !bound.ties.list.iter().any(|t| t.binds() && bound.fails(t)) {
        return;
    }
    for part in parts(bound) {
        let system = System::new(bound, &part);
        if system.failing.is_empty() {
            continue;
        }
        let Some(mends) = system.smallest() else { continue };
        let mut cells: Vec<usize> = Vec::new();
        for cell in mends.iter().take(LISTED).flat_map(BTreeMap::keys) {
            if !cells.contains(cell) {
                cells.push(*cell);
            }
        }
        let failing = system.failing.iter().filter_map(|t| bound.ties.list.get(*t)).flat_map(TieOn::cells);
        let place = cells.first().and_then(|c| bound.cell(*c)).and_then(|c| c.place.clone());
        let finding = Finding::new(Code::SmallestMend, message(bound, &mends, system.failing.len()))
            .cause(cause(bound, failing))
            .cells(cells.iter().map(|c| bound.name(*c)));
        findings.push(finding.at(place));
    }
}

/// Numbers of the ties, in sets that share no cell.
fn parts(bound: &Bound<'_>) -> Vec<Vec<usize>> {
    let mut parts: Vec<(BTreeSet<usize>, Vec<usize>)> = Vec::new();
    for (number, tie) in bound.ties.list.iter().enumerate().filter(|(_, t)| t.binds()) {
        let own: BTreeSet<usize> = tie.cells().collect();
        let mut cells = own.clone();
        let mut ties = vec![number];
        for (other_cells, other_ties) in parts.extract_if(.., |(other, _)| !other.is_disjoint(&own)) {
            cells.extend(other_cells);
            ties.extend(other_ties);
        }
        ties.sort_unstable();
        parts.push((cells, ties));
    }
    parts.sort_by(|a, b| a.1.cmp(&b.1));
    parts.into_iter().map(|(_, ties)| ties).collect()
}

/// The binding ties of a table as equations in the changes of cells.
struct System<'a> {
    bound: &'a Bound<'a>,
    /// Ties that could be evaluated, with right minus left.
    residuals: BTreeMap<usize, Number>,
    failing: Vec<usize>,
}

impl<'a> System<'a> {
    fn new(bound: &'a Bound<'a>, part: &[usize]) -> Self {
        let mut residuals = BTreeMap::new();
        let mut failing = Vec::new();
        for (number, tie) in part.iter().filter_map(|t| bound.ties.list.get(*t).map(|tie| (*t, tie))) {
            let sums = bound.ties.blank_as_zero(tie, &|c| bound.term(c));
            if let (Some(holds), Some(left), Some(right)) = (sums.holds, sums.left, sums.right) {
                residuals.insert(number, right - left);
                if !holds {
                    failing.push(number);
                }
            }
        }
        Self { bound, residuals, failing }
    }

    /// All sets of the smallest size that mend every failing tie.
    fn smallest(&self) -> Option<Vec<Mend>> {
        (1..=LARGEST).find_map(|size| {
            let mut search = Search { system: self, found: Vec::new(), steps: 0 };
            search.descend(&self.residuals, &Mend::new(), size);
            (!search.found.is_empty() && search.steps < STEPS).then_some(search.found)
        })
    }

    /// +1 if the cell stands on the left of the tie, -1 if on the right.
    fn sign(&self, tie: usize, cell: usize) -> Number {
        let left = self.bound.ties.list.get(tie).is_some_and(|t| t.left.contains(&cell));
        if left { Number::ONE } else { Number::NEGATIVE_ONE }
    }

    /// The figure that the cell would have after the change, if it may have it.
    fn changed(&self, cell: usize, by: Number) -> Option<Number> {
        let printed = self.bound.cell(cell)?;
        let before = match printed.status {
            Status::Number => printed.value?,
            Status::Blank | Status::Mark => Number::ZERO,
            _ => return None,
        };
        let after = before.checked_add(by)?;
        let fractions = printed.unit.as_deref().is_some_and(|u| u.contains('元')) || before.scale() > 0;
        (!after.is_sign_negative() && (fractions || after.fract().is_zero())).then_some(after)
    }

    /// The residuals after the cell was changed.
    fn after(&self, residuals: &BTreeMap<usize, Number>, cell: usize, by: Number) -> BTreeMap<usize, Number> {
        let mut after = residuals.clone();
        for tie in self.bound.ties.of_cell(cell) {
            let sign = self.sign(*tie, cell);
            if let Some(residual) = after.get_mut(tie) {
                *residual -= sign * by;
            }
        }
        after
    }
}

struct Search<'a> {
    system: &'a System<'a>,
    found: Vec<Mend>,
    steps: usize,
}

impl Search<'_> {
    /// Takes a failing tie and lets one of its cells mend it, `left` times; a set counts when nothing fails any more.
    fn descend(&mut self, residuals: &BTreeMap<usize, Number>, mend: &Mend, left: usize) {
        let failing: Vec<(usize, Number)> =
            residuals.iter().filter(|(_, r)| !r.is_zero()).map(|(t, r)| (*t, *r)).collect();
        if failing.is_empty() {
            if left == 0 && !self.found.contains(mend) {
                self.found.push(mend.clone());
            }
            return;
        }
        let most = self.system.bound.ties.list.len().min(left * self.ties_of_a_cell());
        if left == 0 || failing.len() > most || self.steps >= STEPS {
            return;
        }
        for (tie, residual) in failing {
            let cells: Vec<usize> = self.system.bound.ties.list.get(tie).map_or(Vec::new(), |t| t.cells().collect());
            for cell in cells.into_iter().filter(|c| !mend.contains_key(c)) {
                self.steps += 1;
                let by = residual * self.system.sign(tie, cell);
                let Some(figure) = self.system.changed(cell, by) else { continue };
                let mut larger = mend.clone();
                larger.insert(cell, figure);
                self.descend(&self.system.after(residuals, cell, by), &larger, left - 1);
            }
        }
    }

    /// The most ties that one cell is part of: what one change can mend.
    fn ties_of_a_cell(&self) -> usize {
        let cells = 0..self.system.bound.table.cells.len();
        cells.map(|c| self.system.bound.ties.of_cell(c).len()).max().unwrap_or(0)
    }
}

fn message(bound: &Bound<'_>, mends: &[Mend], ties: usize) -> Text {
    let printed = |c: &Cell| c.value.map_or("∅".to_owned(), |v| v.to_string());
    let one = |m: &Mend| -> Vec<String> {
        let change = |(cell, figure): (&usize, &Number)| {
            bound.cell(*cell).map(|c| format!("{}/{} {} -> {figure}", c.row, c.column, printed(c)))
        };
        m.iter().filter_map(change).collect()
    };
    let list =
        |and: &str, or: &str| mends.iter().take(LISTED).map(|m| one(m).join(and)).collect::<Vec<String>>().join(or);
    let (size, sets) = (mends.first().map_or(0, BTreeMap::len), mends.len());
    let (cells_en, cells_zh) = match size {
        1 => ("changing one cell".to_owned(), "改动 1 个单元格".to_owned()),
        _ => (format!("changing {size} cells together"), format!("同时改动 {size} 个单元格")),
    };
    let (ways_en, ways_zh) = match sets {
        1 => (String::new(), String::new()),
        2..=LISTED => (format!(", in one of {sets} ways,"), format!("（有 {sets} 种改法）")),
        _ => (format!(", in one of {sets} ways,"), format!("（有 {sets} 种改法，仅列前 {LISTED} 种）")),
    };
    let ties_en = if ties == 1 { "the failing tie".to_owned() } else { format!("all {ties} failing ties") };
    let (table, sets_en, sets_zh) = (&bound.table.id, list(" and ", "; or "), list("、", "；或 "));
    Text::new(
        format!("{table}: {cells_en}{ways_en} would make {ties_en} hold: {sets_en}; nothing is changed"),
        format!("{table}：{cells_zh}可使 {ties} 条不成立的勾稽关系全部成立{ways_zh}：{sets_zh}；本程序不作改动"),
    )
}
