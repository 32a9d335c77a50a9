//! `gouji check --corpus`: reports are read, compared with each other, and what came out is written as text for people,
//! as one JSON object, or as a check a line.

use crate::args::{Across, CorpusFormat, Reading};
use crate::exit::Exit;
use crate::run::{How, Session, Stop, each, finish, read_bytes};
use crate::settings;
use crate::talk::clean;
#[cfg(feature = "batch")]
use gouji::ErrorKind;
use gouji::check::Mode;
use gouji::corpus::wire::{Check, CorpusReport, Tally};
use gouji::corpus::{Corpus, CorpusCheck, Registry, Relation, State};
#[cfg(feature = "batch")]
use gouji::dataset::{Failure, Folder, Reports};
use gouji::emit::{self, Labels, Report};
use gouji::{Lang, Library};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Reads the files and compares their reports.
pub(crate) fn run(files: &[PathBuf], across: &Across, how: &How, session: &mut Session) -> Result<(), Stop> {
    let library = settings::library(&how.forms)?;
    let registry = across.registry.as_deref().map(|file| registry(file, &how.reading)).transpose()?;
    let mut corpus = Corpus::new();
    let lang = session.talk.lang;
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = files.iter().cloned().partition(|path| path.is_dir());
    for folder in folders {
        gather(&folder, &mut corpus, &library)?;
    }
    each(&files, how, &library, session, |extraction, _| {
        for result in &extraction.reports {
            corpus.add(&Report::new(&extraction.input, result, lang), &library);
        }
        Ok(())
    })?;
    if corpus.is_empty() {
        return Ok(());
    }
    match across.format {
        CorpusFormat::Jsonl => lines(&corpus, registry.as_ref(), &library, session),
        CorpusFormat::Json => object(&corpus, registry.as_ref(), &library, session),
        CorpusFormat::Text => text(&corpus, registry.as_ref(), &library, session),
    }
}

/// Adds the reports of a folder that a batch wrote.
#[cfg(feature = "batch")]
fn gather(folder: &Path, corpus: &mut Corpus, library: &Library) -> Result<(), Stop> {
    let dataset = Folder::new(folder);
    if !dataset.is_dataset() {
        return Err(Stop::Misuse(
            format!("{} holds no whole dataset", folder.display()),
            "make one with gouji batch, which goes on where it was stopped, or give the files themselves".into(),
        ));
    }
    let lost = |failure: Failure| ErrorKind::Io(io::Error::other(failure)).at(folder.to_string_lossy());
    for report in Reports::open(&dataset).map_err(lost)? {
        corpus.add(&report.map_err(lost)?, library);
    }
    Ok(())
}

#[cfg(not(feature = "batch"))]
fn gather(folder: &Path, _: &mut Corpus, _: &Library) -> Result<(), Stop> {
    let help = "give the files themselves".into();
    Err(Stop::Misuse(format!("{} is a folder, and this program was built without batch", folder.display()), help))
}

fn registry(file: &Path, reading: &Reading) -> gouji::Result<Registry> {
    let name = file.to_string_lossy();
    let bytes = read_bytes(file, &settings::options(reading).limits).map_err(|error| error.at(name.clone()))?;
    Registry::read(&name, &bytes)
}

fn judge(check: &CorpusCheck, session: &mut Session) {
    if check.is_problem() {
        session.exit.worsen(Exit::Findings);
    }
}

fn lines(corpus: &Corpus, registry: Option<&Registry>, library: &Library, session: &mut Session) -> Result<(), Stop> {
    let mut written = Ok(());
    corpus.check(registry, library, &mut |check| {
        judge(&check, session);
        if written.is_ok() {
            let line = emit::json::line(&Check::new(check, session.talk.lang)).map_err(io::Error::from);
            written = line.and_then(|line| session.out.write(&(line + "\n")));
        }
    });
    written?;
    finish(session, "")
}

fn object(corpus: &Corpus, registry: Option<&Registry>, library: &Library, session: &mut Session) -> Result<(), Stop> {
    let (mut tally, mut checks) = (Tally::default(), Vec::new());
    corpus.check(registry, library, &mut |check| {
        judge(&check, session);
        tally.count(&check);
        checks.push(Check::new(check, session.talk.lang));
    });
    let report = CorpusReport::new(corpus.len(), &tally, checks);
    let text = emit::json::pretty(&report).map_err(io::Error::from)? + "\n";
    finish(session, &text)
}

