//! Labels as they can be compared: folded, numbering apart, punctuation gone.
//!
//! Published reports print the form's labels with other brackets, quotes, spaces and numbering, with single wrong or
//! missing characters, and on mirrors in traditional characters. Comparing is fuzzy, but never for labels so short
//! that another label is one character away.

use crate::number::{fold, is_raised};
use std::collections::BTreeMap;

/// Pairs of a traditional character and its simplified form, for the characters that occur in labels and headings.
const SIMPLIFIED: &str = "開开條条項项規规範范製制發发數数廢废現现處处許许罰罚強强業业費费額额單单萬万請请組组織织機机構构總总\
計计與与續续辦办結结轉转屬属國国護护權权類类內内務务過过執执檢检詢询無无沒没補补確确認认復复複复訟讼訴诉審审維维糾纠經经後后\
況况報报題题進进關关個个會会場场獲获穩稳違违險险據据舉举際际實实應应對对動动體体標标歸归當当產产圖图書书顯显證证調调觀观聯联\
繫系係系餘余於于並并區区鄉乡鎮镇縣县廳厅衛卫電电網网傳传說说讀读議议訓训點点員员專专職职編编輯辑訪访談谈聞闻責责導导領领它他";

/// The least similarity at which two labels are taken for the same.
pub(super) const SAME: f32 = 0.72;

/// A label ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Label {
    /// The leading number, whatever its style: `一、`, `（一）`, `1.`.
    pub number: Option<u32>,
    /// Letters and digits of the rest, simplified.
    pub body: Vec<char>,
}

/// Makes labels; holds the character table.
#[derive(Debug)]
pub(super) struct Labeller {
    simplified: BTreeMap<char, char>,
}

impl Labeller {
    pub(super) fn new() -> Self {
        let chars: Vec<char> = SIMPLIFIED.chars().collect();
        let simplified = chars.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
        Self { simplified }
    }

    /// Folds a printed text for comparison: NFKC, no white space, simplified characters. Punctuation stays.
    pub(super) fn fold(&self, text: &str) -> String {
        fold(text).chars().map(|c| self.simplify(c)).collect()
    }

    /// The label of a printed text. Raised digits are marks of notes.
    pub(super) fn label(&self, text: &str) -> Label {
        let folded: Vec<char> = self.fold(text).chars().filter(|c| !is_raised(*c)).collect();
        let (number, rest) = numbering(&folded);
        let body: Vec<char> = rest.iter().copied().filter(|c| c.is_alphanumeric()).collect();
        if body.is_empty() {
            // Nothing but a number or a sign: not numbering but the text itself.
            return Label { number: None, body: folded.into_iter().filter(|c| c.is_alphanumeric()).collect() };
        }
        Label { number, body }
    }

    fn simplify(&self, c: char) -> char {
        // Latin text is by far the most frequent miss.
        if c.is_ascii() { c } else { self.simplified.get(&c).copied().unwrap_or(c) }
    }
}

impl Label {
    /// Whether there is nothing to compare.
    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// How alike two labels are, from 0 to a little above 1; [`SAME`] and more is the same label.
    pub(super) fn similarity(&self, other: &Self) -> f32 {
        let score = body_similarity(&self.body, &other.body);
        if score < SAME {
            return score;
        }
        match (self.number, other.number) {
            (Some(a), Some(b)) if a == b => score + 0.04,
            (Some(_), Some(_)) => score - 0.08,
            _ => score,
        }
    }

    /// The best similarity to any of these.
    pub(super) fn best(&self, others: &[Self]) -> f32 {
        others.iter().map(|other| self.similarity(other)).fold(0.0, f32::max)
    }
}

/// Splits off a leading number: `一、` `（一）` `1.` `1、` `(1)` `第一部分`; digits directly before an ideograph count too.
fn numbering(text: &[char]) -> (Option<u32>, &[char]) {
    let open = usize::from(text.first() == Some(&'('));
    let inner = text.get(open..).unwrap_or(&[]);
    let run = inner.iter().take_while(|c| is_numeral(**c)).count();
    let (digits, after) = inner.split_at(run);
    let Some(value) = numeral(digits) else {
        return (None, text);
    };
    let closed = match after.first() {
        Some(')') => true,
        Some('、' | '.' | ',' | ':' | '·') => open == 0,
        Some(c) => open == 0 && digits.iter().all(char::is_ascii_digit) && digits.len() <= 2 && !c.is_ascii(),
        None => false,
    };
    if !closed {
        return (None, text);
    }
    let skip = usize::from(after.first().is_some_and(|c| !c.is_alphanumeric()));
    (Some(value), after.get(skip..).unwrap_or(&[]))
}

