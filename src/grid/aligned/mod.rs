//! Loose lines and rules of the pages in, drafts of tables without a full lattice out: tables with rules in one direction
//! only, with few rules, or with none. Columns come from the alignment of text, rows from rules and baselines, and a
//! stretch that goes on over a page break shares its columns with the next.

mod blocks;
mod columns;
mod given;
mod header;
mod parting;
mod rows;
mod spacing;
mod spans;
mod stretch;

use super::draft::Draft;
use super::ink::{Ink, Upright};
use super::rules::Segment;
use super::spell::{self, InkLine};
use super::trail::{Seen, Sight};
use super::wording::{MOST_LETTERS, is_value};
use crate::geom::{Rect, overlap};
use columns::Column;
pub(super) use given::given;
use rows::Whole;
pub(super) use spacing::Spacing;
pub(super) use stretch::find;

/// Words of one line that stand close together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    /// Its glyphs, left to right.
    ink: Vec<Ink>,
    bbox: Rect,
    base: f32,
    size: f32,
    /// Whether it is printed like a value.
    value: bool,
    /// Whether it is a value that reads like a year or a date: those stand in headings as often as among figures.
    year: bool,
    /// Width of the blank between words of its font, in em.
    word: f32,
    /// Whether it is text that runs on.
    running: bool,
}

/// A line cut into chunks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    base: f32,
    size: f32,
    chunks: Vec<Chunk>,
}

/// Lines of one page that belong to one table, with the rules between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stretch {
    /// Left and right end.
    left: f32,
    right: f32,
    /// Top to bottom.
    lines: Vec<Cut>,
    /// Top to bottom; empty when the table has none.
    rules: Vec<Segment>,
    /// It shows too little to be a table by itself, but may be a piece of one.
    weak: bool,
    /// It is known to be a table.
    given: bool,
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

