//! Every fixture is read and compared with its truth (`expected.toml`) and with what it gave before (`expected.snap`).
//!
//! Adding a case adds files, never Rust. One walk reports all failures.

use crate::{root, shown};
use gouji::emit::{self, CellStatus, Certainty, Report, ReportStatus};
use gouji::{Error, Extraction, Lang, Library, Options, number};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// `case.toml`: why the fixture is there and how it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    about: String,
    /// Why the reader does not manage it yet; only cases of tables may say so.
    pub(crate) known: Option<String>,
    #[serde(default)]
    form: Vec<String>,
    password: Option<String>,
    #[serde(default)]
    limit: BTreeMap<String, u64>,
    error: Option<String>,
    #[serde(default)]
    or: Vec<String>,
    /// Whether it is read with models too; see `scans.rs`.
    #[serde(default)]
    models: bool,
}

/// `expected.toml`: what is printed in the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    reports: Vec<TrueReport>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueReport {
    issuer: Option<String>,
    year: Option<i32>,
    issued_on: Option<String>,
    #[serde(default)]
    failing: BTreeSet<String>,
    status: Option<String>,
    #[serde(default)]
    codes: BTreeSet<String>,
    #[serde(default)]
    never: BTreeSet<String>,
    #[serde(default)]
    unsure: BTreeSet<String>,
    #[serde(default)]
    forms: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, BTreeMap<String, Row>>,
    #[serde(default)]
    values: BTreeMap<String, TrueValue>,
}

/// A row of a true table: its cells by column, or in the order of the table's `columns`, which is such a list itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Row {
    Named(BTreeMap<String, String>),
    Listed(Vec<String>),
}

impl TrueReport {
    /// Every printed cell as `table/row/column` with its characters.
    fn cells(&self) -> BTreeMap<String, &str> {
        let mut cells = BTreeMap::new();
        for (table, rows) in &self.tables {
            let columns: &[String] = match rows.get("columns") {
                Some(Row::Listed(columns)) => columns,
                _ => &[],
            };
            for (row, values) in rows.iter().filter(|(row, _)| *row != "columns") {
                let named: Vec<(&String, &String)> = match values {
                    Row::Named(values) => values.iter().collect(),
                    Row::Listed(values) => {
                        assert_eq!(values.len(), columns.len(), "{table}/{row}");
                        columns.iter().zip(values).collect()
                    }
                };
                cells.extend(named.into_iter().map(|(column, raw)| (format!("{table}/{row}/{column}"), raw.as_str())));
            }
        }
        cells
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueValue {
    value: String,
    unit: Option<String>,
}

/// A fixture folder with its input.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) case: Case,
    pub(crate) bytes: Vec<u8>,
}

impl Fixture {
    pub(crate) fn options(&self) -> Options {
        let mut options = Options { password: self.case.password.clone(), ..Options::default() };
        for (name, value) in &self.case.limit {
            assert!(options.limits.set(name, *value), "{}: no limit is called {name}", self.name);
        }
        options
    }

    fn extract(&self) -> Result<Extraction, Error> {
        self.extract_with(&self.options())
    }

    pub(crate) fn extract_with(&self, options: &Options) -> Result<Extraction, Error> {
        gouji::extract(&self.bytes, &self.name, options, &Library::builtin().unwrap())
    }

    /// The codes that may stop it.
    pub(crate) fn allowed(&self) -> Vec<&str> {
        self.case.error.iter().chain(&self.case.or).map(String::as_str).collect()
    }

    fn truth(&self) -> Truth {
        let truth = fs::read_to_string(self.folder.join("expected.toml")).unwrap();
        toml::from_str(&truth).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }
}

/// The fixtures below a folder of `fixtures/` that need no models.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    below(folder).into_iter().filter(|fixture| !fixture.case.models).collect()
}

/// The fixtures below a folder of `fixtures/` that are pictures.
pub(crate) fn pictures(folder: &str) -> Vec<Fixture> {
    below(folder).into_iter().filter(|fixture| fixture.case.models).collect()
}

fn below(folder: &str) -> Vec<Fixture> {
    let top = root().join("fixtures");
    let cases = crate::files_below(&top.join(folder)).into_iter().filter(|file| file.ends_with("case.toml"));
    cases
        .map(|file| {
            let folder = file.parent().unwrap().to_owned();
            let name = folder.strip_prefix(&top).unwrap().to_string_lossy().replace('\\', "/");
            let case = toml::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
            let inputs = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            let mut inputs = inputs.filter(|path| path.file_stem().is_some_and(|stem| stem == "input"));
            let input = inputs.next().unwrap_or_else(|| panic!("{name} has no input"));
            Fixture { name, folder, case, bytes: fs::read(input).unwrap() }
        })
        .collect()
}

