//! A text object in, its characters out, each with where the pen stood and how far it is to the next.
//!
//! Embedded fonts are not read: the text is in Unicode already, and how wide a character is follows from where the next
//! one stands. Where none does, an ideograph is one em wide and anything else half of one.
//!
//! A character beyond the first plane counts as one, as the standard's glyphs do, not as two units of UTF-16.

use super::affine::{number, words};
use super::node::Node;

/// A character and its pen position, in the object's space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Letter {
    pub(super) char: char,
    pub(super) at: (f64, f64),
    /// Along the character's own baseline.
    pub(super) width: f64,
}

/// How a text object is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// Height of an em in the object's space.
    pub(super) size: f64,
    /// Horizontal scaling, 1 for none.
    pub(super) stretch: f64,
    /// Degrees by which each character is turned.
    pub(super) turn: f64,
    /// Degrees of the direction in which the text runs, for lack of distances.
    run: f64,
}

/// Where text goes on that does not say where it begins.
#[derive(Default)]
pub(super) struct Pen {
    /// Where the last code began, and where it ended.
    last: Option<((f64, f64), (f64, f64))>,
}

impl Setting {
    pub(super) fn of(node: &Node) -> Option<Self> {
        let positive = |name| node.number(name).filter(|number| *number > 0.0);
        let degrees = |name| node.number(name).unwrap_or(0.0);
        Some(Self {
            size: positive("Size")?,
            stretch: positive("HScale").unwrap_or(1.0),
            turn: degrees("CharDirection"),
            run: degrees("ReadDirection"),
        })
    }

    /// How wide a character usually is.
    fn usual(&self, char: char) -> f64 {
        self.size * self.stretch * if is_wide(char) { 1.0 } else { 0.5 }
    }

    /// How far the pen goes after a character for lack of a distance: along the line, or on to the next below.
    fn step(&self, char: char, downwards: bool) -> (f64, f64) {
        let (sin, cos) = if downwards { (1.0, 0.0) } else { self.run.to_radians().sin_cos() };
        // A character that stands across the direction of the line takes its height.
        let along = (self.turn.to_radians().cos() * cos + self.turn.to_radians().sin() * sin).abs() > 0.5;
        let far = if along { self.usual(char) } else { self.size };
        (far * cos, far * sin)
    }

    /// How wide a character is when the pen goes so far. Distances also skip from cell to cell, so that none is taken
    /// for wider than its kind can be.
    fn width(&self, char: char, (dx, dy): (f64, f64)) -> f64 {
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let ahead = dx * cos + dy * sin;
        let em = self.size * self.stretch;
        let most = if char.is_ascii_digit() || char.is_ascii_punctuation() { 0.65 } else { 1.05 };
        if ahead > 0.05 * em && ahead <= most * em { ahead } else { self.usual(char) }
    }
}

/// Ideographs, kana, hangul, their punctuation and full-width forms.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1_F000..=0x3_FFFF)
}

impl Pen {
    /// Sets one code of a text object; `transforms` are those that stand before it.
    pub(super) fn set(&mut self, code: &Node, transforms: &[&Node], setting: &Setting) -> Vec<Letter> {
        let text = if code.text.contains('\n') { code.text.trim() } else { &code.text };
        let chars: Vec<char> = text.chars().collect();
        let groups = groups(&chars, transforms);
        let glyphs = groups.iter().map(|group| group.glyphs as usize).sum();
        let deltas = |name| Deltas::of(code, name, glyphs);
        let mut course = Course { across: deltas("DeltaX"), down: deltas("DeltaY") };
        let start = self.start(code.number("X"), code.number("Y"));
        let mut pen = start;
        let mut letters = Vec::with_capacity(chars.len());
        let mut groups = groups.into_iter().peekable();
        while let Some(group) = groups.next() {
            let last = groups.peek().is_none();
            let first = group.chars.first().copied().unwrap_or_default();
            // The glyphs of a group are stepped over together; its characters share the way.
            let ([mut x, mut y], mut told) = ([0.0; 2], true);
            for _ in 0..group.glyphs {
                let step = course.next();
                told &= step.is_some();
                let by = step.or_else(|| course.again().filter(|_| !last));
                let by = by.unwrap_or_else(|| setting.step(first, course.leads_down()));
                (x, y) = (x + by.0, y + by.1);
            }
            let count = f64::from(u32::try_from(group.chars.len()).unwrap_or(1));
            let share = (x / count, y / count);
            for (place, char) in (0u32..).map(f64::from).zip(group.chars) {
                let at = (pen.0 + share.0 * place, pen.1 + share.1 * place);
                let width = if told { setting.width(*char, share) } else { setting.usual(*char) };
                letters.push(Letter { char: *char, at, width });
            }
            pen = (pen.0 + x, pen.1 + y);
        }
        self.last = Some((start, pen));
        letters
    }

