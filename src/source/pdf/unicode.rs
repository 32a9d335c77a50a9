//! Characters: radicals folded to ordinary ideographs, bytes of Chinese text decoded.

use encoding_rs::{GBK, UTF_8, UTF_16BE};
use unicode_normalization::char::decompose_compatible;

/// The unified ideograph of each character from U+2E80 on (the property `Equivalent_Unified_Ideograph`);
/// those without one stand for themselves.
const SUPPLEMENT: &str = "\
⺀厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爬丬牛\
犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑\
钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

/// Replaces a radical by the ideograph that it looks like: some producers map a glyph that both share to the radical.
pub(super) fn fold(c: char) -> char {
    match u32::from(c) {
        n @ 0x2E80..=0x2EF3 => usize::try_from(n - 0x2E80).ok().and_then(|i| SUPPLEMENT.chars().nth(i)).unwrap_or(c),
        0x2F00..=0x2FD5 => {
            let mut plain = c;
            decompose_compatible(c, |d| plain = d);
            plain
        }
        _ => c,
    }
}

/// Whether a character map's answer can be believed: private use and controls say nothing.
pub(super) fn trusted(c: char) -> bool {
    !matches!(u32::from(c), 0..=0x1F | 0x7F..=0x9F | 0xE000..=0xF8FF | 0xFFF0..=0xFFFF | 0xF_0000..)
}

/// Whether the character leaves neither ink nor space.
pub(super) fn zero_width(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF)
}

/// The character of a two-byte GBK code.
pub(super) fn gbk(code: [u8; 2]) -> Option<char> {
    let (text, bad) = GBK.decode_without_bom_handling(&code);
    let mut chars = text.chars();
    let first = chars.next().filter(|_| !bad)?;
    chars.next().is_none().then_some(first)
}

/// A text string of the document: UTF-16 or UTF-8 with a mark, else UTF-8 or GBK, whichever fits.
pub(super) fn text_string(bytes: &[u8]) -> Option<String> {
    let decoded = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] => UTF_8.decode_without_bom_handling_and_without_replacement(rest),
        _ => UTF_8
            .decode_without_bom_handling_and_without_replacement(bytes)
            .or_else(|| GBK.decode_without_bom_handling_and_without_replacement(bytes)),
    }?;
    let trimmed = decoded.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_ideographs_and_nothing_else_changes() {
        let printed = "⺠⼈⻓⻅⻳⺀１（㈠";
        assert_eq!(printed.chars().map(fold).collect::<String>(), "民人长见龟⺀１（㈠");
    }

    #[test]
    fn bytes_of_chinese_text() {
        assert_eq!(gbk([0xD5, 0xFE]), Some('政'));
        assert_eq!(gbk([0xFF, 0x20]), None);
        assert_eq!(text_string(&[0xFE, 0xFF, 0x5E, 0x74]).as_deref(), Some("年"));
        assert_eq!(text_string("年报".as_bytes()).as_deref(), Some("年报"));
        assert_eq!(text_string(&[0xC4, 0xEA]).as_deref(), Some("年"));
        assert_eq!(text_string(b" \0"), None);
    }
}
