//! What a batch has done so far, kept so that it can be stopped at any moment: a database file in the output folder.
//!
//! Results are kept by the hash of the bytes and what read them (version, forms, options), so that a later run reads
//! only what is new. Inputs are listed anew in every run. A transaction is on the disk whole or not at all.

use super::inputs::{Input, Source};
use crate::outcome::{Failure, Packed};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// Results that wait at most before they are written to the disk, and for how long.
const WAITING: u32 = 64;
const WAITING_TIME: Duration = Duration::from_secs(1);

/// Reports with the same issuer, year and figures that are compared in full.
const MOST_ALIKE: u32 = 16;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS input (
  path BLOB PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT, key TEXT, failure TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS input_sha256 ON input (sha256, path) WHERE sha256 IS NOT NULL;
CREATE INDEX IF NOT EXISTS input_key ON input (key, path) WHERE key IS NOT NULL;
CREATE TABLE IF NOT EXISTS outcome (
  key TEXT PRIMARY KEY, status TEXT NOT NULL, seconds REAL NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS report (
  key TEXT, ordinal INTEGER, issuer TEXT, year INTEGER, figures TEXT NOT NULL, nonzero INTEGER NOT NULL,
  PRIMARY KEY (key, ordinal)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS report_figures ON report (figures);
CREATE INDEX IF NOT EXISTS report_issuer ON report (issuer, year);
";

/// The file, and what is not on the disk yet.
#[derive(Debug)]
pub(super) struct State {
    connection: Connection,
    waiting: u32,
    since: Instant,
}

/// An input with its result, as the ledger needs it.
#[derive(Debug)]
pub(super) struct Done {
    /// Its path as written.
    pub(super) name: String,
    /// Hash of its bytes, where they could be had.
    pub(super) sha256: Option<String>,
    /// Under what its result is kept.
    pub(super) key: Option<String>,
    /// Why there is no result.
    pub(super) failure: Option<Failure>,
}

impl State {
    /// Opens the file, or makes it.
    pub(super) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(TABLES)?;
        Ok(Self { connection, waiting: 0, since: Instant::now() })
    }

    /// Lists the inputs of this run in place of those of the last one.
    pub(super) fn list(
        &mut self,
        find: impl FnOnce(&mut dyn FnMut(Input) -> rusqlite::Result<()>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<i64> {
        let all = self.connection.transaction()?;
        all.execute("DELETE FROM input", [])?;
        {
            let mut insert = all.prepare("INSERT OR IGNORE INTO input (path, name, source) VALUES (?1, ?2, ?3)")?;
            find(&mut |input| {
                let source = serde_json::to_string(&input.source).unwrap_or_default();
                insert.execute(params![input.path, input.name, source]).map(|_| ())
            })?;
        }
        let count = all.query_row("SELECT count(*) FROM input", [], |row| row.get(0))?;
        all.commit()?;
        Ok(count)
    }

    /// The next inputs behind `after`, in the order of their paths.
    pub(super) fn next(&self, after: &[u8], count: u32) -> rusqlite::Result<Vec<Input>> {
        let mut select = self
            .connection
            .prepare_cached("SELECT path, name, source FROM input WHERE path > ?1 ORDER BY path LIMIT ?2")?;
        let inputs = select.query_map(params![after, count], |row| {
            let source: String = row.get(2)?;
            let source = serde_json::from_str(&source).unwrap_or(Source::Unknown);
            Ok(Input { path: row.get(0)?, name: row.get(1)?, source })
        })?;
        inputs.collect()
    }

    /// The status of a result that is there already.
    pub(super) fn status(&self, key: &str) -> rusqlite::Result<Option<String>> {
        let mut select = self.connection.prepare_cached("SELECT status FROM outcome WHERE key = ?1")?;
        select.query_row([key], |row| row.get(0)).optional()
    }

    /// Keeps a result.
    pub(super) fn keep(&mut self, key: &str, packed: &Packed) -> rusqlite::Result<()> {
        self.begin()?;
        let mut insert = self.connection.prepare_cached("INSERT OR REPLACE INTO outcome VALUES (?1, ?2, ?3, ?4)")?;
        insert.execute(params![key, packed.brief.status, packed.brief.seconds, packed.body])?;
        let mut insert =
            self.connection.prepare_cached("INSERT OR REPLACE INTO report VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for report in &packed.brief.reports {
            let (issuer, year) = (&report.issuer, report.year);
            insert.execute(params![key, report.ordinal, issuer, year, report.figures, report.nonzero])?;
        }
        Ok(())
    }

    /// Notes that an input has come to the result under `key`.
    pub(super) fn settle(&mut self, path: &[u8], sha256: &str, key: &str) -> rusqlite::Result<()> {
        self.begin()?;
        let mut update =
            self.connection.prepare_cached("UPDATE input SET sha256 = ?2, key = ?3, failure = NULL WHERE path = ?1")?;
        update.execute(params![path, sha256, key])?;
        drop(update);
        self.perhaps_commit()
    }

    /// Notes that the bytes of an input could not be had.
    pub(super) fn fail(&mut self, path: &[u8], failure: &Failure) -> rusqlite::Result<()> {
        self.begin()?;
        let failure = serde_json::to_string(failure).unwrap_or_default();
        self.connection.execute("UPDATE input SET failure = ?2 WHERE path = ?1", params![path, failure])?;
        self.perhaps_commit()
    }

    fn begin(&mut self) -> rusqlite::Result<()> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN")?;
            (self.waiting, self.since) = (0, Instant::now());
        }
        Ok(())
    }

    fn perhaps_commit(&mut self) -> rusqlite::Result<()> {
        self.waiting += 1;
        if self.waiting >= WAITING || self.since.elapsed() >= WAITING_TIME { self.commit() } else { Ok(()) }
    }

    /// Writes what waits to the disk.
    pub(super) fn commit(&mut self) -> rusqlite::Result<()> {
        if self.connection.is_autocommit() { Ok(()) } else { self.connection.execute_batch("COMMIT") }
    }

    /// Forgets the results whose status is `failed`, so that their inputs are read again.
    pub(super) fn forget_failures(&mut self) -> rusqlite::Result<usize> {
        self.connection.execute("DELETE FROM outcome WHERE status = 'failed'", [])
    }

    /// Forgets which inputs repeat another.
    pub(super) fn forget_duplicates(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(
            "DROP TABLE IF EXISTS temp.duplicate;
             CREATE TEMP TABLE duplicate (name TEXT PRIMARY KEY, verdict TEXT NOT NULL) WITHOUT ROWID;",
        )
    }

    /// Whether an input may repeat another: one with its bytes stands before it, or one with its figures is there.
    pub(super) fn may_repeat(&self, done: &Done) -> rusqlite::Result<bool> {
        let mut select = self.connection.prepare_cached(
            "SELECT (SELECT name FROM input WHERE sha256 = ?1 ORDER BY path LIMIT 1) <> ?2 OR EXISTS (
               SELECT 1 FROM report AS own JOIN report AS other ON other.figures = own.figures AND other.key <> own.key
               WHERE own.key = ?3)",
        )?;
        select.query_row(params![done.sha256, done.name, done.key], |row| row.get(0))
    }

    /// Notes that an input repeats another.
    pub(super) fn note_duplicate(&self, done: &Done, verdict: &str) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached("INSERT INTO temp.duplicate VALUES (?1, ?2)")?;
        insert.execute(params![done.name, verdict]).map(|_| ())
    }

    /// What was noted of an input that repeats another.
    pub(super) fn duplicate(&self, done: &Done) -> rusqlite::Result<Option<String>> {
        let mut select = self.connection.prepare_cached("SELECT verdict FROM temp.duplicate WHERE name = ?1")?;
        select.query_row([&done.name], |row| row.get(0)).optional()
    }

    /// Files the reports of inputs that repeat no other by year, and counts those of each issuer and year.
    pub(super) fn file_reports(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(
            "DROP TABLE IF EXISTS temp.filed;
             CREATE TEMP TABLE filed AS
               SELECT report.year, input.path, input.key, report.ordinal, report.issuer
               FROM report JOIN input ON input.key = report.key
               WHERE NOT EXISTS (SELECT 1 FROM temp.duplicate WHERE duplicate.name = input.name);
             CREATE INDEX temp.filed_year ON filed (year, path, ordinal);
             DROP TABLE IF EXISTS temp.issued;
             CREATE TEMP TABLE issued (issuer TEXT, year INTEGER, reports INTEGER, PRIMARY KEY (issuer, year)) WITHOUT ROWID;
             INSERT INTO temp.issued SELECT issuer, year, count(*) FROM temp.filed
               WHERE issuer IS NOT NULL AND year IS NOT NULL GROUP BY issuer, year;",
        )
    }

    /// The years of the filed reports, that of those without one first.
    pub(super) fn years(&self) -> rusqlite::Result<Vec<Option<i64>>> {
        let mut select = self.connection.prepare("SELECT DISTINCT year FROM temp.filed ORDER BY year")?;
        let years = select.query_map([], |row| row.get(0))?;
        years.collect()
    }

    /// Calls `take` for every report of a year, in the order of the paths: its input's key, its number.
    pub(super) fn each_filed<E: From<rusqlite::Error>>(
        &self,
        year: Option<i64>,
        mut take: impl FnMut(&str, u32) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut select = self
            .connection
            .prepare_cached("SELECT key, ordinal FROM temp.filed WHERE year IS ?1 ORDER BY path, ordinal")?;
        let mut rows = select.query([year])?;
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            take(&key, row.get(1)?)?;
        }
        Ok(())
    }

    /// How many reports of inputs that repeat no other have this issuer (folded) and year.
    pub(super) fn same_issuer_year(&self, issuer: &str, year: i32) -> rusqlite::Result<i64> {
        let mut select =
            self.connection.prepare_cached("SELECT reports FROM temp.issued WHERE issuer = ?1 AND year = ?2")?;
        select.query_row(params![issuer, year], |row| row.get(0))
    }

    /// Calls `take` for every input in the order of their paths.
    pub(super) fn each_done<E: From<rusqlite::Error>>(
        &self,
        mut take: impl FnMut(&Done) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut select = self.connection.prepare("SELECT name, sha256, key, failure FROM input ORDER BY path")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            take(&done(row)?)?;
        }
        Ok(())
    }

    /// The compressed body of a result, and how long its reading took.
    pub(super) fn body(&self, key: &str) -> rusqlite::Result<(f64, Vec<u8>)> {
        let mut select = self.connection.prepare_cached("SELECT seconds, body FROM outcome WHERE key = ?1")?;
        select.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The first input, by path, with these bytes.
    pub(super) fn first_with(&self, sha256: &str) -> rusqlite::Result<String> {
        let mut select =
            self.connection.prepare_cached("SELECT name FROM input WHERE sha256 = ?1 ORDER BY path LIMIT 1")?;
        select.query_row([sha256], |row| row.get(0))
    }

    /// Inputs of other bytes before `name` (by path) with a report of the same issuer, year and figures as the report
    /// `ordinal` of `key`: their names, keys and the report's number there. Without an issuer only those with at least
    /// `telling` figures that are not 0.
    pub(super) fn alike(&self, key: &str, ordinal: u32, telling: u32) -> rusqlite::Result<Vec<(String, String, u32)>> {
        let mut select = self.connection.prepare_cached(
            "SELECT min(input.path), input.name, other.key, other.ordinal
             FROM report AS own
             JOIN report AS other ON other.figures = own.figures AND other.issuer IS own.issuer
               AND other.year IS own.year AND other.key <> own.key
             JOIN input ON input.key = other.key
             WHERE own.key = ?1 AND own.ordinal = ?2 AND (own.issuer IS NOT NULL OR own.nonzero >= ?3)
               AND input.path < (SELECT min(path) FROM input WHERE key = ?1)
             GROUP BY other.key, other.ordinal ORDER BY 1, other.ordinal LIMIT ?4",
        )?;
        let found = select
            .query_map(params![key, ordinal, telling, MOST_ALIKE], |row| Ok((row.get(1)?, row.get(2)?, row.get(3)?)))?;
        found.collect()
    }
}

fn done(row: &Row<'_>) -> rusqlite::Result<Done> {
    let failure: Option<String> = row.get(3)?;
    let failure = failure.and_then(|failure| serde_json::from_str(&failure).ok());
    Ok(Done { name: row.get(0)?, sha256: row.get(1)?, key: row.get(2)?, failure })
}
