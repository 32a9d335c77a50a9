//! What is to be said of a page whose writing cannot be read: pictures, damage, fonts without characters.

use super::canvas::Drawn;
use crate::error::help_for_pictures;
use crate::finding::{Code, Finding};
use crate::geom::Rect;
use crate::page::{Glyph, Layer, Page};
use crate::place::Place;
use crate::source::Options;
use crate::text::Text;

/// Whether any character can be seen.
pub(crate) fn has_ink(page: &Page) -> bool {
    page.glyphs.iter().any(|glyph| glyph.layer == Layer::Ink && !glyph.char.is_whitespace())
}

/// Fewer characters beside a picture of a whole page are a page number, or the mark of a scanner.
const FEW: usize = 40;

/// Whether the page's writing is a picture, or shown by fonts that do not say which characters they show.
pub(crate) fn is_picture(drawn: &Drawn) -> bool {
    let page = &drawn.page;
    let (lost, readable) = (unnamed(page), visible(page).count() - unnamed(page));
    let covered: f32 = page.images.iter().map(Rect::area).sum();
    let pictured = covered >= 0.5 * page.width * page.height || drawn.outlines;
    (lost + readable == 0 && (!page.images.is_empty() || drawn.outlines))
        || (readable < FEW && pictured)
        || (lost >= FEW && lost > readable)
}

fn visible(page: &Page) -> impl Iterator<Item = &Glyph> {
    page.glyphs.iter().filter(|g| g.layer == Layer::Ink && !g.char.is_whitespace())
}

/// How many characters its fonts do not name.
fn unnamed(page: &Page) -> usize {
    visible(page).filter(|g| g.char == char::REPLACEMENT_CHARACTER).count()
}

/// Says that the page's writing is a picture and was not read. Fonts that name no characters are told of by themselves.
pub(crate) fn unread_picture(page: &Page, number: u32, options: &Options) -> Option<Finding> {
    if unnamed(page) >= FEW {
        return None;
    }
    let hidden = page.glyphs.iter().any(|glyph| glyph.layer == Layer::Invisible && !glyph.char.is_whitespace());
    let finding = if visible(page).next().is_some() {
        let en = format!("page {number} holds hardly any text beside a picture that covers it");
        let message = Text::new(en, format!("第 {number} 页被图片覆盖，几乎没有文字"));
        Finding { help: help_for_pictures(options.reads_pictures()), ..Finding::new(Code::NoText, message) }
    } else if hidden {
        let en = format!("page {number} is a picture with recognised text beneath it");
        Finding::new(Code::OcrLayer, Text::new(en, format!("第 {number} 页是图片，其下附有识别出的文字")))
    } else {
        let en = format!("page {number} holds no text, only a picture of it");
        let message = Text::new(en, format!("第 {number} 页没有文字，只有图像"));
        Finding { help: help_for_pictures(options.reads_pictures()), ..Finding::new(Code::NoText, message) }
    };
    Some(finding.at(Some(whole(number, page))))
}

/// Says that the page was read from its picture.
#[cfg(feature = "ocr")]
pub(crate) fn read_picture(page: &Page, number: u32) -> Finding {
    let en = format!("page {number} was read from its picture");
    let message = Text::new(en, format!("第 {number} 页由其图像识别读取"));
    Finding::new(Code::Recognised, message).at(Some(whole(number, page)))
}

fn whole(number: u32, page: &Page) -> Place {
    Place::Page { page: number, bbox: Rect::new(0.0, 0.0, page.width, page.height) }
}

/// Says that a page is not all there.
pub(crate) fn damaged_page(number: u32) -> Finding {
    let en = format!("some content of page {number} could not be read");
    let place = Place::Page { page: number, bbox: Rect::default() };
    Finding::new(Code::Truncated, Text::new(en, format!("第 {number} 页有内容无法读取"))).at(Some(place))
}

/// Says that a font does not tell which characters it shows.
pub(crate) fn unread_font(name: &str, page: u32) -> Finding {
    let en = format!("the font {name:?} does not say which characters its glyphs are, first on page {page}");
    let zh = format!("字体“{name}”未说明其字形对应的字符，首见于第 {page} 页");
    let place = Place::Page { page, bbox: Rect::default() };
    Finding::new(Code::NoUnicode, Text::new(en, zh)).at(Some(place)).evidence(name)
}
