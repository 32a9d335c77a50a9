//! The figures: ties that fail, what cells hold and rest on, and the applications of each year.

use super::coverage::span;
use super::facts::{Facts, Sum, Tie};
use super::html::{Cell, Writer, escape, share};
use super::plot::{Layer, Style};
use crate::number::Number;
use std::collections::BTreeMap;

/// Ties that fail.
pub(super) fn ties(facts: &Facts, writer: &Writer<'_>) -> String {
    let [hold, fail, open] = facts.ties;
    let all = hold + fail + open;
    let mut body = writer.table(
        &[("Ties", "勾稽关系"), ("Count", "数量"), ("Share", "占比")],
        [
            ("hold", "成立", hold),
            ("fail", "不成立", fail),
            ("could not be evaluated, which is no pass", "无法核对（不算成立）", open),
        ]
        .map(|(en, zh, count)| {
            vec![Cell::text(writer.say(en, zh)), Cell::number(count), Cell::number(share(count, all))]
        }),
    );
    if !facts.failing.is_empty() {
        let rows = facts.failing.iter().filter_map(|failing| {
            let report = facts.reports.get(failing.report)?;
            let ties: String = failing.ties.iter().map(|tie| tie_item(tie, writer)).collect();
            let page = failing.ties.iter().find_map(|tie| tie.page);
            let id = format!("<br><code>{}</code>", escape(&report.id));
            Some(vec![
                Cell::html(format!("{}{id}", writer.input(&report.input, page))),
                Cell::text(report.issuer.as_deref().unwrap_or("–")),
                report.year.map_or_else(|| Cell::text("–"), Cell::year),
                Cell::number(failing.count),
                Cell::html(format!("<ul>{ties}</ul>")),
            ])
        });
        let head =
            [("Report", "报告"), ("Issuer", "发布机关"), ("Year", "年度"), ("Fail", "不成立"), ("Which", "哪些")];
        body.push_str(&writer.table(&head, rows));
        let (listed, reports) = (facts.failing.len(), facts.failing_reports);
        body.push_str(&writer.note(
            &format!("{listed} of {reports} reports with ties that fail, those with most of them first; the first of their ties. Findings say whether the document or the reading is at fault."),
            &format!("列出 {reports} 份有不成立勾稽关系的报告中的 {listed} 份，多者在前，每份列前几项。原文有误还是读取有误，见 findings。"),
        ));
    }
    writer.section("Ties that fail", "不成立的勾稽关系", &body)
}

fn tie_item(tie: &Tie, writer: &Writer<'_>) -> String {
    let place = match (tie.page, tie.place.as_str()) {
        (Some(page), _) => writer.say(" (page {})", "（第 {} 页）").replace("{}", &page.to_string()),
        (None, "") => String::new(),
        (None, place) => format!(" ({place})"),
    };
    let equation = format!("{} ≠ {}", tie.left, tie.right);
    format!("<li><code>{}</code> {}{}</li>", escape(&tie.id), escape(&equation), escape(&place))
}

/// Cells by what they hold, and numbers by what they rest on.
pub(super) fn cells(facts: &Facts, writer: &Writer<'_>) -> String {
    const STATUS: [(&str, &str, &str); 6] = [
        ("number", "a number, 0 included", "数字（含 0）"),
        ("blank", "printed empty", "空白"),
        ("mark", "a sign for none", "“无”类符号"),
        ("text", "words", "文字"),
        ("unreadable", "cannot be read", "无法辨读"),
        ("absent", "not in the document", "文件中没有"),
    ];
    const CERTAINTY: [(&str, &str, &str); 5] = [
        ("proved", "proved by a tie that holds", "由成立的勾稽关系证实"),
        ("read", "read; no tie proves it", "读出，无勾稽关系证实"),
        ("position", "its place rests on position alone", "仅凭位置"),
        ("repaired", "chosen by ties among readings", "由勾稽关系选定"),
        ("doubtful", "not to be relied on", "存疑"),
    ];
    let sum = |of: &dyn Fn(&str, &str) -> bool| -> u64 {
        facts.cells.iter().filter(|((status, certainty), _)| of(status, certainty)).map(|(_, count)| count).sum()
    };
    let all = sum(&|_, _| true);
    let numbers = sum(&|status, _| status == "number");
    let line = |words: (&str, &str, &str), count: u64, whole: u64| {
        let width = if whole == 0 { 0 } else { u128::from(count) * 100 / u128::from(whole) };
        vec![
            Cell::html(format!("<code>{}</code> {}", words.0, escape(writer.say(words.1, words.2)))),
            Cell::number(count),
            Cell::number(share(count, whole)),
            Cell::html(format!("<span class=\"bar\" style=\"width:{width}%\"></span>")),
        ]
    };
    let head = |en, zh| [(en, zh), ("Count", "数量"), ("Share", "占比"), ("", "")];
    let status = STATUS.map(|words| line(words, sum(&|status, _| status == words.0), all));
    let certainty = CERTAINTY
        .map(|words| line(words, sum(&|status, certainty| status == "number" && certainty == words.0), numbers));
    let body = writer.table(&head("Cells hold", "单元格内容"), status)
        + &writer.table(&head("Numbers rest on", "数字的依据"), certainty);
    writer.section("Cells", "单元格", &body)
}

