//! Does what was asked. Every input is read on a thread of its own, so that neither a panic nor a deep recursion in one
//! of them ends the run; findings go to stderr, data to the output, and the worst input decides the exit code.

use crate::args::{Args, Command, FormDirs, Reading, ReportFormat, SecondReading, TablesFormat};
use crate::exit::Exit;
use crate::output::Output;
use crate::settings::{self, Settings};
use crate::talk::{Paint, Talk};
#[cfg(feature = "second-reading")]
use crate::worker::{self, Worker};
use crate::{corpus, forms, human, inspect};
use clap::CommandFactory as _;
#[cfg(feature = "second-reading")]
use gouji::Lang;
use gouji::check::Verdict;
use gouji::corpus::wire::CorpusReport;
use gouji::emit::{self, Report, TablesReport};
use gouji::finding::{Finding, Severity};
use gouji::limits::Limits;
use gouji::{Error, ErrorKind, Extraction, Library, Options, ReportResult, Selection};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
#[cfg(feature = "second-reading")]
use std::time::Duration;

/// Name of the threads that inputs are read on.
pub(crate) const READING_THREAD: &str = "reading";

/// Room for readers that recurse; pages of memory are only taken when touched.
const READING_STACK: usize = 64 << 20;

/// Why a command ends early.
pub(crate) enum Stop {
    /// An error, told in the usual form.
    Error(Error),
    /// A mistake in the call: what, and what to do.
    Misuse(String, String),
    /// The output could not be written.
    Output(io::Error),
    /// The user stopped it.
    #[cfg(feature = "batch")]
    Interrupted,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What every command works with.
pub(crate) struct Session {
    /// Where data goes.
    pub(crate) out: Output,
    /// What goes to stderr.
    pub(crate) talk: Talk,
    /// Colours of what people read on stdout.
    pub(crate) paint: Paint,
    /// How it went so far.
    pub(crate) exit: Exit,
}

/// Runs the command and says how it went.
pub(crate) fn run(args: Args) -> Exit {
    let settings = Settings::new(args.common);
    let talk = Talk { lang: settings.lang, quiet: settings.quiet, paint: Paint(settings.color_err) };
    let target = match (&args.command, &settings.output) {
        #[cfg(feature = "batch")]
        (Command::Batch(batch), _) => batch.out.to_string_lossy().into_owned(),
        #[cfg(feature = "batch")]
        (Command::Export(export), _) => export.out.to_string_lossy().into_owned(),
        (_, Some(file)) => file.to_string_lossy().into_owned(),
        _ => "stdout".to_owned(),
    };
    let work = || -> Result<Exit, Stop> {
        refuse_to_overwrite(&args.command, settings.output.as_deref())?;
        let out = Output::open(settings.output.as_deref())?;
        let mut session = Session { out, talk, paint: Paint(settings.color_out), exit: Exit::Fine };
        dispatch(args.command, &mut session)?;
        Ok(session.exit)
    };
    match work() {
        Ok(exit) => exit,
        // Whoever reads has seen enough.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(Stop::Output(error)) => {
            talk.misuse(
                &format!("cannot write {target}: {error}"),
                "check the path, the permissions and the space left",
            );
            Exit::Failed
        }
        Err(Stop::Error(error)) => {
            talk.error(&error);
            Exit::Failed
        }
        Err(Stop::Misuse(what, help)) => {
            talk.misuse(&what, &help);
            Exit::Failed
        }
        #[cfg(feature = "batch")]
        Err(Stop::Interrupted) => {
            talk.note("stopped; run again, it goes on where it was");
            Exit::Interrupted
        }
    }
}

