//! The dataset's tables in, counts out. Everything that is kept grows with the number of reports at most.

use crate::dataset::schema::{self, Table};
use crate::dataset::{Failure, Folder, Row, Value};
use crate::number::Number;
use std::collections::{BTreeMap, BTreeSet};

/// The figures of the series: table, rows and column of the form.
const SERIES: (&str, [&str; 2], &str) = ("applications", ["new_requests", "carried_forward"], "total");
/// Inputs kept as examples of a problem.
const EXAMPLES: usize = 3;
/// Reports with failing ties that are listed.
pub(super) const LISTED: usize = 100;
/// Failing ties that are listed of each.
pub(super) const TIES: usize = 4;

/// What the page tells.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Inputs by status.
    pub(super) inputs: BTreeMap<String, u64>,
    /// Inputs that are not simply complete, by status and code.
    pub(super) problems: BTreeMap<(u8, String, String), Problem>,
    /// Every report, in the dataset's order.
    pub(super) reports: Vec<Report>,
    /// Findings by code.
    pub(super) findings: BTreeMap<String, Found>,
    /// Ties that hold, fail, and could not be evaluated.
    pub(super) ties: [u64; 3],
    /// Reports with ties that fail, those with most of them first.
    pub(super) failing: Vec<Failing>,
    /// How many such reports there are.
    pub(super) failing_reports: usize,
    /// Cells by status and certainty.
    pub(super) cells: BTreeMap<(String, String), u64>,
    /// The series: for each year, what is known of each row of [`SERIES`].
    pub(super) series: BTreeMap<i64, [Sum; 2]>,
}

/// Inputs that ended alike.
#[derive(Debug, Default)]
pub(super) struct Problem {
    /// How many.
    pub(super) count: u64,
    /// The first few: path and what was seen.
    pub(super) examples: Vec<(String, String)>,
    /// What to do.
    pub(super) help: String,
}

/// A report.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) id: String,
    pub(super) input: String,
    pub(super) title: String,
    pub(super) issuer: Option<String>,
    pub(super) year: Option<i64>,
    pub(super) complete: bool,
    pub(super) form: Option<String>,
    /// Whether another report says it is of the same issuer and year.
    pub(super) repeated: bool,
}

/// Findings of one code.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The gravest: 0 error, 1 warning, 2 info.
    pub(super) grade: u8,
    /// How many.
    pub(super) count: u64,
    /// In how many reports.
    pub(super) reports: u64,
    /// What to do.
    pub(super) help: String,
    last: String,
}

/// A report with ties that fail.
#[derive(Debug)]
pub(super) struct Failing {
    /// Its position among the reports.
    pub(super) report: usize,
    /// How many fail.
    pub(super) count: u64,
    /// The first few.
    pub(super) ties: Vec<Tie>,
}

/// A tie that fails.
#[derive(Debug)]
pub(super) struct Tie {
    pub(super) id: String,
    pub(super) left: String,
    pub(super) right: String,
    /// Where its result stands.
    pub(super) place: String,
    pub(super) page: Option<i64>,
    cell: String,
}

/// What a year's reports say of one figure.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sum {
    /// Reports with a number that may be relied on.
    pub(super) reports: u64,
    /// Their sum; `None` where it is too large to tell.
    pub(super) total: Option<Number>,
    /// Reports whose number is left out because another report is of the same issuer and year.
    pub(super) repeated: u64,
    /// Reports whose number is doubtful.
    pub(super) doubtful: u64,
    /// Reports with a cell but no number in it.
    pub(super) without: u64,
}

/// A row with its columns by name.
struct Named<'a> {
    table: &'static Table,
    row: &'a Row<'static>,
}

impl Named<'_> {
    fn value(&self, column: &str) -> &Value<'static> {
        self.table.position(column).and_then(|at| self.row.get(at)).unwrap_or(&Value::None)
    }

    fn text(&self, column: &str) -> &str {
        self.value(column).as_text().unwrap_or_default()
    }

    fn owned(&self, column: &str) -> String {
        self.text(column).to_owned()
    }

    fn some(&self, column: &str) -> Option<String> {
        self.value(column).as_text().map(str::to_owned)
    }

    fn count(&self, column: &str) -> u64 {
        self.value(column).as_integer().and_then(|number| number.try_into().ok()).unwrap_or_default()
    }
}

impl Facts {
    /// Reads the dataset once.
    pub(super) fn gather(folder: &Folder) -> Result<Self, Failure> {
        let mut facts = Self::default();
        each(folder, &schema::LEDGER, |row| facts.input(row))?;
        each(folder, &schema::REPORTS, |row| facts.report(row))?;
        each(folder, &schema::FINDINGS, |row| facts.finding(row))?;
        facts.failing(folder)?;
        let index: BTreeMap<String, usize> =
            facts.reports.iter().enumerate().map(|(at, report)| (report.id.clone(), at)).collect();
        let listed: BTreeSet<String> = facts
            .failing
            .iter()
            .filter_map(|failing| facts.reports.get(failing.report))
            .map(|r| r.id.clone())
            .collect();
        each(folder, &schema::CELLS, |row| facts.cell(row, &index, &listed))?;
        Ok(facts)
    }

    fn input(&mut self, row: &Named<'_>) {
        let (status, code) = (row.owned("status"), row.owned("code"));
        *self.inputs.entry(status.clone()).or_default() += 1;
        let grade = match status.as_str() {
            "complete" => return,
            "failed" => 0,
            "partial" => 1,
            "not-a-report" => 2,
            _ => 3,
        };
        let problem = self.problems.entry((grade, status, code)).or_default();
        problem.count += 1;
        if problem.examples.len() < EXAMPLES {
            problem.examples.push((row.owned("input"), row.owned("message")));
        }
        if problem.help.is_empty() {
            problem.help = row.owned("help");
        }
    }

