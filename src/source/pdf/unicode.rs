//! Bytes of Chinese text decoded.

use encoding_rs::{GBK, UTF_8, UTF_16BE};

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
    fn bytes_of_chinese_text() {
        assert_eq!(gbk([0xD5, 0xFE]), Some('政'));
        assert_eq!(gbk([0xFF, 0x20]), None);
        assert_eq!(text_string(&[0xFE, 0xFF, 0x5E, 0x74]).as_deref(), Some("年"));
        assert_eq!(text_string("年报".as_bytes()).as_deref(), Some("年报"));
        assert_eq!(text_string(&[0xC4, 0xEA]).as_deref(), Some("年"));
        assert_eq!(text_string(b" \0"), None);
    }
}
