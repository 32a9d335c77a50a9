//! Results in, bytes out: JSON, JSON lines, CSV, Markdown and HTML. The wire types live here and nowhere else.
//!
//! Coordinates are rounded here and only here; numbers are written digit for digit as they were printed. Nothing is
//! judged: what a report is worth was decided by the stages before, except its `status`, which [`Report::new`] derives.

mod build;
pub mod csv;
pub mod explain;
pub mod json;
mod labels;
pub mod markdown;
mod report;
mod scalar;
mod tables;
pub mod tables_text;
mod tally;

pub use csv::word;
pub use labels::Labels;
pub use report::{
    Block, Case, Cause, Cell, CellStatus, Certainty, Check, Coverage, Finding, Input, Mode, ReadingMethod, Repair,
    Report, ReportStatus, SecondReading, Section, Severity, Table, Tool, Verdict,
};
pub use scalar::{Exact, Place};
pub use tables::{Method, Spot, TableCell, TableGrid, TablePart, TablesReport};
pub use tally::Tally;
