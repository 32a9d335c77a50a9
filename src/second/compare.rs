//! The two readings of a cell in, whether they agree out.
//!
//! They agree when they hold the same figures, digit for digit, with sign and decimal point, and when the first of them
//! is the value. Words, units, thousands separators and the breaks of lines are left out of it.

use rust_decimal::Decimal;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// The figures of a text, in order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    /// Those on the line: digits with their sign and point.
    on_line: Vec<String>,
    /// The digits set off it, and ringed ones: they belong to no number.
    off_line: String,
}

/// Whether `second` says what was read first.
pub(super) fn agree(raw: &str, value: Option<Decimal>, second: &str) -> bool {
    let (first, second) = (figures(raw), figures(second));
    let said = second.on_line.first().and_then(|figure| Decimal::from_str(figure.trim_start_matches('+')).ok());
    first == second && value.is_some() && said == value
}

fn figures(text: &str) -> Figures {
    let mut found = Figures::default();
    let mut figure = String::new();
    for c in text.chars().filter(|c| !is_passed_over(*c)).map(plain) {
        if c.is_ascii_digit() || matches!(c, '.' | '+' | '-') {
            figure.push(c);
            continue;
        }
        found.keep(&mut figure);
        if c.is_numeric() {
            found.off_line.extend(std::iter::once(c).nfkc());
        }
    }
    found.keep(&mut figure);
    found
}

impl Figures {
    /// Takes a figure that has ended; signs and points alone are none.
    fn keep(&mut self, figure: &mut String) {
        let figure = std::mem::take(figure);
        if figure.contains(|c: char| c.is_ascii_digit()) {
            self.on_line.push(figure);
        }
    }
}

/// What parts no figure: white space, breaks, thousands separators, and what has no shape.
fn is_passed_over(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ',' | '，' | '﹐' | '\u{AD}' | '\u{FEFF}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}')
}

/// Full-width characters in their ordinary shape, and one shape for minus.
fn plain(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '−' | '﹣' => '-',
        '﹒' => '.',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agrees(raw: &str, value: &str, second: &str) -> bool {
        agree(raw, Decimal::from_str(value).ok(), second)
    }

    #[test]
    fn the_same_figures_agree_however_they_are_set() {
        for (raw, value, second) in [
            ("12", "12", "12"),
            ("1,113", "1113", "1113"),
            ("１，１１３", "1113", "1,113"),
            ("20.50", "20.50", "20.50"),
            ("11751\n1", "117511", "117511"),
            ("+70", "70", "＋70"),
            ("−3", "-3", "-3"),
            ("251000元", "251000", "251000 元"),
            ("22（其中修订\n16 件）", "22", "22(其中修订16件)"),
            ("1,251²", "1251", "1,251²"),
            ("22①", "22", "22①"),
        ] {
            assert!(agrees(raw, value, second), "{raw:?} {second:?}");
        }
    }

    #[test]
    fn a_digit_a_sign_or_a_point_more_or_less_is_a_difference() {
        for (raw, value, second) in [
            ("12", "12", "13"),
            ("12", "12", "1"),
            ("12", "12", "112"),
            ("12", "12", ""),
            ("12", "12", "-12"),
            ("-12", "-12", "12"),
            ("12.5", "12.5", "125"),
            ("125", "125", "1.25"),
            ("1,251²", "1251", "1,2512"),
            ("12512", "12512", "1,251²"),
            ("1,251²", "1251", "1,251³"),
            ("22（其中修订16件）", "22", "22（其中修订18件）"),
            // The characters are the same and the value is not what they say.
            ("12", "21", "12"),
        ] {
            assert!(!agrees(raw, value, second), "{raw:?} {second:?}");
        }
        assert!(!agree("12", None, "12"));
    }
}
