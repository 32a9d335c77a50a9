//! Settling, on small tables made here.

use super::testing::{FORM, PEOPLE, block, cell, doubted, matrix, placed, reading, readings, recognised, report};
use super::*;
use crate::bind::{BlockReading, Evidence, RowValues, Slot};
use crate::finding::{Cause, Code};
use crate::grid::Doubt;
use proptest::prelude::*;

fn run(reading: ReportReading) -> (Report, Findings) {
    let mut findings = Findings::new();
    let report = settle(reading, &Library::builtin().unwrap(), &mut findings);
    (report, findings)
}

fn shown(report: &Report, row: &str, column: &str) -> String {
    let cell = cell(report, row, column);
    format!("{} {:?}", cell.value.map_or(format!("{:?}", cell.status), |v| v.to_string()), cell.certainty)
}

/// Twelve requests of natural persons, all granted, with `granted` as given.
fn twelve(granted: RowValues) -> ReportReading {
    report(vec![matrix(
        "0",
        &[
            ("new_requests", placed("12 0 0 0 0 0 12")),
            ("granted", granted),
            ("outcome_total", placed("12 0 0 0 0 0 12")),
        ],
    )])
}

fn slots(readings: Vec<crate::bind::Reading>) -> RowValues {
    RowValues::Placed(readings.into_iter().map(Slot::Read).collect())
}

