//! Changes of properties in, the few properties of characters and paragraphs that decide what is read out.

use super::sprm::{Change, changes};
use crate::number::Set;
use crate::source::cfb::u16_at;

/// What is known of a run of characters. `None` leaves it to the style.
#[expect(clippy::struct_excessive_bools, reason = "the file has each as a switch of its own")]
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Character {
    pub(super) style: Option<u16>,
    pub(super) hidden: Option<Switch>,
    /// A paragraph mark that only shows at its place: the paragraph runs on.
    pub(super) runs_on: bool,
    pub(super) deleted: bool,
    pub(super) set: Option<Set>,
    /// Not text, but what its code stands for.
    pub(super) special: bool,
    pub(super) embedded: bool,
    /// A character of a symbol font.
    pub(super) symbol: Option<u16>,
}

/// A property that may be said relative to the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    Off,
    On,
    Opposite,
}

impl Switch {
    /// Whether it is on, given what the style says.
    pub(super) fn is_on(self, style: bool) -> bool {
        match self {
            Self::Off => false,
            Self::On => true,
            Self::Opposite => !style,
        }
    }
}

impl Character {
    pub(super) fn apply(&mut self, list: &[u8], old: bool) {
        changes(list, old).for_each(|change| self.change(change));
    }

    fn change(&mut self, change: Change<'_>) {
        match change.code {
            0x0800 => self.deleted = change.byte() != 0,
            0x0818 => self.runs_on = change.byte() != 0,
            0x083C => {
                self.hidden = match change.byte() {
                    0 => Some(Switch::Off),
                    1 => Some(Switch::On),
                    0x81 => Some(Switch::Opposite),
                    _ => None,
                }
            }
            0x0855 => self.special = change.byte() != 0,
            0x0856 | 0x080A => self.embedded |= change.byte() != 0,
            0x4A30 => self.style = Some(change.word()),
            0x2A48 => {
                self.set = Some(match change.byte() {
                    1 => Set::Raised,
                    2 => Set::Lowered,
                    _ => Set::On,
                });
            }
            0x6A09 => self.symbol = u16_at(change.operand, 2),
            _ => {}
        }
    }
}

/// What is known of a paragraph.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Paragraph {
    pub(super) style: u16,
    in_table: bool,
    depth: Option<u32>,
    /// The paragraph is the end of a row.
    pub(super) ends_row: bool,
    /// The paragraph mark is the end of a cell of an inner table.
    pub(super) ends_cell: bool,
    /// From 0; 9 is body text.
    pub(super) outline: Option<u8>,
    /// The number of its list, from 1; 0 says that it is in none.
    pub(super) list: Option<u16>,
    pub(super) level: Option<u8>,
}

impl Paragraph {
    /// How deep in tables it lies.
    pub(super) fn depth(&self) -> u32 {
        if self.in_table { self.depth.unwrap_or(1).max(1) } else { 0 }
    }

    pub(super) fn apply(&mut self, list: &[u8], old: bool) {
        changes(list, old).for_each(|change| self.change(change));
    }

    fn change(&mut self, change: Change<'_>) {
        let is_on = change.byte() != 0;
        match change.code {
            0x4600 => self.style = change.word(),
            0x2416 => self.in_table = is_on,
            0x2417 | 0x244C => self.ends_row = is_on,
            0x244B => self.ends_cell = is_on,
            0x6649 => self.depth = change.operand.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)),
            // Relative to the depth so far.
            0x664A => {
                let by = change.operand.first_chunk().map_or(0, |bytes| i32::from_le_bytes(*bytes));
                self.depth = Some(self.depth().saturating_add_signed(by));
            }
            0x2640 => self.outline = Some(change.byte()),
            0x260A => self.level = Some(change.byte()),
            // Negative numbers keep the list that the paragraph was in before it was taken out.
            0x460B => self.list = Some(change.word()).map(|list| if list > 0x07FE { 0 } else { list }),
            _ => {}
        }
    }
}
