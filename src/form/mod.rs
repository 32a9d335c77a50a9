//! Forms: what an official notice fixes about a report, as data. Loading, linting and looking up.
//!
//! A form file (`forms/<publisher>/<form>/<edition>.toml`) names the sections, the tables with their row and column
//! labels, the units, the ties and the claims that prose makes. Which edition a block of a document follows is decided
//! by the labels that match, never by the year.

mod across;
pub mod crosswalk;
mod label;
mod library;
pub mod lint;
mod pattern;

pub use across::{Across, Area, Explanation, Jump, YearTie};
pub use crosswalk::Crosswalk;
pub use library::{Library, crosswalks, parse};
pub use pattern::Pattern;

use serde::Deserialize;

/// One edition of one form.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// `family/edition`, such as `cn.foi-annual/2021`.
    pub id: String,
    /// Name for people, in English and in Chinese.
    pub title: Title,
    /// The notice that fixes the form.
    pub source: String,
    /// Words of which one stands in the title of every report of this form.
    #[serde(default)]
    pub titles: Vec<String>,
    /// The report's chapters, in order.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Its tables, in order.
    pub tables: Vec<Table>,
    /// How the prose is read for claims.
    #[serde(default)]
    pub prose: Prose,
    /// What the prose may state about the tables.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Plausibility rules that are not ties.
    #[serde(default)]
    pub cautions: Vec<Caution>,
    /// What ties reports of this form to each other.
    #[serde(default)]
    pub across: Across,
}

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A chapter of the report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Id in the output.
    pub id: String,
    /// Its number as the notice prints it: `一`.
    pub number: String,
    /// Its title as the notice prints it.
    pub title: String,
    /// Other wordings seen in published reports.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A table of the form.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Id in the output.
    pub id: String,
    /// Name for people.
    #[serde(default)]
    pub title: Option<Title>,
    /// The section it stands in, where the form has sections.
    #[serde(default)]
    pub section: Option<String>,
    /// Blocks of rows that share a header. Most tables have one.
    pub blocks: Vec<Block>,
    /// The ties between its cells.
    #[serde(default)]
    pub checks: Vec<Tie>,
}

/// Rows and columns under one header.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Name of the block within its table; the same block has the same name in every edition.
    pub id: String,
    /// The band row over the block (`第二十条第（一）项`), with its variants.
    #[serde(default)]
    pub band: Vec<String>,
    /// The label over the row labels (`信息内容`), with its variants.
    #[serde(default)]
    pub corner: Vec<String>,
    /// Columns of values.
    pub columns: Vec<Column>,
    /// Rows of values. A block whose only row has no label has one row with an empty path.
    pub rows: Vec<Row>,
}

/// A column of a block.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Id in the output.
    pub key: String,
    /// Label in English, whole by itself; the notice has none.
    #[serde(default)]
    pub en: Option<String>,
    /// Header labels from the outermost to the innermost.
    pub path: Vec<String>,
    /// Other wordings of the innermost label.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Unit of its cells, unless the row says otherwise.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether it holds totals of other columns.
    #[serde(default)]
    pub total: bool,
}

/// A row of a block.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Id in the output.
    pub key: String,
    /// Label in English, whole by itself; the notice has none.
    #[serde(default)]
    pub en: Option<String>,
    /// Labels from the outermost group to the row's own.
    pub path: Vec<String>,
    /// Other wordings of the row's own label.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Unit of its cells.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether it holds totals of other rows.
    #[serde(default)]
    pub total: bool,
    /// Whether it is a heading row that carries no values.
    #[serde(default)]
    pub heading: bool,
}

