//! Cells in, checks and findings out: every tie of the form, strict and with blanks as zero; claims of the prose;
//! plausibility; and for failed ties the smallest set of cells whose change would mend all.

mod arithmetic;
mod cautions;
mod claims;
mod mend;
mod prose;
#[cfg(test)]
mod tests;

use crate::finding::Findings;
use crate::form::Library;
use crate::number::Number;
use crate::settle::Report;
use arithmetic::Bound;

/// One tie on one row or column, evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// `<table>.<rule>.<instance>`.
    pub id: String,
    /// The rule's name.
    pub rule: String,
    /// The table.
    pub table: String,
    /// How blanks count.
    pub mode: Mode,
    /// What came out.
    pub verdict: Verdict,
    /// Sum of the left side, if it could be formed.
    pub left: Option<Number>,
    /// Sum of the right side, if it could be formed.
    pub right: Option<Number>,
    /// Cells of the left side, as `table/row/column`.
    pub left_cells: Vec<String>,
    /// Cells of the right side.
    pub right_cells: Vec<String>,
    /// Whether a failure is an error (`false`) or only worth knowing (`true`).
    pub soft: bool,
}

/// How blanks count in a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Only printed numbers; a blank makes the check impossible to evaluate.
    Strict,
    /// Blanks and marks count as 0.
    BlankAsZero,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It could not be evaluated, which is never a pass.
    NotEvaluable,
}

/// Evaluates every tie of the forms in use and adds what is wrong, odd or implausible to the findings.
pub fn check(report: &Report, library: &Library, findings: &mut Findings) -> Vec<Check> {
    let tables: Vec<Bound<'_>> = report.tables.iter().map(|t| Bound::new(t, library)).collect();
    for table in &tables {
        arithmetic::findings(table, findings);
        mend::findings(table, findings);
        cautions::findings(table, report.issuer.as_deref(), library, findings);
    }
    claims::findings(report, &tables, library, findings);
    tables.iter().flat_map(arithmetic::checks).collect()
}
