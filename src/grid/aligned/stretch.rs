//! Loose lines and rules of a page in, the stretches of lines that look like a table out: between rules of one width,
//! or runs of lines whose words stand far apart.

use super::super::lattice::TooDense;
use super::super::rules::{Lines, Segment};
use super::super::spell::{self, InkLine};
use super::super::trail::{Seen, Sight, Verdict};
use super::columns::{self, Column};
use super::spacing::Spacing;
use super::{Chunk, Cut, Stretch, Upright, header, parting};
use crate::geom::Rect;

/// Rules of one table end together within this.
const SAME_END: f32 = 4.0;
/// More rules than this on a page are a drawing; more stacks than this are not read as tables.
const MOST_RULES: usize = 1_500;
const MOST_STACKS: usize = 40;
/// A page with more lines, or more words far apart, is a drawing.
const MOST_LINES: usize = 3_000;
const MOST_CHUNKS: usize = 12_000;
/// Rules at one height within this.
const SAME_RULE: f32 = 3.0;
/// How much of a table tells what its lines look like, in points.
const NEAR: f32 = 160.0;
/// A shorter rule is an underline or a fraction bar.
const SHORTEST: f32 = 24.0;
/// Fewer texts than this share (in per cent) of the slots may be the labels of a drawing.
const SPARSE: usize = 34;
/// Text this much larger than the table's own stands between tables, not in them.
const LARGER: f32 = 1.14;

/// Takes the stretches out of a page's loose lines. `free` are the rules outside lattices; `seen` gets what stands
/// between rules and is refused.
pub(in crate::grid) fn find(
    loose: &mut Vec<InkLine>,
    free: &Lines,
    spacing: &Spacing,
    body_size: f32,
    seen: &mut Vec<Seen>,
) -> Result<Vec<Stretch>, TooDense> {
    if is_too_dense(loose, free) {
        return Err(TooDense);
    }
    let cutter = Cutter { spacing, down: &free.down };
    let mut found = between_rules(loose, &free.across, &cutter, seen);
    found.extend(without_rules(loose, &found, body_size, &cutter));
    found.sort_by(|a, b| a.bbox().y0.total_cmp(&b.bbox().y0));
    Ok(found)
}

/// Whether there is more than a table can hold.
pub(super) fn is_too_dense(loose: &[InkLine], free: &Lines) -> bool {
    let words: usize = loose.iter().map(InkLine::chunks).sum();
    loose.len() > MOST_LINES || words > MOST_CHUNKS || free.across.len() + free.down.len() > MOST_RULES
}

/// What parts the words of a line.
pub(super) struct Cutter<'a> {
    pub(super) spacing: &'a Spacing,
    /// Vertical rules outside lattices, by x.
    pub(super) down: &'a [Segment],
}

impl Cutter<'_> {
    /// Cuts all lines, as lines of one table from `left` to `right` that has these rules.
    pub(super) fn cut_between(&self, lines: &[InkLine], rules: &[Segment], (left, right): (f32, f32)) -> Vec<Cut> {
        let stack = Stack { left, right, rules: rules.to_vec() };
        lines.iter().map(|l| self.cut(l, &stack.ends_around(l.base - 0.4 * l.size))).collect()
    }

    /// Cuts a line, also at `ends` and where a vertical rule crosses it.
    fn cut(&self, line: &InkLine, ends: &[f32]) -> Cut {
        let middle = line.base - 0.3 * line.size;
        let at: Vec<f32> = self.down.iter().filter(|r| r.from < middle && middle < r.to).map(|r| r.at).collect();
        Cut::new(line, &at, ends, self.spacing)
    }
}

/// Rules that lie under one another and end within the widest of them.
struct Stack {
    left: f32,
    right: f32,
    rules: Vec<Segment>,
}

