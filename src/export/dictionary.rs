//! What every name means: the tables and columns of the export, and the tables, rows and columns of the forms; and what the
//! figures of one edition are worth beside those of another.

use super::sheet::{Field, Sheet};
use crate::dataset::schema::Kind;
use crate::dataset::{Row, Value};
use crate::error::Result;
use crate::form::crosswalk::{Line, Spot};
use crate::form::{Library, Table, crosswalks};
use crate::text::{Lang, Text};
use indexmap::IndexMap;

/// The dictionary as a table.
pub(super) fn sheet(lang: Lang) -> Sheet {
    let (name, en, zh) = match lang {
        Lang::En => ("dictionary_en", "the data dictionary in English", "数据字典（英文）"),
        Lang::Zh => ("dictionary_zh", "the data dictionary in Chinese", "数据字典（中文）"),
    };
    let text = |name, required, en, zh| Field::new(name, Kind::Text, required, en, zh);
    let flag = |name, en, zh| Field::new(name, Kind::Flag, false, en, zh);
    Sheet {
        name: name.into(),
        about: Text::new(en, zh),
        key: Vec::new(),
        columns: vec![
            text(
                "scope",
                true,
                "export: a table or column of these files; form: of the published form",
                "export 本数据的表或列；form 官方表式的表、行或列",
            ),
            text("table", true, "table", "表"),
            text("row", false, "row id, for rows of the form", "行 id（表式的行）"),
            text("column", false, "column", "列"),
            text("label", false, "what it means, or what the form calls it", "含义，或表式中的名称"),
            text(
                "kind",
                false,
                "text, integer, decimal, float or flag; heading for a row without values",
                "text 文本、integer 整数、decimal 小数、float 浮点、flag 是否；heading 为无数据的标题行",
            ),
            flag("required", "whether every row has it", "是否每行都有"),
            text("unit", false, "unit that the form fixes", "表式规定的单位"),
            flag("total", "whether it is a total: leave it out of sums", "是否为合计；求和时应排除"),
            text(
                "editions",
                false,
                "editions of the form that have it so, joined with ;",
                "有此项（且相同）的表式版本，以 ; 相连",
            ),
        ],
    }
}

/// The rows of the dictionary.
pub(super) fn rows(lang: Lang, sheets: &[Sheet], library: &Library) -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    for sheet in sheets {
        let about = sheet.about.get(lang).to_owned();
        rows.push(Entry { label: Some(about), ..Entry::new("export", &sheet.name) }.row());
        rows.extend(sheet.columns.iter().map(|field| {
            Entry {
                column: Some(field.name.clone()),
                label: Some(field.about.get(lang).to_owned()),
                kind: Some(word(field.kind)),
                required: Some(field.required),
                ..Entry::new("export", &sheet.name)
            }
            .row()
        }));
    }
    // The same name in several editions is one entry as long as everything said of it is the same.
    let mut entries: IndexMap<Entry, Vec<String>> = IndexMap::new();
    for form in library.forms() {
        for entry in form.tables.iter().flat_map(|table| of_form(table, lang)) {
            let editions = entries.entry(entry).or_default();
            if !editions.contains(&form.id) {
                editions.push(form.id.clone());
            }
        }
    }
    let mut entries: Vec<(Entry, Vec<String>)> = entries.into_iter().collect();
    let tables: Vec<String> = entries.iter().map(|(entry, _)| entry.table.clone()).collect();
    let rank = |entry: &Entry| {
        let part = u8::from(entry.column.is_some()) * 2 + u8::from(entry.row.is_some());
        (tables.iter().position(|table| *table == entry.table), part)
    };
    entries.sort_by_key(|(entry, _)| rank(entry));
    rows.extend(
        entries.into_iter().map(|(entry, editions)| Entry { editions: Some(editions.join(";")), ..entry }.row()),
    );
    rows
}

/// A line of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Entry {
    scope: &'static str,
    table: String,
    row: Option<String>,
    column: Option<String>,
    label: Option<String>,
    kind: Option<&'static str>,
    required: Option<bool>,
    unit: Option<String>,
    total: Option<bool>,
    editions: Option<String>,
}

