//! Resource files in, what their ids stand for out: fonts, drawing parameters, colour spaces, composites, media.

use super::affine::{number, words};
use super::node::Node;
use crate::source::ink::is_bold;
use crate::source::ink::paint::{BLACK, Rgb};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What the ids of a document, or of one page within it, stand for.
#[derive(Debug, Default)]
pub(super) struct Resources {
    fonts: BTreeMap<String, Font>,
    params: BTreeMap<String, Rc<Node>>,
    spaces: BTreeMap<String, Space>,
    composites: BTreeMap<String, Rc<Node>>,
    media: BTreeMap<String, String>,
    /// The space of colours that name none.
    usual_space: Option<String>,
    /// Where to look next: the document's resources, for a page's.
    outer: Option<Rc<Resources>>,
}

/// A font, as far as its characters do not depend on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Font {
    pub(super) name: String,
    pub(super) bold: bool,
    pub(super) index: u16,
}

/// A colour space.
#[derive(Debug)]
struct Space {
    /// The value of a full channel.
    full: f64,
    palette: Vec<String>,
}

impl Resources {
    /// Those of a document; `space` is that of colours which name none.
    pub(super) fn of_document(space: Option<&str>) -> Self {
        Self { usual_space: space.map(str::to_owned), ..Self::default() }
    }

    /// Those of a page, over its document's.
    pub(super) fn of_page(outer: Rc<Self>) -> Self {
        Self { outer: Some(outer), ..Self::default() }
    }

    /// Adds what a resource file names. `locate` gives the member that a path in it stands for; `fonts` counts the
    /// fonts of all files.
    pub(super) fn add(&mut self, root: Node, fonts: &mut u16, locate: impl Fn(&str) -> Option<String>) {
        for group in root.children {
            for node in group.children {
                let Some(id) = node.id("ID") else { continue };
                if node.is("Font") {
                    let font = Font::new(&node, *fonts);
                    *fonts = fonts.saturating_add(1);
                    self.fonts.insert(id, font);
                } else if node.is("DrawParam") {
                    self.params.insert(id, Rc::new(node));
                } else if node.is("ColorSpace") {
                    self.spaces.insert(id, Space::new(&node));
                } else if node.is("CompositeGraphicUnit") {
                    self.composites.insert(id, Rc::new(node));
                } else if node.is("MultiMedia") {
                    let member = node.told("MediaFile").and_then(&locate);
                    self.media.extend(member.map(|member| (id, member)));
                }
            }
        }
    }

    fn find<T>(&self, get: impl Fn(&Self) -> Option<&T>) -> Option<&T> {
        get(self).or_else(|| get(self.outer.as_deref()?))
    }

    pub(super) fn font(&self, id: &str) -> Option<&Font> {
        self.find(|all| all.fonts.get(id))
    }

    pub(super) fn composite(&self, id: &str) -> Option<Rc<Node>> {
        self.find(|all| all.composites.get(id)).cloned()
    }

    /// The member that holds a picture.
    #[cfg(feature = "ocr")]
    pub(super) fn media(&self, id: &str) -> Option<&str> {
        self.find(|all| all.media.get(id)).map(String::as_str)
    }

    /// A set of drawing parameters, then those that it falls back on.
    pub(super) fn params(&self, id: Option<String>) -> Vec<Rc<Node>> {
        /// Longer chains are circles.
        const LONGEST: usize = 16;
        let find = |id: String| self.find(|all| all.params.get(&id)).cloned();
        let chain = std::iter::successors(id.and_then(find), |node| node.id("Relative").and_then(find));
        chain.take(LONGEST).collect()
    }

