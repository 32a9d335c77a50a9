//! Rows whose cells are printed in order but without columns in, each cell in a column out.
//!
//! Text copies drop blank cells, so `29, 29` may stand in any two of seven columns. The placements that keep the order
//! and satisfy the row's ties are listed; then the column ties are asked. What ties cannot tell is told by the order: the
//! first printed cell stands in the first column, the last in the last. That is position, and the cells say so.

use super::Status;
use super::choose::Choice;
use super::draft::{Candidate, Draft, Drafts, LooseRow, Origin, Standing, fill};
use super::printed::{Said, say};
use super::ties::{Term, TieOn, Ties};
use crate::bind::{Evidence, Reading};
use crate::place::Place;
use std::collections::BTreeSet;

/// Steps of the search over column ties; beyond it the order decides and the cells stay open.
const STEPS: usize = 20_000;
/// Placements considered for one row.
const PLACEMENTS: usize = 10_000;

/// For each column of the row, which printed cell stands there; blanks are not told apart.
type Placement = Vec<Option<usize>>;

/// A loose row with what may be done about it.
struct Row {
    cells: Vec<usize>,
    said: Vec<Said>,
    printed: Vec<Reading>,
    /// Best first: what the order says, then by distance from it.
    options: Vec<Placement>,
    /// The placement if it is the last column that was not printed.
    last_left_out: Placement,
    chosen: usize,
    /// Whether the row's own ties can be satisfied.
    fits: bool,
}

/// Puts the printed cells of loose rows into columns. `fallback` is a place to name when a row has no ink at all.
pub(super) fn place(drafts: &mut Drafts, ties: &Ties, fallback: Option<&Place>) -> Vec<Choice> {
    let mut rows: Vec<Row> = Vec::new();
    for row in std::mem::take(&mut drafts.loose) {
        if row.printed.len() == row.cells.len() {
            for (cell, reading) in row.cells.iter().zip(row.printed) {
                if let Some(draft) = drafts.cells.get_mut(*cell) {
                    fill(draft, reading);
                }
            }
        } else {
            rows.push(options(row, ties));
        }
    }
    for row in &rows {
        write(&mut drafts.cells, row, fallback);
    }
    let solved = solve(&mut drafts.cells, &mut rows, ties, fallback);
    let mut choices = Vec::new();
    for row in &rows {
        tell(&mut drafts.cells, row, ties, solved, &mut choices);
    }
    choices
}

/// What came of asking the column ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Solved {
    /// The order's placement breaks none of them.
    ByOrder,
    /// One other set of placements satisfies all of them.
    ByTies,
    /// None does, or several do, or it is too much to try.
    Not,
}

/// The placements of a row that satisfy its own ties, best first.
fn options(row: LooseRow, ties: &Ties) -> Row {
    let said: Vec<Said> = row.printed.iter().map(|r| say(&r.raw)).collect();
    let (width, count) = (row.cells.len(), row.printed.len());
    let ink: Vec<usize> = (0..count).filter(|i| said.get(*i).is_some_and(|s| s.status != Status::Blank)).collect();
    let by_order = by_order(&ink, count, width);
    let mut all = Vec::new();
    extend(&ink, count, width, &mut Vec::new(), &mut all);
    all.sort_by_key(|p| (distance(p, &by_order), p.iter().map(Option::is_none).collect::<Vec<bool>>()));
    let own: Vec<&TieOn> = own_ties(&row.cells, ties);
    let outcome = |p: &Placement| {
        let term = |c: usize| term_in(&row.cells, &said, p, c);
        let outcomes: Vec<Option<bool>> = own.iter().map(|t| ties.holds(t, &term)).collect();
        (outcomes.contains(&Some(false)), outcomes.contains(&Some(true)))
    };
    let holding: Vec<Placement> = all.iter().filter(|p| outcome(p) == (false, true)).cloned().collect();
    // Without ties of its own, or without ink, any order will do. With both, a placement that no tie supports is none.
    let free = own.is_empty() || ink.is_empty();
    let fits = count <= width && (free || !holding.is_empty());
    let last_left_out = (0..width).map(|column| ink.contains(&column).then_some(column)).collect();
    let options = if !fits {
        vec![by_order]
    } else if free {
        all
    } else {
        holding
    };
    Row { cells: row.cells, said, printed: row.printed, options, last_left_out, chosen: 0, fits }
}

