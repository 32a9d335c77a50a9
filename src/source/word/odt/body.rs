//! The body of an odt file in, paragraphs and tables as nested in it out.
//!
//! Deleted text of tracked changes, hidden text and notes are left out; the text of frames comes after the paragraph that
//! they hang on.

use super::styles::{OUTLINE, Styles};
use crate::error::Result;
use crate::limits::Limits;
use crate::number::Set;
use crate::source::word::content::{Content, Item, Paragraph};
use crate::source::xml::{Tag, Token, Xml};
use std::collections::BTreeSet;

/// Reads the body, which has just been opened.
pub(super) fn read(xml: &mut Xml<'_>, styles: Styles, limits: &Limits) -> Result<Content> {
    let content = Content::default();
    let mut reader =
        Reader { xml, styles, limits, spent: Spent::default(), deletions: BTreeSet::new(), deletion: None, content };
    let mut items = Vec::new();
    reader.blocks(&mut items, None)?;
    reader.content.items = items;
    Ok(reader.content)
}

pub(super) struct Reader<'a, 'x> {
    pub(super) xml: &'a mut Xml<'x>,
    pub(super) styles: Styles,
    pub(super) limits: &'a Limits,
    pub(super) spent: Spent,
    /// Changes that delete text, by their ids, and the one that the text at hand is in. Packages keep such text elsewhere,
    /// flat files leave it in its place.
    deletions: BTreeSet<String>,
    deletion: Option<String>,
    content: Content,
}

/// What has been read so far, with all that is only said to repeat.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Spent {
    pub(super) cells: u64,
    /// Bytes of text.
    pub(super) text: u64,
}

/// The list that a paragraph is in.
pub(super) struct InList {
    /// The name of its style; that of the paragraph's style counts where there is none.
    style: Option<String>,
    level: u8,
    /// Whether the next paragraph begins an item, and the number it is to have.
    begins: bool,
    start: Option<u32>,
    /// Whether the list begins anew.
    anew: bool,
}