/// Runs a check on every fixture and fails with all that went wrong.
pub(crate) fn all(fixtures: &[Fixture], check: impl Fn(&Fixture) -> Vec<String>) {
    assert!(!fixtures.is_empty(), "there are no fixtures");
    let mut wrong = Vec::new();
    for fixture in fixtures {
        let complaints = check(fixture);
        if !complaints.is_empty() {
            let shown: Vec<String> = complaints.iter().take(8).map(|complaint| format!("    {complaint}")).collect();
            let more = complaints.len().saturating_sub(shown.len());
            wrong.push(format!("{} ({})\n{}\n    … {more} more", fixture.name, fixture.case.about, shown.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} fixtures\n{}", wrong.len(), fixtures.len(), wrong.join("\n"));
}

#[test]
fn fixtures_give_what_is_printed_in_them() {
    all(&fixtures("forms"), |fixture| match fixture.extract() {
        Ok(extraction) => departures(fixture, &Report::all(&extraction, Lang::En)),
        Err(error) => vec![format!("stopped: {}: {error}", error.code())],
    });
}

/// Everything in which what was read departs from a fixture's truth.
pub(crate) fn departures(fixture: &Fixture, reports: &[Report]) -> Vec<String> {
    let truth = fixture.truth();
    let mut complaints = Vec::new();
    if reports.len() != truth.reports.len() {
        complaints.push(format!("{} reports instead of {}", reports.len(), truth.reports.len()));
    }
    let forms: BTreeSet<&str> = reports.iter().flat_map(|r| &r.tables).map(|table| table.form.as_str()).collect();
    complaints.extend(
        fixture.case.form.iter().filter(|form| !forms.contains(form.as_str())).map(|form| format!("no {form}")),
    );
    for (truth, report) in truth.reports.iter().zip(reports) {
        complaints.extend(compare(truth, report));
    }
    complaints
}

/// The cells that are given otherwise than they are printed, without a word of doubt.
pub(crate) fn silent_errors(fixture: &Fixture, reports: &[Report]) -> Vec<String> {
    let truth = fixture.truth();
    let mut wrong = Vec::new();
    for (truth, report) in truth.reports.iter().zip(reports) {
        let printed = truth.cells();
        for (table, cell) in report.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell))) {
            let name = format!("{}/{}/{}", table.id, cell.row, cell.column);
            let right = printed.get(&name).is_some_and(|printed| number::fold(printed) == number::fold(&cell.raw));
            if !right && !is_warned(report, cell, &name) {
                wrong.push(format!("{name}: {:?} instead of {:?}", cell.raw, printed.get(&name)));
            }
        }
    }
    wrong
}

/// Whether a report says that a cell is not to be trusted.
fn is_warned(report: &Report, cell: &emit::Cell, name: &str) -> bool {
    matches!(cell.status, CellStatus::Unreadable | CellStatus::Absent)
        || matches!(cell.certainty, Certainty::Doubtful | Certainty::Position)
        || report.findings.iter().any(|finding| finding.cells.iter().any(|cell| cell == name))
}

