//! A lattice and the ink around it in, the labels beside its rows brought in: in some tables rules bound the figures only,
//! and their labels stand free on the left.

use super::given;
use super::ink::Ink;
use super::lattice::Lattice;
use super::spell;
use super::wording::is_value;
use crate::geom::Rect;
use crate::page::Turn;

/// So many rows tell that what stands beside them belongs to them.
const ROWS: usize = 4;
/// This share of the rows has a label.
const LABELLED: f32 = 0.7;
/// The longest label ends no farther from the lattice than this, in em.
const NEAR: f32 = 2.5;

/// Takes the labels on the left of a lattice of figures, with their ink, as its first column.
pub(super) fn take_labels(lattice: &mut Lattice, ink: &mut Vec<Ink>, outside: &mut Vec<Ink>) {
    let rows = lattice.ys.len() - 1;
    if rows < ROWS || !begins_with_figures(lattice, ink) {
        return;
    }
    let own = lattice.bbox();
    let beside = |i: &Ink| {
        let center = i.rect.center();
        i.turn == Turn::None && center.x < own.x0 && center.y > own.y0 && center.y < own.y1
    };
    let lines = spell::lines(outside.iter().filter(|i| beside(i)).copied());
    let mut labelled = vec![0_usize; rows];
    for line in &lines {
        let row = lattice.ys.partition_point(|y| *y <= line.bbox().center().y);
        if let Some(count) = row.checked_sub(1).and_then(|r| labelled.get_mut(r)) {
            *count += 1;
        }
    }
    let single = labelled.iter().filter(|n| **n == 1).count();
    let (Some(bbox), Some(size)) =
        (Rect::around(lines.iter().map(spell::InkLine::bbox)), lines.first().map(|l| l.size))
    else {
        return;
    };
    let text = lines.iter().filter(|l| spell::is_running(&l.ink, l.size)).count();
    #[expect(clippy::cast_precision_loss, reason = "rows of a page")]
    let enough = single as f32 >= LABELLED * rows as f32;
    if enough && own.x0 - bbox.x1 < NEAR * size && text * 4 <= lines.len() {
        ink.extend(given::take(outside, beside));
        given::add_column(lattice, bbox, true);
    }
}

/// Whether most of what stands in the first column are figures.
fn begins_with_figures(lattice: &Lattice, ink: &[Ink]) -> bool {
    let cells = lattice.cells.iter().filter(|c| c.column == 0).map(|c| lattice.cell_box(*c));
    let texts = cells.filter_map(|own| {
        let here: Vec<Ink> = ink.iter().filter(|i| own.contains(i.rect.center())).copied().collect();
        let text = spell::spell(&here).text;
        (!text.trim().is_empty()).then_some(text)
    });
    let (figures, all) = texts.fold((0_usize, 0_usize), |(f, a), text| (f + usize::from(is_value(&text)), a + 1));
    figures * 3 >= all * 2 && all >= ROWS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::lattice::Span;
    use crate::grid::testing::word;

    fn figures() -> (Lattice, Vec<Ink>) {
        let cells = (0..5).map(|row| Span { row, column: 0, row_span: 1, column_span: 1 }).collect();
        let lattice = Lattice { xs: vec![200.0, 260.0], ys: vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], cells };
        let ink = (0u8..5).flat_map(|r| word("1234", 210.0, 15.0 + 20.0 * f32::from(r), 10.0)).collect();
        (lattice, ink)
    }

    #[test]
    fn labels_beside_figures_are_a_column() {
        let (mut lattice, mut ink) = figures();
        let mut outside =
            (0u8..5).flat_map(|r| word("a-label-here", 130.0, 15.0 + 20.0 * f32::from(r), 10.0)).collect();
        take_labels(&mut lattice, &mut ink, &mut outside);
        assert_eq!((lattice.xs.len(), lattice.cells.len(), outside.len()), (3, 10, 0));
    }

    #[test]
    fn a_column_far_away_is_none() {
        let (mut lattice, mut ink) = figures();
        let mut outside = (0u8..5).flat_map(|r| word("label", 10.0, 15.0 + 20.0 * f32::from(r), 10.0)).collect();
        take_labels(&mut lattice, &mut ink, &mut outside);
        assert_eq!(lattice.xs.len(), 2);
    }
}
