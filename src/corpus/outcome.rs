//! What a check between reports came to. These are the words of `gouji.corpus/1`; nothing is decided here.

use crate::check::Mode;
use crate::emit::CellStatus;
use crate::finding::{Cause, Code, Severity};
use crate::number::Number;
use crate::text::Text;
use schemars::JsonSchema;
use serde::Serialize;

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It holds; nothing speaks against it.
    Holds,
    /// It does not hold. Which of the documents is wrong, if one is, cannot be told from this alone.
    Differs,
    /// It does not hold, and one of the reports says why.
    Explained,
    /// No tie, but a person should know.
    Noted,
    /// It could not be checked, which is never a pass.
    NotChecked,
}

/// Why a check could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The report names no issuer.
    NoIssuer,
    /// The report names no year.
    NoYear,
    /// The issuer is not in the registry.
    IssuerUnregistered,
    /// Several different reports claim this issuer and year.
    IssuerAmbiguous,
    /// There is no report of the year before.
    MissingYear,
    /// The report of a registered unit is not there.
    UnitMissing,
    /// The units' reports are there, but not that of their upper unit.
    UpperMissing,
    /// The edition of the other report has no such row or column.
    NoSuchRow,
    /// The document lacks a row or column of its form.
    Absent,
    /// A cell holds words or ink without a trustworthy reading.
    Unreadable,
    /// A cell may have been misread.
    Doubtful,
    /// The same report gives another figure in another format.
    FormatsDiffer,
    /// A cell is in another unit of measure.
    OtherMeasure,
    /// A cell is blank or bears a mark for none.
    Blank,
    /// A sum is too large to be formed.
    TooLarge,
}

/// How an upper unit's figure stands to the sum of its units'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is the sum.
    Equal,
    /// It is larger, as it is where offices of its own are not among the units.
    AtLeast,
    /// It is larger, although nearly all its other figures are exactly the sums.
    Above,
    /// It is smaller, which no choice of units explains.
    Below,
}

/// A cell that a check rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// The report's id.
    pub report: String,
    /// The cell, as `table/row/column`.
    pub cell: String,
    /// What kind of thing is printed in it.
    pub status: CellStatus,
    /// Its number.
    pub value: Option<Number>,
    /// Whether it is taken away.
    pub minus: bool,
}

/// A printed sentence that a check rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The report's id.
    pub report: String,
    /// The sentence.
    pub sentence: String,
}

/// A check between reports, or of one report against what it says it is.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusCheck {
    /// `<rule>.<table>.<instance>`, as far as it has these.
    pub id: String,
    /// The rule's name.
    pub rule: String,
    /// How blanks count. Both modes are given where they differ.
    pub mode: Mode,
    /// What became of it.
    pub state: State,
    /// Why it could not be made.
    pub reason: Option<Reason>,
    /// How the sides stand to each other, for an upper unit and its units.
    pub relation: Option<Relation>,
    /// The issuer as printed.
    pub issuer: Option<String>,
    /// The year; of two the later.
    pub year: Option<i32>,
    /// Sum of the left side, where it can be formed.
    pub left: Option<Number>,
    /// Sum of the right side, where it can be formed.
    pub right: Option<Number>,
    /// The cells of the left side.
    pub left_cells: Vec<Operand>,
    /// The cells of the right side.
    pub right_cells: Vec<Operand>,
    /// Ids of the reports that it is about.
    pub reports: Vec<String>,
    /// Names of the units whose reports are missing.
    pub missing: Vec<String>,
    /// How many in a hundred of a text are also in another.
    pub share: Option<u8>,
    /// Printed words that it rests on.
    pub evidence: Vec<Evidence>,
    /// What `gouji explain` says about it; none where all is well.
    pub code: Option<Code>,
    /// How much it matters.
    pub severity: Severity,
    /// Who is at fault, where anything is.
    pub cause: Option<Cause>,
    /// What was seen.
    pub message: Text,
}

impl CorpusCheck {
    /// A check that holds, about these reports.
    pub(super) fn new(rule: &str, id: String, reports: Vec<String>) -> Self {
        Self {
            id,
            rule: rule.to_owned(),
            mode: Mode::Strict,
            state: State::Holds,
            reason: None,
            relation: None,
            issuer: None,
            year: None,
            left: None,
            right: None,
            left_cells: Vec::new(),
            right_cells: Vec::new(),
            reports,
            missing: Vec::new(),
            share: None,
            evidence: Vec::new(),
            code: None,
            severity: Severity::Info,
            cause: None,
            message: Text::default(),
        }
    }

    /// Whose report it is about, and of which year.
    pub(super) fn of(mut self, issuer: Option<&str>, year: Option<i32>) -> Self {
        self.issuer = issuer.map(str::to_owned);
        self.year = year;
        self
    }

    /// It could not be made.
    pub(super) fn not_checked(mut self, reason: Reason) -> Self {
        self.state = State::NotChecked;
        self.reason = Some(reason);
        self.message = reason.text();
        self
    }

    /// Something that `code` stands for was seen, with the severity and cause of the code.
    pub(super) fn told(mut self, state: State, code: Code, message: Text) -> Self {
        let doc = code.doc();
        self.state = state;
        self.code = Some(code);
        self.severity = if state == State::Explained { Severity::Info } else { doc.severity };
        self.cause = Some(doc.cause);
        self.message = message;
        self
    }

    /// Whether a person has to look: something differs unexplained, or is noted as more than information.
    #[must_use]
    pub fn is_problem(&self) -> bool {
        self.state == State::Differs || self.state == State::Noted && self.severity > Severity::Info
    }
}

impl Reason {
    /// In words.
    #[must_use]
    pub fn text(self) -> Text {
        let (en, zh) = match self {
            Self::NoIssuer => ("the report names no issuer", "报告未写明机构"),
            Self::NoYear => ("the report names no year", "报告未写明年度"),
            Self::IssuerUnregistered => ("the issuer is not in the registry", "机构不在名录中"),
            Self::IssuerAmbiguous => {
                ("several different reports claim this issuer and year", "同一机构同一年度有多份不同的报告")
            }
            Self::MissingYear => ("there is no report of the year before", "缺少上一年度的报告"),
            Self::UnitMissing => ("the report of a unit is missing", "缺少下级单位的报告"),
            Self::UpperMissing => ("the report of the upper unit is missing", "缺少上级单位的报告"),
            Self::NoSuchRow => ("the other report's edition has no such row", "另一份报告的格式没有该项"),
            Self::Absent => ("a row or column is missing from a document", "文件中缺少该行或该列"),
            Self::Unreadable => ("a cell holds no readable number", "有单元格没有可读的数字"),
            Self::Doubtful => ("a cell may have been misread", "有单元格可能误读"),
            Self::FormatsDiffer => {
                ("the same report gives another figure in another format", "同一报告的另一种格式给出不同的数字")
            }
            Self::OtherMeasure => ("a cell is in another unit of measure", "有单元格使用了其他计量单位"),
            Self::Blank => ("a cell is blank", "有单元格为空白"),
            Self::TooLarge => ("a sum is too large", "合计数过大"),
        };
        Text::new(en, zh)
    }
}
