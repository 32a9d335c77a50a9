//! What to look at first: inputs that failed, then what was found in reports, the gravest first.

use super::facts::Facts;
use super::html::{Cell, Writer, escape};
use std::cmp::Reverse;

/// The section.
pub(super) fn section(facts: &Facts, writer: &Writer<'_>) -> String {
    let mut body = inputs(facts, writer);
    body.push_str(&findings(facts, writer));
    writer.section("Look at first", "先看这里", &body)
}

fn inputs(facts: &Facts, writer: &Writer<'_>) -> String {
    if facts.problems.is_empty() {
        return writer.note("Every input was read completely.", "所有文件均已完整读取。");
    }
    let mut problems: Vec<_> = facts.problems.iter().collect();
    problems.sort_by_key(|((grade, ..), problem)| (*grade, Reverse(problem.count)));
    let rows = problems.into_iter().map(|((_, status, code), problem)| {
        let example = |(input, message): &(String, String)| {
            let message = if message.is_empty() { String::new() } else { format!("：{}", escape(message)) };
            format!("<li>{}{message}</li>", writer.input(input, None))
        };
        let examples: String = problem.examples.iter().map(example).collect();
        let more = problem.count.saturating_sub(u64::try_from(problem.examples.len()).unwrap_or_default());
        let more = match more {
            0 => String::new(),
            more => format!(
                "<li>{}</li>",
                escape(&writer.say("and {} more", "另有 {} 个").replace("{}", &more.to_string()))
            ),
        };
        vec![
            Cell::html(format!("<b class=\"{}\">{}</b>", escape(status), escape(status_word(status, writer)))),
            Cell::html(format!("<code>{}</code>", escape(code))),
            Cell::number(problem.count),
            Cell::html(format!("<ul>{examples}{more}</ul>")),
            Cell::text(&problem.help),
        ]
    });
    let head = [("Inputs", "文件"), ("Code", "代码"), ("Count", "数量"), ("Which", "哪些"), ("What to do", "处理办法")];
    writer.table(&head, rows)
}

fn findings(facts: &Facts, writer: &Writer<'_>) -> String {
    let mut findings: Vec<_> = facts.findings.iter().filter(|(_, found)| found.grade < 2).collect();
    if findings.is_empty() {
        return writer.note("No report has a finding that asks for a look.", "没有需要查看的提示。");
    }
    findings.sort_by_key(|(_, found)| (found.grade, Reverse(found.reports)));
    let rows = findings.into_iter().map(|(code, found)| {
        let (class, word) = match found.grade {
            0 => ("failed", writer.say("error", "错误")),
            _ => ("partial", writer.say("warning", "警告")),
        };
        vec![
            Cell::html(format!("<b class=\"{class}\">{word}</b>")),
            Cell::html(format!("<code>{}</code>", escape(code))),
            Cell::number(found.count),
            Cell::number(found.reports),
            Cell::text(&found.help),
        ]
    });
    let head = [
        ("In reports", "报告内"),
        ("Code", "代码"),
        ("Count", "数量"),
        ("Reports", "报告数"),
        ("What to do", "处理办法"),
    ];
    writer.table(&head, rows)
        + &writer.note("gouji explain CODE says more about a code.", "用 gouji explain 代码 查看各代码的说明。")
}

/// A status for people.
pub(super) fn status_word<'a>(status: &'a str, writer: &Writer<'_>) -> &'a str {
    match status {
        "complete" => writer.say("complete", "完整"),
        "partial" => writer.say("partial", "部分"),
        "failed" => writer.say("failed", "失败"),
        "not-a-report" => writer.say("not a report", "非报告"),
        "duplicate" => writer.say("duplicate", "重复"),
        other => other,
    }
}
