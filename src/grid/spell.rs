//! Glyphs of one cell or one page in, printed lines out: glyphs on one baseline ordered by position, whatever the
//! order in the file, with a single blank where a gap is printed. Does not know tables.

use super::ink::{Frame, Ink};
use super::raised::{self, Set};
use crate::geom::Rect;
use crate::page::Turn;

/// Glyphs on one baseline, left to right. Holds at least one glyph that leaves a mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InkLine {
    /// Its glyphs, blanks included.
    pub(super) ink: Vec<Ink>,
    /// Baseline of its largest glyphs.
    pub(super) base: f32,
    /// Size of its largest glyphs.
    pub(super) size: f32,
}

/// What a stretch of glyphs says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Spelled {
    /// Its lines joined with `\n`.
    pub(super) text: String,
    /// Box around the ink; `None` without ink.
    pub(super) bbox: Option<Rect>,
    /// Glyphs lie over each other.
    pub(super) overprinted: bool,
    /// Some glyph has no reading.
    pub(super) unreadable: bool,
}

/// Two baselines closer than this (in em of the larger glyph) are one line: a decimal point that was set apart, most
/// sub- and superscripts (see [`raised`] for the others). Lines of text are at least twice as far apart.
const SAME_LINE: f32 = 0.42;

/// A gap that parts words, in em. Digits are kept together a little longer, because a blank inside a number does more
/// harm than a missing one; Han text is set without blanks, so only a wide gap is one.
const GAP: f32 = 0.18;
const GAP_DIGITS: f32 = 0.28;
const GAP_HAN: f32 = 0.6;

impl InkLine {
    /// Box around the marks.
    pub(super) fn bbox(&self) -> Rect {
        bbox(&self.ink).unwrap_or_default()
    }

    /// How many stretches it has that stand more than an em apart.
    pub(super) fn chunks(&self) -> usize {
        let mut end = f32::MIN;
        let mut count = 0;
        for glyph in self.ink.iter().filter(|i| !i.is_blank()) {
            count += usize::from(glyph.rect.x0 > end + self.size);
            end = end.max(glyph.rect.x1);
        }
        count
    }

    /// Its text.
    pub(super) fn spelled(&self) -> Spelled {
        spell_line(&self.ink)
    }
}

/// Box around the glyphs that leave a mark.
pub(super) fn bbox(ink: &[Ink]) -> Option<Rect> {
    Rect::around(ink.iter().filter(|i| !i.is_blank()).map(|i| i.rect))
}

/// Gathers upright glyphs into lines, top to bottom.
pub(super) fn lines(ink: impl IntoIterator<Item = Ink>) -> Vec<InkLine> {
    let mut ink: Vec<Ink> = ink.into_iter().collect();
    ink.sort_by(|a, b| a.base().total_cmp(&b.base()).then(a.rect.x0.total_cmp(&b.rect.x0)));
    let mut lines: Vec<InkLine> = Vec::new();
    for glyph in ink {
        match lines.last_mut() {
            Some(line) if (glyph.base() - line.base).abs() <= SAME_LINE * line.size.max(glyph.size) => {
                // A blank leaves no mark: its size and height say nothing.
                let blank = || line.ink.iter().all(Ink::is_blank);
                if !glyph.is_blank() && (glyph.size > line.size || blank()) {
                    line.base = glyph.base();
                    line.size = glyph.size;
                }
                line.ink.push(glyph);
            }
            _ => lines.push(InkLine { base: glyph.base(), size: glyph.size, ink: vec![glyph] }),
        }
    }
    lines.retain(|line| line.ink.iter().any(|i| !i.is_blank()));
    for line in &mut lines {
        line.ink.sort_by(|a, b| a.rect.center().x.total_cmp(&b.rect.center().x));
    }
    raised::gather(&mut lines);
    lines.iter_mut().for_each(remember_blanks);
    lines
}

