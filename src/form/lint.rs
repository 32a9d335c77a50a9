//! What a form file must satisfy beyond its syntax. The loader and `gouji forms lint` use the same rules.

use super::{Along, Block, CautionKind, Claim, Form, Pattern, Table, Tie, across};
use std::collections::BTreeSet;

/// Everything that is wrong with a form, in words; empty when it is sound.
#[must_use]
pub fn problems(form: &Form) -> Vec<String> {
    let mut found = Vec::new();
    if form.id.split('/').count() != 2 {
        found.push(format!("id `{}`: expected `family/edition`", form.id));
    }
    duplicates("section", form.sections.iter().map(|s| s.id.as_str()), &mut found);
    duplicates("table", form.tables.iter().map(|t| t.id.as_str()), &mut found);
    for table in &form.tables {
        if let Some(section) = table.section.as_deref()
            && !form.sections.iter().any(|s| s.id == section)
        {
            found.push(format!("table `{}`: no section `{section}`", table.id));
        }
        table_problems(table, &mut found);
    }
    let prose = &form.prose;
    let words = prose.ignore.iter().chain(&prose.skip).chain(&prose.narrower).chain(&prose.wider);
    pattern_problems("prose", words, &mut found);
    for claim in &form.claims {
        claim_problems(form, claim, &mut found);
    }
    for caution in &form.cautions {
        let Some(table) = form.tables.iter().find(|t| t.id == caution.table) else {
            found.push(format!("caution: no table `{}`", caution.table));
            continue;
        };
        known_keys("caution", table, &caution.rows, &caution.columns, &mut found);
        pattern_problems("caution", caution.issuers.iter().chain(&caution.except), &mut found);
        if caution.kind == CautionKind::Magnitude && caution.suspect_from.is_none() {
            found.push(format!("caution on `{}`: magnitude without `suspect_from`", caution.table));
        }
        if caution.kind == CautionKind::AboveAuthority && caution.issuers.is_empty() {
            found.push(format!("caution on `{}`: above-authority without `issuers`", caution.table));
        }
    }
    across::problems(form, &mut found);
    found
}

fn table_problems(table: &Table, found: &mut Vec<String>) {
    duplicates("block", table.blocks.iter().map(|b| b.id.as_str()), found);
    for block in &table.blocks {
        block_problems(&table.id, block, found);
    }
    for tie in &table.checks {
        tie_problems(table, tie, found);
    }
}

fn block_problems(table: &str, block: &Block, found: &mut Vec<String>) {
    let name = format!("{table}.{}", block.id);
    if block.rows.is_empty() || block.columns.is_empty() {
        found.push(format!("block `{name}`: no rows or no columns"));
    }
    duplicates(&format!("row of {name}"), block.rows.iter().map(|r| r.key.as_str()), found);
    duplicates(&format!("column of {name}"), block.columns.iter().map(|c| c.key.as_str()), found);
    let row_paths: Vec<String> = block.rows.iter().map(|r| r.path.join(" / ")).collect();
    duplicates(&format!("row label path of {name}"), row_paths.iter().map(String::as_str), found);
    let column_paths: Vec<String> = block.columns.iter().map(|c| c.path.join(" / ")).collect();
    duplicates(&format!("column label path of {name}"), column_paths.iter().map(String::as_str), found);
    if block.rows.len() > 1 && block.rows.iter().any(|r| r.path.is_empty()) {
        found.push(format!("block `{name}`: a row without a label must be the only one"));
    }
    if block.columns.iter().any(|c| c.path.is_empty()) {
        found.push(format!("block `{name}`: a column without a label"));
    }
}

fn tie_problems(table: &Table, tie: &Tie, found: &mut Vec<String>) {
    let name = format!("check `{}.{}`", table.id, tie.rule);
    if tie.sum.is_empty() || tie.equals.is_empty() {
        found.push(format!("{name}: an empty side"));
    }
    let sides: Vec<String> = tie.sum.iter().chain(&tie.equals).cloned().collect();
    let (rows, columns) = match tie.along {
        Along::Row => (tie.on.clone(), sides),
        Along::Column => (sides, tie.on.clone()),
    };
    known_keys(&name, table, &rows, &columns, found);
}

fn claim_problems(form: &Form, claim: &Claim, found: &mut Vec<String>) {
    let name = format!("claim `{}`", claim.id);
    let Some(table) = form.tables.iter().find(|t| t.id == claim.table) else {
        found.push(format!("{name}: no table `{}`", claim.table));
        return;
    };
    if claim.words.is_empty() || claim.patterns.is_empty() || claim.readings.is_empty() {
        found.push(format!("{name}: no words, no patterns or no readings"));
    }
    for reading in claim.readings.iter().chain(&claim.whole) {
        known_keys(&name, table, &reading.rows, &reading.columns, found);
        known_keys(&name, table, &reading.minus, &[], found);
    }
    for pattern in &claim.patterns {
        let mut groups = pattern.regex().into_iter().flat_map(|r| r.capture_names().flatten());
        if !groups.any(|g| g == "n" || g == "zero") {
            found.push(format!("{name}: pattern `{}` captures neither `n` nor `zero`", pattern.as_str()));
        }
    }
    pattern_problems(&name, claim.patterns.iter().chain(&claim.context).chain(&claim.unless), found);
}

pub(super) fn pattern_problems<'a>(name: &str, patterns: impl Iterator<Item = &'a Pattern>, found: &mut Vec<String>) {
    found.extend(patterns.filter_map(Pattern::problem).map(|problem| format!("{name}: {problem}")));
}

pub(super) fn known_keys(name: &str, table: &Table, rows: &[String], columns: &[String], found: &mut Vec<String>) {
    for row in rows {
        if !table.blocks.iter().any(|b| b.rows.iter().any(|r| &r.key == row)) {
            found.push(format!("{name}: no row `{row}` in table `{}`", table.id));
        }
    }
    for column in columns {
        if !table.blocks.iter().any(|b| b.columns.iter().any(|c| &c.key == column)) {
            found.push(format!("{name}: no column `{column}` in table `{}`", table.id));
        }
    }
}

fn duplicates<'a>(what: &str, keys: impl Iterator<Item = &'a str>, found: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            found.push(format!("{what} `{key}` stands twice"));
        }
    }
}
