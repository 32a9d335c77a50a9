//! The changes at the end of a row in, the edges of its cells and how they are joined out.

use super::sprm::changes;
use crate::source::cfb::u16_at;
use crate::source::word::content::Merge;
use crate::source::word::edges::Shape;

/// A row as stated.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) left: i32,
    cells: Vec<Cell>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Cell {
    width: i32,
    /// How it is joined to the cells beside it. Word's own documents disagree on whether 1 or 2 is the first of them.
    across: u16,
    /// 1 goes on from above, 3 begins.
    down: u16,
}

impl Row {
    /// Takes up the changes in their order.
    pub(super) fn apply(&mut self, list: &[u8], old: bool) {
        for change in changes(list, old) {
            let operand = |at: usize| change.operand.get(at).copied().map_or(0, usize::from);
            match change.code {
                0xD608 => self.define(change.operand, if old { 10 } else { 20 }),
                0x5624 => self.join(operand(0), operand(1)),
                0x5625 => self.among(operand(0), operand(1)).for_each(|cell| cell.across = 0),
                0xD62B => {
                    let down = u16::try_from(operand(1)).unwrap_or(0);
                    self.among(operand(0), operand(0) + 1).for_each(|cell| cell.down = down);
                }
                0x7621 => self.insert(operand(0), operand(1), signed(change.operand, 2)),
                0x5622 => {
                    let (from, to) = (operand(0).min(self.cells.len()), operand(1).min(self.cells.len()));
                    self.cells.drain(from..to.max(from));
                }
                0x7623 => {
                    let width = signed(change.operand, 2);
                    self.among(operand(0), operand(1)).for_each(|cell| cell.width = width);
                }
                _ => {}
            }
        }
    }

    /// The shapes of the cells.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        let mut right = self.left;
        // How the first cell of those joined at hand says so.
        let mut first = 0;
        let shape = |cell: &Cell| {
            right = right.saturating_add(cell.width);
            let beside = cell.across != 0 && first != 0 && cell.across != first;
            if !beside {
                first = cell.across;
            }
            let merge = match cell.down {
                1 => Merge::Continue,
                2.. => Merge::Begin,
                0 => Merge::None,
            };
            Shape { right, merge, beside }
        };
        self.cells.iter().map(shape).collect()
    }

    /// All cells anew: their count, their edges, and a record of `size` bytes for each, as far as there are any.
    fn define(&mut self, operand: &[u8], size: usize) {
        let count = operand.first().copied().map_or(0, usize::from);
        self.left = signed(operand, 1);
        let records = 1 + 2 * (count + 1);
        let cell = |at: usize| {
            let edge = 1 + 2 * at;
            let flags = u16_at(operand, records + size * at).unwrap_or(0);
            // Word 6 does not join cells downwards.
            let down = if size == 20 { flags >> 5 & 3 } else { 0 };
            let width = signed(operand, edge + 2) - signed(operand, edge);
            (operand.len() >= edge + 4).then_some(Cell { width, across: flags & 3, down })
        };
        self.cells = (0..count).map_while(cell).collect();
    }

    fn join(&mut self, from: usize, to: usize) {
        let mut across = 1;
        self.among(from, to).for_each(|cell| cell.across = std::mem::replace(&mut across, 2));
    }

    fn insert(&mut self, at: usize, count: usize, width: i32) {
        let at = at.min(self.cells.len());
        let count = count.min(usize::from(u8::MAX).saturating_sub(self.cells.len()));
        self.cells.splice(at..at, std::iter::repeat_n(Cell { width, ..Cell::default() }, count));
    }

    fn among(&mut self, from: usize, to: usize) -> impl Iterator<Item = &mut Cell> {
        self.cells.iter_mut().take(to).skip(from)
    }
}

fn signed(bytes: &[u8], at: usize) -> i32 {
    u16_at(bytes, at).map_or(0, |word| i32::from(word.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A definition of cells: edges, then flags.
    fn definition(edges: &[i16], flags: &[u16]) -> Vec<u8> {
        let mut operand = vec![u8::try_from(edges.len() - 1).unwrap()];
        operand.extend(edges.iter().flat_map(|edge| edge.to_le_bytes()));
        for flag in flags {
            operand.extend(flag.to_le_bytes());
            operand.extend([0; 18]);
        }
        let length = u16::try_from(operand.len() + 1).unwrap();
        [&[0x08, 0xD6][..], &length.to_le_bytes(), &operand].concat()
    }

    fn shown(list: &[u8]) -> String {
        let mut row = Row::default();
        row.apply(list, false);
        let shape = |shape: &Shape| format!("{}{:?}{} ", shape.right, shape.merge, if shape.beside { "<" } else { "" });
        row.shapes().iter().map(shape).collect()
    }

    #[test]
    fn cells_are_joined_as_their_flags_say() {
        let edges = [-108, 100, 200, 300, 400, 500];
        let expected = "100Begin 200None 300None< 400Continue 500None ";
        assert_eq!(shown(&definition(&edges, &[0x60, 1, 2, 0x20, 0])), expected);
        assert_eq!(shown(&definition(&edges, &[0x60, 2, 1, 0x20])), expected, "the other reading of the flags");
    }

    #[test]
    fn later_changes_hold() {
        let edges = [0, 100, 200, 300];
        let mut list = definition(&edges, &[]);
        list.extend([0x24, 0x56, 0, 2]); // join the first two
        list.extend([0x2B, 0xD6, 2, 2, 3]); // the third begins
        list.extend([0x21, 0x76, 3, 1, 50, 0]); // one more of 50
        assert_eq!(shown(&list), "100None 200None< 300Begin 350None ");
        list.extend([0x22, 0x56, 0, 1]); // without the first
        list.extend([0x23, 0x76, 0, 1, 7, 0]); // the next is 7 wide
        assert_eq!(shown(&list), "7None 107Begin 157None ");
    }
}
