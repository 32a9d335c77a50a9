//! Lines of all pages in, the same lines marked: running headers, footers and page numbers are not content.

use crate::geom::Rect;
use crate::number::fold;
use unicode_normalization::UnicodeNormalization;

/// What is needed to know a line's role on its page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    /// Its text.
    pub(super) text: String,
    /// Its box.
    pub(super) bbox: Rect,
    /// How many words far apart it has.
    pub(super) chunks: usize,
}

/// Lines of one page and what else is on it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct PageLines {
    /// Height of the page.
    pub(super) height: f32,
    /// Lines outside ruled tables, top to bottom.
    pub(super) lines: Vec<Candidate>,
    /// Boxes of ruled tables.
    pub(super) tables: Vec<Rect>,
}

/// Share of the page's height, at the top and at the bottom, where furniture stands.
const MARGIN: f32 = 0.12;
/// Where a number that stands alone is a page number even on a single page.
const NARROW_MARGIN: f32 = 0.105;
/// How many of the outermost lines may be furniture.
const OUTERMOST: usize = 3;
/// Furniture of two pages stands at the same height within this.
const SAME_HEIGHT: f32 = 4.0;

/// For each page, which of its lines are furniture.
pub(super) fn mark(pages: &[PageLines]) -> Vec<Vec<bool>> {
    let margins: Vec<Vec<(usize, String)>> = pages.iter().map(in_margins).collect();
    pages
        .iter()
        .zip(&margins)
        .enumerate()
        .map(|(p, (page, own))| {
            let mut marks = vec![false; page.lines.len()];
            for (i, masked) in own {
                let Some(line) = page.lines.get(*i) else { continue };
                let numbered = is_page_number(&line.text) && is_outside(page, line.bbox, NARROW_MARGIN);
                // Left and right pages may have headers of their own; but a large line on every other page is the title of
                // another report.
                let reach = if is_large(page, line) { 1 } else { 2 };
                let repeated = || {
                    (1..=reach).flat_map(|d| [p.wrapping_sub(d), p + d]).any(|q| {
                        let (Some(other), Some(lines)) = (pages.get(q), margins.get(q)) else { return false };
                        lines.iter().any(|(j, text)| {
                            text == masked
                                && other
                                    .lines
                                    .get(*j)
                                    .is_some_and(|l| (l.bbox.center().y - line.bbox.center().y).abs() < SAME_HEIGHT)
                        })
                    })
                };
                if let Some(mark) = marks.get_mut(*i) {
                    *mark = numbered || repeated();
                }
            }
            marks
        })
        .collect()
}

/// Lines that stand alone near the page's upper or lower edge, with their text, digits masked.
fn in_margins(page: &PageLines) -> Vec<(usize, String)> {
    let count = page.lines.len();
    page.lines
        .iter()
        .enumerate()
        .filter(|(i, line)| {
            (*i < OUTERMOST || *i + OUTERMOST >= count)
                && line.chunks <= 3
                && is_outside(page, line.bbox, MARGIN)
                && is_apart(page, *i, line)
        })
        .map(|(i, line)| (i, mask(&line.text)))
        .filter(|(_, masked)| !masked.is_empty())
        .collect()
}

/// Whether the line is set clearly larger than most lines of its page.
fn is_large(page: &PageLines, line: &Candidate) -> bool {
    let mut heights: Vec<f32> = page.lines.iter().map(|l| l.bbox.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).is_some_and(|median| line.bbox.height() > 1.2 * median)
}

fn is_outside(page: &PageLines, bbox: Rect, share: f32) -> bool {
    bbox.y1 < page.height * share || bbox.y0 > page.height * (1.0 - share)
}

/// Whether the line keeps more than a line's distance to the content of the page.
fn is_apart(page: &PageLines, index: usize, line: &Candidate) -> bool {
    let height = line.bbox.height();
    let at_top = line.bbox.center().y < page.height / 2.0;
    let others = page.lines.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, l)| l.bbox);
    let inwards = others.chain(page.tables.iter().copied()).filter_map(|b| {
        let distance = if at_top { b.y0 - line.bbox.y1 } else { line.bbox.y0 - b.y1 };
        let beyond = if at_top { b.center().y > line.bbox.center().y } else { b.center().y < line.bbox.center().y };
        let in_margin = is_outside(page, b, MARGIN / 2.0);
        (beyond && !in_margin).then_some(distance)
    });
    inwards.fold(f32::MAX, f32::min) > 0.6 * height
}

/// The text with every number as `#`.
fn mask(text: &str) -> String {
    let mut masked = String::new();
    for c in fold(text).chars() {
        if !c.is_ascii_digit() {
            masked.push(c);
        } else if !masked.ends_with('#') {
            masked.push('#');
        }
    }
    if masked.chars().any(char::is_alphabetic) || is_page_number(text) { masked } else { String::new() }
}

/// Whether the text is nothing but a page number: `4`, `- 4 -`, `第4页 共6页`, `Page 4 of 6`, `4/6`.
fn is_page_number(text: &str) -> bool {
    let mut rest: String = text.nfkc().collect::<String>().to_lowercase();
    let words = ["page", "of", "第", "页", "頁", "共", "/", "-", "—", "–", "·", "•", "~", "(", ")", "|", "."];
    for word in words {
        rest = rest.replace(word, " ");
    }
    let numbers: Vec<&str> = rest.split_whitespace().collect();
    (1..=2).contains(&numbers.len()) && numbers.iter().all(|n| n.len() <= 4 && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, y: f32) -> Candidate {
        Candidate { text: text.into(), bbox: Rect::new(250.0, y, 300.0, y + 10.0), chunks: 1 }
    }

    fn page(lines: Vec<Candidate>) -> PageLines {
        PageLines { height: 800.0, lines, tables: Vec::new() }
    }

    #[test]
    fn page_numbers_in_all_dresses() {
        for text in ["4", "- 4 -", "— 12 —", "第4页 共6页", "Page 4 of 6", "4/6"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["", "2023年", "12345", "4 5 6", "a"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn repeated_lines_and_numbers_go_and_content_stays() {
        let pages = [
            page(vec![line("年度报告", 40.0), line("正文", 120.0), line("12", 400.0), line("- 1 -", 770.0)]),
            page(vec![line("年度报告", 41.0), line("正文", 120.0), line("- 2 -", 770.0)]),
        ];
        assert_eq!(mark(&pages), vec![vec![true, false, false, true], vec![true, false, true]]);
    }
}
