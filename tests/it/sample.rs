//! A small dataset made of fixtures, laid out as a batch leaves one.

use crate::root;
use gouji::dataset::schema::{self, Kind, Table};
use gouji::dataset::{Filed, Folder, Row, Value, Writer};
use gouji::emit::{Report, ReportStatus, word};
use gouji::number::Number;
use gouji::{Lang, Library, Options};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Fixtures of every edition, with blanks, marks, decimals, a failing tie, two reports in one file, and one that holds none.
const INPUTS: [&str; 9] = [
    "forms/cn.foi-annual/2014-annex/input.html",
    "forms/cn.foi-annual/2019-html-blanks/input.html",
    "forms/cn.foi-annual/2021-html/input.html",
    "forms/cn.foi-annual/mixed-editions/input.html",
    "forms/cn.foi-annual/number-overprinted/input.pdf",
    "forms/cn.foi-annual/two-reports/input.pdf",
    "forms/cn.foi-annual/values-marks/input.html",
    "forms/cn.foi-annual/wrong-review-totals/input.html",
    "broken/only-blanks/input.txt",
];

/// Writes the dataset into `folder`. `edit` may change a report before it is filed.
pub(crate) fn dataset(folder: &Path, mut edit: impl FnMut(&mut Report)) -> Folder {
    let library = Library::builtin().unwrap();
    let mut files = Files { root: folder.to_owned(), writers: BTreeMap::new() };
    fs::create_dir_all(folder).unwrap();
    for table in schema::TABLES.iter().filter(|table| table.partition().is_none()) {
        files.writer(table, None);
    }
    for input in INPUTS {
        let path = fixture(input);
        let bytes = fs::read(&path).unwrap();
        let read = gouji::extract(&bytes, &format!("fixtures/{}", name(&path)), &Options::default(), &library);
        let mut reports = read.as_ref().map(|read| Report::all(read, Lang::En)).unwrap_or_default();
        reports.iter_mut().for_each(&mut edit);
        let code = read.as_ref().map_or_else(gouji::Error::code, |_| "read");
        files.push(&schema::LEDGER, None, ledger(&path, code, &reports));
        for report in &reports {
            files.report(report, &library);
        }
    }
    let decision: Vec<(&str, Value<'_>)> = vec![
        ("line", 1.into()),
        ("state", "stale".into()),
        ("reason", "the input is not in this dataset".into()),
        ("sha256", "0".repeat(64).into()),
        ("cell", "applications/granted/total".into()),
        ("by", "a reader".into()),
        ("on", "2025-03-01".into()),
        ("why", "seen on paper".into()),
    ];
    files.push(&schema::CORRECTIONS, None, filled(&schema::CORRECTIONS, decision));
    for writer in files.writers.into_values() {
        writer.finish().unwrap();
    }
    Folder::new(folder)
}

/// The fixture, whatever its ending is.
fn fixture(input: &str) -> PathBuf {
    let given = root().join("fixtures").join(input);
    if given.is_file() {
        return given;
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(given.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().find(|file| file.file_stem().is_some_and(|stem| stem == "input")).unwrap()
}

fn name(path: &Path) -> String {
    path.strip_prefix(root().join("fixtures")).unwrap().to_string_lossy().replace('\\', "/")
}

fn ledger(path: &Path, code: &str, reports: &[Report]) -> Row<'static> {
    let status = reports.first().map_or_else(|| "failed".to_owned(), |report| word(&report.status));
    let cells = || reports.iter().flat_map(|report| &report.tables).map(|table| table.coverage);
    let sum = |count: fn(&gouji::emit::Coverage) -> u32| cells().map(|coverage| count(&coverage)).sum::<u32>();
    let year = reports.first().and_then(|report| report.report.year).map(|year| year.to_string());
    let fields = vec![
        ("input", format!("fixtures/{}", name(path)).into()),
        ("sha256", reports.first().map(|report| report.input.sha256.clone()).into()),
        ("format", reports.first().map(|report| report.input.format.clone().into_owned()).into()),
        ("status", status.into()),
        ("code", code.to_owned().into()),
        ("reports", reports.len().into()),
        ("tables_found", reports.iter().map(|report| report.tables.len()).sum::<usize>().into()),
        ("cells_expected", sum(|coverage| coverage.expected).into()),
        ("cells_number", sum(|coverage| coverage.number + coverage.zero).into()),
        ("cells_blank", sum(|coverage| coverage.blank).into()),
        ("issuer", reports.first().and_then(|report| report.report.issuer.clone()).into()),
        ("year", year.into()),
    ];
    filled(&schema::LEDGER, fields)
}

/// A row of the named fields; counts that are not named are 0.
fn filled<'a>(table: &Table, fields: Vec<(&str, Value<'a>)>) -> Row<'a> {
    let none = |kind| if kind == Kind::Integer { 0.into() } else { Value::None };
    let mut row: Row<'a> =
        table.columns.iter().map(|column| if column.required { none(column.kind) } else { Value::None }).collect();
    for (column, value) in fields {
        row[table.position(column).unwrap()] = value;
    }
    row
}

struct Files {
    root: PathBuf,
    writers: BTreeMap<PathBuf, Writer<File>>,
}

impl Files {
    fn writer(&mut self, table: &'static Table, part: Option<i64>) -> &mut Writer<File> {
        let path = Folder::file(table, part);
        let file = self.root.join(&path);
        self.writers.entry(path).or_insert_with(|| {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            Writer::new(table, File::create(file).unwrap()).unwrap()
        })
    }

    fn push(&mut self, table: &'static Table, part: Option<i64>, row: Row<'_>) {
        self.writer(table, part).push(row).unwrap();
    }

    fn report(&mut self, report: &Report, library: &Library) {
        // A decision of its own for the first report with a blank, so that `corrected` is not always false.
        let blank = report.tables.iter().find_map(|table| {
            let cell = table.cells.iter().find(|cell| cell.status == gouji::emit::CellStatus::Blank)?;
            Some(format!("{}/{}/{}", table.id, cell.row, cell.column))
        });
        let corrections = blank.into_iter().map(|cell| (cell, Some(Number::new(7, 0)))).collect();
        let filed = Filed { report, library, corrections: &corrections, lang: Lang::En, same_issuer_year: None };
        assert_ne!(report.status, ReportStatus::Failed);
        let year = report.report.year.map(i64::from);
        self.push(&schema::REPORTS, None, filed.report());
        filed.cells().for_each(|row| self.push(&schema::CELLS, year, row));
        filed.checks().for_each(|row| self.push(&schema::CHECKS, None, row));
        filed.findings().for_each(|row| self.push(&schema::FINDINGS, None, row));
        filed.repairs().for_each(|row| self.push(&schema::REPAIRS, None, row));
        filed.sections().for_each(|row| self.push(&schema::SECTIONS, None, row));
    }
}
