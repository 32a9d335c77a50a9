//! The XML of strings of an xlsx file in, the same XML out with raised and lowered digits written as such.
//!
//! calamine joins the runs of a text and drops how they are set: `181` with a raised `3` behind it would become 1813.
//! Only runs say so here; the font of a whole cell raises it over nothing.

use crate::error::Result;
use crate::limits::Limits;
use crate::number::Set;
use crate::source::xml::{Token, Xml};

/// Writes the strings of a part anew; `None` where nothing changes.
pub(super) fn written(text: &str, format: &'static str, limits: &Limits) -> Result<Option<String>> {
    if !text.contains("vertAlign") {
        return Ok(None);
    }
    let mut xml = Xml::new(text, format, limits);
    let (mut out, mut from) = (String::new(), 0);
    // The string at hand as far as it is read, and where its run is set.
    let (mut shown, mut set, mut in_text) = (String::new(), Set::On, false);
    loop {
        let before = xml.position();
        match xml.next()? {
            Some(Token::Open(tag)) => {
                in_text = tag.name() == "t";
                match tag.name() {
                    "si" | "is" => {
                        shown.clear();
                        set = Set::On;
                    }
                    "r" => set = Set::On,
                    "vertAlign" => set = tag.set(),
                    "rPh" => xml.skip()?,
                    _ => {}
                }
            }
            Some(Token::Close) => in_text = false,
            Some(Token::Text(piece)) if in_text => {
                let start = shown.len();
                write(&piece, set, &mut shown);
                let new = shown.get(start..).unwrap_or_default();
                if new != piece {
                    out.push_str(text.get(from..before).unwrap_or_default());
                    out.push_str(&quick_xml::escape::escape(new));
                    from = xml.position();
                }
            }
            Some(Token::Text(_)) => {}
            None => break,
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Ok((from > 0).then_some(out))
}

/// Writes a piece of text, in which `_x000D_` is one character.
fn write(piece: &str, set: Set, shown: &mut String) {
    for part in piece.split_inclusive('_') {
        let code = part.strip_prefix('x').and_then(|part| part.strip_suffix('_'));
        let is_code = code.is_some_and(|code| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let set = if is_code && shown.ends_with('_') { Set::On } else { set };
        set.write(part, shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(runs: &[(&str, &str)]) -> String {
        let run = |(look, text): &(&str, &str)| {
            let look = if look.is_empty() { String::new() } else { format!("<x:vertAlign val='{look}'/>") };
            format!("<r><rPr>{look}</rPr><t xml:space='preserve'>{text}</t></r>")
        };
        format!("<si>{}</si>", runs.iter().map(run).collect::<String>())
    }

    fn changed(text: &str) -> Option<String> {
        written(text, "xlsx", &Limits::default()).unwrap()
    }

    #[test]
    fn raised_digits_are_written_so() {
        let text = |mark: &str, lower: &str| {
            let first = string(&[("", "181"), ("superscript", mark), ("baseline", "4"), ("subscript", lower)]);
            format!("<sst>{first}{}<si><t>2025</t></si></sst>", string(&[("", "m"), ("superscript", "2")]))
        };
        assert_eq!(changed(&text("3", "2")), Some(text("³", "₂")));
        assert_eq!(changed(&text("&#49;,<![CDATA[2]]>&amp;", "2")), Some(text("¹,²&amp;", "₂")));
        assert_eq!(changed(&text("_x000D_2", "a")), Some(text("_x000D_²", "a")));
        assert_eq!(changed(&text("*", "a")), None);
    }

    #[test]
    fn other_parts_stay_as_they_are() {
        let phonetic =
            "<is><r><t>12</t></r><rPh><t>3</t></rPh><r><rPr><vertAlign val='superscript'/></rPr><t>a</t></r></is>";
        assert_eq!(changed(phonetic), None);
        assert_eq!(changed("<si><t>12"), None);
    }
}
