//! Many files: every input has its row, a run goes on where another was stopped, and the same inputs give the same bytes.

use crate::{archive, files_below, program, root};
use gouji::dataset::schema::{self, Table};
use gouji::dataset::{Folder, Row};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A folder that is there for one test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gouji-batch-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("in")).unwrap();
        Self(path)
    }

    fn input(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.0.join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn command(&self, arguments: &[&str], out: &str) -> Command {
        let mut command = program();
        command.current_dir(&self.0).arg("batch").args(arguments).args(["--out", out]);
        command
    }

    fn run(&self, arguments: &[&str], out: &str) -> Output {
        self.command(arguments, out).output().unwrap()
    }

    /// The rows of the ledger by input.
    fn ledger(&self, out: &str) -> BTreeMap<String, Row<'static>> {
        self.rows(out, &schema::LEDGER).into_iter().map(|row| (row[0].to_string(), row)).collect()
    }

    fn rows(&self, out: &str, table: &'static Table) -> Vec<Row<'static>> {
        Folder::new(self.0.join(out)).rows(table).unwrap().map(Result::unwrap).collect()
    }

    /// Every file of a dataset with its bytes; of the ledger for people all but the seconds.
    fn dataset(&self, out: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let out = self.0.join(out);
        let files = files_below(&out).into_iter().filter(|file| !file.starts_with(out.join(".gouji")));
        files
            .map(|file| {
                let mut bytes = fs::read(&file).unwrap();
                if file.ends_with("ledger.csv") {
                    bytes = without_seconds(&String::from_utf8(bytes).unwrap()).into_bytes();
                }
                (file.strip_prefix(&out).unwrap().to_owned(), bytes)
            })
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A ledger without the field of seconds; none of the fields before it holds a comma here.
fn without_seconds(ledger: &str) -> String {
    let fields = |line: &str| {
        line.split(',').enumerate().filter(|(at, _)| *at != 17).map(|(_, f)| f.to_owned()).collect::<Vec<_>>()
    };
    ledger.lines().map(|line| fields(line).join(",") + "\n").collect()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = root().join("fixtures").join(name);
    let file = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    fs::read(file.into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == "input")).unwrap()).unwrap()
}

fn form(name: &str) -> Vec<u8> {
    fixture(&format!("forms/cn.foi-annual/{name}"))
}

fn column<'r>(table: &Table, row: &'r Row<'static>, name: &str) -> &'r gouji::dataset::Value<'static> {
    &row[table.position(name).unwrap()]
}

fn status(row: &Row<'static>) -> [String; 2] {
    ["status", "code"].map(|name| column(&schema::LEDGER, row, name).to_string())
}

