//! Checks between reports as they go over the wire: `gouji.corpus/1`, one object, or one check a line.

use super::outcome::{CorpusCheck, Evidence, Operand, Reason, Relation, State};
use crate::emit::{Cause, CellStatus, Exact, Mode, Severity, Tool};
use crate::text::Lang;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// All checks between the reports of a corpus.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CorpusReport {
    /// Always `gouji.corpus/1`.
    #[schemars(extend("const" = "gouji.corpus/1"))]
    pub schema: &'static str,
    /// What made this.
    pub tool: Tool,
    /// How many reports were compared.
    pub reports: usize,
    /// How many checks came out in which way.
    pub tallies: Vec<TallyLine>,
    /// Every check.
    pub checks: Vec<Check>,
}

/// How many checks of a rule came out in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TallyLine {
    /// The rule.
    pub rule: String,
    /// How blanks counted.
    pub mode: Mode,
    /// What became of them.
    pub state: State,
    /// Why they could not be made.
    pub reason: Option<Reason>,
    /// How the figures of upper units stand to the sums of their units'.
    pub relation: Option<Relation>,
    /// How many.
    pub count: u64,
}

/// A check between reports.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Check {
    /// `<rule>.<table>.<instance>`, as far as it has these.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// How blanks count. Both modes are listed where they differ.
    pub mode: Mode,
    /// What became of it.
    pub state: State,
    /// Why it could not be made; null if it was.
    pub reason: Option<Reason>,
    /// How an upper unit's figure stands to the sum of its units'.
    pub relation: Option<Relation>,
    /// The issuer as printed.
    pub issuer: Option<String>,
    /// The year; of two the later.
    pub year: Option<i32>,
    /// Sum of the left side, where it can be formed.
    pub left: Option<Exact>,
    /// Sum of the right side, where it can be formed.
    pub right: Option<Exact>,
    /// The cells of the left side.
    pub left_cells: Vec<Cell>,
    /// The cells of the right side.
    pub right_cells: Vec<Cell>,
    /// Ids of the reports: the input's name, with `#2` for the second report of an input.
    pub reports: Vec<String>,
    /// Names of the units whose reports are missing.
    pub missing: Vec<String>,
    /// How many in a hundred of a text are also in another.
    pub share: Option<u8>,
    /// Printed sentences that it rests on.
    pub evidence: Vec<Sentence>,
    /// What kind of thing was seen; `gouji explain CODE` says more. Null where all is well.
    pub code: Option<&'static str>,
    /// How much it matters.
    pub severity: Severity,
    /// Who is at fault, where anything is.
    pub cause: Option<Cause>,
    /// What was seen.
    pub message: String,
}

/// A cell of a report.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cell {
    /// The report's id.
    pub report: String,
    /// The cell, as `table/row/column`.
    pub cell: String,
    /// What kind of thing is printed.
    pub status: CellStatus,
    /// The number; null unless `status` is `number`.
    pub value: Option<Exact>,
    /// Present and true where it is taken away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub minus: bool,
}

/// A printed sentence of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sentence {
    /// The report's id.
    pub report: String,
    /// The sentence.
    pub sentence: String,
}

impl CorpusReport {
    /// The object; messages are in the language of `checks`.
    pub fn new(reports: usize, tally: &Tally, checks: Vec<Check>) -> Self {
        let tool = Tool { name: "gouji".into(), version: env!("CARGO_PKG_VERSION").into() };
        Self { schema: "gouji.corpus/1", tool, reports, tallies: tally.lines(), checks }
    }
}

impl Check {
    /// A check as it goes over the wire; its message is in `lang`.
    pub fn new(check: CorpusCheck, lang: Lang) -> Self {
        Self {
            message: check.message.get(lang).to_owned(),
            id: check.id,
            rule: check.rule,
            mode: check.mode.into(),
            state: check.state,
            reason: check.reason,
            relation: check.relation,
            issuer: check.issuer,
            year: check.year,
            left: check.left.map(Exact),
            right: check.right.map(Exact),
            left_cells: check.left_cells.into_iter().map(Cell::from).collect(),
            right_cells: check.right_cells.into_iter().map(Cell::from).collect(),
            reports: check.reports,
            missing: check.missing,
            share: check.share,
            evidence: check.evidence.into_iter().map(Sentence::from).collect(),
            code: check.code.map(crate::finding::Code::name),
            severity: check.severity.into(),
            cause: check.cause.map(Cause::from),
        }
    }
}

impl From<Operand> for Cell {
    fn from(operand: Operand) -> Self {
        let Operand { report, cell, status, value, minus } = operand;
        Self { report, cell, status, value: value.map(Exact), minus }
    }
}

impl From<Evidence> for Sentence {
    fn from(Evidence { report, sentence }: Evidence) -> Self {
        Self { report, sentence }
    }
}

/// What checks are counted by.
type Outcome = (String, crate::check::Mode, State, Option<Reason>, Option<Relation>);

/// Counts of checks, by rule and outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(BTreeMap<Outcome, u64>);

impl Tally {
    /// Counts a check.
    pub fn count(&mut self, check: &CorpusCheck) {
        let outcome = (check.rule.clone(), check.mode, check.state, check.reason, check.relation);
        *self.0.entry(outcome).or_default() += 1;
    }

    /// The counts, by rule, mode, state, reason and relation.
    pub fn lines(&self) -> Vec<TallyLine> {
        let line = |((rule, mode, state, reason, relation), count): (&Outcome, &u64)| TallyLine {
            rule: rule.clone(),
            mode: (*mode).into(),
            state: *state,
            reason: *reason,
            relation: *relation,
            count: *count,
        };
        self.0.iter().map(line).collect()
    }
}
