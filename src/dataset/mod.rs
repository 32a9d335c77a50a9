//! Many reports as tables of rows: what the tables are, how a report becomes rows, and Parquet files of them.
//!
//! ```text
//! emit::Report ─rows→ rows of each table ─parquet→ cells/year=YYYY/part-0.parquet, reports.parquet, …
//! ```
//! One definition ([`schema`]) says what every column is; the Parquet files, exports and dictionaries follow it.
//! Which reports go in, in what order and where the files stand is the caller's.

mod folder;
mod parquet;
mod reports;
mod rows;
pub mod schema;
mod value;

pub use folder::Folder;
pub use parquet::{Failure, Rows, Writer, fits};
pub use reports::Reports;
pub use rows::{Corrected, Filed};
pub use value::{Row, Value};

/// Decimals of a stored number. With 38 digits in all, every number of up to 28 digits before the point has room.
pub const SCALE: u32 = 10;
