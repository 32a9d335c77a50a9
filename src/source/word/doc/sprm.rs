//! A list of single property changes ("sprms") in, the changes as the newer files number them, with their operands, out.
//!
//! Word 6 numbers them in one byte, without a word on their lengths; those that matter here are the same changes.

use crate::source::cfb::u16_at;

/// A change of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change<'a> {
    pub(super) code: u16,
    pub(super) operand: &'a [u8],
}

impl Change<'_> {
    /// The first byte of the operand.
    pub(super) fn byte(&self) -> u8 {
        self.operand.first().copied().unwrap_or(0)
    }

    /// The first two bytes of the operand.
    pub(super) fn word(&self) -> u16 {
        u16_at(self.operand, 0).unwrap_or(0)
    }
}

pub(super) const HUGE: [u16; 2] = [0x6646, 0x6645];
const TABLE: u16 = 0xD608;
const TABS: u16 = 0xC615;

/// The changes of a list; it ends where it is damaged.
pub(super) fn changes(mut list: &[u8], old: bool) -> impl Iterator<Item = Change<'_>> {
    std::iter::from_fn(move || {
        let (code, head) = if old { (old_code(*list.first()?), 1) } else { (u16_at(list, 0)?, 2) };
        let rest = list.get(head..)?;
        let (skipped, length) = if old { old_length(*list.first()?, rest)? } else { length(code, rest)? };
        let operand = rest.get(skipped..skipped + length)?;
        list = rest.get(skipped + length..)?;
        Some(Change { code, operand })
    })
}

/// Bytes before the operand and of the operand.
fn length(code: u16, rest: &[u8]) -> Option<(usize, usize)> {
    Some(match (code, code >> 13) {
        (TABLE, _) => (2, usize::from(u16_at(rest, 0)?).saturating_sub(1)),
        (TABS, _) if rest.first() == Some(&0xFF) => {
            let deleted = 1 + 4 * usize::from(*rest.get(1)?);
            (1, deleted + 1 + 3 * usize::from(*rest.get(1 + deleted)?))
        }
        (_, 0 | 1) => (0, 1),
        (_, 2 | 4 | 5) => (0, 2),
        (_, 3) => (0, 4),
        (_, 7) => (0, 3),
        _ => (1, usize::from(*rest.first()?)),
    })
}

/// The same for Word 6.
fn old_length(code: u8, rest: &[u8]) -> Option<(usize, usize)> {
    Some(match code {
        188 | 190 => (2, usize::from(u16_at(rest, 0)?).saturating_sub(1)),
        23 if rest.first() == Some(&0xFF) => {
            let deleted = 1 + 4 * usize::from(*rest.get(1)?);
            (1, deleted + 1 + 3 * usize::from(*rest.get(1 + deleted)?))
        }
        3 | 12 | 15 | 23 | 52 | 68 | 73 | 81 | 82 | 103 | 105 | 106 | 108 | 123 | 191 => {
            (1, usize::from(*rest.first()?))
        }
        83 => (0, 0),
        187 => (0, 12),
        193 | 199 => (0, 5),
        20 | 70 | 192 | 194 | 196 | 200 => (0, 4),
        95 | 72 => (0, 3),
        2
        | 16..=19
        | 21
        | 22
        | 26..=28
        | 30..=36
        | 38..=43
        | 45..=49
        | 69
        | 71
        | 74
        | 80
        | 93
        | 96
        | 97
        | 99
        | 101
        | 107
        | 109
        | 120
        | 182..=184
        | 189
        | 195
        | 197
        | 198 => (0, 2),
        _ => (0, 1),
    })
}

/// A code of Word 6 as the newer files write it; 0 for those that do not matter. Pieces use these codes too.
pub(super) fn old_code(code: u8) -> u16 {
    match code {
        2 => 0x4600,
        24 => 0x2416,
        25 => 0x2417,
        65 => 0x0800,
        80 => 0x4A30,
        92 => 0x083C,
        104 => 0x2A48,
        117 => 0x0855,
        118 => 0x0856,
        188 | 190 => TABLE,
        194 => 0x7621,
        195 => 0x5622,
        196 => 0x7623,
        197 => 0x5624,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_follow_the_kind_of_operand() {
        let list = [
            0x16, 0x24, 1, // one byte
            0x00, 0x46, 7, 0, // two
            0x49, 0x66, 2, 0, 0, 0, // four
            0x2B, 0xD6, 2, 1, 3, // its own length
            0x08, 0xD6, 5, 0, 1, 0, 0, 9, // the length of a table, one too large
            0x17, 0x24,
        ];
        let found: Vec<_> = changes(&list, false).map(|change| (change.code, change.operand.to_vec())).collect();
        let expected: [(u16, &[u8]); 5] =
            [(0x2416, &[1]), (0x4600, &[7, 0]), (0x6649, &[2, 0, 0, 0]), (0xD62B, &[1, 3]), (0xD608, &[1, 0, 0, 9])];
        assert_eq!(found, expected.map(|(code, operand)| (code, operand.to_vec())));
    }

    #[test]
    fn old_codes_become_new_ones() {
        let found: Vec<_> =
            changes(&[24, 1, 21, 0, 0, 190, 3, 0, 0, 9, 25, 1], true).map(|change| change.code).collect();
        assert_eq!(found, [0x2416, 0, TABLE, 0x2417]);
    }
}
