//! Glyphs of a lattice in, the cell of each out. A glyph belongs where its middle lies, unless text runs over: a word
//! across a border goes whole to the cell with most of it, and lines stacked across rows (a label too tall for its
//! cell) go to the cell in the middle of the stack.

use super::ink::Ink;
use super::lattice::Lattice;
use super::wording::starts_numbered;
use crate::geom::{Point, Rect, overlap};
use crate::page::Turn;

/// Where ink belongs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assigned {
    /// For each cell, its ink.
    pub(super) ink: Vec<Vec<Ink>>,
    /// For each cell, whether a word runs over its border.
    pub(super) straddled: Vec<bool>,
    /// Ink from outside the lattice that belongs to none of its cells.
    pub(super) left: Vec<Ink>,
}

/// A glyph this far over a border (share of its width) makes its word a straddling one.
const OVER_SIDE: f32 = 0.2;
/// A glyph this far over a border above or below (in em) makes its line part of a stack.
const OVER_ROW: f32 = 0.08;
/// Words are parted by wider gaps than this, in em.
const WORD_GAP: f32 = 0.12;
/// Glyphs of one run with no wider gap than this, in em, follow each other without a break.
const UNBROKEN: f32 = 0.03;
/// The distance of stacked lines, in em.
const STACKED: std::ops::Range<f32> = 0.8..1.6;

/// In a denser drawing stacks are not looked for.
const MOST_WORDS: usize = 8_000;

/// Glyphs that stand close together on a line.
struct Word {
    ink: Vec<Ink>,
    rect: Rect,
    base: f32,
    size: f32,
    cell: Option<usize>,
    /// Its place in the order of drawing.
    drawn: usize,
}

/// Assigns the ink of a lattice; `around` is ink near it that may have run out of it.
pub(super) fn assign(lattice: &Lattice, ink: &[Ink], around: Vec<Ink>) -> Assigned {
    let cells = Cells { lattice, slots: lattice.slots() };
    let mut out = Assigned {
        ink: vec![Vec::new(); lattice.cells.len()],
        straddled: vec![false; lattice.cells.len()],
        left: Vec::new(),
    };
    let over_side = ink.iter().any(|i| cells.runs_over_side(i));
    let over_row = ink.iter().chain(&around).any(|i| cells.runs_over_row(i));
    if !over_side && !over_row {
        for glyph in ink {
            out.put(cells.at(glyph.rect.center()), *glyph);
        }
        out.left = around;
        return out;
    }
    let (plain, turned): (Vec<Ink>, Vec<Ink>) =
        ink.iter().chain(&around).partition(|i| i.turn == Turn::None && !i.is_blank());
    for glyph in turned {
        out.put(cells.at(glyph.rect.center()), glyph);
    }
    let mut words = words(plain, &cells);
    for word in &mut words {
        word.cell = cells.of_word(word, &mut out.straddled);
    }
    if over_row && words.len() <= MOST_WORDS {
        settle_stacks(&cells, &mut words);
    }
    for word in words {
        for glyph in word.ink {
            out.put(word.cell, glyph);
        }
    }
    out
}

impl Assigned {
    fn put(&mut self, cell: Option<usize>, glyph: Ink) {
        match cell.and_then(|c| self.ink.get_mut(c)) {
            Some(list) => list.push(glyph),
            None => self.left.push(glyph),
        }
    }
}

struct Cells<'a> {
    lattice: &'a Lattice,
    slots: Vec<usize>,
}

