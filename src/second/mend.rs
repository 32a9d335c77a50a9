//! A document in, the same document with fonts as the decoder can take them out.
//!
//! The decoder passes over widths that are given for ranges of codes, takes those of a Type 3 font for thousandths of
//! an em, writes vertical fonts to the right, and gives up on a page for a font with a predefined `CMap`. It is given
//! the same facts in the one form that it understands.

use super::view::number;
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A range of widths is no longer than this: codes have two bytes.
const MOST_CODES: i64 = 0x1_0000;

/// The codes of printable ASCII in every `CMap` here…
const ASCII: RangeInclusive<i64> = 0x20..=0x7E;
/// …and what the first of them is in Adobe-GB1, in its proportional and in its half-width shape.
const PROPORTIONAL: i64 = 1;
const HALF_WIDTH: i64 = 814;

/// What the codes of Unicode `CMaps` mean, as far as a figure may need it.
const UNICODE: &str = "3 beginbfrange <0020> <007e> <0020> <2010> <2212> <2010> <ff01> <ff5e> <ff01> endbfrange";
/// What the codes of GBK mean, as far as a figure may need it.
const GBK: &str = "2 beginbfrange <20> <7e> <0020> <a3a1> <a3fe> <ff01> endbfrange";
/// How long the codes of GBK are. The decoder takes a code for half as long as the bounds of its range.
const GBK_CODES: &str = "2 begincodespacerange <0000> <0080> <00008140> <0000fefe> endcodespacerange \
                         1 begincidrange <0000> <ffff> 0 endcidrange";

/// Mends every font of a document.
pub(super) fn mend(doc: &mut Document) {
    let fonts = doc.objects.iter().filter_map(|(id, object)| Some((*id, mended(doc, object.as_dict().ok()?)?)));
    let fonts: Vec<(ObjectId, Dictionary)> = fonts.collect();
    for (id, font) in fonts {
        doc.objects.insert(id, font.into());
    }
}

/// A font in the form that the decoder understands; `None` for what is no font or needs nothing.
fn mended(doc: &Document, font: &Dictionary) -> Option<Dictionary> {
    match font.get_deref(b"Subtype", doc).and_then(Object::as_name).ok()? {
        b"Type0" => composite(doc, font),
        b"Type3" => type3(doc, font),
        _ => None,
    }
}

/// A Type 3 font with widths in thousandths of an em.
fn type3(doc: &Document, font: &Dictionary) -> Option<Dictionary> {
    let list = |key: &[u8]| font.get_deref(key, doc).and_then(Object::as_array).ok();
    let em = number_of(doc, list(b"FontMatrix")?.first()?)? * 1000.0;
    let widths: Option<Vec<Object>> =
        list(b"Widths")?.iter().map(|width| Some((number_of(doc, width)? * em).into())).collect();
    let mut font = font.clone();
    font.set("Widths", widths?);
    Some(font)
}

/// A composite font with a width for each code, and with codes of which the decoder knows the length.
fn composite(doc: &Document, font: &Dictionary) -> Option<Dictionary> {
    let descendants = font.get_deref(b"DescendantFonts", doc).and_then(Object::as_array).ok()?;
    let (_, descendant) = doc.dereference(descendants.first()?).ok()?;
    let (mut font, mut descendant) = (font.clone(), descendant.as_dict().ok()?.clone());
    let mut widths = widths(doc, &descendant);
    let mut usual = descendant.get_deref(b"DW", doc).ok().and_then(number).unwrap_or(1000.0);
    let encoding = font.get_deref(b"Encoding", doc).and_then(Object::as_name).map(String::from_utf8_lossy);
    if let Ok(name) = encoding.map(std::borrow::Cow::into_owned) {
        match name.as_bytes() {
            b"Identity-H" | b"Identity-V" => {}
            [b'U', b'n', b'i', ..] => {
                unfold(&mut font, Object::Name(b"Identity-H".to_vec()), UNICODE);
                widths = by_code(&widths, PROPORTIONAL);
            }
            [b'G', b'B', ..] => {
                unfold(&mut font, stream(GBK_CODES), GBK);
                let proportional = name.starts_with("GBp") || name.starts_with("GBKp");
                widths = by_code(&widths, if proportional { PROPORTIONAL } else { HALF_WIDTH });
            }
            // Of others it is not known which characters their codes are.
            _ => font.set("Encoding", Object::Name(b"Identity-H".to_vec())),
        }
        if name.ends_with("-V") {
            // Written to the right it would run over other cells; so it stays where it begins.
            widths.clear();
            usual = 0.0;
        }
    }
    descendant.set(
        "W",
        widths.into_iter().flat_map(|(code, width)| [code.into(), vec![width.into()].into()]).collect::<Vec<Object>>(),
    );
    descendant.set("DW", whole(usual));
    if !descendant.has(b"FontDescriptor") {
        descendant.set("FontDescriptor", Dictionary::new());
    }
    font.set("DescendantFonts", vec![descendant.into()]);
    Some(font)
}

/// Spells out a predefined `CMap`: how long its codes are, and what they mean unless the font says so.
fn unfold(font: &mut Dictionary, codes: Object, meanings: &str) {
    font.set("Encoding", codes);
    if !font.has(b"ToUnicode") {
        font.set("ToUnicode", stream(meanings));
    }
}

fn stream(content: &str) -> Object {
    Stream::new(Dictionary::new(), content.as_bytes().to_vec()).into()
}

/// The widths of ASCII by its codes, of a font that gives them by its numbers in the collection, beginning at `first`.
fn by_code(widths: &BTreeMap<i64, f64>, first: i64) -> BTreeMap<i64, f64> {
    ASCII.filter_map(|code| Some((code, *widths.get(&(code - ASCII.start() + first))?))).collect()
}

/// The widths of a composite font: a list from a first code on, or one width for a range of codes, by turns.
fn widths(doc: &Document, descendant: &Dictionary) -> BTreeMap<i64, f64> {
    let mut widths = BTreeMap::new();
    let given = descendant.get_deref(b"W", doc).and_then(Object::as_array);
    let mut given =
        given.into_iter().flatten().filter_map(|object| doc.dereference(object).ok()).map(|(_, object)| object);
    while let (Some(first), Some(next)) = (given.next(), given.next()) {
        let Ok(first) = first.as_i64() else { break };
        if let Ok(list) = next.as_array() {
            let each = (first..).zip(list).filter_map(|(code, width)| Some((code, number_of(doc, width)?)));
            widths.extend(each);
        } else {
            let (Ok(last), Some(width)) = (next.as_i64(), given.next().and_then(number)) else { break };
            widths.extend((first..=last.min(first.saturating_add(MOST_CODES))).map(|code| (code, width)));
        }
    }
    widths
}

fn number_of(doc: &Document, object: &Object) -> Option<f64> {
    doc.dereference(object).ok().and_then(|(_, object)| number(object))
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and no character is so wide")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
