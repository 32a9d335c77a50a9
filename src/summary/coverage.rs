//! Which reports are there, by year and issuer, and which are missing between the first and the last of an issuer.

use super::facts::{Facts, Report};
use super::html::{Writer, escape};
use super::plot::{Layer, Style};
use super::problems::status_word;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Issuers that the matrix shows.
const ISSUERS: usize = 300;
/// Years that the matrix shows; a span that is longer holds years that were misread.
const YEARS: usize = 40;

/// The reports of one issuer by year.
type Issuer<'a> = BTreeMap<i64, Vec<&'a Report>>;

/// What the whole comes to.
pub(super) fn headline(facts: &Facts, writer: &Writer<'_>) -> String {
    let inputs: u64 = facts.inputs.values().sum();
    let mut items = vec![(inputs.to_string(), writer.say("inputs", "个文件").to_owned())];
    for status in ["complete", "partial", "failed", "not-a-report", "duplicate"] {
        if let Some(count) = facts.inputs.get(status) {
            items.push((count.to_string(), status_word(status, writer).to_owned()));
        }
    }
    items.push((facts.reports.len().to_string(), writer.say("reports", "份报告").to_owned()));
    let item = |(count, what): (String, String)| format!("<li><b>{count}</b> {}</li>", escape(&what));
    format!("<ul class=\"counts\">{}</ul>\n", items.into_iter().map(item).collect::<String>())
}

/// Reports by year and issuer.
pub(super) fn section(facts: &Facts, writer: &Writer<'_>) -> String {
    let years = years(facts);
    let count = |complete: bool| -> Vec<f64> {
        let of = |year: &i64| facts.reports.iter().filter(|r| r.year == Some(*year) && r.complete == complete).count();
        years.iter().map(|year| plotted(of(year))).collect()
    };
    let layers = [
        Layer { name: status_word("complete", writer).into(), counts: count(true) },
        Layer { name: status_word("partial", writer).into(), counts: count(false) },
    ];
    let mut body = writer.plot(&years, &layers, Style::Stacked, ("reports", "报告数"));
    body.push_str(&matrix(facts, writer));
    writer.section("Coverage by year and issuer", "各年各机关的报告", &body)
}

/// The editions of the form over time.
pub(super) fn editions(facts: &Facts, writer: &Writer<'_>) -> String {
    let years = years(facts);
    let forms: BTreeSet<&str> = facts.reports.iter().filter_map(|report| report.form.as_deref()).collect();
    let count = |form: &str, year: i64| {
        facts.reports.iter().filter(|report| report.year == Some(year) && report.form.as_deref() == Some(form)).count()
    };
    let layer = |form: &&str| Layer {
        name: (*form).to_owned(),
        counts: years.iter().map(|year| plotted(count(form, *year))).collect(),
    };
    let layers: Vec<Layer> = forms.iter().map(layer).collect();
    let mut body = writer.plot(&years, &layers, Style::Stacked, ("reports", "报告数"));
    body.push_str(&writer.note(
        "The edition is told from the labels of the tables, never from the year; a report that mixes editions counts for that \
         of its first table.",
        "版本依表格标签判定，不依年度；混用版本的报告计入第一张表的版本。",
    ));
    writer.section("Editions of the form over time", "各年所用表式版本", &body)
}

/// The years of all reports.
fn years(facts: &Facts) -> Vec<i64> {
    let known: BTreeSet<i64> = facts.reports.iter().filter_map(|report| report.year).collect();
    span(&known.into_iter().collect::<Vec<i64>>())
}

/// All years from the first to the last of these, so that a gap is seen as one; only these, where a misread year would
/// make that too many.
pub(super) fn span(known: &[i64]) -> Vec<i64> {
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Vec::new() };
    let years: Vec<i64> = (*first..=*last).take(YEARS + 1).collect();
    if years.len() > YEARS { known.to_vec() } else { years }
}

/// A count as a plot takes it.
fn plotted(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

fn matrix(facts: &Facts, writer: &Writer<'_>) -> String {
    let mut issuers: BTreeMap<&str, Issuer<'_>> = BTreeMap::new();
    let mut nameless = 0_usize;
    for report in &facts.reports {
        match (&report.issuer, report.year) {
            (Some(issuer), Some(year)) => {
                issuers.entry(issuer).or_default().entry(year).or_default().push(report);
            }
            _ => nameless += 1,
        }
    }
    let years = years(facts);
    let mut issuers: Vec<(&str, Issuer<'_>)> = issuers.into_iter().collect();
    let count = issuers.len();
    let gaps: usize = issuers.iter().map(|(_, reports)| missing(reports, &years)).sum();
    issuers.sort_by_key(|(name, reports)| (Reverse(missing(reports, &years)), *name));
    issuers.truncate(ISSUERS);
    let mut html = writer.note(
        "● complete  ◐ partial  ▲ several reports of the year  × missing between the issuer's first and last year",
        "● 完整　◐ 部分　▲ 同年多份　× 首末年之间缺失",
    );
    let heading = |year: &i64| format!("<th>{year}</th>");
    let head: String = years.iter().map(heading).collect();
    let name = escape(writer.say("Issuer, as printed", "发布机关（原文）"));
    let _ = write!(html, "<table class=\"matrix\">\n<thead><tr><th>{name}</th>{head}</tr></thead>\n<tbody>\n");
    for (issuer, reports) in &issuers {
        let marks: String = years.iter().map(|year| mark(reports, *year)).collect();
        let _ = writeln!(html, "<tr><th>{}</th>{marks}</tr>", escape(issuer));
    }
    html.push_str("</tbody>\n</table>\n");
    let (hidden, gaps, nameless) = (count - issuers.len(), gaps.to_string(), nameless.to_string());
    html.push_str(&writer.note(
        &format!("{gaps} reports are missing in all; issuers that lack most come first. {hidden} issuers are not shown. {nameless} reports without issuer or year are not in this table."),
        &format!("共缺 {gaps} 份，缺得多的机关在前。另有 {hidden} 个机关未显示。{nameless} 份报告没有机关名称或年度，不在此表中。"),
    ));
    html
}

/// Years without a report between the first and the last.
fn missing(reports: &Issuer<'_>, years: &[i64]) -> usize {
    years.iter().filter(|year| is_gap(reports, **year)).count()
}

fn is_gap(reports: &Issuer<'_>, year: i64) -> bool {
    let inside = reports.range(..year).next().is_some() && reports.range(year..).next().is_some();
    inside && !reports.contains_key(&year)
}

fn mark(reports: &Issuer<'_>, year: i64) -> String {
    let (class, sign) = match reports.get(&year).map(Vec::as_slice) {
        None if is_gap(reports, year) => ("gap", "×"),
        None => return "<td></td>".into(),
        Some([report]) if report.complete => ("complete", "●"),
        Some([_]) => ("partial", "◐"),
        Some(_) => ("several", "▲"),
    };
    let titles: Vec<&str> = reports
        .get(&year)
        .into_iter()
        .flatten()
        .map(|report| report.title.as_str())
        .filter(|title| !title.is_empty())
        .collect();
    format!("<td class=\"{class}\" title=\"{}\">{sign}</td>", escape(&titles.join(" · ")))
}
