//! Results in, the ledger and the dataset out: written beside the last ones, and put in their place when all is there.

use super::corrections::Corrections;
use super::ledger::{self, Verdict};
use super::state::{Done, State};
use super::unreadable;
use crate::outcome::{Outcome, has_errors, unpack};
use crate::run::Stop;
use gouji::dataset::schema::{self, Table};
use gouji::dataset::{Failure, Filed, Folder, Row, Writer};
use gouji::emit::{Report, csv};
use gouji::{ErrorKind, Lang, Library};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The ledger for people.
pub(super) const LEDGER: &str = "ledger.csv";

/// The columns of the ledger for people; those behind them are for programs.
const FOR_PEOPLE: usize = 20;

/// What the run came to, in numbers that do not grow with it.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Inputs by status and code.
    pub(super) groups: BTreeMap<(String, String), Group>,
    /// Whether some report has an error in its figures.
    pub(super) errors: bool,
}

/// Inputs that ended alike.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// How many.
    pub(super) count: u64,
    /// The first few of them.
    pub(super) examples: Vec<String>,
    /// What to do.
    pub(super) help: String,
}

/// Examples kept of a group.
const EXAMPLES: usize = 3;

/// What is needed to write a dataset.
pub(super) struct Publisher<'a> {
    /// The results.
    pub(super) state: &'a State,
    /// The forms.
    pub(super) library: &'a Library,
    /// Language of messages.
    pub(super) lang: Lang,
    /// Set when the run should end.
    pub(super) stop: &'a AtomicBool,
}

impl Publisher<'_> {
    /// Writes ledger and dataset into `staging`.
    pub(super) fn write(&self, staging: &Path, corrections: &mut Corrections) -> Result<Summary, Stop> {
        self.find_duplicates()?;
        self.state.file_reports()?;
        let mut files = Files::create(staging)?;
        let mut summary = Summary::default();
        self.state.each_done(|done| {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Stop::Interrupted);
            }
            self.input(done, &mut files, &mut summary, corrections)
        })?;
        for year in self.state.years()? {
            self.cells(year, &mut files, corrections)?;
        }
        for row in corrections.rows(self.lang) {
            files.push(&schema::CORRECTIONS, None, row)?;
        }
        files.finish()?;
        Ok(summary)
    }

    /// Notes which inputs repeat another, before anything is written: how often a report is there depends on it.
    fn find_duplicates(&self) -> Result<(), Stop> {
        self.state.forget_duplicates()?;
        self.state.each_done(|done| {
            let Some(key) = &done.key else { return Ok(()) };
            if self.state.may_repeat(done)? {
                let outcome = self.outcome(key)?.1;
                if let Some(verdict) = ledger::duplicate(done, &outcome, self.state, self.lang)? {
                    self.state.note_duplicate(done, &serde_json::to_string(&verdict).unwrap_or_default())?;
                }
            }
            Ok::<(), Stop>(())
        })
    }

    fn outcome(&self, key: &str) -> Result<(f64, Outcome), Stop> {
        let (seconds, body) = self.state.body(key)?;
        Ok((seconds, unpack(&body).map_err(|error| unreadable(&error))?))
    }

    fn input(
        &self,
        done: &Done,
        files: &mut Files,
        summary: &mut Summary,
        corrections: &mut Corrections,
    ) -> Result<(), Stop> {
        let read = done.key.as_ref().map(|key| self.outcome(key)).transpose()?;
        let (verdict, seconds, outcome) = match (read, &done.failure) {
            (Some((seconds, outcome)), _) => {
                let verdict = match self.state.duplicate(done)? {
                    Some(noted) => serde_json::from_str(&noted).map_err(|error| unreadable(&error.into()))?,
                    None => Verdict::of(&outcome, self.lang),
                };
                (verdict, Some(seconds), Some(outcome))
            }
            (None, Some(failure)) => (Verdict::failed(failure), None, None),
            (None, None) => {
                let lost = ErrorKind::Internal { detail: "it was not read".into() }.into();
                (Verdict::failed(&crate::outcome::Failure::new(&lost, self.lang)), None, None)
            }
        };
        files.ledger(ledger::row(done, &verdict, outcome.as_ref(), seconds))?;
        summary.add(&done.name, &verdict);
        if verdict.status != "duplicate" {
            for mut report in outcome.into_iter().flat_map(|outcome| outcome.reports) {
                summary.errors |= has_errors(&report);
                report.input.name.clone_from(&done.name);
                self.report(&report, files, corrections)?;
            }
        }
        Ok(())
    }

    fn report(&self, report: &Report, files: &mut Files, corrections: &mut Corrections) -> Result<(), Stop> {
        let corrections = &corrections.apply(report);
        let case = &report.report;
        let same_issuer_year = match (case.issuer.as_deref(), case.year) {
            (Some(issuer), Some(year)) => Some(self.state.same_issuer_year(&gouji::number::fold(issuer), year)?),
            _ => None,
        };
        let entry = Filed { report, library: self.library, corrections, lang: self.lang, same_issuer_year };
        files.push(&schema::REPORTS, None, entry.report())?;
        files.all(&schema::CHECKS, None, entry.checks())?;
        files.all(&schema::FINDINGS, None, entry.findings())?;
        files.all(&schema::REPAIRS, None, entry.repairs())?;
        files.all(&schema::SECTIONS, None, entry.sections())
    }
}