/// Tells each mark which blank is drawn before it: blanks are lost where lines are cut up.
fn remember_blanks(line: &mut InkLine) {
    let mut blank: Option<char> = None;
    for glyph in &mut line.ink {
        if glyph.is_blank() {
            blank = blank.or(Some(if glyph.ch == '\u{A0}' { glyph.ch } else { ' ' }));
        } else {
            glyph.blank = glyph.blank.or(blank);
            blank = None;
        }
    }
}

/// A narrower gap, in em, is letter spacing; a wider one is no blank between words.
const BLANK: f32 = 0.12;
const WIDEST_BLANK: f32 = 0.75;
/// A line of running text has at least so many letters,
const RUNNING_LETTERS: usize = 24;
/// so many blanks,
const RUNNING_BLANKS: usize = 3;
/// and none wider than this many times the usual one of the line: what is stretched is stretched evenly.
const EVEN: f32 = 2.2;

/// Whether the character leads the eye from a label to its figure, when set many times over.
pub(super) fn is_leader(c: char) -> bool {
    matches!(c, '.' | '…' | '·' | '⋯' | '．' | '_')
}

/// Whether the glyphs of a line are text that runs on, its blanks stretched evenly or not at all.
pub(super) fn is_running(ink: &[Ink], size: f32) -> bool {
    let marks = || ink.iter().filter(|i| !i.is_blank());
    let letters = marks().filter(|i| i.ch.is_alphabetic()).count();
    if letters < RUNNING_LETTERS || letters * 2 < marks().count() {
        return false;
    }
    let mut gaps: Vec<f32> = Vec::new();
    let mut end = f32::MAX;
    for glyph in marks() {
        let gap = (glyph.rect.x0 - end) / size.max(0.1);
        if gap > BLANK {
            gaps.push(gap);
        }
        end = glyph.rect.x1;
    }
    gaps.sort_by(f32::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or_default();
    let widest = gaps.last().copied().unwrap_or_default();
    gaps.len() >= RUNNING_BLANKS && usual < WIDEST_BLANK && widest <= EVEN * usual
}

/// Reads the glyphs of one cell, in the direction that most of them run.
pub(super) fn spell(ink: &[Ink]) -> Spelled {
    let marks = || ink.iter().filter(|i| !i.is_blank());
    let turned = [Turn::Right, Turn::Left, Turn::Half]
        .into_iter()
        .find(|&t| marks().filter(|i| i.turn == t).count() * 2 > marks().count());
    let mut spelled = match turned {
        Some(turn) => {
            let frame = Frame::new(turn, 0.0, 0.0);
            join(&lines(ink.iter().map(|i| i.seen_in(frame))))
        }
        None => match columns_of_stacked(ink) {
            Some(columns) => columns,
            None => join(&lines(ink.iter().copied())),
        },
    };
    spelled.bbox = bbox(ink);
    spelled
}

fn join(lines: &[InkLine]) -> Spelled {
    let mut all = Spelled::default();
    for (i, line) in lines.iter().enumerate() {
        let spelled = line.spelled();
        if i > 0 {
            all.text.push('\n');
        }
        all.text.push_str(&spelled.text);
        all.overprinted |= spelled.overprinted;
        all.unreadable |= spelled.unreadable;
    }
    all
}

/// Upright characters stacked one below the other (vertical setting), columns read from right to left; `None` when the
/// glyphs are not set so. Digits are never taken for stacked: a number wrapped digit by digit stays in its lines.
fn columns_of_stacked(ink: &[Ink]) -> Option<Spelled> {
    let mut marks: Vec<Ink> = ink.iter().filter(|i| !i.is_blank()).copied().collect();
    if marks.len() < 2 || !marks.iter().all(|i| is_han(i.ch) || is_vertical_mark(i.ch)) {
        return None;
    }
    let count = marks.len();
    marks.sort_by(|a, b| b.rect.center().x.total_cmp(&a.rect.center().x));
    let mut columns: Vec<Vec<Ink>> = Vec::new();
    for glyph in marks {
        match columns.last_mut() {
            Some(column) if column.last().is_some_and(|l| l.rect.center().x - glyph.rect.center().x < 0.4 * l.size) => {
                column.push(glyph);
            }
            _ => columns.push(vec![glyph]),
        }
    }
    for column in &mut columns {
        column.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0));
    }
    let pitch = |a: &Ink, b: &Ink| (b.base() - a.base()) / a.size.max(0.1);
    // One column may be set loosely; several must be set tighter than lines ever are, or they are lines with wide gaps.
    let loosest = if columns.len() == 1 { 3.0 } else { 1.13 };
    let stacked = |c: &[Ink]| c.windows(2).all(|w| matches!(w, [a, b] if (0.7..loosest).contains(&pitch(a, b))));
    let apart = columns.windows(2).all(|w| match w {
        [right, left] => match (bbox(right), bbox(left)) {
            (Some(r), Some(l)) => r.x0 - l.x1 > 0.15 * right.first().map_or(0.0, |i| i.size),
            _ => false,
        },
        _ => true,
    });
    if !apart || columns.len() * 2 > count.max(2) || !columns.iter().all(|c| stacked(c)) {
        return None;
    }
    let text = columns.iter().map(|c| c.iter().map(|i| i.ch).collect::<String>()).collect::<Vec<_>>().join("\n");
    Some(Spelled { unreadable: text.contains('\u{FFFD}'), text, ..Spelled::default() })
}

