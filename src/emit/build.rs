//! Inner results in, wire reports out. The rule for a report's `status` is here.

use super::report::{
    Block, Case, Cell, Check, Coverage, Finding, Input, ReadingMethod, Repair, Report, ReportStatus, SecondReading,
    Section, Table, Tool,
};
use super::scalar::{Exact, Place};
use crate::bind::Labels;
use crate::pipeline::{Extraction, InputInfo, ReportResult};
use crate::text::Lang;
use crate::{check, finding, settle};
use std::borrow::Cow;

/// The program that wrote the output.
pub(super) const TOOL: Tool = Tool { name: Cow::Borrowed("gouji"), version: Cow::Borrowed(env!("CARGO_PKG_VERSION")) };

impl Report {
    /// The reports of one input as they go over the wire; messages are in `lang`.
    pub fn all(extraction: &Extraction, lang: Lang) -> Vec<Self> {
        extraction.reports.iter().map(|result| Self::new(&extraction.input, result, lang)).collect()
    }

    /// One report as it goes over the wire; messages are in `lang`.
    pub fn new(input: &InputInfo, result: &ReportResult, lang: Lang) -> Self {
        let report = &result.report;
        Self {
            schema: "gouji.report/1".into(),
            tool: TOOL,
            input: Input::from(input),
            report: Case {
                ordinal: report.ordinal,
                title: report.title.clone(),
                issuer: report.issuer.clone(),
                year: report.year,
                issued_on: report.issued_on.clone(),
            },
            status: ReportStatus::of(report),
            sections: report.sections.iter().map(Section::from).collect(),
            tables: report.tables.iter().map(Table::from).collect(),
            checks: telling(&result.checks).into_iter().map(Check::from).collect(),
            findings: result.findings.iter().map(|finding| Finding::new(finding, lang)).collect(),
            repairs: report.repairs.iter().map(Repair::from).collect(),
        }
    }
}

impl ReportStatus {
    /// `failed` without any table; `complete` if no table of the form is missing and every cell of every table is
    /// accounted for, that is, neither unreadable nor absent; `partial` otherwise. A cell that is absent counts
    /// against the report because from the outside half a table looks just like a table that was printed short.
    pub fn of(report: &settle::Report) -> Self {
        let accounted = |table: &settle::Table| {
            let lost = |cell: &settle::Cell| matches!(cell.status, settle::Status::Unreadable | settle::Status::Absent);
            !table.cells.is_empty() && !table.cells.iter().any(lost)
        };
        if report.tables.is_empty() {
            Self::Failed
        } else if report.missing_tables.is_empty() && report.tables.iter().all(accounted) {
            Self::Complete
        } else {
            Self::Partial
        }
    }
}

/// Leaves out a blank-as-zero check that says the same as the strict one of its id.
fn telling(checks: &[check::Check]) -> Vec<&check::Check> {
    let repeats = |this: &check::Check| {
        this.mode == check::Mode::BlankAsZero
            && checks.iter().any(|other| {
                other.mode == check::Mode::Strict
                    && other.id == this.id
                    && (other.verdict, other.left, other.right) == (this.verdict, this.left, this.right)
            })
    };
    checks.iter().filter(|check| !repeats(check)).collect()
}

impl From<&InputInfo> for Input {
    fn from(input: &InputInfo) -> Self {
        Self {
            name: input.name.clone(),
            sha256: input.sha256.clone(),
            bytes: input.bytes,
            format: input.format.name().into(),
            pages: input.pages,
        }
    }
}

impl From<&settle::Table> for Table {
    fn from(table: &settle::Table) -> Self {
        Self {
            id: table.id.clone(),
            form: table.form.clone(),
            blocks: table.editions.iter().zip(&table.labels).map(Block::from).collect(),
            parts: table.parts.iter().map(Place::from).collect(),
            coverage: Coverage::of(&table.cells),
            cells: table.cells.iter().map(Cell::from).collect(),
        }
    }
}

impl From<(&(String, String), &Labels)> for Block {
    fn from(((id, form), labels): (&(String, String), &Labels)) -> Self {
        let Labels { rows, columns } = labels.clone();
        Self { id: id.clone(), form: form.clone(), rows, columns }
    }
}

impl Coverage {
    /// Adds up the coverage of several tables.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, one| Self {
            expected: sum.expected + one.expected,
            number: sum.number + one.number,
            zero: sum.zero + one.zero,
            blank: sum.blank + one.blank,
            mark: sum.mark + one.mark,
            text: sum.text + one.text,
            unreadable: sum.unreadable + one.unreadable,
            absent: sum.absent + one.absent,
        })
    }

    /// Counts the cells.
    pub fn of(cells: &[settle::Cell]) -> Self {
        let mut coverage = Self::default();
        for cell in cells {
            coverage.expected += 1;
            *match cell.status {
                settle::Status::Number if cell.value.is_some_and(|value| value.is_zero()) => &mut coverage.zero,
                settle::Status::Number => &mut coverage.number,
                settle::Status::Blank => &mut coverage.blank,
                settle::Status::Mark => &mut coverage.mark,
                settle::Status::Text => &mut coverage.text,
                settle::Status::Unreadable => &mut coverage.unreadable,
                settle::Status::Absent => &mut coverage.absent,
            } += 1;
        }
        coverage
    }
}

