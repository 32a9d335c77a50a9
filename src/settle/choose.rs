//! Drafts with several candidates in; the one that the ties leave standing chosen, or the cell left open.
//!
//! Ink that is sure is never touched: only cells that came with other readings, or whose joined lines a tie speaks
//! against, are searched. A choice is a repair only if it is the one that satisfies every tie on the cells it changes.

use super::Status;
use super::draft::{Draft, Origin, Standing, digits};
use super::printed::Joint;
use super::ties::{Term, TieOn, Ties};
use std::collections::{BTreeMap, BTreeSet};

/// Combinations tried in one group of cells that share ties; beyond it the cells stay open.
const COMBINATIONS: usize = 4096;

/// What became of a cell with several readings.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Choice {
    /// The ties left one other reading than the printed one.
    Repaired { cell: usize, before: String, ties: Vec<String>, reason: &'static str },
    /// Several readings satisfy the ties equally, no tie covers the cell, or none of them does satisfy.
    Open { cell: usize, readings: Vec<String> },
}

/// Chooses among candidates; the choices are noted in the drafts and told.
pub(super) fn choose(cells: &mut [Draft], ties: &Ties) -> Vec<Choice> {
    let mut choices = Vec::new();
    for group in groups(cells, ties) {
        let found = Search::new(cells, ties, &group).run();
        apply(cells, ties, &group, &found, &mut choices);
    }
    doubt_blanks_beside_open_ink(cells);
    choices
}

/// Where it stays open to which cell of a row ink belongs, the row's blanks are not sure to be blank.
fn doubt_blanks_beside_open_ink(cells: &mut [Draft]) {
    let moves = |d: &&Draft| d.standing == Standing::Open && d.may_have_moved();
    let rows: BTreeSet<String> = cells.iter().filter(moves).map(|d| d.row.clone()).collect();
    for draft in cells.iter_mut().filter(|d| d.status() == Status::Blank && rows.contains(&d.row)) {
        draft.standing = Standing::Open;
    }
}