#[test]
fn every_input_has_its_row() {
    let scratch = Scratch::new("rows");
    let pdf = form("2021-pdf-libreoffice");
    scratch
        .input("a.pdf", &pdf)
        .input("b/again.pdf", &pdf)
        .input("b/wrong.pdf", &form("wrong-body-cell"))
        .input("c.html", &form("2021-html"))
        .input("empty.txt", b"")
        .input("letter.txt", "今天天气很好。\n".as_bytes())
        .input(".hidden", b"x")
        .input("two.html", &form("two-reports"))
        .input("z.zip", &archive(&[("内/d.md", &form("markdown")), (".DS_Store", b"x"), ("e.txt", b"")]))
        .input("none.zip", &archive(&[]))
        .input("office.docx", &form("docx-libreoffice"));
    fs::write(scratch.0.join("list.txt"), "in/a.pdf\nin/gone.pdf\ns3://no/store\n").unwrap();
    let output = scratch.run(&["in", "@list.txt", "in/b/*.pdf", "no-*-such", "./in/c.html"], "out");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let ledger = scratch.ledger("out");
    let statuses: BTreeMap<&str, [String; 2]> = ledger.iter().map(|(name, row)| (name.as_str(), status(row))).collect();
    let expected: BTreeMap<&str, [&str; 2]> = [
        ("in/a.pdf", ["complete", "read"]),
        ("in/b/again.pdf", ["duplicate", "same-bytes"]),
        ("in/b/wrong.pdf", ["complete", "sum-mismatch"]),
        ("in/c.html", ["complete", "read"]),
        ("in/empty.txt", ["failed", "empty-input"]),
        ("in/gone.pdf", ["failed", "io"]),
        ("in/letter.txt", ["not-a-report", "no-standard-table"]),
        ("in/none.zip", ["failed", "io"]),
        ("in/office.docx", ["complete", "read"]),
        ("in/two.html", ["complete", "read"]),
        ("in/z.zip!/e.txt", ["failed", "empty-input"]),
        ("in/z.zip!/内/d.md", ["complete", "read"]),
        ("no-*-such", ["failed", "io"]),
        ("s3://no/store", ["failed", "io"]),
    ]
    .into();
    let statuses: BTreeMap<&str, [&str; 2]> =
        statuses.iter().map(|(name, status)| (*name, [status[0].as_str(), status[1].as_str()])).collect();
    assert_eq!(statuses, expected);
    // The rows stand in the order of the paths, in both ledgers.
    let names: Vec<String> = scratch.rows("out", &schema::LEDGER).iter().map(|row| row[0].to_string()).collect();
    assert!(names.is_sorted());
    let csv = fs::read_to_string(scratch.0.join("out/ledger.csv")).unwrap();
    assert!(csv.starts_with("input,sha256,format,status,code,reports,tables_found,cells_expected,cells_number,cells_blank,cells_doubtful,checks_pass,checks_fail,checks_not_evaluable,form,issuer,year,seconds,message,help\n"));
    assert_eq!(csv.lines().count(), names.len() + 1);
    // Nothing is counted twice: the reports are those of inputs that repeat no other, the cells those of the reports.
    let reports = scratch.rows("out", &schema::REPORTS);
    assert_eq!(reports.len(), 7);
    let cells: i64 =
        reports.iter().map(|row| column(&schema::REPORTS, row, "cells_expected").as_integer().unwrap()).sum();
    assert_eq!(i64::try_from(scratch.rows("out", &schema::CELLS).len()).unwrap(), cells);
}

#[test]
fn the_same_report_in_another_format_is_counted_once() {
    let scratch = Scratch::new("formats");
    let text = String::from_utf8(form("markdown")).unwrap();
    let other = text.replacen("| 0 |", "| 1 |", 1);
    assert_ne!(text, other);
    scratch
        .input("a.md", text.as_bytes())
        .input("b.md", format!("{text}\n\n（完）\n").as_bytes())
        .input("c.md", other.as_bytes());
    scratch.run(&["in"], "out");
    let ledger = scratch.ledger("out");
    assert_eq!(status(&ledger["in/b.md"]), ["duplicate", "same-report"]);
    assert_ne!(status(&ledger["in/c.md"])[0], "duplicate", "one figure differs");
    let reports = scratch.rows("out", &schema::REPORTS);
    assert_eq!(reports.len(), 2);
    assert!(reports.iter().all(|row| column(&schema::REPORTS, row, "same_issuer_year").as_integer() == Some(2)));
}

#[test]
fn a_run_goes_on_where_another_was_killed() {
    let scratch = Scratch::new("killed");
    for (number, name) in ["2021-html", "2021-pdf-typst", "xlsx-one-sheet", "docx-spans", "markdown"].iter().enumerate()
    {
        for copy in 0..6 {
            let mut bytes = form(name);
            // Other bytes, the same document.
            bytes.extend(format!("\n{copy}").bytes());
            scratch.input(&format!("{number}/{copy}"), &bytes);
        }
    }
    assert_eq!(scratch.run(&["in"], "whole").status.code(), Some(0));
    for milliseconds in [5, 40, 90, 160, 250] {
        let mut child = scratch.command(&["in", "--jobs", "2"], "out").stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    scratch.run(&["in"], "out");
    assert_eq!(scratch.dataset("out"), scratch.dataset("whole"));
    scratch.run(&["in"], "out");
    assert_eq!(scratch.dataset("out"), scratch.dataset("whole"), "run again");
    fs::remove_dir_all(scratch.0.join("in/0")).unwrap();
    scratch.run(&["in"], "out");
    scratch.run(&["in"], "fresh");
    assert_eq!(scratch.dataset("out"), scratch.dataset("fresh"), "what is no more is gone from the dataset");
}

#[test]
fn only_one_batch_writes_to_a_folder() {
    let scratch = Scratch::new("locked");
    scratch.input("a.md", &form("markdown"));
    scratch.run(&["in"], "out");
    let before = scratch.dataset("out");
    let lock = fs::File::options().write(true).open(scratch.0.join("out/.gouji/lock")).unwrap();
    lock.lock().unwrap();
    let refused = scratch.run(&["in"], "out");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another batch writes to out"));
    assert_eq!(scratch.dataset("out"), before);
    fs::write(scratch.0.join("ledger.csv"), "mine").unwrap();
    let refused = scratch.run(&["in"], ".");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("holds files that no batch wrote"));
    assert_eq!(fs::read(scratch.0.join("ledger.csv")).unwrap(), b"mine");
}

