//! Strokes in, rulings out: pieces of one line are joined, dots and dashes become lines, double lines one.

use crate::geom::Rect;
use crate::page::{Axis, Ruling};

/// Lines closer than this, in points, are one.
const SAME_LINE: f32 = 2.0;
/// Gaps up to this, in points, do not break a line.
const GAP: f32 = 1.0;
/// Pieces up to this long, in points, are dashes, and gaps between them may be as wide.
const DASH: f32 = 6.0;
/// So many dots in a row are a line.
const DOTS: usize = 5;
/// A ruling shorter than this, in points, bounds no cell.
const SHORTEST: f32 = 3.0;

/// What may become rulings.
#[derive(Debug, Default)]
pub(crate) struct Strokes {
    lines: Vec<Ruling>,
    dots: Vec<Rect>,
}

impl Strokes {
    pub(crate) fn line(&mut self, line: Ruling) {
        self.lines.push(line);
    }

    /// A mark too small to have a direction.
    pub(crate) fn dot(&mut self, dot: Rect) {
        self.dots.push(dot);
    }
}

/// Joins the pieces of each line; the result is sorted by axis, position and start.
pub(crate) fn merge(strokes: Strokes) -> Vec<Ruling> {
    let Strokes { mut lines, dots } = strokes;
    let rest = rows(dots, Axis::Horizontal, &mut lines);
    rows(rest, Axis::Vertical, &mut lines);
    lines.sort_by(order);
    let mut out: Vec<Ruling> = Vec::new();
    let mut group: Vec<Ruling> = Vec::new();
    for line in lines {
        if group.first().is_some_and(|first| first.axis != line.axis || line.at - first.at > SAME_LINE) {
            join(&mut group, &mut out);
        }
        group.push(line);
    }
    join(&mut group, &mut out);
    out.retain(|ruling| ruling.to - ruling.from >= SHORTEST);
    out.sort_by(order);
    out
}

fn order(a: &Ruling, b: &Ruling) -> std::cmp::Ordering {
    (a.axis == Axis::Vertical)
        .cmp(&(b.axis == Axis::Vertical))
        .then(a.at.total_cmp(&b.at))
        .then(a.from.total_cmp(&b.from))
        .then(a.to.total_cmp(&b.to))
}

/// Joins lines of about the same position where they touch.
fn join(group: &mut Vec<Ruling>, out: &mut Vec<Ruling>) {
    group.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.at.total_cmp(&b.at)));
    let mut current: Option<Ruling> = None;
    let mut last_length = 0.0;
    for piece in group.drain(..) {
        let length = piece.to - piece.from;
        let gap = if length <= DASH && last_length <= DASH { DASH } else { GAP };
        last_length = length;
        match &mut current {
            Some(line) if piece.from <= line.to + gap => {
                let low = (line.at - line.width / 2.0).min(piece.at - piece.width / 2.0);
                let high = (line.at + line.width / 2.0).max(piece.at + piece.width / 2.0);
                line.at = f32::midpoint(low, high);
                line.width = high - low;
                line.to = line.to.max(piece.to);
            }
            _ => out.extend(current.replace(piece)),
        }
    }
    out.extend(current);
}

/// Takes rows of dots along `axis` as lines; gives back the dots that are in none.
fn rows(mut dots: Vec<Rect>, axis: Axis, lines: &mut Vec<Ruling>) -> Vec<Rect> {
    let across = |d: &Rect| if axis == Axis::Horizontal { d.center().y } else { d.center().x };
    let along = |d: &Rect| if axis == Axis::Horizontal { (d.x0, d.x1) } else { (d.y0, d.y1) };
    // Half a point is the grain in which dots of one row may differ.
    let row = |d: &Rect| (across(d) * 2.0).round();
    dots.sort_by(|a, b| row(a).total_cmp(&row(b)).then(along(a).0.total_cmp(&along(b).0)));
    let mut rest = Vec::new();
    let chained = |a: &Rect, b: &Rect| (row(a) - row(b)).abs() < 0.5 && along(b).0 - along(a).1 <= DASH;
    for chain in dots.chunk_by(chained) {
        match chain {
            [first, .., last] if chain.len() >= DOTS => lines.push(Ruling {
                axis,
                at: across(first),
                from: along(first).0,
                to: along(last).1,
                width: first.width().min(first.height()),
            }),
            _ => rest.extend_from_slice(chain),
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: f32, from: f32, to: f32) -> Ruling {
        Ruling { axis: Axis::Horizontal, at, from, to, width: 0.5 }
    }

    fn merged(lines: &[Ruling]) -> Vec<(f32, f32, f32)> {
        let rulings = merge(Strokes { lines: lines.to_vec(), dots: Vec::new() });
        rulings.iter().map(|r| (r.at, r.from, r.to)).collect()
    }

    #[test]
    fn touching_pieces_are_one_line_and_distant_ones_two() {
        assert_eq!(merged(&[line(5.0, 0.0, 50.0), line(5.0, 50.5, 90.0)]), [(5.0, 0.0, 90.0)]);
        assert_eq!(merged(&[line(5.0, 0.0, 50.0), line(5.0, 53.0, 90.0)]).len(), 2);
    }

    #[test]
    fn a_double_line_is_one_and_rows_of_a_table_are_not() {
        assert_eq!(merged(&[line(5.0, 0.0, 50.0), line(6.5, 0.0, 50.0)]), [(5.75, 0.0, 50.0)]);
        assert_eq!(merged(&[line(5.0, 0.0, 50.0), line(8.0, 0.0, 50.0)]).len(), 2);
    }

    #[test]
    fn dashes_and_dots_are_lines() {
        let dashes: Vec<Ruling> = (0u8..10).map(|i| line(5.0, f32::from(i) * 6.0, f32::from(i) * 6.0 + 3.0)).collect();
        assert_eq!(merged(&dashes), [(5.0, 0.0, 57.0)]);
        let dots = (0u8..10).map(|i| Rect::new(7.0, f32::from(i) * 2.0, 8.0, f32::from(i) * 2.0 + 1.0)).collect();
        let rulings = merge(Strokes { lines: Vec::new(), dots });
        assert_eq!(rulings, [Ruling { axis: Axis::Vertical, at: 7.5, from: 0.0, to: 19.0, width: 1.0 }]);
    }

    #[test]
    fn a_lone_dot_is_nothing() {
        assert!(
            merge(Strokes { lines: vec![line(1.0, 0.0, 1.0)], dots: vec![Rect::new(7.0, 7.0, 8.0, 8.0)] }).is_empty()
        );
    }
}