impl Reader<'_, '_> {
    /// The rest of an element that holds paragraphs, tables, or elements that hold such.
    pub(super) fn blocks(&mut self, items: &mut Vec<Item>, mut list: Option<&mut InList>) -> Result<()> {
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "p" | "h" => self.paragraph(&tag, items, list.as_deref_mut())?,
                "table" => self.table(items)?,
                "list" => {
                    let inner = inner_list(&tag, list.as_deref());
                    self.list(inner, items)?;
                }
                "section" if tag.attr("display").is_some_and(|display| display == "none") => self.xml.skip()?,
                "object" | "object-ole" => {
                    self.content.embedded = true;
                    self.xml.skip()?;
                }
                "tracked-changes" => self.changes()?,
                "forms" | "annotation" | "note" | "image" | "title" | "desc" | "dde-connection-decls" => {
                    self.xml.skip()?;
                }
                _ => open += 1,
            }
        }
        Ok(())
    }

    /// The rest of the list of changes.
    fn changes(&mut self) -> Result<()> {
        let mut id = String::new();
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "changed-region" => id = tag.attr("id").unwrap_or_default().into_owned(),
                "deletion" => drop(self.deletions.insert(std::mem::take(&mut id))),
                _ => {}
            }
            open += 1;
        }
        Ok(())
    }

    /// The rest of a list.
    fn list(&mut self, mut list: InList, items: &mut Vec<Item>) -> Result<()> {
        let mut open = 1_u32;
        while let Some(tag) = self.xml.next_open(&mut open)? {
            match tag.name() {
                "list-item" | "list-header" => {
                    list.begins = tag.name() == "list-item";
                    list.start = tag.number("start-value");
                    self.blocks(items, Some(&mut list))?;
                }
                _ => open += 1,
            }
        }
        Ok(())
    }

    /// The rest of a paragraph, and behind it what its frames hold.
    fn paragraph(&mut self, tag: &Tag<'_>, items: &mut Vec<Item>, list: Option<&mut InList>) -> Result<()> {
        let style = tag.attr("style-name").unwrap_or_default().into_owned();
        let level = (tag.name() == "h").then(|| tag.number::<u8>("outline-level").unwrap_or(1));
        let is_listed = tag.attr("is-list-header").is_none_or(|header| header != "true");
        let mut boxes = Vec::new();
        let text = self.text(&style, &mut boxes)?;
        // A hidden paragraph is not counted.
        let number = if text.is_some() && is_listed { self.number(list, &style, level) } else { None };
        let text = number.unwrap_or_default() + &text.unwrap_or_default();
        self.spent.text = self.spent.text.saturating_add(text.len() as u64);
        let heading = level.or_else(|| self.styles.heading(&style)).filter(|level| (1..=6).contains(level));
        items.push(Item::Paragraph(Paragraph { text, heading }));
        items.extend(boxes);
        Ok(())
    }

    /// The number of a paragraph: that of its list, or of the headings.
    fn number(&mut self, list: Option<&mut InList>, style: &str, heading: Option<u8>) -> Option<String> {
        let Some(list) = list else {
            return self.styles.numbering.next(OUTLINE, heading?.checked_sub(1)?);
        };
        if !std::mem::take(&mut list.begins) {
            return None;
        }
        let number = self.styles.list_of(list.style.as_deref(), style)?;
        if std::mem::take(&mut list.anew) {
            self.styles.numbering.restart(number, list.level, None);
        }
        if let Some(start) = list.start.take() {
            self.styles.numbering.restart(number, list.level, Some(start));
        }
        self.styles.numbering.next(number, list.level)
    }

    /// The text of a paragraph; `None` where all of it is hidden.
    fn text(&mut self, style: &str, boxes: &mut Vec<Item>) -> Result<Option<String>> {
        let mut text = String::new();
        let mut hidden = false;
        let set = self.styles.set("paragraph", style).unwrap_or(Set::On);
        // How each of the open elements sets its text, and whether it hides it.
        let mut around = vec![(set, self.styles.hides("paragraph", style).unwrap_or(false))];
        while let Some(&(set, hides)) = around.last() {
            let Some(token) = self.xml.next()? else { break };
            let mut push = |piece: &str| {
                if !hides && self.deletion.is_none() {
                    set.write(piece, &mut text);
                }
            };
            let tag = match token {
                Token::Open(tag) => tag,
                Token::Close => {
                    around.pop();
                    continue;
                }
                Token::Text(piece) => {
                    push(&piece.replace(['\n', '\r', '\t'], " ").replace('\u{2011}', "-"));
                    continue;
                }
            };
            let mut inner = (set, hides);
            match tag.name() {
                "span" => {
                    let style = tag.attr("style-name").unwrap_or_default();
                    inner.0 = self.styles.set("text", &style).unwrap_or(set);
                    inner.1 = self.styles.hides("text", &style).unwrap_or(hides);
                }
                // Blanks, however many: they count as one.
                "s" | "tab" => push(" "),
                "line-break" => push("\n"),
                "change-start" => {
                    let id = tag.attr("change-id").filter(|id| self.deletions.contains(&**id));
                    self.deletion = id.map(Into::into).or(self.deletion.take());
                }
                "change-end" if tag.attr("change-id").as_deref() == self.deletion.as_deref() => self.deletion = None,
                "hidden-paragraph" => hidden |= tag.attr("is-hidden").is_some_and(|is| is == "true"),
                "note" | "annotation" | "ruby-text" | "number" | "hidden-text" | "script" => {
                    self.xml.skip()?;
                    continue;
                }
                "frame" | "g" | "custom-shape" | "rect" | "line" | "ellipse" | "polygon" | "path" => {
                    self.blocks(boxes, None)?;
                    continue;
                }
                _ => {}
            }
            around.push(inner);
        }
        Ok((!hidden).then_some(text))
    }
}

