//! Rows in, Parquet files out, and back. Written group by group, so that memory does not grow with the file.
//!
//! The same rows give the same bytes: no time, no machine and no random name goes in.

use super::SCALE;
use super::schema::{Column, Kind, Table};
use super::value::{Row, Value};
use crate::number::Number;
use arrow_array::builder::{
    BooleanBuilder, Decimal128Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

/// Digits of a stored number in all: the most that 128 bits hold.
const DIGITS: u8 = 38;
/// Rows that are gathered before they are encoded.
const BATCH: usize = 1 << 10;
/// Rows of a group: what a reader can skip, and what the writer keeps in memory.
const GROUP: usize = 32 << 10;

/// Bytes of a column that are compressed together, and of its dictionary. A writer is open for each year, so that little
/// may wait in each of their columns.
const PAGE: usize = 128 << 10;

/// Why a file of the dataset could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The Parquet library refused.
    #[error("{0}")]
    Parquet(ParquetError),
    /// A number has more decimals than the dataset stores.
    #[error("{number} in column {column} has more than {SCALE} decimals")]
    Decimals {
        /// The number.
        number: Number,
        /// The column.
        column: &'static str,
    },
    /// The file is not one of the dataset's.
    #[error("the file has no column {column} as a dataset of this version has it")]
    Column {
        /// The column.
        column: &'static str,
    },
}

impl From<ParquetError> for Failure {
    fn from(error: ParquetError) -> Self {
        match error {
            // A full disk should be told as such.
            ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(io) => Self::Io(*io),
                Err(other) => Self::Parquet(ParquetError::External(other)),
            },
            other => Self::Parquet(other),
        }
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        match error {
            ArrowError::IoError(_, io) => Self::Io(io),
            ArrowError::ExternalError(inner) => ParquetError::External(inner).into(),
            other => Self::Parquet(ParquetError::ArrowError(other.to_string())),
        }
    }
}

/// Writes the rows of one table.
pub struct Writer<W: Write + Send> {
    table: &'static Table,
    columns: Vec<Builder>,
    waiting: usize,
    file: ArrowWriter<W>,
}

impl<W: Write + Send> Writer<W> {
    /// A file of `table` that goes to `out`.
    pub fn new(table: &'static Table, out: W) -> Result<Self, Failure> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .set_data_page_size_limit(PAGE)
            .set_dictionary_page_size_limit(PAGE);
        // Coordinates seldom repeat: a dictionary of them would only take room.
        for column in table.columns.iter().filter(|column| column.kind == Kind::Float) {
            properties = properties.set_column_dictionary_enabled(column.name.into(), false);
        }
        let properties = properties.build();
        let file = ArrowWriter::try_new(out, Arc::new(schema(table)), Some(properties))?;
        Ok(Self { table, columns: table.columns.iter().map(Builder::new).collect(), waiting: 0, file })
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row<'_>) -> Result<(), Failure> {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {}", self.table.name);
        for ((builder, column), value) in self.columns.iter_mut().zip(self.table.columns).zip(row) {
            builder.push(column, value)?;
        }
        self.waiting += 1;
        if self.waiting >= BATCH { self.encode() } else { Ok(()) }
    }

    /// Writes what is left and the footer; gives `out` back.
    pub fn finish(mut self) -> Result<W, Failure> {
        self.encode()?;
        Ok(self.file.into_inner()?)
    }

    fn encode(&mut self) -> Result<(), Failure> {
        let arrays = self.columns.iter_mut().map(Builder::finish).collect::<Result<Vec<ArrayRef>, _>>()?;
        let batch = RecordBatch::try_new(Arc::new(schema(self.table)), arrays)?;
        self.waiting = 0;
        Ok(self.file.write(&batch)?)
    }
}

fn schema(table: &Table) -> Schema {
    let field = |column: &Column| Field::new(column.name, data_type(column.kind), !column.required);
    Schema::new(table.columns.iter().map(field).collect::<Vec<Field>>())
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer => DataType::Int64,
        Kind::Year => DataType::Int32,
        Kind::Decimal => DataType::Decimal128(DIGITS, SCALE_I8),
        Kind::Float => DataType::Float64,
        Kind::Flag => DataType::Boolean,
    }
}

/// [`SCALE`] as Arrow has it.
const SCALE_I8: i8 = 10;
const _: () = assert!(SCALE_I8.unsigned_abs() as u32 == SCALE);

/// The values of one column that wait to be encoded.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Year(Int32Builder),
    Decimal(Decimal128Builder),
    Float(Float64Builder),
    Flag(BooleanBuilder),
}

impl Builder {
    fn new(column: &Column) -> Self {
        match column.kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Year => Self::Year(Int32Builder::new()),
            Kind::Decimal => Self::Decimal(Decimal128Builder::new()),
            Kind::Float => Self::Float(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, column: &Column, value: Value<'_>) -> Result<(), Failure> {
        debug_assert!(column.required <= (value != Value::None), "{} is always there", column.name);
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
            (Self::Integer(builder), Value::Integer(number)) => builder.append_value(number),
            (Self::Year(builder), Value::Integer(year)) => builder.append_option(i32::try_from(year).ok()),
            (Self::Decimal(builder), Value::Decimal(number)) => builder.append_value(mantissa(number, column.name)?),
            (Self::Float(builder), Value::Float(number)) => builder.append_value(number),
            (Self::Flag(builder), Value::Flag(flag)) => builder.append_value(flag),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Year(builder), _) => builder.append_null(),
            (Self::Decimal(builder), _) => builder.append_null(),
            (Self::Float(builder), _) => builder.append_null(),
            (Self::Flag(builder), _) => builder.append_null(),
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<ArrayRef, Failure> {
        Ok(match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Year(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish().with_precision_and_scale(DIGITS, SCALE_I8)?),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
        })
    }
}