#[test]
fn decisions_stand_beside_the_values_and_grow_stale() {
    let scratch = Scratch::new("corrections");
    scratch.input("a.md", &form("markdown"));
    scratch.run(&["in"], "out");
    let cell = |row: &Row<'static>| {
        ["table", "row", "column"].map(|name| column(&schema::CELLS, row, name).to_string()).join("/")
    };
    let before = scratch.rows("out", &schema::CELLS);
    let target = before.iter().find(|row| cell(row) == "applications/granted/total").unwrap();
    let raw = column(&schema::CELLS, target, "raw").to_string();
    let sha256 = column(&schema::LEDGER, &scratch.ledger("out")["in/a.md"], "sha256").to_string();
    let decision = |cell: &str, seen: &str, sha256: &str| {
        format!(
            r#"{{"sha256":"{sha256}","cell":"{cell}","seen":"{seen}","value":12.50,"by":"核对员甲","on":"2026-01-31","why":"与纸质件核对"}}"#
        )
    };
    let lines = [
        decision("applications/granted/total", &raw, &sha256),
        decision("applications/carried_over/total", "999999", &sha256),
        decision("applications/no_such/total", "1", &sha256),
        decision("applications/granted/total", "1", &"0".repeat(64)),
    ];
    fs::write(scratch.0.join("out/corrections.jsonl"), lines.join("\n")).unwrap();
    let output = scratch.run(&["in"], "out");
    let after = scratch.rows("out", &schema::CELLS);
    for (before, after) in before.iter().zip(&after) {
        let corrected = cell(after) == "applications/granted/total";
        let value = column(&schema::CELLS, after, "value_corrected").to_string();
        assert_eq!(value, if corrected { "12.5" } else { "" });
        assert_eq!(column(&schema::CELLS, after, "corrected").to_string(), corrected.to_string());
        assert_eq!(column(&schema::CELLS, before, "value"), column(&schema::CELLS, after, "value"), "never changed");
    }
    let states: Vec<String> = scratch
        .rows("out", &schema::CORRECTIONS)
        .iter()
        .map(|row| column(&schema::CORRECTIONS, row, "state").to_string())
        .collect();
    assert_eq!(states, ["applied", "stale", "stale", "stale"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("corrections.jsonl:2: the cell now reads") && told.contains("corrections.jsonl:4: no report"),
        "{told}"
    );
    // A decision that nobody signs is refused, and the dataset stays.
    let unsigned = lines[0].replace("核对员甲", " ");
    fs::write(scratch.0.join("out/corrections.jsonl"), unsigned).unwrap();
    let refused = scratch.run(&["in"], "out");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a decision is signed"));
    assert_eq!(scratch.rows("out", &schema::CELLS), after);
}

#[test]
fn a_worker_that_asks_for_too_much_memory_is_one_row() {
    let scratch = Scratch::new("memory");
    let pdf = form("2021-pdf-typst");
    scratch.input("a.md", &form("markdown")).input("b.pdf", &pdf).input("c.md", &form("2021-html"));
    let open =
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>"#;
    let mut document = open.as_bytes().to_vec();
    document.resize(400 << 20, b'a');
    document.extend(b"</w:t></w:r></w:p></w:body></w:document>");
    let large = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &document)]);
    assert!(large.len() < 1 << 20);
    scratch.input("large.docx", &large);
    let output = scratch.run(&["in", "--memory", "512", "--jobs", "1"], "out");
    assert_eq!(output.status.code(), Some(2));
    let ledger = scratch.ledger("out");
    assert_eq!(status(&ledger["in/large.docx"]), ["failed", "out-of-memory"]);
    for name in ["in/a.md", "in/b.pdf", "in/c.md"] {
        assert_eq!(status(&ledger[name])[0], "complete", "{name}");
    }
}

