//! The second reading, over every PDF fixture: how often it can read, that it agrees where all is well, and that it
//! objects where the first reading is wrong.

use crate::fixtures::{Fixture, fixtures};
use gouji::finding::{Code, Severity};
use gouji::pipeline::ReportResult;
use gouji::place::Place;
use gouji::second::{self, Tally};
use gouji::settle::{Cell, Certainty, Second, Status, Why};
use gouji::{Library, number};
use std::fmt::Write as _;

fn read(fixture: &Fixture) -> Vec<ReportResult> {
    gouji::extract(&fixture.bytes, &fixture.name, &fixture.options(), &Library::builtin().unwrap()).unwrap().reports
}

fn again(fixture: &Fixture, reports: &mut [ReportResult]) -> Tally {
    second::read(&fixture.bytes, fixture.options().password.as_deref(), reports)
}

fn named(name: &str) -> Fixture {
    let name = format!("forms/cn.foi-annual/{name}");
    fixtures("forms").into_iter().find(|fixture| fixture.name == name).unwrap()
}

fn numbers(reports: &mut [ReportResult]) -> impl Iterator<Item = &mut Cell> {
    let tables = reports.iter_mut().flat_map(|result| &mut result.report.tables);
    tables.flat_map(|table| &mut table.cells).filter(|cell| cell.status == Status::Number)
}

/// A row for each fixture, so that a change of what can be read again shows.
#[test]
fn both_readings_of_the_fixtures_agree() {
    let (mut table, mut all) = (String::new(), Tally::default());
    for fixture in fixtures("forms").iter().filter(|fixture| fixture.bytes.starts_with(b"%PDF")) {
        let tally = again(fixture, &mut read(fixture));
        let reasons = tally.not_possible.iter().map(|(why, count)| format!(" {} {count}", why.name()));
        let name = fixture.name.trim_start_matches("forms/");
        let Tally { numbers, same, differing, .. } = tally;
        writeln!(table, "{name}: {numbers} same {same} differs {differing}{}", reasons.collect::<String>()).unwrap();
        all.add(&tally);
    }
    assert_eq!(all.differing, 0, "{table}");
    assert_eq!(all.numbers, all.same + all.not_possible.values().sum::<u32>());
    insta::assert_snapshot!(table);
}

#[test]
fn a_changed_digit_is_objected_to_in_every_cell() {
    let fixture = named("2021-pdf-chromium");
    let mut reports = read(&fixture);
    for cell in numbers(&mut reports) {
        let last = cell.raw.pop().unwrap();
        cell.raw.push(if last == '9' { '0' } else { char::from(last as u8 + 1) });
        cell.value = number::parse(&cell.raw);
    }
    let tally = again(&fixture, &mut reports);
    assert_eq!((tally.differing, tally.same), (tally.numbers, 0));
    let told: Vec<_> = reports[0].findings.iter().filter(|f| f.code == Code::SecondReadingDiffers).cloned().collect();
    assert_eq!(told.len(), tally.numbers as usize);
    for (cell, finding) in numbers(&mut reports).zip(told) {
        let Some(Second::Differs { text }) = &cell.second else { panic!("{cell:?}") };
        assert_eq!((cell.certainty, finding.severity), (Certainty::Doubtful, Severity::Warning));
        let message = finding.message.get(gouji::Lang::En);
        assert!(message.contains(&cell.raw) && message.contains(text), "{message}");
        assert_eq!((&finding.place, finding.cells.len()), (&cell.place, 1));
    }
}

#[test]
fn digits_that_the_first_reading_left_out_are_objected_to() {
    let fixture = named("2021-pdf-libreoffice");
    for from_the_left in [true, false] {
        let mut reports = read(&fixture);
        for cell in numbers(&mut reports).filter(|cell| cell.raw.len() > 1) {
            let Some(Place::Page { bbox, .. }) = &mut cell.place else { panic!("{cell:?}") };
            let digit = bbox.width() / f32::from(u8::try_from(cell.raw.len()).unwrap());
            if from_the_left {
                bbox.x0 += digit;
                cell.raw.remove(0);
            } else {
                bbox.x1 -= digit;
                cell.raw.pop();
            }
            cell.value = number::parse(&cell.raw);
        }
        again(&fixture, &mut reports);
        let missed =
            numbers(&mut reports).filter(|cell| cell.raw.len() > 1 && cell.second == Some(Second::Same)).count();
        assert_eq!(missed, 0, "from the left: {from_the_left}");
    }
}

#[test]
fn what_cannot_be_read_again_is_said_once_and_changes_nothing() {
    let fixture = named("xref-broken");
    let first = read(&fixture);
    let mut reports = first.clone();
    let tally = again(&fixture, &mut reports);
    assert_eq!(tally.not_possible.get(&Why::ReaderFailed), Some(&tally.numbers));
    let told: Vec<_> = reports[0].findings.iter().filter(|f| f.code == Code::SecondReadingIncomplete).collect();
    assert_eq!((told.len(), told[0].severity), (1, Severity::Info));
    let all = format!("{0} of {0} numbers", tally.numbers);
    assert!(told[0].message.get(gouji::Lang::En).starts_with(&all), "{:?}", told[0].message);
    for cell in numbers(&mut reports) {
        cell.second = None;
    }
    assert_eq!(reports[0].report, first[0].report);
}

#[test]
fn numbers_that_are_on_no_page_are_not_read_again() {
    let cases = fixtures("forms");
    let fixture = cases.iter().find(|fixture| fixture.folder.join("input.docx").exists()).unwrap();
    let mut reports = read(fixture);
    let tally = again(fixture, &mut reports);
    assert!(tally.numbers > 0);
    assert_eq!(tally.not_possible.get(&Why::NotAPage), Some(&tally.numbers));
    assert!(numbers(&mut reports).all(|cell| cell.second == Some(Second::NotPossible(Why::NotAPage))));
}
