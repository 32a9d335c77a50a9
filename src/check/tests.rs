//! Checks, diagnoses, claims and cautions, on small tables made here.

use super::*;
use crate::bind::{Paragraph, ReportReading, RowValues, SectionReading, TableReading};
use crate::finding::{Cause, Code, Finding, Severity};
use crate::settle::settle;
use crate::settle::testing::{FORM, PEOPLE, block, matrix, place, placed, readings, report};
use proptest::prelude::*;

fn run(reading: ReportReading) -> (Vec<Check>, Vec<Finding>) {
    let library = Library::builtin().unwrap();
    let settled = settle(reading, &library, &mut Findings::new());
    let mut findings = Findings::new();
    let checks = check(&settled, &library, &mut findings);
    (checks, findings)
}

/// 12 new requests and 2 carried over; 10 granted, 4 denied.
fn sound() -> Vec<(&'static str, RowValues)> {
    vec![
        ("new_requests", placed("8 4 0 0 0 0 12")),
        ("carried_over", placed("2 0 0 0 0 0 2")),
        ("granted", placed("7 3 0 0 0 0 10")),
        ("denied_state_secret", placed("3 1 0 0 0 0 4")),
        ("outcome_total", placed("10 4 0 0 0 0 14")),
    ]
}

/// The sound table with one row written anew.
fn with(row: &'static str, texts: &str) -> TableReading {
    let mut rows = sound();
    rows.retain(|(key, _)| *key != row);
    rows.push((row, placed(texts)));
    matrix("0", &rows)
}

fn cases(texts: &str) -> TableReading {
    block(FORM, "review_litigation", "cases", "0", &[("cases", placed(texts))])
}

fn verdicts(checks: &[Check], id: &str) -> Vec<(Mode, Verdict)> {
    checks.iter().filter(|c| c.id == id).map(|c| (c.mode, c.verdict)).collect()
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|f| f.code).collect()
}

