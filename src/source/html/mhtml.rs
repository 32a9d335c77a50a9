//! A web page saved with its parts in one file in, the bytes of the page and its declared encoding out.
//!
//! Only the first HTML part is taken; pictures and frames are other parts.

use encoding_rs::Encoding;

/// The page's bytes, and what its part's header declares; `None` when there is no HTML part. `text` is the file's bytes
/// as the characters of Latin-1, so that each can be had back.
pub(super) fn page(text: &str) -> Option<(Vec<u8>, Option<&'static Encoding>)> {
    let (head, _) = split_head(text.trim_start());
    let boundary = format!("--{}", parameter(&header(head, "content-type")?, "boundary")?);
    let part = text.split(boundary.as_str()).skip(1).find_map(|part| {
        let (head, body) = split_head(part.trim_start_matches(['\r', '\n']));
        let kind = header(head, "content-type")?;
        kind.trim_start().to_ascii_lowercase().starts_with("text/html").then_some((head, kind, body))
    });
    let (head, kind, body) = part?;
    let charset = parameter(&kind, "charset").and_then(|label| Encoding::for_label(label.as_bytes()));
    let transfer = header(head, "content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let body = encoding_rs::mem::encode_latin1_lossy(body);
    let bytes = match transfer.as_str() {
        "quoted-printable" => quoted_printable(&body),
        "base64" => base64(&body),
        _ => body.into_owned(),
    };
    Some((bytes, charset))
}

/// The header lines and what follows the first blank line.
fn split_head(text: &str) -> (&str, &str) {
    text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")).unwrap_or((text, ""))
}

/// The value of a header, its continuation lines joined.
fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines();
    let first = lines.by_ref().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.to_owned())
    })?;
    Some(lines.take_while(|line| line.starts_with([' ', '\t'])).fold(first, |value, line| value + line))
}

/// A parameter of a header's value, without its quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        let (value, used) = match after {
            _ if byte != b'=' => (Some(byte), 0),
            [b'\r', b'\n', ..] => (None, 2),
            [b'\n', ..] => (None, 1),
            [high, low, ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (Some(high << 4 | low), 2),
                _ => (Some(byte), 0),
            },
            _ => (Some(byte), 0),
        };
        out.extend(value);
        rest = after.get(used..).unwrap_or_default();
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn base64(body: &[u8]) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    for six in body.iter().copied().filter_map(value) {
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.extend(u8::try_from(held >> bits & 0xFF));
        }
        held &= 0xFFFF;
    }
    out
}
