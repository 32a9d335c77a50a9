//! Whose report is whose: members in, for each issuer and year the one report that stands there, or the several that
//! claim it. With a registry an issuer is who it says; without one two reports have one issuer only if it is printed the
//! same. Nothing is guessed: what cannot be told is not tied.

use super::figures::Figure;
use super::member::{Cells, Member, Names};
use super::outcome::{CorpusCheck, Reason, State};
use super::registry::Registry;
use crate::finding::Code;
use crate::number::fold;
use crate::text::Text;
use std::collections::BTreeMap;

/// Who claims an issuer and year.
#[derive(Debug)]
pub(super) enum Seat<'a> {
    /// One report, perhaps in several files: the first of them, and the others.
    One(&'a Member, Vec<&'a Member>),
    /// Different reports.
    Several(Vec<&'a Member>),
}

impl<'a> Seat<'a> {
    /// The report that stands for it, if it is one.
    pub(super) fn one(&self) -> Option<&'a Member> {
        match self {
            Self::One(main, _) => Some(main),
            Self::Several(_) => None,
        }
    }

    /// All that claim it, the first first.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Member> + '_ {
        let (first, others) = match self {
            Self::One(main, others) => (Some(*main), others),
            Self::Several(members) => (None, members),
        };
        first.into_iter().chain(others.iter().copied())
    }
}

/// Reports by issuer (its code, or its folded name) and year.
pub(super) type Seats<'a> = BTreeMap<String, BTreeMap<i32, Seat<'a>>>;

/// Gives every report its seat. A check is handed to `take` for every report that gets none and for every seat that
/// several reports claim.
pub(super) fn assign<'a>(
    members: &[&'a Member],
    names: &Names,
    registry: Option<&Registry>,
    take: &mut dyn FnMut(CorpusCheck),
) -> Seats<'a> {
    let mut claims = BTreeMap::<String, BTreeMap<i32, Vec<&'a Member>>>::new();
    for member in members {
        match claim(member, names, registry) {
            Ok((issuer, year)) => claims.entry(issuer).or_default().entry(year).or_default().push(member),
            Err(reason) => take(unseated(member, names, reason)),
        }
    }
    let seat = |claiming: Vec<&'a Member>| seat(claiming, names);
    let seats: Seats<'a> = claims
        .into_iter()
        .map(|(issuer, years)| (issuer, years.into_iter().map(|(year, claiming)| (year, seat(claiming))).collect()))
        .collect();
    for seat in seats.values().flat_map(BTreeMap::values) {
        if let Seat::Several(claiming) = seat {
            take(ambiguous(claiming, names));
        }
    }
    seats
}

fn claim(member: &Member, names: &Names, registry: Option<&Registry>) -> Result<(String, i32), Reason> {
    let issuer = member.issuer(names).ok_or(Reason::NoIssuer)?;
    let issuer = match registry {
        Some(registry) => registry.code(issuer).ok_or(Reason::IssuerUnregistered)?.to_owned(),
        None => fold(issuer),
    };
    Ok((issuer, member.year.ok_or(Reason::NoYear)?))
}

/// Reports are one if they are the same bytes, or bear the same title in different formats, or say the same in every cell
/// and not just that there was nothing.
fn seat<'a>(claiming: Vec<&'a Member>, names: &Names) -> Seat<'a> {
    let one = |main: &Member, other: &Member| {
        main.digest == other.digest
            || main.title != 0 && main.title == other.title && main.format != other.format
            || differing(main, other, names).is_empty() && main.cells(names).values().any(|cell| cell.figure.counts())
    };
    match claiming.split_first() {
        Some((main, others)) if others.iter().all(|other| one(main, other)) => Seat::One(main, others.to_vec()),
        _ => Seat::Several(claiming),
    }
}

/// The cells in which two reports do not say the same, by name: numbers hang on the order of the reports. A cell that one
/// of them does not have is absent.
pub(super) fn differing(a: &Member, b: &Member, names: &Names) -> Vec<u32> {
    let (a, b) = (a.cells(names), b.cells(names));
    let mut cells: Vec<u32> = a.keys().chain(b.keys()).copied().collect();
    cells.sort_unstable();
    cells.dedup();
    cells.retain(|cell| {
        let figure = |of: &Cells| of.get(cell).map_or(Figure::ABSENT, |found| found.figure);
        !figure(&a).agrees(&figure(&b))
    });
    cells.sort_by_key(|cell| names.word(*cell));
    cells
}

fn unseated(member: &Member, names: &Names, reason: Reason) -> CorpusCheck {
    let code = match reason {
        Reason::IssuerUnregistered => Code::IssuerUnregistered,
        _ => Code::IssuerMissing,
    };
    let issuer = member.issuer(names);
    let check = CorpusCheck::new("identity", "identity".into(), vec![member.id.to_string()]).of(issuer, member.year);
    let printed = issuer.map(|issuer| format!(" (`{issuer}`)")).unwrap_or_default();
    let text = reason.text();
    let message = Text::new(
        format!("{}: {}{printed}; it is tied to no other report", member.id, text.en),
        format!("{}：{}{printed}，不与其他报告比较", member.id, text.zh),
    );
    tell(check, code, reason, message)
}

fn ambiguous(claiming: &[&Member], names: &Names) -> CorpusCheck {
    let ids: Vec<String> = claiming.iter().map(|member| member.id.to_string()).collect();
    let first = claiming.first();
    let (issuer, year) = (first.and_then(|m| m.issuer(names)), first.and_then(|m| m.year));
    let message = Text::new(
        format!("{} different reports claim this issuer and year: {}", ids.len(), ids.join(", ")),
        format!("同一机构同一年度有 {} 份不同的报告：{}", ids.len(), ids.join("、")),
    );
    let check = CorpusCheck::new("identity", "identity".into(), ids).of(issuer, year);
    tell(check, Code::IssuerAmbiguous, Reason::IssuerAmbiguous, message)
}

fn tell(check: CorpusCheck, code: Code, reason: Reason, message: Text) -> CorpusCheck {
    let mut check = check.told(State::NotChecked, code, message);
    check.reason = Some(reason);
    check
}
