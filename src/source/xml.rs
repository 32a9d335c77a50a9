//! XML text in, a stream of opened elements, closed elements and text out, under the limits on elements and nesting.
//!
//! Names are local names; prefixes and namespaces are not looked at, since writers choose them freely. Entities that
//! a document defines itself are not expanded: their references give no text.

use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::number::Set;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// A piece of a document.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// An element begins; [`Token::Close`] follows for empty ones too.
    Open(Tag<'a>),
    /// The element opened last ends.
    Close,
    /// Character data.
    Text(Cow<'a, str>),
}

/// The start of an element.
#[derive(Debug)]
pub(crate) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// Its local name.
    pub(crate) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attribute of that local name.
    pub(crate) fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        self.value(|key| key == name)
    }

    /// The attribute of that local name, in whatever case.
    #[cfg(feature = "ofd")]
    pub(crate) fn attr_in_any_case(&self, name: &str) -> Option<Cow<'_, str>> {
        self.value(|key| key.eq_ignore_ascii_case(name))
    }

    fn value(&self, is: impl Fn(&str) -> bool) -> Option<Cow<'_, str>> {
        self.0
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| is(attribute.key.local_name().as_ref()))
            .map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value))
    }

    /// How many bytes it is written in.
    #[cfg(feature = "ofd")]
    pub(crate) fn size(&self) -> u64 {
        self.0.len() as u64
    }

    /// The tag by itself, apart from the text it was read from.
    #[cfg(feature = "ofd")]
    pub(crate) fn into_owned(self) -> Tag<'static> {
        Tag(self.0.into_owned())
    }

    /// The attribute of that local name, as a number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attr(name)?.trim().parse().ok()
    }

    /// Where a `vertAlign` sets text.
    pub(crate) fn set(&self) -> Set {
        match self.attr("val").as_deref() {
            Some("superscript") => Set::Raised,
            Some("subscript") => Set::Lowered,
            _ => Set::On,
        }
    }

    /// Whether the attribute says yes, as in `hidden="1"`.
    #[cfg(feature = "sheet")]
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.attr(name).is_some_and(|value| matches!(&*value, "1" | "true" | "on"))
    }
}

/// Reads one document.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    format: &'static str,
    depth: u64,
    nesting: u64,
    left: u64,
    elements: u64,
}

impl<'a> Xml<'a> {
    /// Begins to read; `format` names the file's format in errors.
    pub(crate) fn new(text: &'a str, format: &'static str, limits: &Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().allow_dangling_amp = true;
        // Readers recurse along with the elements; beyond this the stack would not last.
        let (nesting, elements) = (limits.nesting.min(2_000), limits.elements);
        Self { reader, format, depth: 0, nesting, left: elements, elements }
    }

    /// The next element that begins within one of which `open` levels are open; `None` at its end. Whoever goes into an element
    /// that it gives adds a level. Text is passed over.
    pub(crate) fn next_open(&mut self, open: &mut u32) -> Result<Option<Tag<'a>>> {
        while *open > 0 {
            match self.next()? {
                Some(Token::Open(tag)) => return Ok(Some(tag)),
                Some(Token::Close) => *open -= 1,
                Some(Token::Text(_)) => {}
                None => break,
            }
        }
        Ok(None)
    }

    /// The next piece; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'a>>> {
        loop {
            let event = self.reader.read_event().map_err(|error| self.damaged(&error))?;
            return Ok(Some(match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    self.depth += 1;
                    Limits::check("nesting", self.depth, self.nesting)?;
                    let limit = self.elements;
                    self.left = self.left.checked_sub(1).ok_or(ErrorKind::Limit { what: "elements", limit })?;
                    Token::Open(Tag(tag))
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close
                }
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(text) => Token::Text(text.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(char)) => Token::Text(Cow::Owned(char.to_string())),
                    // A number that is no character stood for something all the same.
                    Err(_) => Token::Text(Cow::Borrowed("\u{FFFD}")),
                    Ok(None) => match quick_xml::escape::resolve_predefined_entity(&reference) {
                        Some(text) => Token::Text(Cow::Borrowed(text)),
                        None => continue,
                    },
                },
                Event::Eof if self.depth > 0 => {
                    return Err(ErrorKind::Truncated { detail: format!("{}: the XML breaks off", self.format) }.into());
                }
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            }));
        }
    }

    /// How many bytes of the text have been read.
    #[cfg(feature = "sheet")]
    pub(crate) fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Passes over the rest of the element that was opened last.
    pub(crate) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The text of the element that was opened last, its descendants' included.
    pub(crate) fn text(&mut self) -> Result<String> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            match self.next()? {
                Some(Token::Text(piece)) => text.push_str(&piece),
                Some(_) => {}
                None => break,
            }
        }
        Ok(text)
    }

    fn damaged(&self, error: &quick_xml::Error) -> crate::error::Error {
        let detail = format!("{error} at byte {}", self.reader.error_position());
        ErrorKind::Reader { format: self.format, detail }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, limits: &Limits) -> Result<String> {
        let mut xml = Xml::new(text, "test", limits);
        let mut out = String::new();
        while let Some(token) = xml.next()? {
            match token {
                Token::Open(tag) if tag.name() == "skip" => xml.skip()?,
                Token::Open(tag) => out.extend(["<", tag.name(), &tag.attr("v").unwrap_or_default()]),
                Token::Close => out.push('>'),
                Token::Text(text) => out += &text,
            }
        }
        Ok(out)
    }

    #[test]
    fn names_are_local_and_empty_elements_close() {
        let text = "<?xml version='1.0'?><w:a w:v='1&amp;2'><b/><!-- c -->x<skip><b>y</b></skip><![CDATA[<]]></w:a>";
        assert_eq!(read(text, &Limits::default()).unwrap(), "<a1&2<b>x<>");
    }

    #[test]
    fn entities_of_the_document_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a v='&y;'>1&y;&lt;&#50;& 3&#0;</a>";
        assert_eq!(read(bomb, &Limits::default()).unwrap(), "<a&y;1<2& 3\u{FFFD}>");
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { nesting: 3, elements: 4, ..Limits::default() };
        assert_eq!(read("<a><b><c><d/></c></b></a>", &limits).unwrap_err().code(), "limit");
        assert_eq!(read("<a><b/><b/><b/><b/></a>", &limits).unwrap_err().code(), "limit");
        assert!(read("<a><b/><b/><b/></a>", &limits).is_ok());
    }

    #[test]
    fn text_that_breaks_off_is_an_error() {
        let code = |text| read(text, &Limits::default()).unwrap_err().code();
        assert_eq!(code("<a></b>"), "reader");
        assert_eq!(code("<a><b>x</b>"), "truncated");
        assert_eq!(code("<a><skip>x"), "truncated");
    }
}
