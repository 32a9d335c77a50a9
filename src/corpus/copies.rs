//! Reports that should be the same and reports that should not: one report in two formats, and two reports whose figures
//! are the same in every cell. And a report that says it is about another year than its own.

use super::View;
use super::figures::Trust;
use super::member::{Member, Names};
use super::outcome::{CorpusCheck, Evidence, Operand, State};
use super::seats::{Seat, Seats, differing};
use super::sums::{Opened, Term};
use crate::emit::CellStatus;
use crate::finding::{Cause, Code};
use crate::text::Text;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Fewer figures other than 0 than this are the same by chance.
const TELLING: usize = 10;

/// More cells than this are not named in a message.
const NAMED: usize = 3;

/// One report in two formats, cell by cell.
pub(super) fn formats(main: &Member, other: &Member, view: &View<'_>) -> Option<CorpusCheck> {
    if main.digest == other.digest {
        return None;
    }
    let opened = |member| Opened { member, cells: Member::cells(member, view.names), contested: Vec::new() };
    let (a, b) = (opened(main), opened(other));
    let cells = differing(main, other, view.names);
    let reports = vec![main.id.to_string(), other.id.to_string()];
    let mut check = view.of(CorpusCheck::new("formats", "formats".into(), reports), &a);
    if cells.is_empty() {
        return Some(check);
    }
    let terms = |report| cells.iter().map(|cell| Term::plus(report, *cell).operand(view.names)).collect::<Vec<_>>();
    (check.left_cells, check.right_cells) = (terms(&a), terms(&b));
    let said = |operand: &Operand| match operand.value {
        Some(value) => value.to_string(),
        None => format!("{:?}", operand.status).to_lowercase(),
    };
    let pairs = check.left_cells.iter().zip(&check.right_cells).take(NAMED);
    let named: Vec<String> = pairs.map(|(l, r)| format!("{} {} / {}", l.cell, said(l), said(r))).collect();
    let more = if cells.len() > NAMED { " …" } else { "" };
    let message = Text::new(
        format!("{} and {}: {} cells differ: {}{more}", main.id, other.id, cells.len(), named.join("; ")),
        format!("{} 与 {}：{} 个单元格不同：{}{more}", main.id, other.id, cells.len(), named.join("；")),
    );
    let doubtful = |opened: &Opened<'_>| {
        cells.iter().filter_map(|cell| opened.cells.get(cell)).any(|m| m.figure.trust != Trust::Sure)
    };
    let weak = doubtful(&a) || doubtful(&b);
    check = check.told(State::Differs, Code::FormatsDiffer, message);
    if weak {
        check.cause = Some(Cause::Undetermined);
    }
    Some(check)
}

/// Reports of different issuers or years that say the same in every cell.
pub(super) fn same_figures(seats: &Seats<'_>, view: &View<'_>, take: &mut dyn FnMut(CorpusCheck)) {
    let mut alike = BTreeMap::<u64, Vec<&Member>>::new();
    for member in seats.values().flat_map(BTreeMap::values).filter_map(Seat::one) {
        if let Some(print) = print(member, view.names) {
            alike.entry(print).or_default().push(member);
        }
    }
    let mut groups: Vec<Vec<&Member>> = alike.into_values().filter(|members| members.len() > 1).collect();
    for members in &mut groups {
        members.sort_by(|a, b| a.id.cmp(&b.id));
    }
    groups.sort_by(|a, b| a.first().map(|m| &m.id).cmp(&b.first().map(|m| &m.id)));
    for members in groups {
        let Some((first, others)) = members.split_first() else { continue };
        // Equal prints are equal figures but for a chance in 2^64; that chance is not taken.
        let same: Vec<&Member> =
            others.iter().copied().filter(|other| differing(first, other, view.names).is_empty()).collect();
        if !same.is_empty() {
            take(copied(first, &same, view.names));
        }
    }
}

fn copied(first: &Member, same: &[&Member], names: &Names) -> CorpusCheck {
    let all = || std::iter::once(first).chain(same.iter().copied());
    let reports: Vec<String> = all().map(|member| member.id.to_string()).collect();
    let who =
        |member: &Member| format!("{} {}", member.issuer(names).unwrap_or_default(), member.year.unwrap_or_default());
    let whose: Vec<String> = all().map(who).collect();
    let message = Text::new(
        format!("the same figure in every cell: {}", whose.join(", ")),
        format!("所有单元格的数字完全相同：{}", whose.join("、")),
    );
    let check = CorpusCheck::new("same_figures", "same_figures".into(), reports);
    check.of(first.issuer(names), first.year).told(State::Noted, Code::FiguresCopied, message)
}

/// A hash of what every cell says; `None` for a report with hardly any figure. It never leaves the program.
fn print(member: &Member, names: &Names) -> Option<u64> {
    let cells = member.cells(names);
    if cells.values().filter(|cell| cell.figure.counts()).count() < TELLING {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    for (cell, found) in cells.iter().filter(|(_, found)| found.figure.status != CellStatus::Absent) {
        (cell, found.figure.status as u8, found.figure.value).hash(&mut hasher);
    }
    Some(hasher.finish())
}

/// Whether the years that a report says it is about are its own; none if it says nothing of the kind.
pub(super) fn stale_year(member: &Member, names: &Names) -> Option<CorpusCheck> {
    let own = member.year?;
    let periods = member.periods();
    let check = CorpusCheck::new("stale_year", "stale_year".into(), vec![member.id.to_string()]);
    let mut check = check.of(member.issuer(names), member.year);
    let Some(stale) = periods.iter().find(|period| period.year != own) else {
        return (!periods.is_empty()).then_some(check);
    };
    let message = Text::new(
        format!("{}: a report of {own} that says it is about {}", member.id, stale.year),
        format!("{}：{own} 年的报告，文中所述期间为 {} 年", member.id, stale.year),
    );
    check.evidence = vec![Evidence { report: member.id.to_string(), sentence: stale.sentence.to_string() }];
    Some(check.told(State::Differs, Code::StaleYear, message))
}