    /// Where a code begins: what it leaves out is that of the code before. If that would set both on the same place, it
    /// goes on where that one ended.
    fn start(&self, x: Option<f64>, y: Option<f64>) -> (f64, f64) {
        let Some((start, end)) = self.last else { return (x.unwrap_or(0.0), y.unwrap_or(0.0)) };
        let same = |a: Option<f64>, b: f64| a.is_none_or(|a| (a - b).abs() < 1e-3);
        match (x, y) {
            (Some(x), Some(y)) => (x, y),
            _ if same(x, start.0) && same(y, start.1) => end,
            _ => (x.unwrap_or(start.0), y.unwrap_or(start.1)),
        }
    }
}

/// The distances of one code. Where there are fewer than characters, programs that show OFD repeat the last.
struct Course {
    across: Option<Deltas>,
    down: Option<Deltas>,
}

impl Course {
    /// The next distance that is told.
    fn next(&mut self) -> Option<(f64, f64)> {
        let told = [&mut self.across, &mut self.down].map(|list| list.as_mut().and_then(Deltas::next));
        self.again().filter(|_| told != [None, None])
    }

    /// The distance that was told last.
    fn again(&self) -> Option<(f64, f64)> {
        let [x, y] = [&self.across, &self.down].map(|list| list.as_ref().map(|list| list.last));
        (x.is_some() || y.is_some()).then(|| (x.unwrap_or(0.0), y.unwrap_or(0.0)))
    }

    fn leads_down(&self) -> bool {
        self.across.is_none() && self.down.is_some()
    }
}

/// Characters that are shown by glyphs of their own.
struct Group<'c> {
    chars: &'c [char],
    glyphs: u32,
}

/// Cuts text where a transform shows some characters by another number of glyphs; elsewhere each has one.
fn groups<'c>(chars: &'c [char], transforms: &[&Node]) -> Vec<Group<'c>> {
    /// No script makes more glyphs of a character.
    const MOST: u32 = 16;
    let count = |node: &Node, name: &str| node.attr(name).and_then(|text| text.trim().parse::<u32>().ok());
    let mut ligatures: Vec<(usize, usize, u32)> = Vec::new();
    for node in transforms {
        let at = count(node, "CodePosition").unwrap_or(0) as usize;
        let (codes, glyphs) = (count(node, "CodeCount").unwrap_or(1), count(node, "GlyphCount").unwrap_or(1));
        if codes != glyphs && codes > 0 && glyphs <= codes.saturating_mul(MOST) {
            ligatures.push((at, codes as usize, glyphs));
        }
    }
    ligatures.sort_unstable();
    let mut out = Vec::with_capacity(chars.len());
    let (mut rest, mut done) = (chars, 0);
    let single = |chars: &'c [char]| chars.chunks(1).map(|chars| Group { chars, glyphs: 1 });
    for (at, codes, glyphs) in ligatures {
        // Where transforms overlap, or lie beyond the text, the first holds.
        let Some((before, from)) = at.checked_sub(done).and_then(|plain| rest.split_at_checked(plain)) else {
            continue;
        };
        let Some((chars, after)) = from.split_at_checked(codes) else { continue };
        out.extend(single(before));
        out.push(Group { chars, glyphs });
        (rest, done) = (after, at + codes);
    }
    out.extend(single(rest));
    out
}

/// Distances in which `g n v` stands for n times v. They are kept as runs, however long those claim to be.
struct Deltas {
    /// From the last to the first.
    runs: Vec<(u64, f64)>,
    /// The distance that was taken last.
    last: f64,
}

impl Deltas {
    /// What an attribute lists, up to what makes no sense or as many as there are glyphs; `None` when it lists nothing.
    fn of(code: &Node, name: &str, glyphs: usize) -> Option<Self> {
        let text = code.attr(name)?;
        let mut words = words(&text);
        let next = || {
            let word = words.next()?;
            if !word.eq_ignore_ascii_case("g") {
                return Some((1, number(word)?));
            }
            let times = words.next()?.parse().ok()?;
            Some((times, number(words.next()?)?))
        };
        let mut runs: Vec<(u64, f64)> = std::iter::from_fn(next).take(glyphs).collect();
        runs.reverse();
        (!runs.is_empty()).then_some(Self { runs, last: 0.0 })
    }

