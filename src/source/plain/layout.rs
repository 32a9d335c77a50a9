//! Plain text in, lines and tables out: rows are lines cut by tabs, pipes, box-drawing bars, or runs of blanks.
//!
//! Tabs and pipes state cells; runs of blanks only show their order. A single row is a table only when its separators
//! stand between words; indented or letter-spaced prose stays prose.

use super::columns::is_value;
use super::{Flow, Row, Stated, cut, numbered};
use crate::error::Result;

/// What separates the cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Tab,
    Pipe,
    Blanks,
    None,
}

/// Prose that merely begins with a tab is longer than a label.
const LONGEST_LABEL: usize = 60;

/// Bytes of a line beyond which it is no row printed with blanks.
const LONGEST_PRINTED: usize = 4096;

/// Reads a plain text.
pub(super) fn read(text: &str, flow: &mut Flow<'_>) -> Result<()> {
    let mut block = Block::default();
    let mut blank_before = false;
    for (number, line) in numbered(text) {
        if line.trim().is_empty() && !line.contains('\t') {
            blank_before = true;
            continue;
        }
        if is_rule(line) {
            continue;
        }
        let separator = separator(line);
        flow.spend(most_cells(line, separator))?;
        let cells = cells(line, separator);
        if block.takes(separator, &cells, blank_before) {
            block.push(number, line, cells, separator);
        } else {
            block.flush(flow)?;
            if separator == Separator::None {
                flow.line(line, number, None)?;
            } else {
                block.push(number, line, cells, separator);
            }
        }
        blank_before = false;
    }
    block.flush(flow)
}

/// Lines in a row that may be a table.
#[derive(Default)]
struct Block<'a> {
    separator: Option<Separator>,
    rows: Vec<Row>,
    /// The lines as they are, should they prove to be none.
    lines: Vec<&'a str>,
}

impl<'a> Block<'a> {
    /// Whether the next line goes on with this table. A blank line ends it unless the row after it is built alike.
    fn takes(&self, separator: Separator, cells: &[Stated], blank_before: bool) -> bool {
        let Some(last) = self.rows.last() else { return false };
        let alike = last.cells.len() == cells.len();
        match self.separator {
            // A band or a wrapped label between rows has no second cell; a sentence is no label.
            Some(Separator::Blanks) if separator == Separator::None => {
                !blank_before && cells.first().is_some_and(|c| is_band(&c.text)) && last.cells.len() > 1
            }
            current => current == Some(separator) && (!blank_before || alike),
        }
    }

    fn push(&mut self, number: u32, line: &'a str, cells: Vec<Stated>, separator: Separator) {
        self.separator.get_or_insert(separator);
        self.rows.push(Row { line: number, cells });
        self.lines.push(line);
    }

    /// Hands the rows on: as a table when they are one, as lines otherwise.
    fn flush(&mut self, flow: &mut Flow<'_>) -> Result<()> {
        let Some(separator) = self.separator.take() else { return Ok(()) };
        let (mut rows, mut lines) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.lines));
        // Trailing single cells are lines below the table.
        let body = rows.iter().rposition(|row| filled(row) > 1).map_or(0, |last| last + 1);
        let enough = match separator {
            Separator::Blanks => rows.iter().filter(|row| row.cells.len() > 1).count() > 1,
            _ => body > 0,
        };
        let keep = match (enough, separator) {
            (false, _) => 0,
            (true, Separator::Blanks) => body,
            (true, _) => rows.len(),
        };
        let rest = rows.split_off(keep);
        let rest_lines = lines.split_off(keep);
        flow.table(rows, separator != Separator::Blanks)?;
        rest.iter().zip(rest_lines).try_for_each(|(row, line)| flow.line(line, row.line, None))
    }
}

fn filled(row: &Row) -> usize {
    row.cells.iter().filter(|cell| !cell.text.is_empty()).count()
}

/// Short words without the end of a sentence.
fn is_band(text: &str) -> bool {
    text.chars().count() <= LONGEST_LABEL && !text.ends_with(['。', '；', '：', ';', ':'])
}

/// A line of nothing but rules: the frame of a table drawn with characters.
fn is_rule(line: &str) -> bool {
    let ink = line.trim();
    let drawn = |c: char| ('─'..='╿').contains(&c) || "-=+|_ ".contains(c);
    ink.chars().count() > 2
        && ink.chars().all(drawn)
        && ink.contains(['-', '─', '═', '━', '=', '_'])
        && !ink.split(['|', '│']).any(|piece| matches!(piece.trim(), "-" | "--"))
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜' | '│' | '┃' | '║')
}

/// What separates the cells of this line, if it is a row at all.
fn separator(line: &str) -> Separator {
    if line.matches(is_bar).count() > 1 {
        return Separator::Pipe;
    }
    if line.contains('\t') {
        // One tab in front is an indent, unless what follows may be a label.
        let indented = !line.trim_start().contains('\t');
        let prose = indented && !is_band(line.trim());
        return if prose { Separator::None } else { Separator::Tab };
    }
    if line.len() <= LONGEST_PRINTED && by_blanks(line).len() > 1 { Separator::Blanks } else { Separator::None }
}

