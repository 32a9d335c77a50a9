//! What a text looks like, whatever it says: a value, a numbered label, a label cut off. Nothing here knows a form.

use crate::number::{before_raised, fold};

/// No value has more Latin letters: `n.a.`, or the mark of a note.
pub(super) const MOST_LETTERS: usize = 3;

/// Whether the text is printed like a value: figures with signs, separators and units, or a mark for none.
pub(super) fn is_value(text: &str) -> bool {
    // Most texts are words: those need no folding.
    if text.chars().filter(char::is_ascii_alphabetic).count() > MOST_LETTERS {
        return false;
    }
    let folded = fold(text);
    let bare = without_marks(&folded);
    let mark = bare.is_empty() && !folded.is_empty()
        || matches!(
            bare.to_ascii_lowercase().as_str(),
            "/" | "-" | "—" | "——" | "–" | "−" | "无" | "\\" | "…" | ".." | ":" | "n.a." | "n/a" | "na" | "n.d."
        );
    let figures = bare.chars().any(|c| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || ".,+-−–—%‰()$€£¥/:'件宗条个元万亿次人项起份".contains(c));
    mark || figures
}

/// The text without the marks of footnotes after it: signs, raised digits, or one letter after a number that is plainly
/// one.
fn without_marks(text: &str) -> &str {
    let mut bare = text;
    loop {
        let shorter = before_raised(bare.trim_end_matches(['*', '†', '‡', '§', '¶', '#']));
        if shorter.len() == bare.len() {
            break;
        }
        bare = shorter;
    }
    match bare.char_indices().next_back() {
        Some((at, 'a'..='h'))
            if bare.get(..at).is_some_and(|n| {
                n.contains(['.', ',', '%']) && n.ends_with(|c: char| c.is_ascii_digit() || c == '%')
            }) =>
        {
            bare.get(..at).unwrap_or(bare)
        }
        _ => bare,
    }
}

/// Whether the text begins with a number of a list: `1.`, `（一）`, `一、`, `第二十条`.
pub(super) fn starts_numbered(text: &str) -> bool {
    let folded = fold(text);
    let rest = folded.trim_start_matches('(');
    let bracketed = rest.len() < folded.len();
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c);
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let after = rest.trim_start_matches(number);
    if after.len() == rest.len() {
        return false;
    }
    let marks: &[char] = if bracketed { &[')'] } else { &['.', '、', ')', ',', '条', '章', '项'] };
    after.starts_with(marks)
}

/// Whether the text plainly breaks off: a bracket is open, or it ends in a comma.
pub(super) fn is_open(text: &str) -> bool {
    let folded = fold(text);
    let count = |c: char| folded.matches(c).count();
    count('(') > count(')') || folded.ends_with([',', '、', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_labels_are_told_apart() {
        for value in ["12", "1,113", "-76", "251000元", "/", "—", "11751\n1", "１２", "1,251²", "45%¹,³", "12*²", "³"]
        {
            assert!(is_value(value), "{value}");
        }
        for label in ["", "1.属于国家秘密", "其他", "（一）", "其他²"] {
            assert!(!is_value(label), "{label}");
        }
    }

    #[test]
    fn list_numbers_are_seen() {
        for text in ["1.属于国家秘密", "（四）无", "三、本年", "第二十条第（一）项", "(1) a"] {
            assert!(starts_numbered(text), "{text}");
        }
        for text in ["法提供", "只计这一情形", "2023年", "12", ""] {
            assert!(!starts_numbered(text), "{text}");
        }
    }
}