/// First printed cell in the first column, last in the last, dropped blanks in between. A single cell is the first.
fn by_order(ink: &[usize], count: usize, width: usize) -> Placement {
    let mut placement = vec![None; width];
    for item in ink {
        let column = if *item > 0 && *item + 1 == count { width.saturating_sub(1) } else { *item };
        if let Some(slot) = placement.get_mut(column) {
            *slot = Some(*item);
        }
    }
    placement
}

/// Lists the ways to give the cells in `ink` (of `count` printed cells) columns in order, leaving room for the blanks
/// that are printed between them.
fn extend(ink: &[usize], count: usize, width: usize, at: &mut Vec<usize>, all: &mut Vec<Placement>) {
    if all.len() >= PLACEMENTS {
        return;
    }
    let Some(item) = ink.get(at.len()) else {
        let mut placement = vec![None; width];
        for (column, item) in at.iter().zip(ink) {
            if let Some(slot) = placement.get_mut(*column) {
                *slot = Some(*item);
            }
        }
        all.push(placement);
        return;
    };
    let lowest = match (at.last(), at.len().checked_sub(1).and_then(|i| ink.get(i))) {
        (Some(column), Some(before)) => column + (item - before),
        _ => *item,
    };
    let room_behind = count - item;
    for column in lowest..(width + 1).saturating_sub(room_behind) {
        at.push(column);
        extend(ink, count, width, at, all);
        at.pop();
    }
}

/// How many columns the cells stand away from where the order puts them, in all.
fn distance(placement: &Placement, by_order: &Placement) -> usize {
    let column = |p: &Placement, item: usize| p.iter().position(|i| *i == Some(item)).unwrap_or(0);
    placement.iter().flatten().map(|item| column(placement, *item).abs_diff(column(by_order, *item))).sum()
}

fn own_ties<'a>(cells: &[usize], ties: &'a Ties) -> Vec<&'a TieOn> {
    let first = cells.first().copied().unwrap_or(usize::MAX);
    let inside = |t: &&TieOn| t.binds() && t.cells().all(|c| cells.contains(&c));
    cells.iter().flat_map(|c| ties.on(*c)).filter(inside).fold(Vec::new(), |mut seen, tie| {
        if first != usize::MAX && !seen.iter().any(|t: &&TieOn| t.id == tie.id) {
            seen.push(tie);
        }
        seen
    })
}

fn term_in(cells: &[usize], said: &[Said], placement: &Placement, cell: usize) -> Term {
    cells.iter().position(|c| *c == cell).map_or(Term::Unknown, |column| term_at(said, placement, column))
}

fn term_at(said: &[Said], placement: &Placement, column: usize) -> Term {
    match placement.get(column) {
        Some(Some(item)) => said.get(*item).map_or(Term::Unknown, |s| Term::of(s.status, s.value)),
        Some(None) => Term::Nothing,
        None => Term::Unknown,
    }
}

/// Writes the chosen placement of a row into the drafts.
fn write(cells: &mut [Draft], row: &Row, fallback: Option<&Place>) {
    let Some(placement) = row.options.get(row.chosen) else { return };
    let mut nearest = 0;
    for (cell, slot) in row.cells.iter().zip(placement) {
        let Some(draft) = cells.get_mut(*cell) else { continue };
        if let Some(reading) = slot.and_then(|item| row.printed.get(item)) {
            nearest = slot.unwrap_or(nearest);
            fill(draft, reading.clone());
        } else {
            let place = row.printed.get(nearest).map(|r| &r.place).or(fallback).cloned();
            let said = say("");
            draft.candidates =
                vec![Candidate { raw: String::new(), place, said, reason: "as read", origin: Origin::Printed }];
            draft.doubt = None;
        }
        draft.evidence = Evidence::Position;
    }
}

