//! Reading in a process of its own: a reader that crashes, hangs or eats memory takes only its worker with it.
//!
//! ```text
//! supervisor ── header line, bytes ──→ stdin of `gouji worker` ─→ gouji::extract
//!            ←─ mark, length, JSON ─── stdout
//! ```
//! A worker reads one input after the other, so that starting it costs little. It caps its own memory before it reads
//! anything, and ends itself when an input takes much longer than the supervisor waits: should the supervisor be
//! killed, no worker is left behind.

use crate::outcome::{Outcome, Packed};
use crate::run::on_reading_thread;
#[cfg(feature = "second-reading")]
use gouji::second;
use gouji::{Error, ErrorKind, Extraction, Lang, Library, Options, source};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Stands before a reply. A reader's library may print to stdout; nothing it prints holds this line.
const MARK: &[u8] = b"\n\x02gouji-reply\x03";
/// How long a worker may outlive the supervisor's patience before it ends itself.
const GRACE: Duration = Duration::from_secs(5);
/// Lines of a worker's stderr that are kept to tell how it died.
const LAST_WORDS: usize = 8;
/// Inputs after which a worker is replaced, so that what its libraries keep does not add up.
const SHIFT: u32 = 2_000;

/// Seconds that one input may take where nothing else was asked for: a page of a scan takes some.
pub(crate) const SECONDS: u64 = 240;
/// MiB of memory that one worker may use where nothing else was asked for.
pub(crate) const MEBIBYTES: u64 = 2048;

/// What a worker may cost, and the arguments it is started with.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// Wall time for one input.
    pub(crate) time: Duration,
    /// The program: this one.
    pub(crate) program: PathBuf,
    /// Its arguments: `worker`, the memory, limits, forms, language.
    pub(crate) arguments: Vec<OsString>,
    /// Whether numbers are read a second time.
    pub(crate) second_reading: bool,
}

/// One input for a worker; its bytes follow.
#[derive(Debug, Serialize, Deserialize)]
struct Job {
    bytes: usize,
    milliseconds: u64,
    again: Again,
}

/// Whether numbers are read a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Again {
    /// No.
    No,
    /// By another decoder.
    Yes,
    /// That was tried and the worker died: it is noted that it could not be done.
    GivenUp,
}

/// A worker process.
#[derive(Debug)]
pub(crate) struct Worker {
    terms: Terms,
    process: Option<Running>,
    read: u32,
}

#[derive(Debug)]
struct Running {
    child: Child,
    stdin: ChildStdin,
    replies: Receiver<io::Result<Vec<u8>>>,
    last_words: Arc<Mutex<VecDeque<String>>>,
}

impl Worker {
    /// A worker that starts with its first input.
    pub(crate) fn new(terms: Terms) -> Self {
        Self { terms, process: None, read: 0 }
    }

    /// Reads an input; its death is that input's failure, and the next input gets a new worker. When it dies over a
    /// second reading, the first one is made once more without.
    pub(crate) fn read(&mut self, bytes: &[u8], lang: Lang) -> gouji::Result<Packed> {
        if !self.terms.second_reading {
            return self.ask(bytes, Again::No, lang);
        }
        let packed = self.ask(bytes, Again::Yes, lang)?;
        if self.process.is_some() { Ok(packed) } else { self.ask(bytes, Again::GivenUp, lang) }
    }

    fn ask(&mut self, bytes: &[u8], again: Again, lang: Lang) -> gouji::Result<Packed> {
        if self.read >= SHIFT {
            self.process = None;
        }
        if self.process.is_none() {
            self.process = Some(
                Running::start(&self.terms)
                    .map_err(|error| ErrorKind::Internal { detail: format!("cannot start a worker: {error}") })?,
            );
            self.read = 0;
        }
        let Some(process) = &mut self.process else { return Err(lost().into()) };
        self.read += 1;
        let begun = Instant::now();
        let sent = process.send(bytes, again, self.terms.time);
        match sent.and_then(|()| process.reply(self.terms.time)) {
            Ok(Some(reply)) => Packed::from_bytes(&reply)
                .ok_or_else(|| ErrorKind::Internal { detail: "a worker's reply cannot be read".into() }.into()),
            late_or_gone => {
                let late = matches!(late_or_gone, Ok(None));
                let failure = self.process.take().map_or_else(lost, |process| process.died(late, &self.terms));
                let error = Error::from(failure);
                let format = source::sniff(bytes).ok().map(|format| format.name().to_owned());
                Packed::new(&Outcome::failed(&error, format, lang), begun.elapsed().as_secs_f64())
                    .map_err(|error| unpackable(&error))
            }
        }
    }
}

