//! Pages of ink in, blocks in reading order out: the order of the steps for paged documents.
//!
//! ```text
//! page -upright-> ink, rules -lattice-> drafts of tables, loose ink -lines-> loose lines -furniture-> content
//!      -tagged-> stated tables -aligned-> more drafts -join-> tables over pages, lines
//! ```

use super::Block;
use super::aligned::{self, OnPage, Spacing};
use super::beside;
use super::divide;
use super::draft::Draft;
use super::drawing;
use super::furniture::{self, Candidate, PageLines};
use super::given;
use super::gutters::Columns;
use super::ink::{Frame, Ink, Upright};
use super::join::Table;
use super::lattice::{self, InkCenters, Lattice, TooDense};
use super::overflow::{self, Assigned};
use super::prose::{self, Measure, Printed};
use super::rules::{self, Lines, Segment};
use super::spell::{self, InkLine};
use super::tagged::{self, Tagged, TaggedPart};
use super::trail::{Seen, Sight, Trail, Verdict};
use super::underruled::is_underruled;
use crate::finding::{Code, Finding, Findings};
use crate::geom::Rect;
use crate::page::{Page, Turn};
use crate::place::Place;
use crate::text::Text;

/// More separate lattices than this on one page are a drawing.
const MOST_LATTICES: usize = 400;

/// A page on its way to blocks.
#[derive(Debug)]
struct Sheet {
    page: Upright,
    rules: Lines,
    drafts: Vec<Boxed>,
    /// Tables that the file states and the page bears out, which begin here, and the boxes of all such that are here.
    stated: Vec<Table>,
    boxes: Vec<Rect>,
    loose: Vec<InkLine>,
    /// The columns of text that the loose lines are set in.
    columns: Columns,
    /// Sideways text outside tables.
    sideways: Vec<Ink>,
    /// The text of drawings.
    labels: Vec<InkLine>,
    /// It holds too much to look for all tables.
    dense: bool,
    /// What was weighed as a table.
    seen: Vec<Seen>,
}

/// A ruled draft and the ink in it, which becomes lines when the draft turns out to be no table.
#[derive(Debug)]
struct Boxed {
    draft: Draft,
    ink: Vec<Ink>,
}

/// Where lattices are many, text that runs out of one is not looked for.
const FEW_LATTICES: usize = 20;
/// How far from a lattice, in em, text may have run out of it.
const AROUND: f32 = 5.0;

/// What stands on a page, from top to bottom.
#[derive(Debug)]
enum Item {
    Line(Printed),
    Draft(Draft, Vec<Printed>),
    Stated(Table),
}

/// Finds the lines and tables of all pages.
pub(super) fn build(pages: &[Page], findings: &mut Findings) -> Vec<Block> {
    let sheets = sheets(pages);
    findings.extend(sheets.iter().filter(|s| s.dense).map(|s| too_dense(s.page.number)));
    let items: Vec<Vec<Item>> = sheets.into_iter().map(Sheet::into_items).collect();
    blocks(items)
}

/// What was seen on all pages.
pub(super) fn trails(pages: &[Page]) -> Vec<Trail> {
    sheets(pages).iter().map(Sheet::trail).collect()
}

/// The pages with the tables found on each.
fn sheets(pages: &[Page]) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = pages.iter().map(Sheet::new).collect();
    take_tagged(&mut sheets, pages);
    drop_furniture(&mut sheets);
    find_aligned(&mut sheets);
    sheets
}