/// Asks the ties that go over several rows. If the order's placements break none of them they stand; otherwise the one
/// set of placements that breaks none is taken, if there is one.
fn solve(cells: &mut [Draft], rows: &mut [Row], ties: &Ties, fallback: Option<&Place>) -> Solved {
    let touched: BTreeSet<usize> = rows.iter().flat_map(|r| &r.cells).flat_map(|c| ties.of_cell(*c)).copied().collect();
    let across: Vec<&TieOn> = touched.iter().filter_map(|t| ties.list.get(*t)).filter(|t| t.binds()).collect();
    let term = |c: usize| cells.get(c).map_or(Term::Unknown, Draft::term);
    if across.iter().all(|t| ties.holds(t, &term) != Some(false)) {
        return Solved::ByOrder;
    }
    if last_column_is_left_out(cells, rows, ties, &across) {
        for row in rows.iter_mut() {
            row.options = vec![row.last_left_out.clone()];
            row.fits = true;
            write(cells, row, fallback);
        }
        return Solved::ByOrder;
    }
    let mut search = Search::new(cells, rows, ties, across);
    search.descend(&mut vec![None; rows.len()], 0);
    let unique = search.steps < STEPS && search.found.len() == 1;
    let Some(solution) = search.found.pop().filter(|_| unique) else { return Solved::Not };
    for (row, option) in rows.iter_mut().zip(solution) {
        row.chosen = option;
        write(cells, row, fallback);
    }
    Solved::ByTies
}

/// Whether it is the total that no row prints: most rows fit nowhere, and with the printed cells in the first columns all
/// ties over columns that can be evaluated hold.
fn last_column_is_left_out(cells: &[Draft], rows: &[Row], ties: &Ties, across: &[&TieOn]) -> bool {
    let inked = rows.iter().filter(|r| r.last_left_out.iter().any(Option::is_some)).count();
    if rows.iter().filter(|r| !r.fits).count() * 2 <= inked {
        return false;
    }
    let term = |cell: usize| match rows.iter().find(|r| r.cells.contains(&cell)) {
        Some(row) => term_in(&row.cells, &row.said, &row.last_left_out, cell),
        None => cells.get(cell).map_or(Term::Unknown, Draft::term),
    };
    let outcomes: Vec<Option<bool>> = across.iter().map(|t| ties.holds(t, &term)).collect();
    outcomes.contains(&Some(true)) && !outcomes.contains(&Some(false))
}

struct Search<'a> {
    cells: &'a [Draft],
    rows: &'a [Row],
    ties: &'a Ties,
    across: Vec<&'a TieOn>,
    steps: usize,
    found: Vec<Vec<usize>>,
    order: Vec<usize>,
    /// For each cell of the table the loose row and the column it is in.
    at: Vec<Option<(usize, usize)>>,
}

impl<'a> Search<'a> {
    fn new(cells: &'a [Draft], rows: &'a [Row], ties: &'a Ties, across: Vec<&'a TieOn>) -> Self {
        let mut at = vec![None; cells.len()];
        for (number, row) in rows.iter().enumerate() {
            for (column, cell) in row.cells.iter().enumerate() {
                if let Some(slot) = at.get_mut(*cell) {
                    *slot = Some((number, column));
                }
            }
        }
        let mut search = Self { cells, rows, ties, across, steps: 0, found: Vec::new(), order: Vec::new(), at };
        search.order = search.order_of_rows();
        search
    }

    /// Rows that stand on the right of a tie first: their figures bound all others.
    fn order_of_rows(&self) -> Vec<usize> {
        let right: BTreeSet<usize> =
            self.across.iter().filter(|t| t.left.len() > 1).flat_map(|t| t.right.clone()).collect();
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        let is_part = |r: &Row| !r.cells.iter().all(|c| right.contains(c));
        order.sort_by_key(|r| self.rows.get(*r).is_none_or(is_part));
        order
    }

    fn descend(&mut self, picks: &mut Vec<Option<usize>>, depth: usize) {
        self.steps += 1;
        if self.steps >= STEPS || self.found.len() > 1 {
            return;
        }
        let Some(row) = self.order.get(depth).copied() else {
            self.found.push(picks.iter().map(|p| p.unwrap_or(0)).collect());
            return;
        };
        for option in 0..self.rows.get(row).map_or(0, |r| r.options.len()) {
            if let Some(pick) = picks.get_mut(row) {
                *pick = Some(option);
            }
            if self.possible(picks, row) {
                self.descend(picks, depth + 1);
            }
        }
        if let Some(pick) = picks.get_mut(row) {
            *pick = None;
        }
    }

