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
/// write for ordinary ideographs folded to those.
#[must_use]
pub fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
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
}
