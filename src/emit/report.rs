//! The wire types of `gouji.report/1`. Field names and values are fixed; a breaking change raises the number.

use super::scalar::{Exact, Place};
use crate::{bind, check, finding, settle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A wire enum with the variants of an inner one, so that renaming inside never changes the output.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $inner:path { $( $(#[$variant_doc:meta])* $variant:ident ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $( $(#[$variant_doc])* $variant, )* }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                match inner { $( <$inner>::$variant => Self::$variant, )* }
            }
        }
    };
}

mirror! {
    /// What kind of thing is printed in a cell.
    CellStatus of settle::Status {
        /// A number.
        Number,
        /// Printed empty.
        Blank,
        /// A printed sign for none or not applicable.
        Mark,
        /// Words that hold no single number.
        Text,
        /// Ink without a trustworthy reading.
        Unreadable,
        /// The document has no such row or column.
        Absent,
    }
}

mirror! {
    /// What a value rests on.
    Certainty of settle::Certainty {
        /// An identity that holds depends on it.
        Proved,
        /// No identity covers it, or one that covers it does not hold.
        Read,
        /// Its column or row rests on position alone.
        Position,
        /// Chosen among readings; see `repairs`.
        Repaired,
        /// Not to be relied on.
        Doubtful,
    }
}

mirror! {
    /// How blanks count in a check.
    Mode of check::Mode {
        /// Only printed numbers.
        Strict,
        /// Blanks and marks count as 0.
        BlankAsZero,
    }
}

mirror! {
    /// What a check came to.
    Verdict of check::Verdict {
        /// It holds.
        Pass,
        /// It does not.
        Fail,
        /// It could not be evaluated, which is never a pass.
        NotEvaluable,
    }
}

mirror! {
    /// How much a finding matters.
    Severity of finding::Severity {
        /// Worth knowing; nothing is wrong.
        Info,
        /// A person should look.
        Warning,
        /// A figure is wrong or missing.
        Error,
    }
}

mirror! {
    /// Who is at fault.
    Cause of finding::Cause {
        /// The document itself is wrong as printed.
        Source,
        /// It may have been misread.
        Reading,
        /// It cannot be told.
        Undetermined,
        /// Two documents differ.
        Documents,
    }
}

/// One report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always `gouji.report/1`.
    #[schemars(extend("const" = "gouji.report/1"))]
    pub schema: Cow<'static, str>,
    /// What made this.
    pub tool: Tool,
    /// What was read.
    pub input: Input,
    /// Which report it is.
    pub report: Case,
    /// Whether everything the form asks for was found.
    pub status: ReportStatus,
    /// Its chapters' prose.
    pub sections: Vec<Section>,
    /// Its standard tables.
    pub tables: Vec<Table>,
    /// Its ties.
    pub checks: Vec<Check>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// What was chosen among several readings.
    pub repairs: Vec<Repair>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

/// The input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its name as given.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its format, told from its bytes.
    pub format: Cow<'static, str>,
    /// How many pages it has; null for formats without pages.
    pub pages: Option<u32>,
}

/// What identifies a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its number within the input, from 1.
    pub ordinal: u32,
    /// Its title as printed.
    pub title: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// The year it reports on.
    pub year: Option<i32>,
    /// Date of issue, ISO 8601.
    pub issued_on: Option<String>,
}

/// Whether everything the form asks for was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// Every table of the form was found and every cell is accounted for.
    Complete,
    /// Some of it.
    Partial,
    /// No table of the form.
    Failed,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Its number as printed; empty if none is.
    pub number: String,
    /// The form's id for it.
    pub id: String,
    /// Its title as printed.
    pub title: String,
    /// Its prose, a paragraph a line.
    pub text: String,
    /// Where its heading stands.
    pub place: Place,
}

/// A standard table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// The form's id for it.
    pub id: String,
    /// The edition of the form that most of it follows.
    pub form: String,
    /// Its blocks of rows under one header, each with the edition that it follows.
    pub blocks: Vec<Block>,
    /// Where it stands; a part for each page.
    pub parts: Vec<Place>,
    /// How its cells came out.
    pub coverage: Coverage,
    /// Every cell of the form's table, in the form's order.
    pub cells: Vec<Cell>,
}