fn dispatch(command: Command, session: &mut Session) -> Result<(), Stop> {
    match command {
        Command::Extract { files, format, reading, forms, second } => {
            extract(&files, format, &How { reading, forms, second }, session)
        }
        Command::Check { files, across, reading, forms, second } => {
            let how = How { reading, forms, second };
            if across.corpus { corpus::run(&files, &across, &how, session) } else { check(&files, &how, session) }
        }
        #[cfg(feature = "batch")]
        Command::Batch(args) => crate::batch::run(&args, session),
        #[cfg(feature = "batch")]
        Command::Worker { memory, reading, forms } => {
            let library = settings::library(&forms)?;
            Ok(crate::worker::serve(&settings::options(&reading), &library, memory, session.talk.lang)?)
        }
        Command::Tables { file, format, pages, region, reading } => {
            tables(&file, format, &Selection { pages, region }, &reading, session)
        }
        #[cfg(feature = "batch")]
        Command::Export(args) => crate::export::run(&args),
        #[cfg(feature = "batch")]
        Command::Summary { dataset } => crate::summary::run(&dataset, session),
        Command::Inspect { file, page, svg, reading, forms } => look(&file, page, svg, &reading, &forms, session),
        Command::Forms { action } => forms::run(&action, session),
        #[cfg(feature = "ocr")]
        Command::Models { action } => crate::models::run(&action, session),
        Command::Explain { code } => explain(code.as_deref(), session),
        Command::Schema { tables, corpus } => {
            let schema = match (tables, corpus) {
                (true, _) => emit::json::schema::<TablesReport>(),
                (_, true) => emit::json::schema::<CorpusReport>(),
                _ => emit::json::schema::<Report>(),
            };
            finish(session, &(schema.map_err(io::Error::from)? + "\n"))
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "gouji", &mut text);
            finish(session, &String::from_utf8_lossy(&text))
        }
        Command::Man { name } => manual(name.as_deref(), session),
    }
}

/// Writes the last piece of data and ends it.
pub(crate) fn finish(session: &mut Session, text: &str) -> Result<(), Stop> {
    session.out.write(text)?;
    session.out.finish().map_err(Stop::Output)
}

/// An output that is one of the inputs would destroy a document.
fn refuse_to_overwrite(command: &Command, output: Option<&Path>) -> Result<(), Stop> {
    let files: Vec<&PathBuf> = match command {
        Command::Extract { files, .. } => files.iter().collect(),
        Command::Check { files, across, .. } => files.iter().chain(&across.registry).collect(),
        Command::Tables { file, .. } | Command::Inspect { file, .. } => vec![file],
        _ => Vec::new(),
    };
    let Some(output) = output.and_then(|path| fs::canonicalize(path).ok()) else { return Ok(()) };
    match files.iter().find(|file| fs::canonicalize(file).is_ok_and(|file| file == output && file.is_file())) {
        Some(file) => Err(Stop::Misuse(
            format!("{} is both read and written", file.display()),
            "give another file with -o".into(),
        )),
        None => Ok(()),
    }
}

fn extract(files: &[PathBuf], format: ReportFormat, how: &How, session: &mut Session) -> Result<(), Stop> {
    let library = settings::library(&how.forms)?;
    let mut reports = Reports { format, array: files.len() > 1, held: None, count: 0 };
    let failed = each(files, how, &library, session, |extraction, session| {
        session.talk.findings(&extraction.input.name, distinct(extraction));
        for result in &extraction.reports {
            session.exit.worsen(verdict(result));
            reports.add(extraction, result, &library, session)?;
        }
        session.out.flush()
    })?;
    reports.end(session)?;
    if files.len() > 1 {
        let read = files.len() - failed;
        session.talk.note(&format!(
            "{} inputs: {read} read with {} reports, {failed} failed",
            files.len(),
            reports.count
        ));
    }
    // With nothing to write, a file that is already there is left alone.
    if reports.count > 0 { session.out.finish().map_err(Stop::Output) } else { Ok(()) }
}

fn check(files: &[PathBuf], how: &How, session: &mut Session) -> Result<(), Stop> {
    let library = settings::library(&how.forms)?;
    let mut read = 0_usize;
    each(files, how, &library, session, |extraction, session| {
        for result in &extraction.reports {
            session.exit.worsen(verdict(result));
            let gap = if read > 0 { "\n" } else { "" };
            let text = human::check(&extraction.input, result, &library, session.paint, session.talk.lang);
            session.out.write(&format!("{gap}{text}"))?;
            read += 1;
        }
        session.out.flush()
    })?;
    if read > 0 { session.out.finish().map_err(Stop::Output) } else { Ok(()) }
}

/// How reports are read.
pub(crate) struct How {
    pub(crate) reading: Reading,
    pub(crate) forms: FormDirs,
    #[cfg_attr(not(feature = "second-reading"), expect(dead_code, reason = "nothing to ask for"))]
    second: SecondReading,
}

#[cfg(feature = "second-reading")]
impl How {
    /// The worker for second readings, where they are wanted.
    fn worker(&self, lang: Lang) -> Result<Option<Worker>, Stop> {
        if !self.second.wanted() {
            return Ok(None);
        }
        let (time, memory) = (Duration::from_secs(worker::SECONDS), worker::MEBIBYTES << 20);
        Ok(Some(Worker::new(settings::terms(&self.reading, &self.forms, lang, true, time, memory)?)))
    }
}