fn stacks(rules: &[Segment]) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = Vec::new();
    let mut by_length: Vec<Segment> = rules.iter().copied().filter(|r| r.to - r.from >= SHORTEST).collect();
    by_length.sort_by(|a, b| (b.to - b.from).total_cmp(&(a.to - a.from)).then(a.at.total_cmp(&b.at)));
    for rule in by_length {
        let holder = stacks.iter_mut().find(|s| rule.from >= s.left - SAME_END && rule.to <= s.right + SAME_END);
        match holder {
            Some(stack) => stack.rules.push(rule),
            None => stacks.push(Stack { left: rule.from, right: rule.to, rules: vec![rule] }),
        }
    }
    for stack in &mut stacks {
        stack.rules.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    }
    stacks.retain(|s| s.rules.len() >= 2);
    stacks.truncate(MOST_STACKS);
    stacks
}

impl Stack {
    /// Whether the rule bounds rows: it reaches the right end and is no mere rule under a heading.
    fn is_row_rule(&self, rule: &Segment) -> bool {
        let width = self.right - self.left;
        rule.to >= self.right - SAME_END && rule.to - rule.from >= 0.35 * width
    }

    /// Adds a rule above the first and below the last where lines of the table stand beyond them: at a page break the
    /// outer rule is often missing.
    fn with_open_ends(mut self, loose: &[InkLine], cutter: &Cutter) -> Self {
        let (Some(first), Some(last)) = (self.rules.first().copied(), self.rules.last().copied()) else { return self };
        let beyond = |band: (f32, f32), upwards: bool| -> Option<f32> {
            if !has_line_near(loose, if upwards { first.at } else { last.at }, upwards) {
                return None;
            }
            let near = if upwards { (first.at, first.at + NEAR) } else { (last.at - NEAR, last.at) };
            let inside: Vec<Cut> = lines_between(loose, near, &self, cutter).collect();
            let size = table_size(inside.iter());
            let most = inside.iter().map(|l| l.chunks.len()).max().unwrap_or_default();
            if size <= 0.0 || most < 3 {
                return None;
            }
            let mut edge = if upwards { band.1 } else { band.0 };
            let mut full = false;
            let mut goes_on = |line: Cut| {
                let bbox = line.bbox();
                let gap = if upwards { edge - bbox.y1 } else { bbox.y0 - edge };
                if gap > 1.2 * size || (line.size - size).abs() > 0.1 * size || is_prose(&line) {
                    return false;
                }
                full |= line.chunks.len() * 2 > most && line.chunks.iter().skip(1).any(|c| c.value);
                edge = if upwards { bbox.y0 } else { bbox.y1 };
                true
            };
            let mut lines = lines_between(loose, band, &self, cutter);
            if upwards {
                let _ = lines.rev().all(&mut goes_on);
            } else {
                let _ = lines.all(&mut goes_on);
            }
            full.then_some(edge)
        };
        let (above, below) = (beyond((0.0, first.at), true), beyond((last.at, f32::MAX), false));
        let whole = |at: f32| Segment { at, from: self.left, to: self.right };
        let (above, below) = (above.map(|y| whole(y - 1.0)), below.map(|y| whole(y + 1.0)));
        self.rules.splice(0..0, above);
        self.rules.extend(below);
        self
    }

    /// Where the rules right above and right below this height end within the table: columns are parted there.
    fn ends_around(&self, y: f32) -> Vec<f32> {
        let after = self.rules.partition_point(|r| r.at < y);
        let above = after.checked_sub(1).and_then(|i| self.rules.get(i)).map(|r| r.at);
        let below = self.rules.get(after).map(|r| r.at);
        let near = |at: Option<f32>| {
            let on = move |r: &&Segment| at.is_some_and(|at| (r.at - at).abs() < SAME_RULE);
            self.rules.iter().filter(on).flat_map(|r| [r.from, r.to])
        };
        let inside = |x: &f32| *x > self.left + SAME_END && *x < self.right - SAME_END;
        near(above).chain(near(below)).filter(inside).collect()
    }
}

