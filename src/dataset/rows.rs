//! A report as rows of the dataset's tables.

use super::SCALE;
use super::parquet::fits;
use super::value::{Row, Value};
use crate::emit::{
    Block, Cause, Cell, CellStatus, Certainty, Coverage, Exact, Place, Report, Severity, Table, Tally, word,
};
use crate::finding::Code;
use crate::form::Library;
use crate::number::Number;
use crate::text::{Lang, Text};
use std::collections::BTreeMap;

/// A report with what the dataset knows about it beyond the report itself.
#[derive(Debug, Clone, Copy)]
pub struct Filed<'a> {
    /// The report.
    pub report: &'a Report,
    /// The forms: they say to which block a cell belongs.
    pub library: &'a Library,
    /// Human decisions about its cells, by `table/row/column`.
    pub corrections: &'a BTreeMap<String, Corrected>,
    /// Language of what the dataset itself says of a report.
    pub lang: Lang,
    /// How many reports of the dataset have its issuer and year; `None` where it lacks one of them.
    pub same_issuer_year: Option<i64>,
}

/// A human decision that applies: the number, or `None` for no number.
pub type Corrected = Option<Number>;

/// Digits of the hash in a report's id.
const ID_DIGITS: usize = 20;

impl<'a> Filed<'a> {
    /// The report's id: the beginning of its input's hash and its number within the input.
    pub fn id_of(sha256: &str, ordinal: u32) -> String {
        format!("{}-{ordinal}", sha256.get(..ID_DIGITS).unwrap_or(sha256))
    }

    /// The id of this report.
    pub fn id(&self) -> String {
        Self::id_of(&self.report.input.sha256, self.report.report.ordinal)
    }