/// An equation between cells: the sum on the left equals the sum on the right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    /// Rule name; check ids are `<table>.<rule>.<instance>`.
    pub rule: String,
    /// Whether the keys below are columns of one row, or rows of one column.
    pub along: Along,
    /// The keys whose values are added on the left.
    pub sum: Vec<String>,
    /// The keys whose values are added on the right.
    pub equals: Vec<String>,
    /// The rows (or columns) to run it on; all of the table's that hold values when empty.
    #[serde(default)]
    pub on: Vec<String>,
    /// Name of the instance, where it is not the row's or column's key (`reconsideration`).
    #[serde(default)]
    pub instance: Option<String>,
    /// `equal` (default): both sides must be equal; `at-most`: left must not exceed right.
    #[serde(default)]
    pub relation: Relation,
    /// How much a failure matters: `error` (default) for ties the form prints or implies, `info` for soft ones.
    #[serde(default)]
    pub soft: bool,
}

/// Which way a tie runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Along {
    /// Its keys are columns; it runs once for each row.
    Row,
    /// Its keys are rows; it runs once for each column.
    Column,
}

/// How the two sides of a tie compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Both sides are equal.
    #[default]
    Equal,
    /// The left side is not larger than the right.
    AtMost,
}

/// Words that decide how a sentence's figures are taken. All patterns are matched on folded text (see
/// [`crate::number::fold`]): no blanks, half-width digits and brackets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Prose {
    /// Erased from a sentence before anything else: `1月1日至12月31日`.
    #[serde(default)]
    pub ignore: Vec<Pattern>,
    /// A sentence that says this up to the figure's clause is about something else: another year, a comparison.
    #[serde(default)]
    pub skip: Vec<Pattern>,
    /// Words for a narrower scope than the table's: `本局`, `办公室`.
    #[serde(default)]
    pub narrower: Vec<Pattern>,
    /// Words for a wider one: `全市`, `各级`.
    #[serde(default)]
    pub wider: Vec<Pattern>,
}

/// A figure that prose may state about a table: a phrase and what it may stand for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Name of the claim.
    pub id: String,
    /// A clause without any of these words is passed over before patterns are tried.
    pub words: Vec<String>,
    /// Matched on a folded clause; the group `n` captures the figure, or the group `zero` words that say there is none.
    pub patterns: Vec<Pattern>,
    /// What the sentence must be about, up to and with the clause; anything when empty.
    #[serde(default)]
    pub context: Vec<Pattern>,
    /// A clause that says this is not the claim.
    #[serde(default)]
    pub unless: Vec<Pattern>,
    /// The table that it is about.
    pub table: String,
    /// The readings to try; the claim holds if one of them does.
    pub readings: Vec<ClaimReading>,
    /// Whether a smaller figure may be a part of the whole and is left alone.
    #[serde(default)]
    pub part: bool,
    /// What a percentage in brackets behind the figure may be a share of.
    #[serde(default)]
    pub whole: Vec<ClaimReading>,
}

/// One thing that a stated figure may stand for: the sum of these cells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimReading {
    /// What this reading takes the figure for, in English and Chinese.
    pub name: Title,
    /// Row keys to add.
    pub rows: Vec<String>,
    /// Row keys to take away.
    #[serde(default)]
    pub minus: Vec<String>,
    /// Column keys to add.
    pub columns: Vec<String>,
}

/// A plausibility rule on single cells.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// What kind of rule.
    pub kind: CautionKind,
    /// The table it is about.
    pub table: String,
    /// Row keys it applies to; all when empty.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Column keys it applies to; all when empty.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Issuers that the rule is about, matched on the folded name; none otherwise. For `magnitude`, all when empty.
    #[serde(default)]
    pub issuers: Vec<Pattern>,
    /// Issuers that it is not about, whatever `issuers` says.
    #[serde(default)]
    pub except: Vec<Pattern>,
    /// For `magnitude`: figures from this one on are suspect (in the unit of the form).
    #[serde(default)]
    pub suspect_from: Option<i64>,
}

/// The kinds of [`Caution`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CautionKind {
    /// The issuer has no power to make such things (规章 by a county bureau).
    AboveAuthority,
    /// The figure looks as if typed in another unit (yuan under 万元).
    Magnitude,
    /// Cases are counted: the figure must be a whole number and not negative.
    WholeNumber,
}
