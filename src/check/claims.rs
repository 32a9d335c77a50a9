//! The prose and the tables in, sentences that agree with no reading of the tables out.
//!
//! What a verb counts is not fixed: 受理 is the new requests in one report and new and carried-over ones in the next. So
//! every claim has several readings and holds if one of them does. A false alarm costs more than a missed one: anything
//! about another year, a comparison, or cells that could not be read is left alone.

use super::arithmetic::{Bound, cause};
use super::prose::{Sentence, sentences};
use crate::bind::Paragraph;
use crate::finding::{Code, Finding, Findings};
use crate::form::{Claim, ClaimReading, Form, Library, Pattern, Prose};
use crate::number::{self, Number};
use crate::settle::Report;
use crate::settle::ties::{Term, TieOn};
use crate::text::Text;
use rust_decimal::RoundingStrategy;

/// Compares the prose of the report with its tables.
pub(super) fn findings(report: &Report, tables: &[Bound<'_>], library: &Library, findings: &mut Findings) {
    let claims: Vec<Bearing<'_>> = library.forms().iter().flat_map(|form| bearings(form, tables)).collect();
    if claims.is_empty() {
        return;
    }
    for paragraph in report.sections.iter().flat_map(|s| &s.paragraphs) {
        for sentence in sentences(&paragraph.text) {
            for claim in &claims {
                claim.compare(&sentence, paragraph, report.year, findings);
            }
        }
    }
}

/// A claim and the table it bears on.
struct Bearing<'a> {
    claim: &'a Claim,
    prose: &'a Prose,
    table: &'a Bound<'a>,
}

/// A form's claims are asked of the tables of which a block follows that form.
fn bearings<'a>(form: &'a Form, tables: &'a [Bound<'a>]) -> Vec<Bearing<'a>> {
    let bearing = |claim: &'a Claim| {
        let mut all = tables.iter().map(|b| (b, b.table));
        let follows = |t: &crate::settle::Table| t.id == claim.table && t.editions.iter().any(|(_, f)| *f == form.id);
        let (table, _) = all.find(|(_, t)| follows(t))?;
        Some(Bearing { claim, prose: &form.prose, table })
    };
    form.claims.iter().filter_map(bearing).collect()
}

/// What a reading of a claim comes to.
struct Operand<'a> {
    reading: &'a ClaimReading,
    cells: Vec<usize>,
    value: Number,
}

impl<'a> Bearing<'a> {
    fn compare(&self, sentence: &Sentence, paragraph: &Paragraph, year: Option<i32>, findings: &mut Findings) {
        for (at, clause) in sentence.clauses.iter().enumerate() {
            let Some(stated) = figure(self.claim, &clause.text) else { continue };
            let before = self.relevant(sentence.through(at));
            if matches(&self.claim.unless, &clause.text)
                || matches(&self.prose.skip, &before)
                || speaks_of_another_year(&before, year)
                || !self.claim.context.is_empty() && !matches(&self.claim.context, &before)
            {
                continue;
            }
            let Some(operands) = self.operands(&self.claim.readings) else { continue };
            let finding = if operands.iter().all(|o| o.value != stated) {
                self.disagreement(stated, &before, &operands)
            } else {
                self.share(stated, sentence.clauses.get(at + 1).filter(|c| c.bracketed).map(|c| c.text.as_str()))
            };
            findings.extend(finding.map(|f| f.at(Some(paragraph.place.clone())).evidence(&sentence.printed)));
        }
    }

    /// The text without the phrases that mean nothing here.
    fn relevant(&self, text: String) -> String {
        let erase = |text: String, pattern: &Pattern| match pattern.regex() {
            Some(regex) => regex.replace_all(&text, "").into_owned(),
            None => text,
        };
        self.prose.ignore.iter().fold(text, erase)
    }

