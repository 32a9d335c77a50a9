//! `gouji batch INPUT… --out DIR`: many inputs, a ledger that has a row for each, and a dataset.
//!
//! ```text
//! inputs ─→ state (SQLite) ─read→ worker processes ─→ state ─publish→ ledger.csv, *.parquet
//! ```
//! The run may be stopped at any moment; the next one goes on where it was, because results are kept by what was read
//! and what read it. Ledger and dataset are written at the end, whole.

mod corrections;
mod inputs;
mod ledger;
#[cfg(feature = "s3")]
mod object;
mod progress;
mod publish;
mod read;
mod state;

use crate::args::BatchArgs;
use crate::exit::Exit;
use crate::run::{Session, Stop};
use crate::settings;
use corrections::Corrections;
use gouji::dataset::Folder;
use gouji::pipeline::hex;
use gouji::{Lang, Library};
use progress::Progress;
use publish::{Publisher, Summary};
use read::Reading;
use serde_json::json;
use sha2::{Digest, Sha256};
use signal_hook::consts::{SIGINT, SIGTERM};
use state::State;
use std::fs::{self, File, TryLockError};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a person decided, in the output folder.
const CORRECTIONS: &str = "corrections.jsonl";

/// Runs a batch.
pub(crate) fn run(args: &BatchArgs, session: &mut Session) -> Result<(), Stop> {
    let folder = Place::open(&args.out)?;
    let library = settings::library(&args.forms)?;
    let file = args.corrections.clone().unwrap_or_else(|| folder.output.join(CORRECTIONS));
    let mut corrections = Corrections::open(&file)?;
    let stop = stop_flag()?;
    let lang = session.talk.lang;
    let mut state = State::open(&folder.own.join("state.sqlite"))?;
    if args.retry {
        state.forget_failures()?;
    }
    let total = u64::try_from(list(args, &folder, &mut state)?).unwrap_or_default();
    let progress = Progress::new(session.talk, total, io::stderr().is_terminal(), args.json_log);
    progress.event(&json!({"event": "begin", "inputs": total}));
    let reading = reading(args, &library, lang, &stop)?;
    let read = reading.run(&mut state, &progress);
    progress.end();
    read?;
    if stop.load(Ordering::Relaxed) {
        return Err(Stop::Interrupted);
    }
    let publisher = Publisher { state: &state, library: &library, lang, stop: &stop };
    let staging = folder.own.join("new");
    let summary = publisher.write(&staging, &mut corrections).inspect_err(|_| drop(fs::remove_dir_all(&staging)))?;
    folder.install(&staging)?;
    progress.event(&json!({"event": "end", "inputs": total, "failed": summary.count("failed")}));
    tell(&summary, total, &folder.output, session);
    for (line, why) in corrections.stale(lang) {
        session.talk.note(&format!("{}:{line}: {why}", file.display()));
    }
    session.exit.worsen(match (summary.count("failed"), summary.errors) {
        (0, false) => Exit::Fine,
        (0, true) => Exit::Findings,
        _ => Exit::Failed,
    });
    Ok(())
}

