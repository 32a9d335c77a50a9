//! Many reports in, checks between them out: last year and this year, an upper unit and its units, one report in two
//! formats, copied figures and prose, years that are not the report's own.
//!
//! ```text
//! emit::Report ─add→ Corpus ─check→ CorpusCheck, one by one
//!                       │                ▲
//!                       └ some hundred   └ form (`across`): what ties reports, as data
//!                         bytes a report    Registry: who is who, if the user knows
//! ```
//!
//! This stands after `emit` because it works on reports as they are published by gouji, whether just read or stored by an
//! earlier run. A difference between two documents is never called a fault of one of them, and what could not be checked
//! says why. Nothing is read from files here.

mod copies;
mod figures;
mod member;
mod outcome;
mod registry;
mod seats;
mod sums;
#[cfg(test)]
mod tests;
mod units;
pub mod wire;
mod wording;
mod years;

pub use outcome::{CorpusCheck, Evidence, Operand, Reason, Relation, State};
pub use registry::{Registry, Unit};

use crate::emit::Report;
use crate::error::Result;
use crate::finding::{Cause, Code};
use crate::form::Library;
use crate::text::Text;
use member::{Member, Names};
use seats::{Seat, Seats, differing};
use std::collections::BTreeMap;
use sums::Opened;
use years::{Before, DueByLayout};

/// What is compared of many reports.
#[derive(Debug, Default)]
pub struct Corpus {
    members: Vec<Member>,
    names: Names,
}

/// What every check looks things up in.
#[derive(Clone, Copy)]
struct View<'a> {
    names: &'a Names,
    library: &'a Library,
}

impl Corpus {
    /// A corpus without reports.
    pub fn new() -> Self {
        Self::default()
    }

    /// A corpus of all these reports; the first that cannot be read ends it.
    pub fn gather(reports: impl IntoIterator<Item = Result<Report>>, library: &Library) -> Result<Self> {
        let mut corpus = Self::new();
        for report in reports {
            corpus.add(&report?, library);
        }
        Ok(corpus)
    }

    /// Adds a report: what is compared of it is kept, the report is not.
    pub fn add(&mut self, report: &Report, library: &Library) {
        self.members.push(Member::of(report, library, &mut self.names));
    }

    /// How many reports there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// About how many bytes of memory the reports take, shared names left out.
    pub fn bytes(&self) -> usize {
        self.members.iter().map(Member::bytes).sum()
    }

    /// Makes every check and hands over each as it is made. The order does not hang on the order of the reports.
    pub fn check(&self, registry: Option<&Registry>, library: &Library, take: &mut dyn FnMut(CorpusCheck)) {
        let view = View { names: &self.names, library };
        let mut members: Vec<&Member> = self.members.iter().collect();
        members.sort_by(|a, b| a.id.cmp(&b.id));
        let seats = seats::assign(&members, &self.names, registry, take);
        for member in &members {
            copies::stale_year(member, &self.names).into_iter().for_each(&mut *take);
        }
        let mut due = DueByLayout::default();
        for years in seats.values() {
            view.issuer(years, &mut due, take);
        }
        if let Some(registry) = registry {
            view.uppers(registry, &seats, take);
        }
        copies::same_figures(&seats, &view, take);
    }
}

impl<'a> View<'a> {
    /// The checks of one issuer's reports.
    fn issuer(&self, years: &BTreeMap<i32, Seat<'a>>, due: &mut DueByLayout, take: &mut dyn FnMut(CorpusCheck)) {
        let mut last: Option<(i32, Opened<'a>)> = None;
        for (year, seat) in years {
            let before = match (&last, years.get(&(year - 1))) {
                (Some((at, opened)), Some(Seat::One(..))) if at + 1 == *year => Before::One(opened),
                (_, Some(Seat::Several(_))) => Before::None(Reason::IssuerAmbiguous),
                _ => Before::None(Reason::MissingYear),
            };
            let Seat::One(main, others) = seat else {
                for member in seat.all() {
                    let ties = due.of(member.layout, self);
                    years::ties(&self.open(member, &[]), &Before::None(Reason::IssuerAmbiguous), &ties, self, take);
                }
                continue;
            };
            for other in others {
                copies::formats(main, other, self).into_iter().for_each(&mut *take);
            }
            let now = self.open(main, others);
            years::ties(&now, &before, &due.of(main.layout, self), self, take);
            if let Before::One(before) = before {
                years::jumps(&now, before, self, take);
                years::copied(&now, before, self).into_iter().for_each(&mut *take);
            }
            last = Some((*year, now));
        }
    }

    /// The checks of upper units against their units.
    fn uppers(&self, registry: &Registry, seats: &Seats<'a>, take: &mut dyn FnMut(CorpusCheck)) {
        let name = |code: &str| registry.unit(code).map_or_else(String::new, |unit| unit.name.clone());
        for (upper, codes) in registry.uppers() {
            let reported = |code: &str| seats.get(code).into_iter().flat_map(BTreeMap::keys).copied();
            let mut years: Vec<i32> = reported(upper).chain(codes.iter().flat_map(|code| reported(code))).collect();
            years.sort_unstable();
            years.dedup();
            for year in years {
                let seat = |code: &str| seats.get(code).and_then(|years| years.get(&year));
                let mut units = units::Units { there: Vec::new(), missing: Vec::new(), ambiguous: Vec::new() };
                for code in &codes {
                    match seat(code) {
                        Some(Seat::One(main, others)) => units.there.push(self.open(main, others)),
                        Some(Seat::Several(_)) => units.ambiguous.push(name(code)),
                        None => units.missing.push(name(code)),
                    }
                }
                match seat(upper) {
                    Some(Seat::One(main, others)) => units::compare(&self.open(main, others), &units, self, take),
                    // It was told that several reports claim it.
                    Some(Seat::Several(_)) => {}
                    None => {
                        let there = units.there.iter().map(|unit| unit.member.id.to_string()).collect();
                        take(units::without_upper(&name(upper), year, there));
                    }
                }
            }
        }
    }

    /// A report with its cells and those that other files of it contradict.
    fn open(&self, main: &'a Member, others: &[&Member]) -> Opened<'a> {
        let mut contested: Vec<u32> = others.iter().flat_map(|other| differing(main, other, self.names)).collect();
        contested.sort_unstable();
        contested.dedup();
        Opened { member: main, cells: main.cells(self.names), contested }
    }

    /// The check, about this report's issuer and year.
    fn of(&self, check: CorpusCheck, report: &Opened<'_>) -> CorpusCheck {
        check.of(report.member.issuer(self.names), report.member.year)
    }
}

/// A tie that does not hold, or does not but for what `report` says; `weak` if a figure rests on less than ink. Only the
/// later of two reports can explain: what the earlier one says is about the years before it.
fn unless_explained(check: CorpusCheck, code: Code, message: Text, report: &Opened<'_>, weak: bool) -> CorpusCheck {
    let sentence = report.member.explanation(&check.rule);
    let state = if sentence.is_some() { State::Explained } else { State::Differs };
    let evidence =
        sentence.map(|sentence| Evidence { report: report.member.id.to_string(), sentence: sentence.into() });
    let mut check = check.told(state, code, message);
    if weak {
        check.cause = Some(Cause::Undetermined);
    }
    check.evidence = evidence.into_iter().collect();
    check
}