impl Sheet {
    fn new(page: &Page) -> Self {
        let page = Upright::of(page);
        let rules = rules::join(&page.rules);
        let mut seen = Vec::new();
        let (kept, dense) = match lattices(&page, &rules, &mut seen) {
            Ok(kept) => (kept, false),
            Err(TooDense) => (Vec::new(), true),
        };
        let alone = kept.len() == 1;
        let (inside, outside) = distribute(&page.ink, &kept);
        let drawn = if page.given { vec![false; kept.len()] } else { drawing::mark(&kept, &inside, &page.shapes) };
        let drawings: Vec<Rect> = kept.iter().zip(&drawn).filter(|(_, d)| **d).map(|(l, _)| l.bbox()).collect();
        let (mut labels, mut outside) = drawing::take(outside, &drawings);
        let many = kept.len() > FEW_LATTICES;
        let mut drafts = Vec::new();
        for ((mut lattice, mut ink), drawn) in kept.into_iter().zip(inside).zip(drawn) {
            let refused = if drawn { Some(Verdict::Drawing) } else { no_cells(&page, &lattice, &ink) };
            if let Some(verdict) = refused {
                seen.push(Seen::lattice(&lattice, verdict));
                if drawn { &mut labels } else { &mut outside }.extend(ink);
                continue;
            }
            if page.given && alone {
                given::complete(&mut lattice, &mut ink, &mut outside);
            } else if !many {
                beside::take_labels(&mut lattice, &mut ink, &mut outside);
            }
            let bbox = lattice.bbox();
            let around = if many { Vec::new() } else { take_around(&mut outside, bbox) };
            let assigned = overflow::assign(&lattice, &ink, around);
            outside.extend(assigned.left.iter().copied());
            ink.extend(assigned.ink.iter().flatten().filter(|i| !bbox.contains(i.rect.center())));
            if ink.iter().any(|i| !i.is_blank()) {
                let (lattice, assigned) = divided(lattice, assigned, &ink);
                let draft = Draft::of_lattice(&page, &lattice, &assigned);
                let verdict = if draft.stands_alone() { Verdict::Table } else { Verdict::Piece };
                seen.push(Seen::lattice(&lattice, verdict));
                drafts.push(Boxed { draft, ink });
            } else {
                seen.push(Seen::lattice(&lattice, Verdict::Empty));
            }
        }
        let (upright, sideways): (Vec<Ink>, Vec<Ink>) = outside.into_iter().partition(|i| i.turn == Turn::None);
        let loose = spell::lines(upright);
        let labels = spell::lines(labels.into_iter().filter(|i| i.turn == Turn::None));
        Self {
            page,
            rules,
            drafts,
            stated: Vec::new(),
            boxes: Vec::new(),
            loose,
            columns: Columns::default(),
            sideways,
            labels,
            dense,
            seen,
        }
    }

    /// Takes out the lines that look like tables.
    fn take_stretches(&mut self, body_size: f32) -> OnPage {
        let in_lattice = |y: f32, x: f32| {
            self.table_boxes().any(|r| x > r.x0 - 2.0 && x < r.x1 + 2.0 && y > r.y0 - 2.0 && y < r.y1 + 2.0)
        };
        let middle = |r: &Segment| f32::midpoint(r.from, r.to);
        let free = Lines {
            across: self.rules.across.iter().copied().filter(|r| !in_lattice(r.at, middle(r))).collect(),
            down: self.rules.down.iter().copied().filter(|r| !in_lattice(middle(r), r.at)).collect(),
        };
        if !self.page.given {
            self.columns = Columns::of(&self.loose, &free.across);
        }
        let spacing = Spacing::of(&self.loose);
        let mut stretches = Vec::new();
        let mut loose = Vec::new();
        for (rank, mut lines) in self.columns.part(std::mem::take(&mut self.loose)) {
            let near = |x: f32, y: f32| self.columns.rank(Rect::new(x, y, x, y)) == rank;
            let own = Lines {
                across: free.across.iter().copied().filter(|r| near(middle(r), r.at)).collect(),
                down: free.down.iter().copied().filter(|r| near(r.at, middle(r))).collect(),
            };
            let rules = if self.columns.is_one() { &free } else { &own };
            let whole = if self.page.given { aligned::given(&mut lines, rules, &spacing) } else { None };
            let found = match whole {
                Some(whole) => Ok(vec![whole]),
                None => aligned::find(&mut lines, rules, &spacing, body_size, &mut self.seen),
            };
            match found {
                Ok(found) => stretches.extend(found),
                Err(TooDense) => self.dense = true,
            }
            loose.extend(lines);
        }
        self.loose = loose;
        let others: Vec<Rect> = self.loose.iter().map(InkLine::bbox).chain(self.table_boxes()).collect();
        let (first, last) =
            (stretches.first().map(aligned::Stretch::bbox), stretches.last().map(aligned::Stretch::bbox));
        OnPage {
            at_top: first.is_some_and(|f| others.iter().all(|o| o.y0 > f.y0)),
            at_bottom: last.is_some_and(|l| others.iter().all(|o| o.y1 < l.y1)),
            stretches,
        }
    }

