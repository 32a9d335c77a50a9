//! The second reading of one input at a time: made in a worker process, which may crash, and noted on what this process
//! read itself.

use crate::outcome::unpack;
use crate::worker::Worker;
use gouji::emit::{Cell, SecondReading};
use gouji::settle::{Second, Why};
use gouji::{Extraction, Lang, second};
use std::collections::BTreeMap;

/// Notes on every number what a worker's second reading came to; where the worker says nothing, that it could not be made.
pub(crate) fn read_again(bytes: &[u8], worker: &mut Worker, extraction: &mut Extraction) {
    let outcome = worker.read(bytes, Lang::En).ok().and_then(|packed| unpack(&packed.body).ok());
    let mut found: BTreeMap<(u32, &str, &str, &str), &Cell> = BTreeMap::new();
    for report in outcome.iter().flat_map(|outcome| &outcome.reports) {
        for table in &report.tables {
            let ordinal = report.report.ordinal;
            found.extend(
                table.cells.iter().map(|c| ((ordinal, table.id.as_str(), c.row.as_str(), c.column.as_str()), c)),
            );
        }
    }
    second::note(&mut extraction.reports, |ordinal, table, cell| {
        found.get(&(ordinal, table, cell.row.as_str(), cell.column.as_str())).map_or(LOST, |cell| of(cell))
    });
}

const LOST: Second = Second::NotPossible(Why::ReaderFailed);

fn of(cell: &Cell) -> Second {
    match (cell.second_reading, &cell.second_raw, &cell.second_why) {
        (Some(SecondReading::Same), ..) => Second::Same,
        (Some(SecondReading::Differs), Some(text), _) => Second::Differs { text: text.clone() },
        (Some(SecondReading::NotPossible), _, Some(why)) => Why::from_name(why).map_or(LOST, Second::NotPossible),
        _ => LOST,
    }
}