/// Whether a dataset has room for all digits of a number.
pub fn fits(number: Number) -> bool {
    mantissa(number, "").is_ok()
}

/// A number as an integer of 10^-[`SCALE`].
fn mantissa(number: Number, column: &'static str) -> Result<i128, Failure> {
    let exact = number.normalize();
    let missing = SCALE.checked_sub(exact.scale()).ok_or(Failure::Decimals { number, column })?;
    exact.mantissa().checked_mul(10_i128.pow(missing)).ok_or(Failure::Decimals { number, column })
}

/// Reads the rows of one table, a group of them at a time.
pub struct Rows {
    table: &'static Table,
    reader: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
    next: usize,
}

impl Rows {
    /// The rows of a file of `table`.
    pub fn open(table: &'static Table, file: File) -> Result<Self, Failure> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
        for column in table.columns {
            let found = builder.schema().field_with_name(column.name).ok();
            if found.is_none_or(|field| *field.data_type() != data_type(column.kind)) {
                return Err(Failure::Column { column: column.name });
            }
        }
        Ok(Self { table, reader: builder.with_batch_size(BATCH).build()?, batch: None, next: 0 })
    }
}

impl Iterator for Rows {
    type Item = Result<Row<'static>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.batch.as_ref().is_none_or(|batch| self.next >= batch.num_rows()) {
            match self.reader.next()? {
                Ok(batch) => (self.batch, self.next) = (Some(batch), 0),
                Err(error) => return Some(Err(error.into())),
            }
        }
        let (batch, at) = (self.batch.as_ref()?, self.next);
        self.next += 1;
        let value = |column: &Column| batch.column_by_name(column.name).map_or(Value::None, |array| value(array, at));
        Some(Ok(self.table.columns.iter().map(value).collect()))
    }
}

fn value(array: &ArrayRef, at: usize) -> Value<'static> {
    if array.is_null(at) {
        return Value::None;
    }
    match array.data_type() {
        DataType::Utf8 => Value::from(array.as_string::<i32>().value(at).to_owned()),
        DataType::Int64 => Value::Integer(array.as_primitive::<Int64Type>().value(at)),
        DataType::Int32 => Value::Integer(array.as_primitive::<Int32Type>().value(at).into()),
        DataType::Decimal128(..) => {
            let mantissa = array.as_primitive::<Decimal128Type>().value(at);
            Number::try_from_i128_with_scale(mantissa, SCALE).map_or_else(|_| whole(mantissa), Value::from)
        }
        DataType::Float64 => Value::Float(array.as_primitive::<Float64Type>().value(at)),
        DataType::Boolean => Value::Flag(array.as_boolean().value(at)),
        _ => Value::None,
    }
    .trimmed()
}

/// A number whose digits only have room once the zeros behind its point are gone.
fn whole(mut mantissa: i128) -> Value<'static> {
    let mut scale = SCALE;
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Number::try_from_i128_with_scale(mantissa, scale).map_or(Value::None, Value::from)
}

impl Value<'_> {
    /// Without the zeros that storing added behind the point.
    fn trimmed(self) -> Self {
        match self {
            Self::Decimal(number) => Self::Decimal(number.normalize()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::schema;

    fn row(before: &'static str, number: &str) -> Row<'static> {
        let number = Number::from_str_exact(number).unwrap();
        vec![
            "a-1".into(),
            2024.into(),
            "t.r.c".into(),
            "r".into(),
            "t".into(),
            "strict".into(),
            "pass".into(),
            number.into(),
            Value::None,
            before.into(),
            false.into(),
        ]
    }

    fn written(rows: &[Row<'static>]) -> Result<Vec<u8>, Failure> {
        let mut writer = Writer::new(&schema::CHECKS, Vec::new())?;
        for row in rows {
            writer.push(row.clone())?;
        }
        writer.finish()
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let numbers = ["0", "20.5", "-0.0001", "9999999999999999999999999999", "96171.6"];
        let rows: Vec<Row<'_>> = numbers.iter().map(|number| row("x y", number)).collect();
        let bytes = written(&rows).unwrap();
        assert_eq!(bytes, written(&rows).unwrap(), "the same bytes");
        let mut file = tempfile();
        file.write_all(&bytes).unwrap();
        let read: Vec<Row<'_>> = Rows::open(&schema::CHECKS, file).unwrap().map(Result::unwrap).collect();
        assert_eq!(read, rows);
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused_rather_than_rounded() {
        let error = written(&[row("", "0.12345678901")]).unwrap_err();
        assert!(matches!(error, Failure::Decimals { column: "left", .. }), "{error}");
    }

    #[test]
    fn a_file_of_another_table_is_refused() {
        let mut file = tempfile();
        file.write_all(&written(&[]).unwrap()).unwrap();
        let error = Rows::open(&schema::REPAIRS, file).err().unwrap();
        assert!(matches!(error, Failure::Column { column: "cell" }), "{error}");
    }

    /// A file without a name.
    fn tempfile() -> File {
        let path = std::env::temp_dir().join(format!("gouji-{}-{:?}", std::process::id(), std::thread::current().id()));
        let file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        file
    }
}
