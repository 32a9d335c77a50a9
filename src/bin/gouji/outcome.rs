//! What reading one input came to: its reports, or why there are none. This is what a worker sends and a batch keeps.

use gouji::emit::{CellStatus, ReportStatus};
use gouji::emit::{Report, Severity};
use gouji::pipeline::hex;
use gouji::{Error, Extraction, Lang};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;

/// The result for one input, without its path: the same bytes under two paths come to the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The format, where it could be told.
    pub(crate) format: Option<String>,
    /// Why nothing was read.
    pub(crate) failure: Option<Failure>,
    /// The reports, without a name of the input.
    pub(crate) reports: Vec<Report>,
}

/// An error in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// Its stable code.
    pub(crate) code: String,
    /// What happened.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
    /// Whether the input can be read and simply holds no report of a form.
    pub(crate) foreign: bool,
}

impl Outcome {
    /// Of a file that was read.
    pub(crate) fn read(extraction: &Extraction, lang: Lang) -> Self {
        let mut reports = Report::all(extraction, lang);
        for report in &mut reports {
            report.input.name.clear();
        }
        Self { format: Some(extraction.input.format.name().to_owned()), failure: None, reports }
    }

    /// Of one that was not.
    pub(crate) fn failed(error: &Error, format: Option<String>, lang: Lang) -> Self {
        Self { format, failure: Some(Failure::new(error, lang)), reports: Vec::new() }
    }
}

impl Failure {
    /// An error in the words of a language.
    pub(crate) fn new(error: &Error, lang: Lang) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.message(lang),
            help: error.help().get(lang).to_owned(),
            foreign: error.is_foreign(),
        }
    }
}

/// What a batch asks of a result without unpacking it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Brief {
    /// `complete`, `partial`, `failed` or `not-a-report`.
    pub(crate) status: String,
    /// The code of a failure.
    pub(crate) code: Option<String>,
    /// Wall time of the reading.
    pub(crate) seconds: f64,
    /// Its reports.
    pub(crate) reports: Vec<Known>,
}

/// What tells a report from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Known {
    /// Its number within the input.
    pub(crate) ordinal: u32,
    /// Its issuer as printed, folded.
    pub(crate) issuer: Option<String>,
    /// The year it reports on.
    pub(crate) year: Option<i32>,
    /// A hash of its cells: two reports with the same one have the same figures in the same cells.
    pub(crate) figures: String,
    /// How many of its figures are not 0.
    pub(crate) nonzero: u32,
}

impl Outcome {
    /// The worst status of its reports, or why there are none.
    pub(crate) fn status(&self) -> &'static str {
        let is = |status| self.reports.iter().any(|report| report.status == status);
        match &self.failure {
            Some(failure) if failure.foreign => "not-a-report",
            Some(_) => "failed",
            None if is(ReportStatus::Failed) || self.reports.is_empty() => "failed",
            None if is(ReportStatus::Partial) => "partial",
            None => "complete",
        }
    }

    fn brief(&self, seconds: f64) -> Brief {
        Brief {
            status: self.status().to_owned(),
            code: self.failure.as_ref().map(|failure| failure.code.clone()),
            seconds,
            reports: self.reports.iter().map(Known::of).collect(),
        }
    }
}

impl Known {
    fn of(report: &Report) -> Self {
        let mut hash = Sha256::new();
        let mut nonzero = 0;
        for table in &report.tables {
            for cell in table.cells.iter().filter(|cell| cell.status != CellStatus::Absent) {
                let value = cell.value.map(|value| value.0.normalize());
                nonzero += u32::from(value.is_some_and(|value| !value.is_zero()));
                let said = value.map_or_else(|| format!("{:?}", cell.status), |value| value.to_string());
                hash.update(format!("{}/{}/{}={said}\n", table.id, cell.row, cell.column));
            }
        }
        let issuer = report.report.issuer.as_deref().map(gouji::number::fold);
        Self {
            ordinal: report.report.ordinal,
            issuer,
            year: report.report.year,
            figures: hex(&hash.finalize()),
            nonzero,
        }
    }
}

/// A result ready to be sent and kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packed {
    /// What a batch asks of it.
    pub(crate) brief: Brief,
    /// The outcome as JSON, compressed.
    pub(crate) body: Vec<u8>,
}

/// Compression beyond this costs more time than it saves room.
const LEVEL: i32 = 3;

impl Packed {
    /// Packs what a reading came to.
    pub(crate) fn new(outcome: &Outcome, seconds: f64) -> io::Result<Self> {
        let body = zstd::encode_all(serde_json::to_vec(outcome)?.as_slice(), LEVEL)?;
        Ok(Self { brief: outcome.brief(seconds), body })
    }

    /// The length of the brief, the brief, the body.
    pub(crate) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let brief = serde_json::to_vec(&self.brief)?;
        let length = u32::try_from(brief.len()).map_err(|_| io::ErrorKind::InvalidData)?.to_le_bytes();
        Ok([&length, brief.as_slice(), &self.body].concat())
    }

    /// The reverse of [`Packed::to_bytes`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (brief, body) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        Some(Self { brief: serde_json::from_slice(brief).ok()?, body: body.to_vec() })
    }
}

/// Unpacks the body of a [`Packed`].
pub(crate) fn unpack(body: &[u8]) -> io::Result<Outcome> {
    Ok(serde_json::from_slice(&zstd::decode_all(body)?)?)
}

/// Whether anything in the report is wrong: a finding of severity error, or a tie that fails.
pub(crate) fn has_errors(report: &Report) -> bool {
    let failing = report.checks.iter().any(|check| check.verdict == gouji::emit::Verdict::Fail && !check.soft);
    failing || report.findings.iter().any(|finding| finding.severity == Severity::Error)
}
