//! What ties reports to each other, as data: last year to this year, an upper unit to its units, and the words with
//! which reports explain why a tie does not hold. A key means the same in every edition of a form's family.

use super::lint::{known_keys, pattern_problems};
use super::{Along, Form, Pattern, Table};
use serde::Deserialize;

/// Rules that every form has; a tie between years may not be called so.
const OWN_RULES: [&str; 7] = ["identity", "units", "formats", "jump", "same_figures", "copied_prose", "stale_year"];

/// What ties the reports of a form to each other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Across {
    /// Ties between a report and that of the year before.
    #[serde(default)]
    pub years: Vec<YearTie>,
    /// Cells of an upper unit that are sums of its units' cells.
    #[serde(default)]
    pub units: Vec<Area>,
    /// Cells whose figures do not grow or shrink by such a factor from one year to the next.
    #[serde(default)]
    pub jumps: Vec<Jump>,
    /// Words that explain why a tie does not hold.
    #[serde(default)]
    pub explanations: Vec<Explanation>,
    /// Statements of the period a report covers, on folded text; the group `year` captures its year.
    #[serde(default)]
    pub periods: Vec<Pattern>,
}

/// An equation between two years: `last_year`, taken from the report of the year before, with `plus` and without
/// `minus`, both of the report itself, equals `equals` of the report itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTie {
    /// Rule name; check ids are `<rule>.<table>.<instance>`.
    pub rule: String,
    /// The table, in both reports.
    pub table: String,
    /// Whether the keys below are columns of one row, or rows of one column.
    pub along: Along,
    /// Keys of last year's report whose values are added.
    pub last_year: Vec<String>,
    /// Keys of this year's report whose values are added to them.
    #[serde(default)]
    pub plus: Vec<String>,
    /// Keys of this year's report whose values are taken away.
    #[serde(default)]
    pub minus: Vec<String>,
    /// Keys of this year's report whose sum it must be.
    pub equals: Vec<String>,
    /// The rows (or columns) to run it on; all of the table's that hold values when empty.
    #[serde(default)]
    pub on: Vec<String>,
}

/// Cells of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The table.
    pub table: String,
    /// Row keys; all when empty.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Column keys; all when empty.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// Cells whose figures stay of one order from year to year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// The table.
    pub table: String,
    /// Row keys; all when empty.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Column keys; all when empty.
    #[serde(default)]
    pub columns: Vec<String>,
    /// A figure so many times larger or smaller than last year's is told.
    pub factor: u32,
}

/// Printed words that explain why a tie does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// Name of the explanation.
    pub id: String,
    /// The rules that it explains.
    pub rules: Vec<String>,
    /// Matched on a folded sentence; one is enough.
    pub patterns: Vec<Pattern>,
    /// A sentence that says this is about something else.
    #[serde(default)]
    pub unless: Vec<Pattern>,
}

impl Area {
    /// Whether it covers the cell.
    #[must_use]
    pub fn covers(&self, table: &str, row: &str, column: &str) -> bool {
        within(&self.table, &self.rows, &self.columns, (table, row, column))
    }
}

impl Jump {
    /// Whether it covers the cell.
    #[must_use]
    pub fn covers(&self, table: &str, row: &str, column: &str) -> bool {
        within(&self.table, &self.rows, &self.columns, (table, row, column))
    }
}

fn within(table: &str, rows: &[String], columns: &[String], cell: (&str, &str, &str)) -> bool {
    let among = |keys: &[String], key: &str| keys.is_empty() || keys.iter().any(|k| k == key);
    table == cell.0 && among(rows, cell.1) && among(columns, cell.2)
}

impl Explanation {
    /// Whether a folded sentence says it.
    #[must_use]
    pub fn says(&self, sentence: &str) -> bool {
        self.patterns.iter().any(|p| p.is_match(sentence)) && !self.unless.iter().any(|p| p.is_match(sentence))
    }
}

impl YearTie {
    /// The keys of its two directions in one table: rows and columns.
    fn keys(&self) -> (Vec<String>, Vec<String>) {
        let sides = [&self.last_year, &self.plus, &self.minus, &self.equals].into_iter().flatten().cloned().collect();
        match self.along {
            Along::Row => (self.on.clone(), sides),
            Along::Column => (sides, self.on.clone()),
        }
    }
}

