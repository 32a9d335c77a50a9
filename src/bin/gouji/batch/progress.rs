//! How far a batch is: a line that renews itself on a terminal, a line now and then elsewhere, or JSON lines.

use crate::talk::Talk;
use gouji::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two lines where nobody watches.
const PLAIN: Duration = Duration::from_secs(10);

/// How it is shown.
enum Shown {
    Nothing,
    Bar(ProgressBar),
    Plain,
    Json,
}

/// Counts inputs and shows how far the batch is.
pub(super) struct Progress {
    talk: Talk,
    shown: Shown,
    total: u64,
    begun: Instant,
    counts: Mutex<(Instant, BTreeMap<String, u64>)>,
}

impl Progress {
    /// Of `total` inputs. `json` asks for a JSON object a line for each input.
    pub(super) fn new(talk: Talk, total: u64, terminal: bool, json: bool) -> Self {
        let shown = match (json, talk.quiet, terminal) {
            (true, ..) => Shown::Json,
            (_, true, _) => Shown::Nothing,
            (.., true) => Shown::Bar(bar(total, talk.lang)),
            _ => Shown::Plain,
        };
        let now = Instant::now();
        Self { talk, shown, total, begun: now, counts: Mutex::new((now, BTreeMap::new())) }
    }

    /// An input has ended.
    pub(super) fn done(&self, name: &str, status: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.1.entry(status.to_owned()).or_default() += 1;
        let done: u64 = counts.1.values().sum();
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.set_message(words(&counts.1));
                bar.set_position(done);
            }
            Shown::Json => {
                line(&json!({"event": "input", "done": done, "total": self.total, "input": name, "status": status}));
            }
            Shown::Plain => {
                if counts.0.elapsed() >= PLAIN {
                    counts.0 = Instant::now();
                    self.talk.note(&self.plain(done, &counts.1));
                }
            }
        }
    }

    /// `1512/3012  36/s  42 s left  complete 1377  partial 96`.
    fn plain(&self, done: u64, counts: &BTreeMap<String, u64>) -> String {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "counts of files are far below 2^52")]
        let rate = done as f64 / seconds;
        #[expect(clippy::cast_precision_loss, reason = "counts of files are far below 2^52")]
        let left = (self.total.saturating_sub(done)) as f64 / rate.max(0.001);
        let total = self.total;
        let counts = words(counts);
        match self.talk.lang {
            Lang::En => format!("{done}/{total}  {rate:.0}/s  {left:.0} s left  {counts}"),
            Lang::Zh => format!("{done}/{total}  {rate:.0} 份/秒  剩余 {left:.0} 秒  {counts}"),
        }
    }

    /// Takes the line off the terminal.
    pub(super) fn end(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    /// Tells JSON readers of something else that happened.
    pub(super) fn event(&self, event: &serde_json::Value) {
        if let Shown::Json = self.shown {
            line(event);
        }
    }
}

fn bar(total: u64, lang: Lang) -> ProgressBar {
    let template = match lang {
        Lang::En => "[{pos}/{len}] {per_sec}  {eta} left  {msg}",
        Lang::Zh => "[{pos}/{len}] {per_sec}  剩余 {eta}  {msg}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(4)).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}

fn words(counts: &BTreeMap<String, u64>) -> String {
    let words = counts.iter().map(|(status, count)| format!("{status} {count}"));
    words.collect::<Vec<String>>().join("  ")
}

/// A JSON line on stderr. If stderr is closed, there is nobody left to tell.
fn line(value: &serde_json::Value) {
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
