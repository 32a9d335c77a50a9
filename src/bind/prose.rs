//! Paragraphs outside tables, and the chapters they belong to.

use super::label::{Label, Labeller, SAME};
use super::{Paragraph, SectionReading};
use crate::form::Section;
use crate::grid::{Block, Line};
use crate::place::Place;
use std::ops::Range;

/// Longer lines are prose, whatever they begin with.
const LONGEST_HEADING: usize = 40;

/// A paragraph: a printed line with those that continue it.
#[derive(Debug, Clone)]
pub(super) struct Para {
    /// Its text, unwrapped.
    pub text: String,
    /// Where it begins.
    pub place: Place,
    /// Index of its first line in the document's blocks.
    pub item: usize,
    /// Whether its first line is marked or set as a heading.
    pub heading: bool,
    /// Whether its first line is centred.
    pub centred: bool,
}

/// Joins printed lines into paragraphs.
pub(super) fn paragraphs(items: &[Block]) -> Vec<Para> {
    let mut paras: Vec<Para> = Vec::new();
    let mut after_line = false;
    for (item, block) in items.iter().enumerate() {
        let Block::Line(line) = block else {
            after_line = false;
            continue;
        };
        match paras.last_mut().filter(|_| after_line && line.continues && !is_numbered_heading(&line.text)) {
            Some(para) => push_text(&mut para.text, &line.text),
            None => paras.push(start(line, item)),
        }
        after_line = true;
    }
    paras
}

/// Whether the line begins with a chapter number: printed flush left, it looks like the rest of a paragraph.
fn is_numbered_heading(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().take_while(|c| super::label::chinese_digit(*c).is_some()).count();
    (1..=3).contains(&digits) && text.chars().nth(digits) == Some('、') && text.chars().count() <= LONGEST_HEADING
}

fn start(line: &Line, item: usize) -> Para {
    Para {
        text: line.text.trim().to_owned(),
        place: line.place.clone(),
        item,
        heading: line.heading,
        centred: line.centred,
    }
}

/// Appends a continued line: a blank only between Latin words, as printed Chinese has none at line ends.
fn push_text(text: &mut String, more: &str) {
    let more = more.trim();
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    if joins(text.chars().last()) && joins(more.chars().next()) {
        text.push(' ');
    }
    text.push_str(more);
}

/// The headings of one form, ready to be compared.
pub(super) struct Headings<'a> {
    labeller: &'a Labeller,
    sections: Vec<(&'a Section, Vec<Label>)>,
}

/// A heading that was found.
#[derive(Debug, Clone)]
struct Found {
    para: usize,
    section: usize,
    number: String,
    title: String,
    /// Text behind the heading in the same paragraph.
    rest: String,
    /// A line of a table of contents.
    listed: bool,
}

impl<'a> Headings<'a> {
    pub(super) fn new(sections: &'a [Section], labeller: &'a Labeller) -> Self {
        let labels =
            |s: &'a Section| std::iter::once(&s.title).chain(&s.aliases).map(|t| labeller.label(t)).collect::<Vec<_>>();
        Self { labeller, sections: sections.iter().map(|s| (s, labels(s))).collect() }
    }

    /// The chapters of the report that stands in these blocks.
    pub(super) fn sections(&self, paras: &[Para], items: &Range<usize>) -> Vec<SectionReading> {
        let inside = |p: &Para| items.contains(&p.item);
        let mut found: Vec<Found> =
            paras.iter().enumerate().filter(|(_, p)| inside(p)).filter_map(|(i, p)| self.heading(i, p)).collect();
        self.keep_one_each(&mut found, paras, items.end);
        let ends: Vec<usize> = found.iter().skip(1).map(|f| f.para).collect();
        found
            .iter()
            .enumerate()
            .filter_map(|(i, heading)| {
                let end = ends.get(i).copied().unwrap_or(paras.len());
                let (section, _) = self.sections.get(heading.section)?;
                let own = paras.get(heading.para)?;
                let first = (!heading.rest.is_empty())
                    .then(|| Paragraph { text: heading.rest.clone(), place: own.place.clone() });
                let rest = paras
                    .get(heading.para + 1..end)?
                    .iter()
                    .filter(|p| inside(p))
                    .map(|p| Paragraph { text: p.text.clone(), place: p.place.clone() });
                Some(SectionReading {
                    number: heading.number.clone(),
                    id: section.id.clone(),
                    title: heading.title.clone(),
                    paragraphs: first.into_iter().chain(rest).collect(),
                    place: own.place.clone(),
                })
            })
            .collect()
    }

    /// Where the first chapter of the report begins in these paragraphs, as an index into them.
    pub(super) fn first(&self, paras: &[Para]) -> Option<usize> {
        paras.iter().enumerate().find_map(|(i, p)| self.heading(i, p)).map(|f| f.para)
    }

