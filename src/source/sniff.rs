//! Bytes in, their format out, or why they cannot be read. File names are never asked: many an `.xls` is a web page.
//!
//! It looks at signatures, at the member names of a package and at the first characters of a text. It does not check
//! that the rest of the file is sound; its reader does.

use super::charset;
use crate::error::{ErrorKind, Result};
use crate::page::Format;

/// Where the header of a PDF may begin: mail and web servers put lines of their own in front.
const PDF_WINDOW: usize = 2048;
/// How much of a text is looked at.
const TEXT_WINDOW: usize = 64 << 10;

/// Tells the format of an input from its bytes.
pub fn sniff(bytes: &[u8]) -> Result<Format> {
    if bytes.is_empty() {
        return Err(ErrorKind::EmptyInput.into());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return compound(bytes);
    }
    if is_pdf(bytes) {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Ok(Format::Rtf);
    }
    if let Some(kind) = foreign(bytes) {
        return Err(kind.into());
    }
    text(bytes)
}

/// The header within the window, or without one the marks of the end and of objects.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..PDF_WINDOW).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(PDF_WINDOW)..).unwrap_or(bytes);
    contains(head, b"%PDF-") || (contains(tail, b"startxref") && contains(head, b" obj"))
}

/// Formats that are known by their signature and read by nobody here.
fn foreign(bytes: &[u8]) -> Option<ErrorKind> {
    const IMAGES: [&[u8]; 7] =
        [b"\xFF\xD8\xFF", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\0\x0CjP  ", b"RIFF"];
    const OTHERS: [(&[u8], &str); 6] = [
        (b"\x1F\x8B", "a gzip archive"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xBC\xAF", "a 7-Zip archive"),
        (b"MZ", "a program"),
        (b"\x7FELF", "a program"),
        (b"SQLite format 3", "an SQLite database"),
    ];
    if IMAGES.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(ErrorKind::Unsupported { format: "image" });
    }
    // A text may begin with the letters of a signature, so those count only before bytes that no text has.
    let binary = bytes.get(..512).unwrap_or(bytes).contains(&0);
    let (_, seen) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic) && (binary || !magic.is_ascii()))?;
    Some(ErrorKind::UnknownFormat { seen: (*seen).to_owned() })
}

/// A zip package, by the names of its members.
fn package(bytes: &[u8]) -> Result<Format> {
    let mut manifest = false;
    let mut content = false;
    for (name, data) in members(bytes) {
        let name = name.to_ascii_lowercase();
        if name == b"mimetype" {
            match data {
                d if d.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") => return Ok(Format::Ods),
                d if d.starts_with(b"application/vnd.oasis.opendocument.text") => return Ok(Format::Odt),
                d if d.starts_with(b"application/vnd.oasis.opendocument") => {
                    return Err(ErrorKind::Unsupported { format: "opendocument" }.into());
                }
                _ => {}
            }
        }
        match name.as_slice() {
            b"xl/workbook.bin" => return Ok(Format::Xlsb),
            b"xl/workbook.xml" => return Ok(Format::Xlsx),
            b"ofd.xml" => return Ok(Format::Ofd),
            b"encryptedpackage" => return Err(ErrorKind::Encrypted { wrong_password: false }.into()),
            b"meta-inf/manifest.xml" => manifest = true,
            b"content.xml" => content = true,
            n if n.starts_with(b"word/") => return Ok(Format::Docx),
            n if n.starts_with(b"ppt/") => return Err(ErrorKind::Unsupported { format: "pptx" }.into()),
            _ => {}
        }
    }
    match (manifest && content, contains_member(bytes, b"xl/")) {
        (true, _) => Ok(Format::Ods),
        (_, true) => Ok(Format::Xlsx),
        _ => Err(ErrorKind::UnknownFormat { seen: "a zip archive".to_owned() }.into()),
    }
}

fn contains_member(bytes: &[u8], prefix: &[u8]) -> bool {
    members(bytes).any(|(name, _)| name.get(..prefix.len()).is_some_and(|n| n.eq_ignore_ascii_case(prefix)))
}

/// The names in local headers and in the central directory, with the bytes behind each: found by their signatures, so
/// that a package without its end still tells what it was.
fn members(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let step = rest.windows(4).position(|w| w == b"PK\x03\x04" || w == b"PK\x01\x02")?;
            let header = rest.get(step..)?;
            at += step + 4;
            let (length_at, name_at) = if header.starts_with(b"PK\x03\x04") { (26, 30) } else { (28, 46) };
            let Some(&[n0, n1, e0, e1]) = header.get(length_at..length_at + 4) else { continue };
            let (length, extra) =
                (usize::from(u16::from_le_bytes([n0, n1])), usize::from(u16::from_le_bytes([e0, e1])));
            let Some(name) = header.get(name_at..name_at + length) else { continue };
            return Some((name, header.get(name_at + length + extra..).unwrap_or_default()));
        }
    })
}

