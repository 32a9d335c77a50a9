//! The characters of a page and the box of a cell in, what is printed there out.
//!
//! A character belongs to a box when its middle is in it. The box is that of the ink that the first reading took, so
//! figures that adjoin it are read with it, even when another cell has them: a digit that was left out, or given to the
//! neighbour, shows. What lies slantwise or is larger than the box is no part of a table.

use super::decode::Char;
use crate::geom::{Point, Rect};
use crate::settle::Why;

/// The middle of a character above its baseline, in ems.
const MIDDLE: f32 = 0.38;
/// A character that is larger than its box by more than this is printed across it.
const LARGER: f32 = 1.25;
/// A baseline that departs from the edges of the page by more than this, about three degrees, is slanted.
const SLANT: f32 = 0.05;
/// The same character again within this share of an em is drawn twice.
const TWICE: f32 = 0.15;
/// What adjoins a figure is nearer to it than this, in ems.
const ADJOINS: f32 = 0.2;
/// Directions of which the cosine is above this are the same.
const ONE_WAY: f32 = 0.9;
/// Lines are further apart than this, in ems.
const LINES: f32 = 0.5;
/// Characters that lie on each other by more than this share of the narrower one have no order.
const OVERLAP: f32 = 0.5;
/// What is set off the line is smaller than this share of the line's size (browsers raise at nine tenths)…
const SMALLER: f32 = 0.95;
/// …and off its baseline by more than this share of it.
const OFF: f32 = 0.15;

/// A character and its middle.
#[derive(Debug, Clone)]
struct Mark {
    char: Char,
    middle: Point,
}

/// The characters of a page, ready to be looked up by box.
#[derive(Debug)]
pub(super) struct Ink(Vec<Mark>);

impl Ink {
    /// Of a page with these characters.
    pub(super) fn new(chars: Vec<Char>) -> Self {
        let straight = |char: &Char| char.along.x.abs() < SLANT || char.along.y.abs() < SLANT;
        let blank = |char: &Char| !char.text.is_empty() && char.text.chars().all(char::is_whitespace);
        let chars = chars.into_iter().filter(|char| straight(char) && !blank(char));
        Self(chars.map(|char| Mark { middle: middle(&char), char }).collect())
    }

    /// What is printed in a box, a line a line; digits set above or below the line are written so.
    pub(super) fn text_in(&self, cell: Rect) -> Result<String, Why> {
        let fits = |mark: &&Mark| {
            let along = mark.char.along;
            mark.char.size <= LARGER * (cell.height() * along.x.abs() + cell.width() * along.y.abs())
        };
        let inside: Vec<&Mark> = self.0.iter().filter(|mark| cell.contains(mark.middle)).filter(fits).collect();
        let Some(first) = inside.first() else { return Err(Why::NoCharacters) };
        if inside.iter().any(|mark| mark.char.width <= 0.0 || dot(mark.char.along, first.char.along) < ONE_WAY) {
            return Err(Why::Disordered);
        }
        let mut lines = lines(once(&inside));
        for line in &mut lines {
            self.adjoin(line);
        }
        if lines.iter().flatten().any(|mark| is_undecoded(&mark.char.text)) {
            return Err(Why::Undecoded);
        }
        if lines.iter().any(|line| is_disordered(line)) {
            return Err(Why::Disordered);
        }
        Ok(lines.iter().map(|line| spell(line)).collect::<Vec<_>>().join("\n"))
    }

    /// Adds what adjoins a line at its ends: figures, and what may be one.
    fn adjoin<'a>(&'a self, line: &mut Vec<&'a Mark>) {
        let part = |line: &[&Mark], mark: &Mark| {
            let figure = is_undecoded(&mark.char.text) || mark.char.text.chars().all(is_figure);
            figure && !line.iter().any(|other| is_repeated(other, mark))
        };
        let find = |line: &[&Mark], beside: &dyn Fn(&Mark) -> bool| {
            self.0.iter().find(|mark| beside(mark) && part(line, mark))
        };
        while let Some(next) = line.last().and_then(|last| find(line, &|mark| follows(last, mark))) {
            line.push(next);
        }
        while let Some(before) = line.first().and_then(|first| find(line, &|mark| follows(mark, first))) {
            line.insert(0, before);
        }
    }
}

fn middle(char: &Char) -> Point {
    let (along, up) = (char.width / 2.0, char.size * MIDDLE);
    Point {
        x: char.pen.x + char.along.x * along + char.along.y * up,
        y: char.pen.y + char.along.y * along - char.along.x * up,
    }
}

fn dot(a: Point, b: Point) -> f32 {
    a.x * b.x + a.y * b.y
}

/// How far down the lines of text the middle of a character lies.
fn down(mark: &Mark) -> f32 {
    dot(Point { x: -mark.char.along.y, y: mark.char.along.x }, mark.middle)
}