    fn trail(&self) -> Trail {
        let whole = Rect::new(0.0, 0.0, self.page.width, self.page.height);
        let dense = self.dense.then(|| Seen::new(Sight::Page, whole, Verdict::TooDense));
        let seen: Vec<Seen> = self.seen.iter().cloned().chain(dense).collect();
        Trail::of(&self.page, &self.rules, &self.columns, &seen, &self.loose)
    }

    /// Whether the part of a stated table can be taken out: rules bound no table in its place, or one that is much
    /// coarser, and no ruled table holds other ink besides.
    fn can_give(&self, part: &TaggedPart) -> bool {
        let marks = |ink: &[Ink]| -> (usize, usize) {
            let all = ink.iter().filter(|i| !i.is_blank());
            let own = all.clone().filter(|i| part.has(i.run)).count();
            (own, all.count() - own)
        };
        let all = marks(&self.page.ink).0;
        let (mut ruled, mut rows, mut columns) = (0, 0, 0);
        for boxed in &self.drafts {
            let (own, other) = marks(&boxed.ink);
            if own == 0 {
                continue;
            }
            if other > 0 {
                return false;
            }
            if boxed.draft.stands_alone() {
                ruled += own;
                rows += boxed.draft.rows;
                columns = columns.max(boxed.draft.columns());
            }
        }
        ruled * 2 <= all || rows * 2 <= part.rows || columns * 2 <= part.columns
    }

    /// Takes out the ink of a part of a stated table.
    fn give(&mut self, part: &TaggedPart) {
        let seen = &mut self.seen;
        self.drafts.retain(|b| {
            let given = b.ink.iter().any(|i| !i.is_blank() && part.has(i.run));
            if given {
                seen.iter_mut().filter(|s| s.bbox == b.draft.bbox).for_each(|s| s.verdict = Verdict::Stated);
            }
            !given
        });
        seen.push(Seen::new(Sight::Tags, part.bbox, Verdict::Table));
        // The lines are spelled anew from what is left.
        let rest = self.loose.drain(..).flat_map(|line| line.ink).filter(|i| !part.has(i.run));
        self.loose = spell::lines(rest);
        self.sideways.retain(|i| !part.has(i.run));
        self.boxes.push(part.bbox);
    }

    /// Boxes of the tables found so far.
    fn table_boxes(&self) -> impl Iterator<Item = Rect> {
        self.drafts.iter().map(|b| b.draft.bbox).chain(self.boxes.iter().copied())
    }

    fn printed(&self, line: &InkLine) -> Printed {
        Printed::new(line, self.page.number, self.page.width, self.page.frame)
    }

    fn into_items(mut self) -> Vec<Item> {
        let mut items = Vec::new();
        for boxed in std::mem::take(&mut self.drafts) {
            let prose = if boxed.draft.stands_alone() {
                Vec::new()
            } else {
                let upright = boxed.ink.into_iter().filter(|i| i.turn == Turn::None);
                spell::lines(upright).iter().map(|l| self.printed(l)).collect()
            };
            items.push(Item::Draft(boxed.draft, prose));
        }
        for line in std::mem::take(&mut self.loose) {
            items.push(Item::Line(self.printed(&line)));
        }
        for line in std::mem::take(&mut self.labels) {
            items.push(Item::Line(self.printed(&line)));
        }
        items.extend(turned_lines(&self.page, &self.sideways).into_iter().map(Item::Line));
        items.extend(self.stated.into_iter().map(Item::Stated));
        let columns = self.columns;
        items.sort_by(|a, b| columns.rank(a.bbox()).cmp(&columns.rank(b.bbox())).then(a.top().total_cmp(&b.top())));
        items
    }
}

