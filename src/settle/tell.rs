//! Settled drafts in, findings about how they were read out: one finding a table for each kind of trouble.

use super::choose::Choice;
use super::draft::Draft;
use super::printed::{Joint, Oddity};
use super::{Certainty, Status};
use crate::finding::{Cause, Code, Finding, Findings, Severity};
use crate::text::Text;

/// Cells that a message spells out; the finding names all of them.
const SHOWN: usize = 6;

/// Everything worth telling about the cells of `table`; `certainties` run along `cells`.
pub(super) fn tell(
    table: &str,
    cells: &[Draft],
    certainties: &[Certainty],
    choices: &[Choice],
    findings: &mut Findings,
) {
    let teller = Teller { table, cells, certainties };
    teller.choices(choices, findings);
    teller.oddities(findings);
    let chosen: Vec<usize> = choices
        .iter()
        .map(|c| match c {
            Choice::Repaired { cell, .. } | Choice::Open { cell, .. } => *cell,
        })
        .collect();
    teller.standing(&chosen, findings);
}

/// `table/row/column`.
pub(super) fn name(table: &str, draft: &Draft) -> String {
    format!("{table}/{}/{}", draft.row, draft.column)
}

struct Teller<'a> {
    table: &'a str,
    cells: &'a [Draft],
    certainties: &'a [Certainty],
}

