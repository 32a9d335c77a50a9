//! Numbers exactly as printed: decimals, never binary floats.

use rust_decimal::Decimal;
use std::str::FromStr;

/// A printed number. `20.50` keeps its two decimals.
pub type Number = Decimal;

/// Reads text that is nothing but one number: optional sign, digits with or without thousands separators, optional
/// decimals. Full-width characters must have been folded already (see [`fold`]). `None` for anything else.
#[must_use]
pub fn parse(text: &str) -> Option<Number> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let whole = ungroup(whole)?;
    if fraction.is_some_and(|f| f.is_empty() || !f.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let plain = match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    };
    Decimal::from_str(&plain).ok()
}

/// Digits without their thousands separators; `None` when a separator stands in the wrong place.
fn ungroup(whole: &str) -> Option<String> {
    if whole.is_empty() || whole.len() > 40 || !whole.bytes().all(|b| b.is_ascii_digit() || b == b',') {
        return None;
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let well_formed = groups.len() == 1
        || groups.iter().enumerate().all(|(i, g)| if i == 0 { (1..=3).contains(&g.len()) } else { g.len() == 3 });
    well_formed.then(|| groups.concat())
}

/// Folds a printed text to comparable characters: NFKC, all white space dropped, CJK radicals that some PDF producers
/// write for ordinary ideographs folded to those. Raised and lowered digits stay: `1²` is not 12.
#[must_use]
pub fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
    }
    let mut folded = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_off_line) {
        let plain = piece.trim_end_matches(is_off_line);
        folded.extend(plain.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)));
        folded.extend(piece.chars().next_back().filter(|c| is_off_line(*c)));
    }
    folded
}

/// Digits that are set above the line, and those set below it.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];

/// Where text is set beside the text around it. Whether what is raised marks a note, a power or an ordinal is not
/// decided here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Set {
    /// On its baseline, or not clearly off it.
    #[default]
    On,
    /// Smaller and higher.
    Raised,
    /// Smaller and lower.
    Lowered,
}

impl Set {
    /// How the character is written when it is set so behind the character `before`.
    ///
    /// A raised digit is written as a raised digit (`1,251²`): set plain behind a figure it would make another figure of
    /// it. Behind a letter that words are spelled with it can spoil no figure and is written plain, as it is searched for
    /// (`Halden quay1`, `m2`). A lowered digit is written as one behind a digit only (`12₃`, but `CO2`). Letters and
    /// signs are what they are (`3rd`, `12*`).
    pub(crate) fn written(self, c: char, before: Option<char>) -> char {
        let digits = match self {
            Self::Raised if before.is_some_and(spells_words) => return c,
            Self::Raised => RAISED,
            Self::Lowered if before.is_some_and(|b| b.is_ascii_digit() || LOWERED.contains(&b)) => LOWERED,
            Self::On | Self::Lowered => return c,
        };
        c.to_digit(10).and_then(|d| digits.get(usize::try_from(d).ok()?)).copied().unwrap_or(c)
    }

    /// Writes a piece of text that is set so behind the text before it.
    #[cfg(any(feature = "sheet", feature = "word"))]
    pub(crate) fn write(self, piece: &str, onto: &mut String) {
        if self == Self::On {
            return onto.push_str(piece);
        }
        for c in piece.chars() {
            onto.push(self.written(c, onto.chars().next_back()));
        }
    }
}

/// Letters, but no ideographs and full-width forms.
fn spells_words(c: char) -> bool {
    let is_wide = matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}');
    c.is_alphabetic() && !is_wide
}

/// Whether the character is a raised digit: the mark of a note behind a word or a number, or a power.
pub(crate) fn is_raised(c: char) -> bool {
    RAISED.contains(&c)
}

fn is_off_line(c: char) -> bool {
    is_raised(c) || LOWERED.contains(&c)
}

/// The text before the raised digits at its end, `12` of `12²` and of `12¹,³`.
pub(crate) fn before_raised(text: &str) -> &str {
    let mut before = text.trim_end_matches(is_raised);
    while let Some(listed) = before.strip_suffix(',').filter(|listed| listed.ends_with(is_raised)) {
        before = listed.trim_end_matches(is_raised);
    }
    before
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_printed() {
        let shown = |s| parse(s).map(|n| n.to_string());
        assert_eq!(shown("12"), Some("12".into()));
        assert_eq!(shown("-76"), Some("-76".into()));
        assert_eq!(shown("1,113"), Some("1113".into()));
        assert_eq!(shown("20.50"), Some("20.50".into()));
        assert_eq!(shown("1,13"), None);
        assert_eq!(shown("7730."), None);
        assert_eq!(shown("12件"), None);
        assert_eq!(shown(""), None);
    }

    #[test]
    fn raised_digits_are_not_of_the_number() {
        assert_eq!(fold("１ 251²，³"), "1251²,³");
        assert_eq!(fold("x²³₁ ①"), "x²³₁1");
        assert_eq!(parse("1251²"), None);
        assert_eq!(before_raised("1251²³,¹"), "1251");
        assert_eq!(before_raised("1,251"), "1,251");
        assert_eq!(before_raised("251,²"), "251,");
    }

    #[test]
    fn digits_off_the_line_are_written_so_where_they_would_spoil_a_figure() {
        let raised = |c, before| Set::Raised.written(c, before);
        assert!("3.,%) ²件（".chars().all(|before| raised('2', Some(before)) == '²'));
        assert_eq!([raised('1', None), raised('1', Some('m')), raised('r', Some('3'))], ['¹', '1', 'r']);
        let lowered = |before| Set::Lowered.written('2', Some(before));
        assert_eq!(['1', '₁', 'O', '.'].map(lowered), ['₂', '₂', '2', '2']);
        assert_eq!(Set::On.written('2', Some('1')), '2');
    }
}
