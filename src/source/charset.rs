//! Bytes of a text in, characters out: which encoding they are in, whatever the file says about itself.
//!
//! In order of trust: a byte order mark; zero bytes where UTF-16 has them; valid UTF-8; the declared encoding, if it
//! decodes without an error; a guess from the bytes. Text with a few damaged characters is still read in its encoding,
//! and says so. It does not look for markup: the caller passes what [`declared`] finds.

use crate::finding::{Code, Finding, Findings};
use crate::text::Text;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
#[cfg(feature = "word")]
use encoding_rs::{EUC_KR, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes at the start of a file in which a declaration is looked for.
const DECLARATION_WINDOW: usize = 4096;
/// Bytes from which an undeclared encoding is guessed.
const GUESS_WINDOW: usize = 16 << 10;

/// Decodes the whole of `bytes`; says so when the declaration is wrong or characters are lost.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&'static Encoding>,
    findings: &mut Findings,
) -> Cow<'a, str> {
    let encoding = detect(bytes, declared);
    if let Some(declared) = declared.map(widen).filter(|d| *d != encoding) {
        findings.push(Finding::new(
            Code::CharsetMismatch,
            Text::new(
                format!("declared as {}, read as {}", declared.name(), encoding.name()),
                format!("声明为 {}，按 {} 读取", declared.name(), encoding.name()),
            ),
        ));
    }
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    let lost = text.matches(char::REPLACEMENT_CHARACTER).count();
    if lost > 0 {
        findings.push(Finding::new(
            Code::CharactersLost,
            Text::new(
                format!("{lost} unreadable character(s) in {} text", encoding.name()),
                format!("{} 文本中有 {lost} 个字符无法识别", encoding.name()),
            ),
        ));
    }
    text
}

/// The encoding that `bytes` are in, by their own evidence and then by what is declared.
pub(super) fn detect(bytes: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return encoding;
    }
    // No other encoding produces valid UTF-8 sequences by chance, so a few broken ones do not speak against it.
    if damage(UTF_8, bytes).is_some() {
        return UTF_8;
    }
    let declared = declared.map(widen).filter(|e| e.is_ascii_compatible());
    let sound = declared.filter(|declared| damage(declared, bytes) == Some(0));
    let simplified = simplified(bytes);
    // Most Big5 is also valid GB18030, as nonsense; only then is it worth to guess against a sound declaration.
    if let Some(sound) = sound.filter(|sound| *sound != GB18030 || simplified) {
        return sound;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(guessed_from(bytes), true);
    let traditional = !simplified && detector.guess(None, Utf8Detection::Deny) == BIG5;
    if let Some(sound) = sound.filter(|_| !traditional) {
        return sound;
    }
    // Simplified Chinese is expected, so a close call between East Asian encodings goes to it.
    let guess = if traditional { BIG5 } else { widen(detector.guess(Some(b"cn"), Utf8Detection::Deny)) };
    if !guess.is_single_byte() && damage(guess, bytes) == Some(0) {
        return guess;
    }
    [declared, Some(GB18030), Some(BIG5)]
        .into_iter()
        .flatten()
        .filter_map(|encoding| damage(encoding, bytes).map(|share| (share, encoding)))
        .min_by_key(|(share, _)| *share)
        .map_or(guess, |(_, encoding)| encoding)
}

/// The encoding that markup at the start of `bytes` declares: `charset=` of a `meta`, or an XML declaration.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?;
    let head = head.to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let by_xml = xml.and_then(|rest| label(rest.split_once("encoding")?.1));
    by_xml.or_else(|| {
        head.split("<meta").skip(1).find_map(|meta| label(meta.split('>').next()?.split_once("charset")?.1))
    })
}

/// The encoding of a code page of Windows.
#[cfg(feature = "word")]
pub(super) fn of_code_page(page: u16) -> Option<&'static Encoding> {
    Some(match page {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 | 54936 => GB18030,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        10000 => MACINTOSH,
        65001 => UTF_8,
        _ => return None,
    })
}

/// The encoding named after `=`, quoted or not.
fn label(after_name: &str) -> Option<&'static Encoding> {
    let value = after_name
        .trim_start()
        .strip_prefix('=')?
        .trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    Encoding::for_label(value.split(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).next()?.as_bytes())
}

