//! Strokes in, rulings out: pieces of one line are joined, double lines become one.

use crate::page::{Axis, Ruling};

/// Lines closer than this, in points, are one.
const SAME_LINE: f32 = 1.5;
/// Gaps up to this, in points, do not break a line.
const GAP: f32 = 1.0;

/// Joins the pieces of each line; the result is sorted by axis, position and start.
pub(super) fn merge(mut strokes: Vec<Ruling>) -> Vec<Ruling> {
    strokes.sort_by(|a, b| {
        (a.axis == Axis::Vertical)
            .cmp(&(b.axis == Axis::Vertical))
            .then(a.at.total_cmp(&b.at))
            .then(a.from.total_cmp(&b.from))
    });
    let mut out: Vec<Ruling> = Vec::new();
    let mut line: Vec<Ruling> = Vec::new();
    for stroke in strokes {
        if line.last().is_some_and(|last| last.axis != stroke.axis || stroke.at - last.at > SAME_LINE) {
            join(&mut line, &mut out);
        }
        line.push(stroke);
    }
    join(&mut line, &mut out);
    out
}

fn join(line: &mut Vec<Ruling>, out: &mut Vec<Ruling>) {
    line.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.at.total_cmp(&b.at)));
    let mut current: Option<Ruling> = None;
    for piece in line.drain(..) {
        match &mut current {
            Some(c) if piece.from <= c.to + GAP => {
                c.to = c.to.max(piece.to);
                c.width = c.width.max(piece.width);
            }
            _ => out.extend(current.replace(piece)),
        }
    }
    out.extend(current);
}
