//! One row for each input: how it ended, why, and what to do.

use super::state::{Done, State};
use crate::outcome::{Failure, Outcome};
use crate::run::Stop;
use gouji::Lang;
use gouji::dataset::{Row, Value};
use gouji::emit::{CellStatus, Certainty, Finding, Report, Severity, Tally};
use gouji::text::Text;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Codes of the ledger that are neither findings nor errors; `gouji explain` has them too.
pub(super) const READ: &str = "read";
const CELLS_MISSING: &str = "cells-missing";
const SAME_BYTES: &str = "same-bytes";
const SAME_REPORT: &str = "same-report";

/// How an input ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verdict {
    /// `complete`, `partial`, `failed`, `not-a-report` or `duplicate`.
    pub(super) status: Cow<'static, str>,
    /// A stable reason.
    pub(super) code: String,
    /// What was seen.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
    /// The input that it repeats.
    pub(super) duplicate_of: Option<String>,
}

impl Verdict {
    /// Of an input whose bytes were read by a reader.
    pub(super) fn of(outcome: &Outcome, lang: Lang) -> Self {
        if let Some(failure) = &outcome.failure {
            return Self::failed(failure);
        }
        let status = Cow::Borrowed(outcome.status());
        match outcome.reports.iter().find_map(reason) {
            Some(finding) => Self {
                status,
                code: finding.code.clone().into_owned(),
                message: finding.message.clone(),
                help: finding.help.clone(),
                duplicate_of: None,
            },
            None if outcome.status() == "complete" => {
                Self { status, code: READ.into(), message: String::new(), help: String::new(), duplicate_of: None }
            }
            None => {
                let lost =
                    |cell: &gouji::emit::Cell| matches!(cell.status, CellStatus::Absent | CellStatus::Unreadable);
                let cells = outcome.reports.iter().flat_map(|report| &report.tables).flat_map(|table| &table.cells);
                let count = cells.filter(|cell| lost(cell)).count();
                let message = Text::new(
                    format!("{count} cells of the form are not in the document or cannot be read"),
                    format!("表式中有 {count} 个单元格在文件中缺失或无法辨读"),
                );
                let help = Text::new("compare the tables with the document", "请将各表与文件核对");
                Self {
                    status,
                    code: CELLS_MISSING.into(),
                    message: message.get(lang).to_owned(),
                    help: help.get(lang).to_owned(),
                    duplicate_of: None,
                }
            }
        }
    }

    /// Of an input that was not read.
    pub(super) fn failed(failure: &Failure) -> Self {
        Self {
            status: if failure.foreign { "not-a-report" } else { "failed" }.into(),
            code: failure.code.clone(),
            message: failure.message.clone(),
            help: failure.help.clone(),
            duplicate_of: None,
        }
    }

    /// Of an input that says what another says.
    fn duplicate(code: &str, of: &str, lang: Lang) -> Self {
        let (en, zh) = if code == SAME_BYTES {
            ("the same bytes as", "与此文件字节相同：")
        } else {
            ("the same report as", "与此文件为同一报告：")
        };
        let help = Text::new("nothing; the dataset holds the report once", "无需处理；数据集中只计一次");
        Self {
            status: "duplicate".into(),
            code: code.to_owned(),
            message: Text::new(format!("{en} {of}"), format!("{zh}{of}")).get(lang).to_owned(),
            help: help.get(lang).to_owned(),
            duplicate_of: Some(of.to_owned()),
        }
    }
}

/// The first finding that says that something is wrong or missing.
fn reason(report: &Report) -> Option<&Finding> {
    report.findings.iter().find(|finding| finding.severity == Severity::Error)
}

/// Which input this one repeats, if any; only what was read can be repeated.
pub(super) fn duplicate(done: &Done, outcome: &Outcome, state: &State, lang: Lang) -> Result<Option<Verdict>, Stop> {
    let (Some(sha256), Some(key)) = (&done.sha256, &done.key) else { return Ok(None) };
    // A copy of what cannot be read cannot be read: whoever looks for what is missing should find both.
    if outcome.failure.is_some() {
        return Ok(None);
    }
    let first = state.first_with(sha256)?;
    if first != done.name {
        return Ok(Some(Verdict::duplicate(SAME_BYTES, &first, lang)));
    }
    // All reports of this input in one other input: then it is the same document in another shape.
    let mut original: Option<String> = None;
    for report in &outcome.reports {
        let mut found = None;
        for (name, other, ordinal) in state.alike(key, report.report.ordinal, TELLING)? {
            let (_, body) = state.body(&other)?;
            let other = crate::outcome::unpack(&body).map_err(|error| super::unreadable(&error))?;
            let same = other.reports.iter().find(|other| other.report.ordinal == ordinal);
            if same.is_some_and(|other| is_same(report, other)) {
                found = Some(name);
                break;
            }
        }
        match (&original, found) {
            (_, None) => return Ok(None),
            (None, found) => original = found,
            (Some(first), Some(found)) if *first == found => {}
            _ => return Ok(None),
        }
    }
    Ok(original.map(|name| Verdict::duplicate(SAME_REPORT, &name, lang)))
}