impl Item {
    fn bbox(&self) -> Rect {
        match self {
            Self::Line(line) => line.bbox,
            Self::Draft(draft, _) => draft.bbox,
            Self::Stated(table) => table.bbox(),
        }
    }

    fn top(&self) -> f32 {
        match self {
            Self::Line(line) => line.bbox.center().y,
            Self::Draft(draft, _) => draft.bbox.y0,
            Self::Stated(table) => table.bbox().y0,
        }
    }
}

fn too_dense(page: u32) -> Finding {
    let message = Text::new(
        format!("page {page} holds more lines or words than any table: not all tables were looked for"),
        format!("第{page}页线条或文字过密，未查找全部表格"),
    );
    Finding::new(Code::PageTooDense, message).at(Some(Place::Page { page, bbox: Rect::default() }))
}

/// The lattices of a page that may be tables.
fn lattices(page: &Upright, rules: &Lines, seen: &mut Vec<Seen>) -> Result<Vec<Lattice>, TooDense> {
    if rules.across.is_empty() || rules.down.is_empty() {
        return Ok(Vec::new());
    }
    let centers = InkCenters::new(page.ink.iter().filter(|i| !i.is_blank()).map(|i| {
        let center = i.rect.center();
        (center.x, center.y)
    }));
    let kept = without_frames(lattice::find(rules, &centers)?, seen)?;
    Ok(if page.given { given::stack(kept) } else { kept })
}

/// Leaves out lattices that only frame others, and all of them when there are too many for tables.
fn without_frames(mut lattices: Vec<Lattice>, seen: &mut Vec<Seen>) -> Result<Vec<Lattice>, TooDense> {
    lattices.retain(|l| {
        let b = l.bbox();
        l.cells.len() > 1 || (b.width() > 40.0 && b.height() > 8.0)
    });
    if lattices.len() > MOST_LATTICES {
        return Err(TooDense);
    }
    let boxes: Vec<(Rect, usize)> = lattices.iter().map(|l| (l.bbox(), l.cells.len())).collect();
    let frames: Vec<bool> = boxes
        .iter()
        .map(|(outer, cells)| {
            boxes.iter().any(|(inner, more)| {
                more > cells && *cells <= 12 && outer.contains(inner.center()) && inner.area() < outer.area()
            })
        })
        .collect();
    let mut frames = frames.into_iter();
    lattices.retain(|l| {
        let frame = frames.next().unwrap_or(false);
        seen.extend(frame.then(|| Seen::lattice(l, Verdict::Frame)));
        !frame
    });
    Ok(lattices)
}

/// Divides cells whose texts stand in columns of their own.
fn divided(mut lattice: Lattice, assigned: Assigned, ink: &[Ink]) -> (Lattice, Assigned) {
    let before = lattice.cells.len();
    divide::divide(&mut lattice, &assigned.ink);
    if lattice.cells.len() == before {
        return (lattice, assigned);
    }
    let again = overflow::assign(&lattice, ink, Vec::new());
    (lattice, again)
}

/// Why the lattice's cells are not those of a table.
fn no_cells(page: &Upright, lattice: &Lattice, ink: &[Ink]) -> Option<Verdict> {
    let layout = || (!page.given && is_layout(lattice, ink)).then_some(Verdict::Layout);
    is_underruled(lattice, ink).then_some(Verdict::Underruled).or_else(layout)
}

/// A frame of the page's layout holds at least so many lines of text in one cell.
const LINES_OF_LAYOUT: usize = 10;

/// Whether the lattice is a frame around text: one row, most of it in one cell that holds many lines.
fn is_layout(lattice: &Lattice, ink: &[Ink]) -> bool {
    let [first, .., last] = lattice.ys.as_slice() else { return false };
    let boxes = || lattice.cells.iter().map(|c| lattice.cell_box(*c));
    let Some(own) = boxes().max_by(|a, b| a.area().total_cmp(&b.area())) else { return false };
    let tall = own.height() > 0.8 * (last - first) && lattice.cells.len() <= 4;
    let lines = || spell::lines(ink.iter().filter(|i| own.contains(i.rect.center()) && i.turn == Turn::None).copied());
    tall && lines().iter().filter(|l| spell::is_running(&l.ink, l.size)).count() >= LINES_OF_LAYOUT
}

