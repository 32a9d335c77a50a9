//! The tables of drawn shapes and of their texts in; for a place in the main text the text boxes drawn there out.

use super::fib::{Fib, Part};
use crate::source::cfb::u32_at;
use std::collections::BTreeMap;
use std::ops::Range;

/// The texts of boxes, as parts of the whole text.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    by_place: BTreeMap<u32, Range<u32>>,
    /// Those of groups and others that no place is known for.
    pub(super) elsewhere: Vec<Range<u32>>,
}

impl Boxes {
    pub(super) fn read(main: &[u8], tables: &[u8], fib: &Fib) -> Self {
        let part = |part| fib.part(main, part).and_then(|place| tables.get(place)).unwrap_or_default();
        if fib.old || fib.boxes == 0 {
            return Self::default();
        }
        // By the number of the shape, where in the main text it is drawn.
        let shapes: BTreeMap<u32, u32> = records(part(Part::Shapes), 26)
            .filter_map(|(text, record)| Some((u32_at(record, 0)?, text.start)))
            .collect();
        let mut boxes = Self::default();
        let end = fib.before_boxes.saturating_add(fib.boxes);
        for (text, record) in records(part(Part::Boxes), 22) {
            let place = |at: u32| fib.before_boxes.saturating_add(at).min(end);
            let range = place(text.start)..place(text.end);
            // Boxes that are kept for use again have no text.
            let is_used = record.get(8..10) == Some(&[0, 0]);
            let shape = u32_at(record, 14).filter(|_| is_used && range.start < range.end);
            match shape.map(|shape| shapes.get(&shape)) {
                Some(Some(at)) => drop(boxes.by_place.insert(*at, range)),
                Some(None) => boxes.elsewhere.push(range),
                None => {}
            }
        }
        boxes
    }

    /// The text of the box that is drawn there.
    pub(super) fn at(&self, place: u32) -> Option<Range<u32>> {
        self.by_place.get(&place).cloned()
    }
}

/// A table of places in a text with a record of `size` bytes for each stretch between them.
fn records(table: &[u8], size: usize) -> impl Iterator<Item = (Range<u32>, &[u8])> {
    let count = table.len().saturating_sub(4) / (4 + size);
    (0..count).filter_map(move |i| {
        let record = 4 * (count + 1) + size * i;
        Some((u32_at(table, 4 * i)?..u32_at(table, 4 * i + 4)?, table.get(record..record + size)?))
    })
}