/// The cells to search, in groups that no tie connects and no row whose ink may have moved.
fn groups(cells: &[Draft], ties: &Ties) -> Vec<Vec<usize>> {
    let open: Vec<usize> = (0..cells.len()).filter(|c| is_open(cells, ties, *c)).collect();
    let mut group_of: BTreeMap<usize, usize> = open.iter().map(|c| (*c, *c)).collect();
    let linked = |a: usize, b: usize| {
        let moved = |c: usize| cells.get(c).filter(|d| d.may_have_moved()).map(|d| d.row.as_str());
        moved(a).is_some_and(|row| moved(b) == Some(row)) || ties.of_cell(a).iter().any(|t| ties.of_cell(b).contains(t))
    };
    for (i, a) in open.iter().enumerate() {
        for b in open.iter().skip(i + 1).filter(|b| linked(*a, **b)) {
            let (from, to) = (group_of.get(b).copied(), group_of.get(a).copied());
            if let (Some(from), Some(to)) = (from, to) {
                group_of.values_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (cell, group) in group_of {
        groups.entry(group).or_default().push(cell);
    }
    groups.into_values().collect()
}

/// A cell is open if it came with other readings, if words hide a figure that ties may prove, or if it was joined from
/// lines and a tie on it fails.
fn is_open(cells: &[Draft], ties: &Ties, cell: usize) -> bool {
    let Some(draft) = cells.get(cell).filter(|d| d.candidates.len() > 1) else { return false };
    let term = |c: usize| cells.get(c).map_or(Term::Unknown, Draft::term);
    draft.candidates.iter().any(|c| match c.origin {
        Origin::SameInk | Origin::MovedInk => true,
        Origin::Bare => ties.on(cell).any(TieOn::binds),
        Origin::Recognised => draft.recognised == Some(false),
        Origin::Printed | Origin::OneLine => false,
    }) || ties.on(cell).any(|t| t.binds() && ties.holds(t, &term) == Some(false))
}

/// The best combinations of one group.
struct Found {
    /// Candidate numbers in the order of the group; the printed one first if it is among the best.
    best: Vec<Vec<usize>>,
    /// Whether the search was cut short.
    cut: bool,
}

struct Search<'a> {
    cells: &'a [Draft],
    ties: &'a Ties,
    group: &'a [usize],
    touched: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(cells: &'a [Draft], ties: &'a Ties, group: &'a [usize]) -> Self {
        let touched: BTreeSet<usize> = group.iter().flat_map(|c| ties.of_cell(*c)).copied().collect();
        let binds = |t: &usize| ties.list.get(*t).is_some_and(TieOn::binds);
        Self { cells, ties, group, touched: touched.into_iter().filter(binds).collect() }
    }

    fn run(&self) -> Found {
        let sizes: Vec<usize> = self.group.iter().map(|c| self.count(*c)).collect();
        let total = sizes.iter().try_fold(1usize, |n, s| n.checked_mul(*s)).filter(|n| *n <= COMBINATIONS);
        let Some(total) = total else { return Found { best: vec![vec![0; sizes.len()]], cut: true } };
        let all: Vec<Vec<usize>> = (0..total).map(|number| spell(number, &sizes)).collect();
        // Ink moves between neighbours where some choice takes from one what it gives to the other. Where none does, the
        // ink's other home is outside this row and cannot be asked for.
        let kept: Vec<Vec<usize>> = all.iter().filter(|c| self.ink_is_kept(c)).cloned().collect();
        let moves = kept.iter().any(|c| !self.rows_of_moved_ink(c).is_empty());
        Found { best: self.best_of(if moves { kept } else { all }), cut: false }
    }

    /// The combinations under which most ties hold, in the order given.
    fn best_of(&self, combinations: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let mut best: Vec<Vec<usize>> = Vec::new();
        let mut top = (0, 0);
        for combination in combinations {
            let score = self.score(&combination);
            if best.is_empty() || score > top {
                top = score;
                best.clear();
            }
            if score == top {
                best.push(combination);
            }
        }
        best
    }

    fn count(&self, cell: usize) -> usize {
        self.cells.get(cell).map_or(1, |d| d.candidates.len())
    }

    fn pick(&self, combination: &[usize], cell: usize) -> usize {
        self.group.iter().position(|c| *c == cell).and_then(|at| combination.get(at)).copied().unwrap_or(0)
    }

    fn term(&self, combination: &[usize], cell: usize) -> Term {
        let chosen = self.pick(combination, cell);
        self.cells
            .get(cell)
            .map_or(Term::Unknown, |d| if self.group.contains(&cell) { d.term_of(chosen) } else { d.term() })
    }

    /// Ties that do not fail, then ties that hold: a reading must not win by making a tie impossible to evaluate.
    fn score(&self, combination: &[usize]) -> (usize, usize) {
        let term = |c: usize| self.term(combination, c);
        let outcomes: Vec<Option<bool>> =
            self.touched.iter().filter_map(|t| self.ties.list.get(*t)).map(|t| self.ties.holds(t, &term)).collect();
        let holding = outcomes.iter().filter(|o| **o == Some(true)).count();
        let failing = outcomes.iter().filter(|o| **o == Some(false)).count();
        (holding, outcomes.len() - failing)
    }

    /// Where ink may have moved between neighbours of a row, the row's digits must come out once and in order.
    fn ink_is_kept(&self, combination: &[usize]) -> bool {
        self.rows_of_moved_ink(combination).into_iter().all(|row| {
            let spelled = |with: &dyn Fn(usize) -> usize| -> String {
                let cells = self.cells.iter().enumerate().filter(|(_, d)| d.row == row);
                cells.filter_map(|(i, d)| d.candidates.get(with(i))).map(|c| digits(&c.raw)).collect()
            };
            // One line of a cell, or another look at the same ink, leaves the ink where it is.
            let ink = |cell: usize| if self.has_moved(combination, cell) { self.pick(combination, cell) } else { 0 };
            spelled(&|_| 0) == spelled(&ink)
        })
    }

    fn rows_of_moved_ink(&self, combination: &[usize]) -> BTreeSet<&str> {
        let moved = self.group.iter().filter(|c| self.has_moved(combination, **c));
        moved.filter_map(|c| self.cells.get(*c)).map(|d| d.row.as_str()).collect()
    }

    fn has_moved(&self, combination: &[usize], cell: usize) -> bool {
        let chosen = self.pick(combination, cell);
        self.cells.get(cell).and_then(|d| d.candidates.get(chosen)).is_some_and(|c| c.origin == Origin::MovedInk)
    }
}

/// The combination with that number: mixed-radix digits, the last cell fastest.
fn spell(number: usize, sizes: &[usize]) -> Vec<usize> {
    let mut rest = number;
    let mut combination: Vec<usize> = sizes
        .iter()
        .rev()
        .map(|size| {
            let digit = rest % size;
            rest /= size;
            digit
        })
        .collect();
    combination.reverse();
    combination
}

/// Takes the only best combination if all ties on the cells that it changes hold; otherwise says which cells stay open.
fn apply(cells: &mut [Draft], ties: &Ties, group: &[usize], found: &Found, choices: &mut Vec<Choice>) {
    let Some(first) = found.best.first() else { return };
    let differing = |at: usize| found.best.iter().any(|b| b.get(at) != first.get(at));
    let settled = !found.cut && found.best.len() == 1 && changed_cells_tie(cells, ties, group, first);
    for (at, cell) in group.iter().enumerate() {
        let Some(draft) = cells.get_mut(*cell) else { continue };
        let pick = first.get(at).copied().unwrap_or(0);
        let covered = ties.on(*cell).any(TieOn::binds);
        if settled && covered {
            if pick != 0 {
                draft.chosen = pick;
                draft.standing = Standing::Repaired;
                let ties = ties.on(*cell).filter(|t| t.binds()).map(|t| t.id.clone()).collect();
                let before = draft.candidates.first().map_or(String::new(), |c| c.raw.clone());
                let reason = draft.candidate().map_or("", |c| c.reason);
                choices.push(Choice::Repaired { cell: *cell, before, ties, reason });
            }
        } else if found.cut || differing(at) || pick != 0 || !covered || is_joined(draft) {
            draft.standing = Standing::Open;
            let readings = draft.candidates.iter().map(|c| c.raw.clone()).collect();
            choices.push(Choice::Open { cell: *cell, readings });
        }
    }
}

/// Whether its digits were joined from pieces, so that they could be two figures.
fn is_joined(draft: &Draft) -> bool {
    draft.candidate().is_some_and(|c| c.said.joint != Joint::None)
}

/// Whether, with the combination taken, every binding tie on each changed cell holds, and there is one.
fn changed_cells_tie(cells: &[Draft], ties: &Ties, group: &[usize], combination: &[usize]) -> bool {
    let search = Search::new(cells, ties, group);
    let term = |c: usize| search.term(combination, c);
    let holds = |cell: usize| {
        let mut outcomes = ties.on(cell).filter(|t| t.binds()).map(|t| ties.holds(t, &term)).peekable();
        outcomes.peek().is_some() && outcomes.all(|o| o == Some(true))
    };
    group.iter().zip(combination).filter(|(_, pick)| **pick != 0).all(|(cell, _)| holds(*cell))
}
