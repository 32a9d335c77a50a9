//! What `gouji check` prints for people. Words from documents are made safe for a terminal.

use crate::talk::{Paint, clean};
use gouji::check::{Check, Mode, Verdict};
use gouji::emit::{Labels, Place, ReportStatus, Tally};
use gouji::finding::{Cause, Finding};
use gouji::form::Relation;
use gouji::settle::{Cell, Status, Table};
use gouji::{InputInfo, Lang, Library, ReportResult};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// An equation with more terms than this is shown without its zeros.
const TERMS: usize = 6;

/// More ties than this that hold only with blanks as 0 are counted, not listed.
const BLANK_TIES: usize = 6;

/// A report's ties: a head line, a line for each tie that does not simply hold, findings, and the sum.
pub(crate) fn check(input: &InputInfo, result: &ReportResult, library: &Library, paint: Paint, lang: Lang) -> String {
    let view = View { result, labels: Labels::new(library), library, paint, lang };
    let tally = Tally::of(&result.checks);
    let mut out = view.head(input);
    let mut told = BTreeSet::new();
    for check in view.noteworthy() {
        let findings = view.findings_of(check);
        out.push_str(&view.tie(check, findings.first().copied()));
        told.extend(findings.iter().map(|finding| std::ptr::from_ref::<Finding>(finding)));
    }
    for finding in &result.findings {
        if !told.contains(&std::ptr::from_ref(finding)) {
            out.push_str(&view.finding(finding));
        }
    }
    let sum = tally.line(lang);
    let painted = if tally.fail > 0 {
        paint.bad(&sum)
    } else if tally.unchecked() > 0 {
        paint.warn(&sum)
    } else {
        paint.good(&sum)
    };
    let _ = writeln!(out, "  {painted}");
    out
}

/// One report and how to show it.
#[derive(Clone, Copy)]
struct View<'a> {
    result: &'a ReportResult,
    labels: Labels<'a>,
    library: &'a Library,
    paint: Paint,
    lang: Lang,
}

impl<'a> View<'a> {
    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn head(&self, input: &InputInfo) -> String {
        let report = &self.result.report;
        let issuer = report.issuer.as_deref().or(report.title.as_deref()).unwrap_or("–");
        let year = report.year.map_or_else(|| "–".into(), |year| year.to_string());
        let forms: BTreeSet<&str> = report.tables.iter().map(|table| table.form.as_str()).collect();
        let forms = forms.into_iter().collect::<Vec<_>>().join(" + ");
        let status = match ReportStatus::of(report) {
            ReportStatus::Complete => self.say("complete", "完整"),
            ReportStatus::Partial => self.say("partial", "不完整"),
            ReportStatus::Failed => self.say("failed", "失败"),
        };
        let name = self.paint.bold(&format!("{} {year}", clean(issuer)));
        format!("{name}  {forms}  {status}  {}\n", clean(&input.name))
    }