/// Where the pen is before a character, along its own direction.
fn start(mark: &Mark) -> f32 {
    dot(mark.char.along, mark.char.pen)
}

fn end(mark: &Mark) -> f32 {
    start(mark) + mark.char.width
}

/// Whether `next` stands right behind `mark` on the same line.
fn follows(mark: &Mark, next: &Mark) -> bool {
    let size = mark.char.size.min(next.char.size);
    dot(mark.char.along, next.char.along) > ONE_WAY
        && (down(mark) - down(next)).abs() < LINES * size
        && (start(next) - end(mark)).abs() < ADJOINS * size
}

/// Whether the decoder does not know a glyph's character.
fn is_undecoded(text: &str) -> bool {
    let private = |c: char| ('\u{E000}'..='\u{F8FF}').contains(&c) || c >= '\u{F0000}';
    let unknown = |c: char| c == '\u{FFFD}' || c.is_control() || private(c);
    text.is_empty() || text.chars().any(unknown)
}

/// Whether a character could be part of a figure.
fn is_figure(c: char) -> bool {
    matches!(c, '0'..='9' | '.' | ',' | '+' | '-' | '−' | '０'..='９' | '．' | '，' | '＋' | '－')
}

fn is_repeated(mark: &Mark, other: &Mark) -> bool {
    let (a, b) = (&mark.char, &other.char);
    let near = TWICE * a.size;
    a.text == b.text
        && (a.pen.x - b.pen.x).abs() < near
        && (a.pen.y - b.pen.y).abs() < near
        && (a.size - b.size).abs() < near
}

/// The marks without those that are drawn again at the same place.
fn once<'a>(marks: &[&'a Mark]) -> Vec<&'a Mark> {
    let mut kept: Vec<&Mark> = Vec::with_capacity(marks.len());
    for mark in marks {
        if !kept.iter().any(|other| is_repeated(other, mark)) {
            kept.push(mark);
        }
    }
    kept
}

