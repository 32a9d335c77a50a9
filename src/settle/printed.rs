//! The characters of one cell in, what they say out: a number, a blank, a sign for none, or words.
//!
//! Reading is literal. A look-alike (`O` for 0), a number written in words (`减3`) or digits that do not form one
//! number stay text: nothing is guessed here. Which of several readings holds is not decided here either.

use super::Status;
use crate::number::{self, Number};

/// What a printed text says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// What kind of thing is printed.
    pub(crate) status: Status,
    /// The number, when it is one.
    pub(crate) value: Option<Number>,
    /// A unit typed behind the number.
    pub(crate) unit: Option<String>,
    /// Whether digits had to be joined over a break or a blank.
    pub(crate) joint: Joint,
    /// What is worth telling about it.
    pub(crate) oddity: Option<Oddity>,
}

/// How digits were put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Joint {
    /// They stand together.
    None,
    /// Over a break of the kind that narrow cells and letter spacing make.
    Usual,
    /// Over a break that could as well part two numbers.
    Unusual,
}

/// What is worth telling about a cell's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Oddity {
    /// Words stand behind the number.
    Remark,
    /// A raised digit stands behind the number: the mark of a note, or a power.
    Raised,
    /// The number begins with a zero that means nothing (`07`).
    LeadingZero,
    /// A rise or fall in words (`减3`).
    Worded,
    /// A letter or ideograph that looks like or means a digit.
    Lookalike,
    /// Digits that do not form one number.
    Malformed,
    /// Words with digits among them.
    MixedWords,
    /// Words.
    Words,
    /// Ink without a reading.
    NoReading,
}

/// Units that people type behind a number, longest first where one begins another.
const UNITS: [&str; 23] = [
    "万人次",
    "万元",
    "亿元",
    "千元",
    "万件",
    "万条",
    "人次",
    "万",
    "亿",
    "元",
    "件",
    "宗",
    "条",
    "起",
    "份",
    "个",
    "项",
    "次",
    "人",
    "篇",
    "例",
    "家",
    "部",
];

/// Signs for none or not applicable that are not plain dashes or slashes.
const MARKS: [&str; 8] = ["无", "不适用", "一一", "N/A", "NA", "n/a", "暂无", "没有"];

/// Reads the text of a cell.
pub(crate) fn say(raw: &str) -> Said {
    let text: String = raw.chars().filter(|c| !invisible(*c)).map(narrow).collect();
    let text = text.trim_matches(blank);
    if text.is_empty() {
        return said(Status::Blank, None);
    }
    if text.chars().any(|c| c == '\u{FFFD}' || ('\u{E000}'..='\u{F8FF}').contains(&c)) {
        return said(Status::Unreadable, Some(Oddity::NoReading));
    }
    let compact: String = text.chars().filter(|c| !blank(*c)).collect();
    if is_mark(&compact) {
        return said(Status::Mark, None);
    }
    number_of(text).unwrap_or_else(|| said(Status::Text, Some(kind_of_words(&compact))))
}

