//! The tree keeps its own rules: stages import only earlier stages, files are short and say what they are.

use crate::{files_below, root};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The stages in the order of the pipeline; each may name only itself and what stands before it.
const ORDER: [&[&str]; 13] = [
    &["error", "finding", "geom", "limits", "number", "place", "text"],
    &["page"],
    &["source"],
    &["grid"],
    &["form"],
    &["bind"],
    &["settle"],
    &["check"],
    &["pipeline"],
    &["second"],
    &["emit", "trace"],
    &["corpus", "dataset"],
    &["export", "summary"],
];

/// What the second reading may name: types of values, and the guard around foreign readers. Code that reads is not here.
const SECOND: [&str; 8] = ["error", "finding", "geom", "pipeline", "place", "settle", "source::guard", "text"];

/// No file is longer than this.
const LONGEST: usize = 1000;

/// A file longer than this is named in [`LONG`].
const USUAL: usize = 600;

/// The files that may be long, each because it is one idea that would not gain by being cut.
const LONG: &[&str] = &[];

fn sources() -> Vec<(String, String)> {
    let folders = ["src", "tests", "benches"].map(|folder| root().join(folder));
    let files = folders.iter().flat_map(|folder| files_below(folder));
    let rust = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| (relative(&file), fs::read_to_string(&file).unwrap())).collect()
}

fn relative(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

fn rank(stage: &str) -> Option<usize> {
    ORDER.iter().position(|stages| stages.contains(&stage))
}

/// The stages that a source names in `crate::…` paths outside comments.
fn named_stages(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut stages = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        // `$crate::` and `crate::` after a letter are other words.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + path.len()..];
        let group = rest.strip_prefix('{').and_then(|rest| rest.split_once("};")).map(|(group, _)| group);
        let depth_one = |group: &str| {
            let (mut depth, mut names) = (0, vec![String::new()]);
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(String::new()),
                    c => names.last_mut().unwrap().push(c),
                }
            }
            names
        };
        for name in group.map_or_else(|| vec![rest.to_owned()], depth_one) {
            let word = |c: char| !(c.is_alphanumeric() || c == '_');
            stages.push(name.trim().split(word).next().unwrap_or_default().to_owned());
        }
    }
    stages
}

#[test]
fn stages_import_only_earlier_stages() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        let Some(inside) = path.strip_prefix("src/").filter(|inside| !inside.starts_with("bin/")) else { continue };
        let stage = inside.split(['/', '.']).next().unwrap();
        if stage == "lib" {
            continue;
        }
        let own = rank(stage).unwrap_or_else(|| panic!("{path}: `{stage}` has no place in the order of stages"));
        let later = named_stages(&source).into_iter().filter(|named| rank(named).is_some_and(|rank| rank > own));
        wrong.extend(later.map(|named| format!("{path} names {named}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The second reading would prove nothing if it shared a decoder or a line of code with the first.
#[test]
fn the_two_readings_share_no_code() {
    let decoder = ["pdf", "extract"].join("_");
    let readers = ["hayro", "skrifa", "lopdf"];
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        if !path.starts_with("src/second/") {
            wrong.extend(source.contains(&decoder).then(|| format!("{path} names {decoder}")));
            continue;
        }
        let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.join("\n");
        wrong.extend(readers.iter().filter(|r| code.contains(**r)).map(|reader| format!("{path} names {reader}")));
        for stage in named_stages(&source) {
            let guarded =
                stage == "source" && code.matches("source::").count() == code.matches("source::guard").count();
            let stage = if guarded { "source::guard".to_owned() } else { stage };
            wrong.extend((!SECOND.contains(&stage.as_str())).then(|| format!("{path} names {stage}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn paths_are_found_in_every_spelling() {
    let source =
        "use crate::{bind, check::{self, Check}};\n// crate::emit\nfn f() -> crate::grid::Grid {}\n$crate::page";
    assert_eq!(named_stages(source), ["bind", "check", "grid"]);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |(path, source): (String, String)| {
        (!source.starts_with("//!") && !source.starts_with("#![doc")).then_some(path)
    };
    let silent: Vec<String> = sources().into_iter().filter_map(silent).collect();
    assert!(silent.is_empty(), "without a `//!` at the top: {}", silent.join(", "));
}

#[test]
fn files_are_short() {
    for (path, source) in sources() {
        let lines = source.lines().count();
        let cap = if LONG.contains(&path.as_str()) { LONGEST } else { USUAL };
        assert!(lines <= cap, "{path} has {lines} lines; {cap} is the cap");
    }
    let facade = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(facade.lines().count() <= 100, "src/lib.rs is a facade");
}

#[test]
fn nothing_is_left_for_later() {
    let mark = ["TO", "DO"].concat();
    let marked: Vec<String> =
        sources().into_iter().filter(|(_, source)| source.contains(&mark)).map(|(path, _)| path).collect();
    assert!(marked.is_empty(), "{mark} in {}", marked.join(", "));
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(
        changelog.contains(&format!("## [{}]", env!("CARGO_PKG_VERSION"))) || changelog.contains("## [Unreleased]")
    );
}

#[test]
fn every_fixture_has_a_row_with_its_hash() {
    let folder = root().join("fixtures");
    let index = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    let rows: BTreeMap<&str, &str> = index
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> =
                line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
            cells.first().zip(cells.last()).filter(|(_, hash)| hash.len() == 64).map(|(file, hash)| (*file, *hash))
        })
        .collect();
    let ours = |file: &PathBuf| {
        let name = file.file_name().unwrap();
        ["case.toml", "expected.toml", "expected.snap", "expected.snap.new"].iter().any(|own| name == *own)
    };
    let documents = ["forms", "broken", "corpora", "tables"].map(|kind| files_below(&folder.join(kind)));
    let inputs: Vec<PathBuf> = documents.into_iter().flatten().filter(|file| !ours(file)).collect();
    for file in &inputs {
        let name = file.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        let hash =
            Sha256::digest(fs::read(file).unwrap()).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(rows.get(name.as_str()), Some(&hash.as_str()), "the row of {name} in fixtures/README.md");
    }
    assert_eq!(rows.len(), inputs.len(), "a row of fixtures/README.md has no file");
}