#[test]
fn what_was_written_can_be_read_again() {
    all(&fixtures("forms"), |fixture| {
        let Ok(extraction) = fixture.extract() else { return vec!["stopped".into()] };
        let reports = Report::all(&extraction, Lang::En);
        let again = |report: &Report| -> Report {
            serde_json::from_str(&emit::json::line(report).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", fixture.name))
        };
        let differing = reports.iter().filter(|report| again(report) != **report);
        differing.map(|report| format!("report {} differs", report.report.ordinal)).collect()
    });
}

/// Everything in which a report departs from the truth.
fn compare(truth: &TrueReport, report: &Report) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut same = |what: &str, expected: String, found: String| {
        if expected != found {
            complaints.push(format!("{what}: {found} instead of {expected}"));
        }
    };
    same("issuer", format!("{:?}", truth.issuer), format!("{:?}", report.report.issuer));
    same("year", format!("{:?}", truth.year), format!("{:?}", report.report.year));
    same("issued_on", format!("{:?}", truth.issued_on), format!("{:?}", report.report.issued_on));
    let failing: BTreeSet<String> = report
        .checks
        .iter()
        .filter(|check| check.verdict == emit::Verdict::Fail && !check.soft)
        .filter(|check| {
            truth.failing.contains(&check.id) || !check.cells.iter().any(|cell| truth.unsure.contains(cell))
        })
        .map(|check| check.id.clone())
        .collect();
    same("failing", format!("{:?}", truth.failing), format!("{failing:?}"));
    for (table, form) in &truth.forms {
        let found = report.tables.iter().find(|t| t.id == *table).map(|t| t.form.as_str());
        same(table, form.clone(), found.unwrap_or("nothing").to_owned());
    }
    let status = format!("{:?}", report.status).to_lowercase();
    same("status", truth.status.clone().unwrap_or_else(|| "complete".into()), status);
    let codes: BTreeSet<&str> = report.findings.iter().map(|finding| finding.code.as_ref()).collect();
    complaints.extend(truth.codes.iter().filter(|c| !codes.contains(c.as_str())).map(|c| format!("no finding {c}")));
    complaints.extend(truth.never.iter().filter(|c| codes.contains(c.as_str())).map(|c| format!("a finding {c}")));
    complaints.extend(compare_cells(truth, report));
    complaints
}

fn compare_cells(truth: &TrueReport, report: &Report) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut expected = truth.cells();
    for table in &report.tables {
        for cell in &table.cells {
            let name = format!("{}/{}/{}", table.id, cell.row, cell.column);
            let printed = expected.remove(&name);
            if truth.unsure.contains(&name) {
                if !is_warned(report, cell, &name) {
                    complaints.push(format!("{name}: {:?} without a word of doubt", cell.raw));
                }
                continue;
            }
            let found = if cell.status == CellStatus::Absent { None } else { Some(cell.raw.as_str()) };
            if found.map(number::fold) != printed.map(number::fold) {
                complaints.push(format!("{name}: {found:?} instead of {printed:?}"));
            }
            if let Some(value) = truth.values.get(&name) {
                let found = (cell.value.map(|value| value.to_string()), cell.unit.clone());
                let wanted = (Some(value.value.clone()), value.unit.clone().or_else(|| cell.unit.clone()));
                if found != wanted {
                    complaints.push(format!("{name}: {found:?} instead of {wanted:?}"));
                }
            }
        }
    }
    complaints.extend(
        expected.into_keys().filter(|name| !truth.unsure.contains(name)).map(|name| format!("{name}: not read")),
    );
    if report.status == ReportStatus::Complete && !complaints.is_empty() {
        complaints.push("and yet the report says it is complete".into());
    }
    complaints
}

#[test]
fn traps_stop_with_their_code() {
    let traps = fixtures("broken");
    if traps.is_empty() {
        return;
    }
    all(&traps, |fixture| {
        let allowed = fixture.allowed();
        match fixture.extract() {
            Err(error) if allowed.contains(&error.code()) => Vec::new(),
            Err(error) => vec![format!("{}: {error}; expected {allowed:?}", error.code())],
            // A trap without a code only must not bring the reader down.
            Ok(_) if allowed.is_empty() => Vec::new(),
            Ok(_) => vec![format!("read; expected {allowed:?}")],
        }
    });
}

#[test]
fn fixtures_give_what_they_gave_before() {
    let cases = fixtures("forms");
    let taken = cases.iter().any(|fixture| fixture.folder.join("expected.snap").exists());
    if !taken && std::env::var_os("INSTA_UPDATE").is_none() {
        // Before the first ones are taken there is nothing to compare with; after that, none may be missing.
        return;
    }
    all(&cases, |fixture| {
        let shown = shown::result(&fixture.bytes, &fixture.name, &fixture.options());
        let folder = fixture.folder.clone();
        // On a thread of its own, so that the first difference does not hide the others.
        let compared = std::thread::spawn(move || {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!("expected", shown));
        });
        compared.join().err().map(|_| "differs; see above".to_owned()).into_iter().collect()
    });
}

#[test]
fn every_fixture_says_why_it_is_there() {
    for folder in ["forms", "broken", "tables"] {
        for fixture in below(folder) {
            assert!(fixture.case.about.len() > 10, "{}", fixture.name);
            assert!(fixture.case.known.is_none() || folder == "tables", "{}", fixture.name);
        }
    }
}
