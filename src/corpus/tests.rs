//! Small corpora made by hand: what is not checked and why, and how an upper unit stands to its units.

use super::{Corpus, CorpusCheck, Reason, Registry, Relation, State};
use crate::emit::{Case, Cell, CellStatus, Certainty, Coverage, Exact, Input, Place};
use crate::emit::{Report, ReportStatus, Section, Table, Tool};
use crate::finding::Cause;
use crate::form::Library;
use crate::number;

/// A report with these cells of `applications`, each as `row/column` and what is printed; `~` is an absent cell, a `?`
/// behind the figure makes it doubtful, an `@` says that its place rests on position alone.
fn report(name: &str, issuer: &str, year: i32, cells: &[(&str, &str)]) -> Report {
    let cells = cells.iter().map(|(name, printed)| cell(name, printed)).collect();
    Report {
        schema: "gouji.report/1".into(),
        tool: Tool { name: "gouji".into(), version: "0".into() },
        input: Input {
            name: name.into(),
            sha256: format!("{:016x}", name.len()),
            bytes: 1,
            format: "html".into(),
            pages: None,
        },
        report: Case { ordinal: 1, title: None, issuer: Some(issuer.into()), year: Some(year), issued_on: None },
        status: ReportStatus::Complete,
        sections: Vec::new(),
        tables: vec![Table {
            id: "applications".into(),
            form: "cn.foi-annual/2021".into(),
            blocks: Vec::new(),
            parts: Vec::new(),
            coverage: Coverage::default(),
            cells,
        }],
        checks: Vec::new(),
        findings: Vec::new(),
        repairs: Vec::new(),
    }
}

fn cell(name: &str, printed: &str) -> Cell {
    let (row, column) = name.split_once('/').unwrap();
    let (raw, certainty) = match printed.strip_suffix(['?', '@']) {
        Some(raw) if printed.ends_with('?') => (raw, Certainty::Doubtful),
        Some(raw) => (raw, Certainty::Position),
        None => (printed, Certainty::Proved),
    };
    let digits = raw.trim_end_matches(|c: char| !c.is_ascii_digit());
    let value = number::parse(digits);
    let status = match (raw, value) {
        ("", _) => CellStatus::Blank,
        ("~", _) => CellStatus::Absent,
        (_, Some(_)) => CellStatus::Number,
        (_, None) => CellStatus::Text,
    };
    let unit = raw.strip_prefix(digits).filter(|unit| !unit.is_empty() && value.is_some()).unwrap_or("件").to_owned();
    Cell {
        row: row.into(),
        column: column.into(),
        status,
        value: value.map(Exact),
        raw: raw.into(),
        unit: Some(unit),
        certainty,
        place: None,
        total: false,
        second_reading: None,
        second_raw: None,
        second_why: None,
        method: None,
    }
}

fn checks(reports: &[Report], registry: Option<&str>) -> Vec<CorpusCheck> {
    let library = Library::builtin().unwrap();
    let registry = registry.map(|text| Registry::read("r.csv", text.as_bytes()).unwrap());
    let corpus = Corpus::gather(reports.iter().cloned().map(Ok), &library).unwrap();
    let mut checks = Vec::new();
    corpus.check(registry.as_ref(), &library, &mut |check| checks.push(check));
    checks
}

const FORWARD: &str = "carried_forward/total";
const OVER: &str = "carried_over/total";

/// What the total carried over comes to where last year's report and this one print this.
fn carried(last: &str, now: &str) -> Vec<(State, Option<Reason>, Option<Cause>)> {
    let reports = [report("23", "甲", 2023, &[(FORWARD, last)]), report("2024", "甲", 2024, &[(OVER, now)])];
    let found = checks(&reports, None).into_iter().filter(|check| check.id == "carry_over.applications.total");
    found.map(|check| (check.state, check.reason, check.cause)).collect()
}

#[test]
fn a_tie_holds_differs_or_says_why_it_was_not_checked() {
    let not = |reason| vec![(State::NotChecked, Some(reason), None)];
    assert_eq!(carried("9", "9.0"), [(State::Holds, None, None)]);
    assert_eq!(carried("9", "8"), [(State::Differs, None, Some(Cause::Documents))]);
    assert_eq!(carried("9@", "8"), [(State::Differs, None, Some(Cause::Undetermined))]);
    assert_eq!(carried("9宗", "9"), [(State::Holds, None, None)]);
    assert_eq!(carried("9万件", "9"), not(Reason::OtherMeasure));
    assert_eq!(carried("9?", "9"), not(Reason::Doubtful));
    assert_eq!(carried("九", "9"), not(Reason::Unreadable));
    assert_eq!(carried("~", "9"), not(Reason::Absent));
    assert_eq!(carried("", "9"), not(Reason::Blank));
    assert_eq!(carried("", "").len(), 1);
    assert_eq!(carried("0", ""), [not(Reason::Blank), vec![(State::Holds, None, None)]].concat());
}

