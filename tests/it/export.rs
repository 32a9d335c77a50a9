//! Exports: the same bytes every time, every value as in the dataset, nothing that runs, nothing of others overwritten.

use crate::{files_below, program, sample};
use calamine::{Data, Reader as _};
use gouji::Library;
use gouji::dataset::schema::{self, Kind, TABLES, Table};
use gouji::dataset::{Folder, Row, Value};
use gouji::export::{Failure, Format, Labels, Options, export};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// An issuer that a spreadsheet program would run.
const HOSTILE: &str = "=HYPERLINK(\"http://x\";\"y\")";

/// A folder with a dataset; gone when the test ends.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> (Self, Folder) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        let folder = sample::dataset(&path.join("dataset"), |report| {
            if report.input.name.contains("values-marks") {
                report.report.issuer = Some(HOSTILE.into());
            }
        });
        (Self(path), folder)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn export_to(folder: &Folder, out: &Path, format: Format, labels: Labels) -> Result<(), Failure> {
    export(folder, &Library::builtin().unwrap(), out, Options { format, labels })
}

fn rows(folder: &Folder, table: &'static Table) -> Vec<Row<'static>> {
    folder.rows(table).unwrap().collect::<Result<_, _>>().unwrap()
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let inside = |file: &PathBuf| file.strip_prefix(folder).unwrap().to_owned();
    files_below(folder).iter().map(|file| (inside(file), fs::read(file).unwrap())).collect()
}

/// The records of a CSV file, its byte order mark and header checked and taken off.
fn csv(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(file).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            ('"', _) => quoted = !quoted,
            (',', false) => record.push(std::mem::take(&mut field)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            (c, _) => field.push(c),
        }
    }
    assert!(record.is_empty() && field.is_empty() && !quoted, "the last line ends");
    let header: Vec<String> = records.remove(0);
    records.into_iter().map(|record| header.iter().cloned().zip(record).collect()).collect()
}

#[test]
fn every_format_gives_the_same_bytes_again_and_replaces_itself() {
    let (place, folder) = Place::new("twice");
    for (format, labels) in [
        (Format::Parquet, Labels::Id),
        (Format::Csv, Labels::Zh),
        (Format::Sqlite, Labels::En),
        (Format::Xlsx, Labels::Id),
    ] {
        let (one, two) = (place.at(&format!("{}-1", format.word())), place.at(&format!("{}-2", format.word())));
        export_to(&folder, &one, format, labels).unwrap();
        export_to(&folder, &two, format, labels).unwrap();
        let first = contents(&one);
        assert!(first == contents(&two), "{format:?}");
        export_to(&folder, &two, format, labels).unwrap();
        assert!(first == contents(&two), "{format:?} over itself");
        let manifest = fs::read_to_string(one.join("MANIFEST.sha256")).unwrap();
        let listed: BTreeMap<PathBuf, &str> = manifest
            .lines()
            .map(|line| line.split_once("  ").unwrap())
            .map(|(hash, path)| (path.into(), hash))
            .collect();
        assert_eq!(listed.len() + 1, first.len(), "every file but the manifest is listed");
        for (path, hash) in listed {
            let made = Sha256::digest(&first[&path]).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            assert_eq!(made, hash, "{}", path.display());
        }
    }
    assert_eq!(fs::read_dir(&place.0).unwrap().count(), 9, "nothing is left beside the exports");
}

#[test]
fn parquet_files_are_the_datasets_own() {
    let (place, folder) = Place::new("parquet");
    let out = place.at("out");
    export_to(&folder, &out, Format::Parquet, Labels::Id).unwrap();
    let made = contents(&out);
    for (path, bytes) in contents(folder.root()) {
        assert!(made[&path] == bytes, "{}", path.display());
    }
}