impl From<&settle::Cell> for Cell {
    fn from(cell: &settle::Cell) -> Self {
        let (second_reading, second_raw, second_why) = match &cell.second {
            None => (None, None, None),
            Some(settle::Second::Same) => (Some(SecondReading::Same), None, None),
            Some(settle::Second::Differs { text }) => (Some(SecondReading::Differs), Some(text.clone()), None),
            Some(settle::Second::NotPossible(why)) => {
                (Some(SecondReading::NotPossible), None, Some(Cow::Borrowed(why.name())))
            }
        };
        Self {
            row: cell.row.clone(),
            column: cell.column.clone(),
            status: cell.status.into(),
            value: cell.value.filter(|_| cell.status == settle::Status::Number).map(Exact),
            raw: cell.raw.clone(),
            unit: cell.unit.clone(),
            certainty: cell.certainty.into(),
            place: cell.place.as_ref().map(Place::from),
            total: cell.total,
            second_reading,
            second_raw,
            second_why,
            method: cell.recognised.then_some(ReadingMethod::Ocr),
        }
    }
}

impl From<&check::Check> for Check {
    fn from(check: &check::Check) -> Self {
        Self {
            id: check.id.clone(),
            rule: check.rule.clone(),
            table: check.table.clone(),
            mode: check.mode.into(),
            verdict: check.verdict.into(),
            left: check.left.map(Exact),
            right: check.right.map(Exact),
            cells: check.left_cells.iter().chain(&check.right_cells).cloned().collect(),
            soft: check.soft,
        }
    }
}

impl Finding {
    /// A finding as it goes over the wire.
    pub fn new(finding: &finding::Finding, lang: Lang) -> Self {
        Self {
            code: finding.code.name().into(),
            severity: finding.severity.into(),
            cause: finding.cause.into(),
            message: finding.message.get(lang).to_owned(),
            help: finding.help.get(lang).to_owned(),
            cells: finding.cells.clone(),
            place: finding.place.as_ref().map(Place::from),
            evidence: finding.evidence.clone(),
        }
    }
}

impl From<&settle::Repair> for Repair {
    fn from(repair: &settle::Repair) -> Self {
        Self {
            cell: repair.cell.clone(),
            before: repair.before.clone(),
            after: repair.after.clone(),
            ties: repair.ties.clone(),
            unique: repair.unique,
            reason: repair.reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number;
    use check::{Mode, Verdict};
    use settle::{Certainty, Status};

    fn cell(status: Status, raw: &str) -> settle::Cell {
        settle::Cell {
            row: "r".into(),
            column: "c".into(),
            status,
            value: number::parse(raw),
            raw: raw.into(),
            unit: None,
            certainty: Certainty::Read,
            place: None,
            total: false,
            second: None,
            recognised: false,
        }
    }

    fn report(cells: Vec<settle::Cell>) -> settle::Report {
        let table = settle::Table {
            id: "t".into(),
            form: "f/1".into(),
            editions: Vec::new(),
            labels: Vec::new(),
            parts: Vec::new(),
            cells,
        };
        settle::Report { ordinal: 1, tables: vec![table], ..settle::Report::default() }
    }

    #[test]
    fn complete_needs_every_table_and_every_cell() {
        let whole = report(vec![cell(Status::Number, "1"), cell(Status::Blank, "")]);
        assert_eq!(ReportStatus::of(&whole), ReportStatus::Complete);
        let missing = settle::Report { missing_tables: vec!["u".into()], ..whole };
        assert_eq!(ReportStatus::of(&missing), ReportStatus::Partial);
        for lost in [Status::Unreadable, Status::Absent] {
            assert_eq!(ReportStatus::of(&report(vec![cell(lost, "")])), ReportStatus::Partial);
        }
        assert_eq!(ReportStatus::of(&report(Vec::new())), ReportStatus::Partial);
        assert_eq!(ReportStatus::of(&settle::Report::default()), ReportStatus::Failed);
    }

    #[test]
    fn coverage_adds_up() {
        let cells = [
            cell(Status::Number, "0.00"),
            cell(Status::Number, "7"),
            cell(Status::Blank, ""),
            cell(Status::Mark, "/"),
            cell(Status::Text, "见附件"),
            cell(Status::Unreadable, "\u{FFFD}"),
            cell(Status::Absent, ""),
        ];
        let c = Coverage::of(&cells);
        assert_eq!((c.expected, c.zero, c.number), (7, 1, 1));
        assert_eq!(c.expected, c.number + c.zero + c.blank + c.mark + c.text + c.unreadable + c.absent);
    }

    #[test]
    fn a_second_mode_is_listed_only_where_it_differs() {
        let check = |id: &str, mode, verdict| check::Check {
            id: id.into(),
            rule: "row_total".into(),
            table: "t".into(),
            mode,
            verdict,
            left: None,
            right: None,
            left_cells: Vec::new(),
            right_cells: Vec::new(),
            soft: false,
        };
        let checks = [
            check("a", Mode::Strict, Verdict::Pass),
            check("a", Mode::BlankAsZero, Verdict::Pass),
            check("b", Mode::Strict, Verdict::NotEvaluable),
            check("b", Mode::BlankAsZero, Verdict::Pass),
        ];
        let kept: Vec<_> = telling(&checks).into_iter().map(|c| (c.id.as_str(), c.mode)).collect();
        assert_eq!(kept, [("a", Mode::Strict), ("b", Mode::Strict), ("b", Mode::BlankAsZero)]);
    }
}