/// The parts of a number that was joined over line breaks, each by itself: what the cell says if they are two things.
pub(crate) fn lines_apart(raw: &str) -> Vec<String> {
    let lines: Vec<&str> = raw.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
    let plain = |l: &&str| l.chars().map(narrow).all(|c| c.is_ascii_digit());
    if lines.len() == 2 && lines.iter().all(plain) {
        lines.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// The one run of digits among ideographs, as where a seal or a header's last line is printed over a figure.
pub(crate) fn figure_among_words(raw: &str) -> Option<String> {
    let text: Vec<char> = raw.chars().filter(|c| !invisible(*c)).map(narrow).filter(|c| !blank(*c)).collect();
    let runs: Vec<&[char]> = text.split(|c| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let ideograph = |c: &char| ('\u{3400}'..='\u{9FFF}').contains(c);
    match runs.as_slice() {
        [run] if run.len() < text.len() && text.iter().all(|c| c.is_ascii_digit() || ideograph(c)) => {
            Some(run.iter().collect())
        }
        _ => None,
    }
}

fn said(status: Status, oddity: Option<Oddity>) -> Said {
    Said { status, value: None, unit: None, joint: Joint::None, oddity }
}

/// A number at the head of the text, with at most a unit and a remark behind it.
fn number_of(text: &str) -> Option<Said> {
    let end = text.find(|c: char| !in_number(c)).unwrap_or(text.len());
    let (head, tail) = text.split_at_checked(end)?;
    let head = head.trim_matches(blank);
    let joint = joint_of(head)?;
    let digits: String = head.chars().filter(|c| !blank(*c)).collect();
    let value = number::parse(&digits)?;
    let tail = tail.trim_matches(blank);
    let noted = tail.trim_start_matches(|c| number::is_raised(c) || matches!(c, ',' | ' '));
    let raised = tail.starts_with(number::is_raised);
    if raised && noted.starts_with(['/', '⁄']) {
        return None; // 3¹/₂ is neither 3 nor 31.
    }
    let (unit, remark) = behind(if raised { noted } else { tail })?;
    let unsigned = digits.trim_start_matches(['+', '-']);
    let padded = unsigned.len() > 1 && unsigned.starts_with('0') && !unsigned.starts_with("0.");
    if padded && joint != Joint::None {
        return None;
    }
    let oddity = if padded {
        Some(Oddity::LeadingZero)
    } else if raised || tail.ends_with(number::is_raised) {
        Some(Oddity::Raised)
    } else {
        remark.then_some(Oddity::Remark)
    };
    Some(Said { status: Status::Number, value: Some(value), unit, joint, oddity })
}

fn in_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | '.' | '+' | '-') || blank(c)
}

/// How the pieces of a number hang together; `None` when a wide gap parts them or a sign stands inside.
fn joint_of(head: &str) -> Option<Joint> {
    let pieces: Vec<&str> = head.split(blank).collect();
    if pieces.iter().any(|p| p.is_empty()) {
        return None; // Two blanks in a row.
    }
    if pieces.len() == 1 {
        return Some(Joint::None);
    }
    let punctuated = |pair: &[&str]| match pair {
        [before, after] => before.ends_with(['.', ',']) || after.starts_with(['.', ',']),
        _ => false,
    };
    if pieces.windows(2).all(punctuated) || matches!(pieces.as_slice(), ["+" | "-", _]) {
        return Some(Joint::Usual);
    }
    let usual = if head.contains(' ') { letter_spaced(&pieces) } else { wrapped(&pieces) };
    Some(if usual { Joint::Usual } else { Joint::Unusual })
}

/// `2 5 3 3 7`: every character apart, and too many of them for a chance.
fn letter_spaced(pieces: &[&str]) -> bool {
    pieces.len() >= 3 && pieces.iter().all(|p| p.len() == 1)
}

/// `11751⏎1`: all lines full but the last, and wide enough to have been full.
fn wrapped(lines: &[&str]) -> bool {
    let Some((last, full)) = lines.split_last() else { return false };
    let width = full.first().map_or(0, |l| l.len());
    width >= 3 && full.iter().all(|l| l.len() == width) && last.len() <= width
}

/// The unit and whether there is a remark in what stands behind a number; `None` when it is neither.
fn behind(tail: &str) -> Option<(Option<String>, bool)> {
    if tail.is_empty() {
        return Some((None, false));
    }
    if opens_remark(tail) {
        let inner = number::fold(tail);
        let inner = inner.trim_matches(['(', ')']);
        return Some(match UNITS.iter().find(|u| **u == inner) {
            Some(unit) => (Some((*unit).to_owned()), false),
            None => (None, true),
        });
    }
    let folded = number::fold(tail);
    let unit = UNITS.iter().find(|u| folded.starts_with(**u))?;
    let rest = folded.strip_prefix(unit)?;
    (rest.is_empty() || opens_remark(rest)).then(|| (Some((*unit).to_owned()), !rest.is_empty()))
}

/// Brackets and footnote signs; a raised or ringed digit is a footnote sign, never part of the number.
fn opens_remark(text: &str) -> bool {
    text.starts_with(['(', '[', '【', '〔', '*', '※', '注'])
        || text.starts_with(|c: char| ('①'..='⑳').contains(&c) || number::is_raised(c))
}

fn kind_of_words(compact: &str) -> Oddity {
    let all = |set: &str| compact.chars().all(|c| set.contains(c));
    if all("OoQ〇○零lI|")
        || all("0123456789OolI〇○.,") && compact.chars().any(|c| !c.is_ascii_punctuation() && !c.is_ascii_digit())
    {
        Oddity::Lookalike
    } else if all("0123456789.,+-/") {
        Oddity::Malformed
    } else if is_worded(compact) {
        Oddity::Worded
    } else if compact.chars().any(|c| c.is_ascii_digit()) {
        Oddity::MixedWords
    } else {
        Oddity::Words
    }
}

/// `减3`, `增加 5 项`: a rise or fall said in words.
fn is_worded(compact: &str) -> bool {
    let rest = ["增加", "减少", "新增", "增", "减"].iter().find_map(|w| compact.strip_prefix(w));
    rest.is_some_and(|rest| {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        unit.len() < rest.len() && (unit.is_empty() || UNITS.contains(&unit))
    })
}

fn is_mark(compact: &str) -> bool {
    let dash = |c| matches!(c, '-' | '—' | '–' | '―' | '‐' | '‑' | '‒' | '─' | '━' | 'ー');
    compact.chars().all(dash) || compact.chars().all(|c| matches!(c, '/' | '\\')) || MARKS.contains(&compact)
}

/// Full-width characters to their ordinary shapes. Unlike NFKC this leaves raised and ringed digits alone: `1²` is not 12.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '−' | '﹣' => '-',
        '﹐' => ',',
        '﹒' => '.',
        '\u{3000}' | '\u{A0}' | '\t' | '\r' => ' ',
        c if c.is_whitespace() && c != '\n' => ' ',
        c => c,
    }
}

