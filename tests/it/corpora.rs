//! Folders of reports that belong together are compared as `gouji check --corpus` does it; what must come out stands in
//! their `expected.toml`. Adding a case adds files, never Rust.

use crate::{files_below, root};
use gouji::corpus::wire::{self, Cell};
use gouji::corpus::{Corpus, CorpusCheck, Registry};
use gouji::emit::Report;
use gouji::{Lang, Library, Options, number};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
struct Truth {
    reports: Vec<TrueReport>,
    ties: Vec<Tie>,
}

#[derive(Debug, Deserialize)]
struct TrueReport {
    file: String,
}

/// What must come out.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Tie {
    Carried(Equation),
    InForce(Equation),
    SumOfUnits(UnitsTie),
    SameFigures { files: Vec<String> },
    Check(Box<TrueCheck>),
}

/// A tie between an upper unit (right) and its units, or how many others hold.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum UnitsTie {
    Others { others_hold: usize },
    One(Equation),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Equation {
    left: Vec<String>,
    right: Vec<String>,
    values: [String; 2],
    holds: bool,
}

/// A check that must come out so, once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueCheck {
    id: String,
    reports: BTreeSet<String>,
    state: String,
    mode: Option<String>,
    reason: Option<String>,
    relation: Option<String>,
    code: Option<String>,
    values: Option<[String; 2]>,
    #[serde(default)]
    missing: Vec<String>,
    evidence: Option<String>,
    cells: Option<Vec<String>>,
}

/// A corpus of the fixtures with all its checks.
struct Compared {
    truth: Truth,
    checks: Vec<wire::Check>,
    problems: usize,
}

fn folders() -> Vec<PathBuf> {
    let cases = files_below(&root().join("fixtures/corpora")).into_iter().filter(|file| file.ends_with("case.toml"));
    cases.map(|file| file.parent().unwrap().to_owned()).collect()
}

fn corpus(folder: &Path, files: &[String], library: &Library) -> Corpus {
    let read = |file: &String| {
        let bytes = fs::read(folder.join(file)).unwrap();
        let extraction = gouji::extract(&bytes, file, &Options::default(), library)?;
        Ok(Report::all(&extraction, Lang::En))
    };
    let reports = files.iter().flat_map(|file| match read(file) {
        Ok(reports) => reports.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    Corpus::gather(reports, library).unwrap()
}

fn registry(folder: &Path) -> Option<Registry> {
    fs::read(folder.join("registry.csv")).ok().map(|bytes| Registry::read("registry.csv", &bytes).unwrap())
}

fn compare(folder: &Path) -> Compared {
    let library = Library::builtin().unwrap();
    let text = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let truth: Truth = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let files: Vec<String> = truth.reports.iter().map(|report| report.file.clone()).collect();
    let corpus = corpus(folder, &files, &library);
    let (mut checks, mut problems) = (Vec::new(), 0);
    corpus.check(registry(folder).as_ref(), &library, &mut |check: CorpusCheck| {
        problems += usize::from(check.is_problem());
        checks.push(wire::Check::new(check, Lang::En));
    });
    Compared { truth, checks, problems }
}

/// A cell of a check as the truth writes it: `file:table/row/column`, with `-` if it is taken away.
fn cells(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(|c| format!("{}{}:{}", if c.minus { "-" } else { "" }, c.report, c.cell)).collect()
}

fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(word) => word,
        other => other.to_string(),
    }
}

fn same_values(check: &wire::Check, values: &[String; 2]) -> bool {
    let sides = [check.left, check.right].map(|side| side.map(|exact| exact.0));
    sides == [&values[0], &values[1]].map(|text| number::parse(text))
}

impl TrueCheck {
    fn is(&self, check: &wire::Check) -> bool {
        let option = |wanted: &Option<String>, found: String| wanted.as_ref().is_none_or(|wanted| *wanted == found);
        let named =
            |wanted: &[String]| cells(&check.left_cells).iter().map(|c| c.split_once(':').unwrap().1).eq(wanted);
        self.id == check.id
            && self.reports == check.reports.iter().cloned().collect()
            && self.state == word(check.state)
            && option(&self.mode, word(check.mode))
            && option(&self.reason, word(check.reason))
            && option(&self.relation, word(check.relation))
            && option(&self.code, word(check.code))
            && self.values.as_ref().is_none_or(|values| same_values(check, values))
            && self.missing == check.missing
            && self.cells.as_ref().is_none_or(|wanted| named(wanted))
            && self.evidence.as_ref().is_none_or(|wanted| check.evidence.iter().any(|e| e.sentence == *wanted))
    }
}