fn unpackable(error: &io::Error) -> Error {
    ErrorKind::Internal { detail: format!("a result cannot be packed: {error}") }.into()
}

fn lost() -> ErrorKind {
    ErrorKind::Internal { detail: "a worker was lost".into() }
}

impl Running {
    fn start(terms: &Terms) -> io::Result<Self> {
        let mut command = Command::new(&terms.program);
        command.args(&terms.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // In a group of its own: Ctrl-C is for the supervisor, which lets the files in hand be finished.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        let stderr = BufReader::new(child.stderr.take().ok_or_else(gone)?);
        let (send, replies) = channel();
        thread::spawn(move || while send.send(next_reply(&mut stdout)).is_ok_and(|()| !at_end(&mut stdout)) {});
        let last_words = Arc::new(Mutex::new(VecDeque::new()));
        let heard = Arc::clone(&last_words);
        thread::spawn(move || listen(stderr, &heard));
        Ok(Self { child, stdin, replies, last_words })
    }

    fn send(&mut self, bytes: &[u8], again: Again, time: Duration) -> io::Result<()> {
        let milliseconds = u64::try_from((time + GRACE).as_millis()).unwrap_or(u64::MAX);
        let mut header = serde_json::to_vec(&Job { bytes: bytes.len(), milliseconds, again })?;
        header.push(b'\n');
        self.stdin.write_all(&header)?;
        self.stdin.write_all(bytes)?;
        self.stdin.flush()
    }

    /// The reply; `None` when it is late.
    fn reply(&self, time: Duration) -> io::Result<Option<Vec<u8>>> {
        match self.replies.recv_timeout(time) {
            Ok(reply) => reply.map(Some),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Why the worker is no more.
    fn died(mut self, late: bool, terms: &Terms) -> ErrorKind {
        if late {
            let _ = self.child.kill();
            let _ = self.child.wait();
            return ErrorKind::Timeout { seconds: terms.time.as_secs() };
        }
        let status = self.child.wait();
        // Its stderr ends with it; the thread that listens has the rest in a moment.
        thread::sleep(Duration::from_millis(20));
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        if words.iter().any(|line| line.starts_with("memory allocation of")) {
            return ErrorKind::OutOfMemory;
        }
        let heard = words.iter().find(|line| line.contains("overflowed its stack")).or(words.back());
        let how = status.map_or_else(|error| error.to_string(), describe);
        ErrorKind::Crashed { detail: heard.map_or(how.clone(), |line| format!("{how}: {line}")) }
    }
}

impl Drop for Running {
    /// Ends the worker; one that waits for its next input ends by itself, another is stopped.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn describe(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("signal {signal}");
    }
    status.to_string()
}

/// Reads on to the next mark and gives what stands behind it.
fn next_reply(stdout: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut matched = 0;
    while matched < MARK.len() {
        let mut byte = [0];
        stdout.read_exact(&mut byte)?;
        let expected = MARK.get(matched..).and_then(<[u8]>::first);
        // The first byte of the mark stands nowhere else in it.
        matched = if Some(&byte[0]) == expected { matched + 1 } else { usize::from(Some(&byte[0]) == MARK.first()) };
    }
    let mut length = [0; 8];
    stdout.read_exact(&mut length)?;
    let mut reply = Vec::new();
    stdout.take(u64::from_le_bytes(length)).read_to_end(&mut reply)?;
    if reply.len() as u64 == u64::from_le_bytes(length) { Ok(reply) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn at_end(stdout: &mut impl BufRead) -> bool {
    stdout.fill_buf().map_or(true, <[u8]>::is_empty)
}

fn listen(stderr: impl BufRead, heard: &Mutex<VecDeque<String>>) {
    for line in stderr.split(b'\n').map_while(Result::ok) {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() == LAST_WORDS {
            heard.pop_front();
        }
        heard.push_back(String::from_utf8_lossy(line.get(..300).unwrap_or(&line)).trim().to_owned());
    }
}

/// What `gouji worker` does: reads inputs from stdin and replies on stdout until stdin ends.
pub(crate) fn serve(options: &Options, library: &Library, memory: u64, lang: Lang) -> io::Result<()> {
    cap_memory(memory)?;
    let deadline = Arc::new(Mutex::new(None));
    let watched = Arc::clone(&deadline);
    thread::spawn(move || watch(&watched));
    let mut stdin = BufReader::new(io::stdin().lock());
    loop {
        let mut header = Vec::new();
        if stdin.read_until(b'\n', &mut header)? == 0 {
            return Ok(());
        }
        let job: Job = serde_json::from_slice(&header)?;
        let mut bytes = vec![0; job.bytes];
        stdin.read_exact(&mut bytes)?;
        let begun = Instant::now();
        *deadline.lock().unwrap_or_else(PoisonError::into_inner) =
            begun.checked_add(Duration::from_millis(job.milliseconds));
        let read = on_reading_thread(|| {
            let mut extraction = gouji::extract(&bytes, "", options, library)?;
            read_again(&bytes, job.again, options, &mut extraction);
            Ok(extraction)
        });
        let outcome = match read {
            Ok(extraction) => Outcome::read(&extraction, lang),
            Err(error) => {
                let format = source::sniff(&bytes).ok().map(|format| format.name().to_owned());
                Outcome::failed(&error, format, lang)
            }
        };
        *deadline.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let reply = Packed::new(&outcome, begun.elapsed().as_secs_f64())?.to_bytes()?;
        let mut stdout = io::stdout().lock();
        stdout.write_all(MARK)?;
        stdout.write_all(&(reply.len() as u64).to_le_bytes())?;
        stdout.write_all(&reply)?;
        stdout.flush()?;
    }
}

/// Notes on every number what reading it again came to.
fn read_again(bytes: &[u8], again: Again, options: &Options, extraction: &mut Extraction) {
    #[cfg(feature = "second-reading")]
    match again {
        Again::No => {}
        Again::Yes => drop(second::read(bytes, options.password.as_deref(), &mut extraction.reports)),
        Again::GivenUp => drop(second::give_up(&mut extraction.reports)),
    }
    #[cfg(not(feature = "second-reading"))]
    let _ = (bytes, again, options, extraction);
}

/// Ends the process when its deadline is long past: whoever would have done so is gone.
fn watch(deadline: &Mutex<Option<Instant>>) {
    loop {
        thread::sleep(Duration::from_millis(500));
        let late = deadline.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|end| Instant::now() > end);
        if late {
            std::process::abort();
        }
    }
}

/// No allocation beyond this succeeds. Where the system knows no such cap, the caps of the readers are what there is.
fn cap_memory(bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)?;
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(reply: &[u8]) -> Vec<u8> {
        [MARK, &(reply.len() as u64).to_le_bytes(), reply].concat()
    }

    #[test]
    fn a_reply_is_found_behind_what_a_library_printed() {
        let mut stream = Vec::from(*b"Unhandled: \n\n\x02gouji-re\n");
        stream.extend(framed(b"one"));
        stream.extend(framed(b""));
        let mut stream = stream.as_slice();
        assert_eq!(next_reply(&mut stream).unwrap(), b"one");
        assert_eq!(next_reply(&mut stream).unwrap(), b"");
        assert!(next_reply(&mut stream).is_err());
    }

    /// What comes of an input whose worker is this shell script.
    #[cfg(unix)]
    fn died(script: &str, milliseconds: u64) -> String {
        let terms = Terms {
            time: Duration::from_millis(milliseconds),
            program: "sh".into(),
            arguments: vec!["-c".into(), script.into()],
            second_reading: false,
        };
        let packed = Worker::new(terms).read(b"some text", Lang::En).unwrap();
        assert_eq!(packed.brief.status, "failed");
        packed.brief.code.unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn the_death_of_a_worker_is_told_by_its_cause() {
        assert_eq!(died("sleep 60", 50), "timeout");
        assert_eq!(died("kill -9 $$", 20_000), "crashed");
        assert_eq!(died("exit 3", 20_000), "crashed");
        assert_eq!(died("echo memory allocation of 7 bytes failed >&2; kill -6 $$", 20_000), "out-of-memory");
    }

    #[test]
    fn a_reply_that_is_cut_off_is_none() {
        let stream = framed(b"whole");
        let cut = stream.get(..stream.len() - 1).unwrap();
        assert!(next_reply(&mut &*cut).is_err());
    }
}
