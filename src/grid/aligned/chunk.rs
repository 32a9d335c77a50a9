//! Printed lines in, lines cut into chunks out: words that stand close together are one, and what a chunk looks like is
//! told once. Where columns are is decided later; then chunks that reach over two of them are cut again.

use super::columns::Column;
use super::spacing::Spacing;
use crate::geom::{Rect, overlap};
use crate::grid::ink::Ink;
use crate::grid::spell::{self, InkLine};
use crate::grid::wording::{MOST_LETTERS, is_value};

/// Words of one line that stand close together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    /// Its glyphs, left to right.
    pub(super) ink: Vec<Ink>,
    /// Around its marks, without a leader at its end.
    pub(super) bbox: Rect,
    /// Baseline and size of its largest glyphs.
    pub(super) base: f32,
    pub(super) size: f32,
    /// Whether it is printed like a value.
    pub(super) value: bool,
    /// Whether it is a value that reads like a year or a date: those stand in headings as often as among figures.
    pub(super) year: bool,
    /// Width of the blank between words of its font, in em.
    pub(super) word: f32,
    /// Whether it is text that runs on.
    pub(super) running: bool,
}

/// A line cut into chunks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    pub(super) base: f32,
    pub(super) size: f32,
    pub(super) chunks: Vec<Chunk>,
}

/// A gap wider than this, in em, parts chunks, unless the blanks of the font are wider. Between Han characters no blanks
/// are set, and figures of neighbouring columns often stand close.
const CHUNK_GAP: f32 = 0.5;
const CHUNK_GAP_CLOSE: f32 = 0.42;
/// So many dots in a row are a leader.
const LEADER: usize = 3;
/// Neighbouring glyphs may overlap by this, in em, and a blank is at least so wide.
const TOUCHING: f32 = 0.02;
const BLANK: f32 = 0.12;
/// A blank this many times as wide as the font's own parts words over two columns.
const WIDER: f32 = 1.25;
/// Between figures, a blank so wide in em is more than one that groups digits.
const FIGURES_APART: f32 = 0.3;
/// The blank between columns may lie this far, in em, within their ink.
const CORRIDOR_SLACK: f32 = 0.3;

impl Chunk {
    pub(super) fn new(ink: Vec<Ink>, spacing: &Spacing) -> Self {
        let word = ink.first().map_or(0.0, |i| spacing.word(i.font));
        Self::with_word(ink, word)
    }

    fn with_word(ink: Vec<Ink>, word: f32) -> Self {
        // A leader reaches over what lies between a label and its figure, but takes no place there.
        let end = ink.iter().rposition(|i| !spell::is_leader(i.ch)).map_or(ink.len(), |i| i + 1);
        let shown = if ink.len() - end >= LEADER { ink.get(..end).unwrap_or(&ink) } else { &ink };
        let bbox = spell::bbox(shown).unwrap_or_default();
        // Most texts are words, which need not be spelled to tell.
        let words = ink.iter().filter(|i| i.ch.is_ascii_alphabetic()).count() > MOST_LETTERS;
        let text = if words { String::new() } else { spell::spell_line(&ink).text };
        let value = is_value(&text);
        let year = value && is_year(&text);
        let largest = ink.iter().max_by(|a, b| a.size.total_cmp(&b.size));
        let (size, base) = largest.map_or((0.0, 0.0), |i| (i.size, i.base()));
        let running = spell::is_running(&ink, size);
        Self { ink, bbox, base, size, value, year, word, running }
    }

    pub(super) fn x0(&self) -> f32 {
        self.bbox.x0
    }

    pub(super) fn x1(&self) -> f32 {
        self.bbox.x1
    }

    pub(super) fn width(&self) -> f32 {
        self.bbox.width()
    }

    pub(super) fn center(&self) -> f32 {
        self.bbox.center().x
    }

    pub(super) fn beside(&self, other: &Self) -> f32 {
        overlap((self.x0(), self.x1()), (other.x0(), other.x1()))
    }

    /// The pieces of the chunk, cut between columns.
    fn cut_between(self, columns: &[Column]) -> Vec<Self> {
        let over = |c: &&Column| overlap((c.x0, c.x1), (self.x0(), self.x1())) > 0.0;
        if columns.iter().filter(over).count() < 2 {
            return vec![self];
        }
        let is_cut = |before: &Ink, glyph: &Ink| {
            let (from, to) = (before.rect.x1, glyph.rect.x0);
            let figures = before.ch.is_ascii_digit() && glyph.ch.is_ascii_digit();
            let least = if figures { FIGURES_APART } else { WIDER * self.word };
            to - from > least * self.size && is_between(columns, (from, to), CORRIDOR_SLACK * self.size)
        };
        self.ink.chunk_by(|a, b| !is_cut(a, b)).map(|ink| Self::with_word(ink.to_vec(), self.word)).collect()
    }
}

/// Whether most of a gap lies between two neighbouring columns.
fn is_between(columns: &[Column], gap: (f32, f32), slack: f32) -> bool {
    columns.windows(2).any(|w| match w {
        [a, b] => overlap(gap, (a.x1 - slack, b.x0 + slack)) > 0.6 * (gap.1 - gap.0),
        _ => false,
    })
}