#[test]
fn a_folder_that_holds_anything_else_is_left_alone() {
    let (place, folder) = Place::new("foreign");
    let out = place.at("out");
    export_to(&folder, &out, Format::Csv, Labels::Id).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let before = contents(&out);
    let refused = export_to(&folder, &out, Format::Xlsx, Labels::Id).unwrap_err();
    assert!(matches!(&refused, Failure::Taken { file, .. } if file == "notes.txt"), "{refused}");
    assert!(contents(&out) == before);
    let refused = export_to(&folder, folder.root(), Format::Csv, Labels::Id).unwrap_err();
    assert!(matches!(refused, Failure::Taken { .. }), "the dataset itself");
    let refused = export_to(&Folder::new(place.at("nowhere")), &place.at("new"), Format::Csv, Labels::Id).unwrap_err();
    assert!(matches!(refused, Failure::NoDataset(_)), "{refused}");
    assert!(!place.at("new").exists());
}

#[test]
fn csv_holds_every_value_and_disarms_formulas() {
    let (place, folder) = Place::new("csv");
    let out = place.at("out");
    export_to(&folder, &out, Format::Csv, Labels::Id).unwrap();
    let (mut disarmed, mut negative) = (0, 0);
    for table in TABLES {
        let (made, rows) = (csv(&out.join(format!("{}.csv", table.name))), rows(&folder, table));
        assert_eq!(made.len(), rows.len(), "{}", table.name);
        for (record, row) in made.iter().zip(&rows) {
            for (column, value) in table.columns.iter().zip(row) {
                let (found, value) = (&record[column.name], value.to_string());
                if column.kind == Kind::Text && value.starts_with(['=', '+', '-', '@', '\'', '－']) {
                    assert_eq!(*found, format!("'{value}"), "{}", column.name);
                    disarmed += 1;
                } else {
                    assert_eq!(*found, value, "{}", column.name);
                }
                negative += usize::from(column.kind == Kind::Decimal && value.starts_with('-'));
            }
        }
    }
    assert!(disarmed > 10 && negative > 0, "{disarmed} disarmed, {negative} negative numbers");
}

#[test]
fn a_workbook_holds_every_value_and_no_formula() {
    let (place, folder) = Place::new("xlsx");
    let out = place.at("out");
    export_to(&folder, &out, Format::Xlsx, Labels::Id).unwrap();
    let mut book = calamine::open_workbook_auto(out.join("dataset.xlsx")).unwrap();
    assert_eq!(book.sheet_names()[0], "read me");
    for table in TABLES {
        let range = book.worksheet_range(table.name).unwrap();
        assert_eq!(book.worksheet_formula(table.name).unwrap().used_cells().count(), 0, "{}", table.name);
        let rows = rows(&folder, table);
        assert_eq!(range.height(), rows.len() + 1, "{}", table.name);
        for (at, row) in (1..).zip(&rows) {
            for (column, value) in (0..).zip(row) {
                let found = range.get_value((at, column)).unwrap_or(&Data::Empty);
                let same = match value {
                    // A workbook has no empty texts.
                    Value::None => *found == Data::Empty,
                    Value::Text(text) if text.is_empty() => *found == Data::Empty,
                    Value::Text(text) => matches!(found, Data::String(found) if found == text),
                    Value::Flag(flag) => *found == Data::Bool(*flag),
                    number => matches!(found, Data::Float(_) | Data::Int(_)) && found.to_string() == number.to_string(),
                };
                assert!(same, "{} {at} {column}: {value:?} became {found:?}", table.name);
            }
        }
    }
}

#[test]
fn a_database_holds_every_value_with_keys_that_hold() {
    let (place, folder) = Place::new("sqlite");
    let out = place.at("out");
    export_to(&folder, &out, Format::Sqlite, Labels::Id).unwrap();
    let database = rusqlite::Connection::open(out.join("dataset.sqlite")).unwrap();
    for table in TABLES {
        let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let mut statement =
            database.prepare(&format!("select {} from {} order by rowid", columns.join(", "), table.name)).unwrap();
        let mut found = statement.query([]).unwrap();
        for row in rows(&folder, table) {
            let made = found.next().unwrap().unwrap();
            for (at, value) in row.iter().enumerate() {
                use rusqlite::types::Value as Sql;
                let expected = match value {
                    Value::None => Sql::Null,
                    Value::Text(text) => Sql::Text(text.clone().into_owned()),
                    Value::Integer(number) => Sql::Integer(*number),
                    Value::Decimal(number) => Sql::Text(number.to_string()),
                    Value::Float(number) => Sql::Real(*number),
                    Value::Flag(flag) => Sql::Integer(i64::from(*flag)),
                };
                assert_eq!(made.get::<_, Sql>(at).unwrap(), expected, "{} {}", table.name, table.columns[at].name);
            }
        }
        assert!(found.next().unwrap().is_none());
    }
    let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(one("select count(*) from pragma_foreign_key_check"), 0);
    assert!(one("select count(*) from pragma_foreign_key_list('cells')") > 0);
    assert_eq!(one("select count(*) from cells where value_real is not cast(value as real)"), 0);
    assert!(one("select count(value) = count(value_real) and count(value) > 1000 from cells") == 1);
}

