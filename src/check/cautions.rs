//! A settled table and its issuer in, figures that are not plausible out.

use super::arithmetic::{Bound, cause};
use crate::finding::{Code, Finding, Findings};
use crate::form::{Caution, CautionKind, Library, Pattern};
use crate::number::{Number, fold};
use crate::settle::Status;
use crate::text::Text;

/// Applies the cautions of the forms that the table's blocks follow.
pub(super) fn findings(bound: &Bound<'_>, issuer: Option<&str>, library: &Library, findings: &mut Findings) {
    let issuer = issuer.map(fold);
    for form in library.forms() {
        for caution in form.cautions.iter().filter(|c| c.table == bound.table.id) {
            if !bound.table.editions.iter().any(|(_, f)| *f == form.id) || !is_about(caution, issuer.as_deref()) {
                continue;
            }
            let here = |keys: &[String], key: &String| keys.is_empty() || keys.contains(key);
            let cells: Vec<usize> = (0..bound.table.cells.len())
                .filter(|c| {
                    bound
                        .cell(*c)
                        .is_some_and(|cell| here(&caution.rows, &cell.row) && here(&caution.columns, &cell.column))
                })
                .filter(|c| is_odd(caution, bound, *c))
                .collect();
            findings.extend(finding(caution, bound, &cells));
        }
    }
}

/// An issuer that is not known is never accused of going beyond its powers.
fn is_about(caution: &Caution, issuer: Option<&str>) -> bool {
    let any = |patterns: &[Pattern]| issuer.is_some_and(|name| patterns.iter().any(|p| p.is_match(name)));
    (caution.issuers.is_empty() || any(&caution.issuers)) && !any(&caution.except)
}

fn is_odd(caution: &Caution, bound: &Bound<'_>, cell: usize) -> bool {
    let Some(cell) = bound.cell(cell).filter(|c| c.status == Status::Number) else { return false };
    let Some(value) = cell.value else { return false };
    match caution.kind {
        CautionKind::AboveAuthority => value > Number::ZERO,
        CautionKind::WholeNumber => value < Number::ZERO || !value.fract().is_zero(),
        CautionKind::Magnitude => {
            // A unit typed in the cell says what is meant.
            let typed = cell.raw.contains('元');
            !typed && caution.suspect_from.is_some_and(|from| value >= Number::from(from))
        }
    }
}

fn finding(caution: &Caution, bound: &Bound<'_>, cells: &[usize]) -> Option<Finding> {
    let first = bound.cell(*cells.first()?)?;
    let shown = |c: &usize| bound.cell(*c).map(|c| format!("{}/{} {}", c.row, c.column, c.raw.trim()));
    let list: Vec<String> = cells.iter().take(6).filter_map(shown).collect();
    let (code, en, zh) = match caution.kind {
        CautionKind::AboveAuthority => {
            (Code::AboveAuthority, "more than the issuer has power to make", "超出发布机关的制定权限")
        }
        CautionKind::WholeNumber => (Code::OddCount, "not a whole number, or negative", "非整数或为负数"),
        CautionKind::Magnitude => {
            (Code::Magnitude, "very large for this issuer; perhaps yuan", "对该机关而言过大，可能以元为单位")
        }
    };
    let message = Text::new(
        format!("{}: {en}: {}", bound.table.id, list.join(", ")),
        format!("{}：{zh}：{}", bound.table.id, list.join("、")),
    );
    let names = cells.iter().map(|c| bound.name(*c));
    Some(Finding::new(code, message).cause(cause(bound, cells.iter().copied())).cells(names).at(first.place.clone()))
}
