//! Markdown in, lines and pipe tables out, with the marks taken off: headings, lists, quotes, emphasis, links, code.
//!
//! It knows what people and converters write into reports, not the whole standard: no reference links, no HTML blocks.

use super::{Flow, Row, Stated, cut, numbered};
use crate::error::Result;

/// Reads a Markdown text.
pub(super) fn read(text: &str, flow: &mut Flow<'_>) -> Result<()> {
    let mut table: Vec<Row> = Vec::new();
    let (mut fence, mut ruled) = (false, false);
    for (number, line) in numbered(text) {
        let bare = line.trim();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fence = !fence;
        } else if !fence && is_row(bare, &table) {
            flow.spend(line.matches('|').count())?;
            let cells = row(line);
            ruled &= !table.is_empty();
            // Below the header one dash is a rule; further down it is a sign for none.
            let below_header = table.len() == 1 && !ruled;
            if is_rule(&cells, if below_header { 1 } else { 3 }) {
                ruled = true;
            } else {
                table.push(Row { line: number, cells });
            }
            continue;
        }
        flush(&mut table, flow)?;
        if fence {
            flow.line(line.trim_start_matches('`'), number, None)?;
        } else {
            paragraph(line, number, flow)?;
        }
    }
    flush(&mut table, flow)
}

/// A line that begins with a pipe, or holds one inside a table that has begun.
fn is_row(bare: &str, table: &[Row]) -> bool {
    bare.starts_with('|') && bare.len() > 1 || (!table.is_empty() && bare.contains('|'))
}

/// Cuts a row at its pipes; a pipe behind a backslash is a character.
fn row(line: &str) -> Vec<Stated> {
    /// Stands for an escaped pipe while the line is cut.
    const HELD: char = '\u{FDD0}';
    let held = line.replace("\\|", &HELD.to_string());
    let mut cells = cut(&held, |c| c == '|');
    if held.trim_end().ends_with('|') {
        cells.pop();
    }
    if held.trim_start().starts_with('|') && !cells.is_empty() {
        cells.remove(0);
    }
    for cell in &mut cells {
        cell.text = inline(&cell.text.replace(HELD, "\\|"));
    }
    cells
}

/// A row of nothing but dashes, each at least so long.
fn is_rule(cells: &[Stated], shortest: usize) -> bool {
    !cells.is_empty()
        && cells.iter().all(|cell| {
            let dashes = cell.text.trim_matches(':');
            dashes.len() >= shortest && dashes.bytes().all(|b| b == b'-')
        })
}

/// Rows shorter than the header lack only blanks at their end, which this format lets a writer leave out.
fn flush(table: &mut Vec<Row>, flow: &mut Flow<'_>) -> Result<()> {
    let width = table.first().map_or(0, |row| row.cells.len());
    for row in table.iter_mut() {
        let end = row.cells.last().map_or(1, |cell| cell.column);
        let missing = width.saturating_sub(row.cells.len());
        flow.spend(missing)?;
        row.cells.extend((0..missing).map(|_| Stated { text: String::new(), column: end }));
    }
    flow.table(std::mem::take(table), true)
}

/// A line outside tables.
fn paragraph(line: &str, number: u32, flow: &mut Flow<'_>) -> Result<()> {
    let bare = line.trim_start().trim_start_matches(['>', ' ']).trim_end();
    let level = bare.bytes().take_while(|b| *b == b'#').count();
    let after = bare.get(level..).unwrap_or_default();
    if (1..=6).contains(&level) && after.starts_with([' ', '\u{3000}']) {
        let title = after.trim_end_matches('#');
        return flow.line(&inline(title), number, u8::try_from(level).ok());
    }
    let marks = |c: char| bare.chars().all(|b| b == c || b == ' ') && bare.len() > 2;
    if ['-', '*', '_', '='].into_iter().any(marks) {
        return Ok(());
    }
    let item = ["- ", "* ", "+ "].into_iter().find_map(|mark| bare.strip_prefix(mark));
    let body = item.unwrap_or(bare);
    inline(body).split('\n').try_for_each(|piece| flow.line(piece, number, None))
}

/// Takes the marks of emphasis, code, links and escapes off.
fn inline(text: &str) -> String {
    const BREAKS: [&str; 4] = ["<br>", "<br/>", "<br />", "<BR>"];
    let broken = BREAKS.iter().fold(text.to_owned(), |text, mark| text.replace(mark, "\n"));
    let entities = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let plain = entities.iter().fold(links(&broken), |text, (name, c)| text.replace(name, c));
    let bare = ["***", "**", "__", "*", "`"].iter().fold(plain, |text, mark| without_pairs(&text, mark));
    let unescaped = unescape(&bare);
    let lines: Vec<&str> = unescaped.split('\n').map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

/// Removes a mark where it stands on both sides of words: an odd one is a character, as in `12*`.
fn without_pairs(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        let inner = after.split_once(mark).filter(|(inner, _)| !inner.is_empty() && inner.trim() == *inner);
        let escaped = before.ends_with('\\');
        match inner {
            Some((inner, after)) if !escaped => {
                out.push_str(before);
                out.push_str(inner);
                rest = after;
            }
            _ => {
                out.push_str(before);
                out.push_str(mark);
                rest = after;
                if !after.contains(mark) {
                    break;
                }
            }
        }
    }
    out + rest
}

/// `[words](address)` to its words; pictures to nothing.
fn links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((_, tail)) = after.split_once(')') else { break };
        if let Some((before, words)) = before.rsplit_once('[') {
            match before.strip_suffix('!') {
                Some(before) => out.push_str(before),
                None => out.extend([before, words]),
            }
        } else {
            out.extend([before, "](", after.strip_suffix(tail).unwrap_or_default()]);
        }
        rest = tail;
    }
    out + rest
}

/// A backslash before punctuation only protects it.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::inline;
    use crate::page::Format;
    use crate::source::plain::tests::shown;

    fn markdown(s: &str) -> Vec<String> {
        shown(s, Format::Markdown)
    }

    #[test]
    fn tables_headings_and_lists() {
        let text = "# 报告\n\n- 第一\n1. 第二\n\n| 甲 | 乙 |\n|:--|--:|\n| **一** | 1 |\n| 二\n\n---\n后文";
        assert_eq!(markdown(text), ["h1 报告", "第一", "1. 第二", "P[甲|乙 / 一|1 / 二|]", "后文"]);
    }

    #[test]
    fn rules_are_never_data_and_dashes_are() {
        assert_eq!(markdown("| 甲 | 乙 |\n|-|-|\n| - | - |\n|---|---|\n| 1 | 2 |"), ["P[甲|乙 / -|- / 1|2]"]);
    }

    #[test]
    fn longer_rows_than_the_header_are_not_placed() {
        assert_eq!(markdown("| 甲 |\n|---|\n| 1 | 2 |"), ["O[甲 / 1|2]"]);
    }

    #[test]
    fn marks_come_off_and_characters_stay() {
        assert_eq!(inline("a\\|b `c` **d** [e](f) ![g](h) 结果<br>维持 12* i_j_k"), "a|b c d e  结果\n维持 12* i_j_k");
        assert_eq!(inline("*"), "*");
        assert_eq!(inline("&nbsp;"), "");
        assert_eq!(inline("\\*甲\\*"), "*甲*");
    }
}
