//! A stretch of lines in, the tables it holds out: captions, notes and other text between tables part them, and what
//! stands before the first heading or after the last row is left out. A long label of a group of rows parts nothing.

use super::chunk::Chunk;
use super::{Cut, Stretch, header};

/// Text wider than this share of the stretch is no cell.
pub(super) const WIDE: f32 = 0.6;
/// A label of a group stands no farther above its rows than this many times the usual step.
const LABEL_STEP: f32 = 1.7;
/// A wider step than this many times the usual one parts rows from the heading of another table.
const APART: f32 = 2.6;
/// A line after a wider step than this many times the usual one stays only if it is set in the columns of those before it.
const UNALIGNED: f32 = 1.8;
/// So many lines tell where columns are.
const NEAR: usize = 10;
/// Lines of one wrapped text are no farther apart than this, in em.
const WRAPPED: f32 = 1.35;

/// What a line is to its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Figures beside a label, or several of them.
    Figures,
    /// Words in several columns.
    Cells,
    /// One text in the first column.
    Label,
    /// One text in another column: the rest of a cell above.
    Rest,
    /// One text over most of the width.
    Text,
}

/// Parts a stretch.
pub(super) fn part(stretch: &Stretch) -> Vec<Stretch> {
    let stub = stub_end(&stretch.lines);
    let roles: Vec<Role> = stretch.lines.iter().map(|l| role(l, stretch, stub)).collect();
    let step = usual_step(&stretch.lines, &roles);
    let mut parts = Vec::new();
    let mut from = 0;
    let mut i = 0;
    while i < roles.len() {
        if let Some(end) = text_at(stretch, &roles, i, step) {
            parts.extend(piece(stretch, &roles, from, i, step));
            from = end;
            i = end;
        } else {
            if is_new_table(stretch, &roles, i, step) {
                parts.extend(piece(stretch, &roles, from, i, step));
                from = i;
            }
            i += 1;
        }
    }
    parts.extend(piece(stretch, &roles, from, roles.len(), step));
    parts
}

/// Where the second column begins: what most second texts of lines begin right of.
fn stub_end(lines: &[Cut]) -> f32 {
    let mut starts: Vec<f32> = lines.iter().filter_map(|l| l.chunks.get(1)).map(Chunk::x0).collect();
    starts.sort_by(f32::total_cmp);
    starts.get(starts.len() / 10).copied().unwrap_or(f32::MAX)
}

fn role(line: &Cut, stretch: &Stretch, stub: f32) -> Role {
    let width = WIDE * (stretch.right - stretch.left);
    match line.chunks.as_slice() {
        [only] if only.x0() > stub - line.size => {
            if only.value {
                Role::Figures
            } else {
                Role::Rest
            }
        }
        [only] if only.x1() <= stub => Role::Label,
        [only] if only.width() > width || only.running => Role::Text,
        [_] => Role::Label,
        _ if header::has_figures(line) => Role::Figures,
        // A number or bullet before a text.
        [first, text] if text.width() > width && first.ink.len() <= 12 => Role::Text,
        _ => Role::Cells,
    }
}

/// The median step between lines of figures that follow each other.
fn usual_step(lines: &[Cut], roles: &[Role]) -> f32 {
    let figures = |i: usize| roles.get(i) == Some(&Role::Figures);
    let step = |(i, w): (usize, &[Cut])| match w {
        [a, b] if figures(i) && figures(i + 1) => Some(b.base - a.base),
        _ => None,
    };
    let mut steps: Vec<f32> = lines.windows(2).enumerate().filter_map(step).collect();
    steps.sort_by(f32::total_cmp);
    let size = lines.iter().map(|l| l.size).fold(0.0, f32::max);
    steps.get(steps.len() / 2).copied().unwrap_or(2.0 * size)
}

fn is_wide(stretch: &Stretch, line: &Cut) -> bool {
    line.bbox().width() > WIDE * (stretch.right - stretch.left)
}

fn base(stretch: &Stretch, i: usize) -> f32 {
    stretch.lines.get(i).map_or(f32::MAX, |l| l.base)
}

/// Whether a rule over most of the width lies between the line and the one before it.
fn is_ruled_above(stretch: &Stretch, i: usize) -> bool {
    let above = i.checked_sub(1).map_or(f32::MIN, |k| base(stretch, k));
    let here = stretch.lines.get(i).map_or(f32::MAX, |l| l.base - 0.3 * l.size);
    let wide = 0.7 * (stretch.right - stretch.left);
    stretch.rules.iter().any(|r| r.to - r.from > wide && r.at > above - 0.1 && r.at < here)
}