impl Tie {
    /// Whether it comes out, and how many problems it makes.
    fn comes_out(&self, checks: &[wire::Check]) -> Result<usize, String> {
        let once = |found: Vec<&wire::Check>, problem: bool| match found.as_slice() {
            [_] => Ok(usize::from(problem)),
            found => Err(format!("{} times: {self:?}", found.len())),
        };
        let equation = |left: &[String], right: &[String], values: &[String; 2], holds: bool| {
            let fits = |check: &&wire::Check| {
                cells(&check.left_cells) == left
                    && cells(&check.right_cells) == right
                    && same_values(check, values)
                    && (word(check.state) == "holds") == holds
            };
            once(checks.iter().filter(fits).collect(), !holds)
        };
        match self {
            Self::Carried(tie) | Self::InForce(tie) => equation(&tie.left, &tie.right, &tie.values, tie.holds),
            Self::SumOfUnits(UnitsTie::One(Equation { left, right, values: [units, upper], holds })) => {
                equation(right, left, &[upper.clone(), units.clone()], *holds)
            }
            Self::SumOfUnits(UnitsTie::Others { others_hold }) => {
                let equal = |check: &&wire::Check| word(check.relation) == "equal" && word(check.state) == "holds";
                let found = checks.iter().filter(equal).count();
                if found == *others_hold { Ok(0) } else { Err(format!("{found} instead of {others_hold} hold")) }
            }
            Self::SameFigures { files } => {
                let fits = |check: &&wire::Check| check.rule == "same_figures" && check.reports == *files;
                once(checks.iter().filter(fits).collect(), true)
            }
            Self::Check(tie) => once(checks.iter().filter(|check| tie.is(check)).collect(), tie.state == "differs"),
        }
    }
}

#[test]
fn corpora_give_what_ties_their_reports_and_nothing_else() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let compared = compare(&folder);
        let mut problems = 0;
        for tie in &compared.truth.ties {
            match tie.comes_out(&compared.checks) {
                Ok(more) => problems += more,
                Err(complaint) => wrong.push(format!("{name}: {complaint}")),
            }
        }
        if problems != compared.problems {
            let told: Vec<&String> = compared.checks.iter().filter(|c| c.code.is_some()).map(|c| &c.message).collect();
            wrong.push(format!("{name}: {} problems instead of {problems}: {told:?}", compared.problems));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_of_reports_changes_nothing() {
    let library = Library::builtin().unwrap();
    for folder in folders() {
        let text = fs::read_to_string(folder.join("expected.toml")).unwrap();
        let truth: Truth = toml::from_str(&text).unwrap();
        let mut files: Vec<String> = truth.reports.iter().map(|report| report.file.clone()).collect();
        let all = |files: &[String]| {
            let mut checks = Vec::new();
            corpus(&folder, files, &library).check(registry(&folder).as_ref(), &library, &mut |c| checks.push(c));
            checks
        };
        let forward = all(&files);
        files.reverse();
        assert_eq!(forward, all(&files), "{}", folder.display());
    }
}

/// How fast and how small: `cargo test --release --test it -- --ignored --nocapture ten_thousand`.
#[test]
#[ignore = "a measurement, not a test"]
fn ten_thousand_reports_take_little_time_and_memory() {
    const ISSUERS: u32 = 2_000;
    const YEARS: std::ops::Range<i32> = 2020..2025;
    let library = Library::builtin().unwrap();
    let bytes = fs::read(root().join("fixtures/corpora/explained-difference/2024.md")).unwrap();
    let extraction = gouji::extract(&bytes, "x", &Options::default(), &library).unwrap();
    let mut report = Report::all(&extraction, Lang::En).remove(0);
    let prose = fs::read_to_string(root().join("README.zh.md")).unwrap();
    report.sections[0].text += &prose.chars().take(2_000).collect::<String>();
    let mut csv = String::from("code,name,parent,variants\n");
    let mut corpus = Corpus::new();
    let mut adding = std::time::Duration::ZERO;
    for issuer in 0..ISSUERS {
        // Every tenth issuer is the upper unit of the nine after it.
        let parent = if issuer % 10 == 0 { String::new() } else { (issuer / 10 * 10).to_string() };
        csv += &[&issuer.to_string(), ",某某县第", &issuer.to_string(), "局,", &parent, ",\n"].concat();
        for year in YEARS {
            report.report.issuer = Some(format!("某某县第{issuer}局"));
            report.report.year = Some(year);
            report.input.name = format!("corpus/{year}/{issuer:06}.html");
            report.input.sha256 = format!("{:016x}", u64::from(issuer) << 16 | u64::try_from(year).unwrap());
            report.tables[1].cells[0].value = Some(gouji::emit::Exact(issuer.into()));
            let start = std::time::Instant::now();
            corpus.add(&report, &library);
            adding += start.elapsed();
        }
    }
    let registry = Registry::read("r.csv", csv.as_bytes()).unwrap();
    let per_report = |time: std::time::Duration| time.as_micros() / corpus.len() as u128;
    for registry in [None, Some(&registry)] {
        let (start, mut count) = (std::time::Instant::now(), 0);
        corpus.check(registry, &library, &mut |_| count += 1);
        println!("{count} checks, {} µs a report", per_report(start.elapsed()));
    }
    println!(
        "{} reports: added in {} µs each, {} bytes each",
        corpus.len(),
        per_report(adding),
        corpus.bytes() / corpus.len()
    );
}