/// A compound file, by the names in its directory: entries of 128 bytes, a UTF-16 name and its length in bytes.
fn compound(bytes: &[u8]) -> Result<Format> {
    const STREAMS: [(&str, Result<Format, &str>); 6] = [
        ("EncryptedPackage", Err("")),
        ("Workbook", Ok(Format::Xls)),
        ("Book", Ok(Format::Xls)),
        ("WordDocument", Ok(Format::Doc)),
        ("PowerPoint Document", Err("ppt")),
        ("__properties_version1.0", Err("msg")),
    ];
    for entry in bytes.chunks(128).filter(|entry| entry.len() == 128) {
        for (name, kind) in STREAMS {
            let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
            if entry.starts_with(&wide) && entry.get(64).is_some_and(|length| usize::from(*length) == wide.len()) {
                return kind.map_err(|format| match format {
                    "" => ErrorKind::Encrypted { wrong_password: false }.into(),
                    format => ErrorKind::Unsupported { format }.into(),
                });
            }
        }
    }
    // The directory often lies at the end.
    let directory = bytes.get(48..).and_then(|rest| rest.first_chunk()).map_or(0, |at| u32::from_le_bytes(*at));
    if u64::from(directory).saturating_add(1).saturating_mul(512) >= bytes.len() as u64 {
        return Err(ErrorKind::Truncated { detail: "compound file: directory".to_owned() }.into());
    }
    Err(ErrorKind::UnknownFormat { seen: "a compound file without a workbook".to_owned() }.into())
}

/// Anything else is text or nothing.
fn text(bytes: &[u8]) -> Result<Format> {
    let head = bytes.get(..TEXT_WINDOW).unwrap_or(bytes);
    // Not in the middle of a character.
    let whole = if head.len() < bytes.len() {
        head.iter().rposition(u8::is_ascii).map_or(head.len(), |p| p + 1)
    } else {
        head.len()
    };
    let head = head.get(..whole).unwrap_or(head);
    let encoding = charset::detect(head, charset::declared(head));
    let (text, _) = encoding.decode_with_bom_removal(head);
    let strays = text.chars().filter(|c| c.is_control() && !"\t\n\r\u{B}\u{C}\u{1A}\u{85}".contains(*c)).count();
    let ink = text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{FEFF}').count();
    if ink == 0 && whole == bytes.len() && text.chars().all(|c| c == '\0' || !c.is_control() || c.is_whitespace()) {
        return Err(ErrorKind::EmptyInput.into());
    }
    let lost = text.matches(char::REPLACEMENT_CHARACTER).count();
    if strays * 100 > ink || lost * 4 > ink {
        return Err(ErrorKind::UnknownFormat { seen: first_bytes(bytes) }.into());
    }
    if is_mail(&text) {
        return Ok(Format::Html);
    }
    match markup(&text) {
        Markup::Html => Ok(Format::Html),
        Markup::Xml if is_flat_text(&text) => Ok(Format::Odt),
        Markup::Xml => Err(ErrorKind::Unsupported { format: "xml" }.into()),
        Markup::None if is_markdown(&text) => Ok(Format::Markdown),
        Markup::None => Ok(Format::Text),
    }
}

/// Whether XML is a text of the Open Document Format without its package.
fn is_flat_text(text: &str) -> bool {
    let root = text.split_once("<office:document").and_then(|(_, rest)| rest.split_once('>'));
    root.is_some_and(|(root, _)| root.contains("mimetype=\"application/vnd.oasis.opendocument.text\""))
}

/// The first bytes, for a message.
fn first_bytes(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("binary data beginning with {}", shown.join(" "))
}

/// A web page saved with its parts in one file, which is laid out as a mail.
pub(super) fn is_mail(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(2048)).unwrap_or(text).to_ascii_lowercase();
    let mut lines = head.trim_start().lines();
    let header = lines
        .next()
        .and_then(|line| line.split_once(':'))
        .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    header && head.contains("mime-version:") && head.contains("multipart/related")
}

enum Markup {
    Html,
    Xml,
    None,
}

/// Elements that a web page or a fragment of one begins with.
const PAGE_TAGS: [&str; 29] = [
    "html", "head", "body", "title", "meta", "link", "base", "script", "style", "table", "tbody", "tr", "td", "div",
    "p", "span", "h1", "h2", "h3", "h4", "center", "font", "ul", "ol", "article", "section", "main", "a", "b",
];

