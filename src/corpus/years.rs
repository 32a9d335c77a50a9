//! A report and that of the year before in, the ties between the two out: those of the form, figures that jumped, and
//! prose that was copied.

use super::figures::Trust;
use super::member::{Layout, Measured};
use super::outcome::{CorpusCheck, Reason, State};
use super::sums::{Equation, Opened, Sums, Term};
use super::{View, unless_explained};
use crate::check::Mode;
use crate::finding::Code;
use crate::form::{Along, Block, Form, Table, YearTie};
use crate::number::Number;
use crate::text::Text;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Above this share of common wording a report is told to repeat the last one; the share at which published rules for
/// grading such reports take points off.
const COPIED: u8 = 50;

/// A tie of the form on one row or column, cells by name.
#[derive(Debug)]
pub(super) struct Due {
    id: String,
    /// `<rule>.<table>`.
    group: String,
    rule: String,
    last_year: Vec<String>,
    plus: Vec<u32>,
    minus: Vec<u32>,
    equals: Vec<u32>,
}

/// The ties that are due for reports with the same cells, by the number of the layout.
#[derive(Debug, Default)]
pub(super) struct DueByLayout(BTreeMap<u32, Rc<Vec<Due>>>);

impl DueByLayout {
    /// The ties that a report with these cells is due to keep with that of the year before.
    pub(super) fn of(&mut self, layout: u32, view: &View<'_>) -> Rc<Vec<Due>> {
        let make = || Rc::new(view.names.layout(layout).map_or_else(Vec::new, |cells| due(cells, view)));
        Rc::clone(self.0.entry(layout).or_insert_with(make))
    }
}

/// Which report stands for the year before.
pub(super) enum Before<'a> {
    /// This one.
    One(&'a Opened<'a>),
    /// None, for this reason.
    None(Reason),
}

/// Checks the ties of a report with the one before.
pub(super) fn ties(
    now: &Opened<'_>,
    before: &Before<'_>,
    due: &[Due],
    view: &View<'_>,
    take: &mut dyn FnMut(CorpusCheck),
) {
    match before {
        Before::One(before) => {
            for tie in due {
                check(tie, now, before, view, take);
            }
        }
        Before::None(reason) => {
            let mut groups: Vec<(&str, &str)> = due.iter().map(|tie| (tie.group.as_str(), tie.rule.as_str())).collect();
            groups.dedup();
            for (group, rule) in groups {
                let check = CorpusCheck::new(rule, group.to_owned(), vec![now.member.id.to_string()]);
                take(view.of(check, now).not_checked(*reason));
            }
        }
    }
}

fn check(tie: &Due, now: &Opened<'_>, before: &Opened<'_>, view: &View<'_>, take: &mut dyn FnMut(CorpusCheck)) {
    // A cell that no report has gets a number that no cell has.
    let last = tie.last_year.iter().map(|cell| Term::plus(before, view.names.number(cell).unwrap_or(u32::MAX)));
    let plus = tie.plus.iter().map(|cell| Term::plus(now, *cell));
    let minus = tie.minus.iter().map(|cell| Term::minus(now, *cell));
    let equation = Equation {
        left: last.chain(plus).chain(minus).collect(),
        right: tie.equals.iter().map(|cell| Term::plus(now, *cell)).collect(),
    };
    let strict = equation.strict();
    take(conclude(tie, &equation, Mode::Strict, strict, (now, before), view));
    if strict.verdict == Err(Reason::Blank) {
        let zero = equation.blank_as_zero();
        if zero.verdict != strict.verdict {
            take(conclude(tie, &equation, Mode::BlankAsZero, zero, (now, before), view));
        }
    }
}

