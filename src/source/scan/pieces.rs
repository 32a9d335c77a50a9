//! Cells and lines of a page in, their characters in place out.

use super::cells::whole;
use super::gray::{Area, Gray, float};
use super::layer::is_figure;
use super::lines::{self, Piece};
use super::mask::{Component, Mask};
use super::models::Networks;
use super::recognise::{self, Text};
use super::sizes::height;
use super::straight::Straight;
use super::stroke::{Stroke, stroke};
use crate::error::Result;
use crate::geom::{Point, Rect};
use crate::page::{Glyph, Layer, Recognised, Turn};

/// The pieces of a page, cut out and ready to be read.
pub(super) struct Reader {
    cuts: Vec<Cut>,
    pictures: Vec<Gray>,
}

/// A cell, or a line on open paper.
pub(super) struct Space {
    area: Area,
    marks: Vec<Component>,
    ruled: bool,
}

/// A piece, the box that it may reach into, and the height of its characters.
struct Cut {
    piece: Piece,
    within: Area,
    unit: f32,
}

/// Lengths in heights of a character: what is left free within a cell beside its rules,
const INSET: f32 = 0.08;
/// white paper around a piece,
const MARGIN: f32 = 0.18;
/// and the least height of what is shown to the network, so that a dash stays a dash.
const HIGH: f32 = 1.1;
/// Another text is worth a word when it is so likely,
const OTHER: f32 = 0.02;
/// and a text is sure when it is so likely itself.
const SURE: f32 = 0.9;
/// Texts whose characters are less likely than this say nothing.
const UNREADABLE: f32 = 0.35;

/// Pieces that tell whether a page can be read, and the least length in heights of a character that they have.
const TELLING: usize = 12;
const LONG: f32 = 3.0;

impl Reader {
    /// Cuts spaces into pieces.
    pub(super) fn new(page: &Straight, spaces: &[Space]) -> Self {
        let cuts = cuts(spaces, page.sizes.usual);
        let pictures = cuts.iter().map(|cut| picture(&page.gray, cut)).collect();
        Self { cuts, pictures }
    }

    /// How well some long pieces of text can be read, of 1; 1 where there are none.
    pub(super) fn legible(&self, networks: &Networks) -> Result<f32> {
        let long = |cut: &&Cut| float(cut.piece.area.width()) >= LONG * cut.unit;
        let mut some: Vec<(&Cut, &Gray)> = self.cuts.iter().zip(&self.pictures).filter(|(cut, _)| long(cut)).collect();
        some.sort_by_key(|(cut, _)| (cut.piece.area.width(), cut.piece.area.x0, cut.piece.area.y0));
        let step = some.len() / TELLING + 1;
        let some: Vec<Gray> = some.into_iter().step_by(step).map(|(_, picture)| picture.clone()).collect();
        if some.is_empty() {
            return Ok(1.0);
        }
        let texts = recognise::texts(&some, networks)?;
        let mut odds: Vec<f32> = texts.iter().map(|texts| texts.first().map_or(0.0, Text::each)).collect();
        odds.sort_by(f32::total_cmp);
        Ok(odds.get(odds.len() / 2).copied().unwrap_or(0.0))
    }

    /// Reads all pieces; places are in points.
    pub(super) fn read(&self, scale: f32, networks: &Networks) -> Result<(Vec<Glyph>, Vec<Recognised>)> {
        let mut texts = recognise::texts(&self.pictures, networks)?;
        let (mut glyphs, mut recognised) = (Vec::new(), Vec::new());
        for (run, ((cut, picture), texts)) in (0u32..).zip(self.cuts.iter().zip(&self.pictures).zip(&mut texts)) {
            told_by_shape(texts, picture, cut.unit);
            let (text, odds) = match texts.first() {
                Some(best) if best.each() >= UNREADABLE && !best.text.trim().is_empty() => {
                    (best.text.as_str(), best.odds)
                }
                _ => ("\u{FFFD}", 0.0),
            };
            glyphs.extend(glyphs_of(cut, text, run, scale));
            let others = texts.iter().filter(|t| t.odds >= OTHER && t.text != text && !t.text.trim().is_empty());
            let mut others: Vec<String> = others.map(|t| t.text.clone()).collect();
            others.extend(with_commas(text).filter(|figure| !others.contains(figure)));
            // Where another figure is possible at all, ties have to speak for this one.
            let sure = odds >= SURE && !others.iter().any(|other| is_figure(other));
            recognised.push(Recognised { run, text: text.to_owned(), sure, others });
        }
        Ok((glyphs, recognised))
    }
}

