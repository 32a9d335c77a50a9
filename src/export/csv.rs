//! Tables as CSV files that spreadsheet programs open as they are: UTF-8 with a byte order mark, lines that end in CRLF, and
//! texts that no program takes for a formula.

use super::Failure;
use super::sheet::{Piece, Sheet, Sink};
use crate::dataset::{Row, Value};
use crate::emit::csv;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What makes a program read the file as UTF-8.
const MARK: &str = "\u{feff}";

/// A file for each table.
pub(super) struct Files {
    files: Vec<(PathBuf, BufWriter<File>)>,
}

impl Files {
    /// Opens the files in `folder`.
    pub(super) fn create(folder: &Path, sheets: &[Sheet]) -> Result<Self, Failure> {
        let open = |sheet: &Sheet| -> io::Result<(PathBuf, BufWriter<File>)> {
            let name = PathBuf::from(file_name(sheet));
            Ok((name.clone(), begin(&folder.join(name), sheet)?))
        };
        Ok(Self { files: sheets.iter().map(open).collect::<io::Result<_>>()? })
    }
}

impl Sink for Files {
    fn push(&mut self, sheet: usize, row: &[Value<'_>]) -> Result<(), Failure> {
        let Some((_, file)) = self.files.get_mut(sheet) else { return Ok(()) };
        Ok(line(file, row)?)
    }

    fn finish(self: Box<Self>, _readme: &str) -> Result<Vec<Piece>, Failure> {
        let mut pieces = Vec::new();
        for (at, (file, writer)) in self.files.into_iter().enumerate() {
            writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            pieces.push(Piece { file, sheet: Some(at), tab: None });
        }
        Ok(pieces)
    }
}

/// Writes one table whose rows are at hand.
pub(super) fn write(folder: &Path, sheet: &Sheet, rows: &[Row<'_>]) -> Result<(), Failure> {
    let mut file = begin(&folder.join(file_name(sheet)), sheet)?;
    for row in rows {
        line(&mut file, row)?;
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(())
}

/// `dictionary_zh` is known as `dictionary.zh.csv`; every other table has its name.
pub(super) fn file_name(sheet: &Sheet) -> String {
    match sheet.name.strip_prefix("dictionary_") {
        Some(lang) => format!("dictionary.{lang}.csv"),
        None => format!("{}.csv", sheet.name),
    }
}

fn begin(path: &Path, sheet: &Sheet) -> io::Result<BufWriter<File>> {
    let mut file = BufWriter::new(File::create_new(path)?);
    file.write_all(MARK.as_bytes())?;
    let names: Vec<Value<'_>> = sheet.columns.iter().map(|column| column.name.as_str().into()).collect();
    line(&mut file, &names)?;
    Ok(file)
}

fn line(out: &mut impl Write, row: &[Value<'_>]) -> io::Result<()> {
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        match value {
            Value::Text(text) => field(out, text)?,
            other => write!(out, "{other}")?,
        }
    }
    out.write_all(b"\r\n")
}

fn field(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(csv::quoted(&csv::disarmed(text)).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        let row =
            ["=1+1".into(), "－".into(), "'quoted".into(), Number::new(-3, 0).into(), "a,\"b\"".into(), Value::None];
        let mut out = Vec::new();
        line(&mut out, &row).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "'=1+1,'－,''quoted,-3,\"a,\"\"b\"\"\",\r\n");
    }
}