impl Chunk {
    fn new(ink: Vec<Ink>, spacing: &Spacing) -> Self {
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

    fn x0(&self) -> f32 {
        self.bbox.x0
    }

    fn x1(&self) -> f32 {
        self.bbox.x1
    }

    fn width(&self) -> f32 {
        self.bbox.width()
    }

    fn center(&self) -> f32 {
        self.bbox.center().x
    }

    fn beside(&self, other: &Self) -> f32 {
        overlap((self.x0(), self.x1()), (other.x0(), other.x1()))
    }
}

impl Chunk {
    /// The pieces of the chunk, cut between columns.
    fn cut_between(self, columns: &[Column]) -> Vec<Self> {
        if columns.iter().filter(|c| overlap((c.x0, c.x1), (self.x0(), self.x1())) > 0.0).count() < 2 {
            return vec![self];
        }
        let slack = CORRIDOR_SLACK * self.size;
        let between = |from: f32, to: f32| {
            columns.windows(2).any(|w| matches!(w, [a, b] if to > a.x1 - slack && from < b.x0 + slack && overlap((from, to), (a.x1 - slack, b.x0 + slack)) > 0.6 * (to - from)))
        };
        let mut pieces: Vec<Vec<Ink>> = Vec::new();
        let mut end = f32::MAX;
        let mut before: Option<Ink> = None;
        for glyph in self.ink {
            let gap = glyph.rect.x0 - end;
            let figures = before.is_some_and(|b| b.ch.is_ascii_digit()) && glyph.ch.is_ascii_digit();
            let least = if figures { FIGURES_APART } else { WIDER * self.word };
            if pieces.is_empty() || (gap > least * self.size && between(end, glyph.rect.x0)) {
                pieces.push(Vec::new());
            }
            end = if end == f32::MAX { glyph.rect.x1 } else { end.max(glyph.rect.x1) };
            before = Some(glyph);
            if let Some(piece) = pieces.last_mut() {
                piece.push(glyph);
            }
        }
        pieces.into_iter().map(|ink| Self::with_word(ink, self.word)).collect()
    }
}

/// A blank this many times as wide as the font's own parts words over two columns.
const WIDER: f32 = 1.25;
/// Between figures, a blank so wide in em is more than one that groups digits.
const FIGURES_APART: f32 = 0.3;
/// The blank between columns may lie this far, in em, within their ink.
const CORRIDOR_SLACK: f32 = 0.3;

impl Cut {
    /// Cuts a line where its gaps are wide, where a vertical rule stands (`at`) and where horizontal ones end (`ends`), if
    /// no glyph lies across; a rule may end under a word by chance.
    fn new(line: &InkLine, at: &[f32], ends: &[f32], spacing: &Spacing) -> Self {
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

    fn bbox(&self) -> Rect {
        Rect::around(self.chunks.iter().map(|c| c.bbox)).unwrap_or_default()
    }

    /// Cuts chunks that reach over two columns where a gap between words, wider than the font's blank, lies between the
    /// columns.
    fn cut_between(&mut self, columns: &[Column]) {
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
    let figures = a.ch.is_ascii_digit() && (b.ch.is_ascii_digit() || b.ch == '(');
    let least = if figures { CHUNK_GAP_CLOSE } else { CHUNK_GAP };
    if figures && spacing.word(b.font) < CHUNK_GAP { least } else { least.max(spacing.widest(b.font)) }
}

impl Stretch {
    fn chunks(&self) -> impl Iterator<Item = &Chunk> {
        self.lines.iter().flat_map(|l| &l.chunks)
    }

    /// Box around lines and rules.
    pub(super) fn bbox(&self) -> Rect {
        let ink = Rect::around(self.chunks().map(|c| c.bbox)).unwrap_or_default();
        let rules = self.rules.iter().map(|r| Rect::new(r.from, r.at, r.to, r.at));
        Rect::around(rules.chain([ink])).unwrap_or(ink)
    }

    fn columns(&self) -> Vec<Column> {
        columns::find(&self.for_columns(), true)
    }

    /// Its lines with the mark of a heading.
    fn for_columns(&self) -> Vec<columns::Shown<'_>> {
        let head = header::height(&self.lines, &self.rules, (self.left, self.right));
        self.lines.iter().enumerate().map(|(i, l)| (l.chunks.as_slice(), i < head)).collect()
    }
}

/// The stretches of one page, and whether nothing else of the page stands above the first or below the last.
#[derive(Debug, Default)]
pub(super) struct OnPage {
    /// Top to bottom.
    pub(super) stretches: Vec<Stretch>,
    /// The first stretch is the first thing on the page.
    pub(super) at_top: bool,
    /// The last stretch is the last thing on the page.
    pub(super) at_bottom: bool,
}

/// What was made of a stretch.
pub(super) struct Made {
    /// Its draft, or its ink when it turns out to be no table.
    pub(super) draft: Result<Draft, Vec<Ink>>,
    /// What it looked like, and the reason.
    pub(super) seen: Seen,
}

/// Makes drafts of the stretches of all pages; a stretch that turns out to be no table is given back.
pub(super) fn drafts(mut pages: Vec<(&Upright, OnPage)>) -> Vec<Vec<Made>> {
    let mut chains: Vec<Vec<(usize, usize)>> = Vec::new();
    for (p, (_, page)) in pages.iter().enumerate() {
        for s in 0..page.stretches.len() {
            match chains.last_mut() {
                Some(chain) if s == 0 && goes_on(&pages, chain, p) => chain.push((p, s)),
                _ => chains.push(vec![(p, s)]),
            }
        }
    }
    let mut out: Vec<Vec<Made>> = pages.iter().map(|_| Vec::new()).collect();
    for chain in chains {
        let mut parts: Vec<(&Upright, Stretch)> = chain
            .iter()
            .filter_map(|&(p, s)| {
                let (page, on) = pages.get_mut(p)?;
                Some((*page, std::mem::take(on.stretches.get_mut(s)?)))
            })
            .collect();
        let find = |parts: &[(&Upright, Stretch)], widened: bool| {
            let lines: Vec<columns::Shown> = parts.iter().flat_map(|(_, s)| s.for_columns()).collect();
            columns::find(&lines, widened)
        };
        let rough = find(&parts, false);
        for line in parts.iter_mut().flat_map(|(_, s)| &mut s.lines) {
            line.cut_between(&rough);
        }
        let columns = find(&parts, true);
        let lines: Vec<&[Chunk]> =
            parts.iter().flat_map(|(_, s)| s.lines.iter().map(|l| l.chunks.as_slice())).collect();
        let left = parts.iter().map(|(_, s)| s.left).fold(f32::MAX, f32::min);
        let right = parts.iter().map(|(_, s)| s.right).fold(f32::MIN, f32::max);
        let count = parts.len();
        let labels = rows::label_columns(&lines, &columns);
        let verdict = stretch::judge(&parts, &columns);
        for (i, (&(p, _), (page, part))) in chain.iter().zip(&parts).enumerate() {
            let whole = Whole { ends: (left, right), goes_on: i > 0, to_be_continued: i + 1 < count };
            let mut seen = Seen::new(Sight::Stretch, part.bbox(), verdict);
            seen.columns = columns.iter().map(|c| (c.x0, c.x1)).collect();
            let made = if verdict.is_table() {
                let laid = rows::lay_out(page, part, &columns, labels, &whole);
                (seen.rows, seen.headings) = (laid.ys, laid.headings);
                Made { draft: Ok(laid.draft), seen }
            } else {
                let ink = part.chunks().flat_map(|c| c.ink.iter().copied()).collect();
                Made { draft: Err(ink), seen }
            };
            if let Some(list) = out.get_mut(p) {
                list.push(made);
            }
        }
    }
    out
}

/// Whether the first stretch of page `next` goes on with the chain that ended on the page before.
fn goes_on(pages: &[(&Upright, OnPage)], chain: &[(usize, usize)], next: usize) -> bool {
    let (Some(&(last, stretch)), Some((_, page))) = (chain.last(), pages.get(next)) else { return false };
    let Some((_, before)) = pages.get(last) else { return false };
    let (Some(a), Some(b)) = (before.stretches.get(stretch), page.stretches.first()) else { return false };
    if last + 1 != next || stretch + 1 != before.stretches.len() || !before.at_bottom || !page.at_top {
        return false;
    }
    let ruled_alike = a.rules.is_empty() == b.rules.is_empty();
    let (a_box, b_box) = (a.bbox(), b.bbox());
    let width = a_box.width().max(b_box.width());
    let shared = overlap((a_box.x0, a_box.x1), (b_box.x0, b_box.x1));
    if !ruled_alike || shared < 0.7 * width {
        return false;
    }
    if !a.rules.is_empty() && (a.left - b.left).abs() < 4.0 && (a.right - b.right).abs() < 4.0 {
        return true;
    }
    let (a, b) = (a.columns(), b.columns());
    let (fewer, more) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let one_of = |c: &&Column| more.iter().filter(|m| overlap((c.x0, c.x1), (m.x0, m.x1)) > 1.0).count() >= 1;
    fewer.iter().filter(one_of).count() * 3 >= fewer.len() * 2
}

/// How many figures stand apart from what is left of them on a line.
pub(super) fn figures_apart(line: &InkLine) -> usize {
    Cut::new(line, &[], &[], &Spacing::default()).chunks.iter().skip(1).filter(|c| c.value).count()
}

/// A chunk for tests: its text set in 10 points from `x`, on the baseline `y`.
#[cfg(test)]
pub(super) fn chunk_at(text: &str, x: f32, y: f32) -> Chunk {
    Chunk::new(super::testing::word(text, x, y, 10.0), &Spacing::default())
}