/// Non-zero figures that agree cell by cell, from which on figures alone tell a report; offices with few requests print
/// the same few figures.
const TELLING: u32 = 12;
/// Characters of prose from which on it tells a report.
const PROSE: usize = 200;
/// Share of the shorter prose that the other must hold: page furniture differs from format to format.
const ALIKE: f64 = 0.9;

/// Whether two reports of the same issuer and year with the same figures are one: their prose is alike as well, or
/// there is none to compare and the figures are many. Without an issuer both are asked for.
fn is_same(a: &Report, b: &Report) -> bool {
    let nonzero = || a.tables.iter().flat_map(|table| &table.cells).filter_map(|cell| cell.value);
    let count = nonzero().filter(|value| !value.0.is_zero()).count();
    let figures = u32::try_from(count).unwrap_or(u32::MAX) >= TELLING;
    let prose = |report: &Report| -> Vec<char> {
        let text = report.sections.iter().flat_map(|section| section.text.chars());
        text.filter(|c| c.is_alphanumeric()).collect()
    };
    let (a_prose, b_prose) = (prose(a), prose(b));
    let compared = a_prose.len() >= PROSE && b_prose.len() >= PROSE;
    let alike = compared && share(&a_prose, &b_prose) >= ALIKE;
    if a.report.issuer.is_none() || a.report.year.is_none() { figures && alike } else { alike || !compared && figures }
}

/// Characters of a piece of prose that is compared.
const PIECE: usize = 8;

/// The share of the shorter text's pieces that the longer one holds.
fn share(a: &[char], b: &[char]) -> f64 {
    let pieces = |text: &[char]| -> BTreeSet<u64> { text.windows(PIECE).map(hashed).collect() };
    let (a, b) = (pieces(a), pieces(b));
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let shared = shorter.intersection(&longer).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of pieces are far below 2^52")]
    let share = shared as f64 / shorter.len().max(1) as f64;
    share
}

/// The same hash for the same piece, whenever and wherever.
fn hashed(piece: &[char]) -> u64 {
    let mut hasher = DefaultHasher::new();
    piece.hash(&mut hasher);
    hasher.finish()
}

/// The row of an input.
pub(super) fn row(done: &Done, verdict: &Verdict, outcome: Option<&Outcome>, seconds: Option<f64>) -> Row<'static> {
    let reports = outcome.map_or(&[][..], |outcome| &outcome.reports);
    let tables = || reports.iter().flat_map(|report| &report.tables);
    let count =
        |is: fn(&gouji::emit::Cell) -> bool| tables().flat_map(|table| &table.cells).filter(|cell| is(cell)).count();
    let tallies = reports.iter().map(|report| Tally::of_wire(&report.checks));
    let (pass, fail, unchecked) = tallies.fold((0, 0, 0), |(pass, fail, unchecked), tally| {
        (pass + tally.hold, fail + tally.fail, unchecked + tally.unchecked())
    });
    let doubtful =
        |cell: &gouji::emit::Cell| cell.certainty == Certainty::Doubtful || cell.status == CellStatus::Unreadable;
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    vec![
        done.name.clone().into(),
        done.sha256.clone().into(),
        outcome.and_then(|outcome| outcome.format.clone()).into(),
        verdict.status.clone().into_owned().into(),
        verdict.code.clone().into(),
        reports.len().into(),
        tables().count().into(),
        tables().map(|table| table.cells.len()).sum::<usize>().into(),
        count(|cell| cell.status == CellStatus::Number).into(),
        count(|cell| cell.status == CellStatus::Blank).into(),
        count(doubtful).into(),
        pass.into(),
        fail.into(),
        unchecked.into(),
        joined(tables().flat_map(|table| &table.blocks).map(|block| block.form.clone())),
        joined(reports.iter().filter_map(|report| report.report.issuer.clone())),
        joined(reports.iter().filter_map(|report| report.report.year.map(|year| year.to_string()))),
        seconds.map(|seconds| (seconds * 1000.0).round() / 1000.0).into(),
        text(&verdict.message).into(),
        text(&verdict.help).into(),
        verdict.duplicate_of.clone().into(),
    ]
}

/// Distinct words joined with `;`, in the order of their first appearance.
fn joined(words: impl Iterator<Item = String>) -> Value<'static> {
    let mut distinct: Vec<String> = Vec::new();
    for word in words {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    Some(distinct.join(";")).filter(|words| !words.is_empty()).into()
}