/// New applications and those carried forward, over reports with a number only.
pub(super) fn series(facts: &Facts, writer: &Writer<'_>) -> String {
    const ROWS: [(&str, &str); 2] = [("New applications", "本年新收申请"), ("Carried forward", "结转下年度")];
    let known: Vec<i64> = facts.series.keys().copied().collect();
    if known.is_empty() {
        return String::new();
    }
    let years = span(&known);
    let mut by_year: BTreeMap<i64, u64> = BTreeMap::new();
    for year in facts.reports.iter().filter_map(|report| report.year) {
        *by_year.entry(year).or_default() += 1;
    }
    let sum = |year: i64, at: usize| facts.series.get(&year).and_then(|sums| sums.get(at)).copied().unwrap_or_default();
    let layer = |at: usize, words: (&str, &str)| Layer {
        name: writer.say(words.0, words.1).to_owned(),
        counts: years.iter().map(|year| plotted(sum(*year, at).total)).collect(),
    };
    let layers: Vec<Layer> = ROWS.into_iter().enumerate().map(|(at, words)| layer(at, words)).collect();
    let rows = known.iter().flat_map(|year| {
        ROWS.into_iter().enumerate().map(|(at, words)| (*year, sum(*year, at), words)).collect::<Vec<_>>()
    });
    let rows = rows.map(|(year, sum, words)| {
        let Sum { reports, total, repeated, doubtful, without } = sum;
        let of = by_year.get(&year).copied().unwrap_or_default();
        let rest = of.saturating_sub(reports + repeated + doubtful + without);
        vec![
            Cell::year(year),
            Cell::text(writer.say(words.0, words.1)),
            Cell::number(
                total.filter(|_| reports > 0).map_or_else(|| "–".to_owned(), |total| total.normalize().to_string()),
            ),
            Cell::number(format!("{reports} / {of}")),
            Cell::number(without),
            Cell::number(doubtful),
            Cell::number(repeated),
            Cell::number(rest),
        ]
    });
    let head = [
        ("Year", "年度"),
        ("Figure", "指标"),
        ("Sum", "合计"),
        ("Reports with a number", "有数字的报告"),
        ("No number", "无数字"),
        ("Doubtful", "存疑"),
        ("Year given twice", "同年重复"),
        ("No such cell", "无此格"),
    ];
    let body = writer.plot(&years, &layers, Style::Beside, ("applications", "件"))
        + &writer.table(&head, rows)
        + &writer.note(
            "Sums of printed totals over reports that have a number; blanks and signs for none are left out and counted, never \
             taken for 0. Numbers that are doubtful, and reports that share issuer and year, are left out too. A government's \
             report may include those of its offices, so this is not the sum of a territory. Reports of the 2014 edition have \
             other tables.",
            "仅对有数字的报告加总其印出的总计；空白与“无”类符号不计入，另列其数，从不当作 0。存疑的数字、同一机关同年多份的报告也不计入。\
             政府的报告可能已含所属部门，因此这不是某一地区的合计。2014 年版报告的表格不同，不在其中。",
        );
    writer.section("Applications by year", "各年申请数", &body)
}

/// A sum as a plot takes it: a picture of the number, which stands in the table.
fn plotted(total: Option<Number>) -> f64 {
    total.and_then(|total| total.to_string().parse().ok()).unwrap_or_default()
}