/// Whether the text is a web page, other markup, or none.
fn markup(text: &str) -> Markup {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if !rest.starts_with('<') {
        return if holds_page(text) { Markup::Html } else { Markup::None };
    }
    let mut prolog = false;
    loop {
        let past = |end: &str| rest.split_once(end).map(|(_, after)| after.trim_start());
        let next = if rest.starts_with("<!--") {
            past("-->")
        } else if rest.starts_with("<?") {
            prolog = true;
            past(">")
        } else if rest.get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype")) {
            if rest.get(9..64).unwrap_or(rest).to_ascii_lowercase().trim_start().starts_with("html") {
                return Markup::Html;
            }
            prolog = true;
            past(">")
        } else if rest.starts_with("<!") {
            past(">")
        } else {
            None
        };
        match next {
            Some(after) => rest = after,
            None => break,
        }
    }
    let name = rest.strip_prefix('<').unwrap_or("").split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let known = PAGE_TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name));
    match () {
        () if known || holds_page(text) => Markup::Html,
        () if prolog || !name.is_empty() => Markup::Xml,
        () => Markup::None,
    }
}

/// Whether a text that does not begin like a page is one all the same.
fn holds_page(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let closed = |tag: &str| lower.contains(&format!("<{tag}")) && lower.contains(&format!("</{tag}>"));
    (closed("body") || closed("html") || closed("table")) && !is_markdown(text)
}

/// A table drawn with pipes and its rule, or a heading marked with `#`.
fn is_markdown(text: &str) -> bool {
    let mut before = "";
    text.lines().any(|line| {
        let line = line.trim();
        let rule = before.contains('|')
            && line.contains('|')
            && line.contains("--")
            && line.chars().all(|c| "|-: \t".contains(c));
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let heading = (1..=6).contains(&level) && line.as_bytes().get(level) == Some(&b' ');
        before = line;
        rule || heading
    })
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        match sniff(bytes) {
            Ok(format) => format.name().to_owned(),
            Err(error) => format!("{}: {error}", error.code()),
        }
    }

    fn zip_of(names: &[(&str, &str)]) -> Vec<u8> {
        names.iter().fold(Vec::new(), |mut out, (name, data)| {
            out.extend_from_slice(b"PK\x03\x04");
            out.extend_from_slice(&[0; 22]);
            out.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
            out.extend_from_slice(&[0, 0]);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(data.as_bytes());
            out
        })
    }

    #[test]
    fn a_compound_file_without_its_directory_is_cut_off() {
        let mut bytes = compound_of("WordDocument");
        bytes[48] = 1;
        assert_eq!(told(&bytes), "doc");
        assert_eq!(sniff(&bytes[..600]).unwrap_err().code(), "truncated");
        bytes[48] = 0;
        bytes[600 - 88..].fill(0);
        assert_eq!(sniff(&bytes).unwrap_err().code(), "unknown-format");
    }

    fn compound_of(stream: &str) -> Vec<u8> {
        let mut out = vec![0xD0, 0xCF, 0x11, 0xE0];
        out.resize(512, 0);
        out.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        out.resize(640, 0);
        out[576] = u8::try_from(stream.len() * 2 + 2).unwrap();
        out
    }

    #[test]
    fn signatures_and_packages() {
        assert_eq!(told(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n"), "pdf");
        assert_eq!(told(&zip_of(&[("[Content_Types].xml", ""), ("xl/workbook.xml", "")])), "xlsx");
        assert_eq!(told(&zip_of(&[("[Content_Types].xml", ""), ("word/document.xml", "")])), "docx");
        let ods = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")];
        assert_eq!(told(&zip_of(&ods)), "ods");
        assert_eq!(told(&zip_of(&[("OFD.xml", "")])), "ofd");
        assert_eq!(told(&zip_of(&[("a.txt", "")])), "unknown-format: unknown format: a zip archive");
        assert_eq!(told(&compound_of("Workbook")), "xls");
        assert_eq!(told(&compound_of("WordDocument")), "doc");
        assert_eq!(told(&compound_of("EncryptedPackage")), "encrypted: the file is encrypted");
        assert_eq!(told(b"{\\rtf1 x}"), "rtf");
        let flat =
            "<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">";
        assert_eq!(told(flat.as_bytes()), "odt");
        assert_eq!(told(b"\xFF\xD8\xFF\xE0 jpeg"), "unsupported-format: image files are not supported");
    }

    #[test]
    fn texts() {
        assert_eq!(told(b"  \r\n\t "), "empty-input: the file is empty");
        assert_eq!(told("\u{FEFF}\n".as_bytes()), "empty-input: the file is empty");
        assert_eq!(told(b"<!-- saved --><?xml version='1.0'?>\n<HTML><body>"), "html");
        assert_eq!(told("正文<table><tr><td>1</td></tr></table>".as_bytes()), "html");
        assert_eq!(
            told(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            "unsupported-format: xml files are not supported"
        );
        assert_eq!(told("# 报告\n正文".as_bytes()), "md");
        assert_eq!(told("| 甲 | 乙 |\n|---|:-:|\n| 1 | 2 |".as_bytes()), "md");
        assert_eq!(told("一、总体情况\n正文".as_bytes()), "txt");
        assert_eq!(told(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"), "html");
        assert!(
            told(&[7, 1, 0, 200, 3, 9, 2, 255, 0, 0, 1]).starts_with("unknown-format: unknown format: binary data")
        );
    }
}
