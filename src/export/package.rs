//! `datapackage.json`: what the files are, for programs that know Frictionless Data Package 2.0.

use super::Options;
use super::sheet::{Field, Piece, Sheet};
use super::staging::Finished;
use crate::dataset::schema::Kind;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The description of an export.
pub(super) fn describe(pieces: &[Piece], sheets: &[Sheet], files: &[Finished], options: Options) -> Value {
    let present: BTreeSet<&str> =
        pieces.iter().filter_map(|piece| sheets.get(piece.sheet?)).map(|sheet| sheet.name.as_str()).collect();
    let mut names = BTreeSet::new();
    let resources: Vec<Value> =
        pieces.iter().filter_map(|piece| resource(piece, sheets, files, &present, &mut names)).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gouji-dataset",
        "title": "Figures of published reports, named, placed and checked",
        "description": "See README.md and README.zh.md. A blank is not 0; totals are flagged; nothing that was published is changed.",
        "version": "1",
        "gouji": {"version": env!("CARGO_PKG_VERSION"), "format": options.format.word(), "labels": options.labels.word()},
        "resources": resources,
    })
}

fn resource(
    piece: &Piece,
    sheets: &[Sheet],
    files: &[Finished],
    present: &BTreeSet<&str>,
    names: &mut BTreeSet<String>,
) -> Option<Value> {
    let path = piece.file.to_string_lossy().replace('\\', "/");
    let file = files.iter().find(|file| file.path == path)?;
    let sheet = piece.sheet.and_then(|at| sheets.get(at));
    let mut resource = json!({
        "path": path,
        "hash": format!("sha256:{}", file.sha256),
        "bytes": file.bytes,
    });
    let fields = resource.as_object_mut()?;
    let mut put = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    let (format, mediatype) = match piece.file.extension()?.to_str()? {
        "csv" => ("csv", "text/csv"),
        "parquet" => ("parquet", "application/vnd.apache.parquet"),
        "xlsx" => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        _ => ("sqlite", "application/vnd.sqlite3"),
    };
    put("format", format.into());
    put("mediatype", mediatype.into());
    if format == "csv" {
        put("encoding", "utf-8".into());
        put(
            "dialect",
            json!({"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true}),
        );
    }
    if let Some(tab) = &piece.tab {
        put("dialect", json!({"excel": {"sheet": tab}}));
    }
    let base = sheet.map_or_else(|| "dataset".to_owned(), |sheet| sheet.name.clone());
    let mut name = base.clone();
    for number in 2.. {
        if names.insert(name.clone()) {
            break;
        }
        name = format!("{base}-{number}");
    }
    put("name", name.into());
    if let Some(sheet) = sheet {
        // The only program that validates packages cannot read empty fields of Parquet, so it is told of files.
        put("type", if format == "parquet" { "file" } else { "table" }.into());
        put("title", sheet.about.en.clone().into());
        put("schema", schema(sheet, present));
    }
    Some(resource)
}

fn schema(sheet: &Sheet, present: &BTreeSet<&str>) -> Value {
    let fields: Vec<Value> = sheet.columns.iter().map(|field| describe_field(field, sheet)).collect();
    let mut schema = Map::new();
    schema.insert("fields".into(), fields.into());
    schema.insert("missingValues".into(), json!([""]));
    if !sheet.key.is_empty() {
        schema.insert("primaryKey".into(), json!(sheet.key));
    }
    let parents = sheet.columns.iter().filter_map(|field| Some((field, field.parent?)));
    let keys: Vec<Value> = parents
        .filter(|(_, (table, _))| present.contains(table))
        .map(|(field, (table, column))| {
            json!({"fields": [field.name], "reference": {"resource": table, "fields": [column]}})
        })
        .collect();
    if !keys.is_empty() {
        schema.insert("foreignKeys".into(), keys.into());
    }
    schema.into()
}

fn describe_field(field: &Field, sheet: &Sheet) -> Value {
    let kind = match field.kind {
        Kind::Text => "string",
        Kind::Integer | Kind::Year => "integer",
        Kind::Decimal | Kind::Float => "number",
        Kind::Flag => "boolean",
    };
    // A text that is there may be empty, which a CSV file cannot tell from none.
    let required = sheet.key.contains(&field.name) || field.required && field.kind != Kind::Text;
    let constraints = if required { json!({"required": true}) } else { json!({}) };
    json!({"name": field.name, "type": kind, "description": field.about.en, "constraints": constraints})
}