    fn next(&mut self) -> Option<f64> {
        loop {
            let (times, value) = self.runs.last_mut()?;
            if let Some(left) = times.checked_sub(1) {
                *times = left;
                self.last = *value;
                return Some(self.last);
            }
            self.runs.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// Sets a text object: character, pen and width of each letter.
    fn set(object: &str) -> Vec<(char, f64, f64, f64)> {
        let node = Node::read(object, &Limits::default()).unwrap();
        let setting = Setting::of(&node).unwrap();
        let (mut pen, mut transforms, mut out) = (Pen::default(), Vec::new(), Vec::new());
        for child in &node.children {
            if child.is("CGTransform") {
                transforms.push(child);
            } else {
                out.extend(pen.set(child, &std::mem::take(&mut transforms), &setting));
            }
        }
        out.iter().map(|letter| (letter.char, letter.at.0, letter.at.1, letter.width)).collect()
    }

    fn places(object: &str) -> Vec<(f64, f64)> {
        set(object).iter().map(|letter| (letter.1, letter.2)).collect()
    }

    #[test]
    fn distances_place_and_measure() {
        let letters = set("<T Size='4'><TextCode X='1' Y='5' DeltaX='4 g 2 2'>年12</TextCode></T>");
        assert_eq!(letters, [('年', 1.0, 5.0, 4.0), ('1', 5.0, 5.0, 2.0), ('2', 7.0, 5.0, 2.0)]);
        // A skip to the next cell is no width, and the last distance is that of what follows too.
        let letters = set("<T Size='4' HScale='0.5'><TextCode X='0' Y='0' DeltaX='30'>1年a</TextCode></T>");
        assert_eq!(letters, [('1', 0.0, 0.0, 1.0), ('年', 30.0, 0.0, 2.0), ('a', 60.0, 0.0, 1.0)]);
    }

    #[test]
    fn runs_may_claim_anything() {
        let places =
            places("<T Size='4'><TextCode X='0' Y='0' DeltaX='g 18446744073709551615 3 g 2'>1234</TextCode></T>");
        assert_eq!(places, [(0.0, 0.0), (3.0, 0.0), (6.0, 0.0), (9.0, 0.0)]);
    }

    #[test]
    fn codes_go_on_where_the_last_one_was() {
        let codes = "<TextCode X='1' Y='5' DeltaX='2'>12</TextCode>";
        let second = |attributes: &str| {
            places(&format!("<T Size='4'>{codes}<TextCode {attributes}>3</TextCode></T>")).last().copied().unwrap()
        };
        assert_eq!([second(""), second("X='1'"), second("Y='5'")], [(5.0, 5.0); 3]);
        assert_eq!([second("Y='9'"), second("X='8'")], [(1.0, 9.0), (8.0, 5.0)]);
    }

    #[test]
    fn a_ligature_shifts_nothing() {
        let transforms = "<CGTransform CodePosition='1' CodeCount='2' GlyphCount='1'><Glyphs>7</Glyphs></CGTransform>";
        let code = "<TextCode X='0' Y='0' DeltaX='2 3 2'>afi1</TextCode>";
        assert_eq!(
            places(&format!("<T Size='4'>{transforms}{code}</T>")),
            [(0.0, 0.0), (2.0, 0.0), (3.5, 0.0), (5.0, 0.0)]
        );
        let wild = "<CGTransform CodePosition='3' CodeCount='9' GlyphCount='2'/><CGTransform GlyphCount='4000000000'/>";
        assert_eq!(places(&format!("<T Size='4'>{wild}{code}</T>")), [(0.0, 0.0), (2.0, 0.0), (5.0, 0.0), (7.0, 0.0)]);
    }

    #[test]
    fn text_runs_in_four_directions() {
        let down = "<TextCode X='0' Y='0' DeltaY='5'>年报1</TextCode>";
        assert_eq!(places(&format!("<T Size='4'>{down}</T>")), [(0.0, 0.0), (0.0, 5.0), (0.0, 10.0)]);
        let bare = "<TextCode X='0' Y='0'>12</TextCode>";
        let second = |attributes: &str| {
            let (x, y) = places(&format!("<T Size='4' {attributes}>{bare}</T>"))[1];
            format!("{x:.0} {y:.0}")
        };
        assert_eq!(second("ReadDirection='180'"), "-2 0");
        assert_eq!(second("ReadDirection='90' CharDirection='90'"), "0 2");
        assert_eq!(second("ReadDirection='90'"), "0 4");
    }

    #[test]
    fn characters_beyond_the_first_plane_count_once() {
        assert_eq!(places("<T Size='4'><TextCode X='0' Y='0' DeltaX='4 4'>𠮷田1</TextCode></T>")[2], (8.0, 0.0));
    }
}