#[test]
fn a_wide_row_tells_every_cell_and_why_there_is_no_number() {
    let (place, folder) = Place::new("wide");
    let out = place.at("out");
    export_to(&folder, &out, Format::Csv, Labels::Id).unwrap();
    let tables: BTreeSet<String> = csv(&out.join("cells.csv")).into_iter().map(|cell| cell["table"].clone()).collect();
    let wide: BTreeMap<(String, String, String), BTreeMap<String, String>> = tables
        .iter()
        .flat_map(|table| csv(&out.join(format!("{table}_wide.csv"))).into_iter().map(move |row| (table, row)))
        .map(|(table, row)| ((table.clone(), row["report_id"].clone(), row["row"].clone()), row))
        .collect();
    let mut states = BTreeSet::new();
    let (mut cells, mut corrected) = (0, 0);
    for cell in csv(&out.join("cells.csv")) {
        let row = &wide[&(cell["table"].clone(), cell["report_id"].clone(), cell["row"].clone())];
        assert_eq!(row[&cell["column"]], cell["value"]);
        let state = &row[&format!("{}_state", cell["column"])];
        assert_eq!(*state, if cell["status"] == "number" { &*cell["certainty"] } else { &*cell["status"] });
        assert_eq!(row["corrected"].split(' ').any(|column| column == cell["column"]), cell["corrected"] == "true");
        assert_eq!((&row["form"], &row["issuer"], &row["year"]), (&cell["form"], &cell["issuer"], &cell["year"]));
        states.insert(state.clone());
        cells += 1;
        corrected += usize::from(cell["corrected"] == "true");
    }
    let filled = |row: &BTreeMap<String, String>| {
        row.iter().filter(|(name, state)| name.ends_with("_state") && !state.is_empty()).count()
    };
    assert_eq!(wide.values().map(filled).sum::<usize>(), cells, "no cell that the dataset does not have");
    assert!(states.contains("proved") && states.contains("blank") && states.contains("mark"), "{states:?}");
    assert!(corrected > 0);
}

#[test]
fn labels_stand_beside_ids() {
    let (place, folder) = Place::new("labels");
    let out = place.at("out");
    export_to(&folder, &out, Format::Csv, Labels::Zh).unwrap();
    let cells = csv(&out.join("cells.csv"));
    let cell = cells.iter().find(|cell| cell["row"] == "granted" && cell["column"] == "total").unwrap();
    assert_eq!(cell["row_title"], "三、本年度办理结果 / （一）予以公开");
    assert_eq!(cell["column_title"], "申请人情况 / 总计");
    let wide = csv(&out.join("applications_wide.csv"));
    assert!(wide[0].contains_key("申请人情况 / 自然人") && wide[0].contains_key("申请人情况 / 自然人（状态）"));
    assert_eq!(wide[0]["row"], "new_requests");
}

