//! The program as its users meet it: what it prints, where, and its exit code.

use crate::{program, root};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A form of the fixtures whose report is whole and ties.
const GOOD: &str = "fixtures/forms/cn.foi-annual/2021-pdf-libreoffice/input.pdf";

fn gouji(args: &[&str]) -> Command {
    let mut command = program();
    command.current_dir(root()).args(args).stdin(Stdio::null());
    command
}

pub(crate) fn run(args: &[&str]) -> Output {
    gouji(args).output().unwrap()
}

/// Runs with these bytes on stdin.
fn run_on(bytes: &[u8], args: &[&str]) -> Output {
    let mut child = gouji(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may stop reading early; that is not what is tested here.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

pub(crate) fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder that is gone when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A read that was refused: its code on stderr with help, nothing on stdout, exit code 2.
pub(crate) fn assert_refused(output: &Output, error: &str) {
    assert_eq!(code(output), 2, "{}", err(output));
    assert_eq!(out(output), "");
    assert!(err(output).contains(&format!("error[{error}]: ")), "{}", err(output));
    assert!(err(output).contains("\n  help: "), "{}", err(output));
}

#[test]
fn help_names_every_command() {
    let mut text = String::new();
    let commands =
        ["", "extract", "check", "tables", "inspect", "forms", "models", "explain", "schema", "completions", "man"];
    for command in commands {
        let args: Vec<&str> = [command, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let output = run(&args);
        assert_eq!(code(&output), 0);
        text += &["$ gouji ", &args.join(" "), "\n", out(&output), "\n"].concat();
    }
    insta::assert_snapshot!("help", text);
}

#[test]
fn a_report_is_json_with_the_fixed_fields() {
    let output = run(&["extract", GOOD]);
    assert_eq!((code(&output), err(&output)), (0, ""));
    let report: serde_json::Value = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(report["schema"], "gouji.report/1");
    assert_eq!(report["status"], "complete");
    assert_eq!(report["tables"][1]["coverage"]["expected"], 175);
    for field in ["row", "column", "status", "value", "raw", "unit", "certainty", "place", "total"] {
        assert!(report["tables"][0]["cells"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn the_same_bytes_give_the_same_bytes() {
    for format in ["json", "jsonl", "csv", "md"] {
        let once = run(&["extract", GOOD, "--format", format]);
        assert_eq!(once.stdout, run(&["extract", GOOD, "--format", format]).stdout, "{format}");
        assert!(!once.stdout.is_empty());
    }
}

#[test]
fn several_files_make_one_array_or_a_line_each() {
    let array = run(&["extract", GOOD, GOOD]);
    let array: Vec<serde_json::Value> = serde_json::from_str(out(&array)).unwrap();
    assert_eq!(array.len(), 2);
    let lines = run(&["extract", GOOD, GOOD, "--format", "jsonl"]);
    assert_eq!(out(&lines).lines().count(), 2);
    let csv = run(&["extract", GOOD, GOOD, "--format", "csv"]);
    assert_eq!(out(&csv).lines().filter(|line| line.starts_with("input,")).count(), 1);
}

#[test]
fn one_failure_never_stops_the_rest_and_the_worst_wins() {
    let output = run(&["extract", "no-such-file.pdf", GOOD, "--format", "jsonl"]);
    assert_eq!(code(&output), 2);
    assert_eq!(out(&output).lines().count(), 1);
    assert!(err(&output).starts_with("gouji: no-such-file.pdf: error[io]: "), "{}", err(&output));
    assert!(err(&output).contains("2 inputs: 1 read"), "{}", err(&output));
}

#[test]
fn what_cannot_be_read_is_refused() {
    assert_refused(&run(&["extract", "no-such-file.pdf"]), "io");
    assert_refused(&run(&["extract", "src"]), "io");
    assert_refused(&run_on(b"", &["extract", "-"]), "empty-input");
    assert_refused(&run_on(b" \n ", &["check", "-"]), "empty-input");
    assert_refused(&run_on(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", &["tables", "-"]), "unknown-format");
    assert_refused(&run(&["extract", GOOD, "--limit", "input-bytes=10"]), "limit");
    assert_refused(&run(&["tables", GOOD, "--pages", "99"]), "no-such-page");
    assert_refused(&run_on(b"<p>hello</p>", &["tables", "-", "--pages", "1"]), "no-pages");
}

#[test]
fn a_document_without_a_standard_table_is_refused() {
    assert_refused(&run_on("会议通知\n请于周一到会。\n".as_bytes(), &["extract", "-"]), "no-standard-table");
}

#[test]
fn stdin_is_called_a_dash() {
    let output = run_on(&fs::read(root().join(GOOD)).unwrap(), &["extract", "-"]);
    let report: serde_json::Value = serde_json::from_str(out(&output)).unwrap();
    assert_eq!(report["input"]["name"], "-");
}

#[test]
fn misuse_is_two() {
    for args in [
        &["extract"][..],
        &["extract", GOOD, "--limit", "nothing=1"],
        &["extract", GOOD, "--format", "xml"],
        &["tables", GOOD, "--pages", "0"],
        &["tables", GOOD, "--region", "1:2,3"],
        &["inspect", GOOD, "--svg"],
        &["forms", "show", "no/form"],
        &["explain", "no-such-code"],
        &["no-such-command"],
    ] {
        let output = run(args);
        assert_eq!((code(&output), out(&output)), (2, ""), "{args:?}");
        assert!(!err(&output).is_empty(), "{args:?}");
    }
}

#[test]
fn check_says_how_the_ties_came_out() {
    let output = run(&["check", GOOD]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("ties 42/42"), "{}", out(&output));
    let chinese = run(&["check", GOOD, "--lang", "zh"]);
    assert!(out(&chinese).contains("勾稽 42/42"), "{}", out(&chinese));
}

#[test]
fn tables_come_in_four_formats() {
    let json = run(&["tables", GOOD]);
    let tables: serde_json::Value = serde_json::from_str(out(&json)).unwrap();
    assert_eq!(tables["schema"], "gouji.tables/1");
    assert_eq!(tables["tables"].as_array().unwrap().len(), 3);
    assert!(out(&run(&["tables", GOOD, "--format", "csv"])).starts_with("table,method,row,"));
    assert!(out(&run(&["tables", GOOD, "--format", "html"])).contains("colspan="));
    assert!(out(&run(&["tables", GOOD, "--format", "md"])).contains("|---|"));
}

#[test]
fn tables_can_be_narrowed_to_pages_and_a_region() {
    let count = |args: &[&str]| {
        let tables: serde_json::Value = serde_json::from_str(out(&run(args))).unwrap();
        tables["tables"].as_array().unwrap().len()
    };
    assert_eq!(count(&["tables", GOOD, "--pages", "1"]), 1);
    assert_eq!(count(&["tables", GOOD, "--pages", "1-2"]), 3);
    assert_eq!(count(&["tables", GOOD, "--region", "1:0,0,595,60"]), 0);
}

#[test]
fn a_page_can_be_drawn() {
    let svg = run(&["inspect", GOOD, "--page", "2", "--svg"]);
    assert_eq!(code(&svg), 0);
    assert!(out(&svg).starts_with("<svg "), "{}", out(&svg));
    assert!(out(&svg).contains("<title>applications/new_requests/"), "{}", out(&svg));
    for layer in ["edges", "crossings", "columns", "rows", "regions"] {
        assert!(out(&svg).contains(&format!("<g class=\"{layer}\"")), "{layer} in {}", out(&svg));
    }
    assert!(out(&svg).contains("rows. Taken as a table.</title>"), "{}", out(&svg));
    let page = run(&["inspect", GOOD, "--page", "2"]);
    assert!(out(&page).contains("  lattice: table, "), "{}", out(&page));
    let words = run(&["inspect", GOOD]);
    assert!(out(&words).contains("page 2 ") && out(&words).contains("  grid  "), "{}", out(&words));
    assert!(out(&words).contains("report 1  table applications  "), "{}", out(&words));
    assert_refused(&run_on(b"<p>hello</p>", &["inspect", "-", "--page", "1", "--svg"]), "no-pages");
}

#[test]
fn output_is_written_whole_or_not_at_all() {
    let folder = Folder::new("output");
    let file = folder.file("a.json");
    let written = run(&["extract", GOOD, "-o", &file]);
    assert_eq!((code(&written), out(&written)), (0, ""));
    assert_eq!(fs::read(&file).unwrap(), run(&["extract", GOOD]).stdout);
    assert_eq!(folder.names(), ["a.json"]);
    fs::write(&file, "before").unwrap();
    assert_eq!(code(&run(&["extract", "no-such-file.pdf", "-o", &file])), 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(folder.names(), ["a.json"]);
    assert_eq!(code(&run(&["extract", GOOD, "-o", &folder.file("no/such/folder")])), 2);
}

#[test]
fn an_input_is_never_written_over() {
    let folder = Folder::new("overwrite");
    let file = folder.file("a.pdf");
    fs::copy(root().join(GOOD), &file).unwrap();
    assert_eq!(code(&run(&["extract", &file, "-o", &file])), 2);
    assert_eq!(fs::read(&file).unwrap(), fs::read(root().join(GOOD)).unwrap());
}

#[test]
fn a_closed_pipe_is_fine() {
    let mut child = gouji(&["extract", GOOD, GOOD, GOOD, "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = [0];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = gouji(&["extract", GOOD]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("cannot write stdout"), "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_unicode_is_read() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new("name");
    let file = folder.0.join(std::ffi::OsStr::from_bytes(b"\xff\xfe\x1b[31m.pdf"));
    fs::copy(root().join(GOOD), &file).unwrap();
    let output = gouji(&["check"]).arg(&file).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(!out(&output).contains('\u{1b}'), "{:?}", out(&output));
}

#[test]
fn quiet_says_only_what_stopped() {
    let output = run(&["extract", "no-such-file.pdf", GOOD, "--format", "jsonl", "-q"]);
    assert_eq!(err(&output).lines().count(), 2, "{}", err(&output));
}

#[test]
fn colour_is_for_terminals_and_on_demand() {
    assert!(!out(&run(&["check", GOOD])).contains('\u{1b}'));
    assert!(out(&run(&["check", GOOD, "--color", "always"])).contains('\u{1b}'));
}

#[test]
fn every_code_is_explained_in_both_languages() {
    let list = run(&["explain"]);
    let codes: Vec<&str> = out(&list).lines().filter_map(|line| line.split('\t').next()).collect();
    assert!(codes.contains(&"sum-mismatch") && codes.contains(&"no-text"));
    for (code, _, _) in gouji::emit::explain::codes(gouji::Lang::En) {
        assert!(codes.contains(&code));
        for lang in [gouji::Lang::En, gouji::Lang::Zh] {
            let text = gouji::emit::explain::explain(code, lang).unwrap();
            assert!(text.starts_with(&format!("## {code}\n")) && text.lines().count() > 8, "{code}");
        }
    }
    assert!(out(&run(&["explain", "no-text", "--lang", "zh"])).contains("如何处理"));
}

#[test]
fn forms_are_listed_shown_and_linted() {
    assert!(out(&run(&["forms", "list"])).contains("cn.foi-annual/2021\t"));
    let show = run(&["forms", "show", "cn.foi-annual/2021"]);
    assert!(out(&show).contains("- granted  三、本年度办理结果 / （一）予以公开"), "{}", out(&show));
    let tie = "  carry_over.applications.*: last year's carried_forward = carried_over\n";
    assert!(out(&show).contains(tie), "{}", out(&show));
    let good = run(&["forms", "lint", "forms/cn/foi-annual/2021.toml"]);
    assert_eq!(code(&good), 0, "{}", err(&good));
    let folder = Folder::new("forms");
    fs::write(folder.file("bad.toml"), "id = \"a/1\"\nsuorce = \"x\"\n").unwrap();
    let bad = run(&["forms", "lint", &folder.file("bad.toml")]);
    assert_refused(&bad, "form");
    assert!(err(&bad).contains("suorce") && err(&bad).contains("line 2"), "{}", err(&bad));
    assert_refused(&run(&["extract", GOOD, "--forms", folder.0.to_str().unwrap()]), "form");
}

#[test]
fn what_is_made_from_the_definition_is_there() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(out(&run(&["completions", shell])).contains("gouji"), "{shell}");
    }
    assert!(out(&run(&["man"])).contains(".TH gouji 1"));
    assert!(out(&run(&["man", "extract"])).contains("extract"));
    for args in [&["schema"][..], &["schema", "--tables"], &["schema", "--corpus"]] {
        let schema: serde_json::Value = serde_json::from_str(out(&run(args))).unwrap();
        assert_eq!(schema["type"], "object");
    }
}

/// The files of a corpus of the fixtures.
fn corpus(name: &str, files: &[&str]) -> Vec<String> {
    files.iter().map(|file| format!("fixtures/corpora/{name}/{file}")).collect()
}

/// Compares reports with each other.
fn compare(files: &[String], more: &[&str]) -> Output {
    let args: Vec<&str> = ["check", "--corpus"].into_iter().chain(files.iter().map(String::as_str)).collect();
    run(&[&args, more].concat())
}

#[test]
fn reports_are_compared_with_each_other() {
    let years = corpus("three-years", &["2022.md", "2023.md", "2024.md"]);
    let output = compare(&years, &[]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).starts_with("青禾县人民政府 2024: warning[years-differ] "), "{}", out(&output));
    assert!(out(&output).contains("\n  carry_over: 12 hold, 2 differ, "), "{}", out(&output));
    assert!(out(&compare(&years, &["--lang", "zh"])).contains("份报告已比较"));
    let two_years = compare(years.split_last().unwrap().1, &[]);
    assert_eq!(code(&two_years), 0, "{}", out(&two_years));
    let explained = compare(&corpus("explained-difference", &["2023.md", "2024.md"]), &[]);
    assert_eq!(code(&explained), 0);
    assert!(out(&explained).contains("2024.md says: 因2024年对规章"), "{}", out(&explained));
}

#[test]
fn the_counts_tell_sums_from_more() {
    let files = corpus("parent-and-children", &["parent.md", "office.md", "qinghe.md", "shuangqiao.md", "qilu.md"]);
    let output = compare(&files, &["--registry", "fixtures/corpora/parent-and-children/registry.csv"]);
    assert!(out(&output).contains("\n  units: 199 hold as the sum, 1 differs above the sum\n"), "{}", out(&output));
}

#[test]
fn comparisons_are_json_too() {
    let files = corpus("missing-unit", &["city.md", "qinghe.md", "shuangqiao.md", "stranger.md"]);
    let registry = ["--registry", "fixtures/corpora/missing-unit/registry.csv"];
    let json = compare(&files, &[&registry[..], &["--format", "json"]].concat());
    let object: serde_json::Value = serde_json::from_str(out(&json)).unwrap();
    assert_eq!((code(&json), &object["schema"], &object["reports"]), (1, &"gouji.corpus/1".into(), &4.into()));
    let checks = object["checks"].as_array().unwrap();
    let counted: u64 = object["tallies"].as_array().unwrap().iter().map(|line| line["count"].as_u64().unwrap()).sum();
    assert_eq!(usize::try_from(counted).unwrap(), checks.len());
    let lines = compare(&files, &[&registry[..], &["--format", "jsonl"]].concat());
    let lines: Vec<serde_json::Value> = out(&lines).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(&lines, checks);
    assert_eq!(code(&compare(&[&files[..], &["no-such-file.md".into()]].concat(), &[])), 2);
}

#[test]
fn a_wrong_registry_is_refused_with_its_line() {
    let folder = Folder::new("registry");
    fs::write(folder.file("r.csv"), "code,name,parent,variants\n1,甲,9,\n").unwrap();
    let output = run(&["check", "--corpus", GOOD, "--registry", &folder.file("r.csv")]);
    assert_refused(&output, "registry");
    assert!(err(&output).contains("line 2: "), "{}", err(&output));
    assert_eq!(code(&run(&["check", GOOD, "--registry", &folder.file("r.csv")])), 2);
}