#[test]
fn a_report_of_the_2021_form_has_42_checks() {
    let (checks, findings) = run(report(vec![matrix("0", &sound()), cases(&["0"; 15].join(" "))]));
    assert_eq!(checks.len(), 42);
    assert!(checks.iter().all(|c| c.verdict == Verdict::Pass && c.mode == Mode::Strict));
    assert_eq!(checks[0].id, "applications.row_total.new_requests");
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn blanks_are_counted_as_zero_beside_the_strict_verdict() {
    use Mode::{BlankAsZero, Strict};
    use Verdict::{Fail, NotEvaluable, Pass};
    for (row, texts, expected) in [
        ("granted", "7 3 . . / — 10", vec![(Strict, NotEvaluable), (BlankAsZero, Pass)]),
        ("granted", "7 4 . . . . 10", vec![(Strict, NotEvaluable), (BlankAsZero, Fail)]),
        ("granted", "7 3 0 0 0 0 .", vec![(Strict, NotEvaluable)]),
        ("granted", ". . . . . . .", vec![(Strict, NotEvaluable)]),
        ("granted", ". . . . . . 10", vec![(Strict, NotEvaluable), (BlankAsZero, Fail)]),
        ("granted", "7 3 O 0 0 0 10", vec![(Strict, NotEvaluable)]),
        ("granted", "7 4 0 0 0 0 10", vec![(Strict, Fail)]),
    ] {
        let (checks, _) = run(report(vec![with(row, texts)]));
        assert_eq!(verdicts(&checks, &format!("applications.row_total.{row}")), expected, "{texts}");
    }
}

#[test]
fn a_balance_may_rest_on_blanks_but_not_on_a_total_left_out() {
    let (checks, _) = run(report(vec![with("carried_forward", ". . . . . . .")]));
    let balance = verdicts(&checks, "applications.balance.natural_person");
    assert_eq!(balance, [(Mode::Strict, Verdict::NotEvaluable), (Mode::BlankAsZero, Verdict::Pass)]);
    let (checks, findings) = run(report(vec![with("outcome_total", ". . . . . . .")]));
    assert_eq!(verdicts(&checks, "applications.balance.natural_person"), [(Mode::Strict, Verdict::NotEvaluable)]);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_failing_tie_is_told_with_its_figures_and_whose_fault_it_is() {
    let (_, findings) = run(report(vec![with("granted", "7 4 0 0 0 0 10")]));
    let sum = findings.iter().find(|f| f.code == Code::SumMismatch).unwrap();
    assert_eq!((sum.severity, sum.cause, sum.cells.len()), (Severity::Error, Cause::Source, 7));
    assert!(sum.message.en.ends_with("7 + 4 = 11 is not 10"), "{}", sum.message.en);
    let mut rows = sound();
    rows.retain(|(key, _)| *key != "granted");
    rows.push(("granted", RowValues::Loose(readings("7 4 10"))));
    let (_, findings) = run(report(vec![matrix("0", &rows)]));
    let sum = findings.iter().find(|f| f.code == Code::SumMismatch).unwrap();
    assert_eq!((sum.severity, sum.cause), (Severity::Warning, Cause::Reading));
}

#[test]
fn a_crossing_names_the_cell() {
    let (_, findings) = run(report(vec![with("granted", "17 3 0 0 0 0 10")]));
    let mend = findings.iter().find(|f| f.code == Code::SmallestMend).unwrap();
    assert_eq!(mend.cells, ["applications/granted/natural_person"]);
    assert!(mend.message.en.contains("granted/natural_person 17 -> 7"), "{}", mend.message.en);
}

#[test]
fn one_request_moved_between_columns_is_seen() {
    let (_, findings) = run(report(vec![with("new_requests", "7 5 0 0 0 0 12")]));
    assert_eq!(codes(&findings), [Code::BalanceMismatch, Code::BalanceMismatch, Code::SmallestMend]);
    let mend = &findings[2].message.en;
    assert!(mend.contains("2 cells together"), "{mend}");
    assert!(mend.contains("new_requests/natural_person 7 -> 8 and new_requests/business 5 -> 4"), "{mend}");
}

#[test]
fn ties_that_share_no_cell_are_mended_apart() {
    let (_, findings) = run(report(vec![cases("10 1 0 0 0 0 0 0 0 0 5 0 0 0 0")]));
    let mends: Vec<&Finding> = findings.iter().filter(|f| f.code == Code::SmallestMend).collect();
    assert_eq!(mends.len(), 2);
    assert_eq!(mends[0].cells, ["review_litigation/cases/reconsideration_total"]);
    assert_eq!(mends[1].cells.len(), 2);
}

#[test]
fn a_part_larger_than_its_whole_is_worth_knowing() {
    let given = &[("press_conferences", placed("3")), ("press_conferences_by_leader", placed("5"))];
    let table = block("cn.foi-annual/2014", "statistics_2014", "statistics", "0", given);
    let (checks, findings) = run(report(vec![table]));
    assert_eq!(checks.len(), 10);
    assert_eq!(codes(&findings), [Code::PartExceedsWhole]);
    assert_eq!(findings[0].severity, Severity::Info);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// One wrong figure in a sound table is the one that is named, with the figure that stood there.
    #[test]
    fn a_single_wrong_cell_is_named(row in 0usize..4, column in 0usize..7, off in 1u32..30) {
        let (key, values) = sound().swap_remove(row);
        let RowValues::Placed(slots) = values else { unreachable!() };
        let mut texts: Vec<String> = slots.iter().map(|s| match s {
            crate::bind::Slot::Read(reading) => reading.raw.clone(),
            crate::bind::Slot::Absent => String::new(),
        }).collect();
        let before: u32 = texts[column].parse().unwrap();
        texts[column] = (before + off).to_string();
        let (_, findings) = run(report(vec![with(key, &texts.join(" "))]));
        let mends: Vec<&Finding> = findings.iter().filter(|f| f.code == Code::SmallestMend).collect();
        prop_assert_eq!(mends.len(), 1);
        prop_assert_eq!(&mends[0].cells, &[format!("applications/{key}/{}", PEOPLE[column])]);
        let change = format!("{} -> {before};", before + off);
        prop_assert!(mends[0].message.en.contains(&change), "{}", mends[0].message.en);
    }
}

/// Findings of a claim in `prose` beside the sound table, nine reconsiderations and one normative document.
fn claims(prose: &str) -> Vec<Finding> {
    let mut reading = report(vec![
        block(FORM, "proactive_disclosure", "article_20_1", "0", &[("normative_documents", placed("1 0 9"))]),
        matrix("0", &sound()),
        cases("6 1 1 1 9 0 1 0 0 1 0 0 0 0 0"),
    ]);
    reading.sections = vec![SectionReading {
        number: "一".to_owned(),
        id: "overview".to_owned(),
        title: "总体情况".to_owned(),
        paragraphs: vec![Paragraph { text: prose.to_owned(), place: place() }],
        place: place(),
    }];
    run(reading).1
}

#[test]
fn prose_that_agrees_under_one_reading_is_silent() {
    for prose in [
        "全年共收到政府信息公开申请12件。",
        "本机关受理政府信息公开申请 14 件，答复 14 件（含上年度结转申请 2 件）。",
        "受理政府信息公开申请14件（其中本年度新收12件，上年结转2件），结转下年度0件。",
        "共收办政府信息公开申请案件14件，其中自然人申请10件，法人或其他组织申请4件。",
        "政府信息公开申请中，予以公开10件（71.43%）、部分公开0件、不予公开4件（28.5%）、无法提供0件、不予处理0件、其他处理0件。",
        "予以公开及部分公开10件，均为依申请公开事项。",
        "处理政府信息公开申请14条。",
        "因政府信息公开被申请行政复议9件，因政府信息公开被提起行政诉讼1件。",
        "制发行政规范性文件1件，同步解读。",
    ] {
        assert!(claims(prose).is_empty(), "{prose}: {:?}", claims(prose));
    }
}

#[test]
fn prose_that_agrees_under_no_reading_is_told() {
    for (prose, stated) in [
        ("全年共收到政府信息公开申请15件。", "15"),
        ("全市受理市民政府信息公开申请3,119件，均已答复。", "3119"),
        ("全年未收到政府信息公开申请。", "0"),
        ("受理政府信息公开申请14件（其中本年度新收11件，上年结转2件）。", "11"),
        ("收到依申请公开政务信息12件，上年度结转申请3件。", "3"),
        ("收到政府信息公开申请12件，予以公开9件。", "9"),
        ("今年未发生因政府信息公开引起的行政复议。", "0"),
        ("制发规范性文件2件。", "2"),
        ("政府信息公开申请中，予以公开10件（81.43%）。", "81.43"),
    ] {
        let findings = claims(prose);
        assert_eq!(findings.len(), 1, "{prose}: {findings:?}");
        assert!(findings[0].message.en.contains(stated), "{prose}: {}", findings[0].message.en);
        assert!(findings[0].severity <= Severity::Warning);
        assert!(findings[0].evidence.as_deref().is_some_and(|e| prose.contains(e)), "{prose}");
    }
}

#[test]
fn prose_about_something_else_is_left_alone() {
    for prose in [
        "2022年共收到政府信息公开申请15件。",
        "收到政府信息公开申请12件，同比增长20%，较上年收到政府信息公开申请增加3件。",
        "1月至6月共收到政府信息公开申请7件。",
        "通过网络收到政府信息公开申请9件。",
        "收到群众来信25件，办理政协提案8件。",
        "主动公开政府信息3947条。",
        "备案行政复议案件134件，行政诉讼案件57件。",
        "收到自然人政府信息公开申请3件。",
        "收到政府信息公开申请投诉5件。",
        "答复政府信息公开申请11件，其余正在办理。",
    ] {
        assert!(claims(prose).is_empty(), "{prose}: {:?}", claims(prose));
    }
}

#[test]
fn a_narrower_scope_with_a_smaller_figure_is_no_mismatch() {
    let findings = claims("区政府办公室代表区政府受理政府信息公开申请5件。");
    assert_eq!(codes(&findings), [Code::ClaimScope]);
    assert_eq!(findings[0].severity, Severity::Info);
    let findings = claims("全市各级行政机关共受理政府信息公开申请3000件。");
    assert_eq!(codes(&findings), [Code::ClaimScope]);
}

fn cautions(issuer: &str, tables: Vec<TableReading>) -> Vec<Code> {
    codes(&run(ReportReading { issuer: Some(issuer.to_owned()), ..report(tables) }).1)
}

#[test]
fn regulations_by_those_who_may_not_make_them() {
    let regulations =
        || vec![block(FORM, "proactive_disclosure", "article_20_1", "0", &[("regulations", placed("0 0 6"))])];
    for barred in
        ["某县林业局", "某区人民政府", "某市某区某镇人民政府", "某街道办事处", "某市公安局某区分局", "某省财政厅"]
    {
        assert_eq!(cautions(barred, regulations()), [Code::AboveAuthority], "{barred}");
    }
    for allowed in
        ["某市人民政府", "某省人民政府", "某省人民政府办公厅", "某自治区人民政府", "国家某某局", "某自治州人民政府"]
    {
        assert_eq!(cautions(allowed, regulations()), [], "{allowed}");
    }
}

#[test]
fn yuan_under_ten_thousand_yuan() {
    let fee = |text: &str| vec![block(FORM, "proactive_disclosure", "article_20_8", text, &[])];
    assert_eq!(cautions("某县林业局", fee("119253.55")), [Code::Magnitude]);
    assert_eq!(cautions("某镇人民政府", fee("119253.55")), [Code::Magnitude]);
    assert_eq!(cautions("某县林业局", fee("9253.55")), []);
    assert_eq!(cautions("某县林业局", fee("119253元")), []);
    assert_eq!(cautions("某市人民政府", fee("119253.55")), []);
}

#[test]
fn cases_are_whole() {
    let licences = |text: &str| vec![block(FORM, "proactive_disclosure", "article_20_5", text, &[])];
    assert_eq!(cautions("某县林业局", licences("20.5")), [Code::OddCount]);
    assert_eq!(cautions("某县林业局", licences("-3")), [Code::OddCount]);
    assert_eq!(cautions("某县林业局", licences("3")), []);
}
