//! Cells in, one row for each row of a form out: a table `NAME_wide` for each standard table.
//!
//! Every column of the form is two columns: the number as printed, and `…_state`, which says what the number rests on, or,
//! where there is none, why. The words of certainty (`proved`, `read`, …) and of status (`blank`, `mark`, …) have nothing in
//! common, so one column holds both, and a sum over trusted numbers never has to look elsewhere. A second table of states
//! would have to be joined, and would be forgotten.

use super::sheet::{Field, Sheet};
use super::{Failure, Labels};
use crate::dataset::schema::{self, Kind};
use crate::dataset::{Row, Value};
use crate::form::{self, Library};
use crate::text::{Lang, Text};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The status of a cell that holds a number.
const NUMBER: &str = "number";

/// Takes a row of the wide table at that position.
type Out<'o> = dyn FnMut(usize, &[Value<'_>]) -> Result<(), Failure> + 'o;

/// The wide tables, and the cells of the one that is being gathered.
pub(super) struct Wide {
    tables: IndexMap<String, Plan>,
    labels: Labels,
    at: At,
    open: Option<Open>,
}

/// What is known of one wide table before a cell is seen.
struct Plan {
    title: Text,
    /// Column keys of all editions, newest first, each with its label.
    columns: IndexMap<String, form::Column>,
    /// Row keys, each with whether it is a total and its label.
    rows: IndexMap<String, form::Row>,
}

/// The rows of one report and table.
struct Open {
    report: String,
    table: String,
    rows: IndexMap<String, Gathered>,
}

/// The cells of one row of the form.
struct Gathered {
    /// A cell of it: issuer, year, edition and label are the same in all.
    first: Row<'static>,
    /// Value and state by column.
    cells: BTreeMap<usize, (Value<'static>, Value<'static>)>,
    /// Columns that a person decided on.
    corrected: Vec<String>,
}

/// Where the fields of a cell stand.
struct At {
    report: usize,
    form: usize,
    table: usize,
    row: usize,
    column: usize,
    status: usize,
    value: usize,
    certainty: usize,
    corrected: usize,
    kept: [usize; 3],
    row_label: usize,
}

impl At {
    fn new() -> Self {
        // That the columns are there is the schema's own test.
        let at = |name: &str| schema::CELLS.position(name).unwrap_or(usize::MAX);
        Self {
            report: at("report_id"),
            form: at("form"),
            table: at("table"),
            row: at("row"),
            column: at("column"),
            status: at("status"),
            value: at("value"),
            certainty: at("certainty"),
            corrected: at("corrected"),
            kept: [at("report_id"), at("issuer"), at("year")],
            row_label: at("row_label"),
        }
    }
}

impl Wide {
    /// The wide tables of all forms.
    pub(super) fn new(library: &Library, labels: Labels) -> Self {
        let mut tables: IndexMap<String, Plan> = IndexMap::new();
        for table in library.forms().iter().flat_map(|form| &form.tables) {
            let title = table.title.as_ref().map(|title| Text::new(&title.en, &title.zh));
            let plan = tables.entry(table.id.clone()).or_insert_with(|| Plan {
                title: title.unwrap_or_else(|| Text::new(&table.id, &table.id)),
                columns: IndexMap::new(),
                rows: IndexMap::new(),
            });
            for block in &table.blocks {
                for column in &block.columns {
                    plan.columns.entry(column.key.clone()).or_insert_with(|| column.clone());
                }
                for row in &block.rows {
                    plan.rows.entry(row.key.clone()).or_insert_with(|| row.clone());
                }
            }
        }
        Self { tables, labels, at: At::new(), open: None }
    }