/// Adds what is wrong with a form's ties to other reports.
pub(super) fn problems(form: &Form, found: &mut Vec<String>) {
    let across = &form.across;
    let table = |id: &str| form.tables.iter().find(|t| t.id == id);
    for tie in &across.years {
        let name = format!("tie between years `{}`", tie.rule);
        let (rows, columns) = tie.keys();
        area_problems(&name, table(&tie.table), &tie.table, (&rows, &columns), found);
        if tie.last_year.is_empty() || tie.equals.is_empty() {
            found.push(format!("{name}: an empty side"));
        }
        if OWN_RULES.contains(&tie.rule.as_str()) {
            found.push(format!("{name}: the name is taken"));
        }
    }
    for area in &across.units {
        area_problems("units", table(&area.table), &area.table, (&area.rows, &area.columns), found);
    }
    for jump in &across.jumps {
        area_problems("jump", table(&jump.table), &jump.table, (&jump.rows, &jump.columns), found);
        if jump.factor < 2 {
            found.push(format!("jump on `{}`: a factor below 2", jump.table));
        }
    }
    for explanation in &across.explanations {
        explanation_problems(across, explanation, found);
    }
    for pattern in &across.periods {
        let mut groups = pattern.regex().into_iter().flat_map(|r| r.capture_names().flatten());
        if !groups.any(|g| g == "year") {
            found.push(format!("period: pattern `{}` does not capture `year`", pattern.as_str()));
        }
    }
    pattern_problems("period", across.periods.iter(), found);
}

fn explanation_problems(across: &Across, explanation: &Explanation, found: &mut Vec<String>) {
    let name = format!("explanation `{}`", explanation.id);
    let explainable =
        |rule: &String| ["units", "jump"].contains(&rule.as_str()) || across.years.iter().any(|t| &t.rule == rule);
    let unknown = explanation.rules.iter().filter(|rule| !explainable(rule));
    found.extend(unknown.map(|rule| format!("{name}: no rule `{rule}` between reports")));
    if explanation.rules.is_empty() || explanation.patterns.is_empty() {
        found.push(format!("{name}: no rules or no patterns"));
    }
    pattern_problems(&name, explanation.patterns.iter().chain(&explanation.unless), found);
}

fn area_problems(
    name: &str,
    table: Option<&Table>,
    id: &str,
    (rows, columns): (&[String], &[String]),
    found: &mut Vec<String>,
) {
    match table {
        Some(table) => known_keys(name, table, rows, columns, found),
        None => found.push(format!("{name}: no table `{id}`")),
    }
}

#[cfg(test)]
mod tests {
    use crate::form::parse;

    const FORM: &str = r#"
id = "a/1"
source = "x"
title = { en = "x", zh = "x" }
[[tables]]
id = "t"
[[tables.blocks]]
id = "b"
columns = [{ key = "c", path = ["C"] }]
rows = [{ key = "r", path = ["R"] }, { key = "s", path = ["S"] }]
"#;

    fn problem(across: &str) -> String {
        parse("x.toml", &format!("{FORM}{across}")).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn ties_to_other_reports_are_linted() {
        let tie = |rule: &str, last: &str| {
            format!(
                "[[across.years]]\nrule = \"{rule}\"\ntable = \"t\"\nalong = \"column\"\nlast_year = [{last}]\nequals = [\"s\"]\n"
            )
        };
        assert_eq!(problem(&tie("carry", "\"r\"")), "");
        assert!(problem(&tie("carry", "\"q\"")).contains("no row `q` in table `t`"));
        assert!(problem(&tie("carry", "")).contains("an empty side"));
        assert!(problem(&tie("units", "\"r\"")).contains("the name is taken"));
        assert!(problem("[[across.units]]\ntable = \"u\"\n").contains("units: no table `u`"));
        assert!(problem("[[across.jumps]]\ntable = \"t\"\nfactor = 1\n").contains("a factor below 2"));
        assert!(problem("[across]\nperiods = ['[0-9]{4}']\n").contains("does not capture `year`"));
        let explanation = "[[across.explanations]]\nid = \"e\"\nrules = [\"carry\"]\npatterns = ['x']\n";
        assert!(problem(explanation).contains("no rule `carry` between reports"));
    }
}
