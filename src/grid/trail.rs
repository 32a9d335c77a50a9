//! What the grid stage saw on a page, and why each region of it was or was not taken as a table: edges, crossings,
//! columns of text, lattices and stretches with a verdict. Plain values for people to look at; no stage reads them.

use super::gutters::Columns;
use super::ink::{Frame, Upright};
use super::lattice::{Lattice, REACH};
use super::rules::{Lines, Segment};
use super::spell::{self, InkLine};
use crate::geom::{Point, Rect};

/// What was seen on one page, on the page as it is seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trail {
    /// Page number, from 1.
    pub page: u32,
    /// Rules that run along lines of text, pieces joined: boxes without height.
    pub across: Vec<Rect>,
    /// Rules that stand across lines of text: boxes without width.
    pub down: Vec<Rect>,
    /// Where rules cross or meet; none on a page with too many rules.
    pub crossings: Vec<Point>,
    /// Gutters between columns of text, each as high as its columns: boxes without width.
    pub gutters: Vec<Rect>,
    /// What was weighed as a table, from top to bottom.
    pub regions: Vec<Region>,
}

/// A region that was weighed as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What drew attention to it.
    pub sight: Sight,
    /// Its box.
    pub bbox: Rect,
    /// What became of it.
    pub verdict: Verdict,
    /// The columns that were found: for a lattice between its borders, for a stretch around the ink.
    pub columns: Vec<Rect>,
    /// The borders of the rows that were found: boxes without height.
    pub rows: Vec<Rect>,
    /// How many of a stretch's lines were taken as headings.
    pub headings: usize,
}

/// What drew attention to a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Rules that cross.
    Lattice,
    /// Lines whose words stand apart, or that stand between rules.
    Stretch,
    /// What the file states.
    Tags,
    /// The page as a whole.
    Page,
}

/// What became of a region. Names never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Taken.
    Table,
    /// A lattice that is too small to stand alone.
    Piece,
    /// A lattice around others.
    Frame,
    /// A lattice around running text.
    Layout,
    /// A lattice of a chart.
    Drawing,
    /// A lattice with rows that no rule parts.
    Underruled,
    /// A lattice without ink.
    Empty,
    /// A lattice in whose place the file states a finer table.
    Stated,
    /// A stated table in whose place rules make one.
    Ruled,
    /// A stretch with one column.
    OneColumn,
    /// A stretch with too few lines of several columns.
    Sparse,
    /// A stretch whose texts are too long.
    Wordy,
    /// A stretch whose words keep to no columns.
    Scattered,
    /// A stretch whose words stand evenly apart: text set flush.
    Stretched,
    /// A stretch with hardly a figure.
    FewFigures,
    /// A stretch of labels of a chart.
    Axis,
    /// Text between rules that is no row of a table.
    BetweenRules,
    /// A list of contents.
    Contents,
    /// A page with too many lines.
    TooDense,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 19] = [
        Self::Table,
        Self::Piece,
        Self::Frame,
        Self::Layout,
        Self::Drawing,
        Self::Underruled,
        Self::Empty,
        Self::Stated,
        Self::Ruled,
        Self::OneColumn,
        Self::Sparse,
        Self::Wordy,
        Self::Scattered,
        Self::Stretched,
        Self::FewFigures,
        Self::Axis,
        Self::BetweenRules,
        Self::Contents,
        Self::TooDense,
    ];

    /// Its short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Piece => "piece",
            Self::Frame => "frame",
            Self::Layout => "layout",
            Self::Drawing => "drawing",
            Self::Underruled => "underruled",
            Self::Empty => "empty",
            Self::Stated => "stated",
            Self::Ruled => "ruled",
            Self::OneColumn => "one-column",
            Self::Sparse => "sparse",
            Self::Wordy => "wordy",
            Self::Scattered => "scattered",
            Self::Stretched => "stretched",
            Self::FewFigures => "few-figures",
            Self::Axis => "axis",
            Self::BetweenRules => "between-rules",
            Self::Contents => "contents",
            Self::TooDense => "too-dense",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Table => "Taken as a table.",
            Self::Piece => "One column, or text in hardly any cell: a table only where it goes on over pages.",
            Self::Frame => "It only frames other lattices.",
            Self::Layout => "It frames running text: the layout of the page, not a table.",
            Self::Drawing => "A chart: curves in its cells, or no row or column of labels and few cells with text.",
            Self::Underruled => "Its rules leave rows undivided, so its text is read by alignment instead.",
            Self::Empty => "No ink stands in its cells.",
            Self::Stated => "The file's own structure states a finer table in its place.",
            Self::Ruled => "The file states it, but rules make a table of the same ink.",
            Self::OneColumn => "All its lines share one column.",
            Self::Sparse => "Fewer than two of its lines hold text in several columns.",
            Self::Wordy => "Its texts are as long as prose.",
            Self::Scattered => "Too few of its words stand within the columns.",
            Self::Stretched => "Its words stand evenly apart in each line: text set flush on both sides.",
            Self::FewFigures => "Few of its words are figures, and the rest are too long or too few to be cells.",
            Self::Axis => "Half of its columns hold only what is in the last line: the labels of a chart.",
            Self::BetweenRules => "What stands between these rules is text as wide as they are, or has no columns.",
            Self::Contents => "Headings and rising page numbers, or dots that lead to them: a list of contents.",
            Self::TooDense => "The page holds more rules or words than any table, so not all tables were looked for.",
        }
    }

    /// Whether the region became a table, or part of one.
    #[must_use]
    pub fn is_table(self) -> bool {
        self == Self::Table
    }
}