/// Where the text that begins at line `i` ends, if it is text that belongs to no table.
fn text_at(stretch: &Stretch, roles: &[Role], i: usize, step: f32) -> Option<usize> {
    if roles.get(i) != Some(&Role::Text) {
        return None;
    }
    let goes_on = |k: usize| {
        let (Some(above), Some(line)) = (stretch.lines.get(k - 1), stretch.lines.get(k)) else { return false };
        match roles.get(k) {
            Some(Role::Text) => true,
            Some(Role::Label | Role::Rest) => {
                line.base - above.base < WRAPPED * above.size && !is_ruled_above(stretch, k)
            }
            _ => false,
        }
    };
    let end = (i + 1..roles.len()).find(|k| !goes_on(*k)).unwrap_or(roles.len());
    let rows_before = roles.iter().take(i).any(|r| *r == Role::Figures);
    let leads = matches!(roles.get(end), Some(Role::Figures | Role::Label));
    let close = base(stretch, end) - base(stretch, end - 1) < LABEL_STEP * step.max(1.0)
        && (i == 0 || base(stretch, i) - base(stretch, i - 1) < APART * step);
    let flush = stretch.lines.get(i).is_some_and(|l| {
        let stub = stretch.lines.iter().filter(|o| o.chunks.len() > 1).map(|o| o.bbox().x0).fold(f32::MAX, f32::min);
        (l.bbox().x0 - stub).abs() < 2.0 * l.size
    });
    let ruled = is_ruled_above(stretch, end);
    let label = end - i <= 2 && leads && close && flush && i > 0 && (rows_before || !ruled);
    (!label).then_some(end)
}

/// Whether line `i` begins the heading of another table: it holds words in columns, and rows end far above it.
fn is_new_table(stretch: &Stretch, roles: &[Role], i: usize, step: f32) -> bool {
    let rows = roles.iter().take(i).filter(|r| **r == Role::Figures).count();
    if i == 0 || rows < 2 || !stretch.rules.is_empty() {
        return false;
    }
    let far = base(stretch, i) - base(stretch, i - 1);
    match roles.get(i) {
        Some(Role::Cells) => far > APART * step,
        Some(Role::Figures) => far > UNALIGNED * step && !is_aligned(stretch, i),
        _ => false,
    }
}

/// Whether most texts of a line, but for the first, stand in line with texts of the lines before it.
fn is_aligned(stretch: &Stretch, i: usize) -> bool {
    let Some(line) = stretch.lines.get(i) else { return false };
    let before = stretch.lines.get(i.saturating_sub(NEAR)..i).unwrap_or_default();
    let near = |a: f32, b: f32| (a - b).abs() < 0.6 * line.size;
    let in_line = |c: &&Chunk| {
        let others = before.iter().flat_map(|l| &l.chunks);
        others.into_iter().any(|o| near(o.x0(), c.x0()) || near(o.x1(), c.x1()) || near(o.center(), c.center()))
    };
    let rest = line.chunks.iter().skip(1);
    rest.clone().filter(in_line).count() * 2 > rest.count()
}

/// Lines `from..to` as a table of their own, without labels that stand alone at its ends.
fn piece(stretch: &Stretch, roles: &[Role], mut from: usize, mut to: usize, step: f32) -> Option<Stretch> {
    let single = |i: usize| matches!(roles.get(i), Some(Role::Label | Role::Text));
    while from + 1 < to && single(from) && is_caption(stretch, from) {
        from += 1;
    }
    let rest = (from + 1..to).rev().take_while(|i| single(*i)).last().unwrap_or(to);
    if rest < to && is_note(stretch, rest, step) {
        to = rest;
    }
    let lines: Vec<Cut> = stretch.lines.get(from..to)?.to_vec();
    let several = lines.iter().filter(|l| l.chunks.len() >= 2).count();
    if several == 0 {
        return None;
    }
    let whole = from == 0 && to == roles.len();
    let top = if from == 0 { f32::MIN } else { base(stretch, from - 1) };
    let bottom = if to == roles.len() { f32::MAX } else { stretch.lines.get(to).map_or(f32::MAX, |l| l.bbox().y0) };
    let inner = stretch.rules.iter().filter(|r| whole || (r.at > top && r.at < bottom)).copied().collect();
    Some(Stretch { lines, rules: inner, weak: several < 2, ..*stretch })
}

/// Whether a text before all else is a caption: the next line begins below its beginning, or it stands far above.
fn is_caption(stretch: &Stretch, i: usize) -> bool {
    let (Some(line), Some(next)) = (stretch.lines.get(i), stretch.lines.get(i + 1)) else { return false };
    if !stretch.rules.is_empty() {
        // Within rules it is part of the heading.
        return is_ruled_above(stretch, i + 1) && is_wide(stretch, line);
    }
    let own = line.bbox();
    let first = next.chunks.first().map(|c| c.bbox).unwrap_or_default();
    let left = stretch.lines.iter().map(|l| l.bbox().x0).fold(f32::MAX, f32::min);
    let flush = own.x0 < left + line.size;
    let over = flush && own.x1 > first.x1 + line.size;
    over || (flush && next.base - line.base > 2.0 * line.size)
}

/// Whether a text after all rows is a note, not the rest of a label wrapped around the last row.
fn is_note(stretch: &Stretch, i: usize, step: f32) -> bool {
    let (Some(above), Some(line)) = (i.checked_sub(1).and_then(|k| stretch.lines.get(k)), stretch.lines.get(i)) else {
        return false;
    };
    if !stretch.rules.is_empty() && stretch.rules.last().is_some_and(|r| r.at > line.base) {
        return is_wide(stretch, line);
    }
    line.base - above.base > WRAPPED * line.size.min(step) || is_wide(stretch, line)
}