/// The value of up to three Chinese numerals, or of up to two Latin digits.
fn numeral(digits: &[char]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 3 {
        return None;
    }
    if digits.iter().all(char::is_ascii_digit) {
        return digits.iter().collect::<String>().parse().ok();
    }
    let mut value = 0;
    for digit in digits {
        match chinese_digit(*digit)? {
            10 if value == 0 => value = 10,
            10 => value *= 10,
            d => value += d,
        }
    }
    Some(value)
}

pub(super) fn chinese_digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九十".chars().zip(0..).find_map(|(digit, value)| (digit == c).then_some(value))
}

fn body_similarity(a: &[char], b: &[char]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() >= 4 && long.starts_with(short) {
        return 0.9;
    }
    // Two of three characters alike is no evidence: 行政许可 and 行政处罚 share half of theirs.
    if short.len() < 4 || long.len() - short.len() > long.len().div_ceil(3) || !shares_most(short, long) {
        return 0.0;
    }
    // 第（五）项 and 第（六）项 are one character apart, and different things.
    if a.len() == b.len() && a.iter().zip(b).any(|(x, y)| x != y && is_numeral(*x) && is_numeral(*y)) {
        return 0.0;
    }
    let distance = edit_distance(a, b);
    // Measured against the longer label, so that a missing half is not forgiven.
    1.0 - ratio(distance, long.len())
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || chinese_digit(c).is_some()
}

/// Cheap upper bound: at least 70 % of the longer label's characters occur in the shorter.
fn shares_most(short: &[char], long: &[char]) -> bool {
    let shared = long.iter().filter(|c| short.contains(c)).count();
    ratio(shared, long.len()) >= 0.7
}

#[expect(clippy::cast_precision_loss, reason = "lengths of labels are far below 2^23")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in previous.iter_mut().skip(1).zip(b) {
            let cost = (diagonal + usize::from(ca != cb)).min(*cell + 1).min(left + 1);
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
        if let Some(first) = previous.first_mut() {
            *first = i + 1;
        }
    }
    previous.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        let labeller = Labeller::new();
        labeller.label(a).similarity(&labeller.label(b)) >= SAME
    }

    #[test]
    fn numbering_is_told_from_the_label() {
        let labeller = Labeller::new();
        let number = |s: &str| labeller.label(s).number;
        assert_eq!(number("一、总体情况"), Some(1));
        assert_eq!(number("（十二）其他"), Some(12));
        assert_eq!(number("3．其他"), Some(3));
        assert_eq!(number("①属于国家秘密"), Some(1));
        assert_eq!(number("12345"), None);
        assert_eq!(number("第二十条第（一）项"), None);
        assert_eq!(number("一般情况"), None);
    }

    #[test]
    fn real_variants_are_the_same_label() {
        assert!(alike("2.其他法律行政法规禁止公开", "2.其他法律行政止公开"));
        assert!(alike("结果\n维持", "结果 维持"));
        assert!(alike("第二十条  第（一）项", "第二十条第(一)项"));
        assert!(alike("3.危及“三安全一稳定”", "3.危及「三安全一稳定」"));
        assert!(alike("行政事业型收费", "行政事业性收费"));
        assert!(alike("行政強制", "行政强制"));
        assert!(alike("本年发件数", "本年制发件数"));
    }

    #[test]
    fn neighbours_are_not() {
        assert!(!alike("行政许可", "行政处罚"));
        assert!(!alike("结果维持", "结果纠正"));
        assert!(!alike("总计", "其他"));
        assert!(!alike("第二十条第（五）项", "第二十条第（六）项"));
        assert!(!alike("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"));
        assert!(!alike("2.重复申请", "3.其他"));
        assert!(!alike("5.属于三类内部事务信息", "6.属于四类过程性信息"));
    }
}