    fn report(&mut self, row: &Named<'_>) {
        for (sum, column) in self.ties.iter_mut().zip(["checks_pass", "checks_fail", "checks_not_evaluable"]) {
            *sum += row.count(column);
        }
        self.reports.push(Report {
            id: row.owned("report_id"),
            input: row.owned("input"),
            title: row.owned("title"),
            issuer: row.some("issuer"),
            year: row.value("year").as_integer(),
            complete: row.text("status") == "complete",
            form: row.some("form"),
            repeated: row.count("same_issuer_year") > 1,
        });
    }

    fn finding(&mut self, row: &Named<'_>) {
        let grade = match row.text("severity") {
            "error" => 0,
            "warning" => 1,
            _ => 2,
        };
        let found = self.findings.entry(row.owned("code")).or_insert_with(|| Found { grade, ..Found::default() });
        found.grade = found.grade.min(grade);
        found.count += 1;
        // The findings of a report stand together.
        if found.last != row.text("report_id") {
            found.last = row.owned("report_id");
            found.reports += 1;
        }
        if found.help.is_empty() {
            found.help = row.owned("help");
        }
    }

    /// Counts the ties that fail in every report, then keeps those of the reports that are listed.
    fn failing(&mut self, folder: &Folder) -> Result<(), Failure> {
        let fails = |row: &Named<'_>| row.text("verdict") == "fail" && *row.value("soft") != Value::Flag(true);
        let mut counts: BTreeMap<String, (u64, String)> = BTreeMap::new();
        each(folder, &schema::CHECKS, |row| {
            if fails(row) {
                let (count, last) = counts.entry(row.owned("report_id")).or_default();
                // A tie may fail in both modes; it is one tie, and its rows stand together.
                if last != row.text("id") {
                    *count += 1;
                    *last = row.owned("id");
                }
            }
        })?;
        self.failing_reports = counts.len();
        let known = self.reports.iter().enumerate();
        let counted = known.filter_map(|(report, known)| Some((counts.get(&known.id)?.0, report)));
        let mut failing: Vec<Failing> =
            counted.map(|(count, report)| Failing { report, count, ties: Vec::new() }).collect();
        failing.sort_by_key(|failing| (std::cmp::Reverse(failing.count), failing.report));
        failing.truncate(LISTED);
        let index: BTreeMap<&str, usize> = failing
            .iter()
            .enumerate()
            .filter_map(|(at, failing)| Some((self.reports.get(failing.report)?.id.as_str(), at)))
            .collect();
        each(folder, &schema::CHECKS, |row| {
            let listed = index.get(row.text("report_id")).and_then(|at| failing.get_mut(*at)).filter(|_| fails(row));
            let Some(listed) = listed.filter(|listed| listed.ties.len() < TIES) else { return };
            if listed.ties.last().is_none_or(|last| last.id != row.text("id")) {
                listed.ties.push(Tie {
                    id: row.owned("id"),
                    left: row.value("left").to_string(),
                    right: row.value("right").to_string(),
                    place: String::new(),
                    page: None,
                    cell: row.text("cells").rsplit(' ').next().unwrap_or_default().to_owned(),
                });
            }
        })?;
        self.failing = failing;
        Ok(())
    }

    fn cell(&mut self, row: &Named<'_>, index: &BTreeMap<String, usize>, listed: &BTreeSet<String>) {
        let (status, certainty) = (row.text("status"), row.text("certainty"));
        match self.cells.get_mut(&(status.to_owned(), certainty.to_owned())) {
            Some(count) => *count += 1,
            None => drop(self.cells.insert((status.to_owned(), certainty.to_owned()), 1)),
        }
        let (table, key, column) = (row.text("table"), row.text("row"), row.text("column"));
        let report = row.text("report_id");
        if listed.contains(report) {
            let name = format!("{table}/{key}/{column}");
            let reports = &self.reports;
            let of = |failing: &&mut Failing| reports.get(failing.report).is_some_and(|known| known.id == report);
            let ties = self.failing.iter_mut().find(of).map(|failing| failing.ties.iter_mut());
            for tie in ties.into_iter().flatten().filter(|tie| tie.cell == name) {
                tie.place = row.owned("place");
                tie.page = row.value("page").as_integer();
            }
        }
        let (of_table, rows, of_column) = SERIES;
        let at = rows.iter().position(|series| *series == key).filter(|_| table == of_table && column == of_column);
        if let (Some(at), Some(year)) = (at, row.value("year").as_integer())
            && let Some(sum) = self.series.entry(year).or_insert([Sum::NONE; 2]).get_mut(at)
        {
            let repeated = index.get(report).and_then(|at| self.reports.get(*at)).is_some_and(|known| known.repeated);
            sum.add(row.value("value").as_decimal(), certainty == "doubtful", repeated);
        }
    }
}

impl Sum {
    const NONE: Self = Self { reports: 0, total: Some(Number::ZERO), repeated: 0, doubtful: 0, without: 0 };

    fn add(&mut self, value: Option<Number>, doubtful: bool, repeated: bool) {
        match value {
            None => self.without += 1,
            Some(_) if doubtful => self.doubtful += 1,
            Some(_) if repeated => self.repeated += 1,
            Some(value) => {
                self.reports += 1;
                self.total = self.total.and_then(|total| total.checked_add(value));
            }
        }
    }
}

fn each(folder: &Folder, table: &'static Table, mut take: impl FnMut(&Named<'_>)) -> Result<(), Failure> {
    for row in folder.rows(table)? {
        take(&Named { table, row: &row? });
    }
    Ok(())
}