/// The lines from the top, each in the direction of writing.
fn lines(mut marks: Vec<&Mark>) -> Vec<Vec<&Mark>> {
    marks.sort_by(|a, b| down(a).total_cmp(&down(b)));
    let mut lines: Vec<Vec<&Mark>> = Vec::new();
    for mark in marks {
        let near = |last: &&Mark| down(mark) - down(last) < LINES * last.char.size.max(mark.char.size);
        match lines.last_mut().filter(|line| line.last().is_some_and(near)) {
            Some(line) => line.push(mark),
            None => lines.push(vec![mark]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| start(a).total_cmp(&start(b)));
    }
    lines
}

/// Whether two characters of a line lie on each other.
fn is_disordered(line: &[&Mark]) -> bool {
    let overlap = |a: &Mark, b: &Mark| end(a).min(end(b)) - start(b) > OVERLAP * a.char.width.min(b.char.width);
    line.windows(2).any(|pair| matches!(pair, [a, b] if overlap(a, b)))
}

fn spell(line: &[&Mark]) -> String {
    let largest = line.iter().max_by(|a, b| a.char.size.total_cmp(&b.char.size));
    let Some(base) = largest.map(|mark| (mark.char.size, baseline(mark))) else { return String::new() };
    line.iter().flat_map(|mark| mark.char.text.chars().map(|c| set(c, mark, base))).collect()
}

fn baseline(mark: &Mark) -> f32 {
    dot(Point { x: -mark.char.along.y, y: mark.char.along.x }, mark.char.pen)
}

/// A digit as it is written where it stands beside a line of this size and baseline.
fn set(c: char, mark: &Mark, (size, line): (f32, f32)) -> char {
    let off = baseline(mark) - line;
    if mark.char.size > SMALLER * size || off.abs() < OFF * size {
        return c;
    }
    let digits = if off < 0.0 { "⁰¹²³⁴⁵⁶⁷⁸⁹" } else { "₀₁₂₃₄₅₆₇₈₉" };
    c.to_digit(10).and_then(|digit| digits.chars().nth(digit as usize)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: Point = Point { x: 1.0, y: 0.0 };

    /// A text of half em wide characters ten points large, one behind the other along a baseline.
    fn text(text: &str, x: f32, y: f32, along: Point) -> Vec<Char> {
        sized(text, x, y, along, 10.0)
    }

    fn sized(text: &str, x: f32, y: f32, along: Point, size: f32) -> Vec<Char> {
        let place = |(at, c): (u8, char)| {
            let by = f32::from(at) * size / 2.0;
            let pen = Point { x: x + along.x * by, y: y + along.y * by };
            Char { text: c.to_string(), pen, along, width: size / 2.0, size }
        };
        (0..).zip(text.chars()).map(place).collect()
    }

    /// The box that a first reading gives to text from `x` to `x1` on this baseline.
    fn cell(x: f32, x1: f32, y: f32) -> Rect {
        Rect::new(x, y - 8.8, x1, y + 1.2)
    }

    fn read(chars: Vec<Char>, cell: Rect) -> Result<String, Why> {
        Ink::new(chars).text_in(cell)
    }

    #[test]
    fn order_is_that_of_the_place_and_not_of_drawing() {
        let mut chars = text("1,234.5", 100.0, 50.0, RIGHT);
        chars.reverse();
        chars.extend(text("9", 180.0, 50.0, RIGHT));
        assert_eq!(read(chars, cell(100.0, 135.0, 50.0)).unwrap(), "1,234.5");
        let wrapped = [text("1", 100.0, 62.0, RIGHT), text("11751", 100.0, 50.0, RIGHT)].concat();
        let both = cell(100.0, 125.0, 50.0).union(&cell(100.0, 125.0, 62.0));
        assert_eq!(read(wrapped, both).unwrap(), "11751\n1");
        for along in [Point { x: 0.0, y: 1.0 }, Point { x: 0.0, y: -1.0 }, Point { x: -1.0, y: 0.0 }] {
            let around = Rect::new(70.0, 20.0, 130.0, 80.0);
            assert_eq!(read(text("123", 100.0, 50.0, along), around).unwrap(), "123");
        }
    }

    #[test]
    fn digits_drawn_twice_count_once_and_twin_digits_twice() {
        let bold = [text("11", 100.0, 50.0, RIGHT), text("11", 100.4, 50.0, RIGHT)].concat();
        assert_eq!(read(bold, cell(100.0, 110.4, 50.0)).unwrap(), "11");
    }

    #[test]
    fn a_digit_that_the_box_leaves_out_is_read_with_it() {
        let chars = || text("1234", 100.0, 50.0, RIGHT);
        assert_eq!(read(chars(), cell(100.0, 115.0, 50.0)).unwrap(), "1234");
        assert_eq!(read(chars(), cell(105.0, 120.0, 50.0)).unwrap(), "1234");
        let beside = [text("1234", 100.0, 50.0, RIGHT), text("56", 123.0, 50.0, RIGHT)].concat();
        assert_eq!(read(beside, cell(100.0, 120.0, 50.0)).unwrap(), "1234");
    }

    #[test]
    fn raised_digits_are_told_from_the_number() {
        let raised = [text("251", 100.0, 50.0, RIGHT), sized("2", 115.0, 46.0, RIGHT, 6.0)].concat();
        assert_eq!(read(raised, cell(100.0, 118.0, 50.0)).unwrap(), "251²");
        let small = [text("251", 100.0, 50.0, RIGHT), sized("2", 115.0, 50.0, RIGHT, 6.0)].concat();
        assert_eq!(read(small, cell(100.0, 118.0, 50.0)).unwrap(), "2512");
    }

    #[test]
    fn watermarks_are_not_of_the_cell() {
        let slanted = text("2024", 95.0, 55.0, Point { x: 0.8, y: -0.6 });
        let huge = sized("8", 90.0, 60.0, RIGHT, 60.0);
        let chars = [slanted, text("12", 100.0, 50.0, RIGHT), huge].concat();
        assert_eq!(read(chars, cell(100.0, 110.0, 50.0)).unwrap(), "12");
    }

    #[test]
    fn what_cannot_be_told_is_not_read() {
        let box_ = cell(100.0, 115.0, 50.0);
        assert_eq!(read(text("12", 300.0, 50.0, RIGHT), box_), Err(Why::NoCharacters));
        assert_eq!(read(text("  ", 100.0, 50.0, RIGHT), box_), Err(Why::NoCharacters));
        for unknown in ['\u{FFFD}', '\u{E001}', '\0'] {
            assert_eq!(read(text(&format!("1{unknown}2"), 100.0, 50.0, RIGHT), box_), Err(Why::Undecoded));
        }
        let mut silent = text("12", 100.0, 50.0, RIGHT);
        silent[1].text.clear();
        assert_eq!(read(silent, box_), Err(Why::Undecoded));
        assert_eq!(read(text("12\u{FFFD}", 100.0, 50.0, RIGHT), cell(100.0, 110.0, 50.0)), Err(Why::Undecoded));
        let overprinted = [text("12", 100.0, 50.0, RIGHT), text("3", 101.8, 50.0, RIGHT)].concat();
        assert_eq!(read(overprinted, box_), Err(Why::Disordered));
        let crossed = [text("12", 100.0, 50.0, RIGHT), text("3", 106.0, 42.0, Point { x: 0.0, y: 1.0 })].concat();
        assert_eq!(read(crossed, box_), Err(Why::Disordered));
        let mut without_width = text("11", 100.0, 50.0, RIGHT);
        for char in &mut without_width {
            (char.width, char.pen.x) = (0.0, 102.0);
        }
        assert_eq!(read(without_width, box_), Err(Why::Disordered));
    }
}