fn is_vertical_mark(c: char) -> bool {
    matches!(c, '、' | '。' | '，' | '\u{FE10}'..='\u{FE48}' | '（' | '）')
}

/// Spells glyphs of one line that are already in order.
pub(super) fn spell_line(ink: &[Ink]) -> Spelled {
    let mut out = Spelled { bbox: bbox(ink), ..Spelled::default() };
    let spaced = is_letter_spaced(ink);
    let mut last: Option<&Ink> = None;
    let mut full: Option<&Ink> = None;
    for (i, glyph) in ink.iter().enumerate().filter(|(_, g)| !g.is_blank()) {
        if let Some(before) = last {
            let gap = glyph.rect.x0 - before.rect.x1;
            let em = before.size.max(glyph.size);
            if let Some(c) = gap_between(before.ch, glyph.ch, gap / em, glyph.blank, spaced) {
                out.text.push(c);
            }
            let narrower = before.rect.width().min(glyph.rect.width());
            out.overprinted |= narrower > 0.1 * em && -gap > 0.6 * narrower;
            full = full.filter(|f| gap < f.size);
        }
        let beside = full.or_else(|| text_after(glyph, ink.get(i..).unwrap_or_default()));
        let set = beside.map_or(Set::On, |text| Set::of(glyph, text));
        if set == Set::On {
            full = Some(glyph);
        }
        out.unreadable |= glyph.ch == '\u{FFFD}';
        out.text.push(set.written(glyph.ch, out.text.chars().next_back()));
        last = Some(glyph);
    }
    out
}

/// The larger glyph close behind one that no text stands before.
fn text_after<'a>(glyph: &Ink, rest: &'a [Ink]) -> Option<&'a Ink> {
    const NEAR: usize = 8;
    let close = |i: &&Ink| i.rect.x0 - glyph.rect.x1 < 2.0 * glyph.size;
    rest.iter().take(NEAR).take_while(close).find(|i| !i.is_blank() && Set::of(glyph, i) != Set::On)
}

/// The blank between two characters, if one is printed: `gap` in em, `drawn` the blank glyph that lies between.
fn gap_between(a: char, b: char, gap: f32, drawn: Option<char>, spaced: bool) -> Option<char> {
    if let Some(c) = drawn {
        return (gap > 0.05 && !(spaced && is_han(a) && is_han(b))).then_some(c);
    }
    let limit = if is_numeric(a) && is_numeric(b) {
        GAP_DIGITS
    } else if is_han(a) || is_han(b) {
        GAP_HAN
    } else {
        GAP
    };
    (!spaced && gap > limit).then_some(' ')
}