/// Problems first, then what is explained or only worth knowing, then the counts.
fn text(corpus: &Corpus, registry: Option<&Registry>, library: &Library, session: &mut Session) -> Result<(), Stop> {
    let mut tally = Tally::default();
    let mut told: Vec<CorpusCheck> = Vec::new();
    corpus.check(registry, library, &mut |check| {
        judge(&check, session);
        tally.count(&check);
        if check.code.is_some() {
            told.push(check);
        }
    });
    told.sort_by_key(|check| (!check.is_problem(), std::cmp::Reverse(check.severity), check.state));
    let view = View { labels: Labels::new(library), lang: session.talk.lang };
    let mut out = String::new();
    for check in &told {
        let tag = check.code.map(|code| session.paint.tag(check.severity, code.name())).unwrap_or_default();
        out.push_str(&view.told(check, &tag));
    }
    if !told.is_empty() {
        out.push('\n');
    }
    out.push_str(&view.sums(corpus.len(), &tally));
    finish(session, &out)
}

/// How to show things to people.
struct View<'a> {
    labels: Labels<'a>,
    lang: Lang,
}

impl View<'_> {
    /// One thing that a person should know, with the sentence that it rests on.
    fn told(&self, check: &CorpusCheck, tag: &str) -> String {
        let who = check.issuer.as_deref().unwrap_or("–");
        let year = check.year.map_or_else(|| "–".into(), |year| year.to_string());
        let message = check.message.get(self.lang);
        let mode = match check.mode {
            Mode::Strict => "",
            Mode::BlankAsZero => self.say(" (blanks as 0)", "（空格计为 0）"),
        };
        let label = self.label(check).map(|label| format!("  [{}]", clean(&label))).unwrap_or_default();
        let mut out = format!("{} {year}: {tag} {}{mode}{label}\n", clean(who), clean(message));
        for evidence in &check.evidence {
            let said = self.say("says", "写明");
            let _ = writeln!(out, "    {} {said}: {}", clean(&evidence.report), clean(&evidence.sentence));
        }
        out
    }

    /// What a tie between single cells is about, in the form's words.
    fn label(&self, check: &CorpusCheck) -> Option<String> {
        let [only] = check.right_cells.as_slice() else { return None };
        let mut parts = only.cell.split('/');
        let (table, row, column) = (parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{} · {}", self.labels.row("", table, row), self.labels.column("", table, column)))
    }

    /// How the checks of each rule came out, and why some could not be made.
    fn sums(&self, reports: usize, tally: &Tally) -> String {
        let mut rules = BTreeMap::<String, Vec<String>>::new();
        for line in tally.lines() {
            let state = self.state(line.state, line.count == 1);
            let reason = line.reason.map(|reason| match self.lang {
                Lang::En => format!(" ({})", reason.text().en),
                Lang::Zh => format!("（{}）", reason.text().zh),
            });
            let blank = match line.mode {
                emit::Mode::Strict => "",
                emit::Mode::BlankAsZero => self.say(" if blanks are 0", "（空格计为 0）"),
            };
            let relation = line.relation.map_or("", |relation| self.relation(relation));
            let counted = format!("{} {state}{relation}{blank}{}", line.count, reason.unwrap_or_default());
            rules.entry(line.rule).or_default().push(counted);
        }
        let comma = self.say(", ", "，");
        let head = match (reports, self.lang) {
            (1, Lang::En) => "report compared",
            (_, Lang::En) => "reports compared",
            (_, Lang::Zh) => "份报告已比较",
        };
        rules.into_iter().fold(format!("{reports} {head}\n"), |out, (rule, counts)| {
            format!("{out}  {rule}: {}\n", counts.join(comma))
        })
    }

    fn state(&self, state: State, one: bool) -> &'static str {
        match (state, one) {
            (State::Holds, true) => self.say("holds", "项成立"),
            (State::Holds, false) => self.say("hold", "项成立"),
            (State::Differs, true) => self.say("differs", "项不一致"),
            (State::Differs, false) => self.say("differ", "项不一致"),
            (State::Explained, true) => self.say("differs with an explanation", "项不一致但有说明"),
            (State::Explained, false) => self.say("differ with an explanation", "项不一致但有说明"),
            (State::Noted, _) => self.say("noted", "项提示"),
            (State::NotChecked, _) => self.say("not checked", "项无法核对"),
        }
    }

    fn relation(&self, relation: Relation) -> &'static str {
        match relation {
            Relation::Equal => self.say(" as the sum", "（等于合计）"),
            Relation::AtLeast => self.say(" as at least the sum", "（不小于合计）"),
            Relation::Above => self.say(" above the sum", "（大于合计）"),
            Relation::Below => self.say(" below the sum", "（小于合计）"),
        }
    }

    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}
