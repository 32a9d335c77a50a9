//! Chosen readings and ties in, what each value rests on out.

use super::Certainty;
use super::Status;
use super::draft::{Draft, Standing};
use super::printed::{Joint, Oddity};
use super::ties::{Term, TieOn, Ties, strict};
use crate::bind::Evidence;
use crate::grid::Doubt;

/// How the ties of a cell came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ground {
    /// At least one holds.
    holds: bool,
    /// At least one fails.
    fails: bool,
    /// All of them hold, without any blank counted as 0.
    strictly: bool,
}

/// What the value of `cell` rests on.
pub(super) fn certainty(cells: &[Draft], ties: &Ties, cell: usize) -> Certainty {
    let Some(draft) = cells.get(cell) else { return Certainty::Doubtful };
    match draft.standing {
        Standing::Repaired => return Certainty::Repaired,
        Standing::Open => return Certainty::Doubtful,
        Standing::Printed => {}
    }
    match draft.status() {
        Status::Absent => Certainty::Read,
        Status::Unreadable => Certainty::Doubtful,
        Status::Number => of_number(cells, ties, cell, draft),
        Status::Text if is_failed_figure(draft) => Certainty::Doubtful,
        // Words recognised where figures stand are figures misread, until a person has looked.
        Status::Text if draft.recognised.is_some() => Certainty::Doubtful,
        // A blank may be a figure that was not seen, a sign another.
        _ if draft.recognised.is_some_and(|sure| !sure || ground(cells, ties, cell).fails) => Certainty::Doubtful,
        _ if draft.doubt.is_some_and(|d| d != Doubt::JoinedOverBreak) => Certainty::Doubtful,
        _ if draft.evidence == Evidence::Position => Certainty::Position,
        _ => Certainty::Read,
    }
}

/// Text with something like a digit in it: a figure may stand there that was not read.
fn is_failed_figure(draft: &Draft) -> bool {
    let oddity = draft.candidate().and_then(|c| c.said.oddity);
    matches!(oddity, Some(Oddity::MixedWords | Oddity::Lookalike | Oddity::Malformed))
}

/// Proved when a tie that depends on the number holds and none fails. Reading trouble is forgiven only on proof.
fn of_number(cells: &[Draft], ties: &Ties, cell: usize, draft: &Draft) -> Certainty {
    let ground = ground(cells, ties, cell);
    let proved = ground.holds && !ground.fails;
    if !proved && draft.recognised.is_some_and(|sure| !sure || ground.fails) {
        return Certainty::Doubtful;
    }
    let sure = match draft.doubt {
        Some(Doubt::Alignment) => {
            let zero = draft.candidate().and_then(|c| c.said.value).is_none_or(|v| v.is_zero());
            ground.strictly && !zero || proved && full_row(cells, draft)
        }
        Some(Doubt::Straddles | Doubt::Overprinted | Doubt::Unreadable) => proved,
        Some(Doubt::JoinedOverBreak) | None => proved || !shaky(draft, ground),
    };
    if !sure {
        Certainty::Doubtful
    } else if draft.evidence == Evidence::Position {
        Certainty::Position
    } else if proved {
        Certainty::Proved
    } else {
        Certainty::Read
    }
}

/// Whether a number that no tie proves has something about it that keeps it from being relied on.
fn shaky(draft: &Draft, ground: Ground) -> bool {
    let Some(said) = draft.candidate().map(|c| &c.said) else { return true };
    let joined = said.joint != Joint::None;
    let over_break = draft.doubt == Some(Doubt::JoinedOverBreak);
    said.joint == Joint::Unusual
        || matches!(said.oddity, Some(Oddity::LeadingZero | Oddity::Raised))
        || joined && (over_break || ground.fails)
        || draft.candidates.len() > 1 && ground.fails
}

/// A row without a blank: its cells can stand in one order only.
fn full_row(cells: &[Draft], draft: &Draft) -> bool {
    cells.iter().filter(|d| d.row == draft.row).all(|d| d.status() == Status::Number)
}

fn ground(cells: &[Draft], ties: &Ties, cell: usize) -> Ground {
    let term = |c: usize| cells.get(c).map_or(Term::Unknown, Draft::term);
    let mut ground = Ground { holds: false, fails: false, strictly: true };
    for tie in ties.on(cell).filter(|t| TieOn::binds(t)) {
        match ties.holds(tie, &term) {
            Some(true) => ground.holds = true,
            Some(false) => ground.fails = true,
            None => {}
        }
        ground.strictly &= strict(tie, &term).holds == Some(true);
    }
    ground.strictly &= ground.holds;
    ground
}