#[test]
fn the_dictionary_has_every_name_in_both_languages() {
    let (place, folder) = Place::new("dictionary");
    let out = place.at("out");
    export_to(&folder, &out, Format::Parquet, Labels::Id).unwrap();
    let library = Library::builtin().unwrap();
    for lang in ["en", "zh"] {
        let entries = csv(&out.join(format!("dictionary.{lang}.csv")));
        let has = |scope: &str, table: &str, row: &str, column: &str, edition: &str| {
            entries.iter().any(|entry| {
                let unnamed = lang == "zh" && row == "cases";
                (&*entry["scope"], &*entry["table"], &*entry["row"], &*entry["column"]) == (scope, table, row, column)
                    && (!entry["label"].is_empty() || unnamed)
                    && (edition.is_empty() || entry["editions"].split(';').any(|one| one == edition))
            })
        };
        for table in TABLES {
            assert!(
                table.columns.iter().all(|column| has("export", table.name, "", column.name, "")),
                "{}",
                table.name
            );
        }
        for form in library.forms() {
            for table in &form.tables {
                assert!(has("form", &table.id, "", "", &form.id), "{lang}: {}", table.id);
                for block in &table.blocks {
                    for row in &block.rows {
                        assert!(has("form", &table.id, &row.key, "", &form.id), "{lang}: {}", row.key);
                    }
                    for column in &block.columns {
                        assert!(has("form", &table.id, "", &column.key, &form.id), "{lang}: {}", column.key);
                    }
                }
            }
        }
    }
    let crosswalk = csv(&out.join("crosswalk.csv"));
    let cells = form_cells(&library);
    for line in &crosswalk {
        assert!(
            cells.contains(&(line["form"].clone(), format!("{}/{}/{}", line["table"], line["row"], line["column"])))
        );
        for spot in line["counterpart"].split_whitespace() {
            assert!(cells.contains(&(line["other_form"].clone(), spot.to_owned())), "{spot}");
        }
        assert!(line["comparison"] == "same" || !line["note_en"].is_empty() && !line["note_zh"].is_empty());
    }
}

/// Every cell of every form.
fn form_cells(library: &Library) -> BTreeSet<(String, String)> {
    let mut cells = BTreeSet::new();
    for form in library.forms() {
        for table in &form.tables {
            for block in &table.blocks {
                for row in &block.rows {
                    cells.extend(
                        block
                            .columns
                            .iter()
                            .map(|column| (form.id.clone(), format!("{}/{}/{}", table.id, row.key, column.key))),
                    );
                }
            }
        }
    }
    cells
}

#[test]
fn the_package_describes_every_table() {
    let (place, folder) = Place::new("package");
    let out = place.at("out");
    export_to(&folder, &out, Format::Csv, Labels::Id).unwrap();
    let package: serde_json::Value = serde_json::from_slice(&fs::read(out.join("datapackage.json")).unwrap()).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let described: BTreeSet<&str> = resources.iter().map(|resource| resource["path"].as_str().unwrap()).collect();
    let files = contents(&out);
    let tables: BTreeSet<&str> =
        files.keys().map(|path| path.to_str().unwrap()).filter(|path| path.contains(".csv")).collect();
    assert_eq!(described, tables);
    let cells = resources.iter().find(|resource| resource["name"] == schema::CELLS.name).unwrap();
    assert_eq!(cells["schema"]["fields"].as_array().unwrap().len(), schema::CELLS.columns.len());
    assert_eq!(cells["schema"]["foreignKeys"][0]["reference"]["resource"], "reports");
    assert_eq!(cells["schema"]["primaryKey"].as_array().unwrap().len(), 4);
}

#[test]
fn the_command_writes_a_folder_and_says_why_it_does_not() {
    let (place, folder) = Place::new("command");
    let gouji = |args: &[&str]| {
        let mut command = program();
        let output = command.args(args).current_dir(&place.0).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let dataset = folder.root().to_str().unwrap();
    assert_eq!(gouji(&["export", dataset, "--to", "csv", "--out", "out", "--labels", "en"]), (0, String::new()));
    assert!(place.at("out/cells.csv").is_file());
    let (code, said) = gouji(&["export", dataset, "--to", "parquet", "--out", "out", "--labels", "zh"]);
    assert!(code == 2 && said.contains("ids only"), "{said}");
    fs::write(place.at("out/notes.txt"), "mine").unwrap();
    let (code, said) = gouji(&["export", dataset, "--to", "csv", "--out", "out"]);
    assert!(code == 2 && said.contains("notes.txt") && said.contains("help: "), "{said}");
    let (code, said) = gouji(&["summary", "out"]);
    assert!(code == 2 && said.contains("holds no whole dataset"), "{said}");
    assert_eq!(gouji(&["summary", dataset, "--lang", "zh", "-o", "page.html"]), (0, String::new()));
    assert!(fs::read_to_string(place.at("page.html")).unwrap().contains("数据集概要"));
}
