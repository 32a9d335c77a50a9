//! Tables as one `SQLite` file with keys, references and indexes.
//!
//! A number as printed is TEXT, digit for digit. Beside it stands a computed column `…_real`, the nearest binary number,
//! for sums and comparisons; it takes no room and cannot differ from the digits.

use super::Failure;
use super::sheet::{Field, Piece, Sheet, Sink};
use crate::dataset::Value;
use crate::dataset::schema::Kind;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use std::fmt::Write as _;
use std::path::Path;

/// The file's name.
const FILE: &str = "dataset.sqlite";
/// What people look things up by, beside the keys.
const INDEXES: [(&str, &[&str]); 4] = [
    ("cells", &["table", "row", "column", "year"]),
    ("reports", &["issuer", "year"]),
    ("checks", &["verdict", "rule"]),
    ("findings", &["code"]),
];

/// The file, while it is written.
pub(super) struct Database {
    connection: Connection,
    inserts: Vec<String>,
    indexes: Vec<String>,
}

impl Database {
    /// Creates the file in `folder`. It is of no use before it is finished, so it needs no journal.
    pub(super) fn create(folder: &Path, sheets: &[Sheet]) -> Result<Self, Failure> {
        let connection = Connection::open(folder.join(FILE))?;
        connection.execute_batch(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
             PRAGMA foreign_keys = ON; BEGIN;",
        )?;
        connection.set_prepared_statement_cache_capacity(sheets.len());
        for sheet in sheets {
            connection.execute_batch(&table(sheet))?;
        }
        let there = |name: &str| sheets.iter().any(|sheet| sheet.name == name);
        let indexes = INDEXES.iter().filter(|(name, _)| there(name)).map(|(name, columns)| index(name, columns));
        let references = sheets.iter().filter(|sheet| sheet.key.first().is_none_or(|key| key != "report_id"));
        let references = references.filter(|sheet| sheet.columns.iter().any(|field| field.name == "report_id"));
        let references = references.map(|sheet| index(&sheet.name, &["report_id"]));
        let indexes = indexes.chain(references).collect();
        Ok(Self { inserts: sheets.iter().map(insert).collect(), indexes, connection })
    }
}

impl Sink for Database {
    fn push(&mut self, sheet: usize, row: &[Value<'_>]) -> Result<(), Failure> {
        let Some(insert) = self.inserts.get(sheet) else { return Ok(()) };
        self.connection.prepare_cached(insert)?.execute(params_from_iter(row.iter().map(Stored)))?;
        Ok(())
    }

    fn finish(self: Box<Self>, _readme: &str) -> Result<Vec<Piece>, Failure> {
        for index in &self.indexes {
            self.connection.execute_batch(index)?;
        }
        self.connection.execute_batch("COMMIT;")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(vec![Piece { file: FILE.into(), sheet: None, tab: None }])
    }
}

/// A field as `SQLite` keeps it.
struct Stored<'a>(&'a Value<'a>);

impl ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::None => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Value::Decimal(number) => ToSqlOutput::from(number.to_string()),
            Value::Float(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Value::Flag(flag) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*flag))),
        })
    }
}

fn table(sheet: &Sheet) -> String {
    let mut columns: Vec<String> = sheet.columns.iter().map(column).collect();
    if !sheet.key.is_empty() {
        columns.push(format!("PRIMARY KEY ({})", names(sheet.key.iter())));
    }
    format!("CREATE TABLE {} (\n  {}\n);", quoted(&sheet.name), columns.join(",\n  "))
}

fn column(field: &Field) -> String {
    let name = quoted(&field.name);
    let mut text = format!(
        "{name} {}",
        match field.kind {
            Kind::Text | Kind::Decimal => "TEXT",
            Kind::Integer | Kind::Year | Kind::Flag => "INTEGER",
            Kind::Float => "REAL",
        }
    );
    if field.required {
        text.push_str(" NOT NULL");
    }
    if let Some((table, column)) = field.parent {
        let _ = write!(text, " REFERENCES {} ({})", quoted(table), quoted(column));
    }
    if field.kind == Kind::Decimal {
        let real = quoted(&format!("{}_real", field.name));
        let _ = write!(text, ",\n  {real} REAL GENERATED ALWAYS AS (CAST({name} AS REAL)) VIRTUAL");
    }
    text
}

fn insert(sheet: &Sheet) -> String {
    let marks = vec!["?"; sheet.columns.len()].join(", ");
    let columns = names(sheet.columns.iter().map(|field| &field.name));
    format!("INSERT INTO {} ({columns}) VALUES ({marks})", quoted(&sheet.name))
}

fn index(table: &str, columns: &[&str]) -> String {
    let name = quoted(&format!("{table}_by_{}", columns.join("_")));
    format!("CREATE INDEX {name} ON {} ({});", quoted(table), names(columns.iter()))
}

fn names(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| quoted(name.as_ref())).collect::<Vec<String>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
