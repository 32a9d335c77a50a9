//! The styles of an odt file in; for each, its heading level, its list, how it sets or hides text, its width out. Lists
//! become those of [`Numbering`].

use crate::error::Result;
use crate::number::Set;
use crate::source::opendocument::{count, set};
use crate::source::word::heading_name;
use crate::source::word::numbering::{Definition, Level, List, Numbering};
use crate::source::xml::{Tag, Token, Xml};
use std::collections::BTreeMap;

/// Styles that are based on each other are followed no further.
const CHAIN: usize = 16;

/// The number of the list of headings.
pub(super) const OUTLINE: u32 = 0;

/// The styles by family and name, and the lists.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_name: BTreeMap<(String, String), Style>,
    /// The numbers of list styles.
    lists: BTreeMap<String, u32>,
    pub(super) numbering: Numbering,
}

#[derive(Debug, Default)]
struct Style {
    base: String,
    heading: Option<u8>,
    list: Option<String>,
    set: Option<Set>,
    hidden: Option<bool>,
    /// In twentieths of a point.
    width: Option<u32>,
}

impl Styles {
    /// Reads styles up to the body of a document, or to the end.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        let mut key = (String::new(), String::new());
        // The list at hand and its level.
        let (mut list, mut at) = (OUTLINE, 0);
        while let Some(token) = xml.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "body" => break,
                "style" => {
                    let text = |name: &str| tag.attr(name).unwrap_or_default().into_owned();
                    key = (text("family"), text("name"));
                    let shown = tag.attr("display-name").unwrap_or_else(|| key.1.replace("_20_", " ").into());
                    let style = Style {
                        base: text("parent-style-name"),
                        heading: heading_name(&shown),
                        list: tag.attr("list-style-name").map(Into::into),
                        ..Style::default()
                    };
                    self.by_name.insert(key.clone(), style);
                }
                "text-properties" | "table-column-properties" => {
                    if let Some(style) = self.by_name.get_mut(&key) {
                        style.look(&tag);
                    }
                }
                "list-style" => (list, at) = (self.list(&tag.attr("name").unwrap_or_default()), 0),
                "outline-style" => (list, at) = (self.add(OUTLINE), 0),
                "list-level-style-number"
                | "outline-level-style"
                | "list-level-style-bullet"
                | "list-level-style-image" => {
                    at = tag.number::<usize>("level").unwrap_or(1).saturating_sub(1);
                    let definition = self.numbering.definitions.get_mut(&list);
                    definition.map(|definition| definition.levels.insert(at, level(&tag, at)));
                }
                "list-level-label-alignment" => {
                    let definition = self.numbering.definitions.get_mut(&list);
                    if let Some(level) = definition.and_then(|definition| definition.levels.get_mut(&at)) {
                        level.tight = tag.attr("label-followed-by").is_some_and(|what| what == "nothing");
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The list of a style of that name, which may be one of paragraphs.
    pub(super) fn list_of(&self, list: Option<&str>, paragraph: &str) -> Option<u32> {
        let of_paragraph = || self.chain("paragraph", paragraph).find_map(|style| style.list.as_deref());
        self.lists.get(list.or_else(of_paragraph)?).copied()
    }

    /// The heading level of a style of paragraphs, from 1.
    pub(super) fn heading(&self, name: &str) -> Option<u8> {
        self.chain("paragraph", name).find_map(|style| style.heading)
    }

    /// Where a style sets text.
    pub(super) fn set(&self, family: &str, name: &str) -> Option<Set> {
        self.chain(family, name).find_map(|style| style.set)
    }

    /// Whether a style hides text.
    pub(super) fn hides(&self, family: &str, name: &str) -> Option<bool> {
        self.chain(family, name).find_map(|style| style.hidden)
    }

    /// The width of a column.
    pub(super) fn width(&self, name: &str) -> u32 {
        self.chain("table-column", name).find_map(|style| style.width).unwrap_or(0)
    }

    fn chain<'a>(&'a self, family: &str, name: &str) -> impl Iterator<Item = &'a Style> {
        let find = |name: &str| self.by_name.get(&(family.to_owned(), name.to_owned()));
        std::iter::successors(find(name), move |style| find(&style.base)).take(CHAIN)
    }

    /// The number of a list style, which is new where it was not met.
    fn list(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.lists.len()).unwrap_or(u32::MAX).saturating_add(OUTLINE + 1);
        let number = *self.lists.entry(name.to_owned()).or_insert(next);
        self.add(number)
    }

    fn add(&mut self, number: u32) -> u32 {
        self.numbering.lists.insert(number, List { definition: number, ..List::default() });
        self.numbering.definitions.insert(number, Definition::default());
        number
    }
}

impl Style {
    fn look(&mut self, tag: &Tag<'_>) {
        self.set = tag.attr("text-position").map(|position| set(&position)).or(self.set);
        self.hidden = tag.attr("display").map(|display| display == "none").or(self.hidden);
        self.width = tag.attr("column-width").and_then(|width| twentieths(&width)).or(self.width);
    }
}

/// A level of a list.
fn level(tag: &Tag<'_>, at: usize) -> Level {
    let format = match tag.name() {
        "list-level-style-number" | "outline-level-style" => {
            tag.attr("num-format").map_or("none", |name| format(&name))
        }
        _ => "bullet",
    };
    let mut level = Level { start: tag.number("start-value").unwrap_or(1), format: format.into(), ..Level::default() };
    let affix = |name: &str| tag.attr(name).unwrap_or_default().into_owned();
    let shown = usize::try_from(count(tag, "display-levels")).unwrap_or(1);
    let first = (at + 1).saturating_sub(shown.min(at + 1));
    let numbers: Vec<_> = (first..=at).take(9).map(|level| format!("%{}", level + 1)).collect();
    let numbers = if format == "none" { String::new() } else { numbers.join(".") };
    level.set_text((affix("num-prefix") + &numbers + &affix("num-suffix")).chars());
    level
}

/// A number format by what it writes first, as Office Open XML names it.
fn format(name: &str) -> &'static str {
    match name.chars().next() {
        None => "none",
        Some('a') => "lowerLetter",
        Some('A') => "upperLetter",
        Some('i') => "lowerRoman",
        Some('I') => "upperRoman",
        Some('0') => "decimalZero",
        Some('１') => "decimalFullWidth",
        Some('①') => "decimalEnclosedCircle",
        Some('一') => "chineseCountingThousand",
        Some('壹') if name.contains('贰') => "chineseLegalSimplified",
        Some('壹') => "ideographLegalTraditional",
        Some('甲') => "ideographTraditional",
        Some('子') => "ideographZodiac",
        Some(_) => "decimal",
    }
}

/// A length in twentieths of a point.
fn twentieths(length: &str) -> Option<u32> {
    let letters = length.find(|char: char| char.is_ascii_alphabetic())?;
    let (number, unit) = length.split_at(letters);
    let points: f64 = match unit {
        "pt" => 1.0,
        "in" => 72.0,
        "cm" => 72.0 / 2.54,
        "mm" => 7.2 / 2.54,
        "pc" => 12.0,
        _ => return None,
    };
    let length = number.trim().parse::<f64>().ok()? * points * 20.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, and rounded on purpose")]
    (0.0..1e6).contains(&length).then(|| length.round() as u32)
}