fn between_rules(loose: &mut Vec<InkLine>, rules: &[Segment], cutter: &Cutter, seen: &mut Vec<Seen>) -> Vec<Stretch> {
    let mut found = Vec::new();
    for stack in stacks(rules) {
        let stack = stack.with_open_ends(loose, cutter);
        let bounds: Vec<f32> = stack.rules.iter().filter(|r| stack.is_row_rule(r)).map(|r| r.at).collect();
        let bands: Vec<(f32, f32)> = bounds.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect();
        let cut: Vec<Vec<Cut>> = bands.iter().map(|b| lines_between(loose, *b, &stack, cutter).collect()).collect();
        let size = table_size(cut.iter().flatten());
        let good: Vec<bool> = cut.iter().zip(&bands).map(|(lines, band)| is_band(lines, *band, &stack, size)).collect();
        if let (Some(top), Some(bottom), false) = (bounds.first(), bounds.last(), good.contains(&true))
            && cut.iter().any(|lines| !lines.is_empty())
        {
            let bbox = Rect::new(stack.left, *top, stack.right, *bottom);
            seen.push(Seen::new(Sight::Stretch, bbox, Verdict::BetweenRules));
        }
        let mut start = 0;
        while start < good.len() {
            let length = good.iter().skip(start).take_while(|g| **g).count();
            if let (true, Some(top), Some(bottom)) = (length > 0, bounds.get(start), bounds.get(start + length)) {
                let mut lines: Vec<Cut> = cut.iter().skip(start).take(length).flatten().cloned().collect();
                if header::height(&lines, &[], (stack.left, stack.right)) == 0 {
                    let before = start.checked_sub(1).and_then(|i| bounds.get(i)).copied().unwrap_or_default();
                    let heading = heading_over(lines_between(loose, (before, *top), &stack, cutter), *top);
                    lines.splice(0..0, heading);
                }
                let first = lines.first().map_or(*top, |l| l.bbox().y0 - l.size).min(*top);
                let inside = |r: &&Segment| r.at >= first.min(top - 0.1) && r.at <= bottom + 0.1;
                let stretch = Stretch {
                    left: stack.left,
                    right: stack.right,
                    lines,
                    rules: stack.rules.iter().filter(inside).copied().collect(),
                    weak: false,
                    given: false,
                };
                for part in parting::part(&stretch) {
                    take_out(loose, &part);
                    found.push(part);
                }
            }
            start += length.max(1);
        }
    }
    found
}

/// Whether a line stands right above or below this height.
fn has_line_near(loose: &[InkLine], at: f32, above: bool) -> bool {
    let next = loose.partition_point(|l| l.base - 0.3 * l.size < at);
    let line = if above { next.checked_sub(1).and_then(|i| loose.get(i)) } else { loose.get(next) };
    line.is_some_and(|l| (l.base - at).abs() < 3.0 * l.size)
}

/// A heading has no more lines than this.
const MOST_HEADING: usize = 6;

/// The last of the lines, as far as they are a heading right over a rule: words in columns without figures.
fn heading_over(lines: impl DoubleEndedIterator<Item = Cut>, rule: f32) -> Vec<Cut> {
    let mut edge = rule;
    let mut heading: Vec<Cut> = Vec::new();
    for line in lines.rev().take(MOST_HEADING) {
        let text = line.chunks.iter().any(|c| c.running) || header::has_figures(&line);
        if text || edge - line.bbox().y1 > line.size || is_entry(&line) {
            break;
        }
        edge = line.bbox().y0;
        heading.push(line);
    }
    heading.reverse();
    // A line of one text above all others is a caption.
    let words = heading.iter().position(|l| l.chunks.len() > 1).unwrap_or(heading.len());
    let over = heading.get(words).map_or(0.0, |l| l.bbox().x0);
    let captions = heading.iter().take(words).filter(|l| l.bbox().x0 < over + l.size).count();
    heading.drain(..captions.min(words));
    if heading.iter().any(|l| l.chunks.len() > 1) { heading } else { Vec::new() }
}

