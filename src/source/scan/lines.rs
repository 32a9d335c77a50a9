//! The ink of one cell or line in, the pieces to be read one by one out: lines from top to bottom, each cut where a gap
//! parts words. Specks of dust are told from marks and left out.

use super::cells::whole;
use super::gray::{Area, float};
use super::mask::Component;

/// A piece of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The box around its ink.
    pub(super) area: Area,
    /// Dust within its box, to be made white.
    pub(super) dust: Vec<Area>,
}

/// Lengths in heights of a character. Ink smaller than this both ways is dust, unless it stands like a point.
const DUST: f32 = 0.17;
/// A point stands at the foot of its line, this near to the digits beside it.
const BESIDE: f32 = 0.5;
const FOOT: f32 = 0.3;
/// The points of a colon are no farther apart.
const PAIR: f32 = 0.6;
/// A blot by itself that is smaller than this is dust too, unless it is as long as a dash.
const MARK: f32 = 0.3;
const DASH: f32 = 1.8;
/// A gap that parts words.
const GAP: f32 = 1.3;
/// Lines are not parted into less than this.
const LINE: f32 = 1.35;
/// Strokes of one character may stand so far apart, one below the other.
const STROKES: f32 = 0.65;

/// The pieces of the marks of one space, whose characters are `unit` pixels high.
pub(super) fn pieces(marks: &[Component], unit: f32) -> Vec<Piece> {
    let (small, marks): (Vec<Component>, Vec<Component>) = marks.iter().partition(|c| is_dust(c, unit));
    let areas = |marks: Vec<Component>| marks.into_iter().map(|c| c.area).collect::<Vec<Area>>();
    let small = areas(small);
    lines(areas(marks), unit).into_iter().flat_map(|line| words(line, &small, unit)).collect()
}

fn is_dust(c: &Component, unit: f32) -> bool {
    float(c.area.width().max(c.area.height())) < (DUST * unit).max(3.0)
}

/// Marks in lines, top to bottom.
fn lines(mut marks: Vec<Area>, unit: f32) -> Vec<Vec<Area>> {
    marks.sort_by_key(|a| (a.y0, a.x0));
    let mut out: Vec<(Area, Vec<Area>)> = Vec::new();
    for mark in marks {
        match out.last_mut() {
            Some((line, members)) if continues(line, &mark, unit) => {
                *line = line.union(&mark);
                members.push(mark);
            }
            _ => out.push((mark, vec![mark])),
        }
    }
    out.into_iter().flat_map(|(line, members)| parted(line, members, unit)).collect()
}

fn continues(line: &Area, mark: &Area, unit: f32) -> bool {
    let together = float(line.union(mark).height());
    mark.y0 < line.y1 || (float(mark.y0 - line.y1) < STROKES * unit && together <= LINE * unit)
}

/// Lines whose characters overlap in height are one too high: the marks are given to the rows that they fit best.
fn parted(line: Area, members: Vec<Area>, unit: f32) -> Vec<Vec<Area>> {
    let rows = whole(float(line.height()) / (LINE * unit) + 0.25).max(1);
    if rows == 1 || members.iter().any(|m| float(m.height()) > 1.6 * unit) {
        return vec![members];
    }
    // The rows of pixels with the least ink, near where the lines would be parted evenly.
    let ink = |y: usize| members.iter().filter(|m| (m.y0..m.y1).contains(&y)).map(Area::width).sum::<usize>();
    let height = float(line.height()) / float(rows);
    let cuts: Vec<usize> = (1..rows)
        .filter_map(|n| {
            let even = float(line.y0) + height * float(n);
            let reach = whole(height * 0.35);
            let near = whole(even).saturating_sub(reach)..=whole(even) + reach;
            near.min_by_key(|y| (ink(*y), whole((float(*y) - even).abs())))
        })
        .collect();
    let mut out = vec![Vec::new(); rows];
    for mark in members {
        let middle = usize::midpoint(mark.y0, mark.y1);
        let row = cuts.iter().filter(|cut| **cut <= middle).count();
        if let Some(row) = out.get_mut(row) {
            row.push(mark);
        }
    }
    out.retain(|row| !row.is_empty());
    out
}