impl Entry {
    fn new(scope: &'static str, table: &str) -> Self {
        Self {
            scope,
            table: table.to_owned(),
            row: None,
            column: None,
            label: None,
            kind: None,
            required: None,
            unit: None,
            total: None,
            editions: None,
        }
    }

    fn row(self) -> Row<'static> {
        vec![
            self.scope.into(),
            self.table.into(),
            self.row.into(),
            self.column.into(),
            self.label.into(),
            self.kind.into(),
            self.required.into(),
            self.unit.into(),
            self.total.into(),
            self.editions.into(),
        ]
    }
}

/// What a form says of a table, its rows and its columns.
fn of_form(table: &Table, lang: Lang) -> Vec<Entry> {
    let entry = || Entry::new("form", &table.id);
    let mut entries = vec![Entry { label: table.label(lang).map(str::to_owned), ..entry() }];
    for block in &table.blocks {
        entries.extend(block.rows.iter().map(|row| Entry {
            row: Some(row.key.clone()),
            label: row.label(lang),
            kind: row.heading.then_some("heading"),
            unit: row.unit.clone(),
            total: Some(row.total),
            ..entry()
        }));
        entries.extend(block.columns.iter().map(|column| Entry {
            column: Some(column.key.clone()),
            label: column.label(lang),
            kind: Some(word(Kind::Decimal)),
            unit: column.unit.clone(),
            total: Some(column.total),
            ..entry()
        }));
    }
    entries
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer | Kind::Year => "integer",
        Kind::Decimal => "decimal",
        Kind::Float => "float",
        Kind::Flag => "flag",
    }
}

/// The crosswalk as a table.
pub(super) fn crosswalk_sheet() -> Sheet {
    let text = |name, required, en, zh| Field::new(name, Kind::Text, required, en, zh);
    Sheet {
        name: "crosswalk".into(),
        about: Text::new(
            "what the cells of one edition are worth beside those of another",
            "各版本表式之间单元格的对应与可比性",
        ),
        key: Vec::new(),
        columns: vec![
            text("form", true, "edition of the form", "表式版本"),
            text("table", true, "table id", "表 id"),
            text("row", true, "row id", "行 id"),
            text("column", true, "column id", "列 id"),
            text(
                "together_with",
                false,
                "cells of the same edition to add first, as table/row/column, joined with blanks",
                "须先相加的同版本单元格（表/行/列），以空格相连",
            ),
            text("other_form", true, "the other edition", "另一版本"),
            text(
                "counterpart",
                false,
                "its cells to add up, as table/row/column, joined with blanks; empty for none",
                "另一版本中对应（须相加）的单元格，以空格相连；无则为空",
            ),
            text(
                "comparison",
                true,
                "same, comparable_with_note or not_comparable",
                "same 相同、comparable_with_note 可比（见说明）、not_comparable 不可比",
            ),
            text("note_en", false, "why, or with what care, in English", "说明（英文）"),
            text("note_zh", false, "why, or with what care, in Chinese", "说明（中文）"),
        ],
    }
}

/// The rows of the crosswalk.
pub(super) fn crosswalk_rows(library: &Library) -> Result<Vec<Row<'static>>> {
    let crosswalks = crosswalks()?;
    let lines = crosswalks.iter().flat_map(|crosswalk| crosswalk.lines(library));
    Ok(lines.map(|line| crosswalk_row(&line).into_iter().map(Value::into_owned).collect()).collect())
}

fn crosswalk_row<'a>(line: &Line<'a>) -> Row<'a> {
    let joined = |spots: &mut dyn Iterator<Item = &Spot<'a>>| -> Value<'a> {
        let spots: Vec<String> = spots.map(ToString::to_string).collect();
        Some(spots.join(" ")).filter(|spots| !spots.is_empty()).into()
    };
    vec![
        line.form.into(),
        line.cell.table.into(),
        line.cell.row.into(),
        line.cell.column.into(),
        joined(&mut line.together.iter().filter(|spot| **spot != line.cell)),
        line.other.into(),
        joined(&mut line.counterpart.iter()),
        line.comparison.word().into(),
        line.note.map(|note| note.en.as_str()).into(),
        line.note.map(|note| note.zh.as_str()).into(),
    ]
}