impl Cells<'_> {
    /// The cell that holds a point; `None` outside the lattice.
    fn at(&self, point: Point) -> Option<usize> {
        if !self.lattice.bbox().contains(point) {
            return None;
        }
        let slot =
            |borders: &[f32], at: f32| borders.partition_point(|b| *b <= at).clamp(1, borders.len().max(2) - 1) - 1;
        let (row, column) = (slot(&self.lattice.ys, point.y), slot(&self.lattice.xs, point.x));
        self.slots.get(row * (self.lattice.xs.len() - 1) + column).copied().filter(|c| *c < self.lattice.cells.len())
    }

    fn box_at(&self, point: Point) -> Option<Rect> {
        self.at(point).and_then(|c| self.lattice.cells.get(c)).map(|span| self.lattice.cell_box(*span))
    }

    /// Whether the glyph lies across the left or right border of its cell. Punctuation of full width fills half its box.
    fn runs_over_side(&self, glyph: &Ink) -> bool {
        if glyph.is_blank() || glyph.turn != Turn::None || !glyph.ch.is_alphanumeric() {
            return false;
        }
        let over = OVER_SIDE * glyph.rect.width();
        self.box_at(glyph.rect.center()).is_some_and(|b| b.x0 - glyph.rect.x0 > over || glyph.rect.x1 - b.x1 > over)
    }

    /// Whether the glyph's ink lies across the upper or lower border of its cell.
    fn runs_over_row(&self, glyph: &Ink) -> bool {
        if glyph.is_blank() || glyph.turn != Turn::None {
            return false;
        }
        let (top, bottom) = (glyph.base() - 0.8 * glyph.size, glyph.base() + 0.1 * glyph.size);
        let over = OVER_ROW * glyph.size;
        match self.box_at(glyph.rect.center()) {
            Some(b) => b.y0 - top > over || bottom - b.y1 > over,
            None => self.lattice.bbox().y1 - top > over && glyph.base() > self.lattice.bbox().y1,
        }
    }

    /// Whether a word cannot belong where it stands: outside the lattice, or over another word.
    fn is_misplaced(words: &[Word], i: usize, stack: &[usize]) -> bool {
        let Some(word) = words.get(i) else { return false };
        let start = words.partition_point(|w| w.base < word.base - 2.0 * word.size);
        let near = words.iter().enumerate().skip(start).take_while(|(_, w)| w.base < word.base + 2.0 * word.size);
        let over = |other: &Word| {
            let wide = overlap((word.rect.x0, word.rect.x1), (other.rect.x0, other.rect.x1));
            let high = overlap((word.rect.y0, word.rect.y1), (other.rect.y0, other.rect.y1));
            wide > 0.2 * word.size && high > 0.3 * word.size
        };
        word.cell.is_none() || near.filter(|(j, _)| !stack.contains(j)).any(|(_, w)| over(w))
    }

    /// The cell with most of the word's glyphs.
    fn of_word(&self, word: &Word, straddled: &mut [bool]) -> Option<usize> {
        let cells: Vec<Option<usize>> = word.ink.iter().map(|i| self.at(i.rect.center())).collect();
        let first = cells.first().copied().flatten();
        if cells.iter().all(|c| *c == first) {
            return first;
        }
        for cell in cells.iter().copied().flatten() {
            if let Some(flag) = straddled.get_mut(cell) {
                *flag = true;
            }
        }
        let count = |cell: &Option<usize>| cells.iter().filter(|c| *c == cell).count();
        cells.iter().rev().max_by_key(|c| count(c)).copied().flatten()
    }
}

/// Gathers glyphs into words, in the order they are drawn: texts that lie over each other are drawn one after the other.
/// A border parts a word when no glyph lies across it, unless one run goes on over it without a break.
fn words(ink: Vec<Ink>, cells: &Cells) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for glyph in ink {
        let joins = words.last().and_then(|w| w.ink.last()).is_some_and(|last| {
            let size = last.size.max(glyph.size);
            let gap = (glyph.rect.x0 - last.rect.x1) / size;
            let close = (-0.1..WORD_GAP).contains(&gap) && (glyph.base() - last.base()).abs() < 0.1 * size;
            let parted = || {
                cells.at(last.rect.center()) != cells.at(glyph.rect.center())
                    && !cells.runs_over_side(last)
                    && !cells.runs_over_side(&glyph)
            };
            close && ((last.run == glyph.run && gap.abs() < UNBROKEN) || !parted())
        });
        match words.last_mut() {
            Some(word) if joins => {
                word.rect = word.rect.union(&glyph.rect);
                word.ink.push(glyph);
            }
            _ => words.push(Word {
                rect: glyph.rect,
                base: glyph.base(),
                size: glyph.size,
                ink: vec![glyph],
                cell: None,
                drawn: words.len(),
            }),
        }
    }
    words
}