/// Parts the ink into that of each lattice and the rest.
fn distribute(ink: &[Ink], lattices: &[Lattice]) -> (Vec<Vec<Ink>>, Vec<Ink>) {
    let boxes: Vec<Rect> = lattices.iter().map(Lattice::bbox).collect();
    let mut inside = vec![Vec::new(); lattices.len()];
    let mut outside = Vec::new();
    for glyph in ink {
        let center = glyph.rect.center();
        // The smallest box wins where one stands in another.
        let holder = boxes
            .iter()
            .enumerate()
            .filter(|(_, b)| b.contains(center))
            .min_by(|(_, a), (_, b)| a.area().total_cmp(&b.area()))
            .map(|(i, _)| i);
        match holder.and_then(|i| inside.get_mut(i)) {
            Some(list) => list.push(*glyph),
            None => outside.push(*glyph),
        }
    }
    (inside, outside)
}

/// Takes the ink right above and below a lattice.
fn take_around(outside: &mut Vec<Ink>, bbox: Rect) -> Vec<Ink> {
    let near = |i: &Ink| {
        let center = i.rect.center();
        let reach = AROUND * i.size;
        center.x > bbox.x0 && center.x < bbox.x1 && center.y > bbox.y0 - reach && center.y < bbox.y1 + reach
    };
    let (around, rest) = std::mem::take(outside).into_iter().partition(near);
    *outside = rest;
    around
}

/// Lines of sideways text outside tables, each way by itself.
fn turned_lines(page: &Upright, ink: &[Ink]) -> Vec<Printed> {
    let mut found = Vec::new();
    for turn in [Turn::Right, Turn::Half, Turn::Left] {
        let frame = Frame::new(turn, 0.0, 0.0);
        for line in spell::lines(ink.iter().filter(|i| i.turn == turn).map(|i| i.seen_in(frame))) {
            let mut printed = Printed::new(&line, page.number, page.width, page.frame);
            printed.bbox = frame.to_page(printed.bbox);
            found.push(printed);
        }
    }
    found
}

/// Takes in the tables that the file states and the pages bear out, unless rules make the same tables.
fn take_tagged(sheets: &mut [Sheet], pages: &[Page]) {
    let seen: Vec<_> = pages.iter().zip(&*sheets).map(|(page, sheet)| (page.tables.as_slice(), &sheet.page)).collect();
    for Tagged { table, parts } in tagged::find(&seen).into_iter().filter_map(Result::ok) {
        if !parts.iter().all(|part| sheets.get(part.page).is_some_and(|sheet| sheet.can_give(part))) {
            for part in &parts {
                let seen = Seen::new(Sight::Tags, part.bbox, Verdict::Ruled);
                sheets.get_mut(part.page).into_iter().for_each(|sheet| sheet.seen.push(seen.clone()));
            }
            continue;
        }
        for part in &parts {
            if let Some(sheet) = sheets.get_mut(part.page) {
                sheet.give(part);
            }
        }
        if let Some(sheet) = parts.first().and_then(|part| sheets.get_mut(part.page)) {
            sheet.stated.push(table);
        }
    }
}

/// Finds the tables that rules do not enclose, among what is left.
fn find_aligned(sheets: &mut [Sheet]) {
    let body = body_size(sheets);
    let mut on_pages: Vec<OnPage> = sheets.iter_mut().map(|sheet| sheet.take_stretches(body)).collect();
    let pages: Vec<(&Upright, OnPage)> =
        sheets.iter().zip(&mut on_pages).map(|(s, on)| (&s.page, std::mem::take(on))).collect();
    let made = aligned::drafts(pages);
    for (sheet, drafts) in sheets.iter_mut().zip(made) {
        for made in drafts {
            sheet.seen.push(made.seen);
            match made.draft {
                Ok(draft) => sheet.drafts.push(Boxed { draft, ink: Vec::new() }),
                Err(ink) => {
                    // Back among the lines it came from: the line is spelled anew from all its glyphs.
                    let mut all: Vec<Ink> = sheet.loose.drain(..).flat_map(|l| l.ink).collect();
                    all.extend(ink);
                    sheet.loose = sheet.columns.part(spell::lines(all)).into_iter().flat_map(|(_, l)| l).collect();
                }
            }
        }
    }
}