impl Space {
    /// A space that rules close off, in a table whose small print is so high; `ink` holds no rules.
    pub(super) fn cell(ink: &Mask, cell: Area, small: f32) -> Self {
        let by = whole(INSET * small).min(cell.width() / 4).min(cell.height() / 4);
        let area = Area { x0: cell.x0 + by, y0: cell.y0 + by, x1: cell.x1 - by, y1: cell.y1 - by };
        let at = |a: Area| Area { x0: a.x0 + area.x0, y0: a.y0 + area.y0, x1: a.x1 + area.x0, y1: a.y1 + area.y0 };
        let marks = ink.cut(area).components().into_iter().map(|c| Component { area: at(c.area), ..c }).collect();
        Self { area, marks, ruled: true }
    }

    /// Lines on open paper, each with the marks that stand in it, and what stands in none: ink that the network did not take
    /// for text, or in a cell that is not closed. Nothing is passed over, and nothing is read twice.
    pub(super) fn lines(ink: &Mask, lines: &[Area]) -> Vec<Self> {
        let line = |area: &Area| Self { area: *area, marks: Vec::new(), ruled: false };
        let mut spaces: Vec<Self> = lines.iter().map(line).collect();
        let mut rest = line(&Area { x0: 0, y0: 0, x1: ink.width, y1: ink.height });
        for mark in ink.components() {
            let (x, y) = mark.area.middle();
            let holds = |space: &&mut Self| {
                let a = space.area;
                (a.x0..a.x1).contains(&x) && (a.y0..a.y1).contains(&y)
            };
            // Of lines that reach over each other, the one whose middle is nearest.
            let home = spaces.iter_mut().filter(holds).min_by_key(|space| space.area.middle().1.abs_diff(y));
            home.unwrap_or(&mut rest).marks.push(mark);
        }
        spaces.push(rest);
        spaces
    }
}

/// All pieces. What is set in tables has one size, unless a cell holds enough to tell another.
fn cuts(spaces: &[Space], usual: f32) -> Vec<Cut> {
    let marks = |ruled: bool| spaces.iter().filter(move |s| s.ruled == ruled).flat_map(|s| &s.marks);
    let usual = |ruled: bool| height(marks(ruled).map(|c| &c.area), usual);
    let (inside, outside) = (usual(true), usual(false));
    let cut = |space: &Space| {
        let around = if space.ruled { inside } else { outside };
        let unit = height(space.marks.iter().map(|c| &c.area), around);
        let within = space.area;
        lines::pieces(&space.marks, unit).into_iter().map(move |piece| Cut { piece, within, unit }).collect::<Vec<_>>()
    };
    spaces.iter().flat_map(cut).collect()
}

/// A figure whose points may be commas, as faint commas look: three digits stand behind each, and the first is no 0.
fn with_commas(text: &str) -> Option<String> {
    let mut groups = text.split(['.', ',']);
    let first = groups.next()?;
    let is_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let is_first = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let is_grouped = is_first && groups.all(|group| group.len() == 3 && is_digits(group));
    (is_grouped && text.contains('.')).then(|| text.replace('.', ","))
}

/// Corrects what the network says of a single straight stroke. It takes a level one for any of some signs, and a slash for
/// some others; where it sees anything else besides, such as a 7 whose bar was lost, that stays possible.
fn told_by_shape(texts: &mut Vec<Text>, picture: &Gray, unit: f32) {
    const LEVEL: &str = "一-‐–—―ー－_~";
    const LEANING: &str = "/／1lI|丿";
    let is_of = |text: &Text, signs: &str| !text.text.is_empty() && text.text.chars().all(|c| signs.contains(c));
    let is_level = texts.first().is_some_and(|best| is_of(best, LEVEL));
    let is_leaning = texts.iter().filter(|text| text.odds >= OTHER).all(|text| is_of(text, LEANING));
    let sure = |text: &str| vec![Text { text: text.into(), odds: 1.0 }];
    match stroke(picture, unit) {
        Some(Stroke::Slash) if is_leaning => *texts = sure("/"),
        Some(Stroke::Slash | Stroke::LikelySlash) => texts.insert(0, Text { text: "/".into(), odds: SURE }),
        Some(Stroke::Dash) if is_level => *texts = sure("-"),
        Some(Stroke::Dash) | None => {}
    }
}

