//! The outline of a path object: its commands in, steps out, and its corners on the page.

use super::affine::{Affine, number};
use super::node::Node;
use crate::source::ink::paths::Path;

type Pair = (f64, f64);

/// One step of the pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Move(Pair),
    Line(Pair),
    Quadratic(Pair, Pair),
    Cubic(Pair, Pair, Pair),
    Arc(Arc),
    Close,
}

/// A part of an ellipse, from where the pen is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arc {
    pub(super) radii: Pair,
    /// By how many degrees the ellipse is turned.
    pub(super) turn: f64,
    pub(super) large: bool,
    pub(super) clockwise: bool,
    pub(super) to: Pair,
}

/// The steps of a path object.
pub(super) fn steps(node: &Node) -> Vec<Step> {
    node.child("AbbreviatedData").map_or_else(Vec::new, |data| parse(&data.text))
}

/// The path on the page, its curves as chords.
pub(super) fn on_page(node: &Node, map: Affine) -> Path {
    let mut path = Path::default();
    for step in steps(node) {
        match step {
            Step::Move(to) => path.move_to(map.point(to)),
            Step::Line(to) => path.line_to(map.point(to)),
            Step::Quadratic(_, to) | Step::Cubic(_, _, to) | Step::Arc(Arc { to, .. }) => path.curve_to(map.point(to)),
            Step::Close => path.close(),
        }
    }
    path
}

/// Follows the commands up to the first that makes no sense. Numbers may touch the letters, and further numbers after a
/// command are the same command again.
fn parse(data: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut command = None;
    // A piece holds the numbers of one command and the letter of the next.
    for piece in data.split_inclusive(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) {
        let numbers = piece.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if !take(command, numbers, &mut steps) {
            break;
        }
        command = piece.chars().last().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
        if command == Some('C') {
            steps.push(Step::Close);
        }
    }
    steps
}

/// Adds the steps of one command; `false` when its numbers make no sense.
fn take(command: Option<char>, text: &str, steps: &mut Vec<Step>) -> bool {
    let Some(numbers) = super::affine::words(text).map(number).collect::<Option<Vec<f64>>>() else { return false };
    let size = match command {
        Some('S' | 'M' | 'L') => 2,
        Some('Q') => 4,
        Some('B') => 6,
        Some('A') => 7,
        Some('C') | None => return numbers.is_empty(),
        Some(_) => return false,
    };
    for group in numbers.chunks(size) {
        steps.push(match *group {
            [x, y] if command == Some('L') => Step::Line((x, y)),
            [x, y] if size == 2 => Step::Move((x, y)),
            [ax, ay, x, y] if size == 4 => Step::Quadratic((ax, ay), (x, y)),
            [ax, ay, bx, by, x, y] if size == 6 => Step::Cubic((ax, ay), (bx, by), (x, y)),
            [rx, ry, turn, large, clockwise, x, y] => {
                let (large, clockwise) = (large > 0.5, clockwise > 0.5);
                Step::Arc(Arc { radii: (rx.abs(), ry.abs()), turn, large, clockwise, to: (x, y) })
            }
            _ => return false,
        });
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_followed() {
        let arc = Arc { radii: (5.0, 6.0), turn: 30.0, large: true, clockwise: false, to: (9.0, 8.0) };
        let all = "S 0 0 M1 2L 3,4 5 6 Q 1 1 2 2 B 1 1 2 2 3 3 A 5 6 30 1 0 9 8 C";
        let expected = [
            Step::Move((0.0, 0.0)),
            Step::Move((1.0, 2.0)),
            Step::Line((3.0, 4.0)),
            Step::Line((5.0, 6.0)),
            Step::Quadratic((1.0, 1.0), (2.0, 2.0)),
            Step::Cubic((1.0, 1.0), (2.0, 2.0), (3.0, 3.0)),
            Step::Arc(arc),
            Step::Close,
        ];
        assert_eq!(parse(all), expected);
        assert_eq!(parse("M 0 0 L 1e1 -.5"), [Step::Move((0.0, 0.0)), Step::Line((10.0, -0.5))]);
    }

    #[test]
    fn what_makes_no_sense_ends_the_path() {
        assert_eq!(parse("M 0 0 L 1 L 2 2"), [Step::Move((0.0, 0.0))]);
        assert_eq!(parse("M 0 0 L NaN 1 L 2 2"), [Step::Move((0.0, 0.0))]);
        assert!(parse("1 2 L 3 4").is_empty() && parse("").is_empty() && parse("é").is_empty());
    }
}