impl std::fmt::Display for Region {
    /// What it was seen as, what was found in it, and what became of it.
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let sight = match self.sight {
            Sight::Lattice => "lattice",
            Sight::Stretch => "stretch",
            Sight::Tags => "tags",
            Sight::Page => "page",
        };
        write!(f, "{sight}: {}", self.verdict.name())?;
        if !self.columns.is_empty() {
            write!(f, ", {} columns", self.columns.len())?;
        }
        if !self.rows.is_empty() {
            write!(f, ", {} rows", self.rows.len() - 1)?;
        }
        if self.headings > 0 {
            write!(f, ", {} lines of heading", self.headings)?;
        }
        write!(f, ". {}", self.verdict.sentence())
    }
}

/// A verdict as the stage comes by it, in the upright frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) sight: Sight,
    pub(super) bbox: Rect,
    pub(super) verdict: Verdict,
    /// Left and right end of each column.
    pub(super) columns: Vec<(f32, f32)>,
    /// Borders of rows.
    pub(super) rows: Vec<f32>,
    /// Lines of heading.
    pub(super) headings: usize,
}

impl Seen {
    /// A region of which nothing but its box is known.
    pub(super) fn new(sight: Sight, bbox: Rect, verdict: Verdict) -> Self {
        Self { sight, bbox, verdict, columns: Vec::new(), rows: Vec::new(), headings: 0 }
    }

    /// A lattice and what became of it; its borders are kept where it was taken.
    pub(super) fn lattice(lattice: &Lattice, verdict: Verdict) -> Self {
        let mut seen = Self::new(Sight::Lattice, lattice.bbox(), verdict);
        if verdict.is_table() {
            seen.columns = lattice.xs.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect();
            seen.rows.clone_from(&lattice.ys);
        }
        seen
    }
}

/// More crossings than this are no help to anyone.
const MOST_CROSSINGS: usize = 20_000;

impl Trail {
    /// Puts together what was seen on a page; `loose` are the lines that are in no table.
    pub(super) fn of(page: &Upright, rules: &Lines, columns: &Columns, seen: &[Seen], loose: &[InkLine]) -> Self {
        let frame = page.frame;
        let mut seen: Vec<Seen> = seen.iter().cloned().chain(contents(loose)).collect();
        seen.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
        let across = |s: &Segment| frame.to_page(Rect::new(s.from, s.at, s.to, s.at));
        let down = |s: &Segment| frame.to_page(Rect::new(s.at, s.from, s.at, s.to));
        Self {
            page: page.number,
            across: rules.across.iter().map(across).collect(),
            down: rules.down.iter().map(down).collect(),
            crossings: crossings(rules).into_iter().map(|p| frame.to_page(p).center()).collect(),
            gutters: gutters(columns, page).into_iter().map(|r| frame.to_page(r)).collect(),
            regions: seen.into_iter().map(|s| Region::of(s, frame)).collect(),
        }
    }
}

