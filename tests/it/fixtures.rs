//! Every fixture is read and compared with its truth (`expected.toml`) and with what it gave before (`expected.snap`).
//!
//! Adding a case adds files, never Rust. One walk reports all failures.

use crate::root;
use gouji::emit::{self, CellStatus, Certainty, Report, ReportStatus};
use gouji::page::Body;
use gouji::{Error, Extraction, Lang, Library, Options, Selection, number};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// `case.toml`: why the fixture is there and how it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    #[serde(default)]
    form: Vec<String>,
    password: Option<String>,
    #[serde(default)]
    limit: BTreeMap<String, u64>,
    error: Option<String>,
    #[serde(default)]
    or: Vec<String>,
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
    #[serde(default)]
    codes: BTreeSet<String>,
    #[serde(default)]
    unsure: BTreeSet<String>,
    #[serde(default)]
    forms: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    #[serde(default)]
    values: BTreeMap<String, TrueValue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueValue {
    value: String,
    unit: Option<String>,
}

/// A fixture folder with its input.
struct Fixture {
    name: String,
    folder: PathBuf,
    case: Case,
    bytes: Vec<u8>,
}

impl Fixture {
    fn options(&self) -> Options {
        let mut options = Options { password: self.case.password.clone(), ..Options::default() };
        for (name, value) in &self.case.limit {
            assert!(options.limits.set(name, *value), "{}: no limit is called {name}", self.name);
        }
        options
    }

    fn extract(&self) -> Result<Extraction, Error> {
        gouji::extract(&self.bytes, &self.name, &self.options(), &Library::builtin().unwrap())
    }
}