impl Publisher<'_> {
    /// Writes the cells of the reports of a year. The years are written one after the other, each in a pass of its own:
    /// a writer takes some megabytes, and there may be many years.
    fn cells(&self, year: Option<i64>, files: &mut Files, corrections: &mut Corrections) -> Result<(), Stop> {
        self.state.each_filed(year, |key, ordinal| {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Stop::Interrupted);
            }
            let reports = self.outcome(key)?.1.reports;
            for report in reports.iter().filter(|report| report.report.ordinal == ordinal) {
                let corrections = &corrections.apply(report);
                let entry =
                    Filed { report, library: self.library, corrections, lang: self.lang, same_issuer_year: None };
                files.all(&schema::CELLS, year, entry.cells())?;
            }
            Ok(())
        })?;
        files.close(&schema::CELLS, year)
    }
}

impl Summary {
    fn add(&mut self, name: &str, verdict: &Verdict) {
        let group = self.groups.entry((verdict.status.to_string(), verdict.code.clone())).or_default();
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(name.to_owned());
        }
        group.help.clone_from(&verdict.help);
    }

    /// How many inputs ended with this status.
    pub(super) fn count(&self, status: &str) -> u64 {
        self.groups.iter().filter(|((of, _), _)| of == status).map(|(_, group)| group.count).sum()
    }
}

/// The files that are being written.
struct Files {
    root: PathBuf,
    ledger: BufWriter<File>,
    writers: BTreeMap<PathBuf, Writer<BufWriter<File>>>,
}

impl Files {
    fn create(root: &Path) -> Result<Self, Stop> {
        let _ = fs::remove_dir_all(root);
        fs::create_dir_all(root)?;
        let mut ledger = BufWriter::new(File::create(root.join(LEDGER))?);
        let columns = schema::LEDGER.columns.iter().take(FOR_PEOPLE);
        ledger.write_all(csv::line(columns.map(|column| column.name)).as_bytes())?;
        let mut files = Self { root: root.to_owned(), ledger, writers: BTreeMap::new() };
        // Tables without rows are files all the same; only a partition is there because of its rows.
        for table in schema::TABLES.iter().filter(|table| table.partition().is_none()) {
            files.writer(table, None)?;
        }
        Ok(files)
    }

    fn writer(&mut self, table: &'static Table, part: Option<i64>) -> Result<&mut Writer<BufWriter<File>>, Stop> {
        use std::collections::btree_map::Entry;
        match self.writers.entry(Folder::file(table, part)) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(place) => {
                let path = self.root.join(place.key());
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                Ok(place.insert(Writer::new(table, BufWriter::new(File::create(path)?))?))
            }
        }
    }

    fn push(&mut self, table: &'static Table, part: Option<i64>, row: Row<'_>) -> Result<(), Stop> {
        Ok(self.writer(table, part)?.push(row)?)
    }

    fn all<'a>(
        &mut self,
        table: &'static Table,
        part: Option<i64>,
        rows: impl Iterator<Item = Row<'a>>,
    ) -> Result<(), Stop> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        let writer = self.writer(table, part)?;
        rows.try_for_each(|row| writer.push(row)).map_err(Stop::from)
    }

    /// The row goes to both ledgers; how long the reading took, which is never the same twice, only to the one for people.
    fn ledger(&mut self, mut row: Row<'static>) -> Result<(), Stop> {
        let fields = row.iter().take(FOR_PEOPLE).map(|field| match field.as_text() {
            Some(text) => csv::disarmed(text).into_owned(),
            None => field.to_string(),
        });
        self.ledger.write_all(csv::line(fields).as_bytes())?;
        if let Some(seconds) = schema::LEDGER.position("seconds").and_then(|at| row.get_mut(at)) {
            *seconds = gouji::dataset::Value::None;
        }
        self.push(&schema::LEDGER, None, row)
    }

    /// Ends one file.
    fn close(&mut self, table: &'static Table, part: Option<i64>) -> Result<(), Stop> {
        self.writers.remove(&Folder::file(table, part)).map_or(Ok(()), |writer| seal(writer.finish()?))
    }

    /// Ends all files.
    fn finish(self) -> Result<(), Stop> {
        seal(self.ledger)?;
        self.writers.into_values().try_for_each(|writer| seal(writer.finish()?))
    }
}

/// Writes what is left and puts it on the disk.
fn seal(file: BufWriter<File>) -> Result<(), Stop> {
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Io(error) => Self::Output(error),
            other => Self::Output(std::io::Error::other(other)),
        }
    }
}

/// Puts the files of `staging` in the place of those in `output`; partitions that are no more go.
pub(super) fn install(staging: &Path, output: &Path) -> std::io::Result<()> {
    let cells = output.join(schema::CELLS.name);
    let fresh = staging.join(schema::CELLS.name);
    if fresh.is_dir() {
        fs::create_dir_all(&cells)?;
        for part in fs::read_dir(&fresh)? {
            let part = part?;
            let place = cells.join(part.file_name());
            fs::create_dir_all(&place)?;
            fs::rename(part.path().join("part-0.parquet"), place.join("part-0.parquet"))?;
        }
    }
    if cells.is_dir() {
        for part in fs::read_dir(&cells)? {
            let part = part?;
            if !fresh.join(part.file_name()).is_dir() {
                fs::remove_dir_all(part.path())?;
            }
        }
    }
    for file in fs::read_dir(staging)? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::rename(file.path(), output.join(file.file_name()))?;
        }
    }
    fs::remove_dir_all(staging)?;
    // Names too must be on the disk before the mark is that says so.
    #[cfg(unix)]
    for folder in [output, &cells] {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
