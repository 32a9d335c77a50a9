//! How well the tables of the ICDAR 2013 table competition are found, by the measure of its organisers:
//! `cargo bench --bench icdar -- FOLDER…`.
//!
//! The data set is public (<https://www.tamirhassan.com/html/dataset.html>): unpack it anywhere and name the folder, or
//! several; folders inside are looked into. Every `NAME.pdf` that has its truth `NAME-str.xml` beside it counts. Where a
//! document has two truths (`NAMEa-str.xml` and `NAMEb-str.xml`) the better one counts. Each document is read as by
//! `gouji tables`, without being told where its tables are; one that cannot be read counts as one without tables.
//!
//! Printed are, for each document, the tables and adjacency relations in the truth and found, and precision, recall and
//! F1; what was found as one table over several pages counts once on each. Then the means over the documents with the F1 of these means,
//! which is the figure of the competition; the same over all relations at once; and the time of one run each.
#![allow(clippy::panic, clippy::print_stdout, reason = "a benchmark stops at what is wrong and prints")]

mod measure;
mod truth;

use gouji::{Options, Selection};
use measure::{Score, by_page, f1};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let named: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).map(PathBuf::from).collect();
    if named.is_empty() {
        println!("accuracy on the ICDAR 2013 table competition: cargo bench --bench icdar -- FOLDER…");
        return;
    }
    let cases: Vec<Case> = named.iter().flat_map(|folder| files(folder)).filter_map(Case::of).collect();
    if cases.is_empty() {
        println!("no NAME.pdf with a NAME-str.xml beside it in these folders");
        return;
    }
    println!("{:12} {:-^13} {:-^23}", "", " tables ", " relations ");
    println!(
        "{:12} {:>6} {:>6} {:>9} {:>6} {:>6} {:>9} {:>7} {:>7}",
        "document", "true", "found", "true", "found", "right", "precision", "recall", "F1"
    );
    let mut outcomes = Vec::new();
    for case in &cases {
        let outcome = case.run();
        println!("{:<12} {}", case.name, outcome.line());
        outcomes.push(outcome);
    }
    summarise(&outcomes);
}

/// Every file below a folder, by path.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A document of the data set.
struct Case {
    name: String,
    pdf: PathBuf,
    /// One or two.
    truths: Vec<PathBuf>,
}

impl Case {
    /// The case of a PDF; none without truth, or where `NAMEb.pdf` repeats `NAMEa.pdf`.
    fn of(pdf: PathBuf) -> Option<Self> {
        let name = pdf.file_stem()?.to_str()?.to_owned();
        if pdf.extension()? != "pdf" || name.strip_suffix('b').is_some_and(|base| beside(&pdf, base, "a.pdf").is_some())
        {
            return None;
        }
        let base = name.strip_suffix('a').unwrap_or(&name);
        let second = ["a-str.xml", "b-str.xml"].into_iter().filter_map(|suffix| beside(&pdf, base, suffix));
        let mut truths: Vec<PathBuf> = beside(&pdf, &name, "-str.xml").into_iter().chain(second).collect();
        truths.dedup();
        (!truths.is_empty()).then_some(Self { name, pdf, truths })
    }

    /// Finds the tables and compares them with the truth they are nearest to, the later one of equals.
    fn run(&self) -> Outcome {
        let bytes = fs::read(&self.pdf).unwrap_or_else(|error| panic!("{}: {error}", self.pdf.display()));
        let begin = Instant::now();
        let result = gouji::tables(&bytes, &self.name, &Options::default(), &Selection::default());
        let time = begin.elapsed();
        let (pages, found, error) = match result {
            Ok(tables) => (tables.input.pages.unwrap_or(0), tables.grids.iter().flat_map(by_page).collect(), None),
            Err(error) => (0, Vec::new(), Some(error.to_string())),
        };
        let scores = self.truths.iter().map(|path| {
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let tables = truth::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (tables.len(), measure::score(&tables, &found))
        });
        let (tables, score) = scores.max_by(|(_, a), (_, b)| a.f1().total_cmp(&b.f1())).unwrap_or_default();
        Outcome { tables: (tables, found.len()), score, pages, time, error }
    }
}

/// The file `base` + `suffix` in the folder of a PDF, if it is there.
fn beside(pdf: &Path, base: &str, suffix: &str) -> Option<PathBuf> {
    Some(pdf.with_file_name(format!("{base}{suffix}"))).filter(|path| path.is_file())
}

/// What came of a document.
struct Outcome {
    /// In the truth, and found.
    tables: (usize, usize),
    score: Score,
    pages: u32,
    time: Duration,
    /// Why it could not be read.
    error: Option<String>,
}

impl Outcome {
    /// Its figures, in the order of the columns.
    fn line(&self) -> String {
        let Self { tables: (printed, detected), score: Score { truth, found, common }, .. } = self;
        let rates = rates(self.score.precision(), self.score.recall());
        let error = self.error.as_ref().map(|error| format!("  {error}")).unwrap_or_default();
        format!("{printed:>6} {detected:>6} {truth:>9} {found:>6} {common:>6} {rates}{error}")
    }
}

/// Precision, recall and their F1.
fn rates(precision: f64, recall: f64) -> String {
    format!("{precision:>9.4} {recall:>7.4} {:>7.4}", f1(precision, recall))
}

/// Prints the means, the sums and the time.
fn summarise(outcomes: &[Outcome]) {
    let documents = u32::try_from(outcomes.len()).unwrap_or(u32::MAX);
    let mean = |figure: fn(Score) -> f64| {
        outcomes.iter().map(|outcome| figure(outcome.score)).sum::<f64>() / f64::from(documents)
    };
    let mut all = Outcome { tables: (0, 0), score: Score::default(), pages: 0, time: Duration::ZERO, error: None };
    for outcome in outcomes {
        all.tables = (all.tables.0 + outcome.tables.0, all.tables.1 + outcome.tables.1);
        all.score += outcome.score;
        all.pages += outcome.pages;
        all.time += outcome.time;
    }
    println!("{:<12} {}", "all", all.line());
    println!("{:<12} {:>37} {}", "mean", "", rates(mean(Score::precision), mean(Score::recall)));
    let per_page = all.time.as_secs_f64() * 1000.0 / f64::from(all.pages.max(1));
    println!("\n{documents} documents, {} pages, {per_page:.2} ms a page", all.pages);
}