/// Extracts file after file and hands on each that could be read; returns how many could not.
pub(crate) fn each(
    files: &[PathBuf],
    how: &How,
    library: &Library,
    session: &mut Session,
    mut take: impl FnMut(&Extraction, &mut Session) -> io::Result<()>,
) -> Result<usize, Stop> {
    let options = settings::options(&how.reading);
    #[cfg(feature = "second-reading")]
    let mut worker = how.worker(session.talk.lang)?;
    let mut failed = 0;
    for file in files {
        let read = |bytes: &[u8], name: &str| {
            #[cfg_attr(not(feature = "second-reading"), expect(unused_mut, reason = "noted on by the second reading"))]
            let mut extraction = gouji::extract(bytes, name, &options, library)?;
            #[cfg(feature = "second-reading")]
            if let Some(worker) = &mut worker {
                crate::again::read_again(bytes, worker, &mut extraction);
            }
            Ok(extraction)
        };
        match on_thread(file, &options, read) {
            Ok(extraction) => {
                take(&extraction, session)?;
            }
            Err(error) => {
                failed += 1;
                session.exit.worsen(Exit::Failed);
                session.talk.error(&error);
            }
        }
    }
    Ok(failed)
}

/// What a report means for the exit code.
fn verdict(result: &ReportResult) -> Exit {
    let wrong = result.findings.iter().any(|finding| finding.severity == Severity::Error)
        || result.checks.iter().any(|check| check.verdict == Verdict::Fail && !check.soft);
    if wrong { Exit::Findings } else { Exit::Fine }
}

/// The findings of all reports; those about the whole document stand in each report but are told once.
fn distinct(extraction: &Extraction) -> Vec<&Finding> {
    let mut told: Vec<&Finding> = Vec::new();
    for (number, result) in extraction.reports.iter().enumerate() {
        let news: Vec<&Finding> =
            result.findings.iter().filter(|finding| number == 0 || !told.contains(finding)).collect();
        told.extend(news);
    }
    told
}

/// Writes reports one by one in the chosen format.
struct Reports {
    format: ReportFormat,
    /// Whether JSON is an array whatever the number of reports.
    array: bool,
    /// The first JSON report, until it is known whether there is a second.
    held: Option<String>,
    count: usize,
}

impl Reports {
    fn add(
        &mut self,
        extraction: &Extraction,
        result: &ReportResult,
        library: &Library,
        session: &mut Session,
    ) -> io::Result<()> {
        let lang = session.talk.lang;
        let report = || Report::new(&extraction.input, result, lang);
        self.count += 1;
        let first = self.count == 1;
        let text = match self.format {
            ReportFormat::Json => return self.add_json(&emit::json::pretty(&report())?, &mut session.out),
            ReportFormat::Jsonl => emit::json::line(&report())? + "\n",
            ReportFormat::Csv if first => emit::csv::report_header() + &emit::csv::report(&report()),
            ReportFormat::Csv => emit::csv::report(&report()),
            ReportFormat::Md => {
                let gap = if first { "" } else { "\n" };
                format!("{gap}{}", emit::markdown::report(&extraction.input, result, library, lang))
            }
        };
        session.out.write(&text)
    }

    fn add_json(&mut self, report: &str, out: &mut Output) -> io::Result<()> {
        match (self.count, self.array) {
            (1, false) => {
                self.held = Some(report.to_owned());
                return Ok(());
            }
            (1, true) => out.write("[\n")?,
            (_, array) => {
                if let Some(first) = self.held.take().filter(|_| !array) {
                    out.write(&format!("[\n{first}"))?;
                    self.array = true;
                }
                out.write(",\n")?;
            }
        }
        out.write(report)
    }

    /// Closes what is open.
    fn end(&mut self, session: &mut Session) -> io::Result<()> {
        if self.format == ReportFormat::Json && self.count > 0 {
            match self.held.take() {
                Some(only) => session.out.write(&format!("{only}\n"))?,
                None => session.out.write("\n]\n")?,
            }
        }
        session.out.flush()
    }
}