#[test]
fn what_is_printed_and_ties_is_proved() {
    let (report, findings) = run(twelve(placed("12 0 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Proved");
    assert_eq!(shown(&report, "granted", "business"), "0 Proved");
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn sure_ink_is_never_changed() {
    let (report, findings) = run(twelve(placed("13 0 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "13 Read");
    assert_eq!(shown(&report, "granted", "total"), "12 Read");
    assert!(report.repairs.is_empty() && findings.is_empty());
}

/// Natural persons as recognised, the other columns 0.
fn recognised_granted(text: &str, sure: bool) -> (Report, Findings) {
    let mut row = readings("12 0 0 0 0 0 12");
    row[0] = recognised(text, sure);
    run(twelve(slots(row)))
}

#[test]
fn what_is_recognised_and_ties_is_proved_however_unsure() {
    let (report, findings) = recognised_granted("12", false);
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Proved");
    assert!(findings.is_empty() && cell(&report, "granted", "natural_person").recognised);
}

#[test]
fn what_else_was_recognised_is_taken_where_only_that_ties() {
    let (report, _) = recognised_granted("72|12|22", false);
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Repaired");
    assert_eq!((report.repairs[0].before.as_str(), report.repairs[0].unique), ("72", true));
}

#[test]
fn a_recognised_figure_that_does_not_tie_is_doubtful_however_sure() {
    let (report, findings) = recognised_granted("72", true);
    assert_eq!(shown(&report, "granted", "natural_person"), "72 Doubtful");
    assert!(findings.iter().any(|f| f.code == Code::CellDoubtful), "{findings:?}");
}

#[test]
fn recognised_cells_without_ties_rest_on_the_recogniser_alone() {
    let licence = |text: &str, sure: bool| {
        let row = ("administrative_license", slots(vec![recognised(text, sure)]));
        let (report, _) = run(report(vec![block(FORM, "proactive_disclosure", "article_20_5", "0", &[row])]));
        shown(&report, "administrative_license", "decisions")
    };
    assert_eq!(licence("5", true), "5 Read");
    assert_eq!(licence("5", false), "5 Doubtful");
    assert_eq!(licence("5|6", false), "5 Doubtful");
    assert_eq!(licence(".", false), "Blank Doubtful");
    assert_eq!(licence(".", true), "Blank Read");
    assert_eq!(licence("\u{4E19}", true), "Text Doubtful", "words where a figure stands");
}

#[test]
fn another_sign_for_none_is_no_other_reading() {
    let row = ("administrative_license", slots(vec![recognised("-|—|x", false)]));
    let (_, findings) = run(report(vec![block(FORM, "proactive_disclosure", "article_20_5", "0", &[row])]));
    assert!(findings.iter().all(|f| f.code != Code::Undetermined), "{findings:?}");
}

/// Reviews, of which each group of five has ties of its own.
#[test]
fn what_stays_open_in_one_group_of_a_row_does_not_keep_another_open() {
    let mut row = readings("2 1 1 1 4 1 1 0 0 1 0 0 0 0 0");
    row[3] = recognised("1|/", false);
    row[5] = recognised("1|/", false);
    row[6] = recognised("1|/", false);
    let table = block(FORM, "review_litigation", "cases", "0", &[("cases", slots(row))]);
    let (report, _) = run(report(vec![table]));
    assert_eq!(shown(&report, "cases", "reconsideration_pending"), "Mark Repaired");
    assert_eq!(shown(&report, "cases", "litigation_direct_upheld"), "1 Doubtful");
}

#[test]
fn the_blank_form_is_blank() {
    let (report, findings) = run(report(vec![matrix("\u{3000}", &[])]));
    assert!(report.tables[0].cells.iter().all(|c| c.status == Status::Blank && c.certainty == Certainty::Read));
    assert_eq!(report.tables[0].cells.len(), 175);
    assert!(findings.is_empty());
}

#[test]
fn digits_split_over_two_cells_are_joined_by_the_ties() {
    let reading = report(vec![matrix(
        "0",
        &[
            ("new_requests", placed("60 0 0 0 0 0 60")),
            ("granted", placed("6|60 0|. 0 0 0 0 60")),
            ("outcome_total", placed("60 0 0 0 0 0 60")),
        ],
    )]);
    let (report, findings) = run(reading);
    assert_eq!(shown(&report, "granted", "natural_person"), "60 Repaired");
    assert_eq!(shown(&report, "granted", "business"), "Blank Repaired");
    let repair = &report.repairs[0];
    assert_eq!((repair.before.as_str(), repair.after.as_str(), repair.unique), ("6", "60", true));
    assert!(repair.ties.contains(&"applications.row_total.granted".to_owned()), "{repair:?}");
    assert!(findings.iter().all(|f| f.code == Code::CellRepaired && f.cause == Cause::Reading));
}

#[test]
fn moved_ink_is_not_counted_twice() {
    // Either cell alone may not take the other's digit: 60 beside 0 would print the 0 twice.
    let (report, _) = run(twelve(placed("1|12 2|. 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Repaired");
    assert_eq!(shown(&report, "granted", "business"), "Blank Repaired");
}

#[test]
fn readings_that_no_tie_decides_stay_open() {
    let table = block(FORM, "proactive_disclosure", "article_20_5", "5|57", &[]);
    let (report, findings) = run(report(vec![table]));
    assert_eq!(shown(&report, "administrative_license", "decisions"), "5 Doubtful");
    assert_eq!(findings[0].code, Code::Undetermined);
    assert!(findings[0].message.en.contains("5 or 57"), "{}", findings[0].message.en);
    assert_eq!(shown(&report, "regulations", "issued"), "Absent Read");
    let table = block(FORM, "proactive_disclosure", "article_20_1", "0", &[("regulations", placed("30|3|0 . 120"))]);
    let (report, _) = run(super::testing::report(vec![table]));
    assert_eq!(shown(&report, "regulations", "issued"), "30 Doubtful");
    assert_eq!(shown(&report, "regulations", "repealed"), "Blank Doubtful");
    assert_eq!(shown(&report, "normative_documents", "repealed"), "0 Read");
}

#[test]
fn a_printed_reading_that_ties_is_kept_against_others() {
    let (report, _) = run(twelve(placed("12|1 0|20 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Proved");
}

#[test]
fn wrapped_digits_are_joined_and_proved_or_doubted() {
    let wide = |granted: &str| {
        report(vec![matrix(
            "0",
            &[
                ("new_requests", placed("117511 0 0 0 0 0 117511")),
                ("granted", placed(granted)),
                ("outcome_total", placed("117511 0 0 0 0 0 117511")),
            ],
        )])
    };
    let (report, findings) = run(wide("11751\n1 0 0 0 0 0 117511"));
    assert_eq!(shown(&report, "granted", "natural_person"), "117511 Proved");
    assert!(findings.is_empty());
    let (report, findings) = run(wide("11751\n2 0 0 0 0 0 117511"));
    assert_eq!(shown(&report, "granted", "natural_person"), "117512 Doubtful");
    assert!(!findings.is_empty());
}

#[test]
fn one_line_of_a_cell_is_taken_only_if_every_tie_asks_for_it() {
    let (report, _) = run(twelve(placed("12\n3 0 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Repaired");
}

#[test]
fn a_figure_under_a_seal_is_taken_only_on_proof() {
    let (report, _) = run(twelve(placed("专12 用0 章0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Repaired");
    assert_eq!(shown(&report, "granted", "business"), "0 Repaired");
    let (report, findings) = run(twelve(placed("专13 0 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "Text Doubtful");
    assert!(findings.iter().any(|f| f.code == Code::CellUnread && f.cause == Cause::Reading));
    let (report, _) =
        run(super::testing::report(vec![block(FORM, "proactive_disclosure", "article_20_5", "约300", &[])]));
    assert_eq!(shown(&report, "administrative_license", "decisions"), "Text Doubtful");
}

#[test]
fn joined_digits_without_a_tie_say_so() {
    let table = |text: &str| report(vec![block(FORM, "proactive_disclosure", "article_20_5", text, &[])]);
    let (report, findings) = run(table("11398\n889"));
    assert_eq!(shown(&report, "administrative_license", "decisions"), "11398889 Read");
    assert_eq!((findings[0].code, findings[0].cause), (Code::NumberJoined, Cause::Reading));
    let (report, findings) = run(table("12\n345"));
    assert_eq!(shown(&report, "administrative_license", "decisions"), "12345 Doubtful");
    assert_eq!(findings[0].code, Code::CellDoubtful);
}

#[test]
fn doubtful_ink_needs_proof() {
    let with = |text: &str, doubt: Doubt| {
        let mut row = readings("12 0 0 0 0 0 12");
        row[0] = doubted(text, doubt);
        twelve(slots(row))
    };
    assert_eq!(shown(&run(with("12", Doubt::Straddles)).0, "granted", "natural_person"), "12 Proved");
    let (report, findings) = run(with("13", Doubt::Straddles));
    assert_eq!(shown(&report, "granted", "natural_person"), "13 Doubtful");
    assert_eq!(findings[0].cells, ["applications/granted/natural_person"]);
    assert_eq!(shown(&run(with("12", Doubt::Unreadable)).0, "granted", "natural_person"), "Unreadable Doubtful");
}

#[test]
fn alignment_is_forgiven_in_full_rows_only() {
    let aligned = |texts: &str| slots(texts.split(' ').map(|t| doubted(t, Doubt::Alignment)).collect());
    let (report, _) = run(twelve(aligned("12 0 0 0 0 0 12")));
    assert_eq!(shown(&report, "granted", "business"), "0 Proved");
    let (report, _) = run(twelve(aligned("12 . . . . . 12")));
    assert_eq!(shown(&report, "granted", "natural_person"), "12 Doubtful");
    assert_eq!(shown(&report, "granted", "business"), "Blank Doubtful");
}

#[test]
fn loose_rows_follow_the_order_and_say_so() {
    let loose = |texts: &str| RowValues::Loose(readings(texts));
    let reading = report(vec![matrix(
        ".",
        &[
            ("new_requests", loose("29 . . . . 29")),
            ("carried_over", loose("2 . . . . 2")),
            ("granted", loose("12 . . . 12")),
            ("partially_granted", loose("19 . . . 19")),
            ("outcome_total", loose("31 . . . . 31")),
            ("carried_forward", loose(". . . . . .")),
        ],
    )]);
    let (report, findings) = run(reading);
    for (row, value) in [("new_requests", "29"), ("granted", "12"), ("outcome_total", "31")] {
        assert_eq!(shown(&report, row, "natural_person"), format!("{value} Position"));
        assert_eq!(shown(&report, row, "total"), format!("{value} Position"));
        assert_eq!(shown(&report, row, "business"), "Blank Position");
        assert_eq!(shown(&report, row, "other_organization"), "Blank Position");
    }
    assert_eq!(shown(&report, "carried_forward", "total"), "Blank Position");
    let position: Vec<_> = findings.iter().filter(|f| f.code == Code::PositionOnly).collect();
    assert_eq!((position.len(), position[0].cells.len(), position[0].cause), (1, 42, Cause::Undetermined));
    assert!(report.tables[0].cells.iter().all(|c| c.place.is_some()));
}

#[test]
fn a_figure_between_dropped_blanks_stays_open() {
    let reading = report(vec![matrix(".", &[("granted", RowValues::Loose(readings("3 2 5")))])]);
    let (report, findings) = run(reading);
    assert_eq!(shown(&report, "granted", "natural_person"), "3 Position");
    assert_eq!(shown(&report, "granted", "business"), "2 Doubtful");
    assert_eq!(shown(&report, "granted", "legal_service"), "Blank Doubtful");
    assert_eq!(shown(&report, "granted", "total"), "5 Position");
    assert!(findings.iter().any(|f| f.code == Code::Undetermined));
}

#[test]
fn column_ties_move_a_loose_figure_when_they_leave_one_place() {
    let reading = report(vec![matrix(
        ".",
        &[
            ("new_requests", placed(". 12 . . . . 12")),
            ("granted", RowValues::Loose(readings("12 12"))),
            ("outcome_total", placed(". 12 . . . . 12")),
        ],
    )]);
    let (report, _) = run(reading);
    assert_eq!(shown(&report, "granted", "business"), "12 Repaired");
    assert_eq!(shown(&report, "granted", "natural_person"), "Blank Repaired");
}

#[test]
fn a_total_that_no_row_prints_is_seen_by_the_column_ties() {
    let loose = |texts: &str| RowValues::Loose(readings(texts));
    let reading = report(vec![matrix(
        ".",
        &[
            ("new_requests", loose("7 1 3 0 2 9")),
            ("granted", loose("4 1 3 0 1 9")),
            ("denied_state_secret", loose("3 0 0 0 1 0")),
            ("outcome_total", loose("7 1 3 0 2 9")),
        ],
    )]);
    let (report, _) = run(reading);
    assert_eq!(shown(&report, "granted", "other_organization"), "9 Position");
    assert_eq!(shown(&report, "granted", "total"), "Blank Position");
}

#[test]
fn a_loose_row_that_fits_nowhere_is_doubtful() {
    let (report, findings) = run(report(vec![matrix(".", &[("granted", RowValues::Loose(readings("3 4 9")))])]));
    assert_eq!(shown(&report, "granted", "natural_person"), "3 Doubtful");
    assert!(findings.iter().any(|f| f.code == Code::Undetermined));
}

#[test]
fn a_block_of_another_edition_is_settled_by_that_edition() {
    let mut table =
        block("cn.foi-annual/2019", "applications", "matrix", "0", &[("other_processing", placed("1 0 0 0 0 0 1"))]);
    table.form = FORM.to_owned();
    let (report, _) = run(report(vec![table]));
    assert_eq!(report.tables[0].cells.len(), 161);
    assert_eq!(report.tables[0].editions, [("matrix".to_owned(), "cn.foi-annual/2019".to_owned())]);
    assert_eq!(shown(&report, "other_processing", "natural_person"), "1 Read");
}

#[test]
fn a_unit_typed_in_the_cell_is_kept() {
    let (report, findings) = run(report(vec![block(FORM, "proactive_disclosure", "article_20_8", "251000元", &[])]));
    let cell = cell(&report, "administrative_fee", "amount_10k_yuan");
    assert_eq!((cell.value.unwrap().to_string().as_str(), cell.unit.as_deref()), ("251000", Some("元")));
    assert_eq!(findings[0].code, Code::UnitInCell);
}

#[test]
fn missing_rows_blocks_and_columns_are_absent() {
    let mut table = matrix("0", &[("granted", RowValues::Absent)]);
    table.blocks[0].rows.retain(|r| r.key != "carried_over");
    let reading: BlockReading = table.blocks[0].clone();
    assert_eq!(reading.rows.len(), 24);
    let (report, _) = run(report(vec![table]));
    assert_eq!(report.tables[0].cells.len(), 175);
    assert_eq!(shown(&report, "granted", "total"), "Absent Read");
    assert_eq!(shown(&report, "carried_over", "total"), "Absent Read");
    assert!(cell(&report, "granted", "total").place.is_none());
}

/// The report read again from what was settled.
fn read_again(report: &Report) -> ReportReading {
    let table = &report.tables[0];
    let rows = table.cells.chunks(7).map(|cells| {
        let slot = |c: &Cell| Slot::Read(crate::bind::Reading { evidence: Evidence::Label, ..reading(&c.raw) });
        (cells[0].row.as_str(), RowValues::Placed(cells.iter().map(slot).collect()))
    });
    super::testing::report(vec![matrix("0", &rows.collect::<Vec<_>>())])
}

const OUTCOMES: [&str; 4] = ["granted", "denied_state_secret", "unavailable_not_held", "other_other"];

/// A matrix that ties: new requests equal outcomes, by column; rows of figures, the total last.
fn sound_matrix() -> impl Strategy<Value = Vec<(&'static str, [u32; 7])>> {
    proptest::collection::vec(proptest::array::uniform6(prop_oneof![3 => Just(0u32), 1 => 1..40u32]), OUTCOMES.len())
        .prop_map(|rows| {
            let with_total =
                |row: [u32; 6]| -> [u32; 7] { std::array::from_fn(|i| if i < 6 { row[i] } else { row.iter().sum() }) };
            let sums: [u32; 6] = std::array::from_fn(|i| rows.iter().map(|r| r[i]).sum());
            let mut all = vec![("new_requests", with_total(sums)), ("outcome_total", with_total(sums))];
            all.extend(OUTCOMES.into_iter().zip(rows.into_iter().map(with_total)));
            all
        })
}

fn text(figure: u32) -> String {
    if figure == 0 { ".".to_owned() } else { figure.to_string() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is printed with certainty comes out as printed, whether it ties or not, and settling again changes nothing.
    #[test]
    fn certain_ink_comes_out_as_printed(figures in proptest::collection::vec(0u32..30, 7)) {
        let texts: Vec<String> = figures.iter().map(|f| text(*f)).collect();
        let (once, _) = run(twelve(placed(&texts.join(" "))));
        for (column, figure) in PEOPLE.iter().zip(&figures) {
            let value = cell(&once, "granted", column).value;
            prop_assert_eq!(value, (*figure != 0).then(|| Number::from(*figure)));
        }
        prop_assert!(once.repairs.is_empty());
        let (twice, _) = run(read_again(&once));
        prop_assert_eq!(once.tables, twice.tables);
    }

    /// Blanks dropped from a sound table: nothing that comes out wrong is called read, proved or repaired.
    #[test]
    fn dropped_blanks_never_give_a_wrong_number_silently(rows in sound_matrix(), drop in proptest::collection::vec(0usize..7, 6)) {
        let loosen = |(at, (key, figures)): (usize, &(&'static str, [u32; 7]))| {
            let mut texts: Vec<String> = figures.iter().map(|f| text(*f)).collect();
            let mut left = drop[at];
            texts.retain(|t| if t == "." && left > 0 { left -= 1; false } else { true });
            let values = if texts.len() == 7 { placed(&texts.join(" ")) } else { RowValues::Loose(texts.iter().map(|t| reading(t)).collect()) };
            (*key, values)
        };
        let given: Vec<_> = rows.iter().enumerate().map(loosen).collect();
        let (report, _) = run(report(vec![matrix(".", &given)]));
        for (row, figures) in &rows {
            for (column, figure) in PEOPLE.iter().zip(figures) {
                let cell = cell(&report, row, column);
                let right = cell.value == (*figure != 0).then(|| Number::from(*figure));
                prop_assert!(right || matches!(cell.certainty, Certainty::Position | Certainty::Doubtful), "{row}/{column} {cell:?}");
            }
        }
    }
}
