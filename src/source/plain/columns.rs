//! Rows of a text table in, out whether the position of a cell says its column.
//!
//! Text copies pad every row to the same length after dropping empty cells, so equal lengths are not enough: a column
//! in which some rows have a label and others a figure shows that the rows were shifted against each other.

use super::Row;
use crate::page::Alignment;
use std::collections::BTreeMap;

/// Whether the rows are as long as each other and no column mixes labels with figures.
pub(super) fn alignment(rows: &[Row]) -> Alignment {
    let width = rows.first().map_or(0, |row| row.cells.len());
    let even = rows.iter().all(|row| row.cells.len() == width);
    if even && !shifted(rows) { Alignment::Placed } else { Alignment::Ordered }
}

/// Whether some column holds figures in one row and labels of figures in another. Rows without a figure (headers,
/// bands, blank rows) are no evidence.
fn shifted(rows: &[Row]) -> bool {
    let mut kinds: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    for row in rows {
        let last_figure = row.cells.iter().rposition(|cell| is_figure(&cell.text));
        for (column, cell) in row.cells.iter().enumerate().take(last_figure.map_or(0, |last| last + 1)) {
            let (figure, label) = kinds.entry(column).or_default();
            *figure |= is_figure(&cell.text);
            *label |= is_label(&cell.text);
        }
    }
    kinds.values().any(|(figure, label)| *figure && *label)
}

/// A number, with or without a unit or a note behind it; not an item number such as `1.` or `2、`.
pub(super) fn is_figure(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-', '−']);
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let item = |c: char| ".．、）)".contains(c);
    let decimal = |s: &str| s.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    rest.len() < digits.len() && (!rest.starts_with(item) || decimal(rest))
}

/// Whether a cell is a figure or stands for one: a sign or word for none.
pub(super) fn is_value(text: &str) -> bool {
    is_figure(text) || matches!(text, "/" | "-" | "--" | "—" | "——" | "－" | "无" | "不适用")
}

/// Words that are neither a figure nor a sign for none.
fn is_label(text: &str) -> bool {
    !is_value(text) && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Format;
    use crate::source::plain::tests::shown;

    #[test]
    fn item_numbers_are_no_figures() {
        let figures: Vec<&str> =
            ["12", "1,113", "20.5", "-3", "22（其中修订16件）", "0万元"].into_iter().filter(|s| is_figure(s)).collect();
        assert_eq!(figures.len(), 6);
        assert!(!["1. 属于国家秘密", "1．属于", "2、其他", "（一）", "总计", "", "3."].into_iter().any(is_figure));
    }

    #[test]
    fn shifted_rows_do_not_state_columns() {
        let placed = "项目\t甲\t乙\n一、新收\t1\t\n二、结转\t\t2";
        assert_eq!(shown(placed, Format::Text), ["P[项目|甲|乙 / 一、新收|1| / 二、结转||2]"]);
        let shifted = "项目\t\t甲\t乙\n一、新收\t\t1\t2\n（三）不予公开\t1. 属于国家秘密\t\t\n\t（四）\t2. 其他\t3";
        assert!(shown(shifted, Format::Text)[0].starts_with("O["));
        assert!(shown("甲\t乙\n一\t1\t2", Format::Text)[0].starts_with("O["));
    }

    #[test]
    fn repeated_headers_are_no_shift() {
        let bands = "信息内容\t制发\n规章\t0\n信息内容\t处理数量\n许可\t5";
        assert!(shown(bands, Format::Text)[0].starts_with("P["));
    }
}