/// Whether the line is set with even gaps between all its characters, so that a gap says nothing.
fn is_letter_spaced(ink: &[Ink]) -> bool {
    let marks: Vec<&Ink> = ink.iter().filter(|i| !i.is_blank()).collect();
    let gaps: Vec<f32> = marks
        .windows(2)
        .filter_map(|w| match w {
            [a, b] => Some((b.rect.x0 - a.rect.x1) / a.size.max(0.1)),
            _ => None,
        })
        .collect();
    let (least, most) = gaps.iter().fold((f32::MAX, f32::MIN), |(l, m), &g| (l.min(g), m.max(g)));
    gaps.len() >= 2 && least > 0.1 && most < 1.6 && most - least < 0.12
}

fn is_numeric(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',' | '０'..='９' | '．' | '，')
}

/// Whether the character is set in Han style: full width, without blanks between words.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::testing::{ink, word};

    fn text(ink: &[Ink]) -> String {
        spell(ink).text
    }

    #[test]
    fn order_is_by_position_not_by_file() {
        let mut glyphs = word("7730", 10.0, 100.0, 10.0);
        glyphs.extend(word("28", 32.5, 100.0, 10.0));
        glyphs.push(Ink { rect: Rect::new(30.0, 92.0, 32.5, 102.0), ..ink('.', 30.0, 101.5, 10.0) });
        assert_eq!(text(&glyphs), "7730.28");
    }

    #[test]
    fn gaps_are_single_blanks() {
        let mut glyphs = word("total", 10.0, 100.0, 10.0);
        glyphs.extend(word("value", 50.0, 100.0, 10.0));
        assert_eq!(text(&glyphs), "total value");
    }

    #[test]
    fn drawn_blanks_are_kept_when_lines_are_cut_up() {
        let mut glyphs = word("Upper Marl", 10.0, 100.0, 10.0);
        for glyph in glyphs.iter_mut().skip(6) {
            glyph.rect = Rect { x0: glyph.rect.x0 - 3.5, x1: glyph.rect.x1 - 3.5, ..glyph.rect };
        }
        assert_eq!(text(&glyphs), "Upper Marl");
        let marks: Vec<Ink> = lines(glyphs).into_iter().flat_map(|l| l.ink).filter(|i| !i.is_blank()).collect();
        assert_eq!(text(&marks), "Upper Marl");
    }

    #[test]
    fn wrapped_numbers_keep_their_lines() {
        let mut glyphs = word("11751", 10.0, 100.0, 10.0);
        glyphs.extend(word("1", 20.0, 112.0, 10.0));
        assert_eq!(text(&glyphs), "11751\n1");
    }

    #[test]
    fn stacked_characters_read_downwards() {
        let glyphs: Vec<Ink> = ['商', '业', '企', '业']
            .into_iter()
            .zip(0u8..)
            .map(|(c, i)| ink(c, 50.0, 100.0 + 11.0 * f32::from(i), 10.0))
            .collect();
        assert_eq!(text(&glyphs), "商业企业");
    }

    #[test]
    fn two_characters_far_apart_are_one_line() {
        let glyphs = ['规', '\u{3000}', '\u{3000}', '章'].into_iter().zip(0u8..);
        let glyphs: Vec<Ink> = glyphs.map(|(c, i)| ink(c, 50.0 + 10.0 * f32::from(i), 100.0, 10.0)).collect();
        assert_eq!(text(&glyphs), "规 章");
    }

    #[test]
    fn letter_spacing_is_no_blank() {
        let glyphs: Vec<Ink> =
            "1234".chars().zip(0u8..).map(|(c, i)| ink(c, 50.0 + 9.0 * f32::from(i), 100.0, 10.0)).collect();
        assert_eq!(text(&glyphs), "1234");
    }

    #[test]
    fn unknown_and_overprinted_glyphs_are_told() {
        assert!(spell(&word("1\u{FFFD}", 10.0, 100.0, 10.0)).unreadable);
        let mut glyphs = word("18", 10.0, 100.0, 10.0);
        glyphs.extend(word("3", 15.5, 100.0, 10.0));
        assert!(spell(&glyphs).overprinted);
    }
}