impl Cut {
    /// Cuts a line where its gaps are wide, where a vertical rule stands (`at`) and where horizontal ones end (`ends`), if
    /// no glyph lies across; a rule may end under a word by chance.
    pub(super) fn new(line: &InkLine, at: &[f32], ends: &[f32], spacing: &Spacing) -> Self {
        let marks: Vec<Ink> = line.ink.iter().filter(|i| !i.is_blank()).copied().collect();
        let running = spell::is_running(&marks, line.size);
        let is_gap = |before: &Ink, glyph: &Ink| {
            let gap = glyph.rect.x0 - before.rect.x1;
            let here = |x: &f32| before.rect.center().x < *x && *x < glyph.rect.center().x;
            let han = spell::is_han(before.ch) && spell::is_han(glyph.ch);
            let blank = if han { -TOUCHING } else { BLANK };
            (!running && gap > gap_between(before, glyph, spacing) * line.size)
                || (gap > -TOUCHING * line.size && at.iter().any(here))
                || (gap > blank * line.size && ends.iter().any(here))
        };
        let mut chunks: Vec<Vec<Ink>> = Vec::new();
        let mut last: Option<(Ink, bool)> = None;
        for (glyph, led) in marks.iter().zip(leaders(&marks)) {
            // A leader belongs to the label before it.
            let parted = match last {
                None => true,
                Some((_, true)) => !led,
                Some((before, false)) => !led && is_gap(&before, glyph),
            };
            if parted {
                chunks.push(Vec::new());
            }
            if let Some(chunk) = chunks.last_mut() {
                chunk.push(*glyph);
            }
            let farthest = last.map(|(l, _)| l).filter(|l| l.rect.x1 > glyph.rect.x1 && !parted);
            last = Some((farthest.unwrap_or(*glyph), led));
        }
        let chunks = join_spaced(chunks).into_iter().map(|c| Chunk::new(c, spacing)).collect();
        Self { base: line.base, size: line.size, chunks }
    }

    pub(super) fn bbox(&self) -> Rect {
        Rect::around(self.chunks.iter().map(|c| c.bbox)).unwrap_or_default()
    }

    /// Cuts chunks that reach over two columns where a gap between words, wider than the font's blank, lies between the
    /// columns.
    pub(super) fn cut_between(&mut self, columns: &[Column]) {
        let chunks = std::mem::take(&mut self.chunks);
        self.chunks = chunks.into_iter().flat_map(|c| c.cut_between(columns)).collect();
    }
}

/// Whether a value is a year or a date: four digits of this century or the last, and little else.
fn is_year(text: &str) -> bool {
    let year = |t: &str| t.len() == 4 && (t.starts_with("19") || t.starts_with("20"));
    text.len() <= 12 && text.split(|c: char| !c.is_ascii_digit()).any(year)
}

/// For each glyph, whether it is one of the dots of a leader.
fn leaders(marks: &[Ink]) -> Vec<bool> {
    let mut led = Vec::with_capacity(marks.len());
    for run in marks.chunk_by(|a, b| spell::is_leader(a.ch) == spell::is_leader(b.ch)) {
        let leader = run.len() >= LEADER && run.first().is_some_and(|i| spell::is_leader(i.ch));
        led.extend(run.iter().map(|_| leader));
    }
    led
}

/// A word of two or three Han characters is often set with blanks between them (总 计).
fn join_spaced(chunks: Vec<Vec<Ink>>) -> Vec<Vec<Ink>> {
    let mut joined: Vec<Vec<Ink>> = Vec::new();
    let mut spaced = false;
    for chunk in chunks {
        let single = matches!(chunk.as_slice(), [only] if spell::is_han(only.ch) && only.ch.is_alphabetic());
        match (joined.last_mut(), chunk.first()) {
            (Some(before), Some(first))
                if single
                    && (spaced || before.len() == 1)
                    && before.last().is_some_and(|l| {
                        spell::is_han(l.ch) && l.ch.is_alphabetic() && first.rect.x0 - l.rect.x1 < 1.3 * l.size
                    }) =>
            {
                before.extend(chunk);
                spaced = true;
            }
            _ => {
                joined.push(chunk);
                spaced = false;
            }
        }
    }
    joined
}

/// The gap, in em, that parts two neighbouring glyphs.
fn gap_between(a: &Ink, b: &Ink, spacing: &Spacing) -> f32 {
    if spell::is_han(a.ch) || spell::is_han(b.ch) {
        return CHUNK_GAP_CLOSE;
    }
    let figures = (a.ch.is_ascii_digit() || matches!(a.ch, ')' | '%')) && (b.ch.is_ascii_digit() || b.ch == '(');
    let least = if figures { CHUNK_GAP_CLOSE } else { CHUNK_GAP };
    if figures && spacing.word(b.font) < CHUNK_GAP { least } else { least.max(spacing.widest(b.font)) }
}