fn tables(
    file: &Path,
    format: TablesFormat,
    selection: &Selection,
    reading: &Reading,
    session: &mut Session,
) -> Result<(), Stop> {
    let options = settings::options(reading);
    let tables = on_thread(file, &options, |bytes, name| gouji::tables(bytes, name, &options, selection))?;
    session.talk.findings(&tables.input.name, &tables.findings);
    if tables.findings.iter().any(|finding| finding.severity == Severity::Error) {
        session.exit.worsen(Exit::Findings);
    }
    if tables.grids.is_empty() {
        session.talk.note(&format!("{}: no table was found", tables.input.name));
    }
    let report = TablesReport::new(&tables, session.talk.lang);
    let text = match format {
        TablesFormat::Json => emit::json::pretty(&report).map_err(io::Error::from)? + "\n",
        TablesFormat::Csv => emit::csv::tables(&report),
        TablesFormat::Html => emit::tables_text::html(&report),
        TablesFormat::Md => emit::tables_text::markdown(&report),
    };
    finish(session, &text)
}

fn look(
    file: &Path,
    page: Option<u32>,
    svg: bool,
    reading: &Reading,
    dirs: &FormDirs,
    session: &mut Session,
) -> Result<(), Stop> {
    let library = settings::library(dirs)?;
    let options = settings::options(reading);
    let selection = Selection { pages: page.map(|page| page..=page).into_iter().collect(), region: None };
    let seen = on_thread(file, &options, |bytes, name| gouji::inspect(bytes, name, &options, &selection, &library))?;
    session.talk.findings(&seen.input.name, &seen.findings);
    let text = if svg {
        inspect::svg(&seen)
            .ok_or_else(|| ErrorKind::NoPages { format: seen.input.format.name() }.at(seen.input.name.clone()))?
    } else {
        inspect::words(&seen)
    };
    finish(session, &text)
}

fn explain(code: Option<&str>, session: &mut Session) -> Result<(), Stop> {
    let lang = session.talk.lang;
    let text = match code {
        None => {
            let lines = emit::explain::codes(lang).into_iter();
            lines.fold(String::new(), |text, (code, kind, says)| text + code + "\t" + &kind + "\t" + says + "\n")
        }
        Some(code) => emit::explain::explain(code, lang).ok_or_else(|| {
            Stop::Misuse(format!("there is no code `{code}`"), "`gouji explain` without a code lists them all".into())
        })?,
    };
    finish(session, &text)
}

fn manual(name: Option<&str>, session: &mut Session) -> Result<(), Stop> {
    let mut command = Args::command();
    command.build();
    let page = match name {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            Stop::Misuse(format!("there is no command `{name}`"), "`gouji --help` lists them all".into())
        })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    finish(session, &String::from_utf8_lossy(&text))
}

/// Reads the input and works on it, on a thread of its own; a panic becomes an `internal` error.
fn on_thread<T: Send>(
    file: &Path,
    options: &Options,
    work: impl FnOnce(&[u8], &str) -> gouji::Result<T> + Send,
) -> gouji::Result<T> {
    let name = file.to_string_lossy();
    let bytes = read_bytes(file, &options.limits).map_err(|error| error.at(name.clone()))?;
    on_reading_thread(|| work(&bytes, &name)).map_err(|error| error.at(name))
}

/// Works on a thread with room for readers that recurse; a panic becomes an `internal` error.
pub(crate) fn on_reading_thread<T: Send>(work: impl FnOnce() -> gouji::Result<T> + Send) -> gouji::Result<T> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name(READING_THREAD.into()).stack_size(READING_STACK);
        let reading = builder.spawn_scoped(scope, work).map_err(ErrorKind::Io)?;
        reading.join().unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(ErrorKind::Internal { detail: words.unwrap_or_else(|| "unknown".into()) }.into())
        })
    })
}

/// The bytes of a file or of stdin, up to the limit.
pub(crate) fn read_bytes(file: &Path, limits: &Limits) -> gouji::Result<Vec<u8>> {
    if file == Path::new("-") {
        return capped(io::stdin().lock(), None, limits);
    }
    let file = File::open(file).map_err(ErrorKind::Io)?;
    let length = file.metadata().map_err(ErrorKind::Io)?.len();
    capped(file, Some(length), limits)
}

/// All bytes of a stream, up to the limit; before a byte is read, a length that is too large already is refused.
pub(crate) fn capped(stream: impl Read, length: Option<u64>, limits: &Limits) -> gouji::Result<Vec<u8>> {
    let cap = limits.input_bytes;
    Limits::check("input-bytes", length.unwrap_or_default(), cap)?;
    let mut bytes = Vec::new();
    stream.take(cap.saturating_add(1)).read_to_end(&mut bytes).map_err(ErrorKind::Io)?;
    Limits::check("input-bytes", bytes.len() as u64, cap)?;
    Ok(bytes)
}