    /// The colour that an element such as `FillColor` gives; `None` for patterns and shadings.
    pub(super) fn color(&self, node: &Node) -> Rgb {
        if !node.children.is_empty() {
            return None;
        }
        let id = node.id("ColorSpace").or_else(|| self.find(|all| all.usual_space.as_ref()).cloned());
        let space = id.and_then(|id| self.find(|all| all.spaces.get(&id)));
        let value = match (node.attr("Value"), node.attr("Index")) {
            (Some(value), _) => value,
            (None, Some(index)) => space?.palette.get(index.trim().parse::<usize>().ok()?)?.into(),
            (None, None) => return BLACK,
        };
        let full = space.map_or(255.0, |space| space.full);
        let parts: Vec<f64> = words(&value).take(5).map(|word| Some(channel(word)? / full)).collect::<Option<_>>()?;
        // How many values there are says more than the space that is named.
        Some(match *parts {
            [gray] => [byte(gray); 3],
            [r, g, b] => [r, g, b].map(byte),
            [c, m, y, k] => [c, m, y].map(|ink| byte((1.0 - ink) * (1.0 - k))),
            _ => return None,
        })
    }
}

impl Font {
    fn new(node: &Node, index: u16) -> Self {
        let name = node.id("FontName").or_else(|| node.id("FamilyName")).unwrap_or_default();
        let bold = node.flag("Bold") == Some(true) || is_bold(&name);
        Self { name, bold, index }
    }
}

impl Space {
    fn new(node: &Node) -> Self {
        let bits = node.number("BitsPerComponent").filter(|bits| (1.0..=16.0).contains(bits)).unwrap_or(8.0);
        let palette = node.child("Palette").into_iter().flat_map(|palette| palette.all("CV"));
        Self { full: bits.exp2() - 1.0, palette: palette.map(|entry| entry.text.clone()).collect() }
    }
}

/// The value of a channel, which may be written as `#FF`.
fn channel(word: &str) -> Option<f64> {
    match word.strip_prefix('#') {
        Some(hex) => u16::from_str_radix(hex, 16).ok().map(f64::from),
        None => number(word),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–255 before")]
fn byte(x: f64) -> u8 {
    (x.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn node(text: &str) -> Node {
        Node::read(text, &Limits::default()).unwrap()
    }

    fn read(text: &str) -> Resources {
        let mut resources = Resources::default();
        resources.add(node(text), &mut 0, |path| Some(path.to_owned()));
        resources
    }

    #[test]
    fn colours_of_the_usual_spaces() {
        let spaces = read(
            "<Res><ColorSpaces><ColorSpace ID='1' Type='CMYK'/><ColorSpace ID='2' Type='GRAY' BitsPerComponent='4'/>\
             <ColorSpace ID='3'><Palette><CV>1 2 3</CV><CV>#FF 0 #0a</CV></Palette></ColorSpace></ColorSpaces></Res>",
        );
        let color = |attributes: &str| spaces.color(&node(&format!("<FillColor {attributes}/>")));
        assert_eq!(color("Value='255 0 51'"), Some([255, 0, 51]));
        assert_eq!(color("Value='0 0 0 255' ColorSpace='1'"), Some([0; 3]));
        assert_eq!(color("Value='15' ColorSpace='2'"), Some([255; 3]));
        assert_eq!(color("Index='1' ColorSpace='3'"), Some([255, 0, 10]));
        assert_eq!([color(""), color("Index='9' ColorSpace='3'"), color("Value='x'")], [BLACK, None, None]);
        assert_eq!(spaces.color(&node("<FillColor><AxialShd/></FillColor>")), None);
    }

    #[test]
    fn parameters_fall_back_and_circles_end() {
        let resources = read(
            "<Res><DrawParams><DrawParam ID='1' Relative='2'/><DrawParam ID='2' LineWidth='3'/>\
             <DrawParam ID='4' Relative='4'/></DrawParams></Res>",
        );
        let widths: Vec<_> = resources.params(Some("1".into())).iter().map(|node| node.number("LineWidth")).collect();
        assert_eq!(widths, [None, Some(3.0)]);
        assert!(resources.params(Some("4".into())).len() < 100);
        assert!(resources.params(Some("9".into())).is_empty() && resources.params(None).is_empty());
    }
}