    /// The finding for a figure that no reading gives, unless a smaller figure is nothing to wonder at.
    fn disagreement(&self, stated: Number, before: &str, operands: &[Operand<'_>]) -> Option<Finding> {
        let smaller = operands.iter().all(|o| stated < o.value);
        let larger = operands.iter().all(|o| stated > o.value);
        if smaller && self.claim.part {
            return None;
        }
        let scope = smaller && matches(&self.prose.narrower, before) || larger && matches(&self.prose.wider, before);
        let code = if scope { Code::ClaimScope } else { Code::ClaimMismatch };
        let list = |name: fn(&ClaimReading) -> &str, sign: &str, and: &str| -> String {
            let each = operands.iter().map(|o| format!("{}{sign}{}", name(o.reading), o.value));
            each.collect::<Vec<String>>().join(and)
        };
        let message = Text::new(
            format!("the prose says {stated}, the table: {}", list(|r| &r.name.en, " ", ", ")),
            format!("正文为 {stated}，表中：{}", list(|r| &r.name.zh, " ", "，")),
        );
        Some(self.finding(code, message, operands))
    }

    /// The finding for a percentage behind a figure that is no share of any whole, rounded or cut.
    fn share(&self, part: Number, bracket: Option<&str>) -> Option<Finding> {
        let stated = bracket?.trim_start_matches(['占', '比', '约']).strip_suffix('%').and_then(number::parse)?;
        let wholes = self.operands(&self.claim.whole)?;
        if wholes.is_empty() || wholes.iter().any(|w| w.value.is_zero() || is_share(part, w.value, stated)) {
            return None;
        }
        let share = |w: &Operand<'_>| share_of(part, w.value).map_or(String::new(), |s| s.round_dp(2).to_string());
        let list = |name: fn(&ClaimReading) -> &str, and: &str| -> String {
            wholes
                .iter()
                .map(|w| format!("{} {}: {}%", name(w.reading), w.value, share(w)))
                .collect::<Vec<String>>()
                .join(and)
        };
        let message = Text::new(
            format!("the prose says {part} is {stated}%; {}", list(|r| &r.name.en, ", ")),
            format!("正文称 {part} 占 {stated}%；{}", list(|r| &r.name.zh, "，")),
        );
        Some(self.finding(Code::ClaimMismatch, message, &wholes))
    }

    fn finding(&self, code: Code, message: Text, operands: &[Operand<'_>]) -> Finding {
        let mut cells: Vec<usize> = operands.iter().flat_map(|o| o.cells.iter().copied()).collect();
        cells.sort_unstable();
        cells.dedup();
        let cause = cause(self.table, cells.iter().copied());
        Finding::new(code, message).cause(cause).cells(cells.into_iter().map(|c| self.table.name(c)))
    }

    /// What the readings come to; `None` when one of them cannot be told, for it might be the one that is meant.
    fn operands(&self, readings: &'a [ClaimReading]) -> Option<Vec<Operand<'a>>> {
        readings.iter().map(|reading| self.operand(reading)).collect()
    }

    fn operand(&self, reading: &'a ClaimReading) -> Option<Operand<'a>> {
        let mut value = Number::ZERO;
        let mut cells = Vec::new();
        let signed = reading
            .rows
            .iter()
            .map(|r| (r, Number::ONE))
            .chain(reading.minus.iter().map(|r| (r, Number::NEGATIVE_ONE)));
        for (row, sign) in signed {
            for column in &reading.columns {
                let cell = self.table.table.cells.iter().position(|c| c.row == *row && c.column == *column)?;
                value = value.checked_add(sign * self.counted(cell)?)?;
                cells.push(cell);
            }
        }
        Some(Operand { reading, cells, value })
    }

    /// The cell's figure; a blank is 0 unless it is a total that was left out.
    fn counted(&self, cell: usize) -> Option<Number> {
        let term = |c: usize| self.table.term(c);
        match term(cell) {
            Term::Number(value) => Some(value),
            Term::Nothing => {
                let has_parts = |t: &TieOn| {
                    t.right == [cell] && t.left.iter().any(|c| matches!(term(*c), Term::Number(n) if !n.is_zero()))
                };
                (!self.table.ties.on(cell).any(has_parts)).then_some(Number::ZERO)
            }
            Term::Unknown => None,
        }
    }
}

/// The figure that a clause states: digits, or 0 for words that say there is none.
fn figure(claim: &Claim, clause: &str) -> Option<Number> {
    if !claim.words.iter().any(|w| clause.contains(w.as_str())) {
        return None;
    }
    claim.patterns.iter().find_map(|pattern| {
        let found = pattern.regex()?.captures(clause)?;
        match found.name("n") {
            Some(digits) => number::parse(digits.as_str()),
            None => found.name("zero").map(|_| Number::ZERO),
        }
    })
}

fn matches(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|p| p.is_match(text))
}

/// Whether a year other than the report's is named.
fn speaks_of_another_year(text: &str, year: Option<i32>) -> bool {
    text.match_indices('年').any(|(at, _)| {
        let named = text.get(at.saturating_sub(4)..at).and_then(|digits| digits.parse::<i32>().ok());
        named.is_some_and(|named| named > 1900 && year != Some(named))
    })
}

fn share_of(part: Number, whole: Number) -> Option<Number> {
    part.checked_mul(Number::ONE_HUNDRED)?.checked_div(whole)
}

/// Whether `stated` is the share to as many decimals as it has, rounded or cut off.
fn is_share(part: Number, whole: Number, stated: Number) -> bool {
    let Some(share) = share_of(part, whole) else { return true };
    [RoundingStrategy::MidpointAwayFromZero, RoundingStrategy::ToZero]
        .into_iter()
        .any(|how| share.round_dp_with_strategy(stated.scale(), how) == stated)
}
