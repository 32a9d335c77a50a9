//! Printed lines outside tables in, lines of text out, each with what its setting tells: size, centring, whether it
//! looks like a heading, whether it goes on with the paragraph above. Wording is not judged beyond list numbers.

use super::Line;
use super::ink::Frame;
use super::spell::{InkLine, is_han};
use crate::geom::Rect;
use crate::place::Place;

/// A line of a page before it is told what it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Printed {
    /// Page number.
    pub(super) page: u32,
    /// Width of the upright page.
    pub(super) page_width: f32,
    /// How the page was turned.
    pub(super) frame: Frame,
    /// Box in the upright frame.
    pub(super) bbox: Rect,
    /// Its text.
    pub(super) text: String,
    /// Font size of most of it.
    pub(super) size: f32,
    /// Whether most of it is bold.
    pub(super) bold: bool,
}

/// Where the text of a page begins and ends, and the size it is set in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Measure {
    left: f32,
    right: f32,
    size: f32,
}

/// A heading is seldom longer, in characters.
const HEADING_LENGTH: usize = 40;

impl Printed {
    /// A line with its setting. `frame` turns its page back.
    pub(super) fn new(line: &InkLine, page: u32, page_width: f32, frame: Frame) -> Self {
        let marks: Vec<_> = line.ink.iter().filter(|i| !i.is_blank()).collect();
        let mut sizes: Vec<f32> = marks.iter().map(|i| i.size).collect();
        sizes.sort_by(f32::total_cmp);
        let bold = marks.iter().filter(|i| i.bold).count() * 2 > marks.len();
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
        Self { page, page_width, frame, bbox: line.bbox(), text: line.spelled().text, size, bold }
    }
}

impl Measure {
    /// The measure of one page's lines; `document` stands in for what the page does not show.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Printed> + Clone, document: Option<Self>) -> Self {
        let mut weights: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
        for line in lines.clone() {
            *weights.entry(tenths(line.size)).or_default() += line.text.chars().count();
        }
        let own = weights.into_iter().max_by_key(|&(size, weight)| (weight, size)).map(|(size, _)| size);
        let wide = lines.filter(|l| l.bbox.width() > 0.4 * l.page_width);
        let (left, right) = wide.fold((f32::MAX, f32::MIN), |(a, b), l| (a.min(l.bbox.x0), b.max(l.bbox.x1)));
        let known = document.unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "font sizes in tenths of a point are small")]
        let own_size = own.map_or(known.size, |s| s as f32 / 10.0);
        let size = if known.size > 0.0 { known.size } else { own_size };
        if left > right { Self { size, ..known } } else { Self { left, right, size } }
    }
}

fn tenths(size: f32) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range")]
    let tenths = (size * 10.0).round().clamp(0.0, 10_000.0) as u32;
    tenths
}

/// States a line; `before` is the line that stands right before it, if a line does.
pub(super) fn state(line: &Printed, before: Option<&Printed>, measure: Measure) -> Line {
    let middle = line.bbox.center().x;
    let margin = 2.0 * line.size;
    let inset = (line.bbox.x0 - measure.left).min(measure.right - line.bbox.x1);
    let centred = (middle - line.page_width / 2.0).abs() < 0.03 * line.page_width && inset > margin;
    let heading = is_heading(line, measure, centred);
    let continues = before.is_some_and(|b| {
        let reaches = b.bbox.x1 >= measure.right - 2.2 * b.size;
        let at_left = line.bbox.x0 <= measure.left + 0.8 * line.size;
        let close = b.page != line.page || line.bbox.y0 - b.bbox.y1 < 1.8 * line.size;
        reaches && at_left && close && !centred && (b.size - line.size).abs() < 0.12 * line.size
    });
    Line {
        text: line.text.clone(),
        place: Place::Page { page: line.page, bbox: line.frame.to_page(line.bbox) },
        size: line.size,
        centred,
        heading: heading && !continues,
        continues,
    }
}

fn is_heading(line: &Printed, measure: Measure, centred: bool) -> bool {
    let text = line.text.trim();
    if text.chars().count() > HEADING_LENGTH || text.ends_with(['。', '；', '，', ';', ',']) {
        return false;
    }
    let large = line.size > 1.08 * measure.size;
    let numbered = text
        .trim_start_matches(|c| "一二三四五六七八九十".contains(c))
        .strip_prefix(['、', '.', '．'])
        .is_some_and(|rest| rest.len() < text.len() - 1 && rest.chars().any(is_han));
    large || line.bold || numbered || (centred && line.size >= measure.size)
}