impl Region {
    fn of(seen: Seen, frame: Frame) -> Self {
        let own = seen.bbox;
        let column = |(x0, x1): (f32, f32)| frame.to_page(Rect::new(x0, own.y0, x1, own.y1));
        let row = |y: f32| frame.to_page(Rect::new(own.x0, y, own.x1, y));
        Self {
            sight: seen.sight,
            bbox: frame.to_page(own),
            verdict: seen.verdict,
            columns: seen.columns.into_iter().map(column).collect(),
            rows: seen.rows.into_iter().map(row).collect(),
            headings: seen.headings,
        }
    }
}

/// Where rules cross, or stop short of crossing by no more than a lattice allows.
fn crossings(rules: &Lines) -> Vec<Rect> {
    let mut found = Vec::new();
    for h in &rules.across {
        let start = rules.down.partition_point(|v| v.at < h.from - REACH);
        let near = rules.down.iter().skip(start).take_while(|v| v.at <= h.to + REACH);
        let crossing = near.filter(|v| v.from - REACH <= h.at && h.at <= v.to + REACH);
        found.extend(crossing.map(|v| Rect::new(v.at, h.at, v.at, h.at)));
        if found.len() > MOST_CROSSINGS {
            return Vec::new();
        }
    }
    found
}

/// The gutters of every band, within the page.
fn gutters(columns: &Columns, page: &Upright) -> Vec<Rect> {
    let bands = columns.bands().iter();
    let gutter = |top: f32, bottom: f32, x: f32| Rect::new(x, top.max(0.0), x, bottom.min(page.height));
    bands.flat_map(|b| b.gutters.iter().map(move |x| gutter(b.top, b.bottom, *x))).collect()
}

/// So many dots in a row are a leader, and the number of a page has no more characters.
const LEADER: usize = 4;
const LONGEST_NUMBER: usize = 4;

/// Runs of lines in which dots lead from a heading to its page.
fn contents(lines: &[InkLine]) -> Vec<Seen> {
    let mut found: Vec<Seen> = Vec::new();
    let mut before = false;
    for line in lines {
        let leads = leads_to_page(line);
        match found.last_mut() {
            Some(run) if leads && before => run.bbox = run.bbox.union(&line.bbox()),
            _ if leads => found.push(Seen::new(Sight::Stretch, line.bbox(), Verdict::Contents)),
            _ => {}
        }
        before = leads;
    }
    found
}

/// Whether dots lead to no more than the number of a page.
fn leads_to_page(line: &InkLine) -> bool {
    let marks: Vec<char> = line.ink.iter().filter(|i| !i.is_blank()).map(|i| i.ch).collect();
    let leader = |w: &[char]| w.iter().all(|c| spell::is_leader(*c));
    marks.windows(LEADER).rposition(leader).is_some_and(|i| marks.len() - i - LEADER <= LONGEST_NUMBER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_have_names_of_their_own_and_a_sentence() {
        let mut names: Vec<&str> = Verdict::ALL.iter().map(|v| v.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Verdict::ALL.len());
        for verdict in Verdict::ALL {
            let sentence = verdict.sentence();
            assert!(sentence.ends_with('.') && sentence.matches(". ").count() == 0, "{sentence}");
        }
    }

    #[test]
    fn rules_that_stop_just_short_of_each_other_cross() {
        let s = |at: f32, from: f32, to: f32| Segment { at, from, to };
        let rules = Lines { across: vec![s(10.0, 0.0, 98.0), s(50.0, 0.0, 60.0)], down: vec![s(100.0, 10.0, 90.0)] };
        assert_eq!(crossings(&rules), vec![Rect::new(100.0, 10.0, 100.0, 10.0)]);
    }
}