/// Gives every stack of lines that runs over a border between rows to the cell in its middle.
fn settle_stacks(cells: &Cells, words: &mut [Word]) {
    words.sort_by(|a, b| a.base.total_cmp(&b.base));
    let runs_over: Vec<bool> = (0..words.len())
        .map(|i| {
            let over = words.get(i).is_some_and(|w| w.ink.iter().any(|i| cells.runs_over_row(i)));
            over || Cells::is_misplaced(words, i, &[i])
        })
        .collect();
    let mut done = vec![false; words.len()];
    for start in 0..words.len() {
        if done.get(start).copied().unwrap_or(true) || !runs_over.get(start).copied().unwrap_or(false) {
            continue;
        }
        let mut stack = vec![start];
        while let Some(next) = stack.last().and_then(|&i| below(words, i)) {
            stack.push(next);
        }
        while let Some(next) = stack.first().and_then(|&i| above(words, i)) {
            stack.insert(0, next);
        }
        for &i in &stack {
            if let Some(flag) = done.get_mut(i) {
                *flag = true;
            }
        }
        if stack.len() < 2 || !stack.iter().any(|&i| Cells::is_misplaced(words, i, &stack)) {
            continue;
        }
        let boxes = stack.iter().filter_map(|&i| words.get(i)).map(|w| w.rect);
        let cell = Rect::around(boxes).and_then(|b| cells.at(b.center()));
        for &i in &stack {
            if let Some(word) = words.get_mut(i) {
                word.cell = cell.or(word.cell);
            }
        }
    }
}

/// The word stacked right below.
fn below(words: &[Word], i: usize) -> Option<usize> {
    let word = words.get(i)?;
    let limit = word.base + STACKED.end * word.size;
    words
        .iter()
        .enumerate()
        .skip(i + 1)
        .take_while(|(_, w)| w.base <= limit)
        .find(|(_, w)| is_stacked(word, w))
        .map(|(j, _)| j)
}

/// The word stacked right above.
fn above(words: &[Word], i: usize) -> Option<usize> {
    let word = words.get(i)?;
    let limit = word.base - STACKED.end * word.size;
    words
        .iter()
        .enumerate()
        .take(i)
        .rev()
        .take_while(|(_, w)| w.base >= limit)
        .find(|(_, w)| is_stacked(w, word))
        .map(|(j, _)| j)
}

/// Whether two words are lines of one text: drawn one after the other, of one size, an em or so apart, flush on the left
/// or centred.
fn is_stacked(upper: &Word, lower: &Word) -> bool {
    let step = (lower.base - upper.base) / upper.size.max(0.1);
    let near = |a: f32, b: f32| (a - b).abs() < 0.15 * upper.size;
    let aligned = near(upper.rect.x0, lower.rect.x0) || near(upper.rect.center().x, lower.rect.center().x);
    let worded = |w: &Word| w.ink.iter().any(|i| i.ch.is_alphabetic());
    let first_of_its_own = starts_numbered(&lower.ink.iter().map(|i| i.ch).collect::<String>());
    // A wide text below a narrow one is a label of its own.
    let (a, b) = (upper.rect.width(), lower.rect.width());
    let alike = b < 2.5 * a && (upper.size - lower.size).abs() < 0.05 * upper.size;
    let in_turn = lower.drawn > upper.drawn && lower.drawn - upper.drawn <= 2;
    in_turn && !first_of_its_own && worded(upper) && worded(lower) && alike && aligned && STACKED.contains(&step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::lattice::Span;
    use crate::grid::testing::word;

    fn two_by_two() -> Lattice {
        let span = |row, column| Span { row, column, row_span: 1, column_span: 1 };
        Lattice {
            xs: vec![0.0, 50.0, 100.0],
            ys: vec![0.0, 20.0, 40.0],
            cells: vec![span(0, 0), span(0, 1), span(1, 0), span(1, 1)],
        }
    }

    fn text(ink: &[Ink]) -> String {
        crate::grid::spell::spell(ink).text
    }

    #[test]
    fn a_number_over_a_border_stays_whole() {
        let mut ink = word("117511", 27.0, 14.0, 10.0);
        ink.extend(word("24", 80.0, 14.0, 10.0));
        let out = assign(&two_by_two(), &ink, Vec::new());
        let texts: Vec<String> = out.ink.iter().map(|i| text(i)).collect();
        assert_eq!(texts, vec!["117511", "24", "", ""]);
        assert_eq!(out.straddled, vec![true, true, false, false]);
    }

    #[test]
    fn a_label_too_tall_for_its_cell_stays_whole() {
        let mut ink = word("三、", 2.0, 14.0, 10.0);
        ink.extend(word("本年", 2.0, 25.0, 10.0));
        ink.extend(word("度办", 2.0, 36.0, 10.0));
        ink.extend(word("12", 70.0, 15.0, 10.0));
        let around = word("理结", 2.0, 47.0, 10.0);
        let out = assign(&two_by_two(), &ink, around);
        let texts: Vec<String> = out.ink.iter().map(|i| text(i)).collect();
        assert_eq!(texts, vec!["", "12", "三、\n本年\n度办\n理结", ""]);
        assert!(out.left.is_empty());
    }
}
