//! The style sheet of a docx file in; for each style, its heading level, its list and whether it raises text out.
//! How else text looks is not kept.

use super::FORMAT;
use crate::error::Result;
use crate::limits::Limits;
use crate::number::Set;
use crate::source::word::heading_name;
use crate::source::xml::{Token, Xml};
use std::collections::BTreeMap;

/// Styles that are based on each other are followed no further.
const CHAIN: usize = 16;

/// The styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    base: Option<String>,
    /// From 1; 0 says that it is none.
    heading: Option<u8>,
    list: Option<u32>,
    level: Option<u8>,
    set: Option<Set>,
}

impl Styles {
    /// Reads the style sheet.
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self> {
        let mut xml = Xml::new(text, FORMAT, limits);
        let mut styles = BTreeMap::new();
        let mut id = String::new();
        let mut style = Style::default();
        while let Some(token) = xml.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "style" => {
                    let next = tag.attr("styleId").unwrap_or_default().into_owned();
                    styles.insert(std::mem::replace(&mut id, next), std::mem::take(&mut style));
                }
                "name" => {
                    if let Some(level) = tag.attr("val").as_deref().and_then(heading_name) {
                        style.heading = Some(level);
                    }
                }
                "basedOn" => style.base = tag.attr("val").map(Into::into),
                "outlineLvl" => style.heading = style.heading.or(Some(outline(tag.number("val")))),
                "numId" => style.list = tag.number("val"),
                "ilvl" => style.level = tag.number("val"),
                "vertAlign" => style.set = Some(tag.set()),
                _ => {}
            }
        }
        styles.insert(id, style);
        Ok(Self(styles))
    }

    /// The heading level of a style, from 1.
    pub(super) fn heading(&self, id: &str) -> Option<u8> {
        self.chain(id).find_map(|style| style.heading).filter(|level| *level > 0)
    }

    /// The list of a style and the level in it.
    pub(super) fn list(&self, id: &str) -> Option<(u32, Option<u8>)> {
        let list = self.chain(id).find_map(|style| style.list)?;
        Some((list, self.chain(id).find_map(|style| style.level)))
    }

    /// Where a style sets text.
    pub(super) fn set(&self, id: &str) -> Option<Set> {
        self.chain(id).find_map(|style| style.set)
    }

    fn chain<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a Style> {
        let first = self.0.get(id);
        std::iter::successors(first, |style| self.0.get(style.base.as_deref()?)).take(CHAIN)
    }
}

/// An outline level as written (from 0; 9 is body text) as a heading level; 0 for none.
pub(super) fn outline(level: Option<u8>) -> u8 {
    level.filter(|&level| level < 6).map_or(0, |level| level + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_lists_are_inherited() {
        let text = "<styles>
            <style styleId='1'><name val='heading 1'/><pPr><numPr><numId val='4'/></numPr></pPr></style>
            <style styleId='a'><name val='正文标题'/><basedOn val='1'/><pPr><outlineLvl val='9'/></pPr></style>
            <style styleId='b'><name val='b'/><basedOn val='1'/><pPr><numPr><ilvl val='2'/></numPr></pPr></style>
            <style styleId='c'><name val='c'/><basedOn val='c'/></style>
            <style styleId='d'><name val='标题 3'/></style>
            <style styleId='e'><name val='e'/><pPr><outlineLvl val='1'/></pPr></style></styles>";
        let styles = Styles::read(text, &Limits::default()).unwrap();
        let headings = ["1", "a", "b", "c", "d", "e", "f"].map(|id| styles.heading(id).unwrap_or(0));
        assert_eq!(headings, [1, 0, 1, 0, 3, 2, 0]);
        assert_eq!(styles.list("b"), Some((4, Some(2))));
        assert_eq!(styles.list("c"), None);
    }
}