fn conclude(
    tie: &Due,
    equation: &Equation<'_>,
    mode: Mode,
    sums: Sums,
    (now, before): (&Opened<'_>, &Opened<'_>),
    view: &View<'_>,
) -> CorpusCheck {
    let reports = vec![before.member.id.to_string(), now.member.id.to_string()];
    let mut check = view.of(CorpusCheck::new(&tie.rule, tie.id.clone(), reports), now);
    check.mode = mode;
    (check.left, check.right) = (sums.left, sums.right);
    check.left_cells = equation.left.iter().map(|term| term.operand(view.names)).collect();
    check.right_cells = equation.right.iter().map(|term| term.operand(view.names)).collect();
    match sums.verdict {
        Err(reason) => check.not_checked(reason),
        Ok(Ordering::Equal) => check,
        Ok(_) => {
            let (left, right) = (written(sums.left), written(sums.right));
            let (old, new) = (&before.member.id, &now.member.id);
            let message = Text::new(
                format!("{}: {old} leads to {left}, {new} prints {right}", tie.id),
                format!("{}：按 {old} 应为 {left}，{new} 为 {right}", tie.id),
            );
            let weak = equation.is_weak();
            unless_explained(check, Code::YearsDiffer, message, now, weak)
        }
    }
}

fn written(number: Option<Number>) -> String {
    number.map_or_else(|| "?".into(), |number| number.normalize().to_string())
}

/// Ties of a form and the other editions of its family whose cells of this year the layout has: a report may mix
/// editions, and a block follows the one whose keys it has.
fn due(layout: &Layout, view: &View<'_>) -> Vec<Due> {
    let cells: Vec<u32> = layout.cells().collect();
    let mut found: Vec<Due> = Vec::new();
    for (table, form) in layout.tables(view.names) {
        for form in family(form, view) {
            let Some(definition) = form.tables.iter().find(|t| t.id == table) else { continue };
            for tie in form.across.years.iter().filter(|tie| tie.table == table) {
                let new: Vec<Due> = instances(tie, definition, view)
                    .into_iter()
                    .filter(|due| due.own_cells().all(|cell| cells.contains(&cell)))
                    .filter(|due| !found.iter().any(|other| other.id == due.id))
                    .collect();
                found.extend(new);
            }
        }
    }
    found
}

/// The form of that id first, then the other editions of its family.
fn family<'a>(id: &'a str, view: &View<'a>) -> impl Iterator<Item = &'a Form> + use<'a> {
    let family = |id: &str| id.split('/').next().unwrap_or_default().to_owned();
    let name = family(id);
    let library = view.library;
    let others = library.forms().iter().filter(move |form| form.id != id && family(&form.id) == name);
    library.form(id).into_iter().chain(others)
}

fn instances(tie: &YearTie, table: &Table, view: &View<'_>) -> Vec<Due> {
    let mut keys: Vec<&str> = table.blocks.iter().flat_map(|block| keys(block, tie.along)).collect();
    let mut seen = Vec::new();
    keys.retain(|key| {
        let new = !seen.contains(key) && (tie.on.is_empty() || tie.on.iter().any(|on| on == key));
        seen.push(*key);
        new
    });
    let instance = |key: &str| -> Option<Due> {
        let cell = |other: &String| match tie.along {
            Along::Row => format!("{}/{key}/{other}", table.id),
            Along::Column => format!("{}/{other}/{key}", table.id),
        };
        let own = |keys: &[String]| keys.iter().map(|key| view.names.number(&cell(key))).collect::<Option<Vec<u32>>>();
        Some(Due {
            id: format!("{}.{}.{key}", tie.rule, table.id),
            group: format!("{}.{}", tie.rule, table.id),
            rule: tie.rule.clone(),
            last_year: tie.last_year.iter().map(cell).collect(),
            plus: own(&tie.plus)?,
            minus: own(&tie.minus)?,
            equals: own(&tie.equals)?,
        })
    };
    keys.into_iter().filter_map(instance).collect()
}

fn keys(block: &Block, along: Along) -> Vec<&str> {
    match along {
        Along::Row => block.rows.iter().filter(|row| !row.heading).map(|row| row.key.as_str()).collect(),
        Along::Column => block.columns.iter().map(|column| column.key.as_str()).collect(),
    }
}

impl Due {
    fn own_cells(&self) -> impl Iterator<Item = u32> + '_ {
        self.plus.iter().chain(&self.minus).chain(&self.equals).copied()
    }
}