    /// Titles of all headings that are seen, in order.
    pub(super) fn seen(&self, paras: &[Para]) -> Vec<String> {
        let found = paras.iter().enumerate().filter_map(|(i, p)| self.heading(i, p));
        let mut titles: Vec<String> = found.map(|f| f.number + &f.title).collect();
        titles.dedup();
        titles
    }

    /// Of several headings for one section keeps the one that most text follows: others stand in a table of contents.
    fn keep_one_each(&self, found: &mut Vec<Found>, paras: &[Para], end: usize) {
        let lengths: Vec<usize> = found
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let next = found.get(i + 1).map_or(paras.len(), |n| n.para);
                let items = paras.get(next).map_or(end, |p| p.item) - paras.get(f.para).map_or(0, |p| p.item);
                if f.listed { 0 } else { items }
            })
            .collect();
        let best = |section: usize| {
            let of_section = found.iter().enumerate().filter(|(_, f)| f.section == section);
            // The last of equals: a table of contents comes first.
            of_section.max_by_key(|(i, _)| lengths.get(*i).copied()).map(|(i, _)| i)
        };
        let kept: Vec<usize> = (0..self.sections.len()).filter_map(best).collect();
        let mut index = 0..;
        found.retain(|_| index.next().is_some_and(|i| kept.contains(&i)));
    }

    fn heading(&self, para: usize, p: &Para) -> Option<Found> {
        let text = p.text.trim_matches(['【', '】', '[', ']', '〔', '〕', ' ']);
        let (head, rest) = match text.split_once(['。', '：', ':', '\n']) {
            Some((head, rest)) => (head, rest.trim()),
            None => (text, ""),
        };
        if head.chars().count() > LONGEST_HEADING {
            return None;
        }
        let (head, listed) = without_leader(head);
        let head = head.trim_matches(['【', '】', '[', ']', '〔', '〕', ' ']);
        let label = self.labeller.label(without_part(head));
        let scored = self.sections.iter().enumerate().map(|(i, (_, labels))| (i, label.best(labels)));
        let (section, score) = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
        if score < SAME {
            return None;
        }
        // （一）主动公开情况。全年… is a paragraph within a chapter; a heading of this form has the chapter's own number.
        let of_chapter = label.number.is_some() && label.number == number_of(section);
        let inner = !rest.is_empty() || head.starts_with(['(', '（']);
        if inner && !of_chapter && !(p.heading && rest.is_empty()) {
            return None;
        }
        let (number, title) = split_number(head);
        Some(Found { para, section, number, title, rest: rest.to_owned(), listed })
    }
}

/// The chapter number that goes with an index.
fn number_of(section: usize) -> Option<u32> {
    u32::try_from(section + 1).ok()
}

/// Cuts the dots and page number of a table of contents.
fn without_leader(head: &str) -> (&str, bool) {
    let cut = head.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let plain = cut.trim_end_matches(['.', '…', '·', '-', '—', '．', ' ', '\t']);
    let leader = cut.chars().count() - plain.chars().count();
    if leader >= 3 || cut.ends_with('…') { (plain, true) } else { (head, false) }
}

/// 第三部分 收到和处理…
fn without_part(head: &str) -> &str {
    let Some(rest) = head.strip_prefix('第') else { return head };
    match rest.find("部分").map(|at| (at, "部分")).or_else(|| rest.find('章').map(|at| (at, "章"))) {
        Some((at, word)) if at <= 9 => rest.get(at + word.len()..).unwrap_or(head),
        _ => head,
    }
}

/// The printed number of a heading, without its punctuation, and the title.
fn split_number(head: &str) -> (String, String) {
    let head = head.trim();
    let open = head.trim_start_matches(['（', '(']);
    let digits: String =
        open.chars().take_while(|c| c.is_ascii_digit() || super::label::chinese_digit(*c).is_some()).collect();
    let rest = open.get(digits.len()..).unwrap_or("");
    let title = rest.trim_start_matches(['）', ')', '、', '.', '．', ',', '，', ' ', '\u{3000}']);
    if digits.is_empty() || title.len() == rest.len() {
        return (String::new(), head.to_owned());
    }
    (digits, title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_split_into_number_and_title() {
        assert_eq!(split_number("一、总体情况"), ("一".into(), "总体情况".into()));
        assert_eq!(split_number("（二）主动公开"), ("二".into(), "主动公开".into()));
        assert_eq!(split_number("1. 总体情况"), ("1".into(), "总体情况".into()));
        assert_eq!(split_number("总体情况"), (String::new(), "总体情况".into()));
        assert_eq!(split_number("一般情况"), (String::new(), "一般情况".into()));
    }

    #[test]
    fn a_line_of_contents_is_told_from_a_heading() {
        assert_eq!(without_leader("一、总体情况........................1"), ("一、总体情况", true));
        assert_eq!(without_leader("一、总体情况"), ("一、总体情况", false));
        assert_eq!(without_part("第三部分 其他"), " 其他");
    }
}
