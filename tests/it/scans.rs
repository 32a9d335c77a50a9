//! Fixtures that are pictures are read without models, and with those in the folder that `GOUJI_TEST_MODELS` names.

use crate::fixtures::{Fixture, all, departures, pictures, silent_errors};
use gouji::emit::{CellStatus, ReadingMethod, Report, ReportStatus};
use gouji::source::Models;
use gouji::{Lang, Options};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// The models, loaded once; `None` where the tests are given none.
static MODELS: LazyLock<Option<Arc<Models>>> = LazyLock::new(|| {
    let folder = PathBuf::from(std::env::var_os("GOUJI_TEST_MODELS")?);
    let models = Models::find(&folder).unwrap_or_else(|| panic!("no models in {}", folder.display()));
    Some(Arc::new(models))
});

/// How a fixture is read with models; `None` where there are none.
fn with_models(fixture: &Fixture) -> Option<Options> {
    let models = MODELS.clone()?;
    Some(Options { models: Some(models), ..fixture.options() })
}

#[test]
fn scans_give_what_is_printed_in_them() {
    all(&pictures("forms"), |fixture| {
        let Some(options) = with_models(fixture) else { return Vec::new() };
        let reports = match fixture.extract_with(&options) {
            Ok(extraction) => Report::all(&extraction, Lang::En),
            Err(error) => return vec![format!("stopped: {}: {error}", error.code())],
        };
        let mut complaints = departures(fixture, &reports);
        let cells = reports.iter().flat_map(|report| &report.tables).flat_map(|table| &table.cells);
        let numbers = cells.filter(|cell| cell.status == CellStatus::Number);
        let other = numbers.filter(|cell| cell.method != Some(ReadingMethod::Ocr)).count();
        if other > 0 {
            complaints.push(format!("{other} numbers do not say that they were recognised"));
        }
        complaints
    });
}

#[test]
fn without_models_scans_have_no_text() {
    all(&pictures("forms"), |fixture| {
        let allowed = fixture.allowed();
        match fixture.extract_with(&fixture.options()) {
            Err(error) if allowed.is_empty() || allowed.contains(&error.code()) => Vec::new(),
            Err(error) => vec![format!("{}: {error}; expected {allowed:?}", error.code())],
            // What was read is a text that lies beneath the picture.
            Ok(extraction) if allowed.is_empty() => silent_errors(fixture, &Report::all(&extraction, Lang::En)),
            Ok(_) => vec![format!("read; expected {allowed:?}")],
        }
    });
}

#[test]
fn broken_pictures_stop_or_give_a_part() {
    all(&pictures("broken"), |fixture| {
        let allowed = fixture.allowed();
        let ways = std::iter::once(fixture.options()).chain(with_models(fixture));
        let complaint = |options: Options| match fixture.extract_with(&options) {
            Err(error) if allowed.contains(&error.code()) => None,
            Err(error) => Some(format!("{}: {error}; expected {allowed:?}", error.code())),
            Ok(_) if options.models.is_none() => Some(format!("read without models; expected {allowed:?}")),
            Ok(extraction) => {
                let reports = Report::all(&extraction, Lang::En);
                let whole = reports.iter().any(|report| report.status == ReportStatus::Complete);
                whole.then(|| "said to be complete".to_owned())
            }
        };
        ways.filter_map(complaint).collect()
    });
}