/// Figures that are many times larger or smaller than last year's; one check for a table without any.
pub(super) fn jumps(now: &Opened<'_>, before: &Opened<'_>, view: &View<'_>, take: &mut dyn FnMut(CorpusCheck)) {
    let Some(layout) = view.names.layout(now.member.layout) else { return };
    for (table, form) in layout.tables(view.names) {
        let Some(form) = view.library.form(form) else { continue };
        let (mut compared, mut jumped) = (false, false);
        for cell in layout.cells() {
            let Some((of, row, column)) = split(view.names.word(cell)).filter(|(of, _, _)| *of == table) else {
                continue;
            };
            let Some(jump) = form.across.jumps.iter().find(|jump| jump.covers(of, row, column)) else { continue };
            let pair = before.cells.get(&cell).zip(now.cells.get(&cell));
            let Some((old, new)) = pair.filter(|(old, new)| comparable(old, new)) else { continue };
            compared = true;
            if is_jump(old, new, jump.factor) {
                jumped = true;
                take(jump_check(cell, now, before, view));
            }
        }
        if compared && !jumped {
            let reports = vec![before.member.id.to_string(), now.member.id.to_string()];
            take(view.of(CorpusCheck::new("jump", format!("jump.{table}"), reports), now));
        }
    }
}

/// The parts of a cell's name.
fn split(name: &str) -> Option<(&str, &str, &str)> {
    let mut parts = name.split('/');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// Two numbers other than 0 in one unit of measure, neither of them doubtful.
fn comparable(a: &Measured, b: &Measured) -> bool {
    let usable = |m: &Measured| m.figure.counts() && m.figure.trust != Trust::Doubtful;
    usable(a) && usable(b) && a.measure == b.measure
}

fn is_jump(a: &Measured, b: &Measured, factor: u32) -> bool {
    let (Some(a), Some(b)) = (a.figure.value.map(|v| v.abs()), b.figure.value.map(|v| v.abs())) else { return false };
    // A product that is too large to be formed is larger than any figure.
    a.min(b).checked_mul(factor.into()).is_some_and(|grown| grown <= a.max(b))
}

fn jump_check(cell: u32, now: &Opened<'_>, before: &Opened<'_>, view: &View<'_>) -> CorpusCheck {
    let (old, new) = (Term::plus(before, cell).operand(view.names), Term::plus(now, cell).operand(view.names));
    let reports = vec![old.report.clone(), new.report.clone()];
    let mut check = CorpusCheck::new("jump", format!("jump.{}", old.cell.replace('/', ".")), reports);
    (check.left, check.right) = (old.value, new.value);
    let (from, to) = (written(old.value), written(new.value));
    let message = Text::new(
        format!("{}: {from} in {}, {to} in {}; another unit may have been typed", old.cell, old.report, new.report),
        format!("{}：{} 为 {from}，{} 为 {to}，可能填错了单位", old.cell, old.report, new.report),
    );
    (check.left_cells, check.right_cells) = (vec![old], vec![new]);
    unless_explained(view.of(check, now), Code::FigureJump, message, now, false)
}

/// How much of this year's prose was in last year's.
pub(super) fn copied(now: &Opened<'_>, before: &Opened<'_>, view: &View<'_>) -> Option<CorpusCheck> {
    let share = now.member.sketch.share_in(&before.member.sketch)?;
    let reports = vec![before.member.id.to_string(), now.member.id.to_string()];
    let mut check = view.of(CorpusCheck::new("copied_prose", "copied_prose".into(), reports), now);
    check.share = Some(share);
    if share <= COPIED {
        return Some(check);
    }
    let (old, new) = (&before.member.id, &now.member.id);
    let message = Text::new(
        format!("about {share} % of the wording of {new} also stands in {old}, figures left out"),
        format!("{new} 的文字约有 {share}% 与 {old} 相同（不计数字）"),
    );
    Some(check.told(State::Noted, Code::ProseCopied, message))
}