    /// Failing ties, then those that could not be checked though something is printed, then those that hold only with
    /// blanks as 0; of each the mode that says most.
    fn noteworthy(&self) -> Vec<&'a Check> {
        let mut by_id = BTreeMap::<&str, Vec<&Check>>::new();
        let mut order = Vec::new();
        for check in self.result.checks.iter().filter(|check| !check.soft) {
            let modes = by_id.entry(&check.id).or_default();
            if modes.is_empty() {
                order.push(check.id.as_str());
            }
            modes.push(check);
        }
        let (mut failing, mut unchecked, mut blank) = (Vec::new(), Vec::new(), Vec::new());
        for modes in order.iter().filter_map(|id| by_id.get(id)) {
            let lenient = modes.iter().copied().max_by_key(|check| check.mode);
            let strict_holds = modes.iter().any(|c| c.mode == Mode::Strict && c.verdict == Verdict::Pass);
            match lenient {
                Some(check) if check.verdict == Verdict::Fail => failing.push(check),
                Some(check) if check.verdict == Verdict::NotEvaluable && !self.is_empty(check) => unchecked.push(check),
                Some(check) if check.verdict == Verdict::NotEvaluable => {}
                Some(check) if !strict_holds => blank.push(check),
                _ => {}
            }
        }
        if blank.len() > BLANK_TIES {
            blank.clear();
        }
        [failing, unchecked, blank].concat()
    }

    /// Whether nothing is printed in any cell of a tie.
    fn is_empty(&self, check: &Check) -> bool {
        let mut cells = check.left_cells.iter().chain(&check.right_cells).filter_map(|name| self.cell(name));
        cells.all(|cell| matches!(cell.status, Status::Blank | Status::Mark | Status::Absent))
    }

    /// The findings about a tie: those whose cells are all cells of it.
    fn findings_of(&self, check: &Check) -> Vec<&'a Finding> {
        let cells: BTreeSet<&String> = check.left_cells.iter().chain(&check.right_cells).collect();
        let about = |finding: &&Finding| {
            check.verdict == Verdict::Fail
                && finding.code.name().ends_with("-mismatch")
                && !finding.cells.is_empty()
                && finding.cells.iter().all(|cell| cells.contains(cell))
        };
        self.result.findings.iter().filter(about).collect()
    }

    /// A tie as an equation, and what is to be said about it.
    fn tie(&self, check: &Check, finding: Option<&Finding>) -> String {
        let form = self.table(&check.table).map_or("", |table| table.form.as_str());
        let name = format!("{}.{} · {}", check.table, check.rule, self.labels.instance(form, check));
        let at_most = self.library.table(form, &check.table).is_some_and(|table| {
            table.checks.iter().any(|tie| tie.rule == check.rule && tie.relation == Relation::AtMost)
        });
        let sign = match (check.verdict, at_most) {
            (Verdict::Pass, false) => "=",
            (Verdict::Pass, true) => "≤",
            (Verdict::Fail, false) => "≠",
            (Verdict::Fail, true) => ">",
            (Verdict::NotEvaluable, _) => "?",
        };
        let equation = format!("{} {sign} {}", self.side(&check.left_cells), self.side(&check.right_cells));
        let remark = match check.verdict {
            Verdict::Pass => self.blanks(check, form),
            Verdict::NotEvaluable => self.say("not checked", "无法核对").to_owned(),
            Verdict::Fail => self.failure(check, form, finding),
        };
        let equation = if check.verdict == Verdict::Fail { self.paint.bad(&equation) } else { equation };
        format!("  {}   {equation}   {}\n", clean(&name), clean(&remark))
    }

    fn side(&self, cells: &[String]) -> String {
        let terms: Vec<String> = cells.iter().map(|name| self.cell(name).map_or_else(|| "?".into(), term)).collect();
        let zeros = terms.len() > TERMS;
        let shown: Vec<&str> = terms.iter().map(String::as_str).filter(|term| !zeros || *term != "0").collect();
        if shown.is_empty() { "0".into() } else { shown.join(" + ") }
    }

    /// `ties if blanks are 0 (1 blank: 结转下年度继续办理)`.
    fn blanks(&self, check: &Check, form: &str) -> String {
        let cells = check.left_cells.iter().chain(&check.right_cells);
        let blank: Vec<String> = cells
            .filter(|name| self.cell(name).is_some_and(|cell| matches!(cell.status, Status::Blank | Status::Mark)))
            .map(|name| self.cell_label(check, form, name))
            .collect();
        let labels = if blank.len() <= 3 { format!("：{}", blank.join("、")) } else { String::new() };
        match self.lang {
            Lang::En => {
                let noun = if blank.len() == 1 { "blank" } else { "blanks" };
                format!("ties if blanks are 0 ({} {noun}{})", blank.len(), labels.replacen('：', ": ", 1))
            }
            Lang::Zh => format!("空格计为 0 时成立（{} 处空格{labels}）", blank.len()),
        }
    }

    /// `wrong in the document: 总计 printed 0 (p. 4), parts add to 11`.
    fn failure(&self, check: &Check, form: &str, finding: Option<&Finding>) -> String {
        let fault = match finding.map(|finding| finding.cause) {
            Some(Cause::Source) => self.say("wrong in the document", "原文有误"),
            Some(Cause::Reading) => self.say("may have been misread", "可能误读"),
            Some(Cause::Documents) => self.say("differs between the documents", "文件之间不一致"),
            Some(Cause::Undetermined) | None => self.say("does not hold", "不成立"),
        };
        let sums = match (check.left, check.right, check.right_cells.as_slice()) {
            (Some(left), Some(_), [total]) => {
                let label = self.cell_label(check, form, total);
                let cell = self.cell(total);
                let printed = cell.map_or("", |cell| cell.raw.as_str());
                let place = cell.and_then(|cell| cell.place.as_ref()).map(|place| Place::from(place).to_string());
                let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
                match self.lang {
                    Lang::En => format!(": {label} printed {printed}{place}, parts add to {left}"),
                    Lang::Zh => format!("：{label} 印作 {printed}{place}，各项之和为 {left}"),
                }
            }
            (Some(left), Some(right), _) => format!(": {left} ≠ {right}{}", self.first_place(check)),
            _ => String::new(),
        };
        format!("{fault}{sums}")
    }

    fn first_place(&self, check: &Check) -> String {
        let mut cells = check.left_cells.iter().filter_map(|name| self.cell(name)?.place.as_ref());
        cells.next().map(|place| format!(" ({})", Place::from(place))).unwrap_or_default()
    }

    /// What tells a cell from the others of its tie: its row or its column.
    fn cell_label(&self, check: &Check, form: &str, name: &str) -> String {
        let parts: Vec<&str> = name.split('/').collect();
        let [table, row, column] = parts.as_slice() else { return name.to_owned() };
        let first_row = check.left_cells.first().and_then(|first| first.split('/').nth(1));
        let same_row =
            check.left_cells.iter().chain(&check.right_cells).all(|cell| cell.split('/').nth(1) == first_row);
        let label = if same_row { self.labels.column(form, table, column) } else { self.labels.row(form, table, row) };
        label.rsplit(" · ").next().unwrap_or(&label).to_owned()
    }

    fn finding(&self, finding: &Finding) -> String {
        let place = finding.place.as_ref().map(|place| format!(" ({})", Place::from(place))).unwrap_or_default();
        let tag = self.paint.tag(finding.severity, finding.code.name());
        format!("  {tag} {}{}\n", clean(finding.message.get(self.lang)), clean(&place))
    }

    fn table(&self, id: &str) -> Option<&'a Table> {
        self.result.report.tables.iter().find(|table| table.id == id)
    }

    fn cell(&self, name: &str) -> Option<&'a Cell> {
        let mut parts = name.split('/');
        let (table, row, column) = (parts.next()?, parts.next()?, parts.next()?);
        self.table(table)?.cells.iter().find(|cell| cell.row == row && cell.column == column)
    }
}

/// A cell as a term of an equation in which blanks count as 0.
fn term(cell: &Cell) -> String {
    match (cell.status, cell.value) {
        (Status::Number, Some(value)) => value.to_string(),
        (Status::Blank | Status::Mark | Status::Absent, _) => "0".into(),
        _ => "?".into(),
    }
}