#[test]
fn only_the_later_report_explains_a_difference() {
    let explained = |of: usize| {
        let mut reports = [report("23", "甲", 2023, &[(FORWARD, "9")]), report("2024", "甲", 2024, &[(OVER, "8")])];
        reports[of].sections.push(Section {
            number: "六".into(),
            id: "other_matters".into(),
            title: String::new(),
            text: "结转申请数量有调整，以本年度报告为准。".into(),
            place: Place::Text { line: 1, column: 1 },
        });
        checks(&reports, None).into_iter().find(|check| check.id == "carry_over.applications.total").unwrap().state
    };
    assert_eq!([explained(0), explained(1)], [State::Differs, State::Explained]);
}

#[test]
fn without_last_years_report_nothing_is_tied() {
    let gap = [report("22", "甲", 2022, &[(FORWARD, "1")]), report("2024", "甲", 2024, &[(OVER, "1")])];
    let found = checks(&gap, None);
    let reasons: Vec<_> = found.iter().map(|check| (check.id.as_str(), check.reason)).collect();
    assert_eq!(reasons, [("carry_over.applications", Some(Reason::MissingYear))]);
    let other = [report("23", "甲县", 2023, &[(FORWARD, "1")]), report("2024", "甲", 2024, &[(OVER, "1")])];
    assert!(checks(&other, None).iter().all(|check| check.state == State::NotChecked));
    let spaced = [report("23", "甲 县", 2023, &[(FORWARD, "1")]), report("2024", "甲县", 2024, &[(OVER, "1")])];
    assert!(checks(&spaced, None).iter().any(|check| check.state == State::Holds));
}

#[test]
fn a_file_given_twice_is_one_report() {
    let one = report("23", "甲", 2023, &[(FORWARD, "1")]);
    let mut copy = one.clone();
    copy.input.name = "copy".into();
    let now = report("2024", "甲", 2024, &[(OVER, "1")]);
    let found = checks(&[one.clone(), copy.clone(), now.clone()], None);
    assert!(found.iter().all(|check| check.rule == "carry_over"), "{found:?}");
    assert!(found.iter().any(|check| check.state == State::Holds));
    // Of other bytes, with nothing in it that could be compared: who can tell?
    copy.input.sha256 = "f".repeat(64);
    copy.tables.clear();
    let found = checks(&[one, copy, now], None);
    assert!(found.iter().any(|check| check.rule == "identity" && check.reason == Some(Reason::IssuerAmbiguous)));
    assert!(found.iter().all(|check| check.state == State::NotChecked), "{found:?}");
}

const COUNTIES: &str = "code,name,parent,variants\n1,市,,\n11,甲,1,\n12,乙,1,\n";

/// What an upper unit's two figures come to; those of its units add up to 3 and 30.
fn upper(granted: &str, partially: &str) -> Vec<(State, Option<Relation>)> {
    let rows = ["granted/total", "partially_granted/total"];
    let of =
        |name, issuer, figures: [&str; 2]| report(name, issuer, 2024, &[(rows[0], figures[0]), (rows[1], figures[1])]);
    let reports = [of("u", "市", [granted, partially]), of("u1", "甲", ["1", "10"]), of("u22", "乙", ["2", "20"])];
    let found = checks(&reports, Some(COUNTIES)).into_iter().filter(|check| check.rule == "units");
    found.map(|check| (check.state, check.relation)).collect()
}

#[test]
fn an_upper_unit_equals_exceeds_or_falls_below_its_units() {
    let (equal, more) = ((State::Holds, Some(Relation::Equal)), (State::Holds, Some(Relation::AtLeast)));
    assert_eq!(upper("3", "30"), [equal, equal]);
    // Two figures do not show that the report is the sum of its units.
    assert_eq!(upper("3", "31"), [equal, more]);
    assert_eq!(upper("2", "31"), [(State::Differs, Some(Relation::Below)), more]);
    assert_eq!(upper("3", "30?"), [equal, (State::NotChecked, None)]);
}

#[test]
fn a_missing_unit_is_named_and_never_passes() {
    let city = report("u", "市", 2024, &[("granted/total", "9")]);
    let unit = report("u1", "甲", 2024, &[("granted/total", "1")]);
    let found = checks(&[city, unit.clone()], Some(COUNTIES));
    let units: Vec<_> = found.iter().filter(|check| check.rule == "units").collect();
    assert_eq!(units.len(), 1);
    assert_eq!((units[0].reason, units[0].missing.as_slice()), (Some(Reason::UnitMissing), &["乙".to_owned()][..]));
    let found = checks(&[unit], Some(COUNTIES));
    assert!(found.iter().any(|check| check.reason == Some(Reason::UpperMissing)));
}