/// Enough of the text to guess from: guessing is slow, and what decides stands early.
fn guessed_from(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let rest = bytes.get(from.saturating_sub(2)..).unwrap_or(bytes);
    rest.get(..GUESS_WINDOW).unwrap_or(rest)
}

/// GB2312 and GBK are read as GB18030, which holds both: pages that declare the small set use the large one.
fn widen(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// UTF-16 without a mark: markup and digits leave a zero in every other byte.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?;
    let pairs = head.len() / 2;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (few, many) = (pairs / 20, pairs / 4);
    match () {
        () if pairs < 4 => None,
        () if odd > many && even <= few => Some(UTF_16LE),
        () if even > many && odd <= few => Some(UTF_16BE),
        () => None,
    }
}

/// Characters lost per thousand beyond ASCII; `None` when so many are lost that it is another encoding.
fn damage(encoding: &'static Encoding, bytes: &[u8]) -> Option<usize> {
    let (text, errors) = encoding.decode_without_bom_handling(bytes);
    if !errors {
        return Some(0);
    }
    let (mut lost, mut wide) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        wide += 1;
        lost += usize::from(c == char::REPLACEMENT_CHARACTER);
    }
    // One broken character counts up to three times, and a short text is still that text.
    let tolerable = (lost <= 3 || lost * 50 <= wide) && lost * 4 <= wide;
    tolerable.then(|| (lost * 1000).div_ceil(wide))
}

/// Whether two-byte characters lie in the plane of GB2312, whose second byte is never below `A1`; in Big5 many are.
fn simplified(bytes: &[u8]) -> bool {
    let (mut pairs, mut low, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(&lead) = bytes.get(at) {
        at += 1;
        if lead < 0x81 {
            continue;
        }
        pairs += 1;
        low += usize::from(bytes.get(at).is_some_and(|trail| *trail < 0xA1));
        at += 1;
    }
    low * 4 <= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "本年新收政府信息公开申请数量，上年结转政府信息公开申请数量，本年度办理结果予以公开。";

    fn read(bytes: &[u8]) -> (String, Vec<&'static str>) {
        let mut findings = Findings::new();
        let text = decode(bytes, declared(bytes), &mut findings).into_owned();
        (text, findings.iter().map(|f| f.code.name()).collect())
    }

    #[test]
    fn a_wrong_declaration_is_overruled() {
        let page = format!("<meta charset=\"utf-8\"><p>{REPORT}");
        let (bytes, _, _) = GBK.encode(&page);
        assert_eq!(read(&bytes), (page.clone(), vec!["charset-mismatch"]));
        let page = format!("<meta http-equiv=Content-Type content='text/html; charset=gb2312'><p>{REPORT}");
        assert_eq!(read(page.as_bytes()), (page.clone(), vec!["charset-mismatch"]));
        let (bytes, _, _) = GBK.encode(&page);
        assert_eq!(read(&bytes), (page.clone(), vec![]));
    }

    #[test]
    fn big5_declared_as_gb2312_is_big5() {
        let page = "<meta charset=gb2312><p>政府資訊公開工作年度報告，本年新收政府資訊公開申請數量，上年結轉政府資訊公開申請數量";
        let (bytes, _, _) = BIG5.encode(page);
        assert_eq!(read(&bytes).0, page);
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        let page = format!("<html><body><p>{REPORT}</p></body></html>");
        let le: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&le).0, page);
        let be: Vec<u8> = "\u{FEFF}".encode_utf16().chain(page.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&be).0, page);
    }

    #[test]
    fn a_damaged_character_does_not_change_the_encoding() {
        let mut bytes = REPORT.as_bytes().to_vec();
        bytes[31] = 0xFF;
        let (text, codes) = read(&bytes);
        assert!(text.starts_with("本年新收政府信息公开"), "{text}");
        assert_eq!(codes, ["characters-lost"]);
        let (gbk, _, _) = GBK.encode(REPORT);
        let (text, codes) = read(&gbk[..gbk.len() - 1]);
        assert!(text.starts_with("本年新收政府信息公开"), "{text}");
        assert_eq!(codes, ["characters-lost"]);
    }
}