/// A list as it begins, given the one around it.
fn inner_list(tag: &Tag<'_>, around: Option<&InList>) -> InList {
    let goes_on = tag.attr("continue-numbering").is_some_and(|goes_on| goes_on == "true");
    InList {
        style: tag.attr("style-name").map(Into::into).or_else(|| around.and_then(|list| list.style.clone())),
        level: around.map_or(0, |list| list.level.saturating_add(1)),
        begins: false,
        start: None,
        anew: around.is_none() && !goes_on && tag.attr("continue-list").is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::*;

    /// Paragraphs with a slash behind each, headings with their level in front.
    fn shown(styles: &str, body: &str) -> String {
        let text = format!("<d><styles>{styles}</styles><body><text>{body}</text></body></d>");
        let limits = Limits::default();
        let mut xml = Xml::new(&text, FORMAT, &limits);
        let mut styles = Styles::default();
        styles.read(&mut xml).unwrap();
        let items = read(&mut xml, styles, &limits).unwrap().items;
        let item = |item: &Item| match item {
            Item::Paragraph(paragraph) => {
                format!("{}{}/", paragraph.heading.map(|level| level.to_string()).unwrap_or_default(), paragraph.text)
            }
            Item::Table(_) => "[]".to_owned(),
        };
        items.iter().map(item).collect()
    }

    #[test]
    fn what_is_not_seen_is_left_out() {
        let styles = "<style family='text' name='h'><text-properties display='none'/></style>
            <style family='text' name='s'><text-properties text-position='super 58%'/></style>";
        let body = "<tracked-changes><changed-region id='c'><deletion/></changed-region></tracked-changes>
            <p>a<span style-name='h'>b</span>12<span style-name='s'>3</span><s c='1000000000'/>d\ne<note><p>f</p></note>
            <change-start change-id='c'/>g<change-end change-id='c'/><line-break/>h<frame><text-box><p>box</p></text-box></frame></p>
            <section display='none'><p>i</p></section><p>j<hidden-paragraph is-hidden='true'/></p>";
        assert_eq!(shown(styles, body).replace("            ", ""), "a12³ d e \nh/box//");
    }

    #[test]
    fn lists_and_headings_are_counted() {
        let level = |level: u32, format: &str, before: &str, behind: &str| {
            format!(
                "<list-level-style-number level='{level}' num-format='{format}' num-prefix='{before}' num-suffix='{behind}'/>"
            )
        };
        let styles = format!(
            "<list-style name='L'>{}{}</list-style><outline-style><outline-level-style level='1' num-format='一, 二, 三, ...'
             num-suffix='、'/><outline-level-style level='2' num-format=''/></outline-style>
             <style family='paragraph' name='T' display-name='标题 2'/>",
            level(1, "1", "", "、"),
            level(2, "a", "（", "）")
        );
        let item = |text: &str| format!("<list-item><p>{text}</p><p>more</p></list-item>");
        let inner = format!("<list-item><p>x</p><list>{}{}</list></list-item>", item("y"), item("z"));
        let list = format!("<list style-name='L'>{}{inner}</list>", item("w"));
        assert_eq!(shown(&styles, &list), "1、w/more/2、x/（a）y/more/（b）z/more/");
        assert_eq!(
            shown(&styles, &format!("{list}<list style-name='L' continue-numbering='true'>{}</list>", item("v")))
                .rsplit_once("3、")
                .unwrap()
                .1,
            "v/more/"
        );
        let start = "<list style-name='L'><list-item start-value='7'><p>u</p></list-item></list>";
        assert_eq!(shown(&styles, &format!("{list}{start}")).rsplit_once("7、").unwrap().1, "u/");
        let headings =
            "<h outline-level='1'>a</h><h outline-level='2'>b</h><h outline-level='1'>c</h><p style-name='T'>d</p>";
        assert_eq!(shown(&styles, headings), "1一、a/2b/1二、c/2d/");
    }
}