/// One line, cut at wide gaps.
fn words(mut marks: Vec<Area>, small: &[Area], unit: f32) -> Vec<Piece> {
    marks.sort_by_key(|a| (a.x0, a.y0));
    let mut out: Vec<Area> = Vec::new();
    for mark in &marks {
        match out.last_mut() {
            Some(word) if float(mark.x0) - float(word.x1) < GAP * unit => *word = word.union(mark),
            _ => out.push(*mark),
        }
    }
    out.retain(|word| {
        let (w, h) = (float(word.width()), float(word.height()));
        w.max(h) >= MARK * unit || w >= DASH * h
    });
    out.into_iter().map(|word| piece(word, &marks, small, unit)).collect()
}

fn piece(word: Area, marks: &[Area], small: &[Area], unit: f32) -> Piece {
    let beside = whole(BESIDE * unit);
    let near = |a: &&Area| {
        a.x1 + beside >= word.x0 && a.x0 <= word.x1 + beside && a.y1 >= word.y0 && a.y0 <= word.y1 + beside / 3
    };
    let small: Vec<Area> = small.iter().filter(near).copied().collect();
    // Of a decimal point or a number before a heading: at the foot of the line, with marks on both sides.
    let at_foot = |a: &Area| {
        let beside = |gap: usize| gap <= beside;
        float(a.y1) + FOOT * unit >= float(word.y1)
            && marks.iter().any(|m| m.x1 <= a.x0 + 1 && beside(a.x0.saturating_sub(m.x1)))
            && marks.iter().any(|m| a.x1 <= m.x0 + 1 && beside(m.x0.saturating_sub(a.x1)))
    };
    // Of a colon: straight above or below another, and not far.
    let is_paired = |a: &Area| {
        let gap = |b: &Area| b.y0.saturating_sub(a.y1).max(a.y0.saturating_sub(b.y1));
        let near = |b: &&Area| a.x0 < b.x1 && b.x0 < a.x1 && (1..=whole(PAIR * unit)).contains(&gap(b));
        small.iter().any(|b| near(&b))
    };
    let (points, dust): (Vec<Area>, Vec<Area>) = small.iter().partition(|a| at_foot(a) || is_paired(a));
    let area = points.iter().fold(word, |all, point| all.union(point));
    Piece { area, dust }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: f32 = 24.0;

    fn mark(x: usize, y: usize, width: usize, height: usize) -> Component {
        Component { area: Area { x0: x, y0: y, x1: x + width, y1: y + height }, pixels: width * height }
    }

    fn found(marks: &[Component]) -> Vec<(usize, usize, usize, usize)> {
        pieces(marks, UNIT).iter().map(|p| (p.area.x0, p.area.y0, p.area.x1, p.area.y1)).collect()
    }

    #[test]
    fn lines_are_parted_even_where_they_touch_and_words_at_wide_gaps() {
        let line = |y: usize| (0..6).map(move |n| mark(10 + n * 26, y, 23, 23));
        let marks: Vec<Component> = line(10).chain(line(32)).chain([mark(300, 34, 12, 18)]).collect();
        assert_eq!(found(&marks), [(10, 10, 163, 33), (10, 32, 163, 55), (300, 34, 312, 52)]);
    }

    #[test]
    fn strokes_of_one_character_stay_together() {
        assert_eq!(found(&[mark(10, 10, 20, 3), mark(8, 28, 24, 3)]), [(8, 10, 32, 31)]);
    }

    #[test]
    fn points_and_colons_stay_and_dust_goes() {
        let digits = [mark(10, 10, 12, 18), mark(30, 10, 12, 18)];
        let point = mark(25, 25, 3, 3);
        let colon = [mark(46, 14, 3, 3), mark(46, 24, 3, 3)];
        // Of the blots below, one is beside the figure and the others are far from it.
        let dust = [mark(22, 12, 3, 3), mark(10, 80, 2, 2), mark(200, 12, 3, 2)];
        let all: Vec<Component> = digits.into_iter().chain([point]).chain(colon).chain(dust).collect();
        let pieces = pieces(&all, UNIT);
        assert_eq!(pieces.len(), 1, "{pieces:?}");
        assert_eq!((pieces[0].area.x0, pieces[0].area.x1), (10, 49));
        assert_eq!(pieces[0].dust, [Area { x0: 22, y0: 12, x1: 25, y1: 15 }]);
    }

    #[test]
    fn a_dash_is_a_piece() {
        assert_eq!(found(&[mark(40, 20, 10, 2)]), [(40, 20, 50, 22)]);
    }
}