    /// The tables as they go out.
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        self.tables.iter().map(|(id, plan)| plan.sheet(id, self.labels)).collect()
    }

    /// Takes a cell; hands on the rows that are complete, each with the position of its table.
    pub(super) fn push(&mut self, cell: &Row<'static>, out: &mut Out<'_>) -> Result<(), Failure> {
        let text = |at: usize| cell.get(at).and_then(Value::as_text).unwrap_or_default();
        let (report, table) = (text(self.at.report), text(self.at.table));
        if self.open.as_ref().is_some_and(|open| open.report != report || open.table != table) {
            self.flush(out)?;
        }
        let open = self.open.get_or_insert_with(|| Open {
            report: report.to_owned(),
            table: table.to_owned(),
            rows: IndexMap::new(),
        });
        let (row, column) = (text(self.at.row), text(self.at.column));
        let position = self.tables.get(table).and_then(|plan| plan.columns.get_index_of(column));
        let Some(position) = position else {
            let form = text(self.at.form).to_owned();
            return Err(Failure::UnknownCell { form, cell: format!("{table}/{row}/{column}") });
        };
        let gathered = open.rows.entry(row.to_owned()).or_insert_with(|| Gathered {
            first: cell.clone(),
            cells: BTreeMap::new(),
            corrected: Vec::new(),
        });
        let state = if text(self.at.status) == NUMBER { self.at.certainty } else { self.at.status };
        let field = |at: usize| cell.get(at).cloned().unwrap_or(Value::None);
        gathered.cells.insert(position, (field(self.at.value), field(state)));
        if field(self.at.corrected) == Value::Flag(true) {
            gathered.corrected.push(column.to_owned());
        }
        Ok(())
    }

    /// Hands on what is left.
    pub(super) fn flush(&mut self, out: &mut Out<'_>) -> Result<(), Failure> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let Some((sheet, _, plan)) = self.tables.get_full(&open.table) else { return Ok(()) };
        for (key, mut gathered) in open.rows {
            let row = plan.rows.get(&key);
            let field = |at: usize| gathered.first.get(at).cloned().unwrap_or(Value::None);
            let mut fields: Row<'_> = self.at.kept.map(field).into();
            fields.extend([field(self.at.form), key.as_str().into()]);
            if let Some(lang) = self.labels.lang() {
                fields.push(row.and_then(|row| row.label(lang)).into());
            }
            fields.push(field(self.at.row_label));
            fields.push(row.is_some_and(|row| row.total).into());
            fields.push(Some(gathered.corrected.join(" ")).filter(|columns| !columns.is_empty()).into());
            for column in 0..plan.columns.len() {
                let (value, state) = gathered.cells.remove(&column).unwrap_or((Value::None, Value::None));
                fields.extend([value, state]);
            }
            out(sheet, &fields)?;
        }
        Ok(())
    }
}

impl Plan {
    fn sheet(&self, id: &str, labels: Labels) -> Sheet {
        let of_cells = |name: &str| Sheet::of(&schema::CELLS).columns.into_iter().find(|field| field.name == name);
        let mut columns: Vec<Field> =
            ["report_id", "issuer", "year", "form", "row"].into_iter().filter_map(of_cells).collect();
        if labels != Labels::Id {
            columns.push(Field::new("row_title", Kind::Text, false, "label of the row in the form", "行标签（表式）"));
        }
        columns.extend(of_cells("row_label"));
        let total =
            ("whether the row is a total of other rows: leave these out of sums", "是否为其他行的合计；求和时应排除");
        columns.push(Field::new("row_total", Kind::Flag, true, total.0, total.1));
        let corrected = (
            "columns that a person decided on, joined with blanks; see corrections",
            "有人工更正的列，以空格相连，见 corrections",
        );
        columns.push(Field::new("corrected", Kind::Text, false, corrected.0, corrected.1));
        columns.extend(self.columns.values().flat_map(|column| pair(column, labels)));
        Sheet {
            name: format!("{id}_wide"),
            about: Text::new(
                format!("{}: one row for each report and row of the form", self.title.en),
                format!("{}：每份报告的每个表行一行", self.title.zh),
            ),
            key: vec!["report_id".into(), "row".into()],
            columns,
        }
    }
}

/// The two columns of a column of the form.
fn pair(column: &form::Column, labels: Labels) -> [Field; 2] {
    let label = |lang| column.label(lang).unwrap_or_else(|| column.key.clone());
    let (name, state) = match labels {
        Labels::Id => (column.key.clone(), format!("{}_state", column.key)),
        Labels::Zh => (label(Lang::Zh), format!("{}（状态）", label(Lang::Zh))),
        Labels::En => (label(Lang::En), format!("{} (state)", label(Lang::En))),
    };
    let total = |yes, no| if column.total { yes } else { no };
    let (en, zh) = (label(Lang::En), label(Lang::Zh));
    let unit = column.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    [
        Field::new(
            name,
            Kind::Decimal,
            false,
            &format!("{en}{unit}: the number as printed{}", total("; a total: leave it out of sums", "")),
            &format!("{zh}{unit}：数字（原值）{}", total("；合计，求和时应排除", "")),
        ),
        Field::new(
            state,
            Kind::Text,
            false,
            &format!(
                "{en}: for a number, what it rests on (proved, read, position, repaired, doubtful); otherwise why there is \
                 none (blank, mark, text, unreadable, absent); empty where the row has no such column"
            ),
            &format!(
                "{zh}：有数字时为其依据（proved、read、position、repaired、doubtful），否则为原因（blank 空白、mark 符号、text 文字、\
                 unreadable 无法辨读、absent 无此格）；该行无此列时为空"
            ),
        ),
    ]
}