/// A block of a table: rows under one header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// The form's id for it.
    pub id: String,
    /// The edition of the form that it follows.
    pub form: String,
    /// Labels of rows as printed, by row key, from the outermost group to the row's own; those not found are left out.
    pub rows: BTreeMap<String, String>,
    /// Labels of columns as printed, by column key, from the top of the header down.
    pub columns: BTreeMap<String, String>,
}

/// Counts of a table's cells. All but `expected` add up to `expected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Cells of the form's table.
    pub expected: u32,
    /// Numbers other than 0.
    pub number: u32,
    /// Printed zeros.
    pub zero: u32,
    /// Printed empty.
    pub blank: u32,
    /// Printed signs for none.
    pub mark: u32,
    /// Words.
    pub text: u32,
    /// Ink without a trustworthy reading.
    pub unreadable: u32,
    /// Not in this document.
    pub absent: u32,
}

/// A cell of a standard table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Row key.
    pub row: String,
    /// Column key.
    pub column: String,
    /// What kind of thing is printed.
    pub status: CellStatus,
    /// The number exactly as printed; null unless `status` is `number`.
    pub value: Option<Exact>,
    /// The characters as printed.
    pub raw: String,
    /// Its unit.
    pub unit: Option<String>,
    /// What its value rests on.
    pub certainty: Certainty,
    /// Where it stands; null only where `status` is `absent`.
    pub place: Option<Place>,
    /// Whether it is a total of other cells.
    pub total: bool,
    /// What reading the number again by another decoder came to; left out where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_reading: Option<SecondReading>,
    /// The characters of the second reading; left out unless it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_raw: Option<String>,
    /// Why the second reading could not be made; left out unless that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_why: Option<Cow<'static, str>>,
    /// How its characters were read; left out where the file states them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<ReadingMethod>,
}

/// How the characters of a cell were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingMethod {
    /// Recognised from a picture.
    Ocr,
}

/// What the second reading of a number came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondReading {
    /// It gives the same figures.
    Same,
    /// It gives others; see `second_raw`.
    Differs,
    /// It could not be made, which is no agreement.
    NotPossible,
}

/// A tie, evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `<table>.<rule>.<instance>`.
    pub id: String,
    /// The rule's name.
    pub rule: String,
    /// The table.
    pub table: String,
    /// How blanks count. Both modes are listed where they differ.
    pub mode: Mode,
    /// What it came to.
    pub verdict: Verdict,
    /// Sum of the left side, where it can be formed.
    pub left: Option<Exact>,
    /// Sum of the right side, where it can be formed.
    pub right: Option<Exact>,
    /// The cells it rests on, left side first, as `table/row/column`.
    pub cells: Vec<String>,
    /// Present and true where a failure is only worth knowing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub soft: bool,
}

/// One thing a person should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What kind; `gouji explain CODE` says more.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// Who is at fault.
    pub cause: Cause,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The cells it is about, as `table/row/column`.
    pub cells: Vec<String>,
    /// Where to look.
    pub place: Option<Place>,
    /// The printed words it rests on.
    pub evidence: Option<String>,
}

/// A disclosed choice among readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// The cell, as `table/row/column`.
    pub cell: String,
    /// What the first reading gave.
    pub before: String,
    /// What was chosen.
    pub after: String,
    /// Ids of the checks that chose it.
    pub ties: Vec<String>,
    /// Whether no other reading satisfies them.
    pub unique: bool,
    /// Why another reading was possible.
    pub reason: String,
}

impl From<&bind::SectionReading> for Section {
    fn from(section: &bind::SectionReading) -> Self {
        let paragraphs: Vec<&str> = section.paragraphs.iter().map(|paragraph| paragraph.text.as_str()).collect();
        Self {
            number: section.number.clone(),
            id: section.id.clone(),
            title: section.title.clone(),
            text: paragraphs.join("\n"),
            place: Place::from(&section.place),
        }
    }
}
