//! XML text in, its elements as a tree out, so that what stands later in a file can be asked for earlier.

use super::affine::{number, numbers};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::source::xml::{Tag, Token, Xml};
use std::borrow::Cow;

/// An element.
#[derive(Debug)]
pub(super) struct Node {
    tag: Tag<'static>,
    /// Its own text.
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The root of a document.
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self> {
        let mut xml = Xml::new(text, super::FORMAT, limits);
        let mut open: Vec<Self> = Vec::new();
        while let Some(token) = xml.next()? {
            match token {
                Token::Open(tag) => {
                    open.push(Self { tag: tag.into_owned(), text: String::new(), children: Vec::new() });
                }
                Token::Text(text) => open.last_mut().into_iter().for_each(|node| node.text.push_str(&text)),
                Token::Close => {
                    let Some(node) = open.pop() else { continue };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(node),
                    }
                }
            }
        }
        Err(ErrorKind::Truncated { detail: "ofd: an XML file without an element".to_owned() }.into())
    }

    /// Whether it has this name; some writers take other cases.
    pub(super) fn is(&self, name: &str) -> bool {
        self.tag.name().eq_ignore_ascii_case(name)
    }

    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.is(name))
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }

    /// The text of the first child of that name, if it says anything.
    pub(super) fn told(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    pub(super) fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        self.tag.attr_in_any_case(name)
    }

    /// An attribute that names something.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        self.attr(name).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        number(&self.attr(name)?)
    }

    pub(super) fn numbers<const N: usize>(&self, name: &str) -> Option<[f64; N]> {
        numbers(&self.attr(name)?)
    }

    /// What an attribute of yes or no says, if anything.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.attr(name)?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// What following it costs, in unpacked bytes: time is bounded with the memory.
    pub(super) fn cost(&self) -> u64 {
        const ELEMENT: u64 = 64;
        // A byte of text becomes a glyph.
        const TEXT: u64 = 8;
        let inner: u64 = self.children.iter().map(Self::cost).sum();
        ELEMENT + self.tag.size() + TEXT * self.text.len() as u64 + inner
    }

    /// Whether it is marked as not to be seen.
    pub(super) fn hidden(&self) -> bool {
        self.flag("Visible") == Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_asked_by_name() {
        let text = "<?xml version='1.0'?><o:a xmlns:o='x'><o:B V=' 1 ' Visible='False'> x </o:B><b/><c/></o:a>";
        let node = Node::read(text, &Limits::default()).unwrap();
        assert_eq!((node.all("b").count(), node.told("B")), (2, Some("x")));
        let first = node.child("b").unwrap();
        assert_eq!((first.number("v"), first.id("v").as_deref(), first.id("w")), (Some(1.0), Some("1"), None));
        assert!(first.hidden() && !node.hidden());
    }

    #[test]
    fn broken_text_is_an_error() {
        let code = |text| Node::read(text, &Limits::default()).unwrap_err().code();
        assert_eq!([code("<a><b></a>"), code("<a><b>"), code(" ")], ["reader", "truncated", "truncated"]);
    }
}