/// The fixtures below a folder of `fixtures/`.
fn fixtures(folder: &str) -> Vec<Fixture> {
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
fn all(fixtures: &[Fixture], check: impl Fn(&Fixture) -> Vec<String>) {
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
    all(&fixtures("forms"), |fixture| {
        let truth = fs::read_to_string(fixture.folder.join("expected.toml")).unwrap();
        let truth: Truth = toml::from_str(&truth).unwrap_or_else(|e| panic!("{}: {e}", fixture.name));
        let reports = match fixture.extract() {
            Ok(extraction) => Report::all(&extraction, Lang::En),
            Err(error) => return vec![format!("stopped: {}: {error}", error.code())],
        };
        let mut complaints = Vec::new();
        if reports.len() != truth.reports.len() {
            complaints.push(format!("{} reports instead of {}", reports.len(), truth.reports.len()));
        }
        let forms: BTreeSet<&str> = reports.iter().flat_map(|r| &r.tables).map(|table| table.form.as_str()).collect();
        complaints.extend(
            fixture.case.form.iter().filter(|form| !forms.contains(form.as_str())).map(|form| format!("no {form}")),
        );
        for (truth, report) in truth.reports.iter().zip(&reports) {
            complaints.extend(compare(truth, report));
        }
        complaints
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
        .map(|check| check.id.clone())
        .collect();
    same("failing", format!("{:?}", truth.failing), format!("{failing:?}"));
    for (table, form) in &truth.forms {
        let found = report.tables.iter().find(|t| t.id == *table).map(|t| t.form.as_str());
        same(table, form.clone(), found.unwrap_or("nothing").to_owned());
    }
    let codes: BTreeSet<&str> = report.findings.iter().map(|finding| finding.code).collect();
    complaints.extend(truth.codes.iter().filter(|c| !codes.contains(c.as_str())).map(|c| format!("no finding {c}")));
    complaints.extend(compare_cells(truth, report));
    complaints
}

fn compare_cells(truth: &TrueReport, report: &Report) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut expected: BTreeMap<String, &str> = BTreeMap::new();
    for (table, rows) in &truth.tables {
        for (row, cells) in rows {
            expected.extend(cells.iter().map(|(column, raw)| (format!("{table}/{row}/{column}"), raw.as_str())));
        }
    }
    for table in &report.tables {
        for cell in &table.cells {
            let name = format!("{}/{}/{}", table.id, cell.row, cell.column);
            let printed = expected.remove(&name);
            if truth.unsure.contains(&name) {
                let warned = matches!(cell.status, CellStatus::Unreadable | CellStatus::Absent)
                    || matches!(cell.certainty, Certainty::Doubtful | Certainty::Position)
                    || report.findings.iter().any(|finding| finding.cells.contains(&name));
                if !warned {
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
        let allowed: Vec<&str> = fixture.case.error.iter().chain(&fixture.case.or).map(String::as_str).collect();
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
    all(&cases, |fixture| {
        let shown = snapshot(fixture);
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

/// Counts of every stage and the whole result, short enough to read in a difference.
fn snapshot(fixture: &Fixture) -> String {
    let mut out = String::new();
    match gouji::pipeline::inspect(&fixture.bytes, &fixture.name, &fixture.options(), &Selection::default()) {
        Ok(seen) => {
            match &seen.document.body {
                Body::Pages(pages) => pages.iter().for_each(|page| {
                    let (glyphs, rulings) = (page.glyphs.len(), page.rulings.len());
                    let _ = writeln!(
                        out,
                        "page {} glyphs {glyphs} rulings {rulings} fills {}",
                        page.number,
                        page.fills.len()
                    );
                }),
                Body::Flow(items) => drop(writeln!(out, "items {}", items.len())),
            }
            let grids: Vec<_> = seen.blocks.items.iter().filter_map(grid).collect();
            let _ = writeln!(out, "lines {}", seen.blocks.items.len() - grids.len());
            grids
                .iter()
                .for_each(|grid| drop(writeln!(out, "grid {} x {} {:?}", grid.rows, grid.columns, grid.method)));
        }
        Err(error) => drop(writeln!(out, "{}: {error}", error.code())),
    }
    match fixture.extract() {
        Ok(extraction) => {
            Report::all(&extraction, Lang::En).iter().for_each(|report| out.push_str(&show(report)));
        }
        Err(error) => drop(writeln!(out, "{}", error.code())),
    }
    out
}

fn grid(block: &gouji::grid::Block) -> Option<&gouji::grid::Grid> {
    match block {
        gouji::grid::Block::Grid(grid) => Some(grid),
        gouji::grid::Block::Line(_) => None,
    }
}

/// A report with a line for each row of its tables.
fn show(report: &Report) -> String {
    let mut out = format!("\n{:?} {:?}\n", report.status, report.report);
    for section in &report.sections {
        let _ = writeln!(
            out,
            "{} {} {} ({} characters)",
            section.number,
            section.id,
            section.title,
            section.text.chars().count()
        );
    }
    for table in &report.tables {
        let places: Vec<String> = table.parts.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "\n{} {} {} {:?}", table.id, table.form, places.join(" "), table.coverage);
        for row in table.cells.chunk_by(|a, b| a.row == b.row) {
            let cells: Vec<String> = row.iter().map(show_cell).collect();
            let _ = writeln!(out, "  {}: {}", row[0].row, cells.join(" "));
        }
    }
    out.push('\n');
    let checks = report.checks.iter().filter(|check| check.verdict != emit::Verdict::Pass);
    checks.for_each(|check| drop(writeln!(out, "{} {:?} {:?}", check.id, check.mode, check.verdict)));
    report.findings.iter().for_each(|f| drop(writeln!(out, "{} {:?} {}", f.code, f.severity, f.message)));
    report.repairs.iter().for_each(|r| drop(writeln!(out, "repair {} {:?} -> {:?}", r.cell, r.before, r.after)));
    out
}

/// The printed characters and, unless it is a proved number, what else is to be said.
fn show_cell(cell: &emit::Cell) -> String {
    match (cell.status, cell.certainty) {
        (CellStatus::Number, Certainty::Proved) => cell.raw.clone(),
        (CellStatus::Number, certainty) => format!("{}?{certainty:?}", cell.raw),
        (status, _) => format!("{:?}:{status:?}", cell.raw),
    }
}

#[test]
fn every_fixture_says_why_it_is_there() {
    for folder in ["forms", "broken"] {
        for fixture in fixtures(folder) {
            assert!(fixture.case.about.len() > 10, "{}", fixture.name);
        }
    }
}