/// A piece as it is shown to the network: its ink on white paper, and nothing of its neighbours.
fn picture(gray: &Gray, cut: &Cut) -> Gray {
    let Cut { piece, within, unit } = cut;
    let margin = whole(MARGIN * unit).max(2);
    let high = piece.area.height().max(whole(HIGH * unit)) + 2 * margin;
    let top = (high - piece.area.height()) / 2;
    let from = piece.area.grown(margin, &within.union(&piece.area));
    let mut cut = gray.cut(from);
    for dust in piece.dust.iter().map(|d| d.grown(1, &from)) {
        cut.whiten(Area {
            x0: dust.x0 - from.x0,
            y0: dust.y0 - from.y0,
            x1: dust.x1.saturating_sub(from.x0),
            y1: dust.y1.saturating_sub(from.y0),
        });
    }
    let mut out = Gray::blank(piece.area.width() + 2 * margin, high);
    out.paste(&cut, margin + from.x0 - piece.area.x0, top + from.y0 - piece.area.y0);
    out
}

/// The characters of a piece, each in its share of the ink.
fn glyphs_of(cut: &Cut, text: &str, run: u32, scale: f32) -> Vec<Glyph> {
    let Cut { piece, unit, .. } = cut;
    let height = float(piece.area.height()).max(0.6 * unit);
    let middle = f32::midpoint(float(piece.area.y0), float(piece.area.y1));
    let size = (height.min(1.15 * unit)) / scale;
    let base = middle / scale + 0.38 * size;
    // Pieces hold no wide gap, so that characters stand about evenly: Han twice as wide as digits and letters.
    let weight = |c: char| if c.is_ascii() { 1.0 } else { 2.0f32 };
    let share = float(piece.area.width()) / text.chars().map(weight).sum::<f32>().max(1.0) / scale;
    let mut x = float(piece.area.x0) / scale;
    let glyph = |char: char| {
        let from = x;
        x += weight(char) * share;
        Glyph {
            char,
            bbox: Rect::new(from, base - 0.88 * size, x, base + 0.12 * size),
            origin: Point { x: from, y: base },
            size,
            turn: Turn::None,
            layer: Layer::Ink,
            bold: false,
            run,
            font: 0,
        }
    };
    text.chars().map(glyph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_before_three_digits_may_be_commas() {
        assert_eq!(with_commas("7.481").as_deref(), Some("7,481"));
        assert_eq!(with_commas("2.352.615").as_deref(), Some("2,352,615"));
        assert_eq!(with_commas("2,352.615").as_deref(), Some("2,352,615"));
        for plain in ["7,481", "0.481", "7.48", "7481", "2352.615", "a.123", "7.4812", ".481"] {
            assert_eq!(with_commas(plain), None, "{plain}");
        }
    }

    #[test]
    fn a_level_stroke_is_a_dash_where_the_network_saw_one_too() {
        let mut picture = Gray::blank(40, 30);
        (14..17).for_each(|y| picture.pixels[y * 40 + 10..y * 40 + 26].fill(0));
        let told = |text: &str| {
            let mut texts = vec![Text { text: text.into(), odds: 0.4 }];
            told_by_shape(&mut texts, &picture, 30.0);
            texts.swap_remove(0).text
        };
        assert_eq!(["一", "—", "1", ""].map(told), ["-", "-", "1", ""]);
    }

    #[test]
    fn a_slash_is_sure_unless_the_network_sees_more_than_a_stroke() {
        let mut picture = Gray::blank(40, 34);
        (2..32).for_each(|y| picture.pixels[y * 40 + 30 - y / 2..y * 40 + 33 - y / 2].fill(0));
        let told = |text: &str| {
            let mut texts = vec![Text { text: text.into(), odds: 0.9 }];
            told_by_shape(&mut texts, &picture, 30.0);
            texts.into_iter().map(|t| t.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(["1", "|", "7"].map(told), ["/", "/", "/ 7"]);
    }
}