    /// Whether no tie of the row is broken already: by all its cells, or because the parts so far are more than a whole
    /// that stands.
    fn possible(&self, picks: &[Option<usize>], row: usize) -> bool {
        let of_row = |t: &&&TieOn| t.cells().any(|c| self.at(c).is_some_and(|(r, _)| r == row));
        self.across.iter().filter(of_row).all(|tie| {
            let open = |c: &usize| self.is_open(picks, *c);
            let term = |c: usize| self.term(picks, c);
            if !tie.cells().any(|c| open(&c)) {
                return self.ties.holds(tie, &term) != Some(false);
            }
            if tie.right.iter().any(open) {
                return true;
            }
            let zero_when_open = |c: usize| if open(&c) { Term::Nothing } else { term(c) };
            let sums = self.ties.blank_as_zero(tie, &zero_when_open);
            sums.left.zip(sums.right).is_none_or(|(left, right)| left <= right)
        })
    }

    fn at(&self, cell: usize) -> Option<(usize, usize)> {
        self.at.get(cell).copied().flatten()
    }

    fn is_open(&self, picks: &[Option<usize>], cell: usize) -> bool {
        self.at(cell).is_some_and(|(row, _)| picks.get(row).is_none_or(Option::is_none))
    }

    fn term(&self, picks: &[Option<usize>], cell: usize) -> Term {
        let Some((number, column)) = self.at(cell) else {
            return self.cells.get(cell).map_or(Term::Unknown, Draft::term);
        };
        let pick = picks.get(number).copied().flatten().unwrap_or(0);
        self.rows.get(number).map_or(Term::Unknown, |row| {
            row.options.get(pick).map_or(Term::Unknown, |placement| term_at(&row.said, placement, column))
        })
    }
}

/// Notes in the drafts and in `choices` what a row's placement rests on.
fn tell(cells: &mut [Draft], row: &Row, ties: &Ties, solved: Solved, choices: &mut Vec<Choice>) {
    let text = |placement: &Placement, column: usize| {
        let item = placement.get(column).copied().flatten();
        item.and_then(|i| row.printed.get(i)).map_or(String::new(), |r| r.raw.clone())
    };
    let Some(chosen) = row.options.get(row.chosen) else { return };
    let term = |cells: &[Draft], c: usize| cells.get(c).map_or(Term::Unknown, Draft::term);
    for (column, cell) in row.cells.iter().enumerate() {
        let broken = ties.on(*cell).any(|t| t.binds() && ties.holds(t, &|c| term(cells, c)) == Some(false));
        let readings = possible_texts(row, column, &text);
        let moved = row.options.first().is_some_and(|first| first.get(column) != chosen.get(column));
        let Some(draft) = cells.get_mut(*cell) else { continue };
        if solved == Solved::ByTies
            && row.options.len() > 1
            && (moved || chosen.get(column).is_some_and(Option::is_some))
        {
            draft.standing = Standing::Repaired;
            let before = row.options.first().map_or(String::new(), |first| text(first, column));
            let ties = ties.on(*cell).filter(|t| t.binds()).map(|t| t.id.clone()).collect();
            if moved {
                choices.push(Choice::Repaired {
                    cell: *cell,
                    before,
                    ties,
                    reason: "blank cells were dropped from the row",
                });
            }
        } else if !row.fits || broken || readings.len() > 1 {
            draft.standing = Standing::Open;
            choices.push(Choice::Open { cell: *cell, readings });
        }
    }
}

/// What a column may hold if the first and the last figure of the row stand where they were put.
fn possible_texts(row: &Row, column: usize, text: &dyn Fn(&Placement, usize) -> String) -> Vec<String> {
    let ends = |p: &Placement| (p.iter().position(Option::is_some), p.iter().rposition(Option::is_some));
    let Some(chosen) = row.options.get(row.chosen) else { return Vec::new() };
    row.options.iter().filter(|p| ends(p) == ends(chosen)).fold(Vec::new(), |mut texts, placement| {
        let text = text(placement, column);
        if !texts.contains(&text) {
            texts.push(text);
        }
        texts
    })
}