#[cfg(feature = "second-reading")]
#[test]
fn every_number_of_a_pdf_is_read_a_second_time() {
    let scratch = Scratch::new("second");
    scratch.input("a.pdf", &form("2021-pdf-typst")).input("b.md", &form("markdown"));
    scratch.run(&["in", "--second-reading"], "out");
    let numbers = |name: &str| -> Vec<String> {
        let sha256 = column(&schema::LEDGER, &scratch.ledger("out")[name], "sha256").to_string();
        let rows = scratch.rows("out", &schema::CELLS);
        let own = rows.iter().filter(|row| row[0].to_string().starts_with(&sha256[..20]));
        let numbers = own.filter(|row| column(&schema::CELLS, row, "status").as_text() == Some("number"));
        numbers.map(|row| column(&schema::CELLS, row, "second_reading").to_string()).collect()
    };
    assert_eq!(numbers("in/a.pdf"), vec!["same"; 200]);
    assert!(numbers("in/b.md").iter().all(|second| second == "not_possible"));
    // One file at a time says the same.
    let extract = |file: &str| {
        let mut command = program();
        command.current_dir(&scratch.0).args(["extract", "--second-reading", file]).output().unwrap()
    };
    let report: gouji::emit::Report = serde_json::from_slice(&extract("in/a.pdf").stdout).unwrap();
    let cells = report.tables.iter().flat_map(|table| &table.cells);
    assert_eq!(cells.filter(|cell| cell.second_reading == Some(gouji::emit::SecondReading::Same)).count(), 200);
    let text = String::from_utf8(extract("in/b.md").stdout).unwrap();
    assert!(text.contains("second-reading-incomplete") && text.contains("\"second_why\": \"not-a-page\""));
}

/// What `check --corpus` says of these files or folders.
fn compared(scratch: &Scratch, arguments: &[&str]) -> String {
    let mut command = program();
    let output =
        command.current_dir(&scratch.0).args(["check", "--corpus", "--format", "jsonl"]).args(arguments).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn reports_of_a_dataset_are_compared_as_the_files_are() {
    for corpus in ["three-years", "parent-and-children", "copied-report"] {
        let scratch = Scratch::new(corpus);
        let files = files_below(&root().join("fixtures/corpora").join(corpus));
        let files: Vec<&PathBuf> =
            files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "md")).collect();
        for file in &files {
            scratch.input(file.file_name().unwrap().to_str().unwrap(), &fs::read(file).unwrap());
        }
        scratch.run(&["in"], "out");
        let names: Vec<String> =
            files.iter().map(|file| format!("in/{}", file.file_name().unwrap().to_string_lossy())).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let of_files = compared(&scratch, &names);
        assert!(of_files.lines().count() > 2, "{corpus}");
        assert_eq!(compared(&scratch, &["out"]), of_files, "{corpus}");
    }
}

#[test]
fn a_report_in_two_formats_is_compared_though_it_is_counted_once() {
    let scratch = Scratch::new("twice");
    let text = String::from_utf8(form("markdown")).unwrap();
    scratch.input("a.md", text.as_bytes()).input("b.md", format!("{text}\n\n（完）\n").as_bytes());
    scratch.run(&["in"], "out");
    assert_eq!(status(&scratch.ledger("out")["in/b.md"]), ["duplicate", "same-report"]);
    assert_eq!(compared(&scratch, &["out"]), compared(&scratch, &["in/a.md", "in/b.md"]));
}