fn blank(c: char) -> bool {
    c == ' ' || c == '\n'
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str) -> String {
        let said = say(raw);
        let value = said.value.map_or_else(|| format!("{:?}", said.status), |v| v.to_string());
        let unit = said.unit.map(|u| format!(" {u}")).unwrap_or_default();
        let oddity = said.oddity.map(|o| format!(" {o:?}")).unwrap_or_default();
        let joint = if said.joint == Joint::None { String::new() } else { format!(" joint:{:?}", said.joint) };
        format!("{value}{unit}{oddity}{joint}")
    }

    #[test]
    fn numbers_as_printed() {
        for (raw, expected) in [
            ("12", "12"),
            ("　12 ", "12"),
            ("１，１１３", "1113"),
            ("０．１５０３", "0.1503"),
            ("226,887.00", "226887.00"),
            ("+70", "70"),
            ("－76", "-76"),
            ("−3", "-3"),
            ("\u{FEFF}5\u{200B}", "5"),
            ("76宗", "76 宗"),
            ("251000元", "251000 元"),
            ("0.37 万元", "0.37 万元"),
            ("12（件）", "12 件"),
            ("22（其中修订 16 件）", "22 Remark"),
            ("22件（其中修订\n16 件）", "22 件 Remark"),
            ("22①", "22 Remark"),
            ("22²", "22 Raised"),
            ("1,251 ²，³", "1251 Raised"),
            ("22²件", "22 件 Raised"),
            ("22件²", "22 件 Raised"),
            ("3¹/₂", "Text MixedWords"),
            ("10⁻³", "Text MixedWords"),
            ("07", "7 LeadingZero"),
        ] {
            assert_eq!(shown(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn digits_over_breaks_and_blanks() {
        for (raw, expected) in [
            ("11751\n1", "117511 joint:Usual"),
            ("123\n456\n7", "1234567 joint:Usual"),
            ("1,234\n.56", "1234.56 joint:Usual"),
            ("20.\n5725", "20.5725 joint:Usual"),
            ("12\n.5", "12.5 joint:Usual"),
            ("- 2", "-2 joint:Usual"),
            ("12\n345", "12345 joint:Unusual"),
            ("1\n2", "12 joint:Unusual"),
            ("6 0", "60 joint:Unusual"),
            ("2 5 3 3 7", "25337 joint:Usual"),
            ("0\n0", "Text Malformed"),
            ("12  34", "Text Malformed"),
        ] {
            assert_eq!(shown(raw), expected, "{raw:?}");
        }
        assert_eq!(lines_apart("11751\n1"), ["11751", "1"]);
        assert!(lines_apart("20.\n5725").is_empty());
        assert_eq!(figure_among_words("专用章0"), Some("0".to_owned()));
        assert_eq!(figure_among_words("他\n12"), Some("12".to_owned()));
        assert_eq!(figure_among_words("12和34"), None);
        assert_eq!(figure_among_words("12"), None);
    }

    #[test]
    fn blanks_marks_and_words() {
        for raw in ["", " ", "\u{A0}", "　\n　"] {
            assert_eq!(shown(raw), "Blank", "{raw:?}");
        }
        for raw in ["/", "\\", "-", "—", "–", "--", "——", "－", "―", "无", "不适用", "一一", "／"] {
            assert_eq!(shown(raw), "Mark", "{raw:?}");
        }
        for (raw, expected) in [
            ("未增未减", "Text Words"),
            ("减3", "Text Worded"),
            ("增加 5 项", "Text Worded"),
            ("零", "Text Lookalike"),
            ("〇", "Text Lookalike"),
            ("O", "Text Lookalike"),
            ("1O", "Text Lookalike"),
            ("1,13", "Text Malformed"),
            ("7730.", "Text Malformed"),
            ("3/4", "Text Malformed"),
            ("12和34", "Text MixedWords"),
            ("约300", "Text MixedWords"),
            ("1\u{FFFD}2", "Unreadable NoReading"),
        ] {
            assert_eq!(shown(raw), expected, "{raw:?}");
        }
    }
}
