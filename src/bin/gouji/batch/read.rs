//! The reading of a batch: inputs in the order of their paths to worker processes, results into the state.
//!
//! One thread a worker takes the next input, hashes its bytes, and asks its worker only when no result of these bytes
//! is there yet. Nothing is kept in memory but the inputs in hand.

use super::inputs::{Input, Loader};
use super::progress::Progress;
use super::state::State;
use crate::outcome::Failure;
use crate::worker::{Terms, Worker};
use gouji::Lang;
use gouji::limits::Limits;
use gouji::pipeline::hex;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many inputs are looked up at a time.
const AHEAD: u32 = 64;

/// What the reading needs to know.
pub(super) struct Reading {
    /// How many workers.
    pub(super) jobs: usize,
    /// What each may cost.
    pub(super) terms: Terms,
    /// Caps on an input.
    pub(super) limits: Limits,
    /// Language of messages.
    pub(super) lang: Lang,
    /// Everything besides the bytes that a result depends on.
    pub(super) reader: String,
    /// Set when the run should end with the inputs in hand.
    pub(super) stop: Arc<AtomicBool>,
}

/// The state and the inputs that come next.
struct Queue<'a> {
    state: &'a mut State,
    ahead: VecDeque<Input>,
    last: Vec<u8>,
    /// Why the run cannot go on.
    broken: Option<rusqlite::Error>,
}

impl Reading {
    /// Reads all inputs, or those in hand once `stop` is set.
    pub(super) fn run(&self, state: &mut State, progress: &Progress) -> rusqlite::Result<()> {
        let queue = Mutex::new(Queue { state, ahead: VecDeque::new(), last: Vec::new(), broken: None });
        thread::scope(|scope| {
            for _ in 0..self.jobs {
                scope.spawn(|| self.work(&queue, progress));
            }
        });
        let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        match queue.broken {
            Some(error) => Err(error),
            None => queue.state.commit(),
        }
    }

    /// What one thread does.
    fn work(&self, queue: &Mutex<Queue<'_>>, progress: &Progress) {
        let mut loader = Loader::default();
        let mut worker = Worker::new(self.terms.clone());
        while !self.stop.load(Ordering::Relaxed) {
            let Some(input) = lock(queue).next() else { return };
            let result = self.read(&input, queue, &mut loader, &mut worker);
            match result {
                Ok(status) => progress.done(&input.name, &status),
                Err(error) => {
                    lock(queue).broken.get_or_insert(error);
                    return;
                }
            }
        }
    }

    /// Reads one input and notes what it came to; gives its status.
    fn read(
        &self,
        input: &Input,
        queue: &Mutex<Queue<'_>>,
        loader: &mut Loader,
        worker: &mut Worker,
    ) -> rusqlite::Result<String> {
        let failed = |error: &gouji::Error| -> rusqlite::Result<String> {
            lock(queue).state.fail(&input.path, &Failure::new(error, self.lang))?;
            Ok("failed".to_owned())
        };
        let bytes = match loader.load(&input.source, &self.limits) {
            Ok(bytes) => bytes,
            Err(error) => return failed(&error),
        };
        let sha256 = hex(&Sha256::digest(&bytes));
        let key = format!("{sha256}:{}", self.reader);
        let there = lock(queue).state.status(&key)?;
        if let Some(status) = there {
            lock(queue).state.settle(&input.path, &sha256, &key)?;
            return Ok(status);
        }
        match worker.read(&bytes, self.lang) {
            Ok(packed) => {
                let mut queue = lock(queue);
                queue.state.keep(&key, &packed)?;
                queue.state.settle(&input.path, &sha256, &key)?;
                Ok(packed.brief.status)
            }
            Err(error) => failed(&error),
        }
    }
}

impl Queue<'_> {
    fn next(&mut self) -> Option<Input> {
        if self.broken.is_some() {
            return None;
        }
        if self.ahead.is_empty() {
            match self.state.next(&self.last, AHEAD) {
                Ok(inputs) => self.ahead = inputs.into(),
                Err(error) => self.broken = Some(error),
            }
        }
        let input = self.ahead.pop_front()?;
        self.last.clone_from(&input.path);
        Some(input)
    }
}

fn lock<'q, 'a>(queue: &'q Mutex<Queue<'a>>) -> MutexGuard<'q, Queue<'a>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
