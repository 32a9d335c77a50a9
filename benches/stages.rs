//! How long each stage takes on the fixtures: `cargo bench`; on other files: `cargo bench -- FOLDER…`. Medians over
//! several runs, in microseconds.
//!
//! Plain and short on purpose: a table to compare before and after a change on the same quiet machine, no statistics.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at what is wrong and prints")]

use gouji::emit::{self, Report};
use gouji::finding::Findings;
use gouji::{InputInfo, Lang, Library, Options, ReportResult, bind, check, grid, settle, source};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Runs of each stage on each file.
const RUNS: usize = 21;

/// The stages, in the order of the columns.
const STAGES: [&str; 6] = ["source", "grid", "bind", "settle", "check", "emit"];

fn main() {
    let library = Library::builtin().unwrap();
    let row = |cells: &[String]| cells.iter().map(|cell| format!("{cell:>9}")).collect::<Vec<_>>().join(" ");
    println!("{}  µs, median of {RUNS}", row(&[STAGES.map(str::to_owned).as_slice(), &["all".into()]].concat()));
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let named: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).map(PathBuf::from).collect();
    let files: Vec<PathBuf> = if named.is_empty() {
        ["forms", "tables"].iter().flat_map(|f| inputs(&fixtures.join(f), true)).collect()
    } else {
        named.iter().flat_map(|f| inputs(f, false)).collect()
    };
    let mut total: Option<String> = None;
    let mut sum = [Duration::ZERO; STAGES.len()];
    for file in files {
        let bytes = fs::read(&file).unwrap();
        if source::read(&bytes, &Options::default(), &mut Findings::new()).is_err() {
            continue;
        }
        let runs: Vec<[Duration; STAGES.len()]> = (0..RUNS).map(|_| run(&bytes, &library)).collect();
        let medians = std::array::from_fn::<_, { STAGES.len() }, _>(|stage| {
            let mut times: Vec<Duration> = runs.iter().filter_map(|run| run.get(stage).copied()).collect();
            times.sort_unstable();
            times.get(RUNS / 2).copied().unwrap_or_default()
        });
        let shown = |times: &[Duration]| {
            let all = times.iter().sum::<Duration>();
            times.iter().chain([&all]).map(|time| time.as_micros().to_string()).collect::<Vec<String>>()
        };
        sum.iter_mut().zip(&medians).for_each(|(s, m)| *s += *m);
        let case = if named.is_empty() { file.parent().and_then(Path::file_name) } else { file.file_name() };
        println!("{}  {}", row(&shown(&medians)), case.unwrap_or_default().to_string_lossy());
        total = Some(row(&shown(&sum)));
    }
    println!("{}  all", total.unwrap_or_default());
}

/// The files of a folder, by path; only those called `input` where `fixtures`.
fn inputs(folder: &Path, fixtures: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(inputs(&path, fixtures));
        } else if !fixtures || path.file_stem().is_some_and(|stem| stem == "input") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// One run through all stages, timed apart.
fn run(bytes: &[u8], library: &Library) -> [Duration; STAGES.len()] {
    let mut findings = Findings::new();
    let mut watch = Watch(Instant::now());
    let document = source::read(bytes, &Options::default(), &mut findings).unwrap();
    let read = watch.lap();
    let blocks = grid::build(&document, &Options::default().limits, &mut findings);
    let gridded = watch.lap();
    let readings = bind::bind(&blocks, document.title.as_deref(), library);
    let bound = watch.lap();
    let settle = |reading| settle::settle(reading, library, &mut findings);
    let reports: Vec<settle::Report> = readings.reports.into_iter().map(settle).collect();
    let settled = watch.lap();
    let check = |report| {
        let checks = check::check(&report, library, &mut findings);
        ReportResult { report, checks, findings: findings.clone() }
    };
    let results: Vec<ReportResult> = reports.into_iter().map(check).collect();
    let checked = watch.lap();
    let size = bytes.len() as u64;
    let input =
        InputInfo { name: "bench".into(), sha256: String::new(), bytes: size, format: document.format, pages: None };
    for result in &results {
        black_box(emit::json::line(&Report::new(&input, result, Lang::En)).unwrap());
    }
    [read, gridded, bound, settled, checked, watch.lap()]
}

/// Times one lap after the other.
struct Watch(Instant);

impl Watch {
    /// The time since the last lap.
    fn lap(&mut self) -> Duration {
        let lap = self.0.elapsed();
        self.0 = Instant::now();
        lap
    }
}