/// How many cells the line may have, told before any is made.
fn most_cells(line: &str, separator: Separator) -> usize {
    match separator {
        Separator::Tab => line.matches('\t').count(),
        Separator::Pipe => line.matches(is_bar).count(),
        Separator::Blanks => line.len() / 3,
        Separator::None => 0,
    }
}

fn cells(line: &str, separator: Separator) -> Vec<Stated> {
    match separator {
        Separator::Tab => cut(line, |c| c == '\t'),
        Separator::Pipe => {
            let mut cells = cut(line, is_bar);
            // Bars at both ends are the frame.
            if line.trim_end().ends_with(is_bar) {
                cells.pop();
            }
            if line.trim_start().starts_with(is_bar) {
                cells.remove(0);
            }
            cells
        }
        Separator::Blanks => by_blanks(line),
        Separator::None => vec![Stated { text: line.trim().to_owned(), column: 1 }],
    }
}

/// Cells between runs of two or more blanks; where there are none, figures at the end of the line are cells.
fn by_blanks(line: &str) -> Vec<Stated> {
    let mut cells: Vec<Stated> = Vec::new();
    let mut gap = usize::MAX;
    for (at, c) in line.chars().enumerate() {
        if c.is_whitespace() {
            gap = gap.saturating_add(1);
            continue;
        }
        match cells.last_mut().filter(|_| gap < 2) {
            Some(cell) => {
                if gap == 1 {
                    cell.text.push(' ');
                }
                cell.text.push(c);
            }
            None => cells.push(Stated { text: c.to_string(), column: super::from_one(at) }),
        }
        gap = 0;
    }
    match cells.as_slice() {
        [only] => figures_at_end(only).unwrap_or(cells),
        _ => cells,
    }
}

/// `规章 0 0 0`: a label and two or more figures with single blanks between them.
fn figures_at_end(cell: &Stated) -> Option<Vec<Stated>> {
    let words: Vec<&str> = cell.text.split(' ').collect();
    let label = words.iter().rposition(|word| !is_value(word)).map_or(0, |last| last + 1);
    if words.len() < label + 2 {
        return None;
    }
    let (label, figures) = words.split_at(label);
    let label = label.join(" ");
    let mut column = cell.column;
    let mut cells = Vec::with_capacity(figures.len() + 1);
    let texts = (!label.is_empty()).then_some(label.as_str()).into_iter().chain(figures.iter().copied());
    for text in texts {
        cells.push(Stated { text: text.to_owned(), column });
        column = column.saturating_add(super::from_one(text.chars().count()));
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use crate::page::Format;
    use crate::source::plain::tests::shown;

    fn text(s: &str) -> Vec<String> {
        shown(s, Format::Text)
    }

    #[test]
    fn tabs_state_cells_and_prose_stays_prose() {
        assert_eq!(text("\t2025年，我局公开信息。\n第二段"), ["2025年，我局公开信息。", "第二段"]);
        assert_eq!(text("说明\n甲\t乙\n1\t\n\n后文"), ["说明", "P[甲|乙 / 1|]", "后文"]);
        assert_eq!(text("甲\t乙\n\n1\t2\n\n丙\t丁\t戊"), ["P[甲|乙 / 1|2]", "P[丙|丁|戊]"]);
    }

    #[test]
    fn drawn_tables() {
        let drawn = "┌───┬───┐\n│ 甲 │ 乙 │\n├───┼───┤\n│ 1 │   │\n└───┴───┘";
        assert_eq!(text(drawn), ["P[甲|乙 / 1|]"]);
        assert_eq!(text("+---+---+\n| a | b |\n+---+---+\n| - | - |\n"), ["P[a|b / -|-]"]);
    }

    #[test]
    fn runs_of_blanks_show_only_the_order() {
        let printed = "      第二十条第（一）项\n信息内容    制发    废止\n规章        0       0\n  第二十条第（五）项\n行政许可    5\n  注：无。";
        assert_eq!(
            text(printed),
            ["第二十条第（一）项", "O[信息内容|制发|废止 / 规章|0|0 / 第二十条第（五）项 / 行政许可|5]", "注：无。"]
        );
        assert_eq!(text("　　总　　体　　情　　况"), ["总 体 情 况"]);
    }

    #[test]
    fn figures_behind_single_blanks() {
        assert_eq!(
            text("信息内容 制发 废止\n规章 0 0 0\n行政规范性文件 2 1 -"),
            ["信息内容 制发 废止", "O[规章|0|0|0 / 行政规范性文件|2|1|-]"]
        );
        assert_eq!(text("全年受理 31 件，办结 31 件。"), ["全年受理 31 件，办结 31 件。"]);
    }
}