impl Teller<'_> {
    /// One finding over several cells: a message from each language's lead and the cells as printed.
    fn group(&self, code: Code, cells: &[usize], lead: (&str, &str)) -> Option<Finding> {
        let drafts: Vec<&Draft> = cells.iter().filter_map(|c| self.cells.get(*c)).collect();
        let first = drafts.first()?;
        let shown = |d: &&Draft| {
            let raw = d.candidate().map_or("", |c| c.raw.as_str());
            let raw = if raw.trim().is_empty() { "∅".to_owned() } else { raw.replace('\n', "⏎") };
            format!("{}/{} `{raw}`", d.row, d.column)
        };
        let mut list: Vec<String> = drafts.iter().take(SHOWN).map(shown).collect();
        let more = drafts.len().saturating_sub(SHOWN);
        let (mut en, mut zh) = (list.join(", "), list.join("、"));
        list.clear();
        if more > 0 {
            en = format!("{en} and {more} more");
            zh = format!("{zh}等{}处", drafts.len());
        }
        let message =
            Text::new(format!("{}: {}: {en}", self.table, lead.0), format!("{}：{}：{zh}", self.table, lead.1));
        let place = first.candidate().and_then(|c| c.place.clone());
        Some(Finding::new(code, message).cells(drafts.iter().map(|d| name(self.table, d))).at(place))
    }

    fn choices(&self, choices: &[Choice], findings: &mut Findings) {
        for choice in choices {
            match choice {
                Choice::Repaired { cell, before, ties, .. } => {
                    let lead = (
                        format!("read first as `{before}`, settled by {}", ties.join(", ")),
                        format!("初读为“{before}”，由 {} 判定", ties.join("、")),
                    );
                    findings.extend(self.group(Code::CellRepaired, &[*cell], (&lead.0, &lead.1)));
                }
                Choice::Open { cell, readings } if readings.len() > 1 => {
                    let texts: Vec<&str> =
                        readings.iter().map(|r| if r.trim().is_empty() { "∅" } else { r.as_str() }).collect();
                    let lead = (
                        format!("may say {}; the ties do not decide", texts.join(" or ")),
                        format!("可能为 {}，勾稽关系无法判定", texts.join(" 或 ")),
                    );
                    findings.extend(self.group(Code::Undetermined, &[*cell], (&lead.0, &lead.1)));
                }
                Choice::Open { .. } => {}
            }
        }
        let plain = |c: &Choice| match c {
            Choice::Open { cell, readings } if readings.len() < 2 => Some(*cell),
            _ => None,
        };
        let cells: Vec<usize> = choices.iter().filter_map(plain).collect();
        let lead = ("no way of placing the cells satisfies the ties", "任何排列都不满足勾稽关系");
        findings.extend(self.group(Code::Undetermined, &cells, lead));
    }

    fn oddities(&self, findings: &mut Findings) {
        let odd = |wanted: Oddity| -> Vec<usize> {
            self.where_(|d| d.candidate().is_some_and(|c| c.said.oddity == Some(wanted)))
        };
        let digits: Vec<usize> = self.where_(|d| {
            d.candidate().is_some_and(|c| matches!(c.said.oddity, Some(Oddity::Lookalike | Oddity::Malformed)))
        });
        findings.extend(self.group(
            Code::CellUnread,
            &digits,
            ("looks like a figure but is not one", "形似数字但不成数"),
        ));
        let lead = ("words and digits that do not make one figure", "文字与数字混杂，不成一数");
        findings.extend(self.group(Code::CellUnread, &odd(Oddity::MixedWords), lead));
        let ink = self.where_(|d| d.status() == Status::Unreadable);
        findings.extend(self.group(Code::CellUnread, &ink, ("ink without a reading", "有墨迹而无法识读")));
        let words = self.group(Code::CellUnread, &odd(Oddity::Words), ("words, no figure", "为文字，非数字"));
        findings.extend(words.map(|f| f.severity(Severity::Info).cause(Cause::Undetermined)));
        let lead = ("a rise or fall in words, kept as text", "以文字表示增减，按文字保留");
        findings.extend(self.group(Code::WordedNumber, &odd(Oddity::Worded), lead));
        findings.extend(self.group(
            Code::RemarkInCell,
            &odd(Oddity::Remark),
            ("words behind the figure", "数字后带有说明"),
        ));
        let lead = ("a raised digit behind the figure, taken for the mark of a note", "数字后带有上标，视为注释标记");
        findings.extend(self.group(Code::RemarkInCell, &odd(Oddity::Raised), lead));
        self.units(findings);
    }

    /// Units typed in the cell that are not the form's. Counters (件, 宗, 条 …) differ in name only; 元 and 万 in size.
    fn units(&self, findings: &mut Findings) {
        let typed = |d: &Draft| d.candidate().and_then(|c| c.said.unit.clone()).zip(d.unit.clone());
        let sized = |unit: &str| unit.contains(['元', '万', '亿']);
        let differs = |d: &Draft| typed(d).is_some_and(|(a, b)| a != b && (sized(&a) || sized(&b)));
        let renamed = |d: &Draft| typed(d).is_some_and(|(a, b)| a != b && !sized(&a) && !sized(&b));
        let lead = (
            "the unit typed in the cell is not the form's; the figure is in the typed unit",
            "单元格内所写单位与表头不同，数值按所写单位保留",
        );
        findings.extend(self.group(Code::UnitInCell, &self.where_(differs), lead));
        let lead = ("another counter than the form's", "量词与表式不同");
        findings.extend(self.group(Code::UnitInCell, &self.where_(renamed), lead).map(|f| f.severity(Severity::Info)));
    }

    fn standing(&self, chosen: &[usize], findings: &mut Findings) {
        let having = |wanted: Certainty| -> Vec<usize> {
            let all = self.certainties.iter().enumerate();
            all.filter(|(i, c)| **c == wanted && !chosen.contains(i)).map(|(i, _)| i).collect()
        };
        // Ink that gave no figure is told as unread.
        let unread = |d: &Draft| matches!(d.status(), Status::Unreadable | Status::Text);
        let told = |c: &usize| self.cells.get(*c).is_some_and(unread);
        let doubtful: Vec<usize> = having(Certainty::Doubtful).into_iter().filter(|c| !told(c)).collect();
        let lead = ("doubtful; no tie proves it", "存疑，且无勾稽关系可证");
        findings.extend(self.group(Code::CellDoubtful, &doubtful, lead));
        let lead = ("which column or row is meant rests on the order alone", "所属行列仅凭顺序判断");
        findings.extend(self.group(Code::PositionOnly, &having(Certainty::Position), lead));
        let joined =
            |i: &usize| self.cells.get(*i).and_then(Draft::candidate).is_some_and(|c| c.said.joint != Joint::None);
        let joined: Vec<usize> = having(Certainty::Read).into_iter().filter(joined).collect();
        let lead = ("digits on several lines or spaced apart were joined", "分行或分隔的数字已连接");
        findings.extend(self.group(Code::NumberJoined, &joined, lead));
    }

    fn where_(&self, test: impl Fn(&Draft) -> bool) -> Vec<usize> {
        (0..self.cells.len()).filter(|i| self.cells.get(*i).is_some_and(&test)).collect()
    }
}