/// The lines of a band, cut, as far as they lie within the stack's width.
fn lines_between<'a>(
    loose: &'a [InkLine],
    band: (f32, f32),
    stack: &'a Stack,
    cutter: &'a Cutter,
) -> impl DoubleEndedIterator<Item = Cut> + 'a {
    let inside = move |c: &Chunk| {
        let middle = c.bbox.center().y;
        c.center() > stack.left - SAME_END && c.center() < stack.right + SAME_END && middle > band.0 && middle < band.1
    };
    let start = loose.partition_point(|l| l.base < band.0 - 4.0);
    let end = loose.partition_point(|l| l.base - l.size < band.1 + 4.0).max(start);
    loose.get(start..end).unwrap_or_default().iter().filter_map(move |line| {
        let mut line = cutter.cut(line, &stack.ends_around(line.base - 0.4 * line.size));
        line.chunks.retain(inside);
        (!line.chunks.is_empty()).then_some(line)
    })
}

/// The size of text in lines with more than one chunk.
fn table_size<'a>(lines: impl Iterator<Item = &'a Cut>) -> f32 {
    let mut sizes: Vec<f32> = lines.filter(|l| l.chunks.len() >= 2).map(|l| l.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or_default()
}

/// Whether what stands between two rules can be rows of a table.
fn is_band(lines: &[Cut], band: (f32, f32), stack: &Stack, size: f32) -> bool {
    if size <= 0.0 {
        return false;
    }
    if lines.is_empty() {
        return band.1 - band.0 < 3.0 * size;
    }
    let larger = lines.iter().any(|l| l.size > LARGER * size);
    let width = parting::WIDE * (stack.right - stack.left);
    let wide = lines.iter().filter(|l| l.chunks.iter().any(|c| c.width() > width)).count();
    !larger && (wide * 2 <= lines.len() || lines.len() == 1)
}

/// Takes the glyphs of a stretch out of the loose lines.
fn take_out(loose: &mut Vec<InkLine>, stretch: &Stretch) {
    for line in loose.iter_mut() {
        let start = stretch.lines.partition_point(|l| l.base < line.base);
        let same = stretch.lines.iter().skip(start).take_while(|l| l.base.total_cmp(&line.base).is_eq());
        let taken: Vec<Rect> = same.flat_map(|l| l.chunks.iter().map(|c| c.bbox)).collect();
        if !taken.is_empty() {
            line.ink.retain(|i| !taken.iter().any(|b| i.rect.center().x >= b.x0 && i.rect.center().x <= b.x1));
        }
    }
    loose.retain(|l| l.ink.iter().any(|i| !i.is_blank()));
}

/// Runs of lines whose words stand far apart.
fn without_rules(loose: &mut Vec<InkLine>, ruled: &[Stretch], body_size: f32, cutter: &Cutter) -> Vec<Stretch> {
    let cut: Vec<Cut> = loose.iter().map(|l| cutter.cut(l, &[])).collect();
    let seeds: Vec<bool> = cut.iter().map(is_seed).collect();
    let blocked = |a: &Cut, b: &Cut| ruled.iter().map(Stretch::bbox).any(|r| r.y0 > a.base - a.size && r.y1 < b.base);
    let mut found = Vec::new();
    let mut i = 0;
    while i < cut.len() {
        if !seeds.get(i).copied().unwrap_or(false) {
            i += 1;
            continue;
        }
        let Some(first) = cut.get(i) else { break };
        let alike = |l: &Cut| (l.size - first.size).abs() <= 0.12 * first.size;
        let near = |a: &Cut, b: &Cut| alike(b) && (b.base - a.base).abs() < 4.2 * first.size && !blocked(a, b);
        let fits = |a: &Cut, b: &Cut| near(a, b) && !is_prose(b);
        let mut last = i;
        for (j, pair) in cut.windows(2).enumerate().skip(i) {
            let [a, b] = pair else { break };
            // A single line of text may be the label of a group.
            let label = !is_prose(a) && seeds.get(j + 2).copied().unwrap_or(false);
            if !near(a, b) || (is_prose(b) && !label) || j + 1 > last + 6 {
                break;
            }
            if seeds.get(j + 1).copied().unwrap_or(false) {
                last = j + 1;
            }
        }
        let (mut from, mut to) = (i, last);
        // Where a table is set in its own size, its first and last lines are told by that alone.
        if (first.size - body_size).abs() > 0.08 * body_size {
            while let (Some(a), Some(b)) = (from.checked_sub(1).and_then(|k| cut.get(k)), cut.get(from)) {
                if !fits(b, a) || found_at(&found, a) {
                    break;
                }
                from -= 1;
            }
            while let (Some(a), Some(b)) = (cut.get(to), cut.get(to + 1)) {
                if !fits(a, b) {
                    break;
                }
                to += 1;
            }
        }
        // A heading of two words shows no columns by itself, but stands in those of the rows below.
        while let (Some(a), Some(rows)) = (from.checked_sub(1).and_then(|k| cut.get(k)), cut.get(from..=to)) {
            let near = rows.first().is_some_and(|b| fits(b, a));
            if !near || found_at(&found, a) || !stands_over(a, rows) {
                break;
            }
            from -= 1;
        }
        i = to + 1;
        if is_in_text(&cut, from, to) {
            continue;
        }
        let lines: Vec<Cut> = cut.iter().skip(from).take(to + 1 - from).cloned().collect();
        let bbox = Rect::around(lines.iter().map(Cut::bbox)).unwrap_or_default();
        let stretch = Stretch { left: bbox.x0 - 2.0, right: bbox.x1 + 2.0, lines, ..Stretch::default() };
        found.extend(parting::part(&stretch));
    }
    for stretch in &found {
        take_out(loose, stretch);
    }
    found
}

/// Whether lines `from..=to` are part of a text set flush on both sides: the line before or after them goes on at the
/// same distance, between the same edges. Blanks may be stretched widely there.
fn is_in_text(cut: &[Cut], from: usize, to: usize) -> bool {
    let run = cut.get(from..=to).unwrap_or_default();
    let Some(own) = Rect::around(run.iter().map(Cut::bbox)) else { return false };
    let flush = |bbox: Rect, size: f32| (bbox.x0 - own.x0).abs() < 0.5 * size && (bbox.x1 - own.x1).abs() < 0.5 * size;
    let beside = |text: Option<&Cut>, line: Option<&Cut>| {
        let (Some(text), Some(line)) = (text, line) else { return false };
        let near = (text.base - line.base).abs() < 1.6 * line.size && (text.size - line.size).abs() < 0.1 * line.size;
        let words = text.chunks.iter().all(|c| !c.value) && text.chunks.iter().any(|c| c.running);
        near && words && flush(text.bbox(), line.size)
    };
    let set_flush = run.iter().filter(|l| flush(l.bbox(), l.size)).count();
    let before = from.checked_sub(1).and_then(|i| cut.get(i));
    // The last line of a paragraph is shorter.
    set_flush + 1 >= run.len() && (beside(before, cut.get(from)) || beside(cut.get(to + 1), cut.get(to)))
}

/// Whether a line of several words stands over the texts of the rows below it, word by word.
fn stands_over(line: &Cut, rows: &[Cut]) -> bool {
    let over = |c: &Chunk| rows.iter().take(3).flat_map(|l| &l.chunks).filter(|r| r.beside(c) > 0.0).count() > 0;
    let figures = rows.first().is_some_and(header::has_figures);
    figures && line.chunks.len() >= 2 && line.chunks.iter().all(|c| !c.running && over(c))
}

fn found_at(found: &[Stretch], line: &Cut) -> bool {
    found.iter().any(|s| s.lines.iter().any(|l| l == line))
}

/// A line that shows columns by itself: three chunks, or a label and a value, the gaps wide.
pub(super) fn is_seed(line: &Cut) -> bool {
    let wide = line.chunks.windows(2).filter(|w| matches!(w, [a, b] if b.x0() - a.x1() > line.size)).count();
    let values = line.chunks.iter().skip(1).any(|c| c.value);
    !is_entry(line) && (wide >= 2 || (wide >= 1 && values)) && !line.chunks.iter().all(|c| c.ink.len() > 40)
}

/// Dots that lead the eye from a heading to its page: a table of contents.
fn has_leader(chunk: &Chunk) -> bool {
    chunk.ink.windows(4).any(|w| w.iter().all(|i| spell::is_leader(i.ch)))
}

/// Whether the line is an entry of a contents: a leader, and after it nothing but the number of a page.
fn is_entry(line: &Cut) -> bool {
    let after = line.chunks.iter().rposition(has_leader).map(|i| line.chunks.get(i + 1..).unwrap_or_default());
    let page = |c: &Chunk| c.ink.len() <= 4 && c.ink.iter().all(|i| i.ch.is_alphanumeric());
    match after {
        Some([]) => true,
        Some([only]) => page(only),
        _ => false,
    }
}

/// One chunk as wide as text of the page.
fn is_prose(line: &Cut) -> bool {
    matches!(line.chunks.as_slice(), [only] if only.ink.len() > 34) || is_entry(line)
}

/// Whether lines kept in columns are a table, or why they are not: prose in columns or a list.
pub(super) fn judge(parts: &[(&Upright, Stretch)], columns: &[Column]) -> Verdict {
    if columns.len() < 2 {
        return Verdict::OneColumn;
    }
    if parts.iter().any(|(_, s)| s.given) {
        return Verdict::Table;
    }
    let lines: Vec<&Cut> = parts.iter().flat_map(|(_, s)| &s.lines).collect();
    let several = lines.iter().filter(|l| l.chunks.len() >= 2).count();
    let ruled = parts.iter().any(|(_, s)| !s.rules.is_empty());
    let values = lines.iter().flat_map(|l| l.chunks.iter().skip(1)).filter(|c| c.value).count();
    let text: usize = lines.iter().flat_map(|l| &l.chunks).map(|c| c.ink.len()).sum();
    let chunks: usize = lines.iter().map(|l| l.chunks.len()).sum();
    let placed = lines
        .iter()
        .flat_map(|l| &l.chunks)
        .filter(|c| columns::place(columns, c).is_some_and(|(a, b, close)| a == b && !close))
        .count();
    if several < 2 || parts.iter().all(|(_, s)| s.weak) {
        return Verdict::Sparse;
    }
    if is_axis(&lines, columns) {
        return Verdict::Axis;
    }
    if ruled {
        return if text < 60 * chunks { Verdict::Table } else { Verdict::Wordy };
    }
    if is_contents(&lines) {
        return Verdict::Contents;
    }
    if placed * 3 < chunks * 2 {
        return Verdict::Scattered;
    }
    let short = text < 16 * chunks;
    let figures = values * 3 >= chunks.saturating_sub(lines.len());
    if !(figures || short && several >= 3) {
        return Verdict::FewFigures;
    }
    if is_stretched(&lines) { Verdict::Stretched } else { Verdict::Table }
}

/// Whether the lines are the labels of a drawing: few texts, and at least half of the columns hold nothing but what stands
/// in the last line, the numbers of an axis.
fn is_axis(lines: &[&Cut], columns: &[Column]) -> bool {
    let chunks: usize = lines.iter().map(|l| l.chunks.len()).sum();
    if chunks * 100 >= SPARSE * lines.len() * columns.len() {
        return false;
    }
    let Some((last, rest)) = lines.split_last() else { return false };
    let holds = |c: &Column, line: &Cut| line.chunks.iter().any(|k| c.overlap(k) > 0.0);
    let only_last = columns.iter().filter(|c| holds(c, last) && !rest.iter().any(|l| holds(c, l))).count();
    only_last * 2 >= columns.len()
}

/// Blanks that fill a line differ by no more than this.
const EVENLY: f32 = 1.5;

/// Whether most lines are text whose blanks are stretched to fill the line: words in small letters, evenly apart.
fn is_stretched(lines: &[&Cut]) -> bool {
    let several = || lines.iter().filter(|l| l.chunks.len() >= 3);
    let stretched = |l: &&&Cut| {
        let gaps = l.chunks.windows(2).filter_map(|w| Some(w.get(1)?.x0() - w.first()?.x1()));
        let (least, most) = gaps.fold((f32::MAX, f32::MIN), |(a, b), g| (a.min(g), b.max(g)));
        let small = l.chunks.iter().filter(|c| c.ink.first().is_some_and(|i| i.ch.is_lowercase())).count();
        most <= EVENLY * least && small * 2 > l.chunks.len()
    };
    several().filter(stretched).count() * 2 > several().count()
}

/// So many entries tell a list of contents.
const ENTRIES: usize = 5;

/// Whether the lines are a list of contents without leaders: words, and at the end of each line the number of a page, none
/// lower than the one before.
fn is_contents(lines: &[&Cut]) -> bool {
    let entries: Vec<&Cut> = lines.iter().copied().filter(|l| l.chunks.len() >= 2).collect();
    let page = |l: &&Cut| {
        let text: String = l.chunks.last()?.ink.iter().map(|i| i.ch).collect();
        text.parse::<u16>().ok().filter(|n| (1..2_000).contains(n))
    };
    let pages: Vec<u16> = entries.iter().filter_map(page).collect();
    let words =
        |l: &&&Cut| l.chunks.iter().rev().skip(1).any(|c| c.ink.iter().filter(|i| i.ch.is_alphabetic()).count() >= 3);
    let figures = |l: &Cut| l.chunks.iter().skip(1).filter(|c| c.value).count();
    let rising = pages.windows(2).all(|w| matches!(w, [a, b] if a <= b));
    let mut distinct = pages.clone();
    distinct.dedup();
    entries.len() >= ENTRIES
        && pages.len() == entries.len()
        && rising
        && distinct.len() * 2 > pages.len()
        && entries.iter().all(|l| figures(l) <= 1)
        && entries.iter().filter(words).count() == entries.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::aligned::chunk_at;

    fn lines(pages: [&str; 6]) -> Vec<Cut> {
        let line = |(i, page): (u8, &str)| {
            let y = 100.0 + 12.0 * f32::from(i);
            Cut { base: y, size: 10.0, chunks: vec![chunk_at("heading", 50.0, y), chunk_at(page, 400.0, y)] }
        };
        (0u8..).zip(pages).map(line).collect()
    }

    #[test]
    fn rising_page_numbers_are_a_list_of_contents() {
        let (rising, falling) = (lines(["1", "3", "3", "8", "12", "20"]), lines(["9", "3", "3", "8", "12", "20"]));
        assert!(is_contents(&rising.iter().collect::<Vec<&Cut>>()));
        assert!(!is_contents(&falling.iter().collect::<Vec<&Cut>>()));
    }

    #[test]
    fn lines_flush_with_the_text_above_are_text() {
        let row = |y: f32, texts: &[(&str, f32)]| Cut {
            base: y,
            size: 10.0,
            chunks: texts.iter().map(|(t, x)| chunk_at(t, *x, y)).collect(),
        };
        let mut text = row(100.0, &[("textthatrunson", 50.0), ("end", 185.0)]);
        text.chunks.iter_mut().for_each(|c| c.running = true);
        let wide = row(112.0, &[("few", 50.0), ("wide", 110.0), ("gap", 185.0)]);
        assert!(is_in_text(&[text.clone(), wide.clone()], 1, 1));
        let table = |y: f32| row(y, &[("few", 80.0), ("wide", 110.0), ("gap", 150.0)]);
        assert!(!is_in_text(&[text, wide, table(124.0), table(136.0)], 1, 3));
    }
}