#[test]
fn a_number_that_a_dataset_has_no_room_for_is_told_and_stops_nothing() {
    let scratch = Scratch::new("decimals");
    let text = String::from_utf8(form("markdown")).unwrap();
    let fee = text.lines().find(|line| line.contains("行政事业性收费")).unwrap();
    let figure = fee.split('|').map(str::trim).rfind(|cell| !cell.is_empty()).unwrap();
    let long = fee.replace(figure, "2436.73333333333");
    scratch.input("a.md", text.replace(fee, &long).as_bytes());
    let output = scratch.run(&["in"], "out");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let cells = scratch.rows("out", &schema::CELLS);
    let fee =
        cells.iter().find(|row| column(&schema::CELLS, row, "raw").as_text() == Some("2436.73333333333")).unwrap();
    assert_eq!(column(&schema::CELLS, fee, "value").to_string(), "", "never rounded");
    let findings = scratch.rows("out", &schema::FINDINGS);
    let told =
        findings.iter().filter(|row| column(&schema::FINDINGS, row, "code").as_text() == Some("value-not-stored"));
    assert_eq!(told.count(), 1);
    // What is compared with other reports is the number, not nothing.
    assert_eq!(compared(&scratch, &["out"]), compared(&scratch, &["in/a.md"]));
}

#[test]
fn two_files_of_one_name_in_an_archive_are_told() {
    let scratch = Scratch::new("names");
    // The library writes no name twice; the second one is changed in the bytes.
    let mut bytes = archive(&[("one.md", &form("markdown")), ("two.md", &form("labels-typos"))]);
    while let Some(at) = bytes.windows(6).position(|window| window == b"two.md") {
        bytes[at..at + 6].copy_from_slice(b"one.md");
    }
    scratch.input("a.zip", &bytes);
    scratch.run(&["in"], "out");
    let ledger = scratch.ledger("out");
    assert_eq!(status(&ledger["in/a.zip"]), ["failed", "io"]);
    assert_eq!(status(&ledger["in/a.zip!/one.md"])[0], "complete");
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_is_not_waited_for() {
    let scratch = Scratch::new("pipe");
    scratch.input("a.md", &form("markdown"));
    assert!(Command::new("mkfifo").arg(scratch.0.join("in/pipe")).status().unwrap().success());
    scratch.run(&["in", "in/pipe"], "out");
    let ledger = scratch.ledger("out");
    assert_eq!(status(&ledger["in/pipe"]), ["failed", "io"]);
    assert_eq!(status(&ledger["in/a.md"])[0], "complete");
}

#[test]
fn a_dataset_of_two_runs_is_none() {
    let scratch = Scratch::new("torn");
    scratch.input("a.md", &form("markdown"));
    scratch.run(&["in"], "out");
    let summary = || {
        let mut command = program();
        command.current_dir(&scratch.0).args(["summary", "out"]).output().unwrap()
    };
    assert_eq!(summary().status.code(), Some(0));
    // As it is while a batch puts its files in place.
    fs::remove_file(scratch.0.join("out/.gouji/complete")).unwrap();
    let refused = summary();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("holds no whole dataset"));
    scratch.run(&["in"], "out");
    assert_eq!(summary().status.code(), Some(0));
}

#[test]
fn json_lines_tell_of_every_input() {
    let scratch = Scratch::new("json");
    scratch.input("a.md", &form("markdown")).input("b.txt", b"");
    let output = scratch.run(&["in", "--json-log", "--quiet"], "out");
    let text = String::from_utf8(output.stderr).unwrap();
    let events: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let inputs: Vec<&str> = events.iter().filter_map(|event| event["input"].as_str()).collect();
    assert_eq!(inputs.len(), 2, "{text}");
    assert!(output.stdout.is_empty(), "nothing is data");
}

#[cfg(unix)]
#[test]
fn an_interrupt_finishes_what_is_in_hand() {
    let scratch = Scratch::new("interrupt");
    for copy in 0..200 {
        scratch.input(
            &format!("{copy}.html"),
            format!("{}<!-- {copy} -->", String::from_utf8(form("2021-html")).unwrap()).as_bytes(),
        );
    }
    let child = scratch.command(&["in"], "out").stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    // On a fast machine the batch may be done before it is interrupted.
    if output.status.code() == Some(130) {
        assert!(told.contains("run again"), "{told}");
        assert!(!Path::new(&scratch.0).join("out/ledger.csv").exists(), "half a ledger is none");
    }
    scratch.run(&["in"], "out");
    assert_eq!(scratch.ledger("out").len(), 200);
}