/// The size that most of the loose text is set in.
fn body_size(sheets: &[Sheet]) -> f32 {
    let whole = sheets.iter().flat_map(|s| &s.loose).filter(|l| l.ink.len() > 20 && l.chunks() == 1);
    let mut sizes: Vec<f32> = whole.map(|l| l.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or_default()
}

/// Takes running headers, footers and page numbers away.
fn drop_furniture(sheets: &mut [Sheet]) {
    if sheets.iter().any(|s| s.page.given) {
        return;
    }
    let pages: Vec<PageLines> = sheets
        .iter()
        .map(|sheet| PageLines {
            height: sheet.page.height,
            lines: sheet
                .loose
                .iter()
                .map(|l| Candidate { text: l.spelled().text, bbox: l.bbox(), chunks: l.chunks() })
                .collect(),
            tables: sheet.table_boxes().collect(),
        })
        .collect();
    for (sheet, marks) in sheets.iter_mut().zip(furniture::mark(&pages)) {
        let mut marks = marks.into_iter();
        sheet.loose.retain(|_| !marks.next().unwrap_or(false));
    }
}

/// Joins tables over pages and states the lines.
fn blocks(pages: Vec<Vec<Item>>) -> Vec<Block> {
    let all = pages.iter().flatten().filter_map(Item::line);
    let document = Measure::of(all, None);
    let measures: Vec<Measure> =
        pages.iter().map(|p| Measure::of(p.iter().filter_map(Item::line), Some(document))).collect();
    let mut writer = Writer::default();
    for (items, measure) in pages.into_iter().zip(measures) {
        writer.measure = measure;
        for (i, item) in items.into_iter().enumerate() {
            match item {
                Item::Line(line) => writer.line(line),
                Item::Draft(draft, prose) => writer.draft(draft, prose, i == 0),
                Item::Stated(table) => writer.stated(table),
            }
        }
    }
    writer.flush();
    writer.blocks
}

impl Item {
    fn line(&self) -> Option<&Printed> {
        match self {
            Self::Line(line) => Some(line),
            Self::Draft(..) | Self::Stated(_) => None,
        }
    }
}

/// Writes blocks; holds back the last table until it is known whether it goes on.
#[derive(Debug, Default)]
struct Writer {
    blocks: Vec<Block>,
    measure: Measure,
    before: Option<Printed>,
    open: Option<(Table, Vec<Printed>)>,
}

impl Writer {
    fn line(&mut self, line: Printed) {
        self.flush();
        self.write_line(line);
    }

    fn write_line(&mut self, line: Printed) {
        self.blocks.push(Block::Line(prose::state(&line, self.before.as_ref(), self.measure)));
        self.before = Some(line);
    }

    /// A draft; `first` when nothing stands above it on its page.
    fn draft(&mut self, draft: Draft, prose: Vec<Printed>, first: bool) {
        if let Some((table, lines)) = self.open.as_mut()
            && first
            && table.goes_on_in(&draft)
        {
            table.append(draft);
            lines.extend(prose);
            return;
        }
        self.flush();
        self.open = Some((Table::new(draft), prose));
    }

    /// A table that is whole.
    fn stated(&mut self, table: Table) {
        self.flush();
        self.blocks.push(Block::Grid(table.into_grid()));
        self.before = None;
    }

    fn flush(&mut self) {
        let Some((table, lines)) = self.open.take() else { return };
        if table.stands_alone() {
            self.blocks.push(Block::Grid(table.into_grid()));
            self.before = None;
        } else {
            for line in lines {
                self.write_line(line);
            }
        }
    }
}