/// The output folder, held so that no second batch writes to it.
struct Place {
    output: PathBuf,
    own: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

impl Place {
    fn open(output: &Path) -> Result<Self, Stop> {
        let own = output.join(Folder::OWN);
        let taken = |name: &str| output.join(name).exists();
        if !own.exists() && (taken(publish::LEDGER) || taken("cells") || taken("reports.parquet")) {
            return Err(Stop::Misuse(
                format!("{} holds files that no batch wrote", output.display()),
                "give another folder with --out".into(),
            ));
        }
        fs::create_dir_all(&own).map_err(|error| unwritable(output, &error))?;
        let lock = File::options().write(true).create(true).truncate(false).open(own.join("lock"));
        let lock = lock.map_err(|error| unwritable(output, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Stop::Misuse(
                    format!("another batch writes to {}", output.display()),
                    "wait for it to end, or give another folder with --out".into(),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(unwritable(output, &error)),
        }
        let output = fs::canonicalize(output)?;
        Ok(Self { own: output.join(Folder::OWN), output, _lock: lock })
    }

    /// Puts what was written in its place. While that is going on, the mark of a whole dataset is gone.
    fn install(&self, staging: &Path) -> io::Result<()> {
        let mark = self.own.join(Folder::WHOLE);
        match fs::remove_file(&mark) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        publish::install(staging, &self.output)?;
        File::create(mark)?.sync_all()
    }
}

fn unwritable(output: &Path, error: &io::Error) -> Stop {
    Stop::Misuse(format!("cannot write {}: {error}", output.display()), "check the path and the permissions".into())
}

/// What is set by the first Ctrl-C or request to end; the second one ends the program at once.
fn stop_flag() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, Exit::Interrupted.code(), Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

fn list(args: &BatchArgs, folder: &Place, state: &mut State) -> rusqlite::Result<i64> {
    state.list(|take| {
        let mut finder = inputs::Finder { output: &folder.output, take };
        args.inputs.iter().try_for_each(|input| finder.argument(input))
    })
}

fn reading(args: &BatchArgs, library: &Library, lang: Lang, stop: &Arc<AtomicBool>) -> io::Result<Reading> {
    let options = settings::options(&args.reading);
    let (time, memory) = (Duration::from_secs(args.timeout), args.memory << 20);
    let terms = settings::terms(&args.reading, &args.forms, lang, args.second.wanted(), time, memory)?;
    let version = env!("CARGO_PKG_VERSION");
    // All that a result depends on; with the models, which never change, a picture is read that was not before.
    let said = format!("{version} {lang:?} {options:?} {} {:?}", args.second.wanted(), library.forms());
    Ok(Reading {
        jobs: args.jobs.map_or_else(cores, |jobs| usize::from(jobs.get())),
        terms,
        limits: options.limits,
        lang,
        reader: hex(&Sha256::digest(said)).chars().take(16).collect(),
        stop: Arc::clone(stop),
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// An entry of the state that cannot be read back.
fn unreadable(error: &io::Error) -> Stop {
    Stop::Output(io::Error::new(error.kind(), format!("a kept result cannot be read: {error}")))
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
            Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::PermissionDenied) => {
                io::ErrorKind::PermissionDenied
            }
            _ => io::ErrorKind::Other,
        };
        Self::Output(io::Error::new(kind, error))
    }
}

/// Problems first, then where everything is.
fn tell(summary: &Summary, total: u64, output: &Path, session: &Session) {
    let talk = session.talk;
    for status in ["failed", "partial", "not-a-report", "duplicate", "complete"] {
        for ((of, code), group) in &summary.groups {
            if of != status || code == ledger::READ {
                continue;
            }
            let more = group.count.saturating_sub(group.examples.len() as u64);
            let more = match (more, talk.lang) {
                (0, _) => String::new(),
                (more, Lang::En) => format!(", … {more} more"),
                (more, Lang::Zh) => format!("，… 另有 {more} 个"),
            };
            talk.note(&format!("{status} {} [{code}] {}{more}", group.count, group.examples.join(", ")));
            if !group.help.is_empty() && (status == "failed" || status == "partial") {
                talk.note(&format!("  help: {}", group.help));
            }
        }
    }
    let counts = ["failed", "partial", "not-a-report", "duplicate", "complete"]
        .map(|status| format!("{status} {}", summary.count(status)));
    let ledger = output.join(publish::LEDGER);
    talk.note(&match talk.lang {
        Lang::En => format!("{total} inputs: {}; every input has a row in {}", counts.join(", "), ledger.display()),
        Lang::Zh => format!("{total} 个输入：{}；每个输入在 {} 中有一行", counts.join("、"), ledger.display()),
    });
    talk.note(&match talk.lang {
        Lang::En => format!(
            "look: gouji summary {0} -o summary.html; pass on: gouji export {0} --to csv --out FOLDER",
            output.display()
        ),
        Lang::Zh => format!(
            "查看：gouji summary {0} -o summary.html；导出：gouji export {0} --to csv --out 文件夹",
            output.display()
        ),
    });
}
