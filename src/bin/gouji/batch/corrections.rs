//! `corrections.jsonl`: human decisions about cells, a JSON object a line, each signed with a name and a date.
//!
//! A decision is keyed by the hash of the file and the cell, and says what the person saw there. It is applied as a
//! layer beside the published value at every run; when the cell no longer reads as it was seen, or the file is not there
//! any more, the decision is stale: it is reported and not applied.

use gouji::dataset::{Corrected, Filed, Row, SCALE, fits};
use gouji::emit::{Exact, Report};
use gouji::text::Text;
use gouji::{ErrorKind, Lang, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// A line of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    sha256: String,
    #[serde(default = "first")]
    report: u32,
    cell: String,
    seen: String,
    value: Option<Exact>,
    by: String,
    on: String,
    why: String,
}

fn first() -> u32 {
    1
}

/// A decision and what became of it.
#[derive(Debug)]
struct Filing {
    line: usize,
    decision: Decision,
    /// The report it applies to, once that was met.
    report_id: Option<String>,
    /// Why it is not applied.
    stale: Option<Text>,
}

/// All decisions, by file and report.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    filings: Vec<Filing>,
    by_report: BTreeMap<(String, u32), Vec<usize>>,
}

impl Corrections {
    /// Reads the file; one that is not there holds no decisions.
    pub(super) fn open(file: &Path) -> Result<Self> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ErrorKind::Io(error).at(file.to_string_lossy())),
        };
        let mut all = Self::default();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let decision: Decision =
                serde_json::from_str(text).map_err(|error| wrong(file, line, &error.to_string()))?;
            all.add(line, decision).map_err(|why| wrong(file, line, &why))?;
        }
        Ok(all)
    }

    fn add(&mut self, line: usize, decision: Decision) -> std::result::Result<(), String> {
        let (by, on) = (decision.by.trim(), decision.on.trim());
        if by.is_empty() || decision.why.trim().is_empty() {
            return Err("a decision is signed: `by` and `why` say who decided, and why".into());
        }
        if !is_date(on) {
            return Err(format!("`on` is a date such as 2025-01-31, not `{on}`"));
        }
        if decision.value.is_some_and(|value| !fits(value.0)) {
            return Err(format!("a value has {SCALE} decimals at most"));
        }
        let report = (decision.sha256.to_ascii_lowercase(), decision.report);
        let at = self.by_report.entry(report).or_default();
        if let Some(other) =
            at.iter().filter_map(|i| self.filings.get(*i)).find(|other| other.decision.cell == decision.cell)
        {
            return Err(format!("line {} decides on the same cell", other.line));
        }
        at.push(self.filings.len());
        let stale = Text::new("no report with this hash and number was read", "未读到具有该哈希与序号的报告");
        self.filings.push(Filing { line, decision, report_id: None, stale: Some(stale) });
        Ok(())
    }

    /// The decisions that apply to a report, by cell; notes which do and which are stale.
    pub(super) fn apply(&mut self, report: &Report) -> BTreeMap<String, Corrected> {
        let mut applied = BTreeMap::new();
        let key = (report.input.sha256.clone(), report.report.ordinal);
        for at in self.by_report.get(&key).cloned().unwrap_or_default() {
            let Some(filing) = self.filings.get_mut(at) else { continue };
            filing.report_id = Some(Filed::id_of(&key.0, key.1));
            let cell = report.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
            let named = |(table, cell): &(&gouji::emit::Table, &gouji::emit::Cell)| {
                filing.decision.cell == format!("{}/{}/{}", table.id, cell.row, cell.column)
            };
            filing.stale = match cell.into_iter().find(named) {
                None => Some(Text::new("the report has no such cell", "报告中没有该单元格")),
                Some((_, cell)) if cell.raw.trim() != filing.decision.seen.trim() => Some(Text::new(
                    format!("the cell now reads `{}`", cell.raw),
                    format!("该单元格现读作“{}”", cell.raw),
                )),
                Some(_) => None,
            };
            if filing.stale.is_none() {
                applied.insert(filing.decision.cell.clone(), filing.decision.value.map(|value| value.0));
            }
        }
        applied
    }

    /// The rows of `corrections`, once all reports were met.
    pub(super) fn rows(&self, lang: Lang) -> impl Iterator<Item = Row<'_>> {
        self.filings.iter().map(move |filing| {
            let decision = &filing.decision;
            vec![
                filing.line.into(),
                if filing.stale.is_none() { "applied" } else { "stale" }.into(),
                filing.stale.as_ref().map(|why| why.get(lang)).into(),
                filing.report_id.as_deref().into(),
                (&decision.sha256).into(),
                (&decision.cell).into(),
                (&decision.seen).into(),
                decision.value.map(|value| value.0).into(),
                (&decision.by).into(),
                (&decision.on).into(),
                (&decision.why).into(),
            ]
        })
    }

    /// Lines and reasons of those that are not applied.
    pub(super) fn stale(&self, lang: Lang) -> Vec<(usize, &str)> {
        self.filings.iter().filter_map(|filing| Some((filing.line, filing.stale.as_ref()?.get(lang)))).collect()
    }
}

fn wrong(file: &Path, line: usize, why: &str) -> gouji::Error {
    ErrorKind::Form { message: format!("line {line}: {why}") }.at(file.to_string_lossy())
}

/// `2025-01-31`.
fn is_date(text: &str) -> bool {
    let parts: Vec<(usize, Option<u32>)> = text.split('-').map(|part| (part.len(), part.parse().ok())).collect();
    matches!(parts.as_slice(), [(4, Some(_)), (2, Some(1..=12)), (2, Some(1..=31))])
}