    /// Its row of `reports`.
    pub fn report(&self) -> Row<'a> {
        let (input, case) = (&self.report.input, &self.report.report);
        let coverage = Coverage::sum(self.report.tables.iter().map(|table| table.coverage));
        let tally = Tally::of_wire(&self.report.checks);
        let cells = || self.report.tables.iter().flat_map(|table| &table.cells);
        let doubtful = cells().filter(|cell| cell.certainty == Certainty::Doubtful).count();
        let of = |severity| self.report.findings.iter().filter(|finding| finding.severity == severity).count();
        vec![
            self.id().into(),
            (&input.name).into(),
            (&input.sha256).into(),
            input.format.as_ref().into(),
            input.bytes.into(),
            input.pages.into(),
            case.ordinal.into(),
            case.title.as_deref().into(),
            case.issuer.as_deref().into(),
            case.year.into(),
            case.issued_on.as_deref().into(),
            word(&self.report.status).into(),
            self.form().into(),
            self.report.tables.len().into(),
            coverage.expected.into(),
            coverage.number.into(),
            coverage.zero.into(),
            coverage.blank.into(),
            coverage.mark.into(),
            coverage.text.into(),
            coverage.unreadable.into(),
            coverage.absent.into(),
            doubtful.into(),
            tally.hold.into(),
            tally.fail.into(),
            tally.unchecked().into(),
            of(Severity::Error).into(),
            (of(Severity::Warning) + self.not_stored().count()).into(),
            self.same_issuer_year.into(),
            self.report.tool.version.as_ref().into(),
        ]
    }

    /// Its rows of `cells`.
    pub fn cells(self) -> impl Iterator<Item = Row<'a>> {
        let id = self.id();
        self.report.tables.iter().flat_map(move |table| {
            let id = id.clone();
            let mut last: Option<&Block> = None;
            table.cells.iter().map(move |cell| {
                // Cells come block by block.
                if !last.is_some_and(|block| self.holds(table, block, cell)) {
                    last = table.blocks.iter().find(|block| self.holds(table, block, cell));
                }
                self.cell(&id, table, last, cell)
            })
        })
    }

    /// Whether the cell is one of the block's.
    fn holds(&self, table: &Table, block: &Block, cell: &Cell) -> bool {
        let form = self.library.block(&block.form, &table.id, &block.id);
        form.is_some_and(|form| {
            form.rows.iter().any(|row| row.key == cell.row)
                && form.columns.iter().any(|column| column.key == cell.column)
        })
    }

    fn cell(&self, id: &str, table: &'a Table, block: Option<&'a Block>, cell: &'a Cell) -> Row<'a> {
        let case = &self.report.report;
        let row_label = block.and_then(|block| block.rows.get(&cell.row));
        let column_label = block.and_then(|block| block.columns.get(&cell.column));
        let corrected = self.corrections.get(&format!("{}/{}/{}", table.id, cell.row, cell.column));
        let [place, page, x0, y0, x1, y1] = place(cell.place.as_ref());
        vec![
            id.to_owned().into(),
            case.issuer.as_deref().into(),
            case.year.into(),
            block.map(|block| block.form.as_str()).into(),
            (&table.id).into(),
            (&cell.row).into(),
            (&cell.column).into(),
            row_label.into(),
            column_label.into(),
            word(&cell.status).into(),
            stored(cell.value),
            Some(cell.raw.as_str()).filter(|_| cell.status != CellStatus::Absent).into(),
            cell.unit.as_deref().into(),
            word(&cell.certainty).into(),
            cell.total.into(),
            corrected.copied().flatten().into(),
            corrected.is_some().into(),
            cell.second_reading.as_ref().map(word).into(),
            cell.second_raw.as_deref().into(),
            cell.method.as_ref().map(word).into(),
            place,
            page,
            x0,
            y0,
            x1,
            y1,
        ]
    }

    /// Its rows of `checks`.
    pub fn checks(self) -> impl Iterator<Item = Row<'a>> {
        self.report.checks.iter().map(move |check| {
            vec![
                self.id().into(),
                self.report.report.year.into(),
                (&check.id).into(),
                (&check.rule).into(),
                (&check.table).into(),
                word(&check.mode).into(),
                word(&check.verdict).into(),
                stored(check.left),
                stored(check.right),
                check.cells.join(" ").into(),
                check.soft.into(),
            ]
        })
    }

    /// The edition that most of its tables follow; the first of equals.
    fn form(&self) -> Option<&'a str> {
        let forms = || self.report.tables.iter().map(|table| table.form.as_str());
        forms().rev().max_by_key(|form| forms().filter(|other| other == form).count())
    }

    /// Cells with a number that has more decimals than there is room for.
    fn not_stored(self) -> impl Iterator<Item = (&'a Table, &'a Cell)> {
        let cells = self.report.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
        cells.filter(|(_, cell)| cell.value.is_some_and(|value| !fits(value.0)))
    }

    /// Its rows of `findings`: the report's, and those that putting it into a dataset adds.
    pub fn findings(self) -> impl Iterator<Item = Row<'a>> {
        let added = self.not_stored().map(move |(table, cell)| {
            let code = Code::ValueNotStored;
            let [place, page, ..] = place(cell.place.as_ref());
            let (severity, cause) = (Severity::from(code.doc().severity), Cause::from(code.doc().cause));
            let says = Text::new(
                format!("{} has more decimals than the dataset stores ({SCALE})", cell.raw),
                format!("{} 的小数位数超过数据集所能存储的 {SCALE} 位", cell.raw),
            );
            vec![
                self.id().into(),
                self.report.report.year.into(),
                code.name().into(),
                word(&severity).into(),
                word(&cause).into(),
                says.get(self.lang).to_owned().into(),
                match self.lang {
                    Lang::En => code.doc().help.0,
                    Lang::Zh => code.doc().help.1,
                }
                .into(),
                format!("{}/{}/{}", table.id, cell.row, cell.column).into(),
                place,
                page,
                Value::None,
            ]
        });
        let own = self.report.findings.iter().map(move |finding| {
            let [place, page, ..] = place(finding.place.as_ref());
            vec![
                self.id().into(),
                self.report.report.year.into(),
                finding.code.as_ref().into(),
                word(&finding.severity).into(),
                word(&finding.cause).into(),
                (&finding.message).into(),
                (&finding.help).into(),
                Some(finding.cells.join(" ")).filter(|cells| !cells.is_empty()).into(),
                place,
                page,
                finding.evidence.as_deref().into(),
            ]
        });
        own.chain(added)
    }

    /// Its rows of `repairs`.
    pub fn repairs(self) -> impl Iterator<Item = Row<'a>> {
        self.report.repairs.iter().map(move |repair| {
            vec![
                self.id().into(),
                self.report.report.year.into(),
                (&repair.cell).into(),
                (&repair.before).into(),
                (&repair.after).into(),
                repair.ties.join(" ").into(),
                repair.unique.into(),
                (&repair.reason).into(),
            ]
        })
    }

    /// Its rows of `sections`.
    pub fn sections(self) -> impl Iterator<Item = Row<'a>> {
        self.report.sections.iter().map(move |section| {
            let [place, page, ..] = place(Some(&section.place));
            vec![
                self.id().into(),
                self.report.report.year.into(),
                (&section.number).into(),
                (&section.id).into(),
                (&section.title).into(),
                (&section.text).into(),
                place,
                page,
            ]
        })
    }
}

/// A number, where the dataset has room for all of its digits: it is never rounded.
fn stored(number: Option<Exact>) -> Value<'static> {
    number.map(|number| number.0).filter(|number| fits(*number)).into()
}

/// A place in words, its page, and its box.
fn place(place: Option<&Place>) -> [Value<'static>; 6] {
    let words = place.map(ToString::to_string).into();
    match place {
        Some(Place::Page { page, bbox }) => {
            let [x0, y0, x1, y1] = bbox.map(Value::Float);
            [words, (*page).into(), x0, y0, x1, y1]
        }
        _ => [words, Value::None, Value::None, Value::None, Value::None, Value::None],
    }
}
